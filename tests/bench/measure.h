/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/roll-store.h"

G_BEGIN_DECLS

double cpu_seconds (void); /* of this process so far */
double wall_seconds (void);

long memory_kb (const char *field); /* of /proc/self/status: "VmHWM:", the peak, or "VmRSS:" */
void forget_peak (void);

void print_times (const char *what, GArray *times); /* (element-type double): seconds; sorts them */
/* A thread that asks for the tallies of a scan as a window does, until told to stop, and prints how long that took. */
typedef struct
{
  RollStore *store;
  gint64 scan;
  gint stop; /* atomic */
} TallyReader;
gpointer read_tallies (gpointer reader);

gint64 file_size (const char *path);

G_END_DECLS
