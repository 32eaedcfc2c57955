/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-uuid.h"

G_BEGIN_DECLS

/*
 * What stubs are made of in NDR 2.0, little-endian ([C706] chapter 14): numbers on their own alignment, pointers,
 * conformant arrays, texts, and values serialized by themselves ([MS-RPCE] 2.2.6). Alignment counts from the start of
 * the reader's or the writer's bytes, which is where a stub has to begin. A pointer's referent says no more than whether
 * it is NULL.
 */

/* Referents as Windows numbers them, from 0. */
#define ROLL_NDR_REFERENT(n) (0x00020000u + 4 * (n))
#define ROLL_NDR_NULL 0u

guint16 roll_ndr_u16 (RollReader *reader);
guint32 roll_ndr_u32 (RollReader *reader);
guint64 roll_ndr_u64 (RollReader *reader);
gboolean roll_ndr_pointer (RollReader *reader); /* whether there is something behind it */
void roll_ndr_put_u32 (RollWriter *writer, guint32 value); /* referents and counts, too */
void roll_ndr_put_u64 (RollWriter *writer, guint64 value);

/* The count in front of an array, which has to be the one it is said to have elsewhere. */
gboolean roll_ndr_conformance (RollReader *reader, guint32 count);

/* An MInterfacePointer behind its referent ([MS-DCOM] 2.2.14). Returns: (nullable): in place; NULL on failure */
const guint8 *roll_ndr_interface (RollReader *reader, gsize *ret_length);
/* One that nobody looks at, with its referent, NULL or not. */
void roll_ndr_skip_interface (RollReader *reader);

/* A unique pointer to a [string] of wide characters, the terminator in it; the first pointer of its stub. Returns:
 * (nullable): NULL pointer, or failure */
char *roll_ndr_text (RollReader *reader);
void roll_ndr_put_text (RollWriter *writer, const char *text);

/* A BSTR ([MS-OAUT] 2.2.23), with the referent "User" as Windows does. Returns: (nullable): a NULL one, or failure */
char *roll_ndr_bstr (RollReader *reader);
void roll_ndr_put_bstr (RollWriter *writer, const char *text);

/* Type serialization version 1: a value with a header of its own. The reader is failed when there is none. */
RollReader roll_ndr_serialized (RollReader *reader);
/* Pads @body to 8 bytes. Returns: the bytes put */
gsize roll_ndr_put_serialized (RollWriter *writer, RollWriter *body);

G_END_DECLS
