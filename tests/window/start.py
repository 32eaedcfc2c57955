# SPDX-License-Identifier: GPL-3.0-or-later
"""The first window: what is on it, that the keyboard and a screen reader reach it, that it is remembered."""
import re

from person import Case, key, wait_for


class Start(Case):
    def setUp(self):
        super().setUp()
        self.app = self.start()
        self.window = self.app.window("Rollcall")

    def test_the_keyboard_begins_with_a_new_scan(self):
        wait_for(lambda: (self.window.focused() or self.window).name == "New Scan…", "the keyboard on New Scan")

    def test_statuses_by_button(self):
        self.window.find("push button", "Browse All Statuses").press()
        self.app.window("All Statuses")

    def test_about_names_licence(self):
        key("F10")
        self.window.find("menu item", "About Rollcall").press()
        about = self.app.window("About")
        self.assertIn("Rollcall", about.texts())

    def test_every_button_has_a_name(self):
        """A class name is what a screen reader is left with when nobody gave one."""
        nameless = [button for button in self.window.all("push button") if "focusable" in button.states
                    and (not button.name or re.match("(Gtk|Adw|Roll)[A-Z]", button.name))]
        self.assertEqual(nameless, [])

    def test_tab_reaches_every_button(self):
        """But those that every window has: they belong to the desk."""
        buttons = {button.name for button in self.window.all("push button") if "focusable" in button.states}
        buttons -= {"Minimize", "Maximize", "Close"}
        reached = set()
        for _ in range(3 * len(buttons)):
            key("Tab")
            node = wait_for(lambda: self.window.focused(), "something with the keyboard")
            reached.add(node.name)
        self.assertGreaterEqual(reached, buttons)

    def test_size_is_remembered(self):
        self.resize(700, 500)
        wait_for(lambda: self.window.extents[2] <= 700, "a smaller window")
        size = self.window.extents[2:]
        key("ctrl+q")
        self.assertEqual(self.app.wait(), 0)
        again = self.start()
        window = again.window("Rollcall")
        wait_for(lambda: window.extents[2:] == size, f"a window of {size} again")

    def test_close_by_keyboard(self):
        key("ctrl+w")
        self.assertEqual(self.app.wait(), 0)
