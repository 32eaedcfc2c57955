/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-csv.h"

#include "status/roll-causes.h"

static const char *const computer_columns[] = {
  "target",        "address",           "computer_name",   "domain",     "status_code",  "status_id",
  "status",        "step",              "error",           "error_name", "attempts",     "credential",
  "classes_collected", "classes_planned", "os",            "os_version", "os_build",     "manufacturer",
  "model",         "serial_number",     "processors",      "cores",      "memory_bytes", "started_at",
  "duration_ms",   "likely_cause",      "advice",
};

static const char *const step_columns[] = {
  "target", "address", "attempt", "step",       "started_at", "duration_us",
  "peer",   "said_by", "error",   "error_name", "detail",
};

static const char *const change_columns[] = {
  "group", "target", "address", "computer_name", "field", "item", "before", "after",
};

/* Of the computer, before the collector's own. */
static const char *const collected_columns[] = { "target", "address", "computer_name" };

/* --- Cells that both tables have ------------------------------------------------------------------------ */

static void
cell_time (RollCsv *csv, gint64 us)
{
  char buffer[ROLL_TIME_STRLEN];

  roll_csv_cell (csv, roll_time_print_utc (us, buffer));
}

static void
cell_address (RollCsv *csv, const RollAddress *address)
{
  char buffer[ROLL_ADDRESS_STRLEN];

  roll_csv_cell (csv, roll_address_format (address, buffer));
}

static void
cells_error (RollCsv *csv, RollErrorNumber error)
{
  g_autofree char *text = error.space != ROLL_ERROR_SPACE_NONE ? roll_error_format (error) : NULL;

  roll_csv_cell (csv, text);
  roll_csv_cell (csv, text != NULL ? roll_error_name (error) : NULL);
}

/* Zero: not known. */
static void
cell_count (RollCsv *csv, guint64 count)
{
  char digits[24] = "";

  if (count > 0)
    g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, count);
  roll_csv_cell_plain (csv, digits);
}

static void
cells_titles (RollCsv *csv, const char *const *columns, guint n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    roll_csv_cell (csv, columns[i]);
}

static void
write_header (RollCsv *csv, const char *const *columns, guint n_columns)
{
  cells_titles (csv, columns, n_columns);
  roll_csv_end_row (csv);
}

/* --- Computers ------------------------------------------------------------------------------------------ */

void
roll_csv_computers_header (RollCsv *csv)
{
  write_header (csv, computer_columns, G_N_ELEMENTS (computer_columns));
}

static void
cells_status (RollCsv *csv, RollStatus status)
{
  const RollStatusInfo *info = roll_status_info ((int) status);

  if (status >= ROLL_STATUS_SUCCESS)
    roll_csv_cell_number (csv, (gint64) status);
  else
    roll_csv_cell (csv, NULL);
  roll_csv_cell (csv, info != NULL ? info->id : NULL);
  roll_csv_cell (csv, info != NULL ? info->label : NULL);
}

/* The likeliest cause, and what to do about it or, when it has no fix of its own, about the status. */
static void
cells_advice (RollCsv *csv, RollStatus status)
{
  const RollStatusPage *page = roll_status_is_failure (status) ? roll_causes_page (status) : NULL;
  const RollCause *cause = page != NULL && page->n_causes > 0 ? &page->causes[0] : NULL;
  const char *advice = NULL;

  if (cause != NULL && cause->n_fixes > 0)
    advice = cause->fixes[0].text;
  else if (page != NULL && page->n_fixes > 0)
    advice = page->fixes[0].text;
  roll_csv_cell (csv, cause != NULL ? cause->text : NULL);
  roll_csv_cell (csv, advice);
}

/* Credential to memory_bytes. */
static void
cells_inventory (RollCsv *csv, const RollComputer *computer, const RollFacts *facts)
{
  roll_csv_cell (csv, computer->credential);
  if (computer->classes_planned > 0)
    roll_csv_cell_number (csv, computer->classes_collected);
  else
    roll_csv_cell (csv, NULL);
  cell_count (csv, computer->classes_planned);
  roll_csv_cell (csv, facts->os);
  roll_csv_cell (csv, facts->os_version);
  roll_csv_cell (csv, facts->os_build);
  roll_csv_cell (csv, facts->manufacturer);
  roll_csv_cell (csv, facts->model);
  roll_csv_cell (csv, facts->serial_number);
  cell_count (csv, facts->processors);
  cell_count (csv, facts->cores);
  cell_count (csv, facts->memory_bytes);
}

static const RollFacts no_facts = { 0 };

