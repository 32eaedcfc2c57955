/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-query.h"

#include <string.h>

#include "lab/roll-lab-catalogue.h"
#include "lab/roll-lab-wql.h"

#define WBEM_E_INVALID_CLASS 0x80041010u
#define WBEM_E_INVALID_QUERY 0x80041017u
#define CLASSES_KEPT 256

struct _RollLabQuery
{
  const RollLabMachine *machine;
  guint namespace_;
  RollLabWql *wql;
  const RollLabTable *table;
  RollWmiClass *klass; /* of the rows: the properties that were asked for */
  GArray *selected;    /* (element-type guint): which of the table's properties they are */
  GArray *conditions;  /* likewise, those behind WHERE */
  guint n_rows;
  guint row;
  guint given;
};

/* --- Namespaces ---------------------------------------------------------------------------------------------------- */

static const char *const namespaces[] = { "root\\cimv2", "root\\default", "root\\securitycenter2" };

static const char *const decorations[] = { "ROOT\\CIMV2", "ROOT\\DEFAULT", "ROOT\\SecurityCenter2" };

int
roll_lab_namespace_find (const RollLabMachine *machine, const char *name)
{
  g_autofree char *plain = g_ascii_strdown (name, -1);
  const char *start = g_strdelimit (plain, "/", '\\');

  if (g_str_has_prefix (start, "\\\\") && strchr (start + 2, '\\') != NULL)
    start = strchr (start + 2, '\\') + 1;
  for (guint i = 0; i < G_N_ELEMENTS (namespaces); i++)
    if (strcmp (start, namespaces[i]) == 0)
      return i == ROLL_LAB_NAMESPACE_SECURITY && machine->server ? -1 : (int) i;
  return -1;
}

/* --- Classes ------------------------------------------------------------------------------------------------------- */

/* Older versions of Windows do not know all of them. */
static gboolean
has_property (const RollLabTable *table, const RollLabMachine *machine, guint property)
{
  return g_array_index (table->properties, RollLabProperty, property).since <= machine->build;
}

static int
find_property (const RollLabTable *table, const RollLabMachine *machine, const char *name)
{
  for (guint i = 0; i < table->properties->len; i++)
    if (has_property (table, machine, i)
        && g_ascii_strcasecmp (g_array_index (table->properties, RollLabProperty, i).name, name) == 0)
      return (int) i;
  return -1;
}

static gboolean
contains (const GArray *numbers, guint number)
{
  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, guint, i) == number)
      return TRUE;
  return FALSE;
}

/* FALSE: the class does not have one of them. @once: whatever is named twice stands there once */
static gboolean
find_properties (const RollLabQuery *self, const GPtrArray *names, gboolean once, GArray *ret_found)
{
  for (guint i = 0; i < names->len; i++)
    {
      int found = find_property (self->table, self->machine, names->pdata[i]);

      if (found < 0)
        return FALSE;
      if (!once || !contains (ret_found, (guint) found))
        g_array_append_val (ret_found, found);
    }
  return TRUE;
}

static RollWmiClass *
make_class (const RollLabTable *table, const GArray *selected)
{
  g_autofree RollWmiPropertySpec *specs = g_new0 (RollWmiPropertySpec, selected->len + 1);

  for (guint i = 0; i < selected->len; i++)
    {
      const RollLabProperty *property =
          &g_array_index (table->properties, RollLabProperty, g_array_index (selected, guint, i));

      specs[i] =
          (RollWmiPropertySpec){ .name = property->name, .type = property->type, .key = property->key };
    }
  return roll_wmi_class_new (table->name, table->superclass, specs, selected->len);
}

/* The class of rows with the properties @selected of @table, which is the same on all computers: it is made once. */
static RollWmiClass *
get_class (const RollLabTable *table, const GArray *selected)
{
  static GMutex lock;
  static GHashTable *known; /* GBytes of table and selection to RollWmiClass */
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autoptr (GBytes) key = NULL;
  RollWmiClass *klass;

  g_byte_array_append (text, (const guint8 *) &table, sizeof table);
  g_byte_array_append (text, (const guint8 *) selected->data, selected->len * sizeof (guint));
  key = g_byte_array_free_to_bytes (g_steal_pointer (&text));

  g_mutex_lock (&lock);
  if (known == NULL)
    known = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                   (GDestroyNotify) roll_wmi_class_unref);
  klass = g_hash_table_lookup (known, key);
  if (klass == NULL)
    {
      klass = make_class (table, selected);
      roll_wmi_class_seal (klass);
      if (g_hash_table_size (known) >= CLASSES_KEPT)
        g_hash_table_remove_all (known);
      g_hash_table_insert (known, g_steal_pointer (&key), klass);
    }
  roll_wmi_class_ref (klass);
  g_mutex_unlock (&lock);
  return klass;
}

