/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-reader.h"
#include "codec/roll-row-set.h"
#include "codec/roll-writer.h"

/* The parts of a row set's bytes: numbers, texts, values, and the wrapper that may be deflated. Only for roll-row-set.c. */

/* What a cell holds. */
enum
{
  ROLL_ROW_SET_NO_PROPERTY,
  ROLL_ROW_SET_NULL,
  ROLL_ROW_SET_VALUE,
};

#define ROLL_ROW_SET_MIXED 0xffff /* in the place of a column's type: each cell has its own */

guint8 roll_row_set_state_of (const RollCimValue *value);

/* Adds what a copy of @value takes in memory. FALSE past ROLL_ROW_SET_MAX, and for objects too deep. */
gboolean roll_row_set_weigh (gsize *weight, const RollCimValue *value, guint depth);
/* The same for what is being read: the reader fails. */
void roll_row_set_charge (RollReader *reader, gsize *weight, gsize length);

/* 7 bits a byte, the lowest first, the highest bit set where more follow. */
void roll_row_set_put_number (RollWriter *writer, guint64 number);
guint64 roll_row_set_read_number (RollReader *reader);
/* A count of things of which each takes at least @least bytes of what is left. */
guint roll_row_set_read_count (RollReader *reader, gsize least);
guint16 roll_row_set_check_type (RollReader *reader, guint16 type);

void roll_row_set_put_text (RollWriter *writer, const char *text);
char *roll_row_set_read_text (RollReader *reader, gsize *weight); /* "" on failure */

/* Nothing is written for what is NULL or no property. */
void roll_row_set_put_value (RollWriter *writer, const RollCimValue *value);
/* @ret_value: (out caller-allocates): a NULL of @type on failure */
void roll_row_set_read_value (RollReader *reader, gsize *weight, guint16 type, RollCimValue *ret_value, guint depth);

GBytes *roll_row_set_pack (const void *payload, gsize length);
GBytes *roll_row_set_unpack (GBytes *bytes, const char **ret_problem);
