/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keyring-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define SECRETS "org.freedesktop.secrets"

static GSubprocess *bus;
static char *bus_folder;
static char *bus_address;
static char *file; /* of the file backend */

/* --- The bus ----------------------------------------------------------------------------------------------------- */

gboolean
keyring_is_file (void)
{
  return g_strcmp0 (g_getenv ("SECRET_BACKEND"), "file") == 0;
}

/* It must not outlive a test that was killed. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* Starts no service by itself, and has room for as many calls at once as a session's bus has: libsecret asks for all items. */
static const char bus_config[] =
    "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN' "
    "'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'>"
    "<busconfig><type>session</type><listen>unix:path=%s/bus</listen>"
    "<policy context='default'><allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy>"
    "<limit name='max_replies_per_connection'>50000</limit></busconfig>";

static void
start_bus (void)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;
  g_autofree char *config = NULL;
  g_autofree char *text = NULL;
  g_autofree char *option = NULL;

  bus_folder = g_dir_make_tmp ("rollcall-bus-XXXXXX", NULL);
  bus_address = g_strdup_printf ("unix:path=%s/bus", bus_folder);
  config = g_build_filename (bus_folder, "config", NULL);
  text = g_strdup_printf (bus_config, bus_folder);
  option = g_strconcat ("--config-file=", config, NULL);
  g_file_set_contents (config, text, -1, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  bus = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--nofork", option, NULL);
  g_assert_no_error (error);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", bus_address, TRUE);
}

/* The first connection waits until there is somebody to connect to. */
static void
enter_bus (void)
{
  g_autoptr (GDBusConnection) connection = NULL;

  while ((connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL)) == NULL)
    g_usleep (10 * 1000);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
}

void
keyring_begin (void)
{
  if (keyring_is_file ())
    {
      file = g_strdup_printf ("%s/rollcall-keyring-%d", g_get_tmp_dir (), (int) getpid ());
      g_setenv ("SECRET_FILE_TEST_PATH", file, TRUE);
      return;
    }
  start_bus ();
  enter_bus ();
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_tree (inner);
    }
  g_remove (path);
}

void
keyring_end (void)
{
  if (bus != NULL)
    {
      g_subprocess_force_exit (bus);
      g_subprocess_wait (bus, NULL, NULL);
      remove_tree (bus_folder);
    }
  g_clear_object (&bus);
  g_clear_pointer (&bus_folder, g_free);
  g_clear_pointer (&bus_address, g_free);
  g_clear_pointer (&file, g_free);
}

static GDBusConnection *
connect_to_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection =
      g_dbus_connection_new_for_address_sync (bus_address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static GVariant *
call (const char *name, const char *path, const char *interface, const char *method, GVariant *parameters)
{
  g_autoptr (GDBusConnection) connection = connect_to_bus ();
  g_autoptr (GError) error = NULL;
  GVariant *reply = g_dbus_connection_call_sync (connection, name, path, interface, method, parameters, NULL,
                                                 G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  return reply;
}

static gboolean
has_owner (const char *name)
{
  g_autoptr (GVariant) reply = call ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                     "NameHasOwner", g_variant_new ("(s)", name));
  gboolean owned;

  g_variant_get (reply, "(b)", &owned);
  return owned;
}

static void
wait_for_owner (const char *name, gboolean owned)
{
  while (has_owner (name) != owned)
    g_usleep (10 * 1000);
}

/* --- The keyring ------------------------------------------------------------------------------------------------- */

void
keyring_start (Keyring *keyring, gboolean unlocked)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;

  if (keyring_is_file ())
    return;
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                        | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", keyring->folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", keyring->folder, TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  keyring->daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon", "--foreground",
                                                 "--components=secrets", unlocked ? "--unlock" : NULL, NULL);
  g_assert_no_error (error);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (keyring->daemon), KEYRING_PASSWORD, strlen (KEYRING_PASSWORD),
                             NULL, NULL, NULL);
  g_output_stream_close (g_subprocess_get_stdin_pipe (keyring->daemon), NULL, NULL);
  wait_for_owner (SECRETS, TRUE);
}

void
keyring_stop (Keyring *keyring)
{
  if (keyring->daemon == NULL)
    return;
  g_subprocess_force_exit (keyring->daemon);
  g_subprocess_wait (keyring->daemon, NULL, NULL);
  g_clear_object (&keyring->daemon);
  wait_for_owner (SECRETS, FALSE);
}

