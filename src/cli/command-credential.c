/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-credential-trial.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-json.h"
#include "cli/roll-keyring.h"
#include "cli/roll-password.h"
#include "cli/roll-table.h"
#include "cli/roll-terminal.h"

typedef struct
{
  char *username;
  char *scope;
  char *protocols;
  gboolean replace;
  gboolean as_json;
  char *port;
  char **dns;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->username);
  g_free (options->scope);
  g_free (options->protocols);
  g_free (options->port);
  g_strfreev (options->dns);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* --- add --------------------------------------------------------------------------------------------------------- */

static const char *
given_or (const char *given, const char *before)
{
  return given ? given : before;
}

/* What is not said stays as it was. */
static RollVaultEntry *
make_entry (const Options *options, const char *name, const RollVaultEntry *before)
{
  g_autoptr (GError) error = NULL;
  RollVaultEntry *entry =
      roll_vault_entry_new (before, name, given_or (options->username, before ? before->account : ""),
                            given_or (options->scope, before ? before->scope : NULL),
                            given_or (options->protocols, before ? before->protocols : NULL), &error);

  if (!entry)
    roll_terminal_error ("%s", error->message);
  return entry;
}

static gboolean
check_place (const Options *options, const char *name, const RollVaultEntry *before)
{
  if (before && !options->replace)
    roll_terminal_error (_ ("There is a credential “%s” already. Choose another name, or add --replace to change it."), name);
  else if (!before && !options->username)
    roll_terminal_error (_ ("Which account is “%s”? Add --username 'DOMAIN\\user', user@corp.example or '.\\user'."), name);
  else
    return TRUE;
  return FALSE;
}

static RollExit
add (const Options *options, const char *name)
{
  g_autoptr (RollVault) vault = roll_vault_new ();
  RollExit status = ROLL_EXIT_FAILED;
  g_autoptr (GPtrArray) entries = roll_keyring_list (vault, &status);

  if (!entries)
    return status;
  RollVaultEntry *before = g_utf8_validate (name, -1, NULL) ? roll_keyring_find (entries, name) : NULL;
  if (!check_place (options, name, before))
    return ROLL_EXIT_FAILED;
  g_autoptr (RollVaultEntry) entry = make_entry (options, name, before);
  if (!entry)
    return ROLL_EXIT_FAILED;
  g_autoptr (RollSecret) password = roll_password_read (entry->name, &status);
  return password && roll_keyring_save (vault, entry, password, &status) ? ROLL_EXIT_OK : status;
}

/* --- list -------------------------------------------------------------------------------------------------------- */

