/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-compare-match.h"

#include <string.h>

#include "scan/roll-scan.h"

#define MIN_SERIAL 4 /* shorter ones are "0", "N/A", "1" */

static char *
keep_folded (RollMatchList *list, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return g_string_chunk_insert (list->texts, folded);
}

static void
keep_facts (RollMatchList *list, RollMatchEntry *entry, const RollFacts *facts)
{
  if (facts->serial_number != NULL && strlen (facts->serial_number) >= MIN_SERIAL)
    entry->serial = keep_folded (list, facts->serial_number);
  if (facts->computer_name != NULL)
    {
      g_autofree char *name = g_strconcat (facts->computer_name, "\n", facts->domain, NULL);

      entry->name = keep_folded (list, name);
    }
}

typedef struct
{
  RollMatchList *list;
  RollWorkProgress *progress; /* (nullable) */
  GCancellable *cancellable;
} Loading;

static gboolean
add_entry (RollComputer *computer, gpointer user_data)
{
  Loading *loading = user_data;
  RollMatchList *list = loading->list;
  RollMatchEntry entry = { .ordinal = computer->ordinal, .partner = ROLL_MATCH_NONE };

  entry.folded = keep_folded (list, computer->target);
  entry.target = entry.folded;
  if (!g_str_equal (entry.folded, computer->target))
    entry.target = g_string_chunk_insert (list->texts, computer->target);
  if (computer->facts != NULL)
    keep_facts (list, &entry, computer->facts);
  g_array_append_val (list->entries, entry);
  if (loading->progress != NULL)
    g_atomic_int_inc (&loading->progress->n_done);
  return !g_cancellable_is_cancelled (loading->cancellable);
}

RollMatchList *
roll_match_list_load (RollStore *store, gint64 scan_id, RollWorkProgress *progress, GCancellable *cancellable, GError **error)
{
  g_autoptr (RollMatchList) list = g_new0 (RollMatchList, 1);
  Loading loading = { list, progress, cancellable };

  list->entries = g_array_new (FALSE, FALSE, sizeof (RollMatchEntry));
  list->texts = g_string_chunk_new (65536);
  if (!roll_scan_foreach_computer (store, scan_id, add_entry, &loading, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&list);
}

void
roll_match_list_free (RollMatchList *list)
{
  g_array_unref (list->entries);
  g_string_chunk_free (list->texts);
  g_free (list);
}

/* --- Finding again -------------------------------------------------------------------------------------- */

typedef const char *(*KeyFunc) (const RollMatchEntry *entry);

static const char *
get_target (const RollMatchEntry *entry)
{
  return entry->folded;
}

static const char *
get_serial (const RollMatchEntry *entry)
{
  return entry->serial;
}

static const char *
get_name (const RollMatchEntry *entry)
{
  return entry->name;
}

/* Places by key; a key that several have leads nowhere. */
static GHashTable *
index_entries (GArray *entries, KeyFunc get_key)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < entries->len; i++)
    {
      const char *key = get_key (&g_array_index (entries, RollMatchEntry, i));
      guint place = i;

      if (key == NULL)
        continue;
      if (g_hash_table_contains (index, key))
        place = ROLL_MATCH_NONE;
      g_hash_table_insert (index, (gpointer) key, GUINT_TO_POINTER (place));
    }
  return index;
}

static guint
find_place (GHashTable *index, const char *key)
{
  gpointer place;

  if (key == NULL || !g_hash_table_lookup_extended (index, key, NULL, &place))
    return ROLL_MATCH_NONE;
  return GPOINTER_TO_UINT (place);
}

static guint
match_by (RollMatchList *before, RollMatchList *after, KeyFunc get_key)
{
  g_autoptr (GHashTable) old = index_entries (before->entries, get_key);
  g_autoptr (GHashTable) new = index_entries (after->entries, get_key);
  guint n = 0;

  for (guint i = 0; i < after->entries->len; i++)
    {
      RollMatchEntry *entry = &g_array_index (after->entries, RollMatchEntry, i);
      guint place = entry->partner == ROLL_MATCH_NONE ? find_place (old, get_key (entry)) : ROLL_MATCH_NONE;
      RollMatchEntry *other;

      if (place == ROLL_MATCH_NONE || find_place (new, get_key (entry)) != i)
        continue;
      other = &g_array_index (before->entries, RollMatchEntry, place);
      if (other->partner != ROLL_MATCH_NONE)
        continue;
      entry->partner = place;
      other->partner = i;
      n++;
    }
  return n;
}

guint
roll_match_lists (RollMatchList *before, RollMatchList *after)
{
  match_by (before, after, get_target);
  return match_by (before, after, get_serial) + match_by (before, after, get_name);
}
