/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc-server.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/roll-ntlm-session.h"
#include "rpc/roll-fragment.h"
#include "rpc/roll-wire.h"

#define NDR20_UUID ROLL_UUID (0x8a885d04, 0x1ceb, 0x11c9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60)
#define RESPONSE_HEADER_SIZE 24
#define MAX_HELD 16

const RollSyntax rpc_server_interface = { { { 1 } }, 0 };
const RollSyntax rpc_server_second = { { { 2 } }, 1 };
const RollSyntax rpc_server_unknown = { { { 3 } }, 0 };

typedef struct
{
  guint32 call_id;
  guint16 context_id;
  gsize sent;
  GBytes *stub;
} Answer;

typedef struct
{
  RpcServerPlan plan;
  RollWire wire;
  RollSecurity *security;
  gboolean logged_on;
  GByteArray *request; /* of the fragments so far */
  guint n_held;
  Answer held[MAX_HELD];
} Server;

static RollSecret *
lookup (const char *user, const char *domain, gpointer user_data)
{
  if (strcmp (user, RPC_SERVER_USER) != 0 || strcmp (domain, RPC_SERVER_DOMAIN) != 0)
    return NULL;
  return rpc_server_hash (RPC_SERVER_PASSWORD);
}

RollSecret *
rpc_server_hash (const char *password)
{
  guint8 hash[ROLL_NTLM_KEY_SIZE];

  roll_ntlm_hash (RPC_SERVER_USER, RPC_SERVER_DOMAIN, password, hash);
  return roll_secret_new (hash, sizeof hash);
}

static gboolean
write_all (Server *self, const guint8 *bytes, gsize length)
{
  gsize sent = 0;

  while (sent < length)
    {
      gboolean input;
      gssize n = roll_wire_send (&self->wire, bytes + sent, length - sent, FALSE, &input, NULL);

      if (n < 0)
        return FALSE;
      sent += (gsize) n;
    }
  return TRUE;
}

static gboolean
send_fault (Server *self, guint32 call_id, guint32 status, guint8 flags)
{
  g_auto (RollWriter) out = { 0 };
  gsize start;

  roll_writer_init (&out, G_MAXUINT16);
  start = roll_pdu_begin (&out, ROLL_PDU_FAULT, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG | flags, call_id);
  roll_pdu_put_fault (&out, 0, status);
  roll_pdu_end (&out, start);
  return write_all (self, out.data, out.length);
}

/* --- Bind -------------------------------------------------------------------------------------------------------- */

static gboolean
is_offered (const RollSyntax *syntax)
{
  return (roll_uuid_equal (&syntax->uuid, &rpc_server_interface.uuid) && syntax->version == 0)
         || (roll_uuid_equal (&syntax->uuid, &rpc_server_second.uuid) && syntax->version == 1);
}

static void
fill_results (const RollPduBind *bind, RollPduBindAck *ack)
{
  ack->n_results = bind->n_contexts;
  for (guint i = 0; i < bind->n_contexts; i++)
    if (is_offered (&bind->contexts[i].abstract_syntax))
      ack->results[i] = (RollPresentationResult) { .transfer_syntax = { NDR20_UUID, 2 } };
    else
      ack->results[i] = (RollPresentationResult) { .result = ROLL_CONTEXT_PROVIDER_REJECTION, .reason = 1 };
}

static RollSecurity *
make_acceptor (const RollPduAuth *auth)
{
  const RollNtlmServer server = { .nb_computer = "PC1",
                                  .nb_domain = RPC_SERVER_DOMAIN,
                                  .dns_computer = "pc1.practice.example",
                                  .dns_domain = "practice.example",
                                  .major = 10,
                                  .build = 19045,
                                  .lookup = lookup };
  RollSecurity *ntlm = roll_security_new_ntlm_acceptor (&server, (RollAuthLevel) auth->level);

  g_assert_true (auth->type == ROLL_AUTH_NTLM || auth->type == ROLL_AUTH_SPNEGO);
  return auth->type == ROLL_AUTH_NTLM ? ntlm : roll_security_new_spnego_acceptor (ntlm);
}

static void
spoil_challenge (RpcServerTrouble trouble, RollWriter *token)
{
  if (trouble == RPC_SERVER_WEAK_CHALLENGE)
    token->data[23] &= 0x1f; /* neither 128 bits nor key exchange */
  else if (trouble == RPC_SERVER_GARBAGE_CHALLENGE)
    token->data[44] = 0xff; /* where the target information stands */
  else if (trouble == RPC_SERVER_NO_CHALLENGE)
    token->length = 0;
}

