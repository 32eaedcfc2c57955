/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "lab/roll-lab-catalogue.h"

#define MAX_ARGUMENTS 3
#define DAY G_TIME_SPAN_DAY
/* Dates are so many days before this one, so that a computer is always the same. */
#define BASE_YEAR 2026
#define BASE_MONTH 11
#define BASE_DAY 20

typedef struct _Variable Variable;

/* A piece of text, or a variable with its arguments. */
typedef struct
{
  const Variable *variable; /* (nullable) */
  char *text;
  char *arguments[MAX_ARGUMENTS];
  guint numbers[MAX_ARGUMENTS];
} Piece;

struct _Variable
{
  const char *name;
  guint n_arguments;
  void (*put) (const Piece *piece, const RollLabScene *scene, GString *text);
};

struct _RollLabTemplate
{
  guint null_percent;
  GArray *pieces; /* (element-type Piece) */
};

/* --- What the variables are ---------------------------------------------------------------------------------------- */

static guint32
number_of (const Piece *piece, const RollLabScene *scene)
{
  return roll_lab_machine_number (scene->machine, scene->name, scene->row + scene->piece * G_MAXUINT16,
                                  piece->numbers[0], piece->numbers[1]);
}

static void
put_name (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, scene->machine->netbios);
}

static void
put_dns (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, scene->machine->dns);
}

static void
put_domain (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, scene->machine->domain);
}

static void
put_ip (const Piece *piece, const RollLabScene *scene, GString *text)
{
  char address[ROLL_ADDRESS_STRLEN];

  g_string_append (text, roll_address_format (&scene->machine->computer->address, address));
}

static void
put_row (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append_printf (text, "%u", scene->row + piece->numbers[0]);
}

static void
put_programs (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append_printf (text, "%u", scene->machine->n_programs * piece->numbers[0] / 100);
}

static void
put_services (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append_printf (text, "%u", scene->machine->n_services);
}

static void
put_entry (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, roll_lab_list_get (scene->list, scene->row, piece->numbers[0]));
}

/* The words of the computer's language stand behind the English ones; where there are none, English will do.
 */
static void
put_local (const Piece *piece, const RollLabScene *scene, GString *text)
{
  const char *local =
      roll_lab_list_get (scene->list, scene->row, piece->numbers[0] + scene->machine->language);

  g_string_append (text,
                   *local != '\0' ? local : roll_lab_list_get (scene->list, scene->row, piece->numbers[0]));
}

static void
put_words (const Piece *piece, const RollLabScene *scene, GString *text)
{
  const char *local = roll_lab_list_get ("words", piece->numbers[0], scene->machine->language);

  g_string_append (text, *local != '\0' ? local : roll_lab_list_get ("words", piece->numbers[0], 0));
}

/* What comes after the whole list has been gone through once: the same again, in other editions. */
static void
put_edition (const Piece *piece, const RollLabScene *scene, GString *text)
{
  guint round = scene->row / roll_lab_list_length (scene->list);

  if (round > 0)
    g_string_append_printf (text, " %s", roll_lab_list_get ("editions", round - 1, 0));
  if (round > roll_lab_list_length ("editions"))
    g_string_append_printf (text, " %u", round);
}

/* What Windows puts behind the name of a service that each user has. */
static void
put_copy (const Piece *piece, const RollLabScene *scene, GString *text)
{
  guint round = scene->row / roll_lab_list_length (scene->list);

  if (round > 0)
    g_string_append_printf (text, "_%x",
                            0x30000 + (roll_lab_machine_hash (scene->machine, "copy", round) & 0xffff));
}

static void
put_system (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, roll_lab_list_get ("systems", scene->machine->system, piece->numbers[0]));
}

static void
put_hardware (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, roll_lab_list_get ("hardware", scene->machine->hardware, piece->numbers[0]));
}

static void
put_language (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, roll_lab_list_get ("languages", scene->machine->language, piece->numbers[0]));
}

/* One of a list: the same for all rows, or another for each. */
static void
put_pick (const Piece *piece, const RollLabScene *scene, GString *text)
{
  guint32 row = roll_lab_machine_hash (scene->machine, piece->arguments[0], 0)
                % roll_lab_list_length (piece->arguments[0]);

  g_string_append (text, roll_lab_list_get (piece->arguments[0], row, piece->numbers[1]));
}

