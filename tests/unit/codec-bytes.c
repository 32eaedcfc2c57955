/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-reader.h"
#include "codec/roll-uuid.h"
#include "codec/roll-writer.h"

#include <string.h>

static void
test_reader_values (void)
{
  static const guint8 bytes[] = { 0x01, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12, 8, 7, 6, 5, 4, 3, 2, 1, 'x' };
  RollReader reader;

  roll_reader_init (&reader, bytes, sizeof bytes);
  g_assert_cmphex (roll_reader_u8 (&reader), ==, 0x01);
  g_assert_cmphex (roll_reader_u16 (&reader), ==, 0x1234);
  g_assert_cmphex (roll_reader_u32 (&reader), ==, 0x12345678);
  g_assert_cmphex (roll_reader_u64 (&reader), ==, 0x0102030405060708);
  g_assert_cmpuint (*roll_reader_bytes (&reader, 1), ==, 'x');
  g_assert_true (roll_reader_ok (&reader));
  g_assert_cmpuint (roll_reader_left (&reader), ==, 0);
  g_assert_nonnull (roll_reader_bytes (&reader, 0));
}

static void
test_reader_nothing (void)
{
  RollReader reader, sub;

  roll_reader_init (&reader, NULL, 0);
  g_assert_nonnull (roll_reader_bytes (&reader, 0));
  sub = roll_reader_sub (&reader, 0);
  g_assert_true (roll_reader_ok (&sub));
  roll_reader_u8 (&sub);
  g_assert_false (roll_reader_ok (&sub));
}

/* The first failure is the one that is told, and nothing moves after it. */
static void
test_reader_error_sticks (void)
{
  static const guint8 bytes[] = { 1, 2, 3 };
  guint8 copy[4] = { 9, 9, 9, 9 };
  RollReader reader;

  roll_reader_init (&reader, bytes, sizeof bytes);
  g_assert_cmphex (roll_reader_u32 (&reader), ==, 0);
  g_assert_cmpstr (reader.problem, ==, "truncated");
  g_assert_cmphex (roll_reader_u8 (&reader), ==, 0);
  g_assert_false (roll_reader_copy (&reader, copy, sizeof copy));
  g_assert_cmphex (copy[0], ==, 0);
  roll_reader_fail (&reader, "later");
  g_assert_cmpstr (reader.problem, ==, "truncated");
  g_assert_cmpuint (reader.position, ==, 0);
  g_assert_cmpuint (roll_reader_left (&reader), ==, 0);
}

static void
test_reader_huge_lengths (void)
{
  static const guint8 bytes[] = { 0xff, 0xff, 0xff, 0xff, 0 };
  RollReader reader;

  roll_reader_init (&reader, bytes, sizeof bytes);
  roll_reader_skip (&reader, 1);
  g_assert_null (roll_reader_bytes (&reader, G_MAXSIZE));
  g_assert_false (roll_reader_ok (&reader));

  roll_reader_init (&reader, bytes, sizeof bytes);
  g_assert_cmpuint (roll_reader_u32_at_most (&reader, 100, "too many things"), ==, 0);
  g_assert_cmpstr (reader.problem, ==, "too many things");

  roll_reader_init (&reader, bytes, sizeof bytes);
  roll_reader_seek (&reader, sizeof bytes);
  g_assert_true (roll_reader_ok (&reader));
  roll_reader_seek (&reader, sizeof bytes + 1);
  g_assert_false (roll_reader_ok (&reader));
}

static void
test_reader_sub (void)
{
  static const guint8 bytes[] = { 1, 2, 3, 4, 5, 6, 7 };
  RollReader reader, sub;

  roll_reader_init (&reader, bytes, sizeof bytes);
  roll_reader_skip (&reader, 1);
  sub = roll_reader_sub (&reader, 5);
  g_assert_cmpuint (roll_reader_u8 (&sub), ==, 2);
  roll_reader_align (&sub, 4); /* from the start of its own bytes */
  g_assert_cmpuint (roll_reader_u8 (&sub), ==, 6);
  g_assert_cmpuint (roll_reader_u8 (&reader), ==, 7);
  roll_reader_u8 (&sub);
  g_assert_false (roll_reader_ok (&sub));
  g_assert_true (roll_reader_ok (&reader));

  sub = roll_reader_sub (&reader, 1);
  g_assert_false (roll_reader_ok (&sub));
  g_assert_false (roll_reader_ok (&reader));
}

