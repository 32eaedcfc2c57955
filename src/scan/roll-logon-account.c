/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-logon-account.h"

static void
refusal_clear (RollLogonRefusal *refusal)
{
  g_free (refusal->computer);
}

char *
roll_logon_account_domain (const RollCredential *credential)
{
  return g_utf8_casefold (credential->realm != NULL ? credential->realm : credential->domain, -1);
}

char *
roll_logon_account_key (const RollCredential *credential, const char *domain, const RollAddress *address)
{
  char text[ROLL_ADDRESS_STRLEN];
  g_autofree char *key = NULL;

  if (roll_credential_is_local (credential))
    key = g_strdup_printf (".\\%s\\%s", roll_address_format (address, text), credential->user);
  else
    key = g_strdup_printf ("%s\\%s", domain, credential->user);
  return g_utf8_casefold (key, -1);
}

RollLogonAccount *
roll_logon_account_new (const RollCredential *credential, const char *key)
{
  RollLogonAccount *self = g_new0 (RollLogonAccount, 1);

  self->key = g_strdup (key);
  self->local = roll_credential_is_local (credential);
  self->refusals = g_array_new (FALSE, FALSE, sizeof (RollLogonRefusal));
  g_array_set_clear_func (self->refusals, (GDestroyNotify) refusal_clear);
  self->known = g_array_new (FALSE, FALSE, sizeof (RollLogonKnown));
  return self;
}

void
roll_logon_account_free (RollLogonAccount *self)
{
  g_free (self->key);
  g_array_unref (self->refusals);
  g_array_unref (self->known);
  g_free (self->barred_by);
  g_free (self);
}

/* --- What happened
 * ----------------------------------------------------------------------------------------------- */

void
roll_logon_account_add_refusal (RollLogonAccount *self, RollCredential *credential, const char *computer, gint64 at)
{
  RollLogonRefusal refusal = { at, credential, g_strdup (computer) };

  g_array_append_val (self->refusals, refusal);
}

gboolean
roll_logon_account_forget_refusals (RollLogonAccount *self, const RollCredential *credential)
{
  guint before = self->refusals->len;

  for (guint i = before; i > 0; i--)
    if (g_array_index (self->refusals, RollLogonRefusal, i - 1).credential == credential)
      g_array_remove_index (self->refusals, i - 1);
  return self->refusals->len < before;
}

RollLogonKnown *
roll_logon_account_find_known (RollLogonAccount *self, const RollCredential *credential)
{
  for (guint i = 0; i < self->known->len; i++)
    {
      RollLogonKnown *known = &g_array_index (self->known, RollLogonKnown, i);

      if (known->credential == credential)
        return known;
    }
  return NULL;
}

RollLogonKnown *
roll_logon_account_add_known (RollLogonAccount *self, RollCredential *credential)
{
  RollLogonKnown *known = roll_logon_account_find_known (self, credential);

  if (known != NULL)
    return known;
  g_array_append_val (self->known, ((RollLogonKnown) { .credential = credential }));
  return &g_array_index (self->known, RollLogonKnown, self->known->len - 1);
}

void
roll_logon_account_forget_known (RollLogonAccount *self, RollLogonKnown *known)
{
  g_array_remove_index_fast (self->known, (guint) (known - (RollLogonKnown *) (gpointer) self->known->data));
}

void
roll_logon_account_bar (RollLogonAccount *self, RollLogonOutcome why, const char *computer, gint64 at)
{
  roll_logon_account_lift_bar (self);
  self->barred = why;
  self->barred_at = at;
  self->barred_by = g_strdup (computer);
}

void
roll_logon_account_lift_bar (RollLogonAccount *self)
{
  self->barred = ROLL_LOGON_UNKNOWN;
  self->n_barred = 0;
  g_clear_pointer (&self->barred_by, g_free);
}

static gint
compare_refusals (gconstpointer a, gconstpointer b)
{
  const RollLogonRefusal *left = a, *right = b;

  return (left->at > right->at) - (left->at < right->at);
}

