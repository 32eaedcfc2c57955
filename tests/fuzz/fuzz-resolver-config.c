/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "scan/roll-resolver-config.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (RollResolverConfig) config = roll_resolver_config_new_from_text (text);
  g_autofree char *name = g_strndup (text, strcspn (text, " \n"));
  char *candidate;
  guint n = 0;

  g_assert_cmpuint (config->servers->len, >=, 1);
  g_assert_cmpuint (config->servers->len, <=, ROLL_NAME_SERVERS_MAX);
  g_assert_cmpuint (config->search->len, <=, ROLL_SEARCH_DOMAINS_MAX);
  for (guint i = 0; i < config->search->len; i++)
    g_assert_true (roll_name_is_valid (g_ptr_array_index (config->search, i)));
  while ((candidate = roll_resolver_config_get_candidate (config, name, n)))
    {
      roll_name_is_valid (candidate);
      g_free (candidate);
      n++;
    }
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, config->search->len + 1);
  return 0;
}
