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
  return _ ("The computer's turn has not come yet.");
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
roll_page_print_title (FILE *stream, const RollStatusInfo *info)
{
  const char *label = roll_status_label (info->status);
  g_autofree char *title =
      info->status >= 0 ? g_strdup_printf ("%d  %s", (int) info->status, label) : g_strdup (label);
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

  roll_page_print_title (stream, info);
  fputc ('\n', stream);
  roll_terminal_paragraph (stream, INDENT, "", page ? page->meaning : state_meaning (info->status));
  if (!page)
    return;
  print_facts (stream, page);
  print_causes (stream, page);
  print_checks_and_fixes (stream, page);
  print_false_friends (stream, page);
}

/* Of the likeliest cause that has one, else of the page. */
static const RollCheck *
first_check (const RollStatusPage *page, gboolean on_target)
{
  for (guint i = 0; i < page->n_causes; i++)
    for (guint j = 0; j < page->causes[i].n_checks; j++)
      if (page->causes[i].checks[j].on_target == on_target)
        return &page->causes[i].checks[j];
  for (guint i = 0; i < page->n_checks; i++)
    if (page->checks[i].on_target == on_target)
      return &page->checks[i];
  return NULL;
}

static const RollFix *
first_fix (const RollStatusPage *page)
{
  for (guint i = 0; i < page->n_causes; i++)
    if (page->causes[i].n_fixes > 0)
      return &page->causes[i].fixes[0];
  return page->n_fixes > 0 ? &page->fixes[0] : NULL;
}

void
roll_page_print_short (FILE *stream, const RollComputer *computer)
{
  const RollStatusPage *page = roll_causes_page (computer->status);
  char address[ROLL_ADDRESS_STRLEN];
  const Blanks blanks = { computer->target, roll_address_format (&computer->address, address) };

  print_section (stream, _ ("What it means"));
  roll_terminal_paragraph (stream, INDENT, "", page ? page->meaning : state_meaning (computer->status));
  if (!page)
    return;
  if (page->n_causes > 0)
    print_section (stream, _ ("Causes, the likeliest first"));
  for (guint i = 0; i < page->n_causes; i++)
    print_cause_line (stream, &page->causes[i], i + 1);

  const RollCheck *here = first_check (page, FALSE);
  const RollCheck *there = first_check (page, TRUE);
  const RollFix *fix = first_fix (page);
  if (here || there || fix)
    print_section (stream, _ ("What to do"));
  if (here)
    print_check (stream, INDENT, here, &blanks);
  if (there)
    print_check (stream, INDENT, there, &blanks);
  if (fix)
    print_fix (stream, INDENT, fix, &blanks);
}
