/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

double
cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double
wall_seconds (void)
{
  return (double) g_get_monotonic_time () / 1e6;
}

/* Peak resident memory, or what is resident now, in KB. */
long
memory_kb (const char *field)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, field);
  return line != NULL ? strtol (line + strlen (field), NULL, 10) : 0;
}

void
forget_peak (void)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full ("/proc/self/clear_refs", "5", 1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
print_times (const char *what, GArray *times)
{
  double p50, p99;

  g_array_sort (times, compare_doubles);
  p50 = g_array_index (times, double, times->len / 2);
  p99 = g_array_index (times, double, times->len * 99 / 100);
  g_print ("%-44s %8u   p50 %7.3f ms   p99 %7.3f ms   max %7.3f ms\n", what, times->len, p50 * 1e3, p99 * 1e3,
           g_array_index (times, double, times->len - 1) * 1e3);
}

gint64
file_size (const char *path)
{
  struct stat info;

  return stat (path, &info) == 0 ? info.st_size : 0;
}

gpointer
read_tallies (gpointer data)
{
  TallyReader *reader = data;
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  while (!g_atomic_int_get (&reader->stop))
    {
      double start = wall_seconds ();
      double took;

      g_array_unref (roll_store_tally (reader->store, reader->scan, NULL));
      took = wall_seconds () - start;
      g_array_append_val (times, took);
      g_usleep (2000);
    }
  print_times ("status query while writing", times);
  return NULL;
}
