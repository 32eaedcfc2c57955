/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory.h"

G_BEGIN_DECLS

/* Places as they come from a server, in any order, become a tree. */
typedef struct _RollDirectoryTree RollDirectoryTree;

/* @base: of the domain, the root */
RollDirectoryTree *roll_directory_tree_new (const char *base);
void roll_directory_tree_free (RollDirectoryTree *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryTree, roll_directory_tree_free)

/* @name: (nullable): as the server sent it. FALSE: that is one too many */
gboolean roll_directory_tree_add (RollDirectoryTree *self, const char *dn, const char *name, RollDirectoryKind kind);

/**
 * roll_directory_tree_finish: a unit whose parent may not be seen is at the next one above that may; a container without its parent
 *   is none of the domain's own places and left out.
 *
 * Returns: (transfer full) (element-type RollDirectoryContainer): see roll_directory_list_finish()
 */
GPtrArray *roll_directory_tree_finish (RollDirectoryTree *self);

/* (transfer full): those that are not below another one, each once */
char **roll_directory_tree_tops (const char *const *bases);

G_END_DECLS
