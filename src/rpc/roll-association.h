/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-pdu.h"
#include "rpc/roll-security.h"

G_BEGIN_DECLS

/**
 * RollAssociation: a connection to an RPC server with, maybe, a security context: bind to interfaces, then call.
 *
 * It blocks its caller and belongs to one thread at a time; another thread ends its waiting through the cancel fd. Every
 * signature of the server is verified. Errors are of ROLL_RPC_ERROR. A fault, and an interface that is rejected by an
 * alter_context, leave the association usable; after any other error every later call fails with the same error.
 */
typedef struct _RollAssociation RollAssociation;

#define ROLL_ASSOCIATION_MAX_RESPONSE ((gsize) 64 * 1024 * 1024) /* of all answers held at once */
#define ROLL_ASSOCIATION_MAX_FRAGMENTS 65536                     /* of one answer */

/**
 * roll_association_new:
 * @socket: connected and non-blocking; taken over
 * @cancel_fd: borrowed; once it is readable all waiting ends with CANCELLED; -1: none
 * @watchdog_ms: with no whole fragment sent or received for this long, waiting ends with TIMED_OUT; 0: never
 */
RollAssociation *roll_association_new (int socket, int cancel_fd, guint watchdog_ms);
void roll_association_free (RollAssociation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollAssociation, roll_association_free)

/* Of all answers held at once, bytes; at most, and at first, ROLL_ASSOCIATION_MAX_RESPONSE. */
void roll_association_set_max_response (RollAssociation *self, gsize max_response);

/* @deadline: g_get_monotonic_time() after which waiting ends with TIMED_OUT whatever moves; 0: none */
void roll_association_set_deadline (RollAssociation *self, gint64 deadline);

/**
 * roll_association_bind: offers interfaces, with NDR 2.0, and logs on. Once per association.
 * @security: (transfer full) (nullable): NULL: without authentication
 *
 * Returns: FALSE with REFUSED when the logon was refused, REJECTED when none of the interfaces is offered. NTLM's last
 *   word is sent with the first request, so that its refusal comes as an answer to that.
 */
gboolean roll_association_bind (RollAssociation *self, const RollSyntax *interfaces, guint n_interfaces,
                                RollSecurity *security, GError **error);

/* Offers further interfaces, under the same security context; REJECTED when none of them is offered. */
gboolean roll_association_alter (RollAssociation *self, const RollSyntax *interfaces, guint n_interfaces,
                                 GError **error);

/* Whether the server took @interface in a bind or alter. */
gboolean roll_association_has (RollAssociation *self, const RollSyntax *interface);

/**
 * roll_association_call: one call and its answer.
 * @object: (nullable): the IPID, for an ORPC call
 * @stub: marshalled in NDR 2.0
 *
 * Returns: (transfer full) (nullable): the stub of the answer
 */
GBytes *roll_association_call (RollAssociation *self, const RollSyntax *interface, guint16 opnum,
                               const RollUuid *object, const void *stub, gsize length, GError **error);

/**
 * roll_association_send: the first half of a call. Where the server did not agree to several calls at once, the answers
 *   to earlier ones are waited for first.
 *
 * Returns: the call, for roll_association_receive(), which must follow, in any order of calls; 0 on failure
 */
guint32 roll_association_send (RollAssociation *self, const RollSyntax *interface, guint16 opnum,
                               const RollUuid *object, const void *stub, gsize length, GError **error);
GBytes *roll_association_receive (RollAssociation *self, guint32 call_id, GError **error);

/* Whether requests may wait for others, so that many leave at once: until an answer is asked for. At first they don't. */
void roll_association_set_gathering (RollAssociation *self, gboolean gathering);

gboolean roll_association_can_multiplex (RollAssociation *self);

/* Returns: (transfer none) (nullable): what it was bound with, also after a failure: a challenge is evidence */
RollSecurity *roll_association_get_security (RollAssociation *self);

G_END_DECLS
