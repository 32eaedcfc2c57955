/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-breakdown.h"

#include "app/roll-adaptive-layout.h"
#include "app/roll-donut.h"
#include "app/roll-legend.h"

struct _RollBreakdown
{
  GtkWidget parent_instance;

  RollDonut *donut;
  RollLegend *legend;
};

enum
{
  STATUS_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollBreakdown, roll_breakdown, GTK_TYPE_WIDGET)

static void
on_chosen (GtkWidget *sender, guint index, RollBreakdown *self)
{
  g_signal_emit (self, signals[STATUS_CHOSEN], 0, index);
}

static void
roll_breakdown_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (roll_breakdown_parent_class)->dispose (object);
}

static void
roll_breakdown_class_init (RollBreakdownClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_breakdown_dispose;
  signals[STATUS_CHOSEN] = g_signal_new ("status-chosen", ROLL_TYPE_BREAKDOWN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (ROLL_TYPE_ADAPTIVE_LAYOUT);
  g_type_ensure (ROLL_TYPE_DONUT);
  g_type_ensure (ROLL_TYPE_LEGEND);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-breakdown.ui");
  gtk_widget_class_bind_template_child (widget_class, RollBreakdown, donut);
  gtk_widget_class_bind_template_child (widget_class, RollBreakdown, legend);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
}

static void
roll_breakdown_init (RollBreakdown *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
roll_breakdown_set_counts (RollBreakdown *self, const guint *counts)
{
  g_return_if_fail (ROLL_IS_BREAKDOWN (self));

  roll_donut_set_counts (self->donut, counts);
  roll_legend_set_counts (self->legend, counts);
}

void
roll_breakdown_set_marked (RollBreakdown *self, guint32 marked)
{
  g_return_if_fail (ROLL_IS_BREAKDOWN (self));

  roll_donut_set_marked (self->donut, marked);
  roll_legend_set_marked (self->legend, marked);
}
