/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-cim.h"
#include "inventory/roll-collectors-private.h"
#include "inventory/roll-facts.h"
#include "status/roll-markup.h"

#define ID_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

/* What is being put together while the file is read. */
typedef struct
{
  RollMarkup markup;
  RollCollectorList *list;
  RollCollectorGroup group; /* its collectors are pointed to when all are there */
  RollCollector collector;
  RollCollectorProperty property;
  GArray *properties; /* (element-type RollCollectorProperty) */
  GPtrArray *keys;
} Parser;

static const char *
keep (Parser *parser, const char *text)
{
  return text != NULL ? g_string_chunk_insert_const (parser->list->texts, text) : NULL;
}

static gboolean
check_id (Parser *parser, const char *id, GError **error)
{
  const GArray *collectors = parser->list->collectors, *groups = parser->list->groups;
  gboolean known = FALSE;

  if (*id == '\0' || id[strspn (id, ID_CHARACTERS)] != '\0')
    return roll_markup_fail (error, "“%s” is no id: letters, digits, “_” and “-”", id);
  for (guint i = 0; i < collectors->len; i++)
    known |= g_ascii_strcasecmp (g_array_index (collectors, RollCollector, i).id, id) == 0;
  for (guint i = 0; i < groups->len; i++)
    known |= g_ascii_strcasecmp (g_array_index (groups, RollCollectorGroup, i).id, id) == 0;
  return !known || roll_markup_fail (error, "the id “%s” is there twice", id);
}

/* --- Groups --------------------------------------------------------------------------------------------- */

static gboolean
start_group (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *id;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "id", &id,
                                    G_MARKUP_COLLECT_INVALID) ||
      !check_id (parser, id, error))
    return FALSE;
  parser->group = (RollCollectorGroup) { .id = keep (parser, id) };
  return TRUE;
}

/* One that bears its group's id must mean the same. */
static gboolean
end_group (Parser *parser, const char *element, GError **error)
{
  const GArray *collectors = parser->list->collectors;
  RollCollectorGroup *group = &parser->group;

  if (group->label == NULL || group->n_collectors == 0)
    return roll_markup_fail (error, "“%s” needs a <label> and something to collect", group->id);
  for (guint i = 0; group->n_collectors > 1 && i < group->n_collectors; i++)
    if (g_ascii_strcasecmp (g_array_index (collectors, RollCollector, collectors->len - 1 - i).id, group->id) == 0)
      return roll_markup_fail (error, "“%s” is the id of a group and of one of several in it", group->id);
  g_array_append_val (parser->list->groups, *group);
  return TRUE;
}

/* --- Collectors ----------------------------------------------------------------------------------------- */

static gboolean
begin_collector (Parser *parser, const char *id, GError **error)
{
  parser->collector = (RollCollector) { .id = keep (parser, id) };
  return check_id (parser, id, error);
}

/* Or it is not there. */
static gboolean
is_yes (const char *name, const char *text, GError **error)
{
  return text == NULL || strcmp (text, "yes") == 0
         || roll_markup_fail (error, "%s is “yes” or not there, not “%s”", name, text);
}

