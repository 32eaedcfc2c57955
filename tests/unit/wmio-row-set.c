/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <zlib.h>

#include "codec/roll-row-set.h"
#include "codec/roll-wmio.h"
#include "codec/roll-writer.h"

static const char *const two_columns[] = { "A", "B", NULL };
static const char *const one_column[] = { "Value", NULL };

static RollRowSet *
again (const RollRowSet *rows)
{
  g_autoptr (GBytes) bytes = roll_row_set_to_bytes (rows);
  const char *problem = NULL;
  RollRowSet *copy = roll_row_set_from_bytes (bytes, &problem);

  g_assert_cmpstr (problem, ==, NULL);
  g_assert_nonnull (copy);
  return copy;
}

static void
assert_same (const RollRowSet *a, const RollRowSet *b)
{
  guint n_a, n_b;
  const char *const *columns_a = roll_row_set_get_columns (a, &n_a);
  const char *const *columns_b = roll_row_set_get_columns (b, &n_b);

  g_assert_cmpuint (n_a, ==, n_b);
  g_assert_true (g_strv_equal (columns_a, columns_b));
  g_assert_cmpuint (roll_row_set_get_n_rows (a), ==, roll_row_set_get_n_rows (b));
  for (guint row = 0; row < roll_row_set_get_n_rows (a); row++)
    for (guint column = 0; column < n_a; column++)
      g_assert_true (roll_cim_value_equal (roll_row_set_get (a, row, column), roll_row_set_get (b, row, column)));
}

/* A set of one cell, there and back. */
static void
check_value (const RollCimValue *value, const char *text)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (one_column);
  g_autoptr (RollRowSet) copy = NULL;
  g_autofree char *shown = NULL;

  g_assert_true (roll_row_set_add (rows, value));
  copy = again (rows);
  assert_same (rows, copy);
  shown = roll_cim_value_to_text (roll_row_set_get (copy, 0, 0));
  g_assert_cmpstr (shown, ==, text);
}

