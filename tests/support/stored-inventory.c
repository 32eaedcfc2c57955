/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "codec/roll-row-set.h"
#include "inventory/roll-collectors.h"
#include "store/roll-store.h"

/*
 * stored-inventory DATABASE [COMPUTERS]: makes a database as a scan leaves it: pc1 with an inventory, pc2 with part of
 * one, pc3 refused; or of many like pc1.
 */

#define STARTED_AT G_GINT64_CONSTANT (1763795000123456)

static RollCimValue
text (const char *string)
{
  return (RollCimValue) { .type = ROLL_CIM_STRING, .null = string == NULL, .text = (char *) string };
}

/* @values: of the collector's first columns; the computer does not have the rest. */
static void
add_row (RollRowSet *rows, const RollCimValue *values, guint n_values)
{
  guint n;
  g_autofree RollCimValue *all = NULL;

  roll_row_set_get_columns (rows, &n);
  all = g_new0 (RollCimValue, n);
  memcpy (all, values, MIN (n, n_values) * sizeof *all);
  roll_row_set_add (rows, all);
}

static RollClassResult *
add_result (RollAttempt *attempt, const char *id, RollClassOutcome outcome)
{
  RollClassResult *result = roll_class_result_new (id);

  if (attempt->classes == NULL)
    attempt->classes = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_class_result_free);
  g_ptr_array_add (attempt->classes, result);
  result->outcome = outcome;
  result->started_at = attempt->started_at + 1000000;
  result->duration_us = 250000;
  return result;
}

static void
add_rows (RollAttempt *attempt, const char *id, const RollRowSet *rows)
{
  RollClassResult *result = add_result (attempt, id, ROLL_CLASS_COLLECTED);

  result->n_rows = roll_row_set_get_n_rows (rows);
  result->rows = roll_row_set_to_bytes (rows);
}

static void
add_failure (RollAttempt *attempt, const char *id, RollClassOutcome outcome, RollErrorNumber error)
{
  RollClassResult *result = add_result (attempt, id, outcome);

  result->step = ROLL_STEP_QUERY;
  result->error = error;
  result->said_by = error.space == ROLL_ERROR_SPACE_ENGINE ? ROLL_SAID_BY_NOBODY : ROLL_SAID_BY_PEER;
}

static void
collect_disks (RollAttempt *attempt)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (roll_collectors_find ("Win32_LogicalDisk")->columns);
  const RollCimValue disk[] = {
    text ("C:"), text (NULL), text ("NTFS"), { .type = ROLL_CIM_UINT64, .uint = G_MAXUINT64 },
    { .type = ROLL_CIM_UINT64, .null = TRUE }, { .type = ROLL_CIM_BOOLEAN, .sint = 0 },
  };

  add_row (rows, disk, G_N_ELEMENTS (disk));
  add_rows (attempt, "Win32_LogicalDisk", rows);
}

static void
collect_services (RollAttempt *attempt, guint n)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (roll_collectors_find ("Win32_Service")->columns);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("service%u", i);
      const RollCimValue service[] = { text (name), text ("Größe, “Ω”"), text (i % 2 == 0 ? "Running" : "Stopped") };

      add_row (rows, service, G_N_ELEMENTS (service));
    }
  add_rows (attempt, "Win32_Service", rows);
}

static void
collect_software (RollAttempt *attempt)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (roll_collectors_find ("software")->columns);
  const RollCimValue formula[] = { text ("SOFTWARE\\Uninstall\\Formula"), text ("=cmd|' /C calc'!A0"), text ("1.0"),
                                   text ("Quote \"Inc\", Ltd") };
  const RollCimValue control[] = { text ("SOFTWARE\\Uninstall\\Control"), text ("Red \x1b[31mHerring"), text (NULL) };

  add_row (rows, formula, G_N_ELEMENTS (formula));
  add_row (rows, control, G_N_ELEMENTS (control));
  add_rows (attempt, "software", rows);
}

static void
collect_systems (RollAttempt *attempt)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (roll_collectors_find ("Win32_OperatingSystem")->columns);
  const RollCollector *collector = roll_collectors_find ("Win32_OperatingSystem");
  g_autofree RollCimValue *system = g_new0 (RollCimValue, collector->n_properties);

  system[0] = text ("Майкрософт Windows 11 Pro");
  for (guint i = 0; i < collector->n_properties; i++)
    if (g_str_equal (collector->columns[i], "InstallDate"))
      system[i] = (RollCimValue) { .type = ROLL_CIM_DATETIME, .text = (char *) "20250102030405.000006+060" };
  add_row (rows, system, collector->n_properties);
  add_rows (attempt, "Win32_OperatingSystem", rows);
}