static gboolean
start_query (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *namespace_, *filter, *optional, *few;
  RollCollector *collector = &parser->collector;

  if (!g_markup_collect_attributes (
          element, names, values, error, G_MARKUP_COLLECT_STRING, "id", &id,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "namespace", &namespace_,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "filter", &filter,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "optional", &optional,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "few", &few, G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (!begin_collector (parser, id, error))
    return FALSE;
  if (!is_yes ("optional", optional, error) || !is_yes ("few", few, error))
    return FALSE;
  collector->kind = ROLL_COLLECTOR_QUERY;
  collector->namespace_ = keep (parser, namespace_ != NULL ? namespace_ : "root/cimv2");
  collector->class_name = collector->id;
  collector->filter = keep (parser, filter);
  collector->optional = optional != NULL;
  collector->few = few != NULL;
  return TRUE;
}

static gboolean
start_registry (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *rows, *require;
  RollCollector *collector = &parser->collector;

  if (!g_markup_collect_attributes (
          element, names, values, error, G_MARKUP_COLLECT_STRING, "id", &id, G_MARKUP_COLLECT_STRING, "rows", &rows,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "require", &require, G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (!begin_collector (parser, id, error))
    return FALSE;
  if (strcmp (rows, "values") != 0 && strcmp (rows, "subkeys") != 0)
    return roll_markup_fail (error, "rows is “values” or “subkeys”, not “%s”", rows);
  collector->kind = *rows == 'v' ? ROLL_COLLECTOR_KEY : ROLL_COLLECTOR_SUBKEYS;
  collector->namespace_ = "root/default";
  collector->class_name = "StdRegProv";
  collector->require = keep (parser, require);
  return TRUE;
}

static gboolean
has_property (Parser *parser, const char *name)
{
  for (guint i = 0; i < parser->properties->len; i++)
    if (g_ascii_strcasecmp (g_array_index (parser->properties, RollCollectorProperty, i).name, name) == 0)
      return TRUE;
  return FALSE;
}

static gpointer
keep_block (Parser *parser, gpointer block)
{
  g_ptr_array_add (parser->list->blocks, block);
  return block;
}

static const char *const *
make_columns (Parser *parser)
{
  GPtrArray *columns = g_ptr_array_new ();

  if (parser->collector.kind != ROLL_COLLECTOR_QUERY)
    g_ptr_array_add (columns, (gpointer) "Key");
  for (guint i = 0; i < parser->properties->len; i++)
    g_ptr_array_add (columns, (gpointer) g_array_index (parser->properties, RollCollectorProperty, i).name);
  g_ptr_array_add (columns, NULL);
  return keep_block (parser, g_ptr_array_free (columns, FALSE));
}

static void
take_keys (Parser *parser)
{
  if (parser->keys->len == 0)
    return;
  g_ptr_array_add (parser->keys, NULL);
  parser->collector.keys = keep_block (parser, g_ptr_array_free (parser->keys, FALSE));
  parser->keys = g_ptr_array_new ();
}

static gboolean
end_collector (Parser *parser, const char *element, GError **error)
{
  RollCollector *collector = &parser->collector;

  if (collector->label == NULL || parser->properties->len == 0)
    return roll_markup_fail (error, "“%s” needs a <label> and something to read", collector->id);
  if (collector->kind != ROLL_COLLECTOR_QUERY && parser->keys->len == 0)
    return roll_markup_fail (error, "“%s” has no <key>", collector->id);
  if (collector->require != NULL && !has_property (parser, collector->require))
    return roll_markup_fail (error, "“%s” requires “%s”, which it does not read",
                             collector->id, collector->require);
  collector->columns = make_columns (parser);
  take_keys (parser);
  collector->n_properties = parser->properties->len;
  collector->properties = keep_block (parser, g_array_free (parser->properties, FALSE));
  parser->properties = g_array_new (FALSE, FALSE, sizeof (RollCollectorProperty));
  g_array_append_val (parser->list->collectors, *collector);
  parser->group.n_collectors++;
  return TRUE;
}

/* --- What they hold ------------------------------------------------------------------------------------- */

static gboolean
take_text (Parser *parser, const char *element, const char **ret_text, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (parser->markup.text->str));

  if (*text == '\0')
    return roll_markup_fail (error, "<%s> is empty", element);
  *ret_text = keep (parser, text);
  return TRUE;
}

static gboolean
take_label (Parser *parser, const char *element, const char **ret_label, GError **error)
{
  if (*ret_label != NULL)
    return roll_markup_fail (error, "<%s> is there twice", element);
  return take_text (parser, element, ret_label, error);
}

static gboolean
end_group_label (Parser *parser, const char *element, GError **error)
{
  return take_label (parser, element, &parser->group.label, error);
}

static gboolean
end_label (Parser *parser, const char *element, GError **error)
{
  return take_label (parser, element, &parser->collector.label, error);
}

static gboolean
end_key (Parser *parser, const char *element, GError **error)
{
  const char *key;

  if (!take_text (parser, element, &key, error))
    return FALSE;
  if (g_str_has_prefix (key, "\\") || g_str_has_suffix (key, "\\") || g_str_has_prefix (key, "HKEY_"))
    return roll_markup_fail (error, "“%s” is no key below HKEY_LOCAL_MACHINE", key);
  g_ptr_array_add (parser->keys, (gpointer) key);
  return TRUE;
}

/* Two collectors of one fact would overwrite each other, or be added up. */
static gboolean
is_fact_taken (Parser *parser, const char *fact)
{
  for (guint i = 0; i < parser->properties->len; i++)
    if (g_strcmp0 (g_array_index (parser->properties, RollCollectorProperty, i).fact, fact) == 0)
      return TRUE;
  for (guint i = 0; i < parser->list->collectors->len; i++)
    {
      const RollCollector *collector = &g_array_index (parser->list->collectors, RollCollector, i);

      for (guint j = 0; j < collector->n_properties; j++)
        if (g_strcmp0 (collector->properties[j].fact, fact) == 0)
          return TRUE;
    }
  return FALSE;
}

static gboolean
begin_property (Parser *parser, const char *fact, GError **error)
{
  g_autoptr (RollFacts) scratch = roll_facts_new ();

  parser->property = (RollCollectorProperty) { .fact = keep (parser, fact) };
  if (fact != NULL && !roll_facts_set (scratch, fact, "0"))
    return roll_markup_fail (error, "“%s” is no fact", fact);
  if (fact != NULL && is_fact_taken (parser, fact))
    return roll_markup_fail (error, "the fact “%s” is there twice", fact);
  return TRUE;
}

static gboolean
start_property (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *fact;

  return g_markup_collect_attributes (element, names, values, error,
                                      G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "fact", &fact,
                                      G_MARKUP_COLLECT_INVALID) &&
         begin_property (parser, fact, error);
}

static gboolean
parse_type (const char *text, guint16 *ret_type, GError **error)
{
  static const struct
  {
    const char *text;
    guint16 type;
  } types[] = {
    { "string", ROLL_CIM_STRING },
    { "string[]", ROLL_CIM_STRING | ROLL_CIM_ARRAY },
    { "uint32", ROLL_CIM_UINT32 },
    { "uint64", ROLL_CIM_UINT64 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i].text, text) == 0)
      {
        *ret_type = types[i].type;
        return TRUE;
      }
  return roll_markup_fail (error, "type is “string”, “string[]”, “uint32” or “uint64”, not “%s”", text);
}

static gboolean
start_value (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *type, *subkey, *fact;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "type", &type,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "subkey", &subkey,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "fact", &fact,
                                    G_MARKUP_COLLECT_INVALID) ||
      !begin_property (parser, fact, error))
    return FALSE;
  parser->property.subkey = keep (parser, subkey);
  return parse_type (type, &parser->property.type, error);
}

