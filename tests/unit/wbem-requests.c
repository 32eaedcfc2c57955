/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wbem.h"

#include <string.h>

#include "stubs.h"
#include "vectors.h"

#define CID ROLL_UUID (0x11111111, 0x2222, 0x3333, 4, 4, 4, 4, 4, 4, 4, 4)
#define THIS "05000700" "00000000" "00000000" "11111111222233330404040404040404" "00000000"

static const RollOrpcThis header = { .version = { 5, 7 }, .cid = CID };

/* The causality, which a session makes up, is taken from the recorded request; all else has to come out by itself. */
static RollOrpcThis
header_of (const guint8 *stub, gsize length)
{
  RollOrpcThis read, mine = header;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  roll_reader_orpc_this (&reader, &read);
  mine.cid = read.cid;
  return mine;
}

static void
assert_hex (const RollWriter *writer, const char *hex)
{
  g_autoptr (GBytes) expected = vectors_hex (hex);

  stub_assert_equal (writer, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
expect_hex_problem (StubReadFunc read, const char *hex, const char *problem)
{
  g_autoptr (GBytes) bytes = vectors_hex (hex);

  stub_expect_problem (read, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), problem);
}

/* --- NTLMLogin -------------------------------------------------------------------------------------------------- */

static gboolean
read_login (RollReader *reader)
{
  g_autofree char *namespace_ = NULL;
  RollOrpcThis read;
  gboolean ok = roll_wbem_read_ntlm_login (reader, &read, &namespace_);

  g_assert_cmpint (ok, ==, namespace_ != NULL);
  return ok;
}

/* What differs from Windows: it sends a locale, "en-US,en" and its terminator, behind the namespace. */
static GByteArray *
without_locale (const guint8 *stub, gsize length)
{
  static const guint8 locale[] = "\4\0\2\0\x9\0\0\0\0\0\0\0\x9\0\0\0e\0n\0-\0U\0S\0,\0e\0n\0\0\0\0";
  const guint8 *at = memmem (stub, length, locale, sizeof locale - 1);
  GByteArray *bytes = g_byte_array_new ();

  g_assert_nonnull (at);
  g_byte_array_append (bytes, stub, (guint) (at - stub));
  g_byte_array_append (bytes, (const guint8 *) "\0\0\0\0", 4);
  g_byte_array_append (bytes, stub + length - 8, 8);
  return bytes;
}

static void
check_login (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const RollOrpcThis mine = header_of (stub, length);
  g_autoptr (GByteArray) expected = without_locale (stub, length);
  g_autofree char *namespace_ = NULL;
  g_auto (RollWriter) writer = { 0 };
  RollOrpcThis read;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_wbem_read_ntlm_login (&reader, &read, &namespace_));
  g_assert_true (g_ascii_strcasecmp (namespace_, "\\\\WORKSTATION6.theshire.local\\root\\cimv2") == 0
                 || g_ascii_strcasecmp (namespace_, "\\\\WORKSTATION6.theshire.local\\root\\default") == 0);
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_ntlm_login (&writer, &mine, namespace_);
  stub_assert_equal (&writer, expected->data, expected->len);
  stub_assert_truncated (read_login, stub, length, length);
}

static void
test_login (void)
{
  guint n_calls = vectors_foreach_call ("IWbemLevel1Login", ROLL_OPNUM_NTLM_LOGIN, "req", check_login, NULL);

  g_assert_true (n_calls == 0 || n_calls == 5);
}

static void
test_login_odd (void)
{
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_ntlm_login (&writer, &header, "//./root/ü");
  assert_hex (&writer, THIS "00000200" "0b000000" "00000000" "0b000000"
                       "2f002f002e002f0072006f006f0074002f00fc000000" "0000" "00000000" "00000000" "00000000");
  stub_assert_truncated (read_login, writer.data, writer.length, writer.length);

  expect_hex_problem (read_login, THIS "00000200" "02000000" "01000000" "01000000" "2f000000",
                      "a text is longer than its array");
  expect_hex_problem (read_login, THIS "00000200" "02000000" "00000000" "03000000" "2f002f000000",
                      "a text is longer than its array");
  expect_hex_problem (read_login, THIS "00000200" "ffffffff" "00000000" "ffffffff" "2f002f000000", "truncated");
}

