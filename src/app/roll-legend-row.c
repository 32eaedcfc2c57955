/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-legend-row.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"

struct _RollLegendRow
{
  GtkListBoxRow parent_instance;

  GtkImage *sign;
  GtkLabel *label;
  GtkLabel *count_label;
  GtkLabel *share_label;

  guint index;
  guint count;
  guint total;
};

G_DEFINE_FINAL_TYPE (RollLegendRow, roll_legend_row, GTK_TYPE_LIST_BOX_ROW)

static void
roll_legend_row_dispose (GObject *object)
{
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  G_OBJECT_CLASS (roll_legend_row_parent_class)->dispose (object);
}

static void
roll_legend_row_class_init (RollLegendRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_legend_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-legend-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RollLegendRow, sign);
  gtk_widget_class_bind_template_child (widget_class, RollLegendRow, label);
  gtk_widget_class_bind_template_child (widget_class, RollLegendRow, count_label);
  gtk_widget_class_bind_template_child (widget_class, RollLegendRow, share_label);
}

static void
roll_legend_row_init (RollLegendRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
roll_legend_row_new (guint index)
{
  RollLegendRow *self = g_object_new (ROLL_TYPE_LEGEND_ROW, NULL);
  const RollStatusLook *look = roll_status_look_nth (index);

  self->index = index;
  gtk_image_set_from_icon_name (self->sign, look->sign);
  gtk_widget_add_css_class (GTK_WIDGET (self->sign), look->classes[0]);
  gtk_label_set_label (self->label, roll_status_label (look->status));
  return GTK_WIDGET (self);
}

guint
roll_legend_row_get_index (RollLegendRow *self)
{
  g_return_val_if_fail (ROLL_IS_LEGEND_ROW (self), 0);

  return self->index;
}

void
roll_legend_row_set_count (RollLegendRow *self, guint count, guint total)
{
  g_autofree char *count_text = NULL;
  g_autofree char *share_text = NULL;
  g_autofree char *name = NULL;

  g_return_if_fail (ROLL_IS_LEGEND_ROW (self));

  if (self->count == count && self->total == total)
    return;
  self->count = count;
  self->total = total;
  count_text = roll_format_count (count);
  share_text = roll_format_share (count, total);
  gtk_label_set_label (self->count_label, count_text);
  gtk_label_set_label (self->share_label, share_text);
  /* Translators: a status, how many computers, their share */
  name = g_strdup_printf (_("%s: %s (%s)"), gtk_label_get_label (self->label), count_text, share_text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

guint
roll_legend_row_get_count (RollLegendRow *self)
{
  g_return_val_if_fail (ROLL_IS_LEGEND_ROW (self), 0);

  return self->count;
}

void
roll_legend_row_set_marked (RollLegendRow *self, gboolean marked)
{
  g_return_if_fail (ROLL_IS_LEGEND_ROW (self));

  if (marked)
    gtk_widget_set_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED, FALSE);
  else
    gtk_widget_unset_state_flags (GTK_WIDGET (self), GTK_STATE_FLAG_SELECTED);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, marked, -1);
}
