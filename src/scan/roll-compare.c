/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-compare.h"

#include <glib/gi18n-lib.h>

#include "scan/roll-compare-match.h"

/* Where the two scans have about the same order, and mostly they do, rows are read in runs and not one by one. */
#define RUN_COMPUTERS 256
#define RUN_CLASSES 32
#define RUN_BYTES (4 << 20)

static const char *const collectors[] = { "windows-version", "Win32_DiskDrive", "software" };

#define N_COLLECTORS G_N_ELEMENTS (collectors)

/* --- A run of stored rows ------------------------------------------------------------------------------- */

typedef struct
{
  RollStore *store;
  gint64 scan_id;
  const char *collector; /* (nullable): of classes; NULL: computers */
  GHashTable *rows;      /* by ordinal: RollComputer or GBytes */
  guint64 first;         /* what lies from here ... */
  guint64 end;           /* ... to here is known */
  guint limit;
  gsize n_bytes;
} Run;

static void
run_init (Run *run, RollStore *store, gint64 scan_id, const char *collector)
{
  GDestroyNotify unref = collector != NULL ? (GDestroyNotify) g_bytes_unref : (GDestroyNotify) roll_computer_unref;

  *run = (Run) { store, scan_id, collector };
  run->rows = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, unref);
}

static gboolean
take_row (Run *run, guint ordinal, gpointer row)
{
  if (row != NULL)
    g_hash_table_insert (run->rows, GUINT_TO_POINTER (ordinal), row);
  run->end = (guint64) ordinal + 1;
  return --run->limit > 0 && run->n_bytes < RUN_BYTES;
}

static gboolean
take_computer (RollComputer *computer, gpointer user_data)
{
  return take_row (user_data, computer->ordinal, roll_computer_ref (computer));
}

static gboolean
take_class (RollComputer *computer, const RollClassResult *result, gpointer user_data)
{
  Run *run = user_data;

  if (result->rows != NULL)
    run->n_bytes += g_bytes_get_size (result->rows);
  return take_row (run, computer->ordinal, result->rows != NULL ? g_bytes_ref (result->rows) : NULL);
}

static gboolean
run_read (Run *run, guint ordinal, GError **error)
{
  guint longest = run->collector != NULL ? RUN_CLASSES : RUN_COMPUTERS;
  gboolean follows = ordinal >= run->end && ordinal - run->end < longest;

  g_hash_table_remove_all (run->rows);
  run->limit = follows ? longest : 1;
  run->n_bytes = 0;
  run->first = ordinal;
  run->end = G_MAXUINT64;
  if (run->collector == NULL)
    return roll_store_foreach_computer (run->store, run->scan_id, ordinal, take_computer, run, error);
  return roll_store_foreach_class_from (run->store, run->scan_id, run->collector, ordinal, take_class, run, error);
}

/* *ret_row: (transfer none) (nullable) */
static gboolean
run_get (Run *run, guint ordinal, gpointer *ret_row, GError **error)
{
  if ((ordinal < run->first || ordinal >= run->end) && !run_read (run, ordinal, error))
    return FALSE;
  *ret_row = g_hash_table_lookup (run->rows, GUINT_TO_POINTER (ordinal));
  return TRUE;
}

/* --- Comparing ------------------------------------------------------------------------------------------ */

typedef struct
{
  gint64 scan_id;
  RollMatchList *list;
  Run computers;
  Run classes[N_COLLECTORS];
} Side;

typedef struct
{
  Side sides[2]; /* before, after */
  RollChangeFunc func;
  gpointer user_data;
  RollWorkProgress *progress; /* (nullable) */
  GCancellable *cancellable;
  RollCompareTotals *totals;
  gboolean ended; /* by the caller's function */
} Compare;

static gboolean
side_init (Side *side, const Compare *compare, RollStore *store, gint64 scan_id, GError **error)
{
  side->scan_id = scan_id;
  run_init (&side->computers, store, scan_id, NULL);
  for (guint i = 0; i < N_COLLECTORS; i++)
    run_init (&side->classes[i], store, scan_id, collectors[i]);
  side->list = roll_match_list_load (store, scan_id, compare->progress, compare->cancellable, error);
  return side->list != NULL;
}

static void
side_clear (Side *side)
{
  g_clear_pointer (&side->computers.rows, g_hash_table_unref);
  for (guint i = 0; i < N_COLLECTORS; i++)
    g_clear_pointer (&side->classes[i].rows, g_hash_table_unref);
  g_clear_pointer (&side->list, roll_match_list_free);
}

static gboolean
pass_on (const RollChange *change, gpointer user_data)
{
  Compare *compare = user_data;

  compare->totals->n_changes[change->group]++;
  compare->ended = !compare->func (change, compare->user_data);
  return !compare->ended;
}

/* (transfer full): what was never asked has no row */
static RollComputer *
get_computer (Side *side, const RollMatchEntry *entry, GError **error)
{
  gpointer row;

  if (!run_get (&side->computers, entry->ordinal, &row, error))
    return NULL;
  return row != NULL ? roll_computer_ref (row) : roll_computer_new (entry->ordinal, entry->target);
}

static RollRowSet *
unpack (GBytes *bytes, const RollComputer *computer, const char *collector, GError **error)
{
  const char *problem = NULL;
  RollRowSet *rows = roll_row_set_from_bytes (bytes, &problem);

  if (rows == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _("What was collected from %s (%s) is damaged in the database: %s. The scans can't be compared."),
                 computer->target, collector, problem);
  return rows;
}

