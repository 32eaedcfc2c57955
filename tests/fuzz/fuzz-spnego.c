/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-spnego.h"

#define ROUND_TRIP_MAX (2 * 65536)

static void
assert_within (const RollSpnegoBytes *bytes, const uint8_t *data, size_t size)
{
  if (bytes->data != NULL)
    g_assert_true (bytes->data >= data && bytes->data + bytes->length <= data + size);
}

static void
assert_same (const RollSpnegoBytes *a, const RollSpnegoBytes *b)
{
  g_assert_cmpint (a->data != NULL, ==, b->data != NULL);
  g_assert_cmpmem (a->data, a->length, b->data, b->length);
}

static void
check_init (const uint8_t *data, size_t size)
{
  g_auto (RollWriter) writer = { 0 };
  RollSpnegoInit init, again;
  const char *problem = NULL;

  if (!roll_spnego_init_decode (data, size, &init, &problem))
    {
      g_assert_nonnull (problem);
      return;
    }
  assert_within (&init.mech_list, data, size);
  assert_within (&init.mech_token, data, size);
  assert_within (&init.mech_list_mic, data, size);
  g_assert_true (init.n_mechs > 0 && init.n_mechs <= ROLL_SPNEGO_MAX_MECHS);

  roll_writer_init (&writer, ROUND_TRIP_MAX);
  roll_spnego_put_init (&writer, &init);
  g_assert_true (roll_writer_ok (&writer));
  g_assert_cmpuint (writer.length, <=, size);
  g_assert_true (roll_spnego_init_decode (writer.data, writer.length, &again, &problem));
  g_assert_cmpuint (init.n_mechs, ==, again.n_mechs);
  for (guint i = 0; i < init.n_mechs; i++)
    assert_same (&init.mechs[i], &again.mechs[i]);
  assert_same (&init.mech_list, &again.mech_list);
  assert_same (&init.mech_token, &again.mech_token);
  assert_same (&init.mech_list_mic, &again.mech_list_mic);
}

/* There is one way only to write each of these. */
static void
check_resp (const uint8_t *data, size_t size)
{
  g_auto (RollWriter) writer = { 0 };
  RollSpnegoResp resp;
  const char *problem = NULL;

  if (!roll_spnego_resp_decode (data, size, &resp, &problem))
    {
      g_assert_nonnull (problem);
      return;
    }
  assert_within (&resp.supported_mech, data, size);
  assert_within (&resp.response_token, data, size);
  assert_within (&resp.mech_list_mic, data, size);
  roll_writer_init (&writer, ROUND_TRIP_MAX);
  roll_spnego_put_resp (&writer, &resp);
  g_assert_true (roll_writer_ok (&writer));
  g_assert_cmpmem (writer.data, writer.length, data, size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  check_init (data, size);
  check_resp (data, size);
  return 0;
}
