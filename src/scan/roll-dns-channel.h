/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-attempt.h"
#include "scan/roll-resolver-config.h"

/* Later versions of c-ares have other functions for the same; the ones of 1.18 still work there. */
#define CARES_NO_DEPRECATED
#include <ares.h>

G_BEGIN_DECLS

/*
 * c-ares with one server over one transport, its socket in the caller's epoll. One server and one try each: whom to ask
 * next and when is the resolver's business. UDP and TCP are apart because c-ares gives up all questions of a channel
 * when one of its connections breaks. The sockets are ours because c-ares says only that a call failed, the evidence
 * needs to know how; and because it takes a full send buffer for a dead server.
 */
typedef struct _RollDnsChannel RollDnsChannel;

/* @epoll_fd, @tag: see roll_resolver_new(); the descriptor must stay open as long as the channel lives. */
RollDnsChannel *roll_dns_channel_new (const RollServerAddress *address, gboolean tcp, int epoll_fd, guint32 tag,
                                      GError **error);
/* What is still open is called back as ARES_EDESTRUCTION. */
void roll_dns_channel_free (RollDnsChannel *self);

/* @type: ns_t_a and its like. Calls back from inside when it can't be sent, else from the functions below. */
void roll_dns_channel_ask (RollDnsChannel *self, const char *name, int type, ares_callback callback, gpointer data);
/* For the servers of the root, without recursion: whoever is alive answers that from what he has, if only with a
 * refusal, while an ordinary question may take long at a server that has to ask others. */
void roll_dns_channel_probe (RollDnsChannel *self, ares_callback callback, gpointer data);

/* Reads and writes; FALSE when @fd is not its own. */
gboolean roll_dns_channel_process (RollDnsChannel *self, int fd, guint32 epoll_events);
/* Reads what has come, whether it was announced or not. */
void roll_dns_channel_read (RollDnsChannel *self);
/* Whether there is something to read that epoll knows nothing of. */
gboolean roll_dns_channel_must_read (RollDnsChannel *self);
/* Calls back as ARES_ETIMEOUT what is too old. */
void roll_dns_channel_forget_old (RollDnsChannel *self);

/* How the question that is being called back as ARES_ECONNREFUSED failed: errno, 0 when that is not known. */
int roll_dns_channel_get_error (RollDnsChannel *self, RollSaidBy *ret_said_by);

G_END_DECLS
