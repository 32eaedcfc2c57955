/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-preview.h"

#include <glib/gi18n.h>

#include "cli/roll-json.h"
#include "cli/roll-terminal.h"
#include "status/roll-status.h"

static const char *
protocol_id (RollProtocol protocol)
{
  return protocol == ROLL_PROTOCOL_KERBEROS ? "kerberos" : "ntlm";
}

/* Its name alone says so, whatever its address turns out to be. */
static gboolean
is_certain (const RollCredential *credential, const RollTarget *target)
{
  const RollAddress in_no_network = { .family = AF_UNIX };

  return target->address.family != AF_UNSPEC || roll_credential_applies (credential, target->text, &in_no_network);
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
print_text (const RollTarget *target, GPtrArray *applying)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < applying->len; i++)
    {
      const RollCredential *credential = g_ptr_array_index (applying, i);

      g_string_append (line, i > 0 ? "; " : "");
      append_credential (line, credential, is_certain (credential, target));
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
print_json (RollJson *json, const RollTarget *target, GPtrArray *applying)
{
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "preview");
  roll_json_number (json, "ordinal", target->ordinal);
  roll_json_string (json, "target", target->text);
  roll_json_begin_array (json, "credentials");
  for (guint i = 0; i < applying->len; i++)
    {
      const RollCredential *credential = g_ptr_array_index (applying, i);

      put_credential (json, credential, is_certain (credential, target));
    }
  roll_json_end_array (json);
  roll_json_end_object (json);
  roll_json_flush_line (json);
}

void
roll_scan_preview_print (RollTargetList *targets, GPtrArray *credentials, gboolean as_json)
{
  g_autoptr (RollJson) json = roll_json_new ();
  g_autoptr (GPtrArray) applying = g_ptr_array_new ();
  RollTargetIter iter;
  RollTarget target;

  roll_target_iter_init (&iter, targets, 0);
  while (roll_target_iter_next (&iter, &target))
    {
      g_ptr_array_set_size (applying, 0);
      for (guint i = 0; i < credentials->len; i++)
        if (roll_credential_applies (g_ptr_array_index (credentials, i), target.text, &target.address))
          g_ptr_array_add (applying, g_ptr_array_index (credentials, i));
      if (as_json)
        print_json (json, &target, applying);
      else
        print_text (&target, applying);
    }
}
