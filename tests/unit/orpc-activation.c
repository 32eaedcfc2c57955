/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"

#include <string.h>

#include "stubs.h"
#include "vectors.h"

#define CID ROLL_UUID (0x11111111, 0x2222, 0x3333, 4, 4, 4, 4, 4, 4, 4, 4)
#define IPID ROLL_UUID (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)

/* Where a session's own identifiers stand in the request of Windows: the causality, and the client's context. */
#define CID_AT 0x0c
#define CONTEXT_AT 0x24c

/* And what a lean client leaves out: SecurityInfo's COSERVERINFO with the name the computer was called by. */
#define SERVER_REFERENT_AT 0x28c
#define SERVER_INFO_AT 0x298
#define SERVER_INFO_LENGTH 0x50

static RollActivation
wbem_activation (void)
{
  return (RollActivation) {
    .version = { 5, 7 }, .cid = CID, .clsid = ROLL_CLSID_WBEM_LEVEL1_LOGIN, .iid = ROLL_IID_WBEM_LEVEL1_LOGIN,
  };
}

/* --- The request ------------------------------------------------------------------------------------------------ */

static gboolean
read_create (RollReader *reader)
{
  static const RollActivation nothing;
  RollActivation activation;
  gboolean ok = roll_orpc_read_create_instance (reader, &activation);

  if (!ok)
    g_assert_cmpmem (&activation, sizeof activation, &nothing, sizeof nothing);
  return ok;
}

static void
assert_wbem (const RollActivation *activation)
{
  g_assert_cmpuint (activation->version.major, ==, 5);
  g_assert_cmpuint (activation->version.minor, ==, 7);
  g_assert_true (roll_uuid_equal (&activation->clsid, &ROLL_CLSID_WBEM_LEVEL1_LOGIN));
  g_assert_true (roll_uuid_equal (&activation->iid, &ROLL_IID_WBEM_LEVEL1_LOGIN));
}

static void
shrink (guint8 *count)
{
  guint32 value;

  memcpy (&value, count, sizeof value);
  value = GUINT32_TO_LE (GUINT32_FROM_LE (value) - SERVER_INFO_LENGTH);
  memcpy (count, &value, sizeof value);
}

/* The recorded request with our identifiers and without what is left out, all its lengths accordingly. */
static GByteArray *
expected_request (const guint8 *stub, gsize length, const RollUuid *cid)
{
  /* of the interface pointer twice, of the reference, of the blob twice, of the property, of its value */
  static const gsize lengths[] = { 0x28, 0x2c, 0x5c, 0x60, 0x78, 0x11c, 0x280 };
  GByteArray *bytes = g_byte_array_new ();

  g_byte_array_append (bytes, stub, (guint) length);
  memcpy (bytes->data + CID_AT, cid->bytes, 16);
  memcpy (bytes->data + CONTEXT_AT, cid->bytes, 16);
  memset (bytes->data + SERVER_REFERENT_AT, 0, 4);
  g_byte_array_remove_range (bytes, SERVER_INFO_AT, SERVER_INFO_LENGTH);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    shrink (bytes->data + lengths[i]);
  return bytes;
}

static void
check_create (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const RollActivation mine = wbem_activation ();
  g_autoptr (GByteArray) expected = expected_request (stub, length, &mine.cid);
  g_auto (RollWriter) writer = { 0 };
  RollActivation activation;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_orpc_read_create_instance (&reader, &activation));
  assert_wbem (&activation);
  g_assert_cmpmem (activation.cid.bytes, 16, stub + CID_AT, 16);
  stub_assert_truncated (read_create, stub, length, length);

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_create_instance (&writer, &mine);
  stub_assert_equal (&writer, expected->data, expected->len);
}

static void
test_create (void)
{
  guint n_calls
      = vectors_foreach_call ("IRemoteSCMActivator", ROLL_OPNUM_REMOTE_CREATE_INSTANCE, "req", check_create, NULL);

  g_assert_true (n_calls == 0 || n_calls == 5);
}

