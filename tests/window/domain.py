# SPDX-License-Identifier: GPL-3.0-or-later
"""New Scan of what a real domain controller knows: its certificate, its tree, the filters, and what goes wrong on the way."""
import json
import os
import re

from person import click, focus, key, picture_of_screen, wait_for
from scanning import ScanCase

DOMAIN = json.loads(os.environ["ROLL_TEST_DOMAIN"])


class Domain(ScanCase):
    def open_page(self):
        self.open_new_scan()
        focus("New Scan")
        click(self.dialog.find("label", "Active Directory…", seen=True))
        wait_for(lambda: self.page() == "Active Directory", "the page of Active Directory")

    def enter(self, server, password):
        self.dialog.find("text", "Domain controller").set_text(server)
        self.dialog.find("text", "Account").set_text(DOMAIN["account"])
        self.dialog.find("text", "Password").set_text(password)

    def connect(self):
        wait_for(lambda: self.dialog.find("push button", "Connect").is_sensitive, "Connect that can be pressed")
        self.dialog.find("push button", "Connect").press()

    def count(self, pattern):
        """The number in the label that has such a text."""
        label = self.dialog.find("label", re.compile(pattern))
        return int(re.search(pattern, label.name)[1].replace(",", ""))

    def test_from_the_certificate_to_the_targets(self):
        self.open_page()
        self.enter("nowhere.practice.example", DOMAIN["password"])
        self.connect()
        self.dialog.find("label", "nowhere.practice.example")
        self.dialog.find("push button", "Try Again")
        self.enter(DOMAIN["server"], "not the password")
        self.connect()
        self.trust()
        self.dialog.find("label", re.compile("password", re.I))
        self.enter(DOMAIN["server"], DOMAIN["password"])
        self.connect()
        self.find_and_filter()
        self.go_on("Computers")
        self.dialog.find("label", f"{self.left} computers")
        self.go_to_summary()
        self.dialog.find("label", f"{self.left} by name")
        self.begin()
        self.wait_until_done(self.left)
        self.read_what_it_told()

    def read_what_it_told(self):
        """It was kept with the computers, none of which has an address here."""
        ((target, ou),) = self.query("SELECT target, ou FROM computers JOIN directory_facts USING (scan, ordinal)"
                                     " WHERE last_logon IS NOT NULL ORDER BY ordinal LIMIT 1")
        self.assertIn(ou, ("Paris", "Berlin/Workstations", "Computers"))
        focus("Rollcall")
        click(self.computer_row(target))
        key("alt+Return")
        self.wait_text("Organizational unit")
        self.wait_text(ou)
        self.wait_text("Last logon in Active Directory")
        self.take_picture("evidence")
        key("ctrl+g")
        charts = self.app.window("Charts")
        n = self.query("SELECT count(*) FROM directory_facts WHERE ou = 'Paris'")[0][0]
        charts.find("list item", f"Paris: {n} computers. Failed – Machine not found {n} (100 %)")
        self.take_picture("charts")

    def take_picture(self, name):
        folder = os.environ.get("ROLL_TEST_SHOTS")
        if folder:
            picture_of_screen(f"{folder}/{name}.png")

    def trust(self):
        """Refused until a person accepts it; then it is kept."""
        self.dialog.find("label", DOMAIN["fingerprint"])
        self.dialog.find("push button", "Trust It for").press()

    def find_and_filter(self):
        self.dialog.find("check box", DOMAIN["places"][0].split(",")[0].removeprefix("OU="))
        self.dialog.find("push button", "Find Computers").press()
        found = self.count(r"^([\d,]+) → [\d,]+$")
        self.assertEqual(found, DOMAIN["computers"])
        focus("New Scan")
        key("space")
        enabled = self.count(rf"^{found} → (?!{found})(\d+)$")
        self.dialog.find("text", "Operating system").set_text("Windows")
        self.left = self.count(rf"^Operating system: {enabled} → (?!{enabled})(\d+)")
        self.assertLess(self.left, enabled)
