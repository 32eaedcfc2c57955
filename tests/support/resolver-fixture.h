/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "name-server.h"
#include "scan/roll-resolver.h"

G_BEGIN_DECLS

/* A resolver on an epoll loop of its own, and what it answered. */

typedef struct
{
  char *name;
  RollAttempt *attempt;
  gboolean answered;
  GArray *addresses; /* (element-type RollAddress) */
  RollErrorNumber error;
  gint64 took_us;
} Answer;

typedef struct
{
  int epoll_fd;
  RollResolver *resolver;
  GPtrArray *answers; /* (element-type Answer), in the order asked */
  guint n_answered;
  GString *events; /* "kind detail\n" */
  const char *follow_up; /* asked for from inside the callback, so often */
  guint n_follow_ups;
} ResolverFixture;

/* @servers, @search: with blanks between; @search NULL: none. */
ResolverFixture *resolver_fixture_new (const char *servers, const char *search, guint in_flight);
void resolver_fixture_free (ResolverFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ResolverFixture, resolver_fixture_free)

Answer *resolver_fixture_ask (ResolverFixture *self, const char *name);
/* Runs the loop until something happens, half a second at most. */
void resolver_fixture_turn (ResolverFixture *self);
/* Runs the loop until everything asked is answered, or so long at most; TRUE when it is. */
gboolean resolver_fixture_run (ResolverFixture *self, guint milliseconds);
/* Asks for one name and waits. */
Answer *resolver_fixture_resolve (ResolverFixture *self, const char *name);

/* "10.1.2.3,fe80::1", sorted, for comparing; (transfer full) */
char *answer_get_addresses (const Answer *self);
/* The c-ares status, 0 for none. */
int answer_get_status (const Answer *self);
const RollStepRecord *answer_get_step (const Answer *self, guint index);

G_END_DECLS
