/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-wmio.h"
#include "vectors.h"

#define REAL "wmio_real/"
#define STD_REG_PROV REAL "otrf_msbuild_ws5_f195_IWbemServices_op6_rsp_ee612eb0.wmio"
#define WBEMDATA REAL "otrf_msbuild_ws5_f404_IWbemWCOSmartEnum_op3.wbemdata"
#define MAX_LENGTH (1 << 20)

/* Where the other decoder, whose reading the expected values are, errs about the default of a property of a class: it looks
 * up in the wrong place whether there is one (see compare_nd ()), so it loses a default, or takes the 0xff that stand in the
 * place of none for a number. HKEY_LOCAL_MACHINE is the default of every method's hDefKey; it misses that of
 * SetSecurityDescriptor, where another parameter comes first in the alphabet. */
#define STD_REG_PROV_NAME "otrf_msbuild_ws5_f195_IWbemServices_op6_rsp_ee612eb0: "
static const char *const not_so[] = {
  STD_REG_PROV_NAME "hDefKey is “2147483650” and not “”",
  STD_REG_PROV_NAME "sValue is “%path%” and not “”",
  STD_REG_PROV_NAME "sValue is “hello; there” and not “”",
  STD_REG_PROV_NAME "sValue is “hello” and not “”",
  /* inherited, and the table of the derived class has it too: [MS-WMIO] 3.2 */
  "wmio_class_encoding_with_methods: Data2 is “defaultValue” and not “”",
  "wmio_win32_process_startup: ErrorMode is “0” and not “”",
  "wmio_win32_process_startup: YSize is “” and not “4294967295”",
};

typedef struct
{
  GBytes *bytes;
  RollWmiObject *object;
} Vector;

static void
vector_clear (Vector *vector)
{
  g_clear_pointer (&vector->bytes, g_bytes_unref);
  g_clear_pointer (&vector->object, roll_wmi_object_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Vector, vector_clear)

static GBytes *
load_bytes (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  if (g_str_has_suffix (path, ".dump"))
    return vectors_hex (g_strstrip (text));
  return g_bytes_new_take (g_steal_pointer (&text), length);
}

static RollWmiObject *
decode (GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  const char *problem = NULL;
  RollWmiObject *object = roll_wmio_decode (data, length, &problem);

  g_assert_cmpstr (problem, ==, NULL);
  g_assert_nonnull (object);
  return object;
}

/* FALSE, and the test skipped, without the vectors. */
static gboolean
load (const char *name, Vector *ret_vector)
{
  g_autofree char *path = vectors_path (name);

  if (path == NULL)
    {
      g_test_skip ("the recorded vectors are not beside this checkout");
      return FALSE;
    }
  ret_vector->bytes = load_bytes (path);
  ret_vector->object = decode (ret_vector->bytes);
  return TRUE;
}

/* --- Against the expected readings --------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *found;
  char *where;
} Compare;

static void G_GNUC_PRINTF (2, 3)
differ (Compare *compare, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (compare->found, g_strdup_printf ("%s: %s", compare->where, what));
}

static gint64
number_of (JsonObject *json, const char *name)
{
  return json_object_get_int_member_with_default (json, name, 0);
}

static gboolean
flag_of (JsonObject *json, const char *name)
{
  return json_object_get_boolean_member_with_default (json, name, FALSE);
}

/* "[]uint32" and "int32" there, "uint32[]" and "sint32" here. */
static char *
type_here (const char *type)
{
  gboolean array = g_str_has_prefix (type, "[]");
  const char *base = type + (array ? 2 : 0);
  const char *name = g_str_equal (base, "bool") ? "boolean" : base;

  return g_strdup_printf ("%s%s%s", g_str_has_prefix (name, "int") ? "s" : "", name, array ? "[]" : "");
}

/* As roll_cim_value_to_text() writes it; octets are in base 64 there. */
static char *
text_of (JsonNode *node, const char *type)
{
  GString *text = g_string_new (NULL);

  if (JSON_NODE_HOLDS_ARRAY (node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        g_autofree char *item = text_of (json_array_get_element (json_node_get_array (node), i), type);
        g_string_append_printf (text, "%s%s", i > 0 ? "; " : "", item);
      }
  else if (g_str_equal (type, "[]uint8") && JSON_NODE_HOLDS_VALUE (node))
    {
      gsize length;
      g_autofree guchar *octets = g_base64_decode (json_node_get_string (node), &length);

      for (gsize i = 0; i < length; i++)
        g_string_append_printf (text, "%s%u", i > 0 ? "; " : "", octets[i]);
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    g_string_append (text, json_node_get_string (node));
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    g_string_append (text, json_node_get_boolean (node) ? "true" : "false");
  else if (JSON_NODE_HOLDS_VALUE (node))
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (node));
  return g_string_free (text, FALSE);
}

/* Whether a value is NULL is another matter in a class. */
static void
compare_default (Compare *compare, JsonObject *expected, const RollCimValue *value, const char *name)
{
  g_autofree char *type_name = type_here (json_object_get_string_member (expected, "type"));
  g_autofree char *expected_text
      = text_of (json_object_get_member (expected, "value"), json_object_get_string_member (expected, "type"));
  g_autofree char *text = roll_cim_value_to_text (value);

  if (g_strcmp0 (type_name, roll_cim_type_name (value->type)) != 0)
    differ (compare, "%s is %s and not %s", name, roll_cim_type_name (value->type), type_name);
  if (!g_str_equal (expected_text, text))
    differ (compare, "%s is “%s” and not “%s”", name, text, expected_text);
}

/* The other decoder takes the NdTable of a class, but not that of an instance, to be in the order of the lookup table: what
 * it says of the property in a place there is what the bytes say of the one that is declared in this place. Only so are all
 * that a class inherits inherited and all that it overrides its own. */
static void
compare_nd (Compare *compare, JsonObject *expected, const RollWmiClass *klass, guint place)
{
  guint n;
  const RollWmiProperty *property = &roll_wmi_class_get_properties (klass, &n)[place];

  g_assert_cmpuint (property->declaration_order, ==, place);
  if (property->inherited_default != flag_of (expected, "inherit_default"))
    differ (compare, "%s: the default inherited is %d", property->name, property->inherited_default);
  if (property->default_value.null != flag_of (expected, "nullable"))
    differ (compare, "%s: the default NULL is %d", property->name, property->default_value.null);
}

static void
compare_value (Compare *compare, JsonObject *expected, const RollCimValue *value, const char *name)
{
  JsonNode *node = json_object_get_member (expected, "value");
  const char *type = json_object_get_string_member (expected, "type");
  g_autofree char *type_name = type_here (type);
  g_autofree char *expected_text = text_of (node, type);
  g_autofree char *text = roll_cim_value_to_text (value);

  if (g_strcmp0 (type_name, roll_cim_type_name (value->type)) != 0)
    differ (compare, "%s is %s and not %s", name, roll_cim_type_name (value->type), type_name);
  if (json_node_is_null (node) != value->null)
    differ (compare, "%s is %s", name, value->null ? "NULL" : "not NULL");
  else if (!g_str_equal (expected_text, text))
    differ (compare, "%s is “%s” and not “%s”", name, text, expected_text);
}

static void
compare_qualifiers (Compare *compare, JsonObject *parent, const RollWmiQualifier *qualifiers, guint n, const char *of)
{
  JsonArray *expected
      = json_object_has_member (parent, "qualifiers") ? json_object_get_array_member (parent, "qualifiers") : NULL;

  if ((expected != NULL ? json_array_get_length (expected) : 0) != n)
    {
      differ (compare, "%s has %u qualifiers", of, n);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonObject *qualifier = json_array_get_object_element (expected, i);
      g_autofree char *name = g_strdup_printf ("%s[%s]", of, qualifiers[i].name);

      if (!g_str_equal (qualifiers[i].name, json_object_get_string_member (qualifier, "name")))
        differ (compare, "%s is another qualifier", name);
      if (qualifiers[i].flavor != number_of (qualifier, "flavour"))
        differ (compare, "%s has flavour %u", name, qualifiers[i].flavor);
      compare_value (compare, json_object_get_object_member (qualifier, "value"), &qualifiers[i].value, name);
    }
}

static void
compare_property (Compare *compare, JsonObject *expected, const RollWmiClass *klass)
{
  const char *name = json_object_get_string_member (expected, "name");
  int index = roll_wmi_class_find_property (klass, name);
  guint n;
  const RollWmiProperty *property;

  g_assert_cmpint (index, >=, 0);
  property = &roll_wmi_class_get_properties (klass, &n)[index];
  g_assert_cmpstr (property->name, ==, name);
  if (property->declaration_order != number_of (expected, "order"))
    differ (compare, "%s is declared in place %u", name, property->declaration_order);
  if (property->offset != number_of (expected, "offset"))
    differ (compare, "%s stands at %u", name, property->offset);
  if (property->origin != number_of (expected, "class_of_origin"))
    differ (compare, "%s is of class %u", name, property->origin);
  if (property->inherited != flag_of (expected, "inherited"))
    differ (compare, "%s: inherited is %d", name, property->inherited);
  compare_qualifiers (compare, expected, property->qualifiers, property->n_qualifiers, name);
  compare_default (compare, json_object_get_object_member (expected, "value"), &property->default_value, name);
}

static void
compare_class (Compare *compare, JsonObject *expected, const RollWmiClass *klass)
{
  JsonArray *properties = json_object_has_member (expected, "properties")
                              ? json_object_get_array_member (expected, "properties") : NULL;
  JsonArray *derivation = json_object_has_member (expected, "derivation")
                              ? json_object_get_array_member (expected, "derivation") : NULL;
  const char *const *superclasses = roll_wmi_class_get_derivation (klass);
  guint n;
  const RollWmiQualifier *qualifiers = roll_wmi_class_get_qualifiers (klass, &n);

  g_assert_cmpstr (roll_wmi_class_get_name (klass), ==, json_object_get_string_member (expected, "name"));
  compare_qualifiers (compare, expected, qualifiers, n, "the class");
  g_assert_cmpuint (g_strv_length ((GStrv) superclasses), ==, derivation ? json_array_get_length (derivation) : 0);
  for (guint i = 0; superclasses[i] != NULL; i++)
    g_assert_cmpstr (superclasses[i], ==, json_array_get_string_element (derivation, i));
  roll_wmi_class_get_properties (klass, &n);
  g_assert_cmpuint (n, ==, properties ? json_array_get_length (properties) : 0);
  for (guint i = 0; i < n; i++)
    {
      compare_property (compare, json_array_get_object_element (properties, i), klass);
      compare_nd (compare, json_array_get_object_element (properties, i), klass, i);
    }
}

static void
compare_signature (Compare *compare, JsonObject *method, const char *name, const RollWmiClass *klass)
{
  JsonObject *signature
      = json_object_has_member (method, name) ? json_object_get_object_member (method, name) : NULL;

  if (signature != NULL && json_object_has_member (signature, "class"))
    {
      signature = json_object_get_object_member (signature, "class");
      g_assert_nonnull (klass);
      compare_class (compare, json_object_get_object_member (signature, "current_class"), klass);
    }
  else if (klass != NULL)
    differ (compare, "%s is there", name);
}

static void
compare_methods (Compare *compare, JsonObject *expected, const RollWmiClass *klass)
{
  JsonObject *part = json_object_get_object_member (expected, "current_class_methods");
  JsonArray *methods
      = json_object_has_member (part, "methods") ? json_object_get_array_member (part, "methods") : NULL;
  guint n;

  roll_wmi_class_get_methods (klass, &n);
  g_assert_cmpuint (n, ==, methods ? json_array_get_length (methods) : 0);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *json = json_array_get_object_element (methods, i);
      const char *name = json_object_get_string_member (json, "name");
      const RollWmiMethod *method = roll_wmi_class_find_method (klass, name);

      g_assert_nonnull (method);
      g_assert_cmpuint (method->origin, ==, number_of (json, "origin"));
      compare_qualifiers (compare, json, method->qualifiers, method->n_qualifiers, name);
      compare_signature (compare, json, "input_signature", method->in);
      compare_signature (compare, json, "output_signature", method->out);
    }
}

static void
compare_instance (Compare *compare, JsonObject *expected, const RollWmiObject *object)
{
  RollWmiClass *klass = roll_wmi_object_get_class (object);
  JsonArray *properties = json_object_get_array_member (expected, "properties");
  guint n;
  const RollWmiProperty *declared = roll_wmi_class_get_properties (klass, &n);

  g_assert_cmpuint (n, ==, json_array_get_length (properties));
  for (guint i = 0; i < n; i++)
    {
      JsonObject *property = json_array_get_object_element (properties, i);

      g_assert_cmpstr (declared[i].name, ==, json_object_get_string_member (property, "name"));
      if (roll_wmi_object_is_default (object, i) != flag_of (property, "inherit_default"))
        differ (compare, "%s: is the default: %d", declared[i].name, roll_wmi_object_is_default (object, i));
      compare_value (compare, json_object_get_object_member (property, "value"), roll_wmi_object_get_nth (object, i),
                     declared[i].name);
    }
}

static void
compare_object (Compare *compare, JsonObject *expected, const RollWmiObject *object)
{
  gboolean instance = json_object_has_member (expected, "instance");
  JsonObject *body = json_object_get_object_member (expected, instance ? "instance" : "class");

  g_assert_true (instance == roll_wmi_object_is_instance (object));
  if (json_object_has_member (expected, "decoration"))
    {
      JsonObject *decoration = json_object_get_object_member (expected, "decoration");

      g_assert_cmpstr (roll_wmi_object_get_server (object), ==,
                       json_object_get_string_member (decoration, "server_name"));
      g_assert_cmpstr (roll_wmi_object_get_namespace (object), ==,
                       json_object_get_string_member (decoration, "namespace"));
    }
  else
    g_assert_cmpstr (roll_wmi_object_get_namespace (object), ==, "");
  compare_class (compare, json_object_get_object_member (body, "current_class"), roll_wmi_object_get_class (object));
  if (instance)
    compare_instance (compare, body, object);
  else
    compare_methods (compare, body, roll_wmi_object_get_class (object));
}

static RollWmiObject *
decode_wbemdata (GBytes *bytes)
{
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  g_autoptr (RollSmartReader) reader = roll_smart_reader_new (NULL);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  const char *problem = NULL;

  g_assert_true (roll_smart_reader_decode (reader, data, length, objects, &problem));
  g_assert_cmpuint (objects->len, ==, 1);
  return roll_wmi_object_ref (objects->pdata[0]);
}

static void
compare_file (const char *folder, const char *name, GPtrArray *found)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *bytes_path = g_strndup (path, strlen (path) - strlen (".go.json"));
  g_autoptr (GBytes) bytes = load_bytes (bytes_path);
  g_autoptr (RollWmiObject) object
      = g_str_has_suffix (bytes_path, ".wbemdata") ? decode_wbemdata (bytes) : decode (bytes);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *where = g_strndup (name, strcspn (name, "."));
  Compare compare = { found, where };
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", name);
  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  compare_object (&compare, json_node_get_object (json_parser_get_root (parser)), object);
}

