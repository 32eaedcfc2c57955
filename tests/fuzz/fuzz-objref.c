/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "codec/roll-objref.h"

#define ROUND_TRIP_MAX (1u << 20)

static void
check_bindings (const RollDualStrings *strings)
{
  g_assert_cmpuint (strings->strings->len, <=, ROLL_DUAL_STRING_MAX);
  g_assert_cmpuint (strings->securities->len, <=, ROLL_DUAL_STRING_MAX);
  for (guint i = 0; i < strings->strings->len; i++)
    {
      const RollStringBinding *binding = &g_array_index (strings->strings, RollStringBinding, i);
      g_autofree char *host = NULL;

      g_assert_cmpuint (binding->tower, !=, 0);
      g_assert_true (g_utf8_validate (binding->address, -1, NULL));
      roll_binding_get_port (binding->address, &host);
      g_assert_true (g_str_has_prefix (binding->address, host));
    }
}

/* What was written once is read and written the same way again. */
static void
check_round_trip (const RollObjref *objref, size_t size)
{
  g_auto (RollObjref) again = { 0 };
  g_auto (RollWriter) first = { 0 };
  g_auto (RollWriter) second = { 0 };
  const char *problem = NULL;

  roll_writer_init (&first, ROUND_TRIP_MAX);
  roll_writer_init (&second, ROUND_TRIP_MAX);
  roll_objref_encode (&first, objref);
  g_assert_true (roll_writer_ok (&first));
  g_assert_true (roll_objref_decode (first.data, first.length, &again, &problem));
  roll_objref_encode (&second, &again);
  g_assert_cmpmem (first.data, first.length, second.data, second.length);
  if (objref->kind == ROLL_OBJREF_CUSTOM)
    g_assert_cmpuint (first.length, ==, size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (RollObjref) objref = { 0 };
  const char *problem = NULL;

  if (size > G_MAXUINT16)
    return 0;
  if (!roll_objref_decode (data, size, &objref, &problem))
    {
      g_assert_nonnull (problem);
      return 0;
    }
  if (objref.data != NULL)
    g_assert_true (objref.data >= data && objref.data + objref.data_length <= data + size);
  if (objref.kind != ROLL_OBJREF_CUSTOM)
    check_bindings (&objref.strings);
  check_round_trip (&objref, size);
  return 0;
}
