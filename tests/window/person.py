# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at the desk: sees the window as a screen reader does, types and clicks as a hand does.

Only inside stage.py. What GTK 4.8 makes necessary: names and states are asked anew each time (the cache of libatspi
goes stale without a main loop); list rows have no action, so they are clicked where they are; the name of a button
has its label twice, with and without the mark of the mnemonic; Text.get_text() takes no -1 for the end.
"""
import os
import pathlib
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

try:
    import gi
    gi.require_version("Atspi", "2.0")
    gi.require_version("Gdk", "4.0")
    from gi.repository import Atspi, Gdk, GLib
except (ImportError, ValueError) as error:
    print(f"1..0 # SKIP {sys.executable} has no bindings of AT-SPI: {error}")
    sys.exit(77)

from stage import die_with_parent, end, make_home  # noqa: E402

PATIENCE = 60
INTERVAL = 0.05
PROGRAM, CLI = map(os.path.abspath, sys.argv[1:3])
WARNING = re.compile(r"^.*-(WARNING|CRITICAL|ERROR) \*\*:.*$|^.*(AddressSanitizer|runtime error:).*$", re.MULTILINE)
# Not about us: this machine's libraries, and GTK 4.8 when a screen reader asks after a window that has just closed.
HARMLESS = re.compile(r"session bus|dconf|Vulkan|MESA|libEGL|g_variant_(is|new)_object_path|send notifications")


def wait_for(get, what, patience=PATIENCE):
    """The first true value of get(); an application that is building its widgets may answer with errors meanwhile."""
    deadline = time.monotonic() + patience
    trouble = None
    while True:
        try:
            value = get()
            trouble = None
        except GLib.Error as error:
            value, trouble = None, error
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience} s in vain for {what}" + (f": {trouble}" if trouble else ""))
        time.sleep(INTERVAL)


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


class Node:
    """One thing in the window, as a screen reader is told of it."""

    def __init__(self, accessible):
        self.accessible = accessible

    def __repr__(self):
        return f"{self.role} “{self.name}”"

    @property
    def role(self):
        return self.accessible.get_role_name()

    @property
    def name(self):
        return self.accessible.get_name() or ""

    @property
    def description(self):
        return self.accessible.get_description() or ""

    @property
    def text(self):
        text = self.accessible.get_text_iface()
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)) if text else self.name

    @property
    def value(self):
        return self.accessible.get_value_iface().get_current_value()

    @property
    def states(self):
        return {state.value_nick for state in self.accessible.get_state_set().get_states()}

    @property
    def is_sensitive(self):
        return "sensitive" in self.states

    @property
    def parent(self):
        return Node(self.accessible.get_parent())

    @property
    def window(self):
        node = self
        while node.parent.role != "application":
            node = node.parent
        return node

    @property
    def extents(self):
        component = self.accessible.get_component_iface()
        area = component.get_extents(Atspi.CoordType.WINDOW) if component else None
        return (area.x, area.y, area.width, area.height) if area else (0, 0, 0, 0)

    def children(self):
        for i in range(self.accessible.get_child_count()):
            child = self.accessible.get_child_at_index(i)
            if child is not None:
                yield Node(child)

    def all(self, role=None, name=None):
        """What is visible in here, of a role, whose name has the text or is found by the pattern, in reading order.

        A page of a stack that was never shown says that it is visible, but has no extents.
        """
        for child in self.children():
            if "visible" not in child.states:
                continue
            if ((role is None or child.role == role) and (name is None or is_named(child.name, name))
                    and min(child.extents[2:]) > 0):
                yield child
            yield from child.all(role, name)

    def is_seen(self):
        """Whether it is what is hit in its middle: on no hidden page, and scrolled to."""
        x, y, width, height = self.extents
        hit = self.window.accessible.get_component_iface().get_accessible_at_point(
            x + width // 2, y + height // 2, Atspi.CoordType.WINDOW)
        return hit is not None and (is_inside(hit, self.accessible) or is_inside(self.accessible, hit))

    def has(self, role=None, name=None, seen=False):
        return next((node for node in self.all(role, name) if not seen or node.is_seen()), None)

    def find(self, role=None, name=None, seen=False, patience=PATIENCE):
        return wait_for(lambda: self.has(role, name, seen), f"{role} “{name}” in {self!r}", patience)

    def texts(self):
        """What the labels in here say."""
        return [label.text for label in self.all("label")]

    def set_text(self, text):
        """All at once, as a screen reader or a paste does."""
        if not Atspi.EditableText.set_text_contents(self.accessible.get_editable_text_iface(), text):
            raise AssertionError(f"{self!r} cannot be written in")

    def press(self):
        """What a screen reader does; works for buttons, not for rows."""
        if not self.accessible.get_action_iface().do_action(0):
            raise AssertionError(f"{self!r} cannot be pressed")

    def click(self, *, button=1, times=1):
        """With the mouse, into the middle, in the window that has the focus."""
        x, y, width, height = self.extents
        _, _, window_width, _ = self.window.extents
        place = dict(line.split("=") for line in
                     xdotool("getwindowgeometry", "--shell", xdotool("getwindowfocus")).splitlines())
        border = (int(place["WIDTH"]) - window_width) // 2
        if not 0 <= border <= 64:
            raise AssertionError(f"{self!r} is not in the window that has the focus")
        xdotool("mousemove", "--sync", int(place["X"]) + border + x + width // 2,
                int(place["Y"]) + border + y + height // 2)
        xdotool("click", "--repeat", times, button)

    def tree(self, depth=0):
        marks = " ".join(sorted(self.states & {"focused", "selected", "checked", "expanded", "active"}))
        text = "  " * depth + f"{self!r} {marks} {self.extents} {self.description}".rstrip() + "\n"
        return text + "".join(child.tree(depth + 1) for child in self.children() if "visible" in child.states)


def is_inside(accessible, outer):
    while accessible is not None:
        if accessible == outer:
            return True
        accessible = accessible.get_parent()
    return False


def is_named(name, wanted):
    return wanted.search(name) if isinstance(wanted, re.Pattern) else wanted in name


def focused(node):
    """The thing in a window that has the keyboard."""
    return next((child for child in node.all() if "focused" in child.states), None)


def start_helper(command, **options):
    """Something beside the program, on the same desk; the test ends it."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent, **options)


