#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds Rollcall in build-run/ and starts it: the window where there is a display,
# otherwise a scan of the practice network. With arguments: rollcall-cli with these arguments.
set -euo pipefail

working_directory=$PWD
cd "$(dirname "$(readlink -f "$0")")"
. build-aux/common.sh

# Whether somebody listens where the environment says the display is.
has_display ()
{
  python3 - 2>/dev/null <<'PYTHON'
import os, re, socket, sys

def answers(family, address):
    with socket.socket(family) as s:
        s.settimeout(2)
        return s.connect_ex(address) == 0

wayland = os.environ.get("WAYLAND_DISPLAY")
if wayland and answers(socket.AF_UNIX, os.path.join(os.environ.get("XDG_RUNTIME_DIR", "/"), wayland)):
    sys.exit(0)
x11 = re.fullmatch(r"(?:unix|.*/.*)?:(\d+)(?:\.\d+)?", os.environ.get("DISPLAY", ""))
if x11:
    path = "/tmp/.X11-unix/X" + x11[1]
    sys.exit(0 if answers(socket.AF_UNIX, path) or answers(socket.AF_UNIX, "\0" + path) else 1)
remote = re.fullmatch(r"(.+):(\d+)(?:\.\d+)?", os.environ.get("DISPLAY", ""))
sys.exit(0 if remote and answers(socket.AF_INET, (remote[1], 6000 + int(remote[2]))) else 1)
PYTHON
}

need_packages "${packages_to_build[@]}" "${packages_to_run[@]}"

root=$PWD/build-run/root
build build-run --prefix="$root" -Dtests=false || die 'the build failed'
quietly meson install -C build-run --no-rebuild --only-changed || die 'the build could not be installed in build-run/root'

export XDG_DATA_DIRS="$root/share:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"
# Without dconf GLib would forget the window's settings when it closes.
if [ ! -e "$(pkg-config --variable=giomoduledir gio-2.0)/libdconfsettings.so" ]; then
  export GSETTINGS_BACKEND="${GSETTINGS_BACKEND:-keyfile}"
fi
cd "$working_directory"
if [ $# -gt 0 ]; then
  exec "$root/bin/rollcall-cli" "$@"
elif has_display; then
  exec "$root/bin/rollcall"
else
  echo 'No display: scanning the practice network. “./run.sh explain 102” and the like are rollcall-cli.' >&2
  exec "$root/bin/rollcall-cli" scan --practice
fi