static gboolean
answer_bind (Server *self, const RollPdu *pdu)
{
  static const guint8 port[] = "1024";
  guint8 flags = (guint8) (ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG | (pdu->flags & ROLL_PFC_SUPPORT_HEADER_SIGN)
                           | (self->plan.single ? 0 : pdu->flags & ROLL_PFC_CONC_MPX));
  RpcServerTrouble trouble = self->plan.trouble;
  RollPduType type = pdu->type == ROLL_PDU_BIND ? ROLL_PDU_BIND_ACK : ROLL_PDU_ALTER_CONTEXT_RESP;
  RollPduBindAck ack = { .max_xmit = ROLL_WIRE_MAX_FRAGMENT,
                         .max_recv = trouble == RPC_SERVER_TINY_FRAGMENTS ? 100 : ROLL_WIRE_MAX_FRAGMENT,
                         .secondary_address = port,
                         .secondary_address_length = sizeof port };
  g_auto (RollWriter) out = { 0 };
  gboolean again = self->security != NULL; /* a logon of more than one round */
  gsize start;

  fill_results (&pdu->bind, &ack);
  if (trouble == RPC_SERVER_FEW_RESULTS)
    ack.n_results--;
  if (trouble == RPC_SERVER_OTHER_SYNTAX)
    ack.results[0].transfer_syntax.uuid.bytes[0] ^= 1;

  roll_writer_init (&out, G_MAXUINT16);
  start = roll_pdu_begin (&out, type, flags, pdu->call_id);
  roll_pdu_put_bind_ack (&out, &ack);
  if (pdu->has_auth)
    {
      g_auto (RollWriter) token = { 0 };
      RollLogonNext next = ROLL_LOGON_SEND;

      if (!again)
        self->security = make_acceptor (&pdu->auth);
      roll_writer_init (&token, G_MAXUINT16 / 2);
      if (!self->security->klass->logon (self->security, pdu->auth.token, pdu->auth.token_length, &token, &next, NULL))
        return again && send_fault (self, pdu->call_id, 5, 0);
      self->logged_on = next == ROLL_LOGON_SEND_AND_DONE;
      if (trouble == RPC_SERVER_BAD_LIST_MIC && again)
        token.data[token.length - 1] ^= 1;
      spoil_challenge (trouble, &token);
      if (token.length > 0)
        roll_pdu_put_auth (&out, start, start, 4, &pdu->auth, token.data, token.length);
    }
  roll_pdu_end (&out, start);
  return write_all (self, out.data, out.length);
}

static gboolean
refuse_bind (Server *self, const RollPdu *pdu)
{
  g_auto (RollWriter) out = { 0 };
  gsize start;

  roll_writer_init (&out, G_MAXUINT16);
  if (self->plan.trouble == RPC_SERVER_NAK)
    {
      start = roll_pdu_begin (&out, ROLL_PDU_BIND_NAK, 3, pdu->call_id);
      roll_pdu_put_bind_nak (&out, 8);
    }
  else
    {
      start = roll_pdu_begin (&out, ROLL_PDU_FAULT, 3, pdu->call_id);
      roll_pdu_put_fault (&out, 0, 5);
    }
  roll_pdu_end (&out, start);
  return write_all (self, out.data, out.length);
}

