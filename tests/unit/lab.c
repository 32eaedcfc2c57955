/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What must come may take its time; what must not come is waited for briefly. Slowness never fails a test. */
#define LONG_MS 20000
#define SHORT_MS 150

#define TYPE_A 1
#define TYPE_AAAA 28

static RollLab *
start (guint n_computers)
{
  RollLab *lab = roll_lab_new (n_computers);
  g_autoptr (GError) error = NULL;

  roll_lab_start (lab, &error);
  g_assert_no_error (error);
  return lab;
}

static int
connect_to (const RollAddress *address, guint16 port, int type)
{
  struct sockaddr_storage storage;
  socklen_t length = roll_address_to_sockaddr (address, port, &storage);
  int fd = socket (address->family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  if (connect (fd, (struct sockaddr *) &storage, length) == 0 || errno == EINPROGRESS)
    return fd;
  close (fd);
  return -1;
}

static gboolean
wait_for (int fd, short events, int milliseconds)
{
  struct pollfd wait = { .fd = fd, .events = events };

  return poll (&wait, 1, milliseconds) == 1;
}

static int
dns_socket (RollLab *lab)
{
  const char *colon = strrchr (roll_lab_get_dns (lab), ':');
  g_autofree char *host = g_strndup (roll_lab_get_dns (lab), (gsize) (colon - roll_lab_get_dns (lab)));
  RollAddress address;

  g_assert_true (roll_address_parse (host, &address));
  g_assert_true (roll_address_is_loopback (&address));
  return connect_to (&address, (guint16) atoi (colon + 1), SOCK_DGRAM);
}

static gsize
put_query (guint8 *query, const char *name, guint16 type)
{
  static const guint8 header[12] = { 0x12, 0x34, 0x01, 0, 0, 1 };
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);
  gsize n = sizeof header;

  memcpy (query, header, sizeof header);
  for (guint i = 0; labels[i] != NULL; i++)
    {
      query[n++] = (guint8) strlen (labels[i]);
      memcpy (query + n, labels[i], strlen (labels[i]));
      n += strlen (labels[i]);
    }
  memcpy (query + n, (guint8[]) { 0, 0, (guint8) type, 0, 1 }, 5);
  return n + 5;
}

/* Returns: the response code, -1 for silence; @ret_address is set when there was one */
static int
ask (RollLab *lab, const char *name, guint16 type, int milliseconds, RollAddress *ret_address)
{
  guint8 query[300], answer[600];
  gsize length = put_query (query, name, type);
  int fd = dns_socket (lab);
  gssize n = -1;

  g_assert_cmpint (send (fd, query, length, 0), ==, length);
  if (wait_for (fd, POLLIN, milliseconds))
    n = recv (fd, answer, sizeof answer, 0);
  close (fd);
  *ret_address = (RollAddress) { 0 };
  if (n < 0)
    return -1;

  g_assert_cmpmem (answer, 2, query, 2);
  g_assert_cmphex (answer[2], ==, 0x85); /* an authoritative response, recursion was desired */
  g_assert_cmpmem (answer + 12, length - 12, query + 12, length - 12);
  g_assert_cmpint (answer[5], ==, 1);
  g_assert_cmpint (n, ==, length + (answer[7] > 0 ? 16 : 0));
  if (answer[7] > 0)
    {
      static const guint8 head[] = { 0xc0, 12, 0, TYPE_A, 0, 1 };

      g_assert_cmpint (answer[7], ==, 1);
      g_assert_cmpmem (answer + length, sizeof head, head, sizeof head);
      ret_address->family = AF_INET;
      memcpy (ret_address->bytes, answer + n - 4, 4);
    }
  return answer[3];
}

static void
check_name (RollLab *lab, const RollLabComputer *computer)
{
  gboolean known = computer->naming == ROLL_LAB_NAME_KNOWN || computer->naming == ROLL_LAB_NAME_LATE;
  RollAddress address;
  int code, patience = computer->naming == ROLL_LAB_NAME_SILENT ? SHORT_MS : LONG_MS;

  for (guint i = 0; i < 2 && computer->naming == ROLL_LAB_NAME_LATE; i++)
    g_assert_cmpint (ask (lab, computer->name, TYPE_A, SHORT_MS, &address), ==, -1);
  code = ask (lab, computer->name, TYPE_A, patience, &address);
  g_assert_cmpint (code, ==, known                                       ? 0
                             : computer->naming == ROLL_LAB_NAME_RETIRED ? 3
                             : computer->naming == ROLL_LAB_NAME_FAILS   ? 2
                                                                         : -1);
  g_assert_cmpint (address.family, ==, known ? AF_INET : AF_UNSPEC);
  if (known)
    g_assert_true (roll_address_equal (&address, &computer->address));
}

