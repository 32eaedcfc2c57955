/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-status-search.h"

#include <string.h>

#include "app/roll-status-look.h"
#include "status/roll-causes.h"

static gboolean
contains_folded (const char *text, const char *folded_word)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, folded_word) != NULL;
}

static gboolean
code_begins (RollStatus status, const char *word)
{
  char code[16];

  g_snprintf (code, sizeof code, "%d", (int) status);
  return (int) status >= 0 && g_str_has_prefix (code, word);
}

static gboolean
status_matches (const RollStatusInfo *info, char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] == '\0')
        continue;
      if (!contains_folded (roll_status_label (info->status), words[i]) && !contains_folded (info->label, words[i])
          && !contains_folded (info->id, words[i]) && !code_begins (info->status, words[i]))
        return FALSE;
    }
  return TRUE;
}

static void
add_status (GArray *statuses, RollStatus status)
{
  for (guint i = 0; i < statuses->len; i++)
    if (g_array_index (statuses, RollStatus, i) == status)
      return;
  g_array_append_val (statuses, status);
}

static void
add_by_name (GArray *statuses, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) words = g_strsplit_set (folded, " \t–", -1);

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      const RollStatusInfo *info = roll_status_info (roll_status_look_nth (i)->status);

      if (status_matches (info, words))
        add_status (statuses, info->status);
    }
}

static void
add_by_error (RollStatusMatches *matches, const char *text)
{
  g_autoptr (GArray) errors = roll_error_lookup (text);

  for (guint i = 0; i < errors->len; i++)
    {
      RollErrorNumber error = g_array_index (errors, RollErrorNumber, i);
      g_autoptr (GArray) pages = roll_causes_pages_for_error (error);

      if (i == 0)
        matches->error = error;
      for (guint p = 0; p < pages->len; p++)
        add_status (matches->statuses, g_array_index (pages, RollStatus, p));
    }
}

RollStatusMatches *
roll_status_search (const char *text)
{
  RollStatusMatches *matches = g_new0 (RollStatusMatches, 1);
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  const RollStatusInfo *exact = *stripped != '\0' ? roll_status_find (stripped) : NULL;

  matches->statuses = g_array_new (FALSE, FALSE, sizeof (RollStatus));
  if (exact != NULL)
    add_status (matches->statuses, exact->status);
  add_by_name (matches->statuses, stripped);
  /* A code is no error number, even where there is one that reads the same. */
  if (*stripped != '\0' && exact == NULL)
    add_by_error (matches, stripped);
  return matches;
}

void
roll_status_matches_free (RollStatusMatches *matches)
{
  g_array_unref (matches->statuses);
  g_free (matches);
}
