#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests need, builds with warnings as errors and runs all tests, headless; then the unit tests
# once more under the address and undefined behaviour sanitizers, and a whole scan under these and under the one
# for threads. Ends with the line "N passed, N failed".
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")"
. build-aux/common.sh

# The tests bring what they need themselves; nothing of the desk they are started from may matter.
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS XDG_DATA_DIRS GSETTINGS_SCHEMA_DIR
export LC_ALL=C.UTF-8

# run_tests DIRECTORY OPTION...: the summary reads what came out from Meson's logs.
run_tests ()
{
  local directory=$1 status=0
  shift

  rm -f "$directory/meson-logs/testlog.json"
  timeout --kill-after=30 2400 meson test -C "$directory" --quiet "$@" \
    >"$directory/meson-logs/run.txt" 2>&1 </dev/null || status=$?
  echo "$status" >"$directory/meson-logs/exit-status.txt"
}

need_packages "${packages_to_build[@]}" "${packages_to_run[@]}" "${packages_to_test[@]}"

if ! build build-test --werror ||
    ! build build-test-asan --werror -Dwindow=disabled -Db_sanitize=address,undefined -Db_lundef=false ||
    ! build build-test-tsan --werror -Dwindow=disabled -Db_sanitize=thread -Db_lundef=false; then
  echo 'The build failed.'
  echo '0 passed, 1 failed'
  exit 1
fi

echo 'Testing…'
run_tests build-test
run_tests build-test-asan --suite unit --suite vault --suite sanitizers
run_tests build-test-tsan
exec python3 build-aux/test-summary.py build-test build-test-asan=sanitizers build-test-tsan=threads
