/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-list-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _RollTargetList
{
  gatomicrefcount ref_count;

  GArray *included;     /* (element-type RollTargetSegment): merged, in the order of their first mention */
  GStringChunk *names;
  GHashTable *name_set;
  GHashTable *facts;    /* (nullable): a name of @names -> RollDirectoryFacts */
  RollIntervalSet *address_set;
  guint n_included;     /* targets of @included */
  guint n_duplicates;

  GPtrArray *excludes;  /* (element-type utf8): in normal form */
  GHashTable *excluded_names;
  GPtrArray *patterns;  /* (element-type utf8): borrowed from @excludes */
  RollIntervalSet *excluded_ipv4;
  RollIntervalSet *excluded_ipv6;

  GArray *segments;     /* (nullable): @included less what is excluded, with ordinals; NULL: to be laid out */
  guint count;
  guint n_public;
};

void
roll_target_problem_free (RollTargetProblem *problem)
{
  if (problem == NULL)
    return;
  g_free (problem->text);
  g_free (problem->reason);
  g_free (problem);
}

static gsize
name_length (const char *name)
{
  gsize length = strlen (name);

  return name[length - 1] == '.' ? length - 1 : length;
}

static guint
name_hash (gconstpointer key)
{
  const char *name = key;
  gsize length = name_length (name);
  guint32 hash = 2166136261; /* FNV-1a */

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ (guint8) g_ascii_tolower (name[i])) * 16777619;
  return hash;
}

static gboolean
name_equal (gconstpointer a, gconstpointer b)
{
  gsize length = name_length (a);

  return length == name_length (b) && g_ascii_strncasecmp (a, b, length) == 0;
}

RollTargetList *
roll_target_list_new (void)
{
  RollTargetList *self = g_new0 (RollTargetList, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->included = g_array_new (FALSE, FALSE, sizeof (RollTargetSegment));
  self->names = g_string_chunk_new (4096);
  self->name_set = g_hash_table_new (name_hash, name_equal);
  self->address_set = roll_interval_set_new ();
  self->excludes = g_ptr_array_new_with_free_func (g_free);
  self->excluded_names = g_hash_table_new (name_hash, name_equal);
  self->patterns = g_ptr_array_new ();
  self->excluded_ipv4 = roll_interval_set_new ();
  self->excluded_ipv6 = roll_interval_set_new ();
  return self;
}

RollTargetList *
roll_target_list_ref (RollTargetList *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
roll_target_list_unref (RollTargetList *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->included);
  g_string_chunk_free (self->names);
  g_hash_table_unref (self->name_set);
  g_clear_pointer (&self->facts, g_hash_table_unref);
  roll_interval_set_free (self->address_set);
  g_hash_table_unref (self->excluded_names);
  g_ptr_array_unref (self->patterns);
  g_ptr_array_unref (self->excludes);
  roll_interval_set_free (self->excluded_ipv4);
  roll_interval_set_free (self->excluded_ipv6);
  g_clear_pointer (&self->segments, g_array_unref);
  g_free (self);
}

static RollTargetSegment *
segment_at (GArray *segments, guint i)
{
  return &g_array_index (segments, RollTargetSegment, i);
}

static RollInterval
segment_interval (const RollTargetSegment *segment)
{
  return (RollInterval) { segment->first, roll_position_plus (segment->first, segment->n_addresses - 1) };
}

static gboolean
check_room (RollTargetList *self, guint64 n_more, GError **error)
{
  if (self->n_included + n_more <= ROLL_TARGETS_MAX)
    return TRUE;
  g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY,
               /* Translators: both numbers are around a million */
               _("With this there would be %'u targets, and one scan takes %'u. Make several scans of them."),
               (guint) (self->n_included + n_more), (guint) ROLL_TARGETS_MAX);
  return FALSE;
}

static void
changed (RollTargetList *self)
{
  g_clear_pointer (&self->segments, g_array_unref);
}

static gboolean
add_name (RollTargetList *self, const char *name, GError **error)
{
  RollTargetSegment segment = { 0 };

  if (g_hash_table_contains (self->name_set, name))
    {
      self->n_duplicates++;
      return TRUE;
    }
  if (!check_room (self, 1, error))
    return FALSE;
  segment.name = g_string_chunk_insert (self->names, name);
  g_hash_table_add (self->name_set, (gpointer) segment.name);
  g_array_append_val (self->included, segment);
  self->n_included++;
  return TRUE;
}

