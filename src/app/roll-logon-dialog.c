/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-logon-dialog.h"

#include <glib/gi18n.h>

#include "app/roll-credentials-list.h"
#include "app/roll-logon-group.h"

struct _RollLogonDialog
{
  AdwWindow parent_instance;

  GtkWidget *resume_button;
  GtkWidget *page;
  GtkInfoBar *error_bar;
  GtkLabel *error_label;
  RollCredentialsList *list;
  RollLogonGroup *logon_group;

  RollVault *vault;
  GCancellable *loading; /* (nullable) */
};

enum
{
  RESUME,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollLogonDialog, roll_logon_dialog, ADW_TYPE_WINDOW)

static gboolean
is_right (RollLogonDialog *self)
{
  g_autoptr (GPtrArray) chosen = roll_credentials_list_get_chosen (self->list);

  return roll_logon_group_is_right (self->logon_group)
         && (chosen->len > 0 || !roll_logon_group_is_empty (self->logon_group));
}

static void
update (RollLogonDialog *self)
{
  gtk_widget_set_sensitive (self->resume_button, self->loading == NULL && is_right (self));
  gtk_widget_set_sensitive (self->page, self->loading == NULL);
}

/* @credentials: (transfer full): the kept ones; what was typed comes behind them */
static void
resume_with (RollLogonDialog *self, GPtrArray *credentials)
{
  g_autoptr (GPtrArray) typed = roll_logon_group_get_credentials (self->logon_group);

  for (guint i = 0; typed != NULL && i < typed->len; i++)
    g_ptr_array_add (credentials, roll_credential_ref (typed->pdata[i]));
  roll_logon_group_forget_password (self->logon_group);
  g_signal_emit (self, signals[RESUME], 0, credentials);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollLogonDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *credentials = roll_vault_load_finish (ROLL_VAULT (source), result, &error);

  if (self->loading == NULL)
    {
      g_clear_pointer (&credentials, g_ptr_array_unref);
      return;
    }
  g_clear_object (&self->loading);
  update (self);
  if (credentials != NULL)
    {
      resume_with (self, credentials);
      return;
    }
  gtk_label_set_label (self->error_label, error->message);
  gtk_info_bar_set_revealed (self->error_bar, TRUE);
}

static void
resume (RollLogonDialog *self)
{
  g_autoptr (GPtrArray) chosen = roll_credentials_list_get_chosen (self->list);

  if (self->loading != NULL || !is_right (self))
    return;
  gtk_info_bar_set_revealed (self->error_bar, FALSE);
  if (chosen->len == 0)
    {
      resume_with (self, g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref));
      return;
    }
  self->loading = g_cancellable_new ();
  roll_vault_load_async (self->vault, chosen, self->loading, on_loaded, g_object_ref (self));
  update (self);
}

static void
on_error_closed (GtkInfoBar *bar, int response, RollLogonDialog *self)
{
  gtk_info_bar_set_revealed (bar, FALSE);
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
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

/* --- Object --- */

static void
roll_logon_dialog_dispose (GObject *object)
{
  RollLogonDialog *self = ROLL_LOGON_DIALOG (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->vault);
  G_OBJECT_CLASS (roll_logon_dialog_parent_class)->dispose (object);
}

static void
roll_logon_dialog_class_init (RollLogonDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_logon_dialog_dispose;
  signals[RESUME] = g_signal_new ("resume", ROLL_TYPE_LOGON_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_type_ensure (ROLL_TYPE_CREDENTIALS_LIST);
  g_type_ensure (ROLL_TYPE_LOGON_GROUP);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-logon-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, resume_button);
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, page);
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, error_bar);
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, list);
  gtk_widget_class_bind_template_child (widget_class, RollLogonDialog, logon_group);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, resume);
  gtk_widget_class_bind_template_callback (widget_class, on_error_closed);
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

/* Names are what a scan knows of them. (transfer full) */
static char **
find_used (RollSession *session)
{
  RollComputerTable *table = roll_session_get_table (session);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree const char **borrowed = NULL;

  for (guint i = 0; i < roll_computer_table_get_count (table); i++)
    {
      const RollComputer *computer = roll_computer_table_get_computer (table, i);

      if (computer != NULL && computer->credential != NULL)
        g_hash_table_add (names, computer->credential);
    }
  borrowed = (const char **) g_hash_table_get_keys_as_array (names, NULL);
  return g_strdupv ((char **) borrowed);
}

GtkWidget *
roll_logon_dialog_new (GtkWindow *parent, RollVault *vault, RollSession *session, gboolean test)
{
  RollLogonDialog *self = g_object_new (ROLL_TYPE_LOGON_DIALOG, "transient-for", parent, NULL);
  g_auto (GStrv) used = find_used (session);

  if (test)
    {
      gtk_window_set_title (GTK_WINDOW (self), _("Test Again"));
      gtk_button_set_label (GTK_BUTTON (self->resume_button), _("Test"));
    }
  g_set_object (&self->vault, vault);
  roll_credentials_list_choose_names (self->list, (const char *const *) used);
  g_object_set (self->list, "vault", vault, NULL);
  return GTK_WIDGET (self);
}
