/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-wmio.h"

#define HEADER_LENGTH 8
#define ROUND_TRIP_MAX (16 << 20)

static void check_class (const RollWmiClass *klass);

static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
check_value (const RollCimValue *value)
{
  g_auto (RollCimValue) copy = { 0 };
  g_autofree char *text = roll_cim_value_to_text (value);

  check_text (text);
  roll_cim_value_copy (value, &copy);
  g_assert_true (roll_cim_value_equal (value, &copy));
}

static void
check_qualifiers (const RollWmiQualifier *qualifiers, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      check_text (qualifiers[i].name);
      check_value (&qualifiers[i].value);
    }
}

static void
check_methods (const RollWmiClass *klass)
{
  guint n;
  const RollWmiMethod *methods = roll_wmi_class_get_methods (klass, &n);

  for (guint i = 0; i < n; i++)
    {
      check_text (methods[i].name);
      check_qualifiers (methods[i].qualifiers, methods[i].n_qualifiers);
      if (methods[i].in != NULL)
        check_class (methods[i].in);
      if (methods[i].out != NULL)
        check_class (methods[i].out);
    }
}

static void
check_class (const RollWmiClass *klass)
{
  guint n;
  const RollWmiQualifier *qualifiers = roll_wmi_class_get_qualifiers (klass, &n);
  const RollWmiProperty *properties;

  check_text (roll_wmi_class_get_name (klass));
  check_text (roll_wmi_class_get_superclass (klass));
  check_qualifiers (qualifiers, n);
  properties = roll_wmi_class_get_properties (klass, &n);
  for (guint i = 0; i < n; i++)
    {
      check_text (properties[i].name);
      check_value (&properties[i].default_value);
      check_qualifiers (properties[i].qualifiers, properties[i].n_qualifiers);
      g_assert_cmpint (roll_wmi_class_find_property (klass, properties[i].name), >=, 0);
    }
  check_methods (klass);
}

static void
check_object (const RollWmiObject *object)
{
  guint n;

  roll_wmi_class_get_properties (roll_wmi_object_get_class (object), &n);
  check_class (roll_wmi_object_get_class (object));
  check_text (roll_wmi_object_get_server (object));
  check_text (roll_wmi_object_get_namespace (object));
  for (guint i = 0; i < n; i++)
    check_value (roll_wmi_object_get_nth (object, i));
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  return *(const guint64 *) a < *(const guint64 *) b ? -1 : 1;
}

static guint
bytes_of (guint16 type)
{
  if (type == ROLL_CIM_SINT8 || type == ROLL_CIM_UINT8)
    return 1;
  if (type == ROLL_CIM_SINT16 || type == ROLL_CIM_UINT16 || type == ROLL_CIM_BOOLEAN || type == ROLL_CIM_CHAR16)
    return 2;
  return type == ROLL_CIM_SINT64 || type == ROLL_CIM_UINT64 || type == ROLL_CIM_REAL64 ? 8 : 4;
}

/* Whether no two values stand in one another's place: what is written anew would not be what was read. */
static gboolean
is_sane (const RollWmiObject *object)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint64));
  guint n;
  const RollWmiProperty *properties = roll_wmi_class_get_properties (roll_wmi_object_get_class (object), &n);

  for (guint i = 0; i < n; i++)
    {
      const guint64 place = (guint64) properties[i].offset << 8 | bytes_of (properties[i].type);

      g_array_append_val (places, place);
      if (i > 0 && properties[i].declaration_order == properties[i - 1].declaration_order)
        return FALSE;
      /* Instances in instances are looked at only where they can stand. */
      if (properties[i].type == ROLL_CIM_OBJECT || properties[i].type == (ROLL_CIM_OBJECT | ROLL_CIM_ARRAY))
        return FALSE;
    }
  g_array_sort (places, compare_numbers);
  for (guint i = 1; i < n; i++)
    {
      const guint64 before = g_array_index (places, guint64, i - 1);

      if ((before >> 8) + (before & 0xff) > g_array_index (places, guint64, i) >> 8)
        return FALSE;
    }
  return TRUE;
}

static void
check_again (const RollWmiObject *object)
{
  g_auto (RollWriter) writer = { 0 };
  g_autoptr (RollWmiObject) again = NULL;
  const char *problem = NULL;

  roll_writer_init (&writer, ROUND_TRIP_MAX);
  roll_wmio_encode (&writer, object);
  if (!roll_writer_ok (&writer) || !is_sane (object))
    return;
  again = roll_wmio_decode (writer.data, writer.length, &problem);
  g_assert_cmpstr (problem, ==, NULL);
  g_assert_true (roll_wmi_object_equal (object, again));
}

static void
check (const guint8 *bytes, gsize size)
{
  const char *problem = NULL;
  RollWmiObject *object = roll_wmio_decode (bytes, size, &problem);

  g_assert_true ((object == NULL) == (problem != NULL));
  if (object == NULL)
    return;
  check_object (object);
  check_again (object);
  roll_wmi_object_unref (object);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *copy = NULL;

  /* With a header that tells no lie. */
  if (size < HEADER_LENGTH || size > 1 << 20)
    {
      check (data, size);
      return 0;
    }
  copy = g_memdup2 (data, size);
  memcpy (copy, "\x78\x56\x34\x12", 4);
  for (guint i = 0; i < 4; i++)
    copy[4 + i] = (guint8) ((size - HEADER_LENGTH) >> (8 * i));
  check (copy, size);
  return 0;
}
