# SPDX-License-Identifier: GPL-3.0-or-later
"""From an empty desk to a file, with the keyboard alone: two computers and a range, a credential made and tried on the way, the
options of the practice network, Start, CSV. The screen reader only looks, waits and says where the keyboard is."""
import csv
import io
import re

from keyring import KeyringCase
from person import focus, key, wait_for, write

WELL, SECOND = "pc-001.accounts.practice.example", "pc-002.accounts.practice.example"
ADDRESSES = ["127.86.9.9", "127.86.9.10"]


class FirstScan(KeyringCase):
    def test_from_the_start_page_to_the_file(self):
        self.start_lab()
        self.open()
        main = self.window
        self.tab_to(lambda node: "New Scan" in node.name)
        key("Return")
        self.dialog = self.window = self.app.window("New Scan")
        focus("New Scan")
        for line in (WELL, SECOND, "127.86.9.9-10"):
            write(line)
            key("Return")
        self.dialog.find("label", "4 computers")
        self.go_on("Accounts")
        self.enter_options()
        self.make_credential()
        self.go_on("Summary")
        self.assertIn("4 computers", " ".join(self.dialog.find("list item", "Lab").texts()))
        self.dialog.find("label", self.lab[3])
        key("ctrl+Return")
        self.wait_until_gone("New Scan")
        self.window = main
        self.wait_until_done(4)
        self.assertEqual(self.query(f"SELECT status FROM computers WHERE target = '{WELL}'"), [(0,)])
        self.save()

    def go_on(self, to):
        wait_for(lambda: self.next_button().is_sensitive, "a button that goes on")
        key("ctrl+Return")
        wait_for(lambda: self.page() == to, f"the page “{to}”")

    def move(self, direction, to):
        """With the arrows, as in any list."""
        for _ in range(9):
            key(direction)
            node = self.window.focused()
            if node and node.name.startswith(to):
                return
        self.fail(f"{direction} does not lead to “{to}”, but to {node!r}")

    def enter_options(self):
        """To the options by the summary, and back: the credential is tried by them."""
        self.go_on("Summary")
        self.move("Down", "Options")
        key("Return")
        wait_for(lambda: self.page() == "Options", "the page with options")
        write(self.lab[3])
        key("Tab")
        self.move("Down", "Port")
        key("Return", "ctrl+a")
        write(self.lab[1])
        self.go_on("Summary")
        self.dialog.find("label", f"port {self.lab[1]}")
        key("Escape")
        wait_for(lambda: self.page() == "Accounts", "the accounts")

    def make_credential(self):
        """In its own wizard, which asks by the options of this scan."""
        self.move("Up", "Credentials that are kept")
        key("space")
        wait_for(lambda: not self.next_button().is_sensitive, "a credential to be missing")
        self.tab_to(lambda node: "Add Credential" in node.name)
        key("Return")
        wizard = self.window = self.app.window(re.compile("^Credential$"))
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
        key("ctrl+a")
        write(WELL)
        key("Return")
        wizard.find("label", f"“Lab” works on {WELL}")
        key("ctrl+Return")
        wait_for(lambda: "Credential" not in self.app.windows(), "the wizard to go")
        self.window = self.dialog
        focus("New Scan")
        wait_for(lambda: self.next_button().is_sensitive, "a credential that is chosen")

    def save(self):
        """A path is typed; what the file says is what the command line and the database say."""
        path = self.home / "first.csv"
        key("ctrl+e")
        self.app.window("Export as CSV")
        focus("Export as CSV")
        key("ctrl+a")
        write(str(path))
        key("Return")
        self.wait_until_gone("Export as CSV")
        self.wait_text("4 computers were exported to “first.csv”")
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text, self.cli("export", "--csv", "-"))
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        self.assertEqual([(row["target"], int(row["status_code"])) for row in rows],
                         self.query("SELECT target, status FROM computers ORDER BY ordinal"))
        self.assertEqual([row["target"] for row in rows], [WELL, SECOND, *ADDRESSES])
