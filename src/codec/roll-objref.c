/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-objref.h"

#include <string.h>

#include "codec/roll-ndr.h"
#include "codec/roll-utf16.h"

#define OBJREF_SIGNATURE 0x574f454du   /* "MEOW" */
#define EXTENDED_SIGNATURE 0x4e535956u /* "VYSN" */
#define SECURITY_RESERVED 0xffff

/* --- DUALSTRINGARRAY --------------------------------------------------------------------------------------------- */

static void
clear_string_binding (gpointer data)
{
  g_free (((RollStringBinding *) data)->address);
}

static void
clear_security_binding (gpointer data)
{
  g_free (((RollSecurityBinding *) data)->principal);
}

void
roll_dual_strings_init (RollDualStrings *strings)
{
  strings->strings = g_array_new (FALSE, FALSE, sizeof (RollStringBinding));
  g_array_set_clear_func (strings->strings, clear_string_binding);
  strings->securities = g_array_new (FALSE, FALSE, sizeof (RollSecurityBinding));
  g_array_set_clear_func (strings->securities, clear_security_binding);
}

void
roll_dual_strings_clear (RollDualStrings *strings)
{
  g_clear_pointer (&strings->strings, g_array_unref);
  g_clear_pointer (&strings->securities, g_array_unref);
}

void
roll_dual_strings_add (RollDualStrings *strings, guint16 tower, const char *address)
{
  const RollStringBinding binding = { .tower = tower, .address = g_strdup (address) };

  g_array_append_val (strings->strings, binding);
}

void
roll_dual_strings_add_security (RollDualStrings *strings, guint16 authn)
{
  const RollSecurityBinding binding = { .authn = authn, .authz = SECURITY_RESERVED, .principal = g_strdup ("") };

  g_array_append_val (strings->securities, binding);
}

/* UTF-16 up to its terminator. (nullable): failure */
static char *
read_terminated (RollReader *reader)
{
  gsize start = reader->position;

  while (roll_reader_u16 (reader) != 0)
    ;
  if (!roll_reader_ok (reader))
    return NULL;
  return roll_utf16_decode (reader->data + start, reader->position - start - 2);
}

static void
read_strings (RollReader *section, GArray *strings)
{
  while (roll_reader_left (section) > 0 && strings->len < ROLL_DUAL_STRING_MAX)
    {
      RollStringBinding binding = { .tower = roll_reader_u16 (section) };

      if (binding.tower == 0)
        return;
      binding.address = read_terminated (section);
      if (binding.address != NULL)
        g_array_append_val (strings, binding);
    }
}

static void
read_securities (RollReader *section, GArray *securities)
{
  while (roll_reader_left (section) > 0 && securities->len < ROLL_DUAL_STRING_MAX)
    {
      RollSecurityBinding binding = { .authn = roll_reader_u16 (section) };

      if (binding.authn == 0)
        return;
      binding.authz = roll_reader_u16 (section);
      binding.principal = read_terminated (section);
      if (binding.principal != NULL)
        g_array_append_val (securities, binding);
    }
}

/* A section that ends in the middle of a binding is a failure of the whole. */
static void
end_section (RollReader *reader, const RollReader *section)
{
  if (!roll_reader_ok (section))
    roll_reader_fail (reader, "a binding without an end");
}

void
roll_reader_dual_strings (RollReader *reader, RollDualStrings *strings)
{
  guint16 entries = roll_reader_u16 (reader);
  guint16 security_offset = roll_reader_u16 (reader);
  RollReader section;

  if (!roll_reader_require (reader, security_offset <= entries, "security bindings begin outside"))
    return;
  section = roll_reader_sub (reader, security_offset * 2u);
  read_strings (&section, strings->strings);
  end_section (reader, &section);
  section = roll_reader_sub (reader, (entries - security_offset) * 2u);
  read_securities (&section, strings->securities);
  end_section (reader, &section);
}

static void
put_terminated (RollWriter *writer, const char *text)
{
  roll_writer_utf16 (writer, text);
  roll_writer_u16 (writer, 0);
}

static void
put_strings (RollWriter *writer, const GArray *strings)
{
  for (guint i = 0; i < strings->len; i++)
    {
      const RollStringBinding *binding = &g_array_index (strings, RollStringBinding, i);

      roll_writer_u16 (writer, binding->tower);
      put_terminated (writer, binding->address);
    }
  roll_writer_u16 (writer, 0);
}

