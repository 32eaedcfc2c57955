# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at the desk: sees the window as a screen reader does, types and clicks as a hand does.

Only inside stage.py.
"""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

from reader import PATIENCE, GLib, Program, Reader, is_named, wait_for
from stage import die_with_parent, end, make_home

if not shutil.which("xdotool"):
    print("1..0 # SKIP xdotool is not installed")
    sys.exit(0)

PROGRAM, CLI = map(os.path.abspath, sys.argv[1:3])
WARNING = re.compile(r"^.*-(WARNING|CRITICAL|ERROR) \*\*:.*$|^.*(AddressSanitizer|runtime error:).*$", re.MULTILINE)
# Not about us: this machine's libraries, GTK 4.8 when a screen reader asks after a window that has just closed, and
# GLib 2.74 when a bus answers while a busy machine is still connecting to it.
HARMLESS = re.compile(r"session bus|dconf|Vulkan|MESA|libEGL|g_variant_(is|new)_object_path|send notifications|"
                      r"check_unclosed")


def xdotool(*words):
    done = subprocess.run(["xdotool", *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE, check=True)
    return done.stdout.strip()


def key(*keys):
    """Presses keys in the window that has the focus: key("ctrl+b", "Tab")."""
    xdotool("key", "--delay", 20, *keys)


def write(text):
    xdotool("type", "--delay", 10, text)


def focus(title):
    """What a window manager does when another window has closed or is clicked."""
    xdotool("windowfocus", "--sync", wait_for(lambda: find_windows(title), f"the window “{title}” on the screen")[0])


def find_windows(title):
    done = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENCE)
    return done.stdout.split()


def place_of(node):
    """Its middle on the screen, in the window that has the focus."""
    x, y, width, height = node.extents
    _, _, window_width, _ = node.window.extents
    place = dict(line.split("=") for line in
                 xdotool("getwindowgeometry", "--shell", xdotool("getwindowfocus")).splitlines())
    border = (int(place["WIDTH"]) - window_width) // 2
    if not 0 <= border <= 64:
        raise AssertionError(f"{node!r} is not in the window that has the focus")
    return int(place["X"]) + border + x + width // 2, int(place["Y"]) + border + y + height // 2


def click(node, *, button=1, times=1):
    """With the mouse."""
    xdotool("mousemove", *place_of(node), "click", "--repeat", times, button)


def drag(node, other):
    """With the mouse, in some steps as a hand does."""
    (x, y), (to_x, to_y) = place_of(node), place_of(other)
    xdotool("mousemove", x, y, "mousedown", 1)
    for step in range(1, 11):
        xdotool("mousemove", "--sync", x + (to_x - x) * step // 10, y + (to_y - y) * step // 10)
    xdotool("mouseup", 1)


def start_helper(command, **options):
    """Something beside the program, on the same desk; the test ends it."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent, **options)


def picture_of_screen(path):
    """A PNG of the screen, read from Xvfb's own memory (an XWD file)."""
    data = pathlib.Path(os.environ["ROLL_TEST_SCREEN"]).read_bytes()
    head = struct.unpack(">25I", data[:100])
    header_size, width, height, row_size, colours = head[0], head[4], head[5], head[12], head[19]
    start = header_size + 12 * colours
    rows = bytearray()
    for y in range(height):
        row = data[start + y * row_size:start + y * row_size + 4 * width]
        pixels = bytearray(3 * width)
        pixels[0::3], pixels[1::3], pixels[2::3] = row[2::4], row[1::4], row[0::4]
        rows += b"\0" + pixels

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))

    pathlib.Path(path).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(rows), 1)) + chunk(b"IEND", b""))


class Application:
    """The real program, with a home of its own."""

    def __init__(self, home, *arguments):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([PROGRAM, *map(str, arguments)], env=os.environ | make_home(home),
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        preexec_fn=die_with_parent)
        name = wait_for(self.find_on_bus, "the program on the accessibility bus")
        self.program = Program(Reader.get(), name)
        wait_for(lambda: self.node.inner, "its windows")

    def find_on_bus(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode}: {self.said()}")
        return Reader.get().find_program(self.process.pid)

    @property
    def node(self):
        """As it is now."""
        return self.program.look()

    def window(self, title, patience=PATIENCE):
        """A window by its title, once it is there and has the keyboard."""
        def look():
            return next((window for window in self.node.inner
                         if is_named(window.name, title) and "visible" in window.states), None)
        return wait_for(look, f"the window “{title}”", patience)

    def windows(self):
        return [window.name for window in self.node.inner if "visible" in window.states]

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def warnings(self):
        return [found[0] for found in WARNING.finditer(self.said()) if not HARMLESS.search(found[0])]

    def wait(self, patience=PATIENCE):
        """Until it has ended by itself."""
        return self.process.wait(patience)

    def close(self):
        end(self.process)
        self.log.close()


class Case(unittest.TestCase):
    """A test with a home of its own; a picture of the screen is left behind when it fails."""
    maxDiff = 4000

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rollcall-home-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.home = pathlib.Path(folder.name)
        self.applications = []

    def start(self, *arguments):
        application = Application(self.home, *arguments)
        self.applications.append(application)
        self.addCleanup(self.finish, application)
        return application

    def finish(self, application):
        warnings = application.warnings()
        application.close()
        self.assertEqual(warnings, [], "the program warned")

    def _callTestMethod(self, method):
        try:
            super()._callTestMethod(method)
        except unittest.SkipTest:
            raise
        except BaseException:
            self.leave_picture()
            raise

    def leave_picture(self):
        """For whoever looks into the failure; must not hide it by failing itself."""
        path = pathlib.Path(os.environ.get("ROLL_TEST_PICTURES", "."), f"window-{self.id().split('.', 1)[-1]}")
        try:
            picture_of_screen(f"{path}.png")
            trees = [application.node.tree() for application in self.applications
                     if application.process.poll() is None]
            path.with_name(path.name + ".txt").write_text("\n".join(trees))
            print(f"# the screen: {path}.png, what a screen reader sees: {path}.txt", flush=True)
        except (OSError, GLib.Error, struct.error) as error:
            print(f"# no picture: {error}", flush=True)
        for application in self.applications:
            for line in application.said().splitlines()[-20:]:
                print(f"# {line}", flush=True)

    def resize(self, width, height):
        """The window that has the focus."""
        xdotool("windowsize", "--sync", xdotool("getwindowfocus"), width, height)

    def tab_to(self, is_it, backwards=False):
        """From one to the next with Tab until it is the right one; returns how many there were on the way."""
        on_the_way = []
        while True:
            key("shift+Tab" if backwards else "Tab")
            node = wait_for(lambda: self.window.focused(), "something with the keyboard")
            if is_it(node):
                return on_the_way
            on_the_way.append(repr(node))
            self.assertLess(len(on_the_way), 40, "Tab does not lead there")

    def cli(self, *words, status=0):
        """rollcall-cli in the same home: what it says of the same database."""
        done = subprocess.run([CLI, *words], env=os.environ | make_home(self.home), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout
