/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the window remembers. (transfer none) (nullable): NULL when the schema is not installed: then nothing is. */
GSettings *roll_settings_get (void);

G_END_DECLS
