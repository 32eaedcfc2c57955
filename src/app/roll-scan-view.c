/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-scan-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "app/roll-help-pane.h"
#include "app/roll-notices.h"
#include "app/roll-results.h"
#include "app/roll-settings.h"
#include "app/roll-status-look.h"

struct _RollScanView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  RollNotices *notices;
  GtkInfoBar *state_bar;
  GtkLabel *state_label;
  GtkWidget *progress_box;
  GtkProgressBar *progress_bar;
  GtkLabel *progress_label;
  GtkLabel *activity_label;
  AdwFlap *flap;
  RollResults *results;
  RollHelpPane *help_pane;

  RollSession *session;
  int status;    /* what the help is about: see RollResults::topic-changed */
  guint ordinal;
};

enum
{
  PROP_0,
  PROP_HELP_VISIBLE,
  N_PROPS,
};

enum
{
  TEST_AGAIN,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollScanView, roll_scan_view, GTK_TYPE_WIDGET)

/* --- Progress and state --- */

static char *
describe_progress (RollSession *session)
{
  const RollSessionProgress *progress = roll_session_get_progress (session);
  gboolean paused = roll_session_is_paused (session);
  g_autofree char *text = NULL;

  if (roll_session_get_state (session) == ROLL_SESSION_STOPPING)
    return g_strdup (_("Stopping…"));
  text = roll_format_progress (progress->n_done, progress->n_targets, progress->n_waiting,
                               paused ? -1 : progress->remaining_us);
  if (!paused)
    return g_steal_pointer (&text);
  /* Translators: in front of "3 of 40 computers" */
  return g_strdup_printf (progress->busy ? _("Pausing when what is under way has ended · %s") : _("Paused · %s"), text);
}

static void
update_progress (RollScanView *self)
{
  const RollSessionProgress *progress = roll_session_get_progress (self->session);
  g_autofree char *text = describe_progress (self->session);

  gtk_label_set_label (self->progress_label, text);
  gtk_label_set_label (self->activity_label, progress->activity);
  gtk_widget_set_visible (GTK_WIDGET (self->activity_label), *progress->activity != '\0');
  gtk_progress_bar_set_fraction (self->progress_bar, progress->fraction);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress_bar), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static char *
describe_state (RollSession *session)
{
  const RollScanInfo *info = roll_session_get_info (session);
  const GError *error = roll_session_get_error (session);
  g_autofree char *done = roll_format_count (info->n_done);
  g_autofree char *targets = roll_format_count (info->n_targets);

  if (error != NULL)
    return g_strdup (error->message);
  if (roll_session_get_state (session) != ROLL_SESSION_IDLE || info->state == ROLL_SCAN_FINISHED)
    return NULL;
  if (info->interrupted)
    return g_strdup_printf (ngettext ("This scan was interrupted; %s of %s computer is done.",
                                      "This scan was interrupted; %s of %s computers are done.", info->n_targets),
                            done, targets);
  if (info->state == ROLL_SCAN_STOPPED)
    return g_strdup_printf (ngettext ("This scan was stopped; %s of %s computer is done.",
                                      "This scan was stopped; %s of %s computers are done.", info->n_targets),
                            done, targets);
  return g_strdup (_("This scan is being run by another program."));
}

static void
update_state (RollScanView *self)
{
  g_autofree char *text = describe_state (self->session);

  gtk_label_set_label (self->state_label, text != NULL ? text : "");
  gtk_info_bar_set_message_type (self->state_bar, roll_session_get_error (self->session) != NULL ? GTK_MESSAGE_ERROR
                                                                                                 : GTK_MESSAGE_INFO);
  gtk_info_bar_set_revealed (self->state_bar, text != NULL);
  gtk_widget_set_visible (self->progress_box, roll_session_is_active (self->session));
  update_progress (self);
}

static void
on_session_notice (RollSession *session, const char *kind, const char *text, RollScanView *self)
{
  roll_notices_set (self->notices, kind, text);
}

static void
on_session_ended (RollSession *session, RollScanView *self)
{
  roll_notices_clear (self->notices);
  roll_help_pane_look_again (self->help_pane, session);
}

/* --- Help --- */

static void
show_help (RollScanView *self)
{
  if (self->ordinal != G_MAXUINT && self->session != NULL)
    roll_help_pane_show_computer (self->help_pane, self->session, self->ordinal);
  else if (self->status >= 0)
    roll_help_pane_show_status (self->help_pane, roll_status_look_nth ((guint) self->status)->status,
                                roll_results_get_causes (self->results));
  else
    roll_help_pane_show_nothing (self->help_pane);
}

static void
on_topic_changed (RollResults *results, int status, guint ordinal, RollScanView *self)
{
  self->status = status;
  self->ordinal = ordinal;
  show_help (self);
}

static void
on_help_wanted (RollResults *results, gboolean evidence, RollScanView *self)
{
  if (evidence)
    roll_help_pane_show_evidence (self->help_pane);
  adw_flap_set_reveal_flap (self->flap, TRUE);
}

