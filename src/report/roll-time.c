/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-csv.h"

/* By hand: a scan of a million has a million times, and GDateTime takes a microsecond for each. */

static char *
put_digits (char *at, gint64 number, int n_digits)
{
  for (int i = n_digits - 1; i >= 0; i--)
    {
      at[i] = (char) ('0' + number % 10);
      number /= 10;
    }
  return at + n_digits;
}

/* Days since 1970-01-01 to year, month, day of the Gregorian calendar; inside, the year begins in March. */
static void
split_days (gint64 days, gint64 *ret_year, gint64 *ret_month, gint64 *ret_day)
{
  gint64 shifted = days + 719468;
  gint64 era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  gint64 day_of_era = shifted - era * 146097;
  gint64 year = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
  gint64 month = (5 * day_of_year + 2) / 153;

  *ret_day = day_of_year - (153 * month + 2) / 5 + 1;
  *ret_month = month < 10 ? month + 3 : month - 9;
  *ret_year = year + era * 400 + (*ret_month <= 2);
}

const char *
roll_time_print_utc (gint64 us, char buffer[ROLL_TIME_STRLEN])
{
  gint64 ms = us / 1000 - (us % 1000 < 0);
  gint64 days = ms / 86400000 - (ms % 86400000 < 0);
  gint64 rest = ms - days * 86400000;
  gint64 year, month, day;
  char *at = buffer;

  buffer[0] = '\0';
  if (us == 0)
    return buffer;
  split_days (days, &year, &month, &day);
  if (year < 0 || year > 9999) /* no such time can be meant, and ISO 8601 has no place for it */
    return buffer;
  at = put_digits (at, year, 4);
  *at++ = '-';
  at = put_digits (at, month, 2);
  *at++ = '-';
  at = put_digits (at, day, 2);
  *at++ = 'T';
  at = put_digits (at, rest / 3600000, 2);
  *at++ = ':';
  at = put_digits (at, rest / 60000 % 60, 2);
  *at++ = ':';
  at = put_digits (at, rest / 1000 % 60, 2);
  *at++ = '.';
  at = put_digits (at, rest % 1000, 3);
  *at++ = 'Z';
  *at = '\0';
  return buffer;
}

char *
roll_time_format_utc (gint64 us)
{
  char buffer[ROLL_TIME_STRLEN];

  return g_strdup (roll_time_print_utc (us, buffer));
}
