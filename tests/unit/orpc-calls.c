/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"

#include <string.h>

#include "stubs.h"
#include "vectors.h"

#define CID ROLL_UUID (0x11111111, 0x2222, 0x3333, 4, 4, 4, 4, 4, 4, 4, 4)
#define E_NOINTERFACE 0x80004002u

static const RollOrpcThis header = { .version = { 5, 7 }, .cid = CID };

/* The numbers that a session makes up are taken from the recorded request; all else has to come out by itself. */
static RollOrpcThis
header_of (RollReader *reader)
{
  RollOrpcThis read;

  roll_reader_orpc_this (reader, &read);
  g_assert_cmpuint (read.version.major, ==, 5);
  g_assert_cmpuint (read.version.minor, ==, 7);
  g_assert_cmphex (read.flags, ==, 0);
  return (RollOrpcThis) { .version = { 5, 7 }, .cid = read.cid };
}

/* --- ServerAlive2 ----------------------------------------------------------------------------------------------- */

static gboolean
read_alive (RollReader *reader)
{
  g_auto (RollServerAlive) alive = { 0 };
  gboolean ok = roll_orpc_read_server_alive (reader, &alive);

  g_assert_cmpint (ok, ==, alive.strings.strings != NULL);
  return ok;
}

static void
check_alive (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_auto (RollServerAlive) alive = { 0 };
  g_auto (RollWriter) writer = { 0 };
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_orpc_read_server_alive (&reader, &alive));
  g_assert_cmpuint (alive.version.major, ==, 5);
  g_assert_cmpuint (alive.version.minor, ==, 7);
  g_assert_cmpuint (alive.status, ==, 0);
  g_assert_cmpuint (alive.strings.strings->len, ==, 2);
  g_assert_cmpuint (alive.strings.securities->len, ==, 7);
  g_assert_true (g_str_has_prefix (g_array_index (alive.strings.strings, RollStringBinding, 0).address, "WORKSTATION"));
  g_assert_true (g_str_has_prefix (g_array_index (alive.strings.strings, RollStringBinding, 1).address, "172.18.39."));

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_server_alive (&writer, &alive);
  stub_assert_equal (&writer, stub, length);
  stub_assert_truncated (read_alive, stub, length, length);
}

static void
test_server_alive (void)
{
  guint n_calls = vectors_foreach_call ("IObjectExporter", ROLL_OPNUM_SERVER_ALIVE2, "rsp", check_alive, NULL);

  g_assert_true (n_calls == 0 || n_calls == 4);
}

static void
test_server_alive_odd (void)
{
  static const guint8 no_bindings[] = "\5\0\1\0\0\0\0\0\0\0\0\0\5\0\0\0";
  static const guint8 lying[] = "\5\0\1\0\0\0\2\0\3\0\0\0\2\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0";
  g_auto (RollServerAlive) alive = { 0 };
  RollReader reader;

  roll_reader_init (&reader, no_bindings, 16);
  g_assert_true (roll_orpc_read_server_alive (&reader, &alive));
  g_assert_cmpuint (alive.version.minor, ==, 1);
  g_assert_cmpuint (alive.status, ==, 5);
  g_assert_cmpuint (alive.strings.strings->len, ==, 0);
  stub_expect_problem (read_alive, lying, sizeof lying - 1, "two counts of one array differ");
}

/* --- Pings: [MS-DCOM] 3.1.2.5.1.2 and .3 ------------------------------------------------------------------------ */

static gboolean
read_complex_ping (RollReader *reader)
{
  guint64 set_id;
  guint n_add;

  return roll_orpc_read_complex_ping (reader, &set_id, &n_add);
}

static void
test_complex_ping (void)
{
  static const guint64 objects[] = { 0x1122334455667788, 0x99aabbccddeeff00 };
  g_autoptr (GBytes) expected = vectors_hex ("0807060504030201" "0900" "0200" "0000" "0000" "00000200" "02000000"
                                             "8877665544332211" "00ffeeddccbbaa99" "00000000");
  g_auto (RollWriter) writer = { 0 };
  RollReader reader;
  guint64 set_id;
  guint n_add;

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_complex_ping (&writer, 0x0102030405060708, 9, objects, G_N_ELEMENTS (objects));
  stub_assert_equal (&writer, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_orpc_read_complex_ping (&reader, &set_id, &n_add));
  g_assert_cmphex (set_id, ==, 0x0102030405060708);
  g_assert_cmpuint (n_add, ==, 2);
  stub_assert_truncated (read_complex_ping, writer.data, writer.length, writer.length);
}

