/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "report/roll-html.h"
#include "scan/roll-report-private.h"

static void
add_group (GString *html, const RollReport *report, const RollCommonCause *group)
{
  g_autofree char *sentence = report->redactor != NULL ? roll_common_cause_redact_sentence (group, report->redactor)
                                                       : g_strdup (group->sentence);
  g_autofree char *count = roll_common_cause_describe_count (group);
  RollStatus status;
  const RollCause *cause = group->rule->causes[0] != NULL ? roll_causes_find (group->rule->causes[0], &status) : NULL;

  roll_html_add (html, "<li>\n<h3>", sentence, "</h3>\n<p>", count, "; ", roll_confidence_label (group->confidence), ". ",
                 _("To ask:"), " ", group->rule->team->label, "</p>\n", NULL);
  if (cause != NULL)
    roll_report_advice (html, roll_causes_page (status), cause);
  g_string_append (html, "</li>\n");
}

void
roll_report_common (const RollReport *report, GString *html)
{
  if (report->common->len == 0)
    return;
  roll_html_add (html, "<section>\n<h2>", _("Common causes"), "</h2>\n<p class=\"soft\">",
                 _("What many of the failed computers have in common: one change may put all of them right."), "</p>\n<ol>\n",
                 NULL);
  for (guint i = 0; i < report->common->len; i++)
    add_group (html, report, g_ptr_array_index (report->common, i));
  g_string_append (html, "</ol>\n</section>\n");
}
