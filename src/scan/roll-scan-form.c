/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan-form.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "scan/roll-resolver-config.h"

#define SEPARATORS " \t\r,;"

RollScanForm *
roll_scan_form_new (const char *targets, const char *exclusions)
{
  RollScanForm *form = g_new0 (RollScanForm, 1);

  form->targets = g_strdup (targets);
  form->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_source_free);
  form->exclusions = g_strdup (exclusions);
  return form;
}

RollScanForm *
roll_scan_form_copy (const RollScanForm *form)
{
  RollScanForm *copy;

  g_return_val_if_fail (form != NULL, NULL);

  copy = roll_scan_form_new (form->targets, form->exclusions);
  for (guint i = 0; i < form->sources->len; i++)
    g_ptr_array_add (copy->sources, roll_target_source_copy (form->sources->pdata[i]));
  return copy;
}

void
roll_scan_form_free (RollScanForm *form)
{
  if (form == NULL)
    return;
  g_free (form->targets);
  g_ptr_array_unref (form->sources);
  g_free (form->exclusions);
  g_free (form);
}

static void
problem_free (gpointer data)
{
  RollFormProblem *problem = data;

  g_free (problem->source);
  g_free (problem->text);
  g_free (problem->reason);
  g_free (problem);
}

void
roll_scan_form_check_free (RollScanFormCheck *check)
{
  if (check == NULL)
    return;
  roll_target_list_unref (check->list);
  g_ptr_array_unref (check->problems);
  g_free (check);
}

static void
add_problem (RollScanFormCheck *check, RollFormField field, const char *source, guint line, const char *text,
             const char *reason)
{
  RollFormProblem *problem;

  check->n_problems++;
  if (check->n_problems > ROLL_FORM_PROBLEMS_MAX)
    return;
  problem = g_new0 (RollFormProblem, 1);
  problem->field = field;
  problem->source = g_strdup (source);
  problem->line = line;
  problem->text = g_strdup (text);
  problem->reason = g_strdup (reason);
  g_ptr_array_add (check->problems, problem);
}

/* --- Typed text: one entry per line for the target list, remembering which line each came from --- */

typedef struct
{
  GString *text;
  GArray *lines; /* (element-type guint) */
} Entries;

