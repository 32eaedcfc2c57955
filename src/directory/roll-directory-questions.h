/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-search.h"

G_BEGIN_DECLS

/* What is asked of a domain controller, in straight lines. Errors: see roll_directory_search_run(). */

/* (transfer full) (element-type RollDirectoryContainer) */
GPtrArray *roll_directory_ask_containers (RollDirectoryConnection *connection, RollDirectoryWait *wait, GError **error);

/* @bases: (nullable). @on_progress: (nullable): called after each page. (transfer full) */
RollDirectoryComputers *roll_directory_ask_computers (RollDirectoryConnection *connection, const char *const *bases,
                                                      RollDirectoryWait *wait, void (*on_progress) (guint n, gpointer user_data),
                                                      gpointer user_data, GError **error);

G_END_DECLS
