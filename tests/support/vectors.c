/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vectors.h"

char *
vectors_path (const char *name)
{
  const char *folder = g_getenv ("ROLL_VECTORS");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "../shared/vectors", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

JsonNode *
vectors_load (const char *name)
{
  g_autofree char *path = vectors_path (name);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    {
      g_test_skip ("the recorded vectors are not beside this checkout");
      return NULL;
    }
  json_parser_load_from_mapped_file (parser, path, &error);
  g_assert_no_error (error);
  return json_node_ref (json_parser_get_root (parser));
}

GBytes *
vectors_hex (const char *text)
{
  gsize length = strlen (text) / 2;
  guint8 *bytes = g_malloc (length + 1);

  g_assert_cmpuint (strlen (text) % 2, ==, 0);
  for (gsize i = 0; i < length; i++)
    {
      g_assert_true (g_ascii_isxdigit (text[2 * i]) && g_ascii_isxdigit (text[2 * i + 1]));
      bytes[i] = (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));
    }
  return g_bytes_new_take (bytes, length);
}

static void
foreach_pdu_of (JsonNode *root, VectorsPduFunc func, gpointer user_data)
{
  JsonArray *streams = json_object_get_array_member (json_node_get_object (root), "streams");

  for (guint i = 0; i < json_array_get_length (streams); i++)
    {
      JsonArray *pdus = json_object_get_array_member (json_array_get_object_element (streams, i), "pdus");

      for (guint j = 0; j < json_array_get_length (pdus); j++)
        {
          JsonObject *pdu = json_array_get_object_element (pdus, j);
          g_autoptr (GBytes) bytes = vectors_hex (json_object_get_string_member (pdu, "pdu"));
          gsize length;
          const guint8 *data = g_bytes_get_data (bytes, &length);

          func (pdu, data, length, user_data);
        }
    }
}

gboolean
vectors_foreach_pdu (VectorsPduFunc func, gpointer user_data)
{
  static const char *const names[]
      = { "golden/otrf_msbuild_ws5.json", "golden/otrf_empirewmi_ws5.json", "golden/otrf_registerxll.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (JsonNode) root = vectors_load (names[i]);

      if (root == NULL)
        return FALSE;
      foreach_pdu_of (root, func, user_data);
    }
  return TRUE;
}

static guint
foreach_call_of (JsonNode *root, const char *name, guint opnum, const char *kind, VectorsCallFunc func,
                 gpointer user_data)
{
  JsonArray *calls = json_node_get_array (root);
  guint n_calls = 0;

  for (guint i = 0; i < json_array_get_length (calls); i++)
    {
      JsonObject *call = json_array_get_object_element (calls, i);
      g_autoptr (GBytes) bytes = NULL;
      const guint8 *data;
      gsize length;

      if (name != NULL
          && (strcmp (name, json_object_get_string_member (call, "name")) != 0
              || opnum != json_object_get_int_member (call, "opnum")
              || strcmp (kind, json_object_get_string_member (call, "kind")) != 0))
        continue;
      bytes = vectors_hex (json_object_get_string_member (call, "stub"));
      data = g_bytes_get_data (bytes, &length);
      func (call, data, length, user_data);
      n_calls++;
    }
  return n_calls;
}

guint
vectors_foreach_call (const char *name, guint opnum, const char *kind, VectorsCallFunc func, gpointer user_data)
{
  static const char *const names[] = { "golden/otrf_msbuild_ws5.calls.json", "golden/otrf_empirewmi_ws5.calls.json",
                                       "golden/otrf_registerxll.calls.json" };
  guint n_calls = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (JsonNode) root = vectors_load (names[i]);

      if (root == NULL)
        return 0;
      n_calls += foreach_call_of (root, name, opnum, kind, func, user_data);
    }
  return n_calls;
}

gsize
vectors_without_trailer (const guint8 *stub, gsize length)
{
  static const guint8 signature[] = { 0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71 };

  for (gsize i = 0; i + sizeof signature <= length; i += 4)
    if (memcmp (stub + i, signature, sizeof signature) == 0)
      return i;
  return length;
}

/* "CAPTURE_fFRAME_INTERFACE_opOPNUM_KIND_HASH.wmio", "CAPTURE_fFRAME_INTERFACE_opOPNUM.wbemdata" */
static gboolean
is_object_of (const char *name, JsonObject *call)
{
  g_autofree char *mark = g_strdup_printf ("_f%d_%s_op%d", (int) json_object_get_int_member (call, "frame"),
                                           json_object_get_string_member (call, "name"),
                                           (int) json_object_get_int_member (call, "opnum"));
  const char *at = strstr (name, mark);

  if (at == NULL)
    return FALSE;
  at += strlen (mark);
  if (strcmp (at, ".wbemdata") == 0)
    return TRUE;
  return at[0] == '_' && g_str_has_prefix (at + 1, json_object_get_string_member (call, "kind"))
         && g_str_has_suffix (at, ".wmio");
}

GBytes *
vectors_object_of (JsonObject *call)
{
  g_autofree char *folder = vectors_path ("wmio_real");
  g_autoptr (GDir) files = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (files != NULL && (name = g_dir_read_name (files)))
    if (is_object_of (name, call))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        g_autoptr (GError) error = NULL;
        char *bytes;
        gsize length;

        g_file_get_contents (path, &bytes, &length, &error);
        g_assert_no_error (error);
        return g_bytes_new_take (bytes, length);
      }
  return NULL;
}
