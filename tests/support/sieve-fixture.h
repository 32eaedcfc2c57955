/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-sieve.h"

G_BEGIN_DECLS

/* A sieve that is given targets, names or addresses, and what came of each. */

typedef struct
{
  char *target;
  guint n_done;           /* how often the sieve gave it back: once, one hopes */
  RollSieveResult result; /* @fd is open until the fixture is freed */
} Probe;

typedef struct
{
  RollSieveOptions options; /* loopback, fast; to be changed before the start */
  guint again;              /* each target is asked so many times more, from inside done() */
  RollSieve *sieve;
  GMutex lock;       /* of what follows: the sieve's thread writes it */
  GPtrArray *probes; /* (element-type Probe) */
  guint n_given;
  gboolean complete; /* no more targets will be added */
  GString *events;   /* "kind detail\n" */
  guint n_in_flight_max;
  guint n_asked; /* calls of next() */
} SieveFixture;

SieveFixture *sieve_fixture_new (guint16 port);
void sieve_fixture_free (SieveFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SieveFixture, sieve_fixture_free)

/* Before or after the start. */
Probe *sieve_fixture_add (SieveFixture *self, const char *target);
void sieve_fixture_start (SieveFixture *self);
/* No more targets: waits for the end of it. Starts it if need be. */
void sieve_fixture_finish (SieveFixture *self);
/* The one target, to its end. */
Probe *sieve_fixture_run (SieveFixture *self, const char *target);
guint sieve_fixture_count_done (SieveFixture *self);

/* "open", "cancelled" or the name of the error. */
const char *probe_get_end (const Probe *self);
const RollStepRecord *probe_get_step (const Probe *self, guint index);

/* A listening socket on all of 127.0.0.0/8; *ret_port is filled. */
int listen_open (int family, guint16 *ret_port);
/* One whose queue is full, so that whoever knocks gets no answer. Freed with close() of both. */
int listen_full (guint16 *ret_port, int *ret_filler);
/* A port nobody listens on. */
guint16 closed_port (void);

G_END_DECLS
