/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-scans-popover.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"

struct _RollScansPopover
{
  GtkPopover parent_instance;

  GtkListBox *list;
};

enum
{
  SCAN_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollScansPopover, roll_scans_popover, GTK_TYPE_POPOVER)

#define ID_KEY "scan-id"

static const char *
state_label (const RollScanInfo *info)
{
  if (info->interrupted)
    return _("Interrupted");
  switch (info->state)
    {
    case ROLL_SCAN_RUNNING:
      return _("Running");
    case ROLL_SCAN_STOPPED:
      return _("Stopped");
    case ROLL_SCAN_FINISHED:
    default:
      return NULL;
    }
}

char *
roll_scan_info_describe (const RollScanInfo *info, const char *state)
{
  g_autofree char *date = roll_format_date (info->started_at > 0 ? info->started_at : info->created_at);
  g_autofree char *count = roll_format_count (info->n_targets);
  GString *text = g_string_new (date);

  if (info->practice)
    g_string_append_printf (text, " · %s", _("Practice network"));
  g_string_append (text, " · ");
  g_string_append_printf (text, ngettext ("%s computer", "%s computers", info->n_targets), count);
  if (state == NULL)
    state = state_label (info);
  if (state != NULL)
    g_string_append_printf (text, " · %s", state);
  return g_string_free (text, FALSE);
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 44);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
new_row (const RollScanInfo *info, const char *state, gboolean shown)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *check = gtk_image_new_from_icon_name ("object-select-symbolic");
  g_autofree char *description = roll_scan_info_describe (info, state);
  GtkWidget *subtitle = new_label (description, "caption");

  gtk_widget_add_css_class (subtitle, "dim-label");
  gtk_box_append (GTK_BOX (texts), new_label (info->name, NULL));
  gtk_box_append (GTK_BOX (texts), subtitle);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_opacity (check, shown ? 1 : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, shown ? _("Shown") : "", -1);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), check);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, info->name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
  g_object_set_data_full (G_OBJECT (row), ID_KEY, g_memdup2 (&info->id, sizeof info->id), g_free);
  return row;
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, RollScansPopover *self)
{
  const gint64 *id = g_object_get_data (G_OBJECT (row), ID_KEY);

  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[SCAN_CHOSEN], 0, *id);
}

static void
roll_scans_popover_class_init (RollScansPopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[SCAN_CHOSEN] = g_signal_new ("scan-chosen", ROLL_TYPE_SCANS_POPOVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_INT64);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-scans-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, RollScansPopover, list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
roll_scans_popover_init (RollScansPopover *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
roll_scans_popover_set_scans (RollScansPopover *self, GPtrArray *scans, gint64 shown, RollSession *running)
{
  GtkWidget *child;

  g_return_if_fail (ROLL_IS_SCANS_POPOVER (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < scans->len; i++)
    {
      const RollScanInfo *info = scans->pdata[i];
      const char *state = NULL;

      if (running != NULL && roll_session_get_info (running)->id == info->id)
        {
          info = roll_session_get_info (running);
          state = roll_session_get_state_label (running);
        }
      gtk_list_box_append (self->list, new_row (info, state, info->id == shown));
    }
}
