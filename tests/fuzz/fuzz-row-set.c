/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-row-set.h"

static void
check_same (const RollRowSet *a, const RollRowSet *b)
{
  guint n_a, n_b;

  g_assert_true (g_strv_equal (roll_row_set_get_columns (a, &n_a), roll_row_set_get_columns (b, &n_b)));
  g_assert_cmpuint (roll_row_set_get_n_rows (a), ==, roll_row_set_get_n_rows (b));
  for (guint row = 0; row < roll_row_set_get_n_rows (a) && n_a > 0; row++)
    for (guint column = 0; column < n_a; column++)
      g_assert_true (roll_cim_value_equal (roll_row_set_get (a, row, column), roll_row_set_get (b, row, column)));
}

static void
check (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) written = NULL;
  const char *problem = NULL;
  RollRowSet *rows = roll_row_set_from_bytes (bytes, &problem);
  RollRowSet *again;

  g_assert_true ((rows == NULL) == (problem != NULL));
  if (rows == NULL)
    return;
  written = roll_row_set_to_bytes (rows);
  again = roll_row_set_from_bytes (written, &problem);
  g_assert_cmpstr (problem, ==, NULL);
  check_same (rows, again);
  roll_row_set_free (rows);
  roll_row_set_free (again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *stored = NULL;

  check (data, size);
  /* The same as if it were not deflated: a mutation of deflated bytes seldom says anything. */
  if (size < 2)
    return 0;
  stored = g_memdup2 (data, size);
  memcpy (stored, "\1\0", 2);
  check (stored, size);
  return 0;
}
