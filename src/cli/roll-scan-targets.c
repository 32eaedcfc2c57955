/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-targets.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "cli/roll-arguments.h"
#include "cli/roll-terminal.h"
#include "scan/roll-target-table.h"

#define MAX_NAMED 1000 /* wrong entries named one by one */

typedef struct
{
  RollTargetList *list;
  guint wrong;
} Reader;

static void
name_problem (Reader *reader, const char *file, const RollTargetProblem *problem)
{
  if (++reader->wrong > MAX_NAMED)
    return;
  if (file)
    roll_terminal_print (stderr, _ ("%s:%u: “%s”: %s"), file, problem->line, problem->text, problem->reason);
  else
    roll_terminal_print (stderr, _ ("“%s”: %s"), problem->text, problem->reason);
}

static void
read_entries (Reader *reader, char **entries)
{
  for (char **entry = entries; entry && *entry; entry++)
    {
      g_autoptr (GError) error = NULL;
      if (roll_target_list_add (reader->list, *entry, &error))
        continue;
      g_autofree char *clean = roll_terminal_clean (*entry);
      g_autofree char *text = roll_terminal_truncate (clean, 60);
      const RollTargetProblem problem = { 0, text, error->message };
      name_problem (reader, NULL, &problem);
    }
}

static gboolean
read_file (Reader *reader, const char *path, const char *column)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
  const char *name = g_str_equal (path, "-") ? _ ("standard input") : path;
  gboolean right = column ? roll_target_list_add_table (reader->list, path, column, problems, &error)
                          : roll_target_list_add_file (reader->list, path, problems, &error);

  for (guint i = 0; i < problems->len; i++)
    name_problem (reader, name, g_ptr_array_index (problems, i));
  if (!right)
    roll_terminal_error ("%s", error->message);
  if (!column && problems->len > 0 && g_str_has_suffix (path, ".csv"))
    roll_terminal_error (_ ("If this is a table, name its column with computers: --targets-column NAME."));
  return right;
}

static gboolean
read_found (Reader *reader, const RollTargetSource *found)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
  gboolean right = roll_target_source_add_to (found, reader->list, problems, &error);

  for (guint i = 0; i < problems->len; i++)
    name_problem (reader, NULL, g_ptr_array_index (problems, i));
  if (!right)
    roll_terminal_error ("%s", error->message);
  return right;
}

/* What should have been left out must not be asked because of a slip of the keyboard: nothing starts. */
static gboolean
read_excludes (Reader *reader, char **excludes)
{
  for (char **entry = excludes; entry && *entry; entry++)
    {
      g_autoptr (GError) error = NULL;
      if (roll_target_list_exclude (reader->list, *entry, &error))
        continue;
      roll_arguments_wrong ("scan", _ ("--exclude “%s”: %s"), *entry, error->message);
      return FALSE;
    }
  return TRUE;
}

static void
print_wrong (guint wrong, guint right)
{
  if (wrong > MAX_NAMED)
    roll_terminal_print (stderr, ngettext ("and %u more", "and %u more", wrong - MAX_NAMED),
                         wrong - MAX_NAMED);
  g_autofree char *left_out = g_strdup_printf (
      ngettext ("%'u wrong entry was left out", "%'u wrong entries were left out", wrong), wrong);
  g_autofree char *kept =
      g_strdup_printf (ngettext ("%'u target is right", "%'u targets are right", right), right);
  roll_terminal_error ("%s, %s.", left_out, kept);
}

static void
print_nothing_left (const RollScanTargets *targets, guint wrong)
{
  if (targets->found && !targets->found->entries[0] && !targets->entries[0] && !targets->files)
    roll_terminal_error (_ ("Active Directory has no such computer. Choose other places, or fewer filters."));
  else if (wrong > 0)
    roll_terminal_error (_ ("No target is left to scan. Put the entries right and start again."));
  else
    roll_terminal_error (_ ("No target is left to scan: the exclusions take out all of them."));
}

RollTargetList *
roll_scan_targets_read (const RollScanTargets *targets, guint *ret_wrong, RollExit *ret_exit)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  Reader reader = { list, 0 };

  *ret_exit = ROLL_EXIT_USAGE;
  if (!read_excludes (&reader, targets->excludes))
    return NULL;
  *ret_exit = ROLL_EXIT_FAILED;
  read_entries (&reader, targets->entries);
  if (targets->found && !read_found (&reader, targets->found))
    return NULL;
  for (char **path = targets->files; path && *path; path++)
    if (!read_file (&reader, *path, targets->column))
      return NULL;

  guint right = roll_target_list_get_count (list);
  if (reader.wrong > 0)
    print_wrong (reader.wrong, right);
  *ret_wrong = reader.wrong;
  if (right > 0)
    return g_steal_pointer (&list);
  print_nothing_left (targets, reader.wrong);
  return NULL;
}

static gboolean
says_yes (void)
{
  char answer[16] = "";

  fputs (_ ("Go on? [y/N] "), stderr);
  fflush (stderr);
  if (!fgets (answer, sizeof answer, stdin))
    fputc ('\n', stderr);
  /* TRANSLATORS: the letter that means yes after the question above. */
  const char *yes = C_ ("answer", "y");
  return g_ascii_strncasecmp (answer, yes, strlen (yes)) == 0;
}

/* A script has nobody to ask, and a network may rightly have public addresses: it is told and goes on. */
gboolean
roll_scan_targets_confirm_public (RollTargetList *list)
{
  guint n = roll_target_list_get_n_public (list);

  if (n == 0)
    return TRUE;
  roll_terminal_error (ngettext ("%'u target is a public address. Scan only what you are responsible for.",
                                 "%'u targets are public addresses. Scan only what you are responsible for.",
                                 n),
                       n);
  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    return TRUE;
  return says_yes ();
}

char *
roll_scan_targets_name (const RollScanTargets *targets, const char *domain)
{
  gboolean one_file = !targets->entries[0] && targets->files && !targets->files[1] && !domain;

  if (domain && !targets->entries[0] && !targets->files)
    return roll_terminal_clean (domain);
  if (!one_file || g_str_equal (targets->files[0], "-"))
    return NULL;
  g_autofree char *name = g_path_get_basename (targets->files[0]);
  return roll_terminal_clean (name);
}
