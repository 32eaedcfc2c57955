/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-directory-facts.h"

/* The end of the year 9999: what is later can't be written as a date, and stands for “never” in directories. */
#define LAST_LOGON_MAX (G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC)
#define DAY ((gint64) 86400 * G_USEC_PER_SEC)

/* There are a dozen different ones in a hundred thousand: each is kept once. (nullable) */
static char *
keep (const char *text, glong max_characters)
{
  g_autofree char *cut = NULL;

  if (text == NULL || *text == '\0')
    return NULL;
  if (g_utf8_strlen (text, -1) > max_characters)
    cut = g_utf8_substring (text, 0, max_characters);
  return g_ref_string_new_intern (cut != NULL ? cut : text);
}

RollDirectoryFacts *
roll_directory_facts_new (const char *ou, const char *system, gint64 last_logon, RollDirectoryAccount account)
{
  gboolean has_logon = last_logon > 0 && last_logon <= LAST_LOGON_MAX;
  RollDirectoryFacts *facts;

  if ((ou == NULL || *ou == '\0') && (system == NULL || *system == '\0') && !has_logon
      && account == ROLL_DIRECTORY_ACCOUNT_UNKNOWN)
    return NULL;
  facts = g_new0 (RollDirectoryFacts, 1);
  g_atomic_ref_count_init (&facts->ref_count);
  facts->ou = keep (ou, ROLL_DIRECTORY_OU_MAX);
  facts->system = keep (system, ROLL_DIRECTORY_SYSTEM_MAX);
  facts->last_logon = has_logon ? last_logon : 0;
  facts->account = account;
  return facts;
}

RollDirectoryFacts *
roll_directory_facts_ref (RollDirectoryFacts *facts)
{
  g_return_val_if_fail (facts != NULL, NULL);

  g_atomic_ref_count_inc (&facts->ref_count);
  return facts;
}

void
roll_directory_facts_unref (RollDirectoryFacts *facts)
{
  g_return_if_fail (facts != NULL);

  if (!g_atomic_ref_count_dec (&facts->ref_count))
    return;
  g_clear_pointer (&facts->ou, g_ref_string_release);
  g_clear_pointer (&facts->system, g_ref_string_release);
  g_free (facts);
}

gint64
roll_directory_facts_get_days (const RollDirectoryFacts *facts, gint64 at)
{
  if (facts == NULL || facts->last_logon <= 0 || at < facts->last_logon)
    return -1;
  return (at - facts->last_logon) / DAY;
}
