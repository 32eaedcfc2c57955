/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-error.h"
#include "status/roll-status.h"

G_BEGIN_DECLS

/* Where a conversation stood. In the order of the conversation; stored: append only. */
typedef enum
{
  ROLL_STEP_NONE = 0,
  ROLL_STEP_RESOLVE = 1,
  ROLL_STEP_CONNECT = 2,             /* TCP to port 135 */
  ROLL_STEP_NEGOTIATE = 3,           /* anonymous ServerAlive2 */
  ROLL_STEP_AUTHENTICATE = 4,        /* on port 135 */
  ROLL_STEP_ACTIVATE = 5,
  ROLL_STEP_CONNECT_OBJECT = 6,      /* TCP to the dynamic port */
  ROLL_STEP_AUTHENTICATE_OBJECT = 7,
  ROLL_STEP_LOGIN_CIMV2 = 8,
  ROLL_STEP_QUERY = 9,
  ROLL_STEP_LOGIN_DEFAULT = 10,
  ROLL_STEP_REGISTRY = 11,
} RollStep;

#define ROLL_N_STEPS 12

const char *roll_step_id (RollStep step); /* "connect-object"; "" for NONE */
RollStep roll_step_from_id (const char *id);
const char *roll_step_label (RollStep step); /* in the user's language */

/* What the engine does about an error. */
typedef enum
{
  ROLL_ACTION_FINISH,          /* the computer ends with the status */
  ROLL_ACTION_RETRY,           /* abandon the attempt, queue again; the status after the last attempt */
  ROLL_ACTION_NEXT_CREDENTIAL, /* go on with the next one; the status when none is left */
  ROLL_ACTION_CLASS_RESULT,    /* only this class or optional question failed, the conversation goes on */
  ROLL_ACTION_OUR_FAULT,       /* never charged to a target: back off and tell the user */
} RollAction;

typedef struct
{
  RollStatus status;
  RollAction action;
} RollVerdict;

/**
 * roll_verdict:
 *
 * The (step, error) table of the contract, the only place where a status is decided. All wrappings of a
 * number (Win32 5, 0x80070005, a fault of status 5) get the same verdict, an unknown one that of the default
 * row.
 *
 * A number alone does not tell who said it: an EACCES that a router caused (ICMPv6 “administratively
 * prohibited”) is to be passed as EHOSTUNREACH.
 */
RollVerdict roll_verdict (RollStep step, RollErrorNumber error);

G_END_DECLS
