/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-cim.h"

G_BEGIN_DECLS

/*
 * JSON, value by value: always valid UTF-8, what a terminal would not show as it is escaped. Times are ISO 8601 UTC, what is
 * not known is null.
 */
typedef struct _RollJson RollJson;

RollJson *roll_json_new (void);
void roll_json_free (RollJson *json);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollJson, roll_json_free)

/* @key NULL: inside an array, or the outermost object. */
void roll_json_begin_object (RollJson *json, const char *key);
void roll_json_end_object (RollJson *json);
void roll_json_begin_array (RollJson *json, const char *key);
void roll_json_end_array (RollJson *json);
void roll_json_string (RollJson *json, const char *key, const char *value); /* NULL and "": null */
void roll_json_text (RollJson *json, const char *key, const char *value);   /* "" is "" */
void roll_json_number (RollJson *json, const char *key, gint64 value);
void roll_json_unsigned (RollJson *json, const char *key, guint64 value);
void roll_json_real (RollJson *json, const char *key, double value); /* finite; six digits */
/* Text "" is "", not null. Nothing for type NONE: there is no such property. */
void roll_json_value (RollJson *json, const char *key, const RollCimValue *value);
void roll_json_boolean (RollJson *json, const char *key, gboolean value);
void roll_json_null (RollJson *json, const char *key);
void roll_json_time (RollJson *json, const char *key, gint64 us);

/* What was written so far, with a line feed; the next value begins anew. Valid until then. */
const char *roll_json_end_line (RollJson *json, gsize *ret_length);

G_END_DECLS
