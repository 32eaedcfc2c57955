/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-donut.h"

#include <glib/gi18n.h>
#include <math.h>

#include "report/roll-donut-geometry.h"
#include "app/roll-format.h"
#include "app/roll-status-look.h"

#define MIN_SIZE 112
#define NATURAL_SIZE 208
#define MARGIN 4          /* room for a slice that stands out, and for the focus ring */
#define THICKNESS 0.30    /* of the radius */
#define GAP 1.5           /* pixels between two slices */
#define SIGN_SIZE 16
#define DIMMED 0.28

struct _RollDonut
{
  GtkWidget parent_instance;

  guint counts[ROLL_N_LOOKS];
  guint total;
  GArray *slices;
  guint32 marked;
  int hovered; /* positions in slices, or -1 */
  int focused;
};

enum
{
  SLICE_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollDonut, roll_donut, GTK_TYPE_WIDGET)

static const RollSlice *
nth_slice (RollDonut *self, int position)
{
  if (position < 0 || (guint) position >= self->slices->len)
    return NULL;
  return &g_array_index (self->slices, RollSlice, position);
}

/* --- Words --- */

static char *
describe_slice (RollDonut *self, const RollSlice *slice)
{
  g_autofree char *count = roll_format_count (slice->count);
  g_autofree char *share = roll_format_share (slice->count, self->total);

  /* Translators: a status, how many computers, their share */
  return g_strdup_printf (_("%s: %s (%s)"), roll_status_label (roll_status_look_nth (slice->index)->status), count,
                          share);
}

static void
update_accessible (RollDonut *self)
{
  const RollSlice *focused = nth_slice (self, self->focused);
  g_autofree char *total = roll_format_count (self->total);
  g_autofree char *label = NULL;
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < self->slices->len; i++)
    {
      g_autofree char *text = describe_slice (self, &g_array_index (self->slices, RollSlice, i));

      g_string_append_printf (all, "%s%s", i > 0 ? "; " : "", text);
    }
  if (focused != NULL)
    label = describe_slice (self, focused);
  else
    label = g_strdup_printf (ngettext ("Statuses of %s computer", "Statuses of %s computers", self->total), total);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, all->str, -1);
  g_string_free (all, TRUE);
}

/* --- Drawing --- */

typedef struct
{
  double x;
  double y;
  double outer;
  double inner;
} Ring;

static Ring
get_ring (RollDonut *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  Ring ring = { .x = width / 2, .y = height / 2 };

  ring.outer = MAX (MIN (width, height) / 2 - MARGIN, 1);
  ring.inner = ring.outer * (1 - THICKNESS);
  return ring;
}

static GdkRGBA
slice_color (RollDonut *self, const RollSlice *slice)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  GdkRGBA color;

  if (!gtk_style_context_lookup_color (context, roll_status_look_nth (slice->index)->classes[0], &color))
    gtk_style_context_get_color (context, &color);
  return color;
}

static double
turn_to_angle (double turn)
{
  return (turn - 0.25) * 2 * G_PI;
}

/* The gap is as wide inside as outside, so it takes more of the angle inside. */
static void
trace_slice (cairo_t *cr, const Ring *ring, const RollSlice *slice, double grow)
{
  double outer = ring->outer + grow;
  gboolean whole = slice->end - slice->start >= 1.0;
  double gap = whole ? 0 : GAP / 2;
  double from = turn_to_angle (slice->start);
  double to = turn_to_angle (slice->end);

  cairo_new_path (cr);
  cairo_arc (cr, ring->x, ring->y, outer, from + gap / outer, to - gap / outer);
  if (whole)
    cairo_new_sub_path (cr);
  cairo_arc_negative (cr, ring->x, ring->y, ring->inner, to - gap / ring->inner, from + gap / ring->inner);
  cairo_close_path (cr);
}

static void
draw_slice (RollDonut *self, cairo_t *cr, const Ring *ring, guint position)
{
  const RollSlice *slice = &g_array_index (self->slices, RollSlice, position);
  GdkRGBA color = slice_color (self, slice);
  gboolean stands_out = (int) position == self->hovered || (self->marked & (1u << slice->index)) != 0;

  if (self->marked != 0 && (self->marked & (1u << slice->index)) == 0)
    color.alpha *= (float) DIMMED;
  gdk_cairo_set_source_rgba (cr, &color);
  trace_slice (cr, ring, slice, stands_out ? MARGIN - 1 : 0);
  cairo_fill (cr);
}

