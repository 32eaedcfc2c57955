/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-query.h"

#include <string.h>

#include "inventory/roll-collectors.h"

/* What simulated computers hold. */

#define WBEM_E_INVALID_CLASS 0x80041010
#define WBEM_E_INVALID_QUERY 0x80041017
#define N_COMPUTERS 400
#define UNINSTALL "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
#define UNINSTALL_32 "SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall"

static RollLabMachine *
find_machine (RollLab *lab, gboolean (*wanted) (const RollLabMachine *))
{
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      g_autoptr (RollLabMachine) machine = roll_lab_machine_new (lab, i);

      if (wanted (machine))
        return g_steal_pointer (&machine);
    }
  g_assert_not_reached ();
}

static gboolean
is_server (const RollLabMachine *machine)
{
  return machine->server;
}

static gboolean
is_client (const RollLabMachine *machine)
{
  return !machine->server && machine->build > 10240;
}

static gboolean
is_windows_7 (const RollLabMachine *machine)
{
  return machine->build == 7601;
}

static gboolean
is_big (const RollLabMachine *machine)
{
  return machine->n_programs == 2000;
}

static guint
count (RollLabMachine *machine, const char *wql, guint32 *ret_hresult)
{
  g_autoptr (RollLabQuery) query = roll_lab_query_new (machine, ROLL_LAB_NAMESPACE_CIMV2, wql, ret_hresult);
  RollWmiObject *row;
  guint n = 0;

  g_assert_true ((query == NULL) == (*ret_hresult != 0));
  for (; query != NULL && (row = roll_lab_query_next (query)) != NULL; n++)
    roll_wmi_object_unref (row);
  return n;
}

static RollWmiObject *
first_row (RollLabMachine *machine, const char *wql)
{
  guint32 hresult;
  g_autoptr (RollLabQuery) query = roll_lab_query_new (machine, ROLL_LAB_NAMESPACE_CIMV2, wql, &hresult);

  g_assert_cmphex (hresult, ==, 0);
  return roll_lab_query_next (query);
}

static void
check_value (const RollCimValue *value)
{
  if (value->null)
    return;
  if (value->type == ROLL_CIM_DATETIME)
    g_assert_cmpuint (strlen (value->text), ==, 25);
  if ((value->type & ROLL_CIM_ARRAY) != 0)
    g_assert_cmpuint (value->array->n, >, 0);
  if (roll_cim_type_get_kind (value->type) == ROLL_CIM_KIND_TEXT) /* no variable is left in it */
    g_assert_false (g_regex_match_simple ("\\{[a-z-]+(:[^}]*)?\\}", value->text, 0, 0));
}

/* Each class of each collector, whatever the computer, survives its own bytes. */
static void
test_every_class (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  guint n_collectors;
  const RollCollector *collectors = roll_collectors (&n_collectors);

  for (guint i = 0; i < 40; i++)
    for (guint j = 0; j < n_collectors; j++)
      {
        g_autoptr (RollLabMachine) machine = roll_lab_machine_new (lab, i);
        g_autoptr (RollLabQuery) query = NULL;
        g_autofree char *all = NULL;
        int namespace_ = roll_lab_namespace_find (machine, collectors[j].namespace_);
        RollWmiObject *row;
        guint32 hresult = WBEM_E_INVALID_CLASS;

        if (collectors[j].kind != ROLL_COLLECTOR_QUERY)
          continue;
        all = roll_collector_query_all (&collectors[j]);
        query = namespace_ >= 0 ? roll_lab_query_new (machine, (guint) namespace_, all, &hresult) : NULL;
        if (query == NULL)
          g_assert_true (collectors[j].optional);
        while (query != NULL && (row = roll_lab_query_next (query)) != NULL)
          {
            g_autoptr (RollWmiObject) sent = row;
            g_auto (RollWriter) bytes = { 0 };
            g_autoptr (RollWmiObject) received = NULL;
            guint n_properties;

            roll_writer_init (&bytes, 1 << 20);
            roll_wmio_encode (&bytes, sent);
            received = roll_wmio_decode (bytes.data, bytes.length, NULL);
            g_assert_true (roll_wmi_object_equal (sent, received));
            roll_wmi_class_get_properties (roll_wmi_object_get_class (received), &n_properties);
            for (guint k = 0; k < n_properties; k++)
              check_value (roll_wmi_object_get_nth (received, k));
          }
      }
}

