/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-account-form.h"

#include <glib/gi18n.h>
#include <string.h>

/* Longer than anything allowed, so that what is too long is told as such, and short enough to be drawn at once. */
#define LONGEST_TEXT 1000

struct _RollAccountForm
{
  GtkWidget parent_instance;

  GtkWidget *box;
  AdwEntryRow *account_row;
  GtkLabel *account_reason;
  AdwEntryRow *password_row;
  GtkLabel *password_reason;
  AdwEntryRow *name_row;
  GtkLabel *name_reason;

  RollVaultEntry *edited; /* (nullable) */
  GPtrArray *others;      /* (nullable) (element-type RollVaultEntry) */
  gboolean name_typed;    /* by the person, not suggested */
  gboolean suggesting;
  gboolean insisting;     /* what is missing is told as well */
  gboolean right;
};

enum
{
  CHANGED,
  ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollAccountForm, roll_account_form, GTK_TYPE_WIDGET)

static char *
get_text (AdwEntryRow *row)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
}

/* --- What is wrong with each; (transfer full) (nullable) --- */

static char *
check_account (RollAccountForm *self, gboolean *ret_missing)
{
  g_autofree char *account = get_text (self->account_row);
  g_autoptr (RollVaultEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  *ret_missing = *account == '\0';
  if (*ret_missing)
    return g_strdup (_("Type the account: DOMAIN\\user, user@domain, or .\\user for one of each computer’s own."));
  entry = roll_vault_entry_new (NULL, "-", account, NULL, NULL, &error);
  return entry == NULL ? g_strdup (error->message) : NULL;
}

static char *
check_password (RollAccountForm *self, gboolean *ret_missing)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  g_autoptr (RollSecret) password = NULL;
  g_autoptr (GError) error = NULL;

  *ret_missing = *text == '\0';
  if (*ret_missing)
    return self->edited == NULL ? g_strdup (_("Type the password of this account.")) : NULL;
  password = roll_secret_new (text, strlen (text));
  if (!roll_vault_password_check (password, &error))
    return g_strdup (error->message);
  return strpbrk (text, "\r\n") != NULL ? g_strdup (_("The password has a line break. Was more pasted than the password?")) : NULL;
}

static gboolean
is_taken (RollAccountForm *self, const char *name)
{
  for (guint i = 0; self->others != NULL && i < self->others->len; i++)
    {
      const RollVaultEntry *other = self->others->pdata[i];

      if ((self->edited == NULL || strcmp (other->id, self->edited->id) != 0) && roll_vault_entry_has_name (other, name))
        return TRUE;
    }
  return FALSE;
}

static char *
check_name (RollAccountForm *self, gboolean *ret_missing)
{
  g_autofree char *name = get_text (self->name_row);
  g_autoptr (GError) error = NULL;

  *ret_missing = *name == '\0';
  if (!roll_vault_name_check (name, &error))
    return g_strdup (error->message);
  if (is_taken (self, name))
    return g_strdup_printf (_("There is a credential “%s” already. Choose another name."), name);
  return NULL;
}

/* --- Showing it --- */

/* What is right is explained where that helps, so that nobody finds out in a scan what was meant. (transfer full) (nullable) */
static char *
explain_account (RollAccountForm *self)
{
  g_autofree char *account = get_text (self->account_row);
  g_autoptr (RollCredential) credential = roll_credential_new ("-", account, roll_secret_new ("-", 1), NULL, NULL, NULL);

  if (credential == NULL)
    return NULL;
  if (credential->realm != NULL)
    return g_strdup_printf (_("The account “%s” of the domain %s"), credential->user, credential->realm);
  if (*credential->domain != '\0')
    return g_strdup_printf (_("The account “%s” of %s"), credential->user, credential->domain);
  return g_strdup_printf (_("The account “%s” that each computer has of its own. For one of a domain write DOMAIN\\%s."),
                          credential->user, credential->user);
}

