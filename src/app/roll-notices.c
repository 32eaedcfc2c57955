/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-notices.h"

#define MAX_BARS 3 /* a network with many silent name servers must not push the list out of the window */

struct _RollNotices
{
  GtkWidget parent_instance;

  GHashTable *bars; /* kind to GtkInfoBar */
};

G_DEFINE_FINAL_TYPE (RollNotices, roll_notices, GTK_TYPE_WIDGET)

static gboolean
is_bar (gpointer kind, gpointer bar, gpointer wanted)
{
  return bar == wanted;
}

static void
on_response (GtkInfoBar *bar, int response, RollNotices *self)
{
  g_hash_table_foreach_remove (self->bars, is_bar, bar);
}

static GtkWidget *
new_bar (RollNotices *self)
{
  GtkWidget *bar = gtk_info_bar_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_info_bar_add_child (GTK_INFO_BAR (bar), label);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), GTK_MESSAGE_WARNING);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (bar), TRUE);
  g_signal_connect (bar, "response", G_CALLBACK (on_response), self);
  g_object_set_data (G_OBJECT (bar), "label", label);
  gtk_widget_set_parent (bar, GTK_WIDGET (self));
  return bar;
}

static void
remove_bar (gpointer bar)
{
  gtk_widget_unparent (bar);
}

static void
roll_notices_dispose (GObject *object)
{
  g_clear_pointer (&ROLL_NOTICES (object)->bars, g_hash_table_unref);
  G_OBJECT_CLASS (roll_notices_parent_class)->dispose (object);
}

static void
roll_notices_class_init (RollNoticesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = roll_notices_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
roll_notices_init (RollNotices *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  self->bars = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, remove_bar);
}

void
roll_notices_set (RollNotices *self, const char *kind, const char *text)
{
  GtkWidget *bar;

  g_return_if_fail (ROLL_IS_NOTICES (self));

  if (text == NULL)
    {
      g_hash_table_remove (self->bars, kind);
      return;
    }
  bar = g_hash_table_lookup (self->bars, kind);
  if (bar == NULL && g_hash_table_size (self->bars) >= MAX_BARS)
    return;
  if (bar == NULL)
    {
      bar = new_bar (self);
      g_hash_table_insert (self->bars, g_strdup (kind), bar);
    }
  gtk_label_set_label (g_object_get_data (G_OBJECT (bar), "label"), text);
}

void
roll_notices_clear (RollNotices *self)
{
  g_return_if_fail (ROLL_IS_NOTICES (self));

  g_hash_table_remove_all (self->bars);
}
