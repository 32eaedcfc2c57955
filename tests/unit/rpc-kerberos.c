/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recorded Kerberos conversations through the very code that protects ours: a security context is imported with the
 * recorded key, and every request and response must verify, open to the recorded stub and, where nothing is random,
 * come out the same when it is signed again.
 */
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include "rpc/roll-fragment.h"
#include "rpc/roll-security-gss-private.h"
#include "vectors.h"

#define LEVEL_PACKET 4 /* signs like integrity */
#define MAX_AUTH_CONTEXTS 8

/*
 * A context with AES-256 as MIT's library 1.20 exports it, made in a domain that is no more. The initiator's mark, the
 * sequence numbers and the acceptor's subkey are put in.
 */
#define INITIATE "IIIIIIII"
#define SEQUENCE "SSSSSSSSSSSSSSSS"
#define BASE "BBBBBBBBBBBBBBBB" /* little-endian */
#define KEY "KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK"

static const char exported_context[] =
    "000000092a864886f712010202025ea108"
    INITIATE
    "0000000100000001000000000000113e00000000000000000000000000000000ffffffff00000000ffffffff6b02ab526b02"
    "ab527fffffff7fffffff00ac0000"
    SEQUENCE SEQUENCE
    "970ea737000000092a864886f712010202970ea737970ea70100000015676f6f644050524143544943452e4558414d504c45"
    "970ea701970ea7010000001a686f73742f6463312e70726163746963652e6578616d706c6540970ea701970ea70300000012"
    "00000020"
    KEY
    "970ea703970ea7380100000001000000ffffffffffffffff"
    BASE
    "00000000000000000000000000000000970ea738970ea72400000000000000000000012c0000001000000001000000000000"
    "0504970ea725000000000000000000000001970ea725aaca601200000001000000092f6465762f6e756c6caaca6012970ea7"
    "24970ea729000000043e2ab24e2c1c1bd9000080030000000000000000000e8288970ea7030000001200000020c3522c1426"
    "a5c4627906f239bae94e98a6867caae78d3867f4270826f8dc1eb1970ea703000e8289970ea7030000001200000020"
    KEY
    "970ea703000e828a970ea7030000001200000020"
    KEY
    "970ea703970ea70e6b02ab52000722c82c1c1bd9970ea7030000001200000020"
    KEY
    "970ea70300000000970ea70e970ea7290000000100000010970ea7030000001200000020"
    KEY
    "970ea703000000100000000000000000025ea108";

static gss_ctx_id_t
import_context (gboolean initiator, const char *key, guint64 sequence)
{
  g_autofree char *sequence_text = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", sequence);
  g_autofree char *base_text = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", GUINT64_SWAP_LE_BE (sequence));
  g_autoptr (GString) text = g_string_new (exported_context);
  g_autoptr (GBytes) bytes = NULL;
  gss_buffer_desc buffer;
  gss_ctx_id_t context = GSS_C_NO_CONTEXT;
  OM_uint32 minor;

  g_string_replace (text, INITIATE, initiator ? "00000001" : "00000000", 1);
  g_string_replace (text, SEQUENCE, sequence_text, 0);
  g_string_replace (text, BASE, base_text, 0);
  g_string_replace (text, KEY, key, 0);
  bytes = vectors_hex (text->str);
  buffer.value = (void *) g_bytes_get_data (bytes, &buffer.length);
  if (GSS_ERROR (gss_import_sec_context (&minor, &buffer, &context)))
    return GSS_C_NO_CONTEXT;
  return context;
}

typedef struct
{
  gboolean header_signing;
  const char *keys[MAX_AUTH_CONTEXTS];
  RollSecurity *readers[MAX_AUTH_CONTEXTS][2]; /* of what the client said, of what the server said */
  RollSecurity *writers[MAX_AUTH_CONTEXTS][2];
  guint n_signed;
  guint n_sealed;
} Stream;

static guint64
sequence_of (const RollPdu *pdu)
{
  guint64 sequence;

  memcpy (&sequence, pdu->auth.token + 8, sizeof sequence);
  return GUINT64_FROM_BE (sequence);
}

static RollSecurity *
get_security (RollSecurity **place, gboolean initiator, const char *key, const RollPdu *pdu)
{
  if (*place == NULL)
    {
      gss_ctx_id_t context = import_context (initiator, key, sequence_of (pdu));

      if (context == GSS_C_NO_CONTEXT)
        return NULL;
      *place = roll_security_new_from_gss (
          ROLL_AUTH_SPNEGO, context, pdu->auth.level == ROLL_LEVEL_PRIVACY ? ROLL_LEVEL_PRIVACY : ROLL_LEVEL_INTEGRITY);
    }
  return *place;
}

/* Signs the same PDU once more, as its sender did. */
static void
check_signs_the_same (RollSecurity *security, const RollPdu *pdu, const guint8 *bytes)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, pdu->frag_length);
  guint8 token[100];
  const RollPduCall *call = &pdu->call;
  gsize length = security->klass->token_size (security, call->stub_length);

  g_assert_cmpuint (length, ==, pdu->auth.token_length);
  g_assert_true (security->klass->protect (security, copy, pdu->auth.trailer_offset + ROLL_PDU_SEC_TRAILER_SIZE,
                                           call->stub_offset, pdu->auth.trailer_offset - call->stub_offset, token,
                                           length, NULL));
  g_assert_cmpmem (token, length, pdu->auth.token, pdu->auth.token_length);
}

