/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ares.h>
#include <errno.h>
#include <string.h>

#include "status/roll-error-private.h"

static const RollErrorTable *const tables[] = {
  [ROLL_ERROR_SPACE_ERRNO] = &roll_errno_table,       [ROLL_ERROR_SPACE_DNS] = &roll_dns_table,
  [ROLL_ERROR_SPACE_WIN32] = &roll_win32_table,       [ROLL_ERROR_SPACE_HRESULT] = &roll_hresult_table,
  [ROLL_ERROR_SPACE_NTSTATUS] = &roll_ntstatus_table, [ROLL_ERROR_SPACE_NCA] = &roll_nca_table,
  [ROLL_ERROR_SPACE_BIND_NAK] = &roll_bind_nak_table, [ROLL_ERROR_SPACE_KERBEROS] = &roll_kerberos_table,
  [ROLL_ERROR_SPACE_ENGINE] = &roll_engine_table,
};

static gboolean
finds (const char *text, RollErrorSpace space, guint32 number)
{
  g_autoptr (GArray) found = roll_error_lookup (text);

  for (guint i = 0; i < found->len; i++)
    {
      RollErrorNumber *error = &g_array_index (found, RollErrorNumber, i);

      if (error->space == space && error->number == number)
        return TRUE;
    }
  return FALSE;
}

static RollErrorNumber
first_of (const char *text)
{
  g_autoptr (GArray) found = roll_error_lookup (text);

  g_assert_cmpuint (found->len, >, 0);
  return g_array_index (found, RollErrorNumber, 0);
}

static void
test_tables_are_in_order_and_whole (void)
{
  for (guint space = 1; space < G_N_ELEMENTS (tables); space++)
    for (guint i = 0; i < tables[space]->n_entries; i++)
      {
        const RollErrorEntry *entry = &tables[space]->entries[i];

        if (i > 0 && space != ROLL_ERROR_SPACE_ERRNO && space != ROLL_ERROR_SPACE_HRESULT)
          g_assert_cmpuint (entry[-1].number, <, entry->number);
        g_assert_true (g_str_has_suffix (entry->meaning, "."));
        g_assert_cmpuint (strlen (entry->meaning), <, 110);
      }
}

static void
test_every_entry_is_found_by_symbol_and_number (void)
{
  for (guint space = 1; space < G_N_ELEMENTS (tables); space++)
    for (guint i = 0; i < tables[space]->n_entries; i++)
      {
        RollErrorNumber error = { (RollErrorSpace) space, tables[space]->entries[i].number };
        g_autofree char *symbol = g_ascii_strdown (tables[space]->entries[i].symbol, -1);
        g_autofree char *shown = roll_error_format (error);

        g_assert_cmpstr (roll_error_symbol (error), ==, tables[space]->entries[i].symbol);
        g_assert_true (finds (symbol, error.space, error.number));
        if (error.number != 0)
          g_assert_true (finds (shown, error.space, error.number));
      }
}

