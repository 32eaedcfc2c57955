/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* CimType, [MS-WMIO] 2.2.82 and 2.2.83. The numbers travel and are stored. */
typedef enum
{
  ROLL_CIM_NONE = 0, /* not a type: the computer's class does not have the property */
  ROLL_CIM_SINT16 = 2,
  ROLL_CIM_SINT32 = 3,
  ROLL_CIM_REAL32 = 4,
  ROLL_CIM_REAL64 = 5,
  ROLL_CIM_STRING = 8,
  ROLL_CIM_BOOLEAN = 11,
  ROLL_CIM_OBJECT = 13,
  ROLL_CIM_SINT8 = 16,
  ROLL_CIM_UINT8 = 17,
  ROLL_CIM_UINT16 = 18,
  ROLL_CIM_UINT32 = 19,
  ROLL_CIM_SINT64 = 20,
  ROLL_CIM_UINT64 = 21,
  ROLL_CIM_DATETIME = 101,
  ROLL_CIM_REFERENCE = 102,
  ROLL_CIM_CHAR16 = 103,
  ROLL_CIM_ARRAY = 0x2000, /* a flag */
} RollCimType;

/* Which member of a RollCimValue holds a value of a type. */
typedef enum
{
  ROLL_CIM_KIND_NONE, /* not a type */
  ROLL_CIM_KIND_SINT,
  ROLL_CIM_KIND_UINT,
  ROLL_CIM_KIND_REAL,
  ROLL_CIM_KIND_TEXT,
  ROLL_CIM_KIND_OBJECT,
  ROLL_CIM_KIND_ARRAY,
} RollCimKind;

RollCimKind roll_cim_type_get_kind (guint16 type);

typedef struct _RollWmiObject RollWmiObject;
typedef struct _RollCimArray RollCimArray;

/**
 * RollCimValue: one value with its type. An owned value is cleared with roll_cim_value_clear(); all zero is NONE.
 * @type: with ROLL_CIM_ARRAY for an array; NULL has a type too
 * @sint: SINT8..SINT64, BOOLEAN (0 or -1 on the wire, 0 or 1 here)
 * @uint: UINT8..UINT64, CHAR16
 * @text: STRING, DATETIME (25 characters, as it came), REFERENCE; valid UTF-8
 * @object: OBJECT
 */
typedef struct
{
  guint16 type;
  gboolean null;
  union
  {
    gint64 sint;
    guint64 uint;
    double real;
    char *text;
    RollWmiObject *object;
    RollCimArray *array;
  };
} RollCimValue;

struct _RollCimArray
{
  guint n;
  RollCimValue *items; /* of the array's element type; an item may be NULL where the wire says so (strings) */
};

void roll_cim_value_clear (RollCimValue *value);
void roll_cim_value_copy (const RollCimValue *value, RollCimValue *ret_copy); /* deep, but objects are shared */
/* The same type and the same value; objects by class name, property names and values. */
gboolean roll_cim_value_equal (const RollCimValue *a, const RollCimValue *b);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollCimValue, roll_cim_value_clear)

/**
 * roll_cim_value_to_text: the value as a CSV cell or a list shows it: integers in decimal, booleans "true"/"false", reals so that
 * they read back the same, datetimes as they came, arrays as "a; b", an object as its class name, NULL as "".
 *
 * Returns: (transfer full):
 */
char *roll_cim_value_to_text (const RollCimValue *value);

/* "uint32", "string[]", "datetime"; "" for NONE and what is no type */
const char *roll_cim_type_name (guint16 type);

G_END_DECLS
