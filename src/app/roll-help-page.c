/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-help-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/roll-advice.h"
#include "app/roll-cause-row.h"
#include "app/roll-help-text.h"
#include "app/roll-inventory-text.h"
#include "app/roll-status-look.h"
#include "scan/roll-scan.h"
#include "status/roll-causes.h"

struct _RollHelpPage
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scroller;
  GtkImage *sign;
  GtkLabel *title_label;
  GtkLabel *code_label;
  GtkLabel *sentence_label;
  GtkLabel *meaning_label;
  AdwActionRow *retry_row;
  AdwActionRow *steps_row;
  AdwActionRow *numbers_row;
  GtkListBox *facts_list;
  GtkBox *sections; /* what differs from status to status, made anew each time */

  RollStatus status;
  RollComputer *computer;
  guint retries; /* of its scan */
  RollDiagnosis *diagnosis; /* (nullable): of the computer */
  const char *const *likely; /* (nullable): of the status: ids of the causes that come first */
};

G_DEFINE_FINAL_TYPE (RollHelpPage, roll_help_page, GTK_TYPE_WIDGET)

/* --- Pieces --- */

static AdwPreferencesGroup *
add_group (RollHelpPage *self, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  gtk_box_append (self->sections, group);
  return ADW_PREFERENCES_GROUP (group);
}

/* --- Sections --- */

static gboolean
is_likely (RollHelpPage *self, const RollCause *cause)
{
  return self->likely != NULL && g_strv_contains (self->likely, cause->id);
}

/* What computers have in common says more than how common a cause is. */
static guint
add_likely_causes (RollHelpPage *self, const RollStatusPage *page)
{
  AdwPreferencesGroup *group = NULL;
  guint n = 0;

  for (const char *const *id = self->likely; id != NULL && *id != NULL; id++)
    for (guint i = 0; i < page->n_causes; i++)
      if (g_str_equal (page->causes[i].id, *id))
        {
          if (group == NULL)
            group = add_group (self, _("What They Have in Common"));
          adw_preferences_group_add (group, roll_cause_row_new (&page->causes[i], NULL, NULL, n == 0));
          n++;
        }
  return n;
}

/* By how common they are. */
static void
add_page_causes (RollHelpPage *self, const RollStatusPage *page)
{
  AdwPreferencesGroup *group;
  guint n_likely = add_likely_causes (self, page);

  if (page->n_causes == n_likely)
    return;
  group = add_group (self, n_likely > 0 ? _("Less Likely Here") : _("Causes, the Likeliest First"));
  for (guint i = 0; i < page->n_causes; i++)
    if (!is_likely (self, &page->causes[i]))
      adw_preferences_group_add (group, roll_cause_row_new (&page->causes[i], NULL, NULL, n_likely == 0 && i == 0));
}

/* By what was seen of this computer. */
static void
add_ranked_causes (RollHelpPage *self, GPtrArray *ranked)
{
  g_autoptr (GArray) missing = roll_causes_list_missing (ranked);
  g_autofree char *text = roll_causes_missing_text (missing);
  guint n_shown = roll_causes_count_shown (ranked);
  AdwPreferencesGroup *group = NULL;

  for (guint i = 0; i < ranked->len; i++)
    {
      const RollRankedCause *one = g_ptr_array_index (ranked, i);

      if (i == 0 || i == n_shown)
        group = add_group (self, i == 0 ? _("Causes, the Likeliest First") : _("Less Likely Here"));
      /* It stopped nowhere, and that is not for want of knowledge. */
      if (i == 0 && text != NULL && self->status != ROLL_STATUS_SUCCESS)
        adw_preferences_group_set_description (group, text);
      adw_preferences_group_add (group, roll_cause_row_new (one->cause, self->computer, one, i == 0));
    }
}

static void
add_checks (RollHelpPage *self, const RollStatusPage *page)
{
  AdwPreferencesGroup *group;

  if (page->n_checks == 0)
    return;
  group = add_group (self, _("Check First"));
  for (guint i = 0; i < page->n_checks; i++)
    {
      GtkWidget *body = roll_help_new_body ();

      gtk_box_append (GTK_BOX (body), roll_advice_new_check (&page->checks[i], self->computer));
      adw_preferences_group_add (group, roll_help_new_body_row (body));
    }
}

static void
add_fixes (RollHelpPage *self, const RollStatusPage *page)
{
  AdwPreferencesGroup *group;

  if (page->n_fixes == 0)
    return;
  group = add_group (self, _("Fixes"));
  for (guint i = 0; i < page->n_fixes; i++)
    {
      GtkWidget *body = roll_help_new_body ();

      gtk_box_append (GTK_BOX (body), roll_advice_new_fix (&page->fixes[i], self->computer));
      adw_preferences_group_add (group, roll_help_new_body_row (body));
    }
}

static void
add_false_friends (RollHelpPage *self, const RollStatusPage *page)
{
  AdwPreferencesGroup *group;

  if (page->false_friends[0] == NULL)
    return;
  group = add_group (self, _("What Misleads"));
  for (guint i = 0; page->false_friends[i] != NULL; i++)
    {
      GtkWidget *body = roll_help_new_body ();

      gtk_box_append (GTK_BOX (body), roll_help_new_text (page->false_friends[i], NULL));
      adw_preferences_group_add (group, roll_help_new_body_row (body));
    }
}

/* Nothing is wrong that could have a cause. */
static gboolean
is_well (RollHelpPage *self)
{
  return self->computer != NULL && self->computer->status == ROLL_STATUS_SUCCESS
         && roll_inventory_is_whole (self->computer);
}

