/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-fact-set.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "status/roll-error-private.h"

#define STEPS                                                                                                \
  "resolve connect negotiate authenticate activate connect-object authenticate-object login-cimv2 query "    \
  "login-default registry"
#define PORT_STATES "open closed silent"

/* Translators: each text goes on from “Not known: ”. */
static const RollFact facts[] = {
  [ROLL_FACT_STEP] = { "step", ROLL_FACT_KIND_WORD, STEPS, N_("at which step it stopped") },
  [ROLL_FACT_ERROR] = { "error", ROLL_FACT_KIND_ERROR, NULL, N_("the error number") },
  [ROLL_FACT_SAID_BY] = { "said-by", ROLL_FACT_KIND_WORD, "this-machine peer router name-server kdc",
                          N_("who reported the error") },
  /* type/code of the ICMP error */
  [ROLL_FACT_ICMP] = { "icmp", ROLL_FACT_KIND_TEXT, NULL, N_("the router's own message") },
  [ROLL_FACT_ICMP6] = { "icmp6", ROLL_FACT_KIND_TEXT, NULL, N_("the router's own message") },
  /* why there is none */
  [ROLL_FACT_ROUTE] = { "route", ROLL_FACT_KIND_WORD, "none unreachable blackhole no-source no-such-family",
                        N_("what this computer's routes say") },
  /* a link-local address without its network card */
  [ROLL_FACT_SCOPE] = { "scope", ROLL_FACT_KIND_WORD, "missing", N_("whether the network card was named") },
  /* of the step that failed */
  [ROLL_FACT_ELAPSED] = { "elapsed", ROLL_FACT_KIND_DURATION, NULL, N_("how long the last step took") },
  [ROLL_FACT_ATTEMPTS] = { "attempts", ROLL_FACT_KIND_NUMBER, NULL, N_("how many attempts were made") },
  /* every attempt, of several, failed at one class */
  [ROLL_FACT_SAME_CLASS] = { "same-class", ROLL_FACT_KIND_FLAG, NULL,
                             N_("whether every attempt stops at the same class") },
  /* at least one other class was answered */
  [ROLL_FACT_OTHER_CLASSES] = { "other-classes", ROLL_FACT_KIND_FLAG, NULL, N_("whether other classes answer") },
  /* local time of the failure, 0 to 23 */
  [ROLL_FACT_HOUR] = { "hour", ROLL_FACT_KIND_NUMBER, NULL, N_("the time of day") },

  [ROLL_FACT_TARGET] = { "target", ROLL_FACT_KIND_WORD, "short-name fqdn ipv4 ipv6", N_("how the target was named") },
  /* the one last tried */
  [ROLL_FACT_ADDRESS] = { "address", ROLL_FACT_KIND_WORD, "ipv4 ipv6", N_("the target's address") },
  /* it is in one of this computer's own subnets */
  [ROLL_FACT_SAME_SUBNET] = { "same-subnet", ROLL_FACT_KIND_FLAG, NULL,
                              N_("whether the target is in this computer's own subnet") },
  /* to ARP or neighbour discovery */
  [ROLL_FACT_NEIGHBOUR] = { "neighbour", ROLL_FACT_KIND_WORD, "answered no-answer not-asked",
                            N_("whether anybody answers for the address on the local network") },
  [ROLL_FACT_GATEWAY] = { "gateway", ROLL_FACT_KIND_WORD, "no-answer", N_("whether the gateway answers") },
  /* that its name gave */
  [ROLL_FACT_ADDRESSES] = { "addresses", ROLL_FACT_KIND_NUMBER, NULL, N_("how many addresses the name has") },
  [ROLL_FACT_OS] = { "os", ROLL_FACT_KIND_WORD, "windows other", N_("whether the target is Windows") },
  [ROLL_FACT_OS_BUILD] = { "os-build", ROLL_FACT_KIND_NUMBER, NULL, N_("the target's Windows build") },
  [ROLL_FACT_CLOCK_SKEW] = { "clock-skew", ROLL_FACT_KIND_DURATION, NULL, N_("the target's clock") },
  /* it calls itself by another name than it was asked by */
  [ROLL_FACT_NAME_MISMATCH] = { "name-mismatch", ROLL_FACT_KIND_FLAG, NULL, N_("what the target calls itself") },
  /* it is in another domain than its name says */
  [ROLL_FACT_DOMAIN_MISMATCH] = { "domain-mismatch", ROLL_FACT_KIND_FLAG, NULL, N_("which domain the target is in") },
  /* that was offered for WMI */
  [ROLL_FACT_DYNAMIC_PORT] = { "dynamic-port", ROLL_FACT_KIND_NUMBER, NULL, N_("the port that WMI was given") },
  /* it named only other addresses than the one that answered */
  [ROLL_FACT_FOREIGN_BINDINGS] = { "foreign-bindings", ROLL_FACT_KIND_FLAG, NULL,
                                   N_("which addresses the target offers") },
  /* the greeting without an account */
  [ROLL_FACT_ANONYMOUS] = { "anonymous", ROLL_FACT_KIND_WORD, "accepted refused",
                            N_("whether a greeting without an account is accepted") },

  /* days from the last logon that the directory noted to the end of the last attempt */
  [ROLL_FACT_LAST_LOGON_DAYS] = { "last-logon-days", ROLL_FACT_KIND_NUMBER, NULL,
                                  N_("when its account in Active Directory was last used") },
  [ROLL_FACT_DIRECTORY_ENABLED] = { "directory-enabled", ROLL_FACT_KIND_FLAG, NULL,
                                    N_("whether its account in Active Directory is enabled") },

  [ROLL_FACT_PORT_22] = { "port-22", ROLL_FACT_KIND_WORD, PORT_STATES, N_("whether port 22 (SSH) answers") },
  [ROLL_FACT_PORT_135] = { "port-135", ROLL_FACT_KIND_WORD, PORT_STATES, N_("whether port 135 answers later") },
  [ROLL_FACT_PORT_445] = { "port-445", ROLL_FACT_KIND_WORD, PORT_STATES,
                           N_("whether port 445 (file sharing) answers") },
  [ROLL_FACT_PORT_3389] = { "port-3389", ROLL_FACT_KIND_WORD, PORT_STATES,
                            N_("whether port 3389 (remote desktop) answers") },
  [ROLL_FACT_PORT_5985] = { "port-5985", ROLL_FACT_KIND_WORD, PORT_STATES,
                            N_("whether port 5985 (WinRM) answers") },

  [ROLL_FACT_ACCOUNT] = { "account", ROLL_FACT_KIND_WORD, "local domain builtin-administrator",
                          N_("which kind of account was used") },
  [ROLL_FACT_PROTOCOL] = { "protocol", ROLL_FACT_KIND_WORD, "ntlm kerberos", N_("how the logon was made") },
  [ROLL_FACT_PROTECTION] = { "protection", ROLL_FACT_KIND_WORD, "none connect integrity privacy",
                             N_("how the calls were protected") },
  /* the next four: on this computer */
  [ROLL_FACT_LOCAL_ACCOUNTS] = { "local-accounts", ROLL_FACT_KIND_WORD, "accepted refused",
                                 N_("whether local accounts work there") },
  [ROLL_FACT_DOMAIN_ACCOUNTS] = { "domain-accounts", ROLL_FACT_KIND_WORD, "accepted refused",
                                  N_("whether domain accounts work there") },
  [ROLL_FACT_NTLM] = { "ntlm", ROLL_FACT_KIND_WORD, "accepted refused", N_("whether NTLM works there") },
  [ROLL_FACT_KERBEROS] = { "kerberos", ROLL_FACT_KIND_WORD, "accepted refused", N_("whether Kerberos works there") },
  /* by the computers where this account was tried */
  [ROLL_FACT_ACCOUNT_REFUSED] = { "account-refused", ROLL_FACT_KIND_PERCENT, NULL,
                                  N_("how often the account is refused elsewhere") },
  /* the account works on some other computer of the scan */
  [ROLL_FACT_ACCOUNT_KNOWN] = { "account-known", ROLL_FACT_KIND_FLAG, NULL,
                                N_("whether the account works on another computer") },
  /* that the scan was given */
  [ROLL_FACT_CREDENTIALS] = { "credentials", ROLL_FACT_KIND_NUMBER, NULL, N_("how many accounts the scan had") },

  [ROLL_FACT_SHARE_SCAN] = { "share-scan", ROLL_FACT_KIND_PERCENT, NULL,
                             N_("how many computers of the scan end like this") },
  [ROLL_FACT_SHARE_SUBNET] = { "share-subnet", ROLL_FACT_KIND_PERCENT, NULL,
                               N_("how many computers of its subnet end like this") },
  /* of the computers in this computer's own subnets */
  [ROLL_FACT_SHARE_OWN_SUBNETS] = { "share-own-subnets", ROLL_FACT_KIND_PERCENT, NULL,
                                    N_("how many computers of this computer's own subnets end like this") },
  [ROLL_FACT_SHARE_DOMAIN] = { "share-domain", ROLL_FACT_KIND_PERCENT, NULL,
                               N_("how many computers of its domain end like this") },
  [ROLL_FACT_SHARE_OU] = { "share-ou", ROLL_FACT_KIND_PERCENT, NULL,
                           N_("how many computers of its organizational unit end like this") },
  [ROLL_FACT_SHARE_BUILD] = { "share-build", ROLL_FACT_KIND_PERCENT, NULL,
                              N_("how many computers with its Windows build end like this") },
  /* computers that got the same status within a second of this one, or a minute */
  [ROLL_FACT_SAME_SECOND] = { "same-second", ROLL_FACT_KIND_NUMBER, NULL,
                              N_("how many others ended like this in the same second") },
  [ROLL_FACT_SAME_MINUTE] = { "same-minute", ROLL_FACT_KIND_NUMBER, NULL,
                              N_("how many others ended like this in the same minute") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (facts) == ROLL_N_FACTS);

const RollFact *
roll_fact_info (RollFactId id)
{
  g_return_val_if_fail ((guint) id < ROLL_N_FACTS, NULL);

  return &facts[id];
}

gboolean
roll_fact_find (const char *name, RollFactId *ret_id)
{
  g_return_val_if_fail (name != NULL && ret_id != NULL, FALSE);

  for (guint i = 0; i < ROLL_N_FACTS; i++)
    if (strcmp (facts[i].name, name) == 0)
      {
        *ret_id = (RollFactId) i;
        return TRUE;
      }
  return FALSE;
}

const char *
roll_fact_label (RollFactId id)
{
  g_return_val_if_fail ((guint) id < ROLL_N_FACTS, "");

  return _(facts[id].label);
}

/* --- The set ---------------------------------------------------------------------------------------------------- */

#define TEXT_MAX 24

typedef struct
{
  gboolean known;
  gint64 amount;
  char text[TEXT_MAX];
} Value;

struct _RollFactSet
{
  Value values[ROLL_N_FACTS];
  GArray *errors; /* (element-type RollErrorNumber): of the one fact of that kind, canonical */
  GArray *shown;  /* the same as they were given */
};

RollFactSet *
roll_fact_set_new (void)
{
  RollFactSet *self = g_new0 (RollFactSet, 1);

  self->errors = g_array_new (FALSE, FALSE, sizeof (RollErrorNumber));
  self->shown = g_array_new (FALSE, FALSE, sizeof (RollErrorNumber));
  return self;
}

void
roll_fact_set_clear (RollFactSet *self)
{
  g_return_if_fail (self != NULL);

  memset (self->values, 0, sizeof self->values);
  g_array_set_size (self->errors, 0);
  g_array_set_size (self->shown, 0);
}

void
roll_fact_set_free (RollFactSet *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->errors);
  g_array_unref (self->shown);
  g_free (self);
}

