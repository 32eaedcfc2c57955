/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wbem.h"

#include <string.h>

#include "stubs.h"
#include "vectors.h"

#define ACCESS_DENIED 0x80041003u
#define THAT "00000000" "00000000"

static void
expect_hex_problem (StubReadFunc read, const char *hex, const char *problem)
{
  g_autoptr (GBytes) bytes = vectors_hex (hex);

  stub_expect_problem (read, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), problem);
}

/* --- Interfaces ------------------------------------------------------------------------------------------------- */

static gboolean
read_interface (RollReader *reader)
{
  RollStdObjref std;
  guint32 hresult;
  gboolean ok = roll_wbem_read_interface_answer (reader, &std, &hresult);

  g_assert_true (ok || std.oid == 0);
  return ok;
}

static void
check_interface (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_auto (RollObjref) objref = { 0 };
  g_auto (RollWriter) writer = { 0 };
  const char *problem;
  RollStdObjref std;
  guint32 hresult;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_wbem_read_interface_answer (&reader, &std, &hresult));
  g_assert_cmphex (hresult, ==, 0);
  g_assert_cmpuint (std.public_refs, ==, 5);
  g_assert_cmphex (std.oxid, ==, 0x0f982b370edc3e3e);
  g_assert_cmpmem (&std.oid, 8, stub + 0x3c, 8);
  g_assert_cmpmem (std.ipid.bytes, 16, stub + 0x44, 16);

  g_assert_true (roll_objref_decode (stub + 0x14, 0xa8, &objref, &problem));
  g_assert_true (roll_uuid_equal (&objref.iid, user_data));
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_interface_answer (&writer, user_data, &std, &objref.strings, 0);
  stub_assert_equal (&writer, stub, length);
  stub_assert_truncated (read_interface, stub, length, length);
}

