# SPDX-License-Identifier: GPL-3.0-or-later
"""Computers of a stored scan, tested again: `retest`."""
import socket

from support import FAILED, OK, USAGE, Case, closed_port


class Retest(Case):
    def setUp(self):
        super().setUp()
        self.port = closed_port()
        self.scan("127.30.0.1-3", "127.30.0.9", "--probe-only", "--port", str(self.port))

    def listen(self, address):
        listener = socket.create_server((address, self.port))
        self.addCleanup(listener.close)

    def statuses(self):
        return {row["target"]: row["status_id"] for row in self.rows(self.with_database("export", "--csv", "-").out)}

    def test_what_answers_now_is_shown_before_and_after(self):
        self.listen("127.30.0.2")
        done = self.with_database("retest", "127.30.0.2", "127.30.0.3")
        self.assertRegex(done.out, r"127\.30\.0\.2 +Failed – Connection Refused +\S.*eachable")
        self.assertRegex(done.out, r"127\.30\.0\.3 +Failed – Connection Refused +Failed – Connection Refused")
        self.assertNotIn("127.30.0.1 ", done.out)
        self.assertEqual(self.statuses(), {"127.30.0.1": "connection-refused", "127.30.0.2": "reachable",
                                           "127.30.0.3": "connection-refused", "127.30.0.9": "connection-refused"})
        shown = self.with_database("show", "127.30.0.2").out
        self.assertIn("Earlier test", shown)
        self.assertIn("Connection Refused", shown)
        (event,) = self.events(self.with_database("show", "127.30.0.2", "--json").out)
        self.assertEqual([entry["status_id"] for entry in event["earlier_list"]], ["connection-refused"])
        self.assertEqual(event["attempts"], 1)
        self.assertSound()

    def test_a_status_is_tested_again(self):
        self.listen("127.30.0.9")
        events = self.events(self.with_database("retest", "--status", "103", "--json").out)
        again = {event["target"]: (event["before"], event["after"]) for event in events if event["event"] == "retest"}
        self.assertEqual(len(again), 4)
        self.assertEqual(again["127.30.0.9"], ("connection-refused", "reachable"))
        again = self.events(self.with_database("retest", "1", "--status", "reachable", "--json").out)
        self.assertEqual([event["target"] for event in again if event["event"] == "retest"], ["127.30.0.9"])

    def test_the_rest_is_left_alone(self):
        before = self.with_database("show", "127.30.0.1", "--json").out
        self.with_database("retest", "127.30.0.3")
        self.assertEqual(self.with_database("show", "127.30.0.1", "--json").out, before)
        self.assertIn("finished", self.with_database("list").out)

    def test_the_scan_took_as_long_as_it_took(self):
        (before,) = self.events(self.with_database("list", "--json").out)
        self.with_database("retest", "127.30.0.3")
        (after,) = self.events(self.with_database("list", "--json").out)
        self.assertEqual(after, before)

    def test_a_stopped_scan_stays_stopped(self):
        self.sql("UPDATE scans SET state = 1")
        self.with_database("retest", "127.30.0.3")
        self.assertIn("stopped", self.with_database("list").out)
        self.scan("--resume")

    def test_mistakes(self):
        for words in ((), ("--status", "1234"), ("--status", "no-such-status")):
            self.with_database("retest", *words, status=USAGE)
        self.assertIn("not tested", self.with_database("retest", "127.30.0.77", status=FAILED).err)
        self.assertIn("no scan 9", self.with_database("retest", "9", "127.30.0.1", status=FAILED).err.replace("There is ", ""))
        self.assertIn("has such a status", self.with_database("retest", "--status", "0", status=FAILED).err)
        self.assertEqual(set(self.statuses().values()), {"connection-refused"})

    def test_the_practice_network_answers_at_once(self):
        database = self.path("practice.db")
        self.cli("scan", "--database", database, "--practice", "--watchdog", "1", "--connect-timeout", "1", "--retries", "0")
        done = self.cli("retest", "--database", database, "pc-003", "pc-001.accounts.practice.example", status=OK)
        self.assertRegex(done.out, r"pc-003\S+ +Failed – Access Denied +Failed – Access Denied")
        self.assertRegex(done.out, r"pc-001\S+ +Success +Success")
        (event,) = self.events(self.cli("show", "--database", database, "pc-001", "--json").out)
        self.assertGreater(event["classes_collected"], 20)
