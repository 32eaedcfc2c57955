# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader is told of a program, asked over the accessibility bus; only inside stage.py.

The whole tree comes with one question, anew each time something is looked for, so nothing that was found goes stale.
What GTK 4.8 makes necessary: list rows have no action, so they are clicked where they are; the name of a button has its
label twice, with and without the mark of the mnemonic; a hidden page of a stack says that it is visible.
"""
import re
import sys
import time

try:
    from gi.repository import Gio, GLib
except ImportError as error:
    print(f"1..0 # SKIP {sys.executable} has no bindings of GLib: {error}")
    sys.exit(0)

SPI = "org.a11y.atspi."
ROOT = "/org/a11y/atspi/accessible/root"
WINDOW_COORDINATES = 1
CALL_MS = 20000
PATIENCE = 60
INTERVAL = 0.05
ROLES = {
    7: "check box", 16: "dialog", 20: "filler", 23: "frame", 27: "image", 29: "label", 31: "list", 32: "list item",
    33: "menu", 35: "menu item", 37: "page tab", 39: "panel", 42: "progress bar", 43: "push button", 49: "scroll pane",
    52: "spin button", 55: "table", 56: "table cell", 61: "text", 62: "toggle button", 69: "window",
    75: "application", 79: "entry", 90: "table row", 102: "info bar",
}
STATES = {1: "active", 4: "checked", 10: "expanded", 11: "focusable", 12: "focused", 23: "selected", 24: "sensitive",
          30: "visible"}


def call(bus, name, path, interface, method, arguments=None):
    answer = bus.call_sync(name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, CALL_MS,
                           None).unpack()
    return answer[0] if len(answer) == 1 else answer


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


class Reader:
    """A screen reader's connection to all programs on the desk."""
    reader = None

    @classmethod
    def get(cls):
        cls.reader = cls.reader or cls()
        return cls.reader

    def __init__(self):
        session = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        address = call(session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress")
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        self.bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)

    def find_program(self, pid):
        """The name on the bus of a process, once it can be asked; None before."""
        path, interface = "/org/freedesktop/DBus", "org.freedesktop.DBus"
        for name in call(self.bus, interface, path, interface, "ListNames"):
            if not name.startswith(":"):
                continue
            owner = call(self.bus, interface, path, interface, "GetConnectionUnixProcessID",
                         GLib.Variant("(s)", (name,)))
            if owner == pid:
                return name
        return None


class Program:
    """One program as it is now: nodes by path, and who is in whom."""

    def __init__(self, reader, name):
        self.bus, self.name = reader.bus, name

    def look(self, thorough=False):
        """Returns the application's node. The program tells only of those whose parents were asked for them."""
        if thorough:
            self.meet(ROOT)
        self.read()
        if not thorough and any([node.meet_children() for node in self.nodes.values()]):
            self.read()
        root = self.nodes[ROOT]
        # A window that was closed but kept is still told of.
        root.inner = [self.nodes[path] for _, path in root.call("Accessible", "GetChildren") if path in self.nodes]
        return root

    def read(self):
        items = call(self.bus, self.name, "/org/a11y/atspi/cache", SPI + "Cache", "GetItems")
        self.nodes = {item[0][1]: Node(self, item) for item in items}
        for node in self.nodes.values():
            node.parent = self.nodes.get(node.parent_path)
            if node.parent is not None:
                node.parent.inner.append(node)
        for node in self.nodes.values():
            node.inner.sort(key=lambda node: node.index)

    def meet(self, path, known=()):
        for _, child in call(self.bus, self.name, path, SPI + "Accessible", "GetChildren"):
            if child not in known:
                self.meet(child, known)


