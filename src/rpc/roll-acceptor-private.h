/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/roll-acceptor.h"

G_BEGIN_DECLS

typedef struct
{
  guint16 id;
  RollSyntax interface;
} RollAcceptedContext;

/* A security context and how far its logon is. */
typedef struct
{
  RollSecurity *security;
  gboolean done;
  gboolean refused;
} RollAcceptedSecurity;

struct _RollAcceptor
{
  const RollAcceptorHandler *handler;
  gpointer user_data;
  gboolean multiplex;
  guint16 fragment_bytes;
  gsize max_send;
  gboolean bound;
  GArray *contexts;   /* (element-type RollAcceptedContext) */
  GArray *securities; /* (element-type RollAcceptedSecurity) */
  GByteArray *in;
  GByteArray *request; /* of the fragments so far */
  guint32 request_id;
  RollWriter out;
  gsize sent; /* of out */
};

/* The newest of that number. */
RollAcceptedSecurity *roll_acceptor_find_security (RollAcceptor *self, guint32 context_id);

/* bind, alter_context and auth3. FALSE: the connection is over. */
gboolean roll_acceptor_take_bind (RollAcceptor *self, const RollPdu *pdu);
gboolean roll_acceptor_take_auth3 (RollAcceptor *self, const RollPdu *pdu);

void roll_acceptor_end_pdu (RollAcceptor *self, gsize pdu);

G_END_DECLS
