/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-resolver.h"

#include "scan/roll-address-order.h"
#include "scan/roll-hosts.h"
#include "scan/roll-name-server.h"
#include "scan/roll-question.h"
#include "scan/roll-resolver-config.h"

#include <ares.h>
#include <string.h>

#define IN_FLIGHT 1000
/* In flight at first, and at least while packets get lost. Thousands of questions at once overflow receive buffers,
 * the server's or our own, and every one lost costs a second: so the number grows as TCP's does, by one for each answer
 * until the first loss, which halves it, and then by one for each windowful. */
#define WINDOW_START 100
#define WINDOW_MIN 50
#define WINDOW_SHRINK_US G_USEC_PER_SEC /* at most once in so long */
#define STARTS_A_TURN 64 /* then the loop reads what has come */
#define DELIVERIES_A_TURN 256
#define ADDRESSES_MAX 16

/* Waiting for an answer before the next server, or the same one again, is asked; five seconds in all, as long as the
 * C library waits for one server once. Where two packets of a hundred get lost each way, three tries still lose one
 * name of 15,000, four one of 400,000. The earlier questions stay open: a slow answer is as good as a quick one. */
static const gint64 waits[] = { 750 * 1000, 1000 * 1000, 1250 * 1000, 2000 * 1000 };

struct _RollResolver
{
  RollResolverConfig *config;
  RollHosts *hosts;
  RollAddressOrder *order;
  RollNameServer *servers[ROLL_NAME_SERVERS_MAX];
  guint n_servers;

  guint in_flight_max;
  guint window;
  guint grown;      /* answers since the window grew last */
  gint64 shrunk_at; /* 0: never */
  guint n_asked;    /* not yet handed back */
  guint n_flying;   /* of these, being asked of servers */

  /* (element-type RollQuestion) */
  GQueue waiting;                      /* for their turn */
  GQueue stages[G_N_ELEMENTS (waits)]; /* for an answer, the first to run out first */
  GQueue over;                         /* to be handed back */

  RollResolved resolved;
  RollResolverEvent event;
  gpointer user_data;
};

static void ask (RollResolver *self, RollQuestion *question);

static void
move_to (RollQuestion *question, GQueue *queue)
{
  if (question->queue)
    g_queue_unlink (question->queue, &question->link);
  question->queue = queue;
  if (queue)
    g_queue_push_tail_link (queue, &question->link);
}

static void
wait_for_answer (RollResolver *self, RollQuestion *question)
{
  question->due = g_get_monotonic_time () + waits[question->stage];
  move_to (question, &self->stages[question->stage]);
}

static void
finish (RollResolver *self, RollQuestion *question, int status)
{
  question->over = TRUE;
  question->status = status;
  self->n_flying--;
  move_to (question, &self->over);
}

/* Candidates */

/* The last straw: a name without a dot, as it is, after all search domains. Servers without a way to the root answer
 * an error or nothing there, and that must not turn a plain “no such name” into a “try again”. */
static gboolean
is_last_straw (RollQuestion *question)
{
  return question->candidate > 0 && !strchr (question->candidate_name, '.');
}

static gboolean
is_negative (int status)
{
  return status == ARES_ENODATA || status == ARES_ENOTFOUND || status == ARES_EBADNAME;
}

/* Nobody could be asked, so the other candidates need not be tried. */
static gboolean
is_hopeless (int status)
{
  return status == ARES_ETIMEOUT || status == ARES_ECONNREFUSED || status == ARES_EFILE || status == ARES_ENOMEM;
}

static void
begin_candidate (RollResolver *self, RollQuestion *question, guint index)
{
  char *candidate = roll_resolver_config_get_candidate (self->config, question->name, index);

  if (!candidate)
    {
      finish (self, question, question->trouble ? question->trouble : question->negative);
      return;
    }
  roll_question_begin (question, index, candidate);
  if (!roll_name_is_valid (candidate))
    {
      roll_question_record_unasked (question, NULL, ARES_EBADNAME, "not-a-name");
      question->negative = roll_dns_status_merge (ARES_EBADNAME, question->negative);
      begin_candidate (self, question, index + 1);
      return;
    }
  question->types[ROLL_DNS_A].wanted = TRUE;
  question->types[ROLL_DNS_AAAA].wanted = roll_address_order_has_ipv6 (self->order);
  ask (self, question);
}

