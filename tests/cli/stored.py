# SPDX-License-Identifier: GPL-3.0-or-later
"""`list`, `report`, `show`, `export`: looking at what is stored."""
import contextlib
import csv
import io
import os
import sqlite3
import subprocess

from support import FAILED, LABELS, PROGRAM, USAGE, Case, NameServer, closed_port, environment


class Stored(Case):
    """One database with two scans: names and addresses, then a few addresses more."""

    def setUp(self):
        super().setUp()
        port = str(closed_port())
        with NameServer("pc1.corp.example=127.0.2.1", "formula.example=127.0.2.9", "fail.example=servfail") as server:
            self.scan("--probe-only", "--port", port, "--name", "First", "--dns", server.address, "--retry-delay", "0",
                      "pc1.corp.example", "gone.example", "fail.example", "127.0.1.7", "::1")
        self.scan("--probe-only", "--port", port, "--name", "Second", "127.0.3.1-3")

    def test_list(self):
        lines = self.with_database("list").out.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertRegex(lines[1], r"^ +2  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d  finished +3 +3  Second$")
        self.assertRegex(lines[2], r"^ +1  .*  finished +5 +5  First$")

    def test_list_json(self):
        events = self.events(self.with_database("list", "--json").out)
        self.assertEqual([(e["event"], e["scan"], e["name"], e["state"], e["targets"], e["done"]) for e in events],
                         [("listed", 2, "Second", "finished", 3, 3), ("listed", 1, "First", "finished", 5, 5)])
        self.assertNotIn("statuses", events[0])

    def test_report(self):
        newest = self.with_database("report").out
        self.assertIn("Scan 2: Second", newest)
        first = self.with_database("report", "1").out
        self.assertRegex(first, r"(?m)^ *101  Failed – Machine not found +2 +40\.0 %$")
        self.assertRegex(first, r"(?m)^ *103  Failed – Connection Refused +3 +60\.0 %$")

    def test_report_json(self):
        (event,) = self.events(self.with_database("report", "1", "--json").out)
        self.assertEqual({status["status_code"]: status["count"] for status in event["statuses"]}, {101: 2, 103: 3})
        self.assertEqual(event["event"], "summary")

    def test_directory(self):
        """What Active Directory told is shown with the computer, told to scripts, and hidden where names are."""
        days = 86400 * 10**6
        with contextlib.closing(sqlite3.connect(self.database)) as database, database:
            asked = database.execute("SELECT started_at + duration_us FROM computers WHERE scan = 1 AND ordinal = 1").fetchone()[0]
            for ordinal, ou in enumerate(("Sales/Berlin", "Sales/\x1b[2JParis", "Sales/Berlin")):
                database.execute("INSERT INTO directory_facts VALUES (1, ?, ?, ?, 'Windows 11 Pro', ?)",
                                 (ordinal, ou, asked - 120 * days if ordinal == 1 else None, ordinal != 1))
        text = self.with_database("show", "1", "gone.example").out
        self.assertIn("Organizational unit: Sales/\ufffd[2JParis\n", text)
        self.assertRegex(text, r"Last logon in Active Directory: \d{4}-\d\d-\d\d, 120 days before this test\n")
        self.assertIn("Account in Active Directory: Disabled\n", text)
        self.assertIn("For it: Its account in Active Directory has not been used for more than 90 days.", " ".join(text.split()))
        (computer,) = self.events(self.with_database("show", "1", "gone.example", "--json").out)
        self.assertEqual(computer["causes"][0]["id"], "MNF.1")
        self.assertEqual((computer["directory"]["enabled"], computer["directory"]["os"]), (False, "Windows 11 Pro"))
        self.assertIn("last-logon-days = 120", computer["facts"])
        self.assertIn("not directory-enabled", computer["facts"])
        (first,) = self.events(self.with_database("show", "1", "pc1.corp.example", "--json").out)
        self.assertEqual(first["directory"], {"ou": "Sales/Berlin", "last_logon": None, "os": "Windows 11 Pro", "enabled": True})
        (other,) = self.events(self.with_database("show", "1", "127.0.1.7", "--json").out)
        self.assertIsNone(other["directory"])
        self.assertNotIn("Organizational unit", self.with_database("show", "1", "127.0.1.7").out)
        page = self.with_database("report", "1", "--html", "-").out
        self.assertIn("By organizational unit", page)
        self.assertIn("<bdi>Sales/Berlin</bdi>", page)
        page = self.with_database("report", "1", "--html", "-", "--redact").out
        self.assertRegex(page, "<bdi>ou-[0-9a-f]{12}</bdi>")
        self.assertNotIn("Sales", page)
        self.assertNotIn("By organizational unit", self.with_database("report", "2", "--html", "-").out)

    def test_common_causes(self):
        known = [f"pc{i}.corp.example" for i in range(12)]
        retired = [f"pc{i}.old.example" for i in range(11)]
        with NameServer(*(f"{name}=127.0.2.{i}" for i, name in enumerate(known + retired[:1], start=1))) as server:
            self.scan("--probe-only", "--port", str(closed_port()), "--dns", server.address, *known, *retired)
        text = self.with_database("report").out
        self.assertIn("Common causes", text)
        self.assertIn("1. Under old.example hardly any name is known", text)
        self.assertIn("10 of 11 computers (91 %), elsewhere 0 %; very likely", text)
        (group,) = self.events(self.with_database("report", "--json").out)[0]["common_causes"]
        self.assertEqual((group["id"], group["count"], group["team"]), ("F.10:suffix:old.example", 10, "directory"))
        self.assertEqual((group["members"], group["counter_examples"]), (list(range(13, 23)), [12]))
        self.assertEqual((round(group["share"], 3), group["elsewhere"]), (0.909, 0))
        self.assertEqual(self.events(self.with_database("report", "1", "--json").out)[0]["common_causes"], [])

        ticket = self.with_database("report", "--ticket", "1").out
        for name in known + retired:
            self.assertEqual(f"  {name} " in ticket, name in retired, name)
        redacted = self.with_database("report", "--ticket", "1", "--redact").out
        self.assertNotIn("old.example", redacted)
        self.assertNotIn("127.0.2", redacted)
        self.assertIn("Under domain-", redacted)
        self.assertIn("has 1 common cause.", self.with_database("report", "--ticket", "2", status=FAILED).err)
        page = self.with_database("report", "--html", "-").out
        self.assertIn("<h3>Under old.example hardly any name is known", page)
        self.assertIn("10 of 11 computers (91 %), elsewhere 0 %; very likely", page)
        page = self.with_database("report", "--html", "-", "--redact").out
        self.assertRegex(page, "<h3>Under domain-[0-9a-f]{12} hardly any name is known")
        self.assertNotIn("old.example", page)
        for words in (("--ticket", "0"), ("--redact",), ("--ticket", "1", "--json")):
            self.with_database("report", *words, status=USAGE)

    def test_no_such_scan(self):
        for words in (("report", "9"), ("show", "9", "pc1"), ("export", "9", "--csv", "-"), ("retest", "9", "pc1"),
                      ("scan", "--resume", "9")):
            done = self.with_database(*words, status=FAILED)
            self.assertEqual(done.out, "")
            self.assertIn("There is no scan 9", done.err)
            self.assertIn(f"“rollcall-cli list --database {self.database}” shows", done.err)

    def test_hints_name_the_database(self):
        for words, status, hint in ((("show", "stranger"), FAILED, "list"), (("retest", "stranger"), FAILED, "list"),
                                    (("retest", "--status", "101"), FAILED, "report"), (("diff", "1"), USAGE, "list"),
                                    (("diff", "1", "x"), USAGE, "list"), (("show", "x", "pc1"), USAGE, "list"),
                                    (("report", "x"), USAGE, "list"), (("report", "--ticket", "99"), FAILED, "report")):
            with self.subTest(words):
                self.assertIn(f"rollcall-cli {hint} --database {self.database}",
                              self.with_database(*words, status=status).err)

    def test_a_name_that_was_mistyped_makes_no_database(self):
        self.database = self.path("typo.db")
        for words in (("list",), ("retest", "pc1"), ("scan", "--resume"), ("show", "pc1", "--check", "-")):
            with self.subTest(words):
                self.assertIn(f"There is no database “{self.database}” yet", self.with_database(*words, status=FAILED).err)
                self.assertFalse(os.path.exists(self.database))

    def test_show_by_name_and_address(self):
        text = self.with_database("show", "1", "pc1.corp.example").out
        self.assertEqual(text.splitlines()[0], "pc1.corp.example  127.0.2.1")
        self.assertIn("103  Failed – Connection Refused", text)
        self.assertIn("Attempt 1: Failed – Connection Refused", text)
        self.assertIn("ECONNREFUSED, ", text)
        self.assertIn("127.0.2.1:", text)
        self.assertIn("the computer itself", text)
        self.assertIn("Causes, the likeliest first", text)
        self.assertIn("CRF.1", text)
        self.assertRegex(text, r"(?m)^  Check here: ")
        self.assertRegex(text, r"(?m)^  Check on the target: ")
        self.assertRegex(text, r"(?m)^  Fix .*: ")
        self.assertIn("rollcall-cli explain 103", text)
        commands = [line for line in text.splitlines() if line.startswith("      nmap ")]
        self.assertTrue(commands)
        self.assertTrue(all(command.endswith(" 127.0.2.1") for command in commands), commands)
        self.assertEqual(self.with_database("show", "1", "127.0.2.1").out, text)
        self.assertEqual(self.with_database("show", "1", "PC1.Corp.Example").out, text)

    def test_show_ipv6(self):
        self.assertIn("103", self.with_database("show", "1", "0:0::1").out)

    def test_show_every_attempt(self):
        text = self.with_database("show", "1", "fail.example").out
        for number in (1, 2, 3, 4):
            self.assertIn(f"Attempt {number}: ", text)
        self.assertNotIn("Attempt 5", text)
        self.assertIn("the name server", text)

    def test_show_tells_which_retry_comes_next(self):
        self.sql("UPDATE computers SET status = -3, attempts = 2 WHERE scan = 1 AND target = 'fail.example'")
        text = self.with_database("show", "1", "fail.example").out
        self.assertIn("\nWaiting for retry (2 of 3)\n", text)
        (event,) = self.events(self.with_database("show", "1", "fail.example", "--json").out)
        self.assertEqual(event["status"], "Waiting for retry")
        (row,) = (row for row in self.rows(self.with_database("export", "1", "--csv", "-").out)
                  if row["target"] == "fail.example")
        self.assertEqual(row["status"], "Waiting for retry")

    def test_show_json(self):
        (event,) = self.events(self.with_database("show", "1", "fail.example", "--json").out)
        self.assertEqual((event["status_code"], event["attempts"]), (101, 4))
        self.assertEqual([attempt["number"] for attempt in event["attempt_list"]], [1, 2, 3, 4])
        for attempt in event["attempt_list"]:
            for step in attempt["steps"]:
                self.assertEqual(step["step"], "resolve")
                self.assertEqual(step["error_space"], "dns")
        self.assertTrue(event["meaning"])
        self.assertIn("MNF.1", [cause["id"] for cause in event["causes"]])
        self.assertLessEqual({cause["prior"] for cause in event["causes"]}, {"high", "medium", "low"})

    def test_show_of_a_stranger(self):
        for text in ("pc2", "127.0.3.4", ""):
            with self.subTest(text):
                done = self.with_database("show", text, status=FAILED)
                self.assertEqual(done.out, "")
                self.assertEqual(len(done.err.splitlines()), 1)
                self.assertIn(f"“{text}” is not part of scan 2", done.err)

    def test_export_computers(self):
        text = self.with_database("export", "1", "--csv", "-").out
        rows = self.rows(text)
        self.assertEqual([(row["target"], row["address"], row["status_code"], row["attempts"]) for row in rows],
                         [("pc1.corp.example", "127.0.2.1", "103", "1"), ("gone.example", "", "101", "1"),
                          ("fail.example", "", "101", "4"), ("127.0.1.7", "127.0.1.7", "103", "1"),
                          ("::1", "::1", "103", "1")])
        self.assertEqual([row["status"] for row in rows][:2], [LABELS[103], LABELS[101]])
        path = self.path("out.csv")
        self.assertEqual(self.with_database("export", "1", "--csv", path).out, "")
        with open(path, encoding="utf-8", newline="") as file:
            self.assertEqual(file.read(), text)

    def test_export_steps(self):
        text = self.with_database("export", "1", "--csv", "-", "--what", "steps").out
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        self.assertEqual(len({len(row) for row in table}), 1)
        self.assertIn("target", table[0])
        targets = [row[table[0].index("target")] for row in table[1:]]
        self.assertGreaterEqual(targets.count("fail.example"), 4)
        self.assertEqual(targets.count("127.0.1.7"), 1)

    def test_export_of_a_failing_file_leaves_the_old_one(self):
        path = self.path("no/such/folder.csv")
        self.assertIn(path, self.with_database("export", "--csv", path, status=FAILED).err)

    def test_head_of_an_export(self):
        done = subprocess.run(["sh", "-c", '"$0" export 1 --csv - --database "$1" | head -c 6', PROGRAM, self.database],
                              capture_output=True, env=environment())
        self.assertEqual((done.stdout, done.stderr), (b"target", b""))

    def test_check_script(self):
        script = self.cli("explain", "--check-script").out
        self.assertIn("param([string]$Account = '')", script)
        self.assertTrue(script.isascii())

        def printed(computer, cause):
            return ('{"rollcall-check":1,"computer":"%s","results":[{"cause":"%s","found":true,"what":"it \x1b\u2028 is"},'
                    '{"cause":"CRF.1","found":false,"what":""}]}' % (computer, cause)).replace("\x1b", "\\u001b")
        path = self.path("check.json", printed("PC1", "CRF.5").encode("utf-16"))
        text = self.with_database("show", "1", "pc1.corp.example", "--check", path).out
        self.assertIn("Check script, given on ", text)
        self.assertIn("CRF.5, found: it", text)
        self.assertNotIn("\x1b", text)
        self.assertIn("The check script found it on the target.", text)
        (event,) = self.events(self.with_database("show", "1", "pc1.corp.example", "--json").out)
        self.assertEqual((event["causes"][0]["id"], event["causes"][0]["likelihood"]), ("CRF.5", "likely"))
        self.assertEqual([(entry["cause"], entry["found"]) for entry in event["check_list"]], [("CRF.5", True), ("CRF.1", False)])
        done = self.with_database("show", "1", "pc1.corp.example", "--check", "-", stdin=printed("PC2", "CRF.5"), status=FAILED)
        self.assertIn("“PC2”, which is not pc1.corp.example", done.err)
        self.assertIn("not JSON", self.with_database("show", "1", "pc1.corp.example", "--check", "-", stdin="Get-Service",
                                                     status=FAILED).err)
        for path, why in ((self.path("none"), "No such file"), (self.folder, "Is a directory")):
            self.assertIn(why, self.with_database("show", "1", "pc1.corp.example", "--check", path, status=FAILED).err)
