/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-catalogue.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#include "lab/roll-lab-practice-resource.h"
#include "status/roll-resource.h"

#define RESOURCE "/io/github/rollcall/Rollcall/practice.txt"

typedef struct
{
  char *text;          /* of the file; what follows points into it */
  GHashTable *lists;   /* name to GPtrArray of fields, (element-type GStrv) */
  GHashTable *classes; /* "0:win32_bios" to RollLabTable */
  GPtrArray *keys;     /* (element-type RollLabTable) */
  GPtrArray *list;     /* that is being read */
  RollLabTable *table; /* that is being read */
} Catalogue;

static const struct
{
  const char *name;
  guint16 type;
} types[] = {
  { "boolean", ROLL_CIM_BOOLEAN }, { "datetime", ROLL_CIM_DATETIME }, { "object", ROLL_CIM_OBJECT },
  { "real32", ROLL_CIM_REAL32 },   { "real64", ROLL_CIM_REAL64 },     { "sint16", ROLL_CIM_SINT16 },
  { "sint32", ROLL_CIM_SINT32 },   { "sint64", ROLL_CIM_SINT64 },     { "sint8", ROLL_CIM_SINT8 },
  { "string", ROLL_CIM_STRING },   { "uint16", ROLL_CIM_UINT16 },     { "uint32", ROLL_CIM_UINT32 },
  { "uint64", ROLL_CIM_UINT64 },   { "uint8", ROLL_CIM_UINT8 },
};

/* --- Reading the file ------------------------------------------------------------------------------------------------ */

static guint16
type_of (char *word)
{
  gsize length = strlen (word);
  gboolean array = g_str_has_suffix (word, "[]");

  if (array)
    word[length - 2] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].name, word) == 0)
      return types[i].type | (array ? ROLL_CIM_ARRAY : 0);
  return ROLL_CIM_NONE;
}

static char *
class_key (guint namespace_, const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strdup_printf ("%u:%s", namespace_, lower);
}

static const RollLabTemplate *
parse_template (const char *text, const char **ret_problem)
{
  const char *problem;
  RollLabTemplate *template = roll_lab_template_parse (text, &problem);

  if (template == NULL)
    *ret_problem = problem;
  return template;
}

static RollLabTable *
new_table (const char *name)
{
  RollLabTable *table = g_new0 (RollLabTable, 1);

  table->name = name;
  table->superclass = "";
  table->properties = g_array_new (FALSE, TRUE, sizeof (RollLabProperty));
  return table;
}

/* "list NAME", "class NAMESPACE NAME [SUPERCLASS]", "key PATH" */
static const char *
take_heading (Catalogue *self, char *line)
{
  char *rest = strchr (line, ' ');

  self->list = NULL;
  self->table = NULL;
  if (rest == NULL)
    return "a heading without a name";
  *rest++ = '\0';
  if (strcmp (line, "list") == 0)
    {
      self->list = g_ptr_array_new ();
      g_hash_table_insert (self->lists, rest, self->list);
    }
  else if (strcmp (line, "key") == 0)
    {
      self->table = new_table (rest);
      g_ptr_array_add (self->keys, self->table);
    }
  else if (strcmp (line, "class") == 0)
    {
      g_auto (GStrv) words = g_strsplit (rest, " ", 3);

      if (g_strv_length (words) < 2)
        return "a class without a name";
      self->table = new_table (g_intern_string (words[1]));
      self->table->namespace_ = (guint) strtoul (words[0], NULL, 10);
      self->table->superclass = words[2] != NULL ? g_intern_string (words[2]) : "";
      g_hash_table_insert (self->classes, class_key (self->table->namespace_, words[1]), self->table);
    }
  else
    return "no such heading";
  return NULL;
}