static void
test_null_namespace (void)
{
  g_autoptr (GBytes) bytes = vectors_hex (THIS "00000000" "00000000" "00000000" "00000000");
  g_autofree char *namespace_ = NULL;
  RollOrpcThis read;
  RollReader reader;

  roll_reader_init (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_true (roll_wbem_read_ntlm_login (&reader, &read, &namespace_));
  g_assert_cmpstr (namespace_, ==, "");
}

/* --- GetObject -------------------------------------------------------------------------------------------------- */

static gboolean
read_get_object (RollReader *reader)
{
  g_autofree char *path = NULL;
  RollOrpcThis read;
  gboolean ok = roll_wbem_read_get_object (reader, &read, &path);

  g_assert_cmpint (ok, ==, path != NULL);
  return ok;
}

static void
check_get_object (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const RollOrpcThis mine = header_of (stub, length);
  g_autofree char *path = NULL;
  g_auto (RollWriter) writer = { 0 };
  RollOrpcThis read;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_wbem_read_get_object (&reader, &read, &path));
  g_assert_true (strcmp (path, "StdRegProv") == 0 || g_ascii_strcasecmp (path, "Win32_Process") == 0);
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_get_object (&writer, &mine, path);
  stub_assert_equal (&writer, stub, vectors_without_trailer (stub, length));
  /* what is offered for the results is not read: three pointers */
  stub_assert_truncated (read_get_object, stub, length, writer.length - 12);
}

static void
test_get_object (void)
{
  guint n_calls = vectors_foreach_call ("IWbemServices", ROLL_OPNUM_GET_OBJECT, "req", check_get_object, NULL);

  g_assert_true (n_calls == 0 || n_calls == 8);
}

static void
expect_path (const char *bstr, const char *expected)
{
  g_autofree char *hex = g_strconcat (THIS, bstr, "00000000" "00000000", NULL);
  g_autoptr (GBytes) bytes = vectors_hex (hex);
  g_autofree char *path = NULL;
  RollOrpcThis read;
  RollReader reader;

  roll_reader_init (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_true (roll_wbem_read_get_object (&reader, &read, &path));
  g_assert_cmpstr (path, ==, expected);
}

static void
test_bstr (void)
{
  g_auto (RollWriter) writer = { 0 };

  expect_path ("00000000", "");
  expect_path ("55736572" "00000000" "ffffffff" "00000000", "");
  expect_path ("55736572" "00000000" "00000000" "00000000", "");
  expect_path ("55736572" "02000000" "04000000" "02000000" "4100" "4200", "AB");
  expect_path ("01000000" "02000000" "04000000" "02000000" "4100" "0000", "A");
  expect_path ("55736572" "02000000" "03000000" "02000000" "4100" "4200", "AB"); /* a BSTR of bytes */
  expect_path ("55736572" "02000000" "04000000" "02000000" "3dd8" "00de", "😀");
  expect_path ("55736572" "02000000" "04000000" "02000000" "3dd8" "4100", "\xef\xbf\xbd" "A");
  expect_hex_problem (read_get_object, THIS "55736572" "03000000" "04000000" "02000000" "4100" "4200",
                      "two counts of one array differ");
  expect_hex_problem (read_get_object, THIS "55736572" "02000000" "06000000" "02000000" "4100" "4200",
                      "a BSTR has two lengths");
  expect_hex_problem (read_get_object, THIS "55736572" "02000000" "ffffffff" "02000000" "4100" "4200",
                      "a BSTR has two lengths");
  expect_hex_problem (read_get_object, THIS "55736572" "00000080" "00000000" "00000080", "a BSTR has two lengths");
  expect_hex_problem (read_get_object, THIS "55736572" "ffffff7f" "feffffff" "ffffff7f" "41004200", "truncated");

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_get_object (&writer, &header, "");
  assert_hex (&writer, THIS "55736572" "00000000" "00000000" "00000000" "00000000" "00000000" "00000200" "00000000"
                       "00000000");
}

/* --- ExecQuery -------------------------------------------------------------------------------------------------- */

static gboolean
read_exec_query (RollReader *reader)
{
  g_autofree char *query = NULL;
  RollOrpcThis read;
  guint32 flags;
  gboolean ok = roll_wbem_read_exec_query (reader, &read, &query, &flags);

  g_assert_cmpint (ok, ==, query != NULL);
  return ok;
}

static void
check_exec_query (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const RollOrpcThis mine = header_of (stub, length);
  g_autofree char *query = NULL;
  g_auto (RollWriter) writer = { 0 };
  RollOrpcThis read;
  guint32 flags;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_wbem_read_exec_query (&reader, &read, &query, &flags));
  g_assert_cmpstr (query, ==, "select * from Win32_OperatingSystem");
  g_assert_cmphex (flags, ==, 0x10);
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_exec_query (&writer, &mine, query, flags);
  stub_assert_equal (&writer, stub, length);
  stub_assert_truncated (read_exec_query, stub, length, length);
}

