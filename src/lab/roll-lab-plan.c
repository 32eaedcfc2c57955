/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "lab/roll-lab-plan-private.h"

#define HOSTS_PER_SUBNET 250

static const char *const departments[] = {
  [ACCOUNTS] = "accounts", [SALES] = "sales",     [WAREHOUSE] = "warehouse",
  [DESIGN] = "design",     [SERVERS] = "servers", [BRANCH] = "branch",
  [WORKSHOP] = "workshop",
};

static const RollLabRow rows[] = {
  { ACCOUNTS, "pc", KNOWN, OPEN },
  { ACCOUNTS, "pc", KNOWN, OPEN },
  { ACCOUNTS, "pc", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("the account may not log on there over the network"), BY_NAME,
    { { .action = ROLL_LAB_NO_ACCOUNT } }, .cause = "AD.12" },
  { ACCOUNTS, "pc", KNOWN, ROLL_LAB_DOOR_REFUSED, .cause = "CRF.2", .open_ports = WINDOWS },
  { ACCOUNTS, "laptop", ROLL_LAB_NAME_LATE, OPEN, ROLL_STATUS_SHUTTING_DOWN, N_("its WMI service is always about to stop"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_SHUTTING_DOWN } }, .cause = "CSD.3" },
  { ACCOUNTS, "laptop", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.1" },
  { ACCOUNTS, "pc", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED, .cause = "MNF.1" },

  { SALES, "pc", KNOWN, OPEN },
  { SALES, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("hangs up in every query"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESETS } }, .cause = "RCF.1" },
  { SALES, "laptop", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_CANCELLED, N_("cancels every query"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_FAULT, RPC_S_CALL_CANCELLED } }, .cause = "RCC.1" },
  { SALES, "laptop", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.1" },
  { SALES, "laptop", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED, .cause = "MNF.1" },
  { SALES, "laptop", KNOWN, ROLL_LAB_DOOR_REFUSED, .cause = "CRF.2", .open_ports = WINDOWS },
  { SALES, "pc", ROLL_LAB_NAME_LATE, OPEN, ROLL_STATUS_SUCCESS, N_("too busy for the first two visits"), BY_NAME,
    { { ROLL_LAB_STEP_ACTIVATE, ROLL_LAB_FAULT, RPC_S_SERVER_TOO_BUSY, .times = 2 } } },

  { WAREHOUSE, "pc", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.2", .open_ports = WINDOWS },
  { WAREHOUSE, "pc", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.2", .open_ports = WINDOWS },
  { WAREHOUSE, "scale", KNOWN, OPEN, ROLL_STATUS_WMI_QUERY_TIMEOUT, N_("accepts a connection and says nothing"),
    BY_ADDRESS, { { ROLL_LAB_STEP_CONNECT, ROLL_LAB_HANGS } }, .cause = "WQT.3" },
  { WAREHOUSE, "scale", KNOWN, ROLL_LAB_DOOR_SILENT, .by_address = TRUE,
    .cause = "CTO.5", .open_ports = ROLL_LAB_PORT_22 },
  { WAREHOUSE, "pc", KNOWN, OPEN, ROLL_STATUS_CIMV2_INVALID_NAMESPACE, N_("says that root\\cimv2 is no namespace"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_RESULT, WBEM_E_INVALID_NAMESPACE } }, .cause = "NSP.1" },
  { WAREHOUSE, "pc", KNOWN, ROLL_LAB_DOOR_REFUSED, .cause = "CRF.2", .open_ports = WINDOWS },
  { WAREHOUSE, "pc", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED, .cause = "MNF.1" },

  { DESIGN, "cad", KNOWN, OPEN },
  { DESIGN, "cad", KNOWN, OPEN, ROLL_STATUS_OTHER_REASONS, N_("every query fails"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_FAILED } }, .cause = "OTH.5" },
  { DESIGN, "cad", KNOWN, OPEN, ROLL_STATUS_CIMV2_NAMESPACE_NOT_FOUND, N_("does not find root\\cimv2"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_RESULT, WBEM_E_NOT_FOUND } }, .cause = "NSP.1" },
  { DESIGN, "cad", KNOWN, ROLL_LAB_DOOR_REFUSED, .cause = "CRF.2", .open_ports = WINDOWS },
  { DESIGN, "plotter", KNOWN, ROLL_LAB_DOOR_REFUSED, .cause = "CRF.1", .open_ports = ROLL_LAB_PORT_22 },
  { DESIGN, "cad", ROLL_LAB_NAME_FAILS, OPEN, .cause = "MNF.4" },

  { SERVERS, "files", KNOWN, OPEN },
  { SERVERS, "print", KNOWN, OPEN, ROLL_STATUS_RPC_SERVER_UNAVAILABLE, N_("nobody listens on the port of its WMI service"),
    BY_NAME, { { .action = ROLL_LAB_PORT_CLOSED } }, .cause = "RSU.7" },
  { SERVERS, "sql", KNOWN, OPEN },
  { SERVERS, "web", KNOWN, OPEN, ROLL_STATUS_CIMV2_INVALID_PARAMETER, N_("does not take root\\cimv2 for a parameter"),
    BY_NAME, { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_RESULT, WBEM_E_INVALID_PARAMETER } }, .cause = "NSP.1" },
  { SERVERS, "backup", KNOWN, OPEN, ROLL_STATUS_STDREGPROV_INVALID_NAMESPACE,
    N_("has no class that is asked for, and says that root\\default is no namespace"), BY_ADDRESS,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_INVALID_CLASS },
      { ROLL_LAB_STEP_LOGIN_DEFAULT, ROLL_LAB_RESULT, WBEM_E_INVALID_NAMESPACE } }, .cause = "NSP.1" },
  { SERVERS, "test", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED, .cause = "MNF.1" },
  { SERVERS, "build", ROLL_LAB_NAME_SILENT, OPEN, .cause = "MNF.4" },
  { SERVERS, "mail", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("has no fast way to hand out rows"), BY_NAME,
    { { .action = ROLL_LAB_NOT_SMART } } },

  { BRANCH, "pc", KNOWN, ROLL_LAB_DOOR_UNREACHABLE, .cause = "HUN.2" },
  { BRANCH, "till", KNOWN, ROLL_LAB_DOOR_UNREACHABLE, .cause = "HUN.2" },
  { BRANCH, "pc", KNOWN, OPEN, ROLL_STATUS_STDREGPROV_NAMESPACE_NOT_FOUND,
    N_("has no class that is asked for, and does not find root\\default"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_INVALID_CLASS },
      { ROLL_LAB_STEP_LOGIN_DEFAULT, ROLL_LAB_RESULT, WBEM_E_NOT_FOUND } }, .cause = "NSP.1" },
  { BRANCH, "till", KNOWN, OPEN, ROLL_STATUS_NO_CREDENTIALS, N_("no account is meant for it"), BY_ADDRESS,
    { { .action = ROLL_LAB_ELSEWHERE } }, .cause = "NCP.1" },
  { BRANCH, "pc", KNOWN, OPEN, ROLL_STATUS_STDREGPROV_INVALID_PARAMETER,
    N_("has no class that is asked for, and does not take root\\default for a parameter"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_INVALID_CLASS },
      { ROLL_LAB_STEP_LOGIN_DEFAULT, ROLL_LAB_RESULT, WBEM_E_INVALID_PARAMETER } }, .cause = "NSP.1" },

  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("answers late"), BY_NAME,
    { { ROLL_LAB_STEP_CONNECT, ROLL_LAB_DAWDLES, 20 }, { ROLL_LAB_STEP_OBJECT_CONNECT, ROLL_LAB_DAWDLES, 20 } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_WMI_QUERY_TIMEOUT, N_("a byte a second from the beginning"), BY_NAME,
    { { ROLL_LAB_STEP_CONNECT, ROLL_LAB_DRIPS } }, .cause = "WQT.3" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_WMI_QUERY_TIMEOUT, N_("a byte a second from the first rows on"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_DRIPS } }, .cause = "WQT.2" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("hangs up at once"), BY_NAME,
    { { ROLL_LAB_STEP_CONNECT, ROLL_LAB_RESETS } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("hangs up when asked whether it is there"), BY_NAME,
    { { ROLL_LAB_STEP_ALIVE, ROLL_LAB_CLOSES } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("hangs up at the activation"), BY_NAME,
    { { ROLL_LAB_STEP_ACTIVATE, ROLL_LAB_RESETS } }, .cause = "RCF.1" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("hangs up on the port of its WMI service"), BY_NAME,
    { { ROLL_LAB_STEP_OBJECT_CONNECT, ROLL_LAB_RESETS } }, .cause = "RCF.1" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("hangs up at the login to root\\cimv2"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_CLOSES } }, .cause = "RCF.1" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("hangs up before the first row"), BY_NAME,
    { { ROLL_LAB_STEP_QUERY, ROLL_LAB_RESETS } }, .cause = "RCF.1" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("hangs up when asked for its services"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESETS, .class_name = "Win32_Service" } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("hangs up when its registry is read"), BY_NAME,
    { { ROLL_LAB_STEP_METHOD, ROLL_LAB_RESETS } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("speaks nonsense from the beginning"), BY_NAME,
    { { ROLL_LAB_STEP_CONNECT, ROLL_LAB_GARBAGE } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("speaks nonsense instead of rows"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_GARBAGE } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("promises gigantic names and addresses"), BY_NAME,
    { { ROLL_LAB_STEP_ALIVE, ROLL_LAB_GIANT } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("promises gigantic rows"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_GIANT } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("sends more at once than agreed"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_LONG_FRAGMENT } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("its shares have no end"), BY_NAME,
    { { .action = ROLL_LAB_ENDLESS, .class_name = "Win32_Share" } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("signs its activation wrongly"), BY_NAME,
    { { ROLL_LAB_STEP_ACTIVATE, ROLL_LAB_FORGES } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_FAILED, N_("signs its rows wrongly"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_FORGES } }, .cause = "RCF.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("names addresses of others as its own"), BY_NAME,
    { { .action = ROLL_LAB_FOREIGN } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_SERVER_UNAVAILABLE, N_("a firewall hides the port of its WMI service"), BY_NAME,
    { { .action = ROLL_LAB_PORT_SILENT } }, .cause = "RSU.1" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_SERVER_UNAVAILABLE, N_("speaks RPC but is no Windows"), BY_NAME,
    { { .action = ROLL_LAB_NO_ACTIVATOR } }, .cause = "RSU.10" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_SERVER_UNAVAILABLE, N_("its WMI service has no TCP port"), BY_NAME,
    { { .action = ROLL_LAB_NO_BINDING } }, .cause = "RSU.9" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("knows the older way of activation only"), BY_NAME,
    { { .action = ROLL_LAB_OLD_ACTIVATOR } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("speaks DCOM 5.1"), BY_NAME,
    { { .action = ROLL_LAB_OLD_COM, .number = 1 } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("restarts at the first visit"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_RESULT, WBEM_E_SHUTTING_DOWN, .times = 1 } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("hangs when asked for its volumes"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_HANGS, .class_name = "Win32_Volume" } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_WMI_QUERY_TIMEOUT, N_("hangs in every query"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_HANGS } }, .cause = "WQT.2" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("refuses to tell its shares and profiles"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_ACCESS_DENIED, .class_name = "Win32_Share" },
      { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_ACCESS_DENIED, .class_name = "Win32_UserProfile" } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("refuses to tell anything"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_ACCESS_DENIED },
      { ROLL_LAB_STEP_LOGIN_DEFAULT, ROLL_LAB_RESULT, WBEM_E_ACCESS_DENIED } }, .cause = "AD.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("knows the second account only"), BY_NAME,
    { { .action = ROLL_LAB_OTHER_ACCOUNT } }, .cause = "AD.12" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("the account may not activate there"), BY_NAME,
    { { ROLL_LAB_STEP_ACTIVATE, ROLL_LAB_RESULT, E_ACCESS_DENIED } }, .cause = "AD.4" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("the account may not use root\\cimv2"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_RESULT, WBEM_E_ACCESS_DENIED } }, .cause = "AD.6" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_OTHER_REASONS, N_("always too busy"), BY_NAME,
    { { ROLL_LAB_STEP_ACTIVATE, ROLL_LAB_FAULT, RPC_S_SERVER_TOO_BUSY } }, .cause = "OTH.1" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("has no StdRegProv"), BY_NAME,
    { { ROLL_LAB_STEP_GET_OBJECT, ROLL_LAB_RESULT, WBEM_E_NOT_FOUND } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("hangs at the login to root\\default"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_DEFAULT, ROLL_LAB_HANGS } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_WMI_QUERY_TIMEOUT, N_("hangs at the activation"), BY_NAME,
    { { ROLL_LAB_STEP_ACTIVATE, ROLL_LAB_HANGS } }, .cause = "WQT.4" },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("hangs up at the login to root\\default"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_DEFAULT, ROLL_LAB_RESETS } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("is never done with its volumes"), BY_NAME,
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_TIMES_OUT, .class_name = "Win32_Volume" } } },
  { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_CANCELLED, N_("cancels every login to root\\cimv2"), BY_NAME,
    { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_FAULT, RPC_S_CALL_CANCELLED } }, .cause = "RCC.1" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rows) == ROLL_LAB_COMPUTERS + ROLL_LAB_ODD_COMPUTERS);

