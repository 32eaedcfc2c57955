/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-wire.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <gssapi/gssapi_krb5.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "directory/roll-directory-tls.h"

#define SEALED_MAX (1024 * 1024) /* bytes of one sealed piece; we ask for less */
#define LENGTH_SIZE 4            /* before each of them, RFC 4422 3.7 */

struct _RollDirectoryWire
{
  int fd;
  RollDirectoryTls tls;
  gboolean safe;
  gboolean refused; /* the peer is not to be told anything */
  gss_ctx_id_t context;
  GByteArray *sealed;   /* come in, not yet a whole piece */
  GByteArray *unsealed; /* not yet taken */
  gsize taken;          /* of it */
  gsize allowed;        /* bytes that may still come in */
  gboolean ended;
  const RollDirectoryWait *wait; /* of the exchange under way */
};

/* --- Connecting -------------------------------------------------------------------------------------------------- */

static gboolean
fail (GError **error, const RollDirectoryWait *wait, int number)
{
  if (number == ECONNREFUSED)
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_UNREACHABLE,
                 _ ("“%s” refuses connections. Check that it is a domain controller, that the port is right, and that no firewall "
                    "is in between."),
                 wait->peer);
  else
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_UNREACHABLE,
                 _ ("“%s” can't be reached (%s). Check this machine's network and the server's name."), wait->peer,
                 g_strerror (number));
  return FALSE;
}

static gboolean
connect_to (int fd, const RollAddress *address, guint16 port, const RollDirectoryWait *wait, GError **error)
{
  struct sockaddr_storage storage;
  socklen_t length = roll_address_to_sockaddr (address, port, &storage);
  int number = 0;
  socklen_t size = sizeof number;

  if (connect (fd, (const struct sockaddr *) &storage, length) == 0)
    return TRUE;
  if (errno != EINPROGRESS)
    return fail (error, wait, errno);
  if (!roll_directory_wait_fd (wait, fd, POLLOUT, error))
    return FALSE;
  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &number, &size) != 0)
    number = errno;
  return number == 0 || fail (error, wait, number);
}

