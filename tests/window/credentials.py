# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials: made, tried, put in order, changed and removed with the keyboard, beside a real keyring; and a password that is
nowhere else."""
import base64
import os
import pathlib
import re
import signal
import subprocess

from keyring import KeyringCase
from person import CLI, drag, focus, key, start_helper, wait_for, write
from stage import make_home

WELL = "pc-001.accounts.practice.example"
CANARY = "Kanarienvogel-17"
TRACES = {
    "UTF-8": CANARY.encode(),
    "UTF-16": CANARY.encode("utf-16-le"),
    "base64": base64.b64encode(CANARY.encode()).rstrip(b"="),
    "hash": bytes.fromhex("71bfca4a631a93f178b2075fec82941b"),
    "hash in words": b"71bfca4a631a93f178b2075fec82941b",
}


class CredentialsCase(KeyringCase):
    def open_credentials(self):
        key("ctrl+k")
        self.dialog = self.app.window("Credentials")

    def open_wizard(self):
        """From the list with the keyboard."""
        focus("Credentials")
        self.window = self.dialog
        if "Add Credential" not in wait_for(lambda: self.dialog.focused(), "something with the keyboard").name:
            self.tab_to(lambda node: "Add Credential" in node.name)
        key("Return")
        self.find_wizard()

    def find_wizard(self):
        self.window = self.wizard = self.app.window(re.compile("^Credential$"))
        focus("Credential")

    def page(self):
        return next(node.name for node in self.wizard.all("label", re.compile("^(Account|Use|Test and Keep)$")))

    def wait_page(self, title):
        wait_for(lambda: self.page() == title, f"the page “{title}”")

    def finish_wizard(self):
        """With Ctrl+Enter from wherever it is."""
        while self.page() != "Test and Keep":
            page = self.page()
            key("ctrl+Return")
            wait_for(lambda: self.page() != page, f"the page behind “{page}”")
        key("ctrl+Return")
        wait_for(lambda: "Credential" not in self.app.windows(), "the wizard to go")
        focus("Credentials")

    def names(self):
        """As they stand one below the other."""
        rows = sorted(self.dialog.all("list item"), key=lambda row: row.extents[1])
        return [row.name.split(",")[0] for row in rows]

    def wait_names(self, *names):
        wait_for(lambda: self.names() == list(names), f"the list with {names}")

    def wait_kept(self, *names):
        wait_for(lambda: self.kept() == list(names), f"the keyring with {names}")

    def focused_name(self):
        node = self.dialog.focused()
        return node.name.split(",")[0] if node else None

    def wait_focus(self, name):
        wait_for(lambda: self.focused_name() == name, f"the keyboard on {name}")

    def make(self, name, place, fails=None):
        """The keyring first, where that is chosen; when it fails, the other way is next."""
        self.open_wizard()
        write("CORP\\scanner")
        key("Tab")
        write("secret")
        key("Tab", "Tab", "ctrl+a")
        write(name)
        key("ctrl+Return")
        self.wait_page("Use")
        key("ctrl+Return")
        self.wait_page("Test and Keep")
        if fails:
            key("ctrl+Return")
            self.wizard.find("label", fails)
            self.wizard.find("label", "Or keep the credential for this session only.")
            wait_for(lambda: place in (self.wizard.focused() or self.wizard).name, f"the keyboard on “{place}”")
            key("space")
        self.finish_wizard()


class Credentials(CredentialsCase):
    def test_from_the_first_to_the_last(self):
        self.scan_practice(WELL, "pc-002.accounts.practice.example", "pc-007.accounts.practice.example", "127.86.9.9")
        self.open()
        self.open_credentials()
        self.dialog.find("label", "No credentials yet")
        self.make_one()
        self.wait_kept("Lab")
        self.keep("Second")
        self.keep("Third")
        self.wait_names("Lab", "Second", "Third")
        self.put_in_order()
        self.edit()
        self.remove_and_take_back()
        self.remove_elsewhere()
        self.leave_wizard_with_a_question()

    def make_one(self):
        self.open_wizard()
        write("PRACTICE\\scanner")
        self.wizard.find("label", "The account “scanner” of PRACTICE")
        key("Return")
        self.wizard.find("label", "Type the password of this account.")
        write("practice-makes-perfect")
        self.assertEqual(self.wizard.find("text", "Name in lists").text, "PRACTICE\\scanner")
        key("Tab", "Tab", "ctrl+a")
        write("Lab")
        key("Return")
        self.wait_page("Use")
        self.wizard.find("label", "4 of 4 computers of the last scan, “Branch office”")
        key("Down", "space")
        write("127.86.9.0/24")
        self.wizard.find("label", "2 of 4 computers")
        key("Return")
        write("what!")
        self.wizard.find("label", "what!")
        key("ctrl+Return")
        self.assertEqual(self.page(), "Use")
        for _ in "what!":
            key("BackSpace")
        write("*.practice.example")
        self.wizard.find("label", f"4 of 4 computers of the last scan, “Branch office”: {WELL}")
        key("ctrl+Return")
        self.try_it()
        key("Escape")
        self.wait_page("Use")
        key("Escape")
        self.wait_page("Account")
        self.assertEqual(self.wizard.find("text", "Account").text, "PRACTICE\\scanner")
        self.finish_wizard()
        self.wait_names("Lab")
        self.wait_focus("Lab")
        self.assertIn("only 127.86.9.0/24, *.practice.example", self.dialog.find("list item", "Lab").name)

    def try_it(self):
        """The computer that is there is suggested; a trial of one that is not says where it ends."""
        self.wait_page("Test and Keep")
        wait_for(lambda: self.wizard.find("text", "Name or address").text == WELL, "a computer")
        key("Return")
        self.wizard.find("label", f"“Lab” works on {WELL}: it logged on with NTLM")
        steps = [row.name.split(":")[0] for row in self.wizard.find("list", "Steps of the trial").all("list item")]
        self.assertEqual((steps[0], steps[-1], len(steps)), ("Find the address", "Open the inventory namespace", 8))
        key("ctrl+a")
        write("laptop-006.accounts.practice.example")
        key("Return")
        wait_for(lambda: self.wizard.has("push button", "Stop"), "a trial that can be stopped")
        self.wizard.find("push button", "Stop").press()
        self.wizard.find("label", "The trial was stopped.")
        key("ctrl+a")
        write("10.0.0.0/24")
        key("Return")
        self.wizard.find("label", "more than one computer")

    def put_in_order(self):
        self.window = self.dialog
        key("alt+Down")
        self.wait_names("Second", "Lab", "Third")
        self.wait_focus("Lab")
        key("alt+Down", "alt+Down", "alt+Up", "alt+Down")
        self.wait_names("Second", "Third", "Lab")
        self.wait_kept("Second", "Third", "Lab")
        self.wait_focus("Lab")

    def edit(self):
        """Another name; the password stays, and is not shown."""
        key("Return")
        self.find_wizard()
        self.assertEqual(self.wizard.find("text", "New password").text, "")
        name = self.wizard.find("text", "Name in lists")
        name.set_text("Third")
        self.wizard.find("label", "There is a credential “Third” already.")
        name.set_text("Laboratory")
        self.finish_wizard()
        self.wait_names("Second", "Third", "Laboratory")
        self.wait_kept("Second", "Third", "Laboratory")

    def remove_and_take_back(self):
        self.wait_focus("Laboratory")
        key("Delete")
        self.wait_names("Second", "Third")
        self.wait_kept("Second", "Third")
        self.dialog.find("label", "“Laboratory” removed")
        key("ctrl+z")
        self.wait_names("Second", "Third", "Laboratory")
        self.wait_kept("Second", "Third", "Laboratory")
        self.cli("credential", "test", "Laboratory", WELL, *self.lab)

    def remove_elsewhere(self):
        self.cli("credential", "remove", "Second")
        self.dialog.find("label", "“Second” was removed from the keyring by another program.")
        self.wait_names("Third", "Laboratory")

    def leave_wizard_with_a_question(self):
        self.open_wizard()
        key("Escape")
        wait_for(lambda: "Credential" not in self.app.windows(), "the wizard to go")
        self.open_wizard()
        write("x")
        key("Escape")
        self.app.window("Discard What Was Typed?")
        key("Escape")
        wait_for(lambda: "Discard What Was Typed?" not in self.app.windows(), "the question to go")
        self.assertEqual(self.wizard.find("text", "Account").text, "x")

    def test_limits(self):
        """Whatever is pasted: a reason next to the entry, and nothing is lost."""
        self.open()
        self.open_credentials()
        self.open_wizard()
        account, name = (self.wizard.find("text", text) for text in ("Account", "Name in lists"))
        many = "\n".join(f"10.{i // 250}.{i % 250}.0/24" for i in range(10_000))
        for text, reason in (("x" * 300, "too long"), (many, "too long"), ("A\\B\\C", "is no account name"),
                             ("@corp.example", "is no account name"), ("CORP\\", "is no account name"), ("sc*nner", "is no account")):
            account.set_text(text)
            self.wizard.find("label", reason)
            key("Return")
            self.assertEqual(self.page(), "Account")
        account.set_text("مدير@corp.example")
        self.wizard.find("label", "of the domain corp.example")
        self.wizard.find("text", "Password").set_text("p" * 300)
        self.wizard.find("label", "The password is too long")
        self.wizard.find("text", "Password").set_text("Пароль 🔑")
        for text, reason in (("x" * 300, "The name is too long"), (many, "The name is too long"), (" ", "needs a name"),
                             ("a\tb", "control character")):
            name.set_text(text)
            self.wizard.find("label", reason)
        name.set_text("مدير 👩‍💻")
        focus("Credential")
        key("ctrl+Return")
        self.wait_page("Use")
        key("Down", "space")
        key("ctrl+Return")
        self.wizard.find("label", "Name at least one place")
        places = self.wizard.find("text", "Places")
        for text, reason in ((many, "too many places"), ("x" * 300, "x"), ("10.0.0.0/99", "10.0.0.0/99"), ("😀", "😀")):
            places.set_text(text)
            self.wizard.find("label", reason)
        places.set_text("10.0.0.0/8\n\n corp.example,pc1")
        wait_for(lambda: not self.wizard.has("label", "😀"), "the reason to go")
        key("ctrl+Return")
        self.wait_page("Test and Keep")
        computer = self.wizard.find("text", "Name or address")
        for text in ("x" * 300, many, "مدير مدير", "😀"):
            computer.set_text(text)
            self.wizard.find("push button", "Test").press()
            wait_for(lambda: self.wizard.has("image") and not self.wizard.has("push button", "Stop"), "a reason")
        focus("Credential")
        key("Escape")
        self.wait_page("Use")
        self.assertEqual(self.wizard.find("text", "Places").text, "10.0.0.0/8\n\n corp.example,pc1")
        self.finish_wizard()
        self.assertIn("مدير 👩‍💻", "".join(self.kept()))
        self.assertIn("only 10.0.0.0/8, corp.example, pc1", self.dialog.find("list item", "مدير").name)

    def test_two_hundred(self):
        for number in range(200):
            self.make_item(number)
        self.open()
        self.open_credentials()
        wait_for(lambda: len(self.names()) == 200, "all of them")
        self.assertEqual(self.names(), [f"Branch {number}" for number in range(200)])
        self.window = self.dialog
        self.wait_focus("Branch 0")
        focus("Credentials")
        drag(self.dialog.find("list item", "Branch 0,"), self.dialog.find("list item", "Branch 2,"))
        wait_for(lambda: self.names()[:4] == ["Branch 1", "Branch 2", "Branch 0", "Branch 3"], "it where it was dropped")
        key("Home", "End", "alt+Up")
        wait_for(lambda: self.names()[-2:] == ["Branch 199", "Branch 198"], "the last one before the last")
        wait_for(lambda: self.kept()[-2:] == ["Branch 199", "Branch 198"], "so in the keyring")
        self.assertTrue(self.dialog.find("list item", "Branch 199").is_seen())


class Resumed(CredentialsCase):
    def test_with_a_kept_one_that_goes_meanwhile(self):
        self.start_lab("--think", "60")
        self.keep("Other")
        self.keep("Lab", "PRACTICE\\scanner", "practice-makes-perfect")
        self.stop_a_scan()
        self.open()
        self.dialog = self.resume()
        wait_for(lambda: self.checked() == ["Lab"], "what logged on before, chosen")
        wait_for(lambda: self.dialog.find("push button", "Resume").is_sensitive, "Resume that can be pressed")
        key("space")
        wait_for(lambda: self.checked() == ["Lab", "Other"], "the first one, chosen as well")
        key("space")
        self.dialog.find("push button", "Resume").press()
        self.wait_until_gone("Resume Scan")
        wait_for(lambda: self.sessions() > 0, "a computer that is being asked")
        self.cli("credential", "remove", "Lab")
        self.wait_kept("Other")
        self.assertGreater(self.sessions(), 0)
        self.window.find("push button", "Stop").press()
        self.wait_text("This scan was stopped")
        self.assertEqual(self.query("SELECT DISTINCT credential FROM computers"), [("Lab",)])

    def stop_a_scan(self):
        scan = start_helper([CLI, "scan", "--credential", "Lab", *self.lab, WELL], env=os.environ | make_home(self.home),
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: self.sessions(scan.pid) > 0, "a computer that is being asked")
        scan.send_signal(signal.SIGINT)
        scan.wait(60)

    def sessions(self, pid=None):
        """How many connections to the practice network's WMI services the scan has."""
        sockets = pathlib.Path(f"/proc/{pid or self.app.process.pid}/fd")
        mine = {os.readlink(fd) for fd in sockets.iterdir() if fd.is_symlink()}
        lines = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ports = [int(line[2].split(":")[1], 16) for line in lines if f"socket:[{line[9]}]" in mine and line[3] == "01"]
        return sum(port != int(self.lab[1]) for port in ports)

    def resume(self):
        key("ctrl+r")
        return self.app.window("Resume Scan")

    def checked(self):
        return sorted(node.name.split()[1] for node in self.dialog.all("check box") if "checked" in node.states)


