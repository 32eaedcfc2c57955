# SPDX-License-Identifier: GPL-3.0-or-later
"""A Samba domain controller of one test script: provisioned in a temporary folder, listening on the loopback interface of
the script's own network namespace, gone with it. Needs root for the ports and Debian's Samba packages.

A script in Python imports it, begins with main() and asks for controller(); another one, already inside namespaces of its own
(net.main() of tests/network makes them), starts

    /usr/bin/python3 tests/samba/dc.py

as a child, reads the one line of JSON that it prints when it listens ("server", "domain", "account", "password", "fingerprint",
"krb5_config", "places", "computers"), and closes its standard input to end it. Either way the domain is found through DNS: inside,
/etc/resolv.conf and /etc/hosts are others. It takes some ten seconds.
"""
import atexit
import datetime
import functools
import hashlib
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "network"))
import net  # noqa: E402

REALM = "PRACTICE.EXAMPLE"
DOMAIN = "PRACTICE"
HOST = "dc1.practice.example"
PASSWORD = "Prac-tice 1"
PORTS = (88, 135, 389, 636)
ADDRESS = "127.0.0.1"

KRB5_CONF = f"""
[libdefaults]
  default_realm = {REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  {REALM} = {{
    kdc = 127.0.0.1
  }}
"""

# Runs under the Python that Samba's modules are made for: one start for all accounts.
ACCOUNTS = """
import json
import sys
from samba.auth import system_session
from samba.credentials import Credentials
from samba.param import LoadParm
from samba.samdb import SamDB
settings = LoadParm(sys.argv[1])
machine = Credentials()
machine.guess(settings)
database = SamDB(session_info=system_session(), credentials=machine, lp=settings)
for name in ("good", "unlucky", "clumsy", "disabled", "locked", "gone", "stale"):
    database.newuser(name, sys.argv[2])
database.disable_account("(samAccountName=disabled)")
def change(name, attribute, value, how="replace"):
    database.modify_ldif(f"dn: CN={name},{database.domain_dn()}\\nchangetype: modify\\n{how}: {attribute}\\n{attribute}: {value}\\n")
database.modify_ldif(f"dn: {database.domain_dn()}\\nchangetype: modify\\nreplace: lockoutThreshold\\nlockoutThreshold: 3\\n")
change("locked,CN=Users", "lockoutTime", sys.argv[3])
change("gone,CN=Users", "accountExpires", "116444736000000000")
change("stale,CN=Users", "pwdLastSet", "0")
# A service of Samba's that does not run here would do that.
change("DC1,OU=Domain Controllers", "servicePrincipalName", f"ldap/{sys.argv[4]}", "add")
plan = json.load(sys.stdin)
base = database.domain_dn()
database.transaction_start()
for place in plan["places"]:
    database.add({"dn": f"{place},{base}", "objectClass": "organizationalUnit"})
for computer in plan["computers"]:
    # Only the domain controller itself may say when somebody logged on, but for this.
    database.add({"dn": f"CN={computer['name']},{computer['place']},{base}", "objectClass": "computer",
                  "sAMAccountName": computer["name"] + "$", **computer["attributes"]}, controls=["relax:0"])
database.transaction_commit()
"""

BASE = "DC=practice,DC=example"
PLACES = ("OU=Berlin", "OU=Workstations,OU=Berlin", "OU=Paris")
SYSTEMS = ("Windows 11 Pro", "Windows 10 Enterprise", "Windows Server 2022 Standard")
N_COMPUTERS = 2000
DAYS_STALE = 400


def computers():
    """Two thousand, half of them in Workstations: a tenth disabled, a quarter stale, some that never logged on or told nothing."""
    for i in range(N_COMPUTERS):
        place = (PLACES[1], PLACES[2], PLACES[1], "CN=Computers")[i % 4]
        yield {"name": f"PC{i:04}", "place": place, "enabled": i % 10 != 0, "never": i % 20 == 3,
               "days": None if i % 20 == 3 else DAYS_STALE if i % 4 == 1 else i % 30,
               "system": "" if i % 50 == 7 else SYSTEMS[i % 3], "host": i % 50 != 7}


def filetime(moment):
    since = moment - datetime.datetime(1601, 1, 1, tzinfo=datetime.timezone.utc)
    return str(int(since.total_seconds()) * 10_000_000)


def plan_of_accounts():
    now = datetime.datetime.now(datetime.timezone.utc)
    planned = []
    for computer in computers():
        attributes = {"userAccountControl": "4096" if computer["enabled"] else "4098"}
        if computer["host"]:
            attributes["dNSHostName"] = computer["name"].lower() + "." + REALM.lower()
        if computer["system"]:
            attributes["operatingSystem"] = computer["system"]
        if computer["days"] is not None:
            attributes["lastLogonTimestamp"] = filetime(now - datetime.timedelta(days=computer["days"]))
        planned.append({"name": computer["name"], "place": computer["place"], "attributes": attributes})
    return json.dumps({"places": PLACES, "computers": planned})


def main(*checks):
    """Like net.main(), where a domain controller can run."""
    if os.geteuid() != 0:
        net.skip_all("a domain controller needs root")
    for tool in ("samba", "samba-tool", "kinit", "openssl", "faketime"):
        if not shutil.which(tool):
            net.skip_all(f"{tool} is not installed")
    net.main(*checks)


