/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-check-script.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "diagnosis/roll-check-resource.h"
#include "status/roll-resource.h"

#define MAX_RESULTS 500
#define MAX_DEPTH 16 /* the parser is recursive */
#define MAX_WHAT 300 /* bytes */

char *
roll_check_script_text (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (roll_resource_get (roll_check_get_resource),
                                                     "/io/github/rollcall/Rollcall/check-target.ps1",
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert (bytes != NULL);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", -1);
  return g_strjoinv ("\r\n", lines);
}

/* --- Reading -------------------------------------------------------------------------------------------- */

static char *
set_bad (GError **error, const char *why)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("This is not what the check script prints: %s. Run it again on the target and give the whole file."), why);
  return NULL;
}

/* With ">" Windows PowerShell writes UTF-16 with a byte order mark. (transfer full) (nullable) */
static char *
to_utf8 (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  char *text;

  if (length >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0))
    return g_convert (data + 2, (gssize) length - 2, "UTF-8", data[0] == '\xff' ? "UTF-16LE" : "UTF-16BE", NULL, NULL, NULL);
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      length -= 3;
    }
  if (data == NULL || !g_utf8_validate_len (data, length, NULL))
    return NULL;
  text = g_strndup (data, length);
  return text;
}

/* How deep brackets stand in brackets, those in texts not counted. */
static guint
depth_of (const char *text)
{
  guint depth = 0, deepest = 0;
  gboolean quoted = FALSE;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (quoted && *p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"')
        quoted = !quoted;
      else if (!quoted && (*p == '[' || *p == '{'))
        deepest = MAX (deepest, ++depth);
      else if (!quoted && (*p == ']' || *p == '}') && depth > 0)
        depth--;
    }
  return deepest;
}

/* (nullable): a member that is a text */
static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  return json_node_get_string (node);
}

static const char *
get_found (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "found");

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return "unknown";
  return json_node_get_boolean (node) ? "yes" : "no";
}

static void
add_result (GString *detail, JsonObject *object, GHashTable *seen)
{
  const char *id = get_text (object, "cause");
  const RollCause *cause = id != NULL ? roll_causes_find (id, NULL) : NULL;
  const char *what = get_text (object, "what");
  g_autofree char *short_what = NULL;
  g_autofree char *escaped = NULL;

  if (cause == NULL || !g_hash_table_add (seen, (gpointer) cause->id))
    return;
  short_what = g_strndup (what != NULL ? what : "", MAX_WHAT);
  g_autofree char *valid = g_utf8_make_valid (short_what, -1);
  escaped = g_uri_escape_string (valid, NULL, FALSE);
  g_string_append_printf (detail, "%s%s=%s:%s", detail->len > 0 ? " " : "", cause->id, get_found (object), escaped);
}

/* "PC17" and "pc17.corp.example" are the same computer. */
static gboolean
is_named (const char *name, const char *other)
{
  gsize length = strcspn (other, ".");

  return strlen (name) == length && g_ascii_strncasecmp (name, other, length) == 0;
}

static gboolean
is_of (const RollComputer *computer, const char *name)
{
  RollAddress address;

  if (computer == NULL || name == NULL)
    return TRUE;
  if (computer->facts != NULL && computer->facts->computer_name != NULL)
    return is_named (name, computer->facts->computer_name);
  return roll_address_parse (computer->target, &address) || is_named (name, computer->target);
}

static char *
take_results (JsonArray *array, GError **error)
{
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = MIN (json_array_get_length (array), MAX_RESULTS);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_result (detail, json_node_get_object (node), seen);
    }
  if (detail->len == 0)
    return set_bad (error, _("there is no result in it"));
  return g_string_free (g_steal_pointer (&detail), FALSE);
}