static void
test_writer (void)
{
  static const guint8 expected[] = { 1, 0, 0, 0, 0x34, 0x12, 0, 0, 0x78, 0x56, 0x34, 0x12, 'a', 'b', 0, 0 };
  g_auto (RollWriter) writer;
  gsize length;

  roll_writer_init (&writer, 1024);
  roll_writer_u8 (&writer, 1);
  roll_writer_align (&writer, 4);
  length = roll_writer_reserve (&writer, 2);
  roll_writer_align (&writer, 4);
  roll_writer_u32 (&writer, 0x12345678);
  roll_writer_bytes (&writer, "ab", 2);
  roll_writer_align (&writer, 8);
  roll_writer_set_u16 (&writer, length, 0x1234);
  g_assert_cmpmem (writer.data, writer.length, expected, sizeof expected);
}

static void
test_writer_maximum (void)
{
  g_auto (RollWriter) writer;

  roll_writer_init (&writer, 1000);
  for (guint i = 0; i < 250; i++)
    roll_writer_u32 (&writer, i);
  g_assert_true (roll_writer_ok (&writer));
  roll_writer_u8 (&writer, 1);
  g_assert_false (roll_writer_ok (&writer));
  roll_writer_set_u32 (&writer, 998, 7); /* after an overflow nothing is written, nothing asserts */
  g_assert_cmpuint (writer.length, ==, 1000);
}

static void
test_uuid (void)
{
  const RollUuid constant = ROLL_UUID (0x99fcfec4, 0x5260, 0x101b, 0xbb, 0xcb, 0x00, 0xaa, 0x00, 0x21, 0x34, 0x7a);
  static const guint8 wire[] = { 0xc4, 0xfe, 0xfc, 0x99, 0x60, 0x52, 0x1b, 0x10,
                                 0xbb, 0xcb, 0x00, 0xaa, 0x00, 0x21, 0x34, 0x7a };
  char text[ROLL_UUID_STRLEN];
  RollUuid parsed;

  g_assert_true (roll_uuid_parse ("99FCFEC4-5260-101b-bbcb-00aa0021347a", &parsed));
  g_assert_cmpmem (parsed.bytes, 16, wire, 16);
  g_assert_true (roll_uuid_equal (&parsed, &constant));
  g_assert_cmpstr (roll_uuid_format (&parsed, text), ==, "99fcfec4-5260-101b-bbcb-00aa0021347a");
  g_assert_false (roll_uuid_parse ("", &parsed));
  g_assert_false (roll_uuid_parse ("99fcfec4-5260-101b-bbcb-00aa0021347", &parsed));
  g_assert_false (roll_uuid_parse ("99fcfec4-5260-101b-bbcb-00aa0021347a0", &parsed));
  g_assert_false (roll_uuid_parse ("99fcfec45260-101b-bbcb-00aa0021347a", &parsed));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/codec/reader/values", test_reader_values);
  g_test_add_func ("/codec/reader/nothing", test_reader_nothing);
  g_test_add_func ("/codec/reader/error-sticks", test_reader_error_sticks);
  g_test_add_func ("/codec/reader/huge-lengths", test_reader_huge_lengths);
  g_test_add_func ("/codec/reader/sub", test_reader_sub);
  g_test_add_func ("/codec/writer/bytes", test_writer);
  g_test_add_func ("/codec/writer/maximum", test_writer_maximum);
  g_test_add_func ("/codec/uuid", test_uuid);
  return g_test_run ();
}
