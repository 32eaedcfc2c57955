/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-cli.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

#define ROLL_DATABASE_OPTION(variable)                                                                       \
  {                                                                                                          \
    "database", 0, 0, G_OPTION_ARG_FILENAME, &(variable), N_ ("The database file"), N_ ("FILE")              \
  }

/* Opens what is there, to look something up. The reason why it can't be is named and NULL returned. */
RollStore *roll_database_open (const char *path);

/* The same, to write to: a name that was mistyped makes no new database. */
RollStore *roll_database_open_for_writing (const char *path);

/* @id 0: the newest scan; @path: as for roll_database_open(). The reason why there is none is named and NULL returned. */
RollScanInfo *roll_database_get_scan (RollStore *store, gint64 id, const char *path);

/* " --database FILE" for a command to type next, "" when @path is NULL. (transfer full) */
char *roll_database_hint (const char *path);

/* Names the reason on one line; returns ROLL_EXIT_FAILED. */
RollExit roll_database_failed (const GError *error);

G_END_DECLS
