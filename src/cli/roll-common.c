/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-common.h"

#include <glib/gi18n.h>

#include "cli/roll-database.h"
#include "cli/roll-terminal.h"

#define INDENT 4

static void
print_group (FILE *stream, guint number, const RollCommonCause *group)
{
  g_autofree char *bullet = g_strdup_printf ("%2u. ", number);
  g_autofree char *count = roll_common_cause_describe_count (group);
  g_autofree char *facts = g_strdup_printf (_ ("%s; %s"), count, roll_confidence_label (group->confidence));

  roll_terminal_paragraph (stream, INDENT, bullet, group->sentence);
  roll_terminal_paragraph (stream, INDENT, "", facts);
}

void
roll_common_print (FILE *stream, GPtrArray *groups, const RollScanInfo *info, const char *database)
{
  g_autofree char *with = roll_database_hint (database);

  if (groups->len == 0)
    return;
  roll_terminal_heading (stream, _ ("Common causes"));
  for (guint i = 0; i < groups->len; i++)
    print_group (stream, i + 1, g_ptr_array_index (groups, i));
  fputc ('\n', stream);
  roll_terminal_print (stream, _ ("Text for a ticket:   %s report%s %lld --ticket NUMBER"), g_get_prgname (), with,
                       (long long) info->id);
}

static void
json_ordinals (RollJson *json, const char *key, const GArray *ordinals)
{
  roll_json_begin_array (json, key);
  for (guint i = 0; i < ordinals->len; i++)
    roll_json_unsigned (json, NULL, g_array_index (ordinals, guint, i));
  roll_json_end_array (json);
}

static void
json_ratio (RollJson *json, const char *key, double ratio)
{
  if (ratio < 0)
    roll_json_null (json, key);
  else
    roll_json_real (json, key, ratio);
}

static void
json_group (RollJson *json, const RollCommonCause *group)
{
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "id", group->id);
  roll_json_string (json, "rule", group->rule->id);
  roll_json_string (json, "shared", roll_shared_id (group->stratum));
  roll_json_string (json, "name", group->name);
  roll_json_string (json, "class", group->class_name);
  roll_json_string (json, "title", group->rule->title);
  roll_json_string (json, "sentence", group->sentence);
  roll_json_string (json, "confidence", roll_confidence_id (group->confidence));
  json_ratio (json, "share", group->share);
  json_ratio (json, "elsewhere", group->elsewhere);
  json_ratio (json, "lift", group->elsewhere < 0 ? -1 : group->lift);
  if (group->since > 0)
    roll_json_time (json, "since", group->since);
  else
    roll_json_null (json, "since");
  roll_json_begin_array (json, "causes");
  for (guint i = 0; group->rule->causes[i] != NULL; i++)
    roll_json_string (json, NULL, group->rule->causes[i]);
  roll_json_end_array (json);
  roll_json_string (json, "team", group->rule->team->id);
  roll_json_unsigned (json, "count", group->members->len);
  json_ordinals (json, "members", group->members);
  json_ordinals (json, "counter_examples", group->counter_examples);
  roll_json_end_object (json);
}

void
roll_common_json (RollJson *json, GPtrArray *groups)
{
  roll_json_begin_array (json, "common_causes");
  for (guint i = 0; i < groups->len; i++)
    json_group (json, g_ptr_array_index (groups, i));
  roll_json_end_array (json);
}
