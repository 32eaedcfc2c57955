/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-directory-facts.h"

G_BEGIN_DECLS

#define ROLL_DIRECTORY_COMPUTERS_MAX 1048576
/* Active Directory notes a logon only when the note it has is older than this, so that newer ones may be missing. */
#define ROLL_DIRECTORY_LOGON_LAG_DAYS 14

/**
 * RollDirectoryComputer: an account of a computer.
 * @host: (nullable): a target: the name in DNS, or its own name in the domain's when it has none; NULL: neither is a name that DNS can
 *   carry
 * @name: of the account, printable
 * @dn: printable
 * @system: the operating system as the computer told it, printable; "" when it never did
 * @ou: the place of the account, see RollDirectoryFacts; ""
 * @last_logon: seconds since 1970, up to ROLL_DIRECTORY_LOGON_LAG_DAYS too old; 0: never, or a time that cannot be
 */
typedef struct
{
  const char *host;
  const char *name;
  const char *dn;
  const char *ou;
  const char *system;
  gint64 last_logon;
  RollDirectoryAccount account;
} RollDirectoryComputer;

/* (transfer full) (nullable): what is worth keeping with the target that @computer becomes */
RollDirectoryFacts *roll_directory_computer_get_facts (const RollDirectoryComputer *computer);

/* An operating system and how many computers told it. */
typedef struct
{
  const char *text;
  guint n;
} RollDirectorySystem;

/* RollDirectoryComputers: what was found. Atomically refcounted; immutable once found. */
typedef struct _RollDirectoryComputers RollDirectoryComputers;

RollDirectoryComputers *roll_directory_computers_ref (RollDirectoryComputers *self);
void roll_directory_computers_unref (RollDirectoryComputers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryComputers, roll_directory_computers_unref)

guint roll_directory_computers_get_count (RollDirectoryComputers *self);
/* In order of their names. */
const RollDirectoryComputer *roll_directory_computers_get (RollDirectoryComputers *self, guint index);
/* (transfer none) (element-type RollDirectorySystem): the most frequent first; "" is one of them */
GArray *roll_directory_computers_get_systems (RollDirectoryComputers *self);
/* References to other domains, which are not followed: their computers are missing. */
guint roll_directory_computers_get_n_referrals (RollDirectoryComputers *self);

/**
 * RollDirectoryFilter: all zero lets everything pass.
 * @logged_on_days: the last logon was noted at most so many days ago, plus ROLL_DIRECTORY_LOGON_LAG_DAYS; 0: does not matter. Those that
 *   never logged on do not pass
 * @system_text: (nullable): the operating system has this in it, in any case; "" does not matter
 * @systems: (nullable): the operating system is one of these, as roll_directory_computers_get_systems() has them; NULL: does not matter
 */
typedef struct
{
  gboolean enabled_only;
  guint logged_on_days;
  const char *system_text;
  const char *const *systems;
} RollDirectoryFilter;

/**
 * RollDirectoryCounts: what is left after each filter, in their order; a filter that is off leaves what was before.
 * @n_never_logged_on: of those taken out because of @logged_on_days, the ones without any logon
 * @n_nameless: that passed, but have no name to be asked by
 */
typedef struct
{
  guint n_found;
  guint n_enabled;
  guint n_logged_on;
  guint n_never_logged_on;
  guint n_system;
  guint n_nameless;
} RollDirectoryCounts;

/**
 * roll_directory_computers_filter:
 * @now: seconds since 1970
 * @ret_counts: (nullable):
 *
 * Returns: (transfer full) (element-type RollDirectoryComputer): that pass and have a name, as long as @self lives
 */
GPtrArray *roll_directory_computers_filter (RollDirectoryComputers *self, const RollDirectoryFilter *filter, gint64 now,
                                            RollDirectoryCounts *ret_counts);

G_END_DECLS
