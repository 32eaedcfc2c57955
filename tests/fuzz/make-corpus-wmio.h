/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

typedef void (*SaveFunc) (const char *target, const char *name, const void *data, gsize length);

/* The seeds with objects of WMI in them. */
void make_wmio (SaveFunc save);
