/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory.h"

G_BEGIN_DECLS

/* RollPlace: a place in Active Directory, to choose. :chosen */
#define ROLL_TYPE_PLACE (roll_place_get_type ())
G_DECLARE_FINAL_TYPE (RollPlace, roll_place, ROLL, PLACE, GObject)

RollPlace *roll_place_new (const RollDirectoryContainer *container, guint depth, gboolean chosen);

const char *roll_place_get_dn (RollPlace *self);
const char *roll_place_get_name (RollPlace *self);
guint roll_place_get_depth (RollPlace *self);
gboolean roll_place_get_chosen (RollPlace *self);

G_END_DECLS
