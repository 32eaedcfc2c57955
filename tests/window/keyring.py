# SPDX-License-Identifier: GPL-3.0-or-later
"""A real keyring on the desk of a story: GNOME Keyring, with files of its own. Nobody shows its questions."""
import json
import os
import re
import shutil
import subprocess
import unittest

from gi.repository import Gio, GLib
from person import CLI, Case, start_helper, wait_for
from reader import call
from scanning import ScanCase
from stage import make_home

SECRETS = "org.freedesktop.secrets"
SERVICE = "org.freedesktop.Secret.Service"
SECRETS_PATH = "/org/freedesktop/secrets"
LOGIN = SECRETS_PATH + "/collection/login"
MASTER = b"the keyring's own"


@unittest.skipIf(not shutil.which("gnome-keyring-daemon"), "GNOME Keyring is missing")
class KeyringCase(ScanCase):
    """The program beside a keyring that is unlocked, and a practice network with some of its computers scanned."""
    unlocked = True

    def setUp(self):
        Case.setUp(self)
        if self.unlocked is not None:
            self.start_keyring()

    # --- The keyring

    def has_owner(self):
        return call(self.bus(), "org.freedesktop.DBus", "/", "org.freedesktop.DBus", "NameHasOwner",
                    GLib.Variant("(s)", (SECRETS,)))

    @staticmethod
    def bus():
        """The keyring's sessions are those of a connection, which must not go in between."""
        KeyringCase.connection = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        return KeyringCase.connection

    def start_keyring(self):
        folder = self.home / "keyring"
        folder.mkdir(mode=0o700, exist_ok=True)
        self.keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"], stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"XDG_DATA_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)})
        self.addCleanup(self.stop_keyring)
        self.keyring.stdin.write(MASTER)
        self.keyring.stdin.close()
        wait_for(self.has_owner, "a keyring")

    def stop_keyring(self):
        self.keyring.kill()
        self.keyring.wait()
        wait_for(lambda: not self.has_owner(), "the end of the keyring")

    def lock(self):
        call(self.bus(), SECRETS, SECRETS_PATH, SERVICE, "Lock", GLib.Variant("(ao)", ([LOGIN],)))

    def unlock(self):
        """As a desktop does that knows the password."""
        _, session = call(self.bus(), SECRETS, SECRETS_PATH, SERVICE, "OpenSession",
                          GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))))
        call(self.bus(), SECRETS, SECRETS_PATH, "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
             "UnlockWithMasterPassword", GLib.Variant("(o(oayays))", (LOGIN, (session, b"", MASTER, "text/plain"))))

    def make_item(self, number):
        """One more, without a thousand questions before it."""
        plain, session = call(self.bus(), SECRETS, SECRETS_PATH, SERVICE, "OpenSession",
                              GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))))
        attributes = {"xdg:schema": "io.github.rollcall.Credential", "application": "rollcall",
                      "id": f"00000000-0000-4000-8000-{number:012}", "name": f"Branch {number}",
                      "username": f"CORP\\scanner{number}", "scope": "", "protocols": "", "order": f"1{number:03}1",
                      "saved": "1"}
        properties = {"org.freedesktop.Secret.Item.Label": GLib.Variant("s", "Rollcall"),
                      "org.freedesktop.Secret.Item.Attributes": GLib.Variant("a{ss}", attributes)}
        call(self.bus(), SECRETS, LOGIN, "org.freedesktop.Secret.Collection", "CreateItem",
             GLib.Variant("(a{sv}(oayays)b)", (properties, (session, b"", b"secret", "text/plain"), False)))

    def keep(self, name, account="CORP\\scanner", password="secret", *options):
        """Beside the window, as another program does."""
        self.cli_with_input(password, "credential", "add", name, "--username", account, *options)

    def kept(self):
        return [json.loads(line)["name"] for line in self.cli("credential", "list", "--json").splitlines()]

    def cli_with_input(self, text, *words):
        subprocess.run([CLI, *words], env=os.environ | make_home(self.home), input=text + "\n", text=True,
                       capture_output=True, timeout=120, check=True)

    # --- Computers

    def start_lab(self, *options):
        lab = start_helper([CLI, "lab", *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.stdout.close)
        self.addCleanup(lab.wait)
        self.addCleanup(lab.kill)
        found = next(filter(None, (re.search(r"--port (\d+) --dns (\S+)", line) for line in lab.stdout)))
        self.lab = ["--port", found[1], "--dns", found[2]]

    def scan_practice(self, *targets):
        """Runs the practice network; some of its computers are asked whether they are there."""
        self.start_lab()
        self.cli("scan", "--probe-only", "--name", "Branch office", *self.lab, *targets)
