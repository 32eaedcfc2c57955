/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-chart-bar.h"

#include <math.h>

#include "app/roll-status-look.h"

#define HEIGHT 18
#define SIGN_SIZE 12
#define GAP 1.0F

struct _RollChartBar
{
  GtkWidget parent_instance;

  guint counts[ROLL_N_LOOKS];
  guint total;
  guint longest;
};

G_DEFINE_FINAL_TYPE (RollChartBar, roll_chart_bar, GTK_TYPE_WIDGET)

static void
append_part (RollChartBar *self, GtkSnapshot *snapshot, guint index, float x, float width)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  float height = (float) gtk_widget_get_height (GTK_WIDGET (self));
  GdkRGBA color;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = (float) gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  if (!gtk_style_context_lookup_color (context, roll_status_look_nth (index)->classes[0], &color))
    gtk_style_context_get_color (context, &color);
  gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, 0, width, height));
  if (width >= SIGN_SIZE + 6)
    roll_status_look_snapshot_sign (GTK_WIDGET (self), snapshot, index, &color, (double) floorf (x + 4),
                                    (HEIGHT - SIGN_SIZE) / 2, SIGN_SIZE);
}

/* What is there is seen, however small its share. */
static void
roll_chart_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RollChartBar *self = ROLL_CHART_BAR (widget);
  float width = (float) gtk_widget_get_width (widget);
  float x = 0;

  if (self->longest == 0)
    return;
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      float part = width * (float) self->counts[i] / (float) self->longest;

      if (self->counts[i] == 0)
        continue;
      append_part (self, snapshot, i, x, MAX (part - GAP, 1));
      x += MAX (part, 2);
    }
}

static void
roll_chart_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 48;
}

static void
roll_chart_bar_class_init (RollChartBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = roll_chart_bar_snapshot;
  widget_class->measure = roll_chart_bar_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
roll_chart_bar_init (RollChartBar *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
roll_chart_bar_new (const guint *counts, guint longest)
{
  RollChartBar *self = g_object_new (ROLL_TYPE_CHART_BAR, NULL);

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      self->counts[i] = counts[i];
      self->total += counts[i];
    }
  self->longest = longest > 0 ? longest : self->total;
  return GTK_WIDGET (self);
}
