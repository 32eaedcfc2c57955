/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-session.h"

G_BEGIN_DECLS

/**
 * roll_go_on_prepare_async: gets what a stored scan needs to go on, or with @test to test computers again, and is stored
 * nowhere: the account, which the person is asked for unless the session still has it, and, for a scan of the practice
 * network, that network.
 */
void roll_go_on_prepare_async (GtkWindow *parent, RollSession *session, gboolean test, GAsyncReadyCallback callback,
                               gpointer user_data);

/**
 * roll_go_on_prepare_finish:
 * @ret_credentials: (transfer full) (nullable): NULL for a scan that logs on nowhere
 *
 * Errors: G_IO_ERROR_CANCELLED: the person thought better of it; or why the practice network can't be there
 */
gboolean roll_go_on_prepare_finish (GAsyncResult *result, GPtrArray **ret_credentials, GError **error);

G_END_DECLS
