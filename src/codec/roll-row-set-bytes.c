/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-row-set-bytes.h"

#include <string.h>
#include <zlib.h>

#include "codec/roll-wmio-private.h"

#define VERSION 1
#define STORED 0
#define DEFLATED 1
#define HEADER_LENGTH 2
#define DEFLATE_RATIO 1032 /* the most that deflate can do */

/* Beyond this, level and window cost much time and save hardly any space. */
#define DEFLATE_LEVEL 3
#define MIN_WINDOW_BITS 9
#define DEFLATE_MIN 160 /* less does not become smaller */
#define WINDOW_BITS_OF_LEVEL 7

#define OBJECT_WEIGHT (sizeof (RollWmiObject) + sizeof (RollWmiClass))
#define PROPERTY_WEIGHT (sizeof (RollWmiProperty) + sizeof (RollWmiQualifier) + sizeof (RollCimValue) + 64)

guint8
roll_row_set_state_of (const RollCimValue *value)
{
  if (value->type == ROLL_CIM_NONE)
    return ROLL_ROW_SET_NO_PROPERTY;
  return value->null ? ROLL_ROW_SET_NULL : ROLL_ROW_SET_VALUE;
}

/* --- Weight -------------------------------------------------------------------------------------------------------- */

static gboolean weigh_contents (gsize *weight, const RollCimValue *value, guint depth);

static gboolean
weigh_object (gsize *weight, const RollWmiObject *object, guint depth)
{
  const RollWmiClass *klass = object->klass;

  if (depth >= ROLL_WMIO_MAX_DEPTH)
    return FALSE;
  *weight += OBJECT_WEIGHT + strlen (klass->name) + strlen (roll_wmi_class_get_superclass (klass)) + 2;
  for (guint i = 0; i < klass->n_properties; i++)
    {
      *weight += PROPERTY_WEIGHT + strlen (klass->properties[i].name) + 1;
      if (!weigh_contents (weight, roll_wmi_object_get_nth (object, i), depth + 1))
        return FALSE;
    }
  return *weight <= ROLL_ROW_SET_MAX;
}

static gboolean
weigh_contents (gsize *weight, const RollCimValue *value, guint depth)
{
  switch (value->null ? ROLL_CIM_KIND_NONE : roll_cim_type_get_kind (value->type))
    {
    case ROLL_CIM_KIND_TEXT:
      *weight += strlen (value->text) + 1;
      break;
    case ROLL_CIM_KIND_OBJECT:
      return weigh_object (weight, value->object, depth);
    case ROLL_CIM_KIND_ARRAY:
      *weight += sizeof (RollCimArray);
      for (guint i = 0; i < value->array->n; i++)
        if (!roll_row_set_weigh (weight, &value->array->items[i], depth))
          return FALSE;
      break;
    case ROLL_CIM_KIND_NONE:
    case ROLL_CIM_KIND_SINT:
    case ROLL_CIM_KIND_UINT:
    case ROLL_CIM_KIND_REAL:
    default:
      break;
    }
  return *weight <= ROLL_ROW_SET_MAX;
}

gboolean
roll_row_set_weigh (gsize *weight, const RollCimValue *value, guint depth)
{
  *weight += sizeof *value;
  return weigh_contents (weight, value, depth);
}

void
roll_row_set_charge (RollReader *reader, gsize *weight, gsize length)
{
  if (roll_reader_require (reader, length <= ROLL_ROW_SET_MAX - *weight, "more than a row set may hold"))
    *weight += length;
}

/* --- Numbers and texts --------------------------------------------------------------------------------------------- */

void
roll_row_set_put_number (RollWriter *writer, guint64 number)
{
  for (; number >= 0x80; number >>= 7)
    roll_writer_u8 (writer, (guint8) (number | 0x80));
  roll_writer_u8 (writer, (guint8) number);
}

guint64
roll_row_set_read_number (RollReader *reader)
{
  guint64 number = 0;

  for (guint shift = 0; shift < 64; shift += 7)
    {
      guint8 byte = roll_reader_u8 (reader);

      if (shift == 63)
        roll_reader_require (reader, byte <= 1, "a number is too long");
      number |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        break;
    }
  return roll_reader_ok (reader) ? number : 0;
}