static void
test_create_round_trip (void)
{
  const RollActivation mine = wbem_activation ();
  g_auto (RollWriter) writer = { 0 };
  RollActivation activation;
  RollReader reader;

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_create_instance (&writer, &mine);
  g_assert_true (roll_writer_ok (&writer));
  g_assert_cmpuint (writer.length, ==, 744);
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_orpc_read_create_instance (&reader, &activation));
  assert_wbem (&activation);
  stub_assert_truncated (read_create, writer.data, writer.length, writer.length);
}

static void
expect_create_problem (gsize at, guint8 value, const char *problem)
{
  const RollActivation mine = wbem_activation ();
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_create_instance (&writer, &mine);
  g_assert_cmpuint (writer.data[at], !=, value);
  writer.data[at] = value;
  stub_expect_problem (read_create, writer.data, writer.length, problem);
}

static void
test_create_malformed (void)
{
  static const guint8 null[40] = { 5, 0, 7 };

  stub_expect_problem (read_create, null, sizeof null, "no activation properties");
  expect_create_problem (0x28, 0x00, "two counts of one array differ");
  expect_create_problem (0x30, 'm', "no object reference");
  expect_create_problem (0x34, ROLL_OBJREF_HANDLER, "no activation properties");
  expect_create_problem (0x48, 0x39, "no activation properties");
  expect_create_problem (0x68, 2, "an unknown version of type serialization");
  expect_create_problem (0x69, 0, "a serialized value is not little-endian");
  expect_create_problem (0x72, 1, "truncated");
  expect_create_problem (0x7e, 1, "an offset points outside");
  expect_create_problem (0x88, 5, "two counts of one array differ");
  expect_create_problem (0x88, 11, "too many activation properties");
  expect_create_problem (0xbc, 0, "an activation property is missing");
  expect_create_problem (0x116, 3, "truncated");
  expect_create_problem (0x1bc, 0, "no interface is asked for");
  expect_create_problem (0x1bc, 2, "two counts of one array differ");
  expect_create_problem (0x1c6, 0, "no interface is asked for");
}

/* --- The answer ------------------------------------------------------------------------------------------------- */

typedef gboolean (*ReadAnswerFunc) (RollReader *reader, RollActivated *ret_activated);

static gboolean
read_answer_with (ReadAnswerFunc read, RollReader *reader)
{
  g_auto (RollActivated) activated = { 0 };
  gboolean ok = read (reader, &activated);

  g_assert_cmpint (ok, ==, activated.bindings.strings != NULL);
  return ok;
}

static gboolean
read_create_answer (RollReader *reader)
{
  return read_answer_with (roll_orpc_read_create_instance_answer, reader);
}

static gboolean
read_activation_answer (RollReader *reader)
{
  return read_answer_with (roll_orpc_read_remote_activation_answer, reader);
}

static void
check_bindings (const RollDualStrings *bindings)
{
  static const guint16 authn[] = { 0x0a, 0x1e, 0x10, 0x09, 0x16, 0x1f };
  const RollStringBinding *strings = (const RollStringBinding *) bindings->strings->data;
  const RollSecurityBinding *securities = (const RollSecurityBinding *) bindings->securities->data;

  g_assert_cmpuint (bindings->strings->len, ==, 2);
  g_assert_cmpuint (strings[0].tower, ==, ROLL_TOWER_TCP);
  g_assert_cmpstr (strings[0].address, ==, "WORKSTATION6[50937]");
  g_assert_cmpuint (strings[1].tower, ==, ROLL_TOWER_TCP);
  g_assert_cmpstr (strings[1].address, ==, "172.18.39.6[50937]");
  g_assert_cmpuint (bindings->securities->len, ==, G_N_ELEMENTS (authn));
  for (guint i = 0; i < G_N_ELEMENTS (authn); i++)
    g_assert_cmpuint (securities[i].authn, ==, authn[i]);
  g_assert_cmpstr (securities[0].principal, ==, "NT AUTHORITY\\SYSTEM");
  g_assert_cmpstr (securities[2].principal, ==, "host/WORKSTATION6.theshire.local");
}

