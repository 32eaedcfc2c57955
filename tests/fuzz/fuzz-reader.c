/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-reader.h"

/* The first half of the input is a list of operations, the second what they read; beside the reader runs the plainest
 * model of it, and both must say the same. */

#define OPERATION_SIZE 4

typedef struct
{
  RollReader reader;
  gsize position;
  gboolean failed;
} Pair;

/* Small numbers, or ones that overflow whatever they are added to. */
static gsize
argument_of (const uint8_t *operation)
{
  gsize number = (gsize) operation[1] | (gsize) operation[2] << 8;

  switch (operation[3] % 4)
    {
    case 0:
      return number;
    case 1:
      return G_MAXSIZE - number;
    case 2:
      return number << 16;
    default:
      return number % 16;
    }
}

static gboolean
takes (Pair *pair, gsize length)
{
  pair->failed = pair->failed || length > pair->reader.length - pair->position;
  if (!pair->failed)
    pair->position += length;
  return !pair->failed;
}

static void
read_number (Pair *pair, guint size)
{
  gsize from = pair->position;
  guint64 expected = 0, value;

  if (takes (pair, size))
    for (guint i = 0; i < size; i++)
      expected |= (guint64) pair->reader.data[from + i] << (8 * i);
  switch (size)
    {
    case 1:
      value = roll_reader_u8 (&pair->reader);
      break;
    case 2:
      value = roll_reader_u16 (&pair->reader);
      break;
    case 4:
      value = roll_reader_u32 (&pair->reader);
      break;
    default:
      value = roll_reader_u64 (&pair->reader);
    }
  g_assert_cmphex (value, ==, expected);
}

static void
read_at_most (Pair *pair, guint32 maximum)
{
  gsize from = pair->position;
  guint32 expected = 0;

  if (takes (pair, 4))
    {
      memcpy (&expected, pair->reader.data + from, 4);
      expected = GUINT32_FROM_LE (expected);
      pair->failed = expected > maximum;
    }
  g_assert_cmpuint (roll_reader_u32_at_most (&pair->reader, maximum, "too many"), ==, pair->failed ? 0 : expected);
}

static void
read_bytes (Pair *pair, gsize length)
{
  gsize from = pair->position;
  gboolean expected = takes (pair, length);
  const guint8 *bytes = roll_reader_bytes (&pair->reader, length);

  if (expected)
    g_assert_true (bytes == pair->reader.data + from);
  else
    g_assert_null (bytes);
}

static void
copy_bytes (Pair *pair, gsize length)
{
  g_autofree guint8 *copy = g_malloc (length + 1);
  gsize from = pair->position;
  gboolean expected = takes (pair, length);

  memset (copy, 0xee, length);
  g_assert_cmpint (roll_reader_copy (&pair->reader, copy, length), ==, expected);
  for (gsize i = 0; i < length; i++)
    g_assert_cmphex (copy[i], ==, expected ? pair->reader.data[from + i] : 0);
}

static void
take_sub (Pair *pair, gsize length)
{
  gsize from = pair->position;
  gboolean expected = takes (pair, length);
  RollReader sub = roll_reader_sub (&pair->reader, length);

  g_assert_cmpint (roll_reader_ok (&sub), ==, expected);
  g_assert_cmpuint (roll_reader_left (&sub), ==, expected ? length : 0);
  if (expected)
    g_assert_true (sub.data == pair->reader.data + from);
}

static void
seek (Pair *pair, gsize position)
{
  roll_reader_seek (&pair->reader, position);
  pair->failed = pair->failed || position > pair->reader.length;
  if (!pair->failed)
    pair->position = position;
}

static void
align (Pair *pair, guint bits)
{
  gsize alignment = (gsize) 1 << bits;
  gsize over = pair->position % alignment;

  roll_reader_align (&pair->reader, alignment);
  takes (pair, over > 0 ? alignment - over : 0);
}

static void
operate (Pair *pair, const uint8_t *operation)
{
  gsize argument = argument_of (operation);

  switch (operation[0] % 10)
    {
    case 0:
      read_number (pair, 1);
      break;
    case 1:
      read_number (pair, 2);
      break;
    case 2:
      read_number (pair, 4);
      break;
    case 3:
      read_number (pair, 8);
      break;
    case 4:
      read_at_most (pair, (guint32) argument);
      break;
    case 5:
      read_bytes (pair, argument);
      break;
    case 6:
      copy_bytes (pair, argument % 1024);
      break;
    case 7:
      take_sub (pair, argument);
      break;
    case 8:
      seek (pair, argument);
      break;
    default:
      align (pair, argument % 6);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  gsize script = size / 2 - size / 2 % OPERATION_SIZE;
  g_autofree guint8 *bytes = g_memdup2 (data + script, size - script);
  Pair pair = { 0 };

  roll_reader_init (&pair.reader, bytes, size - script);
  for (gsize i = 0; i < script; i += OPERATION_SIZE)
    {
      operate (&pair, data + i);
      g_assert_cmpint (roll_reader_ok (&pair.reader), ==, !pair.failed);
      g_assert_cmpuint (pair.reader.position, ==, pair.position);
      g_assert_cmpuint (roll_reader_left (&pair.reader), ==, pair.failed ? 0 : size - script - pair.position);
    }
  return 0;
}
