/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-adaptive-layout.h"

struct _RollAdaptiveLayout
{
  GtkLayoutManager parent_instance;

  int threshold;
  int first_width;
  double first_share;
};

enum
{
  PROP_0,
  PROP_THRESHOLD,
  PROP_FIRST_WIDTH,
  PROP_FIRST_SHARE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RollAdaptiveLayout, roll_adaptive_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
roll_adaptive_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure_width (RollAdaptiveLayout *self, GtkWidget *first, GtkWidget *second, int *minimum, int *natural)
{
  int first_minimum, second_minimum, second_natural;

  gtk_widget_measure (first, GTK_ORIENTATION_HORIZONTAL, -1, &first_minimum, NULL, NULL, NULL);
  gtk_widget_measure (second, GTK_ORIENTATION_HORIZONTAL, -1, &second_minimum, &second_natural, NULL, NULL);
  *minimum = MAX (first_minimum, second_minimum);
  *natural = MAX (self->first_width + second_natural, *minimum);
}

static int
second_width (RollAdaptiveLayout *self, int width)
{
  return MAX (width - self->first_width, 0);
}

static void
measure_height (RollAdaptiveLayout *self, GtkWidget *first, GtkWidget *second, int width, int *minimum, int *natural)
{
  gboolean beside = width < 0 || width >= self->threshold;
  int first_minimum, first_natural, second_minimum, second_natural;

  gtk_widget_measure (first, GTK_ORIENTATION_VERTICAL, beside && width >= 0 ? self->first_width : width,
                      &first_minimum, &first_natural, NULL, NULL);
  gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, beside && width >= 0 ? second_width (self, width) : width,
                      &second_minimum, &second_natural, NULL, NULL);
  *minimum = beside ? MAX (first_minimum, second_minimum) : first_minimum + second_minimum;
  *natural = beside ? MAX (first_natural, second_natural) : first_natural + second_natural;
}

static void
roll_adaptive_layout_measure (GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation, int for_size,
                              int *minimum, int *natural, int *minimum_baseline, int *natural_baseline)
{
  RollAdaptiveLayout *self = ROLL_ADAPTIVE_LAYOUT (manager);
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *second = first != NULL ? gtk_widget_get_next_sibling (first) : NULL;

  if (second == NULL)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (self, first, second, minimum, natural);
  else
    measure_height (self, first, second, for_size, minimum, natural);
}

static void
allocate_stacked (RollAdaptiveLayout *self, GtkWidget *first, GtkWidget *second, int width, int height, int baseline)
{
  int minimum, natural, second_minimum, first_height;

  gtk_widget_measure (first, GTK_ORIENTATION_VERTICAL, width, &minimum, &natural, NULL, NULL);
  gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, width, &second_minimum, NULL, NULL, NULL);
  first_height = MIN (natural, (int) (height * self->first_share));
  first_height = MAX (MIN (first_height, height - second_minimum), minimum);
  gtk_widget_size_allocate (first, &(GtkAllocation) { 0, 0, width, first_height }, -1);
  gtk_widget_size_allocate (second, &(GtkAllocation) { 0, first_height, width, MAX (height - first_height, 0) }, -1);
}

static void
allocate_beside (RollAdaptiveLayout *self, GtkWidget *first, GtkWidget *second, int width, int height)
{
  int rest = second_width (self, width);

  if (gtk_widget_get_direction (first) == GTK_TEXT_DIR_RTL)
    {
      gtk_widget_size_allocate (second, &(GtkAllocation) { 0, 0, rest, height }, -1);
      gtk_widget_size_allocate (first, &(GtkAllocation) { rest, 0, self->first_width, height }, -1);
      return;
    }
  gtk_widget_size_allocate (first, &(GtkAllocation) { 0, 0, self->first_width, height }, -1);
  gtk_widget_size_allocate (second, &(GtkAllocation) { self->first_width, 0, rest, height }, -1);
}

static void
roll_adaptive_layout_allocate (GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  RollAdaptiveLayout *self = ROLL_ADAPTIVE_LAYOUT (manager);
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *second = first != NULL ? gtk_widget_get_next_sibling (first) : NULL;

  if (second == NULL)
    return;
  if (width < self->threshold)
    allocate_stacked (self, first, second, width, height, baseline);
  else
    allocate_beside (self, first, second, width, height);
}

static void
roll_adaptive_layout_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RollAdaptiveLayout *self = ROLL_ADAPTIVE_LAYOUT (object);

  switch (prop_id)
    {
    case PROP_THRESHOLD:
      g_value_set_int (value, self->threshold);
      break;
    case PROP_FIRST_WIDTH:
      g_value_set_int (value, self->first_width);
      break;
    case PROP_FIRST_SHARE:
      g_value_set_double (value, self->first_share);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_adaptive_layout_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RollAdaptiveLayout *self = ROLL_ADAPTIVE_LAYOUT (object);

  switch (prop_id)
    {
    case PROP_THRESHOLD:
      self->threshold = g_value_get_int (value);
      break;
    case PROP_FIRST_WIDTH:
      self->first_width = g_value_get_int (value);
      break;
    case PROP_FIRST_SHARE:
      self->first_share = g_value_get_double (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_adaptive_layout_class_init (RollAdaptiveLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = roll_adaptive_layout_get_property;
  object_class->set_property = roll_adaptive_layout_set_property;
  layout_class->get_request_mode = roll_adaptive_layout_get_request_mode;
  layout_class->measure = roll_adaptive_layout_measure;
  layout_class->allocate = roll_adaptive_layout_allocate;

  properties[PROP_THRESHOLD] = g_param_spec_int ("threshold", NULL, NULL, 0, G_MAXINT, 600, flags);
  properties[PROP_FIRST_WIDTH] = g_param_spec_int ("first-width", NULL, NULL, 0, G_MAXINT, 280, flags);
  properties[PROP_FIRST_SHARE] = g_param_spec_double ("first-share", NULL, NULL, 0, 1, 0.5, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
roll_adaptive_layout_init (RollAdaptiveLayout *self)
{
}
