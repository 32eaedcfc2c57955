/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-directory-lines.h"

#include <glib/gi18n-lib.h>

static void
line_free (gpointer data)
{
  RollDirectoryLine *line = data;

  g_free (line->value);
  g_free (line);
}

/* Takes @value; nothing for NULL. */
static void
add_line (GPtrArray *lines, const char *label, char *value)
{
  RollDirectoryLine *line;

  if (value == NULL)
    return;
  line = g_new (RollDirectoryLine, 1);
  line->label = label;
  line->value = value;
  g_ptr_array_add (lines, line);
}

/* The day alone: the directory notes it some days late. */
static char *
last_logon_text (const RollComputer *computer)
{
  gint64 at = computer->directory->last_logon;
  gint64 days = roll_directory_facts_get_days (computer->directory, computer->started_at + computer->duration_us);
  g_autoptr (GDateTime) date = at > 0 ? g_date_time_new_from_unix_local (at / G_USEC_PER_SEC) : NULL;
  g_autofree char *text = date != NULL ? g_date_time_format (date, "%Y-%m-%d") : NULL;

  if (text == NULL || days < 0)
    return g_steal_pointer (&text);
  /* Translators: a day, and how long before the test of the computer it was */
  return g_strdup_printf (ngettext ("%s, %u day before this test", "%s, %u days before this test", (gulong) days), text,
                          (guint) MIN (days, G_MAXUINT32));
}

GPtrArray *
roll_directory_lines (const RollComputer *computer)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  const RollDirectoryFacts *facts;

  g_return_val_if_fail (computer != NULL, lines);

  facts = computer->directory;
  if (facts == NULL)
    return lines;
  add_line (lines, _("Organizational unit"), g_strdup (facts->ou));
  add_line (lines, _("Last logon in Active Directory"), last_logon_text (computer));
  add_line (lines, _("Operating system in Active Directory"), g_strdup (facts->system));
  if (facts->account == ROLL_DIRECTORY_ACCOUNT_DISABLED)
    add_line (lines, _("Account in Active Directory"), g_strdup (_("Disabled")));
  return lines;
}
