# SPDX-License-Identifier: GPL-3.0-or-later
"""A real keyring on the desk of a story: GNOME Keyring, with files of its own. Nobody shows its questions."""
import os
import re
import shutil
import subprocess
import unittest

from person import Case, GLib, start_helper, wait_for
from reader import Reader, call
from scanning import NAME_SERVER, ScanCase
from stage import make_home

SECRETS = "org.freedesktop.secrets"
SERVICE = "org.freedesktop.Secret.Service"
SECRETS_PATH = "/org/freedesktop/secrets"
LOGIN = SECRETS_PATH + "/collection/login"
MASTER = b"the keyring's own"
CLI = None


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
        from gi.repository import Gio
        return Gio.bus_get_sync(Gio.BusType.SESSION, None)

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

    def keep(self, name, account="CORP\\scanner", password="secret", *options):
        """Beside the window, as another program does."""
        self.cli_with_input(password, "credential", "add", name, "--username", account, *options)

    def kept(self):
        return [line.split("  ")[0] for line in self.cli("credential", "list").splitlines()[1:]]

    def cli_with_input(self, text, *words):
        from person import CLI
        subprocess.run([CLI, *words], env=os.environ | make_home(self.home), input=text + "\n", text=True,
                       capture_output=True, timeout=120, check=True)

    # --- Computers

    def scan_practice(self, *targets):
        """Runs the practice network; some of its computers are asked whether they are there."""
        from person import CLI
        lab = start_helper([CLI, "lab"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.stdout.close)
        self.addCleanup(lab.wait)
        self.addCleanup(lab.kill)
        found = next(filter(None, (re.search(r"--port (\d+) --dns (\S+)", line) for line in lab.stdout)))
        self.cli("scan", "--probe-only", "--name", "Branch office", "--port", found[1], "--dns", found[2], *targets)
