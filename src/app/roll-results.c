/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-results.h"

#include <glib/gi18n.h>

#include "app/roll-adaptive-layout.h"
#include "app/roll-breakdown.h"
#include "app/roll-common-view.h"
#include "app/roll-computers-view.h"
#include "app/roll-settings.h"
#include "app/roll-status-look.h"
#include "status/roll-causes.h"

struct _RollResults
{
  GtkWidget parent_instance;

  GtkWidget *switcher;
  GtkStack *overview;
  GtkStackPage *common_page;
  RollBreakdown *breakdown;
  RollCommonView *common_view;
  RollComputersView *computers_view;

  RollComputerTable *table;
  int status; /* the filter: an index of the order of display, or -1 */
  int topic;  /* what the help is about when no computer is chosen, likewise */
  const char *const *causes; /* (nullable): of the common cause that is the topic */
};

enum
{
  TOPIC_CHANGED,
  HELP_WANTED,
  TEST_AGAIN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollResults, roll_results, GTK_TYPE_WIDGET)

static void
set_topic (RollResults *self, guint ordinal)
{
  g_signal_emit (self, signals[TOPIC_CHANGED], 0, self->topic, ordinal);
}

static void
on_table_changed (RollResults *self)
{
  roll_breakdown_set_counts (self->breakdown, roll_computer_table_get_counts (self->table));
}

static void
on_table_replaced (RollResults *self)
{
  on_table_changed (self);
  set_topic (self, G_MAXUINT);
}

static void
set_status (RollResults *self, int index)
{
  self->status = self->topic = index;
  self->causes = NULL;
  roll_common_view_close (self->common_view);
  roll_computers_view_set_group (self->computers_view, NULL, NULL);
  roll_breakdown_set_marked (self->breakdown, index >= 0 ? 1u << index : 0);
  roll_computers_view_set_status (self->computers_view, index);
}

static void
save_filter (RollResults *self)
{
  const RollStatusInfo *info = NULL;

  if (self->status >= 0)
    info = roll_status_info ((int) roll_status_look_nth ((guint) self->status)->status);
  if (roll_settings_get () != NULL)
    g_settings_set_string (roll_settings_get (), "status-filter", info != NULL ? info->id : "");
}

static void
choose_status (RollResults *self, int index)
{
  set_status (self, index);
  save_filter (self);
  set_topic (self, G_MAXUINT);
}

static void
on_status_chosen (RollBreakdown *breakdown, guint index, RollResults *self)
{
  choose_status (self, self->status == (int) index ? -1 : (int) index);
}

static void
on_filter_lifted (RollComputersView *view, RollResults *self)
{
  choose_status (self, -1);
}

/* --- Common causes --- */

static int
topic_of (const RollCommonCause *group)
{
  RollStatus status;

  roll_causes_find (group->rule->causes[0], &status);
  return (int) roll_status_look_index (status);
}

static void
show_group (RollResults *self, const char *title, GArray *ordinals, const RollCommonCause *group)
{
  self->status = -1;
  self->topic = group != NULL ? topic_of (group) : -1;
  self->causes = group != NULL ? group->rule->causes : NULL;
  roll_breakdown_set_marked (self->breakdown, 0);
  roll_computers_view_set_status (self->computers_view, -1);
  roll_computers_view_set_group (self->computers_view, title, ordinals);
  save_filter (self);
  set_topic (self, G_MAXUINT);
}

void
roll_results_show_group (RollResults *self, const char *title, GArray *ordinals)
{
  g_return_if_fail (ROLL_IS_RESULTS (self));

  roll_common_view_close (self->common_view);
  show_group (self, title, ordinals, NULL);
}

static void
on_group_chosen (RollCommonView *view, RollCommonCause *group, GArray *ordinals, RollResults *self)
{
  show_group (self, group != NULL ? group->rule->title : NULL, ordinals, group);
}

static void
on_group_help_wanted (RollCommonView *view, RollResults *self)
{
  set_topic (self, G_MAXUINT);
  g_signal_emit (self, signals[HELP_WANTED], 0, FALSE);
}

static void
on_test_again (RollCommonView *view, GArray *ordinals, RollResults *self)
{
  g_signal_emit (self, signals[TEST_AGAIN], 0, ordinals);
}

static gboolean
is_common_shown (RollResults *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->overview), "common") == 0;
}

static void
on_overview_changed (GtkStack *overview, GParamSpec *pspec, RollResults *self)
{
  if (is_common_shown (self))
    gtk_stack_page_set_needs_attention (self->common_page, FALSE);
}

