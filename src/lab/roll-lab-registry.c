/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lab/roll-lab-catalogue.h"
#include "lab/roll-lab-query.h"

#define LOCAL_MACHINE 0x80000002u
#define WBEM_E_NOT_FOUND 0x80041002u
#define WBEM_E_INVALID_METHOD 0x8004102eu
#define WBEM_E_INVALID_METHOD_PARAMETERS 0x8004102fu

/* What StdRegProv returns beside its results. */
enum
{
  NO_ERROR = 0,
  NO_SUCH_VALUE = 1,
  NO_SUCH_KEY = 2,
  WRONG_TYPE = (int) 0x80041005u,
};

struct _RollLabRegistryNames
{
  GHashTable *by_table; /* RollLabTable to a GHashTable of lower-case names to row + 1 */
};

RollLabRegistryNames *
roll_lab_registry_names_new (void)
{
  RollLabRegistryNames *self = g_new0 (RollLabRegistryNames, 1);

  self->by_table = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  return self;
}

void
roll_lab_registry_names_free (RollLabRegistryNames *self)
{
  g_hash_table_unref (self->by_table);
  g_free (self);
}

/* --- The class ----------------------------------------------------------------------------------------------------- */

/* The methods that read, with the type of what they return. */
typedef struct
{
  const char *name;
  const char *result;
  guint16 type;
} Method;

static const Method methods[] = {
  { "EnumKey", "sNames", ROLL_CIM_STRING | ROLL_CIM_ARRAY },
  { "EnumValues", "sNames", ROLL_CIM_STRING | ROLL_CIM_ARRAY },
  { "GetStringValue", "sValue", ROLL_CIM_STRING },
  { "GetExpandedStringValue", "sValue", ROLL_CIM_STRING },
  { "GetMultiStringValue", "sValue", ROLL_CIM_STRING | ROLL_CIM_ARRAY },
  { "GetDWORDValue", "uValue", ROLL_CIM_UINT32 },
  { "GetQWORDValue", "uValue", ROLL_CIM_UINT64 },
  { "GetBinaryValue", "uValue", ROLL_CIM_UINT8 | ROLL_CIM_ARRAY },
};

static gboolean
is_enumeration (const Method *method)
{
  return g_str_has_prefix (method->name, "Enum");
}

static RollWmiClass *
make_parameters (const RollWmiPropertySpec *specs, guint n)
{
  RollWmiClass *klass = roll_wmi_class_new ("__PARAMETERS", "", specs, n);

  roll_wmi_class_seal (klass);
  return klass;
}

static RollWmiClass *
in_parameters (const Method *method)
{
  static const RollWmiPropertySpec specs[] = { { "hDefKey", ROLL_CIM_UINT32 },
                                               { "sSubKeyName", ROLL_CIM_STRING },
                                               { "sValueName", ROLL_CIM_STRING } };

  return make_parameters (specs, is_enumeration (method) ? 2 : 3);
}

static RollWmiClass *
out_parameters (const Method *method)
{
  const RollWmiPropertySpec specs[] = { { "ReturnValue", ROLL_CIM_UINT32 },
                                        { method->result, method->type },
                                        { "Types", ROLL_CIM_SINT32 | ROLL_CIM_ARRAY } };

  return make_parameters (specs, strcmp (method->name, "EnumValues") == 0 ? 3 : 2);
}

static RollWmiClass *
make_class (void)
{
  RollWmiClass *klass = roll_wmi_class_new ("StdRegProv", "", NULL, 0);

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    roll_wmi_class_add_method (klass, methods[i].name, in_parameters (&methods[i]),
                               out_parameters (&methods[i]));
  return klass;
}

RollWmiClass *
roll_lab_registry_class (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) make_class ());
  return roll_wmi_class_ref ((RollWmiClass *) once);
}

RollWmiClass *
roll_lab_registry_in_class (const char *method)
{
  g_autoptr (RollWmiClass) klass = roll_lab_registry_class ();
  const RollWmiMethod *found = roll_wmi_class_find_method (klass, method);

  return found != NULL ? found->in : NULL;
}