static char *
take_report (JsonNode *root, const RollComputer *computer, GError **error)
{
  JsonObject *report = root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *version = report != NULL ? json_object_get_member (report, "rollcall-check") : NULL;
  JsonNode *results = report != NULL ? json_object_get_member (report, "results") : NULL;
  const char *name;

  if (version == NULL || !JSON_NODE_HOLDS_VALUE (version) || json_node_get_value_type (version) != G_TYPE_INT64
      || json_node_get_int (version) != 1)
    return set_bad (error, _("it does not begin as it should, or is of a newer version"));
  if (results == NULL || !JSON_NODE_HOLDS_ARRAY (results))
    return set_bad (error, _("there is no result in it"));
  name = get_text (report, "computer");
  if (!is_of (computer, name))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("The script was run on “%s”, which is not %s. Give it to that computer instead."), name, computer->target);
      return NULL;
    }
  return take_results (json_node_get_array (results), error);
}

char *
roll_check_parse (GBytes *bytes, const RollComputer *computer, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *text = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  if (g_bytes_get_size (bytes) > ROLL_CHECK_MAX)
    return set_bad (error, _("it is larger than a megabyte"));
  text = to_utf8 (bytes);
  if (text == NULL)
    return set_bad (error, _("it is neither UTF-8 nor UTF-16"));
  if (depth_of (text) > MAX_DEPTH || !json_parser_load_from_data (parser, text, -1, NULL))
    return set_bad (error, _("it is not JSON"));
  return take_report (json_parser_get_root (parser), computer, error);
}

/* --- Evidence ------------------------------------------------------------------------------------------- */

static void
result_free (gpointer data)
{
  RollCheckResult *result = data;

  g_free (result->what);
  g_free (result);
}

static RollCheckResult *
parse_result (const char *fact)
{
  g_auto (GStrv) parts = g_strsplit_set (fact, "=:", 3);
  const RollCause *cause = g_strv_length (parts) == 3 ? roll_causes_find (parts[0], NULL) : NULL;
  RollCheckResult *result;

  if (cause == NULL)
    return NULL;
  result = g_new0 (RollCheckResult, 1);
  result->cause = cause;
  result->found = g_str_equal (parts[1], "yes") ? ROLL_TRUTH_YES : g_str_equal (parts[1], "no") ? ROLL_TRUTH_NO : ROLL_TRUTH_UNKNOWN;
  result->what = g_uri_unescape_string (parts[2], NULL);
  if (result->what == NULL || !g_utf8_validate (result->what, -1, NULL))
    {
      g_free (result->what);
      result->what = g_strdup ("");
    }
  return result;
}

GPtrArray *
roll_check_results (const char *detail)
{
  GPtrArray *results = g_ptr_array_new_with_free_func (result_free);
  g_auto (GStrv) facts = g_strsplit (detail != NULL ? detail : "", " ", MAX_RESULTS);

  for (guint i = 0; facts[i] != NULL; i++)
    {
      RollCheckResult *result = parse_result (facts[i]);

      if (result != NULL)
        g_ptr_array_add (results, result);
    }
  return results;
}

void
roll_check_apply (const char *detail, GPtrArray *ranked)
{
  static RollEvidenceHint hints[2] = {
    { .text = N_("The check script found it on the target."), .strength = ROLL_STRENGTH_DECISIVE, .raises = TRUE },
    { .text = N_("The check script looked for it on the target and did not find it."), .strength = ROLL_STRENGTH_DECISIVE },
  };
  static gsize translated = 0;
  g_autoptr (GPtrArray) results = roll_check_results (detail);

  if (g_once_init_enter (&translated))
    {
      for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
        hints[i].text = _(hints[i].text);
      g_once_init_leave (&translated, 1);
    }
  for (guint i = 0; i < results->len; i++)
    {
      const RollCheckResult *result = g_ptr_array_index (results, i);

      if (result->found != ROLL_TRUTH_UNKNOWN)
        roll_causes_add_evidence (ranked, result->cause->id, &hints[result->found == ROLL_TRUTH_YES ? 0 : 1]);
    }
}