static void
on_groups_found (RollCommonView *view, guint n, RollResults *self)
{
  g_autofree char *title = NULL;

  /* Translators: a tab; %u is how many there are */
  title = g_strdup_printf (_("Common Causes (%u)"), n);
  gtk_stack_page_set_title (self->common_page, title);
  gtk_widget_set_visible (self->switcher, n > 0);
  if (n == 0)
    gtk_stack_set_visible_child_name (self->overview, "breakdown");
  gtk_stack_page_set_needs_attention (self->common_page, n > 0 && !is_common_shown (self));
}

/* --- Computers --- */

static void
on_computer_chosen (RollComputersView *view, guint ordinal, RollResults *self)
{
  set_topic (self, ordinal);
}

static void
on_computer_activated (RollComputersView *view, guint ordinal, gboolean evidence, RollResults *self)
{
  set_topic (self, ordinal);
  g_signal_emit (self, signals[HELP_WANTED], 0, evidence);
}

static void
restore_filter (RollResults *self)
{
  g_autofree char *id = NULL;
  const RollStatusInfo *info;

  if (roll_settings_get () == NULL)
    return;
  id = g_settings_get_string (roll_settings_get (), "status-filter");
  info = *id != '\0' ? roll_status_find (id) : NULL;
  if (info != NULL)
    set_status (self, (int) roll_status_look_index (info->status));
}

static void
forget_table (RollResults *self)
{
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->table);
}

static void
roll_results_dispose (GObject *object)
{
  GtkWidget *child;

  forget_table (ROLL_RESULTS (object));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (roll_results_parent_class)->dispose (object);
}

static void
roll_results_class_init (RollResultsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_results_dispose;
  signals[TOPIC_CHANGED] = g_signal_new ("topic-changed", ROLL_TYPE_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_UINT);
  signals[TEST_AGAIN] = g_signal_new ("test-again", ROLL_TYPE_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[HELP_WANTED] = g_signal_new ("help-wanted", ROLL_TYPE_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  g_type_ensure (ROLL_TYPE_ADAPTIVE_LAYOUT);
  g_type_ensure (ROLL_TYPE_BREAKDOWN);
  g_type_ensure (ROLL_TYPE_COMMON_VIEW);
  g_type_ensure (ROLL_TYPE_COMPUTERS_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-results.ui");
  gtk_widget_class_bind_template_child (widget_class, RollResults, switcher);
  gtk_widget_class_bind_template_child (widget_class, RollResults, overview);
  gtk_widget_class_bind_template_child (widget_class, RollResults, common_page);
  gtk_widget_class_bind_template_child (widget_class, RollResults, common_view);
  gtk_widget_class_bind_template_child (widget_class, RollResults, breakdown);
  gtk_widget_class_bind_template_child (widget_class, RollResults, computers_view);
  gtk_widget_class_bind_template_callback (widget_class, on_status_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_overview_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_group_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_group_help_wanted);
  gtk_widget_class_bind_template_callback (widget_class, on_test_again);
  gtk_widget_class_bind_template_callback (widget_class, on_groups_found);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_lifted);
  gtk_widget_class_bind_template_callback (widget_class, on_computer_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_computer_activated);
}

static void
roll_results_init (RollResults *self)
{
  self->status = self->topic = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  restore_filter (self);
}

void
roll_results_set_session (RollResults *self, RollSession *session)
{
  g_return_if_fail (ROLL_IS_RESULTS (self));

  roll_common_view_set_session (self->common_view, session);
}

void
roll_results_set_table (RollResults *self, RollComputerTable *table)
{
  g_return_if_fail (ROLL_IS_RESULTS (self));

  forget_table (self);
  roll_computers_query_set_table (roll_computers_view_get_query (self->computers_view), table);
  if (table == NULL)
    return;
  self->table = g_object_ref (table);
  g_signal_connect_swapped (table, "changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect_swapped (table, "appended", G_CALLBACK (on_table_changed), self);
  g_signal_connect_swapped (table, "replaced", G_CALLBACK (on_table_replaced), self);
  on_table_replaced (self);
}

void
roll_results_set_can_test (RollResults *self, gboolean can_test)
{
  g_return_if_fail (ROLL_IS_RESULTS (self));

  roll_common_view_set_can_test (self->common_view, can_test);
}

const char *const *
roll_results_get_causes (RollResults *self)
{
  g_return_val_if_fail (ROLL_IS_RESULTS (self), NULL);

  return self->causes;
}

void
roll_results_show_all (RollResults *self)
{
  g_return_if_fail (ROLL_IS_RESULTS (self));

  roll_computers_view_clear_search (self->computers_view);
  choose_status (self, -1);
}

void
roll_results_focus_search (RollResults *self)
{
  g_return_if_fail (ROLL_IS_RESULTS (self));

  roll_computers_view_focus_search (self->computers_view);
}

void
roll_results_focus_list (RollResults *self)
{
  g_return_if_fail (ROLL_IS_RESULTS (self));

  roll_computers_view_focus_list (self->computers_view);
}
