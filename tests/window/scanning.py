# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does again and again: opens New Scan, fills it in, waits, looks for what came out.

Arguments of a file of stories: ROLLCALL ROLLCALL-CLI NAME-SERVER
"""
import os
import re
import socket
import sqlite3
import subprocess
import sys

from person import Case, click, focus, key, start_helper, wait_for

NEXT = re.compile("^(Next|Done|Add|Start)$")
PAGES = ("Computers", "Accounts", "Summary", "Options", "From a File", "Own Networks", "Active Directory")
NAME_SERVER = os.path.abspath(sys.argv[3])


def closed_port():
    """A port nobody listens on, on any address."""
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


class ScanCase(Case):
    def setUp(self):
        super().setUp()
        self.port = closed_port()
        self.open()

    def open(self, *arguments):
        """Starts the program; its window is there and can be used."""
        self.app = self.start(*arguments)
        self.window = self.app.window("Rollcall")
        wait_for(lambda: self.window.find("push button", "New Scan").is_sensitive, "the scans to be opened")

    def leave(self):
        """As a click on the cross."""
        self.window.find("push button", "Close").press()
        self.assertEqual(self.app.wait(), 0, self.app.said())
        self.assertEqual(list(self.database.parent.glob("*-wal")), [], "the store was not closed")

    def start_name_server(self, *rules):
        """Returns where it listens."""
        server = start_helper([NAME_SERVER, "--listen", "127.0.0.1:0", *rules], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        return server.stdout.readline().split()[-1]

    def silent_name_server(self):
        quiet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(quiet.close)
        quiet.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{quiet.getsockname()[1]}"

    # --- New Scan ---

    def open_new_scan(self):
        key("ctrl+n")
        self.dialog = self.app.window("New Scan")

    def next_button(self):
        return self.dialog.find("push button", NEXT)

    def page(self):
        """The title of the page that is shown."""
        titles = [node.name for node in self.dialog.all("label", re.compile(f"^({'|'.join(PAGES)})$"))]
        return titles[0] if titles else None

    def go_on(self, to):
        """The button that goes on, until that page is there."""
        wait_for(lambda: self.next_button().is_sensitive, "a button that goes on")
        self.next_button().press()
        wait_for(lambda: self.page() == to, f"the page “{to}”")

    def go_to_summary(self):
        if self.page() not in ("Accounts", "Summary"):
            self.go_on("Accounts")
        if self.page() != "Summary":
            self.go_on("Summary")
        self.dialog.find("label", "nobody answers")

    def enter_targets(self, text):
        """All at once, as a paste."""
        self.dialog.find("text", "Computers").set_text(text)

    def enter_options(self, name=None, server=None, port=None):
        """On the last page and on the one it leads to; leaves the summary open."""
        self.go_to_summary()
        if name:
            self.dialog.find("text", "Name of the scan").set_text(name)
        if server or port:
            focus("New Scan")
            click(self.dialog.find("list item", "Options", seen=True))
            wait_for(lambda: self.page() == "Options", "the page with options")
        if server:
            self.dialog.find("text", "Name servers").set_text(server)
        if port:
            self.dialog.find("spin button", "Port").set_text(str(port))
        if server or port:
            self.go_on("Summary")

    def press_start(self):
        self.go_to_summary()
        wait_for(lambda: self.next_button().is_sensitive, "Start that can be pressed")
        self.next_button().press()

    def wait_until_gone(self, title):
        """The desk gives the focus back to the first window then."""
        wait_for(lambda: title not in self.app.windows(), f"“{title}” to go")
        focus("Rollcall")

    def begin(self):
        self.press_start()
        self.wait_until_gone("New Scan")

    def scan(self, targets, **options):
        self.open_new_scan()
        self.enter_targets(targets)
        self.enter_options(port=self.port, **options)
        self.begin()

    # --- A scan ---

    def wait_until_done(self, n_computers):
        """Until it is finished and the list has everybody."""
        wait_for(lambda: not self.window.has("push button", "Stop"), "the end of the scan")
        self.wait_text(f"{n_computers} computers")

    def wait_text(self, text):
        """Until a label that can be seen has the text; returns all it says."""
        return self.window.find("label", text, seen=True).text

    def legend_row(self, status):
        return self.window.find("list item", f"{status}: ")

    def computer_row(self, target):
        return self.window.find("table row", f"{target}, ", seen=True)

    # --- Beside the window ---

    @property
    def database(self):
        return self.home / "data" / "rollcall" / "rollcall.db"

    def query(self, sql):
        database = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()
