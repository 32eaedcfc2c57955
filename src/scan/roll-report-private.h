/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-common-causes.h"
#include "report/roll-output-file.h"
#include "report/roll-tally-table.h"
#include "scan/roll-report.h"
#include "status/roll-causes.h"

G_BEGIN_DECLS

#define ROLL_REPORT_MAX_LISTED 10000 /* failed computers; a page of more is of no use, and the table has them all */

/* @cause: (nullable): the likeliest, by what was seen of it */
typedef struct
{
  RollComputer *computer;
  const RollCause *cause;
} RollReportFailure;

/* The parts of the work, in this order. */
typedef enum
{
  ROLL_REPORT_READ,
  ROLL_REPORT_EXPLAIN,
  ROLL_REPORT_COMPARE, /* looking for common causes */
  ROLL_REPORT_WRITE,
} RollReportPart;

/* What the page tells. */
typedef struct
{
  RollWorkProgress *progress; /* (nullable) */
  GCancellable *cancellable;  /* (nullable) */
  RollScanInfo *info;
  RollRedactor *redactor; /* (nullable) */
  guint counts[ROLL_N_LOOKS];
  guint total;
  guint answered;
  guint failed;
  RollTallyTable *subnets;
  RollTallyTable *systems;
  RollTallyTable *places; /* in Active Directory */
  RollTallyTable *steps;
  GPtrArray *common;              /* (element-type RollCommonCause) */
  GArray *failures[ROLL_N_LOOKS]; /* (nullable) (element-type RollReportFailure): by status, at most MAX_LISTED together */
  guint n_listed;
} RollReport;

/* Tells who looks on; FALSE: it was cancelled. */
gboolean roll_report_goes_on (const RollReport *report, RollReportPart part, guint n_done, guint n_all);
/* The whole page; it ends early when it is cancelled or @file fails. */
void roll_report_page (const RollReport *report, RollOutputFile *file);
/* What many of them have in common. */
void roll_report_common (const RollReport *report, GString *html);
/* A cause, how to check it and what to do, as items of a list; of a page where the cause has none. */
void roll_report_advice (GString *html, const RollStatusPage *page, const RollCause *cause);
/* Failed computers, status by status; FALSE when it ended early. */
gboolean roll_report_failures (const RollReport *report, RollOutputFile *file);
/* "pc1" or its token. (transfer full) (nullable) */
char *roll_report_show (const RollReport *report, RollPrivacy privacy, const char *text, const RollComputer *computer);

G_END_DECLS
