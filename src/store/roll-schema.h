/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define ROLL_SCHEMA_APPLICATION_ID 0x526f6c6c /* "Roll", at byte 68 of the file */

/* What brings a file of version @version - 1 to @version. */
typedef struct
{
  int version;
  const char *sql;
} RollMigration;

/* In order of version, from 1. */
const RollMigration *roll_schema_migrations (guint *ret_count);

/**
 * roll_schema_check:
 * @ret_version: the file's version; 0 for an empty file
 *
 * Refuses a file of another program and one of a version above @newest. Changes nothing.
 */
gboolean roll_schema_check (sqlite3 *db, int newest, int *ret_version, GError **error);

/**
 * roll_schema_migrate:
 *
 * Brings the file up to the last of @migrations, each in a transaction of its own that also sets the version,
 * so that a stop at any moment leaves a whole file of one version. A file that has something in it is copied
 * beside itself first, as "FILE.version-N.backup".
 */
gboolean roll_schema_migrate (sqlite3 *db, const RollMigration *migrations, guint n_migrations,
                              GError **error);

G_END_DECLS
