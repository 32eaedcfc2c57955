# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories of the practice network, whole scans: scan-inventory.py ROLLCALL-CLI [COMPUTERS]

Everybody is asked for everything, software too: that is most of what there is, a call for each value. What the goals say of
computers of 200 KiB is measured without software, of those who have most to tell beside it.
"""
import collections
import sqlite3
import sys

import practice_network as network

KIB, MIB, MB = 1024, 1024 * 1024, 1_000_000
SHORT = ("--watchdog", "5", "--connect-timeout", "1", "--retry-delay", "1")
WITHOUT = ("--skip", "software")
N_AT_ONCE, FEW, SESSIONS, THINK_S = 1000, 64, 512, 10
N_THINKING = 12 * SESSIONS
HALF_SPREAD_S = THINK_S / 4  # thinking takes 7.5 to 12.5 s
NEGOTIATE = 3  # ROLL_STEP_NEGOTIATE, the first one of a session; before it a computer may have waited for its turn
program = sys.argv[1]
n_computers = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000


def tell(what, run, n):
    print(f"{what}: {n} computers in {run.seconds:.1f} s, CPU {run.cpu:.1f} s, practice network {run.lab_cpu:.1f} s, "
          f"{run.sent / n / KIB:.0f} KiB on the wire and {run.disk / n / KIB:.1f} KiB on disk each, {network.load()}")


def rows_without_software(database):
    with sqlite3.connect(database) as connection:
        return dict(connection.execute("SELECT target, sum (n_rows) FROM classes JOIN computers USING (scan, ordinal) "
                                       "WHERE collector <> 'software' GROUP BY target"))


def mixed(listing, ret_rows):
    with network.Lab(program, n_computers) as lab:
        run = network.scan(program, lab, listing, *SHORT, look=rows_without_software)
    ret_rows.update(run.found)
    tell("everybody", run, n_computers)
    wrong = collections.Counter((listing[target], run.statuses.get(target))
                                for target in listing if run.statuses.get(target) != listing[target])
    for (wanted, got), count in wrong.items():
        print(f"  {count} end with “{got}”, not with “{wanted}”")
    yield network.goal("statuses that are not those of the practice network", sum(wrong.values()), "", 0, not wrong)
    yield network.goal("memory, peak", run.peak / MB, "MB", 250, run.peak <= 250 * MB)
    per_mib = run.cpu * 1000 / (run.sent / MIB)
    yield network.goal("CPU for a MiB on the wire", per_mib, "ms", 10, per_mib <= 10)


def at_once(well):
    with network.Lab(program, n_computers) as lab:
        network.scan(program, lab, well[:50], *WITHOUT)
        run = network.scan(program, lab, well[:N_AT_ONCE], *WITHOUT)
        # With more sessions than two cores can serve, what is measured is how they crowd each other out of the caches.
        few = network.scan(program, lab, well[:N_AT_ONCE], "--jobs", str(FEW), *WITHOUT)
    n = len(run.statuses)
    tell("those that answer at once", run, n)
    tell(f"the same with {FEW} sessions", few, n)
    each, rate = few.cpu / n * 1000, n / run.seconds
    print(f"one core without the practice network {1000 / each:.0f} computers/s")
    yield network.goal("CPU per computer", each, "ms", 5, each <= 5)
    yield network.goal("computers per second", rate, "/s", 150, rate >= 150)


def sessions(database):
    """When each began and ended, in seconds."""
    with sqlite3.connect(database) as connection:
        return connection.execute("SELECT (a.started_at + min (offset_us)) / 1e6, (a.started_at + a.duration_us) / 1e6"
                                  " FROM attempts a JOIN steps s ON s.ordinal = a.ordinal AND s.attempt = a.number"
                                  " WHERE s.step >= ? GROUP BY a.ordinal, a.number", (NEGOTIATE,)).fetchall()


def sustained(spans):
    """How many end in a second while all sessions are under way.

    It leaves out the beginning of the run, until half of the first sessions may have ended, and its end, from when the last
    one has begun: sessions fall idle then, one after the other. Both cost as much as one computer takes, whether the list is
    of 6,000 or of 100,000. That sessions idle while computers still wait, for a place in their network, is not left out.
    """
    begin = min(ended for _, ended in spans) + HALF_SPREAD_S
    end = max(began for began, _ in spans)
    return sum(begin < ended <= end for _, ended in spans) / (end - begin)


def thinking(well):
    ideal = SESSIONS / THINK_S
    with network.Lab(program, n_computers, "--think", str(THINK_S)) as lab:
        targets = network.by_network(program, n_computers, well)[:N_THINKING]
        idle = network.scan(program, lab, targets, "--probe-only")
        run = network.scan(program, lab, targets, "--jobs", str(SESSIONS), *WITHOUT, look=sessions)
    n, rate = len(run.statuses), sustained(run.found)
    tell(f"those that think for {THINK_S} s, {SESSIONS} at once", run, n)
    each = (run.peak - idle.peak) / min(n, SESSIONS)
    print(f"whole run {n / run.seconds:.1f} computers/s: nobody has ended at first, and sessions run out at last")
    yield network.goal("computers per second, all sessions under way", rate, "/s", f"{0.95 * ideal:.1f}", rate >= 0.95 * ideal)
    yield network.goal("memory per session", each / KIB, "KiB", 256, each <= 256 * KIB)


network.enter()
listing = network.computers(program, n_computers)
well = network.healthy(listing)
print(f"{len(well)} of {n_computers} computers are well")
rows = {}
met = [*mixed(listing, rows)]
well.sort(key=lambda target: -rows.get(target, 0))
met += [*at_once(well), *thinking(well)]
sys.exit(0 if all(met) else 1)
