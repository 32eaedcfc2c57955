/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-cim.h"
#include "codec/roll-writer.h"

G_BEGIN_DECLS

/*
 * CIM objects as WMI sends them ([MS-WMIO]): classes with qualifiers and methods, instances of them. Objects are atomically
 * refcounted and immutable once they have been handed out; what is borrowed from one lives as long as it does.
 *
 * Hostile bytes: every reference is checked against its heap, depth is limited (embedded objects, parent classes), and what one
 * decode may allocate is limited to a small multiple of the bytes it was given, however often a string is referred to.
 */

typedef struct _RollWmiClass RollWmiClass;

typedef struct
{
  const char *name;
  RollCimValue value;
  guint8 flavor;
} RollWmiQualifier;

/* @origin: how far up in the derivation it was declared, 0 for the root class ([MS-WMIO] 2.2.30, InheritedClassOrigin) */
typedef struct
{
  const char *name;
  guint16 type;       /* RollCimType, maybe with ROLL_CIM_ARRAY */
  gboolean inherited;         /* declared in a class above */
  gboolean inherited_default; /* the default is that of a class above */
  guint16 declaration_order;
  guint32 offset;     /* of its value in the value table */
  guint32 origin;
  RollCimValue default_value; /* NULL when there is none */
  guint n_qualifiers;
  const RollWmiQualifier *qualifiers;
} RollWmiProperty;

typedef struct
{
  const char *name;
  guint8 flags;
  guint32 origin;
  guint n_qualifiers;
  const RollWmiQualifier *qualifiers;
  RollWmiClass *in;  /* (nullable): the parameters as a class, "__PARAMETERS" */
  RollWmiClass *out; /* (nullable) */
} RollWmiMethod;

RollWmiClass *roll_wmi_class_ref (RollWmiClass *klass);
void roll_wmi_class_unref (RollWmiClass *klass);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollWmiClass, roll_wmi_class_unref)

const char *roll_wmi_class_get_name (const RollWmiClass *klass);
const char *roll_wmi_class_get_superclass (const RollWmiClass *klass); /* "" for none */
/* Returns: (transfer none) (array zero-terminated=1): the superclass first, the root class last */
const char *const *roll_wmi_class_get_derivation (const RollWmiClass *klass);
const RollWmiQualifier *roll_wmi_class_get_qualifiers (const RollWmiClass *klass, guint *ret_n);
const RollWmiProperty *roll_wmi_class_get_properties (const RollWmiClass *klass, guint *ret_n); /* in order of declaration */
const RollWmiMethod *roll_wmi_class_get_methods (const RollWmiClass *klass, guint *ret_n);
const RollWmiMethod *roll_wmi_class_find_method (const RollWmiClass *klass, const char *name); /* case ignored; (nullable) */
int roll_wmi_class_find_property (const RollWmiClass *klass, const char *name); /* case ignored; -1 */

/* --- Objects: a class or an instance ------------------------------------------------------------------------------- */

RollWmiObject *roll_wmi_object_ref (RollWmiObject *object);
void roll_wmi_object_unref (RollWmiObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollWmiObject, roll_wmi_object_unref)

gboolean roll_wmi_object_is_instance (const RollWmiObject *object);
RollWmiClass *roll_wmi_object_get_class (const RollWmiObject *object);       /* (transfer none) */
const char *roll_wmi_object_get_server (const RollWmiObject *object);        /* "" for none */
const char *roll_wmi_object_get_namespace (const RollWmiObject *object);     /* "ROOT\\CIMV2"; "" for none */

/**
 * roll_wmi_object_get: a property's value: an instance's own, else the class's default; a class gives its defaults.
 * @name: case ignored, as Windows does
 *
 * Returns: (transfer none) (nullable): NULL when there is no such property
 */
const RollCimValue *roll_wmi_object_get (const RollWmiObject *object, const char *name);
const RollCimValue *roll_wmi_object_get_nth (const RollWmiObject *object, guint property);
gboolean roll_wmi_object_is_default (const RollWmiObject *object, guint property); /* the value is the class's default */

/* Moves a value out of an instance that has no other holder, where it is NULL from then on; copies where others hold it and
 * what is the class's default. */
void roll_wmi_object_take_out (RollWmiObject *object, guint property, RollCimValue *ret_value);

/* The same class name and the same properties with the same values; nothing else is compared. */
gboolean roll_wmi_object_equal (const RollWmiObject *a, const RollWmiObject *b);

/* --- Making: method parameters, and what the practice network answers ---------------------------------------------- */

typedef struct
{
  const char *name;
  guint16 type;
  gboolean key;            /* gets a "key" qualifier */
  const char *cimtype;     /* (nullable): the CIMTYPE qualifier where it is not the type's own name: "object:Win32_X" */
} RollWmiPropertySpec;

/* @superclass: "" for none. The class gets its properties in this order and the CIMTYPE qualifiers Windows gives. */
RollWmiClass *roll_wmi_class_new (const char *name, const char *superclass, const RollWmiPropertySpec *properties,
                                  guint n_properties);