static void
test_exec_query (void)
{
  guint n_calls = vectors_foreach_call ("IWbemServices", ROLL_OPNUM_EXEC_QUERY, "req", check_exec_query, NULL);

  g_assert_true (n_calls == 0 || n_calls == 1);
}

/* --- ExecMethod ------------------------------------------------------------------------------------------------- */

static gboolean
read_exec_method (RollReader *reader)
{
  g_autofree char *path = NULL, *method = NULL;
  const guint8 *in;
  gsize in_length;
  RollOrpcThis read;
  gboolean ok = roll_wbem_read_exec_method (reader, &read, &path, &method, &in, &in_length);

  g_assert_cmpint (ok, ==, path != NULL);
  g_assert_cmpint (ok, ==, method != NULL);
  g_assert_true (ok || in == NULL);
  g_assert_true (in != NULL || in_length == 0);
  return ok;
}

static void
check_exec_method (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const RollOrpcThis mine = header_of (stub, length);
  g_autofree char *path = NULL, *method = NULL;
  g_auto (RollWriter) writer = { 0 };
  g_autoptr (GBytes) file = vectors_object_of (call);
  RollOrpcThis read;
  const guint8 *in;
  gsize in_length;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_wbem_read_exec_method (&reader, &read, &path, &method, &in, &in_length));
  g_assert_cmpmem (in, in_length, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  if (strcmp (path, "StdRegProv") == 0)
    ++*(guint *) user_data;
  g_assert_true (strcmp (method, "EnumKey") == 0 || strcmp (method, "GetStringValue") == 0
                 || g_ascii_strcasecmp (method, "Create") == 0);
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_exec_method (&writer, &mine, path, method, in, in_length);
  stub_assert_equal (&writer, stub, length);
  stub_assert_truncated (read_exec_method, stub, length, (gsize) (in + in_length - stub));
}

static void
test_exec_method (void)
{
  guint n_registry = 0;
  guint n_calls
      = vectors_foreach_call ("IWbemServices", ROLL_OPNUM_EXEC_METHOD, "req", check_exec_method, &n_registry);

  g_assert_true (n_calls == 0 || n_calls == 4);
  g_assert_true (n_calls == 0 || n_registry == 2);
}

static void
test_exec_method_without (void)
{
  g_autofree char *path = NULL, *method = NULL;
  g_auto (RollWriter) writer = { 0 };
  const guint8 *in = (const guint8 *) "";
  gsize in_length = 1;
  RollOrpcThis read;
  RollReader reader;

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_exec_method (&writer, &header, "X", "Ye", NULL, 0);
  assert_hex (&writer, THIS "55736572" "01000000" "02000000" "01000000" "5800" "0000"
                       "55736572" "02000000" "04000000" "02000000" "59006500"
                       "00000000" "00000000" "00000000" "00000200" "00000000" "00000000");
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_wbem_read_exec_method (&reader, &read, &path, &method, &in, &in_length));
  g_assert_cmpstr (path, ==, "X");
  g_assert_cmpstr (method, ==, "Ye");
  g_assert_null (in);
  g_assert_cmpuint (in_length, ==, 0);
}

