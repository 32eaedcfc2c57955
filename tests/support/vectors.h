/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

/* Recorded bytes that do not travel with the project: found through ROLL_VECTORS, or beside the checkout. */

/* Returns: (transfer full) (nullable): the path of a file or folder of the vectors; NULL when they are not here */
char *vectors_path (const char *name);

/* Returns: (transfer full) (nullable): NULL, and the test skipped, when the vectors are not here */
JsonNode *vectors_load (const char *name);

/* Returns: (transfer full): aborts on text that is not hexadecimal */
GBytes *vectors_hex (const char *text);

typedef void (*VectorsPduFunc) (JsonObject *pdu, const guint8 *bytes, gsize length, gpointer user_data);

/* Every PDU of the three recorded conversations, in order. FALSE, and the test skipped, when they are not here. */
gboolean vectors_foreach_pdu (VectorsPduFunc func, gpointer user_data);

/* A whole call or answer in clear: its stub, and in @call iface, opnum, kind and object. */
typedef void (*VectorsCallFunc) (JsonObject *call, const guint8 *stub, gsize length, gpointer user_data);

/* Every call of the three conversations that @name, @opnum and @kind ("req", "rsp") fit, in order; @name NULL: any.
 * Returns: how many; 0, and the test skipped, when they are not here */
guint vectors_foreach_call (const char *name, guint opnum, const char *kind, VectorsCallFunc func, gpointer user_data);

/* The stub of a request without the verification trailer ([MS-RPCE] 2.2.2.13) that may stand behind it. */
gsize vectors_without_trailer (const guint8 *stub, gsize length);

/* The object or the buffer cut out of a call, where there is one among wmio_real. (transfer full) (nullable) */
GBytes *vectors_object_of (JsonObject *call);
