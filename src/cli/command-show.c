/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-check-file.h"
#include "cli/roll-collected.h"
#include "cli/roll-database.h"
#include "cli/roll-evidence.h"
#include "cli/roll-page.h"
#include "cli/roll-summary.h"
#include "cli/roll-terminal.h"
#include "scan/roll-scan.h"

#define MAX_SHOWN 20 /* a thousand names may have one address */

/* @collector: (nullable): whose rows are wanted, instead of the whole story; @check: (nullable): the check script's output */
typedef struct
{
  RollStore *store;
  RollScanInfo *info;
  const char *database; /* (nullable): as given */
  const RollCollector *collector;
  gboolean as_json;
  const RollSurroundings *surroundings; /* (nullable) where rows are wanted */
  const char *check;
} Show;

/* What is told of one computer. */
typedef struct
{
  const RollDiagnosis *diagnosis;
  GPtrArray *attempts;
  GPtrArray *classes;
  GPtrArray *rounds;
  GPtrArray *findings;
} Story;

static void
print_head (const Show *show, const RollComputer *computer)
{
  char address[ROLL_ADDRESS_STRLEN];
  g_autofree char *error = roll_evidence_error_text (computer->error);
  g_autofree char *status = roll_scan_status_text (computer, roll_scan_options_retries_of (show->info->options));

  roll_address_format (&computer->address, address);
  g_autofree char *title = *address && !g_str_equal (address, computer->target)
                               ? g_strdup_printf ("%s  %s", computer->target, address)
                               : g_strdup (computer->target);
  roll_terminal_heading (stdout, title);
  roll_summary_print_head (stdout, show->info);
  fputc ('\n', stdout);
  roll_page_print_title (stdout, roll_status_info ((int) computer->status), status);
  if (*error)
    roll_terminal_print (stdout, _ ("Stopped at: %s (%s)"), roll_step_label (computer->step), error);
}

static void
print_earlier (GPtrArray *rounds)
{
  if (rounds->len == 0)
    return;
  fputc ('\n', stdout);
  roll_terminal_heading (stdout, ngettext ("Earlier test", "Earlier tests", rounds->len));
  for (guint i = rounds->len; i-- > 0;)
    {
      const RollComputer *then = ((RollStoreRound *) g_ptr_array_index (rounds, i))->computer;
      g_autofree char *when = roll_terminal_time (then->started_at);
      g_autofree char *error = roll_evidence_error_text (then->error);

      roll_terminal_print (stdout, *error ? "  %s  %s (%s)" : "  %s  %s", when, roll_status_label (then->status), error);
    }
}

static void
json_earlier (RollJson *json, GPtrArray *rounds)
{
  roll_json_begin_array (json, "earlier_list");
  for (guint i = 0; i < rounds->len; i++)
    {
      const RollComputer *then = ((RollStoreRound *) g_ptr_array_index (rounds, i))->computer;

      roll_json_begin_object (json, NULL);
      roll_json_status (json, then->status);
      roll_json_error (json, then->error);
      roll_json_number (json, "attempts", then->attempts);
      roll_json_time (json, "started_at", then->started_at);
      roll_json_end_object (json);
    }
  roll_json_end_array (json);
}

static void
print_text (const Show *show, const Story *story)
{
  const RollComputer *computer = story->diagnosis->computer;

  print_head (show, computer);
  roll_collected_print (stdout, computer, story->classes);
  roll_evidence_print (stdout, story->attempts);
  print_earlier (story->rounds);
  roll_check_file_print (stdout, story->findings);
  roll_page_print_short (stdout, story->diagnosis);
  if (!roll_causes_page (computer->status))
    return;
  fputc ('\n', stdout);
  roll_terminal_print (stdout, _ ("The whole page: %s explain %d"), g_get_prgname (), (int) computer->status);
}

static void
json_hints (RollJson *json, const char *key, GPtrArray *hints)
{
  roll_json_begin_array (json, key);
  for (guint i = 0; i < hints->len; i++)
    roll_json_string (json, NULL, ((const RollEvidenceHint *) g_ptr_array_index (hints, i))->text);
  roll_json_end_array (json);
}

static void
json_missing (RollJson *json, GArray *missing)
{
  roll_json_begin_array (json, "not_known");
  for (guint i = 0; i < missing->len; i++)
    roll_json_string (json, NULL, roll_fact_info (g_array_index (missing, RollFactId, i))->name);
  roll_json_end_array (json);
}

