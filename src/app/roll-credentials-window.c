/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-credentials-window.h"

#include "app/roll-credentials-list.h"

struct _RollCredentialsWindow
{
  AdwWindow parent_instance;

  RollCredentialsList *list;
};

G_DEFINE_FINAL_TYPE (RollCredentialsWindow, roll_credentials_window, ADW_TYPE_WINDOW)

static void
roll_credentials_window_class_init (RollCredentialsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (ROLL_TYPE_CREDENTIALS_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-credentials-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsWindow, list);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
roll_credentials_window_init (RollCredentialsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

GtkWidget *
roll_credentials_window_new (GtkWindow *parent, RollVault *vault, RollLibrary *library)
{
  RollCredentialsWindow *self = g_object_new (ROLL_TYPE_CREDENTIALS_WINDOW, "transient-for", parent, NULL);

  g_object_set (self->list, "library", library, "vault", vault, NULL);
  return GTK_WIDGET (self);
}
