/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-cim.h"
#include "inventory/roll-collectors-private.h"

#define GROUP "<group id='g'><label>G</label>"
#define QUERY(content) "<collectors>" GROUP "\n<query id='Win32_BIOS'>\n" content "</query>\n</group></collectors>"
#define REGISTRY(content) \
  "<collectors>" GROUP "\n<registry id='software' rows='subkeys'>\n" content "</registry>\n</group></collectors>"
#define SIMPLE(id) "<query id='" id "'><label>L</label><property>N</property></query>"
#define LABEL "<label>L</label>\n"

static RollCollectorList *
parse (const char *text, GError **error)
{
  return roll_collectors_parse (text, strlen (text), error);
}

static const RollCollector *
nth (const RollCollectorList *list, guint i)
{
  return &g_array_index (list->collectors, RollCollector, i);
}

/* --- The program's own file ----------------------------------------------------------------------------- */

static void
test_all_that_is_promised_is_there (void)
{
  static const char *const ids[] = {
    "Win32_ComputerSystem",  "Win32_OperatingSystem", "Win32_BIOS",          "Win32_SystemEnclosure",
    "Win32_ComputerSystemProduct", "Win32_BaseBoard", "Win32_Processor",     "Win32_PhysicalMemory",
    "Win32_DiskDrive",       "Win32_LogicalDisk",     "Win32_Volume",        "Win32_NetworkAdapter",
    "Win32_NetworkAdapterConfiguration",              "Win32_VideoController", "Win32_Service",
    "Win32_Share",           "Win32_UserProfile",     "Win32_QuickFixEngineering", "Win32_ServerFeature",
    "Win32_OptionalFeature", "SoftwareLicensingProduct", "windows-version",  "software",
    "hyper-v-guest",         "sql-server",            "AntiVirusProduct",    "FirewallProduct",
  };
  guint n;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      const RollCollector *collector = roll_collectors_find (ids[i]);

      g_test_message ("%s", ids[i]);
      g_assert_nonnull (collector);
      g_assert_cmpstr (collector->id, ==, ids[i]);
    }
  roll_collectors (&n);
  g_assert_cmpuint (n, >=, G_N_ELEMENTS (ids));
}

/* Asking for it starts a repair of every installed package. */
static void
test_win32_product_is_not_there (void)
{
  const RollCollector *collectors;
  guint n;

  collectors = roll_collectors (&n);
  for (guint i = 0; i < n; i++)
    g_assert_true (g_ascii_strcasecmp (collectors[i].class_name, "Win32_Product") != 0);
  g_assert_null (roll_collectors_find ("Win32_Product"));
}

static void
test_each_is_whole (void)
{
  const RollCollector *collectors;
  guint n;

  collectors = roll_collectors (&n);
  for (guint i = 0; i < n; i++)
    {
      const RollCollector *collector = &collectors[i];
      gboolean query = collector->kind == ROLL_COLLECTOR_QUERY;

      g_test_message ("%s", collector->id);
      g_assert_true (roll_collectors_find (collector->id) == collector); /* no id twice, whatever its case */
      g_assert_true (query == (collector->keys == NULL));
      g_assert_true (g_str_has_prefix (collector->namespace_, "root/"));
      g_assert_cmpuint (g_strv_length ((char **) collector->columns), ==, collector->n_properties + !query);
      for (guint j = 0; j < collector->n_properties; j++)
        {
          g_assert_cmpstr (collector->columns[j + !query], ==, collector->properties[j].name);
          g_assert_true (query == (collector->properties[j].type == 0));
        }
    }
}

static void
test_every_fact_has_its_property (void)
{
  static const char *const facts[] = {
    "computer-name", "domain",        "os",         "os-version", "os-build",     "manufacturer",
    "model",         "serial-number", "processors", "cores",      "memory-bytes",
  };
  const RollCollector *collectors;
  guint n;

  collectors = roll_collectors (&n);
  for (guint f = 0; f < G_N_ELEMENTS (facts); f++)
    {
      guint n_found = 0;

      for (guint i = 0; i < n; i++)
        for (guint j = 0; j < collectors[i].n_properties; j++)
          n_found += g_strcmp0 (collectors[i].properties[j].fact, facts[f]) == 0;
      g_test_message ("%s", facts[f]);
      g_assert_cmpuint (n_found, ==, 1);
    }
}

