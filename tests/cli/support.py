# SPDX-License-Identifier: GPL-3.0-or-later
"""What all tests of the command line share. sys.argv: FILE.py ROLLCALL_CLI NAME_SERVER STORED_INVENTORY"""
import csv
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
NAME_SERVER = os.path.abspath(sys.argv[2])
STORED_INVENTORY = os.path.abspath(sys.argv[3])

# A sanitizer keeps what was freed and maps terabytes: nothing can be said about memory then.
with open(PROGRAM, "rb") as program:
    SANITIZED = b"__asan_init" in program.read()

OK, FAILED, USAGE, STOPPED = 0, 1, 2, 130

LABELS = {
    101: "Failed – Machine not found",
    102: "Failed – Connection Timeout",
    103: "Failed – Connection Refused",
}

COLUMNS = (
    "target,address,computer_name,domain,status_code,status_id,status,step,error,error_name,attempts,credential,"
    "classes_collected,classes_planned,os,os_version,os_build,manufacturer,model,serial_number,processors,cores,"
    "memory_bytes,started_at,duration_ms,likely_cause,advice"
).split(",")


def environment(**more):
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "TZ": "UTC"}
    env.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
    env.update(more)
    return env


def closed_port():
    """A port nobody listens on, whatever runs on this machine."""
    with socket.socket() as s:
        s.bind(("0.0.0.0", 0))
        return s.getsockname()[1]


class NameServer:
    """The test name server as long as the `with` lasts."""

    def __init__(self, *rules):
        self.rules = rules

    def __enter__(self):
        self.process = subprocess.Popen(
            [NAME_SERVER, "--until-eof", "--listen", "127.0.0.1:0", *self.rules],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), line
        self.address = line.split()[-1]
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Case(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="rollcall-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.database = os.path.join(self.folder, "rollcall.db")

    def path(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            mode = "wb" if isinstance(content, bytes) else "w"
            with open(path, mode, **({} if mode == "wb" else {"encoding": "utf-8", "newline": ""})) as file:
                file.write(content)
        return path

    def cli(self, *words, status=OK, stdin="", timeout=120, env=None):
        """Runs the program to its end; what it wrote is looked at as UTF-8, strictly."""
        done = subprocess.run([PROGRAM, *words], input=stdin.encode(), capture_output=True, timeout=timeout,
                              env=environment(**(env or {})))
        out, err = done.stdout.decode(), done.stderr.decode()
        if status is not None:
            self.assertEqual(done.returncode, status, f"{words}\n{out[-2000:]}\n{err[-2000:]}")
        done.out, done.err = out, err
        return done

    def with_database(self, command, *words, **more):
        return self.cli(command, "--database", self.database, *words, **more)

    def scan(self, *words, **more):
        return self.with_database("scan", *words, **more)

    def start(self, *words, program=PROGRAM, **more):
        """Leaves the program running; it is ended with the test."""
        usual = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment()}
        process = subprocess.Popen([program, *words], **usual | more)
        self.addCleanup(end, process)
        return process

    def finish(self, process, status):
        """The rest of what a started program writes; communicate() would pass over what is read ahead already."""
        out, err = process.stdout.read().decode(), process.stderr.read().decode()
        self.assertEqual(process.wait(60), status, err)
        return out, err

    def rows(self, text):
        """A results CSV as dictionaries, after its form has been looked at."""
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        self.assertEqual(table[0], COLUMNS)
        return [dict(zip(COLUMNS, row, strict=True)) for row in table[1:]]

    def events(self, text):
        return [json.loads(line) for line in text.splitlines()]

    def sql(self, statement):
        with sqlite3.connect(self.database) as database:
            database.execute(statement)
        database.close()

    def assertSound(self):
        with sqlite3.connect(self.database) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
        database.close()


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait(30)
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()