static void
compare_folder (const char *name, guint n_expected, GPtrArray *found)
{
  g_autofree char *folder = vectors_path (name);
  g_autoptr (GDir) files = NULL;
  const char *file;
  guint n = 0;

  if (folder == NULL)
    return;
  files = g_dir_open (folder, 0, NULL);
  while ((file = g_dir_read_name (files)))
    if (g_str_has_suffix (file, ".go.json"))
      {
        compare_file (folder, file, found);
        n++;
      }
  g_assert_cmpuint (n, ==, n_expected);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
test_expected (void)
{
  g_autofree char *folder = vectors_path ("wmio_real");
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);

  if (folder == NULL)
    {
      g_test_skip ("the recorded vectors are not beside this checkout");
      return;
    }
  compare_folder ("wmio_spec", 5, found);
  compare_folder ("wmio_real", 12, found);
  g_ptr_array_sort (found, compare_texts);
  for (guint i = 0; i < found->len; i++)
    g_test_message ("%s", (char *) found->pdata[i]);
  g_assert_cmpuint (found->len, ==, G_N_ELEMENTS (not_so));
  for (guint i = 0; i < found->len; i++)
    g_assert_cmpstr (found->pdata[i], ==, not_so[i]);
}

/* --- A computer's answer, value by value ---------------------------------------------------------------------------- */

