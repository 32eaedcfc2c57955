/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-collected.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-evidence.h"
#include "cli/roll-table.h"
#include "cli/roll-terminal.h"
#include "codec/roll-row-set.h"
#include "report/roll-directory-lines.h"
#include "scan/roll-plan.h"

#define INDENT 2

/* (transfer full) */
static char *
list_ids (void)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  guint n;
  const RollCollector *collectors = roll_collectors (&n);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (ids, (gpointer) collectors[i].id);
  g_ptr_array_add (ids, NULL);
  return g_strjoinv (", ", (char **) ids->pdata);
}

gboolean
roll_collected_find (
    const char *command, const char *text, const char *also, const RollCollector **ret_collector)
{
  *ret_collector = roll_collectors_find (text);
  if (*ret_collector)
    return TRUE;
  g_autofree char *known = list_ids ();
  roll_arguments_wrong (command, _ ("“%s” is not among what there is: %s%s."), text, also, known);
  return FALSE;
}

static void
print_section (FILE *stream, const char *title)
{
  fputc ('\n', stream);
  roll_terminal_heading (stream, title);
}

/* --- What it is --- */

static void
print_fact (FILE *stream, const char *name, const char *text)
{
  g_autofree char *bullet = g_strdup_printf ("%s: ", name);

  if (text && *text)
    roll_terminal_paragraph (stream, INDENT, bullet, text);
}

/* Those there are, with @separator between them. */
static char *
join (const char *separator, const char *a, const char *b)
{
  if (!a || !b)
    return g_strdup (a ? a : b);
  return g_strconcat (a, separator, b, NULL);
}

static void
print_machine (FILE *stream, const RollFacts *facts)
{
  g_autofree char *model = join (" ", facts->manufacturer, facts->model);
  g_autofree char *cores =
      facts->cores > 0 ? g_strdup_printf (ngettext ("%'u core", "%'u cores", facts->cores), facts->cores) : NULL;
  g_autofree char *processors = facts->processors > 0 ? g_strdup_printf (ngettext ("%'u processor", "%'u processors",
                                                                                   facts->processors),
                                                                         facts->processors)
                                                      : NULL;
  g_autofree char *both = join (", ", processors, cores);
  g_autofree char *memory =
      facts->memory_bytes > 0 ? g_format_size_full (facts->memory_bytes, G_FORMAT_SIZE_IEC_UNITS) : NULL;

  print_fact (stream, _ ("Model"), model);
  print_fact (stream, _ ("Serial number"), facts->serial_number);
  print_fact (stream, _ ("Processors"), both);
  print_fact (stream, _ ("Memory"), memory);
}

/* The build alone is known of a computer that only said who it is. */
static char *
describe_version (const RollFacts *facts)
{
  if (facts->os_version && facts->os_build)
    return g_strdup_printf (_ ("version %s, build %s"), facts->os_version, facts->os_build);
  if (facts->os_build)
    return g_strdup_printf (_ ("Windows, build %s"), facts->os_build);
  return g_strdup (facts->os_version);
}

static void
print_facts (FILE *stream, const RollFacts *facts)
{
  g_autofree char *version = describe_version (facts);
  g_autofree char *os = join (", ", facts->os, version);

  print_section (stream, _ ("What it is"));
  print_fact (stream, _ ("Name"), facts->computer_name);
  print_fact (stream, _ ("Domain"), facts->domain);
  print_fact (stream, _ ("Operating system"), os);
  print_machine (stream, facts);
}

static void
print_directory (FILE *stream, const RollComputer *computer)
{
  g_autoptr (GPtrArray) lines = roll_directory_lines (computer);

  if (lines->len == 0)
    return;
  print_section (stream, _ ("What Active Directory told"));
  for (guint i = 0; i < lines->len; i++)
    {
      const RollDirectoryLine *line = g_ptr_array_index (lines, i);
      print_fact (stream, line->label, line->value);
    }
}

/* --- What was collected --- */

static const char *
label_of (const RollClassResult *result)
{
  const RollCollector *collector = roll_collectors_find (result->id);

  return collector ? g_dgettext (GETTEXT_PACKAGE, collector->label) : result->id;
}

static const char *
outcome_text (RollClassOutcome outcome)
{
  switch (outcome)
    {
    case ROLL_CLASS_TIMED_OUT:
      return _ ("no answer in time");
    case ROLL_CLASS_ABANDONED:
      return _ ("broken off");
    case ROLL_CLASS_FAILED:
    case ROLL_CLASS_COLLECTED:
    default:
      return _ ("failed");
    }
}

static gboolean
is_absent (const RollClassResult *result)
{
  const RollCollector *collector = roll_collectors_find (result->id);

  return collector && result->outcome == ROLL_CLASS_FAILED && roll_plan_is_absence (collector, result->error);
}

/* "230 rows", or what went wrong. (transfer full) */
static char *
result_text (const RollClassResult *result)
{
  g_autofree char *error = roll_evidence_error_text (result->error);

  if (result->outcome == ROLL_CLASS_COLLECTED)
    return g_strdup_printf (ngettext ("%'u row", "%'u rows", result->n_rows), result->n_rows);
  if (is_absent (result))
    return g_strdup (_ ("this computer does not have it"));
  if (!*error)
    return g_strdup (outcome_text (result->outcome));
  return g_strdup_printf ("%s: %s", outcome_text (result->outcome), error);
}

