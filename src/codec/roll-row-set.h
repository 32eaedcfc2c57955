/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-cim.h"

G_BEGIN_DECLS

/*
 * What one collector found on one computer: columns by name, rows of values. As bytes it is what the store keeps: compact, every
 * value with its CIM type, NULL and "no such property" told apart, nothing rounded; an embedded object as its class name,
 * superclass and properties, without qualifiers and methods. The form is versioned; a reader meets damaged bytes with an
 * error, and those that would become more than ROLL_ROW_SET_MAX too.
 */
typedef struct _RollRowSet RollRowSet;

#define ROLL_ROW_SET_MAX (24 << 20) /* bytes in memory, about; some hundred thousand values */

/* @columns: names in the collector's order */
RollRowSet *roll_row_set_new (const char *const *columns);
void roll_row_set_free (RollRowSet *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollRowSet, roll_row_set_free)

/**
 * roll_row_set_add:
 * @values: one per column, copied; type NONE where the computer does not have the property
 *
 * Returns: FALSE, and the row is not added, when the set would take more than ROLL_ROW_SET_MAX, or when objects stand in objects
 *   deeper than ROLL_WMIO_MAX_DEPTH
 */
gboolean roll_row_set_add (RollRowSet *rows, const RollCimValue *values);
/* The same with values that are taken over, or cleared. */
gboolean roll_row_set_take (RollRowSet *rows, RollCimValue *values);

guint roll_row_set_get_n_rows (const RollRowSet *rows);
const char *const *roll_row_set_get_columns (const RollRowSet *rows, guint *ret_n);
const RollCimValue *roll_row_set_get (const RollRowSet *rows, guint row, guint column); /* (transfer none) */
int roll_row_set_find_column (const RollRowSet *rows, const char *name); /* case ignored; -1 */

/* Returns: (transfer full): deflated (zlib) where that is smaller */
GBytes *roll_row_set_to_bytes (const RollRowSet *rows);
/* Returns: (transfer full) (nullable): NULL with @ret_problem, a static text, for bytes that are none */
RollRowSet *roll_row_set_from_bytes (GBytes *bytes, const char **ret_problem);

G_END_DECLS
