/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-logon-dialog.h"

#include "app/roll-logon-group.h"

struct _RollLogonDialog
{
  AdwWindow parent_instance;

  GtkWidget *resume_button;
  RollLogonGroup *logon_group;
};

enum
{
  RESUME,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollLogonDialog, roll_logon_dialog, ADW_TYPE_WINDOW)

static void
on_changed (RollLogonGroup *group, RollLogonDialog *self)
{
  gtk_widget_set_sensitive (self->resume_button, roll_logon_group_is_right (group));
}

static void
resume (RollLogonDialog *self)
{
  GPtrArray *credentials;

  if (!roll_logon_group_is_right (self->logon_group))
    return;
  credentials = roll_logon_group_get_credentials (self->logon_group);
  roll_logon_group_forget_password (self->logon_group);
  g_signal_emit (self, signals[RESUME], 0, credentials);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_resume_clicked (GtkButton *button, RollLogonDialog *self)
{
  resume (self);
}

static void
on_cancel_clicked (GtkButton *button, RollLogonDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_shown (GtkWidget *widget, RollLogonDialog *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->logon_group));
}

static void
roll_logon_dialog_class_init (RollLogonDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[RESUME] = g_signal_new ("resume", ROLL_TYPE_LOGON_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_type_ensure (ROLL_TYPE_LOGON_GROUP);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-logon-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, resume_button);
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, logon_group);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, resume);
  gtk_widget_class_bind_template_callback (widget_class, on_resume_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_shown);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
roll_logon_dialog_init (RollLogonDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
roll_logon_dialog_new (GtkWindow *parent)
{
  return g_object_new (ROLL_TYPE_LOGON_DIALOG, "transient-for", parent, NULL);
}