static void
put_securities (RollWriter *writer, const GArray *securities)
{
  for (guint i = 0; i < securities->len; i++)
    {
      const RollSecurityBinding *binding = &g_array_index (securities, RollSecurityBinding, i);

      roll_writer_u16 (writer, binding->authn);
      roll_writer_u16 (writer, binding->authz);
      put_terminated (writer, binding->principal);
    }
  roll_writer_u16 (writer, 0);
}

void
roll_writer_dual_strings (RollWriter *writer, const RollDualStrings *strings)
{
  gsize counts = roll_writer_reserve (writer, 4);
  gsize start = writer->length;
  gsize security_offset, entries;

  put_strings (writer, strings->strings);
  security_offset = (writer->length - start) / 2;
  put_securities (writer, strings->securities);
  entries = (writer->length - start) / 2;
  if (entries > G_MAXUINT16)
    writer->overflowed = TRUE;
  roll_writer_set_u16 (writer, counts, (guint16) entries);
  roll_writer_set_u16 (writer, counts + 2, (guint16) security_offset);
}

void
roll_ndr_dual_strings (RollReader *reader, RollDualStrings *strings)
{
  guint32 maximum = roll_ndr_u32 (reader);
  gsize start = reader->position;

  roll_reader_dual_strings (reader, strings);
  roll_reader_require (reader, reader->position - start == 4 + 2 * (gsize) maximum, "two counts of one array differ");
}

void
roll_ndr_put_dual_strings (RollWriter *writer, const RollDualStrings *strings)
{
  gsize maximum;

  roll_writer_align (writer, 4);
  maximum = roll_writer_reserve (writer, 4);
  roll_writer_dual_strings (writer, strings);
  roll_writer_set_u32 (writer, maximum, (guint32) ((writer->length - maximum - 8) / 2));
}

guint16
roll_binding_get_port (const char *address, char **ret_host)
{
  const char *bracket = strrchr (address, '[');
  guint port = 0;

  if (ret_host != NULL)
    *ret_host = bracket != NULL ? g_strndup (address, (gsize) (bracket - address)) : g_strdup (address);
  if (bracket == NULL || !g_ascii_isdigit (bracket[1]))
    return 0;
  for (bracket++; g_ascii_isdigit (*bracket); bracket++)
    if ((port = port * 10 + (guint) g_ascii_digit_value (*bracket)) > G_MAXUINT16)
      return 0;
  return strcmp (bracket, "]") == 0 ? (guint16) port : 0;
}

/* --- OBJREF ------------------------------------------------------------------------------------------------------ */

RollStdObjref
roll_reader_std_objref (RollReader *reader)
{
  RollStdObjref std;

  std.flags = roll_reader_u32 (reader);
  std.public_refs = roll_reader_u32 (reader);
  std.oxid = roll_reader_u64 (reader);
  std.oid = roll_reader_u64 (reader);
  std.ipid = roll_reader_uuid (reader);
  return std;
}

void
roll_writer_std_objref (RollWriter *writer, const RollStdObjref *std)
{
  roll_writer_u32 (writer, std->flags);
  roll_writer_u32 (writer, std->public_refs);
  roll_writer_u64 (writer, std->oxid);
  roll_writer_u64 (writer, std->oid);
  roll_writer_uuid (writer, &std->ipid);
}

void
roll_objref_clear (RollObjref *objref)
{
  roll_dual_strings_clear (&objref->strings);
  *objref = (RollObjref) { 0 };
}

static void
read_resolver (RollReader *reader, RollObjref *objref)
{
  roll_dual_strings_init (&objref->strings);
  roll_reader_dual_strings (reader, &objref->strings);
}

/* DATAELEMENT, [MS-DCOM] 2.2.18.8 */
static void
read_envoy (RollReader *reader, RollObjref *objref)
{
  guint32 length, rounded;

  objref->clsid = roll_reader_uuid (reader);
  length = roll_reader_u32 (reader);
  rounded = roll_reader_u32 (reader);
  roll_reader_require (reader, length <= rounded, "an envoy context is longer than its room");
  objref->data = roll_reader_bytes (reader, rounded);
  objref->data_length = objref->data != NULL ? length : 0;
}

static void
read_extended (RollReader *reader, RollObjref *objref)
{
  objref->std = roll_reader_std_objref (reader);
  roll_reader_require (reader, roll_reader_u32 (reader) == EXTENDED_SIGNATURE, "an object reference without its mark");
  read_resolver (reader, objref);
  roll_reader_require (reader, roll_reader_u32 (reader) == 1, "not one envoy context");
  roll_reader_require (reader, roll_reader_u32 (reader) == EXTENDED_SIGNATURE, "an object reference without its mark");
  read_envoy (reader, objref);
}

