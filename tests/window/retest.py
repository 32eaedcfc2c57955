# SPDX-License-Identifier: GPL-3.0-or-later
"""Computers are tested again: before and after, and the earlier test in the evidence."""
import json
import socket

from person import click, key, wait_for, write
from scanning import ScanCase


class Retest(ScanCase):
    def listen(self, address):
        listener = socket.create_server((address, self.port))
        self.addCleanup(listener.close)

    def test_one_computer_and_all_that_are_shown(self):
        self.scan("127.20.9.0/29", name="Again")
        self.wait_until_done(6)
        self.assertIn(f"<uint16 {self.port}>", self.query("SELECT options FROM scans")[0][0])
        self.listen("127.20.9.3")
        click(self.computer_row("127.20.9.3"))
        key("ctrl+t")
        self.wait_text("127.20.9.3: now ")
        wait_for(lambda: self.query("SELECT round FROM computers WHERE target = '127.20.9.3'") == [(1,)], "the second test")
        key("alt+Return")
        self.wait_text("Earlier Tests")

    def test_what_the_check_script_printed_is_evidence(self):
        self.scan("127.20.9.0/30", name="Checked")
        self.wait_until_done(2)
        click(self.computer_row("127.20.9.1"))
        self.wait_text("Causes, the Likeliest First")
        printed = self.home / "check.json"
        printed.write_text(json.dumps({"rollcall-check": 1, "results": [
            {"cause": "CRF.5", "found": True, "what": "RpcSs is stopped."}]}))
        click(self.window.find("push button", "Check Script"))
        key("r")
        self.app.window("Output of the Check Script")
        key("ctrl+l")
        write(str(printed))
        key("Return")
        self.wait_text("The check script found it on the target.")
        self.assertEqual(self.query("SELECT kind FROM findings"), [("check-script",)])
