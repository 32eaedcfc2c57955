/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-accounts-page.h"

#include "app/roll-credentials-list.h"
#include "app/roll-logon-group.h"

struct _RollAccountsPage
{
  RollWizardPage parent_instance;

  GtkCheckButton *kept_check;
  GtkCheckButton *once_check;
  GtkCheckButton *probe_check;
  GtkWidget *kept_group;
  RollCredentialsList *list;
  RollLogonGroup *logon_group;

  RollVault *vault;
  GCancellable *listing; /* (nullable): until it is known what to offer first */
};

G_DEFINE_FINAL_TYPE (RollAccountsPage, roll_accounts_page, ROLL_TYPE_WIZARD_PAGE)

static RollProfileAccounts
get_accounts (RollAccountsPage *self)
{
  if (gtk_check_button_get_active (self->kept_check))
    return ROLL_PROFILE_KEPT;
  return gtk_check_button_get_active (self->once_check) ? ROLL_PROFILE_ONCE : ROLL_PROFILE_NOBODY;
}

static gboolean
has_chosen (RollAccountsPage *self)
{
  g_autoptr (GPtrArray) chosen = roll_credentials_list_get_chosen (self->list);

  return chosen->len > 0;
}

static void
update (RollAccountsPage *self)
{
  RollProfileAccounts accounts = get_accounts (self);

  gtk_widget_set_visible (self->kept_group, accounts == ROLL_PROFILE_KEPT);
  gtk_widget_set_visible (GTK_WIDGET (self->logon_group), accounts == ROLL_PROFILE_ONCE);
  g_object_set (self->logon_group, "required", accounts == ROLL_PROFILE_ONCE, NULL);
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self),
                              accounts == ROLL_PROFILE_NOBODY
                                  || (accounts == ROLL_PROFILE_KEPT && has_chosen (self))
                                  || (accounts == ROLL_PROFILE_ONCE && roll_logon_group_is_right (self->logon_group)));
}

static void
on_once_toggled (GtkCheckButton *check, RollAccountsPage *self)
{
  update (self);
  if (gtk_check_button_get_active (check) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->logon_group));
}

/* --- What is kept --- */

/* The first time, all that are kept: who keeps some means to use them. */
static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollAccountsPage) self = user_data;
  g_autoptr (GPtrArray) entries = roll_vault_list_finish (ROLL_VAULT (source), result, NULL);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  if (self->listing == NULL || g_cancellable_is_cancelled (self->listing))
    return;
  g_clear_object (&self->listing);
  if (entries->len == 0)
    return;
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (ids, ((RollVaultEntry *) entries->pdata[i])->id);
  g_ptr_array_add (ids, NULL);
  roll_credentials_list_choose (self->list, (const char *const *) ids->pdata);
  if (roll_logon_group_is_empty (self->logon_group))
    gtk_check_button_set_active (self->kept_check, TRUE);
}

void
roll_accounts_page_set_vault (RollAccountsPage *self, RollVault *vault, RollLibrary *library)
{
  g_return_if_fail (ROLL_IS_ACCOUNTS_PAGE (self) && ROLL_IS_VAULT (vault));

  g_set_object (&self->vault, vault);
  g_object_set (self->list, "library", library, "vault", vault, NULL);
  self->listing = g_cancellable_new ();
  roll_vault_list_async (vault, FALSE, self->listing, on_listed, g_object_ref (self));
}

void
roll_accounts_page_set_options (RollAccountsPage *self, const RollScanOptions *options)
{
  g_return_if_fail (ROLL_IS_ACCOUNTS_PAGE (self));

  roll_credentials_list_set_options (self->list, options);
}

/* --- Who logs on --- */