static void
check_answer (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_auto (RollActivated) activated = { 0 };
  const RollUuid remote_unknown
      = ROLL_UUID (0x0000cc00, 0x0bf0, 0x0000, 0x00, 0x22, 0x6e, 0x07, 0x73, 0x19, 0x1b, 0xc1);
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_orpc_read_create_instance_answer (&reader, &activated));
  g_assert_cmphex (activated.hresult, ==, 0);
  g_assert_cmphex (activated.interface_hresult, ==, 0);
  g_assert_cmphex (activated.oxid, ==, 0x0f982b370edc3e3e);
  g_assert_cmpmem (&activated.oid, 8, stub + 0x130, 8);
  g_assert_cmpmem (activated.ipid.bytes, 16, stub + 0x138, 16);
  g_assert_cmpuint (activated.public_refs, ==, 5);
  g_assert_true (roll_uuid_equal (&activated.ipid_rem_unknown, &remote_unknown));
  g_assert_cmpuint (activated.authn_hint, ==, 4);
  g_assert_cmpuint (activated.version.major, ==, 5);
  g_assert_cmpuint (activated.version.minor, ==, 7);
  check_bindings (&activated.bindings);
  stub_assert_truncated (read_create_answer, stub, length, length);
}

static void
test_answer (void)
{
  guint n_calls
      = vectors_foreach_call ("IRemoteSCMActivator", ROLL_OPNUM_REMOTE_CREATE_INSTANCE, "rsp", check_answer, NULL);

  g_assert_true (n_calls == 0 || n_calls == 5);
}

/* --- Both ways, put and read ------------------------------------------------------------------------------------ */

typedef struct
{
  void (*put) (RollWriter *writer, const RollActivated *activated, const RollUuid *iid);
  ReadAnswerFunc read;
  gboolean (*plain_read) (RollReader *reader);
} Way;

static const Way ways[] = {
  { roll_orpc_put_create_instance_answer, roll_orpc_read_create_instance_answer, read_create_answer },
  { roll_orpc_put_remote_activation_answer, roll_orpc_read_remote_activation_answer, read_activation_answer },
};

static void
fill (RollActivated *activated)
{
  *activated = (RollActivated) {
    .oxid = 0x1122334455667788, .oid = 0x99aabbccddeeff00, .ipid_rem_unknown = CID, .ipid = IPID, .public_refs = 5,
    .authn_hint = 6, .version = { 5, 7 },
  };
  roll_dual_strings_init (&activated->bindings);
  roll_dual_strings_add (&activated->bindings, ROLL_TOWER_TCP, "PC-Ü1[49664]");
  roll_dual_strings_add (&activated->bindings, ROLL_TOWER_TCP, "127.0.0.1[49664]");
  roll_dual_strings_add_security (&activated->bindings, 10);
}

static void
assert_same (const RollActivated *a, const RollActivated *b)
{
  g_assert_cmphex (a->hresult, ==, b->hresult);
  g_assert_cmphex (a->interface_hresult, ==, b->interface_hresult);
  g_assert_cmphex (a->oxid, ==, b->oxid);
  g_assert_cmphex (a->oid, ==, b->oid);
  g_assert_true (roll_uuid_equal (&a->ipid, &b->ipid));
  g_assert_cmpuint (a->public_refs, ==, b->public_refs);
  g_assert_true (roll_uuid_equal (&a->ipid_rem_unknown, &b->ipid_rem_unknown));
  g_assert_cmpuint (a->authn_hint, ==, b->authn_hint);
  g_assert_cmpuint (a->version.minor, ==, b->version.minor);
  g_assert_cmpuint (a->bindings.strings->len, ==, b->bindings.strings->len);
  for (guint i = 0; i < a->bindings.strings->len; i++)
    g_assert_cmpstr (g_array_index (a->bindings.strings, RollStringBinding, i).address, ==,
                     g_array_index (b->bindings.strings, RollStringBinding, i).address);
  g_assert_cmpuint (a->bindings.securities->len, ==, b->bindings.securities->len);
}

