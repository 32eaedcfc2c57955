/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-evidence.h"

#include <glib/gi18n.h>

#include "cli/roll-terminal.h"

static const char *
said_by_label (RollSaidBy said_by)
{
  switch (said_by)
    {
    case ROLL_SAID_BY_THIS_MACHINE:
      return _ ("this machine");
    case ROLL_SAID_BY_PEER:
      return _ ("the computer itself");
    case ROLL_SAID_BY_ROUTER:
      return _ ("a router on the way");
    case ROLL_SAID_BY_NAME_SERVER:
      return _ ("the name server");
    case ROLL_SAID_BY_KDC:
      return _ ("the Kerberos server");
    case ROLL_SAID_BY_NOBODY:
    default:
      return "";
    }
}

char *
roll_evidence_error_text (RollErrorNumber error)
{
  g_autofree char *number = roll_error_format (error);
  const char *name = roll_error_name (error);

  return name && *name ? g_strdup_printf ("%s, %s", number, name) : g_steal_pointer (&number);
}

/* Local time of day with milliseconds. */
static char *
clock_text (gint64 us)
{
  g_autofree char *text = roll_terminal_time (us);
  const char *time = strchr (text, ' ');

  return time ? g_strdup_printf ("%s.%03d", time + 1, (int) (us / 1000 % 1000)) : g_strdup ("");
}

/* Who was asked, who said it, and the facts; each only where there is one. */
static char *
facts_text (const RollStepRecord *step)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (step->peer)
    g_string_append_printf (text, _ ("asked %s"), step->peer);
  if (step->said_by != ROLL_SAID_BY_NOBODY)
    g_string_append_printf (text, _ ("%ssaid by %s"), text->len ? ", " : "", said_by_label (step->said_by));
  if (step->detail)
    g_string_append_printf (text, "%s%s", text->len ? "; " : "", step->detail);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
print_step (FILE *stream, const RollStepRecord *step)
{
  g_autofree char *at = clock_text (step->started_at);
  g_autofree char *took = roll_terminal_duration (step->duration_us);
  g_autofree char *bullet =
      g_strdup_printf ("%s %*s%s  ", at, (int) (9 - MIN (9, roll_terminal_cells (took))), "", took);
  g_autofree char *error = roll_evidence_error_text (step->error);
  g_autofree char *result =
      g_strdup_printf ("%s: %s", roll_step_label (step->step), *error ? error : _ ("went well"));
  g_autofree char *facts = facts_text (step);

  roll_terminal_paragraph (stream, 2, bullet, result);
  if (*facts)
    roll_terminal_paragraph (stream, 2 + roll_terminal_cells (bullet), "", facts);
}

static void
print_attempt (FILE *stream, const RollAttempt *attempt)
{
  g_autofree char *at = roll_terminal_time (attempt->started_at);
  g_autofree char *took = roll_terminal_duration (attempt->duration_us);
  g_autofree char *title =
      g_strdup_printf (_ ("Attempt %u: %s"), attempt->number, roll_status_label (attempt->status));

  fputc ('\n', stream);
  roll_terminal_heading (stream, title);
  roll_terminal_print (stream, _ ("%s, took %s"), at, took);
  for (guint i = 0; i < attempt->steps->len; i++)
    print_step (stream, &g_array_index (attempt->steps, RollStepRecord, i));
}

void
roll_evidence_print (FILE *stream, GPtrArray *attempts)
{
  for (guint i = 0; i < attempts->len; i++)
    print_attempt (stream, g_ptr_array_index (attempts, i));
}

static void
json_step (RollJson *json, const RollStepRecord *step)
{
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "step", roll_step_id (step->step));
  roll_json_time (json, "started_at", step->started_at);
  roll_json_number (json, "duration_ms", step->duration_us / 1000);
  roll_json_error (json, step->error);
  roll_json_string (json, "peer", step->peer);
  roll_json_string (json, "said_by", roll_said_by_id (step->said_by));
  roll_json_string (json, "detail", step->detail);
  roll_json_end_object (json);
}

static void
json_attempt (RollJson *json, const RollAttempt *attempt)
{
  roll_json_begin_object (json, NULL);
  roll_json_number (json, "number", attempt->number);
  roll_json_string (json, "status_id", roll_status_info ((int) attempt->status)->id);
  roll_json_time (json, "started_at", attempt->started_at);
  roll_json_number (json, "duration_ms", attempt->duration_us / 1000);
  roll_json_begin_array (json, "steps");
  for (guint i = 0; i < attempt->steps->len; i++)
    json_step (json, &g_array_index (attempt->steps, RollStepRecord, i));
  roll_json_end_array (json);
  roll_json_end_object (json);
}

void
roll_evidence_json (RollJson *json, GPtrArray *attempts)
{
  roll_json_begin_array (json, "attempt_list");
  for (guint i = 0; i < attempts->len; i++)
    json_attempt (json, g_ptr_array_index (attempts, i));
  roll_json_end_array (json);
}
