/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-diagnosis-private.h"

#include <string.h>

#include "diagnosis/roll-check-script.h"
#include "diagnosis/roll-ports.h"

static void
add_target (const RollComputer *computer, RollFactSet *facts)
{
  RollAddress address;

  if (roll_address_parse (computer->target, &address))
    roll_fact_set_word (facts, ROLL_FACT_TARGET, address.family == AF_INET6 ? "ipv6" : "ipv4");
  else
    roll_fact_set_word (facts, ROLL_FACT_TARGET, strchr (computer->target, '.') != NULL ? "fqdn" : "short-name");
  if (computer->address.family != AF_UNSPEC)
    roll_fact_set_word (facts, ROLL_FACT_ADDRESS, computer->address.family == AF_INET6 ? "ipv6" : "ipv4");
}

static void
add_end (const RollComputer *computer, RollFactSet *facts)
{
  g_autoptr (GDateTime) end = NULL;

  roll_fact_set_word (facts, ROLL_FACT_STEP, roll_step_id (computer->step));
  roll_fact_set_error (facts, ROLL_FACT_ERROR, computer->error);
  roll_fact_set_word (facts, ROLL_FACT_SAID_BY, roll_said_by_id (computer->said_by));
  roll_fact_set_number (facts, ROLL_FACT_ATTEMPTS, computer->attempts);
  if (computer->started_at <= 0)
    return;
  end = g_date_time_new_from_unix_local ((computer->started_at + computer->duration_us) / G_USEC_PER_SEC);
  if (end != NULL)
    roll_fact_set_number (facts, ROLL_FACT_HOUR, g_date_time_get_hour (end));
}

static void
add_build (const RollComputer *computer, RollFactSet *facts)
{
  guint64 build;

  if (computer->facts == NULL || computer->facts->os_build == NULL
      || !g_ascii_string_to_unsigned (computer->facts->os_build, 10, 1, G_MAXUINT32, &build, NULL))
    return;
  roll_fact_set_word (facts, ROLL_FACT_OS, "windows");
  roll_fact_set_number (facts, ROLL_FACT_OS_BUILD, (gint64) build);
}

static void
add_directory (const RollComputer *computer, RollFactSet *facts)
{
  const RollDirectoryFacts *directory = computer->directory;
  gint64 days;

  if (directory == NULL)
    return;
  days = roll_directory_facts_get_days (directory, computer->started_at + computer->duration_us);
  if (days >= 0)
    roll_fact_set_number (facts, ROLL_FACT_LAST_LOGON_DAYS, days);
  if (directory->account != ROLL_DIRECTORY_ACCOUNT_UNKNOWN)
    roll_fact_set_flag (facts, ROLL_FACT_DIRECTORY_ENABLED, directory->account == ROLL_DIRECTORY_ACCOUNT_ENABLED);
}

/* An answer about the class itself, good or bad: the conversation went well. */
static gboolean
was_answered (const RollClassResult *result)
{
  return result->outcome == ROLL_CLASS_COLLECTED
         || (result->outcome == ROLL_CLASS_FAILED
             && roll_verdict (result->step, result->error).action == ROLL_ACTION_CLASS_RESULT);
}

/* A class that is in trouble goes to the end of the plan: whether the next attempt fails at another one is telling. */
static void
add_classes (const RollComputer *computer, GPtrArray *classes, RollFactSet *facts)
{
  guint n_answered = 0, n_troubled = 0;

  for (guint i = 0; classes != NULL && i < classes->len; i++)
    {
      const RollClassResult *result = g_ptr_array_index (classes, i);

      if (result->earlier)
        continue;
      if (was_answered (result))
        n_answered++;
      else
        n_troubled++;
      roll_fact_set_error (facts, ROLL_FACT_ERROR, result->error);
    }
  if (n_answered + n_troubled == 0)
    return;
  roll_fact_set_flag (facts, ROLL_FACT_OTHER_CLASSES, n_answered > 0);
  if (n_troubled > 0 && computer->attempts > 1)
    roll_fact_set_flag (facts, ROLL_FACT_SAME_CLASS, n_troubled == 1);
}

/* What was found out before the computer was tested again says nothing of how it is now. */
static void
add_findings (const RollComputer *computer, GPtrArray *findings, RollFactSet *facts)
{
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const RollFinding *finding = g_ptr_array_index (findings, i);

      if (strcmp (finding->kind, ROLL_PORTS_FINDING) == 0 && finding->at >= computer->started_at)
        roll_ports_add_facts (finding->detail, facts);
    }
}

void
roll_diagnosis_gather (const RollComputer *computer, GPtrArray *attempts, GPtrArray *classes, GPtrArray *findings,
                       const RollSurroundings *surroundings, RollFactSet *facts)
{
  g_return_if_fail (computer != NULL && facts != NULL);

  add_target (computer, facts);
  add_end (computer, facts);
  add_build (computer, facts);
  add_directory (computer, facts);
  roll_diagnosis_add_steps (computer, attempts, facts);
  add_classes (computer, classes, facts);
  add_findings (computer, findings, facts);
  if (surroundings != NULL)
    roll_surroundings_add_facts (surroundings, computer, facts);
}

/* What was looked for on the target itself weighs more than what was seen from outside. */
static void
apply_check (GPtrArray *findings, GPtrArray *ranked)
{
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    {
      const RollFinding *finding = g_ptr_array_index (findings, i);

      if (strcmp (finding->kind, ROLL_CHECK_FINDING) == 0)
        roll_check_apply (finding->detail, ranked);
    }
}

RollDiagnosis *
roll_diagnosis_new (RollComputer *computer, GPtrArray *attempts, GPtrArray *classes, GPtrArray *findings,
                    const RollSurroundings *surroundings)
{
  RollDiagnosis *self;

  g_return_val_if_fail (computer != NULL, NULL);

  self = g_new0 (RollDiagnosis, 1);
  self->computer = roll_computer_ref (computer);
  self->facts = roll_fact_set_new ();
  roll_diagnosis_gather (computer, attempts, classes, findings, surroundings, self->facts);
  self->ranked = roll_causes_rank (computer->status, self->facts);
  apply_check (findings, self->ranked);
  return self;
}

void
roll_diagnosis_free (RollDiagnosis *self)
{
  if (self == NULL)
    return;
  roll_computer_unref (self->computer);
  roll_fact_set_free (self->facts);
  g_ptr_array_unref (self->ranked);
  g_free (self);
}

RollDiagnosis *
roll_diagnosis_load (RollStore *store, gint64 scan_id, RollComputer *computer, const RollSurroundings *surroundings,
                     GError **error)
{
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GPtrArray) classes = NULL;
  g_autoptr (GPtrArray) findings = NULL;

  g_return_val_if_fail (ROLL_IS_STORE (store) && computer != NULL, NULL);

  attempts = roll_store_get_attempts (store, scan_id, computer->ordinal, error);
  if (attempts != NULL)
    classes = roll_store_get_classes (store, scan_id, computer->ordinal, error);
  if (classes != NULL)
    findings = roll_store_get_findings (store, scan_id, computer->ordinal, error);
  return findings != NULL ? roll_diagnosis_new (computer, attempts, classes, findings, surroundings) : NULL;
}
