/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-attempt.h"

G_BEGIN_DECLS

/*
 * Mass DNS for the sieve: c-ares does the wire, the policy is here (hosts file, search list, which server next, when a
 * server counts as silent), so that the evidence can say who was asked and what was answered. Single-threaded: it
 * lives on the sieve's epoll thread and never blocks. Questions are answered from inside roll_resolver_ready() and
 * roll_resolver_dispatch() only; the callbacks may ask again, but not free the resolver.
 */
typedef struct _RollResolver RollResolver;

typedef struct
{
  const char *const *servers; /* (nullable): "10.0.0.53", "10.0.0.53:5353", "[::1]:53"; NULL: the system's resolv.conf */
  const char *const *search;  /* (nullable): search domains; NULL: the system's */
  guint in_flight;            /* questions in flight at most; 0: 1,000. Fewer while a server loses what it is sent. */
} RollResolverOptions;

/**
 * RollResolved: the end of one question.
 * @addresses: (element-type RollAddress): in the order to try them (RFC 6724); empty on failure
 * @error: NONE, or ROLL_ERROR_SPACE_DNS
 * @steps: RESOLVE records are appended to the attempt given with the question
 */
typedef void (*RollResolved) (gpointer query_data, const RollAddress *addresses, guint n_addresses,
                              RollErrorNumber error, gpointer user_data);

/* kind: "name-server-silent", "name-server-back"; detail "server=10.0.0.53:53", and for a server that is refused or has
 * no route "error=ECONNREFUSED" behind it. */
typedef void (*RollResolverEvent) (const char *kind, const char *detail, gpointer user_data);

/**
 * roll_resolver_new:
 * @epoll_fd: descriptors are registered here with epoll_data.u64 = (@tag << 32) | fd; the loop hands back what is
 *   tagged so through roll_resolver_ready()
 *
 * Errors: G_IO_ERROR_INVALID_ARGUMENT for an address that is none.
 */
RollResolver *roll_resolver_new (const RollResolverOptions *options, int epoll_fd, guint32 tag, RollResolved resolved,
                                 RollResolverEvent event, gpointer user_data, GError **error);
void roll_resolver_free (RollResolver *self); /* open questions are dropped without a call */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollResolver, roll_resolver_free)

/* Room for another question now? The sieve does not pull names while there is none; addresses never wait. A question
 * asked all the same waits its turn. */
gboolean roll_resolver_has_room (RollResolver *self);

/* Never calls back from inside. @attempt gets the RESOLVE step records; must live until the answer. @name is copied. */
void roll_resolver_ask (RollResolver *self, const char *name, RollAttempt *attempt, gpointer query_data);

/* An @fd that is no longer the resolver's is ignored. */
void roll_resolver_ready (RollResolver *self, int fd, guint32 epoll_events);
/* When roll_resolver_dispatch() wants to be called next, g_get_monotonic_time() microseconds; G_MAXINT64 never.
 * Changes with every call of the others; cheap enough to ask each turn. */
gint64 roll_resolver_deadline (RollResolver *self);
void roll_resolver_dispatch (RollResolver *self, gint64 now);

G_END_DECLS