/* --- Keys ---------------------------------------------------------------------------------------------------------- */

/* Returns: (nullable): what of @path comes behind @key: "" for the key itself, "a\\b" for what is below */
static const char *
below (const char *path, const char *key)
{
  gsize length = strlen (key);

  if (g_ascii_strncasecmp (path, key, length) != 0)
    return NULL;
  if (path[length] == '\\')
    return path + length + 1;
  return path[length] == '\0' ? path + length : NULL;
}

static GHashTable *
names_of (RollLabRegistryNames *self, const RollLabMachine *machine, const RollLabTable *table)
{
  GHashTable *names = g_hash_table_lookup (self->by_table, table);
  guint n = roll_lab_table_count (table, machine);

  if (names != NULL)
    return names;
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint row = 0; row < n; row++)
    {
      g_autofree char *name = roll_lab_table_subkey (table, machine, row);

      g_hash_table_insert (names, g_ascii_strdown (name, -1), GUINT_TO_POINTER (row + 1));
    }
  g_hash_table_insert (self->by_table, (gpointer) table, names);
  return names;
}

/**
 * find_row: which row of @table @path leads to.
 * @ret_rest: what of @path is below the row's key
 */
static gboolean
find_row (RollLabRegistryNames *self, const RollLabMachine *machine, const RollLabTable *table,
          const char *path, guint *ret_row, const char **ret_rest)
{
  const char *rest = below (path, table->name);
  g_autofree char *name = NULL;
  guint found;

  if (rest == NULL || table->subkey == NULL)
    {
      *ret_row = 0;
      *ret_rest = rest;
      return rest != NULL;
    }
  if (*rest == '\0')
    return FALSE;
  name = g_ascii_strdown (rest, (gssize) strcspn (rest, "\\"));
  found = GPOINTER_TO_UINT (g_hash_table_lookup (names_of (self, machine, table), name));
  *ret_row = found - 1;
  *ret_rest = rest[strlen (name)] == '\\' ? rest + strlen (name) + 1 : "";
  return found > 0;
}

/* Adds the first component of @rest once. */
static void
add_component (const char *rest, GHashTable *seen, GPtrArray *ret_names)
{
  char *name = g_strndup (rest, strcspn (rest, "\\"));

  if (g_hash_table_add (seen, g_ascii_strdown (name, -1)))
    g_ptr_array_add (ret_names, name);
  else
    g_free (name);
}

/* Values such as "Setup\\Edition" make keys below their row's. Returns: whether there is such a key */
static gboolean
add_keys_of_values (const RollLabTable *table, const char *rest, GHashTable *seen, GPtrArray *ret_names)
{
  gboolean found = *rest == '\0';

  for (guint i = 0; i < table->properties->len; i++)
    {
      const char *name = g_array_index (table->properties, RollLabProperty, i).name;
      const char *left = *rest == '\0' ? name : below (name, rest);

      found = found || (left != NULL && *left != '\0');
      if (left != NULL && strchr (left, '\\') != NULL)
        add_component (left, seen, ret_names);
    }
  return found;
}

static gboolean
add_keys (RollLabRegistryNames *self, const RollLabMachine *machine, const RollLabTable *table,
          const char *path, GHashTable *seen, GPtrArray *ret_names)
{
  const char *rest;
  guint row, n;

  if (*path == '\0' || ((rest = below (table->name, path)) != NULL && *rest != '\0'))
    add_component (*path == '\0' ? table->name : rest, seen, ret_names);
  else if (find_row (self, machine, table, path, &row, &rest))
    return add_keys_of_values (table, rest, seen, ret_names);
  else if (table->subkey != NULL && g_ascii_strcasecmp (table->name, path) == 0)
    {
      n = roll_lab_table_count (table, machine);
      for (row = 0; row < n; row++)
        {
          g_autofree char *name = roll_lab_table_subkey (table, machine, row);

          add_component (name, seen, ret_names);
        }
    }
  else
    return FALSE;
  return TRUE;
}

