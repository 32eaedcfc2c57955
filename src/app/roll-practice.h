/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-session.h"

G_BEGIN_DECLS

/* Starts the practice network in a worker thread and plans a scan of it; the network lives as long as the plan. */
void roll_practice_plan_async (GAsyncReadyCallback callback, gpointer user_data);
RollScanPlan *roll_practice_plan_finish (GAsyncResult *result, GError **error); /* (transfer full) */

G_END_DECLS
