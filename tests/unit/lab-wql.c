/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-wql.h"

#include <string.h>

/* A row with Name = 'Spooler', State = NULL, Size = 18446744073709551615, Offset = -60, Started = TRUE. */
typedef struct
{
  const RollLabWql *query;
} Row;

static void
get_value (guint condition, gpointer user_data, RollCimValue *ret_value)
{
  const Row *row = user_data;
  const char *name = roll_lab_wql_get_conditions (row->query)->pdata[condition];

  if (g_ascii_strcasecmp (name, "Name") == 0)
    *ret_value = (RollCimValue) { .type = ROLL_CIM_STRING, .text = g_strdup ("Spooler") };
  else if (g_ascii_strcasecmp (name, "Path") == 0)
    *ret_value = (RollCimValue) { .type = ROLL_CIM_STRING, .text = g_strdup ("C:\\Übung's") };
  else if (g_ascii_strcasecmp (name, "Size") == 0)
    *ret_value = (RollCimValue) { .type = ROLL_CIM_UINT64, .uint = G_MAXUINT64 };
  else if (g_ascii_strcasecmp (name, "Offset") == 0)
    *ret_value = (RollCimValue) { .type = ROLL_CIM_SINT16, .sint = -60 };
  else if (g_ascii_strcasecmp (name, "Started") == 0)
    *ret_value = (RollCimValue) { .type = ROLL_CIM_BOOLEAN, .sint = 1 };
  else
    *ret_value = (RollCimValue) { .type = ROLL_CIM_STRING, .null = TRUE };
}

static const struct
{
  const char *where;
  gboolean matches;
} conditions[] = {
  { "Name = 'spooler'", TRUE },
  { "name=\"SPOOLER\"", TRUE },
  { "Name <> 'Spooler'", FALSE },
  { "Name != 'x'", TRUE },
  { "Name > 'a' AND Name < 'z'", TRUE },
  { "Name LIKE 'SP%'", TRUE },
  { "Name LIKE '%oo%'", TRUE },
  { "Name LIKE 'Spoole_'", TRUE },
  { "Name LIKE 'poo'", FALSE },
  { "Path = 'C:\\\\Übung\\'s'", TRUE },
  { "Path LIKE 'c:\\\\ü%'", TRUE },
  { "State IS NULL", TRUE },
  { "State IS NOT NULL", FALSE },
  { "Name IS NOT NULL", TRUE },
  { "State = 'x'", FALSE },
  { "State <> 'x'", FALSE }, /* NULL is neither equal nor unequal to anything */
  { "Offset = -60", TRUE },
  { "Offset < 0", TRUE },
  { "Size > 5", TRUE },
  { "Size > -5", TRUE },
  { "Size <= 5", FALSE },
  { "Started = TRUE", TRUE },
  { "Started = false", FALSE },
  { "Started = 1", TRUE },
  { "NOT Started = TRUE", FALSE },
  { "Name = 'x' OR Offset = -60 AND Started = TRUE", TRUE },
  { "(Name = 'x' OR Offset = -60) AND Started = FALSE", FALSE },
  { "NOT (Name = 'x' OR State IS NOT NULL)", TRUE },
};

static void
test_conditions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autofree char *text = g_strdup_printf ("SELECT * FROM Win32_Service WHERE %s", conditions[i].where);
      g_autoptr (RollLabWql) query = roll_lab_wql_parse (text);
      Row row = { query };

      g_test_message ("%s", conditions[i].where);
      g_assert_nonnull (query);
      g_assert_cmpint (roll_lab_wql_match (query, get_value, &row), ==, conditions[i].matches);
    }
}

static void
test_selection (void)
{
  g_autoptr (RollLabWql) some = roll_lab_wql_parse (" select Name ,State,  __PATH\tfrom\nWin32_Service ");
  g_autoptr (RollLabWql) all = roll_lab_wql_parse ("SELECT * FROM x");

  g_assert_cmpuint (roll_lab_wql_get_selected (some)->len, ==, 3);
  g_assert_cmpstr (roll_lab_wql_get_selected (some)->pdata[1], ==, "State");
  g_assert_cmpstr (roll_lab_wql_get_class (some), ==, "Win32_Service");
  g_assert_cmpuint (roll_lab_wql_get_selected (all)->len, ==, 0);
  g_assert_true (roll_lab_wql_match (all, get_value, NULL));
}

static void
test_what_is_none (void)
{
  static const char *const texts[] = {
    "",
    " ",
    "SELECT",
    "SELECT *",
    "SELECT * FROM",
    "SELECT FROM x",
    "SELECT a, FROM x",
    "SELECT a b FROM x",
    "SELECT * FROM x WHERE",
    "SELECT * FROM x WHERE a",
    "SELECT * FROM x WHERE a =",
    "SELECT * FROM x WHERE = 1",
    "SELECT * FROM x WHERE (a = 1",
    "SELECT * FROM x WHERE a = 1)",
    "SELECT * FROM x WHERE a = 1 AND",
    "SELECT * FROM x WHERE a IS",
    "SELECT * FROM x WHERE a IS NOT",
    "SELECT * FROM x WHERE a = 'b",
    "SELECT * FROM x WHERE a = 'b\\",
    "SELECT * FROM x y",
    "DELETE FROM x",
    "SELECT * FROM 'x'",
    "SELECT 'a' FROM x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("%s", texts[i]);
      g_assert_null (roll_lab_wql_parse (texts[i]));
    }
}

/* No query is deep or long enough to do harm. */
static void
test_excess (void)
{
  g_autoptr (GString) deep = g_string_new ("SELECT * FROM x WHERE ");
  g_autoptr (GString) wide = g_string_new ("SELECT * FROM x WHERE a = 1");

  for (guint i = 0; i < 100000; i++)
    {
      g_string_append (deep, i % 2 == 0 ? "(" : "NOT ");
      g_string_append (wide, " OR a = 1");
    }
  g_assert_null (roll_lab_wql_parse (deep->str));
  g_assert_null (roll_lab_wql_parse (wide->str));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/wql/conditions", test_conditions);
  g_test_add_func ("/lab/wql/selection", test_selection);
  g_test_add_func ("/lab/wql/what-is-none", test_what_is_none);
  g_test_add_func ("/lab/wql/excess", test_excess);
  return g_test_run ();
}
