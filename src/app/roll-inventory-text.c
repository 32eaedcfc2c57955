/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-inventory-text.h"

#include <glib/gi18n.h>

#include "app/roll-help-text.h"
#include "inventory/roll-collectors.h"
#include "scan/roll-plan.h"

/* --- Key facts --- */

static void
key_fact_free (gpointer data)
{
  RollKeyFact *fact = data;

  g_free (fact->value);
  g_free (fact);
}

/* @value: (transfer full) (nullable) */
static void
add_fact (GPtrArray *list, const char *label, char *value)
{
  RollKeyFact *fact;

  if (value == NULL || *value == '\0')
    {
      g_free (value);
      return;
    }
  fact = g_new0 (RollKeyFact, 1);
  fact->label = label;
  fact->value = value;
  g_ptr_array_add (list, fact);
}

/* Those there are, with @separator between them. (transfer full) (nullable) */
static char *
join (const char *separator, const char *a, const char *b)
{
  if (a == NULL || b == NULL)
    return g_strdup (a != NULL ? a : b);
  return g_strconcat (a, separator, b, NULL);
}

static char *
processors_text (const RollFacts *facts)
{
  g_autofree char *cores = NULL;
  g_autofree char *processors = NULL;

  if (facts->cores > 0)
    cores = g_strdup_printf (ngettext ("%'u core", "%'u cores", facts->cores), facts->cores);
  if (facts->processors > 0)
    processors = g_strdup_printf (ngettext ("%'u processor", "%'u processors", facts->processors), facts->processors);
  return join (", ", processors, cores);
}

static char *
version_text (const RollFacts *facts)
{
  if (facts->os_build == NULL)
    return g_strdup (facts->os_version);
  if (facts->os_version == NULL)
    /* Translators: of an operating system, where its version is not known */
    return g_strdup_printf (_("build %s"), facts->os_build);
  /* Translators: of an operating system: 10.0.22631, build 22631 */
  return g_strdup_printf (_("%s, build %s"), facts->os_version, facts->os_build);
}

GPtrArray *
roll_inventory_key_facts (const RollFacts *facts)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (key_fact_free);

  add_fact (list, _("Name"), g_strdup (facts->computer_name));
  add_fact (list, _("Domain"), g_strdup (facts->domain));
  add_fact (list, _("Operating system"), g_strdup (facts->os));
  add_fact (list, _("Version"), version_text (facts));
  add_fact (list, _("Manufacturer"), g_strdup (facts->manufacturer));
  add_fact (list, _("Model"), g_strdup (facts->model));
  add_fact (list, _("Serial number"), g_strdup (facts->serial_number));
  add_fact (list, _("Processors"), processors_text (facts));
  if (facts->memory_bytes > 0)
    add_fact (list, _("Memory"), g_format_size_full (facts->memory_bytes, G_FORMAT_SIZE_IEC_UNITS));
  return list;
}

/* --- What was collected --- */

const char *
roll_inventory_label (const RollClassResult *result)
{
  const RollCollector *collector = roll_collectors_find (result->id);

  return collector != NULL ? g_dgettext (GETTEXT_PACKAGE, collector->label) : result->id;
}

gboolean
roll_inventory_is_absent (const RollClassResult *result)
{
  const RollCollector *collector = roll_collectors_find (result->id);

  return collector != NULL && result->outcome == ROLL_CLASS_FAILED && roll_plan_is_absence (collector, result->error);
}

static char *
with_error (const char *what, const RollClassResult *result)
{
  g_autofree char *error = roll_help_error_meaning (result->error);

  /* Translators: what became of a part of the inventory, and the error with its meaning */
  return *error != '\0' ? g_strdup_printf (_("%s: %s"), what, error) : g_strdup (what);
}

char *
roll_inventory_result (const RollClassResult *result)
{
  switch (result->outcome)
    {
    case ROLL_CLASS_COLLECTED:
      return g_strdup_printf (ngettext ("%'u row", "%'u rows", result->n_rows), result->n_rows);
    case ROLL_CLASS_TIMED_OUT:
      return with_error (_("No answer in time"), result);
    case ROLL_CLASS_ABANDONED:
      return with_error (_("Broken off"), result);
    case ROLL_CLASS_FAILED:
    default:
      return roll_inventory_is_absent (result) ? g_strdup (_("This computer does not have it"))
                                               : with_error (_("Failed"), result);
    }
}

gboolean
roll_inventory_is_whole (const RollComputer *computer)
{
  return computer->classes_collected >= computer->classes_planned;
}

char *
roll_inventory_completeness (const RollComputer *computer)
{
  guint planned = computer->classes_planned;

  if (!roll_inventory_is_whole (computer))
    /* Translators: parts of the inventory collected, parts in all */
    return g_strdup_printf (ngettext ("%u of %u Part Collected", "%u of %u Parts Collected", planned),
                            computer->classes_collected, planned);
  return g_strdup_printf (ngettext ("The %u Part Collected", "All %u Parts Collected", planned), planned);
}
