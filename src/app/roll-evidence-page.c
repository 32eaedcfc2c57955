/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-evidence-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "app/roll-fact-grid.h"
#include "app/roll-format.h"
#include "app/roll-help-text.h"
#include "report/roll-directory-lines.h"
#include "store/roll-store.h"

struct _RollEvidencePage
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkBox *attempts_box;
  GtkLabel *message_label;
};

G_DEFINE_FINAL_TYPE (RollEvidencePage, roll_evidence_page, GTK_TYPE_WIDGET)

/* --- A step --- */

/* Facts have no blanks, friendly names do. */
static gboolean
is_credential_of (const RollFactLine *line, const RollComputer *computer)
{
  g_autofree char *name = g_strdup (computer->credential);

  return name != NULL && strcmp (line->key, "credential") == 0 && strcmp (g_strdelimit (name, " \t", '_'), line->value) == 0;
}

static GtkWidget *
new_facts (const RollComputer *computer, const RollStepRecord *record)
{
  GtkWidget *grid = roll_fact_grid_new ();
  g_autoptr (GPtrArray) facts = roll_help_facts (record->detail);
  g_autofree char *started = roll_format_clock (record->started_at);
  g_autofree char *duration = roll_format_duration (record->duration_us);
  g_autofree char *error = roll_help_error_meaning (record->error);

  roll_fact_grid_add (grid, _("Error"), error);
  roll_fact_grid_add (grid, _("Said by"), roll_said_by_label (record->said_by));
  roll_fact_grid_add (grid, _("Asked"), record->peer);
  roll_fact_grid_add (grid, _("Started"), started);
  roll_fact_grid_add (grid, _("Took"), duration);
  for (guint i = 0; i < facts->len; i++)
    {
      const RollFactLine *line = facts->pdata[i];

      roll_fact_grid_add (grid, line->label, is_credential_of (line, computer) ? computer->credential : line->value);
    }
  return grid;
}

static char *
describe_step (const RollStepRecord *record)
{
  g_autofree char *duration = roll_format_duration (record->duration_us);
  g_autofree char *error = roll_help_error (record->error);

  if (*error == '\0' && record->peer == NULL)
    return g_steal_pointer (&duration);
  if (*error == '\0')
    return g_strdup_printf ("%s · %s", record->peer, duration);
  return g_strdup_printf ("%s · %s", error, duration);
}

static GtkWidget *
new_step_row (const RollComputer *computer, const RollStepRecord *record, gboolean open)
{
  gboolean failed = record->error.space != ROLL_ERROR_SPACE_NONE;
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (failed ? "roll-rpc-call-cancelled-symbolic" : "roll-success-symbolic");
  GtkWidget *facts = roll_fact_grid_wrap (new_facts (computer, record));
  g_autofree char *subtitle = describe_step (record);

  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  failed ? _("Failed") : _("Went well"), -1);
  gtk_widget_add_css_class (icon, failed ? "error" : "success");
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), roll_step_label (record->step));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (row), facts);
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), open);
  return row;
}

/* --- An attempt --- */

static char *
describe_attempt (const RollAttempt *attempt)
{
  g_autofree char *started = roll_format_date (attempt->started_at);
  g_autofree char *duration = roll_format_duration (attempt->duration_us);

  /* Translators: when an attempt began, how long it took, how it ended */
  return g_strdup_printf (_("%s · %s · %s"), started, duration, roll_status_label (attempt->status));
}

/* Where it stopped is what people look for: that step is open, the others are one line each. */
static GtkWidget *
new_attempt (const RollComputer *computer, const RollAttempt *attempt, guint n_attempts)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *title = NULL;
  g_autofree char *description = describe_attempt (attempt);
  g_autofree char *markup = g_markup_escape_text (description, -1);

  if (n_attempts > 1)
    title = g_strdup_printf (_("Attempt %u of %u"), attempt->number, n_attempts);
  else
    title = g_strdup (_("The Only Attempt"));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), markup);
  for (guint i = 0; i < attempt->steps->len; i++)
    {
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_step_row (computer, record, i + 1 == attempt->steps->len));
    }
  return group;
}

/* --- Where it comes from --- */

static void
add_directory (RollEvidencePage *self, const RollComputer *computer)
{
  g_autoptr (GPtrArray) lines = roll_directory_lines (computer);
  GtkWidget *group, *grid;

  if (lines->len == 0)
    return;
  group = adw_preferences_group_new ();
  grid = roll_fact_grid_new ();
  for (guint i = 0; i < lines->len; i++)
    {
      const RollDirectoryLine *line = lines->pdata[i];

      roll_fact_grid_add (grid, line->label, line->value);
    }
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Active Directory"));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), _("What it told when it was asked for computers"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), roll_fact_grid_wrap (grid));
  gtk_box_append (self->attempts_box, group);
}

/* --- Earlier tests --- */

static GtkWidget *
new_round_row (const RollComputer *then)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *started = roll_format_date (then->started_at);
  g_autofree char *error = roll_help_error (then->error);
  g_autofree char *subtitle = NULL;

  if (*error != '\0')
    subtitle = g_strdup_printf ("%s · %s · %s", started, roll_step_label (then->step), error);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), roll_status_label (then->status));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle != NULL ? subtitle : started);
  return row;
}

void
roll_evidence_page_show_earlier (RollEvidencePage *self, GPtrArray *rounds)
{
  GtkWidget *group;

  g_return_if_fail (ROLL_IS_EVIDENCE_PAGE (self));

  if (rounds->len == 0)
    return;
  group = adw_preferences_group_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("Earlier Tests"));
  for (guint i = rounds->len; i-- > 0;)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                               new_round_row (((const RollStoreRound *) rounds->pdata[i])->computer));
  gtk_box_append (self->attempts_box, group);
}

/* --- Object --- */

static void
roll_evidence_page_dispose (GObject *object)
{
  RollEvidencePage *self = ROLL_EVIDENCE_PAGE (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_evidence_page_parent_class)->dispose (object);
}

static void
roll_evidence_page_class_init (RollEvidencePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_evidence_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-evidence-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollEvidencePage, scroller);
  gtk_widget_class_bind_template_child (widget_class, RollEvidencePage, attempts_box);
  gtk_widget_class_bind_template_child (widget_class, RollEvidencePage, message_label);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_evidence_page_init (RollEvidencePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
roll_evidence_page_show (RollEvidencePage *self, RollComputer *computer, GPtrArray *attempts)
{
  GtkWidget *child;

  g_return_if_fail (ROLL_IS_EVIDENCE_PAGE (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->attempts_box))) != NULL)
    gtk_box_remove (self->attempts_box, child);
  gtk_label_set_label (self->message_label, _("This computer has not been asked yet."));
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), attempts != NULL && attempts->len == 0);
  for (guint i = 0; attempts != NULL && i < attempts->len; i++)
    gtk_box_append (self->attempts_box, new_attempt (computer, attempts->pdata[i], attempts->len));
  add_directory (self, computer);
}

void
roll_evidence_page_show_error (RollEvidencePage *self, const char *message)
{
  g_return_if_fail (ROLL_IS_EVIDENCE_PAGE (self));

  gtk_label_set_label (self->message_label, message);
  gtk_widget_show (GTK_WIDGET (self->message_label));
}
