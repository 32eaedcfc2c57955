# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a page: it stands alone, whatever computers call themselves, and it keeps quiet when it is told to.

The database is made by tests/support/stored-inventory.c and then changed."""
import base64
import glob
import hashlib
import html.parser
import os
import re
import signal
import stat
import subprocess
import xml.etree.ElementTree as ElementTree

from support import FAILED, PROGRAM, STOPPED, STORED_INVENTORY, USAGE, Case, environment

HOSTILE = ["</title><script>alert(1)</script>", "\" onload=\"alert(1)", "<img src=http://evil.example/x.png>", "--><b>",
           "javascript:alert(1)", "&lt;&#60;", "\u202egnp.exe", "\u0000", "]]>", "{{7*7}}", "pc\x1b[31m"]

# What would leave the file: an address that is fetched or gone to, or code that could.
FETCHED = {"src", "srcset", "poster", "data", "background", "action", "formaction", "manifest", "ping", "xlink:href", "style"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.complaints, self.policy = [], [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name in FETCHED or name.startswith("on") or (name == "href" and not value.startswith("#")):
                self.complaints.append((tag, name, value))
            if (name, value) == ("http-equiv", "Content-Security-Policy"):
                self.policy = dict(attributes)["content"]

    def handle_data(self, data):
        self.text.append(data)


class Report(Case):
    def setUp(self):
        super().setUp()
        subprocess.run([STORED_INVENTORY, self.database], check=True)

    def page(self, *words, **more):
        text = self.with_database("report", "--html", "-", *words, **more).out
        page = Page(text)
        self.assertEqual(page.complaints, [])
        self.assertLessEqual(set(page.tags) & {"script", "iframe", "object", "embed", "link", "base", "form", "img"}, set())
        rest = re.sub(r'aria-label="[^"]*"', "", text.replace("http://www.w3.org/2000/svg", ""))
        self.assertNotRegex(re.sub(r">[^<]*<", "><", rest), r"https?:|//[a-z]|url\(|@import")
        ElementTree.fromstring(text.replace("<!DOCTYPE html>", ""))
        return text, page

    def test_the_page_stands_alone(self):
        text, page = self.page()
        style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertEqual(page.policy, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
        self.assertEqual(text.count("<style"), 1)
        self.assertIn("prefers-color-scheme:dark", style)
        self.assertIn("@media print", style)

    def test_what_it_says(self):
        text, page = self.page()
        said = re.sub(r"\s+", " ", " ".join(page.text))
        for words in ("Stored", "3 computers", "2 successful", "1 failed", "By subnet", "By operating system",
                      "Where the failed ones stopped", "10.0.0.0/24", "Майкрософт Windows 11 Pro", "pc3.corp.example",
                      "Failed – Connection Refused", "ECONNREFUSED", "Likely cause", "What to do"):
            self.assertIn(words, said)
        charts = re.findall(r'<svg [^>]*role="img" aria-label="([^"]*)"', text)
        self.assertEqual(len(charts), 4)
        self.assertIn("Success: 2 (66.7 %); Failed – Connection Refused: 1 (33.3 %)", charts[0])
        self.assertEqual(text.count("<table>"), 5)

    def test_hostile_names(self):
        for name in HOSTILE:
            with self.subTest(name):
                quoted = name.replace("'", "''").replace("\0", "?")
                self.sql(f"UPDATE computers SET target = '{quoted}', os = '{quoted}', computer_name = '{quoted}'")
                self.sql(f"UPDATE scans SET name = '{quoted}'")
                text, page = self.page()
                self.assertNotIn("\u202e", text)
                self.assertNotIn("\x1b", text)
                if name == "javascript:alert(1)":
                    self.assertIn(name, "".join(page.text))

    def test_the_old_file_stays_until_the_new_one_is_whole(self):
        path = self.path("page.html", "old")
        os.chmod(path, 0o640)
        self.sql("UPDATE computers SET status = 12345 WHERE ordinal = 2")
        self.with_database("report", "--html", path, status=FAILED)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.sql("UPDATE computers SET status = 103 WHERE ordinal = 2")
        self.assertEqual(self.with_database("report", "--html", path).out, "")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o640)
        self.assertEqual(sorted(os.listdir(self.folder)), sorted(["page.html"] + [
            name for name in os.listdir(self.folder) if name.startswith("rollcall.db")]))

    def stop_while_writing(self, path):
        """Whether it was met while it wrote: the file that will take the place of the old one is there."""
        program = subprocess.Popen([PROGRAM, "report", "--html", path, "--database", self.database], env=environment())
        while program.poll() is None:
            if glob.glob(self.path(".rollcall-*")):
                program.send_signal(signal.SIGSTOP)
                met = bool(glob.glob(self.path(".rollcall-*")))
                program.send_signal(signal.SIGINT)
                program.send_signal(signal.SIGCONT)
                return program.wait() == STOPPED and met
        return False

    def test_stopped_while_writing(self):
        """However often, until one was met."""
        subprocess.run([STORED_INVENTORY, self.database, "4000"], check=True)
        self.sql("UPDATE computers SET status = 103 WHERE scan = 2")
        for _ in range(20):
            path = self.path("page.html", "old")
            if self.stop_while_writing(path):
                break
        else:
            self.fail("it was never met while it wrote")
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "old")
        self.assertEqual(glob.glob(self.path(".rollcall-*")), [])

    def test_mistakes(self):
        self.with_database("report", "--html", "-", "--json", status=USAGE)
        self.with_database("report", "--redact", status=USAGE)
        self.assertIn("There is no scan 9", self.with_database("report", "9", "--html", "-", status=FAILED).err)

    def test_redacted(self):
        env = {"XDG_CONFIG_HOME": self.path("config")}
        text, _ = self.page("--redact", env=env)
        for secret in ("pc1", "pc2", "pc3", "corp.example", "10.0.0.", "PC1", "00042", "Stored"):
            self.assertNotIn(secret.casefold(), re.sub(r"(pc|net|host|domain)-[0-9a-f]{12}", "", text).casefold())
        self.assertRegex(text, r"net-[0-9a-f]{12}")
        self.assertRegex(text, r"pc-[0-9a-f]{12}\.domain-[0-9a-f]{12}")
        key = os.path.join(env["XDG_CONFIG_HOME"], "rollcall", "redaction.key")
        self.assertEqual(stat.S_IMODE(os.stat(key).st_mode), 0o600)
        again, _ = self.page("--redact", env=env)
        self.assertEqual(re.findall(r"pc-\w+", again), re.findall(r"pc-\w+", text))
        os.remove(key)
        other, _ = self.page("--redact", env=env)
        self.assertNotEqual(re.findall(r"pc-\w+", other), re.findall(r"pc-\w+", text))
        os.chmod(key, 0o644)
        self.assertIn("chmod 600", self.with_database("report", "--html", "-", "--redact", status=FAILED, env=env).err)
