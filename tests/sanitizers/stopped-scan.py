#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scan of 200 practice computers with all their failures, stopped in the middle and resumed, in programs that a sanitizer watches.

Arguments: ROLLCALL_CLI. Both the scan and the practice network are such programs; a finding ends either with FINDING.
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
COMPUTERS = 216
BIG_ONES = 13  # one in so many has two thousand programs, and is left out
FINDING = 66
OK, STOPPED = 0, 130
SHORT = ("--watchdog", "3", "--connect-timeout", "1", "--retry-delay", "0", "--jobs", "48")
CREDENTIALS = """[credential P]
username=PRACTICE\\scanner
password=practice-makes-perfect
protocols=ntlm
scope=*.practice.example;127.86.0.0/16
"""

ENVIRONMENT = {
    "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "TZ": "UTC",
    # GLib's own allocator hands memory from thread to thread by means that are not seen.
    "G_SLICE": "always-malloc",
    "TSAN_OPTIONS": f"exitcode={FINDING}",
    "ASAN_OPTIONS": f"exitcode={FINDING}",
    "UBSAN_OPTIONS": f"exitcode={FINDING}:halt_on_error=1:print_stacktrace=1",
}


class StoppedScan(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rollcall-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.n_processes = 0

    def path(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        os.chmod(path, 0o600)
        return path

    def start(self, *words):
        """What it says on standard error is kept in a file: nobody need read it meanwhile."""
        self.n_processes += 1
        said = open(os.path.join(self.folder, f"said-{self.n_processes}"), "w+b")
        process = subprocess.Popen([PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said,
                                   env=ENVIRONMENT)
        process.said = said
        self.addCleanup(said.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def end(self, process, status):
        out = process.stdout.read().decode()
        ended = process.wait()
        process.said.seek(0)
        self.assertEqual(ended, status, process.said.read().decode()[-8000:])
        return out

    def start_lab(self):
        lab = self.start("lab", "--computers", str(COMPUTERS))
        for line in lab.stdout:
            found = re.search(rb"--port (\d+) --dns (\S+)", line)
            if found:
                return lab, found[1].decode(), found[2].decode()
        self.end(lab, OK)
        self.fail("the practice network did not start")

    def stop_half_way(self, scan):
        n_done = 0
        for line in scan.stdout:
            n_done += json.loads(line)["event"] == "computer"
            if n_done == COMPUTERS // 3:
                scan.send_signal(signal.SIGINT)
                break
        return self.end(scan, STOPPED)

    def test_stopped_and_resumed(self):
        lab, port, dns = self.start_lab()
        listing = self.end(self.start("lab", "--list", "--computers", str(COMPUTERS)), OK).splitlines()
        targets = [line for i, line in enumerate(listing) if i % BIG_ONES != BIG_ONES - 1]
        words = ("scan", "--database", os.path.join(self.folder, "rollcall.db"), "--json",
                 "--credentials", self.path("credentials", CREDENTIALS))
        scan = self.start(*words, "--targets", self.path("targets", "\n".join(targets)), "--port", port, "--dns", dns, *SHORT)
        self.stop_half_way(scan)

        out = self.end(self.start(*words, "--resume", "1"), OK)
        summary = json.loads(out.splitlines()[-1])
        self.assertEqual((summary["event"], summary["done"]), ("summary", len(targets)))
        self.assertGreater(len(summary["statuses"]), 15)
        lab.send_signal(signal.SIGINT)
        self.end(lab, STOPPED)


if __name__ == "__main__":
    del sys.argv[1:]
    unittest.main()
