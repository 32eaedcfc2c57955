# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts are not locked out: what is told when one rests, and which one would be used where."""
import json
import os
import signal
import subprocess

from support import FAILED, STOPPED, USAGE, Case

LAB = "127.86.0.0/16;*.practice.example"
KEYS = f"""[credential Domain admin]
username=PRACTICE\\scanner
password=wrong
scope={LAB}
protocols=ntlm
"""


class Case(Case):
    def keys(self, text):
        path = self.path("keys", text)
        os.chmod(path, 0o600)
        return path


class Resting(Case):
    def scan_lab(self, *words):
        """A scan of the practice network with a wrong password."""
        lab = self.start("lab", "--computers", "40", stderr=subprocess.DEVNULL)
        for line in lab.stdout:
            if b"|" in line:
                break
        command = line.decode().strip().split("|")[1].split()
        options = [command[i + j] for i, word in enumerate(command) for j in (0, 1) if word in ("--port", "--dns")]
        targets = self.path("targets", self.cli("lab", "--list", "--computers", "40").out)
        done = self.scan(*options, "--targets", targets, "--credentials", self.keys(KEYS), "--retries", "0",
                         "--connect-timeout", "1", "--watchdog", "2", *words)
        lab.send_signal(signal.SIGINT)
        self.assertEqual(lab.wait(10), STOPPED)
        return done

    def test_it_is_told_at_once_and_in_the_report(self):
        done = self.scan_lab()
        told = "The account of “Domain admin” was refused by "
        self.assertEqual(done.err.count(told), 1)
        for text in (done.out, self.with_database("report").out):
            self.assertIn(told, text)
            self.assertRegex(text, r"(?m)^\d+ computers were not tried for that reason\.$")
        summary = json.loads(self.with_database("report", "--json").out)
        self.assertEqual(len(summary["resting_accounts"]), 1)
        rows = self.rows(self.with_database("export", "--csv", "-").out)
        resting = [row for row in rows if row["error"] == "ACCOUNT_RESTING"]
        self.assertEqual(summary["not_tried"], len(resting))
        self.assertGreater(len(resting), 3)
        for row in resting:
            self.assertEqual((row["status_id"], row["step"]), ("access-denied", "authenticate"))
        shown = self.with_database("show", resting[0]["target"]).out
        self.assertIn("account=resting", shown)
        self.assertIn("by=", shown)

    def test_limit(self):
        done = self.scan_lab("--logon-failures", "1", "--json")
        (notice,) = (event for event in map(json.loads, done.out.splitlines())
                     if event["event"] == "notice" and event["kind"] == "account-resting")
        self.assertNotIn(",", notice["text"].split(". ")[0])

    def test_without_trouble_nothing_is_said(self):
        self.scan("--probe-only", "--port", "1", "127.0.0.1")
        summary = json.loads(self.with_database("report", "--json").out)
        self.assertEqual((summary["resting_accounts"], summary["not_tried"]), ([], 0))
        self.assertNotIn("tried", self.with_database("report").out)


class DryRun(Case):
    KEYS = ("[credential Domain]\nusername=CORP\\a\npassword=x\nscope=*.corp.example;10.1.0.0/16\n"
            "[credential Local]\nusername=.\\b\npassword=x\nscope=10.0.0.0/8\n"
            "[credential Tickets]\nusername=c@corp.example\npassword=x\nscope=pc2\nprotocols=kerberos\n")

    def preview(self, *words):
        done = self.scan("--dry-run", "--credentials", self.keys(self.KEYS), *words)
        self.assertEqual(done.err, "")
        self.assertFalse(os.path.exists(self.database))
        return done.out.splitlines()

    def test_in_order(self):
        self.assertEqual(self.preview("pc1.corp.example", "10.1.0.1", "10.2.0.1", "192.0.2.1", "pc2"), [
            "pc1.corp.example: Domain (kerberos, ntlm); Local (ntlm; if its address is in the scope)",
            "10.1.0.1: Domain (kerberos, ntlm); Local (ntlm)",
            "10.2.0.1: Local (ntlm)",
            "192.0.2.1: none: it would end as “Failed - No credentials provided”",
            "pc2: Domain (kerberos, ntlm; if its address is in the scope); Local (ntlm; if its address is in the scope); "
            "Tickets (kerberos)",
        ])

    def test_json(self):
        lines = [json.loads(line) for line in self.preview("--json", "10.1.0.0/30", "pc2.corp.example")]
        self.assertEqual([line["target"] for line in lines], ["10.1.0.1", "10.1.0.2", "pc2.corp.example"])
        self.assertEqual(lines[0]["credentials"], [
            {"name": "Domain", "protocols": ["kerberos", "ntlm"], "certain": True},
            {"name": "Local", "protocols": ["ntlm"], "certain": True},
        ])
        self.assertEqual([(each["name"], each["certain"]) for each in lines[2]["credentials"]],
                         [("Domain", True), ("Local", False)])

    def test_mistakes(self):
        for words in (("--practice",), ("--probe-only", "pc1"), ("--resume",), ("--csv", "-", "pc1"), ()):
            with self.subTest(words):
                self.scan("--dry-run", *words, status=USAGE)
        self.scan("--dry-run", "--credentials", "/nonexistent", "pc1", status=FAILED)
