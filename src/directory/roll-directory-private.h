/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-computers-private.h"
#include "directory/roll-directory.h"

G_BEGIN_DECLS

/* Lower case, without a dot at its end; NULL: it is none. (transfer full) (nullable) */
char *roll_directory_normal_domain (const char *text);
/* FALSE: it is none. */
gboolean roll_directory_parse_server (const char *text, RollDirectorySecurity security, char **ret_host, guint16 *ret_port);

void roll_directory_container_free (RollDirectoryContainer *container);

G_END_DECLS