static void
select_all (const RollLabTable *table, const RollLabMachine *machine, GArray *ret_selected)
{
  for (guint i = 0; i < table->properties->len; i++)
    if (has_property (table, machine, i))
      g_array_append_val (ret_selected, i);
}

RollWmiObject *
roll_lab_class_object (const RollLabMachine *machine, guint namespace_, const char *path)
{
  const RollLabTable *table = roll_lab_catalogue_find_class (namespace_, path);
  g_autoptr (GArray) selected = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (RollWmiClass) klass = NULL;

  if (namespace_ == ROLL_LAB_NAMESPACE_DEFAULT && g_ascii_strcasecmp (path, "StdRegProv") == 0)
    klass = roll_lab_registry_class ();
  else if (table != NULL && roll_lab_table_is_on (table, machine))
    {
      select_all (table, machine, selected);
      klass = make_class (table, selected);
    }
  return klass != NULL ? roll_wmi_object_new_class (klass, machine->netbios, decorations[namespace_]) : NULL;
}

/* --- Queries ------------------------------------------------------------------------------------------------------- */

static guint32
prepare (RollLabQuery *self, const char *wql)
{
  self->wql = roll_lab_wql_parse (wql);
  if (self->wql == NULL)
    return WBEM_E_INVALID_QUERY;
  self->table = roll_lab_catalogue_find_class (self->namespace_, roll_lab_wql_get_class (self->wql));
  if (self->table == NULL || !roll_lab_table_is_on (self->table, self->machine))
    return WBEM_E_INVALID_CLASS;
  if (!find_properties (self, roll_lab_wql_get_selected (self->wql), TRUE, self->selected)
      || !find_properties (self, roll_lab_wql_get_conditions (self->wql), FALSE, self->conditions))
    return WBEM_E_INVALID_QUERY;
  if (self->selected->len == 0)
    select_all (self->table, self->machine, self->selected);
  self->klass = get_class (self->table, self->selected);
  self->n_rows = roll_lab_table_count (self->table, self->machine);
  return 0;
}

RollLabQuery *
roll_lab_query_new (const RollLabMachine *machine, guint namespace_, const char *wql, guint32 *ret_hresult)
{
  g_autoptr (RollLabQuery) self = g_new0 (RollLabQuery, 1);

  self->machine = machine;
  self->namespace_ = namespace_;
  self->selected = g_array_new (FALSE, FALSE, sizeof (guint));
  self->conditions = g_array_new (FALSE, FALSE, sizeof (guint));
  *ret_hresult = namespace_ < G_N_ELEMENTS (namespaces) ? prepare (self, wql) : WBEM_E_INVALID_QUERY;
  return *ret_hresult == 0 ? g_steal_pointer (&self) : NULL;
}

void
roll_lab_query_free (RollLabQuery *self)
{
  if (self == NULL)
    return;
  roll_lab_wql_free (self->wql);
  g_clear_pointer (&self->klass, roll_wmi_class_unref);
  g_array_unref (self->selected);
  g_array_unref (self->conditions);
  g_free (self);
}

const char *
roll_lab_query_get_class (const RollLabQuery *self)
{
  return self->table->name;
}

static void
get_condition (guint condition, gpointer user_data, RollCimValue *ret_value)
{
  RollLabQuery *self = user_data;

  roll_lab_table_get (self->table, self->machine, self->row,
                      g_array_index (self->conditions, guint, condition), ret_value);
}

static RollWmiObject *
make_row (RollLabQuery *self)
{
  RollWmiObject *object =
      roll_wmi_object_new_instance (self->klass, self->machine->netbios, decorations[self->namespace_]);

  for (guint i = 0; i < self->selected->len; i++)
    {
      guint property = g_array_index (self->selected, guint, i);
      g_auto (RollCimValue) value = { 0 };
      gboolean set;

      roll_lab_table_get (self->table, self->machine, self->row, property, &value);
      set = roll_wmi_object_set_nth (object, i, &value);
      g_assert (set);
    }
  return object;
}

RollWmiObject *
roll_lab_query_next (RollLabQuery *self)
{
  RollWmiObject *row = NULL;

  for (; self->row < self->n_rows && row == NULL; self->row++)
    if (roll_lab_wql_match (self->wql, get_condition, self))
      row = make_row (self);
  self->given += row != NULL;
  return row;
}

guint
roll_lab_query_rewind (RollLabQuery *self)
{
  guint given = self->given;

  self->row = self->given = 0;
  return given;
}