@functools.cache
def controller():
    """The one of this script, started when it is first asked for."""
    started = time.monotonic()
    made = DomainController()
    atexit.register(made.stop)
    made.provision()
    made.make_certificate()
    made.make_accounts()
    made.start()
    serve_names(made.folder)
    print(f"# domain controller ready in {time.monotonic() - started:.1f} s", file=sys.stderr)
    (made.folder / "krb5.conf").write_text(KRB5_CONF)
    os.environ["KRB5_CONFIG"] = str(made.folder / "krb5.conf")
    os.environ["KRB5CCNAME"] = f"FILE:{made.folder}/ccache"
    return made


class DomainController:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-dc-"))
        self.settings = self.folder / "etc/smb.conf"
        self.process = None

    def stop(self):
        """It is thrown away: nothing has to be put in order, but its last process may still write while it dies."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for _ in range(100):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                break
            time.sleep(0.02)

    def provision(self):
        run(["samba-tool", "domain", "provision", f"--realm={REALM}", f"--domain={DOMAIN}", "--server-role=dc",
             "--dns-backend=NONE", f"--targetdir={self.folder}", "--host-name=dc1", "--host-ip=127.0.0.1",
             f"--adminpass={PASSWORD}", "--option=interfaces = lo", "--option=bind interfaces only = yes"])
        own = {
            "log file": self.folder / "log",
            "pid directory": self.folder,
            "ncalrpc dir": self.folder / "ncalrpc",
            "ntp signd socket directory": self.folder / "ntp",
            "winbindd socket directory": self.folder / "winbindd",
            "server services": "rpc, ldap, cldap, kdc",
            "tls enabled": "yes",
            "panic action": "",
        }
        kept = [line for line in self.settings.read_text().splitlines()
                if line.partition("=")[0].strip() not in own and line != "[global]"]
        self.settings.write_text("\n".join(["[global]", *(f"\t{name} = {value}" for name, value in own.items()), *kept, ""]))

    def make_certificate(self):
        """As Samba would itself, but signed with its own key and in no time."""
        folder = self.folder / "private/tls"
        folder.mkdir(mode=0o700, exist_ok=True)
        run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "700", "-subj", f"/O=Practice/CN={HOST}",
             "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")])
        shutil.copy(folder / "cert.pem", folder / "ca.pem")

    def make_accounts(self):
        now = filetime(datetime.datetime.now(datetime.timezone.utc))
        # The plan is too long for an argument.
        run(["/usr/bin/python3", "-c", ACCOUNTS, str(self.settings), PASSWORD, now, HOST], plan_of_accounts())

    def start(self):
        self.process = subprocess.Popen(["samba", "-F", "--no-process-group", "-s", str(self.settings)],
                                        start_new_session=True, stdin=subprocess.DEVNULL,
                                        stdout=open(self.folder / "out", "w"), stderr=subprocess.STDOUT)
        for port in PORTS:
            self.wait_for(port)

    def wait_for(self, port):
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the domain controller does not listen on {port}: {(self.folder / 'out').read_text()[-2000:]}")


# --- Names ------------------------------------------------------------------------------------------------------------------

def encode_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def answer(query, services):
    """One question (RFC 1035 4.1): the records of @services, {name: [(type, data), ...]}, or that there is no such name."""
    position, labels = 12, []
    while query[position]:
        labels.append(query[position + 1:position + 1 + query[position]].decode("ascii", "replace").lower())
        position += 1 + query[position]
    question = query[12:position + 5]
    wanted = struct.unpack_from(">H", query, position + 1)[0]
    records = services.get(".".join(labels))
    found = [(kind, data) for kind, data in records or () if kind == wanted]
    header = query[:2] + struct.pack(">HHHHH", 0x8580 if records is not None else 0x8583, 1, len(found), 0, 0)
    return header + question + b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
                                        for kind, data in found)


def service(host, port, priority=0, weight=100):
    return 33, struct.pack(">HHH", priority, weight, port) + encode_name(host)


def address(text):
    return 1, socket.inet_aton(text)


def serve_names(folder, listen=(ADDRESS, 53), system=True):
    """DNS for the domain, as the system's own unless another one is to be spoilt. Returns the table, which may be changed at any
    time."""
    domain = REALM.lower()
    services = {HOST: [address(ADDRESS)], f"_ldap._tcp.dc._msdcs.{domain}": [service(HOST, 389)]}
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(listen)

    def serve():
        while True:
            query, peer = server.recvfrom(4096)
            server.sendto(answer(query, services), peer)

    threading.Thread(target=serve, daemon=True).start()
    if not system:
        return services
    for name, text in (("resolv.conf", f"nameserver {listen[0]}\n"), ("hosts", "127.0.0.1 localhost\n")):
        (folder / name).write_text(text)
        run(["mount", "--bind", str(folder / name), os.path.realpath(f"/etc/{name}")])
    return services


def fingerprint():
    """SHA-256 of the certificate it made for itself, as people write it."""
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((ADDRESS, 636)))).hexdigest().upper()
    return ":".join(digest[i:i + 2] for i in range(0, 64, 2))


def run(command, text=None):
    done = subprocess.run(command, capture_output=True, text=True, input=text)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


def serve_until_input_ends():
    made = controller()
    print(json.dumps({"server": HOST, "domain": REALM.lower(), "account": f"{DOMAIN}\\good", "password": PASSWORD,
                      "fingerprint": fingerprint(), "krb5_config": os.environ["KRB5_CONFIG"], "computers": N_COMPUTERS + 1,
                      "places": [f"{place},{BASE}" for place in PLACES], "folder": str(made.folder)}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve_until_input_ends()
