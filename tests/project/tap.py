# SPDX-License-Identifier: GPL-3.0-or-later
"""Test Anything Protocol in few lines: each check yields complaints; a check without complaints has passed."""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Skip(Exception):
    """Raised by a check that cannot be done here; the text says why."""


def tool(name, *arguments):
    """Runs a checking tool on the project; what it says is the complaint."""
    if not shutil.which(name):
        raise Skip(f"{name} is not installed")
    run = subprocess.run([name, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=60)
    if run.returncode:
        yield f"{name}: exit status {run.returncode}\n{run.stdout}{run.stderr}"


def source_files(*suffixes):
    """The project's own files, without what was built."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        built = parts[0] == "build" or parts[0].startswith("build-") and parts[0] != "build-aux"
        if path.is_file() and not built and parts[0] != ".git" and path.suffix in suffixes:
            yield path


def run_checks(*checks):
    """Each check is a generator function; its name and doc comment are the test's name."""
    failed = False
    print(f"1..{len(checks)}")
    for number, check in enumerate(checks, start=1):
        name = check.__name__.replace("_", "-")
        try:
            complaints = list(check())
        except Skip as reason:
            print(f"ok {number} {name} # SKIP {reason}")
            continue
        for complaint in complaints:
            for line in complaint.splitlines():
                print(f"# {line}")
        print(f"{'not ' if complaints else ''}ok {number} {name}", flush=True)
        failed = failed or bool(complaints)
    sys.exit(1 if failed else 0)
