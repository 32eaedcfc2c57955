/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "diagnosis/roll-grouping.h"

/* A list any longer is read by nobody; the CSV has them all. */
#define LISTED_MAX 2000

typedef struct
{
  const GArray *wanted; /* (element-type guint): ordinals, ascending */
  guint at;
  GString *text;
  RollRedactor *redactor; /* (nullable) */
  gint64 first, last;   /* when they were asked */
} Listing;

/* "2031-01-17 10:45", local time with its offset */
static char *
time_text (gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M %Z") : g_strdup ("?");
}

/* (transfer full): @text, or a token in its place */
static char *
hide (RollRedactor *redactor, RollPrivacy privacy, const char *text)
{
  return redactor != NULL ? roll_redactor_apply (redactor, privacy, text, NULL) : g_strdup (text);
}

static void
append_computer (Listing *listing, const RollComputer *computer)
{
  char buffer[ROLL_ADDRESS_STRLEN];
  g_autofree char *name = hide (listing->redactor, ROLL_PRIVATE_NAME, computer->target);
  g_autofree char *address
      = hide (listing->redactor, ROLL_PRIVATE_ADDRESS, roll_address_format (&computer->address, buffer));
  g_autofree char *error = roll_error_format (computer->error);

  g_string_append_printf (listing->text, "  %-40s %-15s  %s%s%s\n", name, address,
                          roll_status_label (computer->status), *error != '\0' ? ", " : "", error);
}

static gboolean
take_computer (RollComputer *computer, gpointer user_data)
{
  Listing *listing = user_data;
  gint64 end = computer->started_at + computer->duration_us;

  if (computer->ordinal != g_array_index (listing->wanted, guint, listing->at))
    return TRUE;
  if (listing->at < LISTED_MAX)
    append_computer (listing, computer);
  listing->first = listing->first == 0 ? computer->started_at : MIN (listing->first, computer->started_at);
  listing->last = MAX (listing->last, end);
  return ++listing->at < listing->wanted->len;
}

/* Appends the computers of @ordinals to @text. */
static gboolean
list_computers (RollStore *store, gint64 scan_id, const GArray *ordinals, Listing *listing, GError **error)
{
  listing->wanted = ordinals;
  listing->at = 0;
  if (ordinals->len == 0)
    return TRUE;
  if (!roll_store_foreach_computer (store, scan_id, g_array_index (ordinals, guint, 0), take_computer, listing, error))
    return FALSE;
  if (ordinals->len > LISTED_MAX)
    {
      guint n = ordinals->len - LISTED_MAX;

      g_string_append_printf (listing->text, ngettext ("  … and %u more\n", "  … and %u more\n", n), n);
    }
  return TRUE;
}

static void
append_line (GString *text, const char *label, const char *value)
{
  if (value != NULL)
    g_string_append_printf (text, "%s %s\n", label, value);
}

static char *
hide_name (const RollCommonCause *self, RollRedactor *redactor)
{
  switch (self->stratum)
    {
    case ROLL_SHARED_SUBNET:
      return redactor != NULL ? roll_redactor_network (redactor, self->name) : g_strdup (self->name);
    case ROLL_SHARED_SUFFIX:
    case ROLL_SHARED_DOMAIN:
      return hide (redactor, ROLL_PRIVATE_DOMAIN, self->name);
    case ROLL_SHARED_OU:
      return hide (redactor, ROLL_PRIVATE_OU, self->name);
    case ROLL_SHARED_ACCOUNT:
      return hide (redactor, ROLL_PRIVATE_ACCOUNT, self->name);
    case ROLL_SHARED_SCAN:
    case ROLL_SHARED_BUILD:
    case ROLL_SHARED_ACCOUNT_KIND:
    case ROLL_SHARED_PROTOCOL:
    case ROLL_SHARED_NETWORK:
    case ROLL_SHARED_MOMENT:
    case ROLL_SHARED_MINUTE:
    case ROLL_SHARED_CLASS:
    default:
      return g_strdup (self->name);
    }
}

char *
roll_common_cause_redact_sentence (const RollCommonCause *self, RollRedactor *redactor)
{
  g_autofree char *name = hide_name (self, redactor);

  return roll_common_cause_make_sentence (roll_common_rules (), self, name);
}

static char *
time_span (const Listing *listing)
{
  g_autofree char *first = time_text (listing->first);
  g_autofree char *last = time_text (listing->last);

  return g_strcmp0 (first, last) == 0 ? g_steal_pointer (&first) : g_strdup_printf (_ ("%s to %s"), first, last);
}

static void
append_head (GString *text, const RollCommonCause *self, const Listing *members, RollRedactor *redactor)
{
  const RollCommonRules *rules = roll_common_rules ();
  g_autofree char *name = hide_name (self, redactor);
  const char *from = redactor != NULL || self->from == NULL ? _ ("the inventory computer") : self->from;
  g_autofree char *where = roll_common_cause_fill (rules, self, "{where}", name, NULL);
  g_autofree char *sentence = roll_common_cause_make_sentence (rules, self, name);
  g_autofree char *ask = roll_common_cause_fill (rules, self, self->rule->ask, name, from);
  g_autofree char *count = roll_common_cause_describe_count (self);
  g_autofree char *span = time_span (members);

  append_line (text, _ ("To:"), self->rule->team->label);
  g_string_append_printf (text, _ ("Subject: %s (%s)"), self->rule->title, where);
  g_string_append_printf (text, "\n\n%s\n\n", sentence);
  append_line (text, _ ("What we ask for:"), ask);
  g_string_append_c (text, '\n');
  append_line (text, _ ("Seen on:"), count);
  append_line (text, _ ("Seen from:"), from);
  append_line (text, _ ("When:"), span);
  append_line (text, _ ("Ports:"), self->rule->ports);
}

char *
roll_common_cause_ticket (const RollCommonCause *self, RollStore *store, gint64 scan_id, RollRedactor *redactor,
                          GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) computers = g_string_new (NULL);
  g_autoptr (GString) well = g_string_new (NULL);
  Listing members = { .text = computers, .redactor = redactor };
  Listing others = { .text = well, .redactor = redactor };

  g_return_val_if_fail (self != NULL, NULL);

  if (!list_computers (store, scan_id, self->members, &members, error)
      || !list_computers (store, scan_id, self->counter_examples, &others, error))
    return NULL;
  append_head (text, self, &members, redactor);
  g_string_append_printf (text, "\n%s\n%s", _ ("The computers:"), computers->str);
  if (well->len > 0)
    g_string_append_printf (text, "\n%s\n%s", _ ("In the same place, but not affected:"), well->str);
  g_string_append_printf (text, "\n%s\n", _ ("Made by Rollcall. It only read what these computers and the network answered."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