static void
test_each_is_in_one_group (void)
{
  guint n, n_groups;
  const RollCollector *next = roll_collectors (&n);
  const RollCollectorGroup *groups = roll_collector_groups (&n_groups);

  for (guint i = 0; i < n_groups; i++)
    {
      g_test_message ("%s", groups[i].id);
      g_assert_true (groups[i].collectors == next);
      g_assert_cmpuint (groups[i].n_collectors, >, 0);
      next += groups[i].n_collectors;
    }
  g_assert_true (next == roll_collectors (NULL) + n);
}

/* --- Choosing ------------------------------------------------------------------------------------------- */

/* The ids, or the message of the error. (transfer full) */
static char *
choose (const char *collect, const char *skip)
{
  g_auto (GStrv) collect_ids = collect != NULL ? g_strsplit (collect, ",", -1) : NULL;
  g_auto (GStrv) skip_ids = skip != NULL ? g_strsplit (skip, ",", -1) : NULL;
  g_auto (GStrv) skipped = NULL;
  g_autoptr (GError) error = NULL;

  if (!roll_collectors_choose ((const char *const *) collect_ids, (const char *const *) skip_ids, &skipped, &error))
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      return g_strdup (error->message);
    }
  return skipped != NULL ? g_strjoinv (",", skipped) : g_strdup ("nothing");
}

