/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-help-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/roll-format.h"
#include "app/roll-inventory-text.h"
#include "inventory/roll-detail.h"

const char *
roll_said_by_label (RollSaidBy said_by)
{
  switch (said_by)
    {
    case ROLL_SAID_BY_THIS_MACHINE:
      return _("this computer");
    case ROLL_SAID_BY_PEER:
      return _("the target itself");
    case ROLL_SAID_BY_ROUTER:
      return _("a router on the way");
    case ROLL_SAID_BY_NAME_SERVER:
      return _("the name server");
    case ROLL_SAID_BY_KDC:
      return _("the domain controller");
    case ROLL_SAID_BY_NOBODY:
    default:
      return "";
    }
}

char *
roll_help_error (RollErrorNumber error)
{
  g_autofree char *number = roll_error_format (error);
  const char *name = roll_error_name (error);

  if (name == NULL || *name == '\0')
    return g_steal_pointer (&number);
  return g_strdup_printf ("%s – %s", number, name);
}

char *
roll_help_error_meaning (RollErrorNumber error)
{
  g_autofree char *number = roll_error_format (error);
  const char *symbol = roll_error_symbol (error);
  const char *meaning = roll_error_meaning (error);
  gboolean show_symbol = symbol != NULL && strcmp (symbol, number) != 0;

  if (meaning == NULL)
    return roll_help_error (error);
  if (show_symbol)
    return g_strdup_printf ("%s %s – %s", number, symbol, meaning);
  return g_strdup_printf ("%s – %s", number, meaning);
}

const char *
roll_help_state_meaning (RollStatus state)
{
  switch ((int) state)
    {
    case ROLL_STATUS_REACHABLE:
      return _("TCP port 135 opened: the computer is there and its remote administration can be asked. "
               "This scan asked for nothing more.");
    case ROLL_STATUS_STOPPED:
      return _("The scan was stopped before this computer had a result. Resume the scan to ask it.");
    case ROLL_STATUS_WAITING_FOR_RETRY:
      return _("The last attempt ended with an error that often passes. The computer is asked again later in this "
               "scan.");
    case ROLL_STATUS_IN_PROGRESS:
      return _("The computer is being asked right now.");
    case ROLL_STATUS_NOT_STARTED:
      return _("The computer’s turn has not come yet.");
    default:
      return "";
    }
}

/* --- The sentence --- */

typedef struct
{
  char *who;       /* "“pc1” (10.1.2.3)", "10.1.2.3" */
  char *address;
  char *port;
  char *duration;  /* of the step that decided */
  char *from;      /* the router that said so */
  char *server;    /* the name server asked */
  gboolean no_route;
  guint attempts;
} Facts;

static void
facts_clear (Facts *facts)
{
  g_free (facts->who);
  g_free (facts->address);
  g_free (facts->port);
  g_free (facts->duration);
  g_free (facts->from);
  g_free (facts->server);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

/* The last record of the step the computer ended with: it decided. */
static const RollStepRecord *
find_deciding_step (const RollComputer *computer, const GPtrArray *attempts)
{
  const RollAttempt *attempt;

  if (attempts == NULL || attempts->len == 0)
    return NULL;
  attempt = attempts->pdata[attempts->len - 1];
  for (guint i = attempt->steps->len; i > 0; i--)
    {
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i - 1);

      if (computer->step == ROLL_STEP_NONE || record->step == computer->step)
        return record;
    }
  return NULL;
}

static char *
find_port (const char *peer)
{
  const char *colon = peer != NULL ? strrchr (peer, ':') : NULL;

  return g_strdup (colon != NULL ? colon + 1 : "135");
}

static Facts
collect_facts (const RollComputer *computer, const GPtrArray *attempts)
{
  const RollStepRecord *record = find_deciding_step (computer, attempts);
  char address[ROLL_ADDRESS_STRLEN];
  Facts facts = { .attempts = computer->attempts };
  gint64 duration = record != NULL ? record->duration_us : computer->duration_us;

  facts.address = g_strdup (roll_address_format (&computer->address, address));
  if (*address == '\0' || g_ascii_strcasecmp (address, computer->target) == 0)
    facts.who = g_strdup (computer->target);
  else
    /* Translators: a computer's name and its address */
    facts.who = g_strdup_printf (_("%s (%s)"), computer->target, address);
  facts.duration = roll_format_duration (duration);
  facts.port = find_port (record != NULL && record->step != ROLL_STEP_RESOLVE ? record->peer : NULL);
  if (record != NULL && record->detail != NULL)
    {
      g_autofree char *route = roll_detail_get (record->detail, "route");

      facts.from = roll_detail_get (record->detail, "from");
      facts.no_route = route != NULL;
    }
  if (record != NULL && record->step == ROLL_STEP_RESOLVE)
    facts.server = g_strdup (record->peer);
  return facts;
}

