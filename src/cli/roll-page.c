/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-page.h"

#include <glib/gi18n.h>

#include "cli/roll-terminal.h"

#define INDENT 2

/* What the capitals in commands stand for; empty: not known, the reader fills it in. */
typedef struct
{
  const char *name;
  const char *address;
} Blanks;

static const Blanks nothing_known = { "", "" };

static const char *
state_meaning (RollStatus status)
{
  if (status == ROLL_STATUS_REACHABLE)
    return _ ("TCP port 135 opened. The scan was asked to stop there, so nothing more is known.");
  if (status == ROLL_STATUS_STOPPED)
    return _ ("The scan was stopped before this computer had a result. Resuming the scan goes on with it.");
  if (status == ROLL_STATUS_WAITING_FOR_RETRY)
    return _ (
        "The last attempt failed with an error that may pass, so the computer is tried again later in the "
        "same scan.");
  if (status == ROLL_STATUS_IN_PROGRESS)
    return _ ("The computer is being asked right now.");
  return _ ("The computer’s turn has not come yet.");
}

static const char *
prior_label (RollPrior prior)
{
  return prior == ROLL_PRIOR_HIGH ? _ ("often") : prior == ROLL_PRIOR_MEDIUM ? _ ("sometimes") : _ ("rarely");
}

/* "Fix: " in front of the first line, the rest of the text under it. */
static void
print_labelled (FILE *stream, guint indent, const char *label, const char *text)
{
  g_autofree char *bullet = g_strconcat (label, ": ", NULL);
  g_autofree char *whole = g_strconcat (bullet, text, NULL);

  roll_terminal_paragraph (stream, indent, "", whole);
}

/* Only what can do nothing in a shell: a database may come from somebody else. */
static gboolean
is_plain (const char *text)
{
  return *text && *text != '-' &&
         strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-:%") == strlen (text);
}

static char *
fill_in (const char *command, const char *blank, const char *text)
{
  g_autofree char *pattern = g_strdup_printf ("\\b%s\\b", blank);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);

  return is_plain (text) ? g_regex_replace_literal (regex, command, -1, 0, text, 0, NULL)
                         : g_strdup (command);
}

/* Never wrapped: it is there to be copied. */
static void
print_command (FILE *stream, guint indent, const char *command, const Blanks *blanks)
{
  if (!command)
    return;
  g_autofree char *named = fill_in (command, "NAME", blanks->name);
  g_autofree char *text = fill_in (named, "ADDRESS", blanks->address);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++)
    roll_terminal_print (stream, "%*s%s", (int) indent + 4, "", *line);
}

static void
print_check (FILE *stream, guint indent, const RollCheck *check, const Blanks *blanks)
{
  print_labelled (stream, indent, check->on_target ? _ ("Check on the target") : _ ("Check here"),
                  check->text);
  print_command (stream, indent, check->command, blanks);
}

static void
print_fix (FILE *stream, guint indent, const RollFix *fix, const Blanks *blanks)
{
  const char *risk = roll_risk_label (fix->risk);
  g_autofree char *label = fix->on_target ? g_strdup_printf (_ ("Fix on the target (%s)"), risk)
                                          : g_strdup_printf (_ ("Fix (%s)"), risk);

  print_labelled (stream, indent, label, fix->text);
  print_command (stream, indent, fix->command, blanks);
  if (fix->undo)
    print_labelled (stream, indent + 4, _ ("Undo"), fix->undo);
  print_command (stream, indent + 4, fix->undo_command, blanks);
}

static void
print_cause_line (FILE *stream, const RollCause *cause, guint number)
{
  g_autofree char *bullet = g_strdup_printf ("%2u. ", number);
  g_autofree char *text = g_strdup_printf ("%s (%s, %s)", cause->text, cause->id, prior_label (cause->prior));

  roll_terminal_paragraph (stream, INDENT, bullet, text);
}

void
roll_page_print_cause (FILE *stream, const RollCause *cause, guint number)
{
  guint indent = INDENT + 4;

  print_cause_line (stream, cause, number);
  for (guint i = 0; i < cause->n_hints; i++)
    print_labelled (stream, indent, cause->hints[i].raises ? _ ("Would point to it") : _ ("Would point elsewhere"),
                    cause->hints[i].text);
  for (guint i = 0; i < cause->n_checks; i++)
    print_check (stream, indent, &cause->checks[i], &nothing_known);
  for (guint i = 0; i < cause->n_fixes; i++)
    print_fix (stream, indent, &cause->fixes[i], &nothing_known);
}

void
roll_page_print_title (FILE *stream, const RollStatusInfo *info, const char *label)
{
  const char *text = label ? label : roll_status_label (info->status);
  g_autofree char *title =
      info->status >= 0 ? g_strdup_printf ("%d  %s", (int) info->status, text) : g_strdup (text);
  g_autofree char *kind = info->layer != ROLL_LAYER_NONE
                              ? g_strdup_printf ("%s, %s", info->id, roll_layer_label (info->layer))
                              : g_strdup (info->id);

  roll_terminal_heading (stream, title);
  roll_terminal_print (stream, "%s", kind);
}

static void
print_numbers (FILE *stream, const RollStatusPage *page)
{
  if (!page->numbers || !page->numbers[0])
    return;
  g_autofree char *numbers = g_strjoinv (", ", (char **) page->numbers);
  print_labelled (stream, INDENT, _ ("Error numbers"), numbers);
}

