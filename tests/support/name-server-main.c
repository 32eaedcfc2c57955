/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "name-server.h"

#include <errno.h>
#include <gio/gio.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The test name server as a program: prints "listening on ADDRESS:PORT" for each address, then answers until its
 * standard input ends (with --until-eof) or its time is over. */

static NameServer *
start (const char *listen, GError **error)
{
  g_autofree char *address = g_strdup (listen);
  char *colon = strrchr (address, ':');
  char *bracket = strchr (address, ']');
  guint16 port = 0;

  if (colon && (bracket ? bracket < colon : strchr (address, ':') == colon))
    {
      port = (guint16) strtoul (colon + 1, NULL, 10);
      *colon = '\0';
    }
  if (bracket)
    *bracket = '\0';
  return name_server_new (bracket ? address + 1 : address, port, error);
}

static gboolean
add_rules (NameServer *server, char **rules, GError **error)
{
  for (guint i = 0; rules && rules[i]; i++)
    {
      g_strstrip (rules[i]);
      if (rules[i][0] != '\0' && rules[i][0] != '#' && !name_server_add (server, rules[i], error))
        return FALSE;
    }
  return TRUE;
}

static void
wait_for_end (int seconds, gboolean until_eof)
{
  gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  struct pollfd in = { until_eof ? STDIN_FILENO : -1, POLLIN, 0 };
  char buffer[256];

  for (gint64 now = g_get_monotonic_time (); now < end; now = g_get_monotonic_time ())
    if (poll (&in, 1, (int) ((end - now) / 1000 + 1)) > 0 && read (STDIN_FILENO, buffer, sizeof buffer) <= 0)
      return;
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) listen = NULL;
  g_autofree char *rules_file = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func ((GDestroyNotify) name_server_free);
  int seconds = 600;
  gboolean until_eof = FALSE;
  const GOptionEntry entries[] = {
    { "listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &listen, "Where to listen; port 0 or none: any", "ADDRESS[:PORT]" },
    { "rules", 'r', 0, G_OPTION_ARG_FILENAME, &rules_file, "One rule a line, # comments", "FILE" },
    { "seconds", 's', 0, G_OPTION_ARG_INT, &seconds, "End after so long (600)", "N" },
    { "until-eof", 'e', 0, G_OPTION_ARG_NONE, &until_eof, "End when standard input ends", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[RULE...]");

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)
      || (rules_file && !g_file_get_contents (rules_file, &text, NULL, &error)))
    goto fail;
  lines = g_strsplit (text ? text : "", "\n", -1);
  for (guint i = 0; listen ? listen[i] != NULL : i == 0; i++)
    {
      NameServer *server = start (listen ? listen[i] : "127.0.0.1", &error);
      if (!server)
        goto fail;
      g_ptr_array_add (servers, server);
      if (!add_rules (server, lines, &error) || !add_rules (server, argv + 1, &error))
        goto fail;
      g_print ("listening on %s\n", name_server_get_peer (server));
    }
  wait_for_end (seconds, until_eof);
  return 0;

fail:
  g_printerr ("name-server: %s\n", error->message);
  return 1;
}
