/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "rpc/roll-association.h"

/*
 * What a server may send to one who binds, makes three calls, offers another interface and calls again. The first byte
 * of the input chooses how the rest is taken: as bytes, or as frames to make PDUs of; the server closes behind them.
 * There is no socket: the linker puts the functions below in the place of the system's (-Wl,--wrap).
 */

#define MODE_SECURITY 0x03 /* none, one that every signature is right for, NTLM */
#define MODE_FRAMES 0x04
#define MODE_SINGLE 0x08 /* no multiplexing */
#define MODE_LEGS 0x10   /* the logon asks for more legs */
#define MODE_LATE 0x20   /* the answers come when all calls have been made, not before */

#define SOCKET 1000 /* never asked for */
#define N_CALLS 3
#define FIRST_CALL 2 /* the bind is the first */
#define TOKEN_SIZE 16
#define FRAME_HEADER_SIZE 4

typedef enum
{
  NO_SECURITY,
  ANY_SECURITY,
  NTLM_SECURITY,
} Security;

static const RollSyntax interfaces[] = { { { { 1 } }, 0 }, { { { 2 } }, 1 } };
static const RollSyntax ndr20
    = { ROLL_UUID (0x8a885d04, 0x1ceb, 0x11c9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60), 2 };

/* --- The connection ---------------------------------------------------------------------------------------------- */

static struct
{
  const guint8 *bytes;
  gsize length;
  gsize position;
  gsize held_back; /* at the end, until all calls have been made */
} peer;

ssize_t __wrap_recv (int socket, void *buffer, size_t size, int flags);
ssize_t __wrap___recv_chk (int socket, void *buffer, size_t size, size_t room, int flags);
ssize_t __wrap_send (int socket, const void *buffer, size_t size, int flags);
int __wrap_poll (struct pollfd *fds, nfds_t n, int timeout);
int __wrap_setsockopt (int socket, int level, int name, const void *value, socklen_t length);
int __wrap_close (int socket);

ssize_t
__wrap_recv (int socket, void *buffer, size_t size, int flags)
{
  gsize length = MIN (size, peer.length - peer.held_back - peer.position);

  if (length > 0)
    memcpy (buffer, peer.bytes + peer.position, length);
  peer.position += length;
  return (ssize_t) length;
}

ssize_t
__wrap___recv_chk (int socket, void *buffer, size_t size, size_t room, int flags)
{
  g_assert_cmpuint (size, <=, room);
  return __wrap_recv (socket, buffer, size, flags);
}

ssize_t
__wrap_send (int socket, const void *buffer, size_t size, int flags)
{
  return (ssize_t) size;
}

/* One who only waits to read gets the end. */
int
__wrap_poll (struct pollfd *fds, nfds_t n, int timeout)
{
  gboolean input = peer.position < peer.length - peer.held_back || peer.held_back == 0
                   || (fds[0].events & POLLOUT) == 0;

  fds[0].revents = fds[0].events & (short) (input ? POLLIN | POLLOUT : POLLOUT);
  return 1;
}

int
__wrap_setsockopt (int socket, int level, int name, const void *value, socklen_t length)
{
  return 0;
}

int
__wrap_close (int socket)
{
  return 0;
}

/* --- A security context that every signature is right for --------------------------------------------------------- */

static gboolean
any_logon (RollSecurity *self, const guint8 *token, gsize length, RollWriter *ret_token, RollLogonNext *ret_next,
           GError **error)
{
  *ret_next = token == NULL || token[0] % 2 != 0 ? ROLL_LOGON_SEND : ROLL_LOGON_SEND_AND_DONE;
  roll_writer_bytes (ret_token, "token", 5);
  return TRUE;
}

static gsize
any_token_size (RollSecurity *self, gsize length)
{
  return TOKEN_SIZE;
}

static gboolean
any_protect (RollSecurity *self, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length, guint8 *ret_token,
             gsize token_length, GError **error)
{
  memset (ret_token, 0, token_length);
  return TRUE;
}

