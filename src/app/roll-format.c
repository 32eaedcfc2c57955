/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-format.h"

#include <glib/gi18n.h>

char *
roll_format_count (guint count)
{
  return g_strdup_printf ("%'u", count);
}

char *
roll_format_share (guint count, guint total)
{
  guint tenths;

  if (total == 0 || count == 0)
    return g_strdup (_("0 %"));
  if (count >= total)
    return g_strdup (_("100 %"));
  tenths = (guint) (((guint64) count * 1000 + total / 2) / total);
  tenths = CLAMP (tenths, 1, 999);
  /* Translators: a share of the whole */
  return g_strdup_printf (_("%.1f %%"), tenths / 10.0);
}

static char *
format_long (guint64 seconds)
{
  guint64 minutes = seconds / 60;

  if (minutes < 60)
    /* Translators: minutes and seconds */
    return g_strdup_printf (_("%u min %u s"), (guint) minutes, (guint) (seconds % 60));
  /* Translators: hours and minutes */
  return g_strdup_printf (_("%u h %u min"), (guint) (minutes / 60), (guint) (minutes % 60));
}

char *
roll_format_duration (gint64 us)
{
  double ms = (double) us / 1000;

  if (ms > 0 && ms < 0.095)
    return g_strdup_printf (_("%.2f ms"), ms);
  if (ms < 9.95)
    /* Translators: milliseconds */
    return g_strdup_printf (_("%.1f ms"), MAX (ms, 0.0));
  if (ms < 999.5)
    return g_strdup_printf (_("%.0f ms"), ms);
  if (ms < 59950)
    /* Translators: seconds */
    return g_strdup_printf (_("%.1f s"), ms / 1000);
  return format_long ((guint64) (us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC);
}

/* Steps grow with the value: 5 s, 10 s, then half minutes and minutes. */
char *
roll_format_remaining (gint64 us)
{
  guint seconds;
  guint minutes;

  if (us < 0)
    return g_strdup ("");
  seconds = (guint) MIN ((us + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC, 1000 * 3600);
  if (seconds <= 5)
    return g_strdup (_("a few seconds left"));
  if (seconds < 60)
    return g_strdup_printf (ngettext ("about %u second left", "about %u seconds left", (seconds + 4) / 5 * 5),
                            (seconds + 4) / 5 * 5);
  minutes = (seconds + 30) / 60;
  if (minutes < 60)
    return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes), minutes);
  minutes = (minutes + 30) / 60;
  return g_strdup_printf (ngettext ("about %u hour left", "about %u hours left", minutes), minutes);
}

char *
roll_format_progress (guint n_done, guint n_targets, guint n_waiting, gint64 remaining_us)
{
  g_autofree char *done = roll_format_count (n_done);
  g_autofree char *targets = roll_format_count (n_targets);
  g_autofree char *waiting = roll_format_count (n_waiting);
  g_autofree char *remaining = roll_format_remaining (remaining_us);
  GString *text = g_string_new (NULL);

  /* Translators: computers done, computers in all */
  g_string_append_printf (text, ngettext ("%s of %s computer", "%s of %s computers", n_targets), done, targets);
  if (n_waiting > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%s waits for another try", "%s wait for another try", n_waiting), waiting);
    }
  if (*remaining != '\0' && n_done < n_targets)
    g_string_append_printf (text, " · %s", remaining);
  return g_string_free (text, FALSE);
}

static char *
format_local (gint64 us, const char *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, format) : g_strdup ("");
}

char *
roll_format_date (gint64 us)
{
  if (us <= 0)
    return g_strdup ("");
  /* Translators: a date and time of day for g_date_time_format() */
  return format_local (us, _("%-d %b %Y, %H:%M"));
}

char *
roll_format_clock (gint64 us)
{
  g_autofree char *seconds = NULL;

  if (us <= 0)
    return g_strdup ("");
  seconds = format_local (us, "%H:%M:%S");
  return g_strdup_printf ("%s.%03u", seconds, (guint) (us / 1000 % 1000));
}
