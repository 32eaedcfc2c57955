/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-wmio.h"

#define MAX_LENGTH (16 << 20)

/* Where the PropertyLookupTable stands of a class that is sent as an object and has neither superclass nor qualifiers nor
 * decoration: behind signature and length, flags, the empty superclass, its methods, and the class's own header. */
#define LOOKUP_OFFSET (8 + 1 + 29 + 12 + 13 + 4 + 4 + 4)

static void
encode (RollWriter *writer, const RollWmiObject *object)
{
  roll_writer_init (writer, MAX_LENGTH);
  roll_wmio_encode (writer, object);
}

static RollWmiObject *
again (const RollWmiObject *object)
{
  g_auto (RollWriter) writer = { 0 };
  const char *problem = NULL;
  RollWmiObject *decoded;

  encode (&writer, object);
  decoded = roll_wmio_decode (writer.data, writer.length, &problem);
  g_assert_cmpstr (problem, ==, NULL);
  return decoded;
}

/* --- Values -------------------------------------------------------------------------------------------------------- */

static const RollCimValue values[] = {
  { .type = ROLL_CIM_SINT8, .sint = -1 },
  { .type = ROLL_CIM_UINT8, .uint = 0xff },
  { .type = ROLL_CIM_SINT16, .sint = -2 },
  { .type = ROLL_CIM_UINT16, .uint = 0xffff },
  { .type = ROLL_CIM_SINT32, .sint = -3 },
  { .type = ROLL_CIM_UINT32, .uint = 0xffffffff }, /* a value like any other */
  { .type = ROLL_CIM_SINT64, .sint = G_MININT64 },
  { .type = ROLL_CIM_UINT64, .uint = G_MAXUINT64 },
  { .type = ROLL_CIM_REAL32, .real = -1.5 },
  { .type = ROLL_CIM_REAL64, .real = 1e300 },
  { .type = ROLL_CIM_BOOLEAN, .sint = 1 },
  { .type = ROLL_CIM_CHAR16, .uint = 0xd83d },
  { .type = ROLL_CIM_STRING, .text = (char *) "Größe \303\277" }, /* up to U+00FF: a byte each */
  { .type = ROLL_CIM_STRING, .text = (char *) "日本 🔑" },
  { .type = ROLL_CIM_STRING, .text = (char *) "" },
  { .type = ROLL_CIM_STRING, .text = (char *) "key" }, /* a word of the dictionary */
  { .type = ROLL_CIM_DATETIME, .text = (char *) "20200917110717.000000-240" },
  { .type = ROLL_CIM_REFERENCE, .text = (char *) "Win32_Service.Name=\"x\"" },
  { .type = ROLL_CIM_STRING, .null = TRUE },
  { .type = ROLL_CIM_UINT32, .null = TRUE },
  { .type = ROLL_CIM_NONE }, /* not set: the class's default, which is NULL */
};

static void
name_of (guint i, char name[16])
{
  /* Not in the order of the alphabet. */
  g_snprintf (name, 16, "P%u", (i * 7) % 100);
}

static void
test_values (void)
{
  RollWmiPropertySpec specs[G_N_ELEMENTS (values)] = { 0 };
  char names[G_N_ELEMENTS (values)][16];
  g_autoptr (RollWmiClass) klass = NULL;
  g_autoptr (RollWmiObject) object = NULL;
  g_autoptr (RollWmiObject) decoded = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      name_of (i, names[i]);
      specs[i] = (RollWmiPropertySpec) { .name = names[i], .type = values[i].type ? values[i].type : ROLL_CIM_SINT8 };
    }
  klass = roll_wmi_class_new ("Roll_Values", "", specs, G_N_ELEMENTS (specs));
  object = roll_wmi_object_new_instance (klass, "ПК", "ROOT");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (values[i].type != ROLL_CIM_NONE)
      g_assert_true (roll_wmi_object_set (object, names[i], &values[i]));
  decoded = again (object);
  g_assert_true (roll_wmi_object_equal (object, decoded));
  g_assert_cmpstr (roll_wmi_object_get_server (decoded), ==, "ПК");
  g_assert_cmpstr (roll_wmi_object_get_namespace (decoded), ==, "ROOT");
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_assert_true (roll_wmi_object_is_default (decoded, i) == (values[i].type == ROLL_CIM_NONE));
      if (values[i].type != ROLL_CIM_NONE)
        g_assert_true (roll_cim_value_equal (roll_wmi_object_get_nth (decoded, i), &values[i]));
    }
}

