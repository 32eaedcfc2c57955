/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* The sentences of the help pane and the evidence; all in the user's language. */

/**
 * roll_help_sentence: what happened to this computer, with its own facts.
 * @attempts: (nullable) (element-type RollAttempt): its attempts, for the facts that only a step has
 *
 * Returns: (transfer full):
 */
char *roll_help_sentence (const RollComputer *computer, const GPtrArray *attempts);

/* What a state means that is not a result; the results have their pages. */
const char *roll_help_state_meaning (RollStatus state);

/* "the computer itself"; "" for nobody. */
const char *roll_said_by_label (RollSaidBy said_by);

/* “ETIMEDOUT – Connection timed out”, “0x80070005 – E_ACCESSDENIED”; "" for none. (transfer full) */
char *roll_help_error (RollErrorNumber error);

/* The same with the meaning as a sentence where there is one. (transfer full) */
char *roll_help_error_meaning (RollErrorNumber error);

/**
 * roll_help_fill_command: writes the computer's name and address where a command says NAME and ADDRESS.
 * @computer: (nullable)
 *
 * Only for commands that run here: on the target the words mean its own things.
 *
 * Returns: (transfer full):
 */
char *roll_help_fill_command (const char *command, const RollComputer *computer);

/* One key=value fact of a step for people: "Tries" and "2". */
typedef struct
{
  const char *label; /* borrowed from the translations, or from @detail's key */
  char *key;
  char *value;
} RollFactLine;

/* (transfer full) (element-type RollFactLine): the facts of a detail text, in its order. */
GPtrArray *roll_help_facts (const char *detail);

G_END_DECLS
