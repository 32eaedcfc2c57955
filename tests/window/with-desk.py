# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program with a display, a session bus and a home of its own: with-desk.py PROGRAM [ARGUMENT...]"""
import subprocess
import sys

from desk import Desk


def main():
    with Desk(environment={"GSETTINGS_BACKEND": "memory"}) as desk:
        return subprocess.run(sys.argv[1:], env=desk.environment, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main())
