/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "codec/roll-row-set.h"
#include "inventory/roll-collectors.h"
#include "measure.h"
#include "report/roll-csv.h"
#include "store-fixture.h"

/*
 * What whole inventories cost: bench-inventory [COMPUTERS]. Each computer has 300 programs and 230 services: those of
 * Windows alike everywhere, the rest of its own. Goals: 500 computers a second, 30 KB each, and commits within 10 ms.
 */

#define N_KINDS 32 /* different inventories; the computers take turns */

typedef struct
{
  GPtrArray *ids;
  GPtrArray *blobs; /* (element-type GBytes) */
  GArray *n_rows;
  gsize n_raw; /* bytes of the values: UTF-16 as WMI has them, numbers as they are */
} Inventory;

static guint
count_rows (const char *id)
{
  static const struct
  {
    const char *id;
    guint n;
  } counts[] = {
    { "Win32_Service", 230 }, { "software", 300 },      { "Win32_QuickFixEngineering", 12 },
    { "Win32_OptionalFeature", 60 }, { "Win32_Share", 5 }, { "Win32_UserProfile", 3 }, { "Win32_PhysicalMemory", 4 },
    { "Win32_Volume", 4 },    { "Win32_NetworkAdapter", 3 }, { "Win32_ServerFeature", 0 }, { "sql-server", 0 },
    { "hyper-v-guest", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (g_str_equal (counts[i].id, id))
      return counts[i].n;
  return 1;
}

static char *
make_guid (GRand *rand)
{
  return g_strdup_printf ("{%08X-%04X-%04X-%04X-%08X%04X}", g_rand_int (rand), g_rand_int (rand) & 0xffff,
                          g_rand_int (rand) & 0xffff, g_rand_int (rand) & 0xffff, g_rand_int (rand),
                          g_rand_int (rand) & 0xffff);
}

/* Columns that hold one of few values; (nullable): of no such column. */
static const char *
pick_usual (GRand *rand, const char *column)
{
  static const struct
  {
    const char *column;
    const char *values[4];
  } usual[] = {
    { "State", { "Running", "Stopped", "Running", "Stopped" } },
    { "StartMode", { "Auto", "Manual", "Manual", "Disabled" } },
    { "StartName", { "LocalSystem", "NT AUTHORITY\\LocalService", "LocalSystem", "NT AUTHORITY\\NetworkService" } },
    { "Status", { "OK", "OK", "OK", "Degraded" } },
    { "ServiceType", { "Share Process", "Own Process", "Share Process", "Own Process" } },
    { "ReleaseType", { "Update", "Security Update", "Hotfix", "Update" } },
    { "InstallDate", { "20250212", "20250711", "20241105", "20250930" } },
  };
  guint which = g_rand_int (rand);

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (g_str_equal (usual[i].column, column))
      return usual[i].values[which % 4];
  if (g_str_equal (column, "PathName") && which % 4 < 3)
    return which % 2 == 0 ? "C:\\Windows\\system32\\svchost.exe -k netsvcs -p"
                          : "C:\\Windows\\system32\\svchost.exe -k LocalServiceNetworkRestricted -p";
  return NULL;
}

/* Most programs leave these out. */
static gboolean
is_rare (const char *column)
{
  return strstr (column, "InstallLocation") != NULL || strstr (column, "Parent") != NULL ||
         strstr (column, "ReleaseType") != NULL || strstr (column, "SystemComponent") != NULL;
}

/* Looks like what stands in such a column, as varied as that is. */
static char *
make_text (GRand *rand, const char *column)
{
  static const char *const vendors[] = { "Microsoft Corporation", "Contoso Software GmbH", "Fabrikam, Inc.", "Adatum",
                                         "Northwind Traders Ltd.", "Litware Systems", "Tailspin Toys", "Proseware" };
  static const char *const words[] = { "Update", "Runtime", "Client", "Manager", "Service", "Studio", "Viewer", "Tools",
                                       "Driver", "Agent", "Helper", "Suite", "Connector", "Framework", "Language", "Pack" };
  const char *a = words[g_rand_int (rand) % G_N_ELEMENTS (words)];
  const char *b = words[g_rand_int (rand) % G_N_ELEMENTS (words)];
  const char *vendor = vendors[g_rand_int (rand) % G_N_ELEMENTS (vendors)];
  const char *usual = pick_usual (rand, column);

  if (usual != NULL)
    return g_strdup (usual);
  if (g_str_equal (column, "Key")) /* half of them by name */
    {
      g_autofree char *last = g_rand_boolean (rand) ? make_guid (rand) : g_strdup_printf ("%s %s %s", vendor, a, b);

      return g_strconcat ("SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\", last, NULL);
    }
  if (strstr (column, "GUID") != NULL || strstr (column, "UUID") != NULL || strstr (column, "ID") != NULL)
    return make_guid (rand);
  if (strstr (column, "Version") != NULL)
    return g_strdup_printf ("%u.%u.%u", g_rand_int (rand) % 20, g_rand_int (rand) % 10, g_rand_int (rand) % 30000);
  if (strstr (column, "Date") != NULL)
    return g_strdup_printf ("2025%02u%02u", 1 + g_rand_int (rand) % 12, 1 + g_rand_int (rand) % 28);
  if (strstr (column, "Path") != NULL || strstr (column, "Location") != NULL)
    return g_strdup_printf ("C:\\Program Files\\%s\\%s %s\\bin\\%s.exe", vendor, a, b, a);
  if (strstr (column, "Publisher") != NULL || strstr (column, "Manufacturer") != NULL)
    return g_strdup (vendor);
  return g_strdup_printf ("%s %s %s %u", vendor, a, b, g_rand_int (rand) % 1000);
}

static gboolean
is_number (const char *column)
{
  static const char *const parts[] = { "Size", "Number", "Speed", "Capacity", "Space", "Process", "Code", "Type", "SystemC",
                                       "WindowsI", "Index", "Memory" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (column, parts[i]) != NULL)
      return TRUE;
  return FALSE;
}

static void
add_row (Inventory *inventory, RollRowSet *rows, const char *const *columns, GRand *rand)
{
  guint n = g_strv_length ((char **) columns);
  g_autofree RollCimValue *values = g_new0 (RollCimValue, n);

  for (guint i = 0; i < n; i++)
    if (g_rand_int (rand) % 10 < (is_rare (columns[i]) ? 8u : 0u))
      values[i] = (RollCimValue) { .type = ROLL_CIM_STRING, .null = TRUE };
    else if (is_number (columns[i]))
      {
        values[i] = (RollCimValue) { .type = ROLL_CIM_UINT32, .uint = g_rand_int (rand) % 100000 };
        inventory->n_raw += 4;
      }
    else
      {
        values[i] = (RollCimValue) { .type = ROLL_CIM_STRING, .text = make_text (rand, columns[i]) };
        inventory->n_raw += 2 * strlen (values[i].text);
      }
  roll_row_set_add (rows, values);
  for (guint i = 0; i < n; i++)
    roll_cim_value_clear (&values[i]);
}

/* Two thirds of the rows are those of Windows, the same on each computer. */
static RollRowSet *
make_rows (Inventory *inventory, const RollCollector *collector, guint kind, guint n)
{
  g_autoptr (GRand) common = g_rand_new_with_seed (1);
  g_autoptr (GRand) own = g_rand_new_with_seed (kind + 2);
  RollRowSet *rows = roll_row_set_new (collector->columns);

  for (guint i = 0; i < n; i++)
    add_row (inventory, rows, collector->columns, i % 3 < 2 ? common : own);
  return rows;
}

static Inventory *
inventory_new (guint kind, double *encoding)
{
  Inventory *inventory = g_new0 (Inventory, 1);
  const RollCollector *collectors;
  guint n;

  inventory->ids = g_ptr_array_new ();
  inventory->blobs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  inventory->n_rows = g_array_new (FALSE, FALSE, sizeof (guint));
  collectors = roll_collectors (&n);
  for (guint i = 0; i < n; i++)
    {
      guint n_rows = count_rows (collectors[i].id);
      g_autoptr (RollRowSet) rows = make_rows (inventory, &collectors[i], kind, n_rows);
      double cpu = cpu_seconds ();

      g_ptr_array_add (inventory->ids, (gpointer) collectors[i].id);
      g_ptr_array_add (inventory->blobs, roll_row_set_to_bytes (rows));
      g_array_append_val (inventory->n_rows, n_rows);
      *encoding += cpu_seconds () - cpu;
    }
  return inventory;
}

static void
inventory_free (Inventory *inventory)
{
  g_ptr_array_unref (inventory->ids);
  g_ptr_array_unref (inventory->blobs);
  g_array_unref (inventory->n_rows);
  g_free (inventory);
}

static void
post (RollJournal *journal, const Inventory *inventory, guint ordinal)
{
  RollComputer *computer = store_fixture_computer (ordinal, ROLL_STATUS_SUCCESS, 1);
  RollAttempt *attempt = store_fixture_attempt (computer);

  computer->credential = g_strdup ("Domain admin");
  computer->classes_collected = computer->classes_planned = inventory->ids->len;
  computer->facts = roll_facts_new ();
  computer->facts->computer_name = g_strdup_printf ("PC%u", ordinal);
  computer->facts->os = g_strdup ("Microsoft Windows 11 Pro");
  computer->facts->memory_bytes = G_GUINT64_CONSTANT (17179869184);
  for (guint i = 0; i < inventory->ids->len; i++)
    {
      RollClassResult *result = store_fixture_add_class (attempt, inventory->ids->pdata[i], ROLL_CLASS_COLLECTED, 0);

      g_bytes_unref (result->rows);
      result->rows = g_bytes_ref (inventory->blobs->pdata[i]);
      result->n_rows = g_array_index (inventory->n_rows, guint, i);
    }
  roll_journal_post_attempt (journal, computer, attempt);
}

static gint64
write_fast (StoreFixture *fixture, GPtrArray *kinds, guint n)
{
  gint64 scan = store_fixture_add_scan (fixture, n);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  TallyReader reader = { fixture->store, scan, 0 };
  GThread *thread = g_thread_new ("read", read_tallies, &reader);
  double cpu = cpu_seconds (), wall = wall_seconds ();

  forget_peak ();
  for (guint i = 0; i < n; i++)
    post (journal, kinds->pdata[i % kinds->len], i);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  wall = wall_seconds () - wall;
  cpu = cpu_seconds () - cpu;
  g_atomic_int_set (&reader.stop, 1);
  g_thread_join (thread);
  g_print ("%-44s %8u   %.0f/s   %.2f ms CPU each, the reader's included; peak %.1f MB\n", "written", n, n / wall,
           cpu / n * 1e3, (double) memory_kb ("VmHWM:") / 1024);
  return scan;
}

static void
write_slowly (StoreFixture *fixture, GPtrArray *kinds, guint n)
{
  gint64 scan = store_fixture_add_scan (fixture, n);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < n; i++)
    {
      double start = wall_seconds ();
      double took;

      post (journal, kinds->pdata[i % kinds->len], i);
      roll_journal_flush (journal, NULL, NULL);
      took = wall_seconds () - start;
      g_array_append_val (times, took);
    }
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  print_times ("one commit per computer", times);
}

static void
delete_scan (StoreFixture *fixture, gint64 scan, guint n)
{
  double wall = wall_seconds ();

  roll_store_delete_scan (fixture->store, scan, NULL);
  g_print ("%-44s %8u   %.2f s\n", "computers deleted with their scan", n, wall_seconds () - wall);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 2000;
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func ((GDestroyNotify) inventory_free);
  StoreFixture fixture = { 0 };
  double encoding = 0;
  gint64 scan;

  setlocale (LC_ALL, "");
  for (guint i = 0; i < N_KINDS; i++)
    g_ptr_array_add (kinds, inventory_new (i, &encoding));
  g_print ("%-44s %8.1f KiB, %.2f ms CPU to pack\n", "an inventory, as WMI has it",
           (double) ((Inventory *) kinds->pdata[0])->n_raw / 1024, encoding / N_KINDS * 1e3);
  store_fixture_set_up (&fixture, NULL);
  scan = write_fast (&fixture, kinds, n);
  store_fixture_reopen (&fixture);
  g_print ("%-44s %8.1f KB\n", "a computer on disk", (double) file_size (fixture.path) / n / 1000);
  write_slowly (&fixture, kinds, MIN (n, 500));
  delete_scan (&fixture, scan, n);
  store_fixture_tear_down (&fixture, NULL);
  return 0;
}
