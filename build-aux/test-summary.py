#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads Meson's test logs, prints one line a suite, the logs of what failed, and the number of single cases.

usage: test-summary.py BUILD_DIRECTORY[=LABEL]...
"""
import collections
import json
import pathlib
import re
import sys

CASE = re.compile(r"^\s*(not )?ok\b[^#]*(?:#\s*(skip|todo)\w*\s*(.*))?", re.IGNORECASE)
SKIPPED_PLAN = re.compile(r"^1\.\.0\s*#\s*skip\w*\s*(.*)", re.IGNORECASE | re.MULTILINE)
LAST_LINES = 80


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.seconds = 0.0

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.seconds += other.seconds

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def count_cases(run, reasons):
    """One program's cases; a program without TAP is one case, one that died has failed whatever it said before."""
    tally = Tally()
    tally.seconds = run.get("duration", 0.0)
    output = run.get("stdout", "")
    for line in output.splitlines():
        case = CASE.match(line)
        if not case:
            continue
        if case[2] and case[2].lower() == "skip":
            tally.skipped += 1
            reasons[case[3] or "no reason given"] += 1
        elif case[1] and not case[2]:
            tally.failed += 1
        else:
            tally.passed += 1
    if run["result"] == "SKIP" and not tally.skipped:
        plan = SKIPPED_PLAN.search(output)
        tally.skipped = 1
        reasons[plan[1] if plan and plan[1] else "no reason given"] += 1
    elif run["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not tally.failed:
        tally.failed = 1
    elif run["result"] in ("OK", "EXPECTEDFAIL") and not (tally.passed or tally.skipped):
        tally.passed = 1
    return tally


def show_failure(title, run):
    print(f"FAILED: {title}: {run['result'].lower()}, exit status {run['returncode']}")
    for stream in ("stderr", "stdout"):
        lines = run.get(stream, "").rstrip().splitlines()
        if len(lines) > LAST_LINES:
            print(f"    … {len(lines) - LAST_LINES} lines before")
        for line in lines[-LAST_LINES:]:
            print("    " + line)


def suites_of(build):
    tests = json.loads((build / "meson-info" / "intro-tests.json").read_text())
    return {(test["name"], *test["cmd"]): test["suite"][0].split(":")[-1] for test in tests}


def read_build(argument, total, reasons):
    """Adds a build directory's tests to the total."""
    directory, _, label = argument.partition("=")
    build = pathlib.Path(directory)
    logs = build / "meson-logs"
    log = logs / "testlog.json"
    runs = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    suites = collections.defaultdict(Tally)
    suite_names = suites_of(build)
    for run in runs:
        # Meson writes "project:suite / name" once there is more than one suite.
        name = run["name"].split(" / ")[-1]
        suite = suite_names[(name, *run["command"])] + (f" ({label})" if label else "")
        tally = count_cases(run, reasons)
        suites[suite].add(tally)
        if tally.failed:
            show_failure(f"{suite}: {name}", run)
    for suite, tally in sorted(suites.items()):
        print(f"{suite + ':':24} {tally} in {tally.seconds:.1f} s")
        total.add(tally)

    # A run that was cut short, or could not begin, must not pass for what it did until then.
    status = int((logs / "exit-status.txt").read_text())
    if not runs or status and not any(tally.failed for tally in suites.values()):
        print(f"FAILED: {directory}: not all tests ran, exit status {status}")
        print("\n".join((logs / "run.txt").read_text().splitlines()[-LAST_LINES:]))
        total.failed += 1


def main():
    total = Tally()
    reasons = collections.Counter()
    for argument in sys.argv[1:]:
        read_build(argument, total, reasons)
    for reason, count in reasons.items():
        print(f"skipped {count}: {reason}")
    print(total)
    return 0 if total.passed and not total.failed else 1


sys.exit(main())