static void
put_each (const Piece *piece, const RollLabScene *scene, GString *text)
{
  guint32 row = roll_lab_machine_hash (scene->machine, piece->arguments[0], scene->row)
                % roll_lab_list_length (piece->arguments[0]);

  g_string_append (text, roll_lab_list_get (piece->arguments[0], row, piece->numbers[1]));
}

static void
put_number (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append_printf (text, "%u", number_of (piece, scene));
}

static void
put_gib (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append_printf (text, "%" G_GUINT64_FORMAT, (guint64) number_of (piece, scene) << 30);
}

static void
put_random (const char *digits, const RollLabScene *scene, const char *what, guint row, guint length,
            GString *text)
{
  gsize n = strlen (digits);

  for (guint i = 0; i < length; i++)
    g_string_append_c (text, digits[roll_lab_machine_hash (scene->machine, what, row * 64 + i) % n]);
}

#define SERIAL_DIGITS "0123456789BCDFGHJKLMNPQRSTVWXYZ"
#define HEX_DIGITS "0123456789ABCDEF"

/* {serial:LENGTH:WHAT}: the same wherever it is mentioned */
static void
put_serial (const Piece *piece, const RollLabScene *scene, GString *text)
{
  put_random (SERIAL_DIGITS, scene, piece->arguments[1], 0, piece->numbers[0], text);
}

static void
put_code (const Piece *piece, const RollLabScene *scene, GString *text)
{
  put_random (SERIAL_DIGITS, scene, scene->name, scene->row, piece->numbers[0], text);
}

static void
put_hex (const Piece *piece, const RollLabScene *scene, GString *text)
{
  put_random (HEX_DIGITS, scene, scene->name, scene->row, piece->numbers[0], text);
}

/* {mac:WHAT}: of each row of a list of network adapters, the same wherever it is mentioned */
static void
put_mac (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_string_append (text, "00:15:5D");
  for (guint i = 0; i < 3; i++)
    g_string_append_printf (text, ":%02X",
                            roll_lab_machine_hash (scene->machine, "mac", scene->row * 8 + i) & 0xff);
}

static void
put_uuid (const Piece *piece, const RollLabScene *scene, GString *text)
{
  static const guint lengths[] = { 8, 4, 4, 4, 12 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      if (i > 0)
        g_string_append_c (text, '-');
      put_random (HEX_DIGITS, scene, piece->arguments[0], scene->row * 8 + i, lengths[i], text);
    }
}

static GDateTime *
days_ago (const Piece *piece, const RollLabScene *scene)
{
  g_autoptr (GDateTime) base = g_date_time_new_utc (BASE_YEAR, BASE_MONTH, BASE_DAY, 0, 0, 0);
  GTimeSpan ago =
      number_of (piece, scene) * DAY
      - (GTimeSpan) (roll_lab_machine_hash (scene->machine, "time", scene->row) % 86400) * G_TIME_SPAN_SECOND;

  return g_date_time_add (base, -ago);
}

static void
put_date (const char *format, const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_autoptr (GDateTime) date = days_ago (piece, scene);
  g_autofree char *formatted = g_date_time_format (date, format);

  g_string_append (text, formatted);
}

/* [MS-WMIO] 2.2.1: yyyymmddHHMMSS.mmmmmmsUUU */
static void
put_datetime (const Piece *piece, const RollLabScene *scene, GString *text)
{
  put_date ("%Y%m%d%H%M%S.500000", piece, scene, text);
  g_string_append_printf (text, "%+04d", atoi (roll_lab_list_get ("languages", scene->machine->language, 5)));
}

static void
put_day (const Piece *piece, const RollLabScene *scene, GString *text)
{
  put_date ("%Y%m%d", piece, scene, text);
}

static void
put_us_day (const Piece *piece, const RollLabScene *scene, GString *text)
{
  put_date ("%-m/%-d/%Y", piece, scene, text);
}

static void
put_now (const Piece *piece, const RollLabScene *scene, GString *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *formatted = g_date_time_format (now, "%Y%m%d%H%M%S.000000+000");

  g_string_append (text, formatted);
}