gboolean
roll_fact_set_has (const RollFactSet *self, RollFactId id)
{
  g_return_val_if_fail (self != NULL && (guint) id < ROLL_N_FACTS, FALSE);

  return self->values[id].known;
}

static void
set_amount (RollFactSet *self, RollFactId id, RollFactKind kind, gint64 amount)
{
  g_return_if_fail (self != NULL && (guint) id < ROLL_N_FACTS && facts[id].kind == kind);

  self->values[id].known = TRUE;
  self->values[id].amount = amount;
}

void
roll_fact_set_flag (RollFactSet *self, RollFactId id, gboolean value)
{
  set_amount (self, id, ROLL_FACT_KIND_FLAG, value ? 1 : 0);
}

void
roll_fact_set_number (RollFactSet *self, RollFactId id, gint64 number)
{
  set_amount (self, id, ROLL_FACT_KIND_NUMBER, number);
}

void
roll_fact_set_percent (RollFactSet *self, RollFactId id, guint n, guint total)
{
  if (total > 0)
    set_amount (self, id, ROLL_FACT_KIND_PERCENT, (gint64) n * 10000 / total);
}

void
roll_fact_set_duration (RollFactSet *self, RollFactId id, gint64 us)
{
  set_amount (self, id, ROLL_FACT_KIND_DURATION, ABS (us));
}

