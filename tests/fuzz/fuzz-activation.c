/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-orpc.h"

/* Everything of DCOM that is read from stubs: the first byte says what the rest is. */

#define ROUND_TRIP_MAX (1u << 22)
#define FAILED_SOMEHOW 0x80004005u

typedef gboolean (*ReadAnswerFunc) (RollReader *reader, RollActivated *ret_activated);
typedef void (*PutAnswerFunc) (RollWriter *writer, const RollActivated *activated, const RollUuid *iid);

static void
assert_same (const RollActivated *a, const RollActivated *b)
{
  g_assert_cmphex (a->oxid, ==, b->oxid);
  g_assert_cmphex (a->oid, ==, b->oid);
  g_assert_true (roll_uuid_equal (&a->ipid, &b->ipid));
  g_assert_true (roll_uuid_equal (&a->ipid_rem_unknown, &b->ipid_rem_unknown));
  g_assert_cmpuint (a->public_refs, ==, b->public_refs);
  g_assert_cmpuint (a->authn_hint, ==, b->authn_hint);
  g_assert_cmphex (a->hresult, ==, b->hresult);
  g_assert_cmphex (a->interface_hresult, ==, b->interface_hresult);
  g_assert_cmpuint (a->bindings.strings->len, ==, b->bindings.strings->len);
  g_assert_cmpuint (a->bindings.securities->len, ==, b->bindings.securities->len);
  for (guint i = 0; i < a->bindings.strings->len; i++)
    g_assert_cmpstr (g_array_index (a->bindings.strings, RollStringBinding, i).address, ==,
                     g_array_index (b->bindings.strings, RollStringBinding, i).address);
}

static gboolean
check_activated (RollReader *reader, ReadAnswerFunc read, PutAnswerFunc put)
{
  g_auto (RollActivated) activated = { 0 };
  g_auto (RollActivated) again = { 0 };
  g_auto (RollWriter) writer = { 0 };
  RollReader second;

  if (!read (reader, &activated))
    {
      g_assert_null (activated.bindings.strings);
      return FALSE;
    }
  roll_writer_init (&writer, ROUND_TRIP_MAX);
  put (&writer, &activated, &ROLL_IID_WBEM_LEVEL1_LOGIN);
  g_assert_true (roll_writer_ok (&writer));
  roll_reader_init (&second, writer.data, writer.length);
  g_assert_true (read (&second, &again));
  if (activated.hresult != 0)
    activated.interface_hresult = again.interface_hresult;
  assert_same (&activated, &again);
  return TRUE;
}

static gboolean
check_alive (RollReader *reader)
{
  g_auto (RollServerAlive) alive = { 0 };
  g_auto (RollServerAlive) again = { 0 };
  g_auto (RollWriter) writer = { 0 };
  RollReader second;

  if (!roll_orpc_read_server_alive (reader, &alive))
    {
      g_assert_null (alive.strings.strings);
      return FALSE;
    }
  roll_writer_init (&writer, ROUND_TRIP_MAX);
  roll_orpc_put_server_alive (&writer, &alive);
  roll_reader_init (&second, writer.data, writer.length);
  g_assert_true (roll_orpc_read_server_alive (&second, &again));
  g_assert_cmpuint (alive.status, ==, again.status);
  g_assert_cmpuint (alive.strings.strings->len, ==, again.strings.strings->len);
  return TRUE;
}

static gboolean
check_create (RollReader *reader)
{
  RollActivation activation, again;
  g_auto (RollWriter) writer = { 0 };
  RollReader second;

  if (!roll_orpc_read_create_instance (reader, &activation))
    return FALSE;
  roll_writer_init (&writer, ROUND_TRIP_MAX);
  roll_orpc_put_create_instance (&writer, &activation);
  roll_reader_init (&second, writer.data, writer.length);
  g_assert_true (roll_orpc_read_create_instance (&second, &again));
  g_assert_true (roll_uuid_equal (&activation.clsid, &again.clsid));
  g_assert_true (roll_uuid_equal (&activation.iid, &again.iid));
  return TRUE;
}

static gboolean
check_activation (RollReader *reader)
{
  RollActivation activation;

  return roll_orpc_read_remote_activation (reader, &activation);
}

static gboolean
check_query (RollReader *reader)
{
  RollOrpcThis header;
  RollUuid ipid, iid;

  return roll_orpc_read_rem_query_interface (reader, &header, &ipid, &iid);
}

static gboolean
check_query_answer (RollReader *reader)
{
  static const RollStdObjref none;
  RollStdObjref std;
  guint32 hresult = FAILED_SOMEHOW;
  gboolean ok = roll_orpc_read_rem_query_interface_answer (reader, &hresult, &std);

  if (!ok || ROLL_HRESULT_FAILED (hresult))
    g_assert_cmpmem (&std, sizeof std, &none, sizeof none);
  return ok;
}

static gboolean
check_release (RollReader *reader)
{
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (RollRemRef));
  RollOrpcThis header;
  gboolean ok = roll_orpc_read_rem_release (reader, &header, refs);

  g_assert_cmpuint (refs->len, <=, ok ? reader->length / 24 : 0);
  return ok;
}

static gboolean
check_ping (RollReader *reader)
{
  guint64 set_id;
  guint n_add;

  return roll_orpc_read_complex_ping (reader, &set_id, &n_add);
}

static gboolean
check_one (RollReader *reader, guint8 what)
{
  switch (what % 9)
    {
    case 0:
      return check_activated (reader, roll_orpc_read_create_instance_answer, roll_orpc_put_create_instance_answer);
    case 1:
      return check_activated (reader, roll_orpc_read_remote_activation_answer, roll_orpc_put_remote_activation_answer);
    case 2:
      return check_alive (reader);
    case 3:
      return check_create (reader);
    case 4:
      return check_activation (reader);
    case 5:
      return check_query (reader);
    case 6:
      return check_query_answer (reader);
    case 7:
      return check_release (reader);
    default:
      return check_ping (reader);
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
