/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ROLL_DIRECTORY_OU_MAX 512     /* characters */
#define ROLL_DIRECTORY_SYSTEM_MAX 256

typedef enum
{
  ROLL_DIRECTORY_ACCOUNT_UNKNOWN,
  ROLL_DIRECTORY_ACCOUNT_ENABLED,
  ROLL_DIRECTORY_ACCOUNT_DISABLED,
} RollDirectoryAccount;

/**
 * RollDirectoryFacts: what Active Directory told of a computer when it was asked for targets. Atomically refcounted, immutable;
 * texts are shared with other computers.
 * @ou: (nullable): the place of its account, the outermost first: "Sales/Berlin"; a slash or backslash in a name has a
 *   backslash before it
 * @system: (nullable): its operating system, as it told the directory
 * @last_logon: microseconds since the epoch, some days too old; 0: never, or not told
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *ou;
  char *system;
  gint64 last_logon;
  RollDirectoryAccount account;
} RollDirectoryFacts;

/**
 * roll_directory_facts_new: "" is as good as NULL, a time that no clock shows as good as 0; longer texts are cut.
 *
 * Returns: (transfer full) (nullable): NULL when there is nothing to know
 */
RollDirectoryFacts *roll_directory_facts_new (const char *ou, const char *system, gint64 last_logon,
                                              RollDirectoryAccount account);
RollDirectoryFacts *roll_directory_facts_ref (RollDirectoryFacts *facts);
void roll_directory_facts_unref (RollDirectoryFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryFacts, roll_directory_facts_unref)

/**
 * roll_directory_facts_get_days: how long before @at the last logon was.
 *
 * Returns: whole days; -1 when that is not known or was later
 */
gint64 roll_directory_facts_get_days (const RollDirectoryFacts *facts, gint64 at);

G_END_DECLS
