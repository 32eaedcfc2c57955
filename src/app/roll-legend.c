/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-legend.h"

#include "app/roll-legend-row.h"

struct _RollLegend
{
  GtkWidget parent_instance;

  GtkListBox *list;
  RollLegendRow *rows[ROLL_N_LOOKS]; /* made when a status first occurs, hidden when it does no more */
};

enum
{
  ROW_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollLegend, roll_legend, GTK_TYPE_WIDGET)

static RollGroup
row_group (GtkListBoxRow *row)
{
  return roll_status_look_nth (roll_legend_row_get_index (ROLL_LEGEND_ROW (row)))->group;
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  GtkWidget *heading;

  if (before != NULL && row_group (before) == row_group (row))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  if (gtk_list_box_row_get_header (row) != NULL)
    return;
  heading = gtk_label_new (roll_group_label (row_group (row)));
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "legend-heading");
  gtk_list_box_row_set_header (row, heading);
}

static int
compare_rows (GtkListBoxRow *a, GtkListBoxRow *b, gpointer user_data)
{
  return (int) roll_legend_row_get_index (ROLL_LEGEND_ROW (a)) - (int) roll_legend_row_get_index (ROLL_LEGEND_ROW (b));
}

static gboolean
row_occurs (GtkListBoxRow *row, gpointer user_data)
{
  return roll_legend_row_get_count (ROLL_LEGEND_ROW (row)) > 0;
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, RollLegend *self)
{
  g_signal_emit (self, signals[ROW_CHOSEN], 0, roll_legend_row_get_index (ROLL_LEGEND_ROW (row)));
}

static void
roll_legend_dispose (GObject *object)
{
  RollLegend *self = ROLL_LEGEND (object);

  g_clear_pointer ((GtkWidget **) &self->list, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_legend_parent_class)->dispose (object);
}

static void
roll_legend_class_init (RollLegendClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_legend_dispose;
  signals[ROW_CHOSEN] = g_signal_new ("row-chosen", ROLL_TYPE_LEGEND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-legend.ui");
  gtk_widget_class_bind_template_child (widget_class, RollLegend, list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_legend_init (RollLegend *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_sort_func (self->list, compare_rows, NULL, NULL);
  gtk_list_box_set_filter_func (self->list, row_occurs, NULL, NULL);
  gtk_list_box_set_header_func (self->list, update_header, NULL, NULL);
}

static gboolean
update_row (RollLegend *self, guint index, guint count, guint total)
{
  gboolean occurred = self->rows[index] != NULL && roll_legend_row_get_count (self->rows[index]) > 0;

  if (self->rows[index] == NULL && count == 0)
    return FALSE;
  if (self->rows[index] == NULL)
    {
      self->rows[index] = ROLL_LEGEND_ROW (roll_legend_row_new (index));
      roll_legend_row_set_count (self->rows[index], count, total);
      gtk_list_box_append (self->list, GTK_WIDGET (self->rows[index]));
      return TRUE;
    }
  roll_legend_row_set_count (self->rows[index], count, total);
  return occurred != (count > 0);
}

void
roll_legend_set_counts (RollLegend *self, const guint *counts)
{
  guint total = 0;
  gboolean others = FALSE;

  g_return_if_fail (ROLL_IS_LEGEND (self));

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    total += counts[i];
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    others |= update_row (self, i, counts[i], total);
  if (others)
    gtk_list_box_invalidate_filter (self->list);
}

void
roll_legend_set_marked (RollLegend *self, guint32 marked)
{
  g_return_if_fail (ROLL_IS_LEGEND (self));

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    if (self->rows[i] != NULL)
      roll_legend_row_set_marked (self->rows[i], (marked & (1u << i)) != 0);
}