static void
on_test_again (RollResults *results, GArray *ordinals, RollScanView *self)
{
  g_signal_emit (self, signals[TEST_AGAIN], 0, ordinals);
}

/* The computer that is shown may have a newer state. */
static void
on_table_changed (RollScanView *self)
{
  if (self->ordinal != G_MAXUINT)
    show_help (self);
}

/* The keyboard does not go with the help. */
static void
set_help_visible (RollScanView *self, gboolean visible)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean in_help = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->help_pane));

  adw_flap_set_reveal_flap (self->flap, visible);
  if (!visible && in_help)
    roll_results_focus_list (self->results);
}

static void
on_close_wanted (RollHelpPane *pane, RollScanView *self)
{
  set_help_visible (self, FALSE);
}

static void
on_reveal_changed (AdwFlap *flap, GParamSpec *pspec, RollScanView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HELP_VISIBLE]);
}

/* --- Object --- */

static void
disconnect_session (RollScanView *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (roll_session_get_table (self->session), self);
  g_clear_object (&self->session);
}

static void
roll_scan_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_HELP_VISIBLE:
      g_value_set_boolean (value, adw_flap_get_reveal_flap (ROLL_SCAN_VIEW (object)->flap));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_scan_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_HELP_VISIBLE:
      set_help_visible (ROLL_SCAN_VIEW (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_scan_view_dispose (GObject *object)
{
  RollScanView *self = ROLL_SCAN_VIEW (object);

  disconnect_session (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_scan_view_parent_class)->dispose (object);
}

static void
roll_scan_view_class_init (RollScanViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = roll_scan_view_get_property;
  object_class->set_property = roll_scan_view_set_property;
  object_class->dispose = roll_scan_view_dispose;
  properties[PROP_HELP_VISIBLE] = g_param_spec_boolean ("help-visible", NULL, NULL, FALSE,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
                                                          | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[TEST_AGAIN] = g_signal_new ("test-again", ROLL_TYPE_SCAN_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_ARRAY);
  g_type_ensure (ROLL_TYPE_HELP_PANE);
  g_type_ensure (ROLL_TYPE_NOTICES);
  g_type_ensure (ROLL_TYPE_RESULTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-scan-view.ui");
  gtk_widget_class_bind_template_child (widget_class, RollScanView, box);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, notices);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, state_bar);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, state_label);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, progress_box);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, progress_label);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, activity_label);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, flap);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, results);
  gtk_widget_class_bind_template_child (widget_class, RollScanView, help_pane);
  gtk_widget_class_bind_template_callback (widget_class, on_topic_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_help_wanted);
  gtk_widget_class_bind_template_callback (widget_class, on_test_again);
  gtk_widget_class_bind_template_callback (widget_class, on_close_wanted);
  gtk_widget_class_bind_template_callback (widget_class, on_reveal_changed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_scan_view_init (RollScanView *self)
{
  self->status = -1;
  self->ordinal = G_MAXUINT;
  gtk_widget_init_template (GTK_WIDGET (self));
  if (roll_settings_get () != NULL)
    g_settings_bind (roll_settings_get (), "help-visible", self, "help-visible", G_SETTINGS_BIND_DEFAULT);
}

void
roll_scan_view_set_session (RollScanView *self, RollSession *session)
{
  RollComputerTable *table;

  g_return_if_fail (ROLL_IS_SCAN_VIEW (self));

  if (self->session == session)
    return;
  disconnect_session (self);
  roll_notices_clear (self->notices);
  if (session == NULL)
    {
      roll_results_set_session (self->results, NULL);
      roll_results_set_table (self->results, NULL);
      return;
    }
  self->session = g_object_ref (session);
  table = roll_session_get_table (session);
  g_signal_connect_swapped (session, "changed", G_CALLBACK (update_state), self);
  g_signal_connect_swapped (session, "progress", G_CALLBACK (update_progress), self);
  g_signal_connect (session, "notice", G_CALLBACK (on_session_notice), self);
  g_signal_connect (session, "ended", G_CALLBACK (on_session_ended), self);
  g_signal_connect_swapped (table, "changed", G_CALLBACK (on_table_changed), self);
  roll_results_set_can_test (self->results, g_signal_has_handler_pending (self, signals[TEST_AGAIN], 0, FALSE));
  roll_results_set_table (self->results, table);
  roll_results_set_session (self->results, session);
  update_state (self);
}

void
roll_scan_view_show_all (RollScanView *self)
{
  g_return_if_fail (ROLL_IS_SCAN_VIEW (self));

  roll_results_show_all (self->results);
}

void
roll_scan_view_focus_list (RollScanView *self)
{
  g_return_if_fail (ROLL_IS_SCAN_VIEW (self));

  roll_results_focus_list (self->results);
}

void
roll_scan_view_show_group (RollScanView *self, const char *title, GArray *ordinals)
{
  g_return_if_fail (ROLL_IS_SCAN_VIEW (self));

  roll_results_show_group (self->results, title, ordinals);
}

void
roll_scan_view_focus_search (RollScanView *self)
{
  g_return_if_fail (ROLL_IS_SCAN_VIEW (self));

  roll_results_focus_search (self->results);
}
