# SPDX-License-Identifier: GPL-3.0-or-later
"""Common causes: five of them among 500 computers are told, opened, copied and saved, all with the keyboard."""
import re
import subprocess

from person import CLI, Case, click, key, start_helper, wait_for
from scanning import ScanCase

ACCOUNT = "The account “Branch office” is refused wherever it is tried"
RANGE = "In subnet 127.86.5.0/24 only port 135 is open"
NARROW = 360


class Common(ScanCase):
    def setUp(self):
        Case.setUp(self)
        self.scan_the_network()
        self.open()
        self.wait_text("500 computers")

    def scan_the_network(self):
        """By the command line, as it is told to there."""
        lab = start_helper([CLI, "lab", "--scenario", "common-causes"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.stdout.close)
        self.addCleanup(lab.wait)
        self.addCleanup(lab.terminate)
        accounts, where = [], None
        for line in lab.stdout:
            where = where or re.search(r"--port (\d+) --dns (\S+)", line)
            if line.startswith("    ") and ("=" in line or "[" in line) and "|" not in line:
                accounts.append(line.strip())
            if accounts and not line.strip() and accounts[-1].startswith("protocols"):
                break
        file = self.home / "accounts"
        file.touch(mode=0o600)
        file.write_text("\n".join(accounts))
        targets = self.home / "targets"
        targets.write_text(self.cli("lab", "--list", "--scenario", "common-causes"))
        self.cli("scan", "--targets", str(targets), "--credentials", str(file), "--port", where[1], "--dns", where[2],
                 "--connect-timeout", "0.4", "--watchdog", "2", "--retries", "0", "--collect", "computer", "--name", "Five")
        lab.terminate()

    def cause_row(self, sentence):
        return self.window.find("list item", sentence, seen=True)

    def paste(self):
        """What comes out where one pastes: a search, and so in one line."""
        key("ctrl+f", "ctrl+a", "ctrl+v")
        text = self.window.focused().text
        key("Escape")
        return text

    def shown(self):
        return self.window.find("label", re.compile(r"^\d+ of 500$|^500 computers$"), seen=True).text

    def test_told_opened_copied_and_saved(self):
        click(self.window.find("page tab", "Common Causes (5)"))
        row = self.cause_row(ACCOUNT)
        self.assertIn("42 of 42 computers (100 %)", row.name)
        self.assertTrue(row.name.endswith("very likely"), row.name)

        self.tab_to(lambda node: node.name.startswith(RANGE))
        key("Return")
        wait_for(lambda: self.shown() == "37 of 500", "its computers alone in the list")
        self.wait_text("Not affected: app-49")
        self.tab_to(lambda node: node.name == "List Them Too")
        key("space")
        wait_for(lambda: self.shown() == "39 of 500", "those too that were not struck")
        key("space")
        self.assertTrue(self.window.find("push button", "Test These Again", seen=True).is_sensitive)

        self.tab_to(lambda node: node.name == "Copy Ticket Text")
        key("Return")
        self.wait_text("The text is on the clipboard.")
        text = wait_for(self.paste, "a ticket")
        self.assertIn("To: Firewall and network team", text)
        self.assertEqual(len(re.findall(r"  app-\d+\.servers\.practice\.example ", text)), 39)

        self.window.find("push button", "Show Help", seen=True).press()
        self.wait_text("Failed - RPC Server Unavailable")
        self.wait_text("What They Have in Common")
        self.window.find("push button", "Save List…", seen=True).press()
        chooser = self.app.window("Save the List of Computers")
        chooser.find("text", "Name:").set_text(str(self.home / "struck.txt"))
        chooser.find("push button", "Save").press()
        self.wait_until_gone("Save the List of Computers")
        self.wait_text("The list was saved to “struck.txt”.")
        lines = (self.home / "struck.txt").read_text().splitlines()
        self.assertEqual(len([line for line in lines if not line.startswith("#")]), 37)

        self.window.find("push button", "Close Help").press()
        self.resize(NARROW, 640)
        wait_for(lambda: self.window.extents[2] <= NARROW, "causes that fit")
