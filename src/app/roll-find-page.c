/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-find-page.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "app/roll-problem-rows.h"
#include "app/roll-profiles-group.h"

#define CHECK_DELAY_MS 200

struct _RollFindPage
{
  RollWizardPage parent_instance;

  RollProfilesGroup *profiles_group;
  GtkTextBuffer *targets_buffer;
  GtkWidget *targets_view;
  GtkWidget *placeholder;
  GtkListBox *sources_list;
  GtkLabel *count_label;
  GtkWidget *public_box;
  GtkLabel *public_label;
  GtkListBox *problems_list;
  AdwEntryRow *exclusions_row;

  GPtrArray *sources; /* (element-type RollTargetSource) */
  guint check_source;
  GCancellable *checking; /* the check that counts; NULL when all that was entered is checked */
  RollScanFormCheck *check;
  gboolean go_on_when_checked;
};

enum
{
  WAY,
  PROFILE,
  PROFILES_LISTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollFindPage, roll_find_page, ROLL_TYPE_WIZARD_PAGE)

static void schedule_check (RollFindPage *self);

/* --- What the check found --- */

static void
clear_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

char *
roll_find_page_describe_public (guint n_public)
{
  g_autofree char *count = roll_format_count (n_public);

  return g_strdup_printf (ngettext ("%s address is on the internet, not in a private network.",
                                    "%s addresses are on the internet, not in a private network.", n_public),
                          count);
}

static void
show_check (RollFindPage *self)
{
  g_autofree char *count = roll_problem_rows_describe (self->check);
  g_autofree char *public_text = roll_find_page_describe_public (self->check->n_public);

  gtk_label_set_label (self->count_label, count);
  gtk_label_set_label (self->public_label, public_text);
  gtk_widget_set_visible (self->public_box, self->check->n_public > 0);
  roll_problem_rows_show (self->problems_list, self->check);
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self), self->check->n_targets > 0);
}

/* --- Checking --- */

static void
stop_checking (RollFindPage *self)
{
  g_clear_handle_id (&self->check_source, g_source_remove);
  if (self->checking != NULL)
    g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
}

static void
check_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, roll_scan_form_check (task_data), (GDestroyNotify) roll_scan_form_check_free);
}

static void
check_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollFindPage *self = ROLL_FIND_PAGE (source);
  g_autoptr (RollScanFormCheck) check = g_task_propagate_pointer (G_TASK (result), NULL);

  if (check == NULL || g_task_get_cancellable (G_TASK (result)) != self->checking)
    return;
  g_clear_object (&self->checking);
  g_clear_pointer (&self->check, roll_scan_form_check_free);
  self->check = g_steal_pointer (&check);
  show_check (self);
  if (self->go_on_when_checked && self->check->n_targets > 0)
    roll_wizard_page_go_on (ROLL_WIZARD_PAGE (self));
  self->go_on_when_checked = FALSE;
}

static gboolean
check_now (gpointer user_data)
{
  RollFindPage *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, self->checking, check_done, NULL);

  self->check_source = 0;
  g_task_set_source_tag (task, check_now);
  g_task_set_task_data (task, roll_find_page_get_form (self), (GDestroyNotify) roll_scan_form_free);
  g_task_run_in_thread (task, check_thread);
  return G_SOURCE_REMOVE;
}

static void
schedule_check (RollFindPage *self)
{
  stop_checking (self);
  self->go_on_when_checked = FALSE;
  self->checking = g_cancellable_new ();
  self->check_source = g_timeout_add (CHECK_DELAY_MS, check_now, self);
}

static void
on_targets_changed (GtkTextBuffer *buffer, RollFindPage *self)
{
  gtk_widget_set_visible (self->placeholder, gtk_text_buffer_get_char_count (buffer) == 0);
  schedule_check (self);
}

/* What was typed a moment ago is checked first: the scan is of what stands there now. */
static gboolean
roll_find_page_leave (RollWizardPage *page)
{
  RollFindPage *self = ROLL_FIND_PAGE (page);

  self->go_on_when_checked = self->checking != NULL;
  return !self->go_on_when_checked;
}

/* --- The other ways --- */

static void show_sources (RollFindPage *self);

static void
on_remove_source (GtkButton *button, RollFindPage *self)
{
  g_ptr_array_remove (self->sources, g_object_get_data (G_OBJECT (button), "source"));
  show_sources (self);
  schedule_check (self);
  gtk_widget_grab_focus (self->targets_view);
}

