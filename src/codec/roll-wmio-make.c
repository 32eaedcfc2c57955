/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-private.h"

#include <string.h>

/* Flavours ([MS-WMIO] 2.2.62) that Windows gives to these qualifiers. */
#define FLAVOR_CIMTYPE 0x03 /* to instances and derived classes */
#define FLAVOR_KEY 0x13     /* the same, and not to be overridden */

/* --- Classes ------------------------------------------------------------------------------------------------------- */

/* The CIMTYPE of an array is that of its items. */
static char *
cimtype_of (const RollWmiPropertySpec *spec)
{
  return g_strdup (spec->cimtype != NULL ? spec->cimtype : roll_cim_type_name (spec->type & ~ROLL_CIM_ARRAY));
}

static void
fill_qualifiers (RollWmiProperty *property, const RollWmiPropertySpec *spec)
{
  RollWmiQualifier *qualifiers = g_new0 (RollWmiQualifier, spec->key ? 2 : 1);

  qualifiers[0].name = g_strdup ("CIMTYPE");
  qualifiers[0].flavor = FLAVOR_CIMTYPE;
  qualifiers[0].value.type = ROLL_CIM_STRING;
  qualifiers[0].value.text = cimtype_of (spec);
  if (spec->key)
    {
      qualifiers[1].name = g_strdup ("key");
      qualifiers[1].flavor = FLAVOR_KEY;
      qualifiers[1].value.type = ROLL_CIM_BOOLEAN;
      qualifiers[1].value.sint = 1;
    }
  property->qualifiers = qualifiers;
  property->n_qualifiers = spec->key ? 2 : 1;
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const RollWmiProperty *properties = user_data;

  return g_ascii_strcasecmp (properties[*(const guint *) a].name, properties[*(const guint *) b].name);
}

static void
fill_lookup (RollWmiClass *klass)
{
  klass->lookup = g_new (guint, klass->n_properties);
  for (guint i = 0; i < klass->n_properties; i++)
    klass->lookup[i] = i;
  g_qsort_with_data (klass->lookup, (gint) klass->n_properties, sizeof *klass->lookup, compare_names,
                     klass->properties);
}

RollWmiClass *
roll_wmi_class_new (const char *name, const char *superclass, const RollWmiPropertySpec *properties, guint n_properties)
{
  RollWmiClass *klass;
  guint32 offset = 0;

  g_return_val_if_fail (n_properties <= ROLL_WMIO_MAX_PROPERTIES, NULL);

  klass = roll_wmi_class_alloc ();
  klass->name = g_strdup (name);
  klass->n_derivation = superclass[0] != '\0' ? 1 : 0;
  klass->derivation = g_new0 (char *, klass->n_derivation + 1);
  if (klass->n_derivation > 0)
    klass->derivation[0] = g_strdup (superclass);
  klass->properties = g_new0 (RollWmiProperty, n_properties);
  klass->n_properties = n_properties;
  for (guint i = 0; i < n_properties; i++)
    {
      RollWmiProperty *property = &klass->properties[i];

      g_assert (roll_wmio_value_size (properties[i].type) > 0);
      property->name = g_strdup (properties[i].name);
      property->type = properties[i].type;
      property->declaration_order = (guint16) i;
      property->offset = offset;
      property->origin = klass->n_derivation;
      property->default_value = (RollCimValue) { .type = properties[i].type, .null = TRUE };
      fill_qualifiers (property, &properties[i]);
      offset += (guint32) roll_wmio_value_size (property->type);
    }
  klass->table_length = (guint32) roll_wmio_nd_length (n_properties) + offset;
  fill_lookup (klass);
  return klass;
}

void
roll_wmi_class_add_method (RollWmiClass *klass, const char *name, RollWmiClass *in, RollWmiClass *out)
{
  RollWmiMethod *method;

  g_return_if_fail (g_atomic_ref_count_compare (&klass->references, 1));

  g_clear_pointer (&klass->methods_part, g_bytes_unref);
  klass->methods = g_renew (RollWmiMethod, klass->methods, klass->n_methods + 1);
  method = &klass->methods[klass->n_methods++];
  *method = (RollWmiMethod) { .name = g_strdup (name), .origin = klass->n_derivation, .in = in, .out = out };
}

/* --- Objects ------------------------------------------------------------------------------------------------------- */

static RollWmiObject *
object_new (RollWmiClass *klass, gboolean instance, const char *server, const char *namespace_)
{
  RollWmiObject *object = roll_wmi_object_alloc (roll_wmi_class_ref (klass), instance);

  if (server != NULL && namespace_ != NULL)
    {
      object->server = g_ref_string_new (server);
      object->namespace_ = g_ref_string_new (namespace_);
    }
  return object;
}

RollWmiObject *
roll_wmi_object_new_class (RollWmiClass *klass, const char *server, const char *namespace_)
{
  return object_new (klass, FALSE, server, namespace_);
}

RollWmiObject *
roll_wmi_object_new_instance (RollWmiClass *klass, const char *server, const char *namespace_)
{
  return object_new (klass, TRUE, server, namespace_);
}

gboolean
roll_wmi_object_set_nth (RollWmiObject *object, guint property, const RollCimValue *value)
{
  RollCimValue copy;

  g_return_val_if_fail (object->instance && g_atomic_ref_count_compare (&object->references, 1), FALSE);

  if (property >= object->klass->n_properties || value->type != object->klass->properties[property].type)
    return FALSE;
  roll_cim_value_copy (value, &copy);
  roll_wmi_object_take_nth (object, property, &copy);
  return TRUE;
}

gboolean
roll_wmi_object_set (RollWmiObject *object, const char *name, const RollCimValue *value)
{
  int property = roll_wmi_class_find_property (object->klass, name);

  return property >= 0 && roll_wmi_object_set_nth (object, (guint) property, value);
}

static guint16
type_of (const RollWmiObject *object, const char *name)
{
  int property = roll_wmi_class_find_property (object->klass, name);

  return property >= 0 ? object->klass->properties[property].type : ROLL_CIM_NONE;
}

gboolean
roll_wmi_object_set_text (RollWmiObject *object, const char *name, const char *text)
{
  guint16 type = type_of (object, name);
  RollCimValue value = { .type = type, .null = text == NULL, .text = (char *) text };

  return roll_cim_type_get_kind (type) == ROLL_CIM_KIND_TEXT && roll_wmi_object_set (object, name, &value);
}

/* A signed type takes what it holds: the bits of a negative number too. */
static gboolean
fits (guint16 type, guint64 number)
{
  guint bits = 8 * (guint) roll_wmio_value_size (type);
  gint64 sint = (gint64) number;

  if (type == ROLL_CIM_BOOLEAN)
    return number <= 1;
  if (bits == 64)
    return TRUE;
  if (roll_cim_type_get_kind (type) == ROLL_CIM_KIND_UINT)
    return number >> bits == 0;
  return sint >> (bits - 1) == 0 || sint >> (bits - 1) == -1;
}

gboolean
roll_wmi_object_set_uint (RollWmiObject *object, const char *name, guint64 number)
{
  guint16 type = type_of (object, name);
  RollCimKind kind = roll_cim_type_get_kind (type);
  RollCimValue value = { .type = type, .uint = number };

  return (kind == ROLL_CIM_KIND_SINT || kind == ROLL_CIM_KIND_UINT) && fits (type, number)
         && roll_wmi_object_set (object, name, &value);
}
