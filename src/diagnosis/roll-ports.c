/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-ports.h"

#include "inventory/roll-detail.h"

static const RollPort ports[ROLL_N_PORTS] = {
  { 22, ROLL_FACT_PORT_22 },     { 135, ROLL_FACT_PORT_135 },   { 445, ROLL_FACT_PORT_445 },
  { 3389, ROLL_FACT_PORT_3389 }, { 5985, ROLL_FACT_PORT_5985 },
};

static const char *const state_ids[] = {
  [ROLL_PORT_NOT_TRIED] = NULL,
  [ROLL_PORT_OPEN] = "open",
  [ROLL_PORT_CLOSED] = "closed",
  [ROLL_PORT_SILENT] = "silent",
};

const RollPort *
roll_ports (void)
{
  return ports;
}

char *
roll_ports_format (const RollPortState states[ROLL_N_PORTS])
{
  GString *detail = g_string_new (NULL);

  for (guint i = 0; i < ROLL_N_PORTS; i++)
    if (states[i] != ROLL_PORT_NOT_TRIED)
      g_string_append_printf (detail, "%s%u=%s", detail->len > 0 ? " " : "", ports[i].number, state_ids[states[i]]);
  return g_string_free (detail, FALSE);
}

void
roll_ports_add_facts (const char *detail, RollFactSet *facts)
{
  for (guint i = 0; i < ROLL_N_PORTS; i++)
    {
      char key[8];
      g_autofree char *state = NULL;

      g_snprintf (key, sizeof key, "%u", ports[i].number);
      state = roll_detail_get (detail, key);
      roll_fact_set_word (facts, ports[i].fact, state);
    }
}
