/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/roll-vault.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "vault/roll-vault-keyring.h"
#include "vault/roll-vault-order.h"
#include "vault/roll-vault-watch.h"

/* A credential for this session only. */
typedef struct
{
  RollVaultEntry *entry;
  RollSecret *password;
} Kept;

struct _RollVault
{
  GObject parent_instance;
  GPtrArray *session; /* Kept */
  char *last_order;   /* of the keyring, as far as it has been seen */
  guint timeout_ms;
  RollVaultWatch *watch; /* (nullable) */
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollVault, roll_vault, G_TYPE_OBJECT)
G_DEFINE_QUARK (roll-vault-error-quark, roll_vault_error)

/* What a thread needs to know; nothing of it changes. */
typedef struct
{
  guint timeout_ms;
  gboolean unlock;
  RollVaultEntry *entry;
  RollSecret *password;
  GPtrArray *entries;     /* to load; or whose names are taken */
  GPtrArray *credentials; /* (element-type RollCredential): filled in by the thread */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->entry, roll_vault_entry_unref);
  g_clear_pointer (&job->password, roll_secret_unref);
  g_clear_pointer (&job->entries, g_ptr_array_unref);
  g_clear_pointer (&job->credentials, g_ptr_array_unref);
  g_free (job);
}

/* --- Errors ------------------------------------------------------------------------------------------------------ */

static char *
describe (RollVaultError code, const char *text)
{
  switch (code)
    {
    case ROLL_VAULT_ERROR_NO_SERVICE:
      return g_strdup (_("There is no keyring in this session. Start one, such as GNOME Keyring or KWallet."));
    case ROLL_VAULT_ERROR_LOCKED:
      return g_strdup (_("The keyring is locked. Unlock it with its password, which is usually the one you log in with."));
    case ROLL_VAULT_ERROR_DISMISSED:
      return g_strdup (_("The keyring stayed locked: the question for its password was closed, or could not be shown. "
                         "Try again and answer it, or unlock the keyring first."));
    case ROLL_VAULT_ERROR_TIMED_OUT:
      return g_strdup (_("The keyring did not answer in time. If it asks for its password in another window, answer that "
                         "and try again; otherwise log out and in again."));
    case ROLL_VAULT_ERROR_NOT_FOUND:
      return g_strdup_printf (_("The credential “%s” is no longer in the keyring. Add it again, or choose another one."),
                              text);
    case ROLL_VAULT_ERROR_EXISTS:
      return g_strdup_printf (_("There is a credential “%s” already. Choose another name, or change that one."), text);
    case ROLL_VAULT_ERROR_FAILED:
    default:
      return g_strdup_printf (_("The keyring could not be used: %s"), text);
    }
}

void
roll_vault_set_error (GError **error, RollVaultError code, const char *text)
{
  g_autofree char *message = describe (code, text);

  g_set_error_literal (error, ROLL_VAULT_ERROR, (gint) code, message);
}

/* --- For this session only --------------------------------------------------------------------------------------- */

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  roll_vault_entry_unref (kept->entry);
  roll_secret_unref (kept->password);
  g_free (kept);
}

static Kept *
find_kept (RollVault *self, const char *id)
{
  for (guint i = 0; i < self->session->len; i++)
    {
      Kept *kept = self->session->pdata[i];

      if (strcmp (kept->entry->id, id) == 0)
        return kept;
    }
  return NULL;
}

static GPtrArray *
list_kept (RollVault *self)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_vault_entry_unref);

  for (guint i = 0; i < self->session->len; i++)
    g_ptr_array_add (entries, roll_vault_entry_ref (((Kept *) self->session->pdata[i])->entry));
  return entries;
}

static gboolean
forget (RollVault *self, const char *id)
{
  Kept *kept = find_kept (self, id);

  return kept != NULL && g_ptr_array_remove (self->session, kept);
}

static RollVaultEntry *
keep (RollVault *self, const RollVaultEntry *entry, RollSecret *password, GError **error)
{
  g_autoptr (GPtrArray) entries = list_kept (self);
  g_autofree char *order = NULL;
  Kept *kept;

  if (roll_vault_find_namesake (entries, entry) != NULL)
    {
      roll_vault_set_error (error, ROLL_VAULT_ERROR_EXISTS, entry->name);
      return NULL;
    }
  order = *entry->order != '\0' ? g_strdup (entry->order) : roll_vault_order_behind (entries, self->last_order);
  kept = g_new0 (Kept, 1);
  kept->entry = roll_vault_entry_copy (entry, order, TRUE);
  kept->password = roll_secret_ref (password);
  forget (self, entry->id);
  g_ptr_array_add (self->session, kept);
  return roll_vault_entry_ref (kept->entry);
}

