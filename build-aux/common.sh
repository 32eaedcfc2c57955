# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced by run.sh and test.sh: the packages of Debian or Ubuntu that they need, and building quietly.

# shellcheck disable=SC2034 # used by those who source this
packages_to_build=(
  gcc libc6-dev meson ninja-build pkgconf gettext appstream libxml2-utils
  libglib2.0-dev libgtk-4-dev libadwaita-1-dev libsqlite3-dev libc-ares-dev nettle-dev
  libkrb5-dev zlib1g-dev libsecret-1-dev libldap-dev libgnutls28-dev libjson-glib-dev
)
# The window looks for these at run time; without recommended packages nothing else brings them.
packages_to_run=(
  adwaita-icon-theme fonts-cantarell librsvg2-common ca-certificates
)
packages_to_test=(
  appstream-util desktop-file-utils python3-gi python3-impacket python3-yaml shellcheck
  iproute2 nftables
  at-spi2-core dbus gnome-keyring xdotool xvfb
  samba samba-ad-provision samba-dsdb-modules samba-vfs-modules python3-samba krb5-user
  openssl faketime
)

die ()
{
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Runs a command quietly: what it printed is shown only when it fails.
quietly ()
{
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [ "$status" = 0 ] || tail -n 60 "$log" >&2
  rm -f "$log"
  return "$status"
}

missing_packages ()
{
  comm -13 <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u) \
    <(printf '%s\n' "$@" | sort -u)
}

# Without a package manager that we know, only look whether the build could work at all.
check_tools ()
{
  local tool library absent=()
  for tool in cc meson ninja pkg-config msgfmt appstreamcli xmllint; do
    command -v "$tool" >/dev/null || absent+=("$tool")
  done
  for library in 'glib-2.0 >= 2.74' 'gtk4 >= 4.8' 'libadwaita-1 >= 1.2' 'sqlite3 >= 3.40' 'libcares >= 1.18' \
    'nettle >= 3.8' 'zlib >= 1.2.11' 'krb5-gssapi >= 1.20' 'libsecret-1 >= 0.20' 'ldap >= 2.5' 'gnutls >= 3.7' 'json-glib-1.0 >= 1.6'; do
    pkg-config --exists "$library" 2>/dev/null || absent+=("$library")
  done
  [ ${#absent[@]} = 0 ] ||
    die "this is neither Debian nor Ubuntu; please install, with headers: $(printf '%s, ' "${absent[@]}" | sed 's/, $//')"
}

# The list in apt's hands may be missing or too old to find a package: only then is it fetched.
apt_install ()
{
  # With the last two no server is started that comes with a package.
  local -a as_root=(env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 SYSTEMD_OFFLINE=1)
  local service
  local -a apt=(timeout --kill-after=10 1500 apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)

  if [ "$(id -u)" != 0 ]; then
    # Where there is a terminal, sudo asks for the password now, before its output is put aside.
    if ! command -v sudo >/dev/null || ! sudo "$([ -t 0 ] && echo -v || echo -nv)"; then
      die "packages are missing; as root, please run: apt-get install --no-install-recommends $*"
    fi
    as_root=(sudo -n "${as_root[@]}")
  fi
  echo "Installing $# packages…"
  if ! "${as_root[@]}" "${apt[@]}" install --no-install-recommends "$@" >/dev/null 2>&1 </dev/null; then
    quietly "${as_root[@]}" "${apt[@]}" update || die 'apt-get could not fetch the lists of packages'
    quietly "${as_root[@]}" "${apt[@]}" install --no-install-recommends "$@" || die "apt-get could not install: $*"
  fi
  # Nor at the next start: the tests run their own domain controller, in a network namespace.
  if [[ " $* " == *' samba '* ]]; then
    for service in smbd nmbd samba-ad-dc; do
      quietly "${as_root[@]}" update-rc.d "$service" disable || true
    done
  fi
}

need_packages ()
{
  local -a missing

  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    check_tools
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

# build DIRECTORY OPTION...: a build directory that was moved, set up otherwise or left half made is made anew.
build ()
{
  local directory=$1
  shift

  if [ ! -f "$directory/build.ninja" ] || [ "$(cat "$directory/.made-in" 2>/dev/null)" != "$PWD $*" ]; then
    rm -rf "$directory"
    quietly meson setup "$directory" "$@" || return
    echo "$PWD $*" >"$directory/.made-in"
  fi
  if [[ $(ninja -C "$directory" -n) != *'no work to do'* ]]; then
    echo "Building in $directory…"
    quietly timeout --kill-after=10 1800 ninja -C "$directory"
  fi
}
