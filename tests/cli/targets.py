# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scan is pointed at: right and wrong entries, files of every unlucky kind."""
import ipaddress
import os
import shutil
import subprocess

from support import FAILED, PROGRAM, USAGE, Case, closed_port, environment

NOBODY = 65534


class Targets(Case):
    def setUp(self):
        super().setUp()
        self.port = str(closed_port())

    def probe(self, *words, **more):
        return self.scan("--probe-only", "--port", self.port, *words, **more)

    def targets(self, *words, **more):
        done = self.probe("--csv", "-", *words, **more)
        done.targets = [row["target"] for row in self.rows(done.out)]
        return done

    def refused(self, content, *words, **more):
        """A file that is no use: what is said about it."""
        path = self.path("targets.txt", content) if content is not None else "targets.txt"
        done = self.probe("--targets", path, *words, status=FAILED, **more)
        self.assertEqual(done.out, "")
        return path, done.err

    def test_forms(self):
        done = self.targets("127.0.1.0/30", "127.0.2.10-127.0.2.11", "127.0.3.7-9", "127.0.4.0/31", "127.0.5.5/32",
                            "127.0.0.9", "::1")
        self.assertEqual(done.targets, ["127.0.1.1", "127.0.1.2", "127.0.2.10", "127.0.2.11", "127.0.3.7",
                                        "127.0.3.8", "127.0.3.9", "127.0.4.0", "127.0.4.1", "127.0.5.5",
                                        "127.0.0.9", "::1"])

    def test_a_column_of_a_table(self):
        path = self.path("list.csv", "Site;Computer Name\r\n\"a\r\nb\";127.0.1.1\r\nx;no good!\r\ny;127.0.1.2\r\n")
        done = self.targets("--targets", path, "--targets-column", "computer name")
        self.assertEqual(done.targets, ["127.0.1.1", "127.0.1.2"])
        self.assertRegex(done.err, "(?m)^.*list.csv:4: “no good!”: .+")
        done = self.probe("--targets", path, "--targets-column", "IP", status=FAILED)
        self.assertIn("Its first row has “Site”, “Computer Name”", done.err)
        done = self.probe("127.0.0.1", "--targets-column", "IP", status=USAGE)
        self.assertIn("--targets FILE", done.err)

    def test_duplicates_and_exclusions(self):
        done = self.targets("127.0.1.1-4", "127.0.1.3", "127.0.1.2-6", "--exclude", "127.0.1.4", "--exclude", "127.0.1.6")
        self.assertEqual(done.targets, ["127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.5"])

    def test_wrong_argument_is_named_and_the_right_ones_scanned(self):
        done = self.targets("127.0.1.300", "127.0.1.1")
        self.assertEqual(done.targets, ["127.0.1.1"])
        self.assertRegex(done.err, "(?m)^“127.0.1.300”: .+")
        self.assertIn("1 wrong entry was left out, 1 target is right", done.err)

    def test_only_wrong_arguments(self):
        done = self.probe("10.0.0.0/99", status=FAILED)
        self.assertRegex(done.err, "(?m)^“10.0.0.0/99”: .+")
        self.assertIn("No target is left", done.err)
        self.assertFalse(os.path.exists(self.database), "nothing was started")

    def test_wrong_exclusion_starts_nothing(self):
        done = self.probe("127.0.1.1", "--exclude", "127.0.1.0/99", status=USAGE)
        self.assertIn("“127.0.1.0/99”", done.err)
        self.assertFalse(os.path.exists(self.database))

    def test_everything_excluded(self):
        done = self.probe("127.0.1.1", "--exclude", "127.0.0.0/8", status=FAILED)
        self.assertIn("exclusions", done.err)

    def test_control_characters_are_not_passed_on(self):
        done = self.probe("pc\033[2Jname", "pc\u202egnp", status=FAILED)
        self.assertNotIn("\033", done.err)
        self.assertNotIn("\u202e", done.err)

    def test_a_name_too_long(self):
        done = self.targets("a" * 300, "127.0.1.1")
        self.assertEqual(done.targets, ["127.0.1.1"])
        self.assertRegex(done.err, "(?m)^“a+…?”: .+")
        self.assertLess(len(done.err.splitlines()[0]), 300)

    def test_several_files_and_standard_input(self):
        one = self.path("one.txt", "127.0.1.1\n")
        two = self.path("two.txt", "127.0.1.2\n127.0.1.1\n")
        done = self.targets("127.0.1.9", "--targets", one, "--targets", two, "--targets", "-", stdin="127.0.1.3\nx y\n")
        self.assertEqual(done.targets, ["127.0.1.9", "127.0.1.1", "127.0.1.2", "127.0.1.3"])
        self.assertRegex(done.err, "(?m)^standard input:2: “x y”: .+")

    def test_comments_blank_lines_bom_and_crlf(self):
        path = self.path("t", b"\xef\xbb\xbf127.0.1.1\r\n\r\n# all of them\r\n  127.0.1.2  # the printer\r\n127.0.1.3")
        done = self.targets("--targets", path)
        self.assertEqual(done.targets, ["127.0.1.1", "127.0.1.2", "127.0.1.3"])
        self.assertNotIn("wrong", done.err)

    def test_hundred_thousand_lines_with_seven_wrong_ones(self):
        first = int(ipaddress.ip_address("127.100.0.1"))
        lines = [str(ipaddress.ip_address(first + i)) for i in range(100_000)]
        wrong = {
            17: "127.100.0.256",
            4711: "127.0.0.0/33",
            20_000: "127.0.0.9-127.0.0.1",
            33_333: "two words",
            50_001: "n" * 300,
            77_777: "-pc1",
            100_000: "pc..corp.example",
        }
        for number, text in wrong.items():
            lines[number - 1] = text
        path = self.path("targets.txt", "\n".join(lines) + "\n")
        done = self.targets("--targets", path)
        self.assertEqual(done.targets, [text for i, text in enumerate(lines, 1) if i not in wrong])
        self.assertEqual(len(done.targets), 99_993)
        named = [line for line in done.err.splitlines() if line.startswith(path + ":")]
        self.assertEqual(len(named), len(wrong))
        for (number, text), line in zip(wrong.items(), named, strict=True):
            self.assertRegex(line, rf"^{path}:{number}: “{text[:20]}.*”: .{{8,}}$")
        self.assertRegex(done.err, r"(?m)^rollcall-cli: 7 wrong entries were left out, 99,?993 targets are right\.$")

    def test_very_many_wrong_lines(self):
        path = self.path("targets.txt", "not right\n" * 1500 + "127.0.1.1\n")
        done = self.targets("--targets", path)
        self.assertEqual(done.targets, ["127.0.1.1"])
        self.assertEqual(sum(line.startswith(path + ":") for line in done.err.splitlines()), 1000)
        self.assertIn("\nand 500 more\n", done.err)

    def test_nul_bytes(self):
        path, err = self.refused(b"127.0.1.1\x00\n\x00\x00")
        self.assertIn(path, err)

    def test_binary_file(self):
        path, err = self.refused(bytes(range(256)) * 64)
        self.assertIn(path, err)
        self.assertLess(len(err.splitlines()), 1000)

    def test_utf16(self):
        path = self.path("t", "127.0.1.1\r\n".encode("utf-16"))
        self.assertEqual(self.targets("--targets", path).targets, ["127.0.1.1"])

    def test_empty_file(self):
        for content in ("", "\n\n", "# nobody\n", b"\xef\xbb\xbf"):
            with self.subTest(content=content):
                path, err = self.refused(content)
                self.assertIn(path, err)
                self.assertEqual(len(err.splitlines()), 1)
        self.assertFalse(os.path.exists(self.database))

    def test_directory(self):
        done = self.probe("--targets", self.folder, status=FAILED)
        self.assertIn(self.folder, done.err)
        self.assertEqual(len(done.err.splitlines()), 1)

    def test_missing_file_stops_even_beside_right_targets(self):
        done = self.probe("127.0.1.1", "--targets", self.path("nothing.txt"), status=FAILED)
        self.assertIn("nothing.txt", done.err)
        self.assertFalse(os.path.exists(self.database))


