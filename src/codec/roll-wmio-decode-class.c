/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-decode.h"

#define MAX_DERIVATION 64
#define MAX_METHODS 4096
#define METHOD_LENGTH 24

/* --- Qualifiers ---------------------------------------------------------------------------------------------------- */

static void
read_qualifier (RollWmioDecode *decode, RollReader *reader, const RollReader *heap, RollWmiQualifier *ret_qualifier)
{
  guint16 type;

  ret_qualifier->name = roll_wmio_read_name (decode, reader, heap);
  ret_qualifier->flavor = roll_reader_u8 (reader);
  type = (guint16) roll_reader_u32 (reader);
  if (roll_reader_ok (reader))
    roll_wmio_read_value (decode, reader, heap, type, &ret_qualifier->value);
}

static void
clear_qualifier (gpointer data)
{
  RollWmiQualifier *qualifier = data;

  g_free ((char *) qualifier->name);
  roll_cim_value_clear (&qualifier->value);
}

/* @set: what stands behind the length. Returns: (transfer full) (nullable): NULL for none and on failure */
static RollWmiQualifier *
read_qualifiers (RollWmioDecode *decode, RollReader *reader, RollReader *set, const RollReader *heap, guint *ret_n)
{
  g_autoptr (GArray) qualifiers = NULL;

  *ret_n = 0;
  if (roll_reader_left (set) == 0)
    return NULL;
  qualifiers = g_array_new (FALSE, TRUE, sizeof (RollWmiQualifier));
  g_array_set_clear_func (qualifiers, clear_qualifier);
  while (roll_reader_left (set) > 0 && roll_wmio_charge (decode, set, 1, 2 * sizeof (RollWmiQualifier)))
    {
      RollWmiQualifier qualifier = { 0 };

      read_qualifier (decode, set, heap, &qualifier);
      g_array_append_val (qualifiers, qualifier);
    }
  if (!roll_reader_require (reader, roll_reader_ok (set), set->problem))
    return NULL;
  *ret_n = qualifiers->len;
  return (RollWmiQualifier *) g_array_steal (qualifiers, NULL);
}

static RollWmiQualifier *
read_qualifiers_at (RollWmioDecode *decode, RollReader *reader, const RollReader *heap, guint32 offset, guint *ret_n)
{
  RollReader item = roll_wmio_heap_at (reader, heap, offset);
  RollReader set = roll_wmio_read_part (&item);

  *ret_n = 0;
  if (!roll_reader_require (reader, roll_reader_ok (&set), set.problem))
    return NULL;
  return read_qualifiers (decode, reader, &set, heap, ret_n);
}

/* --- Properties ---------------------------------------------------------------------------------------------------- */

static void
read_default (RollWmioDecode *decode, RollReader *reader, RollWmiProperty *property, const RollReader *table,
              gsize nd_length, const RollReader *heap)
{
  guint nd = roll_wmio_read_nd (table, property->declaration_order);
  RollReader position = *table;

  property->inherited_default = (nd & ND_DEFAULT) != 0;
  property->default_value = (RollCimValue) { .type = property->type, .null = TRUE };
  roll_reader_require (reader, roll_wmio_value_size (property->type) > 0, "a property is of no known type");
  roll_reader_require (reader, property->declaration_order < 4 * nd_length, "a property is declared out of order");
  roll_reader_require (reader, table->length - nd_length >= roll_wmio_value_size (property->type)
                                 && property->offset <= table->length - nd_length
                                                          - roll_wmio_value_size (property->type),
                       "a property's value is outside of the table");
  if ((nd & ND_NULL) != 0 || !roll_reader_ok (reader))
    return;
  roll_reader_seek (&position, nd_length + property->offset);
  roll_wmio_read_value (decode, &position, heap, property->type, &property->default_value);
  roll_reader_require (reader, roll_reader_ok (&position), position.problem);
}

static void
read_property (RollWmioDecode *decode, RollReader *reader, RollReader *lookup, const RollReader *heap,
               RollWmiProperty *ret_property)
{
  RollReader info;
  guint16 type;
  RollReader set;

  ret_property->name = roll_wmio_read_name (decode, lookup, heap);
  info = roll_wmio_heap_at (lookup, heap, roll_reader_u32 (lookup));
  type = (guint16) roll_reader_u32 (&info); /* the upper half is not used */
  ret_property->type = type & ~PROPERTY_INHERITED;
  ret_property->inherited = (type & PROPERTY_INHERITED) != 0;
  ret_property->declaration_order = roll_reader_u16 (&info);
  ret_property->offset = roll_reader_u32 (&info);
  ret_property->origin = roll_reader_u32 (&info);
  set = roll_wmio_read_part (&info);
  roll_reader_require (reader, roll_reader_ok (&set), set.problem);
  roll_reader_require (reader, roll_reader_ok (lookup), lookup->problem);
  if (roll_reader_ok (reader))
    ret_property->qualifiers = read_qualifiers (decode, reader, &set, heap, &ret_property->n_qualifiers);
}

