/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-question.h"

#include <ares.h>
#include <string.h>

#define ANSWERS_MAX 256 /* bytes of addresses in one record */

static const char *const type_names[] = { "A", "AAAA" };

static const char *
rcode_name (int rcode, char buffer[16])
{
  static const char *const names[] = { "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
                                       "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE" };

  if ((guint) rcode < G_N_ELEMENTS (names))
    return names[rcode];
  g_snprintf (buffer, 16, "RCODE%d", rcode);
  return buffer;
}

/* A value must not hold a blank, whatever the name holds. */
static void
append_name (GString *detail, const char *name)
{
  g_autofree char *escaped = g_uri_escape_bytes ((const guint8 *) name, strlen (name), "!$&'()*+,/:;=?@[]");

  g_string_append_printf (detail, "name=%s", escaped);
}

static void
append_asked (GString *detail, const RollQuestionServer *asked)
{
  const char *separator = "asked=";

  for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
    if (asked->types[t].tries > 0)
      {
        g_string_append_printf (detail, "%s%s", separator, type_names[t]);
        separator = ",";
      }
  g_string_append_c (detail, ' ');
}

/* One code when both types got the same one, else one for each; "-" for the one that got no answer. */
static void
append_rcodes (GString *detail, const RollQuestionServer *asked)
{
  const int a = asked->types[ROLL_DNS_A].rcode;
  const int aaaa = asked->types[ROLL_DNS_AAAA].rcode;
  gboolean both = asked->types[ROLL_DNS_A].tries > 0 && asked->types[ROLL_DNS_AAAA].tries > 0;
  int only = asked->types[ROLL_DNS_A].tries > 0 ? a : aaaa;
  char buffer[2][16];

  if (both && a != aaaa)
    g_string_append_printf (detail, " rcode=%s,%s", a < 0 ? "-" : rcode_name (a, buffer[0]),
                            aaaa < 0 ? "-" : rcode_name (aaaa, buffer[1]));
  else if (only >= 0)
    g_string_append_printf (detail, " rcode=%s", rcode_name (only, buffer[0]));
}

static void
append_addresses (GString *detail, const RollAddress *addresses, guint n)
{
  char text[ROLL_ADDRESS_STRLEN];
  gsize start = detail->len;

  for (guint i = 0; i < n; i++)
    {
      if (detail->len - start > ANSWERS_MAX - ROLL_ADDRESS_STRLEN)
        {
          g_string_append (detail, ",…");
          return;
        }
      g_string_append_printf (detail, "%s%s", i == 0 ? " answers=" : ",", roll_address_format (&addresses[i], text));
    }
}

/* The addresses are in the order in which the types were settled: those of one server need not stand together. */
static guint
collect_addresses (RollQuestion *self, guint server, RollAddress *ret)
{
  guint n = 0;

  for (guint i = 0; i < self->n_addresses; i++)
    {
      guint t = self->addresses[i].family == AF_INET ? ROLL_DNS_A : ROLL_DNS_AAAA;
      if (self->types[t].server == server)
        ret[n++] = self->addresses[i];
    }
  return n;
}

static int
get_status (const RollQuestionServer *asked, guint n_addresses)
{
  int status = ARES_SUCCESS;

  for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
    if (asked->types[t].tries > 0)
      status = roll_dns_status_merge (asked->types[t].status, status);
  return n_addresses > 0 ? ARES_SUCCESS : status;
}

static RollSaidBy
get_said_by (const RollQuestionServer *asked, int status)
{
  for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
    if (asked->types[t].rcode >= 0 && asked->types[t].tries > 0)
      return ROLL_SAID_BY_NAME_SERVER;
  if (status == ARES_ETIMEOUT)
    return ROLL_SAID_BY_NOBODY;
  if (status == ARES_EBADRESP)
    return ROLL_SAID_BY_NAME_SERVER;
  return asked->error ? asked->error_by : ROLL_SAID_BY_THIS_MACHINE;
}

static RollErrorNumber
from_errno (int number)
{
  return (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, (guint32) number };
}

static void
record_server (RollQuestion *self, guint index, RollNameServer *server, gint64 now)
{
  const RollQuestionServer *asked = &self->servers[index];
  RollAddress addresses[G_N_ELEMENTS (self->addresses)];
  guint n = collect_addresses (self, index, addresses);
  int status = get_status (asked, n);
  RollStepRecord *record = roll_attempt_add_step (self->attempt, ROLL_STEP_RESOLVE);
  GString *detail = g_string_new (NULL);
  g_autofree char *error = asked->error ? roll_error_format (from_errno (asked->error)) : NULL;

  append_asked (detail, asked);
  append_name (detail, self->candidate_name);
  append_rcodes (detail, asked);
  g_string_append_printf (detail, " tries=%u",
                          MAX (asked->types[ROLL_DNS_A].tries, asked->types[ROLL_DNS_AAAA].tries));
  if (asked->tcp)
    g_string_append (detail, " transport=tcp");
  if (error)
    g_string_append_printf (detail, " errno=%s", error);
  append_addresses (detail, addresses, n);

  record->started_at = asked->started_at;
  record->duration_us = (asked->replied ? asked->replied : now) - asked->started;
  if (status != ARES_SUCCESS)
    record->error = (RollErrorNumber) { ROLL_ERROR_SPACE_DNS, (guint32) status };
  record->said_by = get_said_by (asked, status);
  record->peer = g_strdup (roll_name_server_get_peer (server));
  record->detail = g_string_free (detail, FALSE);
}

void
roll_question_record (RollQuestion *self, RollNameServer *const *servers, gint64 now)
{
  for (guint i = 0; i < self->n_order; i++)
    record_server (self, self->order[i], servers[self->order[i]], now);
}

void
roll_question_record_hosts (RollQuestion *self)
{
  RollStepRecord *record = roll_attempt_add_step (self->attempt, ROLL_STEP_RESOLVE);
  GString *detail = g_string_new ("source=hosts-file ");

  append_name (detail, self->name);
  append_addresses (detail, self->addresses, self->n_addresses);
  record->started_at = g_get_real_time ();
  record->said_by = ROLL_SAID_BY_THIS_MACHINE;
  record->detail = g_string_free (detail, FALSE);
}

void
roll_question_record_unasked (RollQuestion *self, const char *peer, int status, const char *why)
{
  RollStepRecord *record = roll_attempt_add_step (self->attempt, ROLL_STEP_RESOLVE);
  GString *detail = g_string_new (NULL);

  append_name (detail, self->candidate_name ? self->candidate_name : self->name);
  g_string_append_printf (detail, " tries=0 reason=%s", why);
  record->started_at = g_get_real_time ();
  record->error = (RollErrorNumber) { ROLL_ERROR_SPACE_DNS, (guint32) status };
  record->said_by = peer ? ROLL_SAID_BY_NOBODY : ROLL_SAID_BY_THIS_MACHINE;
  record->peer = g_strdup (peer);
  record->detail = g_string_free (detail, FALSE);
}
