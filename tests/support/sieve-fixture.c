/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sieve-fixture.h"

#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

static void
probe_free (gpointer data)
{
  Probe *probe = data;

  if (probe->n_done > 0 && probe->result.fd >= 0)
    close (probe->result.fd);
  g_clear_pointer (&probe->result.job.attempt, roll_attempt_free);
  g_free (probe->target);
  g_free (probe);
}

SieveFixture *
sieve_fixture_new (guint16 port)
{
  SieveFixture *self = g_new0 (SieveFixture, 1);

  self->options = (RollSieveOptions){
    .port = port,
    .probes = ROLL_SIEVE_PROBES,
    .connect_timeout_ms = 300,
    .rate = ROLL_SIEVE_RATE,
  };
  g_mutex_init (&self->lock);
  self->probes = g_ptr_array_new_with_free_func (probe_free);
  self->events = g_string_new ("");
  return self;
}

void
sieve_fixture_free (SieveFixture *self)
{
  roll_sieve_free (self->sieve);
  g_ptr_array_unref (self->probes);
  g_string_free (self->events, TRUE);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
fill_job (Probe *probe, guint32 ordinal, RollSieveJob *ret_job)
{
  *ret_job = (RollSieveJob){ .ordinal = ordinal, .attempt = roll_attempt_new (1), .data = probe };
  if (!roll_address_parse (probe->target, &ret_job->address))
    ret_job->name = probe->target;
}

static RollSieveNext
next (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data)
{
  SieveFixture *self = user_data;
  RollSieveNext answer = ROLL_SIEVE_JOB;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->n_asked++;
  if (self->n_given < self->probes->len)
    {
      fill_job (g_ptr_array_index (self->probes, self->n_given), self->n_given, ret_job);
      if ((kinds & (ret_job->name != NULL ? ROLL_SIEVE_NAMES : ROLL_SIEVE_ADDRESSES)) == 0)
        {
          g_clear_pointer (&ret_job->attempt, roll_attempt_free);
          answer = ROLL_SIEVE_LATER;
        }
      else
        self->n_given++;
    }
  else
    answer = self->complete ? ROLL_SIEVE_END : ROLL_SIEVE_LATER;
  *ret_when = G_MAXINT64;
  return answer;
}

static void
done (RollSieveResult *result, gpointer user_data)
{
  SieveFixture *self = user_data;
  Probe *probe = result->job.data;
  RollSieveStats stats;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  roll_sieve_get_stats (self->sieve, &stats);
  self->n_in_flight_max = MAX (self->n_in_flight_max, stats.connecting + 1);
  if (probe->n_done++ > 0)
    roll_attempt_free (probe->result.job.attempt);
  probe->result = *result;
  if (self->again > 0 && self->n_given == self->probes->len)
    {
      self->again--;
      self->n_given = 0;
    }
}

static void
event (const char *kind, const char *detail, gpointer user_data)
{
  SieveFixture *self = user_data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_string_append_printf (self->events, "%s %s\n", kind, detail);
}

Probe *
sieve_fixture_add (SieveFixture *self, const char *target)
{
  Probe *probe = g_new0 (Probe, 1);

  probe->target = g_strdup (target);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->probes, probe);
  g_mutex_unlock (&self->lock);
  if (self->sieve != NULL)
    roll_sieve_wake (self->sieve);
  return probe;
}

void
sieve_fixture_start (SieveFixture *self)
{
  static const RollSieveCallbacks callbacks = { next, done, event };
  g_autoptr (GError) error = NULL;

  /* done() may be called before the sieve is known here. */
  g_mutex_lock (&self->lock);
  self->sieve = roll_sieve_start (&self->options, &callbacks, self, &error);
  g_mutex_unlock (&self->lock);
  g_assert_no_error (error);
}

void
sieve_fixture_finish (SieveFixture *self)
{
  if (self->sieve == NULL)
    sieve_fixture_start (self);
  g_mutex_lock (&self->lock);
  self->complete = TRUE;
  g_mutex_unlock (&self->lock);
  roll_sieve_wake (self->sieve);
  roll_sieve_join (self->sieve);
}

Probe *
sieve_fixture_run (SieveFixture *self, const char *target)
{
  Probe *probe = sieve_fixture_add (self, target);

  sieve_fixture_finish (self);
  g_assert_cmpuint (probe->n_done, ==, 1);
  return probe;
}

guint
sieve_fixture_count_done (SieveFixture *self)
{
  guint count = 0;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < self->probes->len; i++)
    count += ((Probe *) g_ptr_array_index (self->probes, i))->n_done;
  return count;
}

const char *
probe_get_end (const Probe *self)
{
  if (self->n_done == 0)
    return "not done";
  if (self->result.cancelled)
    return "cancelled";
  return self->result.error.space == ROLL_ERROR_SPACE_NONE ? "open" : roll_error_symbol (self->result.error);
}

const RollStepRecord *
probe_get_step (const Probe *self, guint index)
{
  g_assert_cmpuint (index, <, self->result.job.attempt->steps->len);

  return &g_array_index (self->result.job.attempt->steps, RollStepRecord, index);
}

static int
listen_with (int family, int backlog, guint16 *ret_port)
{
  RollAddress any = { .family = (guint16) family };
  struct sockaddr_storage local;
  socklen_t length = roll_address_to_sockaddr (&any, 0, &local);
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  g_assert_no_errno (bind (fd, (struct sockaddr *) &local, length));
  g_assert_no_errno (listen (fd, backlog));
  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &local, &length));
  g_assert_true (roll_address_from_sockaddr ((struct sockaddr *) &local, &any, ret_port));
  return fd;
}

int
listen_open (int family, guint16 *ret_port)
{
  return listen_with (family, 4096, ret_port);
}

int
listen_full (guint16 *ret_port, int *ret_filler)
{
  int fd = listen_with (AF_INET, 0, ret_port);
  struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons (*ret_port) };

  peer.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  *ret_filler = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_no_errno (connect (*ret_filler, (struct sockaddr *) &peer, sizeof peer));
  return fd;
}

guint16
closed_port (void)
{
  guint16 port;
  int fd = listen_with (AF_INET, 0, &port);

  close (fd);
  return port;
}