static void
json_causes (RollJson *json, const RollDiagnosis *diagnosis)
{
  const RollStatusPage *page = roll_causes_page (diagnosis->computer->status);
  guint n = roll_page_is_well (diagnosis->computer) ? 0 : diagnosis->ranked->len;

  roll_json_string (json, "meaning", page ? page->meaning : NULL);
  roll_json_begin_array (json, "causes");
  for (guint i = 0; i < n; i++)
    {
      const RollRankedCause *ranked = g_ptr_array_index (diagnosis->ranked, i);

      roll_json_begin_object (json, NULL);
      roll_json_string (json, "id", ranked->cause->id);
      roll_json_string (json, "likelihood", roll_likelihood_id (ranked->likelihood));
      roll_json_string (json, "prior", roll_prior_id (ranked->cause->prior));
      roll_json_string (json, "text", ranked->cause->text);
      json_hints (json, "speaks_for", ranked->speaks_for);
      json_hints (json, "speaks_against", ranked->speaks_against);
      json_missing (json, ranked->missing);
      roll_json_end_object (json);
    }
  roll_json_end_array (json);
}

static void
json_facts (RollJson *json, const RollFactSet *facts)
{
  roll_json_begin_array (json, "facts");
  for (guint i = 0; i < ROLL_N_FACTS; i++)
    {
      g_autofree char *text = roll_fact_set_format (facts, (RollFactId) i);

      if (*text)
        roll_json_string (json, NULL, text);
    }
  roll_json_end_array (json);
}

static void
print_json (const Show *show, const Story *story)
{
  g_autoptr (RollJson) json = roll_json_new ();

  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "computer");
  roll_json_computer (json, show->info->id, story->diagnosis->computer);
  roll_collected_json (json, story->classes);
  roll_evidence_json (json, story->attempts);
  json_earlier (json, story->rounds);
  roll_check_file_json (json, story->findings);
  json_causes (json, story->diagnosis);
  json_facts (json, story->diagnosis->facts);
  roll_json_end_object (json);
  roll_json_flush_line (json);
}

static gboolean
print_rows (const Show *show, const RollComputer *computer, GPtrArray *classes, GError **error)
{
  char address[ROLL_ADDRESS_STRLEN];
  g_autoptr (RollJson) json = roll_json_new ();

  if (!show->as_json)
    {
      print_head (show, computer);
      return roll_collected_print_rows (stdout, show->collector, classes, error);
    }
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "collected");
  roll_json_number (json, "scan", show->info->id);
  roll_json_string (json, "target", computer->target);
  roll_json_string (json, "address", roll_address_format (&computer->address, address));
  if (!roll_collected_json_rows (json, show->collector, classes, error))
    return FALSE;
  roll_json_end_object (json);
  roll_json_flush_line (json);
  return TRUE;
}

static gboolean
show_one (const Show *show, RollComputer *computer, GError **error)
{
  g_autoptr (GPtrArray) classes =
      roll_store_get_classes (show->store, show->info->id, computer->ordinal, error);

  if (!classes)
    return FALSE;
  if (show->collector)
    return print_rows (show, computer, classes, error);
  g_autoptr (GPtrArray) attempts =
      roll_store_get_attempts (show->store, show->info->id, computer->ordinal, error);
  g_autoptr (GPtrArray) rounds =
      attempts ? roll_store_get_rounds (show->store, show->info->id, computer->ordinal, error) : NULL;
  g_autoptr (GPtrArray) findings =
      rounds ? roll_store_get_findings (show->store, show->info->id, computer->ordinal, error) : NULL;
  if (!findings)
    return FALSE;
  g_autoptr (RollDiagnosis) diagnosis =
      roll_diagnosis_new (computer, attempts, classes, findings, show->surroundings);
  const Story story = { diagnosis, attempts, classes, rounds, findings };
  if (show->as_json)
    print_json (show, &story);
  else
    print_text (show, &story);
  return TRUE;
}

static gboolean
is_target (const RollTarget *target, const char *text, const RollAddress *address)
{
  if (address->family != AF_UNSPEC)
    return roll_address_equal (&target->address, address);
  return g_ascii_strcasecmp (target->text, text) == 0;
}