static void
test_what_is_collected_is_chosen (void)
{
  static const char everything[] = "computer,hardware,network,services,windows,software,workloads,security";
  static const struct
  {
    const char *collect, *skip, *skipped;
  } cases[] = {
    { NULL, NULL, "nothing" },
    { everything, NULL, "nothing" },
    { NULL, "software", "software" },
    { NULL, "SOFTWARE,win32_share,software", "Win32_Share,software" },
    { NULL, "network", "Win32_NetworkAdapter,Win32_NetworkAdapterConfiguration" },
    { everything, "network", "Win32_NetworkAdapter,Win32_NetworkAdapterConfiguration" },
    { "Win32_BIOS", "computer,hardware,network,services,windows,workloads,security", "" },
    { NULL, everything, "" },
    { NULL, "softwares", "“softwares”" },
    { "Win32_Product", NULL, "“Win32_Product”" },
    { "software,", NULL, "“”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *skipped = choose (cases[i].collect, cases[i].skip);

      g_test_message ("%s", skipped);
      if (*cases[i].skipped == '\0')
        g_assert_true (g_str_has_prefix (skipped, "Nothing is left to collect"));
      else if (g_str_has_prefix (cases[i].skipped, "“"))
        g_assert_true (g_str_has_prefix (skipped, cases[i].skipped) && strstr (skipped, ": computer, hardware, ") != NULL
                       && strstr (skipped, ", Win32_BIOS, ") != NULL);
      else
        g_assert_cmpstr (skipped, ==, cases[i].skipped);
    }
}

/* --- Reading -------------------------------------------------------------------------------------------- */

static void
test_what_is_written_is_read (void)
{
  static const char text[] =
      "<collectors><group id='g'><label> Both </label><query id='Win32_Disk' namespace='root/x' filter='A = 3 AND B &lt; 4' optional='yes' few='yes'>"
      "<label> Disks\n</label><property>Name</property><property fact='cores'>Size</property></query>"
      "<registry id='sql' rows='values' require='edition'><label>SQL</label><key>A\\B C</key><key>D</key>"
      "<value type='string' subkey='Setup' fact='os'>Edition</value><value type='string[]'>Roles</value>"
      "<value type='uint32'>Major</value><value type='uint64'>Size</value></registry></group></collectors>";
  g_autoptr (GError) error = NULL;
  g_autoptr (RollCollectorList) list = parse (text, &error);
  g_autofree char *query = NULL, *query_all = NULL, *columns = NULL, *key_columns = NULL;
  const RollCollectorGroup *group = NULL;

  g_assert_no_error (error);
  group = &g_array_index (list->groups, RollCollectorGroup, 0);
  g_assert_cmpuint (list->collectors->len, ==, 2);
  g_assert_cmpuint (list->groups->len, ==, 1);
  g_assert_cmpstr (group->id, ==, "g");
  g_assert_cmpstr (group->label, ==, "Both");
  g_assert_true (group->collectors == nth (list, 0));
  g_assert_cmpuint (group->n_collectors, ==, 2);
  g_assert_cmpint (nth (list, 0)->kind, ==, ROLL_COLLECTOR_QUERY);
  g_assert_cmpstr (nth (list, 0)->label, ==, "Disks");
  g_assert_cmpstr (nth (list, 0)->namespace_, ==, "root/x");
  g_assert_true (nth (list, 0)->optional);
  g_assert_true (nth (list, 0)->few);
  g_assert_cmpstr (nth (list, 0)->properties[1].fact, ==, "cores");
  query = roll_collector_query (nth (list, 0));
  g_assert_cmpstr (query, ==, "SELECT Name, Size FROM Win32_Disk WHERE A = 3 AND B < 4");
  query_all = roll_collector_query_all (nth (list, 0));
  g_assert_cmpstr (query_all, ==, "SELECT * FROM Win32_Disk WHERE A = 3 AND B < 4");
  columns = g_strjoinv (",", (char **) nth (list, 0)->columns);
  g_assert_cmpstr (columns, ==, "Name,Size");

  g_assert_cmpint (nth (list, 1)->kind, ==, ROLL_COLLECTOR_KEY);
  g_assert_cmpstr (nth (list, 1)->namespace_, ==, "root/default");
  g_assert_cmpstr (nth (list, 1)->class_name, ==, "StdRegProv");
  g_assert_cmpstr (nth (list, 1)->keys[0], ==, "A\\B C");
  g_assert_cmpstr (nth (list, 1)->keys[1], ==, "D");
  g_assert_null (nth (list, 1)->keys[2]);
  g_assert_cmpstr (nth (list, 1)->require, ==, "edition");
  g_assert_false (nth (list, 1)->optional);
  g_assert_cmpstr (nth (list, 1)->properties[0].subkey, ==, "Setup");
  g_assert_null (nth (list, 1)->properties[1].subkey);
  g_assert_cmpuint (nth (list, 1)->properties[0].type, ==, ROLL_CIM_STRING);
  g_assert_cmpuint (nth (list, 1)->properties[1].type, ==, ROLL_CIM_STRING | ROLL_CIM_ARRAY);
  g_assert_cmpuint (nth (list, 1)->properties[2].type, ==, ROLL_CIM_UINT32);
  g_assert_cmpuint (nth (list, 1)->properties[3].type, ==, ROLL_CIM_UINT64);
  key_columns = g_strjoinv (",", (char **) nth (list, 1)->columns);
  g_assert_cmpstr (key_columns, ==, "Key,Edition,Roles,Major,Size");
}

static void
test_a_class_without_filter (void)
{
  const RollCollector *collector = roll_collectors_find ("win32_baseboard");
  g_autofree char *query = roll_collector_query (collector);
  g_autofree char *query_all = roll_collector_query_all (collector);

  g_assert_cmpstr (query, ==, "SELECT Manufacturer, Product, Version, SerialNumber FROM Win32_BaseBoard");
  g_assert_cmpstr (query_all, ==, "SELECT * FROM Win32_BaseBoard");
}

/* Every way to spoil the file is refused, and the error names the line. */
static void
test_spoilt_files_are_refused (void)
{
  static const struct
  {
    const char *text;
    int line;
  } cases[] = {
    { "", 0 },
    { "<collectors>\n<query", 2 },
    { "<collectors>\n\xff\n</collectors>", 0 },
    { "<html/>", 1 },
    { "<collectors>\n<query id='A'/></collectors>", 2 },
    { "<collectors>\n<group/></collectors>", 2 },
    { "<collectors>\n<group id='a b'/></collectors>", 2 },
    { "<collectors>\n<group id='g'>\n<label>G</label>\n</group></collectors>", 4 },
    { "<collectors>\n<group id='g'>" SIMPLE ("A") "\n</group></collectors>", 3 },
    { "<collectors>" GROUP "\n<label>G</label></group></collectors>", 2 },
    { "<collectors>" GROUP SIMPLE ("A") "</group>\n<group id='G'></group></collectors>", 2 },
    { "<collectors>" GROUP SIMPLE ("A") "</group>\n<group id='a'></group></collectors>", 2 },
    { "<collectors>" GROUP SIMPLE ("A") "</group><group id='h'><label>H</label>\n" SIMPLE ("G") "</group></collectors>", 2 },
    { "<collectors>" GROUP SIMPLE ("A") SIMPLE ("G") "\n</group></collectors>", 2 },
    { "<collectors><collectors/></collectors>", 1 },
    { "<collectors>\nstray\n</collectors>", 3 },
    { "<collectors>" GROUP "\n<query/></collectors>", 2 },
    { "<collectors>" GROUP "\n<query id=''/></collectors>", 2 },
    { "<collectors>" GROUP "\n<query id='a b'/></collectors>", 2 },
    { "<collectors>" GROUP "\n<query id='A' class='B'/></collectors>", 2 },
    { "<collectors>" GROUP "\n<query id='A' optional='no'/></collectors>", 2 },
    { "<collectors>" GROUP "\n<query id='A' few='2'/></collectors>", 2 },
    { QUERY ("<property>Name</property>\n"), 4 },
    { QUERY (LABEL), 4 },
    { QUERY (LABEL LABEL), 4 },
    { QUERY ("<label> </label>\n"), 3 },
    { QUERY (LABEL "<property></property>\n"), 4 },
    { QUERY (LABEL "<property type='string'>Name</property>\n"), 4 },
    { QUERY (LABEL "<property>Name, Version</property>\n"), 4 },
    { QUERY (LABEL "<property>Name</property>\n<property>NAME</property>\n"), 5 },
    { QUERY (LABEL "<property fact='colour'>Name</property>\n"), 4 },
    { QUERY (LABEL "<property fact='os'>Name</property>\n<property fact='os'>Caption</property>\n"), 5 },
    { QUERY (LABEL "<value type='string'>Name</value>\n"), 4 },
    { QUERY (LABEL "<key>A</key>\n"), 4 },
    { "<collectors>" GROUP "\n<query id='A'><label>L</label><property>N</property></query>\n<query id='a'/></collectors>", 3 },
    { "<collectors>" GROUP "\n<query id='A'><label>L</label><property fact='os'>N</property></query>\n"
      "<query id='B'><label>L</label><property fact='os'>N</property></query></collectors>", 3 },
    { "<collectors>" GROUP "\n<registry id='a'/></collectors>", 2 },
    { "<collectors>" GROUP "\n<registry id='a' rows='all'/></collectors>", 2 },
    { "<collectors>" GROUP "\n<registry id='a' rows='values' namespace='root/default'/></collectors>", 2 },
    { REGISTRY (LABEL "<value type='string'>A</value>\n"), 5 },
    { REGISTRY (LABEL "<key>A</key>\n"), 5 },
    { REGISTRY (LABEL "<key>\\A</key>\n"), 4 },
    { REGISTRY (LABEL "<key>A\\</key>\n"), 4 },
    { REGISTRY (LABEL "<key>HKEY_LOCAL_MACHINE\\A</key>\n"), 4 },
    { REGISTRY (LABEL "<key/>\n"), 4 },
    { REGISTRY (LABEL "<value>A</value>\n"), 4 },
    { REGISTRY (LABEL "<value type='binary'>A</value>\n"), 4 },
    { REGISTRY (LABEL "<value type='string'>Key</value>\n"), 4 },
    { REGISTRY (LABEL "<property>A</property>\n"), 4 },
    { "<collectors>" GROUP "\n<registry id='a' rows='values' require='B'><label>L</label><key>K</key>\n"
      "<value type='string'>A</value></registry></collectors>", 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *prefix = g_strdup_printf ("Error on line %d", cases[i].line);

      g_test_message ("%s", cases[i].text);
      g_assert_null (parse (cases[i].text, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == G_MARKUP_ERROR);
      g_test_message ("%s", error->message);
      if (cases[i].line > 0)
        g_assert_true (g_str_has_prefix (error->message, prefix));
    }
}

/* Cut anywhere, the file is refused and nothing leaks or crashes. */
static void
test_cut_files_are_refused (void)
{
  static const char text[] = "<collectors><group id='g'><label>G</label>"
                             "<query id='A'><label>L</label><property fact='os'>N</property></query>"
                             "<registry id='b' rows='values'><label>L</label><key>K</key>"
                             "<value type='uint32'>V</value></registry></group></collectors>";

  for (gsize length = 0; length < sizeof text - 1; length++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (roll_collectors_parse (text, length, &error));
      g_assert_nonnull (error);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inventory/collectors/all-that-is-promised", test_all_that_is_promised_is_there);
  g_test_add_func ("/inventory/collectors/no-win32-product", test_win32_product_is_not_there);
  g_test_add_func ("/inventory/collectors/each-is-whole", test_each_is_whole);
  g_test_add_func ("/inventory/collectors/facts", test_every_fact_has_its_property);
  g_test_add_func ("/inventory/collectors/groups", test_each_is_in_one_group);
  g_test_add_func ("/inventory/collectors/chosen", test_what_is_collected_is_chosen);
  g_test_add_func ("/inventory/collectors/what-is-written-is-read", test_what_is_written_is_read);
  g_test_add_func ("/inventory/collectors/without-filter", test_a_class_without_filter);
  g_test_add_func ("/inventory/collectors/spoilt", test_spoilt_files_are_refused);
  g_test_add_func ("/inventory/collectors/cut", test_cut_files_are_refused);
  return g_test_run ();
}
