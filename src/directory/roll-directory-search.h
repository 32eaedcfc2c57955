/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-connection.h"

G_BEGIN_DECLS

#define ROLL_DIRECTORY_PAGE_SIZE 1000 /* what Active Directory allows */
#define ROLL_DIRECTORY_ATTRIBUTES_MAX 8

/**
 * RollDirectoryRow: an entry, as the server sent it; strings end in NUL, are of bounded length and hostile otherwise.
 * @dn: valid UTF-8
 * @values: the first value of each attribute asked for, in their order; NULL: none, or too long
 */
typedef struct
{
  char *dn;
  char *values[ROLL_DIRECTORY_ATTRIBUTES_MAX];
} RollDirectoryRow;

/* FALSE: that was too much. */
typedef gboolean (*RollDirectoryRowFunc) (const RollDirectoryRow *row, gpointer user_data);
typedef void (*RollDirectoryReferralFunc) (const char *url, gpointer user_data);
typedef void (*RollDirectoryPageFunc) (gpointer user_data);

/**
 * RollDirectorySearch: all below a place, page by page.
 * @attributes: NULL-terminated, at most ROLL_DIRECTORY_ATTRIBUTES_MAX
 * @on_referral, @on_page: (nullable):
 */
typedef struct
{
  const char *base;
  const char *filter;
  const char *const *attributes;
  RollDirectoryRowFunc on_row;
  RollDirectoryReferralFunc on_referral;
  RollDirectoryPageFunc on_page;
  gpointer user_data;
} RollDirectorySearch;

/* Errors: NOT_ALLOWED, NO_BASE, FAILED, PROTOCOL, UNREACHABLE, as roll_directory_wait_poll(). */
gboolean roll_directory_search_run (const RollDirectorySearch *search, RollDirectoryConnection *connection, RollDirectoryWait *wait,
                                    GError **error);

G_END_DECLS
