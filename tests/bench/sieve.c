/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the sieve costs: closed ports of 127.20.0.0/18, asked by a bare epoll connect loop, by the sieve
 * alone, and by the whole program with everything stored, in one run and in turns. Each turn is a process of
 * its own; the CPU time is what the kernel charged it, user and system; the fastest turn of each counts.
 *
 * usage: sieve [ROLLCALL-CLI]
 */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "scan/roll-sieve.h"

#define N_ADDRESSES 16382u
#define FIRST_ADDRESS 0x7f140001u
#define IN_FLIGHT 4096
#define ROUNDS 5u

typedef struct
{
  const char *name;
  double goal; /* times the CPU of the first */
  void (*run) (const char *argument);
  double cpu_us;
  double wall_s;
  double memory_mb;
} Contestant;

/* Bare: no more than what everybody must do. */

static void
bare_begin (int epoll_fd, guint i)
{
  struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons (ROLL_SIEVE_PORT) };
  struct epoll_event event = { .events = EPOLLOUT };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  peer.sin_addr.s_addr = htonl (FIRST_ADDRESS + i);
  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, (struct sockaddr *) &peer, sizeof peer) < 0)
    g_assert_cmpint (errno, ==, EINPROGRESS);
  event.data.fd = fd;
  epoll_ctl (epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void
bare_end (int fd)
{
  int number = 0;
  socklen_t length = sizeof number;

  getsockopt (fd, SOL_SOCKET, SO_ERROR, &number, &length);
  g_assert_cmpint (number, ==, ECONNREFUSED);
  close (fd);
}

static void
run_bare (const char *argument)
{
  struct epoll_event events[256];
  int epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  guint begun = 0;
  guint ended = 0;

  while (ended < N_ADDRESSES)
    {
      int n_events;

      while (begun < N_ADDRESSES && begun - ended < IN_FLIGHT)
        bare_begin (epoll_fd, begun++);
      n_events = epoll_wait (epoll_fd, events, G_N_ELEMENTS (events), -1);
      for (int i = 0; i < n_events; i++)
        bare_end (events[i].data.fd);
      ended += (guint) n_events;
    }
}

/* The sieve: jobs in, attempts with one step out. */

typedef struct
{
  guint begun;
  guint refused;
} Count;

static RollSieveNext
next (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data)
{
  Count *count = user_data;
  guint32 address = htonl (FIRST_ADDRESS + count->begun);

  if ((kinds & ROLL_SIEVE_ADDRESSES) == 0 || count->begun == N_ADDRESSES)
    return ROLL_SIEVE_END;
  ret_job->ordinal = count->begun++;
  ret_job->address.family = AF_INET;
  memcpy (ret_job->address.bytes, &address, sizeof address);
  ret_job->attempt = roll_attempt_new (1);
  return ROLL_SIEVE_JOB;
}

static void
done (RollSieveResult *result, gpointer user_data)
{
  Count *count = user_data;

  g_assert_cmpuint (result->job.attempt->steps->len, ==, 1);
  count->refused += result->error.number == ECONNREFUSED;
  roll_attempt_free (result->job.attempt);
}

static void
event (const char *kind, const char *detail, gpointer user_data)
{
  g_error ("%s %s", kind, detail);
}

static void
run_sieve (const char *argument)
{
  static const RollSieveCallbacks callbacks = { next, done, event };
  static const RollSieveOptions options = {
    .port = ROLL_SIEVE_PORT,
    .probes = IN_FLIGHT,
    .connect_timeout_ms = ROLL_SIEVE_CONNECT_TIMEOUT_MS,
    .rate = ROLL_SIEVE_RATE,
  };
  g_autoptr (GError) error = NULL;
  Count count = { 0 };
  RollSieve *sieve = roll_sieve_start (&options, &callbacks, &count, &error);

  g_assert_no_error (error);
  roll_sieve_join (sieve);
  roll_sieve_free (sieve);
  g_assert_cmpuint (count.refused, ==, N_ADDRESSES);
}

/* The whole program, in a database of its own. */

/* @last: the last argument: one that spares side probes, or nothing */
static void
run_command (const char *argument, const char *last)
{
  g_autofree char *folder = g_dir_make_tmp ("rollcall-bench-XXXXXX", NULL);
  g_autofree char *database = g_build_filename (folder, "bench.db", NULL);
  const char *const command[] = { argument, "scan", "--probe-only", "127.20.0.0/18", "--database",
                                  database, last, NULL };
  g_autoptr (GError) error = NULL;
  int status = -1;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    {
      static const char *const suffixes[] = { "", "-claims", "-wal", "-shm" };
      g_autofree char *path = g_strconcat (database, suffixes[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_assert_cmpint (status, ==, 0);
}

/* One connect for each address, like the others. */
static void
run_program (const char *argument)
{
  run_command (argument, "--no-side-probes");
}

/* Of who refuses port 135, four more ports are tried. */
static void
run_with_side_probes (const char *argument)
{
  run_command (argument, NULL);
}

/* One turn of one contestant, in a child whose cost can be told apart. */
static void
take_turn (Contestant *contestant, const char *argument)
{
  struct rusage usage;
  gint64 started = g_get_monotonic_time ();
  double cpu_us;
  int status = 0;
  pid_t child = fork ();

  if (child == 0)
    {
      contestant->run (argument);
      _exit (0);
    }
  g_assert_cmpint (wait4 (child, &status, 0, &usage), ==, child);
  g_assert_cmpint (status, ==, 0);
  cpu_us = (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  if (contestant->cpu_us > 0 && contestant->cpu_us <= cpu_us)
    return;
  contestant->cpu_us = cpu_us;
  contestant->wall_s = (double) (g_get_monotonic_time () - started) / 1e6;
  contestant->memory_mb = (double) usage.ru_maxrss / 1024;
}

static void
show (const Contestant *contestant, const Contestant *bare)
{
  double times = contestant->cpu_us / bare->cpu_us;

  g_print ("%-15s %8.1f us CPU %9.0f/s %7.1f MB %6.2f times", contestant->name,
           contestant->cpu_us / N_ADDRESSES, N_ADDRESSES / contestant->wall_s, contestant->memory_mb, times);
  if (contestant->goal > 0)
    g_print ("  goal %.1f: %s", contestant->goal, times <= contestant->goal ? "met" : "MISSED");
  g_print ("\n");
}

int
main (int argc, char **argv)
{
  Contestant contestants[] = {
    { "bare loop", 0, run_bare },
    { "sieve alone", 1.7, run_sieve },
    { "whole program", 4, run_program },
    { "side probes too", 0, run_with_side_probes },
  };
  guint n_contestants = argc > 1 ? G_N_ELEMENTS (contestants) : 2;
  gboolean met = TRUE;

  roll_sieve_raise_file_limit ();
  for (guint round = 0; round < ROUNDS; round++)
    for (guint i = 0; i < n_contestants; i++)
      take_turn (&contestants[i], argv[1]);

  g_print ("closed ports of 127.20.0.0/18, %u addresses, best of %u turns, each address:\n", N_ADDRESSES,
           ROUNDS);
  for (guint i = 0; i < n_contestants; i++)
    {
      show (&contestants[i], &contestants[0]);
      met = met && (contestants[i].goal <= 0 ||
                    contestants[i].cpu_us <= contestants[i].goal * contestants[0].cpu_us);
    }
  return met ? 0 : 1;
}
