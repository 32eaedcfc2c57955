/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wmi-session.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_TIMEOUT_MS 1000

WmiSession *
wmi_session_new (const WmiServerPlan *plan, guint watchdog_ms)
{
  WmiSession *session = g_new0 (WmiSession, 1);
  RollDcomTarget target = { .connect_timeout_ms = CONNECT_TIMEOUT_MS, .watchdog_ms = watchdog_ms };

  session->server = wmi_server_start (plan);
  session->cancel_fd = eventfd (0, EFD_CLOEXEC);
  session->credential = wmi_server_credential (WMI_SERVER_PASSWORD);
  session->logon = (RollLogon) { session->credential, ROLL_PROTOCOL_NTLM, "pc1.practice.example", session->cancel_fd, 1000 };
  g_assert_true (roll_address_parse ("127.0.0.1", &target.address));
  target.port = wmi_server_get_port (session->server);
  target.cancel_fd = session->cancel_fd;
  session->dcom = roll_dcom_new (&target);
  return session;
}

void
wmi_session_free (WmiSession *session)
{
  roll_registry_free (session->registry);
  roll_wmi_free (session->cimv2);
  roll_wmi_free (session->standard);
  roll_dcom_free (session->dcom);
  wmi_server_stop (session->server);
  roll_credential_unref (session->credential);
  close (session->cancel_fd);
  g_free (session);
}

void
wmi_session_cancel (WmiSession *session)
{
  eventfd_write (session->cancel_fd, 1);
}

static int
connect_to (guint16 port)
{
  struct sockaddr_in address
      = { .sin_family = AF_INET, .sin_port = htons (port), .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (connect (fd, (const struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (fcntl (fd, F_SETFL, O_NONBLOCK), ==, 0);
  return fd;
}

static gboolean
drop_row (RollWmiObject *object, gpointer user_data)
{
  return TRUE;
}

static gboolean
get_keys (WmiSession *session, GError **error)
{
  g_auto (GStrv) names = roll_registry_enum_keys (session->registry, "3", error);

  return names != NULL;
}

static gboolean
get_values (WmiSession *session, GError **error)
{
  RollRegistryValue value = { .key = "key", .name = "Name", .type = ROLL_CIM_STRING };
  gboolean ok = roll_registry_get_values (session->registry, &value, 1, error);

  roll_cim_value_clear (&value.value);
  return ok;
}

gboolean
wmi_session_take_step (WmiSession *session, WmiSessionStep step, GError **error)
{
  switch (step)
    {
    case WMI_SESSION_NEGOTIATE:
      return roll_dcom_negotiate (session->dcom, connect_to (wmi_server_get_port (session->server)), error);
    case WMI_SESSION_ASK_NAME:
      return roll_dcom_ask_name (session->dcom, error) != NULL;
    case WMI_SESSION_AUTHENTICATE:
      return roll_dcom_authenticate (session->dcom, &session->logon, error);
    case WMI_SESSION_ACTIVATE:
      return roll_dcom_activate (session->dcom, error);
    case WMI_SESSION_CONNECT_OBJECT:
      return roll_dcom_connect_object (session->dcom, error);
    case WMI_SESSION_AUTHENTICATE_OBJECT:
      return roll_dcom_authenticate_object (session->dcom, &session->logon, error);
    case WMI_SESSION_LOGIN_CIMV2:
      g_clear_pointer (&session->cimv2, roll_wmi_free);
      return (session->cimv2 = roll_wmi_login (session->dcom, "root/cimv2", error)) != NULL;
    case WMI_SESSION_QUERY:
      return roll_wmi_query (session->cimv2, "SELECT Name, Size FROM Practice_Row", FALSE, drop_row, NULL, error);
    case WMI_SESSION_LOGIN_DEFAULT:
      g_clear_pointer (&session->standard, roll_wmi_free);
      return (session->standard = roll_wmi_login (session->dcom, "root/default", error)) != NULL;
    case WMI_SESSION_REGISTRY:
      g_clear_pointer (&session->registry, roll_registry_free);
      return (session->registry = roll_registry_new (session->standard, error)) != NULL;
    case WMI_SESSION_KEYS:
      return get_keys (session, error);
    case WMI_SESSION_VALUES:
      return get_values (session, error);
    case WMI_SESSION_N_STEPS:
    default:
      g_assert_not_reached ();
    }
}

WmiSessionStep
wmi_session_run (WmiSession *session, WmiSessionStep last, GError **error)
{
  for (WmiSessionStep step = 0; step <= last; step++)
    {
      g_autoptr (GError) failure = NULL;
      gboolean ok = wmi_session_take_step (session, step, &failure);

      g_assert_true (ok == (failure == NULL));
      if (ok)
        continue;
      g_propagate_error (error, g_steal_pointer (&failure));
      return step;
    }
  return WMI_SESSION_N_STEPS;
}

WmiSession *
wmi_session_start (const WmiServerPlan *plan, WmiSessionStep last)
{
  WmiSession *session = wmi_session_new (plan, WMI_SESSION_WATCHDOG_MS);
  g_autoptr (GError) error = NULL;

  wmi_session_run (session, last, &error);
  g_assert_no_error (error);
  return session;
}

void
wmi_session_assert_error (const GError *error, RollRpcError code, RollErrorSpace space, guint32 number)
{
  RollErrorNumber told = roll_rpc_error_get_number (error);

  g_assert_error (error, ROLL_RPC_ERROR, (int) code);
  g_assert_cmpint (told.space, ==, space);
  g_assert_cmphex (told.number, ==, number);
}
