/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* What every fuzz target defines: libFuzzer's entry. It returns 0 and aborts on what must not be. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
