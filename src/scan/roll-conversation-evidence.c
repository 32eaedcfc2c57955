/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-conversation-private.h"

#include <string.h>

/* 1601-01-01 to 1970-01-01 */
#define FILETIME_EPOCH_S G_GINT64_CONSTANT (11644473600)
#define FILETIME_PER_S 10000000u

void
roll_conversation_begin_step (RollConversation *self)
{
  g_ptr_array_set_size (self->notes, 0);
  self->begun = g_get_monotonic_time ();
  self->begun_at = g_get_real_time ();
}

/* Facts are separated by blanks. */
static void
replace_blanks (char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text <= ' ' || *text == 0x7f)
      *text = '_';
}

void
roll_conversation_note (RollConversation *self, const char *key, const char *value)
{
  char *fact;

  if (value == NULL || *value == '\0')
    return;
  fact = g_strconcat (key, "=", value, NULL);
  replace_blanks (fact);
  g_ptr_array_add (self->notes, fact);
}

void
roll_conversation_note_facts (RollConversation *self, char *facts)
{
  g_ptr_array_add (self->notes, facts);
}

static char *
take_notes (RollConversation *self)
{
  char *detail = NULL;

  if (self->notes->len > 0)
    {
      g_ptr_array_add (self->notes, NULL);
      detail = g_strjoinv (" ", (char **) self->notes->pdata);
    }
  g_ptr_array_set_size (self->notes, 0);
  return detail;
}

/* --- Who is there, as NTLM's challenge says --------------------------------------------------------------------- */

static gboolean
begins_with_label (const char *name, const char *label, gsize length)
{
  return name != NULL && g_ascii_strncasecmp (name, label, length) == 0 && (name[length] == '\0' || name[length] == '.');
}

/* NetBIOS names end after 15 characters. */
#define NETBIOS_NAME_MAX 15

static gboolean
is_as_asked (const RollNtlmChallenge *challenge, const char *target)
{
  RollAddress address;
  gsize length = strcspn (target, ".");

  return roll_address_parse (target, &address) || begins_with_label (challenge->dns_computer, target, length)
         || begins_with_label (challenge->nb_computer, target, MIN (length, NETBIOS_NAME_MAX));
}

static void
note_clock (RollConversation *self, guint64 filetime)
{
  g_autoptr (GDateTime) clock = g_date_time_new_from_unix_utc ((gint64) (filetime / FILETIME_PER_S) - FILETIME_EPOCH_S);
  g_autofree char *text = clock != NULL ? g_date_time_format (clock, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  roll_conversation_note (self, "clock", text);
}

/* Until the inventory says it, if it ever does. */
static void
set_first_facts (RollPlan *plan, const RollNtlmChallenge *challenge, const char *build)
{
  const char *domain = challenge->dns_domain != NULL ? challenge->dns_domain : challenge->nb_domain;

  if (plan->facts == NULL)
    plan->facts = roll_facts_new ();
  if (plan->facts->computer_name == NULL && challenge->nb_computer != NULL)
    roll_facts_set (plan->facts, "computer-name", challenge->nb_computer);
  if (plan->facts->domain == NULL && domain != NULL)
    roll_facts_set (plan->facts, "domain", domain);
  if (plan->facts->os_build == NULL && *build != '\0')
    roll_facts_set (plan->facts, "os-build", build);
}

void
roll_conversation_note_computer (RollConversation *self)
{
  const RollNtlmChallenge *challenge = roll_dcom_get_challenge (self->dcom);
  g_autofree char *build = NULL;

  if (challenge == NULL || self->introduced)
    return;
  self->introduced = TRUE;
  build = challenge->has_version ? g_strdup_printf ("%u", challenge->build) : g_strdup ("");
  roll_conversation_note (self, "computer", challenge->nb_computer);
  roll_conversation_note (self, "dns", challenge->dns_computer);
  roll_conversation_note (self, "domain", challenge->dns_domain != NULL ? challenge->dns_domain : challenge->nb_domain);
  roll_conversation_note (self, "build", build);
  if (challenge->has_timestamp)
    note_clock (self, challenge->timestamp);
  if (!is_as_asked (challenge, self->options->target))
    roll_conversation_note (self, "differs-from", self->options->target);
  set_first_facts (self->plan, challenge, build);
}

/* Names and addresses it calls itself by, its other network cards among them. Never connected to. */
#define NAMES_MAX 8

void
roll_conversation_note_names (RollConversation *self)
{
  const RollDualStrings *names = roll_dcom_get_names (self->dcom);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < names->strings->len && i < NAMES_MAX; i++)
    {
      const RollStringBinding *binding = &g_array_index (names->strings, RollStringBinding, i);

      g_string_append_printf (list, "%s%s", i > 0 ? "," : "", binding->address);
    }
  roll_conversation_note (self, "names", list->str);
}

