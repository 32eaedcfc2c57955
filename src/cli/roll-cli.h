/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <stdio.h>

G_BEGIN_DECLS

/* The contract with scripts: nothing else is ever returned. */
typedef enum
{
  ROLL_EXIT_OK = 0,        /* done; a scan ran to its end, whatever the statuses */
  ROLL_EXIT_FAILED = 1,    /* could not run; the reason is on stderr */
  ROLL_EXIT_USAGE = 2,     /* the command line is wrong */
  ROLL_EXIT_STOPPED = 130, /* by the user; what was collected is kept */
} RollExit;

/* One command of the table in main.c. @run gets the words after the command's name. */
typedef struct
{
  const char *name;
  const char *arguments; /* as shown in the help: "[ID] COMPUTER" */
  const char *summary;   /* msgid */
  RollExit (*run) (char **words);
} RollCommand;

RollExit roll_command_scan (char **words);
RollExit roll_command_list (char **words);
RollExit roll_command_report (char **words);
RollExit roll_command_show (char **words);
RollExit roll_command_retest (char **words);
RollExit roll_command_export (char **words);
RollExit roll_command_diff (char **words);
RollExit roll_command_explain (char **words);
RollExit roll_command_credential (char **words);
RollExit roll_command_lab (char **words);

const RollCommand *roll_command_find (const char *name);

G_END_DECLS
