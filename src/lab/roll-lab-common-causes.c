/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "lab/roll-lab-plan-private.h"

/*
 * Five hundred computers. Five things are wrong with many of them at once: a firewall in front of the warehouse, the
 * password of the branch office's account, UAC on the workshop's local accounts, old names in DNS of the sales
 * department, and a firewall between the servers that lets nothing but port 135 through. All the rest is chance.
 */

#define DENIED_LATE { { ROLL_LAB_STEP_ACTIVATE, ROLL_LAB_RESULT, E_ACCESS_DENIED }, { .action = ROLL_LAB_LOCAL_ACCOUNT } }

static const RollLabRow well[] = {
  [ACCOUNTS] = { ACCOUNTS, "pc", KNOWN, OPEN },   [SALES] = { SALES, "laptop", KNOWN, OPEN },
  [WAREHOUSE] = { WAREHOUSE, "pc", KNOWN, OPEN }, [DESIGN] = { DESIGN, "cad", KNOWN, OPEN },
  [SERVERS] = { SERVERS, "app", KNOWN, OPEN },    [BRANCH] = { BRANCH, "till", KNOWN, OPEN },
  [WORKSHOP] = { WORKSHOP, "pc", KNOWN, OPEN },
};

enum
{
  FILTERED,
  OFF,
  WRONG_PASSWORD,
  LOCAL_DENIED,
  LOCAL_FINE,
  OLD_NAME_DENIED,
  OLD_NAME_FINE,
  PORT_CLOSED,
};

static const RollLabRow struck[] = {
  [FILTERED] = { WAREHOUSE, "pc", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.3", .open_ports = WINDOWS },
  [OFF] = { WAREHOUSE, "pc", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.1" },
  [WRONG_PASSWORD] = { BRANCH, "till", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("the account's password is wrong"),
                       .cause = "AD.1" },
  [LOCAL_DENIED] = { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED,
                     N_("local accounts have no rights there over the network"), BY_NAME, DENIED_LATE, .cause = "AD.3" },
  [LOCAL_FINE] = { WORKSHOP, "pc", KNOWN, OPEN, ROLL_STATUS_SUCCESS, NULL, BY_NAME, { { .action = ROLL_LAB_LOCAL_ACCOUNT } } },
  [OLD_NAME_DENIED] = { SALES, "laptop", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("another computer has its address"),
                        BY_NAME, { { .action = ROLL_LAB_NO_ACCOUNT }, { .action = ROLL_LAB_RENAMED } }, .cause = "AD.13" },
  [OLD_NAME_FINE] = { SALES, "laptop", KNOWN, OPEN, ROLL_STATUS_SUCCESS, N_("another computer has its address"), BY_NAME,
                      { { .action = ROLL_LAB_RENAMED } }, .cause = "AD.13" },
  [PORT_CLOSED] = { SERVERS, "app", KNOWN, OPEN, ROLL_STATUS_RPC_SERVER_UNAVAILABLE,
                    N_("a firewall hides the port of its WMI service"), BY_NAME, { { .action = ROLL_LAB_PORT_SILENT } },
                    .cause = "RSU.1" },
};

/* What goes wrong anywhere, by chance; of the departments where much is well. */
#define ANYWHERE(department)                                                                                           \
  { department, "pc", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED, .cause = "MNF.1" },                                \
  { department, "pc", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.1" },                                                 \
  { department, "pc", KNOWN, ROLL_LAB_DOOR_REFUSED, .cause = "CRF.2", .open_ports = WINDOWS },                         \
  { department, "pc", KNOWN, OPEN, ROLL_STATUS_ACCESS_DENIED, N_("the account is locked there"), BY_NAME,              \
    { { .action = ROLL_LAB_NO_ACCOUNT } }, .cause = "AD.12" },                                                         \
  { department, "pc", KNOWN, ROLL_LAB_DOOR_SILENT, .cause = "CTO.2", .open_ports = WINDOWS },                          \
  { department, "pc", KNOWN, OPEN, ROLL_STATUS_SHUTTING_DOWN, N_("always about to shut down"), BY_NAME,                \
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_RESULT, WBEM_E_SHUTTING_DOWN } }, .cause = "CSD.1" },                             \
  { department, "pc", KNOWN, OPEN, ROLL_STATUS_RPC_CALL_CANCELLED, N_("cancels every query"), BY_NAME,                 \
    { { ROLL_LAB_STEP_NEXT, ROLL_LAB_FAULT, RPC_S_CALL_CANCELLED } }, .cause = "RCC.1" },                              \
  { department, "pc", KNOWN, OPEN, ROLL_STATUS_CIMV2_NAMESPACE_NOT_FOUND, N_("does not find root\\cimv2"), BY_NAME,    \
    { { ROLL_LAB_STEP_LOGIN_CIMV2, ROLL_LAB_RESULT, WBEM_E_NOT_FOUND } }, .cause = "NSP.1" }

static const RollLabRow single[][8] = {
  [ACCOUNTS] = { ANYWHERE (ACCOUNTS) },
  [SALES] = { ANYWHERE (SALES) },
  [DESIGN] = { ANYWHERE (DESIGN) },
};

/* One of seven. */
static const RollLabRow *
mostly_well (RollLabDepartment department, guint n)
{
  return n % 7 == 3 ? &single[department][n / 7 % G_N_ELEMENTS (single[0])] : &well[department];
}

typedef struct
{
  guint end; /* the first computer behind */
  RollLabDepartment department;
  int row; /* of those that were struck; -1: mostly well */
} Block;

static const Block blocks[] = {
  { 150, ACCOUNTS, -1 },
  { 178, WAREHOUSE, FILTERED },
  { 181, WAREHOUSE, OFF },
  { 197, WAREHOUSE, FILTERED },
  { 260, SALES, -1 },
  { 280, SALES, OLD_NAME_DENIED },
  { 287, SALES, OLD_NAME_FINE },
  { 324, SERVERS, PORT_CLOSED },
  { 366, BRANCH, WRONG_PASSWORD },
  { 398, WORKSHOP, LOCAL_DENIED },
  { 400, WORKSHOP, LOCAL_FINE },
  { 490, DESIGN, -1 },
};

const RollLabRow *
roll_lab_common_causes_row (guint computer)
{
  /* In the warehouse two are before the firewall, and two servers do without one. */
  static const RollLabDepartment others[] = { WAREHOUSE, WAREHOUSE, SERVERS, SERVERS, ACCOUNTS };

  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
    if (computer < blocks[i].end)
      return blocks[i].row < 0 ? mostly_well (blocks[i].department, computer) : &struck[blocks[i].row];
  return &well[others[MIN (computer - blocks[G_N_ELEMENTS (blocks) - 1].end, G_N_ELEMENTS (others) - 1)]];
}
