/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-cause-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/roll-advice.h"

GtkWidget *
roll_help_new_text (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

GtkWidget *
roll_help_new_body (void)
{
  GtkWidget *body = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_add_css_class (body, "help-body");
  return body;
}

GtkWidget *
roll_help_new_body_row (GtkWidget *body)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), body);
  return row;
}

/* --- Evidence --- */

static void
append_heading (GtkBox *box, const char *heading)
{
  GtkWidget *label = roll_help_new_text (heading, "caption-heading");

  if (gtk_widget_get_first_child (GTK_WIDGET (box)) != NULL)
    gtk_widget_set_margin_top (label, 6);
  gtk_box_append (box, label);
}

static void
append_seen (GtkBox *box, const char *heading, GPtrArray *hints)
{
  if (hints->len > 0)
    append_heading (box, heading);
  for (guint i = 0; i < hints->len; i++)
    gtk_box_append (box, roll_help_new_text (((const RollEvidenceHint *) g_ptr_array_index (hints, i))->text, NULL));
}

/* What would be seen; of a computer that was judged, only what no program can see. */
static void
append_unseen (GtkBox *box, const RollCause *cause, gboolean raises, gboolean only_by_people)
{
  gboolean first = TRUE;

  for (guint i = 0; i < cause->n_hints; i++)
    {
      if (cause->hints[i].raises != raises || (only_by_people && cause->hints[i].when != NULL))
        continue;
      if (first)
        append_heading (box, raises ? _("Would point to it") : _("Would point elsewhere"));
      first = FALSE;
      gtk_box_append (box, roll_help_new_text (cause->hints[i].text, "dim-label"));
    }
}

static void
append_missing (GtkBox *box, GArray *missing)
{
  g_autofree char *text = roll_causes_missing_text (missing);

  if (text == NULL)
    return;
  gtk_box_append (box, roll_help_new_text (text, "dim-label"));
  gtk_widget_set_margin_top (gtk_widget_get_last_child (GTK_WIDGET (box)), 6);
}

static void
append_evidence (GtkBox *body, const RollCause *cause, const RollRankedCause *ranked)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 4));

  if (ranked != NULL)
    {
      append_seen (box, _("Points to it"), ranked->speaks_for);
      append_seen (box, _("Points elsewhere"), ranked->speaks_against);
      append_missing (box, ranked->missing);
    }
  append_unseen (box, cause, TRUE, ranked != NULL);
  append_unseen (box, cause, FALSE, ranked != NULL);
  gtk_box_append (body, GTK_WIDGET (box));
  gtk_widget_set_visible (GTK_WIDGET (box), gtk_widget_get_first_child (GTK_WIDGET (box)) != NULL);
}

/* --- The row --- */

static void
append_advice (GtkBox *body, const char *heading, GtkWidget *advice, guint position)
{
  if (position == 0)
    gtk_box_append (body, roll_help_new_text (heading, "heading"));
  gtk_box_append (body, advice);
}

static const char *
prior_label (RollPrior prior)
{
  switch (prior)
    {
    case ROLL_PRIOR_HIGH:
      return _("Likely");
    case ROLL_PRIOR_MEDIUM:
      return _("Possible");
    case ROLL_PRIOR_LOW:
    default:
      return _("Rare");
    }
}

/* What decides: without unfolding the row one sees why it is here. (transfer full) */
static char *
make_subtitle (const RollCause *cause, const RollRankedCause *ranked)
{
  const char *likelihood = ranked != NULL ? roll_likelihood_label (ranked->likelihood) : prior_label (cause->prior);
  GPtrArray *hints = ranked == NULL                                          ? NULL
                     : ranked->likelihood == ROLL_LIKELIHOOD_UNLIKELY && ranked->speaks_against->len > 0
                         ? ranked->speaks_against
                         : ranked->speaks_for;

  if (hints == NULL || hints->len == 0)
    return g_strdup (likelihood);
  /* Translators: how likely a cause is, and what speaks for that */
  return g_strdup_printf (_("%s · %s"), likelihood, ((const RollEvidenceHint *) g_ptr_array_index (hints, 0))->text);
}

GtkWidget *
roll_cause_row_new (const RollCause *cause, const RollComputer *computer, const RollRankedCause *ranked, gboolean open)
{
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *body = roll_help_new_body ();
  g_autofree char *subtitle = make_subtitle (cause, ranked);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), cause->text);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  append_evidence (GTK_BOX (body), cause, ranked);
  for (guint i = 0; i < cause->n_checks; i++)
    append_advice (GTK_BOX (body), _("Check"), roll_advice_new_check (&cause->checks[i], computer), i);
  for (guint i = 0; i < cause->n_fixes; i++)
    append_advice (GTK_BOX (body), _("Fix"), roll_advice_new_fix (&cause->fixes[i], computer), i);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), roll_help_new_body_row (body));
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), open);
  return row;
}
