# SPDX-License-Identifier: GPL-3.0-or-later
"""Every status can be browsed and searched, has its page, and hands out its commands."""
import re

from person import Case, key, wait_for, write

IN_PROGRESS = "In Progress"


class Statuses(Case):
    def setUp(self):
        super().setUp()
        self.app = self.start()
        self.app.window("Rollcall")
        key("ctrl+b")
        self.window = self.app.window("All Statuses")
        wait_for(self.rows, "the list of statuses")

    def list(self):
        """The list on the left: all others are on the page."""
        return next((node for node in self.window.all("list") if node.extents[0] < 20), None)

    def rows(self):
        found = self.list()
        return [row.name for row in found.walk() if row.role == "list item"] if found else []

    def page(self):
        pane = next((node for node in self.window.all("scroll pane") if node.extents[0] > 200), None)
        return pane.texts() if pane else []

    def page_of(self, name):
        """What the page says if it is that of a status."""
        texts = self.page()
        return texts if name in texts else None

    def search(self, text, expected):
        key("ctrl+f", "ctrl+a")
        write(text)
        wait_for(lambda: self.rows()[:1] == [expected], f"“{expected}” as the first for {text}")

    def search_page(self, text, expected):
        self.search(text, expected)
        wait_for(lambda: expected in self.page(), f"the page of “{expected}”")

    def test_search_by_name(self):
        wait_for(lambda: self.window.focused(), "something with the keyboard")
        write("refused")
        wait_for(lambda: self.rows() == ["Failed – Connection Refused"], "the one status that is found")
        self.assertIn("Code 103 · Network", self.page())

    def test_search_by_number(self):
        for number, status, symbol in (
                ("0x80070005", "Failed – Access Denied", "E_ACCESSDENIED"),
                ("1722", "Failed - RPC Server Unavailable", "RPC_S_SERVER_UNAVAILABLE"),
                ("102", "Failed – Connection Timeout", None)):
            with self.subTest(number):
                self.search_page(number, status)
                if symbol:
                    self.assertTrue(self.window.has("label", symbol))

    def test_search_in_vain_says_what_can_be_searched(self):
        write("no such thing")
        wait_for(lambda: self.window.has("label", "Nothing Found"), "“Nothing Found”")
        key("Escape")
        wait_for(lambda: len(self.rows()) > 20, "all statuses again")

    def test_every_status_has_its_page(self):
        """Walked through with the arrow keys, as somebody would who wants to know them all."""
        names = self.rows()
        codes = [line.split()[0] for line in self.cli("explain").splitlines()[1:]]
        self.assertEqual(len(codes), 19)
        key("Tab", "Home")
        seen = []
        for name in names:
            texts = wait_for(lambda name=name: self.page_of(name), f"the page of “{name}”")
            self.look_at_page(name, texts, seen)
            key("Down")
        self.assertEqual(seen, codes)

    def look_at_page(self, name, texts, seen):
        place = texts.index(name)
        code = re.fullmatch(r"Code (\d+) · (.+)", texts[place + 1])
        meaning = texts[place + 2] if code else texts[place + 1]
        self.assertGreater(len(meaning.split()), 5, f"{name}: {meaning}")
        if code:
            seen.append(code[1])
            self.assertNotEqual(code[2], IN_PROGRESS)
            self.assertIn("Causes, the Likeliest First", texts)
            self.assertTrue({"Check", "Check First"} & set(texts), f"{name} has nothing to check")

    def test_copy_puts_the_command_on_the_clipboard(self):
        self.search_page("103", "Failed – Connection Refused")
        button = self.window.find("push button", "Copy “")
        command = re.search("“(.+?)”", button.name)[1]
        button.press()
        wait_for(lambda: self.paste() == command, f"“{command}” on the clipboard")

    def paste(self):
        """What comes out where one pastes."""
        key("ctrl+f", "ctrl+a", "ctrl+v")
        return self.window.focused().text

    def test_escape_goes_back(self):
        write("wmi")
        key("Escape", "Escape")
        wait_for(lambda: self.app.windows() == ["Rollcall"], "the first window alone")

    def test_escape_goes_back_from_a_narrow_page(self):
        self.resize(360, 640)
        write("103")
        wait_for(lambda: self.rows() == ["Failed – Connection Refused"], "the one status that is found")
        key("Down", "Return")
        self.window.find("label", "Code 103", seen=True)
        key("Escape")
        wait_for(lambda: (self.window.focused() or self.window).role == "list item", "the keyboard on the list")
        key("Escape")
        wait_for(lambda: self.app.windows() == ["Rollcall"], "the first window alone")
