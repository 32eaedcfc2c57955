#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice network judged by a client that is not ours: impacket's wmiquery.py as Debian ships it, on port 135."""
import csv
import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import net

WMIQUERY = "/usr/share/doc/python3-impacket/examples/wmiquery.py"
PYTHON = "/usr/bin/python3"
ACCOUNT = "PRACTICE/scanner:practice-makes-perfect"
ENGLISH, GERMAN, SERVER = "127.86.1.1", "127.86.1.2", "127.86.5.1"


class Lab:
    """The practice network on port 135 for as long as the `with` lasts."""

    def __enter__(self):
        self.process = subprocess.Popen([sys.argv[1], "lab", "--port", "135"], stdout=subprocess.PIPE)
        for line in self.process.stdout:
            if b"|" in line:
                return self
        raise RuntimeError("the practice network did not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        self.process.stdout.close()


def wmiquery(address, *queries, account=ACCOUNT, options=()):
    with tempfile.NamedTemporaryFile("w", suffix=".wql") as file:
        file.write("".join(query + "\n" for query in queries))
        file.flush()
        done = subprocess.run([PYTHON, WMIQUERY, *options, "-file", file.name, f"{account}@{address}"],
                              capture_output=True, timeout=120, env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    return done.stdout.decode()


def tables(output):
    """For each query its rows as dictionaries, or its error."""
    found, heading = [], None
    for line in output.splitlines():
        if line.startswith("WQL>"):
            found.append([])
            heading = None
        elif line.strip().startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split(" |")]
            cells = [cell.removeprefix("|").strip() for cell in cells]
            if heading is None:
                heading = cells
            else:
                found[-1].append(dict(zip(heading, cells, strict=True)))
        elif "code: 0x" in line:
            found[-1] = line.split("code: ")[1].split()[0]
    return found


def same(what, got, wanted):
    if got != wanted:
        yield f"{what}: {got!r}, not {wanted!r}"


def reads_classes_with_right_values():
    queries = ("SELECT Name, Domain, TotalPhysicalMemory, PauseAfterReset, PartOfDomain, Roles FROM Win32_ComputerSystem",
               "SELECT BuildNumber, CSDVersion, InstallDate, MUILanguages FROM Win32_OperatingSystem",
               "SELECT * FROM Win32_BIOS",
               "SELECT DeviceID, Size FROM Win32_LogicalDisk WHERE DriveType = 3",
               "SELECT Name, Type FROM Win32_Share WHERE Name LIKE '%$'",
               "SELECT Nonsense FROM Win32_BIOS", "SELECT * FROM Win32_Nonsense", "SELECT * FROM Win32_ServerFeature")
    with Lab():
        found = tables(wmiquery(ENGLISH, *queries))
    yield from same("how many answers", len(found), len(queries))
    computer, system, bios, disks, shares, *errors = found
    yield from same("Win32_ComputerSystem", computer, [{
        "Name": "PC-001", "Domain": "practice.example", "TotalPhysicalMemory": "16929468416", "PauseAfterReset": "-1",
        "PartOfDomain": "True", "Roles": "LM_Workstation LM_Server NT"}])
    yield from same("CSDVersion", system[0]["CSDVersion"], "None")
    yield from same("MUILanguages", system[0]["MUILanguages"], "en-US")
    if not (system[0]["BuildNumber"].isdigit() and len(system[0]["InstallDate"]) == 25):
        yield f"Win32_OperatingSystem: {system}"
    yield from same("BIOS", (bios[0]["Manufacturer"], bios[0]["BiosCharacteristics"]),
                    ("Dell Inc.", "7 9 11 12 15 16 19 32 33 40 42 43"))
    yield from same("a disk", disks[0], {"DeviceID": "C:", "Size": "511127318528"})
    yield from same("a share", shares[0], {"Name": "ADMIN$", "Type": "2147483648"})
    yield from same("errors", errors, ["0x80041017", "0x80041010", "0x80041010"])


def reads_other_languages_and_servers():
    with Lab():
        german = tables(wmiquery(GERMAN, "SELECT DisplayName FROM Win32_Service WHERE Name = 'Spooler'",
                                 "SELECT Description FROM Win32_OperatingSystem"))
        features, = tables(wmiquery(SERVER, "SELECT ID FROM Win32_ServerFeature"))
    yield from same("a service", german[0], [{"DisplayName": "Druckwarteschlange"}])
    yield from same("the description", german[1], [{"Description": "Empfang am Süd‑Tor"}])
    if len(features) < 3:
        yield f"a server without features: {features}"


def integrity_privacy_and_the_other_namespace():
    query = "SELECT Name FROM Win32_ComputerSystem"
    with Lab():
        for level in ("integrity", "privacy"):
            found = tables(wmiquery(ENGLISH, query, options=["-rpc-auth-level", level]))
            yield from same(level, found, [[{"Name": "PC-001"}]])
        security, = tables(wmiquery(ENGLISH, "SELECT displayName FROM AntiVirusProduct",
                                    options=["-namespace", "//./root/SecurityCenter2"]))
        yield from same("SecurityCenter2", security[0], {"displayName": "Windows Defender"})


def a_wrong_password_is_refused():
    with Lab():
        output = wmiquery(ENGLISH, "SELECT Name FROM Win32_ComputerSystem", account="PRACTICE/scanner:wrong")
    if "access_denied" not in output.lower() or "PC-001" in output:
        yield f"not refused: {output}"


def both_clients_read_the_same():
    """What rollcall-cli collects is what impacket reads, row for row."""
    columns = ("Name", "DisplayName", "State", "StartMode", "StartName", "PathName", "ProcessId")
    with Lab(), tempfile.TemporaryDirectory() as folder:
        database, credentials = f"{folder}/lab.db", pathlib.Path(folder, "credentials")
        credentials.write_text("[credential Practice]\nusername=PRACTICE\\scanner\npassword=practice-makes-perfect\n"
                               "scope=127.86.0.0/16\nprotocols=ntlm\n")
        credentials.chmod(0o600)
        for command in (["scan", GERMAN, "--credentials", str(credentials)],
                        ["export", "--what", "Win32_Service", "--csv", f"{folder}/services.csv"]):
            done = subprocess.run([sys.argv[1], *command, "--database", database], capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(f"{command}: {done.stderr}")
        theirs, = tables(wmiquery(GERMAN, f"SELECT {', '.join(columns)} FROM Win32_Service"))
        text = pathlib.Path(folder, "services.csv").read_text(encoding="utf-8-sig")
    ours = [{name: row[name] for name in columns} for row in csv.DictReader(io.StringIO(text, newline=""))]
    if not 60 <= len(ours) <= 230:
        yield f"{len(ours)} services"
    for mine, other in zip(ours, theirs):
        yield from same("a service", mine, other)
    yield from same("how many services", len(ours), len(theirs))


if not os.path.exists(WMIQUERY) or subprocess.run([PYTHON, "-c", "import impacket"], capture_output=True).returncode:
    net.skip_all("python3-impacket is not installed")
net.main(reads_classes_with_right_values, reads_other_languages_and_servers, integrity_privacy_and_the_other_namespace,
         a_wrong_password_is_refused, both_clients_read_the_same)
