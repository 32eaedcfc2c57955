/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-collect.h"

#include <string.h>

#define WBEM_E_INVALID_QUERY 0x80041017
/* Subkeys whose values are asked for at once. */
#define KEYS_AT_ONCE 32

/* Rows being gathered. */
typedef struct
{
  const RollCollector *collector;
  RollRowSet *rows;
  gsize *room;
  gboolean too_much;
  RollWmiClass *klass; /* (nullable): of the last object */
  int *places;         /* (nullable): where in it each column is; -1: nowhere */
  RollCimValue *values; /* (nullable): of the row at hand, which takes them over */
} Gathering;

/* What a small block of memory takes beside its content, on average. */
#define BLOCK_SIZE 24

static gsize
size_of (const RollCimValue *value)
{
  gsize size = sizeof *value;

  if (value->null || value->type == ROLL_CIM_NONE)
    return size;
  if (value->type & ROLL_CIM_ARRAY)
    for (guint i = 0; i < value->array->n; i++)
      size += size_of (&value->array->items[i]);
  else if (value->type == ROLL_CIM_STRING || value->type == ROLL_CIM_DATETIME || value->type == ROLL_CIM_REFERENCE)
    size += strlen (value->text) + BLOCK_SIZE;
  return size;
}

/* @values: taken over */
static gboolean
take_row (Gathering *gathering, RollCimValue *values, guint n_values)
{
  gsize size = 0;

  for (guint i = 0; i < n_values; i++)
    size += size_of (&values[i]);
  if (size > *gathering->room)
    {
      gathering->too_much = TRUE;
      for (guint i = 0; i < n_values; i++)
        roll_cim_value_clear (&values[i]);
      return FALSE;
    }
  *gathering->room -= size;
  roll_row_set_take (gathering->rows, values);
  return TRUE;
}

static RollRowSet *
finish (Gathering *gathering, gboolean ok, GError **error)
{
  g_clear_pointer (&gathering->klass, roll_wmi_class_unref);
  g_clear_pointer (&gathering->places, g_free);
  g_clear_pointer (&gathering->values, g_free);
  if (!gathering->too_much && ok)
    return g_steal_pointer (&gathering->rows);
  if (gathering->too_much)
    {
      g_clear_error (error);
      roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                          ROLL_SAID_BY_PEER, "more rows of %s than any computer has", gathering->collector->id);
    }
  g_clear_pointer (&gathering->rows, roll_row_set_free);
  return NULL;
}

/* --- Queries ---------------------------------------------------------------------------------------------------- */

/* All rows of an answer are of one class: names are looked for once. */
static void
find_places (Gathering *gathering, RollWmiClass *klass)
{
  const RollCollector *collector = gathering->collector;

  if (klass == gathering->klass)
    return;
  g_clear_pointer (&gathering->klass, roll_wmi_class_unref);
  gathering->klass = roll_wmi_class_ref (klass);
  gathering->places = g_renew (int, gathering->places, collector->n_properties);
  gathering->values = g_renew (RollCimValue, gathering->values, collector->n_properties);
  for (guint i = 0; i < collector->n_properties; i++)
    gathering->places[i] = roll_wmi_class_find_property (klass, collector->properties[i].name);
}

static gboolean
take_object (RollWmiObject *object, gpointer user_data)
{
  Gathering *gathering = user_data;
  guint n = gathering->collector->n_properties;

  find_places (gathering, roll_wmi_object_get_class (object));
  for (guint i = 0; i < n; i++)
    {
      gathering->values[i] = (RollCimValue) { 0 };
      if (gathering->places[i] >= 0)
        roll_wmi_object_take_out (object, (guint) gathering->places[i], &gathering->values[i]);
    }
  return take_row (gathering, gathering->values, n);
}

static gboolean
is_invalid_query (const GError *error)
{
  RollErrorNumber number = roll_rpc_error_get_number (error);

  return number.space == ROLL_ERROR_SPACE_HRESULT && number.number == WBEM_E_INVALID_QUERY;
}

RollRowSet *
roll_collect_query (RollWmi *wmi, const RollCollector *collector, gsize *inout_room, GError **error)
{
  Gathering gathering = { .collector = collector, .rows = roll_row_set_new (collector->columns), .room = inout_room };
  g_autofree char *query = roll_collector_query (collector);
  g_autoptr (GError) refusal = NULL;
  gboolean ok;

  ok = roll_wmi_query (wmi, query, collector->few, take_object, &gathering, &refusal);
  if (!ok && is_invalid_query (refusal))
    {
      g_autofree char *everything = roll_collector_query_all (collector);

      g_clear_error (&refusal);
      ok = roll_wmi_query (wmi, everything, collector->few, take_object, &gathering, &refusal);
    }
  if (refusal != NULL)
    g_propagate_error (error, g_steal_pointer (&refusal));
  return finish (&gathering, ok, error);
}

/* --- The registry ----------------------------------------------------------------------------------------------- */