static void
print_table (GPtrArray *entries)
{
  g_autoptr (RollTable) table = roll_table_new ();

  roll_table_add_column (table, _ ("Name"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Account"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Used for"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Protocols"), ROLL_TABLE_LEFT);
  for (guint i = 0; i < entries->len; i++)
    {
      const RollVaultEntry *entry = g_ptr_array_index (entries, i);

      roll_table_add_cell (table, entry->name);
      roll_table_add_cell (table, entry->account);
      roll_table_add_cell (table, *entry->scope ? entry->scope : _ ("everything"));
      roll_table_add_cell (table, *entry->protocols ? entry->protocols : _ ("as usual"));
    }
  roll_table_print (table, stdout);
}

static void
print_json (GPtrArray *entries)
{
  g_autoptr (RollJson) json = roll_json_new ();

  for (guint i = 0; i < entries->len; i++)
    {
      const RollVaultEntry *entry = g_ptr_array_index (entries, i);

      roll_json_begin_object (json, NULL);
      roll_json_string (json, "event", "credential");
      roll_json_string (json, "name", entry->name);
      roll_json_string (json, "username", entry->account);
      roll_json_string (json, "scope", entry->scope);
      roll_json_string (json, "protocols", entry->protocols);
      roll_json_end_object (json);
      roll_json_flush_line (json);
    }
}

static RollExit
list (const Options *options)
{
  g_autoptr (RollVault) vault = roll_vault_new ();
  RollExit status = ROLL_EXIT_FAILED;
  g_autoptr (GPtrArray) entries = roll_keyring_list (vault, &status);

  if (!entries)
    return status;
  if (options->as_json)
    print_json (entries);
  else if (entries->len > 0)
    print_table (entries);
  else
    roll_terminal_print (stdout, _ ("No credentials yet. “%s credential add NAME” keeps one in the keyring."),
                         g_get_prgname ());
  return ROLL_EXIT_OK;
}

/* --- remove ------------------------------------------------------------------------------------------------------ */

static RollExit
remove_entry (const char *name)
{
  g_autoptr (RollVault) vault = roll_vault_new ();
  RollExit status = ROLL_EXIT_FAILED;
  g_autoptr (GPtrArray) entries = roll_keyring_list (vault, &status);

  if (!entries)
    return status;
  RollVaultEntry *entry = roll_keyring_find (entries, name);
  if (!entry)
    return roll_keyring_unknown (name);
  return roll_keyring_remove (vault, entry, &status) ? ROLL_EXIT_OK : status;
}

/* --- test -------------------------------------------------------------------------------------------------------- */

static RollExit
test (const Options *options, const char *name, const char *computer)
{
  g_autoptr (RollScanOptions) how = roll_scan_options_new ();
  guint port = how->port;

  if (!roll_arguments_number ("credential", "--port", options->port, 1, G_MAXUINT16, &port))
    return ROLL_EXIT_USAGE;
  how->port = (guint16) port;
  how->dns = g_strdupv (options->dns);
  return roll_credential_trial (name, computer, how);
}

/* --- The command ------------------------------------------------------------------------------------------------- */

static const char *const description = N_ (
    "add NAME      keep an account in the keyring; its password is asked, or read from standard input\n"
    "list          show them in the order of the window; passwords are never shown\n"
    "remove NAME   forget one\n"
    "test NAME COMPUTER\n"
    "              log on to COMPUTER with it as a scan does, and read nothing; a wrong password counts as one\n"
    "              failed logon\n"
    "\n"
    "“scan --credential NAME” logs on with it. Without a keyring give scans --credentials FILE.\n"
    "\n"
    "Exit status: 0 done; 1 not done, the reason is on stderr; 2 wrong usage; 130 stopped by the user.");

typedef struct
{
  const char *name;
  guint n_words;
} Action;

static const Action actions[] = { { "add", 1 }, { "list", 0 }, { "remove", 1 }, { "test", 2 } };

static const Action *
find_action (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_strcmp0 (actions[i].name, word) == 0)
      return &actions[i];
  return NULL;
}

static gboolean
has_add_options (const Options *options)
{
  return options->username || options->scope || options->protocols || options->replace;
}

/* Those of another action would do nothing, which nobody expects. */
static gboolean
fits (const Options *options, const char *action)
{
  return (g_str_equal (action, "add") || !has_add_options (options)) &&
         (g_str_equal (action, "list") || !options->as_json) &&
         (g_str_equal (action, "test") || !(options->port || options->dns));
}

static RollExit
say_what_is_missing (const Action *action, guint n_words)
{
  if (n_words == 0)
    return roll_arguments_wrong ("credential", _ ("Which credential? Give it a name of your choice, or one of the list."));
  return roll_arguments_wrong ("credential", _ ("On which computer? Name one behind the credential."));
}

static RollExit
run (const Options *options, char **words)
{
  const Action *action = find_action (words[0]);
  guint n_words = words[0] ? g_strv_length (words + 1) : 0;

  if (!words[0])
    return roll_arguments_wrong ("credential", _ ("What shall be done? Say add, list, remove or test."));
  if (!action)
    return roll_arguments_wrong ("credential", _ ("“%s” is not understood here. Say add, list, remove or test."), words[0]);
  if (n_words < action->n_words)
    return say_what_is_missing (action, n_words);
  if (n_words > action->n_words)
    return roll_arguments_wrong ("credential", _ ("“%s” is not understood here."), words[1 + action->n_words]);
  if (!fits (options, action->name))
    return roll_arguments_wrong ("credential",
                                 _ ("--json belongs to list, --port and --dns to test, all other options to add."));
  if (g_str_equal (action->name, "list"))
    return list (options);
  if (g_str_equal (action->name, "test"))
    return test (options, words[1], words[2]);
  return g_str_equal (action->name, "add") ? add (options, words[1]) : remove_entry (words[1]);
}

RollExit
roll_command_credential (char **words)
{
  g_auto (Options) options = { 0 };
  g_auto (GStrv) rest = NULL;
  RollExit status;
  const GOptionEntry entries[] = {
    { "username", 0, 0, G_OPTION_ARG_FILENAME, &options.username,
      N_ ("add: the account: DOMAIN\\user, user@corp.example, or .\\user for a local one"), N_ ("ACCOUNT") },
    { "scope", 0, 0, G_OPTION_ARG_FILENAME, &options.scope,
      N_ ("add: use it only for these, such as 10.1.0.0/16;*.corp.example"), N_ ("PLACES") },
    { "protocols", 0, 0, G_OPTION_ARG_FILENAME, &options.protocols, N_ ("add: kerberos;ntlm, or one of them"),
      N_ ("PROTOCOLS") },
    { "replace", 0, 0, G_OPTION_ARG_NONE, &options.replace,
      N_ ("add: change the one of that name; what is not given stays"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.as_json, N_ ("list: one JSON object per line"), NULL },
    { "port", 0, 0, G_OPTION_ARG_FILENAME, &options.port, N_ ("test: the endpoint mapper's port, default 135"), N_ ("PORT") },
    { "dns", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.dns, N_ ("test: ask this name server, repeatable"), N_ ("SERVER") },
    G_OPTION_ENTRY_NULL,
  };

  roll_interrupt_start ();
  if (!roll_arguments_parse ("credential", entries, _ (description), words, &rest, &status))
    return status;
  return run (&options, rest);
}
