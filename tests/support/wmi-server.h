/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wbem.h"
#include "codec/roll-wmio.h"
#include "inventory/roll-credential.h"

/*
 * A computer with DCOM and WMI on loopback, in a thread of its own: an endpoint mapper and an object port that answer what a
 * session asks, by NTLM. It does as it is told, writes down what it was asked, and counts what it handed out and got back.
 */

#define WMI_SERVER_PASSWORD "Pässwörd 1"
#define WMI_SERVER_BUILD 19045

typedef enum
{
  WMI_SERVER_FINE,
  WMI_SERVER_FAULT,     /* answers with the fault @number */
  WMI_SERVER_RESULT,    /* answers with the HRESULT @number and nothing else in it */
  WMI_SERVER_SILENT,    /* never answers */
  WMI_SERVER_CLOSE,     /* closes the connection */
  WMI_SERVER_GARBAGE,   /* answers with a stub that makes no sense */
  WMI_SERVER_EMPTY,     /* answers with an empty stub */
} WmiServerAction;

/* What goes wrong, and at which call. */
typedef struct
{
  WmiServerAction action;
  const RollUuid *iid;
  guint16 opnum;
  guint after;    /* this many calls of that kind go well first */
  guint32 number;
} WmiServerTrouble;

/**
 * WmiServerPlan: all zero: a computer without faults.
 * @version: of COM; 0.0: 5.7
 * @bindings: (nullable): NULL-terminated, instead of its own; "%u" in one stands for the port
 * @not_yet: answers to a request for rows that say WBEM_S_TIMEDOUT before one that has some; G_MAXUINT: all
 * @rows_at_once: at most; 0: as many as were asked for
 * @mutations: seed of chance: one answer in eight has bytes that are not what they should be; 0: none
 * @n_columns: texts of a row beside its three properties
 */
typedef struct
{
  WmiServerTrouble trouble;
  RollComVersion version;
  const char *const *bindings;
  guint n_rows;
  guint rows_at_once;
  guint n_columns;
  guint not_yet;
  gboolean waits_not_yet;    /* as long as it was asked to, instead of at once */
  gboolean endless;          /* rows without an end */
  gboolean rows_with_s_ok;   /* the last rows come with S_OK, the end by itself */
  gboolean no_smart;         /* E_NOINTERFACE */
  gboolean lists_values;     /* StdRegProv has EnumValues */
  gboolean late_interfaces;  /* those of smart enumeration are offered after they were asked for */
  gboolean no_activator;
  gboolean old_activator;    /* RemoteActivation alone */
  gboolean no_exporter;
  gboolean silent_port;      /* the object port takes no connection */
  gboolean closed_port;
  gboolean single;           /* one call at a time */
  gboolean no_pings;         /* closes the endpoint mapper's connection when it is pinged with a logon */
  guint16 fragment_bytes;
  guint32 mutations;
} WmiServerPlan;

typedef struct _WmiServer WmiServer;

WmiServer *wmi_server_start (const WmiServerPlan *plan);
void wmi_server_stop (WmiServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WmiServer, wmi_server_stop)

guint16 wmi_server_get_port (WmiServer *server);        /* of the endpoint mapper */
guint16 wmi_server_get_object_port (WmiServer *server);

/* PRACTICE\scanner with the right password. */
RollCredential *wmi_server_credential (const char *password);

/* --- To be looked at after wmi_server_stop_serving() --------------------------------------------------------------- */

void wmi_server_stop_serving (WmiServer *server);

/* What was called, in order: "IWbemServices 24 EnumKey". (element-type utf8) */
GPtrArray *wmi_server_get_calls (WmiServer *server);
guint wmi_server_count_calls (WmiServer *server, const char *call);
guint wmi_server_get_references (WmiServer *server);      /* handed out and not given back */
guint wmi_server_get_most_in_flight (WmiServer *server);  /* requests that stood in the socket's buffer at once */
guint wmi_server_get_version (WmiServer *server);         /* of COM, in the last call: 7 for 5.7 */
