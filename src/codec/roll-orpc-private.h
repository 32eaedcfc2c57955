/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-orpc.h"

G_BEGIN_DECLS

/* What both ways of activation share. */

#define ROLL_ORPC_CLIENT_IMP_LEVEL 2 /* a server does not look at it; the level is the association's */

/* Where an HRESULT ought to be there may stand a Win32 error, which is none until it says so. */
guint32 roll_orpc_hresult (guint32 status);

void roll_orpc_activated_init (RollActivated *activated); /* nothing, and no bindings */
void roll_orpc_activated_drop (RollActivated *activated); /* nothing but how it failed */

/* The interface as an OBJREF behind its referent: the bindings without their ports are those of the resolver. */
void roll_orpc_put_activated_interface (RollWriter *writer, const RollActivated *activated, const RollUuid *iid);
/* With its referent. FALSE: a NULL pointer, or @reader is failed because that is no reference to an object there. */
gboolean roll_orpc_read_activated_interface (RollReader *reader, RollActivated *activated);

G_END_DECLS
