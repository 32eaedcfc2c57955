# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories under the power cord: a scan killed again and again ends as one that nobody disturbed."""
import os
import random
import signal
import sqlite3
import subprocess
import time

from support import PROGRAM, STOPPED, Case, end, environment

COMPUTERS = 300
BIG_ONES = 13  # one in so many has two thousand programs
KILLS = 20
SHORT = ("--watchdog", "3", "--connect-timeout", "1", "--retry-delay", "0", "--jobs", "48")
COLLECTED = 1


class Kills(Case):
    def start_lab(self):
        """A new one for each scan: some computers behave from their third visit on only."""
        lab = self.start("lab", "--computers", str(COMPUTERS), stderr=subprocess.DEVNULL)
        for line in lab.stdout:
            if b"|" in line:
                words = line.decode().split()
                return lab, words[-3], words[-1]
        self.fail("the practice network did not start")

    def end_lab(self, lab):
        lab.send_signal(signal.SIGINT)
        self.assertEqual(lab.wait(60), STOPPED)

    def words(self, port, dns):
        listing = self.cli("lab", "--list", "--computers", str(COMPUTERS)).out.splitlines()
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
        self.assertGreater(len(undisturbed[1]), 3000)

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
