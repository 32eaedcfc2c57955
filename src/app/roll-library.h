/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/roll-store.h"

G_BEGIN_DECLS

/**
 * RollLibrary: the store and the scans in it, opened and read in worker threads.
 *
 * ::changed (): the list of scans is another
 * ::failed (const char *message): a change could not be made; the list is as before
 */
#define ROLL_TYPE_LIBRARY (roll_library_get_type ())
G_DECLARE_FINAL_TYPE (RollLibrary, roll_library, ROLL, LIBRARY, GObject)

RollLibrary *roll_library_new (void);

/* Opens the store and reads the list. Errors: the store's. */
void roll_library_open_async (RollLibrary *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean roll_library_open_finish (RollLibrary *self, GAsyncResult *result, GError **error);

RollStore *roll_library_get_store (RollLibrary *self); /* (nullable): NULL while not open */
GPtrArray *roll_library_get_scans (RollLibrary *self); /* (transfer none) (element-type RollScanInfo): newest first */
const RollScanInfo *roll_library_find (RollLibrary *self, gint64 id); /* (nullable) */

void roll_library_refresh (RollLibrary *self);
void roll_library_rename (RollLibrary *self, gint64 id, const char *name);
void roll_library_delete (RollLibrary *self, gint64 id);

G_END_DECLS
