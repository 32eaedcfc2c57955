/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "codec/roll-writer.h"

G_BEGIN_DECLS

/**
 * roll_utf16_decode: UTF-16LE as Windows stores it. Windows does not check: a surrogate without its other half becomes
 * U+FFFD, and so does NUL, so that the result is valid UTF-8 and as long as the text was.
 * @length: bytes; an odd last byte is dropped
 *
 * Returns: (transfer full):
 */
char *roll_utf16_decode (const guint8 *bytes, gsize length);

/* Appends @text (UTF-8; U+FFFD for what is not) as UTF-16LE without a terminator. */
void roll_writer_utf16 (RollWriter *writer, const char *text);

G_END_DECLS
