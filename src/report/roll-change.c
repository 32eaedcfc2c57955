/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-change.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

typedef struct
{
  const char *id;
  const char *label; /* msgid */
} Word;

static const Word groups[ROLL_N_CHANGE_GROUPS] = {
  [ROLL_CHANGE_NEW] = { "new", N_("New computers") },
  [ROLL_CHANGE_GONE] = { "gone", N_("Computers no longer there") },
  [ROLL_CHANGE_STATUS] = { "status", N_("Status changes") },
  [ROLL_CHANGE_IDENTITY] = { "identity", N_("Names and addresses") },
  [ROLL_CHANGE_SYSTEM] = { "system", N_("Operating systems") },
  [ROLL_CHANGE_HARDWARE] = { "hardware", N_("Hardware") },
  [ROLL_CHANGE_SOFTWARE] = { "software", N_("Programs") },
};

static const Word fields[] = {
  { "status", N_("Status") },
  { "address", N_("Address") },
  { "computer_name", N_("Name") },
  { "domain", N_("Domain") },
  { "os", N_("Operating system") },
  { "os_version", N_("Version of Windows") },
  { "os_build", N_("Build") },
  { "os_revision", N_("Revision of the build") },
  { "manufacturer", N_("Manufacturer") },
  { "model", N_("Model") },
  { "serial_number", N_("Serial number") },
  { "processors", N_("Processors") },
  { "cores", N_("Cores") },
  { "memory_bytes", N_("Memory") },
  { "disk", N_("Disk") },
  { "software", N_("Program") },
};

const char *
roll_change_group_id (RollChangeGroup group)
{
  g_return_val_if_fail ((guint) group < ROLL_N_CHANGE_GROUPS, NULL);

  return groups[group].id;
}

const char *
roll_change_group_label (RollChangeGroup group)
{
  g_return_val_if_fail ((guint) group < ROLL_N_CHANGE_GROUPS, NULL);

  return _(groups[group].label);
}

const char *
roll_change_field_label (const char *field)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].id, field))
      return _(fields[i].label);
  return field;
}

char *
roll_change_value_text (const char *field, const char *value)
{
  const RollStatusInfo *info;

  g_return_val_if_fail (value != NULL, NULL);

  if (g_str_equal (field, "status") && (info = roll_status_find (value)) != NULL)
    return g_strdup (roll_status_label (info->status));
  if (g_str_equal (field, "memory_bytes"))
    return g_format_size_full (g_ascii_strtoull (value, NULL, 10), G_FORMAT_SIZE_IEC_UNITS);
  if (g_str_equal (field, "disk") && *value != '\0')
    return g_format_size (g_ascii_strtoull (value, NULL, 10));
  return g_strdup (value);
}

/* --- Two records of one computer ------------------------------------------------------------------------ */

typedef struct
{
  const RollComputer *computer;
  RollChangeFunc func;
  gpointer user_data;
} Emitter;

static gboolean
emit (const Emitter *emitter, RollChangeGroup group, const char *field, const char *before, const char *after)
{
  const RollChange change = { group, emitter->computer, field, NULL, before, after };

  return emitter->func (&change, emitter->user_data);
}

static gboolean
compare_texts (const Emitter *emitter, RollChangeGroup group, const char *field, const char *before, const char *after)
{
  if (before == NULL || after == NULL || g_str_equal (before, after))
    return TRUE;
  return emit (emitter, group, field, before, after);
}

static gboolean
compare_counts (const Emitter *emitter, const char *field, guint64 before, guint64 after)
{
  char old[24], new[24];

  if (before == 0 || after == 0 || before == after)
    return TRUE;
  g_snprintf (old, sizeof old, "%" G_GUINT64_FORMAT, before);
  g_snprintf (new, sizeof new, "%" G_GUINT64_FORMAT, after);
  return emit (emitter, ROLL_CHANGE_HARDWARE, field, old, new);
}

static gboolean
compare_facts (const Emitter *emitter, const RollFacts *a, const RollFacts *b)
{
  return compare_texts (emitter, ROLL_CHANGE_IDENTITY, "computer_name", a->computer_name, b->computer_name)
         && compare_texts (emitter, ROLL_CHANGE_IDENTITY, "domain", a->domain, b->domain)
         && compare_texts (emitter, ROLL_CHANGE_SYSTEM, "os", a->os, b->os)
         && compare_texts (emitter, ROLL_CHANGE_SYSTEM, "os_version", a->os_version, b->os_version)
         && compare_texts (emitter, ROLL_CHANGE_SYSTEM, "os_build", a->os_build, b->os_build)
         && compare_texts (emitter, ROLL_CHANGE_HARDWARE, "manufacturer", a->manufacturer, b->manufacturer)
         && compare_texts (emitter, ROLL_CHANGE_HARDWARE, "model", a->model, b->model)
         && compare_texts (emitter, ROLL_CHANGE_HARDWARE, "serial_number", a->serial_number, b->serial_number)
         && compare_counts (emitter, "processors", a->processors, b->processors)
         && compare_counts (emitter, "cores", a->cores, b->cores)
         && compare_counts (emitter, "memory_bytes", a->memory_bytes, b->memory_bytes);
}

static gboolean
compare_statuses (const Emitter *emitter, RollStatus before, RollStatus after)
{
  if (before == after || !roll_status_is_final (before) || !roll_status_is_final (after)
      || before == ROLL_STATUS_STOPPED || after == ROLL_STATUS_STOPPED)
    return TRUE;
  return emit (emitter, ROLL_CHANGE_STATUS, "status", roll_status_info ((int) before)->id,
               roll_status_info ((int) after)->id);
}

static gboolean
compare_addresses (const Emitter *emitter, const RollAddress *before, const RollAddress *after)
{
  char old[ROLL_ADDRESS_STRLEN], new[ROLL_ADDRESS_STRLEN];

  if (before->family == AF_UNSPEC || after->family == AF_UNSPEC || roll_address_equal (before, after))
    return TRUE;
  return emit (emitter, ROLL_CHANGE_IDENTITY, "address", roll_address_format (before, old),
               roll_address_format (after, new));
}

gboolean
roll_change_compare_computers (const RollComputer *before, const RollComputer *after, RollChangeFunc func,
                               gpointer user_data)
{
  const Emitter emitter = { after, func, user_data };

  g_return_val_if_fail (before != NULL, FALSE);
  g_return_val_if_fail (after != NULL, FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  return compare_statuses (&emitter, before->status, after->status)
         && compare_addresses (&emitter, &before->address, &after->address)
         && (before->facts == NULL || after->facts == NULL || compare_facts (&emitter, before->facts, after->facts));
}