static void
end_candidate (RollResolver *self, RollQuestion *question)
{
  int status = roll_question_get_candidate_status (question);

  roll_question_record (question, self->servers, g_get_monotonic_time ());
  if (status == ARES_SUCCESS)
    {
      finish (self, question, status);
      return;
    }
  if (is_negative (status))
    question->negative = roll_dns_status_merge (status, question->negative);
  else if (!is_last_straw (question) || !question->negative)
    question->trouble = roll_dns_status_merge (status, question->trouble);
  if (question->trouble && is_hopeless (status))
    finish (self, question, question->trouble);
  else
    begin_candidate (self, question, question->candidate + 1);
}

/* Servers */

static gboolean
may_ask (RollResolver *self, RollQuestion *question, guint server, RollDnsType type)
{
  const RollQuestionType *state = &question->types[type];

  return state->wanted && !state->settled && !roll_name_server_is_silent (self->servers[server])
         && !((state->failed | state->unreached) & 1u << server);
}

/* Sends all types that @server may be asked for, or only the one in @only (-1: all); FALSE when there are none. */
static gboolean
ask_server (RollResolver *self, RollQuestion *question, guint server, int only)
{
  gboolean asked = FALSE;

  for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
    {
      if ((only >= 0 && t != (guint) only) || !may_ask (self, question, server, t))
        continue;
      roll_question_note_asked (question, server, t, g_get_monotonic_time ());
      roll_name_server_ask (self->servers[server], question->candidate_name, t, roll_question_ref (question),
                            question->candidate << 8 | question->servers[server].types[t].tries);
      asked = TRUE;
    }
  return asked;
}

/* The first try of a candidate, or the next after a wait: the servers in turn, round and round. */
static void
ask (RollResolver *self, RollQuestion *question)
{
  guint first = question->n_order == 0 ? 0 : question->server + 1;

  for (guint i = 0; i < self->n_servers; i++)
    if (ask_server (self, question, (first + i) % self->n_servers, -1))
      {
        wait_for_answer (self, question);
        return;
      }
  if (question->n_order == 0)
    {
      int status = roll_name_server_get_error (self->servers[0]) ? ARES_ECONNREFUSED : ARES_ETIMEOUT;
      roll_question_record_unasked (question, roll_name_server_get_peer (self->servers[0]), status,
                                    "name-server-silent");
      finish (self, question, is_last_straw (question) && question->negative ? question->negative : status);
    }
  else
    end_candidate (self, question);
}

/* After an error from one server the next one is asked at once, if it has not been asked yet. */
static gboolean
ask_elsewhere (RollResolver *self, RollQuestion *question, RollDnsType type)
{
  for (guint i = 0; i < self->n_servers; i++)
    if (question->servers[i].types[type].tries == 0 && ask_server (self, question, i, (int) type))
      {
        wait_for_answer (self, question);
        return TRUE;
      }
  return FALSE;
}

/* Whether waiting may still bring something for @type: an answer, or another try at a server that could not be asked. */
static gboolean
is_open (RollResolver *self, RollQuestion *question, RollDnsType type)
{
  const RollQuestionType *state = &question->types[type];

  if (!state->wanted || state->settled)
    return FALSE;
  if (state->pending > 0)
    return TRUE;
  if (question->stage + 1 < G_N_ELEMENTS (waits))
    for (guint i = 0; i < self->n_servers; i++)
      if (!(state->failed & 1u << i) && !roll_name_server_is_silent (self->servers[i]))
        return TRUE;
  return FALSE;
}

/* Without IPv6 here its addresses are asked for only when there are no others: half the load on the servers. */
static gboolean
want_ipv6_too (RollQuestion *question)
{
  const RollQuestionType *v4 = &question->types[ROLL_DNS_A];
  RollQuestionType *v6 = &question->types[ROLL_DNS_AAAA];

  if (v6->wanted || !v4->settled || v4->status != ARES_ENODATA)
    return FALSE;
  v6->wanted = TRUE;
  question->stage = 0;
  return TRUE;
}

static void
go_on (RollResolver *self, RollQuestion *question)
{
  for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
    if (is_open (self, question, t))
      return;
  if (!want_ipv6_too (question))
    end_candidate (self, question);
  else if (ask_server (self, question, question->types[ROLL_DNS_A].server, ROLL_DNS_AAAA))
    wait_for_answer (self, question);
  else
    ask (self, question);
}

