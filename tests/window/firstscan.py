# SPDX-License-Identifier: GPL-3.0-or-later
"""From an empty desk to an inventory: two computers and a range, a credential made and tried on the way, Start, CSV."""
import csv
import io
import re

from keyring import KeyringCase
from person import click, focus, key, wait_for, write

WELL, SECOND = "pc-001.accounts.practice.example", "pc-002.accounts.practice.example"


class FirstScan(KeyringCase):
    def test_from_the_start_page_to_the_file(self):
        self.start_lab()
        self.open()
        self.open_new_scan()
        self.enter_targets(f"{WELL}\n{SECOND}\n127.86.9.9-10")
        self.dialog.find("label", "4 computers")
        self.enter_options(port=self.lab[1], server=self.lab[3])
        key("Escape")
        wait_for(lambda: self.page() == "Accounts", "the accounts")
        self.make_credential()
        self.go_on("Summary")
        self.assertIn("4 computers", " ".join(self.dialog.find("list item", "Lab").texts()))
        self.begin()
        self.wait_until_done(4)
        self.assertEqual(self.query(f"SELECT status FROM computers WHERE target = '{WELL}'"), [(0,)])
        rows = list(csv.DictReader(io.StringIO(self.cli("export", "--csv", "-").removeprefix("\ufeff"))))
        self.assertEqual(len(rows), 4)

    def make_credential(self):
        """In its own wizard, which asks by the options of this scan."""
        focus("New Scan")
        click(self.dialog.find("label", "Credentials that are kept", seen=True))
        self.assertFalse(self.next_button().is_sensitive)
        self.dialog.find("push button", "Add Credential").press()
        wizard = self.app.window(re.compile("^Credential$"))
        focus("Credential")
        write("PRACTICE\\scanner")
        key("Tab")
        write("practice-makes-perfect")
        key("Tab", "Tab", "ctrl+a")
        write("Lab")
        key("ctrl+Return")
        wait_for(lambda: wizard.has("label", re.compile("^Use$")), "the page with places")
        key("ctrl+Return")
        wait_for(lambda: wizard.has("label", re.compile("^Test and Keep$")), "the trial")
        wizard.find("text", "Name or address").set_text(WELL)
        focus("Credential")
        key("Return")
        wizard.find("label", f"“Lab” works on {WELL}")
        key("ctrl+Return")
        wait_for(lambda: "Credential" not in self.app.windows(), "the wizard to go")
        wait_for(lambda: self.next_button().is_sensitive, "a credential that is chosen")