static void
draw_focus (RollDonut *self, cairo_t *cr, const Ring *ring)
{
  const RollSlice *slice = nth_slice (self, self->focused);
  GdkRGBA color;

  if (slice == NULL || !gtk_widget_has_visible_focus (GTK_WIDGET (self)))
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 2);
  trace_slice (cr, ring, slice, 0);
  cairo_stroke (cr);
}

static void
snapshot_sign (RollDonut *self, GtkSnapshot *snapshot, const Ring *ring, const RollSlice *slice)
{
  double radius = (ring->outer + ring->inner) / 2;
  double angle = turn_to_angle ((slice->start + slice->end) / 2);
  GdkRGBA color = slice_color (self, slice);

  if ((slice->end - slice->start) * 2 * G_PI * radius < SIGN_SIZE * 1.8 || ring->outer - ring->inner < SIGN_SIZE + 4)
    return;
  if (self->marked != 0 && (self->marked & (1u << slice->index)) == 0)
    return;
  roll_status_look_snapshot_sign (GTK_WIDGET (self), snapshot, slice->index, &color,
                                  floor (ring->x + radius * cos (angle) - SIGN_SIZE / 2.0),
                                  floor (ring->y + radius * sin (angle) - SIGN_SIZE / 2.0), SIGN_SIZE);
}

static void
snapshot_line (RollDonut *self, GtkSnapshot *snapshot, const Ring *ring, const char *text, double scale, double y,
               double alpha)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();
  GdkRGBA color;
  int width, height;

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  if (scale > 1)
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= (float) alpha;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) floor (ring->x - width / 2.0),
                                                          (float) floor (ring->y + y - height / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
snapshot_total (RollDonut *self, GtkSnapshot *snapshot, const Ring *ring)
{
  g_autofree char *total = roll_format_count (self->total);
  double scale = CLAMP (ring->inner / 36.0, 1.05, 1.9);

  snapshot_line (self, snapshot, ring, total, scale, -7, 1.0);
  snapshot_line (self, snapshot, ring, ngettext ("computer", "computers", self->total), 0.85, 13, 0.65);
}

static void
roll_donut_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RollDonut *self = ROLL_DONUT (widget);
  Ring ring = get_ring (self);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                                          (float) gtk_widget_get_height (widget)));

  for (guint i = 0; i < self->slices->len; i++)
    draw_slice (self, cr, &ring, i);
  draw_focus (self, cr, &ring);
  cairo_destroy (cr);
  for (guint i = 0; i < self->slices->len; i++)
    snapshot_sign (self, snapshot, &ring, &g_array_index (self->slices, RollSlice, i));
  snapshot_total (self, snapshot, &ring);
}

static void
roll_donut_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                    int *minimum_baseline, int *natural_baseline)
{
  *minimum = MIN_SIZE;
  *natural = NATURAL_SIZE;
}

/* --- Input --- */

static int
slice_at (RollDonut *self, double x, double y)
{
  Ring ring = get_ring (self);

  return roll_donut_hit (self->slices, ring.inner, ring.outer + MARGIN, x - ring.x, y - ring.y);
}

