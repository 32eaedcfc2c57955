/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-page.h"
#include "cli/roll-table.h"
#include "cli/roll-terminal.h"
#include "diagnosis/roll-check-script.h"

/* -2147024891 is a number here, not an option. (transfer full) */
static char **
guard_negative_numbers (char **words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean guarded = FALSE;

  for (; *words; words++)
    {
      if (!guarded && (*words)[0] == '-' && g_ascii_isdigit ((*words)[1]))
        {
          g_strv_builder_add (builder, "--");
          guarded = TRUE;
        }
      guarded = guarded || g_str_equal (*words, "--");
      g_strv_builder_add (builder, *words);
    }
  return g_strv_builder_end (builder);
}

static void
add_status (RollTable *table, const RollStatusInfo *info)
{
  roll_table_add_number (table, (gint64) info->status);
  roll_table_add_cell (table, info->id);
  roll_table_add_cell (table, roll_status_label (info->status));
}

static void
print_all_statuses (void)
{
  g_autoptr (RollTable) table = roll_table_new ();
  guint n;
  const RollStatusInfo *results = roll_status_results (&n);

  roll_table_add_column (table, _ ("Code"), ROLL_TABLE_RIGHT);
  roll_table_add_column (table, _ ("Id"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Status"), ROLL_TABLE_LEFT);
  for (guint i = 0; i < n; i++)
    add_status (table, &results[i]);
  roll_table_print (table, stdout);
}

/* "0x80070005  E_ACCESSDENIED", "0x000006ba (1722)  RPC_S_SERVER_UNAVAILABLE" */
static void
print_number (RollErrorNumber error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *number = roll_error_format (error);
  const char *symbol = roll_error_symbol (error);

  g_string_append (text, number);
  if (error.number <= G_MAXUINT16)
    g_string_append_printf (text, " (%u)", error.number);
  if (symbol && !g_str_equal (symbol, number))
    g_string_append_printf (text, "  %s", symbol);
  roll_terminal_heading (stdout, text->str);
}

static void
print_statuses (GArray *statuses, guint first)
{
  for (guint i = first; i < statuses->len; i++)
    {
      RollStatus status = g_array_index (statuses, RollStatus, i);
      g_autofree char *text = g_strdup_printf (_ ("%d  %s (%s explain %d)"), (int) status,
                                               roll_status_label (status), g_get_prgname (), (int) status);
      roll_terminal_paragraph (stdout, 4, "", text);
    }
}

/* The status all of @errors lead to before any other; -1 when they differ. */
static int
common_status (GArray *errors)
{
  int common = -1;

  for (guint i = 0; i < errors->len; i++)
    {
      g_autoptr (GArray) statuses = roll_causes_pages_for_error (g_array_index (errors, RollErrorNumber, i));
      int first = statuses->len > 0 ? (int) g_array_index (statuses, RollStatus, 0) : -1;
      if (first < 0 || (common >= 0 && first != common))
        return -1;
      common = first;
    }
  return common;
}

/* One fault in two clothes, such as 1722 and 0x800706BA? */
static gboolean
mean_the_same (RollErrorNumber a, RollErrorNumber b)
{
  g_autoptr (GArray) of_a = roll_causes_pages_for_error (a);
  g_autoptr (GArray) of_b = roll_causes_pages_for_error (b);

  return g_strcmp0 (roll_error_meaning (a), roll_error_meaning (b)) == 0 && of_a->len == of_b->len &&
         memcmp (of_a->data, of_b->data, of_a->len * sizeof (RollStatus)) == 0;
}

/* @page: its page follows, so it is not listed again. */
static void
print_meaning (RollErrorNumber error, int page)
{
  g_autoptr (GArray) statuses = roll_causes_pages_for_error (error);
  const char *meaning = roll_error_meaning (error);
  guint first = page >= 0 ? 1 : 0;

  if (meaning)
    roll_terminal_paragraph (stdout, 2, "", meaning);
  if (statuses->len > first && first > 0)
    roll_terminal_paragraph (stdout, 2, "", _ ("Depending on the step, a computer can also end with it as:"));
  else if (statuses->len > first)
    roll_terminal_paragraph (stdout, 2, "", _ ("A computer ends with it as:"));
  else if (statuses->len == 0)
    roll_terminal_paragraph (stdout, 2, "",
                             _ ("It does not end a computer's inventory, so it has no status."));
  print_statuses (statuses, first);
}

static void
print_meanings (GArray *errors, int page)
{
  for (guint i = 0; i < errors->len; i++)
    {
      RollErrorNumber error = g_array_index (errors, RollErrorNumber, i);
      print_number (error);
      if (i + 1 < errors->len && mean_the_same (error, g_array_index (errors, RollErrorNumber, i + 1)))
        continue;
      print_meaning (error, page);
      if (i + 1 < errors->len || page >= 0)
        fputc ('\n', stdout);
    }
}

static void
print_errors (GArray *errors)
{
  int page = common_status (errors);

  print_meanings (errors, page);
  if (page >= 0)
    roll_page_print (stdout, roll_status_info (page));
}

/* A code such as 103 may be an error number as well. */
static void
print_also (const char *text)
{
  g_autoptr (GArray) errors = roll_error_lookup (text);

  if (errors->len == 0)
    return;
  fputc ('\n', stdout);
  g_autofree char *title = g_strdup_printf (_ ("As an error number, %s is:"), text);
  roll_terminal_heading (stdout, title);
  fputc ('\n', stdout);
  print_meanings (errors, -1);
}

static gboolean
explain_cause (const char *text)
{
  g_autofree char *id = g_ascii_strup (text, -1);
  RollStatus status;
  const RollCause *cause = roll_causes_find (id, &status);

  if (!cause)
    return FALSE;
  roll_page_print_title (stdout, roll_status_info ((int) status), NULL);
  fputc ('\n', stdout);
  roll_page_print_cause (stdout, cause, 1);
  return TRUE;
}

static RollExit
explain (const char *text)
{
  const RollStatusInfo *status = roll_status_find (text);

  if (status)
    {
      roll_page_print (stdout, status);
      print_also (text);
      return ROLL_EXIT_OK;
    }
  if (explain_cause (text))
    return ROLL_EXIT_OK;

  g_autoptr (GArray) errors = roll_error_lookup (text);
  if (errors->len > 0)
    {
      print_errors (errors);
      return ROLL_EXIT_OK;
    }
  roll_terminal_error (
      _ ("“%s” is not a status or an error number that is known here. “%s explain” lists all "
         "statuses."),
      text, g_get_prgname ());
  return ROLL_EXIT_FAILED;
}

RollExit
roll_command_explain (char **words)
{
  gboolean check_script = FALSE;
  const GOptionEntry entries[] = {
    { "check-script", 0, 0, G_OPTION_ARG_NONE, &check_script,
      N_ ("Print the script that looks for causes on a target; it only reads"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) guarded = guard_negative_numbers (words);
  g_auto (GStrv) rest = NULL;
  RollExit status;

  if (!roll_arguments_parse ("explain", entries,
                             _ ("Without an argument all statuses are listed. Examples: 103, access-denied, "
                                "0x80070005, 1722, ETIMEDOUT."),
                             guarded, &rest, &status))
    return status;
  if (check_script)
    {
      g_autofree char *script = roll_check_script_text ();
      fputs (script, stdout);
      return ROLL_EXIT_OK;
    }

  g_autofree char *joined = g_strjoinv (" ", rest);
  g_autofree char *text = g_utf8_make_valid (g_strstrip (joined), -1);
  if (!*text)
    {
      print_all_statuses ();
      return ROLL_EXIT_OK;
    }
  return explain (text);
}
