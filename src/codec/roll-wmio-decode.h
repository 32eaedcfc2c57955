/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wmio-private.h"

/*
 * One decode. Objects may refer to the same bytes of a heap as often as they like, so what is allocated, and with it the
 * time that is spent, is taken from a budget of so many bytes for each byte of input.
 */
typedef struct
{
  gsize budget;
  guint depth;
  RollWmiClass *known; /* (nullable): maybe the class of the instance that is decoded */
  RollWmiClassCache *cache; /* (nullable) */
  const RollWmiObject *before; /* (nullable): maybe of the same server and namespace */
} RollWmioDecode;

/* An array of octets is the worst of what is honest: 24 bytes for one. */
#define ROLL_WMIO_BUDGET 32
#define ROLL_WMIO_BUDGET_FLOOR 4096

static inline RollWmioDecode
roll_wmio_decode_begin (gsize length)
{
  return (RollWmioDecode) { .budget = length * ROLL_WMIO_BUDGET + ROLL_WMIO_BUDGET_FLOOR };
}

/* Takes @n * @size from the budget, or fails. */
gboolean roll_wmio_charge (RollWmioDecode *decode, RollReader *reader, gsize n, gsize size);

/* An Encoded-String where the reader stands. Returns: (transfer full): "" on failure */
char *roll_wmio_read_string (RollWmioDecode *decode, RollReader *reader);
/* A reference into @heap where the reader stands. Returns: (transfer full) (nullable): NULL for none and on failure */
char *roll_wmio_read_text (RollWmioDecode *decode, RollReader *reader, const RollReader *heap);
/* The same for a name, which is never NULL. */
char *roll_wmio_read_name (RollWmioDecode *decode, RollReader *reader, const RollReader *heap);
/* ND_NULL and ND_DEFAULT of a property; @table begins with the NdTable. It is in order of declaration: [MS-WMIO] 2.2.26 says
 * "similar to" the lookup table's, but Windows' objects make sense in this order only. */
guint roll_wmio_read_nd (const RollReader *table, guint order);
/* An EncodedValue of @type where the reader stands; a NULL of it on failure. */
void roll_wmio_read_value (RollWmioDecode *decode, RollReader *reader, const RollReader *heap, guint16 type,
                           RollCimValue *ret_value);
/* A Heap with its length. */
RollReader roll_wmio_read_heap (RollReader *reader);
/* What stands at @offset of @heap; a failed reader, and @reader failed too, when that is outside. */
RollReader roll_wmio_heap_at (RollReader *reader, const RollReader *heap, guint32 offset);
/* The bytes behind an EncodingLength, which counts itself. */
RollReader roll_wmio_read_part (RollReader *reader);

/* A text or name that nobody asks for, checked all the same. */
void roll_wmio_skip_text (RollReader *reader, const RollReader *heap);

/* The class that this ClassPart was decoded to. Returns: (transfer full) (nullable) */
RollWmiClass *roll_wmi_class_cache_look_up (RollWmiClassCache *self, const guint8 *bytes, gsize length);
void roll_wmi_class_cache_add (RollWmiClassCache *self, RollWmiClass *klass);

/* Returns: (transfer full): not NULL, but incomplete on failure */
RollWmiClass *roll_wmio_read_class_part (RollWmioDecode *decode, RollReader *reader);
/* A ClassType: the superclass, then the class, each with its methods. */
RollWmiClass *roll_wmio_read_class_type (RollWmioDecode *decode, RollReader *reader);

/**
 * roll_wmio_read_block: an ObjectBlock, from its flags on.
 * @klass: (nullable): the class of an instance that comes without
 *
 * Returns: (transfer full) (nullable): NULL on failure
 */
RollWmiObject *roll_wmio_read_block (RollWmioDecode *decode, RollReader *reader, RollWmiClass *klass);