/* Adds a method while @klass has no other holder. @in, @out: (transfer full) (nullable) */
void roll_wmi_class_add_method (RollWmiClass *klass, const char *name, RollWmiClass *in, RollWmiClass *out);

/* Encodes what instances bring of it once and for all, while @klass has no other holder: for a class that is sent often. */
void roll_wmi_class_seal (RollWmiClass *klass);

/* A class as an object, to be sent. @server, @namespace_: (nullable): both or none: its decoration */
RollWmiObject *roll_wmi_object_new_class (RollWmiClass *klass, const char *server, const char *namespace_);
/* An instance with the class's defaults, to be filled in before anybody else holds it. */
RollWmiObject *roll_wmi_object_new_instance (RollWmiClass *klass, const char *server, const char *namespace_);
/* Copies @value (NULL too); FALSE when there is no such property or its type is another. */
gboolean roll_wmi_object_set (RollWmiObject *object, const char *name, const RollCimValue *value);
/* The same for the property that is the @property-th by order of declaration. */
gboolean roll_wmi_object_set_nth (RollWmiObject *object, guint property, const RollCimValue *value);
/* @text: (nullable): for STRING, DATETIME, REFERENCE */
gboolean roll_wmi_object_set_text (RollWmiObject *object, const char *name, const char *text);
/* Any integer type, CHAR16 and BOOLEAN; FALSE too for a number that does not fit. */
gboolean roll_wmi_object_set_uint (RollWmiObject *object, const char *name, guint64 number);

/* --- Bytes --------------------------------------------------------------------------------------------------------- */

#define ROLL_WMIO_MAX_DEPTH 8         /* of objects in objects and classes in classes */
#define ROLL_WMIO_MAX_PROPERTIES 8192 /* of one class */

/**
 * roll_wmio_decode: an EncodingUnit ([MS-WMIO] 2.2.1), as IWbemClassObject is marshalled.
 * @ret_problem: (nullable): a static text of what is wrong; for evidence
 *
 * Returns: (transfer full) (nullable):
 */
RollWmiObject *roll_wmio_decode (const void *bytes, gsize length, const char **ret_problem);

/*
 * Classes as instances brought them, decoded once for all computers that have the same. What is kept is bounded, whatever is
 * sent. May be used by many threads.
 */
typedef struct _RollWmiClassCache RollWmiClassCache;

RollWmiClassCache *roll_wmi_class_cache_new (void);
void roll_wmi_class_cache_free (RollWmiClassCache *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollWmiClassCache, roll_wmi_class_cache_free)

/**
 * roll_wmio_decode_known: the same, of an instance whose class is likely to be that of one before, as in the answers to a method
 * @known: (nullable): taken for its class where the class comes in the same bytes, and not looked at otherwise
 * @cache: (nullable): asked where it does not
 */
RollWmiObject *roll_wmio_decode_known (const void *bytes, gsize length, RollWmiClass *known, RollWmiClassCache *cache,
                                       const char **ret_problem);

/* Appends the EncodingUnit of @object. Method parameters come out as Windows' own client writes them, byte for byte, whether
 * decoded or made from a decoded signature; what else was decoded reads the same again, though its heap may be packed in
 * another way. An instance's own qualifiers are not kept. */
void roll_wmio_encode (RollWriter *writer, const RollWmiObject *object);

/* --- Smart enumeration ([MS-WMI] 2.2.14) --------------------------------------------------------------------------- */

/*
 * A buffer of IWbemWCOSmartEnum::Next: classes travel once and are referred to by GUID afterwards; what has been seen is
 * kept here, for one enumeration.
 */
typedef struct _RollSmartReader RollSmartReader;

/* @cache: (nullable): outlives it */
RollSmartReader *roll_smart_reader_new (RollWmiClassCache *cache);
void roll_smart_reader_free (RollSmartReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollSmartReader, roll_smart_reader_free)

/**
 * roll_smart_reader_decode:
 * @ret_objects: (element-type RollWmiObject): the objects of the buffer are appended, owned by the array
 * @ret_problem: (nullable): a static text of what is wrong; @ret_objects is as it was then
 */
gboolean roll_smart_reader_decode (RollSmartReader *self, const void *bytes, gsize length, GPtrArray *ret_objects,
                                   const char **ret_problem);

/* The other side: appends a buffer of @objects; a class is sent with its first instance and by GUID from then on. */
typedef struct _RollSmartWriter RollSmartWriter;

/* @seed: makes the GUIDs of its classes; any number that differs from enumeration to enumeration */
RollSmartWriter *roll_smart_writer_new (guint64 seed);
void roll_smart_writer_free (RollSmartWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollSmartWriter, roll_smart_writer_free)
void roll_smart_writer_put (RollSmartWriter *self, RollWriter *writer, RollWmiObject *const *objects, guint n_objects);

G_END_DECLS