def clipboard_text():
    """Asked of whoever owns the clipboard, as any other program would."""
    display = Gdk.Display.open(os.environ["DISPLAY"])
    loop, result = GLib.MainLoop(), []

    def on_text(clipboard, answer):
        try:
            result.append(clipboard.read_text_finish(answer))
        except GLib.Error:
            result.append(None)
        loop.quit()

    display.get_clipboard().read_text_async(None, on_text)
    GLib.timeout_add_seconds(PATIENCE, loop.quit)
    loop.run()
    display.close()
    return result[0] if result else None


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
        self.node = wait_for(self.look, "the application on the accessibility bus")

    def look(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the program ended with {self.process.returncode}: {self.said()}")
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application is not None and application.get_process_id() == self.process.pid:
                application.set_cache_mask(Atspi.Cache.NONE)
                return Node(application)
        return None

    def window(self, title, patience=PATIENCE):
        """A window by its title, once it is there and has the keyboard."""
        def look():
            return next((window for window in self.node.children()
                         if is_named(window.name, title) and "visible" in window.states), None)
        return wait_for(look, f"the window “{title}”", patience)

    def windows(self):
        return [window.name for window in self.node.children() if "visible" in window.states]

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def warnings(self):
        return [found[0] for found in WARNING.finditer(self.said()) if not HARMLESS.search(found[0])]

    def wait(self, patience=PATIENCE):
        """Until it has ended by itself."""
        return self.process.wait(patience)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        end(self.process)
        self.log.close()


class Case(unittest.TestCase):
    """A test with a home of its own; a picture of the screen is left behind when it fails."""
    maxDiff = 4000

    def setUp(self):
        Atspi.set_timeout(10000, 30000)
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
            node = wait_for(lambda: focused(self.window), "something with the keyboard")
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
