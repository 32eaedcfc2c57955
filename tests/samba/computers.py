#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Computers found in Active Directory: a Samba domain controller with 2,000 of them, its own certificate and its refusals.

usage: computers.py RPC-CLIENT DIRECTORY-CLIENT ROLLCALL-CLI
"""
import contextlib
import functools
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

import dc
from dc import BASE, DOMAIN, HOST, PASSWORD, PLACES, REALM, controller, run

NAMES = ("no-dns", "no-server", "unreachable", "timed-out", "tls", "certificate", "password", "account", "kerberos", "clock",
         "stronger", "not-allowed", "no-base", "protocol", "failed")
DOMAIN_IN_DNS = REALM.lower()
GOOD = f"{DOMAIN}\\good"
REASONS = {"nobody": "password", "clumsy": "password", "disabled": "account", "locked": "account", "gone": "account",
           "stale": "account"}
SECURITIES = ("starttls", "ldaps", "kerberos")


@functools.cache
def home():
    """Settings that nobody else has."""
    return tempfile.TemporaryDirectory(prefix="rollcall-directory-")


def ask(command, *options, account=GOOD, password=PASSWORD, accept=True, **environment):
    controller()
    words = [sys.argv[2], command, *options]
    if account:
        words.append(f"--account={account}")
    if accept:
        words.append(f"--accepted={dc.fingerprint()}")
    if not any(option.startswith(("--domain", "--server")) for option in options):
        words.append(f"--domain={DOMAIN_IN_DNS}")
    done = subprocess.run(words, input=password + "\n", capture_output=True, text=True, timeout=60,
                          env={**os.environ, "XDG_CONFIG_HOME": home().name, **environment})
    if done.returncode not in (0, 1) or done.stderr:
        raise RuntimeError(f"{words}: exit status {done.returncode}: {done.stderr}")
    answer = json.loads(done.stdout)
    if isinstance(answer.get("error"), int):
        answer["error"] = NAMES[answer["error"]]
    return answer


def expect(what, answer, **wanted):
    for key, value in wanted.items():
        if answer.get(key) != value:
            yield f"{what}: {key} is {answer.get(key)}, not {value}: {str(answer)[:1000]}"


def expect_sentence(what, answer, error, *words):
    yield from expect(what, answer, error=error)
    message = answer.get("message", "")
    if message.count("\n") or not message.endswith(".") and "SHA-256" not in message:
        yield f"{what}: no sentence: {message}"
    for word in words:
        if word not in message:
            yield f"{what}: nothing of {word}: {message}"


# --- What is there -----------------------------------------------------------------------------------------------------

def places_as_a_tree():
    for security in SECURITIES:
        answer = ask("tree", f"--security={security}")
        places = {place["dn"]: place for place in answer.get("containers", [])}
        names = {dn: place["name"] for dn, place in places.items()}
        if names.get(f"OU=Workstations,OU=Berlin,{BASE}") != "Workstations" or names.get(f"CN=Computers,{BASE}") != "Computers":
            yield f"{security}: {answer}"
            continue
        all_places = answer["containers"]
        if all_places[0]["dn"] != BASE or all_places[0]["name"] != DOMAIN_IN_DNS:
            yield f"{security}: the first is {all_places[0]}"
        for i, place in enumerate(all_places):
            if i and not (0 <= place["parent"] < i and place["dn"].endswith("," + all_places[place["parent"]]["dn"])):
                yield f"{security}: {place} is not below {place['parent']}"
        if any("System" in dn or "Policies" in dn for dn in places):
            yield f"{security}: the domain's machinery is among {list(places)}"


def all_computers_in_pages():
    for security in SECURITIES:
        answer = ask("find", f"--security={security}")
        yield from expect(security, answer, found=dc.N_COMPUTERS + 1, referrals=0)
    found = {computer["name"]: computer for computer in answer["computers"]}
    for planned in dc.computers():
        computer = found[planned["name"]]
        wanted = {"host": planned["name"].lower() + "." + DOMAIN_IN_DNS if planned["host"]
                  else f"{planned['name']}.{DOMAIN_IN_DNS}", "system": planned["system"], "enabled": int(planned["enabled"]),
                  "dn": f"CN={planned['name']},{planned['place']},{BASE}"}
        yield from expect(planned["name"], computer, **wanted)
        days = (time.time() - computer["last_logon"]) / 86400
        if (computer["last_logon"] == 0) != planned["never"] or not planned["never"] and abs(days - planned["days"]) > 0.1:
            yield f"{planned['name']}: last logon {computer['last_logon']}, planned {planned['days']} days ago"


def only_below_a_place():
    berlin, workstations, paris = (f"{place},{BASE}" for place in PLACES)
    in_workstations = sum(computer["place"] == PLACES[1] for computer in dc.computers())
    in_paris = sum(computer["place"] == PLACES[2] for computer in dc.computers())
    for bases, wanted in (([berlin], in_workstations), ([workstations, berlin], in_workstations), ([paris, paris], in_paris),
                          ([paris, workstations], in_paris + in_workstations)):
        yield from expect(str(bases), ask("find", *[f"--base={base}" for base in bases]), found=wanted)
    yield from expect_sentence("no such place", ask("find", f"--base=OU=Nowhere,{BASE}"), "no-base", "OU=Nowhere")
    yield from expect_sentence("another domain", ask("find", "--base=DC=other,DC=example"), "no-base")


# --- Certificates ------------------------------------------------------------------------------------------------------

def a_certificate_is_shown_and_waits_for_a_person():
    for security in ("starttls", "ldaps"):
        answer = ask("open", f"--security={security}", accept=False)
        yield from expect_sentence(security, answer, "certificate", HOST, dc.fingerprint())
        shown = answer.get("certificate", {})
        yield from expect(security, shown, server=HOST, fingerprint=dc.fingerprint(), names=HOST, replaces=None)
        if HOST not in shown["subject"] or HOST not in shown["issuer"] or not shown["reason"]:
            yield f"{security}: {shown}"
        if not shown["not_before"] <= time.time() <= shown["not_after"]:
            yield f"{security}: valid from {shown['not_before']} to {shown['not_after']}"


def an_accepted_certificate_is_remembered_for_its_server():
    store = {"XDG_CONFIG_HOME": tempfile.mkdtemp(dir=home().name)}
    yield from expect("accepted", ask("open", "--security=ldaps", "--accept", accept=False, **store), error=None)
    yield from expect("again", ask("open", accept=False, **store), error=None, base=BASE)
    kept = os.path.join(store["XDG_CONFIG_HOME"], "rollcall/certificates")
    if os.stat(kept).st_mode & 0o777 != 0o600:
        yield f"{kept} can be read by others"
    # By its address it is another server, for which nobody accepted anything.
    answer = ask("open", f"--server={dc.ADDRESS}", accept=False, **store)
    yield from expect_sentence("by address", answer, "certificate")
    if "another name" not in answer["certificate"]["reason"]:
        yield f"nothing about the name: {answer}"
    with open(kept, encoding="utf-8") as file:
        text = file.read()
    with open(kept, "w", encoding="utf-8") as file:
        file.write(re.sub(r"(sha256=)..", r"\g<1>00" if "sha256=00" not in text else r"\g<1>11", text))
    answer = ask("open", accept=False, **store)
    yield from expect_sentence("another one", answer, "certificate", "another certificate", dc.fingerprint())
    if not answer["certificate"]["replaces"]:
        yield f"nothing about the one before: {answer}"
    yield from expect("another fingerprint", ask("open", "--accepted=" + "00:" * 31 + "00", accept=False, **store),
                      error="certificate")


def a_certificate_that_is_trusted_needs_nobody():
    """The system's list, as it is for this script alone."""
    trusted = "/etc/ssl/certs/ca-certificates.crt"
    run(["mount", "--bind", str(controller().folder / "private/tls/cert.pem"), trusted])
    try:
        yield from expect("trusted", ask("open", accept=False), error=None)
        yield from expect("by address", ask("open", f"--server={dc.ADDRESS}", accept=False), error="certificate")
    finally:
        run(["umount", trusted])


# --- Refusals ----------------------------------------------------------------------------------------------------------

def refused_accounts_are_told_apart():
    for security in ("starttls", "kerberos"):
        sentences = set()
        for user, error in REASONS.items():
            answer = ask("open", f"--security={security}", account=f"{user}@{DOMAIN_IN_DNS}",
                         password="wrong" if user == "clumsy" else PASSWORD)
            yield from expect_sentence(f"{security}, {user}", answer, error)
            sentences.add(answer.get("message"))
        # Samba does not say of an unknown one in LDAP that it is unknown; Kerberos does not tell disabled from locked and expired.
        if len(sentences) < 4:
            yield f"{security}: {sentences}"


def tickets_of_the_user():
    yield from expect_sentence("none", ask("open", "--security=kerberos", account=None, KRB5CCNAME="FILE:/nowhere"),
                               "kerberos", "kinit")
    run(["kinit", f"good@{REALM}"], PASSWORD + "\n")
    yield from expect("own", ask("open", "--security=kerberos", account=None), error=None, base=BASE)
    yield from expect("DOMAIN\\user", ask("open", "--security=kerberos"), error=None)
    text = (controller().folder / "krb5.conf").read_text().replace("kdc = 127.0.0.1", "kdc = 127.0.0.1:9")
    (controller().folder / "no-kdc.conf").write_text(text)
    answer = ask("open", "--security=kerberos", KRB5_CONFIG=str(controller().folder / "no-kdc.conf"))
    yield from expect_sentence("no KDC", answer, "kerberos", "port 88")
    answer = ask("open", "--security=kerberos", f"--server={dc.ADDRESS}")
    yield from expect("an address", answer, error="g-io-error-quark")