static char *
not_found_sentence (const RollComputer *computer, const Facts *facts)
{
  const char *symbol = roll_error_symbol (computer->error);
  const char *meaning = roll_error_meaning (computer->error);
  const char *reason = meaning != NULL ? meaning : symbol != NULL ? symbol : "";

  if (computer->said_by == ROLL_SAID_BY_NAME_SERVER && facts->server != NULL)
    /* Translators: name server, name, what it answered, time taken */
    return g_strdup_printf (_("The name server %s has no address for “%s”; it said so after %s. %s"), facts->server,
                            computer->target, facts->duration, reason);
  if (computer->said_by == ROLL_SAID_BY_NOBODY && facts->server != NULL)
    return g_strdup_printf (ngettext ("No name server gave an answer about “%s” within %s, in %u attempt. The last "
                                      "one asked was %s.",
                                      "No name server gave an answer about “%s” within %s, in %u attempts. The last "
                                      "one asked was %s.",
                                      facts->attempts),
                            computer->target, facts->duration, facts->attempts, facts->server);
  return g_strdup_printf (_("The name “%s” could not be turned into an address. %s"), computer->target, reason);
}

static char *
unreachable_sentence (const RollComputer *computer, const Facts *facts)
{
  if (computer->said_by == ROLL_SAID_BY_ROUTER && facts->from != NULL)
    return g_strdup_printf (_("The router %s reported after %s that it can’t reach %s."), facts->from, facts->duration,
                            facts->who);
  if (computer->said_by == ROLL_SAID_BY_THIS_MACHINE && facts->no_route)
    return g_strdup_printf (_("This computer has no route to %s. No packet was sent."), facts->who);
  if (computer->said_by == ROLL_SAID_BY_THIS_MACHINE)
    return g_strdup_printf (_("Nobody on the local network answered for %s within %s."),
                            facts->who, facts->duration);
  return g_strdup_printf (_("There is no way to %s: the network said so after %s."), facts->who, facts->duration);
}

static char *
reachable_sentence (const Facts *facts)
{
  return g_strdup_printf (_("%s opened TCP port %s after %s. Nothing more was asked."), facts->who, facts->port,
                          facts->duration);
}

static char *
other_sentence (const RollComputer *computer, const Facts *facts)
{
  g_autofree char *error = roll_help_error (computer->error);
  const char *step = roll_step_label (computer->step);

  if (*error == '\0')
    return g_strdup_printf (_("%s ended with “%s” after %s."), facts->who, roll_status_label (computer->status),
                            facts->duration);
  if (computer->said_by == ROLL_SAID_BY_NOBODY)
    /* Translators: computer, step, error, time */
    return g_strdup_printf (_("%s stopped at the step “%s” with %s, after %s."), facts->who, step, error,
                            facts->duration);
  /* Translators: computer, step, error, who said so, time */
  return g_strdup_printf (_("%s stopped at the step “%s” with %s, reported by %s after %s."), facts->who, step, error,
                          roll_said_by_label (computer->said_by), facts->duration);
}

static char *
no_credentials_sentence (const RollComputer *computer, const Facts *facts)
{
  if (computer->address.family == AF_UNSPEC)
    return g_strdup_printf (_("No credential applies to %s, so nothing was asked."), facts->who);
  return g_strdup_printf (_("%s opened TCP port %s, but no credential applies to it, so nothing more was asked."),
                          facts->who, facts->port);
}

/* Of the whole: the last step, which decides elsewhere, is only the end of it. */
static char *
success_sentence (const RollComputer *computer, const Facts *facts)
{
  g_autofree char *duration = roll_format_duration (computer->duration_us);

  if (roll_inventory_is_whole (computer))
    return g_strdup_printf (_("%s was inventoried in %s. All that was asked for was read: there is nothing to do."),
                            facts->who, duration);
  return g_strdup_printf (_("%s was inventoried in %s, but not all that was asked for was read."), facts->who, duration);
}

