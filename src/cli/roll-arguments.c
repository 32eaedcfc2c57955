/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-arguments.h"

#include <glib/gi18n.h>

#include "cli/roll-database.h"
#include "cli/roll-terminal.h"

static void
print_help (const RollCommand *command, GOptionContext *context, const char *description)
{
  g_option_context_set_summary (context, _ (command->summary));
  g_option_context_set_description (context, description);
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
  fputs (help, stdout);
}

gboolean
roll_arguments_parse (const char *command,
                      const GOptionEntry *entries,
                      const char *description,
                      char **words,
                      char ***ret_words,
                      RollExit *ret_exit)
{
  gboolean help = FALSE;
  g_auto (GStrv) rest = NULL;
  const GOptionEntry own[] = {
    { "help", 'h', 0, G_OPTION_ARG_NONE, &help, N_ ("Show this help"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  const RollCommand *info = roll_command_find (command);

  g_autofree char *usage = g_strchomp (g_strjoin (" ", command, info->arguments, NULL));
  g_autoptr (GOptionContext) context = g_option_context_new (usage);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, own, GETTEXT_PACKAGE);

  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_strv_builder_add (builder, g_get_prgname ());
  g_strv_builder_addv (builder, (const char **) words);
  g_auto (GStrv) strv = g_strv_builder_end (builder);

  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse_strv (context, &strv, &error))
    {
      *ret_exit = roll_arguments_wrong (command, "%s", error->message);
      return FALSE;
    }
  if (help)
    {
      print_help (info, context, description);
      *ret_exit = ROLL_EXIT_OK;
      return FALSE;
    }
  if (!ret_words && rest)
    {
      *ret_exit = roll_arguments_wrong (command, _ ("“%s” is not understood here."), rest[0]);
      return FALSE;
    }
  if (ret_words)
    *ret_words = rest ? g_steal_pointer (&rest) : g_new0 (char *, 1);
  return TRUE;
}

RollExit
roll_arguments_wrong (const char *command, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);

  roll_terminal_error ("%s", message);
  roll_terminal_print (stderr, _ ("See: %s %s --help"), g_get_prgname (), command);
  return ROLL_EXIT_USAGE;
}

gboolean
roll_arguments_number (
    const char *command, const char *option, const char *text, guint min, guint max, guint *value)
{
  guint64 number;

  if (!text)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, min, max, &number, NULL))
    {
      roll_arguments_wrong (command, _ ("%s takes a whole number from %u to %u, not “%s”."), option, min, max,
                            text);
      return FALSE;
    }
  *value = (guint) number;
  return TRUE;
}

gboolean
roll_arguments_seconds (
    const char *command, const char *option, const char *text, guint min_ms, guint max_ms, guint *value_ms)
{
  if (!text)
    return TRUE;

  char *end;
  double seconds = g_ascii_strtod (text, &end);
  gboolean plain = *text && strspn (text, "0123456789.") == strlen (text) && !*end;
  if (!plain || seconds * 1000 < min_ms || seconds * 1000 > max_ms)
    {
      roll_arguments_wrong (command, _ ("%s takes seconds from %g to %g, not “%s”."), option, min_ms / 1000.0,
                            max_ms / 1000.0, text);
      return FALSE;
    }
  *value_ms = (guint) (seconds * 1000 + 0.5);
  return TRUE;
}

gboolean
roll_arguments_scan_id (const char *text, gint64 *ret_id)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &number, NULL))
    return FALSE;
  *ret_id = (gint64) number;
  return TRUE;
}

gboolean
roll_arguments_need_scan_id (const char *command, const char *database, const char *text, gint64 *ret_id)
{
  g_autofree char *with = roll_database_hint (database);

  if (roll_arguments_scan_id (text, ret_id))
    return TRUE;
  roll_arguments_wrong (command, _ ("“%s” is not the number of a scan. “%s list%s” shows them."), text,
                        g_get_prgname (), with);
  return FALSE;
}

gboolean
roll_arguments_only_scan_id (const char *command, const char *database, char **words, gint64 *ret_id)
{
  *ret_id = 0;
  if (!words[0])
    return TRUE;
  if (!roll_arguments_need_scan_id (command, database, words[0], ret_id))
    return FALSE;
  if (words[1])
    {
      roll_arguments_wrong (command, _ ("Only one scan at a time, so “%s” is too much."), words[1]);
      return FALSE;
    }
  return TRUE;
}