static void
check_value (JsonObject *expected, const char *name, JsonNode *node, gpointer user_data)
{
  const RollCimValue *value = roll_wmi_object_get (user_data, name);
  g_autofree char *expected_text = text_of (node, "");
  g_autofree char *text = NULL;

  g_assert_nonnull (value);
  text = roll_cim_value_to_text (value);
  g_assert_cmpstr (text, ==, expected_text);
  g_assert_true (json_node_is_null (node) == value->null);
}

static void
test_operating_system (void)
{
  g_autofree char *path = vectors_path (WBEMDATA);
  g_autoptr (JsonNode) root = vectors_load (REAL "EXPECTED_Win32_OperatingSystem_f404.json");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (RollWmiObject) object = NULL;
  JsonObject *expected;

  if (root == NULL || path == NULL)
    return;
  bytes = load_bytes (path);
  object = decode_wbemdata (bytes);
  expected = json_node_get_object (root);
  g_assert_cmpuint (json_object_get_size (expected), ==, 64);
  json_object_foreach_member (expected, check_value, object);

  g_assert_cmpuint (roll_wmi_object_get (object, "maxprocessmemorysize")->uint, ==, 137438953344);
  g_assert_cmpuint (roll_wmi_object_get (object, "MaxNumberOfProcesses")->uint, ==, 0xffffffff);
  g_assert_null (roll_wmi_object_get (object, "NoSuchProperty"));
}