static void
test_round_trip (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    for (guint names = 0; names < 8; names++) /* other lengths, other padding */
      {
        g_auto (RollActivated) activated = { 0 };
        g_auto (RollActivated) again = { 0 };
        g_auto (RollWriter) writer = { 0 };
        g_autofree char *name = g_strnfill (names, 'x');
        RollReader reader;

        fill (&activated);
        roll_dual_strings_add (&activated.bindings, 31, name);
        roll_writer_init (&writer, STUB_MAX);
        ways[i].put (&writer, &activated, &ROLL_IID_WBEM_LEVEL1_LOGIN);
        g_assert_true (roll_writer_ok (&writer));
        roll_reader_init (&reader, writer.data, writer.length);
        g_assert_true (ways[i].read (&reader, &again));
        g_assert_cmpuint (roll_reader_left (&reader), ==, 0);
        assert_same (&activated, &again);
        stub_assert_truncated (ways[i].plain_read, writer.data, writer.length, writer.length);
      }
}

static void
check_failing (const Way *way, guint32 hresult, guint32 interface_hresult)
{
  g_auto (RollActivated) activated = { 0 };
  g_auto (RollActivated) again = { 0 };
  g_auto (RollWriter) writer = { 0 };
  RollReader reader;

  fill (&activated);
  activated.hresult = hresult;
  activated.interface_hresult = interface_hresult;
  roll_writer_init (&writer, STUB_MAX);
  way->put (&writer, &activated, &ROLL_IID_WBEM_LEVEL1_LOGIN);
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (way->read (&reader, &again));
  g_assert_cmphex (again.hresult, ==, hresult);
  g_assert_cmphex (again.interface_hresult, ==, hresult == 0 ? interface_hresult : 0);
  g_assert_cmphex (again.oid, ==, 0);
  g_assert_cmphex (again.oxid, ==, 0);
  g_assert_cmpuint (again.bindings.strings->len, ==, 0);
  stub_assert_truncated (way->plain_read, writer.data, writer.length, writer.length);
}

static void
test_failing (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      check_failing (&ways[i], 0x80070005, 0);
      check_failing (&ways[i], 0x80070005, 0x80004002);
      check_failing (&ways[i], 0, 0x80004002);
    }
}

/* Access may be denied by a Win32 error: [MS-DCOM] 3.1.2.5.2.3. */
static void
test_win32_error (void)
{
  static const guint8 create[] = "\0\0\0\0\0\0\0\0" "\0\0\0\0" "\5\0\0";
  g_auto (RollActivated) activated = { 0 };
  RollReader reader;

  roll_reader_init (&reader, create, sizeof create);
  g_assert_true (roll_orpc_read_create_instance_answer (&reader, &activated));
  g_assert_cmphex (activated.hresult, ==, 0x80070005);
}

static void
expect_answer_problem (const Way *way, gsize at, guint32 value, const char *problem)
{
  g_auto (RollActivated) activated = { 0 };
  g_auto (RollWriter) writer = { 0 };

  fill (&activated);
  roll_writer_init (&writer, STUB_MAX);
  way->put (&writer, &activated, &ROLL_IID_WBEM_LEVEL1_LOGIN);
  g_assert_cmpuint (at + 4, <, writer.length);
  roll_writer_set_u32 (&writer, at, value);
  stub_expect_problem (way->plain_read, writer.data, writer.length, problem);
}

