# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of the practice network, whole scans: scan-inventory.py ROLLCALL-CLI [COMPUTERS]"""
import collections
import sys

import practice_network as network

KIB, MB = 1024, 1_000_000
SHORT = ("--watchdog", "5", "--connect-timeout", "1", "--retry-delay", "1")
N_AT_ONCE, N_THINKING, SESSIONS, THINK_S = 1000, 2048, 512, 10
program = sys.argv[1]
n_computers = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000


def tell(what, run, n):
    print(f"{what}: {n} computers in {run.seconds:.1f} s, CPU {run.cpu:.1f} s, practice network {run.lab_cpu:.1f} s, "
          f"{run.sent / n / KIB:.0f} KiB on the wire and {run.disk / n / KIB:.1f} KiB on disk each, {network.load()}")


def mixed(listing):
    with network.Lab(program, n_computers) as lab:
        run = network.scan(program, lab, listing, *SHORT)
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
    each = run.cpu / n * 1000
    at_200 = each * 200 * KIB * n / run.sent
    yield network.goal("CPU per computer", each, "ms", "5 at 200 KiB", at_200 <= 5)
    yield network.goal("  as if each were 200 KiB", at_200, "ms", 5, at_200 <= 5)
    yield network.goal("computers per second, beside the practice network", n / run.seconds, "/s", 150,
                       n / run.seconds >= 150)
    print(f"computers per second that one core could scan: {1000 / each:.0f}")


def thinking(well):
    least = 0.95 * SESSIONS / THINK_S
    with network.Lab(program, n_computers, "--think", str(THINK_S)) as lab:
        idle = network.scan(program, lab, well[:N_THINKING], "--probe-only")
        run = network.scan(program, lab, well[:N_THINKING], "--jobs", str(SESSIONS))
    n = len(run.statuses)
    tell(f"those that think for {THINK_S} s, {SESSIONS} at once", run, n)
    each = (run.peak - idle.peak) / SESSIONS
    yield network.goal("computers per second", n / run.seconds, "/s", f"{least:.1f}", n / run.seconds >= least)
    yield network.goal("memory per session", each / KIB, "KiB", 256, each <= 256 * KIB)


network.enter()
listing = network.computers(program, n_computers)
well = network.healthy(listing)
print(f"{len(well)} of {n_computers} computers are well")
met = [*mixed(listing), *at_once(well), *thinking(well)]
sys.exit(0 if all(met) else 1)
