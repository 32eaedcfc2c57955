/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-cell.h"

#include <glib/gi18n.h>

#include "app/roll-computer-text.h"
#include "app/roll-status-look.h"

#define SIGN_SIZE 16
#define SPACING 6

struct _RollCell
{
  GtkWidget parent_instance;

  RollColumn column;
  RollComputerItem *item;
  gulong changed_handler;
  PangoLayout *layout; /* NULL until it is drawn */
};

G_DEFINE_FINAL_TYPE (RollCell, roll_cell, GTK_TYPE_WIDGET)

static gboolean
has_sign (RollCell *self)
{
  return self->column == ROLL_COLUMN_STATUS;
}

/* --- Drawing --- */

static void
roll_cell_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                   int *minimum_baseline, int *natural_baseline)
{
  RollCell *self = ROLL_CELL (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);
  int height = (pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics)) / PANGO_SCALE;
  int sign = has_sign (self) ? SIGN_SIZE + SPACING : 0;

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = MAX (height, has_sign (self) ? SIGN_SIZE : 0);
  else
    *minimum = *natural = sign + 4 * pango_font_metrics_get_approximate_char_width (metrics) / PANGO_SCALE;
  pango_font_metrics_unref (metrics);
}

static PangoLayout *
ensure_layout (RollCell *self)
{
  g_autofree char *text = NULL;

  if (self->layout != NULL)
    return self->layout;
  text = roll_computer_text (roll_computer_item_get_computer (self->item), self->column,
                             roll_computer_item_get_retries (self->item));
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  return self->layout;
}

static void
snapshot_sign (RollCell *self, GtkSnapshot *snapshot, int x, int height)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const RollStatusLook *look = roll_status_look (roll_computer_item_get_computer (self->item)->status);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (theme, look->sign, NULL, SIGN_SIZE,
                                                                  gtk_widget_get_scale_factor (widget),
                                                                  GTK_TEXT_DIR_NONE, 0);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, look->classes[0], &color))
    gtk_style_context_get_color (context, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) ((height - SIGN_SIZE) / 2)));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, SIGN_SIZE, SIGN_SIZE, &color, 1);
  gtk_snapshot_restore (snapshot);
}

static void
roll_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RollCell *self = ROLL_CELL (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int sign = has_sign (self) ? SIGN_SIZE + SPACING : 0;
  int text_height;
  GdkRGBA color;
  PangoLayout *layout;

  if (self->item == NULL || width <= sign)
    return;
  if (has_sign (self))
    snapshot_sign (self, snapshot, rtl ? width - SIGN_SIZE : 0, height);
  layout = ensure_layout (self);
  pango_layout_set_width (layout, (width - sign) * PANGO_SCALE);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) (rtl ? 0 : sign), (float) ((height - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* --- The item --- */

/* GTK 4.8 names the row itself after its widget class; a screen reader would say that and not the computer. */
static void
name_row (RollCell *self)
{
  const RollComputer *computer = roll_computer_item_get_computer (self->item);
  GtkWidget *row = roll_cell_find_row (GTK_WIDGET (self));
  g_autofree char *status = roll_computer_status_text (computer, roll_computer_item_get_retries (self->item));
  g_autofree char *name = NULL;

  if (row == NULL)
    return;
  /* Translators: for a screen reader: a computer's name and its status */
  name = g_strdup_printf (_("%s, %s"), computer->target, status);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_item_changed (RollCell *self)
{
  g_autofree char *text = NULL;

  g_clear_object (&self->layout);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->item == NULL)
    return;
  text = roll_computer_text (roll_computer_item_get_computer (self->item), self->column,
                             roll_computer_item_get_retries (self->item));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (self->column == ROLL_COLUMN_NAME)
    name_row (self);
}

void
roll_cell_set_item (RollCell *self, RollComputerItem *item)
{
  g_return_if_fail (ROLL_IS_CELL (self));

  if (self->item == item)
    return;
  if (self->item != NULL)
    g_clear_signal_handler (&self->changed_handler, self->item);
  g_set_object (&self->item, item);
  if (item != NULL)
    self->changed_handler = g_signal_connect_swapped (item, "changed", G_CALLBACK (on_item_changed), self);
  on_item_changed (self);
}

/* The row's padding is nobody's cell, but it has cells in it. */
static RollCell *
find_cell_below (GtkWidget *widget)
{
  if (ROLL_IS_CELL (widget))
    return ROLL_CELL (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      RollCell *found = find_cell_below (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

RollComputerItem *
roll_cell_find_item (GtkWidget *widget)
{
  const char *name = gtk_widget_get_css_name (widget);
  RollCell *cell = NULL;

  if (ROLL_IS_CELL (widget) || g_str_equal (name, "cell") || g_str_equal (name, "row"))
    cell = find_cell_below (widget);
  return cell != NULL ? cell->item : NULL;
}

GtkWidget *
roll_cell_find_row (GtkWidget *widget)
{
  while (widget != NULL && !g_str_equal (gtk_widget_get_css_name (widget), "row"))
    widget = gtk_widget_get_parent (widget);
  return widget;
}

/* --- Object --- */

/* Another font or theme: the line is laid out anew. */
static void
roll_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (roll_cell_parent_class)->css_changed (widget, change);
  g_clear_object (&ROLL_CELL (widget)->layout);
}

static void
roll_cell_dispose (GObject *object)
{
  roll_cell_set_item (ROLL_CELL (object), NULL);
  g_clear_object (&ROLL_CELL (object)->layout);
  G_OBJECT_CLASS (roll_cell_parent_class)->dispose (object);
}

static void
roll_cell_class_init (RollCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_cell_dispose;
  widget_class->measure = roll_cell_measure;
  widget_class->snapshot = roll_cell_snapshot;
  widget_class->css_changed = roll_cell_css_changed;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
  gtk_widget_class_set_css_name (widget_class, "rollcell");
}

static void
roll_cell_init (RollCell *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
roll_cell_new (RollColumn column)
{
  RollCell *self = g_object_new (ROLL_TYPE_CELL, NULL);

  self->column = column;
  return GTK_WIDGET (self);
}
