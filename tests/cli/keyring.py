# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials of a real keyring: kept, listed, used by a scan, and their passwords nowhere else."""
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import termios
import time
import unittest

from credentials import occurrences
from support import FAILED, OK, PROGRAM, SANITIZED, STOPPED, USAGE, Case, closed_port, end, environment

CANARY = "Kanarienvogel-17 Ünï"
# Starts no service by itself, and has room for as many calls at once as a session's bus has.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
<limit name="max_replies_per_connection">50000</limit></busconfig>"""


def wait_until(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"never: {what}")
        time.sleep(0.02)


@unittest.skipIf(not shutil.which("gnome-keyring-daemon") or not shutil.which("dbus-daemon"), "GNOME Keyring is missing")
class Keyring(Case):
    """Each with a bus and a keyring of its own; no desktop is there to show a question."""

    def setUp(self):
        super().setUp()
        self.private = self.path("private")
        os.mkdir(self.private, 0o700)
        self.bus = os.path.join(self.private, "bus")
        self.run_beside("dbus-daemon", "--nofork", "--config-file=" + self.path("bus.conf", BUS.format(self.bus)))
        wait_until(lambda: os.path.exists(self.bus), "a bus")
        self.env = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + self.bus}

    def run_beside(self, *words, stdin=None):
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=environment(XDG_RUNTIME_DIR=self.private, XDG_DATA_HOME=self.private))
        self.addCleanup(end, process)
        if stdin is not None:
            process.stdin.write(stdin)
        process.stdin.close()
        return process

    def call(self, name, path, interface, method, *arguments):
        return subprocess.run(["gdbus", "call", "--address", "unix:path=" + self.bus, "--dest", name, "--object-path", path,
                               "--method", f"{interface}.{method}", *arguments], capture_output=True, timeout=60).stdout

    def has_owner(self, name):
        return b"true" in self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner", name)

    def start_keyring(self):
        process = self.run_beside("gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock",
                                  stdin=b"the keyring's own")
        wait_until(lambda: self.has_owner("org.freedesktop.secrets"), "a keyring")
        return process

    def lock(self):
        self.call("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "Lock",
                  "['/org/freedesktop/secrets/collection/login']")

    def credential(self, *words, **more):
        return self.cli("credential", *words, env=self.env | more.pop("env", {}), **more)

    def add(self, name, *words, password=CANARY, **more):
        return self.credential("add", name, *(words or ("--username", "CORP\\scanner")), stdin=password + "\n", **more)

    def names(self):
        return [event["name"] for event in self.events(self.credential("list", "--json").out)]

    def one_line(self, done, says):
        self.assertEqual((done.out, len(done.err.splitlines())), ("", 1), done.err)
        self.assertIn(says, done.err)
        self.assertNotIn(CANARY, done.err)

    def preview(self, *words, **more):
        out = self.cli("scan", "--dry-run", "--json", "127.0.1.1", *words, env=self.env, **more).out
        return [credential["name"] for credential in self.events(out)[0]["credentials"]]


class Kept(Keyring):
    def setUp(self):
        super().setUp()
        self.start_keyring()

    def test_add_list_remove(self):
        self.assertIn("No credentials yet", self.credential("list").out)
        self.add("Domain admin", "--username", "scanner@corp.example", "--scope", "10.1.0.0/16;*.corp.example",
                 "--protocols", "ntlm")
        self.add("👩‍💻 مدير")
        (first, second) = self.events(self.credential("list", "--json").out)
        self.assertEqual(first, {"event": "credential", "name": "Domain admin", "username": "scanner@corp.example",
                                 "scope": "10.1.0.0/16;*.corp.example", "protocols": "ntlm"})
        self.assertEqual((second["name"], second["scope"]), ("👩‍💻 مدير", None))
        self.assertIn("scanner@corp.example", self.credential("list").out)
        self.credential("remove", "Domain admin")
        self.assertEqual(self.names(), ["👩‍💻 مدير"])
        self.one_line(self.credential("remove", "Domain admin", status=FAILED), "no credential “Domain admin”")

    def test_replace(self):
        self.add("A", password="old")
        self.one_line(self.add("A", status=FAILED), "--replace")
        self.add("A", "--replace", "--scope", "10.0.0.0/8", password="new")
        (entry,) = self.events(self.credential("list", "--json").out)
        self.assertEqual((entry["username"], entry["scope"]), ("CORP\\scanner", "10.0.0.0/8"))

    def test_what_is_refused(self):
        self.one_line(self.credential("add", "A", status=FAILED), "--username")
        self.one_line(self.add("A", password="", status=FAILED), "password is missing")
        self.one_line(self.credential("add", "A", "--username", "u", status=FAILED), "No password was given")
        self.one_line(self.add("A", password="p" * 257, status=FAILED), "256 characters")
        self.one_line(self.add("A", password="p" * 100_000, status=FAILED), "256 characters")
        self.one_line(self.add("n" * 300, status=FAILED), "100 characters")
        self.one_line(self.add(b"\xff", status=FAILED), "UTF-8")
        self.one_line(self.add("A", "--username", "A\\B\\C", status=FAILED), "A\\B\\C")
        for words in ([], ["show"], ["add"], ["remove"], ["remove", "A", "B"], ["list", "A"], ["list", "--replace"],
                      ["remove", "A", "--json"], ["add", "A", "--password", "x"], ["test", "A"], ["test", "A", "B", "C"],
                      ["test", "A", "B", "--json"], ["test", "A", "B", "--port", "x"], ["list", "--port", "1"]):
            self.assertIn("credential", self.credential(*words, status=USAGE).err)
        self.assertEqual(self.names(), [])

    def test_a_line_of_windows(self):
        self.add("A", "--username", "PRACTICE\\scanner", password="practice-makes-perfect\r")
        self.assertEqual(self.names(), ["A"])

    def test_order(self):
        for name in "ABC":
            self.add(name)
        self.assertEqual(self.preview("--credential", "C", "--credential", "A", "--credential", "C"), ["C", "A"])
        keys = self.path("keys", "[credential F]\nusername=u\npassword=x\n")
        os.chmod(keys, 0o600)
        self.assertEqual(self.preview("--credentials", keys, "--credential", "B"), ["B", "F"])

    def test_names_that_do_not_fit(self):
        self.add("A")
        scan = ["scan", "--database", self.database, "127.0.1.1"]
        self.one_line(self.cli(*scan, "--credential", "B", status=FAILED, env=self.env), "no credential “B”")
        keys = self.path("keys", "[credential A]\nusername=u\npassword=x\n")
        os.chmod(keys, 0o600)
        self.one_line(self.cli(*scan, "--credential", "A", "--credentials", keys, status=FAILED, env=self.env), "Rename one")
        self.assertFalse(os.path.exists(self.database))
        self.assertIn("--credential", self.cli(*scan, "--probe-only", "--credential", "A", status=USAGE, env=self.env).err)

    def test_an_account_for_active_directory(self):
        self.add("Local", "--username", ".\\admin")
        self.add("Domain")
        scan = ["scan", "--from-ad", "corp.example", "--ad-server", "127.0.0.1:9", "--dry-run"]
        for words, says in (((), "Add --ad-account"), (("--ad-account", "Domain"), "refuses connections"),
                            (("--credential", "Local", "--credential", "Domain"), "refuses connections"),
                            (("--ad-account", "Local"), "A local account"), (("--credential", "Local"), "Add --ad-account"),
                            (("--ad-account", "Nobody"), "no credential “Nobody”")):
            self.one_line(self.cli(*scan, *words, status=FAILED, env=self.env), says)

    def test_a_whole_scan(self):
        self.add("Lab", "--username", "PRACTICE\\scanner", password="practice-makes-perfect\r")
        csv = self.path("out.csv")
        self.scan("--practice", "--credential", "Lab", "--csv", csv, env=self.env | {"G_MESSAGES_DEBUG": "all"})
        with open(csv, encoding="utf-8", newline="") as file:
            rows = self.rows(file.read())
        self.assertGreater(sum(row["status_id"] == "success" and row["credential"] == "Lab" for row in rows), 5)

    # --- A trial

    def start_lab(self):
        """Returns what a trial needs to find it."""
        process = self.start("lab")
        for line in process.stdout:
            found = re.search(rb"--port (\d+) --dns (\S+)", line)
            if found:
                return ["--port", found[1].decode(), "--dns", found[2].decode()]
        raise AssertionError("the practice network does not say where it is")

    def test_a_trial(self):
        lab = self.start_lab()
        self.add("Lab", "--username", "PRACTICE\\scanner", password="practice-makes-perfect")
        self.add("Wrong", "--username", "PRACTICE\\scanner")
        self.add("Elsewhere", "--username", "PRACTICE\\scanner", "--scope", "10.0.0.0/8")
        well = "pc-001.accounts.practice.example"
        done = self.credential("test", "Lab", well, *lab)
        self.assertEqual(done.err, "")
        self.assertIn(f"“Lab” works on {well}", done.out)
        for step in ("Find the address: went well", "Log on: went well", "Open the inventory namespace: went well"):
            self.assertIn(step, done.out)
        done = self.credential("test", "Wrong", well, *lab, status=FAILED, env={"G_MESSAGES_DEBUG": "all"})
        self.assertIn("Failed – Access Denied: ", done.err)
        self.assertIn("credential=Wrong", done.out)
        self.assertNotIn(CANARY, done.out + done.err)
        self.assertIn("limited to", self.credential("test", "Elsewhere", well, *lab, status=FAILED).err)
        done = self.credential("test", "Lab", "nobody.practice.example", *lab, status=FAILED)
        self.assertIn("Machine not found", done.err)
        self.one_line(self.credential("test", "Lab", "10.0.0.0/24", *lab, status=FAILED), "more than one computer")
        self.one_line(self.credential("test", "Nobody", well, *lab, status=FAILED), "no credential “Nobody”")
        self.one_line(self.credential("test", "Lab", well, "--dns", "what", status=FAILED), "what")

    def test_a_trial_can_be_stopped(self):
        self.add("A")
        with socket.create_server(("127.0.1.1", 0)) as listener:
            process = self.start("credential", "test", "A", "127.0.1.1", "--port", str(listener.getsockname()[1]),
                                 env=environment(**self.env))
            listener.settimeout(60)
            connection, _ = listener.accept()
            process.send_signal(signal.SIGINT)
            self.finish(process, STOPPED)
            connection.close()

    # --- Where passwords are not

    def assertNowhere(self, *texts):
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        self.assertNotIn(CANARY.encode(), file.read(), path)
        for text in texts:
            self.assertNotIn(CANARY, text)

    def start_slow(self):
        """A scan of a computer that takes the connection and then says nothing."""
        listener = socket.create_server(("127.0.1.1", 0))
        self.addCleanup(listener.close)
        process = self.start("scan", "--database", self.database, "--csv", self.path("out.csv"), "--credential", "Canary",
                             "--port", str(listener.getsockname()[1]), "127.0.1.1",
                             env=environment(**self.env, G_MESSAGES_DEBUG="all"))
        listener.settimeout(60)
        connection, _ = listener.accept()
        self.addCleanup(connection.close)
        connection.settimeout(60)
        connection.recv(16)
        return process

    def test_the_password_is_nowhere_else(self):
        done = self.add("Canary", env={"G_MESSAGES_DEBUG": "all", "G_DBUS_DEBUG": "all"})
        self.assertNowhere(done.out, done.err)
        process = self.start_slow()
        for name in ("cmdline", "environ"):
            with open(f"/proc/{process.pid}/{name}", "rb") as file:
                self.assertNotIn(CANARY.encode(), file.read())
        with open(f"/proc/{process.pid}/limits", encoding="ascii") as limits:
            (line,) = (line for line in limits if line.startswith("Max core file size"))
        self.assertEqual(line.split()[4:6], ["0", "0"])
        if os.geteuid() == 0 and not SANITIZED:
            found = list(occurrences(process.pid, [CANARY.encode(), CANARY.encode("utf-16-le")]))
            self.assertTrue(found)
            for flags in found:
                self.assertTrue({"lo", "dd", "wf"} <= flags, flags)
        process.send_signal(signal.SIGINT)
        out, err = self.finish(process, STOPPED)
        self.assertNowhere(out, err)

    def test_removed_while_a_scan_uses_it(self):
        self.add("Canary")
        process = self.start_slow()
        self.credential("remove", "Canary")
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.finish(process, STOPPED)
        done = self.scan("--resume", "--credential", "Canary", status=FAILED, env=self.env)
        self.one_line(done, "no credential “Canary”")
        self.assertIn("stopped", self.with_database("list").out)

    # --- On a terminal

    def on_terminal(self, *answers):
        """What is shown, and the exit status; an answer is typed at each colon."""
        master, slave = pty.openpty()
        process = subprocess.Popen([PROGRAM, "credential", "add", "T", "--username", "u"], stdin=slave, stdout=slave,
                                   stderr=slave, start_new_session=True, env=environment(**self.env, TERM="xterm"),
                                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.addCleanup(end, process)
        text, answered = b"", 0
        while process.poll() is None:
            if select.select([master], [], [], 0.1)[0]:
                text += os.read(master, 4096)
            if answered < len(answers) and text.count(b":") > answered:
                os.write(master, answers[answered])
                answered += 1
        while select.select([master], [], [], 0)[0]:
            text += os.read(master, 4096)
        echo = termios.tcgetattr(slave)[3] & termios.ECHO
        os.close(slave)
        os.close(master)
        self.assertTrue(echo)
        return text.decode(), process.returncode

    def test_typed_twice_and_not_shown(self):
        text, status = self.on_terminal(CANARY.encode() + b"\n", CANARY.encode() + b"\n")
        self.assertEqual(status, OK, text)
        self.assertNotIn("Kanarien", text)
        self.assertIn("Password of “T”:", text)
        self.assertEqual(self.names(), ["T"])

    def test_mistyped(self):
        text, status = self.on_terminal(b"one\n", b"two\n")
        self.assertEqual(status, FAILED)
        self.assertIn("differ", text)
        self.assertEqual(self.names(), [])

    def test_stopped_at_the_question(self):
        _, status = self.on_terminal(b"half\x03")
        self.assertEqual(status, STOPPED)
        self.assertEqual(self.names(), [])

    # --- Trouble

    def test_locked(self):
        self.add("A")
        self.lock()
        self.one_line(self.credential("list", status=FAILED), "stayed locked")
        self.one_line(self.credential("remove", "A", status=FAILED), "stayed locked")
        self.one_line(self.cli("scan", "--database", self.database, "--credential", "A", "127.0.1.1", status=FAILED,
                               env=self.env), "stayed locked")


class Without(Keyring):
    def test_no_service(self):
        self.one_line(self.credential("list", status=FAILED), "no keyring in this session")
        self.one_line(self.add("A", status=FAILED), "no keyring in this session")

    def test_no_bus(self):
        self.env = {"XDG_RUNTIME_DIR": "/nonexistent"}
        self.one_line(self.credential("list", status=FAILED), "no keyring in this session")
        self.scan("127.0.1.1", "--probe-only", "--port", str(closed_port()), env=self.env)

    def test_a_keyring_that_hangs_can_be_left(self):
        keyring = self.start_keyring()
        keyring.send_signal(signal.SIGSTOP)
        process = self.start("credential", "list", env=environment(**self.env))
        self.assertIn(b"not answered yet", process.stderr.readline())
        process.send_signal(signal.SIGINT)
        self.finish(process, STOPPED)

    def test_the_file_of_libsecret(self):
        file = self.path("kept")
        self.env = {"SECRET_BACKEND": "file", "SECRET_FILE_TEST_PATH": file, "SECRET_FILE_TEST_PASSWORD": "the file's own"}
        self.add("A")
        self.add("B")
        self.assertEqual(self.names(), ["A", "B"])
        self.assertEqual(self.preview("--credential", "B"), ["B"])
        self.credential("remove", "A")
        self.assertEqual(self.names(), ["B"])
        with open(file, "rb") as content:
            self.assertNotIn(CANARY.encode(), content.read())


if __name__ == "__main__":
    unittest.main()
