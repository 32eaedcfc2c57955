/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/roll-association.h"
#include "rpc/roll-wire.h"

G_BEGIN_DECLS

/* A presentation context; its id is its place in the list. */
typedef struct
{
  RollSyntax interface;
  gboolean accepted;
} Context;

/* A call whose answer has not been handed out. */
typedef struct
{
  guint32 id;
  gboolean done;
  GError *fault;
  guint n_fragments;
  guint8 *stub;
  gsize length;
  gsize capacity;
} Call;

struct _RollAssociation
{
  RollWire wire;
  RollSecurity *security;
  GError *failure; /* what ended the association */
  RollWriter out;  /* what has been made and not sent */
  gboolean bound;
  gboolean multiplex;
  gboolean gathering;   /* requests stay in out until they are many, or an answer is waited for */
  gboolean unconfirmed; /* an auth3 went out and nothing signed has come back */
  gsize max_send;
  guint32 next_call_id;
  guint n_contexts;
  Context contexts[ROLL_PDU_MAX_CONTEXTS];
  GPtrArray *calls; /* (element-type Call) */
  gsize held;       /* bytes of their answers */
  gsize max_response;
};

/* Records what ended the association and hands out a copy. Returns: FALSE */
gboolean roll_association_fail (RollAssociation *self, GError *failure, GError **error);
gboolean roll_association_fail_protocol (RollAssociation *self, GError **error, const char *text);

/* Whether it can be used at all. */
gboolean roll_association_check (RollAssociation *self, GError **error);

/* Sends what stands in out; answers to calls that arrive meanwhile are taken in. */
gboolean roll_association_flush (RollAssociation *self, GError **error);

/* Waits for one fragment and adds it to the call it answers. */
gboolean roll_association_take_fragment (RollAssociation *self, GError **error);

/* Waits for one PDU of whatever type. @ret_pdu and @ret_bytes last until the next. */
gboolean roll_association_receive_pdu (RollAssociation *self, RollPdu *ret_pdu, guint8 **ret_bytes, GError **error);

G_END_DECLS