gboolean
roll_lab_registry_list_keys (RollLabRegistryNames *self, const RollLabMachine *machine, const char *path,
                             GPtrArray *ret_names)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const GPtrArray *tables = roll_lab_catalogue_keys ();
  gboolean found = FALSE;

  for (guint i = 0; i < tables->len; i++)
    if (roll_lab_table_is_on (tables->pdata[i], machine))
      found = add_keys (self, machine, tables->pdata[i], path, seen, ret_names) || found;
  return found;
}

/* --- Values -------------------------------------------------------------------------------------------------------- */

/* Returns: its place; -1. @rest: the key below the row's, "" for that itself */
static int
find_value (const RollLabTable *table, const char *rest, const char *name)
{
  for (guint i = 0; i < table->properties->len; i++)
    {
      const char *own = g_array_index (table->properties, RollLabProperty, i).name;
      const char *left = *rest == '\0' ? own : below (own, rest);

      if (left != NULL && g_ascii_strcasecmp (left, name) == 0)
        return (int) i;
    }
  return -1;
}

gboolean
roll_lab_registry_get_value (RollLabRegistryNames *self, const RollLabMachine *machine, const char *path,
                             const char *name, RollCimValue *ret_value)
{
  const GPtrArray *tables = roll_lab_catalogue_keys ();

  *ret_value = (RollCimValue) { 0 };
  for (guint i = 0; i < tables->len; i++)
    {
      const RollLabTable *table = tables->pdata[i];
      const char *rest;
      guint row;
      int found = -1;

      if (roll_lab_table_is_on (table, machine) && find_row (self, machine, table, path, &row, &rest))
        found = find_value (table, rest, name);
      if (found < 0)
        continue;
      roll_lab_table_get (table, machine, row, (guint) found, ret_value);
      return !ret_value->null;
    }
  return FALSE;
}

static int
registry_type (guint16 type)
{
  switch (type)
    {
    case ROLL_CIM_UINT32:
      return 4;
    case ROLL_CIM_UINT64:
      return 11;
    case ROLL_CIM_STRING | ROLL_CIM_ARRAY:
      return 7;
    case ROLL_CIM_UINT8 | ROLL_CIM_ARRAY:
      return 3;
    default:
      return 1;
    }
}

static void
list_values (RollLabRegistryNames *self, const RollLabMachine *machine, const char *path,
             GPtrArray *ret_names, GArray *ret_types)
{
  const GPtrArray *tables = roll_lab_catalogue_keys ();

  for (guint i = 0; i < tables->len; i++)
    {
      const RollLabTable *table = tables->pdata[i];
      const char *rest;
      guint row;

      if (!roll_lab_table_is_on (table, machine) || !find_row (self, machine, table, path, &row, &rest))
        continue;
      for (guint j = 0; j < table->properties->len; j++)
        {
          const RollLabProperty *property = &g_array_index (table->properties, RollLabProperty, j);
          g_auto (RollCimValue) value = { 0 };
          const char *name = *rest == '\0' ? property->name : below (property->name, rest);
          int type = registry_type (property->type);

          roll_lab_table_get (table, machine, row, j, &value);
          if (value.null || name == NULL || *name == '\0' || strchr (name, '\\') != NULL)
            continue;
          g_ptr_array_add (ret_names, g_strdup (name));
          g_array_append_val (ret_types, type);
        }
    }
}

/* --- Calls --------------------------------------------------------------------------------------------------------- */

static void
set_texts (RollWmiObject *out, const char *name, const GPtrArray *texts)
{
  g_autofree RollCimValue *items = g_new0 (RollCimValue, texts->len + 1);
  RollCimArray array = { texts->len, items };
  const RollCimValue value = { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY,
                               .null = texts->len == 0,
                               .array = &array };

  for (guint i = 0; i < texts->len; i++)
    items[i] = (RollCimValue) { .type = ROLL_CIM_STRING, .text = texts->pdata[i] };
  roll_wmi_object_set (out, name, &value);
}

