/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-preview.h"

#include <glib/gi18n.h>

#include "cli/roll-json.h"
#include "cli/roll-terminal.h"
#include "scan/roll-forecast.h"
#include "status/roll-status.h"

static const char *
protocol_id (RollProtocol protocol)
{
  return protocol == ROLL_PROTOCOL_KERBEROS ? "kerberos" : "ntlm";
}

/* --- Text -------------------------------------------------------------------------------------------------------- */

static void
append_credential (GString *line, const RollCredential *credential, gboolean certain)
{
  g_string_append_printf (line, "%s (", credential->name);
  for (guint i = 0; credential->protocols[i]; i++)
    g_string_append_printf (line, "%s%s", i > 0 ? ", " : "", protocol_id (credential->protocols[i]));
  g_string_append (line, certain ? ")" : _ ("; if its address is in the scope)"));
}

static void
print_text (const RollTarget *target, GPtrArray *applying, const gboolean *certain)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < applying->len; i++)
    {
      const RollCredential *credential = g_ptr_array_index (applying, i);

      g_string_append (line, i > 0 ? "; " : "");
      append_credential (line, credential, certain[i]);
    }
  if (applying->len == 0)
    g_string_append_printf (line, _ ("none: it would end as “%s”"), roll_status_label (ROLL_STATUS_NO_CREDENTIALS));
  roll_terminal_print (stdout, "%s: %s", target->text, line->str);
}

/* --- JSON -------------------------------------------------------------------------------------------------------- */

static void
put_credential (RollJson *json, const RollCredential *credential, gboolean certain)
{
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "name", credential->name);
  roll_json_begin_array (json, "protocols");
  for (guint i = 0; credential->protocols[i]; i++)
    roll_json_string (json, NULL, protocol_id (credential->protocols[i]));
  roll_json_end_array (json);
  roll_json_boolean (json, "certain", certain);
  roll_json_end_object (json);
}

static void
print_json (RollJson *json, const RollTarget *target, GPtrArray *applying, const gboolean *certain)
{
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "preview");
  roll_json_number (json, "ordinal", target->ordinal);
  roll_json_string (json, "target", target->text);
  roll_json_begin_array (json, "credentials");
  for (guint i = 0; i < applying->len; i++)
    {
      const RollCredential *credential = g_ptr_array_index (applying, i);

      put_credential (json, credential, certain[i]);
    }
  roll_json_end_array (json);
  roll_json_end_object (json);
  roll_json_flush_line (json);
}

static gboolean
print_target (const RollTarget *target, GPtrArray *applying, const gboolean *certain, gpointer user_data)
{
  if (user_data)
    print_json (user_data, target, applying, certain);
  else
    print_text (target, applying, certain);
  return TRUE;
}

void
roll_scan_preview_print (RollTargetList *targets, GPtrArray *credentials, gboolean as_json)
{
  g_autoptr (RollJson) json = as_json ? roll_json_new () : NULL;

  roll_forecast_foreach (targets, credentials, print_target, json);
}
