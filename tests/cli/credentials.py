# SPDX-License-Identifier: GPL-3.0-or-later
"""What `scan` logs on with: the file of --credentials, who may read it, and where its passwords never are."""
import os
import signal
import socket
import unittest

from support import FAILED, SANITIZED, STOPPED, USAGE, Case, closed_port

CANARY = "Kanarienvogel-17"
GOOD = f"# accounts\n[credential Domain admin]\nusername=CORP\\scanner\npassword={CANARY}\nscope=127.0.0.0/8\n"


class Credentials(Case):
    def keys(self, text=GOOD, mode=0o600):
        path = self.path("keys", text)
        os.chmod(path, mode)
        return path

    def closed(self, *words, **more):
        """A scan of one computer that answers with a reset."""
        return self.scan("127.0.1.1", "--port", str(closed_port()), *words, **more)

    def assertNowhere(self, *texts):
        for name in os.listdir(self.folder):
            if name != "keys":
                with open(os.path.join(self.folder, name), "rb") as file:
                    texts += (file.read().decode("latin-1"),)
        for text in texts:
            self.assertNotIn(CANARY, text)

    def test_a_good_file(self):
        done = self.closed("--credentials", self.keys())
        self.assertNotIn("credentials", done.err.lower())
        self.assertNowhere(done.out, done.err)

    def test_a_file_that_others_can_read(self):
        for mode in (0o644, 0o640, 0o660, 0o604):
            done = self.closed("--credentials", self.keys(mode=mode), status=FAILED)
            self.assertEqual((done.out, len(done.err.splitlines())), ("", 1))
            self.assertIn(f"mode {mode:04o}", done.err)
            self.assertIn("chmod 600", done.err)
            self.assertFalse(os.path.exists(self.database))

    def test_mistakes_are_named_without_the_password(self):
        cases = {
            "": "has no credential",
            f"[credential A]\nusername=B\n{CANARY}\n": "line 3: [credential A]: a line is written key=value",
            f"[credential A]\nusername=B\npasswort={CANARY}\n": "line 3: [credential A]: there is no key “passwort”",
            f"[credential A]\npassword={CANARY}\n": "line 1: [credential A] has no “username”",
            "[credential A]\nusername=CORP\\B\n": "line 1: [credential A] has no “password”",
            GOOD + "scope=10.0.0.0/8\n": "line 6: [credential Domain admin]: “scope” is there twice",
            GOOD + "protocols=ssh\n": "[credential Domain admin], “protocols”: “ssh” is no protocol",
            f"[general]\npassword={CANARY}\n": "line 1: a group is written [credential NAME]",
        }
        for text, says in cases.items():
            with self.subTest(text):
                done = self.closed("--credentials", self.keys(text), status=FAILED)
                self.assertEqual((done.out, len(done.err.splitlines())), ("", 1))
                self.assertIn(says, done.err)
                self.assertNotIn(CANARY, done.err)
                self.assertFalse(os.path.exists(self.database))

    def test_no_such_file(self):
        self.assertIn("No such file", self.closed("--credentials", self.path("none"), status=FAILED).err)
        os.symlink(self.keys(), self.path("link"))
        self.assertIn("symbolic link", self.closed("--credentials", self.path("link"), status=FAILED).err)

    def test_none_are_missed_aloud(self):
        self.assertIn("No credentials were given", self.closed().err)
        self.assertNotIn("No credentials were given", self.closed("--probe-only").err)

    def test_probe_only_needs_none(self):
        for words in (["--credentials", self.keys()], ["--jobs", "3"], ["--network-jobs", "3"], ["--watchdog", "5"]):
            self.assertIn("--probe-only", self.closed("--probe-only", *words, status=USAGE).err)

    def test_numbers(self):
        for words in (["--jobs", "0"], ["--jobs", "70000"], ["--watchdog", "0"], ["--watchdog", "x"], ["--watchdog", "99999"]):
            self.assertIn(words[0], self.closed(*words, status=USAGE).err)
        self.closed("--jobs", "3", "--network-jobs", "0", "--watchdog", "2.5", "--credentials", self.keys())

    def start_slow(self):
        """A scan of a computer that takes the connection and then says nothing."""
        listener = socket.create_server(("127.0.1.1", 0))
        self.addCleanup(listener.close)
        process = self.start("scan", "--database", self.database, "--credentials", self.keys(),
                             "--port", str(listener.getsockname()[1]), "127.0.1.1")
        listener.settimeout(20)
        connection, _ = listener.accept()
        self.addCleanup(connection.close)
        connection.settimeout(20)
        connection.recv(16)
        listener.close()
        return process

    def stop(self, process):
        process.send_signal(signal.SIGINT)
        return self.finish(process, STOPPED)

    def test_a_scan_that_goes_on_needs_them_again(self):
        self.stop(self.start_slow())
        done = self.scan("--resume", status=FAILED)
        self.assertIn("Credentials are never stored with a scan", done.err)
        self.assertIn("stopped", self.with_database("list").out)
        self.scan("--resume", "--credentials", self.keys("[credential A]\n"), status=FAILED)
        done = self.scan("--resume", "--credentials", self.keys())
        self.assertIn("1 of 1 computers done", done.out)

    def test_an_account_for_active_directory_that_is_not_in_the_file(self):
        done = self.scan("--from-ad", "corp.example", "--credentials", self.keys(), "--ad-account", "Nobody", status=FAILED)
        self.assertIn("--credentials has no credential “Nobody”", done.err)

    def test_no_core_dumps(self):
        process = self.start_slow()
        with open(f"/proc/{process.pid}/limits", encoding="ascii") as limits:
            (line,) = (line for line in limits if line.startswith("Max core file size"))
        self.assertEqual(line.split()[4:6], ["0", "0"])
        self.stop(process)
        self.assertNowhere()

    @unittest.skipIf(SANITIZED, "a sanitizer maps more memory than can be read")
    @unittest.skipIf(os.geteuid() != 0, "only root may look into the program's memory")
    def test_the_password_is_in_locked_memory_only(self):
        process = self.start_slow()
        found = list(occurrences(process.pid, [CANARY.encode(), CANARY.encode("utf-16-le")]))
        self.stop(process)
        self.assertTrue(found)
        for flags in found:
            self.assertTrue({"lo", "dd", "wf"} <= flags, flags)


def occurrences(pid, texts):
    """The flags of every mapping that holds one of the texts."""
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as smaps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in smaps:
            words = line.split()
            if "-" in words[0] and not words[0].endswith(":"):
                start, end = (int(number, 16) for number in words[0].split("-"))
            elif words[0] == "VmFlags:" and "rd" in words:
                try:
                    memory.seek(start)
                    content = memory.read(end - start)
                except (OSError, ValueError, OverflowError):
                    continue
                for _ in range(sum(content.count(text) for text in texts)):
                    yield set(words[1:])