static gboolean
end_property (Parser *parser, const char *element, GError **error)
{
  RollCollectorProperty *property = &parser->property;

  if (!take_text (parser, element, &property->name, error))
    return FALSE;
  if (has_property (parser, property->name) ||
      (property->type != 0 && g_ascii_strcasecmp (property->name, "Key") == 0))
    return roll_markup_fail (error, "the column “%s” is there twice", property->name);
  /* A name becomes part of the query. */
  if (property->type == 0 && property->name[strspn (property->name, ID_CHARACTERS)] != '\0')
    return roll_markup_fail (error, "“%s” is no name of a property", property->name);
  g_array_append_val (parser->properties, *property);
  return TRUE;
}

/* --- The file ------------------------------------------------------------------------------------------- */

/* The schema: which element may stand where. */
#define ELEMENT(...) ROLL_MARKUP_ELEMENT (Parser, __VA_ARGS__)

static const RollMarkupElement elements[] = {
  ELEMENT ("collectors", NULL, FALSE, NULL, NULL),
  ELEMENT ("group", "collectors", FALSE, start_group, end_group),
  ELEMENT ("label", "group", TRUE, NULL, end_group_label),
  ELEMENT ("query", "group", FALSE, start_query, end_collector),
  ELEMENT ("registry", "group", FALSE, start_registry, end_collector),
  ELEMENT ("label", "query", TRUE, NULL, end_label),
  ELEMENT ("label", "registry", TRUE, NULL, end_label),
  ELEMENT ("property", "query", TRUE, start_property, end_property),
  ELEMENT ("key", "registry", TRUE, NULL, end_key),
  ELEMENT ("value", "registry", TRUE, start_value, end_property),
};

static void
parser_init (Parser *parser)
{
  *parser = (Parser) {
    .list = g_new0 (RollCollectorList, 1),
    .properties = g_array_new (FALSE, FALSE, sizeof (RollCollectorProperty)),
    .keys = g_ptr_array_new (),
  };
  parser->list->collectors = g_array_new (FALSE, FALSE, sizeof (RollCollector));
  parser->list->groups = g_array_new (FALSE, FALSE, sizeof (RollCollectorGroup));
  parser->list->texts = g_string_chunk_new (8 * 1024);
  parser->list->blocks = g_ptr_array_new_with_free_func (g_free);
}

/* The array does not move any more. */
static void
point_to_collectors (RollCollectorList *list)
{
  const RollCollector *next = (const RollCollector *) list->collectors->data;

  for (guint i = 0; i < list->groups->len; i++)
    {
      RollCollectorGroup *group = &g_array_index (list->groups, RollCollectorGroup, i);

      group->collectors = next;
      next += group->n_collectors;
    }
}

/* Returns: (transfer full): the list */
static RollCollectorList *
parser_finish (Parser *parser)
{
  point_to_collectors (parser->list);
  g_array_unref (parser->properties);
  g_ptr_array_unref (parser->keys);
  return parser->list;
}

RollCollectorList *
roll_collectors_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (RollCollectorList) list = NULL;
  Parser parser;
  gboolean good;

  g_return_val_if_fail (data != NULL, NULL);

  parser_init (&parser);
  good = roll_markup_parse (&parser.markup, elements, G_N_ELEMENTS (elements), data, length, error);
  list = parser_finish (&parser);
  return good ? g_steal_pointer (&list) : NULL;
}

void
roll_collector_list_free (RollCollectorList *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->collectors);
  g_array_unref (self->groups);
  g_ptr_array_unref (self->blocks);
  g_string_chunk_free (self->texts);
  g_free (self);
}