static gboolean
is_word_of (const char *words, const char *word)
{
  gsize length = strlen (word);

  for (const char *p = words; length > 0 && (p = strstr (p, word)) != NULL; p += length)
    if ((p == words || p[-1] == ' ') && (p[length] == ' ' || p[length] == '\0'))
      return TRUE;
  return FALSE;
}

static void
set_text (RollFactSet *self, RollFactId id, const char *text)
{
  self->values[id].known = TRUE;
  g_strlcpy (self->values[id].text, text, TEXT_MAX);
}

void
roll_fact_set_word (RollFactSet *self, RollFactId id, const char *word)
{
  g_return_if_fail (self != NULL && (guint) id < ROLL_N_FACTS && facts[id].kind == ROLL_FACT_KIND_WORD);

  if (word != NULL && is_word_of (facts[id].words, word))
    set_text (self, id, word);
}

void
roll_fact_set_text (RollFactSet *self, RollFactId id, const char *text)
{
  g_return_if_fail (self != NULL && (guint) id < ROLL_N_FACTS && facts[id].kind == ROLL_FACT_KIND_TEXT);

  if (text != NULL && *text != '\0')
    set_text (self, id, text);
}

void
roll_fact_set_error (RollFactSet *self, RollFactId id, RollErrorNumber error)
{
  RollErrorNumber canonical = roll_error_canonical (error);

  g_return_if_fail (self != NULL && (guint) id < ROLL_N_FACTS && facts[id].kind == ROLL_FACT_KIND_ERROR);

  if (error.space == ROLL_ERROR_SPACE_NONE || roll_fact_set_has_error (self, id, error))
    return;
  self->values[id].known = TRUE;
  g_array_append_val (self->errors, canonical);
  g_array_append_val (self->shown, error);
}