static void
take_auth3 (Server *self, const RollPdu *pdu)
{
  g_auto (RollWriter) token = { 0 };
  RollLogonNext next;

  g_assert_true (pdu->has_auth);
  roll_writer_init (&token, G_MAXUINT16);
  self->logged_on = self->security->klass->logon (self->security, pdu->auth.token, pdu->auth.token_length, &token,
                                                  &next, NULL);
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

static void
make_fragment (Server *self, Answer *answer, RollWriter *out)
{
  gsize length, left = g_bytes_get_size (answer->stub) - answer->sent;
  gsize capacity = roll_fragment_capacity (self->security, ROLL_WIRE_MAX_FRAGMENT, RESPONSE_HEADER_SIZE);
  const guint8 *stub = g_bytes_get_data (answer->stub, NULL);
  gsize pdu, start;
  guint8 flags;

  if (self->plan.fragment_bytes > 0)
    capacity = MIN (capacity, self->plan.fragment_bytes);
  length = MIN (left, capacity);
  flags = (answer->sent == 0 ? ROLL_PFC_FIRST_FRAG : 0) | (length == left ? ROLL_PFC_LAST_FRAG : 0);
  if (self->plan.trouble == RPC_SERVER_NOT_FIRST)
    flags &= (guint8) ~ROLL_PFC_FIRST_FRAG;
  if (self->plan.trouble == RPC_SERVER_TWICE_FIRST)
    flags |= ROLL_PFC_FIRST_FRAG;
  if (self->plan.trouble == RPC_SERVER_ENDLESS || self->plan.trouble == RPC_SERVER_ENDLESS_EMPTY)
    flags &= (guint8) ~ROLL_PFC_LAST_FRAG;

  pdu = roll_pdu_begin (out, ROLL_PDU_RESPONSE, flags,
                        answer->call_id + (self->plan.trouble == RPC_SERVER_WRONG_CALL ? 7 : 0));
  roll_pdu_put_response (out, (guint32) left, answer->context_id);
  start = out->length;
  if (length > 0)
    roll_writer_bytes (out, stub + answer->sent, length);
  answer->sent += length;
  g_assert_true (roll_fragment_end (out, pdu, start,
                                    self->plan.trouble == RPC_SERVER_UNSIGNED ? NULL : self->security, NULL));
}

static void
spoil (RpcServerTrouble trouble, RollWriter *out)
{
  switch ((int) trouble)
    {
    case RPC_SERVER_GARBAGE:
      memset (out->data, 'x', out->length);
      break;
    case RPC_SERVER_BIG_ENDIAN:
      out->data[4] = 0;
      break;
    case RPC_SERVER_LONG_FRAGMENT:
      roll_writer_set_u16 (out, 8, ROLL_WIRE_MAX_FRAGMENT + 1);
      break;
    case RPC_SERVER_WRONG_TYPE:
      out->data[2] = ROLL_PDU_BIND_ACK;
      break;
    case RPC_SERVER_BAD_SIGNATURE:
      out->data[out->length - 9] ^= 0x10;
      break;
    case RPC_SERVER_BAD_HEADER:
      out->data[16] ^= 0x10; /* alloc_hint: means nothing, but is signed */
      break;
    default:
      break;
    }
}

static gboolean
trickle (Server *self, const RollWriter *out)
{
  for (gsize i = 0; i < out->length; i++)
    {
      if (!write_all (self, out->data + i, 1))
        return FALSE;
      g_usleep (5000);
    }
  return TRUE;
}

static gboolean
send_next_fragment (Server *self, Answer *answer)
{
  RpcServerTrouble trouble = self->plan.trouble;
  g_auto (RollWriter) out = { 0 };

  roll_writer_init (&out, G_MAXUINT16);
  make_fragment (self, answer, &out);
  spoil (trouble, &out);
  if (trouble == RPC_SERVER_HALF_FRAGMENT)
    return write_all (self, out.data, out.length / 2) && FALSE;
  if (trouble == RPC_SERVER_TRICKLE)
    return trickle (self, &out);
  if (trouble == RPC_SERVER_REPLAY && !write_all (self, out.data, out.length))
    return FALSE;
  return write_all (self, out.data, out.length);
}

static gboolean
send_answer (Server *self, Answer *answer)
{
  do
    {
      if (!send_next_fragment (self, answer))
        return FALSE;
      if (self->plan.trouble == RPC_SERVER_ENDLESS)
        answer->sent = 16;
    }
  while (answer->sent < g_bytes_get_size (answer->stub) || self->plan.trouble == RPC_SERVER_ENDLESS_EMPTY);
  return TRUE;
}

static gboolean
flush_held (Server *self)
{
  gboolean more = TRUE;

  while (more)
    {
      more = FALSE;
      for (guint i = self->n_held; i > 0; i--)
        {
          Answer *answer = &self->held[i - 1];

          if (answer->stub == NULL)
            continue;
          if (!send_next_fragment (self, answer))
            return FALSE;
          if (answer->sent == g_bytes_get_size (answer->stub))
            g_clear_pointer (&answer->stub, g_bytes_unref);
          more = more || answer->stub != NULL;
        }
    }
  self->n_held = 0;
  return TRUE;
}

static guint32
number_of (GBytes *stub)
{
  RollReader reader;

  roll_reader_init (&reader, g_bytes_get_data (stub, NULL), g_bytes_get_size (stub));
  return roll_reader_u32 (&reader);
}

static GBytes *
counting_bytes (guint32 length)
{
  guint8 *bytes = g_malloc (length);

  for (guint32 i = 0; i < length; i++)
    bytes[i] = (guint8) i;
  return g_bytes_new_take (bytes, length);
}

static gboolean
misbehaves_at_request (Server *self, const RollPdu *pdu, gboolean *ret_go_on)
{
  g_auto (RollWriter) out = { 0 };
  gsize start;

  *ret_go_on = TRUE;
  switch ((int) self->plan.trouble)
    {
    case RPC_SERVER_CLOSE:
      *ret_go_on = FALSE;
      return TRUE;
    case RPC_SERVER_SILENT:
      return TRUE;
    case RPC_SERVER_NOT_EXECUTED:
      *ret_go_on = send_fault (self, pdu->call_id, 0x1c010014, ROLL_PFC_DID_NOT_EXECUTE);
      return TRUE;
    case RPC_SERVER_SHUTDOWN:
      roll_writer_init (&out, G_MAXUINT16);
      start = roll_pdu_begin (&out, ROLL_PDU_SHUTDOWN, 3, 0);
      roll_pdu_end (&out, start);
      *ret_go_on = write_all (self, out.data, out.length);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
answer_request (Server *self, const RollPdu *pdu, GBytes *stub)
{
  Answer answer = { .call_id = pdu->call_id, .context_id = pdu->call.context_id };
  gboolean ok;

  if (pdu->call.opnum == RPC_SERVER_FAULT)
    return send_fault (self, pdu->call_id, number_of (stub), 0);
  if (pdu->call.opnum == RPC_SERVER_BYTES)
    answer.stub = counting_bytes (number_of (stub));
  else if (pdu->call.opnum == RPC_SERVER_OBJECT)
    answer.stub = g_bytes_new (pdu->call.object.bytes, 16);
  else
    answer.stub = g_bytes_ref (stub);

  if (pdu->call.opnum == RPC_SERVER_HOLD)
    {
      g_assert_cmpuint (self->n_held, <, MAX_HELD);
      self->held[self->n_held++] = answer;
      return TRUE;
    }
  ok = send_answer (self, &answer);
  g_bytes_unref (answer.stub);
  return ok && (pdu->call.opnum != RPC_SERVER_FLUSH || flush_held (self));
}

static gboolean
take_request (Server *self, const RollPdu *pdu, guint8 *bytes)
{
  g_autoptr (GBytes) stub = NULL;
  gboolean go_on;

  if (self->security != NULL && !self->logged_on)
    return send_fault (self, pdu->call_id, 5, 0);
  if (!roll_fragment_open (pdu, bytes, self->security, NULL))
    return FALSE;
  g_byte_array_append (self->request, bytes + pdu->call.stub_offset, (guint) pdu->call.stub_length);
  if ((pdu->flags & ROLL_PFC_LAST_FRAG) == 0)
    return TRUE;
  stub = g_bytes_new (self->request->data, self->request->len);
  g_byte_array_set_size (self->request, 0);
  if (misbehaves_at_request (self, pdu, &go_on))
    return go_on;
  return answer_request (self, pdu, stub);
}

/* --- Serving ----------------------------------------------------------------------------------------------------- */

static gboolean
take_pdu (Server *self, const RollPdu *pdu, guint8 *bytes)
{
  RpcServerTrouble trouble = self->plan.trouble;

  switch ((int) pdu->type)
    {
    case ROLL_PDU_BIND:
      if (trouble == RPC_SERVER_CLOSE_AT_BIND)
        return FALSE;
      if (trouble == RPC_SERVER_NAK || trouble == RPC_SERVER_FAULT_AT_BIND)
        return refuse_bind (self, pdu);
      return answer_bind (self, pdu);
    case ROLL_PDU_ALTER_CONTEXT:
      return answer_bind (self, pdu);
    case ROLL_PDU_AUTH3:
      take_auth3 (self, pdu);
      return TRUE;
    case ROLL_PDU_REQUEST:
      return take_request (self, pdu, bytes);
    default:
      return FALSE;
    }
}

void
rpc_server_serve (RpcServerPlan plan, int socket)
{
  g_autofree Server *self = g_new0 (Server, 1);
  guint8 *bytes;
  gsize length;
  RollPdu pdu;

  self->plan = plan;
  self->request = g_byte_array_new ();
  roll_wire_init (&self->wire, socket, -1, 0);
  do
    bytes = roll_wire_receive (&self->wire, &length, NULL);
  while (bytes != NULL && roll_pdu_decode (bytes, length, &pdu, NULL) && take_pdu (self, &pdu, bytes));

  for (guint i = 0; i < self->n_held; i++)
    g_clear_pointer (&self->held[i].stub, g_bytes_unref);
  g_byte_array_unref (self->request);
  roll_security_free (self->security);
  roll_wire_clear (&self->wire);
}

typedef struct
{
  RpcServerPlan plan;
  int socket;
} Start;

static gpointer
serve (gpointer data)
{
  g_autofree Start *start = data;

  rpc_server_serve (start->plan, start->socket);
  return NULL;
}

GThread *
rpc_server_start (RpcServerPlan plan, int *ret_client_socket)
{
  Start *start = g_new (Start, 1);
  int sockets[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets));
  *start = (Start) { plan, sockets[1] };
  *ret_client_socket = sockets[0];
  return g_thread_new ("rpc-server", serve, start);
}