class NoPermission(Case):
    """Root may read everything, so a copy of the program runs as somebody else."""

    def as_nobody(self, *words):
        def drop():
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)

        os.chmod(self.folder, 0o755)
        program = self.path("rollcall-cli")
        shutil.copy(PROGRAM, program)
        os.chmod(program, 0o755)
        return subprocess.run([program, *words], capture_output=True, preexec_fn=drop, cwd="/", timeout=60,
                              env=environment())

    def one_line(self, done):
        err = done.stderr.decode()
        self.assertEqual(done.returncode, FAILED, err)
        self.assertEqual(len(err.splitlines()), 1, err)
        return err

    def test_targets_file(self):
        path = self.path("targets.txt", "127.0.1.1\n")
        os.chmod(path, 0)
        err = self.one_line(self.as_nobody("scan", "--probe-only", "--targets", path))
        self.assertIn(path, err)

    def test_database(self):
        shut = self.path("shut")
        os.mkdir(shut, 0o500 if os.geteuid() == 0 else 0o000)
        database = os.path.join(shut, "rollcall.db")
        for words in (["scan", "--probe-only", "127.0.1.1"], ["list"]):
            with self.subTest(words):
                err = self.one_line(self.as_nobody(*words, "--database", database))
                self.assertIn(database, err)

    def test_csv(self):
        shut = self.path("shut")
        os.mkdir(shut, 0o500 if os.geteuid() == 0 else 0o000)
        done = self.as_nobody("scan", "--probe-only", "127.0.1.1", "--database", self.database, "--csv", shut + "/a.csv")
        self.assertIn(shut, self.one_line(done))
        self.assertFalse(os.path.exists(self.database), "said before the scan, not after it")
