/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-decode.h"

#include <string.h>

/* Of the bytes of what is kept; decoded it may be ROLL_WMIO_BUDGET times as much. Some versions of Windows fit in. */
#define MAX_LENGTH (1 << 20)

typedef struct
{
  const guint8 *bytes; /* a ClassPart */
  gsize length;
  RollWmiClass *klass; /* NULL of what is looked for */
} Entry;

struct _RollWmiClassCache
{
  GMutex lock;
  GHashTable *entries; /* (element-type Entry) */
  gsize length;
};

/* Word by word: this is done for each class of each computer. */
static guint
entry_hash (gconstpointer data)
{
  const Entry *entry = data;
  guint64 hash = entry->length, word;
  gsize i;

  for (i = 0; i + sizeof word <= entry->length; i += sizeof word)
    {
      memcpy (&word, entry->bytes + i, sizeof word);
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
    }
  for (; i < entry->length; i++)
    hash = (hash ^ entry->bytes[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}

static gboolean
entry_equal (gconstpointer a, gconstpointer b)
{
  const Entry *left = a, *right = b;

  return left->length == right->length && memcmp (left->bytes, right->bytes, left->length) == 0;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  roll_wmi_class_unref (entry->klass);
  g_free (entry);
}

RollWmiClassCache *
roll_wmi_class_cache_new (void)
{
  RollWmiClassCache *self = g_new0 (RollWmiClassCache, 1);

  g_mutex_init (&self->lock);
  self->entries = g_hash_table_new_full (entry_hash, entry_equal, entry_free, NULL);
  return self;
}

void
roll_wmi_class_cache_free (RollWmiClassCache *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

RollWmiClass *
roll_wmi_class_cache_look_up (RollWmiClassCache *self, const guint8 *bytes, gsize length)
{
  const Entry wanted = { bytes, length, NULL };
  RollWmiClass *klass = NULL;
  const Entry *found;

  g_mutex_lock (&self->lock);
  found = g_hash_table_lookup (self->entries, &wanted);
  if (found != NULL)
    klass = roll_wmi_class_ref (found->klass);
  g_mutex_unlock (&self->lock);
  return klass;
}

/* Who sends ever new classes pushes out what others sent, which comes back with the next of them. */
void
roll_wmi_class_cache_add (RollWmiClassCache *self, RollWmiClass *klass)
{
  Entry *entry = g_new (Entry, 1);

  entry->bytes = g_bytes_get_data (klass->class_part, &entry->length);
  entry->klass = roll_wmi_class_ref (klass);
  g_mutex_lock (&self->lock);
  if (self->length + entry->length > MAX_LENGTH)
    {
      g_hash_table_remove_all (self->entries);
      self->length = 0;
    }
  if (entry->length <= MAX_LENGTH && !g_hash_table_contains (self->entries, entry))
    {
      self->length += entry->length;
      g_hash_table_add (self->entries, g_steal_pointer (&entry));
    }
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&entry, entry_free);
}
