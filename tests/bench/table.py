# SPDX-License-Identifier: GPL-3.0-or-later
"""CSV of 100,000 computers: ours from the database beside Python's csv module writing the same rows.

usage: table.py ROLLCALL_CLI STORED_INVENTORY"""
import csv
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time

COMPUTERS = 100000

FILL = f"""
WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {COMPUTERS - 1})
INSERT INTO computers (scan, ordinal, target, address, status, step, said_by, error_space, error_number, attempts, started_at,
    duration_us, credential, classes_collected, classes_planned, computer_name, domain, os, os_version, os_build,
    manufacturer, model, serial_number, processors, cores, memory_bytes)
SELECT 1, i, 'pc' || i || '.corp.example', address, status, step, said_by, error_space, error_number, attempts, started_at + i,
    duration_us, credential, classes_collected, classes_planned, computer_name, domain, os, os_version, os_build,
    manufacturer, model, serial_number, processors, cores, memory_bytes
FROM n JOIN computers p ON p.scan = 1 AND p.ordinal = i % 3"""


def measure(action):
    """The best of three, in seconds."""
    times = []
    for _ in range(3):
        before = time.perf_counter()
        action()
        times.append(time.perf_counter() - before)
    return min(times)


def show(text, seconds, more=""):
    print(f"{text:44} {seconds:6.2f} s   {COMPUTERS / seconds:9,.0f} rows/s{more}")


def main():
    program, maker = map(os.path.abspath, sys.argv[1:3])
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        database, path = os.path.join(folder, "many.db"), os.path.join(folder, "ours.csv")
        other = os.path.join(folder, "other.csv")
        subprocess.run([maker, database], check=True)
        with sqlite3.connect(database) as connection:
            connection.execute(FILL)
            connection.execute(f"UPDATE scans SET targets = {COMPUTERS}")
            connection.execute(f"INSERT INTO tallies VALUES (1, 399, {COMPUTERS - 3})")
        connection.close()

        export = [program, "export", "--database", database, "--csv", path]
        ours = measure(lambda: subprocess.run(export, check=True))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        show("from the database to a file, ours", ours, f"   {os.path.getsize(path) / 1e6:.0f} MB, {peak:.0f} MB of memory")
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
        assert len(rows) == COMPUTERS + 1

        def write():
            with open(other, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
                file.flush()
                os.fsync(file.fileno())
        theirs = measure(write)
        show("the same rows from memory, Python's csv", theirs)
        with open(path, "rb") as one, open(other, "rb") as two:
            same = one.read() == two.read()
        print(f"{theirs / ours:.1f} times as fast, the database's reading included; the files are "
              f"{'the same' if same else 'not the same'}")
        jsonl = measure(lambda: subprocess.run([*export[:-2], "--jsonl", path], check=True))
        show("JSON lines", jsonl)
        redacted = measure(lambda: subprocess.run([*export, "--redact"], check=True,
                                                  env={**os.environ, "XDG_CONFIG_HOME": folder}))
        show("CSV, redacted", redacted)


main()
