# SPDX-License-Identifier: GPL-3.0-or-later
"""New Scan: what is wrong is named, what is right is kept, nothing begins that nobody wanted."""
import re

from person import click, focus, key, wait_for
from scanning import ScanCase

LONG = "x" * 300
HEBREW = "שלום"
WRONG = (0, 4711, 9999)
MANY = "\n".join(f"not!{i}" if i in WRONG else f"10.{i // 250}.{i % 250}.7" for i in range(10_000))


class NewScan(ScanCase):
    def find_problem(self, place, reason):
        row = self.dialog.find("list item", place)
        self.assertIn(reason, " ".join(row.texts()))

    def test_wrong_lines_are_named_with_their_reason(self):
        self.open_new_scan()
        self.assertFalse(self.next_button().is_sensitive)
        self.enter_targets("127.20.1.1\nwhat!is!this\n127.20.1.2\n10.0.0.300\n127.20.1.1")
        self.dialog.find("label", "2 computers")
        self.find_problem("Line 2: what!is!this", "“!”")
        self.find_problem("Line 4: 10.0.0.300", "255")
        self.dialog.find("label", "1 entry was there before")
        self.enter_options(port=self.port)
        self.begin()
        self.wait_until_done(2)
        self.assertEqual(self.query("SELECT target FROM computers ORDER BY ordinal"),
                         [("127.20.1.1",), ("127.20.1.2",)])

    def test_escape_goes_back_and_keeps_what_was_entered(self):
        self.open_new_scan()
        self.enter_targets("127.20.1.1")
        self.enter_options(name="Kept", port=self.port)
        click(self.dialog.find("list item", "Options", seen=True))
        self.dialog.find("text", "Name servers").set_text("nonsense")
        self.dialog.find("label", "is not the address of a name server")
        self.assertFalse(self.next_button().is_sensitive)
        for page in ("Summary", "Accounts", "Computers"):
            key("Escape")
            wait_for(lambda: self.page() == page, f"the page “{page}” again")
        key("Escape")
        self.wait_until_gone("New Scan")
        self.open_new_scan()
        self.assertEqual(self.dialog.find("text", "Computers").text, "127.20.1.1")
        self.go_to_summary()
        self.assertFalse(self.next_button().is_sensitive)
        self.assertIn("wrong", " ".join(self.dialog.find("list item", "Options").texts()))
        self.assertEqual(self.dialog.find("text", "Name of the scan").text, "Kept")
        click(self.dialog.find("list item", "Options", seen=True))
        self.dialog.find("text", "Name servers").set_text("")
        self.go_on("Summary")
        self.begin()
        self.wait_text("1 computer")
        self.assertEqual(self.query("SELECT name FROM scans"), [("Kept",)])

    def test_public_addresses_are_confirmed(self):
        self.open_new_scan()
        self.enter_targets("127.20.2.1 8.8.8.8")
        self.dialog.find("label", "1 address is on the internet")
        self.enter_options(port=self.port)
        self.press_start()
        question = self.app.window("Scan Public Addresses?")
        question.find("label", "Scan Public Addresses?")
        key("Escape")
        wait_for(lambda: "Scan Public Addresses?" not in self.app.windows(), "the question to go")
        self.assertIn("New Scan", self.app.windows())
        self.assertEqual(self.query("SELECT count(*) FROM scans"), [(0,)])

    def test_a_file_opens_new_scan(self):
        self.leave()
        path = self.home / "targets.txt"
        path.write_text("127.20.6.1\n127.20.6.2\nnot good!\n")
        self.open(path)
        self.dialog = self.app.window("New Scan")
        self.dialog.find("label", "2 computers")
        self.find_problem("Line 3 of targets.txt: not good!", "blank")

    def test_a_table_opens_its_page(self):
        """The column of computers is found, another can be chosen, wrong rows are named, Back keeps it."""
        self.leave()
        path = self.home / "inventory.csv"
        path.write_text('Site;Name;Note\nBerlin;127.20.6.1;"two\nlines"\nBonn;not good!;\nKöln;127.20.6.3;x\n')
        self.open(path)
        self.dialog = self.app.window("New Scan")
        wait_for(lambda: self.page() == "From a File", "the page of the file")
        self.dialog.find("label", "separated by semicolons")
        self.dialog.find("label", "2 computers")
        self.find_problem("Line 4 of inventory.csv: not good!", "blank")
        key("Escape")
        wait_for(lambda: self.page() == "Computers", "the first page")
        focus("New Scan")
        click(self.dialog.find("list item", "A File…", seen=True))
        self.dialog.find("label", "2 computers")
        self.go_on("Computers")
        self.dialog.find("list item", "inventory.csv")
        self.enter_targets("127.20.6.9")
        self.dialog.find("label", "3 computers")
        self.enter_options(port=self.port)
        self.begin()
        self.wait_until_done(3)
        self.assertEqual(self.query("SELECT target FROM computers ORDER BY target"),
                         [("127.20.6.1",), ("127.20.6.3",), ("127.20.6.9",)])

    def test_the_same_way_again(self):
        """A profile is saved on the summary, chosen on the first page, renamed and deleted; the command line knows it."""
        self.open_new_scan()
        self.enter_targets("127.20.7.1 127.20.7.2")
        self.dialog.find("text", "Leave out").set_text("127.20.7.2")
        self.enter_options(port=self.port)
        self.dialog.find("text", "Name of the profile").set_text("Nächtlich ☾")
        self.dialog.find("push button", "Save").press()
        self.dialog.find("label", "Saved.")
        self.begin()
        self.wait_text("1 computer")
        self.open_new_scan()
        self.assertEqual(self.dialog.find("text", "Computers").text, "")
        focus("New Scan")
        click(self.dialog.find("label", "Scan Again the Same Way", seen=True))
        click(self.dialog.find("label", "Nächtlich ☾", seen=True))
        wait_for(lambda: self.page() == "Summary", "the summary")
        self.assertIn(f"port {self.port}", " ".join(self.dialog.find("list item", "Options").texts()))
        self.begin()
        wait_for(lambda: self.query("SELECT count(*) FROM computers WHERE status > 0") == [(2,)], "a second scan")
        self.assertEqual(self.query("SELECT target FROM computers"), 2 * [("127.20.7.1",)])
        self.cli("scan", "--profile", "Nächtlich ☾")
        self.assertEqual(self.query("SELECT target FROM computers"), 3 * [("127.20.7.1",)])
        self.delete_profile()

    def delete_profile(self):
        self.open_new_scan()
        focus("New Scan")
        if not self.dialog.has("push button", "Delete “"):
            click(self.dialog.find("label", "Scan Again the Same Way", seen=True))
        self.dialog.find("push button", "Delete “Nächtlich ☾”").press()
        self.app.window("Delete Profile?").find("push button", "Delete").press()
        wait_for(lambda: not self.dialog.has("push button", "Delete “"), "the profile to go")
        self.cli("scan", "--profile", "Nächtlich ☾", status=1)

    def test_like_this_one(self):
        self.scan("127.20.8.1, 127.20.8.2", name="First")
        self.wait_until_done(2)
        key("F10")
        self.window.find("menu item", "New Scan Like This One").press()
        self.dialog = self.app.window("New Scan")
        wait_for(lambda: self.page() == "Summary", "the summary")
        self.dialog.find("label", "2 computers")
        key("Escape", "Escape")
        wait_for(lambda: self.page() == "Computers", "the first page")
        self.assertEqual(self.dialog.find("text", "Computers").text, "127.20.8.0/30")

    def test_limits(self):
        """Whatever is pasted: a reason next to the entry or the text as it is, nothing is lost, and nobody waits."""
        self.open_new_scan()
        computers, left_out = (self.dialog.find("text", name) for name in ("Computers", "Leave out"))
        for text, place, reason in ((LONG, "Line 1: xxx", "253 is the most"), ("😀", "Line 1: 😀", "😀")):
            computers.set_text(text)
            self.find_problem(place, reason)
            self.assertFalse(self.next_button().is_sensitive)
        computers.set_text(HEBREW)
        wait_for(lambda: self.next_button().is_sensitive, "a name as it is written there")
        computers.set_text("127.20.9.1")
        for text in (LONG, "😀", "10.0.0.300"):
            left_out.set_text(text)
            self.find_problem(text[:20], "")
        left_out.set_text("127.20.9.1")
        self.paste_many(computers)
        self.go_to_summary()
        self.too_much_on_the_summary()
        self.too_much_in_options()
        for page in ("Accounts", "Computers"):
            key("Escape")
            wait_for(lambda: self.page() == page, f"the page “{page}” again")
        self.assertEqual(computers.text, MANY)
        self.assertEqual(left_out.text, "127.20.9.1")
        self.too_much_of_an_account()

    def paste_many(self, computers):
        """What is asked of the window behind the paste is answered when it is done with it."""
        computers.set_text(MANY)
        self.assertEqual(self.page(), "Computers")
        self.dialog.find("label", "9997 computers")
        for line in WRONG:
            self.find_problem(f"Line {line + 1}: not!{line}", "“!”")

    def too_much_on_the_summary(self):
        name, profile = (self.dialog.find("text", text) for text in ("Name of the scan", "Name of the profile"))
        for text in (LONG, "😀", HEBREW):
            name.set_text(text)
            profile.set_text(text)
            self.assertEqual((name.text, profile.text), (text, text))
        profile.set_text(LONG)
        self.dialog.find("label", "The name is too long")
        self.assertFalse(self.dialog.find("push button", "Save").is_sensitive)

    def too_much_in_options(self):
        focus("New Scan")
        click(self.dialog.find("list item", "Options", seen=True))
        wait_for(lambda: self.page() == "Options", "the page with options")
        servers, search = (self.dialog.find("text", text) for text in ("Name servers", "Short names end in"))
        for entry, text in ((servers, LONG), (servers, "😀"), (search, LONG)):
            entry.set_text(text)
            self.dialog.find("label", text[:20])
            self.assertFalse(self.next_button().is_sensitive)
            entry.set_text("")
            wait_for(lambda: self.next_button().is_sensitive, "the reason to go")
        key("Escape")
        wait_for(lambda: self.page() == "Summary", "the summary again")

    def test_names_of_domains_are_checked_as_typed(self):
        self.open_new_scan()
        focus("New Scan")
        click(self.dialog.find("label", "Active Directory…", seen=True))
        domain, server = (self.dialog.find("text", text) for text in ("Domain (corp.example)", "Domain controller"))
        for entry, text, reason in ((domain, "corp 😀", "The name of a domain has no spaces."),
                                    (domain, "corp😀.example", "The name of a domain has no “😀”."),
                                    (domain, "corp..example", "This is no name of a domain."),
                                    (server, "dc1 corp", "This is no name or address of a server.")):
            entry.set_text(text)
            self.dialog.find("label", reason)
            self.assertEqual(entry.text, text)
            entry.set_text("")
        domain.set_text(" corp.example ")
        wait_for(lambda: not self.dialog.has("label", re.compile("^This is no name|^The name of a domain")), "the reason to go")

    def too_much_of_an_account(self):
        self.go_on("Accounts")
        focus("New Scan")
        click(self.dialog.find("label", "An account for this scan only", seen=True))
        account = self.dialog.find("text", "Account")
        for text, reason in ((LONG, "too long"), ("A\\B\\C", "is no account name")):
            account.set_text(text)
            self.dialog.find("label", reason)
            self.assertFalse(self.next_button().is_sensitive)
        account.set_text(f"{HEBREW}@corp.example")
        self.dialog.find("text", "Password").set_text("😀")
        wait_for(lambda: self.next_button().is_sensitive, "an account that is right")
        self.go_on("Summary")
        key("Escape")
        self.assertEqual(account.text, f"{HEBREW}@corp.example")