static void
test_malformed (void)
{
  static const guint8 nothing[16];

  stub_expect_problem (read_create_answer, nothing, sizeof nothing, "an object was made and is not there");
  expect_answer_problem (&ways[0], 0x0c, 0x1f9, "two counts of one array differ");
  expect_answer_problem (&ways[0], 0x2c, 0x338, "no activation properties");
  expect_answer_problem (&ways[0], 0x90, 0x33a, "an activation property is missing");
  expect_answer_problem (&ways[0], 0xa0, 0x1b7, "an activation property is missing");
  expect_answer_problem (&ways[0], 0xcc, 2, "two counts of one array differ");
  expect_answer_problem (&ways[0], 0xd0, 0, "a result of the activation is missing");
  expect_answer_problem (&ways[0], 0xd4, 0, "a result of the activation is missing");
  expect_answer_problem (&ways[0], 0xd8, 0, "a result of the activation is missing");
  expect_answer_problem (&ways[0], 0xfc, 0, "an object was made and is not there");
  expect_answer_problem (&ways[0], 0x10c, ROLL_OBJREF_CUSTOM, "an object that is not there");
  expect_answer_problem (&ways[0], 0x190, 0, "a result of the activation is missing");
  expect_answer_problem (&ways[0], 0x19c, 0, "an object without bindings");
  expect_answer_problem (&ways[1], 0x14, 0x24, "two counts of one array differ");
  expect_answer_problem (&ways[1], 0x84, 2, "two counts of one array differ");
  expect_answer_problem (&ways[1], 0x98, ROLL_OBJREF_CUSTOM, "an object that is not there");
}

/* RemoteActivation says well done and hands out nothing. */
static void
test_activation_empty (void)
{
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_writer_zeros (&writer, 8 + 8 + 4 + 16 + 4 + 4 + 4);
  roll_writer_u32 (&writer, 1);
  roll_writer_u32 (&writer, 0);
  roll_writer_u32 (&writer, 1);
  roll_writer_zeros (&writer, 8);
  stub_expect_problem (read_activation_answer, writer.data, writer.length, "an object was made and is not there");
  roll_writer_set_u32 (&writer, writer.length - 4, 5); /* error_status_t: access denied */
  stub_assert_truncated (read_activation_answer, writer.data, writer.length, writer.length);
}

/* --- RemoteActivation's request --------------------------------------------------------------------------------- */

static gboolean
read_activation (RollReader *reader)
{
  RollActivation activation;

  return roll_orpc_read_remote_activation (reader, &activation);
}

static void
test_remote_activation (void)
{
  g_autoptr (GBytes) expected
      = vectors_hex ("05000700" "00000000" "00000000" "11111111222233330404040404040404" "00000000"
                     "5ef0c38b6bd8d011a07500c04fb68820" "00000000" "00000000" "02000000" "00000000" "01000000"
                     "00000200" "01000000" "18ad09f36ad8d011a07500c04fb68820" "0100" "0000" "01000000" "0700");
  const RollActivation mine = wbem_activation ();
  g_auto (RollWriter) writer = { 0 };
  RollActivation activation;
  RollReader reader;

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_remote_activation (&writer, &mine);
  stub_assert_equal (&writer, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_orpc_read_remote_activation (&reader, &activation));
  assert_wbem (&activation);
  g_assert_true (roll_uuid_equal (&activation.cid, &mine.cid));
  /* what stands behind the interfaces is not looked at */
  stub_assert_truncated (read_activation, writer.data, writer.length, writer.length - 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/activation/create", test_create);
  g_test_add_func ("/activation/create-round-trip", test_create_round_trip);
  g_test_add_func ("/activation/create-malformed", test_create_malformed);
  g_test_add_func ("/activation/answer", test_answer);
  g_test_add_func ("/activation/round-trip", test_round_trip);
  g_test_add_func ("/activation/failing", test_failing);
  g_test_add_func ("/activation/win32-error", test_win32_error);
  g_test_add_func ("/activation/malformed", test_malformed);
  g_test_add_func ("/activation/activation-empty", test_activation_empty);
  g_test_add_func ("/activation/remote-activation", test_remote_activation);
  return g_test_run ();
}
