# SPDX-License-Identifier: GPL-3.0-or-later
"""Small networks in namespaces of their own, made for one test script and gone with it, however it ends.

The script runs itself again inside fresh mount, network and process namespaces: named network namespaces live
in a folder only it sees, and when its first process dies the kernel takes everything else with it. So nothing
needs a unique name, nothing is left behind, and two runs do not meet.
"""
import collections
import csv
import fcntl
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "project"))
from tap import run_checks  # noqa: E402

INSIDE = "ROLLCALL_TEST_NETWORK"
UNSHARE = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child=KILL", "--mount-proc"]
if os.geteuid() != 0:
    UNSHARE[1:1] = ["--user", "--map-root-user"]

LISTENER = """
import socket, sys
listener = socket.create_server(("::", int(sys.argv[1])), family=socket.AF_INET6, backlog=65535,
                                dualstack_ipv6=True)
print("ready", flush=True)
while True:
    connection, _ = listener.accept()
    connection.close()
"""


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def main(*checks):
    """Runs the checks of a script inside; must be the last call of its module."""
    if os.environ.get(INSIDE) != "yes":
        for tool in ("unshare", "ip", "nft"):
            if not shutil.which(tool):
                skip_all(f"{tool} is not installed")
        probe = subprocess.run([*UNSHARE, "sh", "-c", "mount -t tmpfs none /run && ip link set lo up"],
                               capture_output=True, text=True)
        if probe.returncode:
            skip_all(f"no network namespaces here: {probe.stderr.strip().splitlines()[-1]}")
        os.environ[INSIDE] = "yes"
        os.execvp("unshare", [*UNSHARE, sys.executable, *sys.argv])
    run("mount -t tmpfs none /run")
    run("ip link set lo up")
    run_checks(*checks)


def run(command, node=None, text=None):
    """A command, a list or words, in a node or here."""
    prefix = ["ip", "netns", "exec", node] if node else []
    words = command.split() if isinstance(command, str) else command
    done = subprocess.run([*prefix, *words], capture_output=True, text=True, input=text)
    if done.returncode:
        raise RuntimeError(f"{node or 'here'}: {command}: {done.stderr.strip()}")
    return done.stdout


def set_kernel(node, settings):
    """What sysctl would do, which is not everywhere."""
    for name, value in settings.items():
        run(["sh", "-c", f"echo {value} > /proc/sys/{name.replace('.', '/')}"], node)


def open_lock():
    """One file for all users; once it is there, it must not be opened to create it (fs.protected_regular)."""
    path = f"{tempfile.gettempdir()}/rollcall-test-neighbours"
    old_mask = os.umask(0)
    try:
        return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except FileExistsError:
        return os.open(path, os.O_RDONLY)
    finally:
        os.umask(old_mask)


class Network:
    """Nodes and cables; the sieve runs in whichever node a check says.

    All namespaces of a machine share the kernel's neighbour table: a check that fills it has it to itself.
    """

    def __init__(self, fills_neighbour_table=False):
        self.nodes = []
        self.processes = []
        self.lock = open_lock() if fills_neighbour_table else None

    def __enter__(self):
        if self.lock is not None:
            fcntl.flock(self.lock, fcntl.LOCK_EX)
        return self

    def __exit__(self, *failure):
        for process in self.processes:
            process.kill()
            process.wait()
        for node in self.nodes:
            run(f"ip netns del {node}")
        if self.lock is not None:
            os.close(self.lock)

    def node(self, name):
        run(f"ip netns add {name}")
        self.nodes.append(name)
        run("ip link set lo up", name)
        # No waiting for duplicate address detection.
        set_kernel(name, {"net.ipv6.conf.default.accept_dad": 0, "net.ipv6.conf.default.dad_transmits": 0,
                          "net.core.somaxconn": 65535, "net.ipv4.tcp_max_syn_backlog": 65535})
        return name

    def cable(self, a, b, *addresses):
        """A veth pair, its ends named after the node at the other end; addresses in pairs, of a and of b."""
        run(f"ip link add {b} netns {a} type veth peer name {a} netns {b}")
        run(f"ip link set {b} up", a)
        run(f"ip link set {a} up", b)
        for of_a, of_b in addresses:
            run(f"ip addr add {of_a} dev {b}", a)
            run(f"ip addr add {of_b} dev {a}", b)

    def batch(self, node, lines):
        run("ip -batch -", node, "".join(line + "\n" for line in lines))

    def listen(self, node, port):
        process = subprocess.Popen(["ip", "netns", "exec", node, sys.executable, "-c", LISTENER, str(port)],
                                   stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("the listener did not start")

    def later(self, node, seconds, command):
        """Runs a command when some time has passed."""
        self.processes.append(subprocess.Popen(
            ["ip", "netns", "exec", node, "sh", "-c", f"sleep {seconds}; exec {command}"]))


class Result:
    """One line of sieve-probe."""

    def __init__(self, line):
        self.target, self.error, self.said_by, milliseconds, records = line.rstrip("\n").split("\t")
        self.milliseconds = float(milliseconds)
        self.records = [record.split(" ", 3) for record in records.split("; ") if record]
        self.detail = self.records[-1][3] if self.records else ""

    def __str__(self):
        return f"{self.target}: {self.error} by {self.said_by or 'nobody'} {self.records}"


def sieve(node, *arguments, events=False):
    """Runs sieve-probe, the script's first argument. Returns results, seconds and, if wanted, the events."""
    started = time.monotonic()
    done = subprocess.run(["ip", "netns", "exec", node, sys.argv[1], *map(str, arguments)],
                          capture_output=True, text=True)
    seconds = time.monotonic() - started
    if done.returncode:
        raise RuntimeError(f"sieve-probe: exit status {done.returncode}: {done.stderr}")
    results = [Result(line) for line in done.stdout.splitlines()]
    heard = [line.removeprefix("event ") for line in done.stderr.splitlines()]
    return (results, seconds, heard) if events else (results, seconds)


def far_over(seconds, goal):
    """A goal is for the benchmarks and the eye: it is printed. A machine that is busy with something else takes longer;
    what takes ten times as long does not work the way it is meant to."""
    print(f"# {seconds:.2f} s, the goal is {goal} s")
    if seconds > 10 * goal:
        yield f"{seconds:.1f} s, far over {goal} s"


def tally(results):
    return dict(collections.Counter(result.error for result in results))


class Census:
    """rollcall-cli, the script's first argument, with a database of its own."""

    def __init__(self, node):
        self.node = node
        self.folder = tempfile.TemporaryDirectory()

    def run(self, *arguments):
        done = subprocess.run(["ip", "netns", "exec", self.node, sys.argv[1], *map(str, arguments),
                               "--database", f"{self.folder.name}/census.db"], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"rollcall-cli: exit status {done.returncode}: {done.stderr}")
        return done.stdout

    def scan(self, *arguments):
        """Returns the rows of the CSV and seconds."""
        started = time.monotonic()
        text = self.run("scan", "--probe-only", *arguments, "--csv", "-")
        seconds = time.monotonic() - started
        return list(csv.DictReader(io.StringIO(text))), seconds

    def show(self, computer):
        return json.loads(self.run("show", "--json", computer))


def tally_of(rows):
    return dict(collections.Counter(row["status_code"] or row["status_id"] for row in rows))
