#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text that a person reads can be translated: POTFILES.in is complete and xgettext has nothing to say."""
import os
import re
import shutil
import subprocess
import tempfile

from tap import ROOT, Skip, run_checks, source_files

MARKED = re.compile(r'(?<![\w"])(?:_|N_|C_|NC_|ngettext|dgettext|g_dngettext|g_dpgettext2?)\s*\(\s*"')
MARKED_UI = re.compile(r'translatable="(?:yes|true|1)"')
POTFILES = ROOT / "po" / "POTFILES.in"
# The keywords of Meson's preset "glib".
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "g_dcgettext:2", "g_dngettext:2,3", "g_dpgettext2:2c,3"]


def listed():
    lines = (line.strip() for line in POTFILES.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def has_texts(path):
    text = path.read_text()
    if path.suffix == ".ui":
        return bool(MARKED_UI.search(text))
    if path.suffix in (".c", ".h"):
        return bool(MARKED.search(text))
    return path.suffix == ".in" or path.name.endswith(".gschema.xml") or path.name in ("causes.xml", "collectors.xml",
                                                                                                "common-causes.xml")


def texts_of_the_project():
    for path in source_files(".c", ".h", ".ui", ".in", ".xml"):
        place = path.relative_to(ROOT)
        if place.parts[0] in ("src", "ui", "data") and has_texts(path):
            yield str(place)


def potfiles_lists_every_text():
    for place in sorted(set(texts_of_the_project()) - set(listed())):
        yield f"po/POTFILES.in lacks {place}"


def potfiles_lists_nothing_else():
    for place in sorted(set(listed()) - set(texts_of_the_project())):
        yield f"po/POTFILES.in lists {place}, which has no text or is not there"


def potfiles_is_in_order():
    if listed() != sorted(set(listed())):
        yield "po/POTFILES.in is not in alphabetical order, or has a line twice (LC_ALL=C sort -u)"


def xgettext_says_nothing():
    if not shutil.which("xgettext"):
        raise Skip("xgettext is not installed")
    command = ["xgettext", "--from-code=UTF-8", "--add-comments", "--output=messages.pot", f"--directory={ROOT}",
               *(f"--keyword={keyword}" for keyword in KEYWORDS), f"--files-from={POTFILES}"]
    with tempfile.TemporaryDirectory() as directory:
        run = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=120,
                             env={**os.environ, "GETTEXTDATADIRS": str(ROOT / "data")})
        if run.returncode or run.stderr:
            yield f"exit status {run.returncode}\n{run.stderr}"
            return
        check = subprocess.run(["msgfmt", "--check-format", "--output-file=/dev/null", "messages.pot"], cwd=directory,
                               capture_output=True, text=True, timeout=60)
        if check.returncode:
            yield check.stderr


def no_text_is_cut_at_a_macro():
    # xgettext knows PRId64, but takes what stands before G_GINT64_FORMAT for the whole text.
    cut = re.compile(r'(?<![\w"])(?:_|N_|ngettext)\s*\([^;]*?%[-+\'0-9]*"\s*(G_\w+)', re.DOTALL)
    for path in source_files(".c", ".h"):
        for text in cut.finditer(path.read_text()):
            yield f"{path.relative_to(ROOT)}: a text with {text[1]}; use %lld and a cast"


def linguas_and_translations_agree():
    languages = (ROOT / "po" / "LINGUAS").read_text().split()
    translations = [path.stem for path in (ROOT / "po").glob("*.po")]
    if sorted(languages) != sorted(translations):
        yield f"po/LINGUAS has {languages}, there are {translations}"
    if languages != sorted(languages):
        yield "po/LINGUAS is not in alphabetical order"


if __name__ == "__main__":
    run_checks(potfiles_lists_every_text, potfiles_lists_nothing_else, potfiles_is_in_order, xgettext_says_nothing,
               no_text_is_cut_at_a_macro, linguas_and_translations_agree)
