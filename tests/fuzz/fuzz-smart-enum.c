/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "codec/roll-wmio.h"

#define ROUND_TRIP_MAX (16 << 20)

/* The input three times: the second time its classes are known, the third time from another enumeration. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RollWmiClassCache) cache = roll_wmi_class_cache_new ();
  g_autoptr (RollSmartReader) reader = roll_smart_reader_new (cache);
  g_autoptr (RollSmartReader) other = roll_smart_reader_new (cache);
  g_autoptr (RollSmartWriter) smart = roll_smart_writer_new (size);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  g_auto (RollWriter) writer = { 0 };
  const char *problem = NULL;

  if (!roll_smart_reader_decode (reader, data, size, objects, &problem))
    {
      g_assert_nonnull (problem);
      g_assert_cmpuint (objects->len, ==, 0);
      return 0;
    }
  g_assert_null (problem);
  g_assert_true (roll_smart_reader_decode (reader, data, size, objects, &problem));
  g_assert_true (roll_smart_reader_decode (other, data, size, objects, &problem));
  for (guint i = 0, n = objects->len / 3; i < 2 * n; i++)
    g_assert_true (roll_wmi_object_equal (objects->pdata[i], objects->pdata[n + i]));
  roll_writer_init (&writer, ROUND_TRIP_MAX);
  roll_smart_writer_put (smart, &writer, (RollWmiObject *const *) objects->pdata, objects->len);
  return 0;
}
