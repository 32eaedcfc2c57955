/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wmi-server.h"
#include "wmi/roll-wmi.h"

/* A session with a WmiServer, step by step, for tests. */
typedef struct
{
  WmiServer *server;
  int cancel_fd;
  RollCredential *credential;
  RollLogon logon;
  RollDcom *dcom;
  RollWmi *cimv2;
  RollWmi *standard; /* root/default */
  RollRegistry *registry;
} WmiSession;

typedef enum
{
  WMI_SESSION_NEGOTIATE,
  WMI_SESSION_ASK_NAME,
  WMI_SESSION_AUTHENTICATE,
  WMI_SESSION_ACTIVATE,
  WMI_SESSION_CONNECT_OBJECT,
  WMI_SESSION_AUTHENTICATE_OBJECT,
  WMI_SESSION_LOGIN_CIMV2,
  WMI_SESSION_QUERY, /* rows are counted and looked at by nobody */
  WMI_SESSION_LOGIN_DEFAULT,
  WMI_SESSION_REGISTRY,
  WMI_SESSION_KEYS,
  WMI_SESSION_VALUES,
  WMI_SESSION_N_STEPS
} WmiSessionStep;

#define WMI_SESSION_WATCHDOG_MS 20000

WmiSession *wmi_session_new (const WmiServerPlan *plan, guint watchdog_ms);
void wmi_session_free (WmiSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WmiSession, wmi_session_free)

void wmi_session_cancel (WmiSession *session);
gboolean wmi_session_take_step (WmiSession *session, WmiSessionStep step, GError **error);

/* All up to @last. Returns: the step that failed, or WMI_SESSION_N_STEPS */
WmiSessionStep wmi_session_run (WmiSession *session, WmiSessionStep last, GError **error);

/* A session that went well up to @last. */
WmiSession *wmi_session_start (const WmiServerPlan *plan, WmiSessionStep last);

void wmi_session_assert_error (const GError *error, RollRpcError code, RollErrorSpace space, guint32 number);
