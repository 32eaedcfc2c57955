/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-kerberos.h"

#include <netinet/in.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define REALM "PRACTICE.EXAMPLE"

/* A KDC that takes every question and answers none; closed, one that is not there. */
typedef struct
{
  int stream;
  int datagram;
} Kdc;

/* Set before there is any thread; the environment stays as it is then. */
static char *settings;

static int
open_port (int type, guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, type | SOCK_CLOEXEC, 0);

  g_assert_no_errno (bind (fd, (const struct sockaddr *) &address, sizeof address));
  return fd;
}

static guint16
port_of (int fd)
{
  struct sockaddr_in address;
  socklen_t length = sizeof address;

  g_assert_no_errno (getsockname (fd, (struct sockaddr *) &address, &length));
  return ntohs (address.sin_port);
}

static void
kdc_start (Kdc *kdc)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  kdc->stream = open_port (SOCK_STREAM, 0);
  g_assert_no_errno (listen (kdc->stream, 16));
  kdc->datagram = open_port (SOCK_DGRAM, port_of (kdc->stream));
  text = g_strdup_printf ("[libdefaults]\n default_realm = " REALM "\n dns_lookup_kdc = false\n"
                          "[realms]\n " REALM " = {\n  kdc = 127.0.0.1:%u\n }\n",
                          port_of (kdc->stream));
  g_file_set_contents (settings, text, -1, &error);
  g_assert_no_error (error);
}

static void
kdc_close (Kdc *kdc)
{
  close (kdc->stream);
  close (kdc->datagram);
}

static RollTickets *
get (int cancel_fd, gint64 deadline, GError **error)
{
  g_autoptr (RollSecret) password = roll_secret_new ("password", 8);

  return roll_kerberos_get_tickets ("scanner@" REALM, password, "host/pc1.practice.example", cancel_fd, deadline, error);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (50000);
  g_assert_no_errno (eventfd_write (GPOINTER_TO_INT (data), 1));
  return NULL;
}

static void
test_waiting_ends (void)
{
  int cancel_fd = eventfd (0, EFD_CLOEXEC);
  g_autoptr (GError) error = NULL;
  GThread *thread;
  Kdc kdc;

  kdc_start (&kdc);
  g_assert_null (get (-1, g_get_monotonic_time () + 50000, &error));
  g_assert_error (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_TIMED_OUT);
  g_clear_error (&error);

  thread = g_thread_new ("cancel", cancel_soon, GINT_TO_POINTER (cancel_fd));
  g_assert_null (get (cancel_fd, 0, &error));
  g_assert_error (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_CANCELLED);
  g_thread_join (thread);
  close (cancel_fd);
  kdc_close (&kdc);
}

static void
test_nobody_there (void)
{
  g_autoptr (GError) error = NULL;
  RollErrorNumber number;
  Kdc kdc;

  kdc_start (&kdc);
  kdc_close (&kdc);
  g_assert_null (get (-1, 0, &error));
  g_assert_error (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_REFUSED);
  number = roll_rpc_error_get_number (error);
  g_assert_cmpint (number.space, ==, ROLL_ERROR_SPACE_KERBEROS);
  g_assert_cmpuint (number.number, ==, 156); /* KRB5_KDC_UNREACH */
  g_assert_cmpint (roll_rpc_error_get_said_by (error), ==, ROLL_SAID_BY_THIS_MACHINE);
}

static void
test_no_tickets (void)
{
  g_autoptr (GError) error = NULL;
  Kdc kdc;

  kdc_start (&kdc);
  kdc_close (&kdc);
  g_assert_null (roll_kerberos_get_tickets (NULL, NULL, "host/pc1.practice.example", -1, 0, &error));
  g_assert_error (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_REFUSED);
  g_assert_cmpint (roll_rpc_error_get_number (error).space, ==, ROLL_ERROR_SPACE_KERBEROS);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("rollcall-XXXXXX", NULL);
  int result;

  g_test_init (&argc, &argv, NULL);
  g_assert_nonnull (folder);
  settings = g_build_filename (folder, "krb5.conf", NULL);
  g_setenv ("KRB5_CONFIG", settings, TRUE);
  g_setenv ("KRB5CCNAME", "MEMORY:nothing", TRUE);

  g_test_add_func ("/rpc/tickets/nobody-there", test_nobody_there);
  g_test_add_func ("/rpc/tickets/no-tickets", test_no_tickets);
  g_test_add_func ("/rpc/tickets/waiting-ends", test_waiting_ends);
  result = g_test_run ();
  unlink (settings);
  rmdir (folder);
  g_free (settings);
  return result;
}
