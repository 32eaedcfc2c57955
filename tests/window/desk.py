# SPDX-License-Identifier: GPL-3.0-or-later
"""A desk for one program: a display, a session bus and a home of its own, and a person who clicks and types.

The person finds things the way a screen reader does (AT-SPI), so what has no name or role is not found. List rows and
slices have no action in GTK 4.8: they are clicked where they are.
"""
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PATIENCE = 30  # seconds until something that is waited for is given up


class Desk:
    def __init__(self, width=1280, height=900, settings=None, environment=None):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-desk-"))
        self.processes = []
        self.environment = dict(os.environ)
        for name in ("WAYLAND_DISPLAY", "GSETTINGS_BACKEND", "G_DEBUG"):
            self.environment.pop(name, None)
        for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
            self.environment[f"XDG_{kind}_HOME"] = str(self.folder(kind.lower()))
        self.environment["XDG_RUNTIME_DIR"] = str(self.folder("run"))
        self.environment["HOME"] = str(self.folder("home"))
        self.environment.update(GDK_BACKEND="x11", GSK_RENDERER="cairo", ADW_DISABLE_PORTAL="1", GTK_USE_PORTAL="0",
                                LC_ALL="C.UTF-8", GSETTINGS_BACKEND="keyfile", NO_AT_BRIDGE="0",
                                GTK_A11Y="atspi")
        self.environment.update(environment or {})
        self.write_settings(settings or {})
        self.start_display(width, height)
        self.start_bus()

    def folder(self, name):
        path = self.home / name
        path.mkdir(mode=0o700, exist_ok=True)
        return path

    def write_settings(self, settings):
        gtk = self.folder("config") / "gtk-4.0"
        gtk.mkdir()
        (gtk / "settings.ini").write_text("[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\n")
        keyfile = self.folder("config") / "glib-2.0" / "settings" / "keyfile"
        keyfile.parent.mkdir(parents=True)
        lines = "".join(f"{key}={value}\n" for key, value in settings.items())
        keyfile.write_text("[io/github/rollcall/Rollcall]\n" + lines)

    def start_display(self, width, height):
        """On a number of our own: servers that look for the first free one trip over each other's sockets."""
        for number in random.sample(range(200, 2000), 20):
            server = self.spawn(["Xvfb", f":{number}", "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
                                stderr=subprocess.DEVNULL)
            if self.display_answers(server, number):
                self.environment["DISPLAY"] = f":{number}"
                return
        raise RuntimeError("Xvfb did not start")

    @staticmethod
    def display_answers(server, number):
        end = time.monotonic() + 10
        while server.poll() is None and time.monotonic() < end:
            with socket.socket(socket.AF_UNIX) as client:
                if client.connect_ex(f"/tmp/.X11-unix/X{number}") == 0:
                    return server.poll() is None
            time.sleep(0.02)
        return False

    def start_bus(self):
        bus = self.spawn(["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()

    def spawn(self, command, **options):
        process = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            if process.stdout:
                process.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- The program ---

    def start(self, program, *arguments):
        os.environ.update(self.environment)
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi
        self.atspi = Atspi
        Atspi.init()
        self.log = open(self.home / "program.log", "wb")
        self.program = self.spawn([str(program), *map(str, arguments)], stdout=self.log, stderr=self.log)
        self.application = self.wait(self.find_application, "the program on the accessibility bus")
        return self.program

    def find_application(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.program.pid:
                return child
        return None

    def wait(self, condition, what, patience=PATIENCE):
        end = time.monotonic() + patience
        while True:
            try:
                found = condition()
            except Exception as error:  # the tree changes while it is walked
                if "atspi" not in type(error).__name__.lower() and "GLib.Error" not in repr(type(error)):
                    if "gi.repository" not in type(error).__module__:
                        raise
                found = None
            if found:
                return found
            if self.program.poll() is not None:
                raise AssertionError(f"the program ended while waiting for {what}: {self.read_log()}")
            if time.monotonic() > end:
                raise AssertionError(f"no {what} within {patience} s:\n{self.dump()}\n{self.read_log()}")
            time.sleep(0.05)

    def read_log(self):
        return (self.home / "program.log").read_text(errors="replace")[-4000:]

    # --- Finding ---

    def walk(self, root=None):
        todo = [root or self.application]
        while todo:
            node = todo.pop(0)
            yield node
            for i in range(node.get_child_count()):
                child = node.get_child_at_index(i)
                if child is not None:
                    todo.append(child)

    def box(self, node):
        return node.get_extents(self.atspi.CoordType.WINDOW)

    def window_of(self, node):
        while node is not None and node.get_parent() is not None and node.get_parent() != self.application:
            node = node.get_parent()
        return node

    def shown(self, node):
        """Whether it can be hit. GTK 4.8 sets no state for it, and what was shown once keeps its place."""
        if node.get_role_name() in ("application", "frame", "dialog"):
            return True
        box = self.box(node)
        window = self.window_of(node)
        if box.width <= 0 or box.height <= 0 or window is None:
            return False
        hit = window.get_accessible_at_point(box.x + box.width // 2, box.y + box.height // 2,
                                             self.atspi.CoordType.WINDOW)
        return hit is None or self.related(hit, node)

    def related(self, one, other):
        return self.inside(one, other) or self.inside(other, one)

    def inside(self, node, root):
        while node is not None:
            if node == root:
                return True
            node = node.get_parent()
        return False

    def find_all(self, role=None, name=None, root=None, shown=True):
        def matches(node):
            if role is not None and node.get_role_name() != role:
                return False
            if callable(name):
                if not name(node.get_name() or ""):
                    return False
            elif name is not None and (node.get_name() or "") != name:
                return False
            return not shown or self.shown(node)
        return [node for node in self.walk(root) if matches(node)]

    def find(self, role=None, name=None, root=None, patience=PATIENCE):
        def look():
            found = self.find_all(role, name, root)
            return found[0] if found else None
        return self.wait(look, f"{role} “{name}”", patience)

    def gone(self, role=None, name=None, patience=PATIENCE):
        self.wait(lambda: not self.find_all(role, name), f"end of {role} “{name}”", patience)

    def texts(self, root=None):
        """All that can be read now, in order."""
        found = []
        for node in self.walk(root):
            if not self.shown(node):
                continue
            text = node.get_name() or ""
            if node.get_role_name() in ("label", "text") and not text:
                text = self.read(node)
            if text:
                found.append(text)
        return found

    def wait_text(self, text, root=None, patience=PATIENCE):
        return self.wait(lambda: [t for t in self.texts(root) if text in t], f"text “{text}”", patience)[0]

    def read(self, node):
        interface = node.get_text_iface()
        return self.atspi.Text.get_text(interface, 0, self.atspi.Text.get_character_count(interface)) if interface else ""

    def dump(self):
        lines = []
        try:
            for node in self.walk():
                if self.shown(node):
                    lines.append(f"{node.get_role_name()} “{node.get_name()}” {self.read(node)!r}")
        except Exception as error:
            lines.append(repr(error))
        return "\n".join(lines)

    # --- Doing ---

    def xdotool(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], env=self.environment, check=True)

    def windows(self):
        return [node for node in self.walk() if node.get_parent() == self.application]

    def center(self, node):
        box = self.box(node)
        return box.x + box.width // 2, box.y + box.height // 2

    def click(self, node, button=1, at=None, count=1):
        x, y = at or self.center(node)
        self.xdotool("mousemove", x, y, "click", "--repeat", count, "--delay", 60, button)

    def act(self, node):
        """Presses a button as a screen reader does."""
        action = node.get_action_iface()
        assert action is not None and action.get_n_actions() > 0, f"no action: {node.get_name()}"
        action.do_action(0)

    def press(self, name, role="push button", root=None):
        self.act(self.find(role, name, root))

    def key(self, *keys):
        self.xdotool("key", *keys)

    def type(self, text):
        self.xdotool("type", "--delay", 8, text)

    def set_text(self, node, text):
        self.atspi.EditableText.set_text_contents(node.get_editable_text_iface(), text)

    def picture(self, path):
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
