/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "report/roll-csv-reader.h"
#include "scan/roll-target-list-private.h"

/* What columns of computers are called, the most telling first. */
static const char *const known_names[] = {
  "dnshostname", "fqdn", "dns name", "dnsname", "hostname", "host name", "computername", "computer name", "computer",
  "host", "machine", "server", "device", "rechnername", "computername (fqdn)", "name", "ip address", "ipaddress",
  "ipv4address", "ipv4", "ip", "address",
};

static gboolean
fail_as_file (GError **error, GError *wrong)
{
  g_set_error_literal (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE, wrong->message);
  g_error_free (wrong);
  return FALSE;
}

/* --- A look at a table --- */

static char **
copy_row (RollCsvReader *reader)
{
  guint n = roll_csv_reader_get_n_cells (reader);
  char **row = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    row[i] = g_strdup (roll_csv_reader_get_cell (reader, i));
  return row;
}

/* All rows with as many cells as the widest. */
static void
fill_up (RollTargetTable *table)
{
  for (guint i = 0; i < table->rows->len; i++)
    table->n_columns = MAX (table->n_columns, g_strv_length (table->rows->pdata[i]));
  for (guint i = 0; i < table->rows->len; i++)
    {
      char **row = table->rows->pdata[i];
      guint n = g_strv_length (row);

      row = g_renew (char *, row, table->n_columns + 1);
      for (; n < table->n_columns; n++)
        row[n] = g_strdup ("");
      row[n] = NULL;
      table->rows->pdata[i] = row;
    }
}

/* 0: it is none of them */
static guint
rank_name (const char *text)
{
  g_autofree char *folded = g_utf8_strdown (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (known_names); i++)
    if (strcmp (folded, known_names[i]) == 0)
      return G_N_ELEMENTS (known_names) - i;
  return 0;
}

/* 0: no target; 1: a word that could be one; more: certainly meant as one */
static guint
rank_cell (const char *text)
{
  RollTargetEntry entry;

  if (!roll_target_entry_parse (text, strlen (text), ROLL_TARGET_INCLUDE, &entry, NULL))
    return 0;
  if (entry.kind == ROLL_TARGET_ENTRY_ADDRESSES)
    return 4;
  return strchr (text, '.') != NULL ? 4 : 1;
}

static gboolean
looks_like_header (const RollTargetTable *table)
{
  char **first;
  gboolean full = TRUE;

  if (table->rows->len < 2)
    return FALSE;
  first = table->rows->pdata[0];
  for (guint i = 0; i < table->n_columns; i++)
    if (rank_name (first[i]) > 0)
      return TRUE;
  for (guint i = 0; i < table->n_columns; i++)
    {
      if (rank_cell (first[i]) > 1)
        return FALSE;
      full = full && *first[i] != '\0';
    }
  return full && table->n_columns > 1;
}

static guint
find_best (const RollTargetTable *table)
{
  guint best = 0, most = 0;

  for (guint column = 0; column < table->n_columns; column++)
    {
      guint score = 0;

      for (guint i = table->has_header ? 1 : 0; i < table->rows->len; i++)
        score += rank_cell (((char **) table->rows->pdata[i])[column]);
      if (table->has_header && score > 0)
        score += 100 * rank_name (((char **) table->rows->pdata[0])[column]);
      if (score <= most)
        continue;
      most = score;
      best = column;
    }
  return best;
}

RollTargetTable *
roll_target_table_look_at (const char *text, gsize length, GError **error)
{
  g_autoptr (RollTargetTable) table = g_new0 (RollTargetTable, 1);
  g_autoptr (GError) wrong = NULL;
  g_autoptr (RollCsvReader) reader = roll_csv_reader_new (text, length, 0, &wrong);

  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  while (reader != NULL && table->rows->len < ROLL_TARGET_TABLE_ROWS && roll_csv_reader_next (reader, &wrong))
    g_ptr_array_add (table->rows, copy_row (reader));
  if (wrong != NULL && table->rows->len == 0)
    {
      fail_as_file (error, g_steal_pointer (&wrong));
      return NULL;
    }
  fill_up (table);
  table->delimiter = roll_csv_reader_get_delimiter (reader);
  table->has_header = looks_like_header (table);
  table->best = find_best (table);
  return g_steal_pointer (&table);
}

RollTargetTable *
roll_target_table_look (const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  RollTargetTable *table = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (roll_target_read_file (path, bytes, error))
    table = roll_target_table_look_at ((const char *) bytes->data, bytes->len, error);
  if (table == NULL)
    roll_target_prefix_path (error, path);
  return table;
}

void
roll_target_table_free (RollTargetTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->rows);
  g_free (table);
}

/* --- Which column --- */

/* The first cell of that name; -1: none */
static int
find_name (const char *const *cells, guint n, const char *name)
{
  g_autofree char *wanted = g_utf8_casefold (name, -1);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *cell = g_utf8_casefold (cells[i], -1);

      if (strcmp (cell, wanted) == 0)
        return (int) i;
    }
  return -1;
}

/* A name counts before a number that is the same. */
static gboolean
find_column (const char *const *cells, guint n, const char *column, guint *ret_column, gboolean *ret_header)
{
  int named = find_name (cells, n, column);
  guint64 number;

  *ret_header = named >= 0;
  if (named < 0 && (n == 0 || !g_ascii_string_to_unsigned (column, 10, 1, n, &number, NULL)))
    return FALSE;
  *ret_column = named >= 0 ? (guint) named : (guint) number - 1;
  return TRUE;
}

