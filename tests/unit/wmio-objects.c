/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "codec/roll-wmio.h"

/* Writes objects for a reader that is not ours: "wmio-objects FOLDER". */

static const char *folder;

static void
save (const char *name, const RollWmiObject *object)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_auto (RollWriter) writer = { 0 };
  g_autoptr (GError) error = NULL;

  roll_writer_init (&writer, 1 << 20);
  roll_wmio_encode (&writer, object);
  g_assert_true (roll_writer_ok (&writer));
  g_file_set_contents (path, (const char *) writer.data, (gssize) writer.length, &error);
  g_assert_no_error (error);
}

static RollWmiClass *
thing_class (void)
{
  static const RollWmiPropertySpec specs[] = {
    { "Name", ROLL_CIM_STRING, TRUE, NULL },
    { "Big", ROLL_CIM_UINT64, FALSE, NULL },
    { "Active", ROLL_CIM_BOOLEAN, FALSE, NULL },
    { "Count", ROLL_CIM_SINT32, FALSE, NULL },
    { "Small", ROLL_CIM_UINT8, FALSE, NULL },
    { "Since", ROLL_CIM_DATETIME, FALSE, NULL },
    { "Aliases", ROLL_CIM_STRING | ROLL_CIM_ARRAY, FALSE, NULL },
    { "Numbers", ROLL_CIM_UINT16 | ROLL_CIM_ARRAY, FALSE, NULL },
    { "Nothing", ROLL_CIM_STRING, FALSE, NULL },
    { "Empty", ROLL_CIM_STRING, FALSE, NULL },
    { "Part", ROLL_CIM_OBJECT, FALSE, "object:Roll_Part" },
    { "Cyrillic", ROLL_CIM_STRING, FALSE, NULL },
  };

  return roll_wmi_class_new ("Roll_Thing", "CIM_LogicalElement", specs, G_N_ELEMENTS (specs));
}

static void
set_arrays (RollWmiObject *thing)
{
  RollCimValue texts[] = {
    { .type = ROLL_CIM_STRING, .text = (char *) "first" },
    { .type = ROLL_CIM_STRING, .text = (char *) "дважды" },
  };
  RollCimValue numbers[] = { { .type = ROLL_CIM_UINT16, .uint = 1 }, { .type = ROLL_CIM_UINT16, .uint = 65535 } };
  RollCimArray text_array = { 2, texts }, number_array = { 2, numbers };

  g_assert_true (roll_wmi_object_set (thing, "Aliases",
    &(RollCimValue) { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .array = &text_array }));
  g_assert_true (roll_wmi_object_set (thing, "Numbers",
    &(RollCimValue) { .type = ROLL_CIM_UINT16 | ROLL_CIM_ARRAY, .array = &number_array }));
}

static void
set_part (RollWmiObject *thing)
{
  const RollWmiPropertySpec spec = { "Serial", ROLL_CIM_STRING, TRUE, NULL };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_Part", "", &spec, 1);
  g_autoptr (RollWmiObject) part = roll_wmi_object_new_instance (klass, NULL, NULL);

  g_assert_true (roll_wmi_object_set_text (part, "Serial", "ABC-1"));
  g_assert_true (roll_wmi_object_set (thing, "Part", &(RollCimValue) { .type = ROLL_CIM_OBJECT, .object = part }));
}

static void
save_thing (void)
{
  g_autoptr (RollWmiClass) klass = thing_class ();
  g_autoptr (RollWmiObject) thing = roll_wmi_object_new_instance (klass, "PC-7", "ROOT\\CIMV2");

  g_assert_true (roll_wmi_object_set_text (thing, "Name", "Größe"));
  g_assert_true (roll_wmi_object_set_uint (thing, "Big", G_GUINT64_CONSTANT (137438953344)));
  g_assert_true (roll_wmi_object_set_uint (thing, "Active", 1));
  g_assert_true (roll_wmi_object_set_uint (thing, "Count", (guint64) -5));
  g_assert_true (roll_wmi_object_set_uint (thing, "Small", 200));
  g_assert_true (roll_wmi_object_set_text (thing, "Since", "20200917110717.000000-240"));
  g_assert_true (roll_wmi_object_set_text (thing, "Empty", ""));
  g_assert_true (roll_wmi_object_set_text (thing, "Cyrillic", "Учёт"));
  set_arrays (thing);
  set_part (thing);
  save ("thing", thing);
}

static void
save_class (void)
{
  static const RollWmiPropertySpec in[] = {
    { "hDefKey", ROLL_CIM_UINT32, FALSE, NULL },
    { "sSubKeyName", ROLL_CIM_STRING, FALSE, NULL },
  };
  static const RollWmiPropertySpec out[] = {
    { "sNames", ROLL_CIM_STRING | ROLL_CIM_ARRAY, FALSE, NULL },
    { "ReturnValue", ROLL_CIM_UINT32, FALSE, NULL },
  };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("StdRegProv", "", NULL, 0);
  g_autoptr (RollWmiObject) object = NULL;

  roll_wmi_class_add_method (klass, "EnumKey", roll_wmi_class_new ("__PARAMETERS", "", in, G_N_ELEMENTS (in)),
                             roll_wmi_class_new ("__PARAMETERS", "", out, G_N_ELEMENTS (out)));
  roll_wmi_class_add_method (klass, "Nop", NULL, NULL);
  object = roll_wmi_object_new_class (klass, "PC-7", "ROOT\\DEFAULT");
  save ("class", object);
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (argc, ==, 2);
  folder = argv[1];
  save_thing ();
  save_class ();
  return 0;
}
