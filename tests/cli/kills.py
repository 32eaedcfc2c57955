# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories under the power cord, and on disks that fail: a scan disturbed again and again ends as one that nobody disturbed."""
import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import time

from support import PROGRAM, STOPPED, Case, end, environment

COMPUTERS = 160
BIG_ONES = 13  # one in so many has two thousand programs
KILLS = 20
FEW = 56  # of 60, without the big ones
SHORT = ("--watchdog", "3", "--connect-timeout", "1", "--retry-delay", "0", "--jobs", "48")
COLLECTED = 1


class Kills(Case):
    def start_lab(self, computers=COMPUTERS):
        """A new one for each scan: some computers behave from their third visit on only."""
        lab = self.start("lab", "--computers", str(computers), stderr=subprocess.DEVNULL)
        for line in lab.stdout:
            if b"|" in line:
                words = line.decode().split()
                return lab, words[-3], words[-1]
        self.fail("the practice network did not start")

    def end_lab(self, lab):
        lab.send_signal(signal.SIGINT)
        self.assertEqual(lab.wait(60), STOPPED)

    def words(self, port, dns, computers=COMPUTERS):
        listing = self.cli("lab", "--list", "--computers", str(computers)).out.splitlines()
        targets = self.path("targets", "\n".join(line for i, line in enumerate(listing) if i % BIG_ONES != BIG_ONES - 1))
        credentials = self.path("credentials", "[credential P]\nusername=PRACTICE\\scanner\nprotocols=ntlm\n"
                                               "password=practice-makes-perfect\nscope=*.practice.example;127.86.0.0/16\n")
        os.chmod(credentials, 0o600)
        return ["--targets", targets, "--port", port, "--dns", dns, *SHORT], ["--credentials", credentials]

    def query(self, statement):
        with sqlite3.connect(self.database) as database:
            rows = database.execute(statement).fetchall()
        database.close()
        return rows

    def result(self):
        """What a scan found out, and nothing of when."""
        statuses = self.query("SELECT target, status, classes_collected, classes_planned, os, memory_bytes FROM computers")
        classes = self.query("SELECT target, collector, outcome, n_rows, classes.error_space, classes.error_number "
                             "FROM classes JOIN computers USING (scan, ordinal)")
        return sorted(statuses), sorted(classes)

    def collected(self):
        return set(self.query(f"SELECT ordinal, collector, n_rows FROM classes WHERE outcome = {COLLECTED}"))

    def run_for(self, seconds, words):
        """Returns: whether it had to be killed"""
        process = subprocess.Popen([PROGRAM, "scan", "--database", self.database, *words], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
        self.addCleanup(end, process)
        time.sleep(seconds)
        alive = process.poll() is None
        process.kill()
        process.wait(30)
        return alive

    # --- Disks ---

    def begin(self, *words):
        """Runs until some computers are done. A file that would become too large is an error then, not a signal."""
        scan = self.start("scan", "--database", self.database, "--json", *words, stderr=subprocess.DEVNULL,
                          restore_signals=False)
        for _ in range(8):
            self.read_until(scan, "computer")
        return scan

    def read_until(self, scan, event, kind=None):
        for line in scan.stdout:
            found = json.loads(line)
            if found["event"] == event and kind in (None, found.get("kind")):
                return found
        self.fail(f"no {event} {kind}")

    def limit_files(self, scan, size):
        resource.prlimit(scan.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def assertWhole(self):
        self.assertSound()
        self.assertEqual(self.query("SELECT count(*), count(DISTINCT ordinal) FROM computers"), [(FEW, FEW)])
        self.assertEqual(self.query("SELECT count(*) FROM computers WHERE status = 0 AND classes_collected = 0"), [(0,)])
        self.assertGreater(self.query("SELECT count(*) FROM computers WHERE status = 0 AND classes_collected > 15")[0][0], 5)

    def test_locked_and_full_under_way(self):
        lab, port, dns = self.start_lab(60)
        words, credentials = self.words(port, dns, 60)
        scan = self.begin(*words, *credentials)
        with sqlite3.connect(self.database, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            self.assertIn("another program", self.read_until(scan, "notice", "store-trouble")["text"])
            other.execute("ROLLBACK")
        other.close()
        self.read_until(scan, "notice", "store-trouble-over")
        self.limit_files(scan, 4096)
        self.assertIn("may not grow", self.read_until(scan, "notice", "store-trouble")["text"])
        self.limit_files(scan, resource.RLIM_INFINITY)
        self.read_until(scan, "notice", "store-trouble-over")
        self.finish_quietly(scan)
        self.assertWhole()
        self.end_lab(lab)

    def finish_quietly(self, scan):
        self.assertEqual(self.read_until(scan, "summary")["done"], FEW)
        self.assertEqual(scan.wait(60), 0)

    def test_killed_on_a_full_disk(self):
        lab, port, dns = self.start_lab(60)
        words, credentials = self.words(port, dns, 60)
        scan = self.begin(*words, *credentials)
        self.limit_files(scan, 4096)
        self.read_until(scan, "notice", "store-trouble")
        scan.kill()
        scan.wait(30)
        self.assertSound()
        self.scan("--resume", "1", *credentials)
        self.assertWhole()
        self.end_lab(lab)

    # --- The power cord ---

    def test_twenty_kills(self):
        luck = random.Random()
        seed = luck.randrange(1 << 30)
        luck.seed(seed)
        lab, port, dns = self.start_lab()
        words, credentials = self.words(port, dns)
        began = time.monotonic()
        self.scan(*words, *credentials)
        usual = time.monotonic() - began
        undisturbed = self.result()
        self.end_lab(lab)
        self.assertGreater(len(undisturbed[1]), 1500)

        self.database = self.path("killed.db")
        lab, port, dns = self.start_lab()
        words, credentials = self.words(port, dns)
        known, n_killed = set(), 0
        # The first time until there is a scan to go on with.
        while n_killed < KILLS and self.run_for(luck.uniform(0.3 if known else 1.0, usual / KILLS + 0.3), words + credentials):
            n_killed += 1
            self.assertSound()
            words, before, known = ["--resume", "1"], known, self.collected()
            self.assertLessEqual(before, known, f"something collected is gone: seed {seed}")
        self.assertGreater(n_killed, KILLS / 2, f"ended by itself: seed {seed}")
        self.scan(*words, *credentials)
        self.end_lab(lab)
        self.assertSound()
        for mine, theirs in zip(self.result(), undisturbed):
            self.assertEqual(mine, theirs, f"seed {seed}")
