/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an authenticated association costs: CPU to make it and call once, memory while it stays open. The server is another
 * process, so that it counts for nothing. */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc-server.h"

#define ASSOCIATIONS 2000
#define STUB_BYTES 200
#define GOAL_KILOBYTES 256
#define GOAL_MICROSECONDS 1000

static gpointer
serve (gpointer data)
{
  rpc_server_serve ((RpcServerPlan) { 0 }, GPOINTER_TO_INT (data));
  return NULL;
}

static void
accept_for_ever (int listener)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  for (;;)
    {
      int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

      g_assert_cmpint (fd, >=, 0);
      g_thread_unref (g_thread_new ("rpc-server", serve, GINT_TO_POINTER (fd)));
    }
}

static pid_t
start_server (struct sockaddr_in *ret_address)
{
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  socklen_t length = sizeof *ret_address;
  pid_t child;

  *ret_address = (struct sockaddr_in) { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  g_assert_no_errno (bind (listener, (const struct sockaddr *) ret_address, length));
  g_assert_no_errno (listen (listener, 4096));
  g_assert_no_errno (getsockname (listener, (struct sockaddr *) ret_address, &length));
  child = fork ();
  g_assert_no_errno ((int) child);
  if (child == 0)
    accept_for_ever (listener);
  close (listener);
  return child;
}

static RollAssociation *
open_association (const struct sockaddr_in *address, RollSecret *hash)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;
  guint8 stub[STUB_BYTES] = { 0 };
  RollAssociation *association;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_no_errno (connect (fd, (const struct sockaddr *) address, sizeof *address));
  g_assert_no_errno (fcntl (fd, F_SETFL, O_NONBLOCK));
  association = roll_association_new (fd, -1, 60000);
  roll_association_bind (association, &rpc_server_interface, 1,
                         roll_security_new_ntlm (RPC_SERVER_USER, RPC_SERVER_DOMAIN, hash, "host/pc1.practice.example",
                                                 ROLL_LEVEL_PRIVACY),
                         &error);
  g_assert_no_error (error);
  answer = roll_association_call (association, &rpc_server_interface, RPC_SERVER_ECHO, NULL, stub, sizeof stub, &error);
  g_assert_no_error (error);
  return association;
}

static double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
resident_kilobytes (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  fields = g_strsplit (text, " ", 3);
  return (double) g_ascii_strtoull (fields[1], NULL, 10) * (double) sysconf (_SC_PAGESIZE) / 1024;
}

static void
raise_file_limit (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

int
main (void)
{
  static RollAssociation *associations[ASSOCIATIONS];
  g_autoptr (RollSecret) hash = rpc_server_hash (RPC_SERVER_PASSWORD);
  struct sockaddr_in address;
  double cpu, memory, wall;
  pid_t server;
  gboolean met;

  raise_file_limit ();
  server = start_server (&address);
  roll_association_free (open_association (&address, hash)); /* what is made once is made now */
  memory = resident_kilobytes ();
  cpu = cpu_seconds ();
  wall = (double) g_get_monotonic_time () / 1e6;
  for (guint i = 0; i < ASSOCIATIONS; i++)
    associations[i] = open_association (&address, hash);
  wall = (double) g_get_monotonic_time () / 1e6 - wall;
  cpu = (cpu_seconds () - cpu) / ASSOCIATIONS * 1e6;
  memory = (resident_kilobytes () - memory) / ASSOCIATIONS;
  for (guint i = 0; i < ASSOCIATIONS; i++)
    roll_association_free (associations[i]);
  kill (server, SIGKILL);

  met = memory <= GOAL_KILOBYTES && cpu <= GOAL_MICROSECONDS;
  printf ("%d associations with NTLM open at once: %.1f KB each (goal %d)\n", ASSOCIATIONS, memory, GOAL_KILOBYTES);
  printf ("connect, bind, NTLM, one sealed call: %.0f us CPU each (goal %d), %.2f s for all, one after the other  %s\n", cpu,
          GOAL_MICROSECONDS, wall, met ? "met" : "MISSED");
  return met ? 0 : 1;
}
