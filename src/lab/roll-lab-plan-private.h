/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/roll-lab-private.h"

G_BEGIN_DECLS

/* Each department is a subnet, so that what goes wrong has places where it does so more often. */
typedef enum
{
  ACCOUNTS = 1,
  SALES,
  WAREHOUSE,
  DESIGN,
  SERVERS,
  BRANCH,
  WORKSHOP,
} RollLabDepartment;

#define N_DEPARTMENTS 8 /* with room: subnets of one department are this far apart */

/* How a computer is. */
typedef struct
{
  RollLabDepartment department;
  const char *kind;
  RollLabNaming naming;
  RollLabDoor door;
  RollStatus inventory; /* of one whose door is open */
  const char *remark;
  gboolean by_address;
  RollLabTrouble troubles[ROLL_LAB_TROUBLES];
  const char *cause; /* of data/causes.xml: what is behind it */
  guint open_ports;  /* RollLabPorts, of one whose door is not open */
} RollLabRow;

/* What WMI and RPC say when something is wrong. */
#define RPC_S_CALL_CANCELLED 0x1c00000d
#define RPC_S_SERVER_TOO_BUSY 0x1c010014
#define E_ACCESS_DENIED 0x80070005
#define WBEM_E_FAILED 0x80041001
#define WBEM_E_NOT_FOUND 0x80041002
#define WBEM_E_ACCESS_DENIED 0x80041003
#define WBEM_E_INVALID_PARAMETER 0x80041008
#define WBEM_E_INVALID_NAMESPACE 0x8004100e
#define WBEM_E_INVALID_CLASS 0x80041010
#define WBEM_E_SHUTTING_DOWN 0x80041033

#define KNOWN ROLL_LAB_NAME_KNOWN
#define OPEN ROLL_LAB_DOOR_OPEN
#define WINDOWS (ROLL_LAB_PORT_445 | ROLL_LAB_PORT_3389)
#define BY_NAME FALSE
#define BY_ADDRESS TRUE

/* Of five hundred, among whom are five common causes. */
const RollLabRow *roll_lab_common_causes_row (guint computer);

G_END_DECLS