static void
set_types (RollWmiObject *out, const GArray *types)
{
  g_autofree RollCimValue *items = g_new0 (RollCimValue, types->len + 1);
  RollCimArray array = { types->len, items };
  const RollCimValue value = { .type = ROLL_CIM_SINT32 | ROLL_CIM_ARRAY,
                               .null = types->len == 0,
                               .array = &array };

  for (guint i = 0; i < types->len; i++)
    items[i] = (RollCimValue) { .type = ROLL_CIM_SINT32, .sint = g_array_index (types, int, i) };
  roll_wmi_object_set (out, "Types", &value);
}

static guint32
enumerate (RollLabRegistryNames *self, const RollLabMachine *machine, const Method *method, const char *path,
           RollWmiObject *out)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (int));

  if (!roll_lab_registry_list_keys (self, machine, path, names))
    return NO_SUCH_KEY;
  if (strcmp (method->name, "EnumKey") != 0)
    {
      g_ptr_array_set_size (names, 0);
      list_values (self, machine, path, names, types);
      set_types (out, types);
    }
  set_texts (out, method->result, names);
  return NO_ERROR;
}

static guint32
read_value (RollLabRegistryNames *self, const RollLabMachine *machine, const Method *method, const char *path,
            const char *name, RollWmiObject *out)
{
  g_auto (RollCimValue) value = { 0 };

  if (!roll_lab_registry_get_value (self, machine, path, name, &value))
    return NO_SUCH_VALUE;
  if (value.type != method->type)
    return (guint32) WRONG_TYPE;
  roll_wmi_object_set (out, method->result, &value);
  return NO_ERROR;
}

static const char *
text_of (RollWmiObject *in, const char *name)
{
  const RollCimValue *value = in != NULL ? roll_wmi_object_get (in, name) : NULL;

  return value != NULL && value->type == ROLL_CIM_STRING && !value->null ? value->text : "";
}

static gboolean
is_local_machine (RollWmiObject *in)
{
  const RollCimValue *value = in != NULL ? roll_wmi_object_get (in, "hDefKey") : NULL;

  return value == NULL || value->null || value->uint == LOCAL_MACHINE;
}

static const Method *
find_method (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_ascii_strcasecmp (methods[i].name, name) == 0)
      return &methods[i];
  return NULL;
}

RollWmiObject *
roll_lab_registry_call (RollLabRegistryNames *self, const RollLabMachine *machine, guint namespace_,
                        const char *path, const char *method, RollWmiObject *in, guint32 *ret_hresult)
{
  const Method *found = find_method (method);
  g_autoptr (RollWmiClass) klass = NULL;
  const char *key;
  RollWmiObject *out;
  guint32 result;

  if (namespace_ != ROLL_LAB_NAMESPACE_DEFAULT || g_ascii_strcasecmp (path, "StdRegProv") != 0)
    *ret_hresult = WBEM_E_NOT_FOUND;
  else if (found == NULL)
    *ret_hresult = WBEM_E_INVALID_METHOD;
  else if (in == NULL)
    *ret_hresult = WBEM_E_INVALID_METHOD_PARAMETERS;
  if (*ret_hresult != 0)
    return NULL;

  klass = roll_lab_registry_class ();
  out = roll_wmi_object_new_instance (roll_wmi_class_find_method (klass, found->name)->out, NULL, NULL);
  key = text_of (in, "sSubKeyName");
  if (!is_local_machine (in))
    result = NO_SUCH_KEY;
  else if (is_enumeration (found))
    result = enumerate (self, machine, found, key, out);
  else
    result = read_value (self, machine, found, key, text_of (in, "sValueName"), out);
  roll_wmi_object_set_uint (out, "ReturnValue", result);
  return out;
}
