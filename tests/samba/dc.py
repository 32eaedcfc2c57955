# SPDX-License-Identifier: GPL-3.0-or-later
"""A Samba domain controller of one test script: provisioned in a temporary folder, listening on the loopback interface of
the script's own network namespace, gone with it. Needs root for the ports and Debian's Samba packages."""
import atexit
import datetime
import functools
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "network"))
import net  # noqa: E402

REALM = "PRACTICE.EXAMPLE"
DOMAIN = "PRACTICE"
HOST = "dc1.practice.example"
PASSWORD = "Prac-tice 1"
PORTS = (88, 135, 389)

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
import sys
from samba.auth import system_session
from samba.credentials import Credentials
from samba.param import LoadParm
from samba.samdb import SamDB
settings = LoadParm(sys.argv[1])
machine = Credentials()
machine.guess(settings)
database = SamDB(session_info=system_session(), credentials=machine, lp=settings)
for name in ("good", "unlucky", "disabled", "locked", "gone", "stale"):
    database.newuser(name, sys.argv[2])
database.disable_account("(samAccountName=disabled)")
def change(name, attribute, value):
    database.modify_ldif(f"dn: CN={name},CN=Users,{database.domain_dn()}\\nchangetype: modify\\n"
                         f"replace: {attribute}\\n{attribute}: {value}\\n")
database.modify_ldif(f"dn: {database.domain_dn()}\\nchangetype: modify\\nreplace: lockoutThreshold\\nlockoutThreshold: 3\\n")
change("locked", "lockoutTime", sys.argv[3])
change("gone", "accountExpires", "116444736000000000")
change("stale", "pwdLastSet", "0")
"""


def main(*checks):
    """Like net.main(), where a domain controller can run."""
    if os.geteuid() != 0:
        net.skip_all("a domain controller needs root")
    for tool in ("samba", "samba-tool", "kinit"):
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
    made.make_accounts()
    made.start()
    print(f"# domain controller ready in {time.monotonic() - started:.1f} s")
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
            "tls enabled": "no",
            "panic action": "",
        }
        kept = [line for line in self.settings.read_text().splitlines()
                if line.partition("=")[0].strip() not in own and line != "[global]"]
        self.settings.write_text("\n".join(["[global]", *(f"\t{name} = {value}" for name, value in own.items()), *kept, ""]))

    def make_accounts(self):
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime(1601, 1, 1, tzinfo=datetime.timezone.utc)
        filetime = int(now.total_seconds()) * 10_000_000
        run(["/usr/bin/python3", "-c", ACCOUNTS, str(self.settings), PASSWORD, str(filetime)])

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


def run(command, text=None):
    done = subprocess.run(command, capture_output=True, text=True, input=text)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout
