# SPDX-License-Identifier: GPL-3.0-or-later
"""What our writer writes, another reader must read: Python's csv module, on awkward and on random cells.

usage: csv-reader.py CSV-CELLS"""
import csv
import os
import random
import subprocess
import sys
import tempfile

AWKWARD = ["", "a", "a b", " a ", "a,b", '"', '""', '"a"', 'a"b', "\n", "\r", "\r\n", "a\r\nb", "=1", "+", "-1", "@",
           "\t", "\tx", "\rx", "'", "'=1", "ü", "\u2028", "\U0001f5a5", "a;b", "\\", "\x01", "x" * 70000, '"' * 70000]


def rows():
    rng = random.Random(20)
    yield AWKWARD
    for cell in AWKWARD:
        yield [cell]
        yield [cell, cell]
    for _ in range(2000):
        yield ["".join(rng.choice('ab,"\r\n\t=+-@\' é') for _ in range(rng.randrange(6)))
               for _ in range(rng.randrange(1, 6))]


def defused(cell):
    return "'" + cell if cell[:1] in tuple("=+-@\t\r") else cell


def main():
    wanted = list(rows())
    data = "".join("".join(cell + "\0" for cell in row) + "\x1e\0" for row in wanted).encode()
    csv.field_size_limit(1 << 20)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.csv")
        for mode in "raw", "safe":
            subprocess.run([sys.argv[1], path, mode], input=data, check=True)
            with open(path, encoding="utf-8", newline="") as file:
                found = list(csv.reader(file, strict=True))
            expected = wanted if mode == "raw" else [[defused(cell) for cell in row] for row in wanted]
            assert len(found) == len(expected), (mode, len(found), len(expected))
            for row, other in zip(found, expected):
                assert row == other, (mode, row, other)


main()
