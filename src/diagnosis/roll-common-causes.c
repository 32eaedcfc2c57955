/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-common-causes.h"

#include <glib/gi18n-lib.h>

#include "diagnosis/roll-grouping.h"

RollCommonCause *
roll_common_cause_ref (RollCommonCause *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
roll_common_cause_unref (RollCommonCause *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->class_name);
  g_free (self->sentence);
  g_free (self->from);
  g_clear_pointer (&self->members, g_array_unref);
  g_clear_pointer (&self->counter_examples, g_array_unref);
  g_free (self);
}

static const struct
{
  const char *id;
  const char *label; /* msgid */
} confidences[] = {
  [ROLL_CONFIDENCE_ALONE] = { "alone", N_ ("nothing to compare with") },
  [ROLL_CONFIDENCE_LIKELY] = { "likely", N_ ("likely") },
  [ROLL_CONFIDENCE_STRONG] = { "strong", N_ ("very likely") },
};

const char *
roll_confidence_id (RollConfidence confidence)
{
  g_return_val_if_fail ((guint) confidence < G_N_ELEMENTS (confidences), "");

  return confidences[confidence].id;
}

const char *
roll_confidence_label (RollConfidence confidence)
{
  g_return_val_if_fail ((guint) confidence < G_N_ELEMENTS (confidences), "");

  return _ (confidences[confidence].label);
}

/* A share that is there is never shown as nothing, one with a rest never as everything. */
static char *
percent_text (double share)
{
  if (share > 0 && share < 0.01)
    return g_strdup (_ ("<1 %"));
  if (share < 1 && share > 0.99)
    return g_strdup (_ (">99 %"));
  return g_strdup_printf (_ ("%.0f %%"), share * 100);
}

char *
roll_common_cause_describe_count (const RollCommonCause *self)
{
  guint n = self->members->len, n_among = n + self->counter_examples->len;
  g_autofree char *share = percent_text (self->share);
  g_autofree char *count = NULL;
  g_autofree char *elsewhere = NULL;

  if (self->rule->share == 0)
    return g_strdup_printf (ngettext ("%u computer", "%u computers", n), n);
  count = g_strdup_printf (ngettext ("%u of %u computer (%s)", "%u of %u computers (%s)", n_among), n, n_among, share);
  if (self->elsewhere < 0)
    return g_steal_pointer (&count);
  elsewhere = percent_text (self->elsewhere);
  return self->since > 0 ? g_strdup_printf (_ ("%s, before %s"), count, elsewhere)
                         : g_strdup_printf (_ ("%s, elsewhere %s"), count, elsewhere);
}

/* --- Sentences ------------------------------------------------------------------------------------------------ */

static void
replace (GString *text, const char *what, const char *with)
{
  if (with != NULL)
    g_string_replace (text, what, with, 0);
}

char *
roll_common_cause_fill (const RollCommonRules *rules, const RollCommonCause *group, const char *text, const char *name,
                        const char *from)
{
  GString *filled = g_string_new (text);

  replace (filled, "{where}", roll_common_rules_where (rules, group->stratum));
  replace (filled, "{name}", name);
  replace (filled, "{class}", group->class_name);
  replace (filled, "{from}", from);
  return g_string_free (filled, FALSE);
}

char *
roll_common_cause_make_sentence (const RollCommonRules *rules, const RollCommonCause *group, const char *name)
{
  gboolean alone = group->elsewhere < 0 && group->rule->lone_sentence != NULL;
  g_autofree char *sentence = roll_common_cause_fill (
      rules, group, alone ? group->rule->lone_sentence : group->rule->sentence, name, NULL);
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *clock = NULL;

  if (group->since == 0)
    return g_steal_pointer (&sentence);
  utc = g_date_time_new_from_unix_utc (group->since / G_USEC_PER_SEC);
  local = g_date_time_to_local (utc);
  clock = g_date_time_format (local, "%H:%M:%S");
  return g_strdup_printf (_ ("%s It worked until %s."), sentence, clock);
}

/* --- Finding -------------------------------------------------------------------------------------------------- */

GPtrArray *
roll_common_causes_find (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (RollSymptoms) symptoms = roll_symptoms_read (store, scan_id, cancellable, error);

  return symptoms != NULL ? roll_grouping_find (symptoms, roll_common_rules ()) : NULL;
}

typedef struct
{
  RollStore *store;
  gint64 scan_id;
  RollCommonCause *group; /* (nullable) */
  gboolean redacted;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->store);
  g_clear_pointer (&work->group, roll_common_cause_unref);
  g_free (work);
}

static GTask *
new_task (RollStore *store, gint64 scan_id, RollCommonCause *group, gboolean redacted, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->store = g_object_ref (store);
  work->scan_id = scan_id;
  work->group = group != NULL ? roll_common_cause_ref (group) : NULL;
  work->redacted = redacted;
  g_task_set_task_data (task, work, work_free);
  return task;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  GPtrArray *groups = roll_common_causes_find (work->store, work->scan_id, cancellable, &error);

  if (groups != NULL)
    g_task_return_pointer (task, groups, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
roll_common_causes_find_async (RollStore *store, gint64 scan_id, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = new_task (store, scan_id, NULL, FALSE, cancellable, callback, user_data);

  g_task_set_source_tag (task, roll_common_causes_find_async);
  g_task_run_in_thread (task, find_in_thread);
}

GPtrArray *
roll_common_causes_find_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, roll_common_causes_find_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  g_autoptr (RollRedactor) redactor = work->redacted ? roll_redactor_load (NULL, &error) : NULL;
  char *text = NULL;

  if (error == NULL)
    text = roll_common_cause_ticket (work->group, work->store, work->scan_id, redactor, &error);
  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, error);
}

void
roll_common_cause_ticket_async (RollCommonCause *self, RollStore *store, gint64 scan_id, gboolean redacted,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = new_task (store, scan_id, self, redacted, cancellable, callback, user_data);

  g_task_set_source_tag (task, roll_common_cause_ticket_async);
  g_task_run_in_thread (task, write_in_thread);
}

char *
roll_common_cause_ticket_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, roll_common_cause_ticket_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
