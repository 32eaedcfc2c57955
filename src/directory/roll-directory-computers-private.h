/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-computers.h"

G_BEGIN_DECLS

/* Within src/directory: what a server sends becomes a computer here. Not thread-safe until all are added. */

/* All as the server sent them, or NULL when it did not. */
typedef struct
{
  const char *dn;
  const char *name;       /* cn */
  const char *dns_name;   /* dNSHostName */
  const char *system;     /* operatingSystem */
  const char *last_logon; /* lastLogonTimestamp: 100 ns since 1601 */
  const char *control;    /* userAccountControl */
} RollDirectoryEntry;

RollDirectoryComputers *roll_directory_computers_new (void);
/* FALSE: that is too much. */
gboolean roll_directory_computers_add (RollDirectoryComputers *self, const RollDirectoryEntry *entry);
void roll_directory_computers_add_referral (RollDirectoryComputers *self);
/* All are there: they are put in order. */
void roll_directory_computers_finish (RollDirectoryComputers *self);

/* Host names of letters, digits, "-", "_" and dots, at least one letter in the last label: neither addresses nor ranges nor patterns. */
gboolean roll_directory_is_host_name (const char *name);
/* Behind its first part; NULL when that is all. */
const char *roll_directory_parent_of (const char *dn);
/* "corp.example" of "OU=Berlin,DC=corp,DC=example"; NULL when there is none. (transfer full) (nullable) */
char *roll_directory_domain_of (const char *dn);
/* "Sales/Berlin" of "CN=PC1,OU=Berlin,OU=Sales,DC=corp,DC=example", values as they read, bounded and printable; "" when the entry
 * stands right under the domain. (transfer full) */
char *roll_directory_ou_of (const char *dn);
/* Of bounded length, with neither control characters nor those that turn the direction of writing. (transfer full) */
char *roll_directory_printable (const char *text, gsize max_characters);

G_END_DECLS