/* --- And back ------------------------------------------------------------------------------------------------------ */

static void
check_encoded (const Vector *vector, RollWmiObject *object)
{
  g_auto (RollWriter) writer = { 0 };
  gsize length;
  const void *data = g_bytes_get_data (vector->bytes, &length);

  roll_writer_init (&writer, MAX_LENGTH);
  roll_wmio_encode (&writer, object);
  g_assert_cmpmem (writer.data, writer.length, data, length);
}

static void
test_same_bytes (void)
{
  static const char *const names[] = {
    REAL "otrf_msbuild_ws5_f254_IWbemServices_op24_req_36ccc626.wmio",
    REAL "otrf_msbuild_ws5_f344_IWbemServices_op24_req_170586b9.wmio",
    REAL "otrf_msbuild_ws5_f532_IWbemServices_op24_req_97f81cd0.wmio",
    REAL "otrf_empirewmi_ws5_f231_IWbemServices_op24_req_b7e01dcc.wmio",
    REAL "otrf_msbuild_ws5_f346_IWbemServices_op24_rsp_daacd8cf.wmio",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_auto (Vector) vector = { 0 };

      if (!load (names[i], &vector))
        return;
      check_encoded (&vector, vector.object);
    }
}

static RollWmiObject *
in_parameters (const Vector *klass, const char *method)
{
  const RollWmiMethod *found = roll_wmi_class_find_method (roll_wmi_object_get_class (klass->object), method);

  g_assert_nonnull (found);
  return roll_wmi_object_new_instance (found->in, NULL, NULL);
}

/* What Windows' own client sent, made from the signature that it had got. */
static void
test_made (void)
{
  g_auto (Vector) klass = { 0 };
  g_auto (Vector) enum_key = { 0 };
  g_auto (Vector) get_string = { 0 };
  g_autoptr (RollWmiObject) in = NULL;

  if (!load (STD_REG_PROV, &klass)
      || !load (REAL "otrf_msbuild_ws5_f254_IWbemServices_op24_req_36ccc626.wmio", &enum_key)
      || !load (REAL "otrf_msbuild_ws5_f344_IWbemServices_op24_req_170586b9.wmio", &get_string))
    return;
  in = in_parameters (&klass, "enumkey");
  g_assert_true (roll_wmi_object_set_uint (in, "hDefKey", 0x80000002));
  g_assert_true (roll_wmi_object_set_text (in, "sSubKeyName", "SOFTWARE\\Microsoft\\MSBuild\\ToolsVersions\\4.0"));
  check_encoded (&enum_key, in);
  g_clear_pointer (&in, roll_wmi_object_unref);

  in = in_parameters (&klass, "GetStringValue");
  g_assert_true (roll_wmi_object_set_uint (in, "hDefKey", 0x80000002));
  g_assert_true (roll_wmi_object_set_text (in, "sSubKeyName", "SOFTWARE\\Microsoft\\MSBuild\\ToolsVersions\\4.0"));
  g_assert_true (roll_wmi_object_set_text (in, "sValueName", "MSBuildToolsPath"));
  check_encoded (&get_string, in);
}