static void
test_dns_numbers_are_those_of_cares (void)
{
  static const struct
  {
    const char *symbol;
    guint32 number;
  } cases[] = {
    { "ARES_ENODATA", ARES_ENODATA },       { "ARES_ESERVFAIL", ARES_ESERVFAIL },
    { "ARES_ENOTFOUND", ARES_ENOTFOUND },   { "ARES_EREFUSED", ARES_EREFUSED },
    { "ARES_EBADNAME", ARES_EBADNAME },     { "ARES_ECONNREFUSED", ARES_ECONNREFUSED },
    { "ARES_ETIMEOUT", ARES_ETIMEOUT },     { "ARES_EFILE", ARES_EFILE },
    { "ARES_ECANCELLED", ARES_ECANCELLED }, { "ARES_ESERVICE", ARES_ESERVICE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (roll_error_symbol ((RollErrorNumber) { ROLL_ERROR_SPACE_DNS, cases[i].number }), ==,
                     cases[i].symbol);
}

static void
test_lookup_knows_what_people_type (void)
{
  static const char *const denied[] = {
    "5",          "0x5",         "0x80070005",     "80070005",
    "2147942405", "-2147024891", "e_accessdenied", " ERROR_ACCESS_DENIED "
  };
  static const char *const unavailable[] = { "1722", "0x800706BA", "0x800706ba", "-2147023174",
                                             "RPC_S_SERVER_UNAVAILABLE" };

  for (guint i = 0; i < G_N_ELEMENTS (denied); i++)
    {
      g_assert_true (finds (denied[i], ROLL_ERROR_SPACE_HRESULT, 0x80070005));
      g_assert_true (finds (denied[i], ROLL_ERROR_SPACE_WIN32, 5));
    }
  for (guint i = 0; i < G_N_ELEMENTS (unavailable); i++)
    {
      g_assert_true (finds (unavailable[i], ROLL_ERROR_SPACE_HRESULT, 0x800706BA));
      g_assert_true (finds (unavailable[i], ROLL_ERROR_SPACE_WIN32, 1722));
    }
  g_assert_true (finds ("EAI_AGAIN", ROLL_ERROR_SPACE_DNS, ARES_ESERVFAIL));
  g_assert_true (finds ("eai_again", ROLL_ERROR_SPACE_DNS, ARES_ETIMEOUT));
  g_assert_true (finds ("11001", ROLL_ERROR_SPACE_DNS, ARES_ENOTFOUND));
  g_assert_true (finds ("10060", ROLL_ERROR_SPACE_ERRNO, ETIMEDOUT));
  g_assert_true (finds ("WSAETIMEDOUT", ROLL_ERROR_SPACE_ERRNO, ETIMEDOUT));
  g_assert_true (finds ("0x8007274C", ROLL_ERROR_SPACE_ERRNO, ETIMEDOUT));
  g_assert_true (finds ("-111", ROLL_ERROR_SPACE_ERRNO, ECONNREFUSED));
  g_assert_true (finds ("110", ROLL_ERROR_SPACE_ERRNO, ETIMEDOUT));
  g_assert_true (finds ("wbem_e_access_denied", ROLL_ERROR_SPACE_HRESULT, 0x80041003));
  g_assert_true (finds ("C0000234", ROLL_ERROR_SPACE_NTSTATUS, 0xC0000234));
  g_assert_true (finds ("-1765328360", ROLL_ERROR_SPACE_KERBEROS, 24));
  g_assert_true (finds ("24", ROLL_ERROR_SPACE_KERBEROS, 24));
  g_assert_true (finds ("0x1c010014", ROLL_ERROR_SPACE_NCA, 0x1C010014));
}

static void
test_lookup_likeliest_first (void)
{
  g_assert_cmpint (first_of ("5").space, ==, ROLL_ERROR_SPACE_WIN32);
  g_assert_cmpint (first_of ("1722").space, ==, ROLL_ERROR_SPACE_WIN32);
  g_assert_cmpint (first_of ("0x800706BA").space, ==, ROLL_ERROR_SPACE_HRESULT);
  g_assert_cmpint (first_of ("10060").space, ==, ROLL_ERROR_SPACE_ERRNO);
  g_assert_cmpint (first_of ("EAGAIN").space, ==, ROLL_ERROR_SPACE_ERRNO);
}

static void
test_lookup_refuses_the_rest (void)
{
  static const char *const texts[] = { "",           " ",           "0",     "999999",     "0x",
                                       "0xzz",       "1e3",         "1722x", "0x80079999", "-",
                                       "4294967296", "-4294967296", "\xff",  "1722 5" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GArray) found = roll_error_lookup (texts[i]);

      g_assert_cmpuint (found->len, ==, 0);
    }
}

static void
assert_shown (RollErrorSpace space, guint32 number, const char *format, const char *name)
{
  RollErrorNumber error = { space, number };
  g_autofree char *shown = roll_error_format (error);

  g_assert_cmpstr (shown, ==, format);
  g_assert_cmpstr (roll_error_name (error), ==, name);
}

static void
test_columns_of_the_contract (void)
{
  assert_shown (ROLL_ERROR_SPACE_NONE, 0, "", "");
  assert_shown (ROLL_ERROR_SPACE_ERRNO, ECONNREFUSED, "ECONNREFUSED",
                "The connection was refused: nothing accepts it on that port.");
  assert_shown (ROLL_ERROR_SPACE_DNS, ARES_ENOTFOUND, "ARES_ENOTFOUND", "There is no such name.");
  assert_shown (ROLL_ERROR_SPACE_HRESULT, 0x80041003, "0x80041003", "WBEM_E_ACCESS_DENIED");
  assert_shown (ROLL_ERROR_SPACE_HRESULT, 0x80070005, "0x80070005", "E_ACCESSDENIED");
  assert_shown (ROLL_ERROR_SPACE_HRESULT, 0x800706BA, "0x800706ba", "RPC_S_SERVER_UNAVAILABLE");
  assert_shown (ROLL_ERROR_SPACE_NCA, 5, "0x00000005", "ERROR_ACCESS_DENIED");
  assert_shown (ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG, "WATCHDOG",
                "Nothing moved for so long that Rollcall gave up waiting.");
  assert_shown (ROLL_ERROR_SPACE_HRESULT, 0x8765, "0x00008765", "");
  assert_shown (ROLL_ERROR_SPACE_ERRNO, 4711, "errno-4711", "");
  assert_shown ((RollErrorSpace) 4711, 1, "0x00000001", "");
  g_assert_null (roll_error_meaning ((RollErrorNumber) { ROLL_ERROR_SPACE_WIN32, 4711 }));
}

static void
test_space_ids_are_stable (void)
{
  static const char *const ids[] = { "",         "errno", "dns",      "win32",    "hresult",
                                     "ntstatus", "nca",   "bind-nak", "kerberos", "engine" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_assert_cmpstr (roll_error_space_id ((RollErrorSpace) i), ==, ids[i]);
      g_assert_cmpint (roll_error_space_from_id (ids[i]), ==, i);
    }
  g_assert_cmpint (roll_error_space_from_id ("nonsense"), ==, ROLL_ERROR_SPACE_NONE);
  g_assert_cmpstr (roll_error_space_id ((RollErrorSpace) 10), ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/errors/tables-are-in-order-and-whole", test_tables_are_in_order_and_whole);
  g_test_add_func ("/status/errors/found-by-symbol-and-number",
                   test_every_entry_is_found_by_symbol_and_number);
  g_test_add_func ("/status/errors/dns-numbers-are-those-of-cares", test_dns_numbers_are_those_of_cares);
  g_test_add_func ("/status/errors/lookup/what-people-type", test_lookup_knows_what_people_type);
  g_test_add_func ("/status/errors/lookup/likeliest-first", test_lookup_likeliest_first);
  g_test_add_func ("/status/errors/lookup/refuses-the-rest", test_lookup_refuses_the_rest);
  g_test_add_func ("/status/errors/columns", test_columns_of_the_contract);
  g_test_add_func ("/status/errors/space-ids", test_space_ids_are_stable);
  return g_test_run ();
}
