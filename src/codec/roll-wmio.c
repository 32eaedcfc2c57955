/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-private.h"

#include <string.h>

/* --- What the grammar's parts share -------------------------------------------------------------------------------- */

/* [MS-WMIO] 2.2.80. The "quote character" of the first is not said to be this one: it is read and never written. */
static const char *const dictionary[]
    = { "\"", "key", "", "read", "write", "volatile", "provider", "dynamic", "cimwin32", "DWORD", "CIMTYPE" };

const char *
roll_wmio_dictionary (guint32 index)
{
  return index < G_N_ELEMENTS (dictionary) ? dictionary[index] : NULL;
}

int
roll_wmio_dictionary_find (const char *text)
{
  for (guint i = 1; i < G_N_ELEMENTS (dictionary); i++)
    if (strcmp (dictionary[i], text) == 0)
      return (int) i;
  return -1;
}

gsize
roll_wmio_value_size (guint16 type)
{
  switch (type)
    {
    case ROLL_CIM_SINT8:
    case ROLL_CIM_UINT8:
      return 1;
    case ROLL_CIM_SINT16:
    case ROLL_CIM_UINT16:
    case ROLL_CIM_CHAR16:
    case ROLL_CIM_BOOLEAN:
      return 2;
    case ROLL_CIM_SINT64:
    case ROLL_CIM_UINT64:
    case ROLL_CIM_REAL64:
      return 8;
    default: /* what is left is 32 bits, or a reference into a heap */
      return roll_cim_type_get_kind (type) != ROLL_CIM_KIND_NONE ? 4 : 0;
    }
}

/* --- Classes ------------------------------------------------------------------------------------------------------- */

RollWmiClass *
roll_wmi_class_alloc (void)
{
  RollWmiClass *klass = g_new0 (RollWmiClass, 1);

  g_atomic_ref_count_init (&klass->references);
  return klass;
}

static void
free_qualifiers (const RollWmiQualifier *qualifiers, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      RollCimValue value = qualifiers[i].value;

      roll_cim_value_clear (&value);
      g_free ((char *) qualifiers[i].name);
    }
  g_free ((RollWmiQualifier *) qualifiers);
}

void
roll_wmi_class_clear_methods (RollWmiClass *klass)
{
  for (guint i = 0; i < klass->n_methods; i++)
    {
      RollWmiMethod *method = &klass->methods[i];

      g_free ((char *) method->name);
      free_qualifiers (method->qualifiers, method->n_qualifiers);
      g_clear_pointer (&method->in, roll_wmi_class_unref);
      g_clear_pointer (&method->out, roll_wmi_class_unref);
    }
  g_clear_pointer (&klass->methods, g_free);
  klass->n_methods = 0;
}

static void
class_free (RollWmiClass *klass)
{
  for (guint i = 0; i < klass->n_properties; i++)
    {
      g_free ((char *) klass->properties[i].name);
      roll_cim_value_clear (&klass->properties[i].default_value);
      free_qualifiers (klass->properties[i].qualifiers, klass->properties[i].n_qualifiers);
    }
  roll_wmi_class_clear_methods (klass);
  free_qualifiers (klass->qualifiers, klass->n_qualifiers);
  g_free (klass->properties);
  g_free (klass->lookup);
  g_strfreev (klass->derivation);
  g_free (klass->name);
  g_clear_pointer (&klass->class_part, g_bytes_unref);
  g_clear_pointer (&klass->methods_part, g_bytes_unref);
  g_clear_pointer (&klass->parent, roll_wmi_class_unref);
  g_free (klass);
}

RollWmiClass *
roll_wmi_class_ref (RollWmiClass *klass)
{
  g_atomic_ref_count_inc (&klass->references);
  return klass;
}

void
roll_wmi_class_unref (RollWmiClass *klass)
{
  if (g_atomic_ref_count_dec (&klass->references))
    class_free (klass);
}

const char *
roll_wmi_class_get_name (const RollWmiClass *klass)
{
  return klass->name;
}

const char *
roll_wmi_class_get_superclass (const RollWmiClass *klass)
{
  return klass->n_derivation > 0 ? klass->derivation[0] : "";
}

const char *const *
roll_wmi_class_get_derivation (const RollWmiClass *klass)
{
  return (const char *const *) klass->derivation;
}

const RollWmiQualifier *
roll_wmi_class_get_qualifiers (const RollWmiClass *klass, guint *ret_n)
{
  *ret_n = klass->n_qualifiers;
  return klass->qualifiers;
}

const RollWmiProperty *
roll_wmi_class_get_properties (const RollWmiClass *klass, guint *ret_n)
{
  *ret_n = klass->n_properties;
  return klass->properties;
}

