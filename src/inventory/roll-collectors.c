/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-collectors.h"

#include "inventory/roll-collectors-private.h"
#include "inventory/roll-collectors-resource.h"
#include "status/roll-resource.h"

#define COLLECTORS_PATH "/io/github/rollcall/Rollcall/collectors.xml"

static gpointer
load_collectors (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_resource_lookup_data (roll_resource_get (roll_collectors_get_resource), COLLECTORS_PATH,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  RollCollectorList *list = NULL;

  if (bytes != NULL)
    list = roll_collectors_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  /* The file is part of the program: that it can't be read is a broken build. */
  if (list == NULL)
    g_error ("collectors.xml: %s", error->message);
  return list;
}

static const RollCollectorList *
get_list (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_collectors, NULL);
}

const RollCollectorGroup *
roll_collector_groups (guint *ret_n)
{
  const RollCollectorList *list = get_list ();

  if (ret_n != NULL)
    *ret_n = list->groups->len;
  return &g_array_index (list->groups, RollCollectorGroup, 0);
}

const RollCollector *
roll_collectors (guint *ret_n)
{
  const RollCollectorList *list = get_list ();

  if (ret_n != NULL)
    *ret_n = list->collectors->len;
  return &g_array_index (list->collectors, RollCollector, 0);
}

const RollCollector *
roll_collectors_find (const char *id)
{
  const RollCollector *collectors;
  guint n;

  g_return_val_if_fail (id != NULL, NULL);

  collectors = roll_collectors (&n);
  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (collectors[i].id, id) == 0)
      return &collectors[i];
  return NULL;
}

static char *
make_query (const RollCollector *collector, const char *what)
{
  if (collector->filter == NULL)
    return g_strdup_printf ("SELECT %s FROM %s", what, collector->class_name);
  return g_strdup_printf ("SELECT %s FROM %s WHERE %s", what, collector->class_name, collector->filter);
}

char *
roll_collector_query (const RollCollector *collector)
{
  g_autofree char *names = NULL;

  g_return_val_if_fail (collector != NULL && collector->kind == ROLL_COLLECTOR_QUERY, NULL);

  names = g_strjoinv (", ", (char **) collector->columns);
  return make_query (collector, names);
}

char *
roll_collector_query_all (const RollCollector *collector)
{
  g_return_val_if_fail (collector != NULL && collector->kind == ROLL_COLLECTOR_QUERY, NULL);

  return make_query (collector, "*");
}
