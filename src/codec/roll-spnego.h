/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-reader.h"
#include "codec/roll-writer.h"

G_BEGIN_DECLS

/*
 * The two messages of SPNEGO ([RFC4178] 4.2, [MS-SPNG] 2.2) in DER: definite, shortest lengths only. Decoding borrows from
 * the bytes given; nothing is allocated.
 */

#define ROLL_SPNEGO_MESSAGE_MAX 65535 /* auth_length is 16 bits */
#define ROLL_SPNEGO_MAX_MECHS 16      /* Windows' own client offers at most 5 */

/* The contents of an object identifier: 1.3.6.1.4.1.311.2.2.10 */
#define ROLL_SPNEGO_OID_NTLM "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"

/* @data NULL: the field is not there */
typedef struct
{
  const guint8 *data;
  gsize length;
} RollSpnegoBytes;

/* The first message, with its GSS frame. */
typedef struct
{
  guint n_mechs;
  RollSpnegoBytes mechs[ROLL_SPNEGO_MAX_MECHS]; /* contents of object identifiers, the preferred first */
  RollSpnegoBytes mech_list; /* decoded only: the list as it travelled, with its tag, which a mechListMIC signs */
  RollSpnegoBytes mech_token; /* for the preferred mechanism */
  RollSpnegoBytes mech_list_mic;
} RollSpnegoInit;

typedef enum
{
  ROLL_SPNEGO_ACCEPT_COMPLETED = 0,
  ROLL_SPNEGO_ACCEPT_INCOMPLETE = 1,
  ROLL_SPNEGO_REJECT = 2,
  ROLL_SPNEGO_REQUEST_MIC = 3,
} RollSpnegoState;

/* Every further message of both sides. */
typedef struct
{
  gboolean has_state;
  RollSpnegoState state;
  RollSpnegoBytes supported_mech;
  RollSpnegoBytes response_token;
  RollSpnegoBytes mech_list_mic;
} RollSpnegoResp;

/* @ret_problem: a static text of what is wrong */
gboolean roll_spnego_init_decode (const guint8 *bytes, gsize length, RollSpnegoInit *ret_init,
                                  const char **ret_problem);
gboolean roll_spnego_resp_decode (const guint8 *bytes, gsize length, RollSpnegoResp *ret_resp,
                                  const char **ret_problem);

void roll_spnego_put_init (RollWriter *writer, const RollSpnegoInit *init);
void roll_spnego_put_resp (RollWriter *writer, const RollSpnegoResp *resp);

gboolean roll_spnego_is_ntlm (const RollSpnegoBytes *mech);

G_END_DECLS