static void
entries_clear (Entries *entries)
{
  if (entries->text != NULL)
    g_string_free (entries->text, TRUE);
  g_clear_pointer (&entries->lines, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Entries, entries_clear)

static gsize
length_before_comment (const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (line[i] == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t'))
      return i;
  return length;
}

/* People write “10.0.0.1 - 10.0.0.9”: a lone hyphen binds what stands on both sides of it. */
static gboolean
is_lone_hyphen (const char *at, const char *end)
{
  return *at == '-' && (at + 1 == end || strchr (SEPARATORS, at[1]) != NULL);
}

static void
split_line (Entries *entries, const char *line, gsize length, guint number)
{
  const char *end = line + length;
  guint n_entries = 0;
  gboolean bind = FALSE;

  for (const char *at = line; at < end;)
    {
      const char *start;

      if (strchr (SEPARATORS, *at) != NULL)
        {
          at++;
          continue;
        }
      start = at;
      while (at < end && strchr (SEPARATORS, *at) == NULL)
        at++;
      if (is_lone_hyphen (start, end) && n_entries > 0)
        {
          bind = TRUE;
          continue;
        }
      if (bind)
        entries->text->str[entries->text->len - 1] = '-';
      else
        g_array_append_val (entries->lines, number);
      bind = FALSE;
      n_entries++;
      g_string_append_len (entries->text, start, at - start);
      g_string_append_c (entries->text, '\n');
    }
}

static Entries
split_text (const char *text)
{
  Entries entries = { g_string_new (NULL), g_array_new (FALSE, FALSE, sizeof (guint)) };
  guint number = 1;

  for (const char *at = text; *at != '\0'; number++)
    {
      gsize length = strcspn (at, "\n");

      split_line (&entries, at, length_before_comment (at, length), number);
      at += length;
      if (*at == '\n')
        at++;
    }
  return entries;
}

static guint
original_line (const Entries *entries, guint line)
{
  return line >= 1 && line <= entries->lines->len ? g_array_index (entries->lines, guint, line - 1) : 0;
}

static void
check_typed (RollScanFormCheck *check, const char *text)
{
  g_auto (Entries) entries = split_text (text);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
  g_autoptr (GError) error = NULL;

  if (entries.text->len == 0)
    return;
  if (!roll_target_list_add_text (check->list, entries.text->str, entries.text->len, problems, &error))
    add_problem (check, ROLL_FIELD_TARGETS, NULL, 0, NULL, error->message);
  for (guint i = 0; i < problems->len; i++)
    {
      const RollTargetProblem *problem = problems->pdata[i];

      add_problem (check, ROLL_FIELD_TARGETS, NULL, original_line (&entries, problem->line), problem->text,
                   problem->reason);
    }
}

char *
roll_form_source_name (const RollTargetSource *source)
{
  if (source->kind == ROLL_SOURCE_FILE)
    return g_filename_display_basename (source->path);
  if (source->origin != NULL)
    return g_strdup (source->origin);
  return g_strdup (source->kind == ROLL_SOURCE_NETWORKS ? _("Networks of this computer") : _("Active Directory"));
}

static void
check_source (RollScanFormCheck *check, const RollTargetSource *source)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
  g_autofree char *name = roll_form_source_name (source);
  g_autoptr (GError) error = NULL;

  if (!roll_target_source_add_to (source, check->list, problems, &error))
    add_problem (check, ROLL_FIELD_SOURCE, name, 0, NULL, error->message);
  for (guint i = 0; i < problems->len; i++)
    {
      const RollTargetProblem *problem = problems->pdata[i];

      add_problem (check, ROLL_FIELD_SOURCE, name, problem->line, problem->text, problem->reason);
    }
}

static void
check_exclusions (RollScanFormCheck *check, const char *text)
{
  g_auto (Entries) entries = split_text (text);
  g_auto (GStrv) lines = g_strsplit (entries.text->str, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;

      if (*lines[i] != '\0' && !roll_target_list_exclude (check->list, lines[i], &error))
        add_problem (check, ROLL_FIELD_EXCLUSIONS, NULL, original_line (&entries, i + 1), lines[i], error->message);
    }
}

RollScanFormCheck *
roll_scan_form_check (const RollScanForm *form)
{
  RollScanFormCheck *check = g_new0 (RollScanFormCheck, 1);

  check->list = roll_target_list_new ();
  check->problems = g_ptr_array_new_with_free_func (problem_free);
  check_typed (check, form->targets);
  for (guint i = 0; i < form->sources->len; i++)
    check_source (check, form->sources->pdata[i]);
  check_exclusions (check, form->exclusions);
  check->n_targets = roll_target_list_get_count (check->list);
  check->n_duplicates = roll_target_list_get_n_duplicates (check->list);
  check->n_public = roll_target_list_get_n_public (check->list);
  return check;
}

char *
roll_form_problem_place (const RollFormProblem *problem)
{
  if (problem->field == ROLL_FIELD_EXCLUSIONS)
    return g_strdup (_("Exclusions"));
  if (problem->source == NULL && problem->line == 0)
    return g_strdup (_("Computers"));
  if (problem->source == NULL)
    return g_strdup_printf (_("Line %u"), problem->line);
  if (problem->line == 0)
    return g_strdup (problem->source);
  /* Translators: a line number and a file name */
  return g_strdup_printf (_("Line %u of %s"), problem->line, problem->source);
}

/* --- Name servers --- */

char **
roll_scan_form_name_servers (const char *text, GError **error)
{
  g_auto (Entries) entries = split_text (text);
  g_auto (GStrv) servers = NULL;
  RollServerAddress server;

  if (entries.text->len == 0)
    return NULL;
  g_string_truncate (entries.text, entries.text->len - 1);
  servers = g_strsplit (entries.text->str, "\n", -1);
  for (guint i = 0; servers[i] != NULL; i++)
    if (!roll_server_address_parse (servers[i], &server, error))
      return NULL;
  return g_steal_pointer (&servers);
}
