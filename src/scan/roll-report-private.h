/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/roll-output-file.h"
#include "report/roll-tally-table.h"
#include "scan/roll-report.h"

G_BEGIN_DECLS

#define ROLL_REPORT_MAX_LISTED 10000 /* failed computers; a page of more is of no use, and the table has them all */

/* What the page tells, gathered in one pass. */
typedef struct
{
  RollScanInfo *info;
  RollRedactor *redactor; /* (nullable) */
  guint counts[ROLL_N_LOOKS];
  guint total;
  guint answered;
  guint failed;
  RollTallyTable *subnets;
  RollTallyTable *systems;
  RollTallyTable *steps;
  GPtrArray *failures[ROLL_N_LOOKS]; /* (nullable) (element-type RollComputer): by status, at most MAX_LISTED together */
  guint n_listed;
} RollReport;

/* The whole page. */
void roll_report_page (const RollReport *report, RollOutputFile *file);
/* Failed computers, status by status. */
void roll_report_failures (const RollReport *report, RollOutputFile *file);
/* "pc1" or its token. (transfer full) (nullable) */
char *roll_report_show (const RollReport *report, RollPrivacy privacy, const char *text, const RollComputer *computer);

G_END_DECLS
