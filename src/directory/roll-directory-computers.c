/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-computers-private.h"

#include <string.h>

#define NAME_MAX_CHARACTERS 256
#define DN_MAX_CHARACTERS 1024
#define SYSTEMS_MAX 10000 /* different ones; those beyond are kept as told, but not counted one by one */
#define BYTES_MAX (512 * 1024 * 1024)

#define UF_ACCOUNTDISABLE 0x2 /* [MS-ADTS] 2.2.16 */

#define DAY 86400
#define TICKS_PER_SECOND 10000000
#define SECONDS_FROM_1601_TO_1970 G_GINT64_CONSTANT (11644473600)
#define END_OF_9999 G_GINT64_CONSTANT (253402300799) /* the largest number stands for “never” in directories */

struct _RollDirectoryComputers
{
  gatomicrefcount ref_count;
  GArray *all;           /* (element-type RollDirectoryComputer) */
  GStringChunk *texts;
  GHashTable *by_system; /* text in @texts → its index in @systems + 1 */
  GArray *systems;       /* (element-type RollDirectorySystem) */
  guint n_referrals;
  gsize bytes; /* kept, about */
};

RollDirectoryComputers *
roll_directory_computers_new (void)
{
  RollDirectoryComputers *self = g_new0 (RollDirectoryComputers, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->all = g_array_new (FALSE, FALSE, sizeof (RollDirectoryComputer));
  self->texts = g_string_chunk_new (65536);
  self->by_system = g_hash_table_new (g_str_hash, g_str_equal);
  self->systems = g_array_new (FALSE, FALSE, sizeof (RollDirectorySystem));
  return self;
}

RollDirectoryComputers *
roll_directory_computers_ref (RollDirectoryComputers *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
roll_directory_computers_unref (RollDirectoryComputers *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->all);
  g_string_chunk_free (self->texts);
  g_hash_table_unref (self->by_system);
  g_array_unref (self->systems);
  g_free (self);
}

/* --- What the server sent ---------------------------------------------------------------------------------------- */

static const char *
keep (RollDirectoryComputers *self, const char *text, gsize max_characters)
{
  g_autofree char *printable = roll_directory_printable (text ? text : "", max_characters);

  self->bytes += strlen (printable);
  return g_string_chunk_insert (self->texts, printable);
}

/* There are a dozen different ones in a hundred thousand. */
static const char *
keep_system (RollDirectoryComputers *self, const char *text)
{
  g_autofree char *printable = roll_directory_printable (text ? text : "", ROLL_DIRECTORY_SYSTEM_MAX);
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_system, printable));

  if (index == 0)
    {
      const RollDirectorySystem new = { g_string_chunk_insert (self->texts, printable), 0 };

      if (self->systems->len == SYSTEMS_MAX)
        return new.text;
      g_array_append_val (self->systems, new);
      index = self->systems->len;
      g_hash_table_insert (self->by_system, (gpointer) new.text, GUINT_TO_POINTER (index));
    }
  RollDirectorySystem *system = &g_array_index (self->systems, RollDirectorySystem, index - 1);
  system->n++;
  return system->text;
}

/* Of these there are some hundred. */
static const char *
keep_ou (RollDirectoryComputers *self, const char *dn)
{
  g_autofree char *ou = roll_directory_ou_of (dn ? dn : "");

  self->bytes += strlen (ou);
  return g_string_chunk_insert_const (self->texts, ou);
}

static const char *
keep_host (RollDirectoryComputers *self, const RollDirectoryEntry *entry)
{
  if (entry->dns_name && roll_directory_is_host_name (entry->dns_name))
    return g_string_chunk_insert (self->texts, entry->dns_name);
  g_autofree char *domain = roll_directory_domain_of (entry->dn);
  if (!domain || !entry->name || strchr (entry->name, '.'))
    return NULL;
  g_autofree char *host = g_strconcat (entry->name, ".", domain, NULL);
  return roll_directory_is_host_name (host) ? g_string_chunk_insert (self->texts, host) : NULL;
}

static gint64
parse_time (const char *text)
{
  gint64 ticks, seconds;

  if (!text || !g_ascii_string_to_signed (text, 10, 1, G_MAXINT64, &ticks, NULL))
    return 0;
  seconds = ticks / TICKS_PER_SECOND - SECONDS_FROM_1601_TO_1970;
  return seconds > 0 && seconds <= END_OF_9999 ? seconds : 0;
}

static RollDirectoryAccount
parse_control (const char *text)
{
  gint64 control;

  if (!text || !g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXUINT32, &control, NULL))
    return ROLL_DIRECTORY_ACCOUNT_UNKNOWN;
  return (control & UF_ACCOUNTDISABLE) == 0 ? ROLL_DIRECTORY_ACCOUNT_ENABLED : ROLL_DIRECTORY_ACCOUNT_DISABLED;
}