static void
test_scalars (void)
{
  static const struct
  {
    RollCimValue value;
    const char *text;
  } cases[] = {
    { { .type = ROLL_CIM_SINT8, .sint = -128 }, "-128" },
    { { .type = ROLL_CIM_UINT8, .uint = 255 }, "255" },
    { { .type = ROLL_CIM_SINT16, .sint = -32768 }, "-32768" },
    { { .type = ROLL_CIM_UINT16, .uint = 65535 }, "65535" },
    { { .type = ROLL_CIM_SINT32, .sint = G_MININT32 }, "-2147483648" },
    { { .type = ROLL_CIM_UINT32, .uint = 0xffffffff }, "4294967295" },
    { { .type = ROLL_CIM_SINT64, .sint = G_MININT64 }, "-9223372036854775808" },
    { { .type = ROLL_CIM_SINT64, .sint = G_MAXINT64 }, "9223372036854775807" },
    { { .type = ROLL_CIM_UINT64, .uint = G_MAXUINT64 }, "18446744073709551615" },
    { { .type = ROLL_CIM_REAL32, .real = (double) 0.1f }, "0.1" },
    { { .type = ROLL_CIM_REAL32, .real = (double) 16777217.0f }, "16777216" },
    { { .type = ROLL_CIM_REAL64, .real = 0.1 }, "0.1" },
    { { .type = ROLL_CIM_REAL64, .real = 1.0 / 3 }, "0.3333333333333333" },
    { { .type = ROLL_CIM_BOOLEAN, .sint = 1 }, "true" },
    { { .type = ROLL_CIM_BOOLEAN, .sint = 0 }, "false" },
    { { .type = ROLL_CIM_STRING, .text = (char *) "Größe 日本 🔑; \"x\"\n" }, "Größe 日本 🔑; \"x\"\n" },
    { { .type = ROLL_CIM_STRING, .text = (char *) "" }, "" },
    { { .type = ROLL_CIM_DATETIME, .text = (char *) "20200101120000.123456+060" }, "20200101120000.123456+060" },
    { { .type = ROLL_CIM_REFERENCE, .text = (char *) "A.B=\"c\"" }, "A.B=\"c\"" },
    { { .type = ROLL_CIM_CHAR16, .uint = 0xd800 }, "55296" },
    { { .type = ROLL_CIM_UINT64, .null = TRUE }, "" },
    { { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .null = TRUE }, "" },
    { { .type = ROLL_CIM_OBJECT, .null = TRUE }, "" },
    { { .type = ROLL_CIM_NONE }, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_value (&cases[i].value, cases[i].text);
}

/* "Not a number" has many forms, and each is kept. */
static void
test_not_a_number (void)
{
  RollCimValue value = { .type = ROLL_CIM_REAL64 };
  const guint64 bits = G_GUINT64_CONSTANT (0x7ff8000000000123);

  memcpy (&value.real, &bits, sizeof bits);
  check_value (&value, "nan");
}

static void
test_arrays (void)
{
  RollCimValue texts[] = {
    { .type = ROLL_CIM_STRING, .text = (char *) "a" },
    { .type = ROLL_CIM_STRING, .null = TRUE },
    { .type = ROLL_CIM_STRING, .text = (char *) "ç" },
  };
  RollCimValue numbers[] = { { .type = ROLL_CIM_SINT64, .sint = -1 }, { .type = ROLL_CIM_SINT64, .sint = 1 } };
  RollCimArray array = { 3, texts };
  RollCimArray more = { 2, numbers };
  RollCimArray nothing = { 0, NULL };

  check_value (&(RollCimValue) { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .array = &array }, "a; ; ç");
  check_value (&(RollCimValue) { .type = ROLL_CIM_SINT64 | ROLL_CIM_ARRAY, .array = &more }, "-1; 1");
  check_value (&(RollCimValue) { .type = ROLL_CIM_UINT8 | ROLL_CIM_ARRAY, .array = &nothing }, "");
}

/* An object with one property, which is @inner or a number. */
static RollWmiObject *
nest (RollWmiObject *inner)
{
  const RollWmiPropertySpec spec = { "Inner", inner != NULL ? ROLL_CIM_OBJECT : ROLL_CIM_UINT32, TRUE, NULL };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new (inner != NULL ? "Outer" : "Innermost", "Base", &spec, 1);
  RollWmiObject *object = roll_wmi_object_new_instance (klass, NULL, NULL);

  if (inner == NULL)
    g_assert_true (roll_wmi_object_set_uint (object, "inner", 7));
  else
    g_assert_true (roll_wmi_object_set (object, "Inner",
                                        &(RollCimValue) { .type = ROLL_CIM_OBJECT, .object = inner }));
  return object;
}

static void
test_objects (void)
{
  g_autoptr (RollWmiObject) innermost = nest (NULL);
  g_autoptr (RollWmiObject) outer = nest (innermost);
  const RollCimValue value = { .type = ROLL_CIM_OBJECT, .object = outer };
  g_autoptr (RollRowSet) rows = roll_row_set_new (one_column);
  g_autoptr (RollRowSet) copy = NULL;
  const RollWmiObject *object;

  check_value (&value, "Outer");
  g_assert_true (roll_row_set_add (rows, &value));
  copy = again (rows);
  object = roll_row_set_get (copy, 0, 0)->object;
  g_assert_true (roll_wmi_object_is_instance (object));
  g_assert_cmpstr (roll_wmi_class_get_superclass (roll_wmi_object_get_class (object)), ==, "Base");
  object = roll_wmi_object_get (object, "Inner")->object;
  g_assert_cmpuint (roll_wmi_object_get (object, "Inner")->uint, ==, 7);
}

static void
test_too_deep (void)
{
  g_autoptr (RollWmiObject) object = nest (NULL);
  g_autoptr (RollRowSet) rows = roll_row_set_new (one_column);

  for (guint depth = 1; depth <= ROLL_WMIO_MAX_DEPTH; depth++)
    {
      RollWmiObject *outer = nest (object);

      g_assert_true (roll_row_set_add (rows, &(RollCimValue) { .type = ROLL_CIM_OBJECT, .object = object }));
      roll_wmi_object_unref (object);
      object = outer;
    }
  g_assert_false (roll_row_set_add (rows, &(RollCimValue) { .type = ROLL_CIM_OBJECT, .object = object }));
  g_assert_cmpuint (roll_row_set_get_n_rows (rows), ==, ROLL_WMIO_MAX_DEPTH);
  roll_row_set_free (again (rows));
}

static void
test_mixed (void)
{
  const RollCimValue values[] = {
    { .type = ROLL_CIM_UINT32, .uint = 1 },
    { .type = ROLL_CIM_STRING, .text = (char *) "one" },
    { .type = ROLL_CIM_NONE },
    { .type = ROLL_CIM_SINT8, .null = TRUE },
    { .type = ROLL_CIM_UINT32, .null = TRUE },
  };
  g_autoptr (RollRowSet) rows = roll_row_set_new (two_columns);
  g_autoptr (RollRowSet) copy = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_true (roll_row_set_add (rows, (RollCimValue[]) { values[i], values[i == 0 ? 0 : 1] }));
  copy = again (rows);
  assert_same (rows, copy);
  g_assert_cmpint (roll_row_set_find_column (copy, "b"), ==, 1);
  g_assert_cmpint (roll_row_set_find_column (copy, "c"), ==, -1);
}

static void
test_empty (void)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (two_columns);
  g_autoptr (RollRowSet) copy = again (rows);
  g_autoptr (RollRowSet) nothing = roll_row_set_new ((const char *const[]) { NULL });
  g_autoptr (RollRowSet) nothing_again = NULL;

  assert_same (rows, copy);
  g_assert_true (roll_row_set_add (nothing, NULL));
  nothing_again = again (nothing);
  g_assert_cmpuint (roll_row_set_get_n_rows (nothing_again), ==, 1);
}

static RollRowSet *
many_rows (guint n)
{
  RollRowSet *rows = roll_row_set_new (two_columns);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("Program %u", i);
      const RollCimValue values[]
          = { { .type = ROLL_CIM_STRING, .text = text }, { .type = ROLL_CIM_UINT64, .uint = i } };

      g_assert_true (roll_row_set_add (rows, values));
    }
  return rows;
}

