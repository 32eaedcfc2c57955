/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/roll-change.h"
#include "report/roll-redactor.h"

G_BEGIN_DECLS

/* A change as it may leave: its texts, with tokens instead of what tells who and where. Each is owned and may be NULL. */
typedef struct
{
  RollChangeGroup group;
  const char *field;
  char *target;
  char *address;
  char *computer_name;
  char *item;
  char *before;
  char *after;
} RollChangeTexts;

/* @redactor: (nullable): as it is */
void roll_change_texts_init (RollChangeTexts *texts, const RollChange *change, RollRedactor *redactor);
void roll_change_texts_clear (RollChangeTexts *texts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollChangeTexts, roll_change_texts_clear)

G_END_DECLS