static const Variable variables[] = {
  { "name", 0, put_name },         { "dns", 0, put_dns },
  { "domain", 0, put_domain },     { "ip", 0, put_ip },
  { "row", 1, put_row },           { "programs", 1, put_programs },
  { "services", 0, put_services }, { "entry", 1, put_entry },
  { "local", 1, put_local },       { "words", 1, put_words },
  { "edition", 0, put_edition },   { "system", 1, put_system },
  { "hardware", 1, put_hardware }, { "language", 1, put_language },
  { "pick", 2, put_pick },         { "each", 2, put_each },
  { "number", 2, put_number },     { "gib", 2, put_gib },
  { "serial", 2, put_serial },     { "code", 1, put_code },
  { "hex", 1, put_hex },           { "mac", 0, put_mac },
  { "uuid", 1, put_uuid },         { "datetime", 2, put_datetime },
  { "copy", 0, put_copy },         { "day", 2, put_day },
  { "us-day", 2, put_us_day },     { "now", 0, put_now },
};

/* --- Templates ----------------------------------------------------------------------------------------------------- */

static void
add_text (RollLabTemplate *self, const char *text, gsize length)
{
  const Piece piece = { .text = g_strndup (text, length) };

  g_array_append_val (self->pieces, piece);
}

/* @text: "number:1:3" */
static const char *
add_variable (RollLabTemplate *self, const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length);
  g_auto (GStrv) words = g_strsplit (copy, ":", -1);
  Piece piece = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (variables) && piece.variable == NULL; i++)
    if (words[0] != NULL && strcmp (variables[i].name, words[0]) == 0)
      piece.variable = &variables[i];
  if (piece.variable == NULL)
    return "no such variable";
  if (g_strv_length (words) != piece.variable->n_arguments + 1)
    return "another number of arguments";
  for (guint i = 0; i < piece.variable->n_arguments; i++)
    {
      piece.arguments[i] = g_strdup (words[i + 1]);
      piece.numbers[i] = (guint) strtoul (words[i + 1], NULL, 10);
    }
  g_array_append_val (self->pieces, piece);
  return NULL;
}

/* "{" begins a variable only where a name follows, so that GUIDs can stand in their braces:
 * "{{uuid:adapter}}". */
static gboolean
begins_variable (const char *text)
{
  return text[0] == '{' && g_ascii_islower (text[1]) && strchr (text, '}') != NULL;
}

static void
free_template (RollLabTemplate *self)
{
  for (guint i = 0; i < self->pieces->len; i++)
    {
      Piece *piece = &g_array_index (self->pieces, Piece, i);

      g_free (piece->text);
      for (guint j = 0; j < MAX_ARGUMENTS; j++)
        g_free (piece->arguments[j]);
    }
  g_array_unref (self->pieces);
  g_free (self);
}

/* "?30 TEXT" is NULL in 30 of 100 cases, "NULL" always. */
RollLabTemplate *
roll_lab_template_parse (const char *text, const char **ret_problem)
{
  RollLabTemplate *self = g_new0 (RollLabTemplate, 1);
  const char *start = text, *problem = NULL;

  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  if (strcmp (text, "NULL") == 0)
    self->null_percent = 100;
  else if (*text == '?')
    {
      char *end;

      self->null_percent = (guint) strtoul (text + 1, &end, 10);
      text = start = end + strspn (end, " ");
    }
  while (*text != '\0' && problem == NULL)
    if (begins_variable (text))
      {
        const char *end = strchr (text, '}');

        add_text (self, start, (gsize) (text - start));
        problem = add_variable (self, text + 1, (gsize) (end - text - 1));
        text = start = end + 1;
      }
    else
      text++;
  add_text (self, start, (gsize) (text - start));
  *ret_problem = problem;
  if (problem != NULL)
    g_clear_pointer (&self, free_template);
  return self;
}

gboolean
roll_lab_template_expand (const RollLabTemplate *self, const RollLabScene *scene, GString *ret_text)
{
  if (self->null_percent > 0
      && roll_lab_machine_hash (scene->machine, scene->name, scene->row + 7) % 100 < self->null_percent)
    return FALSE;
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);
      RollLabScene here = *scene;

      here.piece = i;
      if (piece->variable != NULL)
        piece->variable->put (piece, &here, ret_text);
      else
        g_string_append (ret_text, piece->text);
    }
  return TRUE;
}