/* Touches all it is given, so that a sanitizer sees a byte too many. */
static gboolean
any_unprotect (RollSecurity *self, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length, const guint8 *token,
               gsize token_length, GError **error)
{
  guint sum = 0;

  g_assert_cmpuint (stub + stub_length, <=, pdu_length);
  for (gsize i = 0; i < pdu_length; i++)
    sum += pdu[i];
  for (gsize i = 0; i < token_length; i++)
    sum += token[i];
  for (gsize i = 0; i < stub_length; i++)
    pdu[stub + i] ^= (guint8) (sum & 0);
  return TRUE;
}

static void
any_free (RollSecurity *self)
{
  g_free (self);
}

static RollSecurity *
make_security (Security kind)
{
  static const RollSecurityClass any_class = {
    .type = ROLL_AUTH_NTLM,
    .logon = any_logon,
    .token_size = any_token_size,
    .protect = any_protect,
    .unprotect = any_unprotect,
    .free = any_free,
  };
  static RollSecret *hash; /* made once: its pages cost more than the rest of a run */
  RollSecurity *any;

  switch (kind)
    {
    case NO_SECURITY:
      return NULL;
    case ANY_SECURITY:
      any = g_new0 (RollSecurity, 1);
      *any = (RollSecurity) { .klass = &any_class, .level = ROLL_LEVEL_PRIVACY };
      return any;
    case NTLM_SECURITY:
    default:
      if (hash == NULL)
        hash = roll_secret_new ("sixteen bytes...", 16);
      return roll_security_new_ntlm ("user", "CORP", hash, "host/pc1", ROLL_LEVEL_PRIVACY);
    }
}

/* --- The server -------------------------------------------------------------------------------------------------- */

static void
put_verifier (RollWriter *out, gsize pdu, gsize stub, gsize alignment, const guint8 *token, gsize length)
{
  roll_pdu_put_auth (out, pdu, stub, alignment, &(RollPduAuth) { .type = ROLL_AUTH_NTLM, .level = ROLL_LEVEL_PRIVACY },
                     token, length);
}

static void
put_ack (RollWriter *out, RollPduType type, guint8 flags, guint8 call_id, const guint8 *token, gsize length)
{
  const RollPduBindAck ack = { .max_xmit = 5840, .max_recv = 1432, .n_results = 1,
                               .secondary_address = (const guint8 *) "1", .secondary_address_length = 2,
                               .results = { { .transfer_syntax = ndr20 } } };
  gsize pdu = roll_pdu_begin (out, type, flags, call_id);

  roll_pdu_put_bind_ack (out, &ack);
  if (length > 0)
    put_verifier (out, pdu, pdu, 4, token, length);
  roll_pdu_end (out, pdu);
}

static void
put_bind_ack (RollWriter *out, guint8 mode, const guint8 *token, gsize length)
{
  guint8 flags = (mode & MODE_SINGLE) != 0 ? 3 : 3 | ROLL_PFC_CONC_MPX | ROLL_PFC_SUPPORT_HEADER_SIGN;

  put_ack (out, ROLL_PDU_BIND_ACK, flags, 1, token, length);
}

/* A frame: type, flags, call, length of its stub; a response where the type is not another one's. */
static void
put_frame (RollWriter *out, Security security, const guint8 *frame, const guint8 *stub, GByteArray **answers)
{
  RollPduType type = frame[0] == ROLL_PDU_FAULT || frame[0] > 10 ? (RollPduType) frame[0] : ROLL_PDU_RESPONSE;
  gsize pdu, start;

  if (type == ROLL_PDU_ALTER_CONTEXT_RESP)
    {
      put_ack (out, type, frame[1], frame[2], stub, frame[3]);
      return;
    }
  pdu = roll_pdu_begin (out, type, frame[1], frame[2]);
  if (type == ROLL_PDU_RESPONSE)
    roll_pdu_put_response (out, frame[3], 0);
  else if (type == ROLL_PDU_FAULT)
    roll_pdu_put_fault (out, 0, frame[3]);
  start = out->length;
  roll_writer_bytes (out, stub, frame[3]);
  if (security == ANY_SECURITY)
    put_verifier (out, pdu, start, 16, NULL, TOKEN_SIZE);
  roll_pdu_end (out, pdu);

  if (type == ROLL_PDU_RESPONSE && answers[frame[2]] == NULL)
    answers[frame[2]] = g_byte_array_new ();
  if (type == ROLL_PDU_RESPONSE)
    g_byte_array_append (answers[frame[2]], stub, frame[3]);
}

