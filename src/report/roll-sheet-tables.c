/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-sheet.h"

#include "report/roll-change-texts.h"
#include "report/roll-sheet-private.h"
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

/* --- Cells that several tables have ---------------------------------------------------------------------- */

static void
add_plain (RollSheet *sheet, const char *text)
{
  roll_sheet_text (sheet, ROLL_PRIVATE_NOT, text, NULL);
}

static void
add_error (RollSheet *sheet, RollErrorNumber error)
{
  g_autofree char *text = error.space != ROLL_ERROR_SPACE_NONE ? roll_error_format (error) : NULL;

  add_plain (sheet, text);
  add_plain (sheet, text != NULL ? roll_error_name (error) : NULL);
}

/* The first columns of most tables. */
static void
add_place (RollSheet *sheet, const RollComputer *computer)
{
  roll_sheet_text (sheet, ROLL_PRIVATE_NAME, computer->target, computer);
  roll_sheet_address (sheet, &computer->address);
}

static const RollFacts no_facts = { 0 };

static const RollFacts *
facts_of (const RollComputer *computer)
{
  return computer->facts != NULL ? computer->facts : &no_facts;
}

/* --- Computers ------------------------------------------------------------------------------------------ */

void
roll_sheet_begin_computers (RollSheet *sheet)
{
  roll_sheet_set_columns (sheet, computer_columns, G_N_ELEMENTS (computer_columns), NULL);
}

static void
add_status (RollSheet *sheet, RollStatus status)
{
  const RollStatusInfo *info = roll_status_info ((int) status);

  if (status >= ROLL_STATUS_SUCCESS)
    roll_sheet_number (sheet, (gint64) status);
  else
    roll_sheet_empty (sheet);
  add_plain (sheet, info != NULL ? info->id : NULL);
  add_plain (sheet, info != NULL ? info->label : NULL);
}

static void
add_advice (RollSheet *sheet, RollStatus status, const RollCause *cause)
{
  const RollStatusPage *page = roll_status_is_failure (status) ? roll_causes_page (status) : NULL;
  const char *advice = NULL;

  if (cause != NULL && cause->n_fixes > 0)
    advice = cause->fixes[0].text;
  else if (page != NULL && page->n_fixes > 0)
    advice = page->fixes[0].text;
  add_plain (sheet, cause != NULL ? cause->text : NULL);
  add_plain (sheet, advice);
}

/* Credential to memory_bytes. */
static void
add_inventory (RollSheet *sheet, const RollComputer *computer, const RollFacts *facts)
{
  roll_sheet_text (sheet, ROLL_PRIVATE_ACCOUNT, computer->credential, computer);
  if (computer->classes_planned > 0)
    roll_sheet_number (sheet, computer->classes_collected);
  else
    roll_sheet_empty (sheet);
  roll_sheet_count (sheet, computer->classes_planned);
  roll_sheet_text (sheet, ROLL_PRIVATE_TEXT, facts->os, computer);
  roll_sheet_text (sheet, ROLL_PRIVATE_TEXT, facts->os_version, computer);
  roll_sheet_text (sheet, ROLL_PRIVATE_TEXT, facts->os_build, computer);
  roll_sheet_text (sheet, ROLL_PRIVATE_TEXT, facts->manufacturer, computer);
  roll_sheet_text (sheet, ROLL_PRIVATE_TEXT, facts->model, computer);
  roll_sheet_text (sheet, ROLL_PRIVATE_SERIAL, facts->serial_number, computer);
  roll_sheet_count (sheet, facts->processors);
  roll_sheet_count (sheet, facts->cores);
  roll_sheet_count (sheet, facts->memory_bytes);
}

void
roll_sheet_add_computer (RollSheet *sheet, const RollComputer *computer, const RollCause *cause)
{
  const RollFacts *facts;

  g_return_if_fail (sheet != NULL);
  g_return_if_fail (computer != NULL);

  facts = facts_of (computer);
  add_place (sheet, computer);
  roll_sheet_text (sheet, ROLL_PRIVATE_NAME, facts->computer_name, computer);
  roll_sheet_text (sheet, ROLL_PRIVATE_DOMAIN, facts->domain, computer);
  add_status (sheet, computer->status);
  add_plain (sheet, roll_step_id (computer->step));
  add_error (sheet, computer->error);
  roll_sheet_number (sheet, computer->attempts);
  add_inventory (sheet, computer, facts);
  roll_sheet_time (sheet, computer->started_at);
  if (computer->started_at != 0)
    roll_sheet_number (sheet, computer->duration_us / 1000);
  else
    roll_sheet_empty (sheet);
  add_advice (sheet, computer->status, cause);
  roll_sheet_end_row (sheet);
}