guint
roll_row_set_read_count (RollReader *reader, gsize least)
{
  guint64 count = roll_row_set_read_number (reader);

  roll_reader_require (reader, count <= G_MAXUINT && (least == 0 || count <= roll_reader_left (reader) / least),
                       "a count is more than there is");
  return roll_reader_ok (reader) ? (guint) count : 0;
}

guint16
roll_row_set_check_type (RollReader *reader, guint16 type)
{
  roll_reader_require (reader, roll_cim_type_get_kind (type) != ROLL_CIM_KIND_NONE, "no such type");
  return type;
}

void
roll_row_set_put_text (RollWriter *writer, const char *text)
{
  gsize length = strlen (text);

  roll_row_set_put_number (writer, length);
  roll_writer_bytes (writer, text, length);
}

char *
roll_row_set_read_text (RollReader *reader, gsize *weight)
{
  gsize length = roll_row_set_read_count (reader, 1);
  const guint8 *bytes = roll_reader_bytes (reader, length);

  roll_row_set_charge (reader, weight, length + 1);
  if (!roll_reader_ok (reader)
      || !roll_reader_require (reader, g_utf8_validate_len ((const char *) bytes, length, NULL), "a text is damaged"))
    return g_strdup ("");
  return g_strndup ((const char *) bytes, length);
}

/* --- Values -------------------------------------------------------------------------------------------------------- */

/* Small numbers of either sign become small numbers. */
static guint64
zigzag (gint64 number)
{
  return ((guint64) number << 1) ^ (number < 0 ? G_MAXUINT64 : 0);
}

static gint64
unzigzag (guint64 number)
{
  return (gint64) ((number >> 1) ^ ((number & 1) != 0 ? G_MAXUINT64 : 0));
}

static void
put_real (RollWriter *writer, double real)
{
  guint64 bits;

  memcpy (&bits, &real, sizeof bits);
  roll_writer_u64 (writer, bits);
}

static double
read_real (RollReader *reader)
{
  guint64 bits = roll_reader_u64 (reader);
  double real;

  memcpy (&real, &bits, sizeof real);
  return real;
}

static void
put_object (RollWriter *writer, const RollWmiObject *object)
{
  const RollWmiClass *klass = object->klass;

  roll_writer_u8 (writer, object->instance ? 1 : 0);
  roll_row_set_put_text (writer, klass->name);
  roll_row_set_put_text (writer, roll_wmi_class_get_superclass (klass));
  roll_row_set_put_number (writer, klass->n_properties);
  for (guint i = 0; i < klass->n_properties; i++)
    {
      const RollCimValue *value = roll_wmi_object_get_nth (object, i);

      roll_row_set_put_text (writer, klass->properties[i].name);
      roll_writer_u16 (writer, klass->properties[i].type);
      roll_writer_u8 (writer, roll_row_set_state_of (value));
      roll_row_set_put_value (writer, value);
    }
}

void
roll_row_set_put_value (RollWriter *writer, const RollCimValue *value)
{
  switch (value->null ? ROLL_CIM_KIND_NONE : roll_cim_type_get_kind (value->type))
    {
    case ROLL_CIM_KIND_SINT:
      roll_row_set_put_number (writer, zigzag (value->sint));
      break;
    case ROLL_CIM_KIND_UINT:
      roll_row_set_put_number (writer, value->uint);
      break;
    case ROLL_CIM_KIND_REAL:
      put_real (writer, value->real);
      break;
    case ROLL_CIM_KIND_TEXT:
      roll_row_set_put_text (writer, value->text);
      break;
    case ROLL_CIM_KIND_OBJECT:
      put_object (writer, value->object);
      break;
    case ROLL_CIM_KIND_ARRAY:
      roll_row_set_put_number (writer, value->array->n);
      for (guint i = 0; i < value->array->n; i++)
        {
          roll_writer_u8 (writer, roll_row_set_state_of (&value->array->items[i]));
          roll_row_set_put_value (writer, &value->array->items[i]);
        }
      break;
    case ROLL_CIM_KIND_NONE:
    default:
      break;
    }
}

/* A value behind its state, which is NULL or VALUE. */
static void
read_stated (RollReader *reader, gsize *weight, guint16 type, RollCimValue *ret_value, guint depth)
{
  guint8 state = roll_reader_u8 (reader);

  roll_reader_require (reader, state == ROLL_ROW_SET_NULL || state == ROLL_ROW_SET_VALUE,
                       "a value is in no known state");
  *ret_value = (RollCimValue) { .type = type, .null = TRUE };
  if (state == ROLL_ROW_SET_VALUE)
    roll_row_set_read_value (reader, weight, type, ret_value, depth);
}

