/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where in the conversation a computer may go wrong. */
typedef enum
{
  ROLL_LAB_STEP_CONNECT,        /* to the endpoint mapper: the first bytes that come in */
  ROLL_LAB_STEP_ALIVE,          /* ServerAlive2 */
  ROLL_LAB_STEP_ACTIVATE,
  ROLL_LAB_STEP_OBJECT_CONNECT, /* to the WMI service */
  ROLL_LAB_STEP_LOGIN_CIMV2,    /* NTLMLogin */
  ROLL_LAB_STEP_LOGIN_DEFAULT,
  ROLL_LAB_STEP_LOGIN_OTHER,
  ROLL_LAB_STEP_QUERY,          /* ExecQuery */
  ROLL_LAB_STEP_NEXT,           /* rows, by either way */
  ROLL_LAB_STEP_GET_OBJECT,
  ROLL_LAB_STEP_METHOD,
} RollLabStep;

/* What it does there. */
typedef enum
{
  ROLL_LAB_BEHAVES,
  ROLL_LAB_FAULT,         /* answers with a fault, @number */
  ROLL_LAB_RESULT,        /* answers with the HRESULT @number */
  ROLL_LAB_HANGS,         /* never answers */
  ROLL_LAB_CLOSES,        /* closes the connection */
  ROLL_LAB_RESETS,        /* resets it */
  ROLL_LAB_GARBAGE,       /* answers with bytes that are nothing */
  ROLL_LAB_GIANT,         /* answers with a stub that claims to be gigantic */
  ROLL_LAB_LONG_FRAGMENT, /* answers with a fragment longer than agreed */
  ROLL_LAB_FORGES,        /* answers with a wrong signature */
  ROLL_LAB_DRIPS,         /* from now on a byte a second */
  ROLL_LAB_DAWDLES,       /* from now on each answer comes @number milliseconds late */
  ROLL_LAB_TIMES_OUT,     /* has no row yet, every time */
  /* What it is like, at no step of its own. */
  ROLL_LAB_ENDLESS,       /* the rows of @class_name have no end */
  ROLL_LAB_PORT_CLOSED,   /* the WMI service's port */
  ROLL_LAB_PORT_SILENT,
  ROLL_LAB_NO_ACTIVATOR,  /* neither way of activation is offered */
  ROLL_LAB_OLD_ACTIVATOR, /* only the older one */
  ROLL_LAB_NO_BINDING,    /* the WMI service has no TCP port */
  ROLL_LAB_FOREIGN,       /* bindings name addresses of others */
  ROLL_LAB_NOT_SMART,     /* no smart enumeration */
  ROLL_LAB_OLD_COM,       /* a COM version of old */
  ROLL_LAB_OTHER_ACCOUNT, /* knows the second account only */
  ROLL_LAB_NO_ACCOUNT,    /* knows none: it is locked out */
  ROLL_LAB_LOCAL_ACCOUNT, /* is in no domain, and knows an account of its own only */
  ROLL_LAB_RENAMED,       /* calls itself otherwise: the name that was asked for is an old one */
  ROLL_LAB_ELSEWHERE,     /* outside of ROLL_LAB_ACCOUNT_SCOPE */
} RollLabAction;

/**
 * RollLabTrouble: one way to go wrong.
 * @class_name: (nullable): only with queries for that class
 * @times: how often, before all is well; 0: always
 */
typedef struct
{
  RollLabStep step;
  RollLabAction action;
  guint32 number;
  const char *class_name;
  guint8 times;
} RollLabTrouble;

#define ROLL_LAB_TROUBLES 2 /* of one computer at most */

G_END_DECLS
