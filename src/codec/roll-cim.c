/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-cim.h"

#include <string.h>

#include "codec/roll-wmio.h"

static const struct
{
  guint16 type;
  const char *name;
  const char *array_name;
} types[] = {
  { ROLL_CIM_SINT8, "sint8", "sint8[]" },
  { ROLL_CIM_UINT8, "uint8", "uint8[]" },
  { ROLL_CIM_SINT16, "sint16", "sint16[]" },
  { ROLL_CIM_UINT16, "uint16", "uint16[]" },
  { ROLL_CIM_SINT32, "sint32", "sint32[]" },
  { ROLL_CIM_UINT32, "uint32", "uint32[]" },
  { ROLL_CIM_SINT64, "sint64", "sint64[]" },
  { ROLL_CIM_UINT64, "uint64", "uint64[]" },
  { ROLL_CIM_REAL32, "real32", "real32[]" },
  { ROLL_CIM_REAL64, "real64", "real64[]" },
  { ROLL_CIM_BOOLEAN, "boolean", "boolean[]" },
  { ROLL_CIM_STRING, "string", "string[]" },
  { ROLL_CIM_DATETIME, "datetime", "datetime[]" },
  { ROLL_CIM_REFERENCE, "ref", "ref[]" },
  { ROLL_CIM_CHAR16, "char16", "char16[]" },
  { ROLL_CIM_OBJECT, "object", "object[]" },
};

const char *
roll_cim_type_name (guint16 type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == (type & ~ROLL_CIM_ARRAY))
      return (type & ROLL_CIM_ARRAY) != 0 ? types[i].array_name : types[i].name;
  return "";
}

RollCimKind
roll_cim_type_get_kind (guint16 type)
{
  if ((type & ROLL_CIM_ARRAY) != 0)
    return roll_cim_type_name (type)[0] != '\0' ? ROLL_CIM_KIND_ARRAY : ROLL_CIM_KIND_NONE;
  switch (type)
    {
    case ROLL_CIM_SINT8:
    case ROLL_CIM_SINT16:
    case ROLL_CIM_SINT32:
    case ROLL_CIM_SINT64:
    case ROLL_CIM_BOOLEAN:
      return ROLL_CIM_KIND_SINT;
    case ROLL_CIM_UINT8:
    case ROLL_CIM_UINT16:
    case ROLL_CIM_UINT32:
    case ROLL_CIM_UINT64:
    case ROLL_CIM_CHAR16:
      return ROLL_CIM_KIND_UINT;
    case ROLL_CIM_REAL32:
    case ROLL_CIM_REAL64:
      return ROLL_CIM_KIND_REAL;
    case ROLL_CIM_STRING:
    case ROLL_CIM_DATETIME:
    case ROLL_CIM_REFERENCE:
      return ROLL_CIM_KIND_TEXT;
    case ROLL_CIM_OBJECT:
      return ROLL_CIM_KIND_OBJECT;
    default:
      return ROLL_CIM_KIND_NONE;
    }
}

static void
array_free (RollCimArray *array)
{
  for (guint i = 0; i < array->n; i++)
    roll_cim_value_clear (&array->items[i]);
  g_free (array->items);
  g_free (array);
}

void
roll_cim_value_clear (RollCimValue *value)
{
  RollCimKind kind = value->null ? ROLL_CIM_KIND_NONE : roll_cim_type_get_kind (value->type);

  if (kind == ROLL_CIM_KIND_TEXT)
    g_free (value->text);
  else if (kind == ROLL_CIM_KIND_OBJECT)
    roll_wmi_object_unref (value->object);
  else if (kind == ROLL_CIM_KIND_ARRAY)
    array_free (value->array);
  *value = (RollCimValue) { 0 };
}

static RollCimArray *
array_copy (const RollCimArray *array)
{
  RollCimArray *copy = g_new (RollCimArray, 1);

  copy->n = array->n;
  copy->items = g_new (RollCimValue, array->n);
  for (guint i = 0; i < array->n; i++)
    roll_cim_value_copy (&array->items[i], &copy->items[i]);
  return copy;
}

