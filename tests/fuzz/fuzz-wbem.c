/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "codec/roll-wbem.h"

/* Everything of WMI that is read from stubs, but for what objects are made of: the first byte says what the rest is. */

#define ROUND_TRIP_MAX (1u << 24)

static void
assert_within (const RollReader *reader, const guint8 *bytes, gsize length)
{
  if (bytes != NULL)
    g_assert_true (bytes >= reader->data && bytes + length <= reader->data + reader->length);
  else
    g_assert_cmpuint (length, ==, 0);
}

static void
check_text (gboolean ok, char *text)
{
  g_assert_cmpint (ok, ==, text != NULL);
  if (ok)
    g_assert_true (g_utf8_validate (text, -1, NULL));
  g_free (text);
}

/* --- Answers ---------------------------------------------------------------------------------------------------- */

static gboolean
check_interface (RollReader *reader)
{
  RollStdObjref std;
  guint32 hresult;
  gboolean ok = roll_wbem_read_interface_answer (reader, &std, &hresult);

  if (!ok || ROLL_HRESULT_FAILED (hresult))
    g_assert_cmpuint (std.public_refs, ==, 0);
  return ok;
}

static gboolean
check_object (RollReader *reader, gboolean method)
{
  const guint8 *object;
  guint32 hresult;
  gsize length;
  gboolean ok = method ? roll_wbem_read_method_answer (reader, &object, &length, &hresult)
                       : roll_wbem_read_object_answer (reader, &object, &length, &hresult);

  if (ok)
    assert_within (reader, object, length);
  return ok;
}

static gboolean
check_next (RollReader *reader)
{
  g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (RollWbemObject));
  g_autoptr (GArray) again = g_array_new (FALSE, FALSE, sizeof (RollWbemObject));
  g_auto (RollWriter) writer = { 0 };
  guint32 hresult, same_hresult;
  RollReader second;

  if (!roll_wbem_read_next_answer (reader, objects, &hresult))
    {
      g_assert_cmpuint (objects->len, ==, 0);
      return FALSE;
    }
  g_assert_cmpuint (objects->len, <=, reader->length / 60);
  for (guint i = 0; i < objects->len; i++)
    assert_within (reader, g_array_index (objects, RollWbemObject, i).bytes,
                   g_array_index (objects, RollWbemObject, i).length);
  roll_writer_init (&writer, ROUND_TRIP_MAX);
  roll_wbem_put_next_answer (&writer, (const RollWbemObject *) objects->data, objects->len, objects->len, hresult);
  roll_reader_init (&second, writer.data, writer.length);
  g_assert_true (roll_wbem_read_next_answer (&second, again, &same_hresult));
  g_assert_cmpuint (objects->len, ==, again->len);
  g_assert_cmphex (hresult, ==, same_hresult);
  return TRUE;
}

static gboolean
check_smart (RollReader *reader)
{
  const guint8 *buffer;
  guint n_objects;
  guint32 hresult;
  gsize length;
  gboolean ok = roll_wbem_read_smart_answer (reader, &n_objects, &buffer, &length, &hresult);

  assert_within (reader, buffer, length);
  g_assert_cmpuint (n_objects, <=, buffer != NULL ? ROLL_WBEM_MAX_OBJECTS : 0);
  return ok;
}

/* --- Requests --------------------------------------------------------------------------------------------------- */

static gboolean
check_login (RollReader *reader)
{
  RollOrpcThis header;
  char *text;
  gboolean ok = roll_wbem_read_ntlm_login (reader, &header, &text);

  check_text (ok, text);
  return ok;
}

static gboolean
check_get_object (RollReader *reader)
{
  RollOrpcThis header;
  char *text;
  gboolean ok = roll_wbem_read_get_object (reader, &header, &text);

  check_text (ok, text);
  return ok;
}

static gboolean
check_query (RollReader *reader)
{
  RollOrpcThis header;
  guint32 flags;
  char *text;
  gboolean ok = roll_wbem_read_exec_query (reader, &header, &text, &flags);

  check_text (ok, text);
  return ok;
}

static gboolean
check_method (RollReader *reader)
{
  RollOrpcThis header;
  char *path, *method;
  const guint8 *in;
  gsize length;
  gboolean ok = roll_wbem_read_exec_method (reader, &header, &path, &method, &in, &length);

  check_text (ok, path);
  check_text (ok, method);
  if (ok)
    assert_within (reader, in, length);
  return ok;
}

static gboolean
check_smart_next (RollReader *reader)
{
  RollOrpcThis header;
  guint32 timeout_ms, count;
  RollUuid proxy;

  return roll_wbem_read_smart_next (reader, &header, &proxy, &timeout_ms, &count);
}

static gboolean
check_one (RollReader *reader, guint8 what)
{
  switch (what % 10)
    {
    case 0:
      return check_interface (reader);
    case 1:
      return check_object (reader, FALSE);
    case 2:
      return check_object (reader, TRUE);
    case 3:
      return check_next (reader);
    case 4:
      return check_smart (reader);
    case 5:
      return check_login (reader);
    case 6:
      return check_get_object (reader);
    case 7:
      return check_query (reader);
    case 8:
      return check_method (reader);
    default:
      return check_smart_next (reader);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  RollReader reader;

  if (size == 0)
    return 0;
  roll_reader_init (&reader, data + 1, size - 1);
  g_assert_cmpint (check_one (&reader, data[0]), ==, roll_reader_ok (&reader));
  return 0;
}
