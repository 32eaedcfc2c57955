/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-common-row.h"
#include "app/roll-session.h"

G_BEGIN_DECLS

/**
 * RollCommonView: what failures have in common, a row for each cause; one at a time is open.
 *
 * ::group-chosen (RollCommonCause *group, GArray *ordinals): a row was opened, or what it lists is another; both NULL:
 *   it was closed, or what it told has passed
 * ::help-wanted (): for the chosen group
 * ::test-again (GArray *ordinals): (element-type guint): these computers are to be tested again
 * ::found (guint n): so many groups were found
 */
#define ROLL_TYPE_COMMON_VIEW (roll_common_view_get_type ())
G_DECLARE_FINAL_TYPE (RollCommonView, roll_common_view, ROLL, COMMON_VIEW, GtkWidget)

void roll_common_view_set_session (RollCommonView *self, RollSession *session); /* (nullable) */
/* Closes the row that is open, without a signal. */
void roll_common_view_close (RollCommonView *self);
/* Whether there is somebody who tests again. */
void roll_common_view_set_can_test (RollCommonView *self, gboolean can_test);

G_END_DECLS
