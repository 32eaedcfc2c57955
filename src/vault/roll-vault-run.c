/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/roll-vault-run.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "vault/roll-vault.h"

/* So long a call that was cancelled may take to come back. */
#define GRACE_MS 500

struct _RollVaultAnswer
{
  grefcount ref_count; /* the run and the call */
  GAsyncResult *result;
};

static void
answer_unref (RollVaultAnswer *answer)
{
  if (!g_ref_count_dec (&answer->ref_count))
    return;
  g_clear_object (&answer->result);
  g_free (answer);
}

/* --- Ends before the end ----------------------------------------------------------------------------------------- */

static GSource *
attach (RollVaultRun *run, GSource *source, GSourceFunc func)
{
  g_source_set_callback (source, func, run, NULL);
  g_source_attach (source, run->context);
  return source;
}

static gboolean
on_grace_over (gpointer user_data)
{
  RollVaultRun *run = user_data;

  run->given_up = TRUE;
  return G_SOURCE_REMOVE;
}

/* libsecret 0.20 does not come back from a question that it has to take back: that is left on the screen, and harmless there. */
static void
cancel (RollVaultRun *run)
{
  if (run->asking)
    {
      run->given_up = TRUE;
      return;
    }
  if (run->grace == NULL)
    run->grace = attach (run, g_timeout_source_new (GRACE_MS), on_grace_over);
  g_cancellable_cancel (run->cancellable);
}

static gboolean
on_deadline (gpointer user_data)
{
  RollVaultRun *run = user_data;

  run->timed_out = TRUE;
  cancel (run);
  return G_SOURCE_REMOVE;
}

static gboolean
on_stop (GCancellable *cancellable, gpointer user_data)
{
  RollVaultRun *run = user_data;

  run->stopped = TRUE;
  cancel (run);
  return G_SOURCE_REMOVE;
}

/* --- Calls ------------------------------------------------------------------------------------------------------- */

gpointer
roll_vault_run_begin (RollVaultRun *run, gboolean asking)
{
  g_assert (run->answer == NULL);

  run->asking = asking;
  run->answer = g_new0 (RollVaultAnswer, 1);
  g_ref_count_init (&run->answer->ref_count);
  g_ref_count_inc (&run->answer->ref_count);
  return run->answer;
}

void
roll_vault_run_take (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollVaultAnswer *answer = user_data;

  answer->result = g_object_ref (result);
  answer_unref (answer);
}

GAsyncResult *
roll_vault_run_wait (RollVaultRun *run, GError **error)
{
  GAsyncResult *result;

  while (run->answer->result == NULL && !run->given_up)
    g_main_context_iteration (run->context, TRUE);
  result = g_steal_pointer (&run->answer->result);
  g_clear_pointer (&run->answer, answer_unref);
  if (result == NULL)
    roll_vault_run_fail (run, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "given up"), error);
  return result;
}

RollVaultRun *
roll_vault_run_new (GCancellable *cancellable, guint timeout_ms)
{
  RollVaultRun *run = g_new0 (RollVaultRun, 1);

  run->cancellable = g_cancellable_new ();
  run->context = g_main_context_new ();
  g_main_context_push_thread_default (run->context);
  run->deadline = attach (run, g_timeout_source_new (timeout_ms), on_deadline);
  if (cancellable != NULL)
    run->stop = attach (run, g_cancellable_source_new (cancellable), G_SOURCE_FUNC (on_stop));
  return run;
}

static void
end_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

void
roll_vault_run_free (RollVaultRun *run)
{
  g_clear_pointer (&run->deadline, end_source);
  g_clear_pointer (&run->stop, end_source);
  g_clear_pointer (&run->grace, end_source);
  /* What libsecret remembers belongs to this context, would not learn of a keyring that was restarted, and is not needed. */
  secret_service_disconnect ();
  while (g_main_context_iteration (run->context, FALSE))
    ;
  g_main_context_pop_thread_default (run->context);
  g_main_context_unref (run->context);
  g_object_unref (run->cancellable);
  g_free (run);
}

/* --- Errors ------------------------------------------------------------------------------------------------------ */

/* Without a session bus, which only the keyring's service needs, or with nobody on it who keeps secrets. */
static gboolean
is_no_service (const GError *trouble)
{
  static const GDBusError codes[] = {
    G_DBUS_ERROR_SERVICE_UNKNOWN,  G_DBUS_ERROR_NAME_HAS_NO_OWNER,      G_DBUS_ERROR_NO_SERVER,
    G_DBUS_ERROR_DISCONNECTED,     G_DBUS_ERROR_SPAWN_EXEC_FAILED,      G_DBUS_ERROR_SPAWN_FORK_FAILED,
    G_DBUS_ERROR_SPAWN_CHILD_EXITED, G_DBUS_ERROR_SPAWN_CHILD_SIGNALED, G_DBUS_ERROR_SPAWN_FAILED,
    G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND, G_DBUS_ERROR_SPAWN_FILE_INVALID,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (trouble, G_DBUS_ERROR, (gint) codes[i]))
      return TRUE;
  return trouble->domain == G_IO_ERROR && trouble->code != G_IO_ERROR_DBUS_ERROR &&
         g_strcmp0 (g_getenv ("SECRET_BACKEND"), "file") != 0;
}

static gboolean
is_time_out (const GError *trouble)
{
  return g_error_matches (trouble, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
         g_error_matches (trouble, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
         g_error_matches (trouble, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
         g_error_matches (trouble, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT);
}

static RollVaultError
classify (const RollVaultRun *run, const GError *trouble)
{
  if (run->timed_out || is_time_out (trouble))
    return ROLL_VAULT_ERROR_TIMED_OUT;
  if (g_error_matches (trouble, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (trouble, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return ROLL_VAULT_ERROR_DISMISSED;
  return is_no_service (trouble) ? ROLL_VAULT_ERROR_NO_SERVICE : ROLL_VAULT_ERROR_FAILED;
}

gboolean
roll_vault_run_fail (RollVaultRun *run, GError *trouble, GError **error)
{
  g_autoptr (GError) owned = trouble;

  if (run->stopped)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The keyring was no longer waited for."));
      return FALSE;
    }
  g_debug ("keyring: %s %d: %s", g_quark_to_string (owned->domain), owned->code, owned->message);
  roll_vault_set_error (error, classify (run, owned), owned->message);
  return FALSE;
}
