/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-cim.h"

G_BEGIN_DECLS

/* WQL as inventories use it: SELECT a, b FROM class WHERE x = 1 AND (y LIKE 'z%' OR w IS NOT NULL). */
typedef struct _RollLabWql RollLabWql;

/* Returns: (transfer full) (nullable): NULL when it is none */
RollLabWql *roll_lab_wql_parse (const char *text);
void roll_lab_wql_free (RollLabWql *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollLabWql, roll_lab_wql_free)

const char *roll_lab_wql_get_class (const RollLabWql *self);
const GPtrArray *roll_lab_wql_get_selected (const RollLabWql *self);   /* (element-type utf8): empty: all */
const GPtrArray *roll_lab_wql_get_conditions (const RollLabWql *self); /* (element-type utf8): properties behind WHERE */

/* The value of the property that is number @condition behind WHERE; to be cleared by the caller. */
typedef void (*RollLabWqlValue) (guint condition, gpointer user_data, RollCimValue *ret_value);
gboolean roll_lab_wql_match (const RollLabWql *self, RollLabWqlValue value, gpointer user_data);

G_END_DECLS
