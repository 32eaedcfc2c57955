/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-reader.h"
#include "codec/roll-writer.h"

G_BEGIN_DECLS

/* A UUID as it travels: the first three fields little-endian ([MS-DTYP] 2.3.4.2). */
typedef struct
{
  guint8 bytes[16];
} RollUuid;

#define ROLL_UUID_STRLEN 37

/* ROLL_UUID (0x99fcfec4, 0x5260, 0x101b, 0xbb, 0xcb, 0x00, 0xaa, 0x00, 0x21, 0x34, 0x7a) */
#define ROLL_UUID(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7) \
  ((RollUuid) { { (a) & 0xff, ((a) >> 8) & 0xff, ((a) >> 16) & 0xff, ((a) >> 24) & 0xff, (b) & 0xff, \
                  ((b) >> 8) & 0xff, (c) & 0xff, ((c) >> 8) & 0xff, d0, d1, d2, d3, d4, d5, d6, d7 } })

gboolean roll_uuid_equal (const RollUuid *a, const RollUuid *b);
gboolean roll_uuid_parse (const char *text, RollUuid *ret_uuid); /* "99fcfec4-5260-101b-bbcb-00aa0021347a" */
const char *roll_uuid_format (const RollUuid *uuid, char buffer[ROLL_UUID_STRLEN]);

RollUuid roll_reader_uuid (RollReader *reader);
void roll_writer_uuid (RollWriter *writer, const RollUuid *uuid);

G_END_DECLS
