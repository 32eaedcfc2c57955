# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line itself: help, mistakes, exit status, standard output that goes away."""
import os
import re
import subprocess

from support import FAILED, OK, PROGRAM, USAGE, Case, closed_port, environment

COMMANDS = ["scan", "list", "report", "show", "retest", "export", "diff", "explain", "credential", "lab"]


class Help(Case):
    def test_version(self):
        self.assertRegex(self.cli("--version").out, r"^rollcall-cli \d+\.\d+\.\d+\n$")

    def test_help_names_every_command(self):
        text = self.cli("--help").out
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^{command}\s+\w+")

    def test_every_command_has_help(self):
        for command in COMMANDS:
            with self.subTest(command):
                text = self.cli(command, "--help").out
                self.assertIn(f"rollcall-cli [OPTION…] {command}", text)
                self.assertIn("--help", text)

    def test_help_lists_what_the_contract_promises(self):
        text = self.cli("scan", "--help").out
        for option in ("targets", "exclude", "database", "name", "csv", "csv-raw", "port", "probes",
                       "connect-timeout", "rate", "retries", "retry-delay", "credential", "credentials", "dns", "dns-search", "probe-only", "no-side-probes",
                       "resume", "json", "practice", "logon-failures", "logon-window", "dry-run",
                       "collect", "skip"):
            self.assertRegex(text, rf"(?m)^  --{option}\b")

    def test_the_manual_page_has_every_command_and_option(self):
        path = os.path.join(os.path.dirname(__file__), "..", "..", "data", "rollcall-cli.1")
        with open(path, encoding="utf-8") as file:
            manual = file.read().replace("\\-", "-")
        for command in COMMANDS:
            self.assertIn(f"rollcall-cli {command}", manual)
            for option in re.findall(r"(?m)^  (?:-h, )?(--[a-z-]+)", self.cli(command, "--help").out):
                if option != "--help":
                    self.assertIn(option, manual)

    def test_help_names_every_action_on_credentials(self):
        self.assertIn("credential add|list|remove|test ", self.cli("credential", "--help").out)

    def test_help_lists_nothing_that_does_not_exist(self):
        text = self.cli("--help").out + "".join(self.cli(command, "--help").out for command in COMMANDS)
        self.assertNotRegex(text, r"(?m)^undo\b")


