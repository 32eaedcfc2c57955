/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-diff-groups.h"

#include <glib/gi18n.h>

#include "cli/roll-terminal.h"

#define MAX_KINDS 20000 /* different changes of a group that are told apart */
#define MAX_LINES 12    /* of a group that are printed */
#define MAX_NAMES 4     /* of computers in a line */

typedef struct
{
  char *text;
  guint count;
  GString *names;
} Line;

typedef struct
{
  GHashTable *lines; /* by text */
  guint n_rest;      /* changes that are not in the lines */
} Group;

struct _RollDiffGroups
{
  Group groups[ROLL_N_CHANGE_GROUPS];
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_string_free (line->names, TRUE);
  g_free (line);
}

RollDiffGroups *
roll_diff_groups_new (void)
{
  RollDiffGroups *self = g_new0 (RollDiffGroups, 1);

  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    self->groups[i].lines = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, line_free);
  return self;
}

void
roll_diff_groups_free (RollDiffGroups *self)
{
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    g_hash_table_unref (self->groups[i].lines);
  g_free (self);
}

/* --- Taking --- */

/* What stands before the values: the program, or what it is. (transfer full) */
static char *
subject_of (const RollChangeTexts *change)
{
  const char *label = roll_change_field_label (change->field);

  if (change->group == ROLL_CHANGE_SOFTWARE && change->item)
    return g_strdup (change->item);
  if (change->item && *change->item)
    return g_strdup_printf ("%s %s", label, change->item);
  return g_strdup (label);
}

/* Status of computers that only one scan has, and status changes, need no subject. */
static char *
describe (const RollChangeTexts *change)
{
  g_autofree char *subject = subject_of (change);
  g_autofree char *before = change->before ? roll_change_value_text (change->field, change->before) : NULL;
  g_autofree char *after = change->after ? roll_change_value_text (change->field, change->after) : NULL;

  if (change->group == ROLL_CHANGE_NEW || change->group == ROLL_CHANGE_GONE)
    return g_strdup (after ? after : before);
  if (change->group == ROLL_CHANGE_STATUS)
    return g_strdup_printf ("%s → %s", before, after);
  if (before && after)
    return g_strdup_printf ("%s %s → %s", subject, *before ? before : "?", *after ? after : "?");
  if (after)
    return g_strdup_printf (_ ("added: %s %s"), subject, after);
  return g_strdup_printf (_ ("removed: %s %s"), subject, before);
}

void
roll_diff_groups_add (RollDiffGroups *self, const RollChangeTexts *change)
{
  Group *group = &self->groups[change->group];
  g_autofree char *text = describe (change);
  Line *line = g_hash_table_lookup (group->lines, g_strchomp (text));

  if (!line && g_hash_table_size (group->lines) >= MAX_KINDS)
    {
      group->n_rest++;
      return;
    }
  if (!line)
    {
      line = g_new0 (Line, 1);
      line->text = g_steal_pointer (&text);
      line->names = g_string_new (NULL);
      g_hash_table_insert (group->lines, line->text, line);
    }
  if (line->count++ < MAX_NAMES)
    g_string_append_printf (line->names, "%s%s", line->count > 1 ? ", " : "", change->target);
}

/* --- Printing --- */

static gint
compare_lines (gconstpointer a, gconstpointer b)
{
  const Line *first = *(const Line *const *) a;
  const Line *second = *(const Line *const *) b;

  if (first->count != second->count)
    return first->count < second->count ? 1 : -1;
  return g_strcmp0 (first->text, second->text);
}

static void
print_line (const Line *line, FILE *stream)
{
  g_autoptr (GString) text = g_string_new (line->text);

  if (line->count > 1)
    {
      g_string_append (text, ": ");
      g_string_append_printf (text, ngettext ("%'u computer", "%'u computers", line->count), line->count);
    }
  g_string_append_printf (text, ": %s", line->names->str);
  if (line->count > MAX_NAMES)
    g_string_append (text, ", …");
  roll_terminal_paragraph (stream, 4, "- ", text->str);
}

/* (transfer container) */
static GPtrArray *
sorted_lines (const Group *group)
{
  GPtrArray *lines = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer line;

  g_hash_table_iter_init (&iter, group->lines);
  while (g_hash_table_iter_next (&iter, NULL, &line))
    g_ptr_array_add (lines, line);
  g_ptr_array_sort (lines, compare_lines);
  return lines;
}

static guint
count_rest (const Group *group, GPtrArray *lines)
{
  guint n = group->n_rest;

  for (guint i = MAX_LINES; i < lines->len; i++)
    n += ((const Line *) g_ptr_array_index (lines, i))->count;
  return n;
}

static void
print_group (const Group *group, const char *title, FILE *stream)
{
  g_autoptr (GPtrArray) lines = sorted_lines (group);
  guint n_rest = count_rest (group, lines);

  fputc ('\n', stream);
  roll_terminal_heading (stream, title);
  for (guint i = 0; i < MIN (lines->len, MAX_LINES); i++)
    print_line (g_ptr_array_index (lines, i), stream);
  if (n_rest > 0)
    roll_terminal_print (stream, ngettext ("    … and %'u more", "    … and %'u more", n_rest), n_rest);
}

void
roll_diff_groups_print (RollDiffGroups *self, FILE *stream)
{
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    if (g_hash_table_size (self->groups[i].lines) > 0)
      print_group (&self->groups[i], roll_change_group_label ((RollChangeGroup) i), stream);
}

gboolean
roll_diff_groups_is_cut (RollDiffGroups *self)
{
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    if (g_hash_table_size (self->groups[i].lines) > MAX_LINES || self->groups[i].n_rest > 0)
      return TRUE;
  return FALSE;
}
