/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computer-table.h"

#include "app/roll-status-look.h"

struct _RollComputerTable
{
  GObject parent_instance;

  GPtrArray *rows;
  guint counts[ROLL_N_LOOKS];
  guint retries;

  /* Referencing 100,000 rows for each snapshot costs more than keeping the few that are replaced meanwhile. */
  GPtrArray *kept;
  guint n_snapshots;
};

enum
{
  CHANGED,
  REPLACED,
  APPENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollComputerTable, roll_computer_table, G_TYPE_OBJECT)

static void
unref_computer (gpointer data)
{
  roll_computer_unref (data);
}

static void
roll_computer_table_finalize (GObject *object)
{
  RollComputerTable *self = ROLL_COMPUTER_TABLE (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->kept);
  G_OBJECT_CLASS (roll_computer_table_parent_class)->finalize (object);
}

static void
roll_computer_table_class_init (RollComputerTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_computer_table_finalize;

  signals[CHANGED] = g_signal_new ("changed", ROLL_TYPE_COMPUTER_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[REPLACED] = g_signal_new ("replaced", ROLL_TYPE_COMPUTER_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
  signals[APPENDED] = g_signal_new ("appended", ROLL_TYPE_COMPUTER_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
roll_computer_table_init (RollComputerTable *self)
{
  self->rows = g_ptr_array_new_with_free_func (unref_computer);
  self->kept = g_ptr_array_new_with_free_func (unref_computer);
}

RollComputerTable *
roll_computer_table_new (void)
{
  return g_object_new (ROLL_TYPE_COMPUTER_TABLE, NULL);
}

static void
count_rows (RollComputerTable *self, guint first)
{
  for (guint i = first; i < self->rows->len; i++)
    self->counts[roll_status_look_index (((RollComputer *) self->rows->pdata[i])->status)]++;
}

void
roll_computer_table_take_rows (RollComputerTable *self, GPtrArray *rows)
{
  g_return_if_fail (ROLL_IS_COMPUTER_TABLE (self));

  if (self->n_snapshots > 0)
    g_ptr_array_extend_and_steal (self->kept, g_steal_pointer (&self->rows));
  else
    g_ptr_array_unref (self->rows);
  self->rows = rows;
  g_ptr_array_set_free_func (rows, unref_computer);
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    self->counts[i] = 0;
  count_rows (self, 0);
  g_signal_emit (self, signals[REPLACED], 0);
}

void
roll_computer_table_append_rows (RollComputerTable *self, GPtrArray *rows)
{
  guint before;

  g_return_if_fail (ROLL_IS_COMPUTER_TABLE (self));

  before = self->rows->len;
  g_ptr_array_extend_and_steal (self->rows, rows);
  count_rows (self, before);
  if (self->rows->len > before)
    g_signal_emit (self, signals[APPENDED], 0, before);
}

static void
replace_row (RollComputerTable *self, RollComputer *computer)
{
  RollComputer *old = self->rows->pdata[computer->ordinal];

  self->counts[roll_status_look_index (old->status)]--;
  self->counts[roll_status_look_index (computer->status)]++;
  self->rows->pdata[computer->ordinal] = roll_computer_ref (computer);
  if (self->n_snapshots > 0)
    g_ptr_array_add (self->kept, old);
  else
    roll_computer_unref (old);
}

void
roll_computer_table_update (RollComputerTable *self, GPtrArray *computers)
{
  g_return_if_fail (ROLL_IS_COMPUTER_TABLE (self));

  for (guint i = 0; i < computers->len; i++)
    {
      RollComputer *computer = computers->pdata[i];

      if (computer->ordinal < self->rows->len)
        replace_row (self, computer);
    }
  if (computers->len > 0)
    g_signal_emit (self, signals[CHANGED], 0);
}

void
roll_computer_table_set_retries (RollComputerTable *self, guint retries)
{
  g_return_if_fail (ROLL_IS_COMPUTER_TABLE (self));

  self->retries = retries;
}

guint
roll_computer_table_get_retries (RollComputerTable *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTER_TABLE (self), 0);

  return self->retries;
}

guint
roll_computer_table_get_count (RollComputerTable *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTER_TABLE (self), 0);

  return self->rows->len;
}

RollComputer *
roll_computer_table_get_computer (RollComputerTable *self, guint ordinal)
{
  g_return_val_if_fail (ROLL_IS_COMPUTER_TABLE (self), NULL);
  g_return_val_if_fail (ordinal < self->rows->len, NULL);

  return self->rows->pdata[ordinal];
}

const guint *
roll_computer_table_get_counts (RollComputerTable *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTER_TABLE (self), NULL);

  return self->counts;
}

RollRowSnapshot *
roll_computer_table_hold (RollComputerTable *self)
{
  RollRowSnapshot *snapshot;

  g_return_val_if_fail (ROLL_IS_COMPUTER_TABLE (self), NULL);

  snapshot = g_new0 (RollRowSnapshot, 1);
  snapshot->table = g_object_ref (self);
  snapshot->rows = g_memdup2 (self->rows->pdata, self->rows->len * sizeof (gpointer));
  snapshot->n_rows = self->rows->len;
  self->n_snapshots++;
  return snapshot;
}

void
roll_row_snapshot_release (RollRowSnapshot *snapshot)
{
  RollComputerTable *table = snapshot->table;

  g_assert (table->n_snapshots > 0);

  table->n_snapshots--;
  if (table->n_snapshots == 0)
    g_ptr_array_set_size (table->kept, 0);
  g_free (snapshot->rows);
  g_free (snapshot);
  g_object_unref (table);
}
