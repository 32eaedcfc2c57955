/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-credential-wizard.h"

struct _RollCredentialWizard
{
  AdwWindow parent_instance;

  RollVault *vault;
  RollLibrary *library;
  RollVaultEntry *edited;
  RollScanOptions *options;
};

enum
{
  SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCredentialWizard, roll_credential_wizard, ADW_TYPE_WINDOW)

static void
roll_credential_wizard_dispose (GObject *object)
{
  RollCredentialWizard *self = ROLL_CREDENTIAL_WIZARD (object);

  g_clear_object (&self->vault);
  g_clear_object (&self->library);
  g_clear_pointer (&self->edited, roll_vault_entry_unref);
  g_clear_pointer (&self->options, roll_scan_options_free);
  G_OBJECT_CLASS (roll_credential_wizard_parent_class)->dispose (object);
}

static void
roll_credential_wizard_class_init (RollCredentialWizardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = roll_credential_wizard_dispose;
  signals[SAVED] = g_signal_new ("saved", ROLL_TYPE_CREDENTIAL_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
roll_credential_wizard_init (RollCredentialWizard *self)
{
}

GtkWidget *
roll_credential_wizard_new (GtkWindow *parent, RollVault *vault, RollLibrary *library, RollVaultEntry *edited)
{
  RollCredentialWizard *self = g_object_new (ROLL_TYPE_CREDENTIAL_WIZARD, "transient-for", parent, NULL);

  g_set_object (&self->vault, vault);
  g_set_object (&self->library, library);
  self->edited = edited != NULL ? roll_vault_entry_ref (edited) : NULL;
  return GTK_WIDGET (self);
}

void
roll_credential_wizard_set_options (RollCredentialWizard *self, const RollScanOptions *options)
{
  g_return_if_fail (ROLL_IS_CREDENTIAL_WIZARD (self));

  g_clear_pointer (&self->options, roll_scan_options_free);
  self->options = options != NULL ? roll_scan_options_copy (options) : NULL;
}
