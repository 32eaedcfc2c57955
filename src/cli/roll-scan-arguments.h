/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-scan-targets.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/* Computers from Active Directory. */
typedef struct
{
  char *domain; /* NULL: not asked for */
  char *server;
  char *security;
  char *account; /* a credential's name */
  char **bases;
  gboolean enabled;
  char *logged_on; /* days */
  char *system;
  char **accepted; /* fingerprints */
} RollScanDirectory;

/* The command line of `scan` as typed; what is not there is NULL or FALSE. */
typedef struct
{
  RollScanTargets targets;
  RollScanDirectory directory;
  char *profile;
  char *database;
  char *name;
  char *csv;
  gboolean csv_raw;
  gboolean as_json;
  gboolean public;
  gboolean practice;
  char *credentials;
  char **keyring; /* names of credentials */
  gboolean resume; /* the scan's number, if any, is targets.entries[0] */
  char **collect; /* ids with commas between them, as often as given */
  char **skip;
  char *port;
  char *probes;
  char *jobs;
  char *watchdog;
  char *connect_timeout;
  char *network_jobs;
  char *rate;
  char *retries;
  char *retry_delay;
  char *logon_failures;
  char *logon_window;
  char **dns;
  char **dns_search;
  gboolean probe_only;
  gboolean no_side_probes;
  gboolean dry_run;
} RollScanArguments;

void roll_scan_arguments_clear (RollScanArguments *arguments);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollScanArguments, roll_scan_arguments_clear)

/* FALSE: help was shown or a mistake named, and *ret_exit is what to return. */
gboolean roll_scan_arguments_parse (char **words, RollScanArguments *arguments, RollExit *ret_exit);

/* NULL: a mistake was named. (transfer full) (nullable) */
RollScanOptions *roll_scan_arguments_get_options (const RollScanArguments *arguments);

G_END_DECLS
