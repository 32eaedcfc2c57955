/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-objref.h"

#include <string.h>

#include "vectors.h"

#define IID ROLL_UUID (0xf309ad18, 0xd86a, 0x11d0, 0xa0, 0x75, 0x00, 0xc0, 0x4f, 0xb6, 0x88, 0x20)
#define CLSID ROLL_UUID (0x4590f812, 0x1d3a, 0x11d0, 0x89, 0x1f, 0x00, 0xaa, 0x00, 0x4b, 0x2e, 0x24)

#define WRITER_MAX (1u << 20)

static gboolean
decode (const guint8 *bytes, gsize length, RollObjref *objref, const char **ret_problem)
{
  /* Of its exact size, so that a sanitizer sees a byte read too many. */
  g_autofree guint8 *copy = g_memdup2 (bytes, MAX (length, 1));
  gboolean ok = roll_objref_decode (copy, length, objref, ret_problem);

  objref->data = NULL;
  return ok;
}

/* Before @needed bytes are there it is refused, without reading further. */
static void
assert_truncated (const guint8 *bytes, gsize needed)
{
  for (gsize length = 0; length < needed; length++)
    {
      g_auto (RollObjref) objref = { 0 };
      const char *problem = NULL;

      g_assert_false (decode (bytes, length, &objref, &problem));
      g_assert_nonnull (problem);
    }
}

static const RollStringBinding *
string_at (const RollDualStrings *strings, guint i)
{
  g_assert_cmpuint (i, <, strings->strings->len);
  return &g_array_index (strings->strings, RollStringBinding, i);
}

static const RollSecurityBinding *
security_at (const RollDualStrings *strings, guint i)
{
  g_assert_cmpuint (i, <, strings->securities->len);
  return &g_array_index (strings->securities, RollSecurityBinding, i);
}

/* --- What Windows sent ------------------------------------------------------------------------------------------ */

static void
check_standard (const RollObjref *objref)
{
  static const guint16 authn[] = { 9, 0x1e, 0x10, 0x0a, 0x16, 0x1f, 0x0e };

  g_assert_cmphex (objref->std.flags, ==, 0);
  g_assert_cmpuint (objref->std.public_refs, ==, 5);
  g_assert_cmphex (objref->std.oxid, ==, 0x0f982b370edc3e3e);
  g_assert_cmphex (objref->std.oid, !=, 0);
  /* the process and the apartment in an IPID */
  g_assert_cmpmem (objref->std.ipid.bytes + 4, 4, "\xf0\x0b\0\0", 4);
  g_assert_cmpuint (objref->strings.strings->len, ==, 2);
  g_assert_cmpuint (string_at (&objref->strings, 0)->tower, ==, ROLL_TOWER_TCP);
  g_assert_cmpstr (string_at (&objref->strings, 0)->address, ==, "WORKSTATION6");
  g_assert_cmpuint (string_at (&objref->strings, 1)->tower, ==, ROLL_TOWER_TCP);
  g_assert_cmpstr (string_at (&objref->strings, 1)->address, ==, "172.18.39.6");
  g_assert_cmpuint (objref->strings.securities->len, ==, G_N_ELEMENTS (authn));
  for (guint i = 0; i < G_N_ELEMENTS (authn); i++)
    {
      g_assert_cmpuint (security_at (&objref->strings, i)->authn, ==, authn[i]);
      g_assert_cmphex (security_at (&objref->strings, i)->authz, ==, 0xffff);
      g_assert_cmpstr (security_at (&objref->strings, i)->principal, ==, "");
    }
}

/* The kind and the start of the IID are in the name: "…_flags4_dc12a681_…" */
static void
check_name (const char *name, const RollObjref *objref)
{
  const char *flags = strstr (name, "_flags");
  char text[ROLL_UUID_STRLEN];

  g_assert_nonnull (flags);
  g_assert_cmpuint (objref->kind, ==, (guint) (flags[6] - '0'));
  g_assert_cmpmem (roll_uuid_format (&objref->iid, text), 8, flags + 8, 8);
}

static void
check_file (const char *path, const char *name)
{
  g_auto (RollObjref) objref = { 0 };
  g_auto (RollWriter) writer = { 0 };
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  const char *problem = NULL;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  g_assert_true (roll_objref_decode (bytes, length, &objref, &problem));
  check_name (name, &objref);
  if (objref.kind == ROLL_OBJREF_STANDARD)
    {
      check_standard (&objref);
      assert_truncated ((const guint8 *) bytes, length);
    }
  else
    {
      g_assert_true ((const char *) objref.data == bytes + 48);
      g_assert_cmpuint (objref.data_length, ==, length - 48);
      assert_truncated ((const guint8 *) bytes, 48);
    }
  roll_writer_init (&writer, WRITER_MAX);
  roll_objref_encode (&writer, &objref);
  g_assert_cmpmem (writer.data, writer.length, bytes, length);
}

