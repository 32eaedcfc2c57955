/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-utf16.h"

static void
check_round_trip (const char *text, gsize expected_length)
{
  g_auto (RollWriter) writer = { 0 };
  g_autofree char *again = NULL;

  roll_writer_init (&writer, G_MAXSIZE);
  roll_writer_utf16 (&writer, text);
  if (expected_length != G_MAXSIZE)
    g_assert_cmpuint (writer.length, ==, expected_length);
  again = roll_utf16_decode (writer.data, writer.length);
  g_assert_true (g_utf8_validate (again, -1, NULL));
  if (expected_length != G_MAXSIZE)
    g_assert_cmpstr (again, ==, text);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *decoded = roll_utf16_decode (data, size);
  g_autofree char *text = g_strndup ((const char *) data, size); /* as if it were UTF-8 */

  g_assert_true (g_utf8_validate (decoded, -1, NULL));
  check_round_trip (decoded, size - size % 2);
  check_round_trip (text, G_MAXSIZE);
  return 0;
}
