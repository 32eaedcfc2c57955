# SPDX-License-Identifier: GPL-3.0-or-later
"""New Scan of what a real domain controller knows: its certificate, its tree, the filters, and what goes wrong on the way."""
import json
import os
import pathlib
import re
import struct
import subprocess
import time

from person import click, focus, key, picture_of_screen, wait_for
from scanning import ScanCase

DOMAIN = json.loads(os.environ["ROLL_TEST_DOMAIN"])


class DomainCase(ScanCase):
    def open_page(self):
        self.open_new_scan()
        focus("New Scan")
        click(self.dialog.find("label", "Active Directory…", seen=True))
        wait_for(lambda: self.page() == "Active Directory", "the page of Active Directory")

    def enter(self, server, password):
        self.dialog.find("text", "Domain controller").set_text(server)
        self.dialog.find("text", "Account").set_text(DOMAIN["account"])
        self.dialog.find("text", "Password").set_text(password)

    def connect(self):
        wait_for(lambda: self.dialog.find("push button", "Connect").is_sensitive, "Connect that can be pressed")
        self.dialog.find("push button", "Connect").press()

    def count(self, pattern):
        """The number in the label that has such a text."""
        label = self.dialog.find("label", re.compile(pattern))
        return int(re.search(pattern, label.name)[1].replace(",", ""))

    def find_and_filter(self):
        self.dialog.find("check box", DOMAIN["places"][0].split(",")[0].removeprefix("OU="))
        self.dialog.find("push button", "Find Computers").press()
        found = self.count(r"^([\d,]+) → [\d,]+$")
        self.assertEqual(found, DOMAIN["computers"])
        focus("New Scan")
        key("space")
        enabled = self.count(rf"^{found} → (?!{found})(\d+)$")
        self.dialog.find("text", "Operating system").set_text("Windows")
        self.left = self.count(rf"^Operating system: {enabled} → (?!{enabled})(\d+)")
        self.assertLess(self.left, enabled)


class Domain(DomainCase):
    def test_from_the_certificate_to_the_targets(self):
        self.open_page()
        self.enter("nowhere.practice.example", DOMAIN["password"])
        self.connect()
        self.dialog.find("label", "nowhere.practice.example")
        self.dialog.find("push button", "Try Again")
        self.enter(DOMAIN["server"], "not the password")
        self.connect()
        self.trust()
        self.dialog.find("label", re.compile("password", re.I))
        self.enter(DOMAIN["server"], DOMAIN["password"])
        self.connect()
        self.find_and_filter()
        self.go_on("Computers")
        self.dialog.find("label", f"{self.left} computers")
        self.go_to_summary()
        self.dialog.find("label", f"{self.left} by name")
        self.begin()
        self.wait_until_done(self.left)
        self.read_what_it_told()

    def read_what_it_told(self):
        """It was kept with the computers, none of which has an address here."""
        ((target, ou),) = self.query("SELECT target, ou FROM computers JOIN directory_facts USING (scan, ordinal)"
                                     " WHERE last_logon IS NOT NULL ORDER BY ordinal LIMIT 1")
        self.assertIn(ou, ("Paris", "Berlin/Workstations", "Computers"))
        focus("Rollcall")
        click(self.computer_row(target))
        key("alt+Return")
        self.wait_text("Organizational unit")
        self.wait_text(ou)
        self.wait_text("Last logon in Active Directory")
        self.take_picture("evidence")
        key("ctrl+g")
        charts = self.app.window("Charts")
        n = self.query("SELECT count(*) FROM directory_facts WHERE ou = 'Paris'")[0][0]
        charts.find("list item", f"Paris: {n} computers. Failed – Machine not found {n} (100 %)")
        self.take_picture("charts")

    def take_picture(self, name):
        folder = os.environ.get("ROLL_TEST_SHOTS")
        if folder:
            picture_of_screen(f"{folder}/{name}.png")

    def trust(self):
        """Refused until a person accepts it; then it is kept."""
        self.dialog.find("label", DOMAIN["fingerprint"])
        self.dialog.find("push button", "Trust It for").press()


def data(text):
    return struct.pack(">I", len(text)) + text.encode("latin-1")


def principal(realm, *names):
    return struct.pack(">II", 1, len(names)) + data(realm) + b"".join(map(data, names))


def der(tag, *parts):
    content = b"".join(parts)
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


def ticket_for(realm):
    """RFC 4120 5.3; nobody can read what is sealed in it."""
    names = der(0x30, der(0x1B, b"krbtgt"), der(0x1B, realm.encode()))
    service = der(0x30, der(0xA0, der(2, b"\2")), der(0xA1, names))
    sealed = der(0x30, der(0xA0, der(2, b"\x12")), der(0xA2, der(4, bytes(16))))
    return der(0x61, der(0x30, der(0xA0, der(2, b"\5")), der(0xA1, der(0x1B, realm.encode())), der(0xA2, service),
                         der(0xA3, sealed)))


def tickets_of(realm):
    """A cache (version 4, as MIT Kerberos documents it) with a ticket for its realm that nobody gave."""
    now = int(time.time())
    return (b"\5\4\0\0" + principal(realm, "somebody") + principal(realm, "somebody") + principal(realm, "krbtgt", realm)
            + struct.pack(">H", 18) + data("k" * 32) + struct.pack(">IIIIBI", now, now, now + 36000, 0, 0, 0)
            + struct.pack(">II", 0, 0) + data(ticket_for(realm).decode("latin-1")) + data(""))


class Tickets(DomainCase):
    """Logging on with the tickets one has, without any password."""

    def setUp(self):
        folder = pathlib.Path(DOMAIN["folder"])
        self.cache, self.config = folder / "window-ccache", folder / "window-krb5.conf"
        self.config.write_text(pathlib.Path(DOMAIN["krb5_config"]).read_text())
        os.environ["KRB5CCNAME"], os.environ["KRB5_CONFIG"] = f"FILE:{self.cache}", str(self.config)
        super().setUp()

    def get_tickets(self, *options):
        subprocess.run(["kinit", *options, "good"], input=DOMAIN["password"] + "\n", check=True, capture_output=True, text=True)

    def choose_tickets(self):
        focus("New Scan")
        click(self.dialog.find("label", "An account typed below", seen=True))
        key("Down", "Return")
        self.dialog.find("label", "My Kerberos tickets", seen=True)

    def refused(self, sentence):
        self.connect()
        self.dialog.find("label", sentence)

    def test_the_tickets_one_has(self):
        self.open_page()
        self.dialog.find("text", "Domain controller").set_text(DOMAIN["server"])
        self.choose_tickets()
        self.refused("You have no Kerberos tickets. Get them with kinit")
        self.get_tickets("-l", "1s")
        time.sleep(2)
        self.refused("Your Kerberos tickets have expired. Get new ones with kinit")
        self.cache.write_bytes(tickets_of("OTHER.EXAMPLE"))
        self.refused("Your tickets are of “OTHER.EXAMPLE”: of another domain get them with kinit")
        self.get_tickets()
        self.connect()
        self.find_and_filter()
        self.go_on("Computers")
        self.dialog.find("label", f"{self.left} computers")