static void
test_complex_ping_odd (void)
{
  g_autoptr (GBytes) removing = vectors_hex ("0000000000000000" "0100" "0000" "0100" "0000" "00000000" "04000200"
                                             "01000000" "00000000" "8877665544332211");
  g_autoptr (GBytes) missing = vectors_hex ("0000000000000000" "0100" "0100" "0000" "0000" "00000000" "00000000");
  g_autoptr (GBytes) lying = vectors_hex ("0000000000000000" "0100" "0100" "0000" "0000" "00000200" "02000000"
                                          "8877665544332211" "8877665544332211" "00000000");
  g_auto (RollWriter) writer = { 0 };
  RollReader reader;
  guint64 set_id;
  guint n_add;

  stub_assert_truncated (read_complex_ping, g_bytes_get_data (removing, NULL), 40, 40);
  stub_expect_problem (read_complex_ping, g_bytes_get_data (missing, NULL), 24, "objects are counted and not there");
  stub_expect_problem (read_complex_ping, g_bytes_get_data (lying, NULL), 44, "two counts of one array differ");

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_complex_ping (&writer, 7, 1, NULL, 0);
  g_assert_cmpuint (writer.length, ==, 24);
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_orpc_read_complex_ping (&reader, &set_id, &n_add));
  g_assert_cmphex (set_id, ==, 7);
  g_assert_cmpuint (n_add, ==, 0);
}

static void
test_ping_answers (void)
{
  g_auto (RollWriter) writer = { 0 };
  RollReader reader;
  guint64 set_id;
  guint32 status;

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_complex_ping_answer (&writer, 0x0102030405060708, 5);
  g_assert_cmpmem (writer.data, writer.length, "\x8\7\6\5\4\3\2\1\0\0\0\0\5\0\0\0", 16);
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_orpc_read_complex_ping_answer (&reader, &set_id, &status));
  g_assert_cmphex (set_id, ==, 0x0102030405060708);
  g_assert_cmpuint (status, ==, 5);

  roll_writer_clear (&writer);
  roll_orpc_put_simple_ping (&writer, 0x0102030405060708);
  g_assert_cmpmem (writer.data, writer.length, "\x8\7\6\5\4\3\2\1", 8);
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_orpc_read_simple_ping (&reader, &set_id));
  g_assert_cmphex (set_id, ==, 0x0102030405060708);
}

/* --- RemQueryInterface ------------------------------------------------------------------------------------------ */

static gboolean
read_query (RollReader *reader)
{
  RollOrpcThis read;
  RollUuid ipid, iid;

  return roll_orpc_read_rem_query_interface (reader, &read, &ipid, &iid);
}

static void
check_query (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_auto (RollWriter) writer = { 0 };
  RollOrpcThis read, mine;
  RollUuid ipid, iid;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  mine = header_of (&reader);
  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_orpc_read_rem_query_interface (&reader, &read, &ipid, &iid));
  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_rem_query_interface (&writer, &mine, &ipid, 5, &iid);
  stub_assert_equal (&writer, stub, vectors_without_trailer (stub, length));
  stub_assert_truncated (read_query, stub, length, writer.length);
  if (roll_uuid_equal (&iid, &ROLL_IID_WBEM_FETCH_SMART_ENUM))
    ++*(guint *) user_data;
}

static gboolean
read_query_answer (RollReader *reader)
{
  RollStdObjref std;
  guint32 hresult;

  return roll_orpc_read_rem_query_interface_answer (reader, &hresult, &std);
}