/* Windows of today knows each property by its name. */
static void
test_every_property (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  g_autoptr (RollLabMachine) server = find_machine (lab, is_server);
  g_autoptr (RollLabMachine) client = find_machine (lab, is_client);
  guint n_collectors;
  const RollCollector *collectors = roll_collectors (&n_collectors);

  for (guint i = 0; i < n_collectors; i++)
    {
      g_autofree char *text = NULL;
      g_autoptr (RollLabQuery) query = NULL;
      RollLabMachine *machine = g_str_equal (collectors[i].id, "Win32_ServerFeature") ? server : client;
      guint32 hresult;

      if (collectors[i].kind != ROLL_COLLECTOR_QUERY)
        continue;
      text = roll_collector_query (&collectors[i]);
      g_test_message ("%s", text);
      query = roll_lab_query_new (
          machine, (guint) roll_lab_namespace_find (machine, collectors[i].namespace_), text, &hresult);
      g_assert_cmphex (hresult, ==, 0);
    }
}

static void
test_types (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  g_autoptr (RollLabMachine) machine = find_machine (lab, is_client);
  g_autoptr (RollWmiObject) computer = first_row (machine, "SELECT * FROM Win32_ComputerSystem");
  g_autoptr (RollWmiObject) system = first_row (machine, "SELECT * FROM Win32_OperatingSystem");
  g_autoptr (RollWmiObject) bios = first_row (machine, "SELECT BiosCharacteristics FROM Win32_BIOS");
  const RollCimValue *value;

  value = roll_wmi_object_get (computer, "TotalPhysicalMemory");
  g_assert_cmpint (value->type, ==, ROLL_CIM_UINT64);
  g_assert_cmpuint (value->uint, >, G_MAXUINT32);
  value = roll_wmi_object_get (computer, "PauseAfterReset");
  g_assert_cmpint (value->sint, ==, -1);
  value = roll_wmi_object_get (computer, "PartOfDomain");
  g_assert_cmpint (value->type, ==, ROLL_CIM_BOOLEAN);
  g_assert_cmpint (value->sint, ==, 1);
  value = roll_wmi_object_get (system, "CSDVersion");
  g_assert_true (value->null);
  g_assert_cmpint (value->type, ==, ROLL_CIM_STRING);
  value = roll_wmi_object_get (system, "InstallDate");
  g_assert_cmpint (value->type, ==, ROLL_CIM_DATETIME);
  value = roll_wmi_object_get (bios, "BiosCharacteristics");
  g_assert_cmpint (value->type, ==, ROLL_CIM_UINT16 | ROLL_CIM_ARRAY);
  g_assert_cmpuint (value->array->items[0].uint, ==, 7);
  g_assert_null (roll_wmi_object_get (bios, "SerialNumber"));
  g_assert_cmpstr (roll_wmi_object_get_namespace (computer), ==, "ROOT\\CIMV2");
}

static void
test_numbers (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  guint n_languages[5] = { 0 }, n_big = 0;

  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      g_autoptr (RollLabMachine) machine = roll_lab_machine_new (lab, i);

      g_assert_cmpuint (machine->n_programs, >=, 40);
      g_assert_cmpuint (machine->n_programs, <=, 2000);
      g_assert_cmpuint (machine->n_services, >=, 60);
      g_assert_cmpuint (machine->n_services, <=, 230);
      n_big += machine->n_programs == 2000;
      n_languages[machine->language]++;
    }
  g_assert_cmpuint (n_big, >, 10);
  for (guint i = 0; i < G_N_ELEMENTS (n_languages); i++)
    g_assert_cmpuint (n_languages[i], >, 10);
}

static void
test_no_two_are_alike_and_each_stays_the_same (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      g_autoptr (RollLabMachine) one = roll_lab_machine_new (lab, i);
      g_autoptr (RollLabMachine) again = roll_lab_machine_new (lab, i);
      g_autoptr (RollWmiObject) product =
          first_row (one, "SELECT UUID, IdentifyingNumber FROM Win32_ComputerSystemProduct");
      g_autoptr (RollWmiObject) product_again =
          first_row (again, "SELECT UUID, IdentifyingNumber FROM Win32_ComputerSystemProduct");
      g_autoptr (RollWmiObject) bios = first_row (one, "SELECT SerialNumber FROM Win32_BIOS");

      g_assert_true (roll_wmi_object_equal (product, product_again));
      g_assert_cmpstr (roll_wmi_object_get (product, "IdentifyingNumber")->text, ==,
                       roll_wmi_object_get (bios, "SerialNumber")->text);
      g_assert_true (g_hash_table_add (seen, g_strdup (roll_wmi_object_get (product, "UUID")->text)));
    }
}