char *
roll_help_sentence (const RollComputer *computer, const GPtrArray *attempts)
{
  g_auto (Facts) facts = collect_facts (computer, attempts);

  switch ((int) computer->status)
    {
    case ROLL_STATUS_MACHINE_NOT_FOUND:
      return not_found_sentence (computer, &facts);
    case ROLL_STATUS_CONNECTION_TIMEOUT:
      return g_strdup_printf (_("%s did not answer on TCP port %s within %s."), facts.who,
                              facts.port, facts.duration);
    case ROLL_STATUS_CONNECTION_REFUSED:
      return g_strdup_printf (_("%s refused the connection to TCP port %s after %s: somebody is there, but nobody "
                                "listens on that port."),
                              facts.who, facts.port, facts.duration);
    case ROLL_STATUS_HOST_UNREACHABLE:
      return unreachable_sentence (computer, &facts);
    case ROLL_STATUS_REACHABLE:
      return reachable_sentence (&facts);
    case ROLL_STATUS_NO_CREDENTIALS:
      return no_credentials_sentence (computer, &facts);
    case ROLL_STATUS_SUCCESS:
      return success_sentence (computer, &facts);
    case ROLL_STATUS_NOT_STARTED:
    case ROLL_STATUS_IN_PROGRESS:
    case ROLL_STATUS_WAITING_FOR_RETRY:
    case ROLL_STATUS_STOPPED:
      return g_strdup (roll_help_state_meaning (computer->status));
    default:
      return other_sentence (computer, &facts);
    }
}

/* --- Commands --- */

/* What may stand in a command without any chance that a shell takes it for more. */
static gboolean
is_safe_word (const char *text)
{
  return *text != '\0' && *text != '-'
         && strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-%") == strlen (text);
}

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static const char *
replacement_for (const char *word, gsize length, const char *name, const char *address)
{
  if (length == 4 && strncmp (word, "NAME", length) == 0 && is_safe_word (name))
    return name;
  if (length == 7 && strncmp (word, "ADDRESS", length) == 0 && is_safe_word (address))
    return address;
  return NULL;
}

char *
roll_help_fill_command (const char *command, const RollComputer *computer)
{
  GString *filled = g_string_new (NULL);
  char address[ROLL_ADDRESS_STRLEN] = "";

  if (computer != NULL)
    roll_address_format (&computer->address, address);
  for (const char *p = command; *p != '\0';)
    {
      gsize length = 0;
      const char *replacement = NULL;

      while (is_word_char (p[length]))
        length++;
      if (length == 0)
        {
          g_string_append_c (filled, *p++);
          continue;
        }
      if (computer != NULL)
        replacement = replacement_for (p, length, computer->target, address);
      if (replacement != NULL)
        g_string_append (filled, replacement);
      else
        g_string_append_len (filled, p, (gssize) length);
      p += length;
    }
  return g_string_free (filled, FALSE);
}

/* --- Facts of a step --- */

static const struct
{
  const char *key;
  const char *label;
} fact_labels[] = {
  { "account", N_("Account") },
  { "answers", N_("Answers") },
  { "asked", N_("Asked for") },
  { "build", N_("Windows build") },
  { "by", N_("Refused by") },
  { "class", N_("Class") },
  { "classes", N_("Classes") },
  { "clock", N_("Its clock") },
  { "com", N_("COM version") },
  { "computer", N_("Name of the computer") },
  { "credential", N_("Credential") },
  { "differs-from", N_("Not the computer asked for") },
  { "dns", N_("Full name of the computer") },
  { "domain", N_("Domain") },
  { "errno", N_("System error") },
  { "from", N_("Sent by") },
  { "gateway", N_("Router on the way") },
  { "icmp", N_("ICMP type and code") },
  { "icmp6", N_("ICMPv6 type and code") },
  { "interface", N_("Interface") },
  { "kerberos", N_("Without Kerberos") },
  { "name", N_("Name") },
  { "names", N_("Calls itself") },
  { "namespace", N_("Namespace") },
  { "neighbour", N_("Neighbour on the local network") },
  { "protocol", N_("Protocol") },
  { "rcode", N_("Answer code") },
  { "reason", N_("Reason") },
  { "refused", N_("Refused logons") },
  { "route", N_("Route") },
  { "rows", N_("Rows") },
  { "scope", N_("Network card") },
  { "server", N_("Name server") },
  { "source", N_("Source") },
  { "transport", N_("Transport") },
  { "tries", N_("Tries") },
  { "until", N_("Rests until") },
};

