/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Stands in for libFuzzer in the ordinary tests, with any compiler: every file of a corpus as it is, then mutated the
 * same way each time. "fuzz-NAME CORPUS [ROUNDS]" */

#define ROUNDS 20000
#define GROW_MAX 64

static void
mutate (GByteArray *data, GRand *random)
{
  guint8 bytes[GROW_MAX];
  guint n = (guint) g_rand_int_range (random, 1, GROW_MAX);
  guint at = data->len > 0 ? (guint) g_rand_int_range (random, 0, (gint32) data->len) : 0;

  switch (data->len > 0 ? g_rand_int_range (random, 0, 5) : 3)
    {
    case 0:
      data->data[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
      break;
    case 1:
      data->data[at] = (guint8) g_rand_int_range (random, 0, 256);
      break;
    case 2:
      g_byte_array_remove_range (data, at, MIN (n, data->len - at));
      break;
    case 3:
      for (guint i = 0; i < n; i++)
        bytes[i] = (guint8) g_rand_int_range (random, 0, 256);
      g_byte_array_append (data, bytes, n);
      break;
    default: /* a piece of it once more */
      n = MIN (n, data->len - at);
      memcpy (bytes, data->data + at, n);
      g_byte_array_append (data, bytes, n);
    }
}

/* From the heap and of its exact size, so that a sanitizer sees a byte read too many. */
static void
run (const guint8 *data, gsize size)
{
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  if (size > 0)
    memcpy (copy, data, size);
  LLVMFuzzerTestOneInput (copy, size);
}

static void
run_file (const char *path, guint rounds)
{
  g_autofree char *text = NULL;
  gsize size;
  g_autoptr (GError) error = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  run ((const guint8 *) text, size);
  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (GByteArray) data = g_byte_array_new ();
      g_byte_array_append (data, (const guint8 *) text, (guint) size);
      for (gint32 n = g_rand_int_range (random, 1, 10); n > 0; n--)
        mutate (data, random);
      run (data->data, data->len);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) corpus = g_dir_open (argc > 1 ? argv[1] : "", 0, &error);
  guint rounds = argc > 2 ? (guint) strtoul (argv[2], NULL, 10) : ROUNDS;
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (corpus)))
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      run_file (path, rounds);
    }
  return 0;
}