/* --- Steps ---------------------------------------------------------------------------------------------- */

void
roll_sheet_begin_steps (RollSheet *sheet)
{
  roll_sheet_set_columns (sheet, step_columns, G_N_ELEMENTS (step_columns), NULL);
}

void
roll_sheet_add_steps (RollSheet *sheet, const RollComputer *computer, const RollAttempt *attempt)
{
  g_return_if_fail (sheet != NULL);
  g_return_if_fail (computer != NULL);
  g_return_if_fail (attempt != NULL);

  for (guint i = 0; i < attempt->steps->len; i++)
    {
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i);

      add_place (sheet, computer);
      roll_sheet_number (sheet, attempt->number);
      add_plain (sheet, roll_step_id (record->step));
      roll_sheet_time (sheet, record->started_at);
      roll_sheet_number (sheet, record->duration_us);
      roll_sheet_text (sheet, ROLL_PRIVATE_ADDRESS, record->peer, computer);
      add_plain (sheet, roll_said_by_id (record->said_by));
      add_error (sheet, record->error);
      roll_sheet_text (sheet, ROLL_PRIVATE_DETAIL, record->detail, computer);
      roll_sheet_end_row (sheet);
    }
}

/* --- What was collected --------------------------------------------------------------------------------- */

void
roll_sheet_begin_collected (RollSheet *sheet, const char *collector, const char *const *columns)
{
  g_return_if_fail (sheet != NULL);
  g_return_if_fail (collector != NULL);
  g_return_if_fail (columns != NULL);

  roll_sheet_set_collector (sheet, collector);
  roll_sheet_set_columns (sheet, collected_columns, G_N_ELEMENTS (collected_columns), columns);
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
roll_sheet_add_collected (RollSheet *sheet, const RollComputer *computer, const RollRowSet *rows)
{
  g_autoptr (GArray) places = NULL;
  guint n_rows;

  g_return_if_fail (sheet != NULL);
  g_return_if_fail (computer != NULL);
  g_return_if_fail (rows != NULL);

  places = find_columns (rows, roll_sheet_get_more (sheet));
  n_rows = roll_row_set_get_n_rows (rows);
  for (guint row = 0; row < n_rows; row++)
    {
      add_place (sheet, computer);
      roll_sheet_text (sheet, ROLL_PRIVATE_NAME, facts_of (computer)->computer_name, computer);
      for (guint i = 0; i < places->len; i++)
        {
          int place = g_array_index (places, int, i);

          roll_sheet_value (sheet, roll_sheet_get_privacy (sheet, i),
                            place >= 0 ? roll_row_set_get (rows, row, (guint) place) : NULL, computer);
        }
      roll_sheet_end_row (sheet);
    }
}

/* --- What changed --------------------------------------------------------------------------------------- */

void
roll_sheet_begin_changes (RollSheet *sheet)
{
  roll_sheet_set_columns (sheet, change_columns, G_N_ELEMENTS (change_columns), NULL);
}

void
roll_sheet_add_change (RollSheet *sheet, const RollChange *change)
{
  g_auto (RollChangeTexts) texts = { 0 };

  g_return_if_fail (sheet != NULL);
  g_return_if_fail (change != NULL);

  roll_change_texts_init (&texts, change, roll_sheet_get_redactor (sheet));
  add_plain (sheet, roll_change_group_id (change->group));
  add_plain (sheet, texts.target);
  add_plain (sheet, texts.address);
  add_plain (sheet, texts.computer_name);
  add_plain (sheet, texts.field);
  add_plain (sheet, texts.item);
  add_plain (sheet, texts.before);
  add_plain (sheet, texts.after);
  roll_sheet_end_row (sheet);
}
