/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-activity.h"

#include <glib/gi18n-lib.h>

void
roll_activity_clear (RollActivity *activity)
{
  g_clear_pointer (&activity->account_name, g_free);
}

gboolean
roll_activity_is_busy (const RollActivity *activity)
{
  return activity->resolving + activity->connecting + activity->logging_on + activity->reading + activity->account > 0;
}

/* @part (transfer full) */
static void
append (GString *text, guint n, char *part)
{
  if (n > 0)
    g_string_append_printf (text, "%s%s", text->len > 0 ? _ (", ") : "", part);
  g_free (part);
}

static void
append_account (GString *text, const RollActivity *activity)
{
  guint n = activity->account + activity->put_back;

  if (activity->account_name == NULL)
    append (text, n, g_strdup_printf (ngettext ("%'u waits for its account", "%'u wait for their account", n), n));
  else
    /* Translators: computers, and the account's name */
    append (text, n,
            g_strdup_printf (ngettext ("%'u waits until the account “%s” is tried",
                                       "%'u wait until the account “%s” is tried", n),
                             n, activity->account_name));
}

static void
append_retry (GString *text, const RollActivity *activity)
{
  guint n = activity->retry, seconds = (guint) (MAX (activity->next_retry_us, 0) / G_USEC_PER_SEC);

  append (text, n, g_strdup_printf (ngettext ("%'u waits for a retry", "%'u wait for a retry", n), n));
  if (n > 0 && seconds > 0)
    g_string_append_printf (text, _ (" (next in %'u s)"), seconds);
}

static void
append_waiting (GString *text, const RollActivity *activity)
{
  guint n = activity->queued;

  append (text, n, g_strdup_printf (ngettext ("%'u waits for its turn", "%'u wait for their turn", n), n));
  n = activity->network;
  append (text, n,
          g_strdup_printf (ngettext ("%'u waits for others of its network", "%'u wait for others of their network", n), n));
}

char *
roll_activity_describe (const RollActivity *activity)
{
  GString *text = g_string_new (NULL);
  guint connecting = activity->connecting + activity->to_connect;

  /* Translators: numbers of computers, joined by commas */
  append (text, activity->resolving, g_strdup_printf (_ ("%'u being looked up"), activity->resolving));
  append (text, connecting, g_strdup_printf (_ ("%'u being connected to"), connecting));
  append (text, activity->logging_on, g_strdup_printf (_ ("%'u logging on"), activity->logging_on));
  append (text, activity->reading, g_strdup_printf (_ ("%'u reading"), activity->reading));
  append_waiting (text, activity);
  append_account (text, activity);
  append_retry (text, activity);
  return g_string_free (text, FALSE);
}
