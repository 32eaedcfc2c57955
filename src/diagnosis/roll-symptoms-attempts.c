/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "diagnosis/roll-symptoms-private.h"

#define SKEW_MAX_US (5 * 60 * G_USEC_PER_SEC)

static RollSymptom *
row_at_hand (Reader *reader)
{
  return &g_array_index (reader->self->rows, RollSymptom, reader->at);
}

/* --- What a computer says of itself ---------------------------------------------------------------------------- */

static guint32
name_traits (const RollSymptom *row, const char *detail)
{
  g_autofree char *computer = roll_detail_get (detail, "computer");
  g_autofree char *asked = computer != NULL ? roll_detail_get (detail, "differs-from") : NULL;

  if (computer == NULL || (row->traits & ROLL_TRAIT_BY_NAME) == 0)
    return 0;
  return asked != NULL ? ROLL_TRAIT_NAME_DIFFERS : ROLL_TRAIT_NAME_AGREES;
}

static guint32
clock_traits (const RollStepRecord *record)
{
  g_autofree char *text = roll_detail_get (record->detail, "clock");
  g_autoptr (GDateTime) clock = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  gint64 skew;

  if (clock == NULL)
    return 0;
  skew = g_date_time_to_unix (clock) * G_USEC_PER_SEC - record->started_at;
  return skew > SKEW_MAX_US || skew < -SKEW_MAX_US ? ROLL_TRAIT_CLOCK_DIFFERS : ROLL_TRAIT_CLOCK_AGREES;
}

/* The first that it gave no answer for. */
static void
note_class (Reader *reader, RollSymptom *row, const RollStepRecord *record)
{
  g_autofree char *class_name = NULL;

  if (record->error.space == ROLL_ERROR_SPACE_NONE || row->strata[ROLL_SHARED_CLASS] != 0
      || roll_verdict (record->step, record->error).status != ROLL_STATUS_WMI_QUERY_TIMEOUT)
    return;
  class_name = roll_detail_get (record->detail, "class");
  if (class_name == NULL)
    return;
  row->strata[ROLL_SHARED_CLASS] = roll_symptoms_number (reader->self, ROLL_SHARED_CLASS, class_name);
  row->traits |= ROLL_TRAIT_CLASS_HUNG;
}

/* --- Accounts ------------------------------------------------------------------------------------------------- */

static RollTry *
find_try (Reader *reader, guint32 account)
{
  RollTry fresh = { .account = account };

  for (guint i = 0; i < reader->tries->len; i++)
    if (g_array_index (reader->tries, RollTry, i).account == account)
      {
        /* The one at hand is the last one. */
        fresh = g_array_index (reader->tries, RollTry, i);
        g_array_remove_index (reader->tries, i);
        break;
      }
  g_array_append_val (reader->tries, fresh);
  return &g_array_index (reader->tries, RollTry, reader->tries->len - 1);
}

static guint32
account_traits (const char *detail)
{
  g_autofree char *kind = roll_detail_get (detail, "account");
  g_autofree char *protocol = roll_detail_get (detail, "protocol");
  guint32 traits = 0;

  if (g_strcmp0 (kind, "local") == 0)
    traits |= ROLL_TRAIT_LOCAL_ACCOUNT;
  else if (g_strcmp0 (kind, "domain") == 0)
    traits |= ROLL_TRAIT_DOMAIN_ACCOUNT;
  if (g_strcmp0 (protocol, "ntlm") == 0)
    traits |= ROLL_TRAIT_NTLM;
  else if (g_strcmp0 (protocol, "kerberos") == 0)
    traits |= ROLL_TRAIT_KERBEROS;
  return traits;
}

static void
begin_try (Reader *reader, const RollStepRecord *record)
{
  g_autofree char *credential = roll_detail_get (record->detail, "credential");
  RollTry *attempt;

  if (credential == NULL)
    return;
  attempt = find_try (reader, roll_symptoms_account (reader->self, credential));
  attempt->traits = account_traits (record->detail);
  attempt->refused_at = ROLL_STEP_NONE;
  attempt->error = ROLL_ERROR_NUMBER_NONE;
  attempt->at = record->started_at;
}

static void
note_refusal (Reader *reader, const RollStepRecord *record)
{
  RollTry *attempt;

  if (record->error.space == ROLL_ERROR_SPACE_NONE || reader->tries->len == 0
      || roll_verdict (record->step, record->error).action != ROLL_ACTION_NEXT_CREDENTIAL)
    return;
  attempt = &g_array_index (reader->tries, RollTry, reader->tries->len - 1);
  attempt->refused_at = record->step;
  attempt->error = record->error;
}

