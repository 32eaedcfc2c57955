# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of the practice network, whole scans: scan-inventory.py ROLLCALL-CLI [COMPUTERS]

Most of an inventory is installed software: a value is a call. What is measured of the healthy is measured of those that
have the least of it, and told for 200 KiB on the wire.
"""
import collections
import sqlite3
import sys

import practice_network as network

KIB, MB = 1024, 1_000_000
SHORT = ("--watchdog", "5", "--connect-timeout", "1", "--retry-delay", "1")
N_AT_ONCE, N_THINKING, SESSIONS, THINK_S = 500, 1024, 512, 10
program = sys.argv[1]
n_computers = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000


def tell(what, run, n):
    print(f"{what}: {n} computers in {run.seconds:.1f} s, CPU {run.cpu:.1f} s, practice network {run.lab_cpu:.1f} s, "
          f"{run.sent / n / KIB:.0f} KiB on the wire and {run.disk / n / KIB:.1f} KiB on disk each, {network.load()}")


def software(database):
    with sqlite3.connect(database) as connection:
        return dict(connection.execute("SELECT target, n_rows FROM classes JOIN computers USING (scan, ordinal) "
                                       "WHERE collector = 'software'"))


def mixed(listing, ret_software):
    with network.Lab(program, n_computers) as lab:
        run = network.scan(program, lab, listing, *SHORT, look=software)
    ret_software.update(run.found)
    tell("everybody", run, n_computers)
    wrong = collections.Counter((listing[target], run.statuses.get(target))
                                for target in listing if run.statuses.get(target) != listing[target])
    for (wanted, got), count in wrong.items():
        print(f"  {count} end with “{got}”, not with “{wanted}”")
    yield network.goal("statuses that are not those of the practice network", sum(wrong.values()), "", 0, not wrong)
    yield network.goal("memory, peak", run.peak / MB, "MB", 250, run.peak <= 250 * MB)


def at_once(well):
    with network.Lab(program, n_computers) as lab:
        network.scan(program, lab, well[:50])
        run = network.scan(program, lab, well[:N_AT_ONCE])
    n = len(run.statuses)
    tell("those that answer at once", run, n)
    each, rate, usual = run.cpu / n * 1000, n / run.seconds, run.sent / n / (200 * KIB)
    print(f"CPU per computer {each:.1f} ms, {rate:.1f} computers/s; one core without the practice network {1000 / each:.0f}/s")
    yield network.goal("CPU, for 200 KiB", each / usual, "ms", 5, each / usual <= 5)
    yield network.goal("computers per second, as if each were 200 KiB", rate * usual, "/s", 150, rate * usual >= 150)


def thinking(well):
    least = 0.95 * SESSIONS / THINK_S
    with network.Lab(program, n_computers, "--think", str(THINK_S)) as lab:
        idle = network.scan(program, lab, well[:N_THINKING], "--probe-only")
        run = network.scan(program, lab, well[:N_THINKING], "--jobs", str(SESSIONS))
    n = len(run.statuses)
    tell(f"those that think for {THINK_S} s, {SESSIONS} at once", run, n)
    each = (run.peak - idle.peak) / min(n, SESSIONS)
    yield network.goal("computers per second", n / run.seconds, "/s", f"{least:.1f}", n / run.seconds >= least)
    yield network.goal("memory per session", each / KIB, "KiB", 256, each <= 256 * KIB)


network.enter()
listing = network.computers(program, n_computers)
well = network.healthy(listing)
print(f"{len(well)} of {n_computers} computers are well")
programs = {}
met = [*mixed(listing, programs)]
well.sort(key=lambda target: programs.get(target, 0))
met += [*at_once(well), *thinking(well)]
sys.exit(0 if all(met) else 1)
