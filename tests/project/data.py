#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not code: desktop entry, metainfo, settings schema, icons, Flatpak manifest and shell scripts.

usage: data.py BUILT_DESKTOP_ENTRY BUILT_METAINFO
"""
import configparser
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

from tap import ROOT, Skip, run_checks, source_files, tool

APP_ID = "io.github.rollcall.Rollcall"
ICONS = ROOT / "data" / "icons" / "hicolor"
MANIFEST = ROOT / "flatpak" / f"{APP_ID}.yml"
DESKTOP_ENTRY, METAINFO = map(os.path.abspath, sys.argv[1:3])


def project_version():
    return re.search(r"^\s*version: '([^']+)'", (ROOT / "meson.build").read_text(), re.MULTILINE)[1]


def desktop_entry_is_valid():
    yield from tool("desktop-file-validate", DESKTOP_ENTRY)


def desktop_entry_names_what_is_there():
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(DESKTOP_ENTRY, encoding="utf-8")
    icon = entry["Desktop Entry"]["Icon"]
    if not (ICONS / "scalable" / "apps" / f"{icon}.svg").exists():
        yield f"no icon {icon}"
    if entry["Desktop Entry"]["Exec"].split()[0] != "rollcall":
        yield "Exec does not start rollcall"


def metainfo_is_valid_for_appstreamcli():
    # Newer versions also warn that there is no home page, which the project does not have yet.
    for complaint in tool("appstreamcli", "validate", "--no-net", METAINFO):
        serious = re.findall(r"^[EW]: .*(?<!url-homepage-missing)$", complaint, re.MULTILINE)
        if serious or "url-homepage-missing" not in complaint:
            yield complaint


def metainfo_is_valid_for_appstream_util():
    yield from tool("appstream-util", "validate-relax", "--nonet", METAINFO)


def metainfo_agrees_with_the_project():
    root = ElementTree.parse(METAINFO).getroot()
    if root.findtext("id") != APP_ID:
        yield f"id is {root.findtext('id')}"
    if root.findtext("launchable") != f"{APP_ID}.desktop":
        yield f"launchable is {root.findtext('launchable')}"
    newest = root.find("releases/release").get("version")
    if newest != project_version():
        yield f"newest release is {newest}, meson.build says {project_version()}"


def schema_is_valid():
    yield from tool("glib-compile-schemas", "--strict", "--dry-run", "data")


def every_setting_has_a_user():
    schema = ElementTree.parse(ROOT / "data" / f"{APP_ID}.gschema.xml")
    code = "".join(path.read_text() for path in source_files(".c", ".ui") if "tests" not in path.parts)
    for key in schema.iter("key"):
        if f'"{key.get("name")}"' not in code:
            yield f"nobody uses the setting {key.get('name')}"


def xml_is_well_formed():
    yield from tool("xmllint", "--noout", *source_files(".xml", ".svg", ".ui"))


def icons_can_be_drawn():
    try:
        import gi
        gi.require_version("GdkPixbuf", "2.0")
        from gi.repository import GdkPixbuf
    except (ImportError, ValueError):
        raise Skip("the Python bindings of GdkPixbuf are not installed")
    if "svg" not in [loader.get_name() for loader in GdkPixbuf.Pixbuf.get_formats()]:
        raise Skip("librsvg's image loader is not installed")
    for path in source_files(".svg"):
        for size in (16, 128):
            picture = GdkPixbuf.Pixbuf.new_from_file_at_size(str(path), size, size)
            opacity = picture.get_pixels()[3::4]
            if not any(opacity):
                yield f"{path.relative_to(ROOT)} is empty at {size} pixels"


def application_has_both_icons():
    for place in (f"scalable/apps/{APP_ID}.svg", f"symbolic/apps/{APP_ID}-symbolic.svg"):
        if not (ICONS / place).exists():
            yield f"no data/icons/hicolor/{place}"


def flatpak_manifest_is_sound():
    try:
        import yaml
    except ImportError:
        raise Skip("the Python module yaml is not installed")
    manifest = yaml.safe_load(MANIFEST.read_text())
    known = {"id", "runtime", "runtime-version", "sdk", "command", "finish-args", "cleanup", "modules"}
    for key in sorted(known - set(manifest)):
        yield f"{key} is missing"
    for key in sorted(set(manifest) - known):
        yield f"{key} is not known"
    if (manifest["id"], manifest["command"]) != (APP_ID, "rollcall"):
        yield f"id or command is wrong: {manifest['id']}, {manifest['command']}"
    if manifest["runtime"] != "org.gnome.Platform" or manifest["sdk"] != "org.gnome.Sdk":
        yield "runtime or sdk is not GNOME's"
    if not isinstance(manifest["runtime-version"], str):
        yield "runtime-version is no text: 50 without quotes is a number"
    for argument in manifest["finish-args"]:
        if not re.fullmatch(r"--(share|socket|device)=[\w-]+", argument):
            yield f"{argument} is more than the program needs"
    for needed in ("--share=network", "--socket=wayland", "--socket=fallback-x11"):
        if needed not in manifest["finish-args"]:
            yield f"{needed} is missing"
    if manifest["modules"][-1]["name"] != "rollcall":
        yield "rollcall is not the last module"
    options = (ROOT / "meson_options.txt").read_text()
    for option in manifest["modules"][-1]["config-opts"]:
        if f"option('{re.match(r'-D([a-z]+)=', option)[1]}'" not in options:
            yield f"{option} is no option of the project"
    for module in manifest["modules"]:
        yield from complaints_on_sources(module)


def complaints_on_sources(module):
    """What comes from the Internet is pinned by its content."""
    for source in module["sources"]:
        pinned = {"git": ("commit", r"[0-9a-f]{40}"), "archive": ("sha256", r"[0-9a-f]{64}")}.get(source["type"])
        if pinned and not re.fullmatch(pinned[1], str(source.get(pinned[0]))):
            yield f"{module['name']}: a source without {pinned[0]}"
        if "url" in source and not source["url"].startswith("https://"):
            yield f"{module['name']}: {source['url']}"
        if source["type"] == "dir" and not (MANIFEST.parent / source["path"] / "meson.build").exists():
            yield f"{module['name']}: nothing to build in {source['path']}"


def every_fact_of_the_rules_is_set_by_somebody():
    """What no code sets would stay unknown for ever: evidence that never comes."""
    header = (ROOT / "src" / "status" / "roll-fact-set.h").read_text()
    facts = re.findall(r"^  (ROLL_FACT_\w+),$", header.partition("} RollFactId;")[0], re.MULTILINE)
    lines = [line for path in sorted((ROOT / "src" / "diagnosis").glob("roll-*.c"))
             for line in path.read_text().splitlines() if not re.search(r"roll_fact_set_(has|get)|case ROLL_FACT", line)]
    if len(facts) < 40:
        yield f"only {len(facts)} facts found: how are they written now?"
    for fact in facts:
        if not any(re.search(rf"\b{fact}\b", line) for line in lines):
            yield f"{fact}: rules may ask for it, but nothing in src/diagnosis sets it"


def shell_scripts():
    for path in (*ROOT.glob("*.sh"), *(ROOT / ".ci").iterdir(), *source_files(".sh")):
        yield path


def shell_scripts_can_be_parsed():
    for script in shell_scripts():
        yield from tool("bash", "-n", script)


def shellcheck_says_nothing():
    yield from tool("shellcheck", "--external-sources", "--source-path", ROOT, *sorted(set(shell_scripts())))


if __name__ == "__main__":
    run_checks(desktop_entry_is_valid, desktop_entry_names_what_is_there, metainfo_is_valid_for_appstreamcli,
               metainfo_is_valid_for_appstream_util, metainfo_agrees_with_the_project, schema_is_valid,
               every_setting_has_a_user, xml_is_well_formed, icons_can_be_drawn, application_has_both_icons,
               flatpak_manifest_is_sound, every_fact_of_the_rules_is_set_by_somebody, shell_scripts_can_be_parsed, shellcheck_says_nothing)