static char *
describe_source (const RollTargetSource *source)
{
  g_autofree char *count = NULL;
  guint n = source->entries != NULL ? g_strv_length (source->entries) : 0;

  if (source->kind == ROLL_SOURCE_FILE)
    /* Translators: a column of a table */
    return source->column != NULL ? g_strdup_printf (_("Column “%s”"), source->column) : NULL;
  if (source->kind == ROLL_SOURCE_NETWORKS)
    return g_strjoinv (", ", source->entries);
  count = roll_format_count (n);
  return g_strdup_printf (ngettext ("%s computer", "%s computers", n), count);
}

static const char *
source_icon (RollSourceKind kind)
{
  if (kind == ROLL_SOURCE_FILE)
    return "text-x-generic-symbolic";
  return kind == ROLL_SOURCE_NETWORKS ? "network-wired-symbolic" : "system-users-symbolic";
}

static GtkWidget *
new_source_row (RollFindPage *self, RollTargetSource *source)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");
  g_autofree char *name = roll_form_source_name (source);
  g_autofree char *detail = describe_source (source);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  if (detail != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (source_icon (source->kind)));
  gtk_widget_set_tooltip_text (button, _("Remove"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Remove"), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  g_object_set_data (G_OBJECT (button), "source", source);
  g_object_set_data (G_OBJECT (row), "source", source);
  g_signal_connect (button, "clicked", G_CALLBACK (on_remove_source), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  return row;
}

static void
show_sources (RollFindPage *self)
{
  clear_list (self->sources_list);
  for (guint i = 0; i < self->sources->len; i++)
    gtk_list_box_append (self->sources_list, new_source_row (self, self->sources->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->sources_list), self->sources->len > 0);
}

static gboolean
has_source (RollFindPage *self, const RollTargetSource *source)
{
  for (guint i = 0; i < self->sources->len; i++)
    if (roll_target_source_equal (self->sources->pdata[i], source))
      return TRUE;
  return FALSE;
}

void
roll_find_page_add_source (RollFindPage *self, const RollTargetSource *old, RollTargetSource *source)
{
  guint place;

  g_return_if_fail (ROLL_IS_FIND_PAGE (self) && source != NULL);

  if (old != NULL && g_ptr_array_find (self->sources, old, &place))
    g_ptr_array_remove_index (self->sources, place);
  else
    place = self->sources->len;
  if (has_source (self, source))
    roll_target_source_free (source);
  else
    g_ptr_array_insert (self->sources, (int) place, source);
  show_sources (self);
  schedule_check (self);
}

static void
on_source_activated (GtkListBox *list, GtkListBoxRow *row, RollFindPage *self)
{
  const RollTargetSource *source = g_object_get_data (G_OBJECT (row), "source");

  g_signal_emit (self, signals[WAY], 0, source->kind, source);
}

static void
on_file_way (AdwActionRow *row, RollFindPage *self)
{
  g_signal_emit (self, signals[WAY], 0, ROLL_SOURCE_FILE, NULL);
}

static void
on_directory_way (AdwActionRow *row, RollFindPage *self)
{
  g_signal_emit (self, signals[WAY], 0, ROLL_SOURCE_DIRECTORY, NULL);
}

/* Once is enough: the row is for choosing others of them. */
static void
on_networks_way (AdwActionRow *row, RollFindPage *self)
{
  const RollTargetSource *chosen = NULL;

  for (guint i = 0; i < self->sources->len; i++)
    if (((RollTargetSource *) self->sources->pdata[i])->kind == ROLL_SOURCE_NETWORKS)
      chosen = self->sources->pdata[i];
  g_signal_emit (self, signals[WAY], 0, ROLL_SOURCE_NETWORKS, chosen);
}

static void
on_profile_chosen (RollProfilesGroup *group, const char *name, RollFindPage *self)
{
  g_signal_emit (self, signals[PROFILE], 0, name);
}

static void
on_profiles_listed (RollFindPage *self)
{
  g_signal_emit (self, signals[PROFILES_LISTED], 0);
}

const char *const *
roll_find_page_get_profiles (RollFindPage *self)
{
  g_return_val_if_fail (ROLL_IS_FIND_PAGE (self), NULL);

  return roll_profiles_group_get_names (self->profiles_group);
}

void
roll_find_page_refresh_profiles (RollFindPage *self)
{
  g_return_if_fail (ROLL_IS_FIND_PAGE (self));

  roll_profiles_group_refresh (self->profiles_group);
}

/* --- What has been entered --- */

static char *
get_targets_text (RollFindPage *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->targets_buffer, &start, &end);
  return gtk_text_buffer_get_text (self->targets_buffer, &start, &end, FALSE);
}

RollScanForm *
roll_find_page_get_form (RollFindPage *self)
{
  g_autofree char *targets = NULL;
  RollScanForm *form;

  g_return_val_if_fail (ROLL_IS_FIND_PAGE (self), NULL);

  targets = get_targets_text (self);
  form = roll_scan_form_new (targets, gtk_editable_get_text (GTK_EDITABLE (self->exclusions_row)));
  for (guint i = 0; i < self->sources->len; i++)
    g_ptr_array_add (form->sources, roll_target_source_copy (self->sources->pdata[i]));
  return form;
}

void
roll_find_page_set_form (RollFindPage *self, const RollScanForm *form)
{
  g_return_if_fail (ROLL_IS_FIND_PAGE (self) && form != NULL);

  gtk_text_buffer_set_text (self->targets_buffer, form->targets, -1);
  gtk_editable_set_text (GTK_EDITABLE (self->exclusions_row), form->exclusions);
  g_ptr_array_set_size (self->sources, 0);
  for (guint i = 0; i < form->sources->len; i++)
    g_ptr_array_add (self->sources, roll_target_source_copy (form->sources->pdata[i]));
  show_sources (self);
  schedule_check (self);
}

void
roll_find_page_go_on_when_checked (RollFindPage *self)
{
  g_return_if_fail (ROLL_IS_FIND_PAGE (self));

  self->go_on_when_checked = TRUE;
}

gboolean
roll_find_page_is_empty (RollFindPage *self)
{
  g_return_val_if_fail (ROLL_IS_FIND_PAGE (self), TRUE);

  return gtk_text_buffer_get_char_count (self->targets_buffer) == 0 && self->sources->len == 0
         && *gtk_editable_get_text (GTK_EDITABLE (self->exclusions_row)) == '\0';
}

const RollScanFormCheck *
roll_find_page_get_check (RollFindPage *self)
{
  g_return_val_if_fail (ROLL_IS_FIND_PAGE (self), NULL);

  return self->check;
}

/* --- Object --- */

static gboolean
roll_find_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (ROLL_FIND_PAGE (widget)->targets_view);
}