/* What goes on where the last segment ends becomes part of it: a network listed line by line stays small. */
static void
append_addresses (GArray *segments, const RollInterval *interval)
{
  RollTargetSegment segment = { .first = interval->first };
  RollTargetSegment *last = segments->len > 0 ? segment_at (segments, segments->len - 1) : NULL;
  guint32 n = (guint32) roll_interval_span (interval) + 1;

  if (last != NULL && last->n_addresses > 0 &&
      roll_position_compare (roll_position_plus (last->first, last->n_addresses), interval->first) == 0)
    {
      last->n_addresses += n;
      return;
    }
  segment.n_addresses = n;
  g_array_append_val (segments, segment);
}

static gboolean
add_addresses (RollTargetList *self, const RollInterval *interval, GError **error)
{
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (RollInterval));
  guint64 n_new = 0;

  roll_interval_set_uncovered (self->address_set, interval, pieces);
  for (guint i = 0; i < pieces->len; i++)
    n_new += roll_interval_span (&g_array_index (pieces, RollInterval, i)) + 1;
  if (n_new == 0)
    {
      self->n_duplicates++;
      return TRUE;
    }
  if (!check_room (self, n_new, error))
    return FALSE;
  for (guint i = 0; i < pieces->len; i++)
    append_addresses (self->included, &g_array_index (pieces, RollInterval, i));
  roll_interval_set_add (self->address_set, interval);
  self->n_included += (guint) n_new;
  return TRUE;
}

gboolean
roll_target_list_add_entry (RollTargetList *self, const RollTargetEntry *entry, GError **error)
{
  changed (self);
  return entry->kind == ROLL_TARGET_ENTRY_NAME ? add_name (self, entry->name, error)
                                               : add_addresses (self, &entry->interval, error);
}

void
roll_target_list_mark (RollTargetList *self, RollTargetMark *ret_mark)
{
  ret_mark->n_segments = self->included->len;
  if (self->included->len > 0)
    ret_mark->last = *segment_at (self->included, self->included->len - 1);
  ret_mark->n_included = self->n_included;
  ret_mark->n_duplicates = self->n_duplicates;
}

void
roll_target_list_return_to (RollTargetList *self, const RollTargetMark *mark)
{
  changed (self);
  g_array_set_size (self->included, mark->n_segments);
  if (mark->n_segments > 0)
    *segment_at (self->included, mark->n_segments - 1) = mark->last;
  self->n_included = mark->n_included;
  self->n_duplicates = mark->n_duplicates;

  g_hash_table_remove_all (self->name_set);
  roll_interval_set_clear (self->address_set);
  for (guint i = 0; i < self->included->len; i++)
    {
      const RollTargetSegment *segment = segment_at (self->included, i);
      RollInterval interval = segment_interval (segment);

      if (segment->n_addresses > 0)
        roll_interval_set_add (self->address_set, &interval);
      else
        g_hash_table_add (self->name_set, (gpointer) segment->name);
    }
}

static gboolean
parse (const char *text, RollTargetUse use, RollTargetEntry *ret_entry, GError **error)
{
  gsize length;

  while (g_ascii_isspace (*text))
    text++;
  length = strlen (text);
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  return roll_target_entry_parse (text, length, use, ret_entry, error);
}

gboolean
roll_target_list_add (RollTargetList *self, const char *entry, GError **error)
{
  RollTargetEntry parsed;

  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  return parse (entry, ROLL_TARGET_INCLUDE, &parsed, error) &&
         roll_target_list_add_entry (self, &parsed, error);
}

static RollIntervalSet *
excluded_like (RollTargetList *self, RollPosition position)
{
  return roll_position_is_ipv4 (position) ? self->excluded_ipv4 : self->excluded_ipv6;
}

gboolean
roll_target_list_exclude (RollTargetList *self, const char *entry, GError **error)
{
  RollTargetEntry parsed;
  char *text;

  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  if (!parse (entry, ROLL_TARGET_EXCLUDE, &parsed, error))
    return FALSE;

  changed (self);
  if (parsed.kind == ROLL_TARGET_ENTRY_ADDRESSES)
    {
      g_ptr_array_add (self->excludes, roll_target_format_interval (&parsed.interval, ROLL_TARGET_EXCLUDE));
      roll_interval_set_add (excluded_like (self, parsed.interval.first), &parsed.interval);
      return TRUE;
    }
  text = g_strdup (parsed.name);
  g_ptr_array_add (self->excludes, text);
  if (parsed.kind == ROLL_TARGET_ENTRY_PATTERN)
    g_ptr_array_add (self->patterns, text);
  else
    g_hash_table_add (self->excluded_names, text);
  return TRUE;
}

static gboolean
is_excluded_name (RollTargetList *self, const char *name)
{
  if (g_hash_table_contains (self->excluded_names, name))
    return TRUE;
  for (guint i = 0; i < self->patterns->len; i++)
    if (roll_target_pattern_matches (self->patterns->pdata[i], name))
      return TRUE;
  return FALSE;
}