/* Most computers have not changed, and then their bytes are the same. */
static gboolean
compare_class (Compare *compare, guint which, const RollMatchEntry *old, const RollMatchEntry *new,
               const RollComputer *computer, GError **error)
{
  gpointer before, after;

  if (!run_get (&compare->sides[0].classes[which], old->ordinal, &before, error)
      || !run_get (&compare->sides[1].classes[which], new->ordinal, &after, error))
    return FALSE;
  if (before == NULL || after == NULL || g_bytes_equal (before, after))
    return TRUE;
  g_autoptr (RollRowSet) old_rows = unpack (before, computer, collectors[which], error);
  g_autoptr (RollRowSet) new_rows = old_rows != NULL ? unpack (after, computer, collectors[which], error) : NULL;
  if (new_rows == NULL)
    return FALSE;
  roll_change_compare_rows (collectors[which], computer, old_rows, new_rows, pass_on, compare);
  return TRUE;
}

static guint
count_changes (const RollCompareTotals *totals)
{
  guint n = 0;

  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    n += totals->n_changes[i];
  return n;
}

static gboolean
is_finished (RollStatus status)
{
  return roll_status_is_final (status) && status != ROLL_STATUS_STOPPED;
}

static gboolean
compare_pair (Compare *compare, const RollMatchEntry *old, const RollMatchEntry *new, GError **error)
{
  RollCompareTotals *totals = compare->totals;
  guint n_before = count_changes (totals);
  g_autoptr (RollComputer) before = get_computer (&compare->sides[0], old, error);
  g_autoptr (RollComputer) after = before != NULL ? get_computer (&compare->sides[1], new, error) : NULL;

  if (after == NULL)
    return FALSE;
  totals->n_matched++;
  totals->n_unfinished += !is_finished (before->status) || !is_finished (after->status);
  if (roll_change_compare_computers (before, after, pass_on, compare) && before->classes_collected > 0
      && after->classes_collected > 0)
    {
      totals->n_inventory++;
      for (guint i = 0; i < N_COLLECTORS && !compare->ended; i++)
        if (!compare_class (compare, i, old, new, after, error))
          return FALSE;
    }
  totals->n_changed += count_changes (totals) > n_before;
  return TRUE;
}

/* A computer that only one scan has. */
static gboolean
tell_alone (Compare *compare, guint which, const RollMatchEntry *entry, GError **error)
{
  g_autoptr (RollComputer) computer = get_computer (&compare->sides[which], entry, error);
  const char *status;
  RollChange change;

  if (computer == NULL)
    return FALSE;
  status = roll_status_info ((int) computer->status)->id;
  change = (RollChange) { which == 0 ? ROLL_CHANGE_GONE : ROLL_CHANGE_NEW, computer, "status", NULL,
                          which == 0 ? status : NULL, which == 0 ? NULL : status };
  pass_on (&change, compare);
  return TRUE;
}

static gboolean
compare_entry (Compare *compare, guint which, guint place, GError **error)
{
  const RollMatchEntry *entry = &g_array_index (compare->sides[which].list->entries, RollMatchEntry, place);

  if (compare->progress != NULL)
    g_atomic_int_inc (&compare->progress->n_done);
  if (entry->partner == ROLL_MATCH_NONE)
    return tell_alone (compare, which, entry, error);
  if (which == 0) /* compared from the other side */
    return TRUE;
  return compare_pair (compare, &g_array_index (compare->sides[0].list->entries, RollMatchEntry, entry->partner), entry,
                       error);
}

static gboolean
compare_side (Compare *compare, guint which, GError **error)
{
  guint n = compare->sides[which].list->entries->len;

  for (guint i = 0; i < n && !compare->ended; i++)
    if (!compare_entry (compare, which, i, error) || g_cancellable_set_error_if_cancelled (compare->cancellable, error))
      return FALSE;
  return TRUE;
}

static gboolean
begin_progress (RollWorkProgress *progress, RollStore *store, gint64 before, gint64 after, GError **error)
{
  g_autoptr (RollScanInfo) old = roll_store_get_scan (store, before, error);
  g_autoptr (RollScanInfo) new = old != NULL ? roll_store_get_scan (store, after, error) : NULL;

  if (new != NULL)
    roll_work_progress_set (progress, 0, 2 * (old->n_targets + new->n_targets));
  return new != NULL;
}

gboolean
roll_compare_scans (RollStore *store, gint64 before, gint64 after, RollChangeFunc func, gpointer user_data,
                    RollWorkProgress *progress, GCancellable *cancellable, RollCompareTotals *ret_totals, GError **error)
{
  Compare compare = { .func = func, .user_data = user_data, .progress = progress, .cancellable = cancellable,
                      .totals = ret_totals };
  gboolean good;

  g_return_val_if_fail (ROLL_IS_STORE (store), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);
  g_return_val_if_fail (ret_totals != NULL, FALSE);

  *ret_totals = (RollCompareTotals) { 0 };
  good = begin_progress (progress, store, before, after, error)
         && side_init (&compare.sides[0], &compare, store, before, error)
         && side_init (&compare.sides[1], &compare, store, after, error);
  if (good)
    {
      ret_totals->n_before = compare.sides[0].list->entries->len;
      ret_totals->n_after = compare.sides[1].list->entries->len;
      ret_totals->n_by_name = roll_match_lists (compare.sides[0].list, compare.sides[1].list);
      good = compare_side (&compare, 1, error) && compare_side (&compare, 0, error);
    }
  side_clear (&compare.sides[0]);
  side_clear (&compare.sides[1]);
  return good;
}
