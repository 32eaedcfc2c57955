/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-target-entry.h"
#include "scan/roll-target-list.h"

G_BEGIN_DECLS

/* A run of targets that follow each other: one name, or addresses without a gap. */
typedef struct
{
  union
  {
    const char *name; /* the list's */
    RollPosition first;
  };
  guint32 n_addresses; /* 0: a name */
  guint32 ordinal;     /* of its first target, once the list has been laid out */
} RollTargetSegment;

static inline guint32
roll_target_segment_size (const RollTargetSegment *segment)
{
  return segment->n_addresses > 0 ? segment->n_addresses : 1;
}

static inline RollTargetKinds
roll_target_segment_kind (const RollTargetSegment *segment)
{
  return segment->n_addresses > 0 ? ROLL_TARGET_ADDRESSES : ROLL_TARGET_NAMES;
}

/* Laid out, exclusions taken out. Returns: (transfer none) (element-type RollTargetSegment) */
GArray *roll_target_list_get_segments (RollTargetList *self);

/* What a list was before a text of many lines was added. */
typedef struct
{
  guint n_segments;
  RollTargetSegment last;
  guint n_included;
  guint n_duplicates;
} RollTargetMark;

void roll_target_list_mark (RollTargetList *self, RollTargetMark *ret_mark);
void roll_target_list_return_to (RollTargetList *self, const RollTargetMark *mark);
gboolean roll_target_list_add_entry (RollTargetList *self, const RollTargetEntry *entry, GError **error);

/* A whole file, at most one byte more than ROLL_TARGETS_FILE_MAX. @path "-": standard input. Errors: FILE */
gboolean roll_target_read_file (const char *path, GByteArray *bytes, GError **error);
/* Puts the name of the file before what is wrong with it. */
void roll_target_prefix_path (GError **error, const char *path);
/* @text: any bytes. Returns: (transfer full): some 60 characters of it that can be printed */
char *roll_target_shorten (const char *text, gsize length);
/* @text: any bytes; shortened */
RollTargetProblem *roll_target_problem_new (guint line, const char *text, gsize length, const char *reason);

G_END_DECLS