static int
compare_orders (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const RollWmiProperty *properties = user_data;
  guint place_a = *(const guint *) a, place_b = *(const guint *) b;
  int difference = (int) properties[place_a].declaration_order - (int) properties[place_b].declaration_order;

  return difference != 0 ? difference : (place_a < place_b ? -1 : 1);
}

/* From the order of the lookup table to that of declaration. */
static void
order_properties (RollWmiClass *klass)
{
  g_autofree guint *places = g_new (guint, klass->n_properties);
  RollWmiProperty *ordered = g_new (RollWmiProperty, klass->n_properties);

  for (guint i = 0; i < klass->n_properties; i++)
    places[i] = i;
  g_qsort_with_data (places, (gint) klass->n_properties, sizeof *places, compare_orders, klass->properties);
  for (guint i = 0; i < klass->n_properties; i++)
    {
      ordered[i] = klass->properties[places[i]];
      klass->lookup[places[i]] = i;
    }
  g_free (klass->properties);
  klass->properties = ordered;
}

static void
read_properties (RollWmioDecode *decode, RollReader *reader, RollWmiClass *klass, guint n, RollReader *lookup,
                 const RollReader *table, const RollReader *heap)
{
  gsize nd_length = roll_wmio_nd_length (n);

  roll_reader_require (reader, roll_reader_ok (lookup) && roll_reader_ok (table) && roll_reader_ok (heap), "truncated");
  roll_reader_require (reader, table->length >= nd_length, "the table of values is too short");
  if (!roll_reader_ok (reader) || n == 0
      || !roll_wmio_charge (decode, reader, n, 2 * sizeof (RollWmiProperty) + 2 * sizeof (guint)))
    return;
  klass->properties = g_new0 (RollWmiProperty, n);
  klass->lookup = g_new0 (guint, n);
  klass->n_properties = n;
  for (guint i = 0; i < n && roll_reader_ok (reader); i++)
    {
      read_property (decode, reader, lookup, heap, &klass->properties[i]);
      read_default (decode, reader, &klass->properties[i], table, nd_length, heap);
    }
  if (roll_reader_ok (reader))
    order_properties (klass);
}

/* --- Classes ------------------------------------------------------------------------------------------------------- */