void
roll_cim_value_copy (const RollCimValue *value, RollCimValue *ret_copy)
{
  RollCimKind kind = value->null ? ROLL_CIM_KIND_NONE : roll_cim_type_get_kind (value->type);

  *ret_copy = *value;
  if (kind == ROLL_CIM_KIND_TEXT)
    ret_copy->text = g_strdup (value->text);
  else if (kind == ROLL_CIM_KIND_OBJECT)
    ret_copy->object = roll_wmi_object_ref (value->object);
  else if (kind == ROLL_CIM_KIND_ARRAY)
    ret_copy->array = array_copy (value->array);
}

static gboolean
array_equal (const RollCimArray *a, const RollCimArray *b)
{
  if (a->n != b->n)
    return FALSE;
  for (guint i = 0; i < a->n; i++)
    if (!roll_cim_value_equal (&a->items[i], &b->items[i]))
      return FALSE;
  return TRUE;
}

gboolean
roll_cim_value_equal (const RollCimValue *a, const RollCimValue *b)
{
  if (a->type != b->type || !a->null != !b->null)
    return FALSE;
  if (a->null)
    return TRUE;
  switch (roll_cim_type_get_kind (a->type))
    {
    case ROLL_CIM_KIND_SINT:
      return a->sint == b->sint;
    case ROLL_CIM_KIND_UINT:
      return a->uint == b->uint;
    case ROLL_CIM_KIND_REAL: /* the bits: "not a number" is a value like any other here */
      return memcmp (&a->real, &b->real, sizeof a->real) == 0;
    case ROLL_CIM_KIND_TEXT:
      return strcmp (a->text, b->text) == 0;
    case ROLL_CIM_KIND_OBJECT:
      return roll_wmi_object_equal (a->object, b->object);
    case ROLL_CIM_KIND_ARRAY:
      return array_equal (a->array, b->array);
    case ROLL_CIM_KIND_NONE:
    default:
      return TRUE;
    }
}

/* --- Text -------------------------------------------------------------------------------------------------------- */

/* As few digits as read back the same. */
static void
append_real (GString *text, guint16 type, double real)
{
  static const char *const formats[] = { "%.6g", "%.7g", "%.8g", "%.9g", "%.15g", "%.16g", "%.17g" };
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  gboolean single = type == ROLL_CIM_REAL32;

  for (guint i = single ? 0 : 4; i < (single ? 4 : G_N_ELEMENTS (formats)); i++)
    {
      double again;

      g_ascii_formatd (digits, sizeof digits, formats[i], real);
      again = g_ascii_strtod (digits, NULL);
      if (single)
        again = (double) (float) again;
      if (memcmp (&again, &real, sizeof real) == 0)
        break;
    }
  g_string_append (text, digits);
}

static void
append_value (GString *text, const RollCimValue *value)
{
  switch (value->null ? ROLL_CIM_KIND_NONE : roll_cim_type_get_kind (value->type))
    {
    case ROLL_CIM_KIND_SINT:
      if (value->type == ROLL_CIM_BOOLEAN)
        g_string_append (text, value->sint != 0 ? "true" : "false");
      else
        g_string_append_printf (text, "%" G_GINT64_FORMAT, value->sint);
      break;
    case ROLL_CIM_KIND_UINT:
      g_string_append_printf (text, "%" G_GUINT64_FORMAT, value->uint);
      break;
    case ROLL_CIM_KIND_REAL:
      append_real (text, value->type, value->real);
      break;
    case ROLL_CIM_KIND_TEXT:
      g_string_append (text, value->text);
      break;
    case ROLL_CIM_KIND_OBJECT:
      g_string_append (text, roll_wmi_class_get_name (roll_wmi_object_get_class (value->object)));
      break;
    case ROLL_CIM_KIND_ARRAY:
      for (guint i = 0; i < value->array->n; i++)
        {
          if (i > 0)
            g_string_append (text, "; ");
          append_value (text, &value->array->items[i]);
        }
      break;
    case ROLL_CIM_KIND_NONE:
    default:
      break;
    }
}

char *
roll_cim_value_to_text (const RollCimValue *value)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (value != NULL, g_string_free (text, FALSE));

  append_value (text, value);
  return g_string_free (text, FALSE);
}
