/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-pdu.h"
#include "rpc/roll-rpc-error.h"

G_BEGIN_DECLS

/*
 * A connected socket that PDUs pass through: it blocks its caller, and gives up when it is cancelled, when nothing moves
 * for the watchdog's time, or when the deadline has passed. Used by the association and by those who answer it.
 */

#define ROLL_WIRE_MAX_FRAGMENT 5840 /* what Windows offers; a longer fragment from the peer is an error */

typedef struct
{
  int socket;
  int cancel_fd;     /* becomes readable: give up; -1: none */
  guint watchdog_ms; /* for one fragment to pass; 0: for ever */
  gint64 deadline;   /* g_get_monotonic_time(); 0: none */
  gsize start;       /* of what has not been taken yet */
  gsize end;
  guint8 buffer[8192];
} RollWire;

/* @socket: taken over. @cancel_fd: borrowed. */
void roll_wire_init (RollWire *wire, int socket, int cancel_fd, guint watchdog_ms);
void roll_wire_clear (RollWire *wire);

/**
 * roll_wire_send: waits until something can be written, and writes what can be.
 * @watch_input: return as well as soon as there is something to read, which keeps two full ends from waiting for each other
 *
 * Returns: how many bytes went, maybe none; -1 on failure
 */
gssize roll_wire_send (RollWire *wire, const guint8 *bytes, gsize length, gboolean watch_input, gboolean *ret_input,
                       GError **error);

/* Waits for one whole PDU. Returns: (transfer none): its bytes, which may be changed, valid until the next call; or NULL */
guint8 *roll_wire_receive (RollWire *wire, gsize *ret_length, GError **error);

/* Waits until @fd is readable, in the same way: @cancel_fd -1: none; @deadline 0: none. */
gboolean roll_wire_wait (int fd, int cancel_fd, gint64 deadline, GError **error);

G_END_DECLS
