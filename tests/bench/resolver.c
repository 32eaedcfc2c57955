/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resolver-fixture.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Names a second and processor time a name: a bare loop of sendmmsg() and recvmmsg() that looks at nothing, and the
 * resolver with all its evidence; against a name server on a thread of this process, so two processors are busy. */

#define BATCH 64
#define IN_FLIGHT 1000
#define MESSAGE_MAX 512

typedef struct
{
  gint64 wall;
  gint64 cpu;
} Clock;

static gint64
thread_cpu_us (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static Clock
start_clock (void)
{
  return (Clock) { g_get_monotonic_time (), thread_cpu_us () };
}

static void
report (const char *what, guint n, Clock start, const char *more)
{
  double wall = (double) (g_get_monotonic_time () - start.wall);
  double cpu = (double) (thread_cpu_us () - start.cpu);

  g_print ("%-34s %7u names  %8.0f names/s  %6.1f us of CPU a name%s\n", what, n, n * 1e6 / wall, cpu / n, more);
}

static gsize
write_question (guint8 *out, guint number, guint16 type)
{
  const guint8 tail[] = { 3, 'l', 'a', 'b', 0, 0, (guint8) type, 0, 1 };
  char label[16];
  int length = g_snprintf (label, sizeof label, "pc%u", number);

  memset (out, 0, 12);
  out[0] = (guint8) (number >> 8);
  out[1] = (guint8) number;
  out[2] = out[5] = 1;
  out[12] = (guint8) length;
  memcpy (out + 13, label, (gsize) length);
  memcpy (out + 13 + length, tail, sizeof tail);
  return 13 + (gsize) length + sizeof tail;
}

static int
connect_to (const char *peer)
{
  g_auto (GStrv) parts = g_strsplit (peer, ":", 2);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((guint16) atoi (parts[1])) };
  const int buffer = 4 * 1024 * 1024;
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  inet_pton (AF_INET, parts[0], &address.sin_addr);
  setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

/* Two questions a name, as the resolver asks where there is IPv6; what gets lost is not asked again. */
static void
run_bare (const char *peer, guint n_names)
{
  static guint8 messages[BATCH][MESSAGE_MAX];
  struct mmsghdr headers[BATCH];
  struct iovec data[BATCH];
  const guint total = n_names * 2;
  guint sent = 0, received = 0;
  int fd = connect_to (peer);
  Clock start = start_clock ();

  while (received < total)
    {
      guint n = MIN (MIN (BATCH, total - sent), IN_FLIGHT * 2 - (sent - received));
      for (guint i = 0; i < BATCH; i++)
        {
          data[i] = (struct iovec) { messages[i], MESSAGE_MAX };
          if (i < n)
            data[i].iov_len = write_question (messages[i], (sent + i) / 2, (sent + i) % 2 ? 28 : 1);
          headers[i] = (struct mmsghdr) { .msg_hdr = { .msg_iov = &data[i], .msg_iovlen = 1 } };
        }
      int done = n > 0 ? sendmmsg (fd, headers, n, 0) : 0;
      sent += done > 0 ? (guint) done : 0;
      for (guint i = 0; i < BATCH; i++)
        data[i].iov_len = MESSAGE_MAX;
      struct pollfd ready = { fd, POLLIN, 0 };
      if (sent == total || sent - received >= IN_FLIGHT * 2)
        if (poll (&ready, 1, 200) == 0)
          break;
      done = recvmmsg (fd, headers, BATCH, MSG_DONTWAIT, NULL);
      received += done > 0 ? (guint) done : 0;
    }
  g_autofree char *lost = g_strdup_printf ("  %u of %u datagrams lost", total - received, total);
  report ("bare sendmmsg loop", n_names, start, lost);
  close (fd);
}

static void
run_resolver (const char *what, const char *peer, guint n_names, const char *domain)
{
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (peer, NULL, IN_FLIGHT);
  guint retried = 0, failed = 0;
  Clock start = start_clock ();

  for (guint i = 0; i < n_names; i++)
    {
      char name[64];
      g_snprintf (name, sizeof name, "pc%u.%s", i, domain);
      while (!roll_resolver_has_room (fixture->resolver))
        resolver_fixture_turn (fixture);
      resolver_fixture_ask (fixture, name);
    }
  resolver_fixture_run (fixture, 60000);
  for (guint i = 0; i < n_names; i++)
    {
      Answer *answer = g_ptr_array_index (fixture->answers, i);
      retried += strstr (answer_get_step (answer, 0)->detail, " tries=1") == NULL;
      failed += answer->error.number != 0;
    }
  g_autofree char *more = g_strdup_printf ("  %u asked again, %u failed", retried, failed);
  report (what, n_names, start, more);
}

int
main (int argc, char **argv)
{
  guint n_names = argc > 1 ? (guint) atoi (argv[1]) : 50000;
  g_autoptr (GError) error = NULL;
  g_autoptr (NameServer) server = name_server_new ("127.0.0.1", 0, &error);

  g_assert_no_error (error);
  name_server_add (server, "*.lab=numbered:10.0.0.0,fd00::1", NULL);
  name_server_add (server, "A/*.v4=numbered:10.0.0.0", NULL);
  name_server_add (server, "AAAA/*.v4=nodata", NULL);
  name_server_add (server, "*.far=delay:5,numbered:10.0.0.0", NULL);
  run_bare (name_server_get_peer (server), n_names);
  run_resolver ("resolver, IPv4 only", name_server_get_peer (server), n_names, "v4");
  run_resolver ("resolver, both families", name_server_get_peer (server), n_names, "lab");
  run_resolver ("resolver, no such name", name_server_get_peer (server), n_names, "none");
  run_resolver ("resolver, answers 5 ms late", name_server_get_peer (server), n_names, "far");
  return 0;
}