/* ".rows TEMPLATE", ".subkey TEMPLATE", ".list NAME", ".only KIND", ".since BUILD" */
static const char *
take_option (Catalogue *self, char *line)
{
  char *rest = strchr (line, ' ');
  const char *problem = NULL;

  if (rest == NULL)
    return "an option without a value";
  *rest++ = '\0';
  if (strcmp (line, ".rows") == 0)
    self->table->rows = parse_template (rest, &problem);
  else if (strcmp (line, ".subkey") == 0)
    self->table->subkey = parse_template (rest, &problem);
  else if (strcmp (line, ".list") == 0)
    self->table->list = rest;
  else if (strcmp (line, ".only") == 0)
    self->table->only = rest;
  else if (strcmp (line, ".since") == 0)
    self->table->since = (guint) strtoul (rest, NULL, 10);
  else
    return "no such option";
  return problem;
}

/* "TYPE NAME = TEMPLATE", "TYPE *NAME = TEMPLATE" for a key */
static const char *
take_property (Catalogue *self, char *line)
{
  char *name = strchr (line, ' '), *equals = strstr (line, " = ");
  const char *problem = NULL;
  RollLabProperty property = { 0 };

  if (name == NULL || equals == NULL || name >= equals)
    return "not TYPE NAME = VALUE";
  *name++ = '\0';
  *equals = '\0';
  property.key = *name == '*';
  property.name = name + property.key;
  name = strchr (name, '@');
  if (name != NULL)
    {
      *name++ = '\0';
      property.since = (guint) strtoul (name, NULL, 10);
    }
  property.type = type_of (line);
  property.value = parse_template (equals + 3, &problem);
  g_array_append_val (self->table->properties, property);
  return property.type == ROLL_CIM_NONE ? "no such type" : problem;
}

static void
take_fields (Catalogue *self, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "|", -1);

  for (guint i = 0; fields[i] != NULL; i++)
    g_strstrip (fields[i]);
  g_ptr_array_add (self->list, g_steal_pointer (&fields));
}

static const char *
take_line (Catalogue *self, char *line)
{
  gboolean indented = g_str_has_prefix (line, "  ");

  g_strchomp (line);
  if (*line == '\0' || *line == '#')
    return NULL;
  if (!indented)
    return take_heading (self, line);
  if (self->list != NULL)
    take_fields (self, line);
  else if (self->table == NULL)
    return "a line under no heading";
  else if (line[2] == '.')
    return take_option (self, line + 2);
  else
    return take_property (self, line + 2);
  return NULL;
}

/* The file is part of the program: a mistake in it is one of whoever edited it. */
static Catalogue *
read_catalogue (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (roll_resource_get (roll_lab_practice_get_resource), RESOURCE,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  Catalogue *self = g_new0 (Catalogue, 1);
  char *next;
  guint number = 0;

  g_assert (bytes != NULL);
  self->text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  self->lists = g_hash_table_new (g_str_hash, g_str_equal);
  self->classes = g_hash_table_new (g_str_hash, g_str_equal);
  self->keys = g_ptr_array_new ();
  for (char *line = self->text; line != NULL; line = next)
    {
      const char *problem;

      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      number++;
      problem = take_line (self, line);
      if (problem != NULL)
        g_error ("practice.txt, line %u: %s", number, problem);
    }
  return self;
}

static const Catalogue *
catalogue (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, (gsize) read_catalogue ());
  return (const Catalogue *) once;
}

/* --- Lists ------------------------------------------------------------------------------------------------------------- */

static const GPtrArray *
find_list (const char *list)
{
  return list != NULL ? g_hash_table_lookup (catalogue ()->lists, list) : NULL;
}

guint
roll_lab_list_length (const char *list)
{
  const GPtrArray *found = find_list (list);

  return found != NULL ? MAX (found->len, 1) : 1;
}

const char *
roll_lab_list_get (const char *list, guint row, guint field)
{
  const GPtrArray *found = find_list (list);
  char **fields;

  if (found == NULL || found->len == 0)
    return "";
  fields = found->pdata[row % found->len];
  return field < g_strv_length (fields) ? fields[field] : "";
}

/* --- Tables ------------------------------------------------------------------------------------------------------------ */

const RollLabTable *
roll_lab_catalogue_find_class (guint namespace_, const char *name)
{
  g_autofree char *key = class_key (namespace_, name);

  return g_hash_table_lookup (catalogue ()->classes, key);
}

