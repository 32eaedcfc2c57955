/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "report/roll-change.h"

/*
 * Two lists of things that are found again by a key and, where that is not in both, by a second one. What is left over was
 * added or removed.
 */
typedef struct _Thing Thing;

struct _Thing
{
  char *keys[2];  /* (nullable) */
  char *name;     /* shown */
  char *version;  /* compared */
  gboolean found; /* on the other side too */
  Thing *next;    /* with the same key, while one is looked for */
};

static void
clear_thing (gpointer data)
{
  Thing *thing = data;

  g_free (thing->keys[0]);
  g_free (thing->keys[1]);
  g_free (thing->name);
  g_free (thing->version);
}

/* (transfer full) (nullable): NULL also for text of nothing */
static char *
dup_cell (const RollRowSet *rows, guint row, const char *column)
{
  int place = roll_row_set_find_column (rows, column);
  const RollCimValue *value = place >= 0 ? roll_row_set_get (rows, row, (guint) place) : NULL;
  char *text;

  if (value == NULL || value->type == ROLL_CIM_NONE || value->null)
    return NULL;
  text = g_strstrip (roll_cim_value_to_text (value));
  if (*text != '\0')
    return text;
  g_free (text);
  return NULL;
}

static char *
fold (const char *text)
{
  return text != NULL ? g_utf8_casefold (text, -1) : NULL;
}

/* "7-Zip 22.01 (x64)" of version 22.01.00.0: without the version, as far as it stands in the name. */
static char *
strip_version (const char *name, const char *version)
{
  g_autofree char *part = g_strdup (version);
  char *at, *dot;

  while (part != NULL && *part != '\0')
    {
      at = strstr (name, part);
      if (at != NULL)
        {
          g_autofree char *head = g_strndup (name, (gsize) (at - name));

          return g_strconcat (head, at + strlen (part), NULL);
        }
      dot = strrchr (part, '.');
      if (dot == NULL)
        break;
      *dot = '\0';
    }
  return g_strdup (name);
}

/* --- Programs ------------------------------------------------------------------------------------------- */

static void
read_program (Thing *thing, const RollRowSet *rows, guint row)
{
  g_autofree char *key = dup_cell (rows, row, "Key");
  g_autofree char *bare = NULL;

  thing->name = dup_cell (rows, row, "DisplayName");
  thing->version = dup_cell (rows, row, "DisplayVersion");
  thing->keys[0] = fold (key);
  if (thing->name == NULL)
    return;
  bare = strip_version (thing->name, thing->version);
  thing->keys[1] = fold (bare);
}

/* --- Disks ---------------------------------------------------------------------------------------------- */

/* What is plugged in and out all day is no part of the computer. */
static gboolean
is_fixed (const RollRowSet *rows, guint row)
{
  g_autofree char *media = dup_cell (rows, row, "MediaType");
  g_autofree char *interface = dup_cell (rows, row, "InterfaceType");

  if (interface != NULL && g_ascii_strcasecmp (interface, "USB") == 0)
    return FALSE;
  return media == NULL || strstr (media, "ixed") != NULL;
}

static void
read_disk (Thing *thing, const RollRowSet *rows, guint row)
{
  g_autofree char *model = NULL;
  g_autofree char *serial = NULL;
  g_autofree char *size = NULL;

  if (!is_fixed (rows, row))
    return;
  model = dup_cell (rows, row, "Model");
  serial = dup_cell (rows, row, "SerialNumber");
  size = dup_cell (rows, row, "Size");
  thing->name = g_strdup (model != NULL ? model : "");
  thing->version = g_strdup (size);
  thing->keys[0] = fold (serial);
  /* One with another serial number is another disk, however alike. */
  if (serial == NULL)
    thing->keys[1] = g_strconcat (thing->name, "\n", size, NULL);
}

/* --- Both ----------------------------------------------------------------------------------------------- */

typedef void (*ReadThing) (Thing *thing, const RollRowSet *rows, guint row);

/* (element-type Thing): rows without a name are nothing to tell of. */
static GArray *
read_things (const RollRowSet *rows, ReadThing read)
{
  GArray *things = g_array_new (FALSE, TRUE, sizeof (Thing));
  guint n = roll_row_set_get_n_rows (rows);

  g_array_set_clear_func (things, clear_thing);
  for (guint i = 0; i < n; i++)
    {
      Thing thing = { 0 };

      read (&thing, rows, i);
      if (thing.name != NULL)
        g_array_append_val (things, thing);
      else
        clear_thing (&thing);
    }
  return things;
}

typedef struct
{
  RollChangeGroup group;
  const char *field;
  const RollComputer *computer;
  RollChangeFunc func;
  gpointer user_data;
} Sink;

/* What stands for something that is there and has no version. */
static const char *
version_of (const Thing *thing)
{
  return thing->version != NULL ? thing->version : "";
}

static gboolean
emit (const Sink *sink, const char *item, const char *before, const char *after)
{
  const RollChange change = { sink->group, sink->computer, sink->field, item, before, after };

  return sink->func (&change, sink->user_data);
}