/* Behind these all is as in a company that is looked after: of three computers two are well, the third is one of the usual. */
static const RollLabRow *
row_of (RollLabScenario scenario, guint computer)
{
  static const guint8 well[] = { 0, 1, 7, 21, 27 };

  if (scenario == ROLL_LAB_COMMON_CAUSES)
    return roll_lab_common_causes_row (computer);
  if (computer < G_N_ELEMENTS (rows))
    return &rows[computer];
  if (computer % 3 != 0)
    return &rows[well[computer % G_N_ELEMENTS (well)]];
  return &rows[computer / 3 % ROLL_LAB_COMPUTERS];
}

const RollLabTrouble *
roll_lab_plan_troubles (const RollLab *lab, guint computer)
{
  return row_of (lab->scenario, computer)->troubles;
}

const RollLabTrouble *
roll_lab_plan_find (const RollLab *lab, guint computer, RollLabAction action)
{
  const RollLabRow *row = row_of (lab->scenario, computer);

  for (guint i = 0; i < ROLL_LAB_TROUBLES; i++)
    if (row->troubles[i].action == action)
      return &row->troubles[i];
  return NULL;
}

static void
clear_computer (gpointer data)
{
  RollLabComputer *computer = data;

  g_free (computer->name);
  g_free (computer->target);
}

