# SPDX-License-Identifier: GPL-3.0-or-later
"""Ctrl+C, a second Ctrl+C, and the power cord: what was collected is kept, and the scan goes on from there."""
import json
import random
import signal
import subprocess
import time

from support import PROGRAM, STOPPED, Case, NameServer, closed_port, end, environment

NAMES = 22_000  # a thousand are asked at once: more than twenty short runs can finish
DELAY_MS = 300


class Stop(Case):
    """A scan that takes some seconds: every name's answer comes late."""

    def setUp(self):
        super().setUp()
        self.port = str(closed_port())
        server = NameServer(f"*.lab.example=numbered:127.30.0.0,delay:{DELAY_MS}")
        server.__enter__()
        self.addCleanup(server.__exit__)
        self.server = server

    def slow(self, names=NAMES):
        path = self.path("names.txt", "".join(f"pc{i}.lab.example\n" for i in range(1, names + 1)))
        return ["--probe-only", "--port", self.port, "--dns", self.server.address, "--targets", path]

    def run_until(self, condition, *words):
        """Starts a scan and waits for a JSON event; the rest is the caller's."""
        process = self.start("scan", "--database", self.database, "--json", *words)
        for line in process.stdout:
            if condition(json.loads(line)):
                return process
        self.fail("the scan ended too early: " + process.stderr.read().decode())

    def test_interrupt_and_resume(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number.name):
                process = self.run_until(lambda event: event["event"] == "computer", *self.slow(3000))
                process.send_signal(number)
                began = time.monotonic()
                out, err = self.finish(process, STOPPED)
                self.assertLess(time.monotonic() - began, 10)
                scan = self.events(out)[-1]
                self.assertEqual((scan["event"], scan["state"]), ("summary", "stopped"))
                self.assertLess(scan["done"], 3000)
                self.assertIn(f"scan --database {self.database} --resume {scan['scan']}", err)
                self.assertSound()
                self.assertRegex(self.with_database("list").out, rf"(?m)^ +{scan['scan']} .* stopped ")
        rows = self.rows(self.scan("--resume", str(scan["scan"]), "--csv", "-").out)
        self.assertEqual([row["target"] for row in rows], [f"pc{i}.lab.example" for i in range(1, 3001)])
        self.assertEqual({row["status_code"] for row in rows}, {"103"})

    def test_progress_tells_how_many_have_which_status(self):
        process = self.start("scan", "--database", self.database, "--json", *self.slow())
        events = (json.loads(line) for line in process.stdout)
        event = next(event for event in events if event["event"] == "progress" and event["done"] > 0)
        counts = {status["status_id"]: status["count"] for status in event["statuses"]}
        self.assertEqual(sum(counts.values()), NAMES)
        self.assertEqual(counts["connection-refused"], event["done"])
        process.send_signal(signal.SIGINT)
        self.finish(process, STOPPED)

    def test_second_interrupt_ends_at_once(self):
        process = self.run_until(lambda event: event["event"] == "computer", *self.slow(3000))
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        self.finish(process, STOPPED)
        self.assertSound()

    def test_interrupt_while_targets_are_read(self):
        process = self.start("scan", "--database", self.database, "--targets", "-", stdin=subprocess.PIPE)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), STOPPED)
        process.stdin.close()

    def test_show_of_a_computer_that_was_not_reached(self):
        process = self.run_until(lambda event: event["event"] == "computer", *self.slow())
        process.send_signal(signal.SIGINT)
        self.finish(process, STOPPED)
        text = self.with_database("show", f"pc{NAMES}.lab.example").out
        self.assertIn("not-started", text)
        rows = self.rows(self.with_database("export", "--csv", "-").out)
        self.assertEqual(len(rows), NAMES)
        self.assertEqual((rows[-1]["status_code"], rows[-1]["status_id"]), ("", "not-started"))

    def test_only_one_at_a_time(self):
        process = self.run_until(lambda event: event["event"] == "computer", *self.slow())
        done = self.scan("--resume", "1", status=1)
        self.assertEqual(len(done.err.splitlines()), 1)
        self.assertIn(" running ", self.with_database("list").out)
        process.send_signal(signal.SIGINT)
        self.finish(process, STOPPED)

    def test_twenty_kills(self):
        """No target lost, none doubled, and what was told is stored."""
        luck = random.Random()
        seed = luck.randrange(1 << 30)
        luck.seed(seed)
        words = [*self.slow(), "127.31.0.0/19"]
        announced = set()
        for kill in range(20):
            log = self.path(f"out{kill}.json")
            with open(log, "wb") as out:
                process = subprocess.Popen([PROGRAM, "scan", "--database", self.database, "--json", *words], stdout=out,
                                           stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment())
            self.addCleanup(end, process)
            time.sleep(luck.uniform(0.0, 0.5) if kill else 0.7)
            self.assertIsNone(process.poll(), f"ended by itself: seed {seed}")
            process.kill()
            process.wait(30)
            with open(log, "rb") as file:
                lines = file.read().split(b"\n")[:-1]
            announced |= {event["ordinal"] for event in map(json.loads, lines) if event["event"] == "computer"}
            self.assertSound()
            words = ["--resume", "1"]
        self.assertIn(" interrupted ", self.with_database("list").out)
        stored = self.rows(self.with_database("export", "1", "--csv", "-").out)
        for ordinal in announced:
            self.assertEqual(stored[ordinal]["status_code"], "103", f"told but not stored: seed {seed}")
        self.assertTrue(announced)

        resumed = self.scan("--resume", "--csv", "-")
        rows = self.rows(resumed.out)
        names = [f"pc{i}.lab.example" for i in range(1, NAMES + 1)]
        self.assertEqual(len(rows), NAMES + 8190)
        self.assertEqual(sorted(row["target"] for row in rows if row["target"].startswith("pc")), sorted(names))
        self.assertEqual(len({row["target"] for row in rows}), len(rows))
        self.assertEqual({row["status_code"] for row in rows}, {"103"})
        self.assertEqual({row["attempts"] for row in rows}, {"1"}, "nothing is asked twice that was answered once")
        self.assertSound()