static void
hand_over_refusals (RollLogonAccount *self, RollLogonAccount *other)
{
  for (guint i = 0; i < self->refusals->len; i++)
    {
      const RollLogonRefusal *refusal = &g_array_index (self->refusals, RollLogonRefusal, i);

      roll_logon_account_add_refusal (other, refusal->credential, refusal->computer, refusal->at);
    }
  g_array_set_size (self->refusals, 0);
  g_array_sort (other->refusals, compare_refusals);
}

void
roll_logon_account_unite (RollLogonAccount *self, RollLogonAccount *other)
{
  hand_over_refusals (self, other);
  g_array_append_vals (other->known, self->known->data, self->known->len);
  g_array_set_size (self->known, 0);
  other->n_uses += self->n_uses;
  other->n_trying += self->n_trying;
  other->trying_since = MAX (other->trying_since, self->trying_since);
  if (self->barred != ROLL_LOGON_UNKNOWN && other->barred == ROLL_LOGON_UNKNOWN)
    {
      roll_logon_account_bar (other, self->barred, self->barred_by, self->barred_at);
      other->n_barred = self->n_barred;
    }
  if (other->told == NULL)
    other->told = self->told;
  other->n_united++;
  self->united_with = other;
}

void
roll_logon_account_forget_old (RollLogonAccount *self, gint64 since)
{
  for (guint i = self->refusals->len; i > 0; i--)
    if (g_array_index (self->refusals, RollLogonRefusal, i - 1).at <= since)
      g_array_remove_index (self->refusals, i - 1);
  for (guint i = self->known->len; i > 0; i--)
    if (g_array_index (self->known, RollLogonKnown, i - 1).accepted_at <= since)
      g_array_remove_index_fast (self->known, i - 1);
  if (self->barred != ROLL_LOGON_UNKNOWN && self->barred_at <= since)
    roll_logon_account_lift_bar (self);
}

/* --- Resting
 * ----------------------------------------------------------------------------------------------------- */

gboolean
roll_logon_account_is_resting (RollLogonAccount *self, const RollCredential *credential, guint failures)
{
  if (self->barred != ROLL_LOGON_UNKNOWN)
    return TRUE;
  return self->refusals->len >= failures && roll_logon_account_find_known (self, credential) == NULL;
}

gint64
roll_logon_account_rests_since (RollLogonAccount *self)
{
  return self->barred != ROLL_LOGON_UNKNOWN ? self->barred_at : g_array_index (self->refusals, RollLogonRefusal, 0).at;
}

static const char *
reason_id (RollLogonOutcome outcome)
{
  switch (outcome)
    {
    case ROLL_LOGON_LOCKED:
      return "locked";
    case ROLL_LOGON_EXPIRED:
      return "expired";
    case ROLL_LOGON_NO_SUCH_ACCOUNT:
      return "unknown";
    case ROLL_LOGON_UNKNOWN:
    case ROLL_LOGON_ACCEPTED:
    case ROLL_LOGON_REFUSED:
    default:
      return "refused";
    }
}

RollLogonOutcome
roll_logon_reason_from_id (const char *id)
{
  for (RollLogonOutcome outcome = ROLL_LOGON_LOCKED; outcome <= ROLL_LOGON_NO_SUCH_ACCOUNT; outcome++)
    if (g_strcmp0 (reason_id (outcome), id) == 0)
      return outcome;
  return ROLL_LOGON_REFUSED;
}

char *
roll_logon_make_fact (const char *text)
{
  char *fact = g_strdup (text);

  for (char *p = fact; *p != '\0'; p++)
    if ((guchar) *p <= ' ' || *p == 0x7f || *p == ',')
      *p = '_';
  return fact;
}

void
roll_logon_account_describe_rest (RollLogonAccount *self, GString *text)
{
  gboolean barred = self->barred != ROLL_LOGON_UNKNOWN;
  guint n_refused = barred ? self->n_barred : self->refusals->len;

  if (n_refused > 0)
    g_string_append_printf (text, "refused=%u ", n_refused);
  if (barred)
    g_string_append_printf (text, "reason=%s by=%s", reason_id (self->barred), self->barred_by);
  for (guint i = 0; !barred && i < self->refusals->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "by=",
                            g_array_index (self->refusals, RollLogonRefusal, i).computer);
}
