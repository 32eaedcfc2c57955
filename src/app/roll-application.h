/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "vault/roll-vault.h"

G_BEGIN_DECLS

#define ROLL_TYPE_APPLICATION (roll_application_get_type ())
G_DECLARE_FINAL_TYPE (RollApplication, roll_application, ROLL, APPLICATION, AdwApplication)

RollApplication *roll_application_new (void);

/* (transfer none): the only one of this program: what is for this session only lives in it. */
RollVault *roll_application_get_vault (RollApplication *self);

G_END_DECLS
