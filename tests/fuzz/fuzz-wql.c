/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "lab/roll-lab-wql.h"

static void
get_value (guint condition, gpointer user_data, RollCimValue *ret_value)
{
  const RollLabWql *query = user_data;

  g_assert_cmpuint (condition, <, roll_lab_wql_get_conditions (query)->len);
  if (condition % 3 == 0)
    *ret_value = (RollCimValue) { .type = ROLL_CIM_STRING, .text = g_strdup ("Spooler") };
  else if (condition % 3 == 1)
    *ret_value = (RollCimValue) { .type = ROLL_CIM_SINT32, .sint = -1 };
  else
    *ret_value = (RollCimValue) { .type = ROLL_CIM_UINT64, .null = TRUE };
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) data, (gssize) size);
  g_autoptr (RollLabWql) query = roll_lab_wql_parse (text);

  if (query != NULL)
    {
      g_assert_true (*roll_lab_wql_get_class (query) != '\0');
      roll_lab_wql_match (query, get_value, query);
    }
  return 0;
}