gint64
roll_fact_set_get_amount (const RollFactSet *self, RollFactId id)
{
  g_return_val_if_fail (self != NULL && (guint) id < ROLL_N_FACTS, 0);

  return self->values[id].amount;
}

const char *
roll_fact_set_get_text (const RollFactSet *self, RollFactId id)
{
  g_return_val_if_fail (self != NULL && (guint) id < ROLL_N_FACTS, "");

  return self->values[id].text;
}

gboolean
roll_fact_set_has_error (const RollFactSet *self, RollFactId id, RollErrorNumber error)
{
  RollErrorNumber canonical = roll_error_canonical (error);

  g_return_val_if_fail (self != NULL && (guint) id < ROLL_N_FACTS, FALSE);

  for (guint i = 0; i < self->errors->len; i++)
    {
      RollErrorNumber other = g_array_index (self->errors, RollErrorNumber, i);

      if (other.space == canonical.space && other.number == canonical.number)
        return TRUE;
    }
  return FALSE;
}

/* --- As text ---------------------------------------------------------------------------------------------------- */

static char *
format_errors (const RollFactSet *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->shown->len; i++)
    {
      g_autofree char *number = roll_error_format (g_array_index (self->shown, RollErrorNumber, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", number);
    }
  return g_string_free (text, FALSE);
}

static char *
format_value (const RollFactSet *self, RollFactId id)
{
  gint64 amount = self->values[id].amount;

  switch (facts[id].kind)
    {
    case ROLL_FACT_KIND_ERROR:
      return format_errors (self);
    case ROLL_FACT_KIND_NUMBER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, amount);
    case ROLL_FACT_KIND_PERCENT:
      return g_strdup_printf ("%" G_GINT64_FORMAT "%%", amount / 100);
    case ROLL_FACT_KIND_DURATION:
      return amount < 10 * G_USEC_PER_SEC ? g_strdup_printf ("%" G_GINT64_FORMAT "ms", amount / 1000)
                                          : g_strdup_printf ("%" G_GINT64_FORMAT "s", amount / G_USEC_PER_SEC);
    case ROLL_FACT_KIND_FLAG:
    case ROLL_FACT_KIND_WORD:
    case ROLL_FACT_KIND_TEXT:
    default:
      return g_strdup (self->values[id].text);
    }
}

char *
roll_fact_set_format (const RollFactSet *self, RollFactId id)
{
  g_autofree char *value = NULL;

  g_return_val_if_fail (self != NULL && (guint) id < ROLL_N_FACTS, NULL);

  if (!self->values[id].known)
    return g_strdup ("");
  if (facts[id].kind == ROLL_FACT_KIND_FLAG)
    return g_strdup_printf ("%s%s", self->values[id].amount != 0 ? "" : "not ", facts[id].name);
  value = format_value (self, id);
  return g_strdup_printf ("%s = %s", facts[id].name, value);
}
