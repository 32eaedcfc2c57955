# SPDX-License-Identifier: GPL-3.0-or-later
"""Peak memory of a whole scan of 65,534 addresses, everything stored: memory.py ROLLCALL-CLI"""
import os
import resource
import subprocess
import sys
import tempfile
import time

ADDRESSES = 65_534
GOAL_MB = 150

with tempfile.TemporaryDirectory() as folder:
    began = time.monotonic()
    subprocess.run([sys.argv[1], "scan", "--probe-only", "127.64.0.0/16", "--database", os.path.join(folder, "bench.db")],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    took = time.monotonic() - began

usage = resource.getrusage(resource.RUSAGE_CHILDREN)
peak = usage.ru_maxrss / 1024
met = peak <= GOAL_MB
print(f"{ADDRESSES} addresses: {took:.2f} s, {(usage.ru_utime + usage.ru_stime) / ADDRESSES * 1e6:.1f} us CPU each, "
      f"peak {peak:.1f} MB  goal {GOAL_MB}: {'met' if met else 'MISSED'}")
sys.exit(0 if met else 1)