static void
test_deflated (void)
{
  g_autoptr (RollRowSet) rows = many_rows (1000);
  g_autoptr (RollRowSet) copy = again (rows);
  g_autoptr (GBytes) bytes = roll_row_set_to_bytes (rows);

  assert_same (rows, copy);
  g_assert_cmpuint (g_bytes_get_size (bytes), <, 6000);
}

/* Cut anywhere it is an error; with a bit turned it is an error or another set, and never the end of the program. */
static void
check_damage (GBytes *bytes)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, i);
      const char *problem = NULL;

      g_assert_null (roll_row_set_from_bytes (cut, &problem));
      g_assert_nonnull (problem);
    }
  for (gsize i = 0; i < length * 8; i++)
    {
      g_autofree guint8 *turned = g_memdup2 (data, length);
      g_autoptr (GBytes) damaged = NULL;
      const char *problem = NULL;
      RollRowSet *rows;

      turned[i / 8] ^= (guint8) (1 << i % 8);
      damaged = g_bytes_new (turned, length);
      rows = roll_row_set_from_bytes (damaged, &problem);
      g_assert_true ((rows == NULL) == (problem != NULL));
      g_clear_pointer (&rows, roll_row_set_free);
    }
}

static void
test_damage (void)
{
  g_autoptr (RollRowSet) few = many_rows (1);
  g_autoptr (RollRowSet) many = many_rows (30);
  g_autoptr (GBytes) stored = roll_row_set_to_bytes (few);
  g_autoptr (GBytes) deflated = roll_row_set_to_bytes (many);

  g_assert_cmpuint (((const guint8 *) g_bytes_get_data (stored, NULL))[1], ==, 0);
  g_assert_cmpuint (((const guint8 *) g_bytes_get_data (deflated, NULL))[1], ==, 1);
  check_damage (stored);
  check_damage (deflated);
}

static GBytes *
pack (const void *payload, gsize length, guint32 claimed)
{
  g_auto (RollWriter) writer = { 0 };
  uLongf deflated_length = compressBound (length);
  g_autofree guint8 *deflated = g_malloc (deflated_length);

  g_assert_cmpint (compress (deflated, &deflated_length, payload, length), ==, Z_OK);
  roll_writer_init (&writer, G_MAXUINT32);
  roll_writer_u16 (&writer, 0x0101);
  roll_writer_u32 (&writer, claimed);
  roll_writer_bytes (&writer, deflated, deflated_length);
  return g_bytes_new (writer.data, writer.length);
}

static void
check_refused (GBytes *bytes, const char *expected)
{
  const char *problem = NULL;

  g_assert_null (roll_row_set_from_bytes (bytes, &problem));
  g_assert_cmpstr (problem, ==, expected);
}

static void
test_bombs (void)
{
  /* One column "A" of 15 million rows without the property. */
  const gsize length = 20000000;
  g_autofree guint8 *zeros = g_malloc0 (length);
  g_autoptr (GBytes) huge = pack (zeros, length, 4000000000u);
  g_autoptr (GBytes) lying = pack (zeros, length, 1000);
  g_autoptr (GBytes) small = pack ("x", 1, 20000000);
  g_autoptr (GBytes) wide = NULL;

  memcpy (zeros, "\1\1A\xc0\xc3\x93\x07", 7);
  wide = pack (zeros, length, (guint32) length);
  check_refused (huge, "more than a row set may hold");
  check_refused (lying, "the deflated bytes are damaged");
  check_refused (small, "inflated, it cannot be that long");
  check_refused (wide, "more than a row set may hold");
}

/* What may not be read back is not taken in the first place. */
static void
test_full (void)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (one_column);
  g_autofree char *text = g_strnfill (1 << 20, 'x');
  const RollCimValue value = { .type = ROLL_CIM_STRING, .text = text };
  g_autoptr (RollRowSet) copy = NULL;
  guint n = 0;

  while (roll_row_set_add (rows, &value))
    n++;
  g_assert_cmpuint (n, ==, 23);
  copy = again (rows);
  g_assert_cmpuint (roll_row_set_get_n_rows (copy), ==, 23);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wmio/row-set/scalars", test_scalars);
  g_test_add_func ("/wmio/row-set/not-a-number", test_not_a_number);
  g_test_add_func ("/wmio/row-set/arrays", test_arrays);
  g_test_add_func ("/wmio/row-set/objects", test_objects);
  g_test_add_func ("/wmio/row-set/too-deep", test_too_deep);
  g_test_add_func ("/wmio/row-set/mixed", test_mixed);
  g_test_add_func ("/wmio/row-set/empty", test_empty);
  g_test_add_func ("/wmio/row-set/deflated", test_deflated);
  g_test_add_func ("/wmio/row-set/damage", test_damage);
  g_test_add_func ("/wmio/row-set/bombs", test_bombs);
  g_test_add_func ("/wmio/row-set/full", test_full);
  return g_test_run ();
}
