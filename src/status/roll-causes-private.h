/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-causes.h"

G_BEGIN_DECLS

/* What data/causes.xml holds, read and translated. */
typedef struct _RollCatalogue RollCatalogue;

/**
 * roll_catalogue_parse:
 * @data: the file's bytes, UTF-8; need not end in NUL
 *
 * Errors: G_MARKUP_ERROR, the text begins with the line.
 */
RollCatalogue *roll_catalogue_parse (const char *data, gsize length, GError **error);
void roll_catalogue_free (RollCatalogue *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollCatalogue, roll_catalogue_free)

const RollStatusPage *roll_catalogue_page (const RollCatalogue *self, RollStatus status);

G_END_DECLS
