/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/roll-acceptor.h"
#include "wmi-server.h"

#define WMI_SERVER_MAX_CONNECTIONS 16

typedef struct
{
  WmiServer *server;
  int fd; /* -1: none */
  gboolean object;
  gboolean closing;
  RollAcceptor *acceptor;
} WmiServerConnection;

/* Rows that are on their way. */
typedef struct
{
  guint sent;
  guint not_yet;
  RollSmartWriter *smart;
} WmiServerRows;

struct _WmiServer
{
  WmiServerPlan plan;
  GThread *thread;
  int stop_fd;
  int mapper_fd, object_fd;
  int fillers[8]; /* keep a silent port full */
  guint16 mapper_port, object_port;
  WmiServerConnection connections[WMI_SERVER_MAX_CONNECTIONS];
  GPtrArray *calls;
  guint troubled;      /* calls of the troubled kind so far */
  gboolean smart_asked;
  GArray *rows;        /* (element-type WmiServerRows) */
  RollWmiClass *row_class;
  RollWmiObject *registry_class;
  guint references; /* modulo 2^32 */
  guint most_in_flight;
  guint version;
  GRand *chance; /* (nullable) */
  guint8 *received;
};

/* What a call is answered with: a stub is written, or a fault told. */
typedef struct
{
  WmiServerConnection *connection;
  const RollAcceptorCall *call;
  RollReader in;
  RollWriter out;
  guint32 fault;
  guint32 result; /* is to be answered instead of what was asked for */
  guint wait_ms;
} WmiServerAnswer;

void wmi_server_make_classes (WmiServer *self);
void wmi_server_free_classes (WmiServer *self);

/* @ret_name: what of it, for the list of calls; FALSE: there is no such operation */
gboolean wmi_server_answer_mapper (WmiServerAnswer *answer);
gboolean wmi_server_answer_object (WmiServerAnswer *answer);

/* "IWbemServices 24", with @detail where there is one */
void wmi_server_note (WmiServer *self, const RollAcceptorCall *call, const char *detail);
gboolean wmi_server_offers (WmiServerConnection *connection, const RollUuid *iid);
