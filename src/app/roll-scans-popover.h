/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-library.h"
#include "app/roll-session.h"

G_BEGIN_DECLS

/**
 * RollScansPopover: the scans there are, to switch between them.
 *
 * ::scan-chosen (gint64 id)
 */
#define ROLL_TYPE_SCANS_POPOVER (roll_scans_popover_get_type ())
G_DECLARE_FINAL_TYPE (RollScansPopover, roll_scans_popover, ROLL, SCANS_POPOVER, GtkPopover)

/**
 * roll_scans_popover_set_scans:
 * @scans: (element-type RollScanInfo)
 * @shown: the id of the scan that is shown
 * @running: (nullable): the scan that runs here, of which @scans may hold an older state
 */
void roll_scans_popover_set_scans (RollScansPopover *self, GPtrArray *scans, gint64 shown, RollSession *running);

/*
 * "22 Nov 2026, 07:04 · 16,382 computers · Stopped". @state: (nullable): of a scan that runs here, instead of what is stored
 * (transfer full)
 */
char *roll_scan_info_describe (const RollScanInfo *info, const char *state);

G_END_DECLS
