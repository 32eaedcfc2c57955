/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-private.h"

/* A client that makes up interfaces and methods shall not fill the memory. */
#define MAX_CALLS 1000

void
roll_lab_count (RollLab *self, guint computer, RollLabCount what)
{
  RollLabCounts *counts = &self->counts[computer];
  guint *const fields[] = {
    [ROLL_LAB_COUNT_CONNECTION] = &counts->connections,
    [ROLL_LAB_COUNT_OBJECT_CONNECTION] = &counts->object_connections,
    [ROLL_LAB_COUNT_LOGON] = &counts->logons,
    [ROLL_LAB_COUNT_REFUSED_LOGON] = &counts->refused_logons,
    [ROLL_LAB_COUNT_ACTIVATION] = &counts->activations,
    [ROLL_LAB_COUNT_QUERY] = &counts->queries,
    [ROLL_LAB_COUNT_METHOD] = &counts->methods,
  };

  g_mutex_lock (&self->log_lock);
  ++*fields[what];
  g_mutex_unlock (&self->log_lock);
}

void
roll_lab_count_call (RollLab *self, const char *interface, guint16 opnum, const char *method)
{
  g_autofree char *name = method == NULL ? g_strdup_printf ("%s.%u", interface, opnum)
                                         : g_strdup_printf ("%s.%u %s", interface, opnum, method);
  guint n;

  g_mutex_lock (&self->log_lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->calls, name));
  if (n > 0 || g_hash_table_size (self->calls) < MAX_CALLS)
    g_hash_table_replace (self->calls, g_steal_pointer (&name), GUINT_TO_POINTER (n + 1));
  g_mutex_unlock (&self->log_lock);
}

void
roll_lab_get_counts (RollLab *self, guint computer, RollLabCounts *ret_counts)
{
  g_return_if_fail (self != NULL && computer < self->computers->len && ret_counts != NULL);

  g_mutex_lock (&self->log_lock);
  *ret_counts = self->counts[computer];
  g_mutex_unlock (&self->log_lock);
}

GHashTable *
roll_lab_get_calls (RollLab *self)
{
  GHashTable *calls;
  GHashTableIter iter;
  gpointer name, n;

  g_return_val_if_fail (self != NULL, NULL);

  calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_lock (&self->log_lock);
  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, &name, &n))
    g_hash_table_insert (calls, g_strdup (name), n);
  g_mutex_unlock (&self->log_lock);
  return calls;
}
