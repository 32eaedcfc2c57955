/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-machine.h"

#include <stdio.h>
#include <string.h>

#include "lab/roll-lab-catalogue.h"

/* How many programs and services a computer has; one in BIG_ONES has as many programs as Windows has ever
 * seen. */
#define BIG_ONES 13
#define BIG_PROGRAMS 2000

/* FNV-1a, then mixed so that neighbours differ in all bits. */
static guint32
mix (guint32 hash)
{
  hash ^= hash >> 16;
  hash *= 0x85ebca6bu;
  hash ^= hash >> 13;
  hash *= 0xc2b2ae35u;
  return hash ^ hash >> 16;
}

guint32
roll_lab_machine_hash (const RollLabMachine *machine, const char *what, guint row)
{
  guint32 hash = 2166136261u ^ machine->seed;

  for (const char *c = what; *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * 16777619u;
  return mix (hash ^ row * 0x9e3779b1u);
}

guint32
roll_lab_machine_number (const RollLabMachine *machine, const char *what, guint row, guint32 low,
                         guint32 high)
{
  return low + roll_lab_machine_hash (machine, what, row) % (high - low + 1);
}

static char *
netbios_of (const char *dns)
{
  gsize length = MIN (strcspn (dns, "."), 15);

  return g_ascii_strup (dns, (gssize) length);
}

/* One of the entries that are for such a computer: field 7 says for which they are. */
static guint
choose (const RollLabMachine *self, const char *list)
{
  guint n = roll_lab_list_length (list), first = roll_lab_machine_hash (self, list, 0) % n;

  for (guint i = 0; i < n; i++)
    if (g_str_equal (roll_lab_list_get (list, first + i, 7), self->server ? "server" : "client"))
      return (first + i) % n;
  return first;
}

static void
read_version (RollLabMachine *self)
{
  guint major = 0, minor = 0, build = 0;

  sscanf (roll_lab_list_get ("systems", self->system, 1), "%u.%u.%u", &major, &minor, &build);
  self->major = (guint8) major;
  self->minor = (guint8) minor;
  self->build = (guint16) build;
}

RollLabMachine *
roll_lab_machine_new (RollLab *lab, guint index)
{
  RollLabMachine *self = g_new0 (RollLabMachine, 1);
  gboolean alone = roll_lab_plan_find (lab, index, ROLL_LAB_OTHER_ACCOUNT)
                   || roll_lab_plan_find (lab, index, ROLL_LAB_NO_ACCOUNT)
                   || roll_lab_plan_find (lab, index, ROLL_LAB_LOCAL_ACCOUNT);

  self->index = index;
  self->seed = mix (index + 1);
  self->computer = &g_array_index (lab->computers, RollLabComputer, index);
  self->dns = roll_lab_plan_find (lab, index, ROLL_LAB_RENAMED) ? g_strconcat ("new-", self->computer->name, NULL)
                                                                 : g_strdup (self->computer->name);
  self->netbios = netbios_of (self->dns);
  self->domain = g_strdup (alone ? "WORKGROUP" : ROLL_LAB_DOMAIN);
  self->server = self->computer->server;
  self->language = index % roll_lab_list_length ("languages");
  self->system = choose (self, "systems");
  self->hardware = choose (self, "hardware");
  read_version (self);
  self->n_programs = index % BIG_ONES == BIG_ONES - 1
                         ? BIG_PROGRAMS
                         : roll_lab_machine_number (self, "programs", 0, 40, 400);
  self->n_services = roll_lab_machine_number (self, "services", 0, self->server ? 120 : 60, 230);
  return self;
}

void
roll_lab_machine_free (RollLabMachine *machine)
{
  if (machine == NULL)
    return;
  g_free (machine->netbios);
  g_free (machine->dns);
  g_free (machine->domain);
  g_free (machine);
}
