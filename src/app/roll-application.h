/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ROLL_TYPE_APPLICATION (roll_application_get_type ())
G_DECLARE_FINAL_TYPE (RollApplication, roll_application, ROLL, APPLICATION, AdwApplication)

RollApplication *roll_application_new (void);

G_END_DECLS