static void
print_facts (FILE *stream, const RollStatusPage *page)
{
  if (page->steps && *page->steps)
    print_labelled (stream, INDENT, _ ("Where it happens"), page->steps);
  if (page->retry && *page->retry)
    print_labelled (stream, INDENT, _ ("Tried again"), page->retry);
  print_numbers (stream, page);
}

static void
print_section (FILE *stream, const char *title)
{
  fputc ('\n', stream);
  roll_terminal_heading (stream, title);
}

static void
print_causes (FILE *stream, const RollStatusPage *page)
{
  if (page->n_causes == 0)
    return;
  print_section (stream, _ ("Causes, the likeliest first"));
  for (guint i = 0; i < page->n_causes; i++)
    {
      if (i > 0)
        fputc ('\n', stream);
      roll_page_print_cause (stream, &page->causes[i], i + 1);
    }
}

static void
print_checks_and_fixes (FILE *stream, const RollStatusPage *page)
{
  if (page->n_checks + page->n_fixes == 0)
    return;
  print_section (stream, _ ("What to do"));
  for (guint i = 0; i < page->n_checks; i++)
    print_check (stream, INDENT, &page->checks[i], &nothing_known);
  for (guint i = 0; i < page->n_fixes; i++)
    print_fix (stream, INDENT, &page->fixes[i], &nothing_known);
}

static void
print_false_friends (FILE *stream, const RollStatusPage *page)
{
  if (!page->false_friends || !page->false_friends[0])
    return;
  print_section (stream, _ ("Do not be misled"));
  for (const char *const *text = page->false_friends; *text; text++)
    roll_terminal_paragraph (stream, INDENT, "- ", *text);
}

void
roll_page_print (FILE *stream, const RollStatusInfo *info)
{
  const RollStatusPage *page = roll_causes_page (info->status);

  roll_page_print_title (stream, info, NULL);
  fputc ('\n', stream);
  roll_terminal_paragraph (stream, INDENT, "", page ? page->meaning : state_meaning (info->status));
  if (!page)
    return;
  print_facts (stream, page);
  print_causes (stream, page);
  print_checks_and_fixes (stream, page);
  print_false_friends (stream, page);
}

static void
print_hints (FILE *stream, const char *label, GPtrArray *hints)
{
  for (guint i = 0; i < hints->len; i++)
    print_labelled (stream, INDENT + 4, label, ((const RollEvidenceHint *) g_ptr_array_index (hints, i))->text);
}

static void
print_ranked (FILE *stream, const RollRankedCause *ranked, guint number)
{
  g_autofree char *bullet = g_strdup_printf ("%2u. ", number);
  g_autofree char *likelihood = g_utf8_strdown (roll_likelihood_label (ranked->likelihood), -1);
  g_autofree char *text = g_strdup_printf ("%s (%s, %s)", ranked->cause->text, ranked->cause->id, likelihood);

  roll_terminal_paragraph (stream, INDENT, bullet, text);
  /* Translators: in front of what was seen and points to a cause */
  print_hints (stream, _ ("For it"), ranked->speaks_for);
  print_hints (stream, _ ("Against it"), ranked->speaks_against);
}

gboolean
roll_page_is_well (const RollComputer *computer)
{
  return computer->status == ROLL_STATUS_SUCCESS && computer->classes_collected >= computer->classes_planned;
}

static void
print_all_ranked (FILE *stream, const RollDiagnosis *diagnosis)
{
  GPtrArray *ranked = diagnosis->ranked;
  g_autoptr (GArray) missing = roll_causes_list_missing (ranked);
  g_autofree char *text = roll_causes_missing_text (missing);
  guint n = roll_causes_count_shown (ranked);

  if (ranked->len == 0)
    return;
  print_section (stream, _ ("Causes, the likeliest first"));
  for (guint i = 0; i < n; i++)
    print_ranked (stream, g_ptr_array_index (ranked, i), i + 1);
  if (n < ranked->len)
    {
      g_autofree char *rest = g_strdup_printf (
          ngettext ("%u more is unlikely.", "%u more are unlikely.", ranked->len - n), ranked->len - n);

      roll_terminal_paragraph (stream, INDENT, "", rest);
    }
  /* One that succeeded stopped nowhere, and that is not for want of knowledge. */
  if (text && diagnosis->computer->status != ROLL_STATUS_SUCCESS)
    roll_terminal_paragraph (stream, INDENT, "", text);
}

void
roll_page_print_short (FILE *stream, const RollDiagnosis *diagnosis)
{
  const RollComputer *computer = diagnosis->computer;
  const RollStatusPage *page = roll_causes_page (computer->status);
  char address[ROLL_ADDRESS_STRLEN];
  const Blanks blanks = { computer->target, roll_address_format (&computer->address, address) };

  print_section (stream, _ ("What it means"));
  roll_terminal_paragraph (stream, INDENT, "", page ? page->meaning : state_meaning (computer->status));
  if (roll_page_is_well (computer))
    roll_terminal_paragraph (stream, INDENT, "", _ ("All that was asked for was read: there is nothing to do."));
  if (!page || roll_page_is_well (computer))
    return;
  print_all_ranked (stream, diagnosis);

  const RollCheck *here = roll_causes_first_check (computer->status, diagnosis->ranked, FALSE);
  const RollCheck *there = roll_causes_first_check (computer->status, diagnosis->ranked, TRUE);
  const RollFix *fix = roll_causes_first_fix (computer->status, diagnosis->ranked);
  if (here || there || fix)
    print_section (stream, _ ("What to do"));
  if (here)
    print_check (stream, INDENT, here, &blanks);
  if (there)
    print_check (stream, INDENT, there, &blanks);
  if (fix)
    print_fix (stream, INDENT, fix, &blanks);
}
