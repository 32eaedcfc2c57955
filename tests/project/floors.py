#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of the house: who may include whom, and how long a file and a function may be."""
import re

from tap import ROOT, run_checks, source_files

# A room may use itself and these; CONTRIBUTING.md has the same table in words.
FLOOR_1 = {"codec", "status", "inventory", "kerberos"}
FLOOR_2 = {"rpc", "wmi"}
FLOOR_3 = {"store", "vault", "directory", "report"}
MAY_USE = {
    "codec": set(),
    "status": set(),
    "inventory": {"codec", "status"},
    "kerberos": {"inventory"},
    "rpc": FLOOR_1,
    "wmi": FLOOR_1 | {"rpc"},
    "store": FLOOR_1,
    "vault": FLOOR_1,
    "directory": FLOOR_1,
    "report": FLOOR_1,
    "diagnosis": FLOOR_1 | {"store", "report"},
    "scan": FLOOR_1 | FLOOR_2 | FLOOR_3 | {"diagnosis"},
    "lab": {"codec", "rpc", "inventory", "status"},
    "cli": FLOOR_1 | FLOOR_2 | FLOOR_3 | {"diagnosis", "scan", "lab"},
    "app": FLOOR_1 | FLOOR_2 | FLOOR_3 | {"diagnosis", "scan", "lab"},
}
TOOLKIT = re.compile(r"(gtk|gdk|gsk|adwaita|graphene|pango)\b")
# The codec works on bytes alone: no sockets, no files, no GObject, no clock, no randomness.
IMPURE_HEADER = re.compile(r"(gio/|glib-object|glib-unix|sys/|netinet/|arpa/|net/|netdb|unistd|fcntl|poll|stdio|time\.h)")
IMPURE_CALL = re.compile(r"\b(g_get_(monotonic|real)_time|g_date_time_new_now\w*|g_random_\w+|g_rand_\w+|getrandom|"
                         r"g_file_\w+|g_idle_add|g_timeout_add)\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
LONGEST_FILE = 1200
LONGEST_FUNCTION = 200
SOURCES = (".c", ".h")
ALL_SOURCES = SOURCES + (".py", ".sh", ".ui", ".css", ".xml", ".yml", ".svg")


def rooms():
    for path in source_files(*SOURCES):
        parts = path.relative_to(ROOT).parts
        if parts[0] == "src":
            yield path, parts[1], path.read_text()


def place(path):
    return str(path.relative_to(ROOT))


def includes_stay_on_lower_floors():
    for path, room, text in rooms():
        if room not in MAY_USE:
            yield f"{place(path)}: {room} is no room of the house; see the table in {__file__}"
            continue
        for kind, header in INCLUDE.findall(text):
            other = header.split("/")[0]
            if kind == '"' and "/" in header and other != room and other not in MAY_USE[room]:
                yield f"{place(path)}: {room} may not include {header}"


def includes_are_written_from_src():
    generated = re.compile(r"-resources?\.h$")
    for path, _, text in rooms():
        for kind, header in INCLUDE.findall(text):
            if kind == '"' and not (ROOT / "src" / header).exists() and not generated.search(header):
                yield f"{place(path)}: there is no src/{header}"


def toolkit_only_in_the_window():
    for path, room, text in rooms():
        for kind, header in INCLUDE.findall(text):
            if room != "app" and kind == "<" and TOOLKIT.match(header):
                yield f"{place(path)}: {header} belongs to src/app alone"


def codec_does_no_input_or_output():
    for path, room, text in rooms():
        if room != "codec":
            continue
        for _, header in INCLUDE.findall(text):
            if IMPURE_HEADER.match(header):
                yield f"{place(path)}: includes {header}"
        for call in IMPURE_CALL.finditer(text):
            yield f"{place(path)}: calls {call[1]}"


def no_file_is_too_long():
    for path in source_files(*ALL_SOURCES):
        lines = path.read_text().count("\n")
        if lines > LONGEST_FILE and path.parts[-2:] != ("data", "causes.xml"):
            yield f"{place(path)}: {lines} lines"


def no_function_is_too_long():
    for path in source_files(".c"):
        start = None
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if line == "{":
                start = number
            elif line == "}" and start:
                if number - start - 1 > LONGEST_FUNCTION:
                    yield f"{place(path)}:{start}: a function of {number - start - 1} lines"
                start = None


def every_source_names_its_licence():
    for path in source_files(*ALL_SOURCES):
        first_lines = path.read_text().splitlines()[:5]
        if not any("SPDX-License-Identifier: GPL-3.0-or-later" in line for line in first_lines):
            yield f"{place(path)}: no SPDX-License-Identifier in its first lines"


def nothing_is_left_for_later():
    for path in source_files(*ALL_SOURCES):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if UNFINISHED.search(line) and path.name != "floors.py":
                yield f"{place(path)}:{number}: {line.strip()}"


if __name__ == "__main__":
    run_checks(includes_stay_on_lower_floors, includes_are_written_from_src, toolkit_only_in_the_window,
               codec_does_no_input_or_output, no_file_is_too_long, no_function_is_too_long,
               every_source_names_its_licence, nothing_is_left_for_later)
