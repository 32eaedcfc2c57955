/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resolver-fixture.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define TAG 7

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_free (self->name);
  roll_attempt_free (self->attempt);
  g_array_unref (self->addresses);
  g_free (self);
}

static void
on_resolved (gpointer query_data, const RollAddress *addresses, guint n_addresses, RollErrorNumber error,
             gpointer user_data)
{
  ResolverFixture *self = user_data;
  Answer *answer = query_data;

  g_assert_false (answer->answered);
  answer->answered = TRUE;
  g_array_append_vals (answer->addresses, addresses, n_addresses);
  answer->error = error;
  answer->took_us += g_get_monotonic_time ();
  self->n_answered++;
  if (self->n_follow_ups > 0)
    {
      self->n_follow_ups--;
      resolver_fixture_ask (self, self->follow_up);
    }
}

static void
on_event (const char *kind, const char *detail, gpointer user_data)
{
  ResolverFixture *self = user_data;

  g_string_append_printf (self->events, "%s %s\n", kind, detail);
}

ResolverFixture *
resolver_fixture_new (const char *servers, const char *search, guint in_flight)
{
  ResolverFixture *self = g_new0 (ResolverFixture, 1);
  g_auto (GStrv) server_list = g_strsplit (servers, " ", -1);
  g_auto (GStrv) search_list = g_strsplit (search ? search : "", " ", -1);
  RollResolverOptions options = { (const char *const *) server_list, (const char *const *) search_list, in_flight };
  g_autoptr (GError) error = NULL;

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->answers = g_ptr_array_new_with_free_func (answer_free);
  self->events = g_string_new (NULL);
  self->resolver = roll_resolver_new (&options, self->epoll_fd, TAG, on_resolved, on_event, self, &error);
  g_assert_no_error (error);
  return self;
}

void
resolver_fixture_free (ResolverFixture *self)
{
  roll_resolver_free (self->resolver);
  close (self->epoll_fd);
  g_ptr_array_unref (self->answers);
  g_string_free (self->events, TRUE);
  g_free (self);
}

Answer *
resolver_fixture_ask (ResolverFixture *self, const char *name)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->name = g_strdup (name);
  answer->attempt = roll_attempt_new (1);
  answer->addresses = g_array_new (FALSE, FALSE, sizeof (RollAddress));
  answer->took_us = -g_get_monotonic_time ();
  g_ptr_array_add (self->answers, answer);
  roll_resolver_ask (self->resolver, name, answer->attempt, answer);
  g_assert_false (answer->answered);
  return answer;
}

static void
turn (ResolverFixture *self, gint64 end)
{
  struct epoll_event events[16];
  gint64 now = g_get_monotonic_time ();
  gint64 deadline = MIN (roll_resolver_deadline (self->resolver), end);
  int n = epoll_wait (self->epoll_fd, events, G_N_ELEMENTS (events),
                      deadline > now ? (int) ((deadline - now + 999) / 1000) : 0);

  g_assert_true (n >= 0 || errno == EINTR);
  for (int i = 0; i < n; i++)
    {
      g_assert_cmpuint (events[i].data.u64 >> 32, ==, TAG);
      roll_resolver_ready (self->resolver, (int) (events[i].data.u64 & G_MAXUINT32), events[i].events);
    }
  now = g_get_monotonic_time ();
  if (roll_resolver_deadline (self->resolver) <= now)
    roll_resolver_dispatch (self->resolver, now);
}

void
resolver_fixture_turn (ResolverFixture *self)
{
  turn (self, g_get_monotonic_time () + G_USEC_PER_SEC / 2);
}

gboolean
resolver_fixture_run (ResolverFixture *self, guint milliseconds)
{
  gint64 end = g_get_monotonic_time () + milliseconds * 1000;

  while (self->n_answered < self->answers->len && g_get_monotonic_time () < end)
    turn (self, end);
  return self->n_answered == self->answers->len;
}

Answer *
resolver_fixture_resolve (ResolverFixture *self, const char *name)
{
  Answer *answer = resolver_fixture_ask (self, name);

  g_assert_true (resolver_fixture_run (self, 20000));
  return answer;
}

char *
answer_get_addresses (const Answer *self)
{
  g_autoptr (GArray) sorted = g_array_copy (self->addresses);
  GString *text = g_string_new (NULL);
  char buffer[ROLL_ADDRESS_STRLEN];

  g_array_sort (sorted, (GCompareFunc) roll_address_compare);
  for (guint i = 0; i < sorted->len; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : ",",
                            roll_address_format (&g_array_index (sorted, RollAddress, i), buffer));
  return g_string_free (text, FALSE);
}

int
answer_get_status (const Answer *self)
{
  g_assert_true (self->error.space == (self->error.number == 0 ? ROLL_ERROR_SPACE_NONE : ROLL_ERROR_SPACE_DNS));
  return (int) self->error.number;
}

const RollStepRecord *
answer_get_step (const Answer *self, guint index)
{
  g_assert_cmpuint (index, <, self->attempt->steps->len);
  return &g_array_index (self->attempt->steps, RollStepRecord, index);
}
