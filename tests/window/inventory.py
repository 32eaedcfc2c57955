# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories: the practice network's are taken and read, and an account is asked for wherever one is needed."""
from person import click, focus, key, wait_for, write
from scanning import ScanCase

GOOD = "pc-001.accounts.practice.example"
SCAN_SECONDS = 180
NARROW = 360


class Inventory(ScanCase):
    def test_practice_network(self):
        self.window.find("push button", "Try the Practice Network").press()
        self.window.find("push button", "Stop")
        wait_for(lambda: not self.window.has("push button", "Stop"), "the end of the scan", SCAN_SECONDS)
        wait_for(lambda: self.count("status = 0") >= 6, "successes")
        self.search_for_systems()
        click(self.computer_row(GOOD))
        key("alt+Return")
        self.wait_text("The Only Attempt")
        self.open_by_keyboard("Installed software", *self.count_rows("software", "7-Zip"))
        self.resize(NARROW, 640)
        wait_for(lambda: self.window.extents[2] <= NARROW, "an inventory that fits")

    def count(self, where):
        return self.query(f"SELECT count(*) FROM computers WHERE {where}")[0][0]

    def count_rows(self, collector, word):
        """As the command line counts them: all, and those with the word."""
        lines = self.cli("export", "--csv", "-", "--what", collector).splitlines()
        rows = [line for line in lines if line.startswith(GOOD + ",")]
        return len(rows), sum(word in row for row in rows)

    def search_for_systems(self):
        """By the operating system that only the inventory tells."""
        key("ctrl+f")
        write("Windows Server")
        self.wait_text(f"{self.count_servers()} of 40")
        key("Escape")
        self.wait_text("40 computers")

    def count_servers(self):
        return sum("Windows Server" in line for line in self.cli("export", "--csv", "-").splitlines())

    def open_by_keyboard(self, label, n_rows, n_found):
        """From the list with Tab to the pages, to the inventory, to the part; Enter opens its rows."""
        self.tab_to(lambda node: "Inventory" in node.name)
        key("space")
        self.wait_text("Parts Collected")
        self.tab_to(lambda node: label in node.name)
        key("Return")
        rows = self.app.window(label)
        self.assertEqual(rows.name, f"{label} – {GOOD}")
        rows.find("label", f"{n_rows} rows")
        focus(rows.name)
        key("ctrl+f")
        write("7-Zip")
        rows.find("label", f"{n_found} of {n_rows}")
        key("Escape", "Escape")
        self.wait_until_gone(rows.name)


class LogOnAs(ScanCase):
    def test_account_is_checked_and_asked_for_again(self):
        self.open_new_scan()
        self.enter_targets("127.20.0.0/29 " + " ".join(f"silent{i}.example" for i in range(20)))
        self.go_on("Accounts")
        focus("New Scan")
        click(self.dialog.find("label", "An account for this scan only", seen=True))
        self.dialog.find("text", "Account").set_text("CORP\\sc*nner")
        self.dialog.find("label", "is no account name")
        self.dialog.find("text", "Account").set_text("CORP\\scanner")
        self.dialog.find("label", "Type the password of this account.")
        self.assertFalse(self.next_button().is_sensitive)
        self.dialog.find("text", "Password").set_text("not-to-be-found")
        self.enter_options(port=self.port, server=self.silent_name_server())
        self.begin()
        self.window.find("push button", "Stop").press()
        self.wait_text("This scan was stopped")
        self.assertEqual(self.query("SELECT probe_only FROM scans"), [(0,)])
        self.leave()
        self.open()
        click(self.computer_row("127.20.0.1"))
        key("ctrl+t")
        self.app.window("Test Again").find("push button", "Test")
        focus("Test Again")
        key("Escape")
        self.wait_until_gone("Test Again")
        self.resume()
        self.begin_alike()
        self.leave()
        self.assertNotIn(b"not-to-be-found", self.database.read_bytes())

    def begin_alike(self):
        """An inventory again, not less: somebody has to log on."""
        key("F10")
        self.window.find("menu item", "New Scan Like This One").press()
        self.dialog = self.app.window("New Scan")
        wait_for(lambda: self.page() == "Accounts" and not self.next_button().is_sensitive, "an account to be asked for")
        focus("New Scan")
        key("Escape", "Escape")
        self.wait_until_gone("New Scan")

    def resume(self):
        key("ctrl+r")
        dialog = self.app.window("Resume Scan")
        resume = dialog.find("push button", "Resume")
        self.assertFalse(resume.is_sensitive)
        dialog.find("text", "Account").set_text("scanner@corp.example")
        dialog.find("text", "Password").set_text("not-to-be-found")
        wait_for(lambda: dialog.find("push button", "Resume").is_sensitive, "Resume that can be pressed")
        dialog.find("push button", "Resume").press()
        self.wait_until_gone("Resume Scan")
        self.window.find("push button", "Stop").press()
        self.wait_text("This scan was stopped")
