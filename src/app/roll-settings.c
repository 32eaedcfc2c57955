/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-settings.h"

#define NEWEST_KEY "hidden-columns"

static GSettings *
load (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, ROLL_APP_ID, TRUE);
  /* One that an older version left behind would end the program when a newer key is asked for. */
  if (schema == NULL || !g_settings_schema_has_key (schema, NEWEST_KEY))
    {
      g_info ("The settings schema is not installed: nothing is remembered.");
      return NULL;
    }
  return g_settings_new_full (schema, NULL, NULL);
}

GSettings *
roll_settings_get (void)
{
  static GSettings *settings = NULL;
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      settings = load ();
      g_once_init_leave (&ready, 1);
    }
  return settings;
}
