/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-progress-line.h"

#include <glib/gi18n.h>

#include "cli/roll-summary.h"
#include "cli/roll-terminal.h"

#define MIN_PAUSE_US (G_USEC_PER_SEC / 10)

struct _RollProgressLine
{
  FILE *stream;
  gboolean live;
  gboolean drawn;
  gint64 drawn_at;
};

RollProgressLine *
roll_progress_line_new (FILE *stream)
{
  RollProgressLine *line = g_new0 (RollProgressLine, 1);

  line->stream = stream;
  line->live = roll_terminal_is_live (stream);
  return line;
}

void
roll_progress_line_free (RollProgressLine *line)
{
  roll_progress_line_clear (line);
  g_free (line);
}

static void
append_part (GString *text, guint width, const char *part)
{
  guint used = roll_terminal_cells (text->str);

  if (used + 2 + roll_terminal_cells (part) <= width)
    g_string_append_printf (text, "%s%s", used ? "  " : "", part);
}

static void
append_remaining (GString *text, guint width, const RollProgress *progress)
{
  if (progress->remaining_us < 0)
    return;
  gint64 seconds = (progress->remaining_us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  g_autofree char *part = g_strdup_printf (_ ("%d:%02d left"), (int) (seconds / 60), (int) (seconds % 60));
  append_part (text, width, part);
}

static void
append_groups (GString *text, guint width, GArray *tally)
{
  guint counts[ROLL_SUMMARY_N_GROUPS] = { 0 };

  for (guint i = 0; tally && i < tally->len; i++)
    {
      const RollTally *row = &g_array_index (tally, RollTally, i);
      counts[roll_summary_group (row->status)] += row->count;
    }
  for (guint group = 0; group < ROLL_SUMMARY_N_GROUPS - 1; group++)
    {
      if (counts[group] == 0)
        continue;
      g_autofree char *part = g_strdup_printf ("%s %'u", roll_summary_group_label (group), counts[group]);
      append_part (text, width, part);
    }
}

static void
append_waiting (GString *text, guint width, const RollActivity *activity)
{
  gint64 seconds = activity->next_retry_us / G_USEC_PER_SEC;
  g_autofree char *reading = g_strdup_printf (_ ("reading %'u"), activity->reading);
  g_autofree char *retry = seconds > 0 ? g_strdup_printf (_ ("waiting for retry %'u (%d s)"), activity->retry, (int) seconds)
                                       : g_strdup_printf (_ ("waiting for retry %'u"), activity->retry);
  g_autofree char *account = g_strdup_printf (_ ("for an account %'u"), activity->account + activity->put_back);
  g_autofree char *network = g_strdup_printf (_ ("for their network %'u"), activity->network);

  if (activity->reading > 0)
    append_part (text, width, reading);
  if (activity->retry > 0)
    append_part (text, width, retry);
  if (activity->account + activity->put_back > 0)
    append_part (text, width, account);
  if (activity->network > 0)
    append_part (text, width, network);
}

/* The parts in the order of what must not be missing on a narrow terminal. */
static char *
line_text (const RollProgress *progress, guint width)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint percent = progress->n_targets ? (guint) ((guint64) progress->n_done * 100 / progress->n_targets) : 0;
  g_autofree char *done =
      g_strdup_printf (_ ("%3u %%  %'u of %'u"), percent, progress->n_done, progress->n_targets);
  g_autofree char *rate = g_strdup_printf (_ ("%'.0f/s"), progress->per_second);

  g_string_append (text, done);
  append_remaining (text, width, progress);
  append_groups (text, width, progress->tally);
  append_waiting (text, width, &progress->activity);
  if (progress->n_done > 0)
    append_part (text, width, rate);
  return roll_terminal_truncate (text->str, width);
}

void
roll_progress_line_draw (RollProgressLine *line, const RollProgress *progress)
{
  gint64 now = g_get_monotonic_time ();

  if (!line->live || now - line->drawn_at < MIN_PAUSE_US)
    return;
  g_autofree char *text = line_text (progress, roll_terminal_width (line->stream) - 1);
  fprintf (line->stream, "\r%s\033[K", text);
  fflush (line->stream);
  line->drawn_at = now;
  line->drawn = TRUE;
}

void
roll_progress_line_clear (RollProgressLine *line)
{
  if (!line->drawn)
    return;
  fputs ("\r\033[K", line->stream);
  fflush (line->stream);
  line->drawn = FALSE;
  line->drawn_at = 0;
}
