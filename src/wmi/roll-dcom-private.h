/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wmi/roll-dcom.h"

G_BEGIN_DECLS

#define ROLL_DCOM_PING_US (120 * G_USEC_PER_SEC) /* [MS-DCOM] 3.2.6.1: three missed ones, and the objects are gone */
#define ROLL_DCOM_REFS 5                         /* references that are asked for and given at a time, as Windows does */

/* An interface pointer that is to be released. */
typedef struct
{
  RollUuid ipid;
  guint64 oid;
  guint32 refs;
  gboolean pings;  /* its object dies without */
  gboolean in_set; /* its object is in the ping set */
} RollHeld;

struct _RollDcom
{
  RollDcomTarget target;
  RollServerAlive alive; /* all zero but for its strings while not known */
  RollComVersion version;
  gboolean challenged;
  RollNtlmChallenge challenge;
  RollAssociation *mapper;
  RollAssociation *object;
  int socket;       /* connected to the object port, before its association is; -1 */
  gboolean active;
  RollActivated activated;
  guint16 object_port;
  RollUuid cid;     /* of the next call: random, then counted up */
  GArray *held;     /* (element-type RollHeld) */
  guint32 releasing; /* the call of a RemRelease whose answer has not been fetched; 0: none */
  gboolean no_smart_enum; /* the computer said so */
  gint64 ping_us;   /* between two pings */
  gint64 next_ping;
  guint64 ping_set; /* 0: none */
  guint16 ping_sequence;
};

/* Decoded, an answer takes a multiple: so much of it stays below 64 MiB in all. */
#define ROLL_DCOM_MAX_ANSWER ((gsize) 2 << 20)

/* An association on @fd, which is taken over, with the limits of the session. */
RollAssociation *roll_dcom_associate (RollDcom *self, int fd);

/* A connected, non-blocking socket to @port of the address that answered; -1 on failure. */
int roll_dcom_connect (RollDcom *self, guint16 port, GError **error);

/* --- Calls to objects -------------------------------------------------------------------------------------------- */

RollSyntax roll_dcom_syntax (const RollUuid *iid);

/* ORPCTHIS of the next call. */
RollOrpcThis roll_dcom_begin (RollDcom *self);

/* @stub: beginning with what roll_dcom_begin() gave. The two halves of a call, or both. */
guint32 roll_dcom_send (RollDcom *self, const RollUuid *iid, guint16 opnum, const RollUuid *ipid,
                        const RollWriter *stub, GError **error);
GBytes *roll_dcom_receive (RollDcom *self, guint32 call_id, GError **error);
GBytes *roll_dcom_call (RollDcom *self, const RollUuid *iid, guint16 opnum, const RollUuid *ipid,
                        const RollWriter *stub, GError **error);

/**
 * roll_dcom_check: what a decoder made of an answer.
 * @well: it was well-formed; otherwise @reader has its problem
 * @call: its name, for evidence
 *
 * Returns: FALSE with PROTOCOL for a malformed answer, RESULT for a failing @hresult
 */
gboolean roll_dcom_check (gboolean well, const RollReader *reader, guint32 hresult, const char *call, GError **error);

/* The number of a call that was answered with nothing to go on with. */
gboolean roll_dcom_fail_malformed (GError **error, const char *call, const char *problem);

/* Asks the object of @ipid for another interface; what comes back is held. */
gboolean roll_dcom_query_interface (RollDcom *self, const RollUuid *ipid, const RollUuid *iid, RollUuid *ret_ipid,
                                    GError **error);

/* Remembers a reference until it is let go of: by name, or by roll_dcom_release(). */
void roll_dcom_hold (RollDcom *self, const RollStdObjref *std);

/* RemRelease of these; its answer is not waited for. */
void roll_dcom_let_go (RollDcom *self, const RollUuid *ipids, guint n);

G_END_DECLS
