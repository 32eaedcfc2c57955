/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-tally-table.h"

#include <string.h>

#define MAX_KEYS 20000

struct _RollTallyTable
{
  GHashTable *rows;
  RollTallyRow rest;
};

static void
row_free (gpointer data)
{
  RollTallyRow *row = data;

  g_free (row->key);
  g_free (row);
}

RollTallyTable *
roll_tally_table_new (void)
{
  RollTallyTable *self = g_new0 (RollTallyTable, 1);

  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, row_free);
  return self;
}

void
roll_tally_table_free (RollTallyTable *self)
{
  g_hash_table_unref (self->rows);
  g_free (self);
}

void
roll_tally_table_add (RollTallyTable *self, const char *key, RollStatus status)
{
  RollTallyRow *row;

  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  row = g_hash_table_lookup (self->rows, key);
  if (row == NULL && g_hash_table_size (self->rows) >= MAX_KEYS)
    row = &self->rest;
  if (row == NULL)
    {
      row = g_new0 (RollTallyRow, 1);
      row->key = g_strdup (key);
      g_hash_table_insert (self->rows, row->key, row);
    }
  row->counts[roll_status_look_index (status)]++;
  row->total++;
  row->failed += roll_status_is_failure (status);
}

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const RollTallyRow *first = *(const RollTallyRow *const *) a;
  const RollTallyRow *second = *(const RollTallyRow *const *) b;

  if (first->failed != second->failed)
    return first->failed < second->failed ? 1 : -1;
  if (first->total != second->total)
    return first->total < second->total ? 1 : -1;
  return strcmp (first->key, second->key);
}

static void
add_up (RollTallyRow *sum, const RollTallyRow *row)
{
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    sum->counts[i] += row->counts[i];
  sum->total += row->total;
  sum->failed += row->failed;
}

GPtrArray *
roll_tally_table_top (RollTallyTable *self, guint n, RollTallyRow *ret_rest, guint *ret_n_rest)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, NULL, &row))
    {
      RollTallyRow *copy = g_memdup2 (row, sizeof *copy);

      copy->key = g_strdup (copy->key);
      g_ptr_array_add (rows, copy);
    }
  g_ptr_array_sort (rows, compare_rows);
  *ret_rest = self->rest;
  *ret_n_rest = rows->len > n ? rows->len - n : 0;
  for (guint i = n; i < rows->len; i++)
    add_up (ret_rest, g_ptr_array_index (rows, i));
  if (rows->len > n)
    g_ptr_array_set_size (rows, (gint) n);
  return rows;
}

char *
roll_subnet_label (const RollAddress *address)
{
  RollAddress network = *address;
  guint kept = address->family == AF_INET ? 3 : 8;
  char text[ROLL_ADDRESS_STRLEN];

  if (address->family == AF_UNSPEC)
    return g_strdup ("");
  memset (network.bytes + kept, 0, sizeof network.bytes - kept);
  network.scope_id = 0;
  return g_strdup_printf ("%s/%u", roll_address_format (&network, text), kept * 8);
}