static RollCimArray *
read_array (RollReader *reader, gsize *weight, guint16 item_type, guint depth)
{
  RollCimArray *array = g_new0 (RollCimArray, 1);
  guint n = roll_row_set_read_count (reader, 1);

  roll_row_set_charge (reader, weight, sizeof *array + n * sizeof (RollCimValue));
  if (!roll_reader_ok (reader))
    return array;
  array->items = g_new0 (RollCimValue, n);
  array->n = n;
  for (guint i = 0; i < n && roll_reader_ok (reader); i++)
    read_stated (reader, weight, item_type, &array->items[i], depth);
  return array;
}

typedef struct
{
  char *name;
  guint16 type;
  RollCimValue value;
} ReadProperty;

static void
read_property_clear (gpointer data)
{
  ReadProperty *property = data;

  g_free (property->name);
  roll_cim_value_clear (&property->value);
}

static RollWmiObject *
make_object (const char *name, const char *superclass, gboolean instance, GArray *properties)
{
  g_autofree RollWmiPropertySpec *specs = g_new0 (RollWmiPropertySpec, properties->len);
  g_autoptr (RollWmiClass) klass = NULL;
  RollWmiObject *object;

  for (guint i = 0; i < properties->len; i++)
    {
      specs[i].name = g_array_index (properties, ReadProperty, i).name;
      specs[i].type = g_array_index (properties, ReadProperty, i).type;
    }
  klass = roll_wmi_class_new (name, superclass, specs, properties->len);
  object = roll_wmi_object_alloc (roll_wmi_class_ref (klass), instance);
  for (guint i = 0; i < properties->len; i++)
    {
      RollCimValue *value = &g_array_index (properties, ReadProperty, i).value;

      if (instance)
        roll_wmi_object_take_nth (object, i, value);
      else
        klass->properties[i].default_value = *value;
      *value = (RollCimValue) { 0 };
    }
  return object;
}

static RollWmiObject *
read_object (RollReader *reader, gsize *weight, guint depth)
{
  g_autoptr (GArray) properties = g_array_new (FALSE, TRUE, sizeof (ReadProperty));
  gboolean instance = roll_reader_u8 (reader) == 1;
  g_autofree char *name = NULL;
  g_autofree char *superclass = NULL;
  guint n;

  g_array_set_clear_func (properties, read_property_clear);
  roll_reader_require (reader, depth < ROLL_WMIO_MAX_DEPTH, "objects stand too deep in objects");
  roll_row_set_charge (reader, weight, OBJECT_WEIGHT);
  name = roll_row_set_read_text (reader, weight);
  superclass = roll_row_set_read_text (reader, weight);
  n = roll_row_set_read_count (reader, 4);
  roll_reader_require (reader, n <= ROLL_WMIO_MAX_PROPERTIES, "an object has too many properties");
  roll_row_set_charge (reader, weight, n * PROPERTY_WEIGHT);
  for (guint i = 0; i < n && roll_reader_ok (reader); i++)
    {
      ReadProperty property = { .name = roll_row_set_read_text (reader, weight) };

      property.type = roll_row_set_check_type (reader, roll_reader_u16 (reader));
      if (roll_reader_ok (reader))
        read_stated (reader, weight, property.type, &property.value, depth + 1);
      g_array_append_val (properties, property);
    }
  return roll_reader_ok (reader) ? make_object (name, superclass, instance, properties) : NULL;
}

void
roll_row_set_read_value (RollReader *reader, gsize *weight, guint16 type, RollCimValue *ret_value, guint depth)
{
  RollCimValue value = { .type = type };

  switch (roll_cim_type_get_kind (type))
    {
    case ROLL_CIM_KIND_SINT:
      value.sint = unzigzag (roll_row_set_read_number (reader));
      break;
    case ROLL_CIM_KIND_UINT:
      value.uint = roll_row_set_read_number (reader);
      break;
    case ROLL_CIM_KIND_REAL:
      value.real = read_real (reader);
      break;
    case ROLL_CIM_KIND_TEXT:
      value.text = roll_row_set_read_text (reader, weight);
      break;
    case ROLL_CIM_KIND_OBJECT:
      value.object = read_object (reader, weight, depth);
      value.null = value.object == NULL;
      break;
    case ROLL_CIM_KIND_ARRAY:
      value.array = read_array (reader, weight, type & ~ROLL_CIM_ARRAY, depth);
      break;
    case ROLL_CIM_KIND_NONE:
    default:
      value.null = TRUE;
      break;
    }
  *ret_value = value;
}