class Trouble(CredentialsCase):
    def test_locked(self):
        self.keep("Kept")
        self.lock()
        self.open()
        self.open_credentials()
        self.dialog.find("label", "The keyring is locked.")
        self.window = self.dialog
        self.tab_to(lambda node: "Unlock" in node.name, backwards=True)
        key("Return")
        self.dialog.find("label", "The keyring stayed locked")
        self.assertEqual(self.names(), [])
        self.make("Meanwhile", "For this session only", fails="stayed locked")
        self.wait_names("Meanwhile")
        self.assertIn("for this session only", self.dialog.find("list item", "Meanwhile").name)
        self.unlock()
        wait_for(lambda: sorted(self.names()) == ["Kept", "Meanwhile"], "what is kept, beside what is not")
        wait_for(lambda: not self.dialog.has("label", "stayed locked", seen=True), "the trouble to go")
        self.assertEqual(self.kept(), ["Kept"])


class Without(CredentialsCase):
    unlocked = None

    def test_no_keyring(self):
        self.open()
        self.open_credentials()
        self.dialog.find("label", "There is no keyring in this session.")
        self.make("Session", "For this session only")
        self.wait_names("Session")
        key("Escape")
        self.wait_until_gone("Credentials")
        self.open_credentials()
        self.wait_names("Session")
        self.start_keyring()
        wait_for(lambda: not self.dialog.has("label", "There is no keyring", seen=True), "the trouble to go")
        self.assertEqual(self.kept(), [])