static void
set_account (RollSymptom *row, const RollTry *attempt)
{
  row->strata[ROLL_SHARED_ACCOUNT] = attempt->account;
  row->strata[ROLL_SHARED_ACCOUNT_KIND] = attempt->traits & ROLL_TRAIT_LOCAL_ACCOUNT    ? 1
                                           : attempt->traits & ROLL_TRAIT_DOMAIN_ACCOUNT ? 2
                                                                                         : 0;
  row->strata[ROLL_SHARED_PROTOCOL] = attempt->traits & ROLL_TRAIT_NTLM       ? 1
                                       : attempt->traits & ROLL_TRAIT_KERBEROS ? 2
                                                                               : 0;
  row->traits |= attempt->traits;
}

/* The account that decided how the computer ended; or the last one. */
static guint
find_deciding (Reader *reader)
{
  RollErrorNumber error = g_array_index (reader->errors, RollErrorNumber, reader->at);
  guint8 step = row_at_hand (reader)->step;

  for (guint i = reader->tries->len; i-- > 0;)
    {
      const RollTry *attempt = &g_array_index (reader->tries, RollTry, i);

      if (attempt->refused_at != ROLL_STEP_NONE && attempt->refused_at == step && attempt->error.space == error.space
          && attempt->error.number == error.number)
        return i;
    }
  return reader->tries->len - 1;
}

static guint8
denied_position (void)
{
  guint n;
  const RollStatusInfo *results = roll_status_results (&n);

  for (guint i = 0; i < n; i++)
    if (results[i].status == ROLL_STATUS_ACCESS_DENIED)
      return (guint8) i;
  g_assert_not_reached ();
}

static void
add_further (Reader *reader, const RollTry *attempt)
{
  RollSymptom row = *row_at_hand (reader);

  row.traits &= ~(guint32) (ROLL_TRAIT_LOCAL_ACCOUNT | ROLL_TRAIT_DOMAIN_ACCOUNT | ROLL_TRAIT_NTLM | ROLL_TRAIT_KERBEROS);
  row.further = TRUE;
  row.status = denied_position ();
  row.step = (guint8) attempt->refused_at;
  set_account (&row, attempt);
  roll_symptoms_set_time (reader->self, &row, attempt->at);
  g_array_append_val (reader->self->rows, row);
}

void
roll_symptoms_end_computer (Reader *reader)
{
  guint deciding;

  if (reader->tries->len == 0)
    return;
  deciding = find_deciding (reader);
  set_account (row_at_hand (reader), &g_array_index (reader->tries, RollTry, deciding));
  for (guint i = 0; i < reader->tries->len; i++)
    if (i != deciding && g_array_index (reader->tries, RollTry, i).refused_at != ROLL_STEP_NONE)
      add_further (reader, &g_array_index (reader->tries, RollTry, i));
  g_array_set_size (reader->tries, 0);
}

/* --- Attempts ------------------------------------------------------------------------------------------------- */

/* Attempts come by ordinal, as the rows lie. */
static gboolean
find_row (Reader *reader, guint32 ordinal)
{
  if (reader->at < reader->n_primary && row_at_hand (reader)->ordinal == ordinal)
    return TRUE;
  roll_symptoms_end_computer (reader);
  reader->timed = FALSE;
  while (reader->at < reader->n_primary && row_at_hand (reader)->ordinal < ordinal)
    reader->at++;
  return reader->at < reader->n_primary && row_at_hand (reader)->ordinal == ordinal;
}

static void
take_step (Reader *reader, const RollStepRecord *record)
{
  RollSymptom *row = row_at_hand (reader);

  if (record->step == ROLL_STEP_NEGOTIATE || record->step == ROLL_STEP_AUTHENTICATE)
    {
      row->traits |= name_traits (row, record->detail);
      row->traits |= clock_traits (record);
    }
  if (record->step == ROLL_STEP_AUTHENTICATE)
    begin_try (reader, record);
  if (record->step >= ROLL_STEP_AUTHENTICATE)
    note_refusal (reader, record);
  if (record->step >= ROLL_STEP_QUERY)
    note_class (reader, row, record);
}

/* When it failed for the first time as it did in the end, not when the last attempt was over. */
static void
note_time (Reader *reader, const RollStepRecord *record)
{
  RollSymptom *row = row_at_hand (reader);
  guint n;
  const RollStatusInfo *results = roll_status_results (&n);

  if (reader->timed || record->error.space == ROLL_ERROR_SPACE_NONE
      || roll_verdict (record->step, record->error).status != results[row->status].status)
    return;
  roll_symptoms_set_time (reader->self, row, record->started_at + record->duration_us);
  reader->timed = TRUE;
}

gboolean
roll_symptoms_take_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  Reader *reader = user_data;

  if (!find_row (reader, computer->ordinal))
    return reader->at < reader->n_primary; /* not done yet, or the last one was */
  for (guint i = 0; i < attempt->steps->len; i++)
    {
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i);

      take_step (reader, record);
      note_time (reader, record);
    }
  return !g_cancellable_is_cancelled (reader->cancellable);
}