/* A signature cut short or with any byte of its header changed is refused, and nothing worse happens. */
static void
check_refuses (RollSecurity *security, const RollPdu *pdu, const guint8 *bytes, gsize changed, gsize token_length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, pdu->frag_length);
  g_autofree guint8 *token = g_memdup2 (pdu->auth.token, token_length);
  gsize stub = pdu->call.stub_offset;

  if (changed < token_length)
    token[changed] = token[changed] == 0 ? 0xff : 0;
  g_assert_false (security->klass->unprotect (security, copy, pdu->auth.trailer_offset + ROLL_PDU_SEC_TRAILER_SIZE, stub,
                                              pdu->auth.trailer_offset - stub, token, token_length, NULL));
}

/* FALSE: this library has another format of exported contexts */
static gboolean
check_call (Stream *stream, const RollPdu *pdu, guint8 *bytes, gboolean from_server, const char *stub_plain)
{
  guint32 id = pdu->auth.context_id;
  g_autoptr (GBytes) expected = vectors_hex (stub_plain);
  g_autoptr (GError) error = NULL;
  const RollPduCall *call = &pdu->call;
  RollSecurity *reader, *writer;

  g_assert_cmpuint (id, <, MAX_AUTH_CONTEXTS);
  g_assert_nonnull (stream->keys[id]);
  reader = get_security (&stream->readers[id][from_server], from_server, stream->keys[id], pdu);
  writer = get_security (&stream->writers[id][from_server], !from_server, stream->keys[id], pdu);
  if (reader == NULL || writer == NULL)
    return FALSE;

  reader->header_signing = writer->header_signing = stream->header_signing;
  if (pdu->auth.level != ROLL_LEVEL_PRIVACY)
    check_signs_the_same (writer, pdu, bytes);
  for (gsize length = 1; length < pdu->auth.token_length; length++)
    check_refuses (reader, pdu, bytes, length, length);
  for (gsize i = 0; i < 8; i++)
    check_refuses (reader, pdu, bytes, i, pdu->auth.token_length);
  reader->klass->unprotect (reader, bytes, pdu->auth.trailer_offset + ROLL_PDU_SEC_TRAILER_SIZE, call->stub_offset,
                            pdu->auth.trailer_offset - call->stub_offset, pdu->auth.token, pdu->auth.token_length,
                            &error);
  g_assert_no_error (error);
  g_assert_cmpmem (bytes + call->stub_offset, call->stub_length, g_bytes_get_data (expected, NULL),
                   g_bytes_get_size (expected));
  if (pdu->auth.level == ROLL_LEVEL_PRIVACY)
    stream->n_sealed++;
  else
    stream->n_signed++;
  return TRUE;
}

static void
take_key (Stream *stream, const RollPdu *pdu, JsonObject *recorded)
{
  JsonObject *reply;

  if (!json_object_has_member (recorded, "krb_aprep"))
    return;
  reply = json_object_get_object_member (recorded, "krb_aprep");
  if (!json_object_get_null_member (reply, "subkey"))
    stream->keys[pdu->auth.context_id % MAX_AUTH_CONTEXTS] = json_object_get_string_member (reply, "subkey");
}

static gboolean
check_pdu (Stream *stream, JsonObject *recorded)
{
  g_autoptr (GBytes) bytes = vectors_hex (json_object_get_string_member (recorded, "pdu"));
  gsize length = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
  gboolean from_server = *json_object_get_string_member (recorded, "dir") == 'S';
  const char *problem;
  RollPdu pdu;

  g_assert_true (roll_pdu_decode (copy, length, &pdu, &problem));
  if (pdu.type == ROLL_PDU_BIND || pdu.type == ROLL_PDU_ALTER_CONTEXT)
    stream->header_signing = stream->header_signing || (pdu.flags & ROLL_PFC_SUPPORT_HEADER_SIGN) != 0;
  take_key (stream, &pdu, recorded);
  if ((pdu.type != ROLL_PDU_REQUEST && pdu.type != ROLL_PDU_RESPONSE) || !pdu.has_auth || pdu.auth.level < LEVEL_PACKET)
    return TRUE;
  return check_call (stream, &pdu, copy, from_server, json_object_get_string_member (recorded, "stub_plain"));
}

static void
stream_clear (Stream *stream)
{
  for (guint i = 0; i < MAX_AUTH_CONTEXTS; i++)
    for (guint j = 0; j < 2; j++)
      {
        roll_security_free (stream->readers[i][j]);
        roll_security_free (stream->writers[i][j]);
      }
}

static void
check_recording (gconstpointer data)
{
  g_autoptr (JsonNode) root = vectors_load (data);
  JsonArray *streams;
  guint n_signed = 0, n_sealed = 0;
  gboolean known = TRUE;

  if (root == NULL)
    return;
  streams = json_object_get_array_member (json_node_get_object (root), "streams");
  for (guint i = 0; known && i < json_array_get_length (streams); i++)
    {
      JsonArray *pdus = json_object_get_array_member (json_array_get_object_element (streams, i), "pdus");
      Stream stream = { 0 };

      for (guint j = 0; known && j < json_array_get_length (pdus); j++)
        known = check_pdu (&stream, json_array_get_object_element (pdus, j));
      n_signed += stream.n_signed;
      n_sealed += stream.n_sealed;
      stream_clear (&stream);
    }
  g_test_message ("%u signed and %u sealed PDUs", n_signed, n_sealed);
  if (!known)
    g_test_skip ("this Kerberos library exports contexts in another format");
  else
    g_assert_true (n_signed > 0 && n_sealed > 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/rpc/kerberos/msbuild", "golden/otrf_msbuild_ws5.json", check_recording);
  g_test_add_data_func ("/rpc/kerberos/empirewmi", "golden/otrf_empirewmi_ws5.json", check_recording);
  return g_test_run ();
}
