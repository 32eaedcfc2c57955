/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-questions.h"

#include <string.h>

#include "directory/roll-directory-private.h"
#include "directory/roll-directory-tree.h"

/* --- Places ------------------------------------------------------------------------------------------------------- */

/* What Active Directory itself hides from those who look for accounts is its own machinery: policies, DNS, lost objects. */
#define CONTAINER_FILTER "(&(|(objectClass=organizationalUnit)(objectClass=container))(!(showInAdvancedViewOnly=TRUE)))"

enum
{
  CONTAINER_NAME,
  CONTAINER_UNIT,
};
static const char *const container_attributes[] = { "name", "ou", NULL };

static gboolean
add_container (const RollDirectoryRow *row, gpointer user_data)
{
  RollDirectoryKind kind = row->values[CONTAINER_UNIT] ? ROLL_DIRECTORY_UNIT : ROLL_DIRECTORY_CONTAINER;

  return roll_directory_tree_add (user_data, row->dn, row->values[CONTAINER_NAME], kind);
}

GPtrArray *
roll_directory_ask_containers (RollDirectoryConnection *connection, RollDirectoryWait *wait, GError **error)
{
  g_autoptr (RollDirectoryTree) tree = roll_directory_tree_new (connection->base);
  const RollDirectorySearch search = {
    .base = connection->base,
    .filter = CONTAINER_FILTER,
    .attributes = container_attributes,
    .on_row = add_container,
    .user_data = tree,
  };

  return roll_directory_search_run (&search, connection, wait, error) ? roll_directory_tree_finish (tree) : NULL;
}

/* --- Computers ---------------------------------------------------------------------------------------------------- */

/* Accounts of services are of the class as well, but of another category. */
#define COMPUTER_FILTER "(objectCategory=computer)"

enum
{
  COMPUTER_NAME,
  COMPUTER_DNS_NAME,
  COMPUTER_SYSTEM,
  COMPUTER_LAST_LOGON,
  COMPUTER_CONTROL,
};
static const char *const computer_attributes[] = { "cn",                 "dNSHostName",        "operatingSystem",
                                                   "lastLogonTimestamp", "userAccountControl", NULL };

typedef struct
{
  RollDirectoryComputers *computers;
  void (*on_progress) (guint n, gpointer user_data);
  gpointer user_data;
} Finding;

static gboolean
add_computer (const RollDirectoryRow *row, gpointer user_data)
{
  const Finding *finding = user_data;
  const RollDirectoryEntry entry = {
    .dn = row->dn,
    .name = row->values[COMPUTER_NAME],
    .dns_name = row->values[COMPUTER_DNS_NAME],
    .system = row->values[COMPUTER_SYSTEM],
    .last_logon = row->values[COMPUTER_LAST_LOGON],
    .control = row->values[COMPUTER_CONTROL],
  };

  return roll_directory_computers_add (finding->computers, &entry);
}

/* Each domain refers to the partitions that hold DNS and its own settings: no computers are there. */
static void
count_referral (const char *url, gpointer user_data)
{
  const Finding *finding = user_data;
  const char *path = strstr (url, "://") ? strchr (strstr (url, "://") + 3, '/') : NULL;

  if (path && g_ascii_strncasecmp (path, "/DC=", 4) == 0 && g_ascii_strncasecmp (path, "/DC=DomainDnsZones,", 19) != 0 &&
      g_ascii_strncasecmp (path, "/DC=ForestDnsZones,", 19) != 0)
    roll_directory_computers_add_referral (finding->computers);
}

static void
tell_progress (gpointer user_data)
{
  const Finding *finding = user_data;

  if (finding->on_progress)
    finding->on_progress (roll_directory_computers_get_count (finding->computers), finding->user_data);
}

RollDirectoryComputers *
roll_directory_ask_computers (RollDirectoryConnection *connection, const char *const *bases, RollDirectoryWait *wait,
                              void (*on_progress) (guint n, gpointer user_data), gpointer user_data, GError **error)
{
  g_autoptr (RollDirectoryComputers) computers = roll_directory_computers_new ();
  const char *const whole[] = { connection->base, NULL };
  g_auto (GStrv) tops = roll_directory_tree_tops (bases && bases[0] ? bases : whole);
  Finding finding = { computers, on_progress, user_data };
  RollDirectorySearch search = {
    .filter = COMPUTER_FILTER,
    .attributes = computer_attributes,
    .on_row = add_computer,
    .on_referral = count_referral,
    .on_page = tell_progress,
    .user_data = &finding,
  };

  for (guint i = 0; tops[i]; i++)
    {
      search.base = tops[i];
      if (!roll_directory_search_run (&search, connection, wait, error))
        return NULL;
    }
  roll_directory_computers_finish (computers);
  return g_steal_pointer (&computers);
}