static void
set_row (AdwActionRow *row, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
}

/* A number that the code knows carries its name: a person recognises one or the other. */
static char *
join_numbers (const char *const *numbers)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; numbers[i] != NULL; i++)
    {
      g_autoptr (GArray) errors = roll_error_lookup (numbers[i]);
      const char *symbol = errors->len > 0 ? roll_error_symbol (g_array_index (errors, RollErrorNumber, 0)) : NULL;

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", numbers[i]);
      if (symbol != NULL && g_strcmp0 (symbol, numbers[i]) != 0)
        g_string_append_printf (text, " (%s)", symbol);
    }
  return g_string_free (text, FALSE);
}

static void
show_facts (RollHelpPage *self, const RollStatusPage *page)
{
  g_autofree char *numbers = page != NULL ? join_numbers (page->numbers) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->facts_list), page != NULL);
  if (page == NULL)
    return;
  set_row (self->retry_row, page->retry);
  set_row (self->steps_row, page->steps);
  set_row (self->numbers_row, numbers);
}

static void
show_heading (RollHelpPage *self)
{
  const RollStatusInfo *info = roll_status_info ((int) self->status);
  const RollStatusLook *look = roll_status_look (self->status);
  g_autofree char *title = self->computer != NULL ? roll_scan_status_text (self->computer, self->retries)
                                                  : g_strdup (roll_status_label (self->status));
  g_autofree char *code = NULL;

  gtk_image_set_from_icon_name (self->sign, look->sign);
  gtk_widget_set_css_classes (GTK_WIDGET (self->sign), (const char **) look->classes);
  gtk_label_set_label (self->title_label, title);
  if (info != NULL && (int) info->status >= 0)
    /* Translators: a status code, and its group */
    code = g_strdup_printf (_("Code %d · %s"), (int) info->status, roll_group_label (look->group));
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), code != NULL);
  gtk_label_set_label (self->code_label, code != NULL ? code : "");
}

static void
fill (RollHelpPage *self)
{
  const RollStatusPage *page = roll_causes_page (self->status);
  GtkWidget *child;

  show_heading (self);
  gtk_label_set_label (self->meaning_label, page != NULL ? page->meaning : roll_help_state_meaning (self->status));
  show_facts (self, is_well (self) ? NULL : page);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sections))) != NULL)
    gtk_box_remove (self->sections, child);
  if (page == NULL)
    return;
  if (is_well (self))
    return;
  if (self->computer == NULL)
    add_page_causes (self, page);
  else if (self->diagnosis != NULL)
    add_ranked_causes (self, self->diagnosis->ranked);
  add_checks (self, page);
  add_fixes (self, page);
  add_false_friends (self, page);
}

static void
scroll_to_top (RollHelpPage *self)
{
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/* --- Object --- */

static void
roll_help_page_dispose (GObject *object)
{
  RollHelpPage *self = ROLL_HELP_PAGE (object);

  g_clear_pointer ((GtkWidget **) &self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->computer, roll_computer_unref);
  g_clear_pointer (&self->diagnosis, roll_diagnosis_free);
  G_OBJECT_CLASS (roll_help_page_parent_class)->dispose (object);
}

static void
roll_help_page_class_init (RollHelpPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_help_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-help-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, sign);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, code_label);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, meaning_label);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, retry_row);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, steps_row);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, numbers_row);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, facts_list);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPage, sections);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_help_page_init (RollHelpPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->status = ROLL_STATUS_SUCCESS;
}

void
roll_help_page_show_status (RollHelpPage *self, RollStatus status, const char *const *likely)
{
  g_return_if_fail (ROLL_IS_HELP_PAGE (self));

  g_clear_pointer (&self->computer, roll_computer_unref);
  g_clear_pointer (&self->diagnosis, roll_diagnosis_free);
  self->status = status;
  self->likely = likely;
  gtk_widget_hide (GTK_WIDGET (self->sentence_label));
  gtk_widget_remove_css_class (GTK_WIDGET (self->meaning_label), "dim-label");
  fill (self);
  scroll_to_top (self);
}

void
roll_help_page_show_computer (RollHelpPage *self, RollComputer *computer, guint retries, GPtrArray *attempts,
                              RollDiagnosis *diagnosis)
{
  g_autofree char *sentence = NULL;
  gboolean other;

  g_return_if_fail (ROLL_IS_HELP_PAGE (self));

  sentence = roll_help_sentence (computer, attempts);
  other = self->computer == NULL || self->computer->ordinal != computer->ordinal || self->status != computer->status;
  if (self->computer != computer)
    {
      g_clear_pointer (&self->computer, roll_computer_unref);
      self->computer = roll_computer_ref (computer);
    }
  if (other || diagnosis != NULL)
    g_clear_pointer (&self->diagnosis, roll_diagnosis_free);
  if (diagnosis != NULL)
    self->diagnosis = diagnosis;
  self->retries = retries;
  gtk_label_set_label (self->sentence_label, sentence);
  gtk_widget_set_visible (GTK_WIDGET (self->sentence_label), roll_causes_page (computer->status) != NULL
                                                               || computer->status == ROLL_STATUS_REACHABLE);
  gtk_widget_add_css_class (GTK_WIDGET (self->meaning_label), "dim-label");
  self->status = computer->status;
  if (other || diagnosis != NULL)
    fill (self);
  if (other)
    scroll_to_top (self);
}
