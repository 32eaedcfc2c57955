#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Associations with a server that is not ours: a Samba domain controller. It has no DCOM, but a real endpoint mapper, and
samr on a port of its own, with NTLM and Kerberos.

usage: logon.py RPC-CLIENT
"""
import functools
import os
import subprocess
import sys

from dc import DOMAIN, HOST, PASSWORD, REALM, controller, main, run

KDC_NUMBERS = {"nobody": 6, "disabled": 18, "locked": 18, "gone": 18, "stale": 23, "unlucky": 24}


def client(command, *options, password=PASSWORD, **environment):
    """What it printed, as a dictionary of the key=value words; "lines" has the lines."""
    done = subprocess.run([sys.argv[1], command, *options], input=password + "\n", capture_output=True, text=True,
                          timeout=60, env={**os.environ, **environment})
    facts = dict(word.split("=", 1) for word in done.stdout.split() if "=" in word)
    return {**facts, "lines": done.stdout.splitlines(), "status": str(done.returncode), "stderr": done.stderr}


@functools.cache
def samr_port():
    controller()
    return client("map")["port"]


def domains(auth, level="privacy", user="good", password=PASSWORD, target=f"host/{HOST}", repeat=1, **environment):
    options = [f"--port={samr_port()}", f"--auth={auth}", f"--level={level}", f"--target={target}",
               f"--domain={DOMAIN if auth.endswith('ntlm') else REALM}", f"--repeat={repeat}"]
    if user:
        options.append(f"--user={user}")
    return client("domains", *options, password=password, **environment)


def expect(what, facts, **wanted):
    for key, value in wanted.items():
        if facts.get(key) != str(value):
            yield f"{what}: {key} is {facts.get(key)}, not {value}: {facts}"


def interfaces_it_has_not_are_rejected():
    controller()
    for interface in ("activator", "exporter"):
        yield from expect(interface, client(interface), error="rejected", space="engine", number=7)


def the_endpoint_mapper_tells_a_port():
    if not 1024 <= int(samr_port()) <= 65535:
        yield f"port {samr_port()}"


def a_challenge_tells_who_is_there():
    controller()
    facts = client("map", "--auth=question")
    yield from expect("question", facts, computer="DC1", domain=DOMAIN, dns=HOST, error="refused", space="engine")


def eight_logons_of_eight():
    for auth in ("ntlm", "spnego-ntlm", "kerberos", "spnego"):
        for level in ("integrity", "privacy"):
            facts = domains(auth, level)
            yield from expect(f"{auth}, {level}", facts, domains=f"{DOMAIN},BUILTIN", status=0)


def many_calls_in_flight():
    for auth in ("ntlm", "kerberos"):
        facts = domains(auth, repeat=200)
        answers = facts["lines"].count(f"domains={DOMAIN},BUILTIN")
        if answers != 200:
            yield f"{auth}: {answers} answers: {facts}"


def refused_accounts_with_the_kdcs_number():
    for auth in ("kerberos", "spnego"):
        for user, number in KDC_NUMBERS.items():
            facts = domains(auth, user=user, password="wrong" if user == "unlucky" else PASSWORD)
            yield from expect(f"{auth}, {user}", facts, error="refused", space="kerberos", number=number, by="kdc")


def refused_accounts_with_ntlm():
    for user in KDC_NUMBERS:
        password = "wrong" if user == "unlucky" else PASSWORD
        facts = domains("ntlm", user=user, password=password)
        yield from expect(user, facts, error="refused", space="nca", hex="0x1c01000b", by="peer")
        # The bind itself is refused: RPC_S_SEC_PKG_ERROR.
        facts = domains("spnego-ntlm", user=user, password=password)
        yield from expect(f"{user}, SPNEGO", facts, error="refused", space="win32", number=1825, by="peer")


def the_users_own_tickets():
    controller()
    yield from expect("no tickets", domains("kerberos", user=None), error="refused", space="kerberos", by="this-machine")
    run(["kinit", f"good@{REALM}"], PASSWORD + "\n")
    for auth in ("kerberos", "spnego"):
        yield from expect(auth, domains(auth, user=None), domains=f"{DOMAIN},BUILTIN")


def a_service_the_kdc_does_not_know():
    for auth in ("kerberos", "spnego"):
        facts = domains(auth, target="host/nowhere.practice.example")
        yield from expect(auth, facts, error="refused", space="kerberos", number=7, by="kdc")


def a_kdc_that_does_not_answer():
    folder = controller().folder
    text = (folder / "krb5.conf").read_text().replace("kdc = 127.0.0.1", "kdc = 127.0.0.1:9")
    (folder / "no-kdc.conf").write_text(text)
    facts = domains("kerberos", KRB5_CONFIG=str(folder / "no-kdc.conf"))
    yield from expect("no KDC", facts, error="refused", space="kerberos", number=156, by="this-machine")


CHECKS = (interfaces_it_has_not_are_rejected, the_endpoint_mapper_tells_a_port, a_challenge_tells_who_is_there,
          eight_logons_of_eight, many_calls_in_flight, refused_accounts_with_the_kdcs_number, refused_accounts_with_ntlm,
          the_users_own_tickets, a_service_the_kdc_does_not_know, a_kdc_that_does_not_answer)

if __name__ == "__main__":
    main(*CHECKS)
