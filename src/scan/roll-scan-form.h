/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "scan/roll-target-source.h"

G_BEGIN_DECLS

/* What was typed or chosen in New Scan, and what is to be said of it. No widget here; run in a worker thread. */

/**
 * RollScanForm:
 * @targets: entries, one per line or with blanks, commas or semicolons between them
 * @sources: (element-type RollTargetSource): the other ways to find computers
 * @exclusions: entries, likewise
 */
typedef struct
{
  char *targets;
  GPtrArray *sources;
  char *exclusions;
} RollScanForm;

RollScanForm *roll_scan_form_new (const char *targets, const char *exclusions); /* without sources */
RollScanForm *roll_scan_form_copy (const RollScanForm *form);
void roll_scan_form_free (RollScanForm *form);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollScanForm, roll_scan_form_free)

typedef enum
{
  ROLL_FIELD_TARGETS,
  ROLL_FIELD_SOURCE,
  ROLL_FIELD_EXCLUSIONS,
} RollFormField;

/* A wrong entry and where it stands. @line 0: the file as a whole. */
typedef struct
{
  RollFormField field;
  char *source; /* (nullable): the name to show */
  guint line;
  char *text;
  char *reason;
} RollFormProblem;

/**
 * RollScanFormCheck:
 * @list: the right entries
 * @problems: (element-type RollFormProblem): the wrong ones, in order; at most ROLL_FORM_PROBLEMS_MAX are kept
 * @n_problems: how many there are
 */
typedef struct
{
  RollTargetList *list;
  guint n_targets;
  guint n_duplicates;
  guint n_public;
  GPtrArray *problems;
  guint n_problems;
} RollScanFormCheck;

#define ROLL_FORM_PROBLEMS_MAX 100

RollScanFormCheck *roll_scan_form_check (const RollScanForm *form);
void roll_scan_form_check_free (RollScanFormCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollScanFormCheck, roll_scan_form_check_free)

/* What a source is called where its problems are listed: the name of the file. (transfer full) */
char *roll_form_source_name (const RollTargetSource *source);

/* Where a problem stands: “Line 3 of hosts.txt”. (transfer full) */
char *roll_form_problem_place (const RollFormProblem *problem);

/**
 * roll_scan_form_name_servers: "10.0.0.53, [::1]:5353" as a list.
 *
 * Returns: (transfer full) (nullable): NULL for none typed, or with @error for what is no address
 */
char **roll_scan_form_name_servers (const char *text, GError **error);

G_END_DECLS
