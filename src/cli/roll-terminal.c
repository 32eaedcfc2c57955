/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-terminal.h"

#include <glib/gi18n.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/roll-html.h"

#define DEFAULT_WIDTH 80
#define MAX_TEXT_WIDTH 100 /* longer lines are hard to read */

gboolean
roll_terminal_is_live (FILE *stream)
{
  const char *term = g_getenv ("TERM");

  return isatty (fileno (stream)) && g_strcmp0 (term, "dumb") != 0;
}

gboolean
roll_terminal_has_colour (FILE *stream)
{
  const char *no_colour = g_getenv ("NO_COLOR");

  return roll_terminal_is_live (stream) && (!no_colour || !*no_colour);
}

guint
roll_terminal_width (FILE *stream)
{
  struct winsize size;

  if (ioctl (fileno (stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return DEFAULT_WIDTH;
}

char *
roll_terminal_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) clean = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      g_string_append_unichar (clean, roll_text_is_harmless (c) ? c : 0xfffd);
    }
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

static guint
cells_of (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

guint
roll_terminal_cells (const char *text)
{
  guint cells = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    cells += cells_of (g_utf8_get_char (p));
  return cells;
}

char *
roll_terminal_truncate (const char *text, guint cells)
{
  if (roll_terminal_cells (text) <= cells)
    return g_strdup (text);

  const char *end = text;
  for (guint used = 1; *end; end = g_utf8_next_char (end)) /* one cell for the ellipsis */
    {
      used += cells_of (g_utf8_get_char (end));
      if (used > cells)
        break;
    }
  g_autofree char *head = g_strndup (text, (gsize) (end - text));
  return cells ? g_strconcat (head, "…", NULL) : g_strdup ("");
}

static void
print_line (FILE *stream, const char *prefix, const char *format, va_list args)
{
  g_autofree char *text = g_strdup_vprintf (format, args);
  g_autofree char *clean = roll_terminal_clean (text);

  fprintf (stream, "%s%s\n", prefix, clean);
}

void
roll_terminal_print (FILE *stream, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  print_line (stream, "", format, args);
  va_end (args);
}

void
roll_terminal_error (const char *format, ...)
{
  g_autofree char *prefix = g_strconcat (g_get_prgname (), ": ", NULL);
  va_list args;

  va_start (args, format);
  print_line (stderr, prefix, format, args);
  va_end (args);
}

void
roll_terminal_heading (FILE *stream, const char *text)
{
  g_autofree char *clean = roll_terminal_clean (text);

  if (roll_terminal_has_colour (stream))
    fprintf (stream, "\033[1m%s\033[0m\n", clean);
  else
    fprintf (stream, "%s\n", clean);
}

void
roll_terminal_paragraph (FILE *stream, guint indent, const char *bullet, const char *text)
{
  guint width = MIN (roll_terminal_width (stream), MAX_TEXT_WIDTH);
  g_autofree char *clean = roll_terminal_clean (text);
  g_auto (GStrv) words = g_strsplit (clean, " ", -1);
  guint column = indent + roll_terminal_cells (bullet);
  guint start = column;

  fprintf (stream, "%*s%s", (int) indent, "", bullet);
  for (char **word = words; *word; word++)
    {
      guint cells = roll_terminal_cells (*word);
      if (column > start && column + 1 + cells > width)
        {
          fprintf (stream, "\n%*s", (int) start, "");
          column = start;
        }
      else if (column > start)
        {
          fputc (' ', stream);
          column++;
        }
      fputs (*word, stream);
      column += cells;
    }
  fputc ('\n', stream);
}

char *
roll_terminal_duration (gint64 us)
{
  gint64 seconds = us / G_USEC_PER_SEC;

  if (us < 1000)
    return g_strdup_printf (_ ("%d µs"), (int) us);
  if (us < G_USEC_PER_SEC)
    return g_strdup_printf (_ ("%.1f ms"), (double) us / 1000);
  if (seconds < 60)
    return g_strdup_printf (_ ("%.1f s"), (double) us / G_USEC_PER_SEC);
  if (seconds < 3600)
    return g_strdup_printf (_ ("%d min %02d s"), (int) (seconds / 60), (int) (seconds % 60));
  return g_strdup_printf (_ ("%d h %02d min"), (int) (seconds / 3600), (int) (seconds / 60 % 60));
}

char *
roll_terminal_time (gint64 us)
{
  if (us == 0)
    return g_strdup ("");

  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_local (utc) : NULL;
  return local ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : g_strdup ("");
}