static void
test_interface (void)
{
  static const struct { const char *name; guint opnum; const RollUuid *iid; guint n_calls; } cases[] = {
    { "IWbemLevel1Login", ROLL_OPNUM_NTLM_LOGIN, &ROLL_IID_WBEM_SERVICES, 5 },
    { "IWbemServices", ROLL_OPNUM_EXEC_QUERY, &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, 1 },
    { "IWbemFetchSmartEnum", ROLL_OPNUM_GET_SMART_ENUM, &ROLL_IID_WBEM_WCO_SMART_ENUM, 2 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint n_calls = vectors_foreach_call (cases[i].name, cases[i].opnum, "rsp", check_interface,
                                            (gpointer) cases[i].iid);

      g_assert_true (n_calls == 0 || n_calls == cases[i].n_calls);
    }
}

static void
test_interface_refused (void)
{
  g_auto (RollWriter) writer = { 0 };
  RollStdObjref std = { .oid = 1 };
  guint32 hresult;
  RollReader reader;

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_interface_answer (&writer, &ROLL_IID_WBEM_SERVICES, NULL, NULL, ACCESS_DENIED);
  g_assert_cmpmem (writer.data, writer.length, "\0\0\0\0\0\0\0\0\0\0\0\0\3\x10\4\x80", 16);
  roll_reader_init (&reader, writer.data, writer.length);
  g_assert_true (roll_wbem_read_interface_answer (&reader, &std, &hresult));
  g_assert_cmphex (hresult, ==, ACCESS_DENIED);
  g_assert_cmphex (std.oid, ==, 0);
  stub_assert_truncated (read_interface, writer.data, writer.length, writer.length);

  expect_hex_problem (read_interface, THAT "00000000" "00000000", "an interface was made and is not there");
  expect_hex_problem (read_interface, THAT "00000000" "01000000", "an interface was made and is not there");
  expect_hex_problem (read_interface, THAT "00000200" "04000000" "04000000" "4d454f57" "00000000", "truncated");
  expect_hex_problem (read_interface, THAT "00000200" "04000000" "05000000" "4d454f57" "00000000",
                      "two counts of one array differ");
}

/* An object made by value is none to call. */
static void
test_interface_custom (void)
{
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_object_answer (&writer, "unit", 4, 0);
  memmove (writer.data + 8, writer.data + 12, writer.length - 12);
  stub_expect_problem (read_interface, writer.data, writer.length, "an object that is not there");
}

/* --- Objects ---------------------------------------------------------------------------------------------------- */

typedef gboolean (*ReadObjectFunc) (RollReader *reader, const guint8 **ret_object, gsize *ret_length,
                                    guint32 *ret_hresult);

static gboolean
read_with (ReadObjectFunc read, RollReader *reader)
{
  const guint8 *object;
  guint32 hresult;
  gsize length;
  gboolean ok = read (reader, &object, &length, &hresult);

  g_assert_true (ok || object == NULL);
  g_assert_true (object != NULL || length == 0);
  return ok;
}

static gboolean
read_object (RollReader *reader)
{
  return read_with (roll_wbem_read_object_answer, reader);
}

static gboolean
read_method (RollReader *reader)
{
  return read_with (roll_wbem_read_method_answer, reader);
}

/* Quadratic: of a long one the lengths near both ends. */
static void
assert_truncated_somewhere (StubReadFunc read, const guint8 *stub, gsize length)
{
  for (gsize i = 0; i < length; i = i == 2000 && length > 4000 ? length - 2000 : i + 1)
    {
      RollReader reader;
      g_autofree guint8 *copy = stub_reader (&reader, stub, i);

      g_assert_false (read (&reader));
      g_assert_false (roll_reader_ok (&reader));
    }
}

static void
check_object (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  const gboolean method = user_data != NULL;
  g_autoptr (GBytes) file = vectors_object_of (call);
  g_auto (RollWriter) writer = { 0 };
  const guint8 *object;
  guint32 hresult;
  gsize object_length;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (method ? roll_wbem_read_method_answer (&reader, &object, &object_length, &hresult)
                        : roll_wbem_read_object_answer (&reader, &object, &object_length, &hresult));
  g_assert_cmphex (hresult, ==, 0);
  g_assert_true (object == stub + 0x48);
  g_assert_cmpmem (object, 4, "\x78\x56\x34\x12", 4);
  if (file != NULL) /* of a class that was asked for twice there is one */
    g_assert_cmpmem (object, object_length, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_object_answer (&writer, object, object_length, hresult);
  stub_assert_equal (&writer, stub, length);
  assert_truncated_somewhere (method ? read_method : read_object, stub, length);
}

static void
test_object (void)
{
  guint n_calls = vectors_foreach_call ("IWbemServices", ROLL_OPNUM_GET_OBJECT, "rsp", check_object, NULL);

  g_assert_true (n_calls == 0 || n_calls == 8);
  n_calls = vectors_foreach_call ("IWbemServices", ROLL_OPNUM_EXEC_METHOD, "rsp", check_object, GUINT_TO_POINTER (TRUE));
  g_assert_true (n_calls == 0 || n_calls == 4);
}

static void
expect_object (const char *hex, const char *expected, guint32 expected_hresult)
{
  g_autoptr (GBytes) bytes = vectors_hex (hex);
  const guint8 *object;
  guint32 hresult;
  gsize length;
  RollReader reader;

  roll_reader_init (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_true (roll_wbem_read_method_answer (&reader, &object, &length, &hresult));
  g_assert_cmphex (hresult, ==, expected_hresult);
  g_assert_cmpint (object != NULL, ==, expected != NULL);
  if (expected != NULL)
    g_assert_cmpmem (object, length, expected, strlen (expected));
}

#define OBJECT(size, data) \
  size size "4d454f57" "04000000" "81a612dc7f73cf11884d00aa004b2e24" "12f890453a1dd011891f00aa004b2e24" "00000000" \
       "00000000" data

static void
test_object_odd (void)
{
  expect_object (THAT "00000000" "00000000" "02100480", NULL, 0x80041002);
  expect_object (THAT "00000200" "00000000" "00000000" "02100480", NULL, 0x80041002);
  expect_object (THAT "00000000" "00000000" "00000000", NULL, 0);
  expect_object (THAT "00000200" "04000200" OBJECT ("33000000", "616263") "00" "00000000" "00000000", "abc", 0);
  expect_object (THAT "00000200" "04000200" OBJECT ("33000000", "616263") "00" "08000200" "00000000" "00000000", "abc",
                 0);
  expect_object (THAT "00000200" "04000200" OBJECT ("30000000", "") "08000200" "0c000200" OBJECT ("31000000", "61")
                 "000000" "00000000", "", 0);
  expect_hex_problem (read_object, THAT "00000200" "00000000" "00000000" "00000000",
                      "an object was found and is not there");
  expect_hex_problem (read_object, THAT "00000200" "04000200" "18000000" "18000000" "4d454f57" "04000000"
                      "81a612dc7f73cf11884d00aa004b2e24" "00000000" "00000000", "truncated");
  expect_hex_problem (read_object, THAT "00000200" "04000200" "30000000" "30000000" "4d454f57" "04000000"
                      "81a612dc7f73cf11884d00aa004b2e24" "13f890453a1dd011891f00aa004b2e24" "00000000" "00000000"
                      "00000000" "00000000", "not an object of WMI");
}

/* --- Next ------------------------------------------------------------------------------------------------------- */

static gboolean
read_next (RollReader *reader)
{
  g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (RollWbemObject));
  guint32 hresult;
  gboolean ok = roll_wbem_read_next_answer (reader, objects, &hresult);

  g_assert_true (ok || objects->len == 0);
  return ok;
}

static void
test_next (void)
{
  static const RollWbemObject sent[] = {
    { (const guint8 *) "a", 1 }, { (const guint8 *) "", 0 }, { (const guint8 *) "three", 5 }, { (const guint8 *) "four", 4 },
  };

  for (guint n = 0; n <= G_N_ELEMENTS (sent); n++)
    {
      g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (RollWbemObject));
      g_auto (RollWriter) writer = { 0 };
      guint32 hresult;
      RollReader reader;

      roll_writer_init (&writer, STUB_MAX);
      roll_wbem_put_next_answer (&writer, sent, n, 10, n < 2 ? ROLL_WBEM_S_FALSE : 0);
      roll_reader_init (&reader, writer.data, writer.length);
      g_assert_true (roll_wbem_read_next_answer (&reader, objects, &hresult));
      g_assert_cmphex (hresult, ==, n < 2 ? ROLL_WBEM_S_FALSE : 0);
      g_assert_cmpuint (roll_reader_left (&reader), ==, 0);
      g_assert_cmpuint (objects->len, ==, n);
      for (guint i = 0; i < n; i++)
        {
          const RollWbemObject *object = &g_array_index (objects, RollWbemObject, i);

          g_assert_cmpmem (object->bytes, object->length, sent[i].bytes, sent[i].length);
        }
      stub_assert_truncated (read_next, writer.data, writer.length, writer.length);
    }
}

static void
test_next_bytes (void)
{
  static const RollWbemObject sent[] = { { (const guint8 *) "abc", 3 } };
  g_autoptr (GBytes) expected = vectors_hex (THAT "0a000000" "00000000" "01000000" "00000200"
                                             "33000000" "33000000" "4d454f57" "04000000"
                                             "81a612dc7f73cf11884d00aa004b2e24" "12f890453a1dd011891f00aa004b2e24"
                                             "00000000" "03000000" "616263" "00" "01000000" "04000400");
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_next_answer (&writer, sent, 1, 10, ROLL_WBEM_S_TIMEDOUT);
  stub_assert_equal (&writer, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
test_next_lying (void)
{
  expect_hex_problem (read_next, THAT "01000000" "00000000" "02000000" "00000200" "04000200",
                      "an array is longer than its room");
  expect_hex_problem (read_next, THAT "02000000" "01000000" "01000000" "00000200", "an array is longer than its room");
  expect_hex_problem (read_next, THAT "ffffffff" "00000000" "11270000" "00000200", "too many objects");
  expect_hex_problem (read_next, THAT "ffffffff" "00000000" "10270000" "00000200", "truncated");
  expect_hex_problem (read_next, THAT "01000000" "00000000" "01000000" "00000000" "01000000" "00000000",
                      "an object was found and is not there");
  expect_hex_problem (read_next, THAT "01000000" "00000000" "00000000" "01000000" "00000000",
                      "two counts of one array differ");
}

/* --- Smart enumeration ------------------------------------------------------------------------------------------ */

static gboolean
read_smart (RollReader *reader)
{
  const guint8 *buffer;
  guint n_objects;
  guint32 hresult;
  gsize length;
  gboolean ok = roll_wbem_read_smart_answer (reader, &n_objects, &buffer, &length, &hresult);

  g_assert_true (ok || (buffer == NULL && n_objects == 0));
  g_assert_true (buffer != NULL || length == 0);
  return ok;
}

static void
check_smart (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data)
{
  g_autoptr (GBytes) file = vectors_object_of (call);
  g_auto (RollWriter) writer = { 0 };
  const guint8 *buffer;
  guint n_objects;
  guint32 hresult;
  gsize buffer_length;
  RollReader reader;

  roll_reader_init (&reader, stub, length);
  g_assert_true (roll_wbem_read_smart_answer (&reader, &n_objects, &buffer, &buffer_length, &hresult));
  g_assert_cmpuint (n_objects, ==, file != NULL);
  g_assert_cmphex (hresult, ==, file != NULL ? 0 : ROLL_WBEM_S_FALSE);
  if (file != NULL)
    g_assert_cmpmem (buffer, buffer_length, g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  else
    g_assert_null (buffer);
  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_smart_answer (&writer, n_objects, buffer, buffer_length, hresult);
  stub_assert_equal (&writer, stub, length);
  assert_truncated_somewhere (read_smart, stub, length);
}

static void
test_smart (void)
{
  guint n_calls = vectors_foreach_call ("IWbemWCOSmartEnum", ROLL_OPNUM_SMART_NEXT, "rsp", check_smart, NULL);

  g_assert_true (n_calls == 0 || n_calls == 2);
}

static void
test_smart_odd (void)
{
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, STUB_MAX);
  roll_wbem_put_smart_answer (&writer, 3, "12345", 5, ROLL_WBEM_S_TIMEDOUT);
  stub_assert_truncated (read_smart, writer.data, writer.length, writer.length);
  expect_hex_problem (read_smart, THAT "11270000" "00000000" "00000000" "00000000", "too many objects");
  expect_hex_problem (read_smart, THAT "01000000" "00000000" "00000000" "00000000",
                      "objects are counted and not there");
  expect_hex_problem (read_smart, THAT "00000000" "01000000" "00000000" "00000000",
                      "objects are counted and not there");
  expect_hex_problem (read_smart, THAT "01000000" "04000000" "00000200" "05000000" "00000000" "00000000",
                      "two counts of one array differ");
  expect_hex_problem (read_smart, THAT "01000000" "ffffffff" "00000200" "ffffffff" "00000000", "truncated");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wbem/answers/interface", test_interface);
  g_test_add_func ("/wbem/answers/interface-refused", test_interface_refused);
  g_test_add_func ("/wbem/answers/interface-custom", test_interface_custom);
  g_test_add_func ("/wbem/answers/object", test_object);
  g_test_add_func ("/wbem/answers/object-odd", test_object_odd);
  g_test_add_func ("/wbem/answers/next", test_next);
  g_test_add_func ("/wbem/answers/next-bytes", test_next_bytes);
  g_test_add_func ("/wbem/answers/next-lying", test_next_lying);
  g_test_add_func ("/wbem/answers/smart", test_smart);
  g_test_add_func ("/wbem/answers/smart-odd", test_smart_odd);
  return g_test_run ();
}