/* --- Tasks ------------------------------------------------------------------------------------------------------- */

static GTask *
new_task (RollVault *self, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data,
          Job **ret_job)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->timeout_ms = self->timeout_ms;
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, job, job_free);
  /* What has been saved was saved, also when the caller lost patience at the last moment. */
  g_task_set_check_cancellable (task, FALSE);
  *ret_job = job;
  return task;
}

static void
return_entries (GTask *task, GPtrArray *entries, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, entries, (GDestroyNotify) g_ptr_array_unref);
}

static void
return_entry (GTask *task, RollVaultEntry *entry, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, entry, (GDestroyNotify) roll_vault_entry_unref);
}

static void
return_done (GTask *task, GError *error)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* --- List -------------------------------------------------------------------------------------------------------- */

static void
list_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  RollVaultRun *run = roll_vault_run_new (cancellable, job->timeout_ms);
  GError *error = NULL;
  GPtrArray *entries = roll_vault_keyring_list (run, job->unlock, &error);

  roll_vault_run_free (run);
  return_entries (task, entries, error);
}

void
roll_vault_list_async (RollVault *self, gboolean unlock, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (ROLL_IS_VAULT (self));

  task = new_task (self, roll_vault_list_async, cancellable, callback, user_data, &job);
  job->unlock = unlock;
  g_task_run_in_thread (task, list_thread);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return roll_vault_entry_compare (*(const RollVaultEntry *const *) a, *(const RollVaultEntry *const *) b);
}

/* One kept for this session hides the one of the keyring. */
static void
add_visible (RollVault *self, GPtrArray *entries, GPtrArray *stored)
{
  for (guint i = 0; i < stored->len; i++)
    {
      RollVaultEntry *entry = stored->pdata[i];

      if (find_kept (self, entry->id) == NULL)
        g_ptr_array_add (entries, roll_vault_entry_ref (entry));
      if (strcmp (entry->order, self->last_order) > 0)
        {
          g_free (self->last_order);
          self->last_order = g_strdup (entry->order);
        }
    }
}

GPtrArray *
roll_vault_list_finish (RollVault *self, GAsyncResult *result, GError **ret_trouble)
{
  g_autoptr (GPtrArray) stored = NULL;
  GPtrArray *entries;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  entries = list_kept (self);
  stored = g_task_propagate_pointer (G_TASK (result), ret_trouble);
  if (stored != NULL)
    add_visible (self, entries, stored);
  g_ptr_array_sort (entries, compare_entries);
  return entries;
}

/* --- Save -------------------------------------------------------------------------------------------------------- */

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  RollVaultRun *run = roll_vault_run_new (cancellable, job->timeout_ms);
  GError *error = NULL;
  RollVaultEntry *entry = roll_vault_keyring_save (run, job->entry, job->password, job->entries, &error);

  roll_vault_run_free (run);
  return_entry (task, entry, error);
}

static RollSecret *
find_password (RollVault *self, const RollVaultEntry *entry, RollSecret *password)
{
  Kept *kept = find_kept (self, entry->id);

  if (password == NULL && kept != NULL)
    password = kept->password;
  return password != NULL ? roll_secret_ref (password) : NULL;
}

static void
save_for_session (RollVault *self, GTask *task, const RollVaultEntry *entry, RollSecret *password)
{
  GError *error = NULL;
  RollVaultEntry *kept = NULL;

  if (password == NULL)
    roll_vault_set_error (&error, ROLL_VAULT_ERROR_NOT_FOUND, entry->name);
  else
    kept = keep (self, entry, password, &error);
  return_entry (task, kept, error);
}

void
roll_vault_save_async (RollVault *self, RollVaultEntry *entry, RollSecret *password, gboolean session,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Job *job;

  g_return_if_fail (ROLL_IS_VAULT (self) && entry != NULL);

  task = new_task (self, roll_vault_save_async, cancellable, callback, user_data, &job);
  job->entry = roll_vault_entry_ref (entry);
  job->password = find_password (self, entry, password);
  job->entries = list_kept (self);
  if (job->password != NULL && !roll_vault_password_check (job->password, &error))
    g_task_return_error (task, error);
  else if (session)
    save_for_session (self, task, entry, job->password);
  else
    g_task_run_in_thread (task, save_thread);
}