static void
test_set (void)
{
  static const RollWmiPropertySpec specs[] = {
    { "Octet", ROLL_CIM_UINT8, FALSE, NULL },
    { "Signed", ROLL_CIM_SINT16, FALSE, NULL },
    { "Text", ROLL_CIM_STRING, FALSE, NULL },
    { "Yes", ROLL_CIM_BOOLEAN, FALSE, NULL },
  };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_Set", "", specs, G_N_ELEMENTS (specs));
  g_autoptr (RollWmiObject) object = roll_wmi_object_new_instance (klass, NULL, NULL);

  g_assert_true (roll_wmi_object_set_uint (object, "octet", 255));
  g_assert_false (roll_wmi_object_set_uint (object, "Octet", 256));
  g_assert_true (roll_wmi_object_set_uint (object, "Signed", (guint64) -32768));
  g_assert_false (roll_wmi_object_set_uint (object, "Signed", 32768));
  g_assert_false (roll_wmi_object_set_uint (object, "Text", 1));
  g_assert_false (roll_wmi_object_set_uint (object, "Yes", 2));
  g_assert_false (roll_wmi_object_set_text (object, "Octet", "1"));
  g_assert_false (roll_wmi_object_set_text (object, "Nothing", "1"));
  g_assert_true (roll_wmi_object_set_text (object, "Text", "a"));
  g_assert_true (roll_wmi_object_set_text (object, "Text", NULL));
  g_assert_true (roll_wmi_object_get (object, "Text")->null);
  g_assert_false (roll_wmi_object_is_default (object, 2));
  g_assert_cmpint (roll_wmi_object_get (object, "Signed")->sint, ==, -32768);
}

/* --- Classes ------------------------------------------------------------------------------------------------------- */

