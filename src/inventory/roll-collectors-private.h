/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-collectors.h"

G_BEGIN_DECLS

/* What data/collectors.xml holds. */
typedef struct
{
  GArray *collectors; /* (element-type RollCollector) */
  GArray *groups;     /* (element-type RollCollectorGroup) */
  GStringChunk *texts;
  GPtrArray *blocks;  /* the arrays that collectors point to */
} RollCollectorList;

/**
 * roll_collectors_parse:
 * @data: the file's bytes, UTF-8; need not end in NUL
 *
 * Errors: G_MARKUP_ERROR, the text begins with the line.
 */
RollCollectorList *roll_collectors_parse (const char *data, gsize length, GError **error);
void roll_collector_list_free (RollCollectorList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollCollectorList, roll_collector_list_free)

G_END_DECLS