static GArray *
without_excluded (RollTargetList *self)
{
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (RollTargetSegment));
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (RollInterval));

  for (guint i = 0; i < self->included->len; i++)
    {
      const RollTargetSegment *segment = segment_at (self->included, i);
      RollInterval interval = segment_interval (segment);

      if (segment->n_addresses == 0)
        {
          if (!is_excluded_name (self, segment->name))
            g_array_append_vals (segments, segment, 1);
          continue;
        }
      g_array_set_size (pieces, 0);
      roll_interval_set_uncovered (excluded_like (self, segment->first), &interval, pieces);
      for (guint j = 0; j < pieces->len; j++)
        append_addresses (segments, &g_array_index (pieces, RollInterval, j));
    }
  return segments;
}

static guint
count_public (const RollTargetSegment *segment)
{
  guint n = 0, run;

  for (guint32 offset = 0; offset < segment->n_addresses; offset += run)
    {
      RollAddress address;

      roll_position_to_address (roll_position_plus (segment->first, offset), &address);
      run = MIN (roll_address_public_run (&address), segment->n_addresses - offset);
      if (roll_address_is_public (&address))
        n += run;
    }
  return n;
}

/* After this nothing is written any more until the next change, so that several threads may walk the list. */
static void
lay_out (RollTargetList *self)
{
  if (self->segments != NULL)
    return;
  self->segments = self->excludes->len > 0 ? without_excluded (self) : g_array_ref (self->included);
  self->count = self->n_public = 0;
  for (guint i = 0; i < self->segments->len; i++)
    {
      RollTargetSegment *segment = segment_at (self->segments, i);

      segment->ordinal = self->count;
      self->count += roll_target_segment_size (segment);
      self->n_public += count_public (segment);
    }
}

GArray *
roll_target_list_get_segments (RollTargetList *self)
{
  lay_out (self);
  return self->segments;
}

guint
roll_target_list_get_count (RollTargetList *self)
{
  g_return_val_if_fail (self != NULL, 0);

  lay_out (self);
  return self->count;
}

guint
roll_target_list_get_n_duplicates (RollTargetList *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_duplicates;
}

guint
roll_target_list_get_n_public (RollTargetList *self)
{
  g_return_val_if_fail (self != NULL, 0);

  lay_out (self);
  return self->n_public;
}

char **
roll_target_list_get_includes (RollTargetList *self)
{
  char **texts;

  g_return_val_if_fail (self != NULL, NULL);

  texts = g_new0 (char *, self->included->len + 1);
  for (guint i = 0; i < self->included->len; i++)
    {
      const RollTargetSegment *segment = segment_at (self->included, i);
      RollInterval interval = segment_interval (segment);

      texts[i] = segment->n_addresses > 0 ? roll_target_format_interval (&interval, ROLL_TARGET_INCLUDE)
                                          : g_strdup (segment->name);
    }
  return texts;
}

char **
roll_target_list_get_excludes (RollTargetList *self)
{
  char **texts;

  g_return_val_if_fail (self != NULL, NULL);

  texts = g_new0 (char *, self->excludes->len + 1);
  for (guint i = 0; i < self->excludes->len; i++)
    texts[i] = g_strdup (self->excludes->pdata[i]);
  return texts;
}

/* --- What Active Directory told -------------------------------------------------------------------------------- */

void
roll_target_list_set_facts (RollTargetList *self, const char *name, RollDirectoryFacts *facts)
{
  gpointer kept;

  g_return_if_fail (self != NULL && name != NULL && facts != NULL);

  if (*name == '\0' || !g_hash_table_lookup_extended (self->name_set, name, &kept, NULL))
    return;
  if (self->facts == NULL)
    self->facts = g_hash_table_new_full (name_hash, name_equal, NULL, (GDestroyNotify) roll_directory_facts_unref);
  g_hash_table_insert (self->facts, kept, roll_directory_facts_ref (facts));
}

GHashTable *
roll_target_list_get_directory (RollTargetList *self)
{
  GHashTable *directory;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->facts == NULL)
    return NULL;
  lay_out (self);
  directory = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) roll_directory_facts_unref);
  for (guint i = 0; i < self->segments->len; i++)
    {
      const RollTargetSegment *segment = segment_at (self->segments, i);
      RollDirectoryFacts *facts
          = segment->n_addresses == 0 ? g_hash_table_lookup (self->facts, segment->name) : NULL;

      if (facts != NULL)
        g_hash_table_insert (directory, GUINT_TO_POINTER (segment->ordinal), roll_directory_facts_ref (facts));
    }
  return directory;
}