static int
error_of (int fd)
{
  int number = 0;
  socklen_t length = sizeof number;

  g_assert_cmpint (getsockopt (fd, SOL_SOCKET, SO_ERROR, &number, &length), ==, 0);
  return number;
}

static void
check_door (RollLab *lab, const RollLabComputer *computer)
{
  gboolean silent = computer->door == ROLL_LAB_DOOR_SILENT;
  int fd = connect_to (&computer->address, roll_lab_get_port (lab), SOCK_STREAM);

  if (fd < 0)
    {
      g_assert_cmpint (errno, ==, ENETUNREACH);
      g_assert_cmpint (computer->door, ==, ROLL_LAB_DOOR_UNREACHABLE);
      return;
    }
  g_assert_cmpint (wait_for (fd, POLLOUT, silent ? SHORT_MS : LONG_MS), ==, !silent);
  g_assert_cmpint (error_of (fd), ==, computer->door == ROLL_LAB_DOOR_REFUSED ? ECONNREFUSED : 0);
  close (fd);
}

static RollStatus
status_of (const RollLabComputer *computer)
{
  static const RollStatus by_door[] = {
    [ROLL_LAB_DOOR_OPEN] = ROLL_STATUS_REACHABLE,
    [ROLL_LAB_DOOR_REFUSED] = ROLL_STATUS_CONNECTION_REFUSED,
    [ROLL_LAB_DOOR_SILENT] = ROLL_STATUS_CONNECTION_TIMEOUT,
    [ROLL_LAB_DOOR_UNREACHABLE] = ROLL_STATUS_HOST_UNREACHABLE,
  };

  return computer->naming <= ROLL_LAB_NAME_LATE ? by_door[computer->door] : ROLL_STATUS_MACHINE_NOT_FOUND;
}

static void
test_every_computer (void)
{
  g_autoptr (RollLab) lab = start (ROLL_LAB_COMPUTERS);
  guint n_computers, n_found[500] = { 0 };
  const RollLabComputer *computers = roll_lab_get_computers (lab, &n_computers);

  g_assert_cmpuint (n_computers, ==, ROLL_LAB_COMPUTERS);
  for (guint i = 0; i < n_computers; i++)
    {
      g_assert_cmpint (computers[i].expected, ==, status_of (&computers[i]));
      n_found[computers[i].expected + 5]++;
      check_name (lab, &computers[i]);
      if (computers[i].naming != ROLL_LAB_NAME_RETIRED)
        check_door (lab, &computers[i]);
    }
  g_assert_cmpuint (n_found[ROLL_STATUS_REACHABLE + 5], ==, 22);
  g_assert_cmpuint (n_found[ROLL_STATUS_MACHINE_NOT_FOUND + 5], ==, 6);
  g_assert_cmpuint (n_found[ROLL_STATUS_CONNECTION_TIMEOUT + 5], ==, 5);
  g_assert_cmpuint (n_found[ROLL_STATUS_CONNECTION_REFUSED + 5], ==, 5);
  g_assert_cmpuint (n_found[ROLL_STATUS_HOST_UNREACHABLE + 5], ==, 2);
}

static const RollLabComputer *
find (RollLab *lab, RollLabNaming naming, RollLabDoor door)
{
  guint n_computers;
  const RollLabComputer *computers = roll_lab_get_computers (lab, &n_computers);

  for (guint i = 0; i < n_computers; i++)
    if (computers[i].naming == naming && computers[i].door == door)
      return &computers[i];
  g_assert_not_reached ();
}

