/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-work-progress.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/* Which computer of one scan is which of another. */

#define ROLL_MATCH_NONE G_MAXUINT

typedef struct
{
  guint32 ordinal;
  guint partner;  /* place in the other list, or ROLL_MATCH_NONE */
  char *target;   /* as it was given */
  char *folded;   /* without case, as the next two are */
  char *serial;   /* (nullable): as the computer said */
  char *name;     /* (nullable): the same, with its domain */
} RollMatchEntry;

typedef struct
{
  GArray *entries; /* (element-type RollMatchEntry), in target order */
  GStringChunk *texts;
} RollMatchList;

/* Each computer that is read counts as done. @progress: (nullable): NULL with the store's error or G_IO_ERROR_CANCELLED. */
RollMatchList *roll_match_list_load (RollStore *store, gint64 scan_id, RollWorkProgress *progress, GCancellable *cancellable,
                                     GError **error);
void roll_match_list_free (RollMatchList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollMatchList, roll_match_list_free)

/* Sets the partners; how many were found by what they say of themselves. */
guint roll_match_lists (RollMatchList *before, RollMatchList *after);

G_END_DECLS
