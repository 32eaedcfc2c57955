/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/roll-vault-watch.h"

#define SECRETS "org.freedesktop.secrets"
#define SECRETS_PATH "/org/freedesktop/secrets"
#define DELAY_MS 100 /* a change of one item is told several times */

struct _RollVaultWatch
{
  void (*changed) (gpointer user_data);
  gpointer user_data;
  GCancellable *cancellable;
  GDBusConnection *bus; /* NULL: not there yet, or there is none */
  guint subscriptions[3];
  guint name_watch;
  guint source;
};

static gboolean
on_delay_over (gpointer user_data)
{
  RollVaultWatch *self = user_data;

  self->source = 0;
  self->changed (self->user_data);
  return G_SOURCE_REMOVE;
}

static void
schedule (RollVaultWatch *self)
{
  if (self->source == 0)
    self->source = g_timeout_add (DELAY_MS, on_delay_over, self);
}

static void
on_signal (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
           GVariant *parameters, gpointer user_data)
{
  if (g_str_has_prefix (path, SECRETS_PATH))
    schedule (user_data);
}

static void
on_name_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  schedule (user_data);
}

static void
on_name_vanished (GDBusConnection *bus, const char *name, gpointer user_data)
{
  schedule (user_data);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  static const char *const interfaces[] = {
    "org.freedesktop.Secret.Collection", "org.freedesktop.Secret.Service", "org.freedesktop.DBus.Properties",
  };
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  RollVaultWatch *self = user_data;

  if (bus == NULL)
    {
      /* Nobody is there to be listened to; or not any more. */
      g_debug ("keyring: nothing will be told of it: %s", error->message);
      return;
    }
  self->bus = bus;
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    self->subscriptions[i] = g_dbus_connection_signal_subscribe (bus, SECRETS, interfaces[i], NULL, NULL, NULL,
                                                                 G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  self->name_watch = g_bus_watch_name_on_connection (bus, SECRETS, G_BUS_NAME_WATCHER_FLAGS_NONE, on_name_appeared,
                                                     on_name_vanished, self, NULL);
}

/* The answer of the bus may come when there is nobody any more to take it. */
static void
on_bus_if_alive (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GCancellable) cancellable = user_data;
  g_autoptr (GDBusConnection) unwanted = NULL;

  if (!g_cancellable_is_cancelled (cancellable))
    on_bus (source, result, g_object_get_data (G_OBJECT (cancellable), "watch"));
  else
    unwanted = g_bus_get_finish (result, NULL);
}

RollVaultWatch *
roll_vault_watch_new (void (*changed) (gpointer user_data), gpointer user_data)
{
  RollVaultWatch *self = g_new0 (RollVaultWatch, 1);

  self->changed = changed;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  g_object_set_data (G_OBJECT (self->cancellable), "watch", self);
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, on_bus_if_alive, g_object_ref (self->cancellable));
  return self;
}

void
roll_vault_watch_free (RollVaultWatch *self)
{
  if (self == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  for (guint i = 0; self->bus != NULL && i < G_N_ELEMENTS (self->subscriptions); i++)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscriptions[i]);
  if (self->name_watch != 0)
    g_bus_unwatch_name (self->name_watch);
  g_clear_object (&self->bus);
  g_clear_handle_id (&self->source, g_source_remove);
  g_free (self);
}