static void
test_what_is_not_there (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  g_autoptr (RollLabMachine) server = find_machine (lab, is_server);
  g_autoptr (RollLabMachine) client = find_machine (lab, is_client);
  g_autoptr (RollLabMachine) old = find_machine (lab, is_windows_7);
  const struct
  {
    RollLabMachine *machine;
    const char *wql;
    guint32 hresult;
  } cases[] = {
    { client, "SELECT * FROM Win32_ServerFeature", WBEM_E_INVALID_CLASS },
    { server, "SELECT * FROM Win32_ServerFeature", 0 },
    { client, "SELECT * FROM Win32_Nonsense", WBEM_E_INVALID_CLASS },
    { client, "SELECT Nonsense FROM Win32_BIOS", WBEM_E_INVALID_QUERY },
    { client, "SELECT Name FROM Win32_BIOS WHERE Nonsense = 1", WBEM_E_INVALID_QUERY },
    { client, "nonsense", WBEM_E_INVALID_QUERY },
    { client, "SELECT SystemFamily FROM Win32_ComputerSystem", 0 },
    { old, "SELECT SystemFamily FROM Win32_ComputerSystem", WBEM_E_INVALID_QUERY },
    { old, "SELECT * FROM Win32_ComputerSystem", 0 },
    { client, "SELECT Name, name, NAME FROM Win32_BIOS", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint32 hresult;

      g_test_message ("%s", cases[i].wql);
      count (cases[i].machine, cases[i].wql, &hresult);
      g_assert_cmphex (hresult, ==, cases[i].hresult);
    }
  g_assert_cmpint (roll_lab_namespace_find (client, "//./root/cimv2"), ==, ROLL_LAB_NAMESPACE_CIMV2);
  g_assert_cmpint (roll_lab_namespace_find (client, "\\\\PC-001\\ROOT\\default"), ==,
                   ROLL_LAB_NAMESPACE_DEFAULT);
  g_assert_cmpint (roll_lab_namespace_find (client, "root/SecurityCenter2"), ==, ROLL_LAB_NAMESPACE_SECURITY);
  g_assert_cmpint (roll_lab_namespace_find (server, "root/SecurityCenter2"), ==, -1);
  g_assert_cmpint (roll_lab_namespace_find (client, "root"), ==, -1);
  g_assert_cmpint (roll_lab_namespace_find (client, ""), ==, -1);
  g_assert_cmpint (roll_lab_namespace_find (client, "\\\\"), ==, -1);
}

/* --- The registry --------------------------------------------------------------------------------------------------- */

static RollWmiObject *
call_method (RollLabMachine *machine, RollLabRegistryNames *names, const char *method, const char *key,
             const char *value)
{
  g_autoptr (RollWmiClass) klass = roll_lab_registry_class ();
  g_autoptr (RollWmiObject) in =
      roll_wmi_object_new_instance (roll_wmi_class_find_method (klass, method)->in, NULL, NULL);
  guint32 hresult = 0;
  RollWmiObject *out;

  roll_wmi_object_set_uint (in, "hDefKey", 0x80000002);
  roll_wmi_object_set_text (in, "sSubKeyName", key);
  if (value != NULL)
    roll_wmi_object_set_text (in, "sValueName", value);
  out =
      roll_lab_registry_call (names, machine, ROLL_LAB_NAMESPACE_DEFAULT, "StdRegProv", method, in, &hresult);
  g_assert_cmphex (hresult, ==, 0);
  return out;
}

static guint
return_value (RollWmiObject *out)
{
  return (guint) roll_wmi_object_get (out, "ReturnValue")->uint;
}

static void
test_programs (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  g_autoptr (RollLabMachine) machine = find_machine (lab, is_big);
  RollLabRegistryNames *names = roll_lab_registry_names_new ();
  g_autoptr (RollWmiObject) out = call_method (machine, names, "EnumKey", UNINSTALL, NULL);
  g_autoptr (RollWmiObject) out_32 = call_method (machine, names, "EnumKey", UNINSTALL_32, NULL);
  const RollCimArray *keys = roll_wmi_object_get (out, "sNames")->array;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_named = 0;

  for (guint i = 0; i < keys->n; i++)
    {
      g_autofree char *key = g_strdup_printf ("%s\\%s", UNINSTALL, keys->items[i].text);
      g_autoptr (RollWmiObject) name = call_method (machine, names, "GetStringValue", key, "displayNAME");

      if (return_value (name) != 0)
        continue;
      n_named++;
      g_assert_true (g_hash_table_add (seen, g_strdup (roll_wmi_object_get (name, "sValue")->text)));
    }
  g_assert_cmpuint (n_named, ==, 1200);
  g_assert_cmpuint (keys->n, >, n_named);
  g_assert_cmpuint (roll_wmi_object_get (out_32, "sNames")->array->n, ==, 800);
  g_assert_cmpuint (roll_lab_count_keys (lab, machine->index, UNINSTALL, "DisplayName"), ==, n_named);
  roll_lab_registry_names_free (names);
}

static void
test_registry_edges (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  g_autoptr (RollLabMachine) machine = find_machine (lab, is_client);
  RollLabRegistryNames *names = roll_lab_registry_names_new ();
  const struct
  {
    const char *method, *key, *value;
    guint result;
  } cases[] = {
    { "EnumKey", "", NULL, 0 },
    { "EnumKey", "software", NULL, 0 },
    { "EnumKey", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", NULL, 0 },
    { "EnumKey", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Nothing", NULL, 2 },
    { "EnumKey", "SOFTWARE\\Micro", NULL, 2 },
    { "EnumKey", UNINSTALL "\\{nothing}", NULL, 2 },
    { "EnumKey", UNINSTALL "\\AddressBook0", NULL, 0 },
    { "EnumKey", "SOFTWARE\\Microsoft\\Microsoft SQL Server", NULL, 2 },
    { "EnumValues", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", NULL, 0 },
    { "GetStringValue", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "EditionID", 0 },
    { "GetStringValue", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "Nothing", 1 },
    { "GetStringValue", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "UBR", 0x80041005 },
    { "GetDWORDValue", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "UBR", 0 },
    { "GetQWORDValue", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "InstallTime", 0 },
    { "GetBinaryValue", "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "DigitalProductId", 0 },
    { "GetStringValue", UNINSTALL, "DisplayName", 1 },
    { "GetStringValue", UNINSTALL "\\", "DisplayName", 1 },
    { "GetStringValue", "", "", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RollWmiObject) out =
          call_method (machine, names, cases[i].method, cases[i].key, cases[i].value);

      g_test_message ("%s %s %s", cases[i].method, cases[i].key, cases[i].value);
      g_assert_cmphex (return_value (out), ==, cases[i].result);
    }
  roll_lab_registry_names_free (names);
}

static gboolean
is_database (const RollLabMachine *machine)
{
  return strstr (machine->dns, "sql") != NULL;
}

static void
test_keys_below_rows (void)
{
  g_autoptr (RollLab) lab = roll_lab_new (N_COMPUTERS);
  g_autoptr (RollLabMachine) machine = find_machine (lab, is_database);
  RollLabRegistryNames *names = roll_lab_registry_names_new ();
  g_autoptr (RollWmiObject) keys = call_method (
      machine, names, "EnumKey", "SOFTWARE\\Microsoft\\Microsoft SQL Server\\MSSQL16.SHOP", NULL);
  g_autoptr (RollWmiObject) edition =
      call_method (machine, names, "GetStringValue",
                   "SOFTWARE\\Microsoft\\Microsoft SQL Server\\MSSQL16.SHOP\\Setup", "Edition");

  g_assert_cmpstr (roll_wmi_object_get (keys, "sNames")->array->items[0].text, ==, "Setup");
  g_assert_cmpstr (roll_wmi_object_get (edition, "sValue")->text, ==, "Express Edition");
  g_assert_cmpuint (roll_lab_count_keys (lab, machine->index, "SOFTWARE\\Microsoft\\Microsoft SQL Server",
                                         "Setup\\Edition"),
                    ==, 3);
  roll_lab_registry_names_free (names);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/repository/every-class", test_every_class);
  g_test_add_func ("/lab/repository/every-property", test_every_property);
  g_test_add_func ("/lab/repository/types", test_types);
  g_test_add_func ("/lab/repository/numbers", test_numbers);
  g_test_add_func ("/lab/repository/alike", test_no_two_are_alike_and_each_stays_the_same);
  g_test_add_func ("/lab/repository/what-is-not-there", test_what_is_not_there);
  g_test_add_func ("/lab/registry/programs", test_programs);
  g_test_add_func ("/lab/registry/edges", test_registry_edges);
  g_test_add_func ("/lab/registry/keys-below-rows", test_keys_below_rows);
  return g_test_run ();
}
