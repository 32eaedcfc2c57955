/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-attempt.h"
#include "scan/roll-resolver-config.h"

G_BEGIN_DECLS

/*
 * One name server: its sockets (through c-ares), the questions it has not answered yet, and whether it is silent.
 * It is counted silent when nothing it was asked for three seconds was answered, not even a question that needs no
 * other server's help; then it is only asked now and then whether it is back. Answers are queued, never called back.
 */
typedef struct _RollNameServer RollNameServer;

typedef enum
{
  ROLL_DNS_A,
  ROLL_DNS_AAAA,
} RollDnsType;

#define ROLL_N_DNS_TYPES 2
#define ROLL_DNS_ADDRESSES_MAX 16 /* kept of one answer, which may hold thousands */

/**
 * RollDnsReply: what became of one question to one server.
 * @owner: as given with the question
 * @status: a c-ares status. ARES_SUCCESS: an answer with addresses; ARES_ENODATA and ARES_ENOTFOUND: answers without
 * @rcode: of the answer, -1 when there was none
 * @error: errno, when the question could not be sent or was turned away; 0 otherwise
 */
typedef struct
{
  gpointer owner;
  guint serial;
  RollDnsType type;
  int status;
  int rcode;
  int error;
  RollSaidBy error_by;
  gboolean tcp; /* the answer was too long for a datagram */
  guint n_addresses;
  RollAddress addresses[ROLL_DNS_ADDRESSES_MAX];
} RollDnsReply;

typedef enum
{
  ROLL_NAME_SERVER_NO_NEWS,
  ROLL_NAME_SERVER_SILENT,
  ROLL_NAME_SERVER_BACK,
} RollNameServerNews;

/* @epoll_fd, @tag: see roll_resolver_new(); the descriptor must stay open as long as the server lives. */
RollNameServer *roll_name_server_new (const RollServerAddress *address, int epoll_fd, guint32 tag, GError **error);
/* Closes the sockets; what was still open comes out of roll_name_server_pop() as ARES_EDESTRUCTION. */
void roll_name_server_close (RollNameServer *self);
void roll_name_server_free (RollNameServer *self);

const char *roll_name_server_get_peer (RollNameServer *self); /* "10.0.0.53:53" */
gboolean roll_name_server_is_silent (RollNameServer *self);
/* What the network said instead of an answer: errno, 0 for plain silence. */
int roll_name_server_get_error (RollNameServer *self);

/* Sends a question; @owner and @serial come back with the reply, also when it can't be sent. */
void roll_name_server_ask (RollNameServer *self, const char *name, RollDnsType type, gpointer owner, guint serial);

/* Reads and writes; FALSE when @fd is not one of its own. */
gboolean roll_name_server_process (RollNameServer *self, int fd, guint32 epoll_events);
/* The next reply, to be freed with g_free(); NULL when there is none for now. */
RollDnsReply *roll_name_server_pop (RollNameServer *self);

/* Probes and housekeeping; to be called at the deadline. */
void roll_name_server_check (RollNameServer *self, gint64 now);
gint64 roll_name_server_get_deadline (RollNameServer *self);
RollNameServerNews roll_name_server_take_news (RollNameServer *self);

G_END_DECLS