static void
test_class (void)
{
  static const RollWmiPropertySpec specs[] = {
    { "Name", ROLL_CIM_STRING, TRUE, NULL },
    { "Owner", ROLL_CIM_REFERENCE, FALSE, "ref:Win32_Account" },
    { "Ids", ROLL_CIM_UINT32 | ROLL_CIM_ARRAY, FALSE, NULL },
  };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_Class", "CIM_Base", specs, G_N_ELEMENTS (specs));
  g_autoptr (RollWmiObject) object = NULL;
  g_autoptr (RollWmiObject) decoded = NULL;
  const RollWmiProperty *properties;
  const RollWmiMethod *method;
  guint n;

  roll_wmi_class_add_method (klass, "Start", NULL, roll_wmi_class_new ("__PARAMETERS", "", specs, 1));
  roll_wmi_class_add_method (klass, "Stop", roll_wmi_class_new ("__PARAMETERS", "", specs, 2), NULL);
  object = roll_wmi_object_new_class (klass, "PC", "ROOT");
  decoded = again (object);
  g_assert_false (roll_wmi_object_is_instance (decoded));
  g_assert_true (roll_wmi_object_get (decoded, "name")->null);
  klass = (roll_wmi_class_unref (klass), roll_wmi_class_ref (roll_wmi_object_get_class (decoded)));
  g_assert_cmpstr (roll_wmi_class_get_name (klass), ==, "Roll_Class");
  g_assert_cmpstr (roll_wmi_class_get_superclass (klass), ==, "CIM_Base");
  properties = roll_wmi_class_get_properties (klass, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (properties[0].qualifiers[1].name, ==, "key");
  g_assert_cmpstr (properties[1].qualifiers[0].value.text, ==, "ref:Win32_Account");
  g_assert_cmpstr (properties[2].qualifiers[0].value.text, ==, "uint32");
  method = roll_wmi_class_find_method (klass, "START");
  g_assert_null (method->in);
  g_assert_cmpint (roll_wmi_class_find_property (method->out, "NAME"), ==, 0);
  method = roll_wmi_class_find_method (klass, "Stop");
  roll_wmi_class_get_properties (method->in, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_null (roll_wmi_class_find_method (klass, "Pause"));
}

/* --- What is not believed ------------------------------------------------------------------------------------------ */

static RollWmiObject *
nest (RollWmiObject *inner)
{
  const RollWmiPropertySpec spec = { "Inner", ROLL_CIM_OBJECT, FALSE, NULL };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_Nest", "", &spec, 1);
  RollWmiObject *object = roll_wmi_object_new_instance (klass, NULL, NULL);

  if (inner != NULL)
    g_assert_true (roll_wmi_object_set (object, "Inner",
                                        &(RollCimValue) { .type = ROLL_CIM_OBJECT, .object = inner }));
  return object;
}

static void
test_depth (void)
{
  g_autoptr (RollWmiObject) object = nest (NULL);

  for (guint depth = 1; depth <= ROLL_WMIO_MAX_DEPTH + 1; depth++)
    {
      g_auto (RollWriter) writer = { 0 };
      const char *problem = NULL;
      RollWmiObject *decoded, *outer;

      roll_writer_init (&writer, MAX_LENGTH);
      roll_wmio_encode (&writer, object);
      decoded = roll_wmio_decode (writer.data, writer.length, &problem);
      if (depth <= ROLL_WMIO_MAX_DEPTH)
        g_assert_true (roll_wmi_object_equal (object, decoded));
      else
        g_assert_cmpstr (problem, ==, "objects stand too deep in objects");
      g_clear_pointer (&decoded, roll_wmi_object_unref);
      outer = nest (object);
      roll_wmi_object_unref (object);
      object = outer;
    }
}

/* A thousand properties whose names are all the same 60,000 characters: as bytes little, decoded 60 MB. */
static void
test_shared (void)
{
  g_autofree char *name = g_strnfill (60000, 'a');
  g_autofree RollWmiPropertySpec *specs = g_new0 (RollWmiPropertySpec, 1000);
  g_autoptr (RollWmiClass) klass = NULL;
  g_autoptr (RollWmiObject) object = NULL;
  g_auto (RollWriter) writer = { 0 };
  const char *problem = NULL;
  guint32 reference;

  for (guint i = 0; i < 1000; i++)
    specs[i] = (RollWmiPropertySpec) { .name = i == 0 ? name : "b", .type = ROLL_CIM_UINT8 };
  klass = roll_wmi_class_new ("Roll_Shared", "", specs, 1000);
  object = roll_wmi_object_new_class (klass, NULL, NULL);
  roll_writer_init (&writer, MAX_LENGTH);
  roll_wmio_encode (&writer, object);
  memcpy (&reference, writer.data + LOOKUP_OFFSET, sizeof reference);
  for (guint i = 1; i < 1000; i++)
    memcpy (writer.data + LOOKUP_OFFSET + i * 8, &reference, sizeof reference);
  g_assert_null (roll_wmio_decode (writer.data, writer.length, &problem));
  g_assert_cmpstr (problem, ==, "becomes too much for what it is made of");
}

/* --- Smart enumeration --------------------------------------------------------------------------------------------- */

static RollWmiObject *
make_thing (RollWmiClass *klass, guint64 number)
{
  RollWmiObject *object = roll_wmi_object_new_instance (klass, "PC", "ROOT\\CIMV2");

  g_assert_true (roll_wmi_object_set_uint (object, "Number", number));
  return object;
}

/* A class is taken for one that is known when all its bytes are the same, and only then. */
static void
test_known (void)
{
  const RollWmiPropertySpec specs[] = { { "sValue", ROLL_CIM_STRING }, { "ReturnValue", ROLL_CIM_UINT32 } };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("__PARAMETERS", "", specs, G_N_ELEMENTS (specs));
  g_autoptr (RollWmiObject) made = roll_wmi_object_new_instance (klass, NULL, NULL);
  g_autoptr (RollWmiObject) first = NULL, second = NULL, class_object = NULL;
  g_auto (RollWriter) bytes = { 0 };
  RollWmiClass *known;

  roll_wmi_object_set_text (made, "sValue", "text");
  first = again (made);
  known = roll_wmi_object_get_class (first);
  encode (&bytes, made);
  second = roll_wmio_decode_known (bytes.data, bytes.length, known, NULL, NULL);
  g_assert_true (roll_wmi_object_get_class (second) == known);
  g_assert_true (roll_wmi_object_equal (first, second));

  for (gsize i = 0; i < bytes.length; i++)
    {
      g_autoptr (RollWmiObject) plain = NULL, hinted = NULL;

      bytes.data[i] ^= 1;
      plain = roll_wmio_decode (bytes.data, bytes.length, NULL);
      hinted = roll_wmio_decode_known (bytes.data, bytes.length, known, NULL, NULL);
      g_assert_true ((plain != NULL) == (hinted != NULL));
      g_assert_true (plain == NULL || roll_wmi_object_equal (plain, hinted));
      bytes.data[i] ^= 1;
      g_assert_null (roll_wmio_decode_known (bytes.data, i, known, NULL, NULL));
    }

  class_object = roll_wmi_object_new_class (klass, NULL, NULL);
  roll_writer_clear (&bytes);
  roll_wmio_encode (&bytes, class_object);
  g_clear_pointer (&second, roll_wmi_object_unref);
  second = roll_wmio_decode_known (bytes.data, bytes.length, known, NULL, NULL);
  g_assert_false (roll_wmi_object_is_instance (second));
  g_assert_true (roll_wmi_object_get_class (second) != known);
}

/* @cache: (nullable) */
static RollWmiObject *
decode_with (RollWmiClassCache *cache, const RollWmiObject *object)
{
  g_auto (RollWriter) bytes = { 0 };
  RollWmiObject *decoded;

  encode (&bytes, object);
  decoded = roll_wmio_decode_known (bytes.data, bytes.length, NULL, cache, NULL);
  g_assert_true (roll_wmi_object_equal (object, decoded));
  return decoded;
}

/* Of one class for two computers; another that differs in its name alone is another. Ever new ones push out the old. */
static void
test_cache (void)
{
  const RollWmiPropertySpec spec = { "Number", ROLL_CIM_UINT64, TRUE, NULL };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_A", "", &spec, 1);
  g_autoptr (RollWmiClass) alike = roll_wmi_class_new ("Roll_B", "", &spec, 1);
  g_autoptr (RollWmiObject) made = make_thing (klass, 1), other = make_thing (alike, 1);
  g_autoptr (RollWmiClassCache) cache = roll_wmi_class_cache_new ();
  g_autoptr (RollWmiObject) first = decode_with (cache, made), second = decode_with (cache, made);
  g_autoptr (RollWmiObject) third = decode_with (cache, other), last = NULL;

  g_assert_true (roll_wmi_object_get_class (first) == roll_wmi_object_get_class (second));
  g_assert_true (roll_wmi_object_get_class (first) != roll_wmi_object_get_class (third));
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("Roll_%u", i);
      g_autoptr (RollWmiClass) flood = roll_wmi_class_new (name, "", &spec, 1);
      g_autoptr (RollWmiObject) thing = make_thing (flood, i);

      roll_wmi_object_unref (decode_with (cache, thing));
    }
  last = decode_with (cache, made);
  g_assert_true (roll_wmi_object_get_class (first) != roll_wmi_object_get_class (last));
}

/* Whoever else holds an object still sees what is in it. */
static void
test_take_out (void)
{
  const RollWmiPropertySpec specs[] = { { "Text", ROLL_CIM_STRING }, { "Other", ROLL_CIM_STRING } };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_A", "", specs, G_N_ELEMENTS (specs));
  g_autoptr (RollWmiObject) object = roll_wmi_object_new_instance (klass, "PC", "ROOT");
  RollCimValue value, copy;

  roll_wmi_object_set_text (object, "Text", "a text");
  roll_wmi_object_ref (object);
  roll_wmi_object_take_out (object, 0, &copy);
  g_assert_cmpstr (roll_wmi_object_get (object, "Text")->text, ==, "a text");
  roll_wmi_object_unref (object);
  roll_wmi_object_take_out (object, 0, &value);
  g_assert_true (roll_cim_value_equal (&value, &copy));
  g_assert_true (roll_wmi_object_get (object, "Text")->null);
  roll_cim_value_clear (&value);
  roll_cim_value_clear (&copy);

  roll_wmi_object_take_out (object, 1, &value);
  g_assert_true (roll_cim_value_equal (&value, roll_wmi_object_get (object, "Other")));
  roll_cim_value_clear (&value);
}

/* Names of computers may have letters that are sent in another way than they are kept. */
static void
test_decoration (void)
{
  static const char *const servers[] = { "PC", "PC", "PC\303\204", "PC\303\204", "PC\320\226", "PC", NULL };
  const RollWmiPropertySpec spec = { "Number", ROLL_CIM_UINT64, TRUE, NULL };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_A", "", &spec, 1);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  g_autoptr (GPtrArray) decoded = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  g_autoptr (RollSmartReader) reader = roll_smart_reader_new (NULL);
  g_autoptr (RollSmartWriter) smart = roll_smart_writer_new (1);
  g_auto (RollWriter) writer = { 0 };

  for (guint i = 0; servers[i] != NULL; i++)
    g_ptr_array_add (made, roll_wmi_object_new_instance (klass, servers[i], "ROOT\\CIMV2"));
  roll_writer_init (&writer, MAX_LENGTH);
  roll_smart_writer_put (smart, &writer, (RollWmiObject *const *) made->pdata, made->len);
  g_assert_true (roll_smart_reader_decode (reader, writer.data, writer.length, decoded, NULL));
  for (guint i = 0; i < made->len; i++)
    {
      g_assert_cmpstr (roll_wmi_object_get_server (decoded->pdata[i]), ==, servers[i]);
      g_assert_cmpstr (roll_wmi_object_get_namespace (decoded->pdata[i]), ==, "ROOT\\CIMV2");
    }
}

static void
test_smart (void)
{
  const RollWmiPropertySpec spec = { "Number", ROLL_CIM_UINT64, TRUE, NULL };
  g_autoptr (RollWmiClass) class_a = roll_wmi_class_new ("Roll_A", "", &spec, 1);
  g_autoptr (RollWmiClass) class_b = roll_wmi_class_new ("Roll_B", "", &spec, 1);
  g_autoptr (RollSmartWriter) smart = roll_smart_writer_new (7);
  g_autoptr (RollSmartReader) reader = roll_smart_reader_new (NULL);
  g_autoptr (RollSmartReader) stranger = roll_smart_reader_new (NULL);
  g_autoptr (GPtrArray) decoded = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  const char *problem = NULL;
  gsize lengths[3];

  for (guint i = 0; i < 12; i++)
    g_ptr_array_add (made, make_thing (i % 2 == 0 ? class_a : class_b, i));
  for (guint i = 0; i < 3; i++)
    {
      g_auto (RollWriter) writer = { 0 };

      roll_writer_init (&writer, MAX_LENGTH);
      roll_smart_writer_put (smart, &writer, (RollWmiObject *const *) made->pdata + 4 * i, i == 2 ? 0 : 4);
      lengths[i] = writer.length;
      g_assert_true (roll_smart_reader_decode (reader, writer.data, writer.length, decoded, &problem));
      if (i == 1) /* who missed the first has no class for these */
        {
          g_assert_false (roll_smart_reader_decode (stranger, writer.data, writer.length, decoded, &problem));
          g_assert_cmpstr (problem, ==, "an instance of a class that did not come before");
        }
      for (gsize cut = 0; cut < writer.length; cut++)
        g_assert_false (roll_smart_reader_decode (reader, writer.data, cut, decoded, &problem));
    }
  g_assert_cmpuint (lengths[1], <, lengths[0]);
  g_assert_cmpuint (decoded->len, ==, 8);
  for (guint i = 0; i < 8; i++)
    g_assert_true (roll_wmi_object_equal (decoded->pdata[i], made->pdata[i]));
  g_assert_true (roll_wmi_object_get_class (decoded->pdata[0]) == roll_wmi_object_get_class (decoded->pdata[2]));
}

/* An enumeration without end of ever new classes is one day too much. */
static void
test_smart_flood (void)
{
  g_autoptr (RollSmartReader) reader = roll_smart_reader_new (NULL);
  const char *problem = NULL;
  guint n = 0;

  for (; n < 1000 && problem == NULL; n++)
    {
      const RollWmiPropertySpec spec = { "Number", ROLL_CIM_UINT64, TRUE, NULL };
      g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_A", "", &spec, 1);
      g_autoptr (RollWmiObject) object = make_thing (klass, n);
      g_autoptr (RollSmartWriter) smart = roll_smart_writer_new (n);
      g_autoptr (GPtrArray) decoded = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
      g_auto (RollWriter) writer = { 0 };

      roll_writer_init (&writer, MAX_LENGTH);
      roll_smart_writer_put (smart, &writer, &object, 1);
      roll_smart_reader_decode (reader, writer.data, writer.length, decoded, &problem);
    }
  g_assert_cmpstr (problem, ==, "too many classes in one enumeration");
  g_assert_cmpuint (n, ==, 257);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wmio/made/values", test_values);
  g_test_add_func ("/wmio/made/set", test_set);
  g_test_add_func ("/wmio/made/class", test_class);
  g_test_add_func ("/wmio/made/depth", test_depth);
  g_test_add_func ("/wmio/made/shared", test_shared);
  g_test_add_func ("/wmio/made/known", test_known);
  g_test_add_func ("/wmio/made/cache", test_cache);
  g_test_add_func ("/wmio/made/take-out", test_take_out);
  g_test_add_func ("/wmio/made/decoration", test_decoration);
  g_test_add_func ("/wmio/made/smart", test_smart);
  g_test_add_func ("/wmio/made/smart-flood", test_smart_flood);
  return g_test_run ();
}
