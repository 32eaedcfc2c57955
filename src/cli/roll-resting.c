/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-resting.h"

#include <glib/gi18n.h>

#include "cli/roll-terminal.h"
#include "inventory/roll-detail.h"
#include "scan/roll-notice.h"

void
roll_resting_clear (RollResting *resting)
{
  g_clear_pointer (&resting->texts, g_ptr_array_unref);
}

static gboolean
count_not_tried (RollComputer *computer, gpointer user_data)
{
  guint *n = user_data;

  *n += computer->error.space == ROLL_ERROR_SPACE_ENGINE && computer->error.number == ROLL_ENGINE_ERROR_ACCOUNT_RESTING;
  return TRUE;
}

/* The last time of each credential counts. */
static void
add_texts (GPtrArray *events, GPtrArray *texts)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = events->len; i > 0; i--)
    {
      const RollStoreEvent *event = g_ptr_array_index (events, i - 1);
      char *credential;

      if (!g_str_equal (event->kind, "account-resting"))
        continue;
      credential = roll_detail_get (event->detail, "credential");
      if (g_hash_table_add (seen, credential ? credential : g_strdup ("")))
        g_ptr_array_insert (texts, 0, roll_notice_text (event->kind, event->detail));
    }
}

gboolean
roll_resting_load (RollStore *store, gint64 scan_id, RollResting *ret_resting, GError **error)
{
  g_autoptr (GPtrArray) events = roll_store_get_events (store, scan_id, error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  guint n_not_tried = 0;

  if (!events)
    return FALSE;
  add_texts (events, texts);
  if (texts->len > 0 && !roll_store_foreach_computer (store, scan_id, 0, count_not_tried, &n_not_tried, error))
    return FALSE;
  *ret_resting = (RollResting) { g_steal_pointer (&texts), n_not_tried };
  return TRUE;
}

void
roll_resting_print (FILE *stream, const RollResting *resting)
{
  if (resting->texts->len == 0)
    return;
  for (guint i = 0; i < resting->texts->len; i++)
    roll_terminal_print (stream, "%s", (const char *) g_ptr_array_index (resting->texts, i));
  roll_terminal_print (stream,
                       ngettext ("%'u computer was not tried for that reason.",
                                 "%'u computers were not tried for that reason.", resting->n_not_tried),
                       resting->n_not_tried);
  fputc ('\n', stream);
}

void
roll_resting_json (RollJson *json, const RollResting *resting)
{
  roll_json_begin_array (json, "resting_accounts");
  for (guint i = 0; i < resting->texts->len; i++)
    roll_json_string (json, NULL, g_ptr_array_index (resting->texts, i));
  roll_json_end_array (json);
  roll_json_number (json, "not_tried", resting->n_not_tried);
}
