# SPDX-License-Identifier: GPL-3.0-or-later
"""Hostile computers cost neither much memory nor more time than the watchdog's; a scan that is killed loses nothing."""
import os
import random
import signal
import subprocess
import time
import unittest

from practice import expected_inventory
from support import PROGRAM, SANITIZED, Case, end, environment

WATCHDOG_S = 2
MEMORY_MAX = 64 << 20


class Hostile(Case):
    def setUp(self):
        super().setUp()
        lab = self.start("lab", "--computers", "80", stderr=subprocess.DEVNULL)
        for line in lab.stdout:
            if b"|" in line:
                break
        words = line.split()
        self.network = ["--port", words[words.index(b"--port") + 1].decode(), "--dns", words[words.index(b"--dns") + 1].decode()]
        self.listing = self.cli("lab", "--list", "--computers", "80").out.splitlines()
        self.credentials = self.path("credentials", "[credential P]\nusername=PRACTICE\\scanner\nprotocols=ntlm\n"
                                                    "password=practice-makes-perfect\nscope=*.practice.example;127.86.0.0/16\n")
        os.chmod(self.credentials, 0o600)

    def words(self, *targets):
        return ["scan", "--database", self.database, *targets, *self.network, "--credentials", self.credentials,
                "--watchdog", str(WATCHDOG_S), "--connect-timeout", "1", "--retry-delay", "0.1"]

    def find(self, remark):
        (line,) = [line for line in self.listing if f"({remark})" in line or f"({remark}, " in line]
        return line.split()[0]

    def memory_of(self, *words):
        """The most that a run of the program had in memory."""
        process = subprocess.Popen([PROGRAM, *words], env=environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        err = process.stderr.read()
        process.stderr.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, err)
        return usage.ru_maxrss * 1024

    @unittest.skipIf(SANITIZED, "a sanitizer keeps what was freed")
    def test_memory(self):
        usual = self.memory_of(*self.words("127.86.1.2"))
        for remark in ("its shares have no end", "promises gigantic names and addresses", "promises gigantic rows",
                       "sends more at once than agreed", "speaks nonsense instead of rows", "speaks nonsense from the beginning"):
            with self.subTest(remark):
                self.assertLess(self.memory_of(*self.words(self.find(remark))) - usual, MEMORY_MAX)

    def test_watchdog(self):
        """Silence, drops, hanging, "not yet" for ever: no step lasts longer, give or take what a busy machine needs."""
        remarks = ("accepts a connection and says nothing", "a byte a second from the beginning",
                   "a byte a second from the first rows on", "hangs in every query", "hangs when asked for its volumes",
                   "hangs at the activation", "hangs at the login to root\\default", "is never done with its volumes")
        targets = [self.find(remark) for remark in remarks]
        self.cli(*self.words(*targets))
        for target in targets:
            (computer,) = self.events(self.with_database("show", target, "--json").out)
            steps = [step for attempt in computer["attempt_list"] for step in attempt["steps"]]
            self.assertEqual(len(computer["attempt_list"]), 4, target)
            self.assertLess(max(step["duration_ms"] for step in steps), (WATCHDOG_S + 20) * 1_000, target)

    def test_killed(self):
        """A dozen power cuts, and in the end everything is as if there had been none."""
        luck = random.Random()
        seed = luck.randrange(1 << 30)
        luck.seed(seed)
        quick = [line for line in self.listing if not any(word in line for word in ("hangs", "a byte", "says nothing", "no end",
                                                                                   "never", "not found"))]
        targets = self.path("targets", "\n".join(quick))
        expected = expected_inventory("\n".join(quick))
        words = self.words("--targets", targets)
        for kill in range(12):
            process = subprocess.Popen([PROGRAM, *words], env=environment(), stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.addCleanup(end, process)
            time.sleep(luck.uniform(0.05, 0.6))
            process.send_signal(signal.SIGKILL)
            process.wait(30)
            self.assertSound()
            words = ["scan", "--database", self.database, "--resume", "1", "--credentials", self.credentials]
        done = self.cli(*words, status=None)
        if done.returncode != 0:
            self.assertIn("finished", done.err, f"seed {seed}")
        rows = self.rows(self.with_database("export", "1", "--csv", "-").out)
        self.assertEqual({row["target"]: row["status"] for row in rows}, expected, f"seed {seed}")
        for row in rows:
            self.assertLessEqual(int(row["attempts"]), 4)
        self.assertSound()

        # The inventory too: what a scan of the same computers finds that nobody disturbed.
        good = [row for row in rows if row["status_code"] == "0"]
        first = {row["target"]: (row["classes_collected"], row["classes_planned"]) for row in good}
        self.database = self.path("undisturbed.db")
        again = self.rows(self.cli(*self.words(*first), "--csv", "-").out)
        self.assertEqual({row["target"]: (row["classes_collected"], row["classes_planned"]) for row in again}, first)

