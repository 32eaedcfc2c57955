# SPDX-License-Identifier: GPL-3.0-or-later
"""The story of a census: begun, seen to its end, read by status and by computer, and taken home as a file."""
import csv
import io
import socket

from person import click, key, wait_for, write
from scanning import ScanCase

REFUSED, NOT_FOUND = "Failed – Connection Refused", "Failed – Machine not found"


class Census(ScanCase):
    def test_from_new_scan_to_the_file(self):
        server = self.start_name_server("pc1.example=127.86.9.1", "pc2.example=127.86.9.2", "gone.example=nxdomain")
        self.scan("127.20.0.0/28\npc1.example, pc2.example\ngone.example", name="Berlin", server=server)
        self.wait_until_done(17)
        self.read_the_breakdown()
        self.filter_by_legend()
        self.find_nothing()
        self.filter_by_slice()
        self.read_help(server)
        self.read_evidence()
        self.export_and_compare()

    def read_the_breakdown(self):
        self.assertIn(f"{REFUSED}: 16 (94.1 %)", self.legend_row(REFUSED).name)
        donut = self.window.find("image", "Statuses of 17 computers")
        self.assertIn(f"{REFUSED}: 16 (94.1 %)", donut.description)
        self.assertIn(f"{NOT_FOUND}: 1 (5.9 %)", donut.description)

    def filter_by_legend(self):
        """With the mouse: one click filters, a second lifts it."""
        click(self.legend_row(NOT_FOUND))
        self.wait_text("1 of 17")
        click(self.legend_row(NOT_FOUND))
        self.wait_text("17 computers")
        click(self.legend_row(REFUSED))
        self.window.find("push button", f"{REFUSED}: Show All Computers").press()
        self.wait_text("17 computers")

    def filter_by_slice(self):
        """With the keyboard alone: Tab until the donut has it, the arrow keys, Enter."""
        key("ctrl+f")
        self.tab_to(lambda node: node.role == "image", backwards=True)
        key("Home")
        wait_for(lambda: self.window.focused().name.startswith(NOT_FOUND), "the focus on a slice")
        key("Return")
        self.wait_text("1 of 17")
        self.assertEqual([row.name for row in self.window.all("table row", "gone")], [f"gone.example, {NOT_FOUND}"])
        key("Return")
        self.wait_text("17 computers")
        key("Return")
        self.wait_text("1 of 17")

    def find_nothing(self):
        """Enter goes to what was found; where there is nothing the keyboard stays where it can be used."""
        key("ctrl+f")
        write("nowhere")
        self.wait_text("No Computer Found")
        key("Return", "Escape")
        self.wait_text("17 computers")

    def read_help(self, server):
        click(self.computer_row("gone.example"))
        key("Return")
        text = self.wait_text("The name server")
        self.assertIn(f"The name server {server} has no address for “gone.example”", text)
        self.wait_text("Causes, the Likeliest First")

    def read_evidence(self):
        """Alt and Enter on the same computer."""
        key("alt+Return")
        self.wait_text("The Only Attempt")
        self.wait_text("NXDOMAIN")
        self.use_the_menu()

    def use_the_menu(self):
        """Of the list, although its keys are the search's otherwise; the list has the keyboard again behind it."""
        key("shift+F10")
        self.window.find("menu item", "Copy Name")
        key("Escape")
        self.wait_focus("gone.example")
        click(self.window.find("page tab", "What to Do"))
        key("Tab", "F9")
        self.wait_focus("gone.example")

    def wait_focus(self, name):
        wait_for(lambda: name in (self.window.focused() or self.window).name, f"the keyboard on “{name}”")

    def export_and_compare(self):
        path = self.home / "r&d.csv"
        key("ctrl+e")
        chooser = self.app.window("Export as CSV")
        chooser.find("text", "Name:").set_text(str(path))
        chooser.find("push button", "Export").press()
        self.wait_text("exported to “r&d.csv”")
        self.compare(path.read_text("utf-8-sig"))
        self.save_report()

    def save_report(self):
        """Without names, with a tick in the box."""
        path = self.home / "berlin.html"
        key("ctrl+shift+e")
        chooser = self.app.window("Save Report")
        chooser.find("text", "Name:").set_text(str(path))
        click(chooser.find("check box", "Hide names, addresses, users and serial numbers"))
        chooser.find("push button", "Save").press()
        self.wait_text("saved as “berlin.html”")
        page = path.read_text("utf-8")
        self.assertIn("Failed – Connection Refused", page)
        self.assertNotIn("gone.example", page)
        self.assertNotIn("127.20.", page)
        self.assertRegex(page, "net-[0-9a-f]{12}")

    def compare(self, exported):
        """With the database, row by row, and with what the command line writes."""
        rows = list(csv.DictReader(io.StringIO(exported)))
        stored = self.query("SELECT target, address, status, attempts FROM computers ORDER BY ordinal")
        self.assertEqual([(row["target"], row["address"], int(row["status_code"]), int(row["attempts"])) for row in rows],
                         [(target, socket.inet_ntoa(address) if address else "", status, attempts)
                          for target, address, status, attempts in stored])
        self.assertEqual(len(rows), 17)
        self.assertEqual(exported, self.cli("export", "--csv", "-").removeprefix("\ufeff"))
