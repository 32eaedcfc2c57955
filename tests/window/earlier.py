# SPDX-License-Identifier: GPL-3.0-or-later
"""What outlives a scan: it can be stopped, left and resumed, looked at later, and says when it is done."""
import os
import pathlib
import re
import sqlite3
import sys

from person import click, key, picture_of_screen, start_helper, wait_for, write
from scanning import ScanCase

RUNNING, STOPPED = 0, 1
SILENT = " ".join(f"silent{i}.example" for i in range(30))


class Earlier(ScanCase):
    def count(self, where):
        return self.query(f"SELECT count(*) FROM computers WHERE {where}")[0][0]

    def test_stopped_by_closing_and_resumed(self):
        self.scan("127.20.3.0/28 " + SILENT, name="Slow", server=self.silent_name_server())
        self.window.find("push button", "Stop")
        self.window.find("label", "14 of 44 computers")
        wait_for(lambda: self.count("status = 103") == 14, "the addresses to be stored")
        self.window.find("push button", "Pause").press()
        self.window.find("push button", "Continue")
        self.wait_text(" · 14 of 44 computers")
        click(self.computer_row("127.20.3.1"))
        key("ctrl+t")
        self.wait_text("can be tested again when no scan is running")
        self.window.find("push button", re.compile("^Scan: Slow, .* · Paused$"))
        key("ctrl+p")
        self.window.find("push button", "Pause")
        self.window.find("push button", re.compile("^Scan: Slow, .* · Running$"))
        key("ctrl+p")
        self.wait_text("Paus")
        self.leave()

        self.open()
        self.wait_text("This scan was stopped; 14 of 44 computers are done.")
        key("ctrl+r")
        self.window.find("push button", "Stop")
        self.assertIn("14 of 44", self.wait_text("of 44 computers"))
        key("ctrl+period")
        self.wait_text("This scan was stopped")
        self.assertEqual(self.query("SELECT count(*), count(DISTINCT target) FROM computers"), [(44, 44)])
        self.assertEqual(self.count("status = 103"), 14)

    def test_what_cannot_be_resumed_says_why(self):
        self.scan("127.20.3.0/28 silent.example", server=self.silent_name_server())
        self.window.find("push button", "Stop").press()
        self.wait_text("This scan was stopped")
        with sqlite3.connect(self.database) as database:
            database.execute("UPDATE scans SET options = replace(options, '127.0.0.1:', 'nonsense!')")
        database.close()
        key("ctrl+r")
        self.wait_text("is not the address of a name server")
        self.wait_text("127.20.3.1")
        wait_for(lambda: self.window.find("push button", "Resume").is_sensitive, "Resume to be offered again")

    def test_earlier_scans_are_chosen_with_the_keyboard(self):
        self.scan("127.20.4.0/29", name="First")
        self.wait_until_done(6)
        self.scan("127.20.5.0/28", name="Second")
        self.wait_until_done(14)
        self.tab_to(lambda node: "Scan: Second" in node.name, backwards=True)
        key("space")
        self.window.find("list item", "First")
        key("Down", "Return")
        self.wait_text("6 computers")
        self.window.find("push button", "Scan: First")

        key("ctrl+f")
        write("127.20.4.3")
        self.wait_text("1 of 6")
        self.compare()

    def compare(self):
        """The scan that is shown with the other one: all are new, or gone."""
        key("ctrl+d")
        comparison = self.app.window("Compare Scans")
        comparison.find("label", "0 computers are in both scans")
        comparison.find("list item", "New computers")
        comparison.find("label", "14")
        if "ROLL_TEST_SHOTS" in os.environ:
            picture_of_screen(os.environ["ROLL_TEST_SHOTS"] + "/compare.png")
        path = self.home / "changes.csv"
        comparison.find("push button", "Export Changes as CSV").press()
        chooser = self.app.window("Export Changes")
        chooser.find("text", "Name:").set_text(str(path))
        chooser.find("push button", "Export").press()
        wait_for(path.exists, "the changes to be written")
        lines = path.read_text("utf-8").splitlines()
        self.assertEqual(lines[0], "group,target,address,computer_name,field,item,before,after")
        self.assertEqual((len(lines), sum(line.startswith("gone,127.20.4.") for line in lines)), (21, 6))

    def test_a_notification_when_nobody_looks(self):
        log = self.home / "notifications.txt"
        with open(log, "w") as output:
            service = start_helper([sys.executable, pathlib.Path(__file__).with_name("notifications.py")],
                                   stdout=output)
        self.addCleanup(service.wait)
        self.addCleanup(service.kill)
        wait_for(lambda: "ready" in log.read_text(), "the notification service")
        self.scan("127.20.7.0/29", name="Looked at")
        self.wait_until_done(6)
        self.scan("127.20.7.0/29 " + SILENT, name="Slow", server=self.silent_name_server())
        self.window.find("push button", "Stop")
        key("ctrl+b")
        wait_for(lambda: self.app.window("All Statuses").focused(), "the other window")
        self.window.find("push button", "Stop").press()
        wait_for(lambda: "Scan Stopped: " in log.read_text(), "the notification")