static void
read_custom (RollReader *reader, RollObjref *objref)
{
  objref->clsid = roll_reader_uuid (reader);
  roll_reader_skip (reader, 4);
  objref->reserved = roll_reader_u32 (reader);
  objref->data_length = roll_reader_left (reader);
  objref->data = roll_reader_bytes (reader, objref->data_length);
}

static void
read_kind (RollReader *reader, RollObjref *objref)
{
  switch (objref->kind)
    {
    case ROLL_OBJREF_STANDARD:
      objref->std = roll_reader_std_objref (reader);
      read_resolver (reader, objref);
      break;
    case ROLL_OBJREF_HANDLER:
      objref->std = roll_reader_std_objref (reader);
      objref->clsid = roll_reader_uuid (reader);
      read_resolver (reader, objref);
      break;
    case ROLL_OBJREF_CUSTOM:
      read_custom (reader, objref);
      break;
    case ROLL_OBJREF_EXTENDED:
      read_extended (reader, objref);
      break;
    default:
      roll_reader_fail (reader, "an object reference of an unknown kind");
    }
}

gboolean
roll_objref_decode (const void *bytes, gsize length, RollObjref *objref, const char **ret_problem)
{
  RollReader reader;

  roll_reader_init (&reader, bytes, length);
  roll_reader_require (&reader, roll_reader_u32 (&reader) == OBJREF_SIGNATURE, "no object reference");
  objref->kind = roll_reader_u32 (&reader);
  objref->iid = roll_reader_uuid (&reader);
  if (roll_reader_ok (&reader))
    read_kind (&reader, objref);
  if (!roll_reader_ok (&reader) && ret_problem != NULL)
    *ret_problem = reader.problem;
  return roll_reader_ok (&reader);
}

static void
put_extended (RollWriter *writer, const RollObjref *objref)
{
  const gsize rounded = (objref->data_length + 7) & ~(gsize) 7;

  roll_writer_std_objref (writer, &objref->std);
  roll_writer_u32 (writer, EXTENDED_SIGNATURE);
  roll_writer_dual_strings (writer, &objref->strings);
  roll_writer_u32 (writer, 1);
  roll_writer_u32 (writer, EXTENDED_SIGNATURE);
  roll_writer_uuid (writer, &objref->clsid);
  roll_writer_u32 (writer, (guint32) objref->data_length);
  roll_writer_u32 (writer, (guint32) rounded);
  roll_writer_bytes (writer, objref->data, objref->data_length);
  roll_writer_zeros (writer, rounded - objref->data_length);
}

static void
put_kind (RollWriter *writer, const RollObjref *objref)
{
  switch (objref->kind)
    {
    case ROLL_OBJREF_STANDARD:
      roll_writer_std_objref (writer, &objref->std);
      roll_writer_dual_strings (writer, &objref->strings);
      break;
    case ROLL_OBJREF_HANDLER:
      roll_writer_std_objref (writer, &objref->std);
      roll_writer_uuid (writer, &objref->clsid);
      roll_writer_dual_strings (writer, &objref->strings);
      break;
    case ROLL_OBJREF_CUSTOM:
      roll_writer_uuid (writer, &objref->clsid);
      roll_writer_u32 (writer, 0);
      roll_writer_u32 (writer, objref->reserved);
      roll_writer_bytes (writer, objref->data, objref->data_length);
      break;
    case ROLL_OBJREF_EXTENDED:
      put_extended (writer, objref);
      break;
    default:
      g_return_if_reached ();
    }
}

void
roll_objref_encode (RollWriter *writer, const RollObjref *objref)
{
  roll_writer_u32 (writer, OBJREF_SIGNATURE);
  roll_writer_u32 (writer, objref->kind);
  roll_writer_uuid (writer, &objref->iid);
  put_kind (writer, objref);
}

gboolean
roll_ndr_objref (RollReader *reader, RollObjref *objref)
{
  const char *problem = NULL;
  gsize length;
  const guint8 *bytes = roll_ndr_interface (reader, &length);

  if (bytes != NULL && !roll_objref_decode (bytes, length, objref, &problem))
    roll_reader_fail (reader, problem);
  return roll_reader_ok (reader);
}

void
roll_ndr_put_objref (RollWriter *writer, const RollObjref *objref)
{
  gsize counts;
  guint32 length;

  roll_writer_align (writer, 4);
  counts = roll_writer_reserve (writer, 8);
  roll_objref_encode (writer, objref);
  length = (guint32) (writer->length - counts - 8);
  roll_writer_set_u32 (writer, counts, length);
  roll_writer_set_u32 (writer, counts + 4, length);
}
