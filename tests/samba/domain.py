#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that one domain controller can show: it is made once.

usage: domain.py RPC-CLIENT DIRECTORY-CLIENT ROLLCALL-CLI
"""
import computers
import dc
import logon

if __name__ == "__main__":
    dc.main(*logon.CHECKS, *computers.CHECKS)