RollDirectoryWire *
roll_directory_wire_new (const RollAddress *address, guint16 port, const RollDirectoryWait *wait, GError **error)
{
  g_autoptr (RollDirectoryWire) self = g_new0 (RollDirectoryWire, 1);

  self->sealed = g_byte_array_new ();
  self->unsealed = g_byte_array_new ();
  self->fd = socket (address->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (self->fd < 0)
    fail (error, wait, errno);
  else if (connect_to (self->fd, address, port, wait, error))
    return g_steal_pointer (&self);
  return NULL;
}

void
roll_directory_wire_free (RollDirectoryWire *self)
{
  OM_uint32 minor;

  if (self == NULL)
    return;
  roll_directory_tls_clear (&self->tls);
  if (self->context != GSS_C_NO_CONTEXT)
    gss_delete_sec_context (&minor, &self->context, GSS_C_NO_BUFFER);
  g_byte_array_unref (self->sealed);
  g_byte_array_unref (self->unsealed);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

int
roll_directory_wire_get_fd (RollDirectoryWire *self)
{
  return self->fd;
}

void
roll_directory_wire_allow (RollDirectoryWire *self, gsize bytes, const RollDirectoryWait *wait)
{
  self->allowed = bytes;
  self->wait = wait;
}

gboolean
roll_directory_wire_has_ended (RollDirectoryWire *self)
{
  return self->ended;
}

/* What has come before TLS began was never protected, and must not be taken for what comes after. */
static gboolean
check_nothing_waits (RollDirectoryWire *self, const RollDirectoryWait *wait, GError **error)
{
  char byte;

  if (recv (self->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
    return TRUE;
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_PROTOCOL,
               _ ("“%s” sent something before the safe connection began. Somebody may be in between: name another server."),
               wait->peer);
  return FALSE;
}

gboolean
roll_directory_wire_start_tls (RollDirectoryWire *self, const char *host, char **accepted, const RollDirectoryWait *wait,
                               RollDirectoryCertificate **ret_certificate, GError **error)
{
  self->safe = check_nothing_waits (self, wait, error) &&
               roll_directory_tls_start (&self->tls, self->fd, host, accepted, wait, ret_certificate, error);
  self->refused = !self->safe;
  return self->safe;
}

gboolean
roll_directory_wire_is_safe (RollDirectoryWire *self)
{
  return self->safe;
}

void
roll_directory_wire_start_sealing (RollDirectoryWire *self, gss_ctx_id_t context)
{
  self->context = context;
}

/* --- Reading ----------------------------------------------------------------------------------------------------- */

static gssize
fail_with (int number)
{
  errno = number;
  return -1;
}

static gssize
receive (RollDirectoryWire *self, void *buffer, gsize length)
{
  gssize n;

  if (self->tls.session == NULL)
    return recv (self->fd, buffer, length, MSG_DONTWAIT);
  n = gnutls_record_recv (self->tls.session, buffer, length);
  if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
    return fail_with (EAGAIN);
  return n >= 0 ? n : fail_with (n == GNUTLS_E_PREMATURE_TERMINATION ? ECONNRESET : EPROTO);
}

static gssize
receive_allowed (RollDirectoryWire *self, void *buffer, gsize length)
{
  gssize n;

  if (self->allowed == 0)
    return fail_with (EMSGSIZE);
  n = receive (self, buffer, MIN (length, self->allowed));
  self->ended = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR && errno != EPROTO);
  self->allowed -= (gsize) MAX (n, 0);
  return n;
}

/* More bytes of the sealed piece until there are @wanted of it. 1: they are there */
static gssize
gather (RollDirectoryWire *self, gsize wanted)
{
  while (self->sealed->len < wanted)
    {
      guint8 buffer[16384];
      gssize n = receive_allowed (self, buffer, MIN (sizeof buffer, wanted - self->sealed->len));

      if (n <= 0)
        return n;
      g_byte_array_append (self->sealed, buffer, (guint) n);
    }
  return 1;
}

static gboolean
unseal (RollDirectoryWire *self)
{
  gss_buffer_desc sealed = { self->sealed->len - LENGTH_SIZE, self->sealed->data + LENGTH_SIZE };
  gss_buffer_desc plain = GSS_C_EMPTY_BUFFER;
  int confidential = 0;
  OM_uint32 minor;
  gboolean good = !GSS_ERROR (gss_unwrap (&minor, self->context, &sealed, &plain, &confidential, NULL)) && confidential;

  g_byte_array_set_size (self->sealed, 0);
  g_byte_array_set_size (self->unsealed, 0);
  self->taken = 0;
  if (good)
    g_byte_array_append (self->unsealed, plain.value, (guint) plain.length);
  gss_release_buffer (&minor, &plain);
  return good;
}

static gssize
receive_piece (RollDirectoryWire *self)
{
  gssize n = gather (self, LENGTH_SIZE);
  guint32 length;

  if (n <= 0)
    return n;
  memcpy (&length, self->sealed->data, LENGTH_SIZE);
  length = GUINT32_FROM_BE (length);
  if (length > SEALED_MAX)
    return fail_with (EMSGSIZE);
  n = gather (self, LENGTH_SIZE + length);
  if (n <= 0)
    return n;
  return unseal (self) ? 1 : fail_with (EPROTO);
}

static gssize
take_unsealed (RollDirectoryWire *self, void *buffer, gsize length)
{
  while (self->taken == self->unsealed->len)
    {
      gssize n = receive_piece (self);

      if (n <= 0)
        return n;
    }
  length = MIN (length, self->unsealed->len - self->taken);
  memcpy (buffer, self->unsealed->data + self->taken, length);
  self->taken += length;
  return (gssize) length;
}

static ber_slen_t
io_read (Sockbuf_IO_Desc *io, void *buffer, ber_len_t length)
{
  RollDirectoryWire *self = io->sbiod_pvt;

  return self->context != GSS_C_NO_CONTEXT ? take_unsealed (self, buffer, length) : receive_allowed (self, buffer, length);
}

/* --- Writing ----------------------------------------------------------------------------------------------------- */

static gssize
send_some (RollDirectoryWire *self, const void *buffer, gsize length)
{
  gssize n;

  if (self->tls.session == NULL)
    return send (self->fd, buffer, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  n = gnutls_record_send (self->tls.session, buffer, length);
  if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
    return fail_with (EAGAIN);
  return n >= 0 ? n : fail_with (EPROTO);
}

/* Questions are short: waiting for them to leave is rare. */
static gboolean
send_all (RollDirectoryWire *self, const guint8 *buffer, gsize length)
{
  while (length > 0)
    {
      gssize n = send_some (self, buffer, length);

      if (n < 0 && errno != EAGAIN && errno != EINTR)
        return FALSE;
      if (n < 0 && !(self->wait && roll_directory_wait_fd (self->wait, self->fd, POLLOUT, NULL)))
        {
          errno = ETIMEDOUT;
          return FALSE;
        }
      buffer += MAX (n, 0);
      length -= (gsize) MAX (n, 0);
    }
  return TRUE;
}

static gboolean
send_sealed (RollDirectoryWire *self, const guint8 *buffer, gsize length)
{
  gss_buffer_desc plain = { length, (void *) buffer };
  gss_buffer_desc sealed = GSS_C_EMPTY_BUFFER;
  int confidential = 0;
  OM_uint32 minor;
  guint32 prefix;
  gboolean sent;

  if (GSS_ERROR (gss_wrap (&minor, self->context, TRUE, GSS_C_QOP_DEFAULT, &plain, &confidential, &sealed)) || !confidential)
    {
      gss_release_buffer (&minor, &sealed);
      errno = EPROTO;
      return FALSE;
    }
  prefix = GUINT32_TO_BE ((guint32) sealed.length);
  sent = send_all (self, (const guint8 *) &prefix, LENGTH_SIZE) && send_all (self, sealed.value, sealed.length);
  gss_release_buffer (&minor, &sealed);
  return sent;
}

static ber_slen_t
io_write (Sockbuf_IO_Desc *io, void *buffer, ber_len_t length)
{
  RollDirectoryWire *self = io->sbiod_pvt;
  gboolean sent;

  if (self->refused)
    return fail_with (EPROTO);
  sent = self->context != GSS_C_NO_CONTEXT ? send_sealed (self, buffer, length) : send_all (self, buffer, length);
  /* libldap keeps it in memory, only to follow referrals, which is off; and it frees without wiping. One may be a password. */
  explicit_bzero (buffer, length);
  return sent ? (ber_slen_t) length : -1;
}

/* --- For libldap ------------------------------------------------------------------------------------------------- */

static int
io_setup (Sockbuf_IO_Desc *io, void *wire)
{
  io->sbiod_pvt = wire;
  return 0;
}

static int
io_remove (Sockbuf_IO_Desc *io)
{
  return 0;
}

static gboolean
has_data (RollDirectoryWire *self)
{
  return self->taken < self->unsealed->len ||
         (self->tls.session != NULL && gnutls_record_check_pending (self->tls.session) > 0);
}

static int
io_control (Sockbuf_IO_Desc *io, int option, void *argument)
{
  return option == LBER_SB_OPT_DATA_READY && has_data (io->sbiod_pvt) ? 1 : 0;
}

/* The wire closes it when it is freed. */
static int
io_close (Sockbuf_IO_Desc *io)
{
  return 0;
}

Sockbuf_IO roll_directory_wire_io = {
  .sbi_setup = io_setup,
  .sbi_remove = io_remove,
  .sbi_ctrl = io_control,
  .sbi_read = io_read,
  .sbi_write = io_write,
  .sbi_close = io_close,
};