static void
set_hovered (RollDonut *self, int position)
{
  if (self->hovered == position)
    return;
  self->hovered = position;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), position >= 0 ? "pointer" : NULL);
  gtk_widget_trigger_tooltip_query (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
set_focused (RollDonut *self, int position)
{
  if (self->focused == position)
    return;
  self->focused = position;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
activate_slice (RollDonut *self, int position)
{
  const RollSlice *slice = nth_slice (self, position);

  if (slice != NULL)
    g_signal_emit (self, signals[SLICE_ACTIVATED], 0, slice->index);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, RollDonut *self)
{
  set_hovered (self, slice_at (self, x, y));
}

static void
on_leave (GtkEventControllerMotion *controller, RollDonut *self)
{
  set_hovered (self, -1);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, RollDonut *self)
{
  int position = slice_at (self, x, y);

  if (position < 0)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  set_focused (self, position);
  activate_slice (self, position);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, RollDonut *self)
{
  int last = (int) self->slices->len - 1;

  if (last < 0 || (state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return FALSE;
  switch (keyval)
    {
    case GDK_KEY_Right:
    case GDK_KEY_Down:
    case GDK_KEY_KP_Right:
    case GDK_KEY_KP_Down:
      set_focused (self, self->focused >= last ? 0 : self->focused + 1);
      return TRUE;
    case GDK_KEY_Left:
    case GDK_KEY_Up:
    case GDK_KEY_KP_Left:
    case GDK_KEY_KP_Up:
      set_focused (self, self->focused <= 0 ? last : self->focused - 1);
      return TRUE;
    case GDK_KEY_Home:
      set_focused (self, 0);
      return TRUE;
    case GDK_KEY_End:
      set_focused (self, last);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
    case GDK_KEY_space:
      activate_slice (self, self->focused);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
on_focus_enter (GtkEventControllerFocus *controller, RollDonut *self)
{
  if (self->focused < 0 && self->slices->len > 0)
    set_focused (self, 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_focus_leave (GtkEventControllerFocus *controller, RollDonut *self)
{
  set_focused (self, -1);
}

static gboolean
roll_donut_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  RollDonut *self = ROLL_DONUT (widget);
  const RollSlice *slice = nth_slice (self, keyboard ? self->focused : slice_at (self, x, y));
  g_autofree char *text = NULL;

  if (slice == NULL)
    return FALSE;
  text = describe_slice (self, slice);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

/* --- Object --- */

static void
roll_donut_finalize (GObject *object)
{
  g_array_unref (ROLL_DONUT (object)->slices);
  G_OBJECT_CLASS (roll_donut_parent_class)->finalize (object);
}

static void
roll_donut_class_init (RollDonutClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_donut_finalize;
  widget_class->snapshot = roll_donut_snapshot;
  widget_class->measure = roll_donut_measure;
  widget_class->query_tooltip = roll_donut_query_tooltip;

  signals[SLICE_ACTIVATED] = g_signal_new ("slice-activated", ROLL_TYPE_DONUT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "donut");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
roll_donut_init (RollDonut *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  self->slices = roll_donut_slices (NULL, 0);
  self->hovered = -1;
  self->focused = -1;
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect (focus, "enter", G_CALLBACK (on_focus_enter), self);
  g_signal_connect (focus, "leave", G_CALLBACK (on_focus_leave), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (widget, motion);
  gtk_widget_add_controller (widget, keys);
  gtk_widget_add_controller (widget, focus);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  update_accessible (self);
}

/* A slice keeps the focus although others come and go before it. */
static int
find_position (RollDonut *self, int index)
{
  for (guint i = 0; index >= 0 && i < self->slices->len; i++)
    if (g_array_index (self->slices, RollSlice, i).index == (guint) index)
      return (int) i;
  return -1;
}

void
roll_donut_set_counts (RollDonut *self, const guint *counts)
{
  int focused;

  g_return_if_fail (ROLL_IS_DONUT (self));

  if (memcmp (self->counts, counts, sizeof self->counts) == 0)
    return;
  focused = roll_donut_get_focused (self);
  memcpy (self->counts, counts, sizeof self->counts);
  self->total = 0;
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    self->total += counts[i];
  g_array_unref (self->slices);
  self->slices = roll_donut_slices (self->counts, ROLL_N_LOOKS);
  self->hovered = -1;
  self->focused = find_position (self, focused);
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
roll_donut_set_marked (RollDonut *self, guint32 marked)
{
  g_return_if_fail (ROLL_IS_DONUT (self));

  if (self->marked == marked)
    return;
  self->marked = marked;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

int
roll_donut_get_focused (RollDonut *self)
{
  const RollSlice *slice;

  g_return_val_if_fail (ROLL_IS_DONUT (self), -1);

  slice = nth_slice (self, self->focused);
  return slice != NULL ? (int) slice->index : -1;
}
