# SPDX-License-Identifier: GPL-3.0-or-later
"""`export` of many computers: equal to the database, row by row, to readers that are not ours; in little memory."""
import csv
import datetime
import json
import os
import resource
import sqlite3
import stat
import subprocess
import sys
import unittest

from support import COLUMNS, FAILED, PROGRAM, SANITIZED, STORED_INVENTORY, USAGE, Case, environment

MANY = 100000

# Names as bad as they come: formulas, quotes, line ends, letters of three scripts.
FILL = f"""
WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY - 1})
INSERT INTO computers (scan, ordinal, target, address, status, step, said_by, error_space, error_number, attempts, started_at,
    duration_us, credential, classes_collected, classes_planned, computer_name, domain, os, os_version, os_build,
    manufacturer, model, serial_number, processors, cores, memory_bytes) SELECT 1, i,
    CASE i % 7 WHEN 0 THEN '=cmd|''/C calc''!A' || i WHEN 1 THEN '-pc"' || i || '",' WHEN 2 THEN 'Ω東ü' || i
               WHEN 3 THEN '@a' || char(13, 10) || i ELSE 'pc' || i || '.corp.example' END,
    CAST(char(10, 1 + i % 100, 1 + i / 100 % 100, 1 + i / 10000) AS BLOB),
    p.status, p.step, p.said_by, p.error_space, p.error_number, 1 + i % 4, p.started_at + i * 1001, i * 997,
    p.credential, p.classes_collected, p.classes_planned, p.computer_name, p.domain, p.os, '+' || i, p.os_build,
    p.manufacturer, p.model, char(9) || i, p.processors, p.cores, p.memory_bytes * i
FROM n JOIN computers p ON p.scan = 1 AND p.ordinal = i % 3"""


def defused(text):
    return "'" + text if text[:1] and text[0] in "=+-@\t\r" else text


def time_text(us):
    if not us:
        return ""
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def expected(row):
    """The columns of the contract that stand in the database as they are."""
    memory = row["memory_bytes"] % (1 << 64)
    cells = {"target": row["target"], "address": ".".join(map(str, row["address"])), "attempts": row["attempts"],
             "status_code": row["status"], "started_at": time_text(row["started_at"]),
             "duration_ms": row["duration_us"] // 1000, "memory_bytes": memory or None}
    for column in ("computer_name", "domain", "credential", "os", "os_version", "os_build", "manufacturer", "model",
                   "serial_number"):
        cells[column] = row[column]
    for column in ("processors", "cores"):
        cells[column] = row[column] or None
    return cells


class Many(Case):
    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.place = tempfile.mkdtemp(prefix="rollcall-test-")
        cls.many = os.path.join(cls.place, "many.db")
        subprocess.run([STORED_INVENTORY, cls.many], check=True)
        with sqlite3.connect(cls.many) as database:
            database.execute(FILL)
            database.execute(f"UPDATE scans SET targets = {MANY}")
            database.execute(f"INSERT INTO tallies VALUES (1, 399, {MANY - 3})")
        database.close()

    @classmethod
    def tearDownClass(cls):
        import shutil
        shutil.rmtree(cls.place)

    def setUp(self):
        super().setUp()
        self.database = self.many

    def stored(self):
        database = sqlite3.connect(self.many)
        database.row_factory = sqlite3.Row
        yield from database.execute("SELECT * FROM computers ORDER BY ordinal")
        database.close()

    def test_csv_is_the_database(self):
        path = self.path("many.csv")
        self.with_database("export", "--csv", path)
        n = 0
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            self.assertEqual(reader.fieldnames, COLUMNS)
            for found, row in zip(reader, self.stored(), strict=True):
                self.assertEqual(len(found), len(COLUMNS))
                for column, value in expected(row).items():
                    text = "" if value is None else str(value)
                    self.assertEqual(found[column], defused(text) if isinstance(value, str) else text, (n, column))
                n += 1
        self.assertEqual(n, MANY)

    def test_json_lines_are_the_database(self):
        path = self.path("many.jsonl")
        self.with_database("export", "--jsonl", path)
        n = 0
        with open(path, encoding="utf-8", newline="\n") as file:
            for line, row in zip(file, self.stored(), strict=True):
                found = json.loads(line)
                if n % 1000 == 0:
                    self.assertEqual(list(found), COLUMNS)
                for column, value in expected(row).items():
                    self.assertEqual(found[column], value, (n, column))
                n += 1
        self.assertEqual(n, MANY)

    @unittest.skipIf(SANITIZED, "a sanitizer keeps what was freed")
    def test_memory_is_flat(self):
        def peak(*words):
            program = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
                       "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
            return int(subprocess.run([sys.executable, "-c", program, PROGRAM, "export", *words], check=True,
                                      capture_output=True, text=True, env=environment(XDG_CONFIG_HOME=self.folder)).stdout)
        few = self.path("few.db")
        subprocess.run([STORED_INVENTORY, few], check=True)
        for words in (("--csv", "-"), ("--jsonl", "-", "--redact")):
            with self.subTest(words):
                self.assertLess(peak(*words, "--database", self.many), peak(*words, "--database", few) + 6 * 1024)


class Files(Case):
    def setUp(self):
        super().setUp()
        subprocess.run([STORED_INVENTORY, self.database], check=True)

    def test_json_lines_have_types(self):
        (disk, _) = self.events(self.with_database("export", "--jsonl", "-", "--what", "Win32_LogicalDisk").out)
        self.assertEqual((disk["target"], disk["Size"], disk["FreeSpace"], disk["Compressed"], disk["FileSystem"]),
                         ("pc1.corp.example", 18446744073709551615, None, False, "NTFS"))
        steps = self.events(self.with_database("export", "--jsonl", "-", "--what", "steps").out)
        self.assertEqual((steps[0]["attempt"], steps[0]["step"], steps[2]["error"]), (1, "connect", "ECONNREFUSED"))

    def test_the_old_file_stays(self):
        path = self.path("out.jsonl", "old")
        self.sql("UPDATE computers SET step = 9999 WHERE ordinal = 2")
        self.with_database("export", "--jsonl", path, status=FAILED)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.sql("UPDATE computers SET step = 2 WHERE ordinal = 2")
        new = self.path("new.jsonl")
        self.with_database("export", "--jsonl", new)
        self.assertEqual(stat.S_IMODE(os.stat(new).st_mode), 0o600)

    def test_a_full_disk_leaves_the_old_file(self):
        path = self.path("out.csv", "old")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        done = subprocess.run([PROGRAM, "export", "--database", self.database, "--csv", path], preexec_fn=limit,
                              capture_output=True, text=True, env=environment())
        self.assertEqual(done.returncode, FAILED, done.stderr)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith(".")], [])

    def test_the_database_is_not_written_over(self):
        link = self.path("link.csv")
        os.link(self.database, link)
        for words in (("export", "--csv", self.database), ("export", "--jsonl", link), ("report", "--html", link),
                      ("diff", "1", "1", "--csv", link), ("scan", "--probe-only", "127.0.0.1", "--csv", self.database)):
            with self.subTest(words):
                self.assertIn("all scans", self.with_database(*words, status=FAILED).err)
        self.assertEqual(len(self.with_database("list").out.splitlines()), 2)
        self.assertSound()

    def test_mistakes(self):
        self.with_database("export", status=USAGE)
        self.with_database("export", "--csv", "-", "--jsonl", "-", status=USAGE)
        self.with_database("export", "--csv-raw", "--jsonl", "-", status=USAGE)
