/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks a real directory, or one that misbehaves, and prints what came out as one line of JSON, for the tests that run one.
 * The password is the first line of its input.
 */
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "directory/roll-directory.h"

static char *domain = NULL;
static char *server = NULL;
static char *security = NULL;
static char *account = NULL;
static char **dns = NULL;
static char **accepted = NULL;
static char **bases = NULL;
static int timeout_ms = ROLL_DIRECTORY_TIMEOUT_MS;
static int cancel_ms = 0;
static gboolean accept_it = FALSE;

static const GOptionEntry entries[] = {
  { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, "found in DNS", NULL },
  { "server", 0, 0, G_OPTION_ARG_STRING, &server, "HOST[:PORT]", NULL },
  { "security", 0, 0, G_OPTION_ARG_STRING, &security, "starttls, ldaps or kerberos", NULL },
  { "account", 0, 0, G_OPTION_ARG_STRING, &account, "none: the user's own tickets", NULL },
  { "dns", 0, 0, G_OPTION_ARG_STRING_ARRAY, &dns, "name server", NULL },
  { "accepted", 0, 0, G_OPTION_ARG_STRING_ARRAY, &accepted, "fingerprint", NULL },
  { "base", 0, 0, G_OPTION_ARG_STRING_ARRAY, &bases, "distinguished name", NULL },
  { "timeout", 0, 0, G_OPTION_ARG_INT, &timeout_ms, "milliseconds", NULL },
  { "cancel", 0, 0, G_OPTION_ARG_INT, &cancel_ms, "milliseconds", NULL },
  { "accept", 0, 0, G_OPTION_ARG_NONE, &accept_it, "keep the certificate that was refused, and try again", NULL },
  { NULL }
};

static RollDirectoryOptions *
get_options (GError **error)
{
  g_autoptr (RollDirectoryOptions) options = roll_directory_options_new ();
  char line[256] = "";

  options->domain = g_strdup (domain);
  options->server = g_strdup (server);
  options->security = g_strcmp0 (security, "kerberos") == 0 ? ROLL_DIRECTORY_KERBEROS
                      : g_strcmp0 (security, "ldaps") == 0  ? ROLL_DIRECTORY_LDAPS
                                                            : ROLL_DIRECTORY_STARTTLS;
  options->name_servers = g_strdupv (dns);
  options->accepted = g_strdupv (accepted);
  options->timeout_ms = (guint) timeout_ms;
  if (!account)
    return g_steal_pointer (&options);
  if (fgets (line, sizeof line, stdin) == NULL)
    line[0] = '\0';
  line[strcspn (line, "\n")] = '\0';
  options->credential =
      roll_credential_new ("test", account, roll_secret_new (line, strlen (line)), NULL, NULL, error);
  return options->credential ? g_steal_pointer (&options) : NULL;
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (!*result)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* --- What came out ------------------------------------------------------------------------------------------------- */

static void
put (JsonBuilder *json, const char *name, const char *text)
{
  json_builder_set_member_name (json, name);
  if (text)
    json_builder_add_string_value (json, text);
  else
    json_builder_add_null_value (json);
}

static void
put_number (JsonBuilder *json, const char *name, gint64 number)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, number);
}

