/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-uuid.h"

G_BEGIN_DECLS

/*
 * Protocol data units of connection-oriented DCE/RPC, version 5 ([C706] chapter 12, [MS-RPCE] 2.2.2). Decoding
 * borrows from the bytes given; nothing is allocated.
 */

typedef enum
{
  ROLL_PDU_REQUEST = 0,
  ROLL_PDU_RESPONSE = 2,
  ROLL_PDU_FAULT = 3,
  ROLL_PDU_BIND = 11,
  ROLL_PDU_BIND_ACK = 12,
  ROLL_PDU_BIND_NAK = 13,
  ROLL_PDU_ALTER_CONTEXT = 14,
  ROLL_PDU_ALTER_CONTEXT_RESP = 15,
  ROLL_PDU_AUTH3 = 16,
  ROLL_PDU_SHUTDOWN = 17,
  ROLL_PDU_CO_CANCEL = 18,
  ROLL_PDU_ORPHANED = 19,
} RollPduType;

#define ROLL_PFC_FIRST_FRAG 0x01
#define ROLL_PFC_LAST_FRAG 0x02
#define ROLL_PFC_SUPPORT_HEADER_SIGN 0x04 /* in bind and alter_context; elsewhere: pending cancel */
#define ROLL_PFC_CONC_MPX 0x10
#define ROLL_PFC_DID_NOT_EXECUTE 0x20
#define ROLL_PFC_OBJECT_UUID 0x80

#define ROLL_PDU_HEADER_SIZE 16
#define ROLL_PDU_SEC_TRAILER_SIZE 8
#define ROLL_PDU_MAX_CONTEXTS 32         /* of one bind; Windows' own client offers at most 6 */
#define ROLL_PDU_MAX_TRANSFER_SYNTAXES 4 /* of one context */

/* An interface or a transfer syntax with its version: minor in the upper half. */
typedef struct
{
  RollUuid uuid;
  guint32 version;
} RollSyntax;

typedef struct
{
  guint16 id;
  RollSyntax abstract_syntax;
  guint n_transfer_syntaxes;
  RollSyntax transfer_syntaxes[ROLL_PDU_MAX_TRANSFER_SYNTAXES];
} RollPresentationContext;

typedef enum
{
  ROLL_CONTEXT_ACCEPTED = 0,
  ROLL_CONTEXT_USER_REJECTION = 1,
  ROLL_CONTEXT_PROVIDER_REJECTION = 2,
  ROLL_CONTEXT_NEGOTIATE_ACK = 3, /* answers a bind-time feature negotiation; @reason has the features */
} RollContextResult;

typedef struct
{
  guint16 result; /* RollContextResult */
  guint16 reason;
  RollSyntax transfer_syntax;
} RollPresentationResult;

/* bind and alter_context */
typedef struct
{
  guint16 max_xmit;
  guint16 max_recv;
  guint32 assoc_group;
  guint n_contexts;
  RollPresentationContext contexts[ROLL_PDU_MAX_CONTEXTS];
} RollPduBind;

/* bind_ack and alter_context_resp */
typedef struct
{
  guint16 max_xmit;
  guint16 max_recv;
  guint32 assoc_group;
  const guint8 *secondary_address; /* the port as text, with its NUL if the server sent one */
  gsize secondary_address_length;
  guint n_results;
  RollPresentationResult results[ROLL_PDU_MAX_CONTEXTS];
} RollPduBindAck;

/* request, response and fault; the stub is as it travels: maybe sealed, with its padding taken off only when there is
 * a sec_trailer to say how much it is */
typedef struct
{
  guint32 alloc_hint; /* a hint: never allocate by it */
  guint16 context_id;
  guint16 opnum;      /* request */
  gboolean has_object;
  RollUuid object;    /* request: the IPID */
  guint8 cancel_count;
  guint32 fault;      /* fault: the nca_s_* status or Win32 error */
  gsize stub_offset;  /* from the start of the PDU */
  gsize stub_length;  /* without the authentication padding */
} RollPduCall;

/* sec_trailer and auth_value, [MS-RPCE] 2.2.2.11 */
typedef struct
{
  guint8 type;
  guint8 level;
  guint8 pad_length;
  guint32 context_id;
  gsize trailer_offset; /* of the sec_trailer from the start of the PDU */
  const guint8 *token;
  gsize token_length;
} RollPduAuth;

typedef struct
{
  RollPduType type;
  guint8 flags;
  guint16 frag_length;
  guint32 call_id;
  gboolean has_auth;
  RollPduAuth auth;
  union
  {
    RollPduBind bind;
    RollPduBindAck bind_ack;
    guint16 reject_reason; /* bind_nak */
    RollPduCall call;
  };
} RollPdu;

/**
 * roll_pdu_frag_length:
 * @header: the first ROLL_PDU_HEADER_SIZE bytes
 *
 * Returns: how long the PDU is in bytes, at least ROLL_PDU_HEADER_SIZE; 0 when this is not DCE/RPC 5, not
 *   little-endian ASCII IEEE, or a length that can't be, with *@ret_problem (static text) saying which
 */
gsize roll_pdu_frag_length (const guint8 header[ROLL_PDU_HEADER_SIZE], const char **ret_problem);

/**
 * roll_pdu_decode:
 * @bytes: exactly one PDU; borrowed by *@ret_pdu
 * @ret_problem: (nullable): a static text of what is wrong; for evidence
 */
gboolean roll_pdu_decode (const guint8 *bytes, gsize length, RollPdu *ret_pdu, const char **ret_problem);

/* --- Encoding: begin, body, maybe an authentication verifier, end -------------------------------------------------- */

/* Returns the position of the PDU for roll_pdu_end(). */
gsize roll_pdu_begin (RollWriter *writer, RollPduType type, guint8 flags, guint32 call_id);
void roll_pdu_put_bind (RollWriter *writer, const RollPduBind *bind);
void roll_pdu_put_bind_ack (RollWriter *writer, const RollPduBindAck *ack);
void roll_pdu_put_bind_nak (RollWriter *writer, guint16 reject_reason);
void roll_pdu_put_auth3 (RollWriter *writer);
/* The header of a request; @object NULL: none (begin() must have had ROLL_PFC_OBJECT_UUID otherwise). */
void roll_pdu_put_request (RollWriter *writer, guint32 alloc_hint, guint16 context_id, guint16 opnum,
                           const RollUuid *object);
void roll_pdu_put_response (RollWriter *writer, guint32 alloc_hint, guint16 context_id);
void roll_pdu_put_fault (RollWriter *writer, guint16 context_id, guint32 status);

/**
 * roll_pdu_put_auth: pads to the next multiple of @alignment after the stub (4 for bind, 16 for a stub that is sealed)
 * and appends the sec_trailer and the token.
 * @stub: position where the padded part began
 * @token: (nullable): NULL leaves @token_length zero bytes to be filled in after signing
 *
 * Returns: position of the sec_trailer
 */
gsize roll_pdu_put_auth (RollWriter *writer, gsize pdu, gsize stub, gsize alignment, const RollPduAuth *auth,
                         const guint8 *token, gsize token_length);

/* Fills in the lengths. */
void roll_pdu_end (RollWriter *writer, gsize pdu);

G_END_DECLS
