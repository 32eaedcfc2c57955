/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lab/roll-lab-query.h"

gboolean
roll_lab_count_rows (RollLab *self, guint computer, const char *namespace_, const char *wql,
                     guint *ret_n_rows)
{
  g_autoptr (RollLabMachine) machine = NULL;
  g_autoptr (RollLabQuery) query = NULL;
  RollWmiObject *row;
  guint32 hresult;
  int found;

  g_return_val_if_fail (self != NULL && computer < self->computers->len && ret_n_rows != NULL, FALSE);

  machine = roll_lab_machine_new (self, computer);
  found = roll_lab_namespace_find (machine, namespace_);
  query = found >= 0 ? roll_lab_query_new (machine, (guint) found, wql, &hresult) : NULL;
  *ret_n_rows = 0;
  for (; query != NULL && (row = roll_lab_query_next (query)) != NULL; ++*ret_n_rows)
    roll_wmi_object_unref (row);
  return query != NULL;
}

static gboolean
has_value (RollLabRegistryNames *names, const RollLabMachine *machine, const char *key, const char *value)
{
  g_autofree char *path = g_strdup_printf ("%s\\%s", key, value);
  char *name = strrchr (path, '\\');
  g_auto (RollCimValue) found = { 0 };

  *name++ = '\0';
  return roll_lab_registry_get_value (names, machine, path, name, &found);
}

guint
roll_lab_count_keys (RollLab *self, guint computer, const char *key, const char *value)
{
  g_autoptr (RollLabMachine) machine = NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  RollLabRegistryNames *names;
  guint n = 0;

  g_return_val_if_fail (self != NULL && computer < self->computers->len, 0);

  machine = roll_lab_machine_new (self, computer);
  names = roll_lab_registry_names_new ();
  roll_lab_registry_list_keys (names, machine, key, keys);
  for (guint i = 0; i < keys->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s\\%s", key, (char *) keys->pdata[i]);

      n += has_value (names, machine, path, value);
    }
  roll_lab_registry_names_free (names);
  return n;
}

gboolean
roll_lab_has_value (RollLab *self, guint computer, const char *key, const char *value)
{
  g_autoptr (RollLabMachine) machine = NULL;
  RollLabRegistryNames *names;
  gboolean found;

  g_return_val_if_fail (self != NULL && computer < self->computers->len, FALSE);

  machine = roll_lab_machine_new (self, computer);
  names = roll_lab_registry_names_new ();
  found = has_value (names, machine, key, value);
  roll_lab_registry_names_free (names);
  return found;
}
