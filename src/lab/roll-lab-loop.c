/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lab/roll-lab-private.h"

#define N_EVENTS 64

static void
free_watch (gpointer data)
{
  RollLabWatch *watch = data;

  if (watch->destroy != NULL)
    watch->destroy (watch->data);
  if (watch->sleep != NULL)
    g_sequence_remove (watch->sleep);
  /* Closing alone would leave it watched for as long as a child, forked meanwhile, has it too. */
  epoll_ctl (watch->lab->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
  close (watch->fd);
  g_free (watch);
}

RollLabWatch *
roll_lab_watch (RollLab *self, int fd, RollLabReady ready, GError **error)
{
  RollLabWatch *watch = g_new0 (RollLabWatch, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };

  watch->lab = self;
  watch->fd = fd;
  watch->ready = ready;
  watch->events = EPOLLIN;
  g_hash_table_add (self->watches, watch);
  if (ready == NULL || epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
    return watch;
  roll_lab_fail (error, errno);
  roll_lab_unwatch (watch);
  return NULL;
}

void
roll_lab_unwatch (RollLabWatch *watch)
{
  g_hash_table_remove (watch->lab->watches, watch);
}

void
roll_lab_watch_for (RollLabWatch *watch, gboolean reading, gboolean writing)
{
  struct epoll_event event = { .events = (reading ? EPOLLIN : 0u) | (writing ? EPOLLOUT : 0u),
                               .data.ptr = watch };

  if (event.events == watch->events)
    return;
  watch->events = event.events;
  epoll_ctl (watch->lab->epoll_fd, EPOLL_CTL_MOD, watch->fd, &event);
}

/* --- Time -------------------------------------------------------------------------------------------------------- */

static int
compare_wake (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const RollLabWatch *one = a, *two = b;

  return one->wake < two->wake ? -1 : one->wake > two->wake;
}

void
roll_lab_wake_at (RollLabWatch *watch, gint64 time)
{
  if (time == watch->wake)
    return;
  g_clear_pointer (&watch->sleep, g_sequence_remove);
  watch->wake = time;
  if (time > 0)
    watch->sleep = g_sequence_insert_sorted (watch->lab->sleepers, watch, compare_wake, NULL);
}

static RollLabWatch *
first_sleeper (RollLab *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->sleepers);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static int
milliseconds_to_sleep (RollLab *self)
{
  RollLabWatch *first = first_sleeper (self);

  if (first == NULL)
    return -1;
  return (int) CLAMP ((first->wake - g_get_monotonic_time () + 999) / 1000, 0, G_MAXINT);
}

static void
wake_sleepers (RollLab *self)
{
  gint64 now = g_get_monotonic_time ();
  RollLabWatch *watch;

  while ((watch = first_sleeper (self)) != NULL && watch->wake <= now)
    {
      roll_lab_wake_at (watch, 0);
      watch->woken (watch);
    }
}

/* --- The thread -------------------------------------------------------------------------------------------------- */

/* Until the stop descriptor, whose event has no watch, becomes readable. */
static gpointer
run (gpointer data)
{
  RollLab *self = data;
  struct epoll_event events[N_EVENTS];

  for (;;)
    {
      int n = epoll_wait (self->epoll_fd, events, N_EVENTS, milliseconds_to_sleep (self));

      for (int i = 0; i < n; i++)
        {
          RollLabWatch *watch = events[i].data.ptr;

          if (watch == NULL)
            return NULL;
          watch->ready (watch);
        }
      wake_sleepers (self);
    }
}

gboolean
roll_lab_loop_open (RollLab *self, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN };

  self->watches = g_hash_table_new_full (NULL, NULL, free_watch, NULL);
  self->sleepers = g_sequence_new (NULL);
  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->epoll_fd < 0 || self->stop_fd < 0 ||
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->stop_fd, &event) != 0)
    return roll_lab_fail (error, errno);
  return TRUE;
}

gboolean
roll_lab_loop_start (RollLab *self, GError **error)
{
  self->thread = g_thread_try_new ("practice", run, self, error);
  if (self->thread != NULL)
    self->names_thread = g_thread_try_new ("names", roll_lab_run_names, self, error);
  return self->names_thread != NULL;
}

void
roll_lab_loop_stop (RollLab *self)
{
  if (self->thread == NULL)
    return;
  eventfd_write (self->stop_fd, 1);
  g_thread_join (g_steal_pointer (&self->thread));
  if (self->names_thread != NULL)
    g_thread_join (g_steal_pointer (&self->names_thread));
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void
roll_lab_loop_close (RollLab *self)
{
  g_clear_pointer (&self->watches, g_hash_table_unref);
  g_clear_pointer (&self->sleepers, g_sequence_free);
  close_fd (&self->epoll_fd);
  close_fd (&self->stop_fd);
}
