/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-fact-set.h"

G_BEGIN_DECLS

/*
 * The finding "ports": what other ports of a computer did that failed on 135, "22=silent 135=silent 445=open".
 * It changes the explanation, never the status.
 */
#define ROLL_PORTS_FINDING "ports"

typedef enum
{
  ROLL_PORT_NOT_TRIED,
  ROLL_PORT_OPEN,
  ROLL_PORT_CLOSED, /* refused */
  ROLL_PORT_SILENT, /* or nobody could tell: out of reach */
} RollPortState;

#define ROLL_N_PORTS 5

typedef struct
{
  guint16 number;
  RollFactId fact;
} RollPort;

/* In order of number: 22, 135 (once more), 445, 3389, 5985. */
const RollPort *roll_ports (void);

/* Returns: (transfer full): of the ports that were tried */
char *roll_ports_format (const RollPortState states[ROLL_N_PORTS]);
/* What is not known of @detail is passed over. */
void roll_ports_add_facts (const char *detail, RollFactSet *facts);

G_END_DECLS
