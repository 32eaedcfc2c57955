/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stubs.h"

guint8 *
stub_reader (RollReader *reader, const guint8 *stub, gsize length)
{
  guint8 *copy = g_malloc (MAX (length, 1));

  if (length > 0)
    memcpy (copy, stub, length);
  roll_reader_init (reader, copy, length);
  return copy;
}

void
stub_assert_truncated (StubReadFunc read, const guint8 *stub, gsize length, gsize needed)
{
  for (gsize i = 0; i <= length; i++)
    {
      RollReader reader;
      g_autofree guint8 *copy = stub_reader (&reader, stub, i);
      const gboolean ok = read (&reader);

      g_assert_cmpint (ok, ==, roll_reader_ok (&reader));
      if (ok != (i >= needed))
        g_error ("with %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " bytes: %s", i, length,
                 ok ? "no problem" : reader.problem);
    }
}

void
stub_expect_problem (StubReadFunc read, const guint8 *stub, gsize length, const char *problem)
{
  RollReader reader;
  g_autofree guint8 *copy = stub_reader (&reader, stub, length);

  g_assert_false (read (&reader));
  g_assert_cmpstr (reader.problem, ==, problem);
}

void
stub_assert_equal (const RollWriter *writer, const guint8 *stub, gsize length)
{
  gsize at = 0;

  g_assert_true (roll_writer_ok (writer));
  while (at < length && at < writer->length && writer->data[at] == stub[at])
    at++;
  if (at < length || at < writer->length)
    {
      g_test_message ("they differ from byte 0x%" G_GSIZE_MODIFIER "x on", at);
      g_assert_cmpmem (writer->data, writer->length, stub, length);
    }
}