static void
show_reason (GtkWidget *row, GtkLabel *label, const char *reason, gboolean wrong)
{
  gtk_label_set_label (label, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (label), reason != NULL);
  if (wrong)
    {
      gtk_widget_add_css_class (row, "error");
      gtk_widget_add_css_class (GTK_WIDGET (label), "error");
    }
  else
    {
      gtk_widget_remove_css_class (row, "error");
      gtk_widget_remove_css_class (GTK_WIDGET (label), "error");
    }
}

static gboolean
update_row (RollAccountForm *self, AdwEntryRow *row, GtkLabel *label,
            char *(*check) (RollAccountForm *self, gboolean *ret_missing))
{
  gboolean missing;
  g_autofree char *reason = check (self, &missing);
  gboolean wrong = reason != NULL && (!missing || self->insisting);
  g_autofree char *explanation = reason == NULL && row == self->account_row ? explain_account (self) : NULL;

  show_reason (GTK_WIDGET (row), label, wrong ? reason : explanation, wrong);
  return reason == NULL;
}

static void
update (RollAccountForm *self)
{
  gboolean account = update_row (self, self->account_row, self->account_reason, check_account);
  gboolean password = update_row (self, self->password_row, self->password_reason, check_password);
  gboolean name = update_row (self, self->name_row, self->name_reason, check_name);

  self->right = account && password && name;
  g_signal_emit (self, signals[CHANGED], 0);
}

static char *
shorten (const char *text, glong limit)
{
  return g_utf8_strlen (text, -1) > limit ? g_utf8_substring (text, 0, limit) : g_strdup (text);
}

/* Until the person gives it a name. */
static void
suggest_name (RollAccountForm *self)
{
  g_autofree char *account = get_text (self->account_row);
  g_autofree char *base = shorten (account, ROLL_VAULT_MAX_NAME - 4);
  g_autofree char *name = g_strdup (base);

  if (self->name_typed || self->edited != NULL)
    return;
  for (guint i = 2; *name != '\0' && is_taken (self, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s %u", base, i);
    }
  self->suggesting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
  self->suggesting = FALSE;
}

static void
on_account_changed (AdwEntryRow *row, RollAccountForm *self)
{
  suggest_name (self);
  update (self);
}

static void
on_password_changed (AdwEntryRow *row, RollAccountForm *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (row)) != '\0')
    roll_secret_forbid_dumps ();
  update (self);
}

static void
on_name_changed (AdwEntryRow *row, RollAccountForm *self)
{
  if (self->suggesting)
    return;
  self->name_typed = *gtk_editable_get_text (GTK_EDITABLE (row)) != '\0';
  update (self);
}

static void
on_activated (AdwEntryRow *row, RollAccountForm *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

/* --- Object --- */

static gboolean
roll_account_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ROLL_ACCOUNT_FORM (widget)->account_row));
}

static void
roll_account_form_dispose (GObject *object)
{
  g_clear_pointer (&ROLL_ACCOUNT_FORM (object)->box, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_account_form_parent_class)->dispose (object);
}

static void
roll_account_form_finalize (GObject *object)
{
  RollAccountForm *self = ROLL_ACCOUNT_FORM (object);

  g_clear_pointer (&self->edited, roll_vault_entry_unref);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  G_OBJECT_CLASS (roll_account_form_parent_class)->finalize (object);
}

static void
roll_account_form_class_init (RollAccountFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_account_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_account_form_finalize;
  widget_class->grab_focus = roll_account_form_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", ROLL_TYPE_ACCOUNT_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", ROLL_TYPE_ACCOUNT_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-account-form.ui");
  gtk_widget_class_bind_template_child (widget_class, RollAccountForm, box);
  gtk_widget_class_bind_template_child (widget_class, RollAccountForm, account_row);
  gtk_widget_class_bind_template_child (widget_class, RollAccountForm, account_reason);
  gtk_widget_class_bind_template_child (widget_class, RollAccountForm, password_row);
  gtk_widget_class_bind_template_child (widget_class, RollAccountForm, password_reason);
  gtk_widget_class_bind_template_child (widget_class, RollAccountForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, RollAccountForm, name_reason);
  gtk_widget_class_bind_template_callback (widget_class, on_account_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_password_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
}

static void
set_longest (AdwEntryRow *row)
{
  gtk_text_set_max_length (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (row))), LONGEST_TEXT);
}

