/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-cli.h"

G_BEGIN_DECLS

/*
 * The command line of one command: GOption underneath, with our own words for mistakes and our own exit
 * status. Texts are taken as bytes (G_OPTION_ARG_FILENAME) and understood as UTF-8 whatever the locale.
 */

/**
 * roll_arguments_parse:
 * @command: name in the command table
 * @description: (nullable): what the help says below the options
 * @ret_words: (nullable): what is not an option; NULL when the command takes none
 * @ret_exit: what to return when this says FALSE: after --help, or after a mistake has been named
 *
 * Returns: TRUE to go on
 */
gboolean roll_arguments_parse (const char *command,
                               const GOptionEntry *entries,
                               const char *description,
                               char **words,
                               char ***ret_words,
                               RollExit *ret_exit);

/* Names a mistake and where the help is. Returns ROLL_EXIT_USAGE. */
RollExit roll_arguments_wrong (const char *command, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* @text NULL leaves *@value alone. A mistake is named and FALSE returned. */
gboolean roll_arguments_number (
    const char *command, const char *option, const char *text, guint min, guint max, guint *value);
/* Seconds with a decimal point, kept in milliseconds. */
gboolean roll_arguments_seconds (
    const char *command, const char *option, const char *text, guint min_ms, guint max_ms, guint *value_ms);

/* Is @text a scan's number? */
gboolean roll_arguments_scan_id (const char *text, gint64 *ret_id);
/* The same where nothing else may stand: the mistake is named, with how to see the scans of @database. */
gboolean roll_arguments_need_scan_id (const char *command, const char *database, const char *text, gint64 *ret_id);
/* The one scan number a command takes at most; 0 when there is none. */
gboolean roll_arguments_only_scan_id (const char *command, const char *database, char **words, gint64 *ret_id);

G_END_DECLS