/* --- The wrapper --------------------------------------------------------------------------------------------------- */

/* The tables of a compressor are cleared each time: they are no bigger than what there is to compress. */
static void
choose_window (gsize length, int *ret_bits, int *ret_level)
{
  *ret_bits = MIN_WINDOW_BITS;
  while (*ret_bits < MAX_WBITS && (gsize) 1 << *ret_bits < length)
    ++*ret_bits;
  *ret_level = *ret_bits - WINDOW_BITS_OF_LEVEL;
}

/* Returns: whether @ret_bytes, which has room for @inout_length, holds all of it */
static gboolean
deflate_payload (const void *payload, gsize length, guint8 *ret_bytes, gsize *inout_length)
{
  z_stream stream = { .next_in = (Bytef *) payload, .avail_in = (uInt) length, .next_out = ret_bytes,
                      .avail_out = (uInt) *inout_length };
  int bits, level, result;

  choose_window (length, &bits, &level);
  if (deflateInit2 (&stream, DEFLATE_LEVEL, Z_DEFLATED, bits, level, Z_DEFAULT_STRATEGY) != Z_OK)
    return FALSE;
  result = deflate (&stream, Z_FINISH);
  *inout_length = stream.total_out;
  deflateEnd (&stream);
  return result == Z_STREAM_END;
}

GBytes *
roll_row_set_pack (const void *payload, gsize length)
{
  g_auto (RollWriter) writer = { 0 };
  gsize deflated_length = length > sizeof (guint32) ? length - sizeof (guint32) : 0;
  g_autofree guint8 *deflated = g_malloc (deflated_length + 1);
  gboolean smaller = length >= DEFLATE_MIN && deflate_payload (payload, length, deflated, &deflated_length);

  roll_writer_init (&writer, G_MAXSSIZE);
  roll_writer_u8 (&writer, VERSION);
  roll_writer_u8 (&writer, smaller ? DEFLATED : STORED);
  if (smaller)
    {
      roll_writer_u32 (&writer, (guint32) length);
      roll_writer_bytes (&writer, deflated, deflated_length);
    }
  else
    roll_writer_bytes (&writer, payload, length);
  return g_bytes_new (writer.data, writer.length);
}

static GBytes *
inflate_payload (RollReader *reader)
{
  /* Bytes are less than what they become: a byte of state for 24 in memory. */
  uLongf length = roll_reader_u32_at_most (reader, ROLL_ROW_SET_MAX, "more than a row set may hold");
  gsize deflated_length = roll_reader_left (reader);
  const guint8 *deflated = roll_reader_bytes (reader, deflated_length);
  g_autofree guint8 *payload = NULL;
  uLongf claimed = length;

  roll_reader_require (reader, length / DEFLATE_RATIO <= deflated_length, "inflated, it cannot be that long");
  if (!roll_reader_ok (reader))
    return NULL;
  payload = g_malloc (MAX (length, 1));
  if (!roll_reader_require (reader, uncompress (payload, &length, deflated, deflated_length) == Z_OK
                                      && length == claimed, "the deflated bytes are damaged"))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&payload), length);
}

GBytes *
roll_row_set_unpack (GBytes *bytes, const char **ret_problem)
{
  RollReader reader;
  gsize length;
  const void *data = g_bytes_get_data (bytes, &length);
  GBytes *payload = NULL;
  guint8 method;

  roll_reader_init (&reader, data, length);
  roll_reader_require (&reader, roll_reader_u8 (&reader) == VERSION, "written by another version");
  method = roll_reader_u8 (&reader);
  roll_reader_require (&reader, method <= DEFLATED, "packed in an unknown way");
  if (roll_reader_ok (&reader) && method == DEFLATED)
    payload = inflate_payload (&reader);
  else if (roll_reader_ok (&reader))
    payload = g_bytes_new_from_bytes (bytes, HEADER_LENGTH, length - HEADER_LENGTH);
  *ret_problem = reader.problem;
  return payload;
}
