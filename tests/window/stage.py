#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a program on a desk of its own: screen, session bus, accessibility bus, home, settings.

usage: stage.py [--schemas DIRECTORY] COMMAND [ARGUMENT...]

Nothing of the desk it is started from reaches the program, and nothing outlives it, however it ends. Exits with the
program's status; where something needed is not installed, an empty plan of TAP says what.
"""
import argparse
import contextlib
import ctypes
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

START_SECONDS = 60
END_SECONDS = 5
SCREEN = "1600x1000x24"
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
libc = ctypes.CDLL(None, use_errno=True)

# Just the one service that the tests need: no portal, no keyring, nothing that takes time.
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <servicedir>{folder}/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <!-- As many as a session's bus has: a keyring is asked for all of its items at once. -->
  <limit name="max_replies_per_connection">50000</limit>
</busconfig>
"""
GTK_SETTINGS = """[Settings]
gtk-font-name=Cantarell 11
gtk-icon-theme-name=Adwaita
gtk-enable-animations=0
gtk-cursor-blink=0
"""
# What a home folder would hold; each has its place in the folder of make_home().
HOME_VARIABLES = {
    "HOME": "home",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
}
INHERITED = re.compile(r"PATH|LC_ALL|TMPDIR|PYTHONDONTWRITEBYTECODE|G_DEBUG|ROLL_\w+|\w+SAN_OPTIONS")


class Missing(Exception):
    """Something that this machine does not have."""


def die_with_parent():
    """In the child: ends with the one that started it, even when that is killed."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def make_home(folder):
    """An empty home with the fonts and without animations; returns its part of the environment."""
    folder = pathlib.Path(folder)
    for name in HOME_VARIABLES.values():
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = folder / "config" / "gtk-4.0" / "settings.ini"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(GTK_SETTINGS)
    return {variable: str(folder / name) for variable, name in HOME_VARIABLES.items()}


def end(process):
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def end_orphans():
    """What the buses started for themselves has come to us; it ends by itself within moments, or is ended."""
    deadline = time.monotonic() + END_SECONDS
    try:
        while True:
            if os.waitpid(-1, os.WNOHANG) != (0, 0):
                continue
            if time.monotonic() > deadline:
                for child in pathlib.Path("/proc/self/task", str(os.getpid()), "children").read_text().split():
                    os.kill(int(child), signal.SIGKILL)
            time.sleep(0.01)
    except ChildProcessError:
        pass


def first_line(process, fd, what):
    """What a server says once it is ready."""
    text = b""
    deadline = time.monotonic() + START_SECONDS
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([fd], [], [], max(0, deadline - time.monotonic()))
        data = os.read(fd, 4096) if ready else b""
        if not data:
            raise RuntimeError(f"{what} did not start (exit status {process.poll()})")
        text += data
    return text.decode().strip()


class Desk:
    def __init__(self, schemas=None):
        self.ending = contextlib.ExitStack()
        self.schemas = schemas

    def __enter__(self):
        libc.prctl(PR_SET_CHILD_SUBREAPER, 1)
        try:
            self.folder = pathlib.Path(self.ending.enter_context(
                tempfile.TemporaryDirectory(prefix="rollcall-desk-", ignore_cleanup_errors=True)))
            self.ending.callback(end_orphans)
            self.environment = {name: value for name, value in os.environ.items() if INHERITED.fullmatch(name)}
            self.environment |= make_home(self.folder) | {
                "XDG_RUNTIME_DIR": str(self.folder / "run"),
                "XDG_CONFIG_DIRS": str(self.folder / "etc"),
                "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
                "GDK_BACKEND": "x11",
                "GSK_RENDERER": "cairo",
                "GSETTINGS_BACKEND": "keyfile",
                "GTK_USE_PORTAL": "0",
                "ADW_DISABLE_PORTAL": "1",
                "TZ": "UTC",
            }
            if self.schemas:
                self.environment["GSETTINGS_SCHEMA_DIR"] = str(self.schemas)
            (self.folder / "run").mkdir(mode=0o700)
            self.start_screen()
            self.start_bus()
        except BaseException:
            self.ending.close()
            raise
        return self

    def __exit__(self, *_):
        self.ending.close()

    def start_server(self, *words, fd, what):
        if not shutil.which(words[0]):
            raise Missing(f"{words[0]} is not installed")
        log = self.ending.enter_context(open(self.folder / f"{words[0]}.log", "wb"))
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment,
                                   pass_fds=[fd[1]], preexec_fn=die_with_parent)
        self.ending.callback(end, process)
        os.close(fd[1])
        try:
            return first_line(process, fd[0], what)
        except RuntimeError as error:
            log.flush()
            said = (self.folder / f"{words[0]}.log").read_text(errors="replace")
            raise RuntimeError(f"{error}: {said[-2000:]}") from None
        finally:
            os.close(fd[0])

    def start_screen(self):
        fd = os.pipe()
        number = self.start_server("Xvfb", "-displayfd", str(fd[1]), "-screen", "0", SCREEN, "-noreset",
                                   "-nolisten", "tcp", "-fbdir", str(self.folder), fd=fd, what="the X server")
        self.environment["DISPLAY"] = ":" + number
        self.environment["ROLL_TEST_SCREEN"] = str(self.folder / "Xvfb_screen0")

    def start_bus(self):
        services = self.folder / "services"
        services.mkdir()
        accessibility = pathlib.Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
        if not accessibility.exists():
            raise Missing("at-spi2-core is not installed")
        shutil.copy(accessibility, services)
        config = self.folder / "bus.conf"
        config.write_text(BUS_CONFIG.format(folder=self.folder))
        fd = os.pipe()
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.start_server(
            "dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", f"--print-address={fd[1]}",
            fd=fd, what="the session bus")

    def run(self, command):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=self.environment,
                                   preexec_fn=die_with_parent)
        self.ending.callback(end, process)
        status = process.wait()
        return status if status >= 0 else 128 - status


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schemas", help="where the compiled settings schemas are")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    # A request to end goes through the clean-up as well.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    try:
        with Desk(arguments.schemas) as desk:
            return desk.run(arguments.command)
    except Missing as reason:
        print(f"1..0 # SKIP {reason}")
        return 0


if __name__ == "__main__":
    sys.exit(main())
