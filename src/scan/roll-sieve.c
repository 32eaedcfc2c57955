/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>

#include "scan/roll-sieve-private.h"

#define FILES_MAX 1048576 /* where the hard limit is none */

guint
roll_sieve_raise_file_limit (void)
{
  static gsize once = 0;
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return 0;
  if (g_once_init_enter (&once))
    {
      rlim_t hard = MIN (limit.rlim_max, FILES_MAX);

      if (limit.rlim_cur < hard)
        {
          struct rlimit raised = { hard, limit.rlim_max };

          if (setrlimit (RLIMIT_NOFILE, &raised) == 0)
            limit = raised;
        }
      g_once_init_leave (&once, 1);
    }
  return (guint) MIN (limit.rlim_cur, FILES_MAX);
}

/* The rest of the program needs files too: the database, the name servers, the window, conversations. */
static guint
files_to_use (guint probes)
{
  struct rlimit limit;
  guint files;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0)
    return probes;
  files = (guint) MIN (limit.rlim_cur, FILES_MAX);
  return CLAMP (probes, 1, MAX (files - MIN (64 + files / 16, files / 2), 1));
}

static void
resolver_event (const char *kind, const char *detail, gpointer user_data)
{
  RollSieve *self = user_data;

  self->callbacks.event (kind, detail, self->user_data);
}

static gboolean
open_descriptors (RollSieve *self, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.u64 = (guint64) ROLL_SIEVE_TAG_WAKE << 32 };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->epoll_fd >= 0 && self->wake_fd >= 0 &&
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->wake_fd, &event) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _ ("The scan can’t start: %s. Close other programs, or allow more open files (see “ulimit -n”)."),
               g_strerror (errno));
  return FALSE;
}

/**
 * roll_sieve_start:
 * @options: copied
 * @callbacks: copied
 */
RollSieve *
roll_sieve_start (const RollSieveOptions *options,
                  const RollSieveCallbacks *callbacks,
                  gpointer user_data,
                  GError **error)
{
  RollSieve *self;

  g_return_val_if_fail (options != NULL && options->probes > 0 && options->connect_timeout_ms > 0, NULL);
  g_return_val_if_fail (callbacks != NULL && callbacks->next && callbacks->done && callbacks->event, NULL);

  self = g_new0 (RollSieve, 1);
  self->callbacks = *callbacks;
  self->user_data = user_data;
  self->port = options->port;
  self->probes = self->cap = files_to_use (options->probes);
  self->connect_timeout = options->connect_timeout_ms * G_TIME_SPAN_MILLISECOND;
  self->slots = g_ptr_array_new_with_free_func (g_free);
  roll_deadlines_init (&self->deadlines);
  if (open_descriptors (self, error))
    self->resolver = roll_resolver_new (&options->resolver, self->epoll_fd, ROLL_SIEVE_TAG_RESOLVER,
                                        roll_sieve_resolved, resolver_event, self, error);
  if (self->resolver == NULL)
    {
      roll_sieve_free (self);
      return NULL;
    }
  self->subnets = roll_subnets_new ();
  roll_sieve_lanes_init (self, options->rate);
  self->thread = g_thread_try_new ("sieve", roll_sieve_run, self, error);
  if (self->thread == NULL)
    g_clear_pointer (&self, roll_sieve_free);
  return self;
}

void
roll_sieve_wake (RollSieve *self)
{
  guint64 one = 1;

  g_return_if_fail (self != NULL);

  /* A full counter wakes just as well. */
  while (write (self->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
    ;
}

void
roll_sieve_set_paused (RollSieve *self, gboolean paused)
{
  g_return_if_fail (self != NULL);

  atomic_store_explicit (&self->pause_wanted, paused, memory_order_release);
  roll_sieve_wake (self);
}

void
roll_sieve_stop (RollSieve *self)
{
  g_return_if_fail (self != NULL);

  atomic_store_explicit (&self->stopping, TRUE, memory_order_release);
  roll_sieve_wake (self);
}

void
roll_sieve_join (RollSieve *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->thread, g_thread_join);
}

void
roll_sieve_free (RollSieve *self)
{
  if (self == NULL)
    return;
  if (self->thread != NULL)
    {
      roll_sieve_stop (self);
      roll_sieve_join (self);
    }
  g_clear_pointer (&self->resolver, roll_resolver_free);
  roll_subnets_free (self->subnets);
  if (self->wake_fd >= 0)
    close (self->wake_fd);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  roll_deadlines_clear (&self->deadlines);
  g_ptr_array_unref (self->slots);
  g_free (self);
}

void
roll_sieve_get_stats (RollSieve *self, RollSieveStats *ret_stats)
{
  g_return_if_fail (self != NULL && ret_stats != NULL);

  ret_stats->resolving = atomic_load_explicit (&self->n_resolving, memory_order_relaxed);
  ret_stats->connecting = atomic_load_explicit (&self->n_connecting, memory_order_relaxed);
  ret_stats->syns = atomic_load_explicit (&self->n_syns, memory_order_relaxed);
}
