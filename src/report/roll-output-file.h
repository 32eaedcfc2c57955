/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * A file that appears under its name only when it is whole: until then the old one stays. Buffered; errors stick and come out
 * of roll_output_file_close().
 *
 * Who runs what on which computer is nobody else's business: a new file is readable by its owner only. A file
 * that is replaced keeps its mode and owner, so a wider one, once chosen, stays. A symbolic link stays, its
 * target is replaced. A device or pipe is written as it is.
 */
typedef struct _RollOutputFile RollOutputFile;

/* @path "-": standard output. */
RollOutputFile *roll_output_file_open (const char *path, GError **error);
void roll_output_file_put (RollOutputFile *file, const char *bytes, gsize length);
void roll_output_file_puts (RollOutputFile *file, const char *text);
gboolean roll_output_file_failed (RollOutputFile *file);
/* Moves the file into place; on failure the old one stays. Frees @file. */
gboolean roll_output_file_close (RollOutputFile *file, GError **error);
void roll_output_file_discard (RollOutputFile *file); /* nothing is written under the name; frees */

G_END_DECLS
