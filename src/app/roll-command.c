/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-command.h"

#include <glib/gi18n.h>

#define WORD_BYTES 24 /* what fits in the narrowest window stays together */
#define FEEDBACK_SECONDS 2

struct _RollCommand
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *label;
  GtkButton *copy_button;

  guint feedback_source;
};

G_DEFINE_FINAL_TYPE (RollCommand, roll_command, GTK_TYPE_WIDGET)

static void
show_copied (RollCommand *self, gboolean copied)
{
  gtk_button_set_icon_name (self->copy_button, copied ? "object-select-symbolic" : "edit-copy-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->copy_button), copied ? _("Copied") : _("Copy Command"));
}

static gboolean
end_feedback (gpointer user_data)
{
  RollCommand *self = user_data;

  self->feedback_source = 0;
  show_copied (self, FALSE);
  return G_SOURCE_REMOVE;
}

static void
on_copy_clicked (GtkButton *button, RollCommand *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), gtk_label_get_text (self->label));
  show_copied (self, TRUE);
  g_clear_handle_id (&self->feedback_source, g_source_remove);
  self->feedback_source = g_timeout_add_seconds (FEEDBACK_SECONDS, end_feedback, self);
}

static void
roll_command_dispose (GObject *object)
{
  RollCommand *self = ROLL_COMMAND (object);

  g_clear_handle_id (&self->feedback_source, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_command_parent_class)->dispose (object);
}

static void
roll_command_class_init (RollCommandClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_command_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-command.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCommand, box);
  gtk_widget_class_bind_template_child (widget_class, RollCommand, label);
  gtk_widget_class_bind_template_child (widget_class, RollCommand, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "command");
}

static void
roll_command_init (RollCommand *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* As a terminal would: at blanks where possible, and never with a hyphen that is not typed. */
static PangoAttrList *
new_line_breaks (const char *text)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  PangoAttribute *attribute;
  const char *end;

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  for (const char *word = text; *word != '\0'; word = end + strspn (end, " \n"))
    {
      end = word + strcspn (word, " \n");
      if (end - word > WORD_BYTES)
        continue;
      attribute = pango_attr_allow_breaks_new (FALSE);
      attribute->start_index = (guint) (word - text);
      attribute->end_index = (guint) (end - text);
      pango_attr_list_insert (attributes, attribute);
    }
  return attributes;
}

void
roll_command_set_text (RollCommand *self, const char *text)
{
  g_autofree char *name = NULL;
  PangoAttrList *attributes;

  g_return_if_fail (ROLL_IS_COMMAND (self));

  attributes = new_line_breaks (text);
  gtk_label_set_text (self->label, text);
  gtk_label_set_attributes (self->label, attributes);
  pango_attr_list_unref (attributes);
  /* Translators: for a screen reader; a command follows */
  name = g_strdup_printf (_("Copy “%s”"), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->copy_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
