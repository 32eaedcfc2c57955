/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-private.h"

/* Each department is a subnet, so that what goes wrong has places where it does so more often. */
typedef enum
{
  ACCOUNTS = 1,
  SALES,
  WAREHOUSE,
  DESIGN,
  SERVERS,
  BRANCH,
} Department;

#define N_DEPARTMENTS 8 /* with room: subnets of one department are this far apart */
#define HOSTS_PER_SUBNET 250

static const char *const departments[] = {
  [ACCOUNTS] = "accounts", [SALES] = "sales",     [WAREHOUSE] = "warehouse",
  [DESIGN] = "design",     [SERVERS] = "servers", [BRANCH] = "branch",
};

typedef struct
{
  Department department;
  const char *kind;
  RollLabNaming naming;
  RollLabDoor door;
  gboolean by_address;
} Row;

static const Row rows[] = {
  { ACCOUNTS, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { ACCOUNTS, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { ACCOUNTS, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { ACCOUNTS, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_REFUSED },
  { ACCOUNTS, "laptop", ROLL_LAB_NAME_LATE, ROLL_LAB_DOOR_OPEN },
  { ACCOUNTS, "laptop", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_SILENT },
  { ACCOUNTS, "pc", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED },

  { SALES, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { SALES, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { SALES, "laptop", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { SALES, "laptop", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_SILENT },
  { SALES, "laptop", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED },
  { SALES, "laptop", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_REFUSED },
  { SALES, "pc", ROLL_LAB_NAME_LATE, ROLL_LAB_DOOR_OPEN },

  { WAREHOUSE, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_SILENT },
  { WAREHOUSE, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_SILENT },
  { WAREHOUSE, "scale", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN, TRUE },
  { WAREHOUSE, "scale", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_SILENT, TRUE },
  { WAREHOUSE, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { WAREHOUSE, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_REFUSED },
  { WAREHOUSE, "pc", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED },

  { DESIGN, "cad", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { DESIGN, "cad", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { DESIGN, "cad", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { DESIGN, "cad", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_REFUSED },
  { DESIGN, "plotter", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_REFUSED },
  { DESIGN, "cad", ROLL_LAB_NAME_FAILS, ROLL_LAB_DOOR_OPEN },

  { SERVERS, "files", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { SERVERS, "print", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { SERVERS, "sql", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { SERVERS, "web", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { SERVERS, "backup", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN, TRUE },
  { SERVERS, "test", ROLL_LAB_NAME_RETIRED, ROLL_LAB_DOOR_REFUSED },
  { SERVERS, "build", ROLL_LAB_NAME_SILENT, ROLL_LAB_DOOR_OPEN },
  { SERVERS, "mail", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },

  { BRANCH, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_UNREACHABLE },
  { BRANCH, "till", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_UNREACHABLE },
  { BRANCH, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
  { BRANCH, "till", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN, TRUE },
  { BRANCH, "pc", ROLL_LAB_NAME_KNOWN, ROLL_LAB_DOOR_OPEN },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rows) == ROLL_LAB_COMPUTERS);

static void
clear_computer (gpointer data)
{
  RollLabComputer *computer = data;

  g_free (computer->name);
  g_free (computer->target);
}

/* TCP to the broadcast address of the loopback network ends with ENETUNREACH in the kernel, without a packet,
 * also on a machine that has no network at all. No other address does so everywhere. */
static RollAddress
address_of (const Row *row, guint position)
{
  guint subnet = row->department + N_DEPARTMENTS * (position / HOSTS_PER_SUBNET);
  RollAddress address = {
    .family = AF_INET, .bytes = { 127, 86, (guint8) subnet, (guint8) (1 + position % HOSTS_PER_SUBNET) },
  };

  if (row->naming == ROLL_LAB_NAME_RETIRED)
    return (RollAddress) { 0 };
  if (row->door == ROLL_LAB_DOOR_UNREACHABLE)
    return (RollAddress) { .family = AF_INET, .bytes = { 127, 255, 255, 255 } };
  return address;
}

static RollStatus
expected_of (const Row *row)
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
roll_lab_plan (guint n_computers)
{
  GArray *computers = g_array_new (FALSE, FALSE, sizeof (RollLabComputer));
  guint n_of_department[N_DEPARTMENTS] = { 0 };

  g_array_set_clear_func (computers, clear_computer);
  for (guint i = 0; i < n_computers; i++)
    {
      const Row *row = &rows[i % G_N_ELEMENTS (rows)];
      RollLabComputer computer = {
        .address = address_of (row, n_of_department[row->department]++),
        .naming = row->naming,
        .door = row->door,
        .expected = expected_of (row),
      };
      char buffer[ROLL_ADDRESS_STRLEN];

      computer.name = g_strdup_printf ("%s-%03u.%s." ROLL_LAB_DOMAIN, row->kind, i + 1,
                                       departments[row->department]);
      computer.target = g_strdup (row->by_address ? roll_address_format (&computer.address, buffer)
                                                  : computer.name);
      g_array_append_val (computers, computer);
    }
  return computers;
}
