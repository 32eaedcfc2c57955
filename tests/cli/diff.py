# SPDX-License-Identifier: GPL-3.0-or-later
"""`diff`: two scans beside each other. The database is made by tests/support/stored-inventory.c and then changed."""
import csv
import io
import re
import subprocess

from support import FAILED, OK, PROGRAM, STORED_INVENTORY, USAGE, Case, environment

HEADER = ["group", "target", "address", "computer_name", "field", "item", "before", "after"]


class Difference(Case):
    def setUp(self):
        super().setUp()
        subprocess.run([STORED_INVENTORY, self.database], check=True)
        subprocess.run([STORED_INVENTORY, self.database], check=True)

    def change(self):
        """Scan 2: more memory in pc1, pc2 without a service, pc3 answers and is known under another name."""
        self.sql("UPDATE computers SET memory_bytes = 34359738368, os_build = '26100' WHERE scan = 2 AND ordinal = 0")
        self.sql("UPDATE computers SET status = 201 WHERE scan = 2 AND ordinal = 1")
        self.sql("UPDATE computers SET target = '=new' WHERE scan = 2 AND ordinal = 2")

    def test_nothing_changed(self):
        text = self.with_database("diff", "1", "2").out
        self.assertIn("Scan 1: Stored", text)
        self.assertIn("Scan 2: Stored", text)
        self.assertIn("3 computers are in both scans, and changed are 0.", text)
        self.assertIn("2 computers have an inventory in both.", text)
        (event,) = self.events(self.with_database("diff", "1", "2", "--json").out)
        self.assertEqual((event["event"], event["scan_before"], event["scan_after"], event["matched"], event["changed"]),
                         ("difference", 1, 2, 3, 0))
        self.assertEqual(set(event["changes"].values()), {0})

    def test_text(self):
        self.change()
        text = self.with_database("diff", "1", "2").out
        self.assertRegex(text, r"(?m)^ *New computers +1$")
        self.assertRegex(text, r"(?m)^ *Status changes +1$")
        self.assertIn("Success → Failed – Access Denied: pc2.corp.example", text)
        self.assertIn("Memory 16.0\u00a0GiB → 32.0\u00a0GiB: pc1.corp.example", text)
        self.assertIn("Build 22631 → 26100: pc1.corp.example", text)
        self.assertIn("Failed – Connection Refused: pc3.corp.example", text)

    def test_json(self):
        self.change()
        *events, last = self.events(self.with_database("diff", "1", "2", "--json").out)
        self.assertEqual({event["event"] for event in events}, {"change"})
        self.assertEqual([(e["group"], e["target"], e["field"], e["before"], e["after"]) for e in events],
                         [("system", "pc1.corp.example", "os_build", "22631", "26100"),
                          ("hardware", "pc1.corp.example", "memory_bytes", 17179869184, 34359738368),
                          ("status", "pc2.corp.example", "status", "success", "access-denied"),
                          ("new", "=new", "status", None, "connection-refused"),
                          ("gone", "pc3.corp.example", "status", "connection-refused", None)])
        self.assertEqual(last["changes"], {"new": 1, "gone": 1, "status": 1, "identity": 0, "system": 1, "hardware": 1,
                                           "software": 0})

    def test_csv(self):
        self.change()
        done = self.with_database("diff", "1", "2", "--csv", "-")
        table = list(csv.reader(io.StringIO(done.out, newline=""), strict=True))
        self.assertEqual(table[0], HEADER)
        self.assertEqual(table[2], ["hardware", "pc1.corp.example", "10.0.0.1", "PC1", "memory_bytes", "", "17179869184",
                                    "34359738368"])
        self.assertEqual([row[1] for row in table if row[0] == "new"], ["'=new"])
        self.assertIn("Success → Failed – Access Denied", done.err)
        path = self.path("changes.csv", "old")
        self.assertIn("Success →", self.with_database("diff", "1", "2", "--csv", path).out)
        with open(path, encoding="utf-8", newline="") as file:
            self.assertEqual(file.read(), done.out)

    def test_redacted(self):
        self.change()
        self.sql("UPDATE computers SET serial_number = 'SN-NEW', computer_name = 'RENAMED', domain = 'other.example' "
                 "WHERE scan = 2 AND ordinal = 0")
        env = {"XDG_CONFIG_HOME": self.path("config")}
        table = self.with_database("diff", "1", "2", "--csv", "-", "--redact", env=env)
        texts = (table.out, table.err, self.with_database("diff", "1", "2", "--json", "--redact", env=env).out,
                 self.with_database("diff", "1", "2", "--redact", env=env).out)
        for text in texts:
            bare = re.sub(r"(pc|net|host|domain|serial)-[0-9a-f]{12}", "", text).casefold()
            for secret in ("pc1", "pc2", "pc3", "corp.example", "other.example", "renamed", "10.0.0.", "sn-new", "00042", "=new",
                           "stored"):
                self.assertNotIn(secret, bare)
        token = re.search(r"hardware,(pc-[0-9a-f]{12}\.domain-[0-9a-f]{12}),net-", table.out)[1]
        for text in texts:
            self.assertIn(token, text)
        self.assertIn("memory_bytes,,17179869184,34359738368", table.out)

    def test_mistakes(self):
        for words in ((), ("1",), ("1", "2", "3"), ("one", "2")):
            self.with_database("diff", *words, status=USAGE)
        self.with_database("diff", "1", "2", "--json", "--csv", "-", status=USAGE)
        self.assertIn("There is no scan 9", self.with_database("diff", "1", "9", status=FAILED).err)
        self.with_database("diff", "1", "2", "--csv", self.path("no/such/folder.csv"), status=FAILED)

    def test_many(self):
        """What changed on many alike is one line."""
        database = self.path("many.db")
        for _ in range(2):
            subprocess.run([STORED_INVENTORY, database, "2000"], check=True)
        self.database = database
        self.sql("UPDATE computers SET os_build = '26100' WHERE scan = 2 AND ordinal % 2 = 0")
        text = self.with_database("diff", "1", "2").out
        self.assertIn("Build 22631 → 26100: 1000 computers: pc1.corp.example, pc3.corp.example,", text)
        self.assertEqual(len(self.events(self.with_database("diff", "1", "2", "--json").out)), 1001)

        # A reader of the lines that goes away leaves the table whole.
        path = self.path("changes.csv")
        done = subprocess.run(["sh", "-c", '"$0" diff --database "$1" 1 2 --json --csv "$2" | head -n 1', PROGRAM, database, path],
                              capture_output=True, env=environment())
        self.assertEqual((done.returncode, done.stderr), (OK, b""))
        with open(path, encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.reader(file))), 1 + 1000)
