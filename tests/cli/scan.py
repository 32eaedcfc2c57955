# SPDX-License-Identifier: GPL-3.0-or-later
"""`scan` from end to end over loopback, where every closed port refuses at once."""
import collections
import os
import socket
import sqlite3
import stat

from support import FAILED, LABELS, USAGE, Case, closed_port

COMPUTER_FIELDS = {
    "event", "scan", "ordinal", "target", "address", "status_code", "status_id", "status", "layer", "step",
    "error_space", "error_number", "error", "error_name", "said_by", "attempts", "started_at", "duration_ms",
    "computer_name", "domain", "credential", "classes_collected", "classes_planned", "os", "os_version", "os_build",
    "manufacturer", "model", "serial_number", "processors", "cores", "memory_bytes", "directory",
}


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.20.0.1", port)) == 0


class Scan(Case):
    def setUp(self):
        super().setUp()
        self.port = str(closed_port())

    def probe(self, *words, **more):
        return self.scan("--probe-only", "--port", self.port, *words, **more)

    def test_every_address_of_a_network_refuses(self):
        if listens(135):
            self.skipTest("something listens on port 135 of this machine")
        done = self.scan("--probe-only", "127.20.0.0/18", "--csv", "-")
        rows = self.rows(done.out)
        self.assertEqual(len(rows), 16_382)
        self.assertEqual(rows[0]["target"], "127.20.0.1")
        self.assertEqual(rows[-1]["target"], "127.20.63.254")
        found = collections.Counter((row["status_code"], row["status_id"], row["status"], row["step"], row["error"],
                                     row["attempts"]) for row in rows)
        self.assertEqual(found, {("103", "connection-refused", LABELS[103], "connect", "ECONNREFUSED", "1"): 16_382})
        self.assertTrue(all(row["error_name"] for row in rows))
        self.assertEqual(len({row["target"] for row in rows}), 16_382)
        self.assertTrue(all(row["address"] == row["target"] for row in rows))
        self.assertIn("16382", done.err.replace(",", ""))
        self.assertSound()

    def test_open_port_is_reachable(self):
        with socket.create_server(("127.0.1.1", int(self.port))):
            rows = self.rows(self.probe("127.0.1.1", "127.0.1.2", "--csv", "-").out)
        self.assertEqual([(row["status_code"], row["status_id"], row["status"], row["error"]) for row in rows],
                         [("", "reachable", rows[0]["status"], ""), ("103", "connection-refused", LABELS[103], "ECONNREFUSED")])
        self.assertTrue(rows[0]["status"])

    def test_without_credentials_an_open_port_ends_as_309(self):
        with socket.create_server(("127.0.1.1", int(self.port))):
            rows = self.rows(self.scan("127.0.1.1", "--port", self.port, "--csv", "-").out)
        self.assertEqual([(row["status_code"], row["status"]) for row in rows],
                         [("309", "Failed - No credentials provided")])

    def test_summary(self):
        done = self.probe("127.0.1.0/28", "--name", "Head office")
        self.assertIn("Scan 1: Head office", done.out)
        self.assertRegex(done.out, r"(?m)^ *103  Failed – Connection Refused +14 +100\.0 %$")
        self.assertIn("rollcall-cli explain 103", done.out)
        self.assertIn(f"rollcall-cli show --database {self.database} 1 COMPUTER", done.out)
        self.assertRegex(done.err, r"\Arollcall-cli: Scan 1 is finished: 14 computers, .+\.\n\Z")

    def test_quiet_without_a_terminal(self):
        done = self.probe("127.0.1.0/24")
        self.assertNotIn("\r", done.out + done.err)
        self.assertNotIn("\033", done.out + done.err)
        self.assertEqual(len(done.err.splitlines()), 1)

    def test_csv_wins_standard_output(self):
        done = self.probe("127.0.1.1", "--csv", "-")
        self.assertEqual(len(self.rows(done.out)), 1)
        self.assertIn("Failed – Connection Refused", done.err)

    def test_csv_file(self):
        path = self.path("out.csv")
        done = self.probe("127.0.1.1-9", "--csv", path)
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        self.assertEqual(len(self.rows(text)), 9)
        self.assertTrue(text.endswith("\r\n"))
        self.assertIn("Failed – Connection Refused", done.out)
        self.assertEqual(sorted(name for name in os.listdir(self.folder) if not name.startswith("rollcall.db")), ["out.csv"])

    def test_csv_that_can_not_be_written_is_said_first(self):
        done = self.probe("127.0.1.1", "--csv", self.path("no/such/folder.csv"), status=FAILED)
        self.assertEqual(len(done.err.splitlines()), 1)
        self.assertFalse(os.path.exists(self.database))

    def test_json(self):
        done = self.probe("127.0.1.0/28", "--name", "Büro", "--json")
        events = [event for event in self.events(done.out) if event["event"] != "progress"]  # of a slow machine
        self.assertEqual([event["event"] for event in events], ["scan"] + ["computer"] * 14 + ["summary"])
        first, computers, last = events[0], events[1:-1], events[-1]
        self.assertEqual((first["name"], first["targets"], first["practice"], first["resumed"]), ("Büro", 14, False, False))
        for computer in computers:
            self.assertEqual(set(computer), COMPUTER_FIELDS)
        self.assertEqual({computer["ordinal"] for computer in computers}, set(range(14)))
        one = next(computer for computer in computers if computer["ordinal"] == 4)
        self.assertEqual({key: one[key] for key in ("target", "address", "status_code", "status_id", "status", "layer",
                                                    "step", "error_space", "error_number", "error", "attempts")},
                         {"target": "127.0.1.5", "address": "127.0.1.5", "status_code": 103,
                          "status_id": "connection-refused", "status": LABELS[103], "layer": "network", "step": "connect",
                          "error_space": "errno", "error_number": 111, "error": "ECONNREFUSED", "attempts": 1})
        self.assertRegex(one["started_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual((last["state"], last["done"], last["targets"]), ("finished", 14, 14))
        self.assertEqual([(s["status_code"], s["count"]) for s in last["statuses"]], [(103, 14)])

    def test_json_beside_a_csv_file(self):
        path = self.path("out.csv")
        events = self.events(self.probe("127.0.1.1", "--json", "--csv", path).out)
        self.assertEqual([event["event"] for event in events if event["event"] != "progress"], ["scan", "computer", "summary"])
        self.assertTrue(os.path.exists(path))

    def test_labels_are_english_in_csv_and_json(self):
        done = self.probe("127.0.1.1", "--csv", "-", env={"LANGUAGE": "de"})
        self.assertEqual(self.rows(done.out)[0]["status"], LABELS[103])

    def test_one_of_each_is_said_in_the_singular(self):
        self.assertIn("1 computer,", self.probe("127.0.1.1").err)

    def test_the_database_is_private_and_has_a_version(self):
        self.probe("127.0.1.1")
        self.assertEqual(stat.S_IMODE(os.stat(self.database).st_mode), 0o600)
        database = sqlite3.connect(self.database)
        self.addCleanup(database.close)
        self.assertGreater(database.execute("PRAGMA user_version").fetchone()[0], 0)

    def test_default_database(self):
        home = self.path("data")
        self.cli("scan", "--probe-only", "--port", self.port, "127.0.1.1", env={"XDG_DATA_HOME": home})
        path = os.path.join(home, "rollcall", "rollcall.db")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)

    def test_wrong_name_server(self):
        for option, value in (("--dns", "not-an-address"), ("--dns", ""), ("--dns-search", "a..b")):
            with self.subTest(option):
                self.assertIn(f"“{value}”", self.probe("pc1.example", option, value, status=USAGE).err)
        self.assertFalse(os.path.exists(self.database))

    def test_nothing_to_resume(self):
        self.assertEqual(len(self.scan("--resume", status=FAILED).err.splitlines()), 1)
        self.probe("127.0.1.1")
        self.assertEqual(len(self.scan("--resume", status=FAILED).err.splitlines()), 1)
        self.assertIn("finished", self.scan("--resume", "1", status=FAILED).err)
        self.assertIn("7", self.scan("--resume", "7", status=FAILED).err)


class BadDatabase(Case):
    """Clear single lines, and nothing in the file is touched."""

    def refused(self, command, *words):
        with open(self.database, "rb") as file:
            before = file.read()
        done = self.with_database(command, *words, status=FAILED)
        self.assertEqual(done.out, "")
        self.assertEqual(len(done.err.splitlines()), 1, done.err)
        self.assertIn(self.database, done.err)
        with open(self.database, "rb") as file:
            self.assertEqual(file.read(), before)
        return done.err

    def commands(self):
        return (("scan", "--probe-only", "127.0.1.1"), ("scan", "--resume"), ("list",), ("report",),
                ("show", "127.0.1.1"), ("export", "--csv", "-"))

    def test_newer(self):
        self.scan("--probe-only", "--port", str(closed_port()), "127.0.1.1")
        with sqlite3.connect(self.database) as database:
            database.execute("PRAGMA user_version = 999")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        for command in self.commands():
            with self.subTest(command):
                self.assertIn("newer", self.refused(*command))

    def test_older(self):
        """Brought up by whoever opens it, with a backup: nobody has to start a scan to see the earlier ones."""
        self.scan("--probe-only", "--port", str(closed_port()), "127.0.1.1")
        expected = self.with_database("report").out
        for command in self.commands()[2:]:
            with sqlite3.connect(self.database) as database:
                database.executescript("DROP TABLE directory_facts; PRAGMA user_version = 4")
            database.close()
            with self.subTest(command):
                self.assertEqual(self.with_database(*command).err, "")
                self.assertEqual(self.with_database("report").out, expected)
                os.unlink(self.database + ".version-4.backup")

    def test_some_other_database(self):
        with sqlite3.connect(self.database) as database:
            database.execute("CREATE TABLE recipes (name TEXT)")
        database.close()
        for command in self.commands():
            with self.subTest(command):
                self.refused(*command)

    def test_some_other_file(self):
        self.path("rollcall.db", "Dear diary,\n" * 100)
        for command in self.commands():
            with self.subTest(command):
                self.refused(*command)

    def test_locked(self):
        self.scan("--probe-only", "--port", str(closed_port()), "127.0.1.1")
        other = sqlite3.connect(self.database, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        done = self.scan("--probe-only", "127.0.1.1", status=FAILED)
        self.assertEqual(len(done.err.splitlines()), 1, done.err)
        self.assertIn(self.database, done.err)
        self.assertEqual(len(self.events(self.with_database("list", "--json").out)), 1, "reading goes on")

    def test_a_directory(self):
        done = self.cli("list", "--database", self.folder, status=FAILED)
        self.assertEqual(len(done.err.splitlines()), 1)

    def test_not_there_yet(self):
        for command in (("list",), ("report",), ("show", "127.0.1.1"), ("export", "--csv", "-")):
            with self.subTest(command):
                done = self.with_database(*command, status=FAILED)
                self.assertEqual(len(done.err.splitlines()), 1, done.err)
                self.assertFalse(os.path.exists(self.database), "looking does not make one")
