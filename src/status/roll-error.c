/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "status/roll-error-private.h"

#define HRESULT_FACILITY_WIN32 0x80070000u
#define HRESULT_FACILITY_NT_BIT 0x10000000u
#define NTSTATUS_ERROR 0xC0000000u
/* What MIT Kerberos adds to the numbers of RFC 4120: its com_err base. */
#define MIT_KRB5_BASE ((gint64) -1765328384)

static const struct
{
  const char *id;
  const RollErrorTable *table;
} spaces[] = {
  [ROLL_ERROR_SPACE_NONE] = { "", NULL },
  [ROLL_ERROR_SPACE_ERRNO] = { "errno", &roll_errno_table },
  [ROLL_ERROR_SPACE_DNS] = { "dns", &roll_dns_table },
  [ROLL_ERROR_SPACE_WIN32] = { "win32", &roll_win32_table },
  [ROLL_ERROR_SPACE_HRESULT] = { "hresult", &roll_hresult_table },
  [ROLL_ERROR_SPACE_NTSTATUS] = { "ntstatus", &roll_ntstatus_table },
  [ROLL_ERROR_SPACE_NCA] = { "nca", &roll_nca_table },
  [ROLL_ERROR_SPACE_BIND_NAK] = { "bind-nak", &roll_bind_nak_table },
  [ROLL_ERROR_SPACE_KERBEROS] = { "kerberos", &roll_kerberos_table },
  [ROLL_ERROR_SPACE_ENGINE] = { "engine", &roll_engine_table },
};

const char *
roll_error_space_id (RollErrorSpace space)
{
  return (guint) space < G_N_ELEMENTS (spaces) ? spaces[space].id : "";
}

RollErrorSpace
roll_error_space_from_id (const char *id)
{
  g_return_val_if_fail (id != NULL, ROLL_ERROR_SPACE_NONE);

  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    if (strcmp (spaces[i].id, id) == 0)
      return (RollErrorSpace) i;
  return ROLL_ERROR_SPACE_NONE;
}

static RollErrorNumber
from_wsa (RollErrorNumber error)
{
  for (guint i = 0; i < roll_n_error_aliases; i++)
    if (roll_error_aliases[i].wsa_number == error.number)
      return roll_error_aliases[i].error;
  return error;
}

RollErrorNumber
roll_error_canonical (RollErrorNumber error)
{
  if (error.space == ROLL_ERROR_SPACE_WIN32 && error.number > 0xffff)
    error.space = ROLL_ERROR_SPACE_HRESULT;
  if (error.space == ROLL_ERROR_SPACE_NCA && error.number != 0 && error.number <= 0xffff)
    error.space = ROLL_ERROR_SPACE_WIN32;
  if (error.space == ROLL_ERROR_SPACE_HRESULT && (error.number & 0xffff0000u) == HRESULT_FACILITY_WIN32)
    error = (RollErrorNumber) { ROLL_ERROR_SPACE_WIN32, error.number & 0xffff };
  if (error.space == ROLL_ERROR_SPACE_HRESULT &&
      (error.number & 0xf0000000u) == (NTSTATUS_ERROR | HRESULT_FACILITY_NT_BIT))
    error = (RollErrorNumber) { ROLL_ERROR_SPACE_NTSTATUS, error.number & ~HRESULT_FACILITY_NT_BIT };
  if (error.space == ROLL_ERROR_SPACE_WIN32 && error.number != 0)
    error = from_wsa (error);
  return error;
}

static const RollErrorEntry *
find_in_space (RollErrorNumber error)
{
  const RollErrorTable *table =
      (guint) error.space < G_N_ELEMENTS (spaces) ? spaces[error.space].table : NULL;

  if (table == NULL)
    return NULL;
  for (guint i = 0; i < table->n_entries; i++)
    if (table->entries[i].number == error.number)
      return &table->entries[i];
  return NULL;
}

static const RollErrorEntry *
find_entry (RollErrorNumber error)
{
  const RollErrorEntry *entry = find_in_space (error);

  return entry != NULL ? entry : find_in_space (roll_error_canonical (error));
}

const char *
roll_error_symbol (RollErrorNumber error)
{
  const RollErrorEntry *entry = find_entry (error);

  return entry != NULL ? entry->symbol : NULL;
}

/* Spaces whose numbers mean nothing to a person: the symbol is what is shown. */
static gboolean
shows_symbol (RollErrorSpace space)
{
  return space == ROLL_ERROR_SPACE_ERRNO || space == ROLL_ERROR_SPACE_DNS || space == ROLL_ERROR_SPACE_ENGINE;
}

char *
roll_error_format (RollErrorNumber error)
{
  const char *symbol = roll_error_symbol (error);

  if (error.space == ROLL_ERROR_SPACE_NONE)
    return g_strdup ("");
  if (!shows_symbol (error.space))
    return g_strdup_printf ("0x%08x", error.number);
  if (symbol != NULL)
    return g_strdup (symbol);
  return g_strdup_printf ("%s-%u", roll_error_space_id (error.space), error.number);
}

