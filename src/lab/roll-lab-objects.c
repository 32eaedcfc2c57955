/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-objects.h"

#include <string.h>

#include "lab/roll-lab-machine.h"

#define MAX_ENUMERATORS 256

static void
free_enumerator (gpointer data)
{
  RollLabEnumerator *enumerator = data;

  roll_lab_query_free (enumerator->query);
  g_clear_pointer (&enumerator->smart, roll_smart_writer_free);
  g_free (enumerator);
}

RollLabObjects *
roll_lab_objects_new (RollLabConnection *connection)
{
  RollLabObjects *self = g_new0 (RollLabObjects, 1);

  self->connection = connection;
  self->enumerators = g_hash_table_new_full (NULL, NULL, NULL, free_enumerator);
  self->registry = roll_lab_registry_names_new ();
  return self;
}

void
roll_lab_objects_free (RollLabObjects *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->enumerators);
  roll_lab_registry_names_free (self->registry);
  g_free (self);
}

/* --- Names of objects -------------------------------------------------------------------------------------------- */

guint64
roll_lab_oxid (RollLabConnection *self)
{
  return (guint64) self->machine->seed << 32 | (self->computer + 1);
}

guint64
roll_lab_oid (RollLabConnection *self, RollLabKind kind, guint32 id)
{
  return (guint64) kind << 56 | (guint64) id << 24 | (self->computer + 1);
}

RollUuid
roll_lab_ipid (RollLabConnection *self, RollLabKind kind, guint32 id)
{
  const guint32 words[] = { GUINT32_TO_LE ((guint32) kind), GUINT32_TO_LE (self->computer),
                            GUINT32_TO_LE (id), GUINT32_TO_LE (self->machine->seed) };
  RollUuid ipid;

  memcpy (ipid.bytes, words, sizeof ipid.bytes);
  return ipid;
}

gboolean
roll_lab_read_ipid (RollLabConnection *self, const RollUuid *ipid, RollLabKind *ret_kind, guint32 *ret_id)
{
  RollReader reader;
  guint32 computer;

  roll_reader_init (&reader, ipid->bytes, sizeof ipid->bytes);
  *ret_kind = (RollLabKind) roll_reader_u32 (&reader);
  computer = roll_reader_u32 (&reader);
  *ret_id = roll_reader_u32 (&reader);
  return computer == self->computer && roll_reader_u32 (&reader) == self->machine->seed;
}

RollStdObjref
roll_lab_std (RollLabConnection *self, RollLabKind kind, guint32 id)
{
  return (RollStdObjref) { .public_refs = ROLL_LAB_PUBLIC_REFS,
                           .oxid = roll_lab_oxid (self),
                           .oid = roll_lab_oid (self, kind, id),
                           .ipid = roll_lab_ipid (self, kind, id) };
}

/* --- Enumerators ------------------------------------------------------------------------------------------------- */

RollLabEnumerator *
roll_lab_enumerator_add (RollLabObjects *self, RollLabQuery *query, guint32 hresult)
{
  RollLabEnumerator *enumerator;

  if (g_hash_table_size (self->enumerators) >= MAX_ENUMERATORS)
    {
      roll_lab_query_free (query);
      return NULL;
    }
  enumerator = g_new0 (RollLabEnumerator, 1);
  enumerator->id = ++self->last_id;
  enumerator->query = query;
  enumerator->hresult = hresult;
  enumerator->held = 1u << ROLL_LAB_ENUMERATOR;
  g_hash_table_insert (self->enumerators, GUINT_TO_POINTER (enumerator->id), enumerator);
  return enumerator;
}

RollLabEnumerator *
roll_lab_enumerator_find (RollLabObjects *self, guint32 id)
{
  return g_hash_table_lookup (self->enumerators, GUINT_TO_POINTER (id));
}

void
roll_lab_enumerator_release (RollLabObjects *self, RollLabKind kind, guint32 id)
{
  RollLabEnumerator *enumerator = roll_lab_enumerator_find (self, id);

  if (enumerator == NULL)
    return;
  enumerator->held &= ~(1u << kind);
  if (enumerator->held == 0)
    g_hash_table_remove (self->enumerators, GUINT_TO_POINTER (id));
}
