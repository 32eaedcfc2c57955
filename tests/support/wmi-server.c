/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wmi-server.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/roll-ntlm-session.h"
#include "wmi-server-private.h"

#define BACKLOG 16
#define READ_BYTES 65536
#define NCA_OP_RNG_ERROR 0x1c010002

/* --- Sockets ----------------------------------------------------------------------------------------------------- */

static int
listen_on_loopback (int backlog, guint16 *ret_port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl (INADDR_LOOPBACK) } };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_assert_cmpint (bind (fd, (const struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, backlog), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &length), ==, 0);
  *ret_port = ntohs (address.sin_port);
  return fd;
}

/* Connections that nobody accepts fill the queue: what comes behind gets no answer. */
static void
fill_queue (WmiServer *self)
{
  struct sockaddr_in address
      = { .sin_family = AF_INET, .sin_port = htons (self->object_port), .sin_addr = { htonl (INADDR_LOOPBACK) } };

  for (guint i = 0; i < G_N_ELEMENTS (self->fillers); i++)
    {
      self->fillers[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      if (connect (self->fillers[i], (const struct sockaddr *) &address, sizeof address) != 0)
        g_assert_cmpint (errno, ==, EINPROGRESS);
    }
  g_usleep (20000);
}

static void
close_connection (WmiServerConnection *connection)
{
  if (connection->fd >= 0)
    close (connection->fd);
  connection->fd = -1;
  connection->closing = FALSE;
  g_clear_pointer (&connection->acceptor, roll_acceptor_free);
}

/* --- What the acceptor asks -------------------------------------------------------------------------------------- */

static gboolean
offers (const RollSyntax *interface, gpointer user_data)
{
  return interface->version == 0 && wmi_server_offers (user_data, &interface->uuid);
}

static RollSecret *
lookup (const char *user, const char *domain, gpointer user_data)
{
  guint8 hash[ROLL_NTLM_KEY_SIZE];

  if (strcmp (user, "scanner") != 0 || strcmp (domain, "PRACTICE") != 0)
    return NULL;
  roll_ntlm_hash (user, domain, WMI_SERVER_PASSWORD, hash);
  return roll_secret_new (hash, sizeof hash);
}

static RollSecurity *
new_security (RollAuthType type, RollAuthLevel level, gpointer user_data)
{
  const RollNtlmServer ntlm = { .nb_computer = "PC1",
                                .nb_domain = "PRACTICE",
                                .dns_computer = "pc1.practice.example",
                                .dns_domain = "practice.example",
                                .major = 10,
                                .build = WMI_SERVER_BUILD,
                                .lookup = lookup };

  g_assert_cmpint (type, ==, ROLL_AUTH_NTLM);
  return roll_security_new_ntlm_acceptor (&ntlm, level);
}

/* Returns: whether this call is the one that goes wrong */
static gboolean
strikes (WmiServer *self, const RollAcceptorCall *call)
{
  const WmiServerTrouble *trouble = &self->plan.trouble;

  if (trouble->action == WMI_SERVER_FINE || !roll_uuid_equal (trouble->iid, &call->interface.uuid)
      || trouble->opnum != call->opnum)
    return FALSE;
  return self->troubled++ >= trouble->after;
}

static guint32
interesting_number (GRand *chance)
{
  static const guint32 numbers[] = { 0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };

  return numbers[g_rand_int_range (chance, 0, G_N_ELEMENTS (numbers))];
}

/* The signature is made afterwards and is right: what is wrong with the bytes is for the decoders to find. */
static void
mutate (GRand *chance, RollWriter *out)
{
  if (chance == NULL || out->length == 0 || g_rand_int_range (chance, 0, 8) != 0)
    return;
  if (g_rand_int_range (chance, 0, 6) == 0)
    out->length = (gsize) g_rand_int_range (chance, 0, (gint32) out->length);
  for (gint32 n = g_rand_int_range (chance, 1, 4); n > 0 && out->length >= sizeof (guint32); n--)
    {
      gsize place = (gsize) g_rand_int_range (chance, 0, (gint32) (out->length - sizeof (guint32) + 1));

      if (g_rand_boolean (chance))
        out->data[place] ^= (guint8) (1 << g_rand_int_range (chance, 0, 8));
      else
        roll_writer_set_u32 (out, place & ~(gsize) 3, interesting_number (chance));
    }
}

static void
answer_call (const RollAcceptorCall *call, gpointer user_data)
{
  static const guint8 garbage[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
  WmiServerConnection *connection = user_data;
  WmiServer *self = connection->server;
  WmiServerAction action = strikes (self, call) ? self->plan.trouble.action : WMI_SERVER_FINE;
  WmiServerAnswer answer = { .connection = connection, .call = call };
  gboolean known;

  /* What is asked after a logon is asked at privacy. */
  g_assert_true (call->ticket.security == NULL || call->ticket.security->level == ROLL_LEVEL_PRIVACY);
  roll_reader_init (&answer.in, call->stub, call->length);
  roll_writer_init (&answer.out, 64 * 1024 * 1024);
  if (action == WMI_SERVER_RESULT)
    answer.result = self->plan.trouble.number;
  known = connection->object ? wmi_server_answer_object (&answer) : wmi_server_answer_mapper (&answer);
  g_assert_true (roll_reader_ok (&answer.in));
  if (answer.wait_ms > 0)
    g_usleep (answer.wait_ms * 1000);
  if (action == WMI_SERVER_FAULT)
    answer.fault = self->plan.trouble.number;
  if (!known)
    answer.fault = NCA_OP_RNG_ERROR;

  if (action == WMI_SERVER_CLOSE)
    connection->closing = TRUE;
  else if (action == WMI_SERVER_GARBAGE)
    roll_acceptor_answer (connection->acceptor, &call->ticket, garbage, sizeof garbage);
  else if (action == WMI_SERVER_EMPTY)
    roll_acceptor_answer (connection->acceptor, &call->ticket, garbage, 0);
  else if (answer.fault != 0)
    roll_acceptor_fault (connection->acceptor, &call->ticket, answer.fault, 0);
  else if (action != WMI_SERVER_SILENT)
    {
      mutate (self->chance, &answer.out);
      roll_acceptor_answer (connection->acceptor, &call->ticket, answer.out.data, answer.out.length);
    }
  roll_writer_clear (&answer.out);
}

static const RollAcceptorHandler handler = { offers, new_security, NULL, answer_call, NULL };

/* --- The thread -------------------------------------------------------------------------------------------------- */

static void
accept_one (WmiServer *self, int fd, gboolean object)
{
  int socket = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  for (guint i = 0; i < WMI_SERVER_MAX_CONNECTIONS && socket >= 0; i++)
    {
      WmiServerConnection *connection = &self->connections[i];

      if (connection->fd >= 0)
        continue;
      connection->fd = socket;
      connection->object = object;
      connection->acceptor = roll_acceptor_new (&handler, connection);
      roll_acceptor_set_multiplex (connection->acceptor, !self->plan.single);
      roll_acceptor_set_fragment (connection->acceptor, self->plan.fragment_bytes);
      return;
    }
  g_assert_cmpint (socket, <, 0);
}

static guint
count_requests (const guint8 *bytes, gsize length)
{
  guint n = 0;

  while (length >= ROLL_PDU_HEADER_SIZE)
    {
      const char *problem;
      gsize pdu = roll_pdu_frag_length (bytes, &problem);

      if (pdu == 0 || pdu > length)
        break;
      n += bytes[2] == ROLL_PDU_REQUEST;
      bytes += pdu;
      length -= pdu;
    }
  return n;
}

static void
receive (WmiServerConnection *connection)
{
  guint8 *bytes = connection->server->received;
  gssize n = recv (connection->fd, bytes, READ_BYTES, 0);

  if (n > 0 && connection->object)
    connection->server->most_in_flight
        = MAX (connection->server->most_in_flight, count_requests (bytes, (gsize) n));
  if (n <= 0 ? errno != EAGAIN || n == 0 : !roll_acceptor_feed (connection->acceptor, bytes, (gsize) n))
    connection->closing = TRUE;
}

static void
send_pending (WmiServerConnection *connection)
{
  gsize length;
  const guint8 *bytes = roll_acceptor_pending (connection->acceptor, &length);
  gssize n = length > 0 ? send (connection->fd, bytes, length, MSG_NOSIGNAL) : 0;

  if (n > 0)
    roll_acceptor_sent (connection->acceptor, (gsize) n);
  roll_acceptor_pending (connection->acceptor, &length);
  if ((n < 0 && errno != EAGAIN) || (length == 0 && connection->closing))
    close_connection (connection);
}

static short
events_of (WmiServerConnection *connection)
{
  gsize length = 0;

  if (connection->acceptor != NULL)
    roll_acceptor_pending (connection->acceptor, &length);
  return length > 0 ? POLLIN | POLLOUT : POLLIN;
}

static gpointer
serve (gpointer data)
{
  WmiServer *self = data;
  struct pollfd fds[WMI_SERVER_MAX_CONNECTIONS + 3];

  for (;;)
    {
      for (guint i = 0; i < WMI_SERVER_MAX_CONNECTIONS; i++)
        fds[i] = (struct pollfd) { self->connections[i].fd, events_of (&self->connections[i]), 0 };
      fds[WMI_SERVER_MAX_CONNECTIONS] = (struct pollfd) { self->mapper_fd, POLLIN, 0 };
      fds[WMI_SERVER_MAX_CONNECTIONS + 1]
          = (struct pollfd) { self->plan.silent_port ? -1 : self->object_fd, POLLIN, 0 };
      fds[WMI_SERVER_MAX_CONNECTIONS + 2] = (struct pollfd) { self->stop_fd, POLLIN, 0 };
      poll (fds, G_N_ELEMENTS (fds), -1);
      if (fds[WMI_SERVER_MAX_CONNECTIONS + 2].revents != 0)
        return NULL;
      for (guint i = 0; i < WMI_SERVER_MAX_CONNECTIONS; i++)
        {
          if (fds[i].revents & (POLLIN | POLLHUP | POLLERR))
            receive (&self->connections[i]);
          if (fds[i].revents != 0)
            send_pending (&self->connections[i]);
        }
      if (fds[WMI_SERVER_MAX_CONNECTIONS].revents != 0)
        accept_one (self, self->mapper_fd, FALSE);
      if (fds[WMI_SERVER_MAX_CONNECTIONS + 1].revents != 0)
        accept_one (self, self->object_fd, TRUE);
    }
}

/* --- Life -------------------------------------------------------------------------------------------------------- */

WmiServer *
wmi_server_start (const WmiServerPlan *plan)
{
  WmiServer *self = g_new0 (WmiServer, 1);

  self->plan = *plan;
  self->stop_fd = eventfd (0, EFD_CLOEXEC);
  self->calls = g_ptr_array_new_with_free_func (g_free);
  self->rows = g_array_new (FALSE, TRUE, sizeof (WmiServerRows));
  for (guint i = 0; i < WMI_SERVER_MAX_CONNECTIONS; i++)
    self->connections[i] = (WmiServerConnection) { .server = self, .fd = -1 };
  self->received = g_malloc (READ_BYTES);
  memset (self->fillers, 0xff, sizeof self->fillers);
  if (plan->mutations != 0)
    self->chance = g_rand_new_with_seed (plan->mutations);
  wmi_server_make_classes (self);
  self->mapper_fd = listen_on_loopback (BACKLOG, &self->mapper_port);
  self->object_fd = listen_on_loopback (plan->silent_port ? 0 : BACKLOG, &self->object_port);
  if (plan->silent_port)
    fill_queue (self);
  if (plan->closed_port)
    {
      close (self->object_fd);
      self->object_fd = -1;
    }
  self->thread = g_thread_new ("wmi-server", serve, self);
  return self;
}

void
wmi_server_stop_serving (WmiServer *self)
{
  if (self->thread == NULL)
    return;
  eventfd_write (self->stop_fd, 1);
  g_thread_join (g_steal_pointer (&self->thread));
}

void
wmi_server_stop (WmiServer *self)
{
  wmi_server_stop_serving (self);
  for (guint i = 0; i < WMI_SERVER_MAX_CONNECTIONS; i++)
    close_connection (&self->connections[i]);
  for (guint i = 0; i < G_N_ELEMENTS (self->fillers); i++)
    if (self->fillers[i] >= 0)
      close (self->fillers[i]);
  close (self->mapper_fd);
  if (self->object_fd >= 0)
    close (self->object_fd);
  close (self->stop_fd);
  for (guint i = 0; i < self->rows->len; i++)
    roll_smart_writer_free (g_array_index (self->rows, WmiServerRows, i).smart);
  g_array_unref (self->rows);
  g_ptr_array_unref (self->calls);
  wmi_server_free_classes (self);
  g_clear_pointer (&self->chance, g_rand_free);
  g_free (self->received);
  g_free (self);
}

guint16
wmi_server_get_port (WmiServer *self)
{
  return self->mapper_port;
}

guint16
wmi_server_get_object_port (WmiServer *self)
{
  return self->object_port;
}

RollCredential *
wmi_server_credential (const char *password)
{
  g_autoptr (GError) error = NULL;
  RollCredential *credential = roll_credential_new (
      "Scanner", "PRACTICE\\scanner", roll_secret_new (password, strlen (password)), NULL, "ntlm", &error);

  g_assert_no_error (error);
  return credential;
}

GPtrArray *
wmi_server_get_calls (WmiServer *self)
{
  g_assert_null (self->thread);
  return self->calls;
}

guint
wmi_server_count_calls (WmiServer *self, const char *call)
{
  GPtrArray *calls = wmi_server_get_calls (self);
  guint n = 0;

  for (guint i = 0; i < calls->len; i++)
    n += strcmp (g_ptr_array_index (calls, i), call) == 0;
  return n;
}

guint
wmi_server_get_references (WmiServer *self)
{
  g_assert_null (self->thread);
  return self->references;
}

guint
wmi_server_get_most_in_flight (WmiServer *self)
{
  g_assert_null (self->thread);
  return self->most_in_flight;
}

guint
wmi_server_get_version (WmiServer *self)
{
  g_assert_null (self->thread);
  return self->version;
}
