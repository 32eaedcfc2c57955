/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wbem.h"

G_BEGIN_DECLS

/* A CIM object in its interface pointer, behind the referent ([MS-WMI] 2.2.4). Returns: (nullable): its EncodingUnit
 * in place; NULL, and @reader failed, for something else */
const guint8 *roll_wbem_object (RollReader *reader, gsize *ret_length);
void roll_wbem_put_object (RollWriter *writer, const void *bytes, gsize length);

G_END_DECLS