def a_clock_that_is_wrong():
    """An hour, where libkrb5 does not put it right by itself as it does by default."""
    made = controller()
    text = (made.folder / "krb5.conf").read_text().replace("[libdefaults]", "[libdefaults]\n  kdc_timesync = 0")
    (made.folder / "strict.conf").write_text(text)
    words = ["faketime", "-f", "+1h", sys.argv[2], "open", "--security=kerberos", f"--domain={DOMAIN_IN_DNS}", f"--account={GOOD}"]
    for name, wanted in (("strict.conf", "clock"), ("krb5.conf", None)):
        done = subprocess.run(words, input=PASSWORD + "\n", capture_output=True, text=True, timeout=60,
                              env={**os.environ, "KRB5_CONFIG": str(made.folder / name)})
        answer = json.loads(done.stdout)
        error = answer.get("error")
        if (NAMES[error] if error is not None else None) != wanted:
            yield f"{name}: {answer}"


def wrong_names_and_ports():
    yield from expect_sentence("no such domain", ask("open", "--domain=nowhere.example"), "no-server", "nowhere.example")
    yield from expect_sentence("no such server", ask("open", "--server=nowhere.example"), "no-server", "nowhere.example")
    yield from expect_sentence("no DNS", ask("open", "--dns=127.0.0.1:9", "--timeout=4000"), "no-dns", DOMAIN_IN_DNS)
    yield from expect_sentence("refused", ask("open", f"--server={HOST}:9"), "unreachable", f"{HOST}:9")
    yield from expect_sentence("no LDAP", ask("open", f"--server={HOST}:88", "--timeout=3000"), "unreachable")
    yield from expect_sentence("no TLS", ask("open", f"--server={HOST}:389", "--security=ldaps"), "tls", f"{HOST}:389")
    yield from expect_sentence("another domain", ask("open", f"--server={HOST}", "--domain=other.example"), "no-server",
                               DOMAIN_IN_DNS)
    yield from expect("a short name", ask("open", "--server=dc1", f"--domain={DOMAIN_IN_DNS}"), error=None,
                      server=f"{HOST}:389")