const char *
roll_error_name (RollErrorNumber error)
{
  const RollErrorEntry *entry = find_entry (error);

  if (entry == NULL)
    return "";
  return shows_symbol (error.space) ? entry->meaning : entry->symbol;
}

const char *
roll_error_meaning (RollErrorNumber error)
{
  const RollErrorEntry *entry = find_entry (error);

  return entry != NULL ? _(entry->meaning) : NULL;
}

static gboolean
contains (GArray *found, RollErrorNumber error)
{
  for (guint i = 0; i < found->len; i++)
    {
      RollErrorNumber *other = &g_array_index (found, RollErrorNumber, i);

      if (other->space == error.space && other->number == error.number)
        return TRUE;
    }
  return FALSE;
}

static void
add_known (GArray *found, RollErrorNumber error)
{
  if (find_entry (error) != NULL && !contains (found, error))
    g_array_append_val (found, error);
}

/* 1722 and 0x800706BA are one error to a person. */
static void
add_with_twin (GArray *found, RollErrorNumber error)
{
  add_known (found, error);
  if (error.space == ROLL_ERROR_SPACE_WIN32)
    add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, HRESULT_FACILITY_WIN32 | error.number });
  if (error.space == ROLL_ERROR_SPACE_HRESULT)
    add_known (found, roll_error_canonical (error));
}

static void
add_aliases (GArray *found, const char *symbol, guint32 wsa_number)
{
  for (guint i = 0; i < roll_n_error_aliases; i++)
    {
      const RollErrorAlias *alias = &roll_error_aliases[i];

      if (symbol != NULL ? g_ascii_strcasecmp (alias->symbol, symbol) == 0
                         : alias->wsa_number != 0 && alias->wsa_number == wsa_number)
        add_known (found, alias->error);
    }
}

/* People type numbers of Windows, of errno, of a KDC; never the raw ones of c-ares or of this program. */
static void
add_number (GArray *found, guint32 number)
{
  if (number == 0)
    return;
  if (number <= 0xffff)
    {
      add_aliases (found, NULL, number);
      if (found->len == 0)
        add_with_twin (found, (RollErrorNumber) { ROLL_ERROR_SPACE_WIN32, number });
      add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, number });
      add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_KERBEROS, number });
      add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_BIND_NAK, number });
    }
  add_with_twin (found, (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, number });
  add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_NTSTATUS, number });
  if (number > 0xffff)
    add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_NCA, number });
}

static void
add_symbol (GArray *found, const char *symbol)
{
  for (guint space = 1; space < G_N_ELEMENTS (spaces); space++)
    for (guint i = 0; i < spaces[space].table->n_entries; i++)
      {
        const RollErrorEntry *entry = &spaces[space].table->entries[i];

        if (g_ascii_strcasecmp (entry->symbol, symbol) == 0)
          add_with_twin (found, (RollErrorNumber) { (RollErrorSpace) space, entry->number });
      }
  add_aliases (found, symbol, 0);
}

static gboolean
parse_hex (const char *text, guint32 *ret_number)
{
  gboolean prefixed = g_ascii_strncasecmp (text, "0x", 2) == 0;
  guint64 number;

  /* Without its 0x only the full eight digits are taken for one. */
  if (!prefixed && strlen (text) != 8)
    return FALSE;
  if (!g_ascii_string_to_unsigned (prefixed ? text + 2 : text, 16, 0, G_MAXUINT32, &number, NULL))
    return FALSE;
  *ret_number = (guint32) number;
  return TRUE;
}

static void
add_decimal (GArray *found, gint64 number)
{
  if (number >= MIT_KRB5_BASE && number < MIT_KRB5_BASE + 256)
    add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_KERBEROS, (guint32) (number - MIT_KRB5_BASE) });
  /* A negative number is how a signed 32-bit HRESULT looks; below 2^16 it would be a Linux -errno. */
  if (number < 0 && number > -0x10000)
    add_known (found, (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, (guint32) -number });
  else
    add_number (found, (guint32) number);
}

GArray *
roll_error_lookup (const char *text)
{
  g_autofree char *trimmed = NULL;
  GArray *found;
  guint32 hex;
  gint64 decimal;

  g_return_val_if_fail (text != NULL, NULL);

  found = g_array_new (FALSE, FALSE, sizeof (RollErrorNumber));
  trimmed = g_strstrip (g_strdup (text));
  if (parse_hex (trimmed, &hex))
    add_number (found, hex);
  if (g_ascii_string_to_signed (trimmed, 10, G_MININT32, G_MAXUINT32, &decimal, NULL))
    add_decimal (found, decimal);
  if (*trimmed != '\0')
    add_symbol (found, trimmed);
  return found;
}
