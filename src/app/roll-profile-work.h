/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-profile.h"

G_BEGIN_DECLS

/* Profiles are read and written in worker threads: a home folder may lie on a network, and writing waits for its disk. */

/* @names, @problems: see roll_profile_list() */
typedef struct
{
  char **names;
  char **problems;
} RollProfileNames;

void roll_profile_names_free (RollProfileNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollProfileNames, roll_profile_names_free)

/* Each: @source is held until @callback was called with it. */
void roll_profile_list_async (gpointer source, GAsyncReadyCallback callback);
RollProfileNames *roll_profile_list_finish (GAsyncResult *result, GError **error);

void roll_profile_load_async (gpointer source, const char *name, GAsyncReadyCallback callback);
RollProfile *roll_profile_load_finish (GAsyncResult *result, GError **error);

/* @profile: (transfer full) */
void roll_profile_save_async (gpointer source, RollProfile *profile, GAsyncReadyCallback callback);
void roll_profile_rename_async (gpointer source, const char *name, const char *new_name, GAsyncReadyCallback callback);
void roll_profile_delete_async (gpointer source, const char *name, GAsyncReadyCallback callback);
gboolean roll_profile_change_finish (GAsyncResult *result, GError **error);
/* What it was about, of all but a list. (transfer none) @ret_new_name: (nullable): of a new name */
const char *roll_profile_work_get_name (GAsyncResult *result, const char **ret_new_name);

G_END_DECLS