static void
test_real (void)
{
  g_autofree char *folder = vectors_path ("objref_real");
  g_autoptr (GDir) files = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;
  guint n_files = 0;

  if (files == NULL)
    {
      g_test_skip ("the recorded vectors are not beside this checkout");
      return;
    }
  while ((name = g_dir_read_name (files)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      check_file (path, name);
      n_files++;
    }
  g_assert_cmpuint (n_files, ==, 32);
}

/* --- The other kinds -------------------------------------------------------------------------------------------- */

static void
fill (RollObjref *objref, RollObjrefKind kind)
{
  *objref = (RollObjref) {
    .kind = kind, .iid = IID, .std = { 0x1000, 5, 0x1122334455667788, 0x99aabbccddeeff00, CLSID }, .clsid = CLSID,
  };
  roll_dual_strings_init (&objref->strings);
  roll_dual_strings_add (&objref->strings, ROLL_TOWER_TCP, "PC-Ü[49664]");
  roll_dual_strings_add (&objref->strings, 31, "10.0.0.1");
  roll_dual_strings_add_security (&objref->strings, 10);
}

static void
assert_same_strings (const RollDualStrings *a, const RollDualStrings *b)
{
  g_assert_cmpuint (a->strings->len, ==, b->strings->len);
  for (guint i = 0; i < a->strings->len; i++)
    {
      g_assert_cmpuint (string_at (a, i)->tower, ==, string_at (b, i)->tower);
      g_assert_cmpstr (string_at (a, i)->address, ==, string_at (b, i)->address);
    }
  g_assert_cmpuint (a->securities->len, ==, b->securities->len);
  for (guint i = 0; i < a->securities->len; i++)
    {
      g_assert_cmpuint (security_at (a, i)->authn, ==, security_at (b, i)->authn);
      g_assert_cmpuint (security_at (a, i)->authz, ==, security_at (b, i)->authz);
      g_assert_cmpstr (security_at (a, i)->principal, ==, security_at (b, i)->principal);
    }
}

static void
assert_same (const RollObjref *a, const RollObjref *b)
{
  g_assert_cmpuint (a->kind, ==, b->kind);
  g_assert_true (roll_uuid_equal (&a->iid, &b->iid));
  g_assert_true (roll_uuid_equal (&a->clsid, &b->clsid));
  g_assert_cmphex (a->std.flags, ==, b->std.flags);
  g_assert_cmphex (a->std.public_refs, ==, b->std.public_refs);
  g_assert_cmphex (a->std.oxid, ==, b->std.oxid);
  g_assert_cmphex (a->std.oid, ==, b->std.oid);
  g_assert_true (roll_uuid_equal (&a->std.ipid, &b->std.ipid));
  assert_same_strings (&a->strings, &b->strings);
}

static void
test_kinds (void)
{
  static const RollObjrefKind kinds[] = { ROLL_OBJREF_HANDLER, ROLL_OBJREF_EXTENDED };
  static const char envoy[] = "not 8";

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_auto (RollObjref) objref = { 0 };
      g_auto (RollObjref) again = { 0 };
      g_auto (RollWriter) writer = { 0 };
      const char *problem = NULL;

      fill (&objref, kinds[i]);
      if (kinds[i] == ROLL_OBJREF_EXTENDED)
        {
          objref.data = (const guint8 *) envoy;
          objref.data_length = strlen (envoy);
        }
      roll_writer_init (&writer, WRITER_MAX);
      roll_objref_encode (&writer, &objref);
      g_assert_true (roll_objref_decode (writer.data, writer.length, &again, &problem));
      assert_same (&objref, &again);
      g_assert_cmpmem (objref.data, objref.data_length, again.data, again.data_length);
      assert_truncated (writer.data, writer.length);
    }
}

static void
expect_problem (const char *hex, const char *expected)
{
  g_autoptr (GBytes) bytes = vectors_hex (hex);
  g_auto (RollObjref) objref = { 0 };
  const char *problem = NULL;

  g_assert_false (decode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &objref, &problem));
  g_assert_cmpstr (problem, ==, expected);
}

#define ZEROS16 "00000000000000000000000000000000"
#define ZEROS40 ZEROS16 ZEROS16 "0000000000000000"
#define STANDARD "4d454f57" "01000000" ZEROS16 ZEROS40
#define EXTENDED "4d454f57" "08000000" ZEROS16 ZEROS40

