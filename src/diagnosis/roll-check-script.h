/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"
#include "status/roll-causes-rank.h"

G_BEGIN_DECLS

/*
 * The script that looks for causes on the target itself, data/check-target.ps1, and what it prints:
 *
 *   {"rollcall-check":1,"computer":"PC17","results":[{"cause":"AD.3","found":true,"what":"..."}]}
 *
 * found is true, false, or null where it could not be told. Anybody may have written the file that is given to us.
 */

#define ROLL_CHECK_FINDING "check-script" /* the kind of finding it is stored as */
#define ROLL_CHECK_MAX (1 << 20)          /* bytes of output that are read */

/* (transfer full): to be shown, copied or saved; ASCII, lines end with CRLF as Windows likes it */
char *roll_check_script_text (void);

/**
 * roll_check_parse:
 * @bytes: what the script printed: UTF-8 or UTF-16, as Windows PowerShell writes it into a file
 * @computer: (nullable): whose it should be: that of another one is refused
 *
 * Returns: (transfer full): the detail of a finding, "AD.3=yes:text CTO.2=no:text"; causes that are not known here are left out.
 * Errors: G_IO_ERROR_INVALID_DATA, the text says what is wrong with the file
 */
char *roll_check_parse (GBytes *bytes, const RollComputer *computer, GError **error);

/* One line of what was found. */
typedef struct
{
  const RollCause *cause;
  RollTruth found;
  char *what; /* as the script said it; may be empty */
} RollCheckResult;

/* (transfer full) (element-type RollCheckResult): from a finding's detail; what can't be read is left out */
GPtrArray *roll_check_results (const char *detail);

/* Puts the causes of @ranked in the order that @detail gives them: found speaks decisively for a cause, ruled out against it. */
void roll_check_apply (const char *detail, GPtrArray *ranked);

G_END_DECLS