static void
put_frames (RollWriter *out, Security security, const guint8 *data, gsize size, GByteArray **answers)
{
  while (size >= FRAME_HEADER_SIZE && size - FRAME_HEADER_SIZE >= data[3])
    {
      gsize length = FRAME_HEADER_SIZE + data[3];

      put_frame (out, security, data, data + FRAME_HEADER_SIZE, answers);
      data += length;
      size -= length;
    }
}

/* Returns: how much of it is held back until all calls have been made */
static gsize
put_all (RollWriter *out, guint8 mode, const guint8 *data, gsize size, GByteArray **answers)
{
  const guint8 first_token[TOKEN_SIZE] = { (mode & MODE_LEGS) != 0 };
  Security security = (Security) (mode & MODE_SECURITY);
  gboolean late = FALSE;
  gsize ack;

  if (security >= NTLM_SECURITY && (mode & MODE_FRAMES) != 0)
    put_bind_ack (out, mode, data, MIN (size, 5000));
  else if (security == NO_SECURITY || (mode & MODE_FRAMES) != 0)
    {
      put_bind_ack (out, mode, first_token, security == NO_SECURITY ? 0 : TOKEN_SIZE);
      late = (mode & MODE_LATE) != 0 && (mode & (MODE_LEGS | MODE_SINGLE)) == 0;
    }
  ack = out->length;

  if ((mode & MODE_FRAMES) != 0 && security < NTLM_SECURITY)
    put_frames (out, security, data, size, answers);
  else
    roll_writer_bytes (out, data, size);
  return late ? out->length - ack : 0;
}

/* --- The client -------------------------------------------------------------------------------------------------- */

static void
check_answer (GBytes *answer, const GByteArray *expected, const GError *error)
{
  g_assert_true ((answer != NULL) == (error == NULL));
  g_assert_true (error == NULL || error->domain == ROLL_RPC_ERROR);
  /* Whatever came whole is the beginning of all the fragments that bear its number. */
  if (answer != NULL && expected != NULL)
    g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), expected->data,
                     MIN (expected->len, g_bytes_get_size (answer)));
}

static void
talk (RollAssociation *association, Security security, GByteArray **answers)
{
  static const guint order[N_CALLS] = { 1, 2, 0 };
  guint32 calls[N_CALLS];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) last = NULL;
  gboolean ok = roll_association_bind (association, interfaces, 1, make_security (security), &error);

  for (guint i = 0; ok && i < N_CALLS; i++)
    {
      calls[i] = roll_association_send (association, interfaces, 0, NULL, "stub", 4, &error);
      ok = calls[i] != 0;
    }
  peer.held_back = 0;
  for (guint i = 0; ok && i < N_CALLS; i++)
    {
      g_autoptr (GBytes) answer = NULL;

      g_clear_error (&error);
      answer = roll_association_receive (association, calls[order[i]], &error);
      check_answer (answer, answers[calls[order[i]]], error);
      ok = answer != NULL || g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_FAULT);
    }
  g_assert_true (ok || error->domain == ROLL_RPC_ERROR);
  if (!ok)
    return;

  g_clear_error (&error);
  roll_association_alter (association, interfaces + 1, 1, NULL);
  last = roll_association_call (association, interfaces, 0, NULL, NULL, 0, &error);
  check_answer (last, answers[FIRST_CALL + N_CALLS + 1], error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (RollWriter) out = { 0 };
  g_autoptr (RollAssociation) association = NULL;
  GByteArray *answers[256] = { NULL };

  if (size < 1)
    return 0;
  roll_writer_init (&out, G_MAXUINT32);
  memset (&peer, 0, sizeof peer);
  peer.held_back = put_all (&out, data[0], data + 1, size - 1, answers);
  peer.bytes = out.data;
  peer.length = out.length;
  association = roll_association_new (SOCKET, -1, 0);
  talk (association, (Security) (data[0] & MODE_SECURITY), answers);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_clear_pointer (&answers[i], g_byte_array_unref);
  return 0;
}
