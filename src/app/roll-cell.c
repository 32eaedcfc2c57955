/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-cell.h"

struct _RollCell
{
  GtkWidget parent_instance;

  GtkWidget *image; /* NULL until there is a sign */
  GtkWidget *inscription;
  guint position;
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_SIGN,
  PROP_SIGN_CLASSES,
  PROP_POSITION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RollCell, roll_cell, GTK_TYPE_WIDGET)

static GtkWidget *
ensure_image (RollCell *self)
{
  if (self->image == NULL)
    {
      self->image = gtk_image_new ();
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
      gtk_widget_insert_before (self->image, GTK_WIDGET (self), self->inscription);
    }
  return self->image;
}

static void
roll_cell_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RollCell *self = ROLL_CELL (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      gtk_inscription_set_text (GTK_INSCRIPTION (self->inscription), g_value_get_string (value));
      break;
    case PROP_SIGN:
      gtk_image_set_from_icon_name (GTK_IMAGE (ensure_image (self)), g_value_get_string (value));
      break;
    case PROP_SIGN_CLASSES:
      if (g_value_get_boxed (value) != NULL)
        gtk_widget_set_css_classes (ensure_image (self), g_value_get_boxed (value));
      break;
    case PROP_POSITION:
      self->position = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_cell_dispose (GObject *object)
{
  RollCell *self = ROLL_CELL (object);

  g_clear_pointer (&self->image, gtk_widget_unparent);
  g_clear_pointer (&self->inscription, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_cell_parent_class)->dispose (object);
}

static void
roll_cell_class_init (RollCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = roll_cell_set_property;
  object_class->dispose = roll_cell_dispose;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_SIGN] = g_param_spec_string ("sign", NULL, NULL, NULL, flags);
  properties[PROP_SIGN_CLASSES] = g_param_spec_boxed ("sign-classes", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_POSITION] = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "rollcell");
}

static void
roll_cell_init (RollCell *self)
{
  self->position = GTK_INVALID_LIST_POSITION;
  self->inscription = gtk_inscription_new (NULL);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (self->inscription), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_lines (GTK_INSCRIPTION (self->inscription), 1);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (self->inscription), 1);
  gtk_widget_set_hexpand (self->inscription, TRUE);
  gtk_widget_set_parent (self->inscription, GTK_WIDGET (self));
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))), 6);
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

guint
roll_cell_find_position (GtkWidget *widget)
{
  GtkWidget *ancestor = gtk_widget_get_ancestor (widget, ROLL_TYPE_CELL);
  RollCell *cell = ancestor != NULL ? ROLL_CELL (ancestor) : NULL;

  if (cell == NULL && g_str_equal (gtk_widget_get_css_name (widget), "cell"))
    cell = find_cell_below (widget);
  if (cell == NULL && g_str_equal (gtk_widget_get_css_name (widget), "row"))
    cell = find_cell_below (widget);
  return cell != NULL ? cell->position : GTK_INVALID_LIST_POSITION;
}