static void
roll_find_page_dispose (GObject *object)
{
  RollFindPage *self = ROLL_FIND_PAGE (object);

  stop_checking (self);
  g_clear_pointer (&self->check, roll_scan_form_check_free);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  G_OBJECT_CLASS (roll_find_page_parent_class)->dispose (object);
}

static void
roll_find_page_class_init (RollFindPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_find_page_dispose;
  widget_class->grab_focus = roll_find_page_grab_focus;
  ROLL_WIZARD_PAGE_CLASS (klass)->leave = roll_find_page_leave;
  signals[WAY] = g_signal_new ("way", ROLL_TYPE_FIND_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_POINTER);
  signals[PROFILE] = g_signal_new ("profile", ROLL_TYPE_FIND_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[PROFILES_LISTED] = g_signal_new ("profiles-listed", ROLL_TYPE_FIND_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
  g_type_ensure (ROLL_TYPE_PROFILES_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-find-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, profiles_group);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, targets_buffer);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, targets_view);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, placeholder);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, sources_list);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, public_box);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, public_label);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, problems_list);
  gtk_widget_class_bind_template_child (widget_class, RollFindPage, exclusions_row);
  gtk_widget_class_bind_template_callback (widget_class, on_targets_changed);
  gtk_widget_class_bind_template_callback (widget_class, schedule_check);
  gtk_widget_class_bind_template_callback (widget_class, on_source_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_file_way);
  gtk_widget_class_bind_template_callback (widget_class, on_directory_way);
  gtk_widget_class_bind_template_callback (widget_class, on_networks_way);
  gtk_widget_class_bind_template_callback (widget_class, on_profile_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_profiles_listed);
  gtk_widget_class_bind_template_callback (widget_class, roll_wizard_page_go_on);
}

static void
roll_find_page_init (RollFindPage *self)
{
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_source_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  schedule_check (self);
}
