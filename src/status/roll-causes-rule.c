/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-causes-rule.h"

#include <string.h>

#include "status/roll-error.h"

#define MAX_DEPTH 16

#define STEPS                                                                                                \
  "resolve connect negotiate authenticate activate connect-object authenticate-object login-cimv2 query "    \
  "login-default registry"
#define PORT_STATES "open closed silent"

/* Where an attempt's detail text has such a key, fact and values are named like it. */
static const RollFact facts[] = {
  /* Where the last attempt ended. */
  { "step", ROLL_FACT_WORD, STEPS },
  { "error", ROLL_FACT_ERROR, NULL },
  { "said-by", ROLL_FACT_WORD, "this-machine peer router name-server kdc" },
  { "icmp", ROLL_FACT_TEXT, NULL },         /* type/code of the ICMP error */
  { "icmp6", ROLL_FACT_TEXT, NULL },
  { "route", ROLL_FACT_WORD, "none unreachable blackhole no-source no-such-family" }, /* why none */
  { "scope", ROLL_FACT_WORD, "missing" },   /* a link-local address without its network card */
  { "elapsed", ROLL_FACT_DURATION, NULL },  /* of the step that failed */
  { "silence", ROLL_FACT_DURATION, NULL },  /* since the last byte from the target */
  { "attempts", ROLL_FACT_NUMBER, NULL },
  { "same-class", ROLL_FACT_FLAG, NULL },   /* every attempt failed at one class */
  { "other-classes", ROLL_FACT_FLAG, NULL }, /* at least one other class was read */
  { "large-answer", ROLL_FACT_FLAG, NULL }, /* it failed at the first answer longer than one packet */
  { "hour", ROLL_FACT_NUMBER, NULL },       /* local time of the failure, 0 to 23 */

  /* The target. */
  { "target", ROLL_FACT_WORD, "short-name fqdn ipv4 ipv6" },
  { "address", ROLL_FACT_WORD, "ipv4 ipv6" },  /* the one last tried */
  { "same-subnet", ROLL_FACT_FLAG, NULL },     /* it is in one of this computer's own subnets */
  { "neighbour", ROLL_FACT_WORD, "answered no-answer" }, /* to ARP or neighbour discovery */
  { "gateway", ROLL_FACT_WORD, "no-answer" },  /* the next hop, likewise */
  { "addresses", ROLL_FACT_NUMBER, NULL },     /* that its name gave */
  { "ttl", ROLL_FACT_NUMBER, NULL },           /* of the reset */
  { "last-logon", ROLL_FACT_DURATION, NULL },  /* since its account was last used in the directory */
  { "os", ROLL_FACT_WORD, "windows other" },
  { "os-build", ROLL_FACT_NUMBER, NULL },
  { "uptime", ROLL_FACT_DURATION, NULL },
  { "clock-skew", ROLL_FACT_DURATION, NULL },  /* its clock against ours, without sign */
  { "name-mismatch", ROLL_FACT_FLAG, NULL },   /* it calls itself by another name than it was asked by */
  { "domain-mismatch", ROLL_FACT_FLAG, NULL }, /* it is in another domain than the account or the name */
  { "dynamic-port", ROLL_FACT_NUMBER, NULL },  /* that was offered for WMI */
  { "foreign-bindings", ROLL_FACT_FLAG, NULL }, /* it offered other addresses than the one that answered */
  { "anonymous", ROLL_FACT_WORD, "accepted refused" }, /* the greeting without an account */

  /* Other ports, tried after the failure; they never change a status. 135 is tried again later. */
  { "port-22", ROLL_FACT_WORD, PORT_STATES },
  { "port-80", ROLL_FACT_WORD, PORT_STATES },
  { "port-135", ROLL_FACT_WORD, PORT_STATES },
  { "port-445", ROLL_FACT_WORD, PORT_STATES },
  { "port-3389", ROLL_FACT_WORD, PORT_STATES },
  { "port-5985", ROLL_FACT_WORD, PORT_STATES },
  { "port-9100", ROLL_FACT_WORD, PORT_STATES },

  /* The account. */
  { "account", ROLL_FACT_WORD, "local domain builtin-administrator" },
  { "protocol", ROLL_FACT_WORD, "ntlm kerberos" },
  { "protection", ROLL_FACT_WORD, "none connect integrity privacy" },
  { "local-accounts", ROLL_FACT_WORD, "accepted refused" },  /* on this computer */
  { "domain-accounts", ROLL_FACT_WORD, "accepted refused" }, /* on this computer */
  { "ntlm", ROLL_FACT_WORD, "accepted refused" },            /* on this computer */
  { "kerberos", ROLL_FACT_WORD, "accepted refused" },        /* on this computer */
  { "account-refused", ROLL_FACT_PERCENT, NULL }, /* of the computers where this account was tried */
  { "account-known", ROLL_FACT_FLAG, NULL },      /* the account works on some other computer of the scan */
  { "keyring", ROLL_FACT_WORD, "open locked absent" },
  { "credential-match", ROLL_FACT_FLAG, NULL },   /* a rule gives this computer an account */

  /* How many computers that share something with this one ended with the same status. */
  { "share-scan", ROLL_FACT_PERCENT, NULL },
  { "share-subnet", ROLL_FACT_PERCENT, NULL },
  { "share-own-subnets", ROLL_FACT_PERCENT, NULL }, /* of the computers in this computer's own subnets */
  { "share-domain", ROLL_FACT_PERCENT, NULL },
  { "share-ou", ROLL_FACT_PERCENT, NULL },
  { "share-build", ROLL_FACT_PERCENT, NULL },
  { "same-second", ROLL_FACT_NUMBER, NULL }, /* computers that got it within a second of this one */
  { "same-minute", ROLL_FACT_NUMBER, NULL },

  /* This computer's own health at that time. */
  { "sessions", ROLL_FACT_NUMBER, NULL },
  { "loop-lag", ROLL_FACT_DURATION, NULL },
};