class Mistakes(Case):
    def wrong(self, *words):
        done = self.cli(*words, status=USAGE)
        self.assertEqual(done.out, "")
        self.assertTrue(done.err.startswith("rollcall-cli: "), done.err)
        self.assertIn("--help", done.err)
        return done.err

    def test_nothing_at_all(self):
        self.wrong()

    def test_unknown_command(self):
        self.assertIn("“frobnicate”", self.wrong("frobnicate"))

    def test_unknown_option(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.assertIn("--frobnicate", self.wrong(command, "--frobnicate"))

    def test_options_of_later_versions_are_unknown(self):
        self.wrong("credential", "test")

    def test_scan_of_nothing(self):
        self.wrong("scan")
        self.wrong("scan", "--probe-only")

    def test_numbers(self):
        for option, value in (("--port", "0"), ("--port", "65536"), ("--port", "135x"), ("--port", ""),
                              ("--port", "-1"), ("--probes", "0"), ("--probes", "1e3"), ("--rate", "-5"),
                              ("--retries", "4"), ("--connect-timeout", "0"), ("--connect-timeout", "3,5"),
                              ("--connect-timeout", "inf"), ("--connect-timeout", "0x10"),
                              ("--connect-timeout", "1..2"), ("--connect-timeout", "."),
                              ("--retry-delay", "-1"), ("--retry-delay", "soon"), ("--logon-failures", "0"),
                              ("--logon-failures", "101"), ("--logon-window", "0"), ("--logon-window", "1.5")):
            with self.subTest(option=option, value=value):
                err = self.wrong("scan", "127.0.0.1", f"{option}={value}")
                self.assertIn(option, err)
                self.assertIn(f"“{value}”", err)

    def test_scan_numbers(self):
        for words in (("report", "x"), ("report", "0"), ("report", "-1"), ("report", "1", "2"), ("export", "x", "--csv", "-"),
                      ("show", "x", "pc1"), ("show",), ("show", "1", "pc1", "pc2"), ("scan", "--resume", "pc1"),
                      ("scan", "--resume=pc1"), ("scan", "--resume=")):
            with self.subTest(words):
                self.wrong(*words)

    def test_export_needs_a_file_and_something_it_knows(self):
        self.wrong("export")
        self.assertIn("“programs”", self.wrong("export", "--csv", "-", "--what", "programs"))

    def test_both_want_standard_output(self):
        self.wrong("scan", "127.0.0.1", "--json", "--csv", "-")

    def test_resume_has_its_own_options(self):
        for words in (["--port", "1"], ["--jobs", "1"], ["--network-jobs", "1"], ["--watchdog", "1"], ["--probe-only"], ["--targets", "f"], ["--exclude", "a"], ["--name", "n"],
                      ["--retries", "1"], ["--dns", "127.0.0.1"], ["--collect", "software"], ["--skip", "software"]):
            with self.subTest(words):
                self.wrong("scan", "--resume", *words)

    def test_what_can_be_collected(self):
        for words in (["--collect", "programs"], ["--skip", "software,programs"], ["--skip=software", "--skip=programs"]):
            with self.subTest(words):
                err = self.wrong("scan", "pc1", *words)
                self.assertIn("“programs”", err)
                self.assertRegex(err, r"There is: computer, hardware, .*\bsoftware, .*\bWin32_Service,")
        self.assertIn("Nothing is left", self.wrong("scan", "pc1", "--collect", "hardware", "--skip", "HARDWARE"))
        self.wrong("scan", "pc1", "--probe-only", "--skip", "software")

    def test_practice_brings_its_own(self):
        for words in (["pc1"], ["--targets", "f"], ["--exclude", "a"], ["--port", "1"], ["--dns", "127.0.0.1"],
                      ["--resume"]):
            with self.subTest(words):
                self.wrong("scan", "--practice", *words)
        for number in ("0", "10001", "x"):
            self.wrong("lab", "--computers", number)
        self.wrong("lab", "--scenario", "flood")
        self.wrong("lab", "--scenario", "common-causes", "--computers", "7")

    def test_no_words_for_list(self):
        self.wrong("list", "1")

    def test_a_name_that_is_no_text(self):
        done = subprocess.run([PROGRAM, "scan", "127.0.0.1", "--name", b"\xff\xfe"], capture_output=True,
                              env=environment())
        self.assertEqual(done.returncode, USAGE)

    def test_control_characters_do_not_reach_the_terminal(self):
        err = self.wrong("fro\033[31mb\rnicate")
        self.assertNotIn("\033", err)
        self.assertNotIn("\r", err)


class Output(Case):
    def test_reader_that_goes_away(self):
        read, write = os.pipe()
        os.close(read)
        try:
            done = subprocess.run([PROGRAM, "explain"], stdout=write, stderr=subprocess.PIPE, env=environment())
        finally:
            os.close(write)
        self.assertEqual((done.returncode, done.stderr), (OK, b""))

    def test_head(self):
        done = subprocess.run(["sh", "-c", '"$0" explain 201 | head -n 1', PROGRAM], capture_output=True,
                              env=environment())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout.decode(), "201  Failed – Access Denied\n")

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "explain", "201"], stdout=full, stderr=subprocess.PIPE,
                                  env=environment())
        self.assertEqual(done.returncode, FAILED)
        self.assertEqual(len(done.stderr.decode().splitlines()), 1)

    def test_full_disk_that_was_noticed_before_the_end(self):
        """JSON lines are written out as they come: at the end nothing is left that could fail."""
        words = ["scan", "--database", self.database, "--probe-only", "--port", str(closed_port()), "--json", "127.0.0.1"]
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, env=environment())
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("could not be written", done.stderr.decode().splitlines()[-1])
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([PROGRAM, *words], stdout=write, stderr=subprocess.PIPE, env=environment())
        os.close(write)
        self.assertEqual(done.returncode, OK)
        self.assertNotIn("could not be written", done.stderr.decode())

    def test_closed_streams_are_given_to_nothing_else(self):
        """Else what is printed would go to the first connection or file that was opened."""
        lab = self.start("-c", f'exec "{PROGRAM}" lab --computers 1 <&- 2>&-', program="/bin/sh")
        self.assertIn(b"practice network runs", lab.stdout.readline())
        for stream in (0, 2):
            self.assertEqual(os.readlink(f"/proc/{lab.pid}/fd/{stream}"), "/dev/null")

    def test_text_is_utf8_in_every_locale(self):
        for locale in ("C", "POSIX", "C.UTF-8", "xx_XX"):
            with self.subTest(locale):
                self.assertIn("Failed – Access Denied", self.cli("explain", "201", env={"LC_ALL": locale}).out)

    def test_no_colours_without_a_terminal(self):
        self.assertNotIn("\033", self.cli("explain", "201", env={"TERM": "xterm-256color"}).out)