static void
test_questions (void)
{
  g_autoptr (RollLab) lab = start (ROLL_LAB_COMPUTERS);
  const RollLabComputer *known = find (lab, ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN);
  g_autofree char *upper = g_ascii_strup (known->name, -1);
  RollAddress address;

  g_assert_cmpint (ask (lab, upper, TYPE_A, LONG_MS, &address), ==, 0);
  g_assert_true (roll_address_equal (&address, &known->address));
  g_assert_cmpint (ask (lab, known->name, TYPE_AAAA, LONG_MS, &address), ==, 0);
  g_assert_cmpint (address.family, ==, AF_UNSPEC);
  g_assert_cmpint (ask (lab, "nobody.practice.example", TYPE_A, LONG_MS, &address), ==, 3);
  g_assert_cmpint (ask (lab, "www.example.com", TYPE_A, LONG_MS, &address), ==, 3);
  g_assert_cmpint (ask (lab, "1.1.86.127.in-addr.arpa", 12, LONG_MS, &address), ==, 3);
}

/* Each type of question for a late name is counted for itself, and after an answer it is late again. */
static void
test_late (void)
{
  g_autoptr (RollLab) lab = start (ROLL_LAB_COMPUTERS);
  const RollLabComputer *late = find (lab, ROLL_LAB_NAME_LATE, ROLL_LAB_DOOR_OPEN);
  RollAddress address;

  for (guint round = 0; round < 2; round++)
    {
      g_assert_cmpint (ask (lab, late->name, TYPE_A, SHORT_MS, &address), ==, -1);
      g_assert_cmpint (ask (lab, late->name, TYPE_AAAA, SHORT_MS, &address), ==, -1);
      g_assert_cmpint (ask (lab, late->name, TYPE_A, SHORT_MS, &address), ==, -1);
      g_assert_cmpint (ask (lab, late->name, TYPE_A, LONG_MS, &address), ==, 0);
      g_assert_true (roll_address_equal (&address, &late->address));
      g_assert_cmpint (ask (lab, late->name, TYPE_AAAA, SHORT_MS, &address), ==, -1);
      g_assert_cmpint (ask (lab, late->name, TYPE_AAAA, LONG_MS, &address), ==, 0);
    }
}

/* Wrong messages get an error or nothing, and the next right one an answer. */
static void
test_hostile_messages (void)
{
  g_autoptr (RollLab) lab = start (ROLL_LAB_COMPUTERS);
  const RollLabComputer *known = find (lab, ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN);
  int fd = dns_socket (lab);
  guint8 query[300], message[1200];
  gsize length = put_query (query, known->name, TYPE_A);
  RollAddress address;
  int code = -1;

  for (gsize n = 0; n < length; n++)
    send (fd, query, n, 0);
  for (guint i = 0; i < 3000; i++)
    {
      gsize n = g_test_rand_int_range (0, sizeof message);

      for (gsize j = 0; j < n; j++)
        message[j] = (guint8) g_test_rand_int_range (0, 256);
      if (i % 2 == 0)
        memcpy (message, query, MIN (n, 12));
      if (i % 4 == 0 && n > 12)
        memset (message + 12, 63, n - 12);
      send (fd, message, n, 0);
    }
  close (fd);
  /* The flood may have filled the name service's buffer: a question can be lost, but not all of them. */
  for (guint i = 0; i < 20 && code != 0; i++)
    code = ask (lab, known->name, TYPE_A, LONG_MS / 20, &address);
  g_assert_cmpint (code, ==, 0);
}

static void
test_refuses_other_operations (void)
{
  g_autoptr (RollLab) lab = start (1);
  guint8 query[300], answer[600];
  gsize length = put_query (query, "pc-001.accounts.practice.example", TYPE_A);
  int fd = dns_socket (lab);

  query[2] |= 5 << 3; /* an update of the zone */
  send (fd, query, length, 0);
  g_assert_true (wait_for (fd, POLLIN, LONG_MS));
  g_assert_cmpint (recv (fd, answer, sizeof answer, 0), ==, 12);
  g_assert_cmpint (answer[3], ==, 4);
  query[2] = 0;
  query[5] = 2; /* two questions at once */
  send (fd, query, length, 0);
  g_assert_true (wait_for (fd, POLLIN, LONG_MS));
  g_assert_cmpint (recv (fd, answer, sizeof answer, 0), ==, 12);
  g_assert_cmpint (answer[3], ==, 1);
  close (fd);
}