def domain_controllers_in_their_order():
    """The first does not answer, the next is not of the domain, the last is there."""
    made = controller()
    services = dc.serve_names(made.folder, ("127.0.0.53", 53), system=False)
    with socket.create_server(("127.0.0.2", 389)) as silent:
        services[f"_ldap._tcp.dc._msdcs.{DOMAIN_IN_DNS}"] = [
            dc.service(HOST, 389, priority=3), dc.service(f"silent.{DOMAIN_IN_DNS}", 389, priority=1),
            dc.service("dc1.elsewhere.example", 389, priority=0), dc.service(f"unknown.{DOMAIN_IN_DNS}", 389, priority=2)]
        services[f"silent.{DOMAIN_IN_DNS}"] = [dc.address("127.0.0.2")]
        services["dc1.elsewhere.example"] = [dc.address("127.0.0.1")]
        answer = ask("open", "--dns=127.0.0.53", "--timeout=4000")
        yield from expect("the last", answer, error=None, server=f"{HOST}:389")
        services[f"_ldap._tcp.dc._msdcs.{DOMAIN_IN_DNS}"] = [dc.service("dc1.elsewhere.example", 389)]
        yield from expect_sentence("elsewhere", ask("open", "--dns=127.0.0.53"), "no-server", "not in that domain")
        services[f"_ldap._tcp.dc._msdcs.{DOMAIN_IN_DNS}"] = [dc.service(f"silent.{DOMAIN_IN_DNS}", 389)]
        yield from expect_sentence("silent", ask("open", "--dns=127.0.0.53", "--timeout=1000"), "timed-out", "silent")
        answer = ask("open", "--dns=127.0.0.53", "--cancel=300")
        yield from expect("cancelled", answer, error="g-io-error-quark")
        print(f"# cancelled after 300 ms, over after {answer['milliseconds']} ms")
        if answer["milliseconds"] > 300 + 1000 * 10:
            yield f"cancelled only after {answer['milliseconds']} ms"
        silent.close()


# --- The command line --------------------------------------------------------------------------------------------------

def scan(*options, ad=True, dry=True, text=f"[credential Reader]\nusername={GOOD}\npassword={PASSWORD}\n"):
    controller()
    accounts = os.path.join(home().name, "accounts")
    with open(accounts, "w", encoding="utf-8") as file:
        os.chmod(accounts, 0o600)
        file.write(text)
    words = [sys.argv[3], "scan", *(["--from-ad", DOMAIN_IN_DNS] if ad else []), "--credentials", accounts, *(["--dry-run"] if dry else []),
             *options]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "XDG_CONFIG_HOME": home().name, "LC_ALL": "C.UTF-8"})
    if PASSWORD in done.stdout + done.stderr + " ".join(words):
        raise RuntimeError(f"the password is in {words}: {done.stdout}{done.stderr}")
    return done


def counts_of_a_scan():
    trusted = ["--ad-accept-certificate", dc.fingerprint().replace(":", "").lower()]
    planned = list(dc.computers())
    enabled = [computer for computer in planned if computer["enabled"]]
    recent = [computer for computer in enabled if computer["days"] is not None and computer["days"] <= 60 + 14]
    never = [computer for computer in enabled if computer["days"] is None]
    wanted = [computer for computer in recent if "windows 11" in computer["system"].lower()]
    done = scan("--ad-enabled", "--ad-logged-on", "60", "--ad-os", "windows 11", "extra.example", *trusted)
    names = {line.split(":")[0] for line in done.stdout.splitlines()}
    if names != {f"{computer['name'].lower()}.{DOMAIN_IN_DNS}" for computer in wanted} | {"extra.example"}:
        yield f"{len(names)} targets instead of {len(wanted)} and one: {done.stderr}"
    # The domain controller is enabled and has never logged on.
    for line in (f"{HOST}:389: 2001 computers found", f"enabled: {len(enabled) + 1} of 2001",
                 f"60 days: {len(recent)} of {len(enabled) + 1} ({len(never) + 1} never did)",
                 f"“windows 11”: {len(wanted)} of {len(recent)}"):
        if line not in done.stderr.replace(",", ""):
            yield f"no “{line}” in {done.stderr}"
    done = scan("--ad-base", f"{PLACES[2]},{BASE}", *trusted, "--ad-security", "ldaps")
    if len(done.stdout.splitlines()) != sum(computer["place"] == PLACES[2] for computer in planned):
        yield f"{len(done.stdout.splitlines())} targets in Paris: {done.stderr}"
    done = scan("--ad-os", "Windows 3.11", *trusted)
    if done.returncode != 1 or "no such computer" not in done.stderr:
        yield f"{done.returncode}: {done.stderr}"