static void
wait_is_over (RollResolver *self, RollQuestion *question)
{
  gboolean usable = roll_question_has_addresses (question, ROLL_DNS_A)
                    || (roll_question_has_addresses (question, ROLL_DNS_AAAA)
                        && roll_address_order_has_ipv6 (self->order));

  if (usable || ++question->stage == G_N_ELEMENTS (waits))
    {
      end_candidate (self, question);
      return;
    }
  for (guint t = 0; t < ROLL_N_DNS_TYPES; t++)
    question->types[t].unreached = 0;
  ask (self, question);
}

/* The window */

static void
adapt_window (RollResolver *self, const RollDnsReply *reply)
{
  gint64 now = g_get_monotonic_time ();
  gboolean again = (reply->serial & 0xff) > 1; /* the first one to this server got lost */

  if (!again && ++self->grown >= (self->shrunk_at ? self->window : 1))
    {
      self->window = MIN (self->window + 1, self->in_flight_max);
      self->grown = 0;
    }
  else if (again && now >= self->shrunk_at + WINDOW_SHRINK_US)
    {
      self->window = MIN (MAX (self->window / 2, WINDOW_MIN), self->in_flight_max);
      self->shrunk_at = now;
    }
}

/* Turns */

static void
take_reply (RollResolver *self, guint server, RollDnsReply *reply)
{
  RollQuestion *question = reply->owner;

  if (!question->over && reply->serial >> 8 == question->candidate)
    {
      RollReplyMeaning meaning = roll_question_take_reply (question, server, reply, g_get_monotonic_time ());
      if (meaning == ROLL_REPLY_SETTLES)
        adapt_window (self, reply);
      if (meaning != ROLL_REPLY_FAILS || !ask_elsewhere (self, question, reply->type))
        go_on (self, question);
    }
  roll_question_unref (question);
  g_free (reply);
}

static void
take_replies (RollResolver *self)
{
  RollDnsReply *reply;

  for (guint i = 0; i < self->n_servers;)
    if ((reply = roll_name_server_pop (self->servers[i])))
      {
        take_reply (self, i, reply);
        i = 0; /* it may have asked any of them, and that may have failed at once */
      }
    else
      i++;
}

static void
start_waiting (RollResolver *self)
{
  for (guint i = 0; i < STARTS_A_TURN && self->n_flying < self->window && self->waiting.head; i++)
    {
      RollQuestion *question = self->waiting.head->data;
      move_to (question, NULL);
      self->n_flying++;
      begin_candidate (self, question, 0);
      take_replies (self);
    }
}

static void
deliver (RollResolver *self)
{
  for (guint i = 0; i < DELIVERIES_A_TURN && self->over.head; i++)
    {
      RollQuestion *question = self->over.head->data;
      RollErrorNumber error = ROLL_ERROR_NUMBER_NONE;
      guint n = question->status == ARES_SUCCESS ? question->n_addresses : 0;

      move_to (question, NULL);
      self->n_asked--;
      if (question->status != ARES_SUCCESS)
        error = (RollErrorNumber) { ROLL_ERROR_SPACE_DNS, (guint32) question->status };
      roll_address_order_sort (self->order, question->addresses, n);
      self->resolved (question->data, question->addresses, MIN (n, ADDRESSES_MAX), error, self->user_data);
      roll_question_unref (question);
    }
}

static void
turn (RollResolver *self)
{
  take_replies (self);
  start_waiting (self);
  deliver (self);
}

/* Whoever waits for a server that is now known to be silent need not wait on. */
static void
leave_server (RollResolver *self, guint server)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (self->stages); i++)
    for (GList *link = self->stages[i].head; link; link = link->next)
      if (((RollQuestion *) link->data)->server == server)
        g_ptr_array_add (waiting, link->data);
  for (guint i = 0; i < waiting->len; i++)
    wait_is_over (self, g_ptr_array_index (waiting, i));
}

static void
take_news (RollResolver *self, guint server)
{
  RollNameServerNews news = roll_name_server_take_news (self->servers[server]);
  const char *peer = roll_name_server_get_peer (self->servers[server]);
  int error = roll_name_server_get_error (self->servers[server]);
  g_autofree char *symbol = NULL;
  g_autofree char *detail = NULL;

  if (news == ROLL_NAME_SERVER_NO_NEWS)
    return;
  symbol = roll_error_format ((RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, (guint32) error });
  detail = g_strconcat ("server=", peer, error ? " error=" : NULL, symbol, NULL);
  if (news == ROLL_NAME_SERVER_SILENT)
    leave_server (self, server);
  self->event (news == ROLL_NAME_SERVER_SILENT ? "name-server-silent" : "name-server-back", detail, self->user_data);
}

