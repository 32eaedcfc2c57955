# SPDX-License-Identifier: GPL-3.0-or-later
"""In a window of 360 pixels with three window buttons: nothing makes it wider, and nothing is out of reach."""
from person import click, key, wait_for
from scanning import ScanCase

WIDTH = 360


class Narrow(ScanCase):
    def open(self, *arguments):
        settings = self.home / "config" / "glib-2.0" / "settings"
        settings.mkdir(parents=True)
        (settings / "keyfile").write_text(f"[io/github/rollcall/Rollcall]\nwindow-width={WIDTH}\nwindow-height=640\n")
        self.app = self.start(*arguments)
        self.window = self.app.window("Rollcall")
        wait_for(lambda: self.window.find("push button", "New Scan").is_sensitive, "the scans to be opened")

    def test_everything_fits_and_is_reached(self):
        self.assertEqual({button.name for button in self.window.all("push button", "M")} - {"Main Menu"},
                         {"Minimize", "Maximize"})
        self.check_width()
        key("F10")
        self.window.find("menu item", "New Scan").press()
        self.dialog = self.app.window("New Scan")
        self.enter_targets("127.20.8.0/29 " + " ".join(f"silent{i}.example" for i in range(9)))
        self.enter_options(port=self.port, server=self.silent_name_server(), name="A long name that has to be cut")
        self.begin()
        self.window.find("push button", "Stop")
        self.check_width()
        self.window.find("push button", "Stop").press()
        self.wait_text("This scan was stopped")
        self.check_width()
        click(self.computer_row("127.20.8.1"))
        key("Return")
        self.wait_text("Causes, the Likeliest First")
        self.check_width()
        key("alt+Return")
        self.wait_text("The Only Attempt")
        self.check_width()
        self.window.find("push button", "Close Help").press()
        self.computer_row("127.20.8.1")

    def check_width(self):
        self.assertEqual(self.window.extents[2], WIDTH)