/* In another network of the company, that no account is meant for. */
static gboolean
is_elsewhere (const RollLabRow *row)
{
  return row->troubles[0].action == ROLL_LAB_ELSEWHERE;
}

/* TCP to the broadcast address of the loopback network ends with ENETUNREACH in the kernel, without a packet,
 * also on a machine that has no network at all. No other address does so everywhere. */
static RollAddress
address_of (const RollLabRow *row, guint position)
{
  guint subnet = row->department + N_DEPARTMENTS * (position / HOSTS_PER_SUBNET);
  RollAddress address = {
    .family = AF_INET, .bytes = { 127, 86, (guint8) subnet, (guint8) (1 + position % HOSTS_PER_SUBNET) },
  };

  if (is_elsewhere (row))
    address.bytes[1]++;
  if (row->naming == ROLL_LAB_NAME_RETIRED)
    return (RollAddress) { 0 };
  if (row->door == ROLL_LAB_DOOR_UNREACHABLE)
    return (RollAddress) { .family = AF_INET, .bytes = { 127, 255, 255, 255 } };
  return address;
}

static RollStatus
expected_of (const RollLabRow *row)
{
  if (row->naming != ROLL_LAB_NAME_KNOWN && row->naming != ROLL_LAB_NAME_LATE)
    return ROLL_STATUS_MACHINE_NOT_FOUND;
  switch (row->door)
    {
    case ROLL_LAB_DOOR_OPEN:
      return ROLL_STATUS_REACHABLE;
    case ROLL_LAB_DOOR_REFUSED:
      return ROLL_STATUS_CONNECTION_REFUSED;
    case ROLL_LAB_DOOR_SILENT:
      return ROLL_STATUS_CONNECTION_TIMEOUT;
    case ROLL_LAB_DOOR_UNREACHABLE:
      return ROLL_STATUS_HOST_UNREACHABLE;
    default:
      g_assert_not_reached ();
    }
}

GArray *
roll_lab_plan (RollLabScenario scenario, guint n_computers)
{
  GArray *computers = g_array_new (FALSE, FALSE, sizeof (RollLabComputer));
  guint n_of_department[N_DEPARTMENTS] = { 0 };

  g_array_set_clear_func (computers, clear_computer);
  for (guint i = 0; i < n_computers; i++)
    {
      const RollLabRow *row = row_of (scenario, i);
      RollLabComputer computer = {
        .address = address_of (row, n_of_department[row->department]++),
        .naming = row->naming,
        .door = row->door,
        .expected = expected_of (row),
        .remark = row->remark,
        .cause = row->cause,
        .open_ports = row->open_ports,
        .server = row->department == SERVERS,
      };
      char buffer[ROLL_ADDRESS_STRLEN];

      computer.expected_inventory = computer.expected == ROLL_STATUS_REACHABLE ? row->inventory : computer.expected;
      computer.name = g_strdup_printf ("%s-%03u.%s." ROLL_LAB_DOMAIN, row->kind, i + 1,
                                       departments[row->department]);
      computer.target = g_strdup (row->by_address ? roll_address_format (&computer.address, buffer)
                                                  : computer.name);
      g_array_append_val (computers, computer);
    }
  return computers;
}
