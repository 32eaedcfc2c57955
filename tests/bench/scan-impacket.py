# SPDX-License-Identifier: GPL-3.0-or-later
"""Beside impacket, one process for each computer: scan-impacket.py ROLLCALL-CLI [COMPUTERS [PROCESSES]]

Both read the same classes of the same computers of the practice network. rollcall-cli stores them, and reads the registry
too, which is most of its work; impacket only counts rows.
"""
import collections
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

import practice_network as network

PYTHON = "/usr/bin/python3"  # python3-impacket is a package of the system
HERE = pathlib.Path(__file__).resolve().parent
COLLECTORS = HERE.parents[1] / "data" / "collectors.xml"
program = sys.argv[1]
n_computers = int(sys.argv[2]) if len(sys.argv) > 2 else 24
n_processes = int(sys.argv[3]) if len(sys.argv) > 3 else 8


def addresses():
    well = set(network.healthy(network.computers(program, 400)))
    listing = subprocess.run([program, "lab", "--list", "--computers", "400"], check=True, capture_output=True, text=True)
    found = [line.split()[2] for line in listing.stdout.splitlines() if line.split()[0] in well]
    return found[:n_computers]


def rows_of(database):
    with sqlite3.connect(database) as connection:
        return dict(connection.execute("SELECT collector, sum(n_rows) FROM classes WHERE outcome = 1 GROUP BY collector"))


def impacket(targets):
    """Seconds, CPU seconds and how many rows of each class."""
    began, cpu, rows, waiting, running = time.monotonic(), 0.0, collections.Counter(), list(targets), {}
    while waiting or running:
        while waiting and len(running) < n_processes:
            process = subprocess.Popen([PYTHON, HERE / "impacket_inventory.py", COLLECTORS, waiting.pop()],
                                       stdout=subprocess.PIPE)
            running[process.pid] = process
        pid, status, usage = os.wait4(-1, 0)
        process = running.pop(pid, None)
        if process is None:
            continue
        if status:
            raise RuntimeError(f"{process.args} ended with {status}")
        rows.update(json.load(process.stdout))
        process.stdout.close()
        process.returncode = 0
        cpu += usage.ru_utime + usage.ru_stime
    return time.monotonic() - began, cpu, rows


def line(name, n, seconds, cpu):
    print(f"{name:<14} {n / seconds:8.1f} computers/s {cpu / n * 1000:8.1f} ms CPU each, {network.load()}", flush=True)


if subprocess.run([PYTHON, "-c", "import impacket"], capture_output=True).returncode:
    print("skipped: python3-impacket is not installed")
    sys.exit(77)
network.enter()
targets = addresses()
with network.Lab(program, 400) as lab:
    ours = network.scan(program, lab, targets, look=rows_of)
    lab_cpu = lab.cpu()
    seconds, cpu, rows = impacket(targets)
    lab_cpu = lab.cpu() - lab_cpu
n = len(targets)
print(f"{n} computers, impacket in {n_processes} processes at a time; the practice network took "
      f"{ours.lab_cpu / n * 1000:.1f} and {lab_cpu / n * 1000:.1f} ms CPU for each")
line("rollcall-cli", n, ours.seconds, ours.cpu)
line("impacket", n, seconds, cpu)
print(f"{seconds / ours.seconds:.1f} times the rate, {cpu / ours.cpu:.1f} times less CPU")
different = {name: (ours.found.get(name, 0), count) for name, count in rows.items() if ours.found.get(name, 0) != count}
for name, (mine, theirs) in different.items():
    print(f"{name}: {mine} rows, impacket {theirs}")
sys.exit(1 if different else 0)
