/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/roll-vault-order.h"

#include <string.h>

#define BASE 36
#define LONGEST 65536 /* digits; two moves into the same gap may take one */

static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static int
digit_value (char digit)
{
  return (int) (strchr (digits, digit) - digits);
}

gboolean
roll_vault_order_is_valid (const char *order)
{
  gsize length = strlen (order);

  return length > 0 && length <= LONGEST && strspn (order, digits) == length && order[length - 1] != digits[0];
}

/* Appended at the end, lists grow by one step, not by half of what is left. */
static gboolean
step_up (GString *order, int low)
{
  if (low + 1 >= BASE)
    return FALSE;
  g_string_append_c (order, digits[low + 1]);
  return TRUE;
}

char *
roll_vault_order_between (const char *low, const char *high)
{
  g_autoptr (GString) order = g_string_new (NULL);
  gboolean open = *high == '\0' || strcmp (low, high) >= 0;

  for (;;)
    {
      int a = *low != '\0' ? digit_value (*low++) : 0;
      int b = open ? BASE : digit_value (*high++);

      if (open && step_up (order, a))
        break;
      if (!open && b - a > 1)
        {
          g_string_append_c (order, digits[(a + b) / 2]);
          break;
        }
      g_string_append_c (order, digits[a]);
      open = open || a < b;
    }
  return g_string_free (g_steal_pointer (&order), FALSE);
}