static void
check_query_answer (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_auto (RollWriter) writer = { 0 };
  RollStdObjref std;
  guint32 hresult;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_orpc_read_rem_query_interface_answer (&reader, &hresult, &std));
  g_assert_cmphex (std.flags, ==, 0);
  if (hresult == 0)
    {
      g_assert_cmpuint (std.public_refs, ==, 5);
      g_assert_cmpmem (std.ipid.bytes, 16, stub + 0x30, 16);
    }
  else
    {
      g_assert_cmphex (hresult, ==, E_NOINTERFACE);
      ++*(guint *) user_data;
    }
  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_rem_query_interface_answer (&writer, hresult, &std);
  stub_assert_equal (&writer, stub, length);
  stub_assert_truncated (read_query_answer, stub, length, length);
}

static void
test_query (void)
{
  guint n_smart = 0, n_refused = 0;
  guint n_calls = vectors_foreach_call ("IRemUnknown2", ROLL_OPNUM_REM_QUERY_INTERFACE, "req", check_query, &n_smart);

  g_assert_true (n_calls == 0 || n_calls > 12);
  g_assert_true (n_calls == 0 || n_smart == 2);
  n_calls = vectors_foreach_call ("IRemUnknown2", ROLL_OPNUM_REM_QUERY_INTERFACE, "rsp", check_query_answer, &n_refused);
  g_assert_true (n_calls == 0 || n_calls > 12);
  g_assert_true (n_calls == 0 || n_refused == 5);
}

static void
read_hex_answer (const char *hex, guint32 expected)
{
  g_autoptr (GBytes) bytes = vectors_hex (hex);
  RollStdObjref std = { .oid = 1 };
  guint32 hresult;
  RollReader reader;

  roll_reader_init (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_true (roll_orpc_read_rem_query_interface_answer (&reader, &hresult, &std));
  g_assert_cmphex (hresult, ==, expected);
  g_assert_cmphex (std.oid, ==, 0);
}

#define ZEROS40 "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
#define THAT "0000000000000000"

static void
test_query_refused (void)
{
  g_autoptr (GBytes) nothing = vectors_hex (THAT "00000000" "00000000");
  g_autoptr (GBytes) two = vectors_hex (THAT "00000200" "02000000" "00000000" "00000000" ZEROS40 "00000000");
  g_auto (RollWriter) writer = { 0 };
  RollStdObjref std;
  guint32 hresult;
  RollReader reader;

  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_rem_query_interface_answer (&writer, E_NOINTERFACE, NULL);
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_orpc_read_rem_query_interface_answer (&reader, &hresult, &std));
  g_assert_cmphex (hresult, ==, E_NOINTERFACE);

  read_hex_answer (THAT "00000000" "02400080", E_NOINTERFACE);
  read_hex_answer (THAT "00000200" "01000000" "02400080" "00000000" ZEROS40 "01000000", E_NOINTERFACE);
  read_hex_answer (THAT "00000200" "01000000" "00000000" "00000000" ZEROS40 "05000780", 0x80070005);
  stub_expect_problem (read_query_answer, g_bytes_get_data (nothing, NULL), 16,
                       "an interface was found and is not there");
  stub_expect_problem (read_query_answer, g_bytes_get_data (two, NULL), g_bytes_get_size (two),
                       "two counts of one array differ");
}

/* --- RemRelease ------------------------------------------------------------------------------------------------- */

static gboolean
read_release (RollReader *reader)
{
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (RollRemRef));
  RollOrpcThis read;
  gboolean ok = roll_orpc_read_rem_release (reader, &read, refs);

  g_assert_true (ok || refs->len == 0);
  return ok;
}

static void
check_release (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (RollRemRef));
  g_auto (RollWriter) writer = { 0 };
  RollOrpcThis read, mine;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  mine = header_of (&reader);
  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_orpc_read_rem_release (&reader, &read, refs));
  g_assert_cmpuint (refs->len, ==, (length - 40) / 24);
  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_rem_release (&writer, &mine, (const RollRemRef *) refs->data, refs->len);
  stub_assert_equal (&writer, stub, length);
  stub_assert_truncated (read_release, stub, length, length);
}

static gboolean
read_plain (RollReader *reader)
{
  guint32 hresult;

  return roll_orpc_read_plain_answer (reader, &hresult);
}

