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