static void
test_exec_method_other (void)
{
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_exec_method (&writer, &header, "X", "Ye", "unit", 4);
  stub_assert_truncated (read_exec_method, writer.data, writer.length, writer.length - 12);
  writer.data[0x60] ^= 1; /* OBJREF_CUSTOM */
  stub_expect_problem (read_exec_method, writer.data, writer.length, "an object reference of an unknown kind");
  writer.data[0x60] ^= 1;
  writer.data[0x74] ^= 1; /* its CLSID */
  stub_expect_problem (read_exec_method, writer.data, writer.length, "not an object of WMI");
}

/* --- Enumerations ----------------------------------------------------------------------------------------------- */

static gboolean
read_smart_next (RollReader *reader)
{
  guint32 timeout_ms, count;
  RollOrpcThis read;
  RollUuid proxy;

  return roll_wbem_read_smart_next (reader, &read, &proxy, &timeout_ms, &count);
}

static void
check_smart_next (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const RollOrpcThis mine = header_of (stub, length);
  g_auto (RollWriter) writer = { 0 };
  guint32 timeout_ms, count;
  RollOrpcThis read;
  RollUuid proxy;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_wbem_read_smart_next (&reader, &read, &proxy, &timeout_ms, &count));
  g_assert_cmphex (timeout_ms, ==, 0xffffffff);
  g_assert_cmpuint (count, ==, 1);
  g_assert_cmpmem (proxy.bytes, 16, stub + 32, 16);
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_smart_next (&writer, &mine, &proxy, timeout_ms, count);
  stub_assert_equal (&writer, stub, vectors_without_trailer (stub, length));
  stub_assert_truncated (read_smart_next, stub, length, writer.length);
}

static void
check_get_smart_enum (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const RollOrpcThis mine = header_of (stub, length);
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_get_smart_enum (&writer, &mine);
  stub_assert_equal (&writer, stub, vectors_without_trailer (stub, length));
}

static void
test_smart (void)
{
  guint n_calls = vectors_foreach_call ("IWbemFetchSmartEnum", ROLL_OPNUM_GET_SMART_ENUM, "req", check_get_smart_enum,
                                        NULL);

  g_assert_true (n_calls == 0 || n_calls == 2);
  n_calls = vectors_foreach_call ("IWbemWCOSmartEnum", ROLL_OPNUM_SMART_NEXT, "req", check_smart_next, NULL);
  g_assert_true (n_calls == 0 || n_calls == 2);
}

static gboolean
read_enum_next (RollReader *reader)
{
  guint32 timeout_ms, count;
  RollOrpcThis read;

  return roll_wbem_read_enum_next (reader, &read, &timeout_ms, &count);
}

static void
test_enum_next (void)
{
  g_auto (RollWriter) writer = { 0 };
  guint32 timeout_ms, count;
  RollOrpcThis read;
  RollReader reader;

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_enum_next (&writer, &header, 5000, 100);
  assert_hex (&writer, THIS "88130000" "64000000");
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_wbem_read_enum_next (&reader, &read, &timeout_ms, &count));
  g_assert_cmpuint (timeout_ms, ==, 5000);
  g_assert_cmpuint (count, ==, 100);
  stub_assert_truncated (read_enum_next, writer.data, writer.length, writer.length);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wbem/requests/login", test_login);
  g_test_add_func ("/wbem/requests/login-odd", test_login_odd);
  g_test_add_func ("/wbem/requests/null-namespace", test_null_namespace);
  g_test_add_func ("/wbem/requests/get-object", test_get_object);
  g_test_add_func ("/wbem/requests/bstr", test_bstr);
  g_test_add_func ("/wbem/requests/exec-query", test_exec_query);
  g_test_add_func ("/wbem/requests/exec-method", test_exec_method);
  g_test_add_func ("/wbem/requests/exec-method-without", test_exec_method_without);
  g_test_add_func ("/wbem/requests/exec-method-other", test_exec_method_other);
  g_test_add_func ("/wbem/requests/smart", test_smart);
  g_test_add_func ("/wbem/requests/enum-next", test_enum_next);
  return g_test_run ();
}
