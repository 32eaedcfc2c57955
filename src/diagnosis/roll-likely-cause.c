/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-likely-cause.h"

#include "diagnosis/roll-ports.h"

#define PIECE 512 /* computers */

struct _RollLikelyCauses
{
  RollStore *store;
  gint64 scan_id;
  RollSurroundings *surroundings;
  RollFactSet *facts;
  guint first; /* of the piece at hand */
  gboolean loaded;
  GHashTable *attempts; /* ordinal to a list of them */
  GHashTable *classes;
  GHashTable *findings;
};

RollLikelyCauses *
roll_likely_causes_new (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error)
{
  RollSurroundings *surroundings = roll_surroundings_load (store, scan_id, cancellable, error);
  RollLikelyCauses *self;

  if (surroundings == NULL)
    return NULL;
  self = g_new0 (RollLikelyCauses, 1);
  self->store = g_object_ref (store);
  self->scan_id = scan_id;
  self->surroundings = surroundings;
  self->facts = roll_fact_set_new ();
  return self;
}

static void
forget_piece (RollLikelyCauses *self)
{
  self->loaded = FALSE;
  g_clear_pointer (&self->attempts, g_hash_table_unref);
  g_clear_pointer (&self->classes, g_hash_table_unref);
  g_clear_pointer (&self->findings, g_hash_table_unref);
}

void
roll_likely_causes_free (RollLikelyCauses *self)
{
  if (self == NULL)
    return;
  forget_piece (self);
  g_object_unref (self->store);
  roll_surroundings_unref (self->surroundings);
  roll_fact_set_free (self->facts);
  g_free (self);
}

/* One kind, so one of each computer. */
static gboolean
keep_finding (const RollFinding *finding, gpointer user_data)
{
  RollLikelyCauses *self = user_data;
  GPtrArray *list;
  RollFinding *copy;

  if (finding->ordinal - self->first >= PIECE)
    return FALSE;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_finding_free);
  copy = roll_finding_new (finding->ordinal, finding->kind, finding->detail);
  copy->at = finding->at;
  g_ptr_array_add (list, copy);
  g_hash_table_insert (self->findings, GUINT_TO_POINTER (finding->ordinal), list);
  return TRUE;
}

static gboolean
load_piece (RollLikelyCauses *self, guint first, GError **error)
{
  forget_piece (self);
  self->first = first;
  self->findings = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->attempts = roll_store_get_failed_attempts (self->store, self->scan_id, first, PIECE, error);
  if (self->attempts != NULL)
    self->classes = roll_store_get_failed_classes (self->store, self->scan_id, first, PIECE, error);
  self->loaded = self->classes != NULL
                 && roll_store_foreach_finding (self->store, self->scan_id, ROLL_PORTS_FINDING, first, keep_finding, self,
                                                error);
  return self->loaded;
}

const RollCause *
roll_likely_causes_get (RollLikelyCauses *self, const RollComputer *computer, GError **error)
{
  gpointer ordinal;

  g_return_val_if_fail (self != NULL && computer != NULL, NULL);

  if (!roll_status_is_failure (computer->status))
    return NULL;
  if ((!self->loaded || computer->ordinal - self->first >= PIECE) && !load_piece (self, computer->ordinal, error))
    return NULL;
  ordinal = GUINT_TO_POINTER (computer->ordinal);
  roll_fact_set_clear (self->facts);
  roll_diagnosis_gather (computer, g_hash_table_lookup (self->attempts, ordinal),
                         g_hash_table_lookup (self->classes, ordinal), g_hash_table_lookup (self->findings, ordinal),
                         self->surroundings, self->facts);
  return roll_causes_top (computer->status, self->facts);
}