char *
roll_target_table_column (const RollTargetTable *table, guint column, gboolean with_header)
{
  char **first;

  g_return_val_if_fail (table != NULL && column < MAX (table->n_columns, 1), NULL);

  first = table->rows->len > 0 ? table->rows->pdata[0] : NULL;
  if (with_header && first != NULL && *first[column] != '\0' && find_name ((const char *const *) first, table->n_columns, first[column]) == (int) column)
    return g_strdup (first[column]);
  return g_strdup_printf ("%u", column + 1);
}

gboolean
roll_target_table_find (const RollTargetTable *table, const char *column, guint *ret_column, gboolean *ret_with_header)
{
  const char *const *first;

  g_return_val_if_fail (table != NULL && column != NULL, FALSE);

  first = table->rows->len > 0 ? table->rows->pdata[0] : NULL;
  return find_column (first, first != NULL ? table->n_columns : 0, column, ret_column, ret_with_header);
}

static gboolean
fail_column (RollCsvReader *reader, const char *column, GError **error)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (roll_csv_reader_get_n_cells (reader), 20); i++)
    {
      const char *cell = roll_csv_reader_get_cell (reader, i);
      g_autofree char *name = roll_target_shorten (cell, strlen (cell));

      g_string_append_printf (names, "%s“%s”", i > 0 ? ", " : "", name);
    }
  g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE,
               /* Translators: the name of a column that is not there, those that are */
               _("There is no column “%s”. Its first row has %s. Choose one of these, or a number from 1 on."), column,
               names->str);
  g_string_free (names, TRUE);
  return FALSE;
}

/* The first row is the current one. @ret_header: whether it is the names */
static gboolean
choose_column (RollCsvReader *reader, const char *column, guint *ret_column, gboolean *ret_header, GError **error)
{
  g_autofree char *name = g_strstrip (g_strdup (column));
  const char *cells[ROLL_CSV_COLUMNS_MAX] = { NULL };
  guint n = roll_csv_reader_get_n_cells (reader);

  for (guint i = 0; i < n; i++)
    cells[i] = roll_csv_reader_get_cell (reader, i);
  return find_column (cells, n, name, ret_column, ret_header) || fail_column (reader, name, error);
}

/* --- Its targets --- */

typedef struct
{
  RollTargetList *list;
  GPtrArray *problems; /* (nullable) */
  guint n_right;
  guint n_wrong;
} Reading;

static gboolean
take_cell (Reading *reading, const char *cell, guint line, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  RollTargetEntry entry;
  gsize length = strlen (cell);

  if (length == 0)
    return TRUE;
  if (roll_target_entry_parse (cell, length, ROLL_TARGET_INCLUDE, &entry, &wrong))
    {
      reading->n_right++;
      if (roll_target_list_add_entry (reading->list, &entry, &wrong))
        return TRUE;
      g_propagate_prefixed_error (error, g_steal_pointer (&wrong), _("Line %u: "), line);
      return FALSE;
    }
  reading->n_wrong++;
  if (reading->problems != NULL)
    g_ptr_array_add (reading->problems, roll_target_problem_new (line, cell, length, wrong->message));
  if (reading->n_wrong <= ROLL_TARGETS_PROBLEMS_MAX)
    return TRUE;
  g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE,
               _("More than %'d cells are wrong: this is not a column of computers. Choose another one."),
               ROLL_TARGETS_PROBLEMS_MAX);
  return FALSE;
}

static gboolean
read_column (Reading *reading, RollCsvReader *reader, const char *name, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  gboolean header;
  guint column;

  if (!roll_csv_reader_next (reader, &wrong))
    {
      if (wrong != NULL)
        return fail_as_file (error, g_steal_pointer (&wrong));
      g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE, _("There is nothing in it."));
      return FALSE;
    }
  if (!choose_column (reader, name, &column, &header, error))
    return FALSE;
  if (!header && !take_cell (reading, roll_csv_reader_get_cell (reader, column), roll_csv_reader_get_line (reader), error))
    return FALSE;
  while (roll_csv_reader_next (reader, &wrong))
    if (!take_cell (reading, roll_csv_reader_get_cell (reader, column), roll_csv_reader_get_line (reader), error))
      return FALSE;
  if (wrong != NULL)
    return fail_as_file (error, g_steal_pointer (&wrong));
  if (reading->n_right + reading->n_wrong > 0)
    return TRUE;
  g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE,
               _("There is nothing in the column “%s”. Choose another one."), name);
  return FALSE;
}

gboolean
roll_target_list_add_table_text (RollTargetList *self, const char *text, gsize length, const char *column,
                                 GPtrArray *problems, GError **error)
{
  Reading reading = { .list = self, .problems = problems };
  g_autoptr (RollCsvReader) reader = NULL;
  g_autoptr (GError) wrong = NULL;
  RollTargetMark mark;

  g_return_val_if_fail (self != NULL && column != NULL, FALSE);

  reader = roll_csv_reader_new (text, length, 0, &wrong);
  if (reader == NULL)
    return fail_as_file (error, g_steal_pointer (&wrong));
  roll_target_list_mark (self, &mark);
  if (read_column (&reading, reader, column, error))
    return TRUE;
  roll_target_list_return_to (self, &mark);
  return FALSE;
}

gboolean
roll_target_list_add_table (RollTargetList *self, const char *path, const char *column, GPtrArray *problems,
                            GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_return_val_if_fail (self != NULL && path != NULL && column != NULL, FALSE);

  if (roll_target_read_file (path, bytes, error)
      && roll_target_list_add_table_text (self, (const char *) bytes->data, bytes->len, column, problems, error))
    return TRUE;
  roll_target_prefix_path (error, path);
  return FALSE;
}
