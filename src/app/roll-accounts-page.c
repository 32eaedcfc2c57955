/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-accounts-page.h"

#include "app/roll-logon-group.h"

struct _RollAccountsPage
{
  RollWizardPage parent_instance;

  GtkCheckButton *probe_check;
  GtkCheckButton *once_check;
  RollLogonGroup *logon_group;
};

G_DEFINE_FINAL_TYPE (RollAccountsPage, roll_accounts_page, ROLL_TYPE_WIZARD_PAGE)

static void
update (RollAccountsPage *self)
{
  gboolean once = gtk_check_button_get_active (self->once_check);

  g_object_set (self->logon_group, "required", once, NULL);
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self), !once || roll_logon_group_is_right (self->logon_group));
}

static void
on_once_toggled (GtkCheckButton *check, RollAccountsPage *self)
{
  update (self);
  if (gtk_check_button_get_active (check) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->logon_group));
}

/* Who types an account means it. */
static void
on_logon_changed (RollAccountsPage *self)
{
  if (!roll_logon_group_is_empty (self->logon_group))
    gtk_check_button_set_active (self->once_check, TRUE);
  update (self);
}

GPtrArray *
roll_accounts_page_get_credentials (RollAccountsPage *self)
{
  g_return_val_if_fail (ROLL_IS_ACCOUNTS_PAGE (self), NULL);

  if (!gtk_check_button_get_active (self->once_check) || !roll_logon_group_is_right (self->logon_group))
    return NULL;
  return roll_logon_group_get_credentials (self->logon_group);
}

void
roll_accounts_page_forget_password (RollAccountsPage *self)
{
  g_return_if_fail (ROLL_IS_ACCOUNTS_PAGE (self));

  roll_logon_group_forget_password (self->logon_group);
}

static gboolean
roll_accounts_page_grab_focus (GtkWidget *widget)
{
  RollAccountsPage *self = ROLL_ACCOUNTS_PAGE (widget);

  if (gtk_check_button_get_active (self->once_check))
    return gtk_widget_grab_focus (GTK_WIDGET (self->logon_group));
  return gtk_widget_grab_focus (GTK_WIDGET (self->probe_check));
}

static void
roll_accounts_page_class_init (RollAccountsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->grab_focus = roll_accounts_page_grab_focus;
  g_type_ensure (ROLL_TYPE_LOGON_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-accounts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, probe_check);
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, once_check);
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, logon_group);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_once_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_logon_changed);
  gtk_widget_class_bind_template_callback (widget_class, roll_wizard_page_go_on);
}

static void
roll_accounts_page_init (RollAccountsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
