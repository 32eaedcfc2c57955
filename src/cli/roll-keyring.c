/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-keyring.h"

#include <glib/gi18n.h>

#include "cli/roll-interrupt.h"
#include "cli/roll-terminal.h"

/* After so long somebody may be wondering. */
#define PATIENCE_MS 3000

typedef struct
{
  GCancellable *cancellable;
  GAsyncResult *result;
  guint patience;
} Wait;

static gboolean
on_patience_over (gpointer user_data)
{
  Wait *wait = user_data;

  roll_terminal_error (_ ("The keyring has not answered yet. It may be asking for its password in a window of its own; "
                          "Ctrl+C stops waiting."));
  wait->patience = 0;
  return G_SOURCE_REMOVE;
}

static void
begin (Wait *wait)
{
  roll_secret_forbid_dumps ();
  *wait = (Wait) { .cancellable = g_cancellable_new () };
  roll_interrupt_cancel_with (wait->cancellable);
  wait->patience = g_timeout_add (PATIENCE_MS, on_patience_over, wait);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Wait *) user_data)->result = g_object_ref (result);
}

static void
wait_for_result (Wait *wait)
{
  while (!wait->result)
    g_main_context_iteration (NULL, TRUE);
  g_clear_handle_id (&wait->patience, g_source_remove);
}

static gboolean
end (Wait *wait, GError *trouble, RollExit *ret_exit)
{
  g_autoptr (GError) error = trouble;

  g_object_unref (wait->result);
  g_object_unref (wait->cancellable);
  if (!error)
    return TRUE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      *ret_exit = ROLL_EXIT_STOPPED;
      return FALSE;
    }
  roll_terminal_error ("%s", error->message);
  *ret_exit = ROLL_EXIT_FAILED;
  return FALSE;
}

GPtrArray *
roll_keyring_list (RollVault *vault, RollExit *ret_exit)
{
  GError *error = NULL;
  Wait wait;

  begin (&wait);
  roll_vault_list_async (vault, TRUE, wait.cancellable, on_result, &wait);
  wait_for_result (&wait);
  g_autoptr (GPtrArray) entries = roll_vault_list_finish (vault, wait.result, &error);
  return end (&wait, error, ret_exit) ? g_steal_pointer (&entries) : NULL;
}

gboolean
roll_keyring_save (RollVault *vault, RollVaultEntry *entry, RollSecret *password, RollExit *ret_exit)
{
  GError *error = NULL;
  Wait wait;

  begin (&wait);
  roll_vault_save_async (vault, entry, password, FALSE, wait.cancellable, on_result, &wait);
  wait_for_result (&wait);
  g_autoptr (RollVaultEntry) saved = roll_vault_save_finish (vault, wait.result, &error);
  return end (&wait, error, ret_exit);
}

gboolean
roll_keyring_remove (RollVault *vault, RollVaultEntry *entry, RollExit *ret_exit)
{
  GError *error = NULL;
  Wait wait;

  begin (&wait);
  roll_vault_remove_async (vault, entry, wait.cancellable, on_result, &wait);
  wait_for_result (&wait);
  roll_vault_remove_finish (vault, wait.result, &error);
  return end (&wait, error, ret_exit);
}

static GPtrArray *
load (RollVault *vault, GPtrArray *entries, RollExit *ret_exit)
{
  GError *error = NULL;
  Wait wait;

  begin (&wait);
  roll_vault_load_async (vault, entries, wait.cancellable, on_result, &wait);
  wait_for_result (&wait);
  g_autoptr (GPtrArray) credentials = roll_vault_load_finish (vault, wait.result, &error);
  return end (&wait, error, ret_exit) ? g_steal_pointer (&credentials) : NULL;
}

RollVaultEntry *
roll_keyring_find (GPtrArray *entries, const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    if (roll_vault_entry_has_name (g_ptr_array_index (entries, i), name))
      return g_ptr_array_index (entries, i);
  return NULL;
}

RollExit
roll_keyring_unknown (const char *name)
{
  roll_terminal_error (_ ("The keyring has no credential “%s”. “%s credential list” shows them."), name,
                       g_get_prgname ());
  return ROLL_EXIT_FAILED;
}

static gboolean
choose (GPtrArray *entries, char **names, GPtrArray *chosen, RollExit *ret_exit)
{
  for (; *names; names++)
    {
      RollVaultEntry *entry = roll_keyring_find (entries, *names);

      if (!entry)
        {
          *ret_exit = roll_keyring_unknown (*names);
          return FALSE;
        }
      if (!g_ptr_array_find (chosen, entry, NULL))
        g_ptr_array_add (chosen, entry);
    }
  return TRUE;
}

GPtrArray *
roll_keyring_load (char **names, RollExit *ret_exit)
{
  g_autoptr (RollVault) vault = roll_vault_new ();
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();
  g_autoptr (GPtrArray) entries = roll_keyring_list (vault, ret_exit);

  if (!entries || !choose (entries, names, chosen, ret_exit))
    return NULL;
  return load (vault, chosen, ret_exit);
}