/* The public face */

RollResolver *
roll_resolver_new (const RollResolverOptions *options, int epoll_fd, guint32 tag, RollResolved resolved,
                   RollResolverEvent event, gpointer user_data, GError **error)
{
  g_autoptr (RollResolver) self = NULL;
  RollResolverConfig *config;

  g_return_val_if_fail (options != NULL && resolved != NULL && event != NULL, NULL);

  config = roll_resolver_config_new (options, error);
  if (!config)
    return NULL;
  self = g_new0 (RollResolver, 1);
  self->config = config;
  self->hosts = roll_hosts_new_from_system ();
  self->order = roll_address_order_new ();
  self->in_flight_max = options->in_flight > 0 ? options->in_flight : IN_FLIGHT;
  self->window = MIN (WINDOW_START, self->in_flight_max);
  self->resolved = resolved;
  self->event = event;
  self->user_data = user_data;
  for (guint i = 0; i < config->servers->len; i++)
    {
      const RollServerAddress *address = &g_array_index (config->servers, RollServerAddress, i);
      RollNameServer *server = roll_name_server_new (address, epoll_fd, tag, error);
      if (!server)
        return NULL;
      self->servers[self->n_servers++] = server;
    }
  return g_steal_pointer (&self);
}

static void
drop_questions (GQueue *queue)
{
  while (queue->head)
    {
      RollQuestion *question = queue->head->data;
      question->over = TRUE;
      move_to (question, NULL);
      roll_question_unref (question);
    }
}

void
roll_resolver_free (RollResolver *self)
{
  g_return_if_fail (self != NULL);

  drop_questions (&self->waiting);
  drop_questions (&self->over);
  for (guint i = 0; i < G_N_ELEMENTS (self->stages); i++)
    drop_questions (&self->stages[i]);
  for (guint i = 0; i < self->n_servers; i++)
    roll_name_server_close (self->servers[i]);
  take_replies (self);
  for (guint i = 0; i < self->n_servers; i++)
    roll_name_server_free (self->servers[i]);
  roll_address_order_free (self->order);
  roll_hosts_free (self->hosts);
  roll_resolver_config_free (self->config);
  g_free (self);
}

gboolean
roll_resolver_has_room (RollResolver *self)
{
  return self->n_asked < self->window;
}

void
roll_resolver_ask (RollResolver *self, const char *name, RollAttempt *attempt, gpointer query_data)
{
  RollAddress addresses[ROLL_HOSTS_ADDRESSES_MAX];
  RollQuestion *question;
  guint n;

  g_return_if_fail (self != NULL && name != NULL && attempt != NULL);

  question = roll_question_new (name, attempt, query_data);
  self->n_asked++;
  n = roll_hosts_look_up (self->hosts, name, addresses);
  for (guint i = 0; i < n; i++)
    roll_question_add_address (question, &addresses[i]);
  if (n == 0)
    {
      move_to (question, &self->waiting);
      return;
    }
  question->over = TRUE;
  roll_question_record_hosts (question);
  move_to (question, &self->over);
}

void
roll_resolver_ready (RollResolver *self, int fd, guint32 epoll_events)
{
  for (guint i = 0; i < self->n_servers; i++)
    if (roll_name_server_process (self->servers[i], fd, epoll_events))
      {
        take_news (self, i);
        break;
      }
  turn (self);
}

gint64
roll_resolver_deadline (RollResolver *self)
{
  gint64 deadline = G_MAXINT64;

  if (self->over.head || (self->waiting.head && self->n_flying < self->window))
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (self->stages); i++)
    if (self->stages[i].head)
      deadline = MIN (deadline, ((RollQuestion *) self->stages[i].head->data)->due);
  for (guint i = 0; i < self->n_servers; i++)
    deadline = MIN (deadline, roll_name_server_get_deadline (self->servers[i]));
  return deadline;
}

void
roll_resolver_dispatch (RollResolver *self, gint64 now)
{
  for (guint i = 0; i < self->n_servers; i++)
    {
      roll_name_server_check (self->servers[i], now);
      take_news (self, i);
    }
  take_replies (self);
  for (guint i = 0; i < G_N_ELEMENTS (self->stages); i++)
    while (self->stages[i].head && ((RollQuestion *) self->stages[i].head->data)->due <= now)
      wait_is_over (self, self->stages[i].head->data);
  turn (self);
}