RollVaultEntry *
roll_vault_save_finish (RollVault *self, GAsyncResult *result, GError **error)
{
  RollVaultEntry *entry;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  entry = g_task_propagate_pointer (G_TASK (result), error);
  if (entry != NULL && !entry->session)
    forget (self, entry->id);
  if (entry != NULL)
    g_signal_emit (self, signals[CHANGED], 0);
  return entry;
}

/* --- Remove ------------------------------------------------------------------------------------------------------ */

static void
remove_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  RollVaultRun *run = roll_vault_run_new (cancellable, job->timeout_ms);
  GError *error = NULL;

  roll_vault_keyring_remove (run, job->entry, &error);
  roll_vault_run_free (run);
  return_done (task, error);
}

void
roll_vault_remove_async (RollVault *self, RollVaultEntry *entry, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (ROLL_IS_VAULT (self) && entry != NULL);

  task = new_task (self, roll_vault_remove_async, cancellable, callback, user_data, &job);
  job->entry = roll_vault_entry_ref (entry);
  if (forget (self, entry->id))
    g_task_return_boolean (task, TRUE);
  else
    g_task_run_in_thread (task, remove_thread);
}

gboolean
roll_vault_remove_finish (RollVault *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

/* --- Load -------------------------------------------------------------------------------------------------------- */

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  RollVaultRun *run = roll_vault_run_new (cancellable, job->timeout_ms);
  GError *error = NULL;

  roll_vault_keyring_load (run, job->entries, job->credentials, &error);
  roll_vault_run_free (run);
  return_done (task, error);
}

/* Those of this session. Returns: how many are left */
static guint
load_kept (RollVault *self, Job *job)
{
  guint n_left = 0;

  for (guint i = 0; i < job->entries->len; i++)
    {
      const RollVaultEntry *entry = job->entries->pdata[i];
      Kept *kept = find_kept (self, entry->id);

      if (kept != NULL)
        job->credentials->pdata[i] =
            roll_vault_entry_get_credential (kept->entry, roll_secret_ref (kept->password), NULL);
      n_left += kept == NULL;
    }
  return n_left;
}

static void
unref_credential (gpointer credential)
{
  roll_credential_unref (credential);
}

void
roll_vault_load_async (RollVault *self, GPtrArray *entries, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (ROLL_IS_VAULT (self) && entries != NULL);

  task = new_task (self, roll_vault_load_async, cancellable, callback, user_data, &job);
  job->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_vault_entry_unref);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (job->entries, roll_vault_entry_ref (entries->pdata[i]));
  job->credentials = g_ptr_array_new_with_free_func (unref_credential);
  g_ptr_array_set_size (job->credentials, (gint) entries->len);
  if (load_kept (self, job) == 0)
    g_task_return_boolean (task, TRUE);
  else
    g_task_run_in_thread (task, load_thread);
}

GPtrArray *
roll_vault_load_finish (RollVault *self, GAsyncResult *result, GError **error)
{
  Job *job;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  job = g_task_get_task_data (G_TASK (result));
  return g_steal_pointer (&job->credentials);
}

/* --- Life -------------------------------------------------------------------------------------------------------- */

RollVault *
roll_vault_new (void)
{
  return g_object_new (ROLL_TYPE_VAULT, NULL);
}

static void
on_keyring_changed (gpointer user_data)
{
  g_signal_emit (user_data, signals[CHANGED], 0);
}

void
roll_vault_watch (RollVault *self)
{
  g_return_if_fail (ROLL_IS_VAULT (self));

  if (self->watch == NULL)
    self->watch = roll_vault_watch_new (on_keyring_changed, self);
}

void
roll_vault_set_timeout (RollVault *self, guint timeout_ms)
{
  g_return_if_fail (ROLL_IS_VAULT (self));

  self->timeout_ms = timeout_ms;
}

static void
roll_vault_finalize (GObject *object)
{
  RollVault *self = ROLL_VAULT (object);

  roll_vault_watch_free (self->watch);
  g_ptr_array_unref (self->session);
  g_free (self->last_order);
  G_OBJECT_CLASS (roll_vault_parent_class)->finalize (object);
}

static void
roll_vault_class_init (RollVaultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_vault_finalize;
  signals[CHANGED] = g_signal_new ("changed", ROLL_TYPE_VAULT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
roll_vault_init (RollVault *self)
{
  self->session = g_ptr_array_new_with_free_func (kept_free);
  self->last_order = g_strdup ("");
  self->timeout_ms = ROLL_VAULT_TIMEOUT_MS;
}
