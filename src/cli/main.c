/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>

int
main (int argc, char **argv)
{
  g_print ("rollcall-cli %s\n", ROLL_VERSION);
  return 0;
}
