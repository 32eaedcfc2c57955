/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-conversation-private.h"

/* What becomes of the class at hand. */
typedef enum
{
  CLASS_SETTLED,
  CLASS_PUT_OFF,   /* not for this account: maybe for the next one */
  CLASS_ABANDONED, /* and the whole attempt with it */
} ClassFate;

void
roll_namespace_free (RollNamespace *self)
{
  g_clear_pointer (&self->registry, roll_registry_free);
  g_clear_pointer (&self->wmi, roll_wmi_free);
  g_clear_error (&self->error);
  g_free (self);
}

/* --- Namespaces: logged in to when the first of their classes comes --------------------------------------------- */

static RollNamespace *
find_namespace (RollConversation *self, const char *name)
{
  for (guint i = 0; i < self->namespaces->len; i++)
    {
      RollNamespace *namespace_ = g_ptr_array_index (self->namespaces, i);

      if (g_ascii_strcasecmp (namespace_->name, name) == 0)
        return namespace_;
    }
  return NULL;
}

/* The contract has names for two logins: that of any other namespace is part of the query. */
static RollStep
login_step (const char *name)
{
  return g_ascii_strcasecmp (name, ROLL_NAMESPACE_DEFAULT) == 0 ? ROLL_STEP_LOGIN_DEFAULT : ROLL_STEP_QUERY;
}

static void
log_in (RollConversation *self, RollNamespace *namespace_)
{
  RollStep step = login_step (namespace_->name);

  roll_conversation_begin_step (self);
  roll_conversation_note (self, "namespace", namespace_->name);
  namespace_->wmi = roll_wmi_login (self->dcom, namespace_->name, &namespace_->error);
  if (namespace_->error != NULL)
    namespace_->failed_at = step;
  roll_conversation_record (self, step, namespace_->error);
}

static void
open_registry (RollConversation *self, RollNamespace *namespace_)
{
  roll_conversation_begin_step (self);
  roll_conversation_note (self, "class", "StdRegProv");
  namespace_->registry = roll_registry_new (namespace_->wmi, &namespace_->error);
  if (namespace_->error == NULL)
    return;
  namespace_->failed_at = ROLL_STEP_REGISTRY;
  roll_conversation_record (self, ROLL_STEP_REGISTRY, namespace_->error);
}

static RollNamespace *
get_namespace (RollConversation *self, const RollCollector *collector)
{
  RollNamespace *namespace_ = find_namespace (self, collector->namespace_);

  if (namespace_ == NULL)
    {
      namespace_ = g_new0 (RollNamespace, 1);
      namespace_->name = collector->namespace_;
      g_ptr_array_add (self->namespaces, namespace_);
      log_in (self, namespace_);
    }
  if (collector->kind != ROLL_COLLECTOR_QUERY && namespace_->error == NULL && namespace_->registry == NULL)
    open_registry (self, namespace_);
  return namespace_;
}

/* --- Results ---------------------------------------------------------------------------------------------------- */

static void
keep (RollConversation *self, RollClassResult *result)
{
  if (self->attempt->classes == NULL)
    self->attempt->classes = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_class_result_free);
  g_ptr_array_add (self->attempt->classes, result);
  roll_plan_take (self->plan, result);
}

static RollClassResult *
new_result (RollConversation *self, const RollCollector *collector, RollClassOutcome outcome)
{
  RollClassResult *result = roll_class_result_new (collector->id);

  result->outcome = outcome;
  result->started_at = self->begun_at;
  result->duration_us = g_get_monotonic_time () - self->begun;
  return result;
}

/* Classes that were read one after the other share a record: each has its own time in its result. */
static void
record_collected (RollConversation *self, RollStep step, guint n_rows)
{
  GArray *steps = self->attempt->steps;
  RollStepRecord *record = &g_array_index (steps, RollStepRecord, steps->len - 1);

  if (self->run_record == steps->len && record->step == step)
    record->duration_us += g_get_monotonic_time () - self->begun;
  else
    {
      roll_conversation_record (self, step, NULL);
      record = &g_array_index (steps, RollStepRecord, steps->len - 1);
      self->run_record = steps->len;
      self->run_classes = self->run_rows = 0;
    }
  self->run_classes++;
  self->run_rows += n_rows;
  g_free (record->detail);
  record->detail = g_strdup_printf ("classes=%u rows=%u", self->run_classes, self->run_rows);
}

static void
keep_rows (RollConversation *self, const RollCollector *collector, RollStep step, const RollRowSet *rows)
{
  RollClassResult *result = new_result (self, collector, ROLL_CLASS_COLLECTED);

  result->n_rows = roll_row_set_get_n_rows (rows);
  result->rows = roll_row_set_to_bytes (rows);
  if (self->plan->facts == NULL)
    self->plan->facts = roll_facts_new ();
  roll_collect_facts (collector, rows, self->plan->facts);
  record_collected (self, step, result->n_rows);
  keep (self, result);
}