static void
read_derivation (RollWmioDecode *decode, RollReader *reader, RollReader *list, RollWmiClass *klass)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  while (roll_reader_left (list) > 0 && roll_reader_require (list, names->len < MAX_DERIVATION,
                                                             "derived too often"))
    {
      g_ptr_array_add (names, roll_wmio_read_string (decode, list));
      roll_reader_skip (list, sizeof (guint32)); /* the string's length once more */
    }
  roll_reader_require (reader, roll_reader_ok (list), list->problem);
  klass->n_derivation = names->len;
  g_ptr_array_add (names, NULL);
  klass->derivation = (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

static void
read_class (RollWmioDecode *decode, RollReader *part, RollWmiClass *klass)
{
  RollReader name_ref, list, set, lookup, table, heap;
  guint n;

  roll_reader_skip (part, 1);
  name_ref = roll_reader_sub (part, sizeof (guint32));
  klass->table_length = roll_reader_u32 (part);
  list = roll_wmio_read_part (part);
  set = roll_wmio_read_part (part);
  n = roll_reader_u32_at_most (part, ROLL_WMIO_MAX_PROPERTIES, "too many properties");
  lookup = roll_reader_sub (part, n * 2 * sizeof (guint32));
  table = roll_reader_sub (part, klass->table_length);
  heap = roll_wmio_read_heap (part);
  if (!roll_reader_ok (part))
    return;
  klass->name = roll_wmio_read_name (decode, &name_ref, &heap);
  roll_reader_require (part, roll_reader_ok (&name_ref), name_ref.problem);
  read_derivation (decode, part, &list, klass);
  if (roll_reader_ok (part))
    klass->qualifiers = read_qualifiers (decode, part, &set, &heap, &klass->n_qualifiers);
  read_properties (decode, part, klass, n, &lookup, &table, &heap);
}

RollWmiClass *
roll_wmio_read_class_part (RollWmioDecode *decode, RollReader *reader)
{
  RollWmiClass *klass = roll_wmi_class_alloc ();
  RollReader start = *reader;
  RollReader part = roll_wmio_read_part (reader);
  gsize length = reader->position - start.position;

  if (roll_wmio_charge (decode, &part, length + sizeof *klass, 1))
    read_class (decode, &part, klass);
  if (roll_reader_ok (&part))
    klass->class_part = g_bytes_new (roll_reader_bytes (&start, length), length);
  roll_reader_require (reader, roll_reader_ok (&part), part.problem);
  return klass;
}

/* --- Methods ------------------------------------------------------------------------------------------------------- */

/* A MethodSignatureBlock: the parameters as a class, or nothing. */
static RollWmiClass *
read_signature (RollWmioDecode *decode, RollReader *reader, const RollReader *heap)
{
  guint32 offset = roll_reader_u32 (reader);
  RollReader item, block;
  RollWmiObject *object;
  RollWmiClass *klass = NULL;

  if (!roll_reader_ok (reader) || offset == HEAP_NOTHING)
    return NULL;
  item = roll_wmio_heap_at (reader, heap, offset);
  block = roll_reader_sub (&item, roll_reader_u32 (&item));
  if (roll_reader_ok (&block) && block.length == 0)
    return NULL;
  object = roll_wmio_read_block (decode, &block, NULL);
  if (roll_reader_require (reader, object != NULL, block.problem))
    klass = roll_wmi_class_ref (object->klass);
  g_clear_pointer (&object, roll_wmi_object_unref);
  return klass;
}

static void
read_method (RollWmioDecode *decode, RollReader *reader, const RollReader *heap, RollWmiMethod *ret_method)
{
  guint32 qualifiers;

  ret_method->name = roll_wmio_read_name (decode, reader, heap);
  ret_method->flags = roll_reader_u8 (reader);
  roll_reader_skip (reader, 3);
  ret_method->origin = roll_reader_u32 (reader);
  qualifiers = roll_reader_u32 (reader);
  if (roll_reader_ok (reader) && qualifiers != HEAP_NOTHING)
    ret_method->qualifiers = read_qualifiers_at (decode, reader, heap, qualifiers, &ret_method->n_qualifiers);
  ret_method->in = read_signature (decode, reader, heap);
  ret_method->out = read_signature (decode, reader, heap);
}

static void
read_methods_part (RollWmioDecode *decode, RollReader *reader, RollWmiClass *klass)
{
  RollReader start = *reader;
  RollReader part = roll_wmio_read_part (reader);
  gsize length = reader->position - start.position;
  guint16 n = roll_reader_u16 (&part);
  RollReader methods, heap;

  roll_reader_skip (&part, 2);
  roll_reader_require (&part, n <= MAX_METHODS, "too many methods");
  methods = roll_reader_sub (&part, n * METHOD_LENGTH);
  heap = roll_wmio_read_heap (&part);
  if (roll_reader_ok (&part) && roll_wmio_charge (decode, &part, length + n * sizeof (RollWmiMethod), 1))
    {
      klass->methods = g_new0 (RollWmiMethod, n);
      klass->n_methods = n;
      klass->methods_part = g_bytes_new (roll_reader_bytes (&start, length), length);
      for (guint i = 0; i < n && roll_reader_ok (&methods); i++)
        read_method (decode, &methods, &heap, &klass->methods[i]);
      roll_reader_require (&part, roll_reader_ok (&methods), methods.problem);
    }
  roll_reader_require (reader, roll_reader_ok (&part), part.problem);
}

RollWmiClass *
roll_wmio_read_class_type (RollWmioDecode *decode, RollReader *reader)
{
  g_autoptr (RollWmiClass) parent = roll_wmio_read_class_part (decode, reader);
  RollWmiClass *klass;

  if (roll_reader_ok (reader))
    read_methods_part (decode, reader, parent);
  klass = roll_reader_ok (reader) ? roll_wmio_read_class_part (decode, reader) : roll_wmi_class_alloc ();
  if (roll_reader_ok (reader))
    read_methods_part (decode, reader, klass);
  klass->parent = g_steal_pointer (&parent);
  return klass;
}
