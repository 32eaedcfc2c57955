/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-problem-rows.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"

static GtkWidget *
new_problem_row (const RollFormProblem *problem)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *place = roll_form_problem_place (problem);
  g_autofree char *title = problem->text != NULL ? g_strdup_printf ("%s: %s", place, problem->text) : g_strdup (place);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), problem->reason);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
clear_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

void
roll_problem_rows_show (GtkListBox *list, const RollScanFormCheck *check)
{
  g_return_if_fail (GTK_IS_LIST_BOX (list) && check != NULL);

  clear_list (list);
  for (guint i = 0; i < check->problems->len; i++)
    gtk_list_box_append (list, new_problem_row (check->problems->pdata[i]));
  if (check->n_problems > check->problems->len)
    {
      guint more = check->n_problems - check->problems->len;
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *count = roll_format_count (more);
      g_autofree char *title = g_strdup_printf (ngettext ("%s more entry is wrong", "%s more entries are wrong", more),
                                                count);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      gtk_list_box_append (list, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (list), check->n_problems > 0);
}

char *
roll_problem_rows_describe (const RollScanFormCheck *check)
{
  GString *text = g_string_new (NULL);
  g_autofree char *targets = roll_format_count (check->n_targets);
  g_autofree char *duplicates = roll_format_count (check->n_duplicates);
  g_autofree char *problems = roll_format_count (check->n_problems);

  g_string_append_printf (text, ngettext ("%s computer", "%s computers", check->n_targets), targets);
  if (check->n_duplicates > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%s entry was there before", "%s entries were there before",
                                              check->n_duplicates), duplicates);
    }
  if (check->n_problems > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%s wrong entry is left out", "%s wrong entries are left out",
                                              check->n_problems), problems);
    }
  return g_string_free (text, FALSE);
}