static void
keep_failure (RollConversation *self, const RollCollector *collector, RollClassOutcome outcome,
              const RollFailure *failure)
{
  RollClassResult *result = new_result (self, collector, outcome);

  result->step = failure->step;
  result->error = failure->error;
  result->said_by = failure->said_by;
  keep (self, result);
}

/* A namespace that can't be had is in the way of all its classes, not only of the first. */
static void
abandon (RollConversation *self, const RollCollector *collector, const RollFailure *failure, gboolean whole_namespace)
{
  guint n_left = self->plan->n_left;

  for (guint n = 0, i = 0; i < n_left; i++)
    {
      const RollCollector *other = roll_plan_get (self->plan, n);

      if (other == collector || (whole_namespace && g_ascii_strcasecmp (other->namespace_, collector->namespace_) == 0))
        keep_failure (self, other, ROLL_CLASS_ABANDONED, failure);
      else
        n++;
    }
}

/* --- One class -------------------------------------------------------------------------------------------------- */

/* The computer does well, it is only this optional class that is in trouble there. */
static gboolean
is_own_trouble (const RollCollector *collector, RollVerdict verdict, const GError *error)
{
  return collector->optional && verdict.action == ROLL_ACTION_RETRY && verdict.status == ROLL_STATUS_OTHER_REASONS
         && g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_RESULT);
}

static ClassFate
take_failure (RollConversation *self, const RollCollector *collector, RollStep step, const GError *error,
              gboolean whole_namespace)
{
  RollFailure failure = roll_conversation_failure (step, error);
  RollVerdict verdict = roll_verdict (step, failure.error);

  if (is_own_trouble (collector, verdict, error))
    verdict.action = ROLL_ACTION_CLASS_RESULT;
  switch (verdict.action)
    {
    case ROLL_ACTION_CLASS_RESULT:
    case ROLL_ACTION_FINISH: /* the registry: the other classes are asked all the same */
      keep_failure (self, collector, ROLL_CLASS_FAILED, &failure);
      return CLASS_SETTLED;
    case ROLL_ACTION_NEXT_CREDENTIAL:
      self->put_off = failure;
      return CLASS_PUT_OFF;
    case ROLL_ACTION_RETRY:
    case ROLL_ACTION_OUR_FAULT:
    default:
      roll_conversation_judge (self, &failure, error);
      if (verdict.action == ROLL_ACTION_RETRY && !self->end->cancelled)
        abandon (self, collector, &failure, whole_namespace);
      return CLASS_ABANDONED;
    }
}

static ClassFate
collect (RollConversation *self, const RollCollector *collector)
{
  RollNamespace *namespace_ = get_namespace (self, collector);
  RollStep step = collector->kind == ROLL_COLLECTOR_QUERY ? ROLL_STEP_QUERY : ROLL_STEP_REGISTRY;
  g_autoptr (RollRowSet) rows = NULL;
  g_autoptr (GError) error = NULL;

  roll_conversation_begin_step (self);
  if (namespace_->error != NULL)
    return take_failure (self, collector, namespace_->failed_at, namespace_->error, TRUE);
  rows = namespace_->registry != NULL
             ? roll_collect_registry (namespace_->registry, collector, &self->room, &error)
             : roll_collect_query (namespace_->wmi, collector, &self->room, &error);
  if (rows != NULL)
    {
      keep_rows (self, collector, step, rows);
      return CLASS_SETTLED;
    }
  if (!roll_plan_is_absence (collector, roll_rpc_error_get_number (error)))
    {
      roll_conversation_note (self, "class", collector->id);
      roll_conversation_record (self, step, error);
    }
  return take_failure (self, collector, step, error, FALSE);
}

void
roll_conversation_take_inventory (RollConversation *self)
{
  guint n_put_off = 0;

  while (n_put_off < self->plan->n_left)
    {
      ClassFate fate = collect (self, roll_plan_get (self->plan, n_put_off));

      if (fate == CLASS_ABANDONED)
        return;
      if (fate == CLASS_PUT_OFF)
        n_put_off++;
      /* An unanswered ping is no trouble yet: the next question tells. */
      roll_dcom_ping (self->dcom, NULL);
    }
}

void
roll_conversation_settle_rest (RollConversation *self)
{
  roll_conversation_begin_step (self);
  while (self->plan->n_left > 0)
    keep_failure (self, roll_plan_get (self->plan, 0), ROLL_CLASS_FAILED, &self->put_off);
}