static RollComputer *
computer_new (guint ordinal, RollStatus status)
{
  g_autofree char *target = g_strdup_printf ("pc%u.corp.example", ordinal + 1);
  g_autofree char *address = g_strdup_printf ("10.0.%u.%u", (ordinal + 1) / 256, (ordinal + 1) % 256);
  RollComputer *computer = roll_computer_new (ordinal, target);

  roll_address_parse (address, &computer->address);
  computer->status = status;
  computer->attempts = 1;
  computer->started_at = STARTED_AT;
  computer->duration_us = 3000000;
  return computer;
}

static RollAttempt *
attempt_new (const RollComputer *computer)
{
  RollAttempt *attempt = roll_attempt_new (1);
  RollStepRecord *record = roll_attempt_add_step (attempt, ROLL_STEP_CONNECT);

  attempt->status = computer->status;
  attempt->started_at = record->started_at = computer->started_at;
  attempt->duration_us = computer->duration_us;
  record->error = computer->error;
  return attempt;
}

static void
post_full (RollJournal *journal, guint ordinal, guint n_services)
{
  RollComputer *computer = computer_new (ordinal, ROLL_STATUS_SUCCESS);
  RollAttempt *attempt = attempt_new (computer);

  computer->credential = g_strdup ("Domain admin");
  computer->classes_collected = 4;
  computer->classes_planned = 5;
  computer->facts = roll_facts_new ();
  computer->facts->computer_name = g_strdup_printf ("PC%u", ordinal + 1);
  computer->facts->domain = g_strdup ("corp.example");
  computer->facts->os = g_strdup ("Майкрософт Windows 11 Pro");
  computer->facts->os_version = g_strdup ("10.0.22631");
  computer->facts->os_build = g_strdup ("22631");
  computer->facts->manufacturer = g_strdup ("Contoso");
  computer->facts->model = g_strdup ("Desk 7");
  computer->facts->serial_number = g_strdup ("00042");
  computer->facts->processors = 1;
  computer->facts->cores = 8;
  computer->facts->memory_bytes = G_GUINT64_CONSTANT (17179869184);
  collect_systems (attempt);
  collect_services (attempt, n_services);
  collect_disks (attempt);
  collect_software (attempt);
  add_failure (attempt, "Win32_ServerFeature", ROLL_CLASS_FAILED,
               (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, 0x80041010 });
  add_failure (attempt, "Win32_Share", ROLL_CLASS_FAILED,
               (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, 0x80041003 });
  roll_journal_post_attempt (journal, computer, attempt);
}

static void
post_partial (RollJournal *journal)
{
  RollComputer *computer = computer_new (1, ROLL_STATUS_SUCCESS);
  RollAttempt *attempt = attempt_new (computer);

  computer->classes_collected = 1;
  computer->classes_planned = 2;
  collect_disks (attempt);
  add_failure (attempt, "Win32_Service", ROLL_CLASS_TIMED_OUT,
               (RollErrorNumber) { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG });
  roll_journal_post_attempt (journal, computer, attempt);
}

static void
post_refused (RollJournal *journal)
{
  RollComputer *computer = computer_new (2, ROLL_STATUS_CONNECTION_REFUSED);

  computer->step = ROLL_STEP_CONNECT;
  computer->error = (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, 111 };
  roll_journal_post_attempt (journal, computer, attempt_new (computer));
}

int
main (int argc, char **argv)
{
  guint n = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : 0;
  const char *range[] = { "10.0.0.0/16", NULL };
  const char *names[] = { "pc1.corp.example", "pc2.corp.example", "pc3.corp.example", NULL };
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_store_open (argv[1], FALSE, &error);
  RollJournal *journal;

  g_assert_no_error (error);
  info->name = g_strdup ("Stored");
  info->n_targets = n > 0 ? n : 3;
  roll_store_add_scan (store, info, n > 0 ? range : names, NULL, NULL, &error);
  g_assert_no_error (error);
  journal = roll_store_begin (store, info->id, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    post_full (journal, i, 230);
  if (n == 0)
    {
      post_full (journal, 0, 3);
      post_partial (journal);
      post_refused (journal);
    }
  roll_journal_end (journal, ROLL_SCAN_FINISHED, &error);
  g_assert_no_error (error);
  return 0;
}
