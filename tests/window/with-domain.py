#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command beside a Samba domain controller, in namespaces of their own.

usage: with-domain.py COMMAND [ARGUMENT...]

The command finds what the domain controller says of itself, one line of JSON, in ROLL_TEST_DOMAIN.
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "samba"))
import dc  # noqa: E402
import net  # noqa: E402


def main():
    if os.environ.get(net.INSIDE) != "yes":
        dc.main()  # comes back as another process
    net.run("mount -t tmpfs none /run")
    net.run("ip link set lo up")
    with subprocess.Popen([sys.executable, dc.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as domain:
        os.environ["ROLL_TEST_DOMAIN"] = domain.stdout.readline()
        status = subprocess.run(sys.argv[1:]).returncode
        domain.stdin.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