/* A computer that was not reached yet has no row, but it is part of the scan. */
static RollComputer *
find_unreached (const Show *show, const char *text, GError **error)
{
  RollAddress address = { 0 };
  RollTargetIter iter;
  RollTarget target;
  g_autofree char *with = roll_database_hint (show->database);
  g_autoptr (RollTargetList) targets = roll_scan_load_targets (show->store, show->info->id, error);

  if (!targets)
    return NULL;
  roll_address_parse (text, &address);
  roll_target_iter_init (&iter, targets, 0);
  while (roll_target_iter_next (&iter, &target))
    if (is_target (&target, text, &address))
      {
        g_autoptr (GHashTable) directory = roll_store_get_directory (show->store, show->info->id, error);
        return directory ? roll_scan_make_untouched (&target, directory) : NULL;
      }
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
               _ ("“%s” is not part of scan %lld (%s). “%s list%s” shows the other scans."), text,
               (long long) show->info->id, show->info->name, g_get_prgname (), with);
  return NULL;
}

/* (transfer full) (element-type RollComputer): at least one, or NULL with @error */
static GPtrArray *
find (const Show *show, const char *text, GError **error)
{
  g_autoptr (GPtrArray) found = roll_store_find_computers (show->store, show->info->id, text, error);

  if (!found)
    return NULL;
  if (found->len == 0)
    {
      RollComputer *computer = find_unreached (show, text, error);
      if (!computer)
        return NULL;
      g_ptr_array_add (found, computer);
    }
  return g_steal_pointer (&found);
}

static RollExit
show_all (const Show *show, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = find (show, text, &error);
  g_autofree char *with = roll_database_hint (show->database);

  if (!found || (show->check && !roll_check_file_store (show->check, show->store, show->info->id, found, &error)))
    return roll_database_failed (error);
  for (guint i = 0; i < MIN (found->len, MAX_SHOWN); i++)
    {
      if (i > 0 && !show->as_json)
        fputc ('\n', stdout);
      if (!show_one (show, g_ptr_array_index (found, i), &error))
        return roll_database_failed (error);
    }
  if (found->len > MAX_SHOWN)
    roll_terminal_error (_ ("%u more computers have this address: name one of them, or use “%s export%s”."),
                         found->len - MAX_SHOWN, g_get_prgname (), with);
  return ROLL_EXIT_OK;
}

static RollExit
open_and_show (const char *database, gint64 id, const char *text, const RollCollector *collector, const char *check,
               gboolean as_json)
{
  /* What was found on the target is kept. */
  g_autoptr (RollStore) store = check ? roll_database_open_for_writing (database) : roll_database_open (database);
  g_autoptr (RollScanInfo) info = store ? roll_database_get_scan (store, id, database) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollSurroundings) surroundings =
      info && !collector ? roll_surroundings_load (store, info->id, NULL, &error) : NULL;
  const Show show = { store, info, database, collector, as_json, surroundings, check };

  if (error)
    return roll_database_failed (error);
  return info ? show_all (&show, text) : ROLL_EXIT_FAILED;
}

RollExit
roll_command_show (char **words)
{
  g_autofree char *database = NULL;
  g_autofree char *what = NULL;
  g_autofree char *check = NULL;
  g_auto (GStrv) rest = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    ROLL_DATABASE_OPTION (database),
    { "check", 0, 0, G_OPTION_ARG_FILENAME, &check,
      N_ ("What the check script printed on it, to be kept as evidence; - is standard input"), N_ ("FILE") },
    { "what", 0, 0, G_OPTION_ARG_FILENAME, &what, N_ ("The rows that were collected of it, and nothing else"),
      N_ ("software|CLASS") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("One JSON object per computer"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  const RollCollector *collector = NULL;
  RollExit status;
  gint64 id = 0;

  if (!roll_arguments_parse (
          "show", entries, _ ("COMPUTER is a target of the scan or an address. Without ID: the newest scan."),
          words, &rest, &status))
    return status;
  guint n = g_strv_length (rest);
  if (n == 0 || n > 2)
    return roll_arguments_wrong ("show",
                                 _ ("Name one computer, before it the number of a scan if you like."));
  if (n == 2 && !roll_arguments_need_scan_id ("show", database, rest[0], &id))
    return ROLL_EXIT_USAGE;
  if (what && !roll_collected_find ("show", what, "", &collector))
    return ROLL_EXIT_USAGE;
  if (what && check)
    return roll_arguments_wrong ("show", _ ("--check keeps evidence and --what shows rows: do one after the other."));
  g_autofree char *text = g_utf8_make_valid (rest[n - 1], -1);
  return open_and_show (database, id, text, collector, check, as_json);
}
