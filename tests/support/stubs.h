/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-orpc.h"

/* What tests of the readers and writers of stubs share. */

#define STUB_MAX (1u << 22)

/* A reader of a copy of its exact size, so that a sanitizer sees a byte read too many. Returns: (transfer full): the copy */
guint8 *stub_reader (RollReader *reader, const guint8 *stub, gsize length);

/* Whether a reader takes a stub; nothing of what it returned may stay. */
typedef gboolean (*StubReadFunc) (RollReader *reader);

/* @read fails at each length below @needed, and says why; from there on it succeeds. */
void stub_assert_truncated (StubReadFunc read, const guint8 *stub, gsize length, gsize needed);

/* @read fails, for this reason */
void stub_expect_problem (StubReadFunc read, const guint8 *stub, gsize length, const char *problem);

/* Equal, and if not it says where and shows both. */
void stub_assert_equal (const RollWriter *writer, const guint8 *stub, gsize length);