const GPtrArray *
roll_lab_catalogue_keys (void)
{
  return catalogue ()->keys;
}

gboolean
roll_lab_table_is_on (const RollLabTable *table, const RollLabMachine *machine)
{
  if (machine->build < table->since)
    return FALSE;
  if (table->only == NULL)
    return TRUE;
  if (strcmp (table->only, "server") == 0)
    return machine->server;
  if (strcmp (table->only, "client") == 0)
    return !machine->server;
  if (strcmp (table->only, "virtual") == 0)
    return *roll_lab_list_get ("hardware", machine->hardware, 5) != '\0';
  return strstr (machine->computer->name, table->only) != NULL;
}

static RollLabScene
scene_of (const RollLabTable *table, const RollLabMachine *machine, const char *name, guint row)
{
  return (RollLabScene) { .machine = machine, .list = table->list, .name = name, .row = row };
}

guint
roll_lab_table_count (const RollLabTable *table, const RollLabMachine *machine)
{
  const RollLabScene scene = scene_of (table, machine, table->name, 0);
  g_autoptr (GString) text = g_string_new (NULL);

  if (!roll_lab_table_is_on (table, machine))
    return 0;
  if (table->rows == NULL)
    return table->list != NULL ? roll_lab_list_length (table->list) : 1;
  roll_lab_template_expand (table->rows, &scene, text);
  return (guint) strtoul (text->str, NULL, 10);
}

char *
roll_lab_table_subkey (const RollLabTable *table, const RollLabMachine *machine, guint row)
{
  const RollLabScene scene = scene_of (table, machine, table->name, row);
  GString *text = g_string_new (NULL);

  roll_lab_template_expand (table->subkey, &scene, text);
  return g_string_free (text, FALSE);
}

static void
set_scalar (const char *text, guint16 type, RollCimValue *ret_value)
{
  ret_value->type = type;
  switch (type)
    {
    case ROLL_CIM_STRING:
    case ROLL_CIM_DATETIME:
      ret_value->text = g_strdup (text);
      break;
    case ROLL_CIM_BOOLEAN:
      ret_value->sint = g_ascii_strcasecmp (text, "true") == 0;
      break;
    case ROLL_CIM_REAL32:
    case ROLL_CIM_REAL64:
      ret_value->real = g_ascii_strtod (text, NULL);
      break;
    case ROLL_CIM_UINT8:
    case ROLL_CIM_UINT16:
    case ROLL_CIM_UINT32:
    case ROLL_CIM_UINT64:
      ret_value->uint = g_ascii_strtoull (text, NULL, 0);
      break;
    default:
      ret_value->sint = g_ascii_strtoll (text, NULL, 0);
    }
}

/* Elements of an array are separated by semicolons. */
static void
set_array (const char *text, guint16 type, RollCimValue *ret_value)
{
  g_auto (GStrv) words = g_strsplit (text, ";", -1);
  guint n = g_strv_length (words);

  ret_value->type = type;
  ret_value->array = g_new0 (RollCimArray, 1);
  ret_value->array->n = n;
  ret_value->array->items = g_new0 (RollCimValue, n);
  for (guint i = 0; i < n; i++)
    set_scalar (g_strstrip (words[i]), type & ~ROLL_CIM_ARRAY, &ret_value->array->items[i]);
}

void
roll_lab_table_get (const RollLabTable *table, const RollLabMachine *machine, guint row, guint property,
                    RollCimValue *ret_value)
{
  const RollLabProperty *found = &g_array_index (table->properties, RollLabProperty, property);
  const RollLabScene scene = scene_of (table, machine, found->name, row);
  g_autoptr (GString) text = g_string_new (NULL);

  *ret_value = (RollCimValue) { .type = found->type, .null = TRUE };
  if (!roll_lab_template_expand (found->value, &scene, text) || strcmp (text->str, "NULL") == 0)
    return;
  ret_value->null = FALSE;
  if ((found->type & ROLL_CIM_ARRAY) != 0)
    set_array (text->str, found->type, ret_value);
  else
    set_scalar (text->str, found->type, ret_value);
}
