/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-computers.h"
#include "scan/roll-target-list.h"

G_BEGIN_DECLS

/* A way to find computers, beside typing them. */
typedef enum
{
  ROLL_SOURCE_FILE,
  ROLL_SOURCE_NETWORKS,  /* of this machine */
  ROLL_SOURCE_DIRECTORY,
} RollSourceKind;

/**
 * RollTargetSource: plain data, strings owned.
 * @path: of a file
 * @column: (nullable): of a file with columns: the name in its first row, or a number from 1 on; NULL: one target per line
 * @entries: (nullable): of networks: ranges; of a directory: the names it gave
 * @facts: (nullable) (element-type RollDirectoryFacts): of a directory: what it told of each entry, or NULL
 * @origin: (nullable): of a directory: where they come from, to show and to ask again
 */
typedef struct
{
  RollSourceKind kind;
  char *path;
  char *column;
  char **entries;
  GPtrArray *facts;
  char *origin;
} RollTargetSource;

RollTargetSource *roll_target_source_new_file (const char *path, const char *column);
/* @entries: copied */
RollTargetSource *roll_target_source_new_entries (RollSourceKind kind, const char *const *entries, const char *origin);
/* @computers: (element-type RollDirectoryComputer): that have a name to be asked by */
RollTargetSource *roll_target_source_new_directory (GPtrArray *computers, const char *origin);
/* What seldom changes of @facts, for and from a profile: one text for each entry, "" where it is not known. */
void roll_target_source_get_lasting (const RollTargetSource *source, char ***ret_places, char ***ret_systems);
/* Lists of any other length are not taken. */
void roll_target_source_set_lasting (RollTargetSource *source, char **places, char **systems);
RollTargetSource *roll_target_source_copy (const RollTargetSource *source);
void roll_target_source_free (RollTargetSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTargetSource, roll_target_source_free)

/* The same way with the same choices: nothing new would come of it. */
gboolean roll_target_source_equal (const RollTargetSource *a, const RollTargetSource *b);

/**
 * roll_target_source_add_to:
 * @problems: (element-type RollTargetProblem): wrong rows are appended, with their lines in a file
 *
 * Errors: those of roll_target_list_add_file()
 */
gboolean roll_target_source_add_to (const RollTargetSource *source, RollTargetList *list, GPtrArray *problems,
                                    GError **error);

G_END_DECLS