class Node:
    """One thing in a window."""

    def __init__(self, program, item):
        (_, self.path), _, (_, self.parent_path), self.index, self.n_children, _, self.name, role, self.description, states = item
        self.program = program
        self.role = ROLES.get(role, f"role {role}")
        self.states = {name for number, name in STATES.items() if states[0] >> number & 1}
        self.parent = None
        self.inner = []

    def __repr__(self):
        return f"{self.role} “{self.name}”"

    def call(self, interface, method, arguments=None):
        return call(self.program.bus, self.program.name, self.path, SPI + interface, method, arguments)

    def meet_children(self):
        """Whether there are certainly some that the program did not tell of yet."""
        strange = len(self.inner) < self.n_children
        if strange:
            self.program.meet(self.path, self.program.nodes)
        return strange

    @property
    def is_sensitive(self):
        return "sensitive" in self.states

    @property
    def text(self):
        try:
            count = call(self.program.bus, self.program.name, self.path, "org.freedesktop.DBus.Properties", "Get",
                         GLib.Variant("(ss)", (SPI + "Text", "CharacterCount")))
            return self.call("Text", "GetText", GLib.Variant("(ii)", (0, count)))
        except GLib.Error:
            return self.name

    @property
    def extents(self):
        """x, y, width and height in the window."""
        try:
            return self.call("Component", "GetExtents", GLib.Variant("(u)", (WINDOW_COORDINATES,)))
        except GLib.Error:
            return 0, 0, 0, 0

    @property
    def window(self):
        node = self
        while node.parent.role != "application":
            node = node.parent
        return node

    def is_inside(self, other):
        node = self
        while node is not None and node.path != other.path:
            node = node.parent
        return node is not None

    def is_seen(self):
        """Whether it is what is hit in its middle: on no hidden page, and scrolled to."""
        x, y, width, height = self.extents
        _, path = self.window.call("Component", "GetAccessibleAtPoint", GLib.Variant(
            "(iiu)", (x + width // 2, y + height // 2, WINDOW_COORDINATES)))
        hit = self.program.nodes.get(path)
        return hit is not None and (hit.is_inside(self) or self.is_inside(hit))

    def walk(self):
        """What is in here as it was looked at last, in reading order."""
        for child in self.inner:
            if "visible" in child.states:
                yield child
                yield from child.walk()

    def all(self, role=None, name=None, thorough=False):
        """What is visible in here now, of a role, whose name has the text or is found by the pattern."""
        self.program.look(thorough)
        here = self.program.nodes.get(self.path)
        for node in here.walk() if here else ():
            if ((role is None or node.role == role) and (name is None or is_named(node.name, name))
                    and min(node.extents[2:]) > 0):
                yield node

    def has(self, role=None, name=None, seen=False):
        """The first of them, or None. What is not found may be there for the first time."""
        for thorough in (False, True):
            for node in self.all(role, name, thorough):
                if not seen or node.is_seen():
                    return node
        return None

    def find(self, role=None, name=None, seen=False):
        return wait_for(lambda: self.has(role, name, seen), f"{role} “{name}” in {self!r}")

    def focused(self):
        """The thing in here that has the keyboard."""
        self.program.look()
        here = self.program.nodes.get(self.path)
        return next((node for node in here.walk() if "focused" in node.states), None) if here else None

    def texts(self):
        """What the labels in here said when it was found."""
        return [node.name for node in self.walk() if node.role == "label" and min(node.extents[2:]) > 0]

    def set_text(self, text):
        """All at once, as a paste does."""
        if not self.call("EditableText", "SetTextContents", GLib.Variant("(s)", (text,))):
            raise AssertionError(f"{self!r} cannot be written in")

    def press(self):
        """What a screen reader does; works for buttons, not for rows."""
        if not self.call("Action", "DoAction", GLib.Variant("(i)", (0,))):
            raise AssertionError(f"{self!r} cannot be pressed")

    def tree(self, depth=0):
        marks = " ".join(sorted(self.states & {"focused", "selected", "checked", "expanded", "active"}))
        text = "  " * depth + f"{self!r} {marks} {self.extents} {self.description}".rstrip() + "\n"
        return text + "".join(child.tree(depth + 1) for child in self.inner if "visible" in child.states)


def is_named(name, wanted):
    return wanted.search(name) if isinstance(wanted, re.Pattern) else wanted in name
