/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wmio-private.h"

/* An ObjectBlock; for an instance whose class the reader has, @without_class: an EncodingUnitInstanceNoClass. */
void roll_wmio_put_block (RollWriter *writer, const RollWmiObject *object, gboolean without_class);

void roll_wmio_put_class_part (RollWriter *writer, const RollWmiClass *klass);
/* A ClassType: the superclass, then the class, each with its methods. */
void roll_wmio_put_class_type (RollWriter *writer, const RollWmiClass *klass);

/* An Encoded-String. */
void roll_wmio_put_string (RollWriter *writer, const char *text);
/* Puts @name into the heap, or a word of the dictionary nowhere. Returns: what refers to it */
guint32 roll_wmio_put_name (RollWriter *heap, const char *name);
/* Appends an EncodedValue, and what it refers to to the heap; NULL as NoValue. */
void roll_wmio_put_value (RollWriter *writer, RollWriter *heap, const RollCimValue *value);

/* A length that counts itself, filled in at the end. */
gsize roll_wmio_begin_part (RollWriter *writer);
void roll_wmio_end_part (RollWriter *writer, gsize start);
void roll_wmio_put_heap (RollWriter *writer, const RollWriter *heap);

/* Sets the two bits of a property in the NdTable at the start of @table. */
void roll_wmio_set_nd (RollWriter *writer, gsize table, guint order, guint nd);