gboolean
roll_directory_computers_add (RollDirectoryComputers *self, const RollDirectoryEntry *entry)
{
  if (self->all->len == ROLL_DIRECTORY_COMPUTERS_MAX || self->bytes > BYTES_MAX)
    return FALSE;
  const RollDirectoryComputer computer = {
    .host = keep_host (self, entry),
    .name = keep (self, entry->name, NAME_MAX_CHARACTERS),
    .dn = keep (self, entry->dn, DN_MAX_CHARACTERS),
    .ou = keep_ou (self, entry->dn),
    .system = keep_system (self, entry->system),
    .last_logon = parse_time (entry->last_logon),
    .account = parse_control (entry->control),
  };

  g_array_append_val (self->all, computer);
  return TRUE;
}

void
roll_directory_computers_add_referral (RollDirectoryComputers *self)
{
  self->n_referrals++;
}

static int
compare_systems (gconstpointer a, gconstpointer b)
{
  const RollDirectorySystem *one = a;
  const RollDirectorySystem *other = b;

  return one->n != other->n ? (one->n < other->n ? 1 : -1) : strcmp (one->text, other->text);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const RollDirectoryComputer *one = a;
  const RollDirectoryComputer *other = b;
  int order = g_ascii_strcasecmp (one->name, other->name);

  return order != 0 ? order : strcmp (one->dn, other->dn);
}

void
roll_directory_computers_finish (RollDirectoryComputers *self)
{
  g_array_sort (self->all, compare_names);
  g_array_sort (self->systems, compare_systems);
  g_hash_table_remove_all (self->by_system);
}

/* --- What was found ---------------------------------------------------------------------------------------------- */

guint
roll_directory_computers_get_count (RollDirectoryComputers *self)
{
  return self->all->len;
}

const RollDirectoryComputer *
roll_directory_computers_get (RollDirectoryComputers *self, guint index)
{
  g_return_val_if_fail (index < self->all->len, NULL);

  return &g_array_index (self->all, RollDirectoryComputer, index);
}

RollDirectoryFacts *
roll_directory_computer_get_facts (const RollDirectoryComputer *computer)
{
  g_return_val_if_fail (computer != NULL, NULL);

  return roll_directory_facts_new (computer->ou, computer->system, computer->last_logon * G_USEC_PER_SEC,
                                   computer->account);
}

GArray *
roll_directory_computers_get_systems (RollDirectoryComputers *self)
{
  return self->systems;
}

guint
roll_directory_computers_get_n_referrals (RollDirectoryComputers *self)
{
  return self->n_referrals;
}

/* --- Filters ----------------------------------------------------------------------------------------------------- */

static gboolean
logged_on_since (const RollDirectoryComputer *computer, const RollDirectoryFilter *filter, gint64 now)
{
  gint64 days = (gint64) filter->logged_on_days + ROLL_DIRECTORY_LOGON_LAG_DAYS;

  return computer->last_logon > 0 && computer->last_logon >= now - days * DAY;
}

static gboolean
has_text (const RollDirectoryComputer *computer, const char *folded)
{
  g_autofree char *system = NULL;

  if (!folded || folded[0] == '\0')
    return TRUE;
  system = g_utf8_casefold (computer->system, -1);
  return strstr (system, folded) != NULL;
}

/* FALSE: taken out. Counted is what passes each of them. */
static gboolean
passes (const RollDirectoryComputer *computer, const RollDirectoryFilter *filter, const char *folded, gint64 now,
        RollDirectoryCounts *counts)
{
  counts->n_found++;
  if (filter->enabled_only && computer->account == ROLL_DIRECTORY_ACCOUNT_DISABLED)
    return FALSE;
  counts->n_enabled++;
  if (filter->logged_on_days > 0 && !logged_on_since (computer, filter, now))
    {
      counts->n_never_logged_on += computer->last_logon == 0 ? 1 : 0;
      return FALSE;
    }
  counts->n_logged_on++;
  if (!has_text (computer, folded) || (filter->systems && !g_strv_contains (filter->systems, computer->system)))
    return FALSE;
  counts->n_system++;
  counts->n_nameless += computer->host ? 0 : 1;
  return computer->host != NULL;
}

GPtrArray *
roll_directory_computers_filter (RollDirectoryComputers *self, const RollDirectoryFilter *filter, gint64 now,
                                 RollDirectoryCounts *ret_counts)
{
  RollDirectoryCounts counts = { 0 };

  g_return_val_if_fail (self != NULL && filter != NULL, NULL);

  g_autofree char *folded = filter->system_text ? g_utf8_casefold (filter->system_text, -1) : NULL;
  GPtrArray *passed = g_ptr_array_new ();
  for (guint i = 0; i < self->all->len; i++)
    {
      RollDirectoryComputer *computer = &g_array_index (self->all, RollDirectoryComputer, i);

      if (passes (computer, filter, folded, now, &counts))
        g_ptr_array_add (passed, computer);
    }
  if (ret_counts)
    *ret_counts = counts;
  return passed;
}