/* --- Records ---------------------------------------------------------------------------------------------------- */

char *
roll_conversation_format_peer (const RollAddress *address, guint16 port)
{
  char text[ROLL_ADDRESS_STRLEN];

  return g_strdup_printf (address->family == AF_INET6 ? "[%s]:%u" : "%s:%u", roll_address_format (address, text), port);
}

static char *
format_peer (RollConversation *self, RollStep step)
{
  guint16 port = step >= ROLL_STEP_CONNECT_OBJECT ? roll_dcom_get_object_port (self->dcom) : self->options->port;

  return roll_conversation_format_peer (&self->options->address, port);
}

RollFailure
roll_conversation_failure (RollStep step, const GError *error)
{
  RollFailure failure = { .step = step };

  if (error == NULL)
    return failure;
  failure.error = roll_rpc_error_get_number (error);
  failure.said_by = roll_rpc_error_get_said_by (error);
  return failure;
}

static void
tell_last_step (RollConversation *self)
{
  if (self->options->step != NULL)
    self->options->step (self->attempt, self->attempt->steps->len - 1, self->options->user_data);
}

void
roll_conversation_record (RollConversation *self, RollStep step, const GError *error)
{
  RollStepRecord *record = roll_attempt_add_step (self->attempt, step);
  RollFailure failure = roll_conversation_failure (step, error);

  record->started_at = self->begun_at;
  record->duration_us = g_get_monotonic_time () - self->begun;
  record->error = failure.error;
  record->said_by = failure.said_by;
  record->peer = format_peer (self, step);
  record->detail = take_notes (self);
  tell_last_step (self);
}

/* Of several refusals the one that got furthest says most: a right password without rights is not a wrong password. */
static void
keep_refusal (RollConversation *self, const RollFailure *failure, RollVerdict verdict)
{
  if (failure->step < self->end->failure.step)
    return;
  self->end->failure = *failure;
  self->end->verdict = (RollVerdict) { verdict.status, ROLL_ACTION_FINISH };
}

void
roll_conversation_judge (RollConversation *self, const RollFailure *failure, const GError *error)
{
  RollVerdict verdict = roll_verdict (failure->step, failure->error);

  if (g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_CANCELLED))
    {
      self->end->cancelled = self->over = TRUE;
      return;
    }
  if (verdict.action == ROLL_ACTION_NEXT_CREDENTIAL)
    {
      keep_refusal (self, failure, verdict);
      return;
    }
  self->end->failure = *failure;
  self->end->verdict = verdict;
  self->over = TRUE;
}

/* The first call fails in place of the logon, which has no answer; but for being too busy, it is the call that was not taken. */
static gboolean
is_late_refusal (RollStep step, const GError *error)
{
  RollStep logon = step == ROLL_STEP_ACTIVATE ? ROLL_STEP_AUTHENTICATE : ROLL_STEP_AUTHENTICATE_OBJECT;

  return (step == ROLL_STEP_ACTIVATE || step == ROLL_STEP_LOGIN_CIMV2)
         && g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_REFUSED)
         && roll_verdict (logon, roll_rpc_error_get_number (error)).action == ROLL_ACTION_NEXT_CREDENTIAL;
}

static gboolean
blame_logon (RollConversation *self, RollStep *inout_step, const GError *error)
{
  GArray *steps = self->attempt->steps;
  RollStepRecord *record;

  if (!is_late_refusal (*inout_step, error))
    return FALSE;
  g_assert (steps->len > 0);
  record = &g_array_index (steps, RollStepRecord, steps->len - 1);
  *inout_step = record->step;
  record->duration_us += g_get_monotonic_time () - self->begun;
  record->error = roll_rpc_error_get_number (error);
  record->said_by = roll_rpc_error_get_said_by (error);
  tell_last_step (self);
  return TRUE;
}

gboolean
roll_conversation_end_step (RollConversation *self, RollStep step, GError *error)
{
  RollFailure failure;

  if (!blame_logon (self, &step, error))
    roll_conversation_record (self, step, error);
  if (error == NULL)
    return TRUE;
  self->last = failure = roll_conversation_failure (step, error);
  roll_conversation_judge (self, &failure, error);
  g_error_free (error);
  return FALSE;
}