static gboolean
emit_pair (const Sink *sink, Thing *old, Thing *new)
{
  old->found = new->found = TRUE;
  if (g_str_equal (version_of (old), version_of (new)))
    return TRUE;
  return emit (sink, new->name, version_of (old), version_of (new));
}

/* Those of @old that are not found yet, by key @which, several with one key as a chain. */
static GHashTable *
index_things (GArray *old, guint which)
{
  GHashTable *index = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = old->len; i > 0; i--)
    {
      Thing *thing = &g_array_index (old, Thing, i - 1);

      if (thing->found || thing->keys[which] == NULL)
        continue;
      thing->next = g_hash_table_lookup (index, thing->keys[which]);
      g_hash_table_insert (index, thing->keys[which], thing);
    }
  return index;
}

/* (nullable): the first of those with @key, which is then in use. */
static Thing *
take_thing (GHashTable *index, const char *key)
{
  Thing *thing = key != NULL ? g_hash_table_lookup (index, key) : NULL;

  if (thing != NULL && thing->next != NULL)
    g_hash_table_insert (index, (gpointer) key, thing->next);
  else if (thing != NULL)
    g_hash_table_remove (index, key);
  return thing;
}

static gboolean
pair_by_key (const Sink *sink, GArray *old, GArray *new, guint which)
{
  g_autoptr (GHashTable) index = index_things (old, which);

  for (guint i = 0; i < new->len; i++)
    {
      Thing *thing = &g_array_index (new, Thing, i);
      Thing *other = thing->found ? NULL : take_thing (index, thing->keys[which]);

      if (other != NULL && !emit_pair (sink, other, thing))
        return FALSE;
    }
  return TRUE;
}

static gboolean
emit_rest (const Sink *sink, GArray *things, gboolean added)
{
  for (guint i = 0; i < things->len; i++)
    {
      const Thing *thing = &g_array_index (things, Thing, i);

      if (!thing->found
          && !emit (sink, thing->name, added ? NULL : version_of (thing), added ? version_of (thing) : NULL))
        return FALSE;
    }
  return TRUE;
}

/* Two programs of one name are told apart by their version: what is the same on both sides goes first. */
static void
drop_equal (GArray *old, GArray *new)
{
  g_autoptr (GHashTable) index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < old->len; i++)
    {
      Thing *thing = &g_array_index (old, Thing, i);

      if (!thing->found)
        g_hash_table_insert (index, g_strconcat (thing->name, "\n", version_of (thing), NULL), thing);
    }
  for (guint i = 0; i < new->len; i++)
    {
      Thing *thing = &g_array_index (new, Thing, i);
      g_autofree char *key = g_strconcat (thing->name, "\n", version_of (thing), NULL);
      Thing *other = thing->found ? NULL : g_hash_table_lookup (index, key);

      if (other != NULL && !other->found)
        other->found = thing->found = TRUE;
    }
}

static gboolean
compare_things (const Sink *sink, const RollRowSet *before, const RollRowSet *after, ReadThing read)
{
  g_autoptr (GArray) old = read_things (before, read);
  g_autoptr (GArray) new = read_things (after, read);

  if (!pair_by_key (sink, old, new, 0))
    return FALSE;
  if (read == read_program)
    drop_equal (old, new);
  return pair_by_key (sink, old, new, 1) && emit_rest (sink, new, TRUE) && emit_rest (sink, old, FALSE);
}

/* --- The revision of Windows ---------------------------------------------------------------------------- */

static gboolean
compare_revisions (const Sink *sink, const RollRowSet *before, const RollRowSet *after)
{
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;

  if (roll_row_set_get_n_rows (before) == 0 || roll_row_set_get_n_rows (after) == 0)
    return TRUE;
  old = dup_cell (before, 0, "UBR");
  new = dup_cell (after, 0, "UBR");
  if (old == NULL || new == NULL || g_str_equal (old, new))
    return TRUE;
  return emit (sink, NULL, old, new);
}

gboolean
roll_change_compare_rows (const char *collector, const RollComputer *computer, const RollRowSet *before,
                          const RollRowSet *after, RollChangeFunc func, gpointer user_data)
{
  Sink sink = { ROLL_CHANGE_SOFTWARE, "software", computer, func, user_data };

  g_return_val_if_fail (collector != NULL, FALSE);
  g_return_val_if_fail (before != NULL, FALSE);
  g_return_val_if_fail (after != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  if (g_str_equal (collector, "software"))
    return compare_things (&sink, before, after, read_program);
  sink.group = ROLL_CHANGE_HARDWARE;
  sink.field = "disk";
  if (g_str_equal (collector, "Win32_DiskDrive"))
    return compare_things (&sink, before, after, read_disk);
  sink.group = ROLL_CHANGE_SYSTEM;
  sink.field = "os_revision";
  return !g_str_equal (collector, "windows-version") || compare_revisions (&sink, before, after);
}