void
keyring_lock (Keyring *keyring)
{
  const char *const paths[] = { "/org/freedesktop/secrets/collection/login", NULL };

  g_variant_unref (call (SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "Lock",
                         g_variant_new ("(^ao)", paths)));
}

void
keyring_set_up (Keyring *keyring, gconstpointer data)
{
  keyring->folder = g_dir_make_tmp ("rollcall-keyring-XXXXXX", NULL);
  keyring->vault = roll_vault_new ();
}

void
keyring_tear_down (Keyring *keyring, gconstpointer data)
{
  g_object_unref (keyring->vault);
  keyring_stop (keyring);
  remove_tree (keyring->folder);
  if (file != NULL)
    {
      g_autofree char *backup = g_strconcat (file, "~", NULL);

      g_remove (file);
      g_remove (backup);
    }
  g_free (keyring->folder);
}

/* --- Silence ----------------------------------------------------------------------------------------------------- */

struct _SilentService
{
  GDBusConnection *connection;
  char *name;
  GMutex lock;
  GPtrArray *accepted;
};

/* On the connection's own thread. What is not accepted is taken away, and never answered. */
static GDBusMessage *
filter (GDBusConnection *connection, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  SilentService *self = user_data;
  g_autoptr (GDBusMessage) reply = NULL;
  gboolean accepted;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;
  g_mutex_lock (&self->lock);
  accepted = g_ptr_array_find_with_equal_func (self->accepted, g_dbus_message_get_member (message), g_str_equal, NULL);
  g_mutex_unlock (&self->lock);
  if (accepted)
    {
      reply = g_dbus_message_new_method_reply (message);
      g_dbus_connection_send_message (connection, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
    }
  g_object_unref (message);
  return NULL;
}

SilentService *
silent_service_new (const char *name)
{
  SilentService *self = g_new0 (SilentService, 1);

  g_mutex_init (&self->lock);
  self->accepted = g_ptr_array_new_with_free_func (g_free);
  self->name = g_strdup (name);
  self->connection = connect_to_bus ();
  g_dbus_connection_add_filter (self->connection, filter, self, NULL);
  g_variant_unref (g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", name, 0),
                                                NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL));
  return self;
}

void
silent_service_accept (SilentService *self, const char *method)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->accepted, g_strdup (method));
  g_mutex_unlock (&self->lock);
}

void
silent_service_free (SilentService *self)
{
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
  wait_for_owner (self->name, FALSE);
  g_ptr_array_unref (self->accepted);
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self);
}

/* --- Calls ------------------------------------------------------------------------------------------------------- */

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

GPtrArray *
vault_list (RollVault *vault, gboolean unlock, GError **ret_trouble)
{
  g_autoptr (GAsyncResult) result = NULL;

  roll_vault_list_async (vault, unlock, NULL, on_result, &result);
  wait_for (&result);
  return roll_vault_list_finish (vault, result, ret_trouble);
}

RollVaultEntry *
vault_save (RollVault *vault, RollVaultEntry *entry, const char *password, gboolean session, GError **error)
{
  g_autoptr (RollSecret) secret = password != NULL ? roll_secret_new (password, strlen (password)) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  roll_vault_save_async (vault, entry, secret, session, NULL, on_result, &result);
  wait_for (&result);
  return roll_vault_save_finish (vault, result, error);
}

gboolean
vault_remove (RollVault *vault, RollVaultEntry *entry, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  roll_vault_remove_async (vault, entry, NULL, on_result, &result);
  wait_for (&result);
  return roll_vault_remove_finish (vault, result, error);
}

GPtrArray *
vault_load (RollVault *vault, GPtrArray *entries, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  roll_vault_load_async (vault, entries, NULL, on_result, &result);
  wait_for (&result);
  return roll_vault_load_finish (vault, result, error);
}

RollVaultEntry *
entry_new (const char *name)
{
  g_autoptr (GError) error = NULL;
  RollVaultEntry *entry = roll_vault_entry_new (NULL, name, "CORP\\scanner", NULL, NULL, &error);

  g_assert_no_error (error);
  return entry;
}

RollVaultEntry *
vault_add (RollVault *vault, const char *name, const char *password)
{
  g_autoptr (RollVaultEntry) entry = entry_new (name);
  g_autoptr (GError) error = NULL;
  RollVaultEntry *saved = vault_save (vault, entry, password, FALSE, &error);

  g_assert_no_error (error);
  return saved;
}