static void
assert_same_class (const RollWmiClass *a, const RollWmiClass *b)
{
  guint n_a, n_b;
  const RollWmiProperty *properties_a = roll_wmi_class_get_properties (a, &n_a);
  const RollWmiProperty *properties_b = roll_wmi_class_get_properties (b, &n_b);

  g_assert_cmpstr (roll_wmi_class_get_name (a), ==, roll_wmi_class_get_name (b));
  g_assert_cmpuint (n_a, ==, n_b);
  for (guint i = 0; i < n_a; i++)
    {
      g_assert_cmpstr (properties_a[i].name, ==, properties_b[i].name);
      g_assert_cmpuint (properties_a[i].type, ==, properties_b[i].type);
      g_assert_cmpuint (properties_a[i].n_qualifiers, ==, properties_b[i].n_qualifiers);
    }
}

static void
assert_same_methods (const RollWmiClass *a, const RollWmiClass *b)
{
  guint n_a, n_b;
  const RollWmiMethod *methods_a = roll_wmi_class_get_methods (a, &n_a);
  const RollWmiMethod *methods_b = roll_wmi_class_get_methods (b, &n_b);

  g_assert_cmpuint (n_a, ==, n_b);
  for (guint i = 0; i < n_a; i++)
    {
      g_assert_cmpstr (methods_a[i].name, ==, methods_b[i].name);
      g_assert_true ((methods_a[i].in != NULL) == (methods_b[i].in != NULL));
      g_assert_true ((methods_a[i].out != NULL) == (methods_b[i].out != NULL));
      if (methods_a[i].in != NULL)
        assert_same_class (methods_a[i].in, methods_b[i].in);
      if (methods_a[i].out != NULL)
        assert_same_class (methods_a[i].out, methods_b[i].out);
    }
}

/* Every object read, written and read again is the same. */
static void
test_again (void)
{
  static const char *const folders[] = { "wmio_real", "wmio_spec" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = vectors_path (folders[i]);
      g_autoptr (GDir) files = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
      const char *file;

      while (files != NULL && (file = g_dir_read_name (files)))
        if (g_str_has_suffix (file, ".wmio") || g_str_has_suffix (file, ".dump"))
          {
            g_autofree char *name = g_build_filename (folders[i], file, NULL);
            g_auto (Vector) vector = { 0 };
            g_auto (RollWriter) writer = { 0 };
            g_autoptr (RollWmiObject) object = NULL;

            g_assert_true (load (name, &vector));
            roll_writer_init (&writer, MAX_LENGTH);
            roll_wmio_encode (&writer, vector.object);
            object = roll_wmio_decode (writer.data, writer.length, NULL);
            g_assert_nonnull (object);
            g_assert_true (roll_wmi_object_equal (object, vector.object));
            assert_same_class (roll_wmi_object_get_class (object), roll_wmi_object_get_class (vector.object));
            assert_same_methods (roll_wmi_object_get_class (object), roll_wmi_object_get_class (vector.object));
          }
    }
}

/* Cut anywhere, a real object is an error; with a byte turned it is an error or another object. */
static void
test_damage (void)
{
  g_auto (Vector) vector = { 0 };
  const guint8 *data;
  gsize length;

  if (!load (REAL "otrf_msbuild_ws5_f344_IWbemServices_op24_req_170586b9.wmio", &vector))
    return;
  data = g_bytes_get_data (vector.bytes, &length);
  for (gsize i = 0; i < length; i++)
    {
      const char *problem = NULL;

      g_assert_null (roll_wmio_decode (data, i, &problem));
      g_assert_nonnull (problem);
    }
  for (gsize i = 0; i < length; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autofree guint8 *damaged = g_memdup2 (data, length);
        const char *problem = NULL;
        RollWmiObject *object;

        damaged[i] ^= (guint8) (1 << bit);
        object = roll_wmio_decode (damaged, length, &problem);
        g_assert_true ((object == NULL) == (problem != NULL));
        g_clear_pointer (&object, roll_wmi_object_unref);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wmio/vectors/expected", test_expected);
  g_test_add_func ("/wmio/vectors/operating-system", test_operating_system);
  g_test_add_func ("/wmio/vectors/same-bytes", test_same_bytes);
  g_test_add_func ("/wmio/vectors/made", test_made);
  g_test_add_func ("/wmio/vectors/again", test_again);
  g_test_add_func ("/wmio/vectors/damage", test_damage);
  return g_test_run ();
}