static void
check_plain (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_auto (RollWriter) writer = { 0 };
  guint32 hresult;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_orpc_read_plain_answer (&reader, &hresult));
  g_assert_cmphex (hresult, ==, 0);
  roll_writer_init (&writer, STUB_MAX);
  roll_orpc_put_plain_answer (&writer, 0);
  stub_assert_equal (&writer, stub, length);
  stub_assert_truncated (read_plain, stub, length, length);
}

static void
test_release (void)
{
  guint n_calls = vectors_foreach_call ("IRemUnknown2", ROLL_OPNUM_REM_RELEASE, "req", check_release, NULL);

  g_assert_true (n_calls == 0 || n_calls > 12);
  n_calls = vectors_foreach_call ("IRemUnknown2", ROLL_OPNUM_REM_RELEASE, "rsp", check_plain, NULL);
  g_assert_true (n_calls == 0 || n_calls > 12);
}

/* A count with nothing behind it must not cost memory. */
static void
test_release_lying (void)
{
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_writer_orpc_this (&writer, &header);
  roll_writer_u32 (&writer, 0xffff);
  roll_writer_u32 (&writer, 0xffff);
  roll_writer_zeros (&writer, 24);
  stub_expect_problem (read_release, writer.data, writer.length, "truncated");
}

/* --- Headers ---------------------------------------------------------------------------------------------------- */

static void
expect_extensions (const char *hex, const char *problem)
{
  g_autofree char *text = g_strconcat ("00000000", hex, "05000780", NULL);
  g_autoptr (GBytes) bytes = vectors_hex (text);
  guint32 hresult;
  RollReader reader;

  roll_reader_init (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpint (roll_orpc_read_plain_answer (&reader, &hresult), ==, problem == NULL);
  g_assert_cmpstr (reader.problem, ==, problem);
  if (problem == NULL)
    g_assert_cmphex (hresult, ==, 0x80070005);
}

/* Error information, which Windows may send with a failing HRESULT, is passed over. */
static void
test_extensions (void)
{
#define UUID16 "11111111111111111111111111111111"
#define SIZED "08000000" UUID16 "05000000" "0102030405000000"

  expect_extensions ("00000000", NULL);
  expect_extensions ("00000200" "00000000" "00000000" "00000000", NULL);
  expect_extensions ("00000200" "01000000" "00000000" "04000200" "02000000" "08000200" "00000000" SIZED, NULL);
  expect_extensions ("00000200" "02000000" "00000000" "04000200" "02000000" "08000200" "0c000200" SIZED SIZED, NULL);
  expect_extensions ("00000200" "02000000" "00000000" "04000200" "41000000", "too many extensions of a call");
  expect_extensions ("00000200" "01000000" "00000000" "04000200" "02000000" "08000200" "00000000"
                     "ffffffff" UUID16 "05000000", "truncated");
}

static void
test_header (void)
{
  const RollOrpcThis written = { .version = { 5, 6 }, .flags = 1, .cid = CID };
  g_auto (RollWriter) writer = { 0 };
  RollOrpcThis read;
  RollReader reader;

  roll_writer_init (&writer, STUB_MAX);
  roll_writer_orpc_this (&writer, &written);
  g_assert_cmpuint (writer.length, ==, 32);
  roll_reader_init (&reader, writer.data, writer.length);
  roll_reader_orpc_this (&reader, &read);
  g_assert_true (roll_reader_ok (&reader));
  g_assert_cmpmem (&read, sizeof read, &written, sizeof written);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/orpc/header", test_header);
  g_test_add_func ("/orpc/extensions", test_extensions);
  g_test_add_func ("/orpc/server-alive", test_server_alive);
  g_test_add_func ("/orpc/server-alive-odd", test_server_alive_odd);
  g_test_add_func ("/orpc/complex-ping", test_complex_ping);
  g_test_add_func ("/orpc/complex-ping-odd", test_complex_ping_odd);
  g_test_add_func ("/orpc/ping-answers", test_ping_answers);
  g_test_add_func ("/orpc/query", test_query);
  g_test_add_func ("/orpc/query-refused", test_query_refused);
  g_test_add_func ("/orpc/release", test_release);
  g_test_add_func ("/orpc/release-lying", test_release_lying);
  return g_test_run ();
}
