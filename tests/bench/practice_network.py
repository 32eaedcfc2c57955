# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice network in a process of its own, inside namespaces of its own, and scans of it by rollcall-cli."""
import collections
import csv
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

UNSHARE = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"]
if os.geteuid() != 0:
    UNSHARE[1:1] = ["--user", "--map-root-user"]
INSIDE = "ROLLCALL_BENCH_NETWORK"
CREDENTIALS = ("[credential Practice]\nusername=PRACTICE\\scanner\npassword=practice-makes-perfect\n"
               "scope=*.practice.example;127.86.0.0/16\nprotocols=ntlm\n")
TICKS = os.sysconf("SC_CLK_TCK")


def enter():
    """Goes on in a network of its own, where port 135 is free and what goes over the wire can be counted."""
    if os.environ.get(INSIDE) == "yes":
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    if not shutil.which("ip") or subprocess.run([*UNSHARE, "true"], capture_output=True).returncode:
        print("skipped: no network namespaces here")
        sys.exit(77)
    os.environ[INSIDE] = "yes"
    os.execvp("unshare", [*UNSHARE, sys.executable, *sys.argv])


def load():
    return f"load {os.getloadavg()[0]:.1f}"


def bytes_sent():
    for line in pathlib.Path("/proc/net/dev").read_text().splitlines():
        if line.strip().startswith("lo:"):
            return int(line.split()[1])
    raise RuntimeError("no loopback device")


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rows(program, n):
    """For each computer of a network of @n: its target, its address and how it ends."""
    listing = subprocess.run([program, "lab", "--list", "--computers", str(n)], check=True, capture_output=True, text=True)
    for line in listing.stdout.splitlines():
        address, what = line.split("#")[1][1:16].strip(), line.split("#")[1][17:]
        yield line.split()[0], address, what.split(";")[-1].split(" (")[0].strip()


def computers(program, n):
    """For each target of a network of @n how it ends."""
    return {target: status for target, _, status in rows(program, n)}


def by_network(program, n, targets):
    """@targets as users have them: a network after the other."""
    addresses = {target: address for target, address, _ in rows(program, n)}
    return sorted(targets, key=lambda target: [int(part) for part in addresses[target].split(".")])


def healthy(listing):
    """Those that are well and do not answer in a way of their own, from behind the odd ones."""
    listing = list(listing.items())
    return [target for i, (target, status) in enumerate(listing) if i >= 80 and i % 3 and status == "Success"]


class Lab:
    def __init__(self, program, n, *options):
        self.command = [program, "lab", "--port", "135", "--computers", str(n), *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "|" in line:
                return self
        raise RuntimeError("the practice network did not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.stdout.read()
        self.process.wait(60)

    def cpu(self):
        return cpu_of(self.process.pid)


Run = collections.namedtuple("Run", "seconds cpu lab_cpu peak sent statuses disk found")


def scan(program, lab, targets, *options, look=lambda database: None):
    """One scan of @targets, everything stored, what it cost, and what @look finds in the database."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: os.path.join(folder, name) for name in ("targets", "credentials", "scan.db", "scan.csv")}
        pathlib.Path(files["targets"]).write_text("\n".join(targets) + "\n")
        credentials = pathlib.Path(files["credentials"])
        credentials.touch(0o600)
        credentials.write_text(CREDENTIALS)
        if "--probe-only" not in options:
            options = ("--credentials", files["credentials"], *options)
        sent, lab_cpu, began = bytes_sent(), lab.cpu(), time.monotonic()
        process = subprocess.Popen([program, "scan", "--targets", files["targets"], "--dns", "127.0.0.1:135", "--database",
                                    files["scan.db"], "--csv", files["scan.csv"], *options],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        if status:
            raise RuntimeError(f"rollcall-cli ended with {status}")
        with open(files["scan.csv"], encoding="utf-8-sig", newline="") as file:
            statuses = {row["target"]: row["status"] for row in csv.DictReader(file)}
        return Run(seconds, usage.ru_utime + usage.ru_stime, lab.cpu() - lab_cpu, usage.ru_maxrss * 1024,
                   bytes_sent() - sent, statuses, os.path.getsize(files["scan.db"]), look(files["scan.db"]))


def goal(text, value, unit, limit, met):
    print(f"{text:<52} {value:9.1f} {unit:<5} goal {limit}: {'met' if met else 'MISSED'}", flush=True)
    return met