def what_it_told_is_kept_with_the_scan():
    """Nobody of them has an address: what is known of each came from the directory."""
    controller()
    database = os.path.join(home().name, "rollcall.db")
    done = scan("--ad-accept-certificate", dc.fingerprint(), "--database", database, "--probe-only", dry=False)
    if done.returncode != 0:
        yield f"{done.returncode}: {done.stderr}"
        return
    with contextlib.closing(sqlite3.connect(database)) as stored:
        rows = {name: row for name, *row in stored.execute(
            "SELECT target, ou, last_logon, system, enabled FROM directory_facts JOIN computers USING (scan, ordinal)")}
    if len(rows) != dc.N_COMPUTERS + 1:
        yield f"{len(rows)} computers"
    for planned in dc.computers():
        ou, last_logon, system, enabled = rows[planned["name"].lower() + "." + DOMAIN_IN_DNS if planned["host"]
                                              else f"{planned['name']}.{DOMAIN_IN_DNS}"]
        place = "/".join(part.split("=")[1] for part in reversed(planned["place"].split(",")))
        if (ou, system or "", enabled) != (place, planned["system"], planned["enabled"]):
            yield f"{planned}: {ou}, {system}, {enabled}"
        if (last_logon is None) != planned["never"] or last_logon and abs(time.time() - last_logon / 1e6 - planned["days"] * 86400) > 8640:
            yield f"{planned}: {last_logon}"
    report = json.loads(subprocess.run([sys.argv[3], "report", "--json", "--database", database], capture_output=True, text=True,
                                       check=True).stdout)
    stale = sum(not computer["enabled"] or not computer["never"] and computer["days"] > 90 for computer in dc.computers())
    found = {group["id"]: group["count"] for group in report["common_causes"]}
    if found.get("F.15:scan:scan") != stale or sum(found.values()) != dc.N_COMPUTERS:
        yield f"{found}, {stale} are retired"


def mistakes_on_the_command_line():
    done = scan()
    if done.returncode != 1 or f"--ad-accept-certificate {dc.fingerprint()}" not in done.stderr:
        yield f"certificate: {done.returncode}: {done.stderr}"
    for options, status, words in (
            (["--ad-accept-certificate", "12"], 2, "fingerprint"), (["--ad-security", "none"], 2, "starttls"),
            (["--ad-server", "a b"], 2, "--ad-server"), (["--ad-logged-on", "0"], 2, "--ad-logged-on"),
            (["--ad-account", "Nobody"], 1, ""), (["--ad-security", "kerberos", "--ad-server", dc.ADDRESS], 1, "address")):
        done = scan(*options)
        if done.returncode != status or words not in done.stderr:
            yield f"{options}: {done.returncode}: {done.stderr}"
    done = scan("--ad-enabled", "pc1", ad=False)
    if done.returncode != 2 or "--from-ad" not in done.stderr:
        yield f"without --from-ad: {done.returncode}: {done.stderr}"
    done = scan(text="[credential Local]\nusername=.\\admin\npassword=x\n")
    if done.returncode != 1 or "account of the domain" not in done.stderr:
        yield f"local account: {done.returncode}: {done.stderr}"


CHECKS = (places_as_a_tree, all_computers_in_pages, only_below_a_place, a_certificate_is_shown_and_waits_for_a_person,
          an_accepted_certificate_is_remembered_for_its_server, a_certificate_that_is_trusted_needs_nobody,
          refused_accounts_are_told_apart, tickets_of_the_user, a_clock_that_is_wrong, wrong_names_and_ports,
          domain_controllers_in_their_order, counts_of_a_scan, what_it_told_is_kept_with_the_scan, mistakes_on_the_command_line)

if __name__ == "__main__":
    dc.main(*CHECKS)
