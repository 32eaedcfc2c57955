# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts: their numbers as a screen reader hears them, a bar that filters the list, the table, the pictures."""
import os
import shutil

from person import click, focus, key, picture_of_screen, wait_for
from scanning import ScanCase

REFUSED, NOT_FOUND = "Failed – Connection Refused", "Failed – Machine not found"


class Charts(ScanCase):
    def test_numbers_filter_table_and_pictures(self):
        server = self.start_name_server("gone.example=nxdomain")
        self.scan("127.20.1.0/29\n127.20.2.0/28\ngone.example", name="Two subnets", server=server)
        self.wait_until_done(21)
        key("ctrl+g")
        self.charts = self.app.window("Charts")
        self.charts.find("list item", f"127.20.2.0/24: 14 computers. {REFUSED} 14 (100 %)")
        self.charts.find("list item", f"No address: 1 computer. {NOT_FOUND} 1 (100 %)")
        self.charts.find("list item", f"Connect to port 135: 20 computers. {REFUSED} 20 (100 %)")
        self.charts.find("list item", f"All computers: 21 computers. {NOT_FOUND} 1 (4.8 %), {REFUSED} 20 (95.2 %)")
        self.take_picture("charts")
        self.save("By Subnet", "subnets.svg")
        self.save("By Status", "status.png")
        self.read_the_table()
        self.filter_by_bar()

    def take_picture(self, name):
        folder = os.environ.get("ROLL_TEST_SHOTS")
        if folder:
            picture_of_screen(f"{folder}/{name}.png")

    def save(self, chart, file_name):
        path = self.home / file_name
        self.charts.find("push button", f"{chart}: Save as Picture…").press()
        chooser = self.app.window("Save Chart")
        chooser.find("text", "Name:").set_text(str(path))
        chooser.find("push button", "Save").press()
        wait_for(path.exists, f"{file_name} to be written")
        head = path.read_bytes()[:5]
        self.assertEqual(head, b"\x89PNG\r" if file_name.endswith("png") else b"<?xml")
        if os.environ.get("ROLL_TEST_SHOTS"):
            shutil.copy(path, os.environ["ROLL_TEST_SHOTS"])

    def read_the_table(self):
        self.charts.find("push button", "By Subnet: Show as Table").press()
        table = self.app.window("By Subnet")
        table.find("label", "127.20.1.0/24")
        table.find("label", "3 rows")
        key("Escape")
        wait_for(lambda: not any("By Subnet" in title for title in self.app.windows()), "the table to go")

    def filter_by_bar(self):
        focus("Charts")
        click(self.charts.find("list item", "127.20.2.0/24: "))
        self.window.find("label", "14 of 21")
