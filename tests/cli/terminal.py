# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person sees on a terminal: one progress line that fits, colours where wanted, a question where it is due."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

from support import FAILED, OK, PROGRAM, STOPPED, Case, NameServer, closed_port, end, environment


class Terminal(Case):
    def setUp(self):
        super().setUp()
        self.port = str(closed_port())

    def on_terminal(self, *words, columns=80, answer=None, meanwhile=None, env=None):
        """Everything written to the terminal, and the exit status."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([PROGRAM, *words], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                   env=environment(**({"TERM": "xterm-256color"} | (env or {}))))
        self.addCleanup(end, process)
        os.close(slave)
        text = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([master], [], [], 1)[0]:
                continue
            try:
                text += os.read(master, 65536)
            except OSError:
                break
            if answer is not None and b"[y/N]" in text:
                os.write(master, answer)
                answer = None
            if meanwhile and meanwhile(process, text):
                meanwhile = None
        os.close(master)
        return text.decode(), process.wait(30)

    def lines_of_progress(self, text):
        return re.findall(r"\r([^\r\n\033]+)\033\[K", text)

    def slow_scan(self, *words, **more):
        with NameServer("*.lab.example=numbered:127.30.0.0,delay:400") as server:
            path = self.path("names.txt", "".join(f"pc{i}.lab.example\n" for i in range(1, 2001)))
            return self.on_terminal("scan", "--database", self.database, "--probe-only", "--port", self.port, "--dns",
                                    server.address, "--targets", path, *words, **more)

    def test_progress_line(self):
        began = time.monotonic()
        text, status = self.slow_scan()
        took = time.monotonic() - began
        self.assertEqual(status, OK)
        lines = self.lines_of_progress(text)
        self.assertGreater(len(lines), 3)
        self.assertLessEqual(len(lines), took * 10 + 2)
        for line in lines:
            self.assertRegex(line, r"^ *\d+ %  [\d,]+ of 2,?000")
            self.assertLess(len(line), 80)
        shares = [int(line.split("%")[0]) for line in lines]
        self.assertEqual(shares, sorted(shares), "never jumps back")
        self.assertIn("Network", lines[-1])
        self.assertIn("\r\033[K", text)
        self.assertRegex(text, "Failed – Connection Refused +2,?000")

    def test_narrow_terminal(self):
        for columns in (20, 33, 50):
            with self.subTest(columns):
                text, status = self.slow_scan(columns=columns)
                self.assertEqual(status, OK)
                lines = self.lines_of_progress(text)
                self.assertTrue(lines)
                for line in lines:
                    cells = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
                    self.assertLess(cells, columns)

    def test_ctrl_c(self):
        def press(process, text):
            if b" %  " in text:
                os.kill(process.pid, signal.SIGINT)
                return True
            return False

        text, status = self.slow_scan(meanwhile=press)
        self.assertEqual(status, STOPPED)
        self.assertIn("Stopping", text)
        self.assertIn("--resume 1", text)

    def test_colours_only_where_wanted(self):
        text, _ = self.on_terminal("explain", "201")
        self.assertIn("\033[1m", text)
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            with self.subTest(env):
                self.assertNotIn("\033", self.on_terminal("explain", "201", env=env)[0])

    def test_text_fits_the_terminal(self):
        text, _ = self.on_terminal("explain", "access-denied", columns=60, env={"NO_COLOR": "1"})
        wide = [line for line in text.replace("\r", "").splitlines() if len(line) > 60]
        # Commands are never broken: they are there to be copied.
        self.assertTrue(all(re.match(r" {6}", line) for line in wide), wide)

    def test_public_addresses_are_asked_about(self):
        # The database is a folder, so that nothing can ever start and no packet leaves, whatever the program does.
        words = ("scan", "--database", self.folder, "--probe-only", "8.8.8.0/24", "127.0.1.1", "--port", self.port)
        for answer, status in ((b"n\n", STOPPED), (b"\n", STOPPED), (b"\x04", STOPPED), (b"y\n", FAILED)):
            with self.subTest(answer):
                text, ended = self.on_terminal(*words, answer=answer)
                self.assertIn("254 targets are public", text)
                self.assertIn("[y/N]", text)
                self.assertEqual(ended, status, text)

    def test_public_addresses_meant(self):
        text, status = self.on_terminal("scan", "--database", self.folder, "--probe-only", "8.8.8.8", "--public")
        self.assertEqual(status, FAILED)
        self.assertNotIn("public", text)

    def test_public_addresses_in_a_script(self):
        done = self.cli("scan", "--database", self.folder, "--probe-only", "8.8.8.8", status=FAILED)
        self.assertIn("1 target is a public address", done.err)
        self.assertNotIn("[y/N]", done.err)

    def test_hostile_names_in_the_database(self):
        # A scan's name is the user's own, but a database may come from somebody else.
        self.scan("--probe-only", "--port", self.port, "--name", "a\033]0;owned\007\u202eb\u2028c", "127.0.1.1")
        for command in (("list",), ("report",), ("show", "127.0.1.1"), ("list", "--json"), ("report", "--json")):
            with self.subTest(command):
                text, _ = self.on_terminal(*command, "--database", self.database, env={"NO_COLOR": "1"})
                for bad in ("\033", "\007", "\u202e", "\u2028"):
                    self.assertNotIn(bad, text)
