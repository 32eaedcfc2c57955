#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hostile or broken LDAP server can do to whoever asks it: nothing but a sentence, soon, and no password without TLS.

usage: directory.py DIRECTORY-CLIENT
"""
import hashlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "project"))
from tap import run_checks  # noqa: E402

NAMES = ("no-dns", "no-server", "unreachable", "timed-out", "tls", "certificate", "password", "account", "kerberos", "clock",
         "stronger", "not-allowed", "no-base", "protocol", "failed")
PASSWORD = "Secret-of-tests 7"
BASE = b"DC=corp,DC=example"
PLENTY_MS = 30000  # where something else ends it
TIMEOUT_MS = 1500
MOST_MEMORY_KB = 400 * 1024

FOLDER = tempfile.TemporaryDirectory(prefix="rollcall-hostile-")
KEY = os.path.join(FOLDER.name, "key.pem")
CERTIFICATE = os.path.join(FOLDER.name, "certificate.pem")

# --- LDAP, as little as a server needs (RFC 4511) -------------------------------------------------------------------------

BIND, BIND_ANSWER, SEARCH, ENTRY, END, REFERENCE, EXTENDED, EXTENDED_ANSWER = 0x60, 0x61, 0x63, 0x64, 0x65, 0x73, 0x77, 0x78


def ber(tag, *parts):
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else b"\x84" + len(body).to_bytes(4, "big")
    return bytes([tag]) + length + body


def number(value, tag=2):
    return ber(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def text(value):
    return ber(4, value)


def message(identity, operation, *controls):
    return ber(0x30, number(identity), operation, *([ber(0xA0, *controls)] if controls else []))


def result(tag, code=0, words=b""):
    return ber(tag, number(code, 10), text(b""), text(words))


def entry(place, **values):
    return ber(ENTRY, text(place), ber(0x30, *(ber(0x30, text(key.encode()), ber(0x31, text(value)))
                                              for key, value in values.items())))


def paged(cookie):
    return ber(0x30, text(b"1.2.840.113556.1.4.319"), text(ber(0x30, number(0), text(cookie))))


class Closed(Exception):
    pass


class Talk:
    """One connection. What came in clear is kept."""

    def __init__(self, peer):
        self.peer = peer
        self.clear = b""
        self.safe = False
        self.operations = []

    def take(self, length):
        data = b""
        while len(data) < length:
            more = self.peer.recv(length - len(data))
            if not more:
                raise Closed
            data += more
        if not self.safe:
            self.clear += data
        return data

    def read(self):
        """A message: its identity, the tag of the operation."""
        body = self.take(self.length())
        identity = int.from_bytes(body[2:2 + body[1]], "big")
        tag = body[2 + body[1]]
        self.operations.append(tag)
        return identity, tag

    def length(self):
        first = self.take(2)[1]
        return first if first < 128 else int.from_bytes(self.take(first - 128), "big")

    def send(self, data):
        self.peer.sendall(data)

    def answer(self, tag, operation, *controls):
        """Waits for an operation, then answers it. Returns its identity."""
        identity, came = self.read()
        if came != tag:
            raise Closed
        self.send(message(identity, operation, *controls))
        return identity

    def start_tls(self, ask=True):
        if ask:
            self.answer(EXTENDED, result(EXTENDED_ANSWER))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE, KEY)
        self.peer = context.wrap_socket(self.peer, server_side=True)
        self.safe = True

    def log_on(self, base=BASE):
        self.start_tls()
        self.answer(BIND, result(BIND_ANSWER))
        identity, _ = self.read()
        values = {"defaultNamingContext": base} if base else {"vendorName": b"Somebody"}
        self.send(message(identity, entry(b"", **values)) + message(identity, result(END)))

    def search(self):
        self.log_on()
        return self.read()[0]


class Server:
    """Runs @behave for each connection until it is over."""

    def __init__(self, behave):
        self.behave = behave
        self.talks = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=[peer], daemon=True).start()

    def talk(self, peer):
        talk = Talk(peer)
        self.talks.append(talk)
        try:
            self.behave(talk)
        except (OSError, Closed, IndexError):
            pass
        finally:
            talk.peer.close()


def fingerprint():
    with open(CERTIFICATE, encoding="ascii") as file:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).hexdigest()


def ask(behave, *options, command="find", accept=True, timeout_ms=PLENTY_MS):
    """What the client says. Its peak of memory and whether the password went in clear are looked at here."""
    server = Server(behave)
    words = [sys.argv[1], command, f"--server=localhost:{server.port}", "--account=CORP\\reader", f"--timeout={timeout_ms}",
             *([f"--accepted={fingerprint()}"] if accept else []), *options]
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", dir=FOLDER.name) as out:
        client = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=out, env={**os.environ, "XDG_CONFIG_HOME": FOLDER.name})
        client.stdin.write((PASSWORD + "\n").encode())
        client.stdin.close()
        _, status, usage = os.wait4(client.pid, 0)
        client.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    server.listener.close()
    if client.returncode not in (0, 1):
        raise RuntimeError(f"{behave.__name__}: exit status {client.returncode}")
    answer = json.loads(said)
    if isinstance(answer.get("error"), int):
        answer["error"] = NAMES[answer["error"]]
    answer["clear"] = b"".join(talk.clear for talk in server.talks)
    answer["operations"] = [tag for talk in server.talks for tag in talk.operations if not talk.safe]
    answer["seconds"] = time.monotonic() - started
    answer["memory"] = usage.ru_maxrss
    answer["talks"] = server.talks
    return answer


def expect(behave, error, *options, words="", **more):
    answer = ask(behave, *options, **more)
    name = behave.__name__
    if answer.get("error") != error:
        yield f"{name}: {answer.get('error')}, not {error}: {answer.get('message')}"
    if error and not answer["message"].endswith(".") and "SHA-256" not in answer["message"]:
        yield f"{name}: no sentence: {answer['message']}"
    if words not in answer.get("message", ""):
        yield f"{name}: nothing of {words}: {answer['message']}"
    if PASSWORD.encode() in answer["clear"] or BIND in answer["operations"]:
        yield f"{name}: the password or a bind was sent in clear: {answer['clear']!r}"
    if answer["memory"] > MOST_MEMORY_KB:
        yield f"{name}: {answer['memory']} KB of memory"


# --- Before the logon ------------------------------------------------------------------------------------------------------

def nothing_is_sent_without_tls():
    def refuses_tls(talk):
        talk.answer(EXTENDED, result(EXTENDED_ANSWER, 52, b"00000000: LdapErr: DSID-0C0910F0, comment: Error initializing SSL/TLS"))
        talk.read()

    def knows_no_tls(talk):
        talk.answer(EXTENDED, result(EXTENDED_ANSWER, 2))
        talk.read()

    def promises_tls_and_sends_more(talk):
        identity, _ = talk.read()
        talk.send(message(identity, result(EXTENDED_ANSWER)) + message(identity + 1, result(BIND_ANSWER)))
        time.sleep(0.2)
        talk.take(4096)

    def promises_tls_and_talks_on_in_clear(talk):
        talk.answer(EXTENDED, result(EXTENDED_ANSWER))
        talk.take(5)  # of its greeting
        talk.send(message(2, result(BIND_ANSWER)) * 10)
        talk.take(4096)

    def promises_tls_and_is_silent(talk):
        talk.answer(EXTENDED, result(EXTENDED_ANSWER))
        time.sleep(PLENTY_MS / 1000)

    yield from expect(refuses_tls, "tls", words="no password is sent")
    yield from expect(knows_no_tls, "tls")
    yield from expect(promises_tls_and_sends_more, "protocol")
    yield from expect(promises_tls_and_talks_on_in_clear, "tls")
    yield from expect(promises_tls_and_is_silent, "timed-out", timeout_ms=TIMEOUT_MS)
    for security in ("ldaps", "starttls"):
        yield from expect(knows_no_tls, "tls", f"--security={security}")


def nothing_is_sent_before_a_certificate_is_accepted():
    def shows_its_certificate(talk):
        talk.start_tls()
        talk.after = talk.peer.recv(4096)

    answer = ask(shows_its_certificate, accept=False)
    if answer["error"] != "certificate" or fingerprint().upper() != answer["certificate"]["fingerprint"].replace(":", ""):
        yield f"{answer}"
    if PASSWORD.encode() in answer["clear"] or any(getattr(talk, "after", b"") for talk in answer["talks"]):
        yield f"something was sent: {answer['talks'][0].after!r}"
    yield from expect(shows_its_certificate, "certificate", "--accepted=" + "AB" * 32, accept=False)


def an_empty_password_is_no_password():
    server = Server(lambda talk: talk.read())
    done = subprocess.run([sys.argv[1], "open", f"--server=localhost:{server.port}", "--account=CORP\\reader"], input="\n",
                          capture_output=True, text=True, timeout=30, env={**os.environ, "XDG_CONFIG_HOME": FOLDER.name})
    if "password" not in json.loads(done.stdout).get("message", "") or server.talks:
        yield f"{done.stdout}, {len(server.talks)} connections"
    server.listener.close()


def noise_and_silence():
    def sends_noise(talk):
        talk.send(bytes(range(256)) * 64)
        time.sleep(PLENTY_MS / 1000)

    def sends_a_page_of_the_web(talk):
        talk.read()
        talk.send(b"HTTP/1.0 400 Bad Request\r\n\r\n" * 10)

    def hangs_up(talk):
        pass

    def hangs_up_in_the_middle(talk):
        talk.read()
        talk.send(message(1, result(EXTENDED_ANSWER))[:5])

    def is_silent(talk):
        time.sleep(PLENTY_MS / 1000)

    def drips(talk):
        for byte in message(1, result(EXTENDED_ANSWER, 0, b"x" * 1000)):
            talk.send(bytes([byte]))
            time.sleep(0.1)

    def promises_gigabytes(talk):
        talk.read()
        talk.send(b"\x30\x84\x7f\xff\xff\xff" + b"x" * 100000)
        time.sleep(PLENTY_MS / 1000)

    def nests_deeply(talk):
        talk.read()
        talk.send(ber(0x30, *[b"\x30\x80"] * 100000))
        time.sleep(PLENTY_MS / 1000)

    def sends_no_end_of_other_answers(talk):
        talk.read()
        while True:
            talk.send(message(77, result(EXTENDED_ANSWER)) * 1000)

    def sends_no_end_of_notices(talk):
        talk.read()
        while True:
            talk.send(message(0, ber(EXTENDED_ANSWER, number(0, 10), text(b""), text(b""),
                                     ber(0x8A, b"1.3.6.1.4.1.1466.20036"))) * 1000)

    yield from expect(sends_noise, "protocol")
    yield from expect(sends_a_page_of_the_web, "protocol")
    yield from expect(hangs_up, "unreachable")
    yield from expect(hangs_up_in_the_middle, "unreachable")
    for behave in (is_silent, drips):
        answer = ask(behave, timeout_ms=TIMEOUT_MS)
        print(f"# {behave.__name__}: {answer['milliseconds']} ms, {TIMEOUT_MS} allowed")
        if answer["error"] != "timed-out" or not TIMEOUT_MS <= answer["milliseconds"] < TIMEOUT_MS * 10:
            yield f"{behave.__name__}: {answer['error']} after {answer['milliseconds']} ms"
    yield from expect(promises_gigabytes, "protocol")
    yield from expect(nests_deeply, "protocol")
    for behave in (sends_no_end_of_other_answers, sends_no_end_of_notices):
        answer = ask(behave)
        if answer["error"] not in ("protocol", "timed-out") or answer["memory"] > MOST_MEMORY_KB:
            yield f"{behave.__name__}: {answer['error']} with {answer['memory']} KB"


def cancelled_within_a_second():
    def is_silent(talk):
        time.sleep(PLENTY_MS / 1000)

    def is_silent_in_tls(talk):
        talk.start_tls()
        time.sleep(PLENTY_MS / 1000)

    def is_silent_in_a_search(talk):
        talk.search()
        time.sleep(PLENTY_MS / 1000)

    for behave in (is_silent, is_silent_in_tls, is_silent_in_a_search):
        answer = ask(behave, "--cancel=700")
        print(f"# {behave.__name__}: {answer['milliseconds']} ms")
        if answer["error"] != "g-io-error-quark" or answer["milliseconds"] > 7000:
            yield f"{behave.__name__}: {answer['error']} after {answer['milliseconds']} ms"


# --- The logon -------------------------------------------------------------------------------------------------------------

REASONS = {"525": "password", "52e": "password", "52f": "account", "530": "account", "531": "account", "532": "account",
           "533": "account", "701": "account", "773": "account", "775": "account", "80090324": "clock", "zz": "password"}


def refusals_of_active_directory():
    sentences = set()
    for data, error in REASONS.items():
        def refuses(talk, data=data):
            talk.start_tls()
            words = f"80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data {data}, v2580"
            talk.answer(BIND, result(BIND_ANSWER, 49, words.encode()))

        answer = ask(refuses)
        if answer["error"] != error or not answer["message"].endswith("."):
            yield f"{data}: {answer['error']}, not {error}: {answer['message']}"
        sentences.add(answer["message"])
    if len(sentences) != len(REASONS) - 1:
        yield f"only {len(sentences)} sentences"
    for code, error in ((8, "stronger"), (13, "stronger"), (51, "unreachable"), (52, "unreachable"), (1, "failed"), (80, "failed"),
                        (12345, "failed")):
        def refuses_otherwise(talk, code=code):
            talk.start_tls()
            talk.answer(BIND, result(BIND_ANSWER, code, b"what \x1b[31m was that\xff"))

        answer = ask(refuses_otherwise)
        if answer["error"] != error or "\x1b" in answer["message"]:
            yield f"{code}: {answer['error']}, not {error}: {answer['message']}"


def no_domain_controller():
    def is_another_directory(talk):
        talk.log_on(None)

    def has_a_strange_name(talk):
        talk.log_on(b"DC=" + b"x" * 5000)

    def answers_in_the_wrong_kind(talk):
        talk.start_tls()
        talk.answer(BIND, result(END))
        time.sleep(PLENTY_MS / 1000)

    yield from expect(is_another_directory, "protocol", words="no domain controller")
    yield from expect(has_a_strange_name, "protocol", words="no domain controller")
    yield from expect(answers_in_the_wrong_kind, "timed-out", timeout_ms=TIMEOUT_MS)


# --- The search ------------------------------------------------------------------------------------------------------------

def searches_without_an_end():
    def sends_no_end_of_entries(talk):
        identity = talk.search()
        one = message(identity, entry(b"CN=a," + BASE, cn=b"a", description=b"x" * 1000))
        while True:
            talk.send(one * 100)

    def sends_no_end_of_references(talk):
        identity = talk.search()
        while True:
            talk.send(message(identity, ber(REFERENCE, text(b"ldap://other.example/DC=other,DC=example"))) * 100)

    def sends_no_end_of_other_entries(talk):
        talk.search()
        while True:
            talk.send(message(9999, entry(b"CN=a," + BASE, cn=b"a")) * 100)

    def sends_empty_pages(talk):
        identity = talk.search()
        while True:
            talk.send(message(identity, result(END), paged(b"again")))
            identity, _ = talk.read()

    def sends_a_huge_value(talk):
        identity = talk.search()
        talk.send(message(identity, entry(b"CN=a," + BASE, cn=b"x" * 8_000_000)))
        time.sleep(PLENTY_MS / 1000)

    def sends_a_huge_cookie(talk):
        identity = talk.search()
        talk.send(message(identity, result(END), paged(b"x" * 5_000_000)))
        time.sleep(PLENTY_MS / 1000)

    def hangs_up(talk):
        identity = talk.search()
        talk.send(message(identity, entry(b"CN=a," + BASE, cn=b"a")))

    def refers_elsewhere(talk):
        talk.send(message(talk.search(), result(END, 10)))

    def has_limits(talk):
        talk.send(message(talk.search(), result(END, 3)))

    def forbids_it(talk):
        talk.send(message(talk.search(), result(END, 50)))

    yield from expect(sends_no_end_of_entries, "protocol")
    yield from expect(sends_no_end_of_references, "protocol")
    yield from expect(sends_no_end_of_other_entries, "protocol")
    yield from expect(sends_empty_pages, "protocol")
    yield from expect(sends_a_huge_value, "protocol")
    yield from expect(sends_a_huge_cookie, "protocol")
    yield from expect(hangs_up, "unreachable")
    yield from expect(refers_elsewhere, "no-base")
    yield from expect(has_limits, "failed", words="limits")
    yield from expect(forbids_it, "not-allowed")
    yield from expect(forbids_it, "not-allowed", command="tree")


HOSTILE = (
    # dNSHostName, cn, what becomes a target
    (b"pc1.corp.example", b"PC1", "pc1.corp.example"),
    (None, b"PC2", "PC2.corp.example"),
    (b"10.0.0.0/8", b"PC3", "PC3.corp.example"),
    (b"10.1.2.10-99", b"PC4", "PC4.corp.example"),
    (b"10.1.2.3", b"PC5", "PC5.corp.example"),
    (b"fd00::1", b"PC6", "PC6.corp.example"),
    (b"*.corp.example", b"PC7", "PC7.corp.example"),
    (b"a b.corp.example", b"PC8", "PC8.corp.example"),
    (b"pc9.corp.example\r\npc10.corp.example", b"PC9", "PC9.corp.example"),
    (b"-pc.corp.example#x", b"10.0.0.0/8", None),
    (b"", b"\x1b[31mred", None),
    (b"\xff\xfe", "P\u202eC".encode(), None),
    (b"x" * 64 + b".example", b"a.b", None),
    (b"..", b"", None),
    (b"x\0y.example", b"y" * 300, None),
)


def names_that_are_none():
    def sends_names(talk):
        identity = talk.search()
        for host, name, _ in HOSTILE:
            values = {"cn": name, "lastLogonTimestamp": b"9223372036854775807", "userAccountControl": b"99999999999999999999",
                      "operatingSystem": b"Windows\x07 \xe2\x80\xae11" + b"z" * 3000}
            if host is not None:
                values["dNSHostName"] = host
            talk.send(message(identity, entry(b"CN=\x1b" + name[:8].replace(b"\xff", b"") + b"," + BASE, **values)))
        talk.send(message(identity, entry(b"CN=\xff\xfe", cn=b"no text")))
        talk.send(message(identity, entry(b"CN=" + b"x" * 10000, cn=b"too long")))
        talk.send(message(identity, ber(REFERENCE, text(b"ldap://DomainDnsZones.corp.example/DC=DomainDnsZones," + BASE))))
        talk.send(message(identity, ber(REFERENCE, text(b"ldap://child.corp.example/DC=child," + BASE))))
        talk.send(message(identity, result(END)))

    answer = ask(sends_names)
    found = sorted(str(computer["host"]) for computer in answer["computers"])
    if found != sorted(str(wanted) for _, _, wanted in HOSTILE):
        yield f"{found}"
    if answer["referrals"] != 1:
        yield f"{answer['referrals']} referrals"
    for computer in answer["computers"]:
        for key in ("name", "dn", "system"):
            if not computer[key].isprintable() or len(computer[key]) > 1100:
                yield f"{key}: {computer[key]!r}"


def places_that_are_none():
    def sends_places(talk):
        identity = talk.search()
        for name, values in ((b"OU=B,OU=A," + BASE, {"name": b"B", "ou": b"B"}), (b"OU=A," + BASE, {"name": b"A\x1b", "ou": b"A"}),
                             (b"ou=C,ou=Hidden,OU=A," + BASE, {"name": b"C", "ou": b"C"}), (b"CN=Lost,CN=Nowhere," + BASE, {}),
                             (b"OU=Other,DC=other", {"ou": b"Other"}), (b"OU=A," + BASE, {"ou": b"A"}),
                             (b"OU=Comma\\, Inc.,OU=A," + BASE, {"name": b"Comma, Inc.", "ou": b"x"})):
            talk.send(message(identity, entry(name, **values)))
        talk.send(message(identity, result(END)))

    answer = ask(sends_places, command="tree")
    found = [(place["name"], place["parent"]) for place in answer["containers"]]
    if found != [("corp.example", -1), ("A\ufffd", 0), ("B", 1), ("Comma, Inc.", 1), ("C", 1)]:
        yield f"{found}"


def a_hundred_thousand():
    """Not a measurement to fail by, but it is told."""
    rows = 100_000

    def sends_pages(talk):
        identity = talk.search()
        for page in range(rows // 1000):
            talk.send(b"".join(message(identity, entry(b"CN=PC%06d,OU=Workstations," % i + BASE, cn=b"PC%06d" % i,
                                                       dNSHostName=b"pc%06d.corp.example" % i, userAccountControl=b"4096",
                                                       operatingSystem=b"Windows 11 Pro", lastLogonTimestamp=b"133700000000000000"))
                               for i in range(page * 1000, page * 1000 + 1000)))
            talk.send(message(identity, result(END), paged(b"%d" % page if page < rows // 1000 - 1 else b"")))
            if page < rows // 1000 - 1:
                identity, _ = talk.read()

    answer = ask(sends_pages)
    print(f"# {answer.get('found')} in {answer['seconds']:.1f} s with {answer['memory'] // 1024} MB")
    if answer.get("found") != rows or answer["memory"] > 200 * 1024:
        yield f"{answer.get('found')} computers with {answer['memory']} KB: {answer.get('message')}"


if __name__ == "__main__":
    if not shutil.which("openssl"):
        print("1..0 # SKIP openssl is not installed")
        sys.exit(0)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", KEY,
                    "-out", CERTIFICATE], check=True, capture_output=True)
    run_checks(nothing_is_sent_without_tls, nothing_is_sent_before_a_certificate_is_accepted, an_empty_password_is_no_password,
               noise_and_silence, cancelled_within_a_second, refusals_of_active_directory, no_domain_controller,
               searches_without_an_end, names_that_are_none, places_that_are_none, a_hundred_thousand)
