/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-detail.h"

#include <string.h>

char *
roll_detail_get (const char *detail, const char *key)
{
  gsize key_length = strlen (key);

  while (detail != NULL && *detail != '\0')
    {
      gsize length = strcspn (detail, " ");

      if (length > key_length && detail[key_length] == '=' && strncmp (detail, key, key_length) == 0)
        return g_strndup (detail + key_length + 1, length - key_length - 1);
      detail += length;
      detail += strspn (detail, " ");
    }
  return NULL;
}
