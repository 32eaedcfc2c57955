/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "make-corpus-wmio.h"

#include "codec/roll-row-set.h"
#include "codec/roll-wmio.h"

#define MAX_LENGTH (1 << 20)

static const RollWmiPropertySpec specs[] = {
  { "Text", ROLL_CIM_STRING, TRUE, NULL },
  { "Wide", ROLL_CIM_STRING, FALSE, NULL },
  { "Number", ROLL_CIM_UINT64, FALSE, NULL },
  { "Octet", ROLL_CIM_SINT8, FALSE, NULL },
  { "Yes", ROLL_CIM_BOOLEAN, FALSE, NULL },
  { "Real", ROLL_CIM_REAL32, FALSE, NULL },
  { "Since", ROLL_CIM_DATETIME, FALSE, NULL },
  { "Texts", ROLL_CIM_STRING | ROLL_CIM_ARRAY, FALSE, NULL },
  { "Octets", ROLL_CIM_UINT8 | ROLL_CIM_ARRAY, FALSE, NULL },
  { "Inner", ROLL_CIM_OBJECT, FALSE, "object:Roll_Seed" },
  { "None", ROLL_CIM_REFERENCE, FALSE, "ref:Roll_Seed" },
};

static void
set_array (RollWmiObject *object, const char *name, RollCimValue first, RollCimValue second)
{
  RollCimValue items[] = { first, second };
  RollCimArray array = { G_N_ELEMENTS (items), items };
  const RollCimValue value = { .type = first.type | ROLL_CIM_ARRAY, .array = &array };

  g_assert_true (roll_wmi_object_set (object, name, &value));
}

static RollWmiObject *
make_object (RollWmiClass *klass, RollWmiObject *inner)
{
  RollWmiObject *object = roll_wmi_object_new_instance (klass, "PC", "ROOT\\CIMV2");
  const RollCimValue inner_value = { .type = ROLL_CIM_OBJECT, .null = inner == NULL, .object = inner };

  roll_wmi_object_set_text (object, "Text", "é");
  roll_wmi_object_set_text (object, "Wide", "Учёт");
  roll_wmi_object_set_uint (object, "Number", G_MAXUINT64);
  roll_wmi_object_set_uint (object, "Octet", (guint64) -1);
  roll_wmi_object_set_uint (object, "Yes", 1);
  roll_wmi_object_set (object, "Real", &(RollCimValue) { .type = ROLL_CIM_REAL32, .real = 0.5 });
  roll_wmi_object_set_text (object, "Since", "20200917110717.000000-240");
  set_array (object, "Texts", (RollCimValue) { .type = ROLL_CIM_STRING, .text = (char *) "a" },
             (RollCimValue) { .type = ROLL_CIM_STRING, .null = TRUE });
  set_array (object, "Octets", (RollCimValue) { .type = ROLL_CIM_UINT8, .uint = 1 },
             (RollCimValue) { .type = ROLL_CIM_UINT8, .uint = 2 });
  roll_wmi_object_set (object, "Inner", &inner_value);
  return object;
}

static void
save_object (SaveFunc save, const char *name, const RollWmiObject *object)
{
  g_auto (RollWriter) writer = { 0 };

  roll_writer_init (&writer, MAX_LENGTH);
  roll_wmio_encode (&writer, object);
  save ("wmio", name, writer.data, writer.length);
}

static void
make_class (SaveFunc save)
{
  RollWmiClass *in = roll_wmi_class_new ("__PARAMETERS", "", specs, 3);
  RollWmiClass *out = roll_wmi_class_new ("__PARAMETERS", "", specs + 1, 1);
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_Seed", "CIM_Seed", specs, 2);
  g_autoptr (RollWmiObject) object = NULL;

  roll_wmi_class_add_method (klass, "Do", in, out);
  roll_wmi_class_add_method (klass, "Wait", NULL, NULL);
  object = roll_wmi_object_new_class (klass, NULL, NULL);
  save_object (save, "class", object);
}

static void
make_rows (SaveFunc save, const RollWmiObject *object, guint n)
{
  const char *columns[G_N_ELEMENTS (specs) + 1] = { NULL };
  RollCimValue cells[G_N_ELEMENTS (specs)];
  g_autofree char *name = g_strdup_printf ("%u-rows", n);
  g_autoptr (RollRowSet) rows = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (specs); i++)
    {
      columns[i] = specs[i].name;
      cells[i] = *roll_wmi_object_get_nth (object, i);
    }
  rows = roll_row_set_new (columns);
  for (guint i = 0; i < n; i++)
    {
      cells[1] = i == 1 ? (RollCimValue) { 0 } : cells[i % 2];
      g_assert_true (roll_row_set_add (rows, cells));
    }
  bytes = roll_row_set_to_bytes (rows);
  data = g_bytes_get_data (bytes, &length);
  save ("row-set", name, data, length);
}

void
make_wmio (SaveFunc save)
{
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_Seed", "", specs, G_N_ELEMENTS (specs));
  g_autoptr (RollWmiObject) inner = make_object (klass, NULL);
  g_autoptr (RollWmiObject) outer = make_object (klass, inner);
  g_autoptr (RollSmartWriter) smart = roll_smart_writer_new (1);
  RollWmiObject *const objects[] = { inner, inner, outer };
  g_auto (RollWriter) writer = { 0 };

  make_class (save);
  save_object (save, "instance", inner);
  save_object (save, "nested", outer);
  roll_writer_init (&writer, MAX_LENGTH);
  roll_smart_writer_put (smart, &writer, objects, G_N_ELEMENTS (objects));
  save ("smart-enum", "three", writer.data, writer.length);
  make_rows (save, outer, 0);
  make_rows (save, inner, 1);
  make_rows (save, outer, 9);
}
