/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-question.h"

#include <ares.h>
#include <errno.h>
#include <string.h>

RollQuestion *
roll_question_new (const char *name, RollAttempt *attempt, gpointer data)
{
  RollQuestion *self = g_new0 (RollQuestion, 1);

  self->refs = 1;
  self->name = g_strdup (name);
  self->attempt = attempt;
  self->data = data;
  self->link.data = self;
  return self;
}

RollQuestion *
roll_question_ref (RollQuestion *self)
{
  self->refs++;
  return self;
}

void
roll_question_unref (RollQuestion *self)
{
  if (--self->refs > 0)
    return;
  g_free (self->name);
  g_free (self->candidate_name);
  g_free (self);
}

void
roll_question_begin (RollQuestion *self, guint candidate, char *candidate_name)
{
  g_free (self->candidate_name);
  self->candidate = candidate;
  self->candidate_name = candidate_name;
  memset (self->types, 0, sizeof self->types);
  memset (self->servers, 0, sizeof self->servers);
  self->n_order = 0;
  self->n_addresses = 0;
  self->stage = 0;
}

void
roll_question_note_asked (RollQuestion *self, guint server, RollDnsType type, gint64 now)
{
  RollQuestionServer *asked = &self->servers[server];

  if (asked->started == 0)
    {
      self->order[self->n_order++] = (guint8) server;
      asked->started = now;
      asked->started_at = g_get_real_time ();
    }
  if (asked->types[type].tries++ == 0)
    {
      asked->types[type].status = ARES_ETIMEOUT;
      asked->types[type].rcode = -1;
    }
  self->types[type].pending++;
  self->server = server;
}

void
roll_question_add_address (RollQuestion *self, const RollAddress *address)
{
  for (guint i = 0; i < self->n_addresses; i++)
    if (roll_address_equal (&self->addresses[i], address))
      return;
  if (self->n_addresses < G_N_ELEMENTS (self->addresses))
    self->addresses[self->n_addresses++] = *address;
}

static void
settle (RollQuestion *self, guint server, const RollDnsReply *reply)
{
  RollQuestionType *type = &self->types[reply->type];

  type->settled = TRUE;
  type->status = reply->status;
  type->server = server;
  for (guint i = 0; i < reply->n_addresses; i++)
    roll_question_add_address (self, &reply->addresses[i]);
}

static gboolean
is_about_the_name (int status)
{
  return status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND;
}

/* This machine's own trouble is not called the server's. */
static gboolean
is_out_of_files (int error)
{
  return error == EMFILE || error == ENFILE;
}

RollReplyMeaning
roll_question_take_reply (RollQuestion *self, guint server, const RollDnsReply *reply, gint64 now)
{
  RollQuestionType *type = &self->types[reply->type];
  RollQuestionServer *asked = &self->servers[server];

  type->pending--;
  if (reply->status == ARES_ETIMEOUT || type->settled)
    return ROLL_REPLY_SAYS_NOTHING;
  asked->replied = now;
  asked->error = reply->error;
  asked->error_by = reply->error_by;
  asked->tcp |= reply->tcp;
  asked->types[reply->type].status = is_out_of_files (reply->error) ? ARES_EFILE : reply->status;
  asked->types[reply->type].rcode = reply->rcode;
  if (is_about_the_name (reply->status))
    {
      settle (self, server, reply);
      return ROLL_REPLY_SETTLES;
    }
  if (reply->rcode >= 0 || reply->status == ARES_EBADRESP)
    type->failed |= 1u << server;
  else
    type->unreached |= 1u << server;
  return ROLL_REPLY_FAILS;
}

gboolean
roll_question_has_addresses (RollQuestion *self, RollDnsType type)
{
  return self->types[type].settled && self->types[type].status == ARES_SUCCESS;
}

/* The most telling first: a server's “I failed” over silence, silence over what may be one server's own trouble. */
int
roll_dns_status_merge (int a, int b)
{
  static const int order[] = { ARES_ESERVFAIL, ARES_ETIMEOUT,     ARES_EREFUSED, ARES_EBADRESP, ARES_ENOTIMP,
                               ARES_EFORMERR,  ARES_ECONNREFUSED, ARES_ENODATA,  ARES_ENOTFOUND };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (a == order[i] || b == order[i])
      return order[i];
  return a ? a : b;
}

static int
get_failure (RollQuestion *self)
{
  int status = ARES_SUCCESS;

  for (guint i = 0; i < self->n_order; i++)
    for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
      if (self->servers[self->order[i]].types[t].tries > 0 && !self->types[t].settled)
        status = roll_dns_status_merge (self->servers[self->order[i]].types[t].status, status);
  return status ? status : ARES_ETIMEOUT;
}

int
roll_question_get_candidate_status (RollQuestion *self)
{
  int status = ARES_SUCCESS;

  if (self->n_addresses > 0)
    return ARES_SUCCESS;
  for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
    {
      if (self->types[t].wanted && !self->types[t].settled)
        return get_failure (self);
      if (self->types[t].wanted)
        status = roll_dns_status_merge (self->types[t].status, status);
    }
  return status;
}