GPtrArray *
roll_accounts_page_get_forecast (RollAccountsPage *self)
{
  g_autoptr (GPtrArray) chosen = NULL;
  GPtrArray *credentials;

  g_return_val_if_fail (ROLL_IS_ACCOUNTS_PAGE (self), NULL);

  if (!roll_wizard_page_get_ready (ROLL_WIZARD_PAGE (self)) || get_accounts (self) == ROLL_PROFILE_NOBODY)
    return NULL;
  if (get_accounts (self) == ROLL_PROFILE_ONCE)
    return roll_logon_group_get_credentials (self->logon_group);
  chosen = roll_credentials_list_get_chosen (self->list);
  credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  for (guint i = 0; i < chosen->len; i++)
    {
      RollCredential *credential = roll_vault_entry_get_credential (chosen->pdata[i], roll_secret_new ("", 0), NULL);

      if (credential != NULL)
        g_ptr_array_add (credentials, credential);
    }
  return credentials;
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *credentials = roll_vault_load_finish (ROLL_VAULT (source), result, &error);

  if (credentials != NULL)
    g_task_return_pointer (task, credentials, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
roll_accounts_page_load_async (RollAccountsPage *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GPtrArray) chosen = NULL;
  GTask *task;

  g_return_if_fail (ROLL_IS_ACCOUNTS_PAGE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, roll_accounts_page_load_async);
  if (get_accounts (self) != ROLL_PROFILE_KEPT)
    {
      g_task_return_pointer (task, roll_accounts_page_get_forecast (self), (GDestroyNotify) g_ptr_array_unref);
      g_object_unref (task);
      return;
    }
  chosen = roll_credentials_list_get_chosen (self->list);
  roll_secret_forbid_dumps ();
  roll_vault_load_async (self->vault, chosen, NULL, on_loaded, task);
}

GPtrArray *
roll_accounts_page_load_finish (RollAccountsPage *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
roll_accounts_page_forget_password (RollAccountsPage *self)
{
  g_return_if_fail (ROLL_IS_ACCOUNTS_PAGE (self));

  roll_logon_group_forget_password (self->logon_group);
}

/* --- Profiles --- */

void
roll_accounts_page_to_profile (RollAccountsPage *self, RollProfile *profile)
{
  g_autoptr (GPtrArray) chosen = NULL;
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_if_fail (ROLL_IS_ACCOUNTS_PAGE (self) && profile != NULL);

  profile->accounts = get_accounts (self);
  if (profile->accounts == ROLL_PROFILE_ONCE)
    profile->account = roll_logon_group_get_account (self->logon_group);
  if (profile->accounts != ROLL_PROFILE_KEPT)
    return;
  chosen = roll_credentials_list_get_chosen (self->list);
  for (guint i = 0; i < chosen->len; i++)
    {
      const RollVaultEntry *entry = chosen->pdata[i];

      g_strv_builder_add (ids, entry->id);
      g_strv_builder_add (names, entry->name);
    }
  profile->credential_ids = g_strv_builder_end (ids);
  profile->credential_names = g_strv_builder_end (names);
}

void
roll_accounts_page_from_profile (RollAccountsPage *self, const RollProfile *profile)
{
  g_return_if_fail (ROLL_IS_ACCOUNTS_PAGE (self) && profile != NULL);

  /* A scan does not tell which of the kept ones it had: those chosen so far, or all. */
  if (self->listing != NULL && (profile->accounts != ROLL_PROFILE_KEPT || profile->credential_ids != NULL))
    g_cancellable_cancel (self->listing);
  if (profile->account != NULL)
    roll_logon_group_set_account (self->logon_group, profile->account);
  if (profile->credential_ids != NULL)
    roll_credentials_list_choose (self->list, (const char *const *) profile->credential_ids);
  gtk_check_button_set_active (self->kept_check, profile->accounts == ROLL_PROFILE_KEPT);
  gtk_check_button_set_active (self->once_check, profile->accounts == ROLL_PROFILE_ONCE);
  gtk_check_button_set_active (self->probe_check, profile->accounts == ROLL_PROFILE_NOBODY);
  update (self);
}

/* --- Object --- */

static gboolean
roll_accounts_page_grab_focus (GtkWidget *widget)
{
  RollAccountsPage *self = ROLL_ACCOUNTS_PAGE (widget);

  switch (get_accounts (self))
    {
    case ROLL_PROFILE_ONCE:
      return gtk_widget_grab_focus (GTK_WIDGET (self->logon_group));
    case ROLL_PROFILE_KEPT:
      return gtk_widget_grab_focus (GTK_WIDGET (self->kept_check));
    case ROLL_PROFILE_NOBODY:
    default:
      return gtk_widget_grab_focus (GTK_WIDGET (self->probe_check));
    }
}

static void
roll_accounts_page_dispose (GObject *object)
{
  RollAccountsPage *self = ROLL_ACCOUNTS_PAGE (object);

  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_clear_object (&self->vault);
  G_OBJECT_CLASS (roll_accounts_page_parent_class)->dispose (object);
}

static void
roll_accounts_page_class_init (RollAccountsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_accounts_page_dispose;
  widget_class->grab_focus = roll_accounts_page_grab_focus;
  g_type_ensure (ROLL_TYPE_CREDENTIALS_LIST);
  g_type_ensure (ROLL_TYPE_LOGON_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-accounts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, kept_check);
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, once_check);
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, probe_check);
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, kept_group);
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, list);
  gtk_widget_class_bind_template_child (widget_class, RollAccountsPage, logon_group);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, on_once_toggled);
  gtk_widget_class_bind_template_callback (widget_class, roll_wizard_page_go_on);
}

static void
roll_accounts_page_init (RollAccountsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
