/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

/* Not a port that the kernel gives away by itself: a scan could meet its own socket behind a closed door. */
#define FIRST_PORT 13500
#define N_PORTS 100
#define OTHER_FILES 256 /* what the rest of the program has open */
#define N_EVENTS 64

gboolean
roll_lab_fail (GError **error, int number)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (number), g_strerror (number));
  return FALSE;
}

static void
free_watch (gpointer data)
{
  RollLabWatch *watch = data;

  /* Closing alone would leave it watched for as long as a child, forked meanwhile, has it too. */
  epoll_ctl (watch->lab->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
  close (watch->fd);
  g_free (watch);
}

gboolean
roll_lab_watch (RollLab *self, int fd, RollLabReady ready, GError **error)
{
  RollLabWatch *watch = g_new0 (RollLabWatch, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };

  watch->lab = self;
  watch->fd = fd;
  watch->ready = ready;
  g_hash_table_add (self->watches, watch);
  if (ready == NULL || epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
    return TRUE;
  roll_lab_fail (error, errno);
  roll_lab_unwatch (watch);
  return FALSE;
}

void
roll_lab_unwatch (RollLabWatch *watch)
{
  g_hash_table_remove (watch->lab->watches, watch);
}

RollLab *
roll_lab_new (guint n_computers)
{
  RollLab *self;

  g_return_val_if_fail (n_computers > 0 && n_computers <= ROLL_LAB_COMPUTERS_MAX, NULL);

  self = g_new0 (RollLab, 1);
  self->computers = roll_lab_plan (n_computers);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < n_computers; i++)
    g_hash_table_insert (self->by_name, g_array_index (self->computers, RollLabComputer, i).name,
                         GUINT_TO_POINTER (i + 1));
  self->lost = g_malloc0_n (n_computers, sizeof *self->lost);
  self->watches = g_hash_table_new_full (NULL, NULL, free_watch, NULL);
  self->epoll_fd = self->stop_fd = -1;
  return self;
}

void
roll_lab_free (RollLab *self)
{
  if (self == NULL)
    return;
  roll_lab_stop (self);
  g_hash_table_unref (self->watches);
  g_hash_table_unref (self->by_name);
  g_array_unref (self->computers);
  g_free (self->lost);
  g_free (self);
}

const RollLabComputer *
roll_lab_get_computers (RollLab *self, guint *ret_n_computers)
{
  g_return_val_if_fail (self != NULL && ret_n_computers != NULL, NULL);

  *ret_n_computers = self->computers->len;
  return (const RollLabComputer *) (gpointer) self->computers->data;
}

static gboolean
open_at (RollLab *self, guint16 port, GError **error)
{
  if (!roll_lab_open_names (self, port, error))
    return FALSE;
  for (guint i = 0; i < self->computers->len; i++)
    if (!roll_lab_open_door (self, &g_array_index (self->computers, RollLabComputer, i), port, error))
      return FALSE;
  return TRUE;
}

/* The first port that nobody has on any of the addresses. */
static gboolean
open_somewhere (RollLab *self, GError **error)
{
  for (guint i = 0; i < N_PORTS; i++)
    {
      g_autoptr (GError) failure = NULL;

      if (open_at (self, FIRST_PORT + i, &failure))
        {
          self->port = FIRST_PORT + i;
          return TRUE;
        }
      g_hash_table_remove_all (self->watches);
      if (i + 1 < N_PORTS && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        continue;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return FALSE;
}

static void
raise_file_limit (RollLab *self)
{
  struct rlimit limit;
  rlim_t needed = OTHER_FILES;

  for (guint i = 0; i < self->computers->len; i++)
    needed += roll_lab_door_files (g_array_index (self->computers, RollLabComputer, i).door);
  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
    return;
  limit.rlim_cur = MIN (needed, limit.rlim_max);
  setrlimit (RLIMIT_NOFILE, &limit);
}

/* Until the stop descriptor, whose event has no watch, becomes readable. */
static gpointer
run (gpointer data)
{
  RollLab *self = data;
  struct epoll_event events[N_EVENTS];

  for (;;)
    {
      int n = epoll_wait (self->epoll_fd, events, N_EVENTS, -1);

      for (int i = 0; i < n; i++)
        {
          RollLabWatch *watch = events[i].data.ptr;

          if (watch == NULL)
            return NULL;
          watch->ready (watch);
        }
    }
}

static gboolean
open_loop (RollLab *self, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self->stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->epoll_fd < 0 || self->stop_fd < 0 ||
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, self->stop_fd, &event) != 0)
    return roll_lab_fail (error, errno);
  return TRUE;
}

static gboolean
start (RollLab *self, GError **error)
{
  if (!open_loop (self, error) || !open_somewhere (self, error))
    return FALSE;
  self->thread = g_thread_try_new ("practice", run, self, error);
  return self->thread != NULL;
}

gboolean
roll_lab_start (RollLab *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->thread == NULL, FALSE);

  raise_file_limit (self);
  if (!start (self, error))
    {
      /* Translators: before the system's own sentence, such as “Too many open files” */
      g_prefix_error (error, "%s", _("The practice network cannot start: "));
      roll_lab_stop (self);
      return FALSE;
    }
  self->dns = g_strdup_printf ("127.0.0.1:%u", self->port);
  return TRUE;
}

static void
close_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void
roll_lab_stop (RollLab *self)
{
  g_return_if_fail (self != NULL);

  if (self->thread != NULL)
    {
      eventfd_write (self->stop_fd, 1);
      g_thread_join (g_steal_pointer (&self->thread));
    }
  g_hash_table_remove_all (self->watches);
  close_fd (&self->epoll_fd);
  close_fd (&self->stop_fd);
  g_clear_pointer (&self->dns, g_free);
  self->port = 0;
}

guint16
roll_lab_get_port (RollLab *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

const char *
roll_lab_get_dns (RollLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->dns;
}