static void
test_stop (void)
{
  g_autoptr (RollLab) lab = start (ROLL_LAB_COMPUTERS);
  const RollLabComputer *open = find (lab, ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN);
  guint16 port = roll_lab_get_port (lab);
  int visitor = connect_to (&open->address, port, SOCK_STREAM), late;
  char byte;

  g_assert_true (wait_for (visitor, POLLOUT, LONG_MS));
  g_assert_cmpint (write (visitor, "hello", 5), ==, 5);
  g_assert_false (wait_for (visitor, POLLIN, SHORT_MS));
  roll_lab_stop (lab);
  g_assert_true (wait_for (visitor, POLLIN, LONG_MS));
  g_assert_cmpint (read (visitor, &byte, 1), <=, 0);
  close (visitor);

  g_assert_cmpint (roll_lab_get_port (lab), ==, 0);
  g_assert_null (roll_lab_get_dns (lab));
  late = connect_to (&open->address, port, SOCK_STREAM);
  g_assert_true (late < 0 || (wait_for (late, POLLOUT, LONG_MS) && error_of (late) == ECONNREFUSED));
  if (late >= 0)
    close (late);

  g_assert_true (roll_lab_start (lab, NULL));
  check_door (lab, open);
}

static void
test_two_at_once (void)
{
  g_autoptr (RollLab) one = start (3);
  g_autoptr (RollLab) two = start (3);
  const RollLabComputer *open = find (one, ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN);

  g_assert_cmpuint (roll_lab_get_port (one), !=, roll_lab_get_port (two));
  check_door (one, open);
  check_door (two, open);
}

static void
test_thousands (void)
{
  g_autoptr (RollLab) lab = NULL;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_computers;
  const RollLabComputer *computers;
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < 8192)
    {
      g_test_skip ("too few open files are allowed here");
      return;
    }
  lab = start (3000);
  computers = roll_lab_get_computers (lab, &n_computers);
  g_assert_cmpuint (n_computers, ==, 3000);
  for (guint i = 0; i < n_computers; i++)
    {
      char text[ROLL_ADDRESS_STRLEN];

      g_assert_true (g_hash_table_add (names, computers[i].name));
      if (computers[i].address.family == AF_UNSPEC || computers[i].door == ROLL_LAB_DOOR_UNREACHABLE)
        continue;
      roll_address_format (&computers[i].address, text);
      g_assert_true (g_hash_table_add (addresses, g_strdup (text)));
      g_assert_true (roll_address_is_loopback (&computers[i].address));
      if (i % 97 == 0)
        check_door (lab, &computers[i]);
    }
}

/* As when the program starts another one: for a moment that has all our sockets too, also what is closed then. */
static void
test_a_child_holds_on_to_a_visitor (void)
{
  g_autoptr (RollLab) lab = start (1);
  guint n_computers;
  const RollLabComputer *computer = roll_lab_get_computers (lab, &n_computers);
  int fd = connect_to (&computer->address, roll_lab_get_port (lab), SOCK_STREAM);
  RollAddress address;
  pid_t child;

  g_assert_cmpint (computer->door, ==, ROLL_LAB_DOOR_OPEN);
  g_assert_true (wait_for (fd, POLLOUT, LONG_MS));
  g_usleep (SHORT_MS * 1000);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      pause ();
      _exit (0);
    }
  g_assert_no_errno (shutdown (fd, SHUT_RDWR));
  close (fd);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (ask (lab, computer->name, TYPE_A, LONG_MS, &address), ==, 0);
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/every-computer", test_every_computer);
  g_test_add_func ("/lab/names/questions", test_questions);
  g_test_add_func ("/lab/names/late", test_late);
  g_test_add_func ("/lab/names/hostile-messages", test_hostile_messages);
  g_test_add_func ("/lab/names/refuses-other-operations", test_refuses_other_operations);
  g_test_add_func ("/lab/stop", test_stop);
  g_test_add_func ("/lab/two-at-once", test_two_at_once);
  g_test_add_func ("/lab/thousands", test_thousands);
  g_test_add_func ("/lab/a-child-holds-on-to-a-visitor", test_a_child_holds_on_to_a_visitor);
  return g_test_run ();
}