void
roll_csv_computers_row (RollCsv *csv, RollComputer *computer)
{
  const RollFacts *facts;

  g_return_if_fail (csv != NULL);
  g_return_if_fail (computer != NULL);

  facts = computer->facts != NULL ? computer->facts : &no_facts;
  roll_csv_cell (csv, computer->target);
  cell_address (csv, &computer->address);
  roll_csv_cell (csv, facts->computer_name);
  roll_csv_cell (csv, facts->domain);
  cells_status (csv, computer->status);
  roll_csv_cell (csv, roll_step_id (computer->step));
  cells_error (csv, computer->error);
  roll_csv_cell_number (csv, computer->attempts);
  cells_inventory (csv, computer, facts);
  cell_time (csv, computer->started_at);
  if (computer->started_at != 0)
    roll_csv_cell_number (csv, computer->duration_us / 1000);
  else
    roll_csv_cell (csv, NULL);
  cells_advice (csv, computer->status);
  roll_csv_end_row (csv);
}

/* --- Steps ---------------------------------------------------------------------------------------------- */

void
roll_csv_steps_header (RollCsv *csv)
{
  write_header (csv, step_columns, G_N_ELEMENTS (step_columns));
}

void
roll_csv_steps_rows (RollCsv *csv, RollComputer *computer, const RollAttempt *attempt)
{
  g_return_if_fail (csv != NULL);
  g_return_if_fail (computer != NULL);
  g_return_if_fail (attempt != NULL);

  for (guint i = 0; i < attempt->steps->len; i++)
    {
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i);

      roll_csv_cell (csv, computer->target);
      cell_address (csv, &computer->address);
      roll_csv_cell_number (csv, attempt->number);
      roll_csv_cell (csv, roll_step_id (record->step));
      cell_time (csv, record->started_at);
      roll_csv_cell_number (csv, record->duration_us);
      roll_csv_cell (csv, record->peer);
      roll_csv_cell (csv, roll_said_by_id (record->said_by));
      cells_error (csv, record->error);
      roll_csv_cell (csv, record->detail);
      roll_csv_end_row (csv);
    }
}

/* --- What was collected --------------------------------------------------------------------------------- */

void
roll_csv_collected_header (RollCsv *csv, const char *const *columns)
{
  g_return_if_fail (csv != NULL);
  g_return_if_fail (columns != NULL);

  cells_titles (csv, collected_columns, G_N_ELEMENTS (collected_columns));
  write_header (csv, columns, g_strv_length ((char **) columns));
}

static gboolean
is_number (guint16 type)
{
  return type == ROLL_CIM_SINT8 || type == ROLL_CIM_SINT16 || type == ROLL_CIM_SINT32 || type == ROLL_CIM_SINT64 ||
         type == ROLL_CIM_REAL32 || type == ROLL_CIM_REAL64;
}

static void
cell_value (RollCsv *csv, const RollCimValue *value)
{
  g_autofree char *text = NULL;

  if (value == NULL || value->type == ROLL_CIM_NONE || value->null)
    {
      roll_csv_cell (csv, NULL);
      return;
    }
  text = roll_cim_value_to_text (value);
  if (is_number (value->type))
    roll_csv_cell_plain (csv, text);
  else
    roll_csv_cell (csv, text);
}

/* By name: rows that were collected by an older version may have other columns. */
static GArray *
find_columns (const RollRowSet *rows, const char *const *columns)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (int));

  for (guint i = 0; columns[i] != NULL; i++)
    {
      int place = roll_row_set_find_column (rows, columns[i]);

      g_array_append_val (places, place);
    }
  return places;
}

void
roll_csv_collected_rows (RollCsv *csv, RollComputer *computer, const RollRowSet *rows, const char *const *columns)
{
  g_autoptr (GArray) places = NULL;
  guint n_rows;

  g_return_if_fail (csv != NULL);
  g_return_if_fail (computer != NULL);
  g_return_if_fail (rows != NULL);
  g_return_if_fail (columns != NULL);

  places = find_columns (rows, columns);
  n_rows = roll_row_set_get_n_rows (rows);
  for (guint row = 0; row < n_rows; row++)
    {
      roll_csv_cell (csv, computer->target);
      cell_address (csv, &computer->address);
      roll_csv_cell (csv, computer->facts != NULL ? computer->facts->computer_name : NULL);
      for (guint i = 0; i < places->len; i++)
        {
          int place = g_array_index (places, int, i);

          cell_value (csv, place >= 0 ? roll_row_set_get (rows, row, (guint) place) : NULL);
        }
      roll_csv_end_row (csv);
    }
}

/* --- What changed --------------------------------------------------------------------------------------- */

void
roll_csv_changes_header (RollCsv *csv)
{
  write_header (csv, change_columns, G_N_ELEMENTS (change_columns));
}

void
roll_csv_changes_row (RollCsv *csv, const RollChange *change)
{
  const RollComputer *computer;

  g_return_if_fail (csv != NULL);
  g_return_if_fail (change != NULL);

  computer = change->computer;
  roll_csv_cell (csv, roll_change_group_id (change->group));
  roll_csv_cell (csv, computer->target);
  cell_address (csv, &computer->address);
  roll_csv_cell (csv, computer->facts != NULL ? computer->facts->computer_name : NULL);
  roll_csv_cell (csv, change->field);
  roll_csv_cell (csv, change->item);
  roll_csv_cell (csv, change->before);
  roll_csv_cell (csv, change->after);
  roll_csv_end_row (csv);
}