static void
roll_account_form_init (RollAccountForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_longest (self->account_row);
  set_longest (self->password_row);
  set_longest (self->name_row);
  update (self);
}

void
roll_account_form_set_edited (RollAccountForm *self, RollVaultEntry *edited)
{
  g_return_if_fail (ROLL_IS_ACCOUNT_FORM (self) && edited != NULL);

  g_clear_pointer (&self->edited, roll_vault_entry_unref);
  self->edited = roll_vault_entry_ref (edited);
  self->name_typed = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->account_row), edited->account);
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), edited->name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->password_row), _("New password, if it has changed"));
  update (self);
}

void
roll_account_form_set_others (RollAccountForm *self, GPtrArray *entries)
{
  g_return_if_fail (ROLL_IS_ACCOUNT_FORM (self) && entries != NULL);

  g_clear_pointer (&self->others, g_ptr_array_unref);
  self->others = g_ptr_array_ref (entries);
  suggest_name (self);
  update (self);
}

gboolean
roll_account_form_is_right (RollAccountForm *self)
{
  g_return_val_if_fail (ROLL_IS_ACCOUNT_FORM (self), FALSE);

  return self->right;
}

gboolean
roll_account_form_insist (RollAccountForm *self)
{
  g_return_val_if_fail (ROLL_IS_ACCOUNT_FORM (self), FALSE);

  self->insisting = TRUE;
  update (self);
  if (gtk_widget_has_css_class (GTK_WIDGET (self->account_row), "error"))
    gtk_widget_grab_focus (GTK_WIDGET (self->account_row));
  else if (gtk_widget_has_css_class (GTK_WIDGET (self->password_row), "error"))
    gtk_widget_grab_focus (GTK_WIDGET (self->password_row));
  else if (gtk_widget_has_css_class (GTK_WIDGET (self->name_row), "error"))
    gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  return self->right;
}

gboolean
roll_account_form_is_touched (RollAccountForm *self)
{
  g_autofree char *account = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (ROLL_IS_ACCOUNT_FORM (self), FALSE);

  account = get_text (self->account_row);
  name = get_text (self->name_row);
  return strcmp (account, self->edited != NULL ? self->edited->account : "") != 0
         || (self->name_typed && strcmp (name, self->edited != NULL ? self->edited->name : "") != 0)
         || *gtk_editable_get_text (GTK_EDITABLE (self->password_row)) != '\0';
}

char *
roll_account_form_get_account (RollAccountForm *self)
{
  g_return_val_if_fail (ROLL_IS_ACCOUNT_FORM (self), NULL);

  return get_text (self->account_row);
}

char *
roll_account_form_get_name (RollAccountForm *self)
{
  g_return_val_if_fail (ROLL_IS_ACCOUNT_FORM (self), NULL);

  return get_text (self->name_row);
}

/* The entry's own memory, which GTK neither lets be swapped nor leaves behind: the secret is the only copy. */
RollSecret *
roll_account_form_get_password (RollAccountForm *self)
{
  const char *text;

  g_return_val_if_fail (ROLL_IS_ACCOUNT_FORM (self), NULL);

  text = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  return *text != '\0' ? roll_secret_new (text, strlen (text)) : NULL;
}

void
roll_account_form_forget_password (RollAccountForm *self)
{
  g_return_if_fail (ROLL_IS_ACCOUNT_FORM (self));

  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
}