static void
test_malformed (void)
{
  expect_problem ("4d454f58" "01000000" ZEROS16, "no object reference");
  expect_problem ("4d454f57" "00000000" ZEROS16, "an object reference of an unknown kind");
  expect_problem ("4d454f57" "05000000" ZEROS16, "an object reference of an unknown kind");
  expect_problem (STANDARD "0100" "0200" "0000" "0000", "security bindings begin outside");
  expect_problem (STANDARD "ffff" "0200" "0000" "0000", "truncated");
  expect_problem (STANDARD "0300" "0200" "0700" "5000" "0000", "a binding without an end");
  expect_problem (STANDARD "0300" "0100" "0000" "0a00" "ffff", "a binding without an end");
  expect_problem (EXTENDED ZEROS16, "an object reference without its mark");
  expect_problem (EXTENDED "5659534e" "0000" "0000" "02000000" "5659534e", "not one envoy context");
  expect_problem (EXTENDED "5659534e" "0000" "0000" "01000000" "5659534f", "an object reference without its mark");
  expect_problem (EXTENDED "5659534e" "0000" "0000" "01000000" "5659534e" ZEROS16 "09000000" "08000000" "0000000000000000",
                  "an envoy context is longer than its room");
}

/* --- Bindings --------------------------------------------------------------------------------------------------- */

/* Arrays without terminators, and with nothing at all: there is nothing to say against these. */
static void
test_lenient_strings (void)
{
  static const char *const texts[] = {
    "0000" "0000", "0400" "0200" "0000" "0000" "0000" "0000", "0300" "0300" "0700" "4100" "0000",
    "0700" "0400" "0700" "4100" "0000" "0000" "0a00" "ffff" "0000",
  };
  static const guint n_strings[] = { 0, 0, 1, 1 }, n_securities[] = { 0, 0, 0, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GBytes) bytes = vectors_hex (texts[i]);
      g_auto (RollDualStrings) strings = { 0 };
      RollReader reader;

      roll_dual_strings_init (&strings);
      roll_reader_init (&reader, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      roll_reader_dual_strings (&reader, &strings);
      g_assert_true (roll_reader_ok (&reader));
      g_assert_cmpuint (roll_reader_left (&reader), ==, 0);
      g_assert_cmpuint (strings.strings->len, ==, n_strings[i]);
      g_assert_cmpuint (strings.securities->len, ==, n_securities[i]);
    }
}

static void
put_many (RollWriter *writer, guint count, const char *address)
{
  g_auto (RollDualStrings) strings = { 0 };

  roll_dual_strings_init (&strings);
  for (guint i = 0; i < count; i++)
    roll_dual_strings_add (&strings, ROLL_TOWER_TCP, address);
  for (guint i = 0; i < count; i++)
    roll_dual_strings_add_security (&strings, 10);
  roll_writer_init (writer, WRITER_MAX);
  roll_writer_dual_strings (writer, &strings);
}

static void
test_many_strings (void)
{
  g_auto (RollDualStrings) strings = { 0 };
  g_auto (RollWriter) writer = { 0 };
  g_auto (RollWriter) too_long = { 0 };
  RollReader reader;

  put_many (&writer, ROLL_DUAL_STRING_MAX + 20, "PC");
  roll_dual_strings_init (&strings);
  roll_reader_init (&reader, writer.data, writer.length);
  roll_reader_dual_strings (&reader, &strings);
  g_assert_true (roll_reader_ok (&reader));
  g_assert_cmpuint (roll_reader_left (&reader), ==, 0);
  g_assert_cmpuint (strings.strings->len, ==, ROLL_DUAL_STRING_MAX);
  g_assert_cmpuint (strings.securities->len, ==, ROLL_DUAL_STRING_MAX);

  put_many (&too_long, 4096, "a name of sixteen");
  g_assert_false (roll_writer_ok (&too_long));
}

static void
test_port (void)
{
  static const struct { const char *address, *host; guint16 port; } cases[] = {
    { "PC1[49664]", "PC1", 49664 }, { "10.1.2.3[1]", "10.1.2.3", 1 }, { "PC1[65535]", "PC1", 65535 },
    { "fe80::1[135]", "fe80::1", 135 }, { "[fe80::1][135]", "[fe80::1]", 135 }, { "[80]", "", 80 },
    { "PC1", "PC1", 0 }, { "", "", 0 }, { "PC1[]", "PC1", 0 }, { "PC1[0]", "PC1", 0 }, { "PC1[65536]", "PC1", 0 },
    { "PC1[99999999999999999999]", "PC1", 0 }, { "PC1[135", "PC1", 0 }, { "PC1[135]x", "PC1", 0 },
    { "PC1[+135]", "PC1", 0 }, { "PC1[ 135]", "PC1", 0 }, { "PC1[\\pipe\\epmapper]", "PC1", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *host = NULL;

      g_assert_cmpuint (roll_binding_get_port (cases[i].address, &host), ==, cases[i].port);
      g_assert_cmpstr (host, ==, cases[i].host);
      g_assert_cmpuint (roll_binding_get_port (cases[i].address, NULL), ==, cases[i].port);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/objref/real", test_real);
  g_test_add_func ("/objref/kinds", test_kinds);
  g_test_add_func ("/objref/malformed", test_malformed);
  g_test_add_func ("/objref/lenient-strings", test_lenient_strings);
  g_test_add_func ("/objref/many-strings", test_many_strings);
  g_test_add_func ("/objref/port", test_port);
  return g_test_run ();
}