static void
print_classes (FILE *stream, GPtrArray *classes)
{
  g_autoptr (RollTable) table = roll_table_new ();

  roll_table_add_column (table, "", ROLL_TABLE_LEFT);
  roll_table_add_column (table, "", ROLL_TABLE_LEFT);
  roll_table_add_column (table, "", ROLL_TABLE_RIGHT);
  roll_table_add_column (table, "", ROLL_TABLE_LEFT);
  for (guint i = 0; i < classes->len; i++)
    {
      const RollClassResult *result = g_ptr_array_index (classes, i);
      g_autofree char *took = roll_terminal_duration (result->duration_us);
      g_autofree char *text = result_text (result);

      roll_table_add_cell (table, label_of (result));
      roll_table_add_cell (table, result->id);
      roll_table_add_cell (table, took);
      roll_table_add_cell (table, text);
    }
  roll_table_print (table, stream);
}

void
roll_collected_print (FILE *stream, const RollComputer *computer, GPtrArray *classes)
{
  if (computer->facts)
    print_facts (stream, computer->facts);
  if (computer->credential)
    {
      g_autofree char *quoted = g_strdup_printf (_ ("“%s”"), computer->credential);
      if (!computer->facts)
        fputc ('\n', stream);
      print_fact (stream, _ ("Credential"), quoted);
    }
  print_directory (stream, computer);
  if (classes->len == 0)
    return;
  g_autofree char *title = g_strdup_printf (_ ("Collected: %u of %u parts"), computer->classes_collected,
                                            computer->classes_planned);
  print_section (stream, title);
  print_classes (stream, classes);
}

static void
json_result (RollJson *json, const RollClassResult *result)
{
  roll_json_string (json, "collector", result->id);
  roll_json_string (json, "outcome", roll_class_outcome_id (result->outcome));
  roll_json_number (json, "attempt", result->attempt);
  roll_json_number (json, "rows", result->n_rows);
  roll_json_time (json, "started_at", result->started_at);
  roll_json_number (json, "duration_ms", result->duration_us / 1000);
  roll_json_string (json, "step", roll_step_id (result->step));
  roll_json_error (json, result->error);
  roll_json_string (json, "said_by", roll_said_by_id (result->said_by));
}

void
roll_collected_json (RollJson *json, GPtrArray *classes)
{
  roll_json_begin_array (json, "class_list");
  for (guint i = 0; i < classes->len; i++)
    {
      roll_json_begin_object (json, NULL);
      json_result (json, g_ptr_array_index (classes, i));
      roll_json_end_object (json);
    }
  roll_json_end_array (json);
}

/* --- Rows --- */

static const RollClassResult *
find_result (const RollCollector *collector, GPtrArray *classes)
{
  for (guint i = 0; i < classes->len; i++)
    {
      const RollClassResult *result = g_ptr_array_index (classes, i);
      if (g_str_equal (result->id, collector->id))
        return result;
    }
  return NULL;
}

/* *ret_rows: (transfer full) (nullable): NULL where none were collected. */
static gboolean
unpack (const RollClassResult *result, RollRowSet **ret_rows, GError **error)
{
  const char *problem = NULL;

  *ret_rows = NULL;
  if (!result || !result->rows)
    return TRUE;
  *ret_rows = roll_row_set_from_bytes (result->rows, &problem);
  if (*ret_rows)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _ ("What was collected (%s) is damaged in the database: %s."), result->id, problem);
  return FALSE;
}

static void
print_row (FILE *stream, const RollRowSet *rows, guint row)
{
  guint n;
  const char *const *columns = roll_row_set_get_columns (rows, &n);

  fputc ('\n', stream);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = roll_cim_value_to_text (roll_row_set_get (rows, row, i));
      print_fact (stream, columns[i], text);
    }
}

gboolean
roll_collected_print_rows (FILE *stream, const RollCollector *collector, GPtrArray *classes, GError **error)
{
  const RollClassResult *result = find_result (collector, classes);
  g_autoptr (RollRowSet) rows = NULL;

  if (!unpack (result, &rows, error))
    return FALSE;
  g_autofree char *text = result ? result_text (result) : g_strdup (_ ("not asked"));
  g_autofree char *title =
      g_strdup_printf ("%s (%s): %s", g_dgettext (GETTEXT_PACKAGE, collector->label), collector->id, text);
  print_section (stream, title);
  for (guint i = 0; rows && i < roll_row_set_get_n_rows (rows); i++)
    print_row (stream, rows, i);
  return TRUE;
}

static void
json_row (RollJson *json, const RollRowSet *rows, guint row)
{
  guint n;
  const char *const *columns = roll_row_set_get_columns (rows, &n);

  roll_json_begin_object (json, NULL);
  for (guint i = 0; i < n; i++)
    roll_json_value (json, columns[i], roll_row_set_get (rows, row, i));
  roll_json_end_object (json);
}

gboolean
roll_collected_json_rows (RollJson *json, const RollCollector *collector, GPtrArray *classes, GError **error)
{
  const RollClassResult *result = find_result (collector, classes);
  g_autoptr (RollRowSet) rows = NULL;

  if (!unpack (result, &rows, error))
    return FALSE;
  if (result)
    json_result (json, result);
  else
    roll_json_string (json, "collector", collector->id);
  roll_json_begin_array (json, "row_list");
  for (guint i = 0; rows && i < roll_row_set_get_n_rows (rows); i++)
    json_row (json, rows, i);
  roll_json_end_array (json);
  return TRUE;
}