const RollFact *
roll_causes_facts (guint *ret_count)
{
  g_return_val_if_fail (ret_count != NULL, NULL);

  *ret_count = G_N_ELEMENTS (facts);
  return facts;
}

typedef struct
{
  const char *rule;
  const char *p;
  char token[64]; /* "" at the end */
  guint depth;
} Scanner;

static gboolean parse_any (Scanner *s, GError **error);

static gboolean
fail (Scanner *s, GError **error, const char *problem)
{
  g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "rule “%s”, before character %d: %s",
               s->rule, (int) (s->p - s->rule) + 1, problem);
  return FALSE;
}

/* A token is one bracket or comma, an operator, or a run of everything else. */
static gboolean
advance (Scanner *s, GError **error)
{
  const char *start;
  gsize length;

  s->p += strspn (s->p, " ");
  start = s->p;
  if (*start != '\0' && strchr ("(),", *start) != NULL)
    length = 1;
  else if (strchr ("=!<>", *start) != NULL)
    length = strspn (start, "=!<>");
  else
    length = strcspn (start, " (),=!<>");
  if (length >= sizeof s->token)
    return fail (s, error, "a word is too long");
  memcpy (s->token, start, length);
  s->token[length] = '\0';
  s->p += length;
  return TRUE;
}

static const RollFact *
find_fact (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (strcmp (facts[i].name, name) == 0)
      return &facts[i];
  return NULL;
}

static gboolean
is_word_of (const char *words, const char *word)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  return g_strv_contains ((const char *const *) list, word);
}

static gboolean
is_number_with (const char *token, const char *units)
{
  const char *unit = token + strspn (token, "0123456789");

  if (unit == token || unit - token > 9)
    return FALSE;
  return units == NULL ? *unit == '\0' : is_word_of (units, unit);
}

static gboolean
is_error (const char *token)
{
  g_autoptr (GArray) found = roll_error_lookup (token);

  return found->len > 0;
}

static gboolean
value_fits (const RollFact *fact, const char *token)
{
  switch (fact->kind)
    {
    case ROLL_FACT_WORD:
      return is_word_of (fact->words, token);
    case ROLL_FACT_ERROR:
      return is_error (token);
    case ROLL_FACT_NUMBER:
      return is_number_with (token, NULL);
    case ROLL_FACT_PERCENT:
      return is_number_with (token, "%");
    case ROLL_FACT_DURATION:
      return is_number_with (token, "ms s min h d");
    case ROLL_FACT_TEXT:
      return g_ascii_isalnum (*token);
    case ROLL_FACT_FLAG:
    default:
      return FALSE;
    }
}

static gboolean
operator_fits (const RollFact *fact, const char *token)
{
  gboolean is_amount = fact->kind == ROLL_FACT_NUMBER || fact->kind == ROLL_FACT_PERCENT ||
                       fact->kind == ROLL_FACT_DURATION;

  if (strcmp (token, "=") == 0 || strcmp (token, "!=") == 0)
    return TRUE;
  return is_amount && is_word_of ("< <= > >=", token);
}

static gboolean
parse_values (Scanner *s, const RollFact *fact, gboolean may_be_list, GError **error)
{
  do
    {
      if (!advance (s, error))
        return FALSE;
      if (!value_fits (fact, s->token))
        return fail (s, error, "the value does not fit the fact");
      if (!advance (s, error))
        return FALSE;
    }
  while (may_be_list && strcmp (s->token, ",") == 0);
  return TRUE;
}

static gboolean
parse_fact (Scanner *s, GError **error)
{
  const RollFact *fact = find_fact (s->token);

  if (fact == NULL)
    return fail (s, error, "unknown fact");
  if (!advance (s, error))
    return FALSE;
  if (fact->kind == ROLL_FACT_FLAG)
    return TRUE;
  if (!operator_fits (fact, s->token))
    return fail (s, error, "the operator does not fit the fact");
  return parse_values (s, fact, strchr (s->token, '<') == NULL && strchr (s->token, '>') == NULL, error);
}

static gboolean
parse_one (Scanner *s, GError **error)
{
  while (strcmp (s->token, "not") == 0)
    if (!advance (s, error))
      return FALSE;
  if (strcmp (s->token, "(") != 0)
    return parse_fact (s, error);
  if (++s->depth > MAX_DEPTH)
    return fail (s, error, "too many brackets");
  if (!advance (s, error) || !parse_any (s, error))
    return FALSE;
  if (strcmp (s->token, ")") != 0)
    return fail (s, error, "a “)” is missing");
  s->depth--;
  return advance (s, error);
}

static gboolean
parse_all (Scanner *s, GError **error)
{
  if (!parse_one (s, error))
    return FALSE;
  while (strcmp (s->token, "and") == 0)
    if (!advance (s, error) || !parse_one (s, error))
      return FALSE;
  return TRUE;
}

static gboolean
parse_any (Scanner *s, GError **error)
{
  if (!parse_all (s, error))
    return FALSE;
  while (strcmp (s->token, "or") == 0)
    if (!advance (s, error) || !parse_all (s, error))
      return FALSE;
  return TRUE;
}

gboolean
roll_causes_rule_check (const char *rule, GError **error)
{
  Scanner s = { .rule = rule, .p = rule };

  g_return_val_if_fail (rule != NULL, FALSE);

  if (!advance (&s, error) || !parse_any (&s, error))
    return FALSE;
  return *s.token == '\0' || fail (&s, error, "expected “and”, “or” or the end");
}
