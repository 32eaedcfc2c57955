/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a conversation costs this side: CPU of the thread that holds it; the computer at the other end has its own. */
#include <stdio.h>
#include <time.h>

#include "wmi-session.h"

#define SESSIONS 50
#define QUERIES 20
#define ROWS 500
#define COLUMNS 12
#define VALUES 2400
#define GOAL_SESSION_MS 5.0
#define GOAL_SMART_MS 5.0
#define GOAL_NEXT_MS 20.0
#define GOAL_VALUE_US 100.0

typedef struct
{
  double cpu, wall;
} Time;

static Time
now (void)
{
  struct timespec cpu;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &cpu);
  return (Time) { (double) cpu.tv_sec * 1e3 + (double) cpu.tv_nsec / 1e6, (double) g_get_monotonic_time () / 1e3 };
}

static gboolean
tell (const char *what, Time start, double n, double goal_ms)
{
  Time end = now ();
  double cpu = (end.cpu - start.cpu) / n;

  printf ("%-58s %8.3f ms CPU (goal %g), %8.3f ms in all  %s\n", what, cpu, goal_ms, (end.wall - start.wall) / n,
          cpu <= goal_ms ? "met" : "MISSED");
  return cpu <= goal_ms;
}

static gboolean
count_row (RollWmiObject *object, gpointer user_data)
{
  ++*(guint *) user_data;
  return TRUE;
}

static gboolean
bench_sessions (void)
{
  double cpu = 0, wall = 0;

  for (guint i = 0; i < SESSIONS; i++)
    {
      g_autoptr (WmiSession) session = wmi_session_new (&(WmiServerPlan) { .n_rows = 1 }, WMI_SESSION_WATCHDOG_MS);
      Time start = now (), end;

      g_assert_cmpint (wmi_session_run (session, WMI_SESSION_N_STEPS - 1, NULL), ==, WMI_SESSION_N_STEPS);
      end = now ();
      cpu += end.cpu - start.cpu;
      wall += end.wall - start.wall;
    }
  printf ("%-58s %8.3f ms CPU (goal %g), %8.3f ms in all  %s\n", "greeting to registry, one row, one key, one value",
          cpu / SESSIONS, GOAL_SESSION_MS, wall / SESSIONS, cpu / SESSIONS <= GOAL_SESSION_MS ? "met" : "MISSED");
  return cpu / SESSIONS <= GOAL_SESSION_MS;
}

static gboolean
bench_queries (gboolean smart)
{
  const WmiServerPlan plan = { .n_rows = ROWS, .n_columns = COLUMNS, .no_smart = !smart };
  g_autoptr (WmiSession) session = wmi_session_start (&plan, WMI_SESSION_LOGIN_CIMV2);
  Time start = now ();
  guint n = 0;

  for (guint i = 0; i < QUERIES; i++)
    g_assert_true (roll_wmi_query (session->cimv2, "SELECT * FROM Practice_Row", FALSE, count_row, &n, NULL));
  g_assert_cmpuint (n, ==, ROWS * QUERIES);
  return tell (smart ? "a query of 500 rows, 15 columns, smart enumeration" : "the same by Next", start, QUERIES,
               smart ? GOAL_SMART_MS : GOAL_NEXT_MS);
}

static gboolean
bench_values (gboolean single)
{
  g_autoptr (WmiSession) session = wmi_session_start (&(WmiServerPlan) { .single = single }, WMI_SESSION_REGISTRY);
  g_autofree RollRegistryValue *values = g_new0 (RollRegistryValue, VALUES);
  gboolean met;
  Time start;

  for (guint i = 0; i < VALUES; i++)
    values[i] = (RollRegistryValue) { "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Some program",
                                      "DisplayName", ROLL_CIM_STRING };
  start = now ();
  g_assert_true (roll_registry_get_values (session->registry, values, VALUES, NULL));
  met = tell (single ? "the same, one call at a time" : "a value of the registry, many in flight", start, VALUES,
              GOAL_VALUE_US / 1e3);
  for (guint i = 0; i < VALUES; i++)
    roll_cim_value_clear (&values[i].value);
  return met;
}

int
main (void)
{
  gboolean met = bench_sessions ();

  met = bench_queries (TRUE) && met;
  met = bench_queries (FALSE) && met;
  met = bench_values (FALSE) && met;
  return bench_values (TRUE) && met ? 0 : 1;
}
