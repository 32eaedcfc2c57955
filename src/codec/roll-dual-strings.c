/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-objref.h"

#include <string.h>

#include "codec/roll-ndr.h"
#include "codec/roll-utf16.h"

/* DUALSTRINGARRAY, [MS-DCOM] 2.2.19 */

#define SECURITY_RESERVED 0xffff

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