static void
put_containers (JsonBuilder *json, GPtrArray *containers)
{
  json_builder_set_member_name (json, "containers");
  json_builder_begin_array (json);
  for (guint i = 0; i < containers->len; i++)
    {
      const RollDirectoryContainer *container = g_ptr_array_index (containers, i);

      json_builder_begin_object (json);
      put (json, "dn", container->dn);
      put (json, "name", container->name);
      put_number (json, "kind", container->kind);
      put_number (json, "parent", container->parent == ROLL_DIRECTORY_NO_PARENT ? -1 : (gint64) container->parent);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
put_computers (JsonBuilder *json, RollDirectoryComputers *computers)
{
  guint n = roll_directory_computers_get_count (computers);

  put_number (json, "found", n);
  put_number (json, "referrals", roll_directory_computers_get_n_referrals (computers));
  json_builder_set_member_name (json, "computers");
  json_builder_begin_array (json);
  for (guint i = 0; i < MIN (n, 5000); i++)
    {
      const RollDirectoryComputer *computer = roll_directory_computers_get (computers, i);

      json_builder_begin_object (json);
      put (json, "host", computer->host);
      put (json, "name", computer->name);
      put (json, "dn", computer->dn);
      put (json, "system", computer->system);
      put_number (json, "last_logon", computer->last_logon);
      put_number (json, "enabled", computer->account != ROLL_DIRECTORY_ACCOUNT_DISABLED);
      put (json, "ou", computer->ou);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
put_error (JsonBuilder *json, const GError *error)
{
  if (error->domain == ROLL_DIRECTORY_ERROR)
    put_number (json, "error", error->code);
  else
    put (json, "error", g_quark_to_string (error->domain));
  put (json, "message", error->message);
}

static void
put_certificate (JsonBuilder *json, const RollDirectoryCertificate *certificate)
{
  json_builder_set_member_name (json, "certificate");
  json_builder_begin_object (json);
  put (json, "server", certificate->server);
  put (json, "subject", certificate->subject);
  put (json, "issuer", certificate->issuer);
  put (json, "names", certificate->names);
  put (json, "fingerprint", certificate->fingerprint);
  put (json, "reason", certificate->reason);
  put (json, "replaces", certificate->replaces);
  put_number (json, "not_before", certificate->not_before);
  put_number (json, "not_after", certificate->not_after);
  json_builder_end_object (json);
}

/* --- Asking -------------------------------------------------------------------------------------------------------- */

static gboolean
open_it (RollDirectory *directory, GCancellable *cancellable, JsonBuilder *json, GError **error)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) trouble = NULL;

  roll_directory_open_async (directory, cancellable, on_result, &first);
  if (roll_directory_open_finish (directory, wait_for (&first), &trouble))
    return TRUE;
  if (!g_error_matches (trouble, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_CERTIFICATE) || !accept_it)
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return FALSE;
    }
  put_certificate (json, roll_directory_get_certificate (directory));
  if (!roll_directory_certificate_accept (roll_directory_get_certificate (directory), error))
    return FALSE;
  roll_directory_open_async (directory, cancellable, on_result, &second);
  return roll_directory_open_finish (directory, wait_for (&second), error);
}

static gboolean
ask (RollDirectory *directory, const char *command, GCancellable *cancellable, JsonBuilder *json, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!open_it (directory, cancellable, json, error))
    return FALSE;
  put (json, "server", roll_directory_get_server (directory));
  put (json, "base", roll_directory_get_base (directory));
  if (g_str_equal (command, "tree"))
    {
      roll_directory_list_async (directory, cancellable, on_result, &result);
      g_autoptr (GPtrArray) containers = roll_directory_list_finish (directory, wait_for (&result), error);
      if (containers)
        put_containers (json, containers);
      return containers != NULL;
    }
  if (!g_str_equal (command, "find"))
    return TRUE;
  roll_directory_find_async (directory, (const char *const *) bases, cancellable, on_result, &result);
  g_autoptr (RollDirectoryComputers) computers = roll_directory_find_finish (directory, wait_for (&result), error);
  if (computers)
    put_computers (json, computers);
  return computers != NULL;
}

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
print_line (JsonBuilder *json)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = json_builder_get_root (json);

  json_generator_set_root (generator, root);
  g_autofree char *text = json_generator_to_data (generator, NULL);
  puts (text);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("open|tree|find");
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RollDirectoryOptions) options = NULL;
  g_autoptr (RollDirectory) directory = NULL;
  gint64 started = g_get_monotonic_time ();

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    g_error ("%s", error ? error->message : "open, tree or find?");
  json_builder_begin_object (json);
  options = get_options (&error);
  if (options)
    directory = roll_directory_new (options);
  if (cancel_ms > 0)
    g_timeout_add ((guint) cancel_ms, cancel, cancellable);
  if (!directory || !ask (directory, argv[1], cancellable, json, &error))
    {
      put_error (json, error);
      if (directory && roll_directory_get_certificate (directory) && !accept_it)
        put_certificate (json, roll_directory_get_certificate (directory));
    }
  put_number (json, "milliseconds", (g_get_monotonic_time () - started) / 1000);
  json_builder_end_object (json);
  print_line (json);
  return error ? 1 : 0;
}
