/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-json.h"

#include <stdio.h>

void
roll_json_flush_line (RollJson *json)
{
  gsize length;
  const char *line = roll_json_end_line (json, &length);

  fwrite (line, 1, length, stdout);
}

void
roll_json_status (RollJson *json, RollStatus status)
{
  const RollStatusInfo *info = roll_status_info ((int) status);

  if (status >= ROLL_STATUS_SUCCESS)
    roll_json_number (json, "status_code", (gint64) status);
  else
    roll_json_null (json, "status_code");
  roll_json_string (json, "status_id", info->id);
  roll_json_string (json, "status", info->label);
  roll_json_string (json, "layer", info->layer == ROLL_LAYER_NONE ? NULL : roll_layer_id (info->layer));
}

void
roll_json_error (RollJson *json, RollErrorNumber error)
{
  g_autofree char *text = roll_error_format (error);

  if (error.space == ROLL_ERROR_SPACE_NONE)
    {
      roll_json_null (json, "error_space");
      roll_json_null (json, "error_number");
    }
  else
    {
      roll_json_string (json, "error_space", roll_error_space_id (error.space));
      roll_json_number (json, "error_number", error.number);
    }
  roll_json_string (json, "error", text);
  roll_json_string (json, "error_name", roll_error_name (error));
}

/* 0: not known. */
static void
put_count (RollJson *json, const char *key, guint64 count)
{
  if (count > 0)
    roll_json_unsigned (json, key, count);
  else
    roll_json_null (json, key);
}

static void
json_inventory (RollJson *json, const RollComputer *computer)
{
  static const RollFacts no_facts = { 0 };
  const RollFacts *facts = computer->facts ? computer->facts : &no_facts;

  roll_json_string (json, "computer_name", facts->computer_name);
  roll_json_string (json, "domain", facts->domain);
  roll_json_string (json, "credential", computer->credential);
  roll_json_number (json, "classes_collected", computer->classes_collected);
  roll_json_number (json, "classes_planned", computer->classes_planned);
  roll_json_string (json, "os", facts->os);
  roll_json_string (json, "os_version", facts->os_version);
  roll_json_string (json, "os_build", facts->os_build);
  roll_json_string (json, "manufacturer", facts->manufacturer);
  roll_json_string (json, "model", facts->model);
  roll_json_string (json, "serial_number", facts->serial_number);
  put_count (json, "processors", facts->processors);
  put_count (json, "cores", facts->cores);
  put_count (json, "memory_bytes", facts->memory_bytes);
}

static void
json_directory (RollJson *json, const RollDirectoryFacts *facts)
{
  if (!facts)
    {
      roll_json_null (json, "directory");
      return;
    }
  roll_json_begin_object (json, "directory");
  roll_json_string (json, "ou", facts->ou);
  roll_json_time (json, "last_logon", facts->last_logon);
  roll_json_string (json, "os", facts->system);
  if (facts->account == ROLL_DIRECTORY_ACCOUNT_UNKNOWN)
    roll_json_null (json, "enabled");
  else
    roll_json_boolean (json, "enabled", facts->account == ROLL_DIRECTORY_ACCOUNT_ENABLED);
  roll_json_end_object (json);
}

void
roll_json_computer (RollJson *json, gint64 scan_id, const RollComputer *computer)
{
  char address[ROLL_ADDRESS_STRLEN];

  roll_json_number (json, "scan", scan_id);
  roll_json_number (json, "ordinal", computer->ordinal);
  roll_json_string (json, "target", computer->target);
  roll_json_string (json, "address", roll_address_format (&computer->address, address));
  roll_json_status (json, computer->status);
  roll_json_string (json, "step", roll_step_id (computer->step));
  roll_json_error (json, computer->error);
  roll_json_string (json, "said_by", roll_said_by_id (computer->said_by));
  roll_json_number (json, "attempts", computer->attempts);
  roll_json_time (json, "started_at", computer->started_at);
  roll_json_number (json, "duration_ms", computer->duration_us / 1000);
  json_inventory (json, computer);
  json_directory (json, computer->directory);
}