static gboolean
is_there (const RollCimValue *value)
{
  return value->type != ROLL_CIM_NONE && !value->null && (value->type != ROLL_CIM_STRING || *value->text != '\0');
}

/* The values of one key. */
static gboolean
take_key (Gathering *gathering, const char *key, RollRegistryValue *values)
{
  const RollCollector *collector = gathering->collector;
  guint n = collector->n_properties;
  g_autofree RollCimValue *row = g_new0 (RollCimValue, n + 1);
  gboolean wanted = collector->require == NULL;

  for (guint i = 0; i < n && !wanted; i++)
    wanted = is_there (&values[i].value) && g_strcmp0 (collector->properties[i].name, collector->require) == 0;
  if (!wanted)
    return TRUE;
  row[0] = (RollCimValue) { .type = ROLL_CIM_STRING, .text = g_strdup (key) };
  for (guint i = 0; i < n; i++)
    {
      row[i + 1] = values[i].value;
      values[i].value = (RollCimValue) { 0 };
    }
  return take_row (gathering, row, n + 1);
}

static gboolean
read_keys (Gathering *gathering, RollRegistry *registry, char **keys, guint n_keys, GError **error)
{
  guint n_properties = gathering->collector->n_properties;
  guint n = n_keys * n_properties;
  g_autofree RollRegistryValue *values = g_new0 (RollRegistryValue, n);
  g_autoptr (GPtrArray) below = g_ptr_array_new_with_free_func (g_free);
  gboolean ok;

  for (guint i = 0; i < n; i++)
    {
      const RollCollectorProperty *property = &gathering->collector->properties[i % n_properties];

      values[i].key = keys[i / n_properties];
      values[i].name = property->name;
      values[i].type = property->type;
      if (property->subkey == NULL)
        continue;
      g_ptr_array_add (below, g_strconcat (values[i].key, "\\", property->subkey, NULL));
      values[i].key = g_ptr_array_index (below, below->len - 1);
    }
  ok = roll_registry_get_values (registry, values, n, error);
  for (guint i = 0; ok && i < n_keys; i++)
    ok = take_key (gathering, keys[i], values + i * n_properties);
  for (guint i = 0; i < n; i++)
    roll_cim_value_clear (&values[i].value);
  return ok;
}

static char **
full_names (const char *key, char **names, guint n)
{
  char **keys = g_new0 (char *, n + 1);

  for (guint i = 0; i < n; i++)
    keys[i] = g_strconcat (key, "\\", names[i], NULL);
  return keys;
}

static gboolean
read_subkeys (Gathering *gathering, RollRegistry *registry, const char *key, GError **error)
{
  g_auto (GStrv) names = roll_registry_enum_keys (registry, key, error);
  guint n_names;

  if (names == NULL)
    return FALSE;
  n_names = g_strv_length (names);
  for (guint i = 0; i < n_names; i += KEYS_AT_ONCE)
    {
      guint n = MIN (KEYS_AT_ONCE, n_names - i);
      g_auto (GStrv) keys = full_names (key, names + i, n);

      if (!read_keys (gathering, registry, keys, n, error))
        return FALSE;
    }
  return TRUE;
}

RollRowSet *
roll_collect_registry (RollRegistry *registry, const RollCollector *collector, gsize *inout_room, GError **error)
{
  Gathering gathering = { .collector = collector, .rows = roll_row_set_new (collector->columns), .room = inout_room };
  gboolean ok = TRUE;

  for (guint i = 0; ok && collector->keys[i] != NULL; i++)
    ok = collector->kind == ROLL_COLLECTOR_SUBKEYS
             ? read_subkeys (&gathering, registry, collector->keys[i], error)
             : read_keys (&gathering, registry, (char **) &collector->keys[i], 1, error);
  return finish (&gathering, ok, error);
}

/* --- Facts ------------------------------------------------------------------------------------------------------ */

static gboolean
is_number (const RollCimValue *value)
{
  return value->type == ROLL_CIM_SINT16 || value->type == ROLL_CIM_SINT32
         || (value->type >= ROLL_CIM_SINT8 && value->type <= ROLL_CIM_UINT64);
}

static void
set_fact (const RollRowSet *rows, guint column, const char *fact, RollFacts *facts)
{
  guint n_rows = roll_row_set_get_n_rows (rows);

  for (guint row = 0; row < n_rows; row++)
    {
      const RollCimValue *value = roll_row_set_get (rows, row, column);
      g_autofree char *text = NULL;

      if (value->null || value->type == ROLL_CIM_NONE)
        continue;
      text = roll_cim_value_to_text (value);
      if (*text == '\0')
        continue;
      roll_facts_set (facts, fact, text);
      if (!is_number (value))
        return;
    }
}

void
roll_collect_facts (const RollCollector *collector, const RollRowSet *rows, RollFacts *facts)
{
  guint first = collector->kind == ROLL_COLLECTOR_QUERY ? 0 : 1; /* behind the key */

  for (guint i = 0; i < collector->n_properties; i++)
    if (collector->properties[i].fact != NULL)
      set_fact (rows, first + i, collector->properties[i].fact, facts);
}