class Canary(CredentialsCase):
    def test_the_password_is_nowhere_else(self):
        self.scan_practice(WELL)
        os.environ["G_MESSAGES_DEBUG"] = "all"
        try:
            self.open()
        finally:
            del os.environ["G_MESSAGES_DEBUG"]
        self.open_credentials()
        self.open_wizard()
        write("PRACTICE\\scanner")
        key("Tab")
        write(CANARY)
        key("ctrl+Return")
        self.wait_page("Use")
        key("ctrl+Return")
        self.wait_page("Test and Keep")
        wait_for(lambda: self.wizard.find("text", "Name or address").text == WELL, "a computer")
        key("Return")
        self.wizard.find("label", "Failed – Access Denied")
        self.search_process()
        self.finish_wizard()
        self.wait_kept("PRACTICE\\scanner")
        self.search_process()
        subprocess.run(["sync", "-f", str(self.home)], check=False)
        self.cli("export", "--csv", str(self.home / "export.csv"), "--what", "steps")
        self.search_files()
        said = self.app.said()
        self.assertIn("DEBUG", said)
        self.assert_clean(said.encode(), "what the program says")

    def assert_clean(self, content, where):
        for name, trace in TRACES.items():
            self.assertNotIn(trace, content, f"{name} in {where}")

    def search_process(self):
        folder = f"/proc/{self.app.process.pid}"
        for name in ("cmdline", "environ") if os.geteuid() == 0 else ("cmdline",):
            with open(f"{folder}/{name}", "rb") as file:
                self.assert_clean(file.read(), name)
        with open(f"{folder}/limits", encoding="ascii") as limits:
            (line,) = (line for line in limits if line.startswith("Max core file size"))
        self.assertEqual(line.split()[4:6], ["0", "0"])

    def search_files(self):
        found = [path for path in self.home.rglob("*") if path.is_file()]
        names = {path.name for path in found}
        self.assertTrue({"rollcall.db", "export.csv"} <= names, names)
        for path in found:
            self.assert_clean(path.read_bytes(), path)
