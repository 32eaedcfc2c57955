/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/roll-lab-private.h"
#include "rpc/roll-acceptor.h"

G_BEGIN_DECLS

typedef struct _RollLabMachine RollLabMachine;
typedef struct _RollLabObjects RollLabObjects;

/* One connection to a simulated computer; all it keeps is freed when it is closed. */
typedef struct
{
  RollLab *lab;
  RollLabWatch *watch;
  guint computer;
  gboolean object;         /* to the WMI service */
  RollAcceptor *acceptor;
  RollLabMachine *machine; /* owned */
  RollLabObjects *objects; /* (nullable): owned: what was handed out here */
  GQueue late;             /* answers that wait for their time */
  guint dawdles_ms;        /* each answer is that late */
  guint thinks_ms;         /* the first rows are that late; 0: they have been given */
  gboolean greeted;        /* something has come in */
  gboolean deaf;           /* what comes in is not looked at any more */
  gboolean drips;
  RollLabAction spoils;    /* what becomes of the next PDU */
  RollLabAction ends;      /* how it ends as soon as all is sent */
} RollLabConnection;

extern const RollAcceptorHandler roll_lab_handler; /* user_data: the connection */

/* @stub: cleared */
void roll_lab_answer (RollLabConnection *self, const RollAcceptorTicket *ticket, RollWriter *stub);
/* The same for rows, which may have to be looked for first. */
void roll_lab_answer_rows (RollLabConnection *self, const RollAcceptorTicket *ticket, RollWriter *stub);
void roll_lab_answer_fault (RollLabConnection *self, const RollAcceptorTicket *ticket, guint32 status);

/* Whether that kind of trouble applies; no step, no counting. (nullable) */
const RollLabTrouble *roll_lab_has (RollLabConnection *self, RollLabAction action);

/**
 * roll_lab_strike: what is to go wrong at a step does.
 * @class_name: (nullable): that the query is for
 * @ret_hresult: what is to be answered instead of what was asked for; 0: that
 *
 * Returns: TRUE when no answer is to be made: there is none, or it has been made
 */
gboolean roll_lab_strike (RollLabConnection *self, const RollAcceptorTicket *ticket, RollLabStep step,
                          const char *class_name, guint32 *ret_hresult);

/* Does to a PDU on its way out what was announced. */
void roll_lab_spoil (RollWriter *out, gsize pdu, gpointer user_data);

/* The calls of the two ports. */
void roll_lab_mapper_call (RollLabConnection *self, const RollAcceptorCall *call);
void roll_lab_wmi_call (RollLabConnection *self, const RollAcceptorCall *call);
gboolean roll_lab_mapper_offers (RollLabConnection *self, const RollUuid *interface);
gboolean roll_lab_wmi_offers (RollLabConnection *self, const RollUuid *interface);

RollLabObjects *roll_lab_objects_new (RollLabConnection *connection);
void roll_lab_objects_free (RollLabObjects *objects);

G_END_DECLS
