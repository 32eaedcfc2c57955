# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice network: scanned at once, or run beside a scan of one's own."""
import collections
import json
import os
import os
import signal
import re
import subprocess

from support import PROGRAM, STOPPED, Case, environment


def expected(listing):
    """What `lab --list` says of each target: how a scan that only probes ends."""
    return {line.split()[0]: line.split("#")[1][17:].split(";")[0].split(" (")[0].strip() for line in listing.splitlines()}


def expected_inventory(listing):
    """The same of a scan that logs on."""
    return {line.split()[0]: line.split("#")[1][17:].split(";")[-1].split(" (")[0].strip() for line in listing.splitlines()}


def causes(listing):
    """The same, what is behind it: an id, where there is one."""
    return {line.split()[0]: re.search(r"([A-Z]+\.\d+)\)$", line) for line in listing.splitlines()}


class Practice(Case):
    def test_list_is_a_targets_file(self):
        text = self.cli("lab", "--list", "--computers", "7").out
        self.assertEqual(len(text.splitlines()), 7)
        rows = self.rows(self.scan("--probe-only", "--targets", "-", "--csv", "-", "--port", "1", "--dns", "127.0.0.1:1",
                                   "--retries", "0", stdin=text).out)
        self.assertEqual([row["target"] for row in rows], list(expected(text)))

    def test_every_computer_ends_as_the_list_says(self):
        done = self.scan("--practice", "--probe-only", "--retries", "0", "--csv", "-")
        self.assertIn("practice network", done.err)
        self.assertIn("(practice)", done.err)
        rows = self.rows(done.out)
        self.assertEqual({row["target"]: row["status"] for row in rows}, expected(self.cli("lab", "--list").out))
        self.assertGreaterEqual(len(collections.Counter(row["status_id"] for row in rows)), 5)
        self.assertIn("Practice network (practice)", self.with_database("list").out)
        (event,) = self.events(self.with_database("report", "--json").out)
        self.assertTrue(event["practice"])

    def test_every_status_is_met_and_every_computer_ends_as_the_list_says(self):
        done = self.scan("--practice", "--watchdog", "2", "--connect-timeout", "1", "--retry-delay", "0", "--csv", "-")
        rows = self.rows(done.out)
        self.assertEqual({row["target"]: row["status"] for row in rows},
                         expected_inventory(self.cli("lab", "--list").out))
        self.assertEqual(len({row["status_id"] for row in rows}), 19)
        self.assert_what_is_behind_it_comes_first(rows)
        self.assert_no_word_of_it_in_redacted_exports()

    def assert_what_is_behind_it_comes_first(self, rows):
        """The table and the whole story of a computer, both by the evidence."""
        behind = causes(self.cli("lab", "--list").out)
        failed = [row for row in rows if row["status_code"] != "0"]
        for row in failed[::4]:
            (event,) = self.events(self.with_database("show", row["target"], "--json").out)
            first = event["causes"][0]
            self.assertEqual((row["target"], first["id"]), (row["target"], behind[row["target"]][1]))
            self.assertEqual(row["likely_cause"], first["text"])
            self.assertIn(first["likelihood"], ("likely", "possible"))
            self.assertIn(f"attempts = {row['attempts']}", event["facts"])
        (silent,) = (row["target"] for row in failed if row["target"].startswith("pc-015"))
        self.assertIn("port-445 = open", self.events(self.with_database("show", silent, "--json").out)[0]["facts"])
        self.assertIn("For it: Other ports are open", self.with_database("show", silent).out)

    def assert_no_word_of_it_in_redacted_exports(self):
        """Names, addresses, users and serial numbers as the computers told them, against all that can be exported."""
        def export(what, *words):
            return self.with_database("export", "--jsonl", "-", "--what", what, *words, env={"XDG_CONFIG_HOME": self.folder}).out
        told = {"computers": ("target", "address", "computer_name", "domain", "serial_number", "credential"),
                "Win32_ComputerSystem": ("UserName", "PrimaryOwnerName"), "Win32_UserProfile": ("SID", "LocalPath"),
                "Win32_OperatingSystem": ("RegisteredUser", "Organization"), "Win32_NetworkAdapter": ("MACAddress",),
                "Win32_QuickFixEngineering": ("InstalledBy",)}
        words = {str(event[column]).casefold() for what, columns in told.items() for event in self.events(export(what))
                 for column in columns if event[column] and len(event[column]) >= 4}
        words -= {word for word in words if word.startswith("nt authority")} | {"practice network"} # the page says it is one
        self.assertGreater(len(words), 60)
        texts = [export(what, "--redact") for what in (*told, "steps", "software", "Win32_Service", "Win32_Share",
                                                       "Win32_NetworkAdapterConfiguration", "hyper-v-guest")]
        texts.append(self.with_database("report", "--html", "-", "--redact", env={"XDG_CONFIG_HOME": self.folder}).out)
        for text in texts:
            text = re.sub(r"(pc|net|host|domain|user|serial|account|hidden)-[0-9a-f]{12}", "", text).casefold()
            self.assertEqual([word for word in words if word in text], [], text[:300])

    def test_what_is_left_out_is_neither_asked_nor_missed(self):
        done = self.scan("--practice", "--collect", "computer,network", "--skip", "Win32_BIOS", "--watchdog", "2",
                         "--connect-timeout", "1", "--retry-delay", "0", "--csv", "-")
        well = [row for row in self.rows(done.out) if row["status_code"] == "0"]
        self.assertIn(("6", "6"), {(row["classes_collected"], row["classes_planned"]) for row in well})
        self.assertEqual({row["classes_planned"] for row in well}, {"6"})
        self.assertEqual({row["serial_number"] for row in well}, {""})
        (event,) = self.events(self.with_database("show", well[0]["target"], "--json").out)
        self.assertTrue({entry["collector"] for entry in event["class_list"]} <= {
            "Win32_ComputerSystem", "Win32_OperatingSystem", "Win32_SystemEnclosure", "Win32_ComputerSystemProduct",
            "Win32_NetworkAdapter", "Win32_NetworkAdapterConfiguration"})

    def test_each_way_to_misbehave(self):
        listing = self.cli("lab", "--list", "--computers", "80").out.splitlines()[40:]
        lab = self.start("lab", "--computers", "80", stderr=subprocess.DEVNULL)
        for line in lab.stdout:
            if b"|" in line:
                break
        port, dns = line.split()[-3].decode(), line.split()[-1].decode()
        credentials = self.path("credentials", "[credential P]\nusername=PRACTICE\\scanner\nprotocols=ntlm\n"
                                               "password=practice-makes-perfect\nscope=127.86.0.0/16\n")
        os.chmod(credentials, 0o600)
        done = self.scan("--targets", "-", "--port", port, "--dns", dns, "--credentials", credentials, "--watchdog", "2",
                         "--connect-timeout", "1", "--retry-delay", "0", "--csv", "-", stdin="\n".join(listing))
        self.assertEqual({row["target"]: row["status"] for row in self.rows(done.out)},
                         expected_inventory("\n".join(listing)))

    def test_resume_brings_the_network_up_again(self):
        process = self.start("scan", "--database", self.database, "--practice", "--probe-only", "--retries", "0", "--json")
        for line in process.stdout:
            if json.loads(line)["event"] == "computer":
                break
        process.send_signal(signal.SIGINT)
        self.finish(process, STOPPED)
        done = self.scan("--resume", "--csv", "-")
        self.assertIn("practice network", done.err)
        self.assertEqual({row["target"]: row["status"] for row in self.rows(done.out)},
                         expected(self.cli("lab", "--list").out))

    def test_lab_says_how_to_scan_it_and_that_works(self):
        lab = self.start("lab", "--computers", "5", stderr=subprocess.DEVNULL)
        for line in lab.stdout:
            if b"|" in line:
                break
        command = line.decode().strip().replace("rollcall-cli", PROGRAM)
        done = subprocess.run(f"{command} --database {self.database} --csv -", shell=True, capture_output=True,
                              env=environment(), timeout=120)
        rows = self.rows(done.stdout.decode())
        lab.send_signal(signal.SIGINT)
        self.assertEqual(lab.wait(10), STOPPED)
        self.assertEqual({row["target"]: row["status"] for row in rows},
                         expected(self.cli("lab", "--list", "--computers", "5").out))

    def test_a_large_network_is_mostly_well(self):
        ends = collections.Counter(expected_inventory(self.cli("lab", "--list", "--computers", "3000").out).values())
        self.assertLess(0.65, ends["Success"] / 3000)
        self.assertLess(ends["Success"] / 3000, 0.75)
        self.assertGreaterEqual(len(ends), 15)

    def test_lab_says_its_account_and_that_works(self):
        lab = self.start("lab", "--computers", "2", stderr=subprocess.DEVNULL)
        lines = [lab.stdout.readline().decode() for _ in range(9)]
        (command,) = (line for line in lines if "|" in line)
        start = next(i for i, line in enumerate(lines) if "[credential " in line)
        keys = self.path("keys", "".join(line.strip() + "\n" for line in lines[start:start + 3]))
        os.chmod(keys, 0o600)
        command = command.strip().replace("rollcall-cli", PROGRAM).replace("--probe-only", f"--credentials {keys}")
        done = subprocess.run(f"{command} --database {self.database} --csv -", shell=True, capture_output=True,
                              env=environment(), timeout=120)
        lab.send_signal(signal.SIGINT)
        self.assertEqual(lab.wait(10), STOPPED)
        full = [row for row in self.rows(done.stdout.decode()) if row["status_code"] == "0"]
        self.assertTrue(full)
        for row in full:
            self.assertEqual((row["credential"], row["classes_collected"]), ("Practice network", row["classes_planned"]))
            self.assertTrue(row["os"].startswith("Microsoft Windows"))
            self.assertGreater(int(row["memory_bytes"]), 2**30)