const RollWmiMethod *
roll_wmi_class_get_methods (const RollWmiClass *klass, guint *ret_n)
{
  *ret_n = klass->n_methods;
  return klass->methods;
}

const RollWmiMethod *
roll_wmi_class_find_method (const RollWmiClass *klass, const char *name)
{
  for (guint i = 0; i < klass->n_methods; i++)
    if (g_ascii_strcasecmp (klass->methods[i].name, name) == 0)
      return &klass->methods[i];
  return NULL;
}

int
roll_wmi_class_find_property (const RollWmiClass *klass, const char *name)
{
  for (guint i = 0; i < klass->n_properties; i++)
    if (g_ascii_strcasecmp (klass->properties[i].name, name) == 0)
      return (int) i;
  return -1;
}

/* --- Objects ------------------------------------------------------------------------------------------------------- */

RollWmiObject *
roll_wmi_object_alloc (RollWmiClass *klass, gboolean instance)
{
  RollWmiObject *object
      = g_malloc0 (sizeof *object + (instance ? klass->n_properties * sizeof (RollCimValue) : 0));

  g_atomic_ref_count_init (&object->references);
  object->klass = klass;
  object->instance = instance;
  return object;
}

void
roll_wmi_object_take_nth (RollWmiObject *object, guint property, RollCimValue *value)
{
  g_assert (object->instance && property < object->klass->n_properties);
  g_assert (value->type == object->klass->properties[property].type);

  roll_cim_value_clear (&object->values[property]);
  object->values[property] = *value;
}

static void
object_free (RollWmiObject *object)
{
  if (object->instance)
    for (guint i = 0; i < object->klass->n_properties; i++)
      roll_cim_value_clear (&object->values[i]);
  g_clear_pointer (&object->server, g_ref_string_release);
  g_clear_pointer (&object->namespace_, g_ref_string_release);
  g_clear_pointer (&object->klass, roll_wmi_class_unref);
  g_free (object);
}

RollWmiObject *
roll_wmi_object_ref (RollWmiObject *object)
{
  g_atomic_ref_count_inc (&object->references);
  return object;
}

void
roll_wmi_object_unref (RollWmiObject *object)
{
  if (g_atomic_ref_count_dec (&object->references))
    object_free (object);
}

gboolean
roll_wmi_object_is_instance (const RollWmiObject *object)
{
  return object->instance;
}

RollWmiClass *
roll_wmi_object_get_class (const RollWmiObject *object)
{
  return object->klass;
}

const char *
roll_wmi_object_get_server (const RollWmiObject *object)
{
  return object->server != NULL ? object->server : "";
}

const char *
roll_wmi_object_get_namespace (const RollWmiObject *object)
{
  return object->namespace_ != NULL ? object->namespace_ : "";
}

gboolean
roll_wmi_object_is_default (const RollWmiObject *object, guint property)
{
  g_return_val_if_fail (property < object->klass->n_properties, FALSE);

  return !object->instance || object->values[property].type == ROLL_CIM_NONE;
}

const RollCimValue *
roll_wmi_object_get_nth (const RollWmiObject *object, guint property)
{
  g_return_val_if_fail (property < object->klass->n_properties, NULL);

  if (roll_wmi_object_is_default (object, property))
    return &object->klass->properties[property].default_value;
  return &object->values[property];
}

const RollCimValue *
roll_wmi_object_get (const RollWmiObject *object, const char *name)
{
  int property = roll_wmi_class_find_property (object->klass, name);

  return property >= 0 ? roll_wmi_object_get_nth (object, (guint) property) : NULL;
}

void
roll_wmi_object_take_out (RollWmiObject *object, guint property, RollCimValue *ret_value)
{
  RollCimValue *value;

  g_return_if_fail (property < object->klass->n_properties);

  if (roll_wmi_object_is_default (object, property) || !g_atomic_ref_count_compare (&object->references, 1))
    {
      roll_cim_value_copy (roll_wmi_object_get_nth (object, property), ret_value);
      return;
    }
  value = &object->values[property];
  *ret_value = *value;
  *value = (RollCimValue) { .type = value->type, .null = TRUE };
}

gboolean
roll_wmi_object_equal (const RollWmiObject *a, const RollWmiObject *b)
{
  const RollWmiClass *class_a = a->klass, *class_b = b->klass;

  if (a == b)
    return TRUE;
  if (a->instance != b->instance || strcmp (class_a->name, class_b->name) != 0
      || class_a->n_properties != class_b->n_properties)
    return FALSE;
  for (guint i = 0; i < class_a->n_properties; i++)
    if (strcmp (class_a->properties[i].name, class_b->properties[i].name) != 0
        || !roll_cim_value_equal (roll_wmi_object_get_nth (a, i), roll_wmi_object_get_nth (b, i)))
      return FALSE;
  return TRUE;
}