/* Words for programs, as they are recorded. */
static const struct
{
  const char *key;
  const char *word;
  const char *text;
} fact_words[] = {
  { "account", "builtin-administrator", N_("The built-in Administrator of the computer") },
  { "account", "domain", N_("Of a domain") },
  { "account", "local", N_("The computer’s own") },
  { "account", "resting", N_("Rests, so that it is not locked") },
  { "gateway", "no-answer", N_("Does not answer") },
  { "neighbour", "answered", N_("Answers") },
  { "neighbour", "no-answer", N_("Does not answer") },
  { "neighbour", "not-asked", N_("Was not asked") },
  { "reason", "expired", N_("The account or its password is no longer valid") },
  { "reason", "locked", N_("The account is locked or disabled") },
  { "reason", "name-server-silent", N_("The name server is silent") },
  { "reason", "not-a-name", N_("DNS can’t carry this name") },
  { "reason", "refused", N_("Logons were refused") },
  { "reason", "unknown", N_("There is no such account") },
  { "route", "blackhole", N_("Barred by a rule of this computer") },
  { "route", "no-source", N_("No address of this computer is fit for it") },
  { "route", "no-such-family", N_("This computer does not speak that kind of address") },
  { "route", "none", N_("None") },
  { "route", "unreachable", N_("Unreachable by a rule of this computer") },
  { "scope", "missing", N_("Not named in the address: write % and its name behind it") },
  { "source", "hosts-file", N_("The hosts file of this computer") },
  { "transport", "tcp", "TCP" },
};

static void
fact_line_free (gpointer data)
{
  RollFactLine *line = data;

  g_free (line->key);
  g_free (line->value);
  g_free (line);
}

static const char *
find_fact_label (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (fact_labels); i++)
    if (strcmp (fact_labels[i].key, key) == 0)
      return _(fact_labels[i].label);
  return key;
}

static char *
clock_text (const char *value)
{
  g_autoptr (GDateTime) clock = g_date_time_new_from_iso8601 (value, NULL);

  return clock != NULL ? roll_format_date (g_date_time_to_unix (clock) * G_USEC_PER_SEC) : g_strdup (value);
}

/* What a value means where it is a word for programs. (transfer full) */
static char *
fact_value (const char *key, const char *value)
{
  static const char *const lists[] = { "answers", "asked", "by", "names", NULL };

  if (strcmp (key, "clock") == 0 || strcmp (key, "until") == 0)
    return clock_text (value);
  if (strcmp (key, "protocol") == 0)
    return g_strdup (strcmp (value, "kerberos") == 0 ? "Kerberos" : "NTLM");
  if (strcmp (key, "kerberos") == 0)
    return g_strdup (strcmp (value, "no-name") == 0 ? _("The full name of the computer is not known.")
                                                    : _("No Kerberos server of the domain was found."));
  if (g_strv_contains (lists, key))
    {
      g_auto (GStrv) names = g_strsplit (value, ",", -1);

      return g_strjoinv (", ", names);
    }
  for (guint i = 0; i < G_N_ELEMENTS (fact_words); i++)
    if (strcmp (fact_words[i].key, key) == 0 && strcmp (fact_words[i].word, value) == 0)
      return g_strdup (_(fact_words[i].text));
  return g_strdup (value);
}

GPtrArray *
roll_help_facts (const char *detail)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (fact_line_free);
  g_auto (GStrv) parts = g_strsplit (detail != NULL ? detail : "", " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *equals = strchr (parts[i], '=');
      g_autofree char *value = NULL;
      RollFactLine *line;

      if (equals == NULL || equals == parts[i])
        continue;
      line = g_new0 (RollFactLine, 1);
      line->key = g_strndup (parts[i], (gsize) (equals - parts[i]));
      value = g_utf8_make_valid (equals + 1, -1);
      line->value = fact_value (line->key, value);
      line->label = find_fact_label (line->key);
      g_ptr_array_add (lines, line);
    }
  return lines;
}
