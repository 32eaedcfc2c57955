/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-reader.h"
#include "codec/roll-wmio.h"

/* What decoding, encoding and making know of classes and objects, and nobody else. */

struct _RollWmiClass
{
  gatomicrefcount references;
  char *name;
  guint n_derivation;
  char **derivation; /* the superclass first, the root last; NULL-terminated */
  guint n_qualifiers;
  RollWmiQualifier *qualifiers;
  guint n_properties;
  RollWmiProperty *properties; /* in order of declaration */
  guint *lookup;               /* places in @properties in the order of the PropertyLookupTable */
  guint32 table_length;        /* of NdTable and ValueTable, bytes */
  guint n_methods;
  RollWmiMethod *methods;
  GBytes *class_part; /* (nullable): the ClassPart as it came: what a method's parameters are made of must look the same */
  /* Of a class that was decoded or made as an object of its own, and not as the class of an instance: */
  RollWmiClass *parent; /* (nullable) */
  GBytes *methods_part; /* (nullable): as it came */
};

struct _RollWmiObject
{
  gatomicrefcount references;
  gboolean instance;
  guint8 flags; /* ObjectFlags ([MS-WMIO] 2.2.6) beside class, instance, decorated */
  GRefString *server; /* (nullable) */
  GRefString *namespace_; /* (nullable) */
  RollWmiClass *klass;
  RollCimValue values[];   /* of an instance, one per property; NONE: the class's default */
};

#define OBJECT_FLAG_CLASS 0x01
#define OBJECT_FLAG_INSTANCE 0x02
#define OBJECT_FLAG_DECORATED 0x04

#define HEAP_NOTHING 0xffffffffu
#define HEAP_DICTIONARY 0x80000000u
#define PROPERTY_INHERITED 0x4000 /* in a PropertyType */
#define ND_NULL 1u
#define ND_DEFAULT 2u

static inline gsize
roll_wmio_nd_length (guint n_properties)
{
  return (n_properties + 3) / 4;
}

/* Bytes of a value of @type in a ValueTable, a qualifier or an array; 0 for no type. */
gsize roll_wmio_value_size (guint16 type);
const char *roll_wmio_dictionary (guint32 index); /* NULL past the end */
int roll_wmio_dictionary_find (const char *text); /* -1 */

void roll_wmi_class_clear_methods (RollWmiClass *klass);

/* All zero but for its reference, to be filled in. */
RollWmiClass *roll_wmi_class_alloc (void);
RollWmiObject *roll_wmi_object_alloc (RollWmiClass *klass, gboolean instance); /* @klass: (transfer full) */

/* Puts @value (transfer full) in the place of the property's value; the type is the property's. */
void roll_wmi_object_take_nth (RollWmiObject *object, guint property, RollCimValue *value);
