/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "scan/roll-hosts.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RollHosts) hosts = roll_hosts_new ((const char *) data, size);
  RollAddress addresses[ROLL_HOSTS_ADDRESSES_MAX];
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n", 64);

  for (guint i = 0; words[i]; i++)
    {
      guint n = roll_hosts_look_up (hosts, words[i], addresses);
      g_assert_cmpuint (n, <=, ROLL_HOSTS_ADDRESSES_MAX);
      for (guint a = 0; a < n; a++)
        g_assert_true (addresses[a].family == AF_INET || addresses[a].family == AF_INET6);
    }
  return 0;
}
