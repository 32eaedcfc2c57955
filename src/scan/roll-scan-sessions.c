/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include "scan/roll-scan-private.h"
#include "scan/roll-sieve-private.h"
#include "wmi/roll-logon.h"

/* While this machine is short of something, a computer waits so long for its turn, longer each time, and so often. */
#define SETBACK_US G_USEC_PER_SEC
#define SETBACKS_MAX 8
/* A computer that has to wait for an account is asked again so soon. */
#define PUT_BACK_US (2 * G_USEC_PER_SEC)
/* How many connects back the share of those that opened is taken. */
#define REMEMBERED 512.0

/* A computer whose session is over and that is to be asked again. */
typedef struct
{
  guint32 ordinal;
  guint attempts;
  gint64 started_at;
  gboolean for_account;
  gint64 pause_us; /* asked again under the same number; 0: under the next one, after the retry delay */
} Returned;

GArray *
roll_scan_sessions_new_returned (void)
{
  return g_array_new (FALSE, FALSE, sizeof (Returned));
}

/* --- Plans of computers that wait ------------------------------------------------------------------------------- */

void
roll_scan_sessions_keep_plan (RollScan *self, guint32 ordinal, RollPlan *plan)
{
  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->plans, GUINT_TO_POINTER (ordinal), plan);
  g_mutex_unlock (&self->lock);
}

RollPlan *
roll_scan_sessions_take_plan (RollScan *self, guint32 ordinal)
{
  gpointer plan = NULL;

  g_mutex_lock (&self->lock);
  g_hash_table_steal_extended (self->plans, GUINT_TO_POINTER (ordinal), NULL, &plan);
  g_mutex_unlock (&self->lock);
  return plan;
}

static RollPlan *
new_plan (RollScan *self)
{
  return roll_plan_new ((const char *const *) self->options->skipped);
}

/* What an earlier run stored is read when it is needed: there may be many such computers. */
static gboolean
read_plan (RollScan *self, RollSession *session)
{
  g_autoptr (GPtrArray) results = roll_store_get_classes (self->store, self->info->id, session->computer->ordinal, NULL);
  g_autoptr (RollPlan) plan = NULL;

  if (results == NULL)
    return FALSE;
  plan = new_plan (self);
  roll_plan_restore (plan, results);
  plan->facts = g_steal_pointer (&session->plan->facts);
  plan->credential = g_steal_pointer (&session->plan->credential);
  roll_plan_free (session->plan);
  session->plan = g_steal_pointer (&plan);
  return TRUE;
}

static gboolean
on_prepare (RollSession *session, gpointer user_data)
{
  if (session->plan == NULL)
    session->plan = new_plan (user_data);
  if (!session->plan->stored || read_plan (user_data, session))
    return TRUE;
  session->end.verdict.action = ROLL_ACTION_OUR_FAULT;
  return FALSE;
}

/* --- Back from the pool, on one of its threads ------------------------------------------------------------------ */

/* Its plan goes first: the computer may be asked again at once. */
static void
give_back (RollScan *self, RollSession *session, gint64 pause_us)
{
  Returned returned = {
    .ordinal = session->computer->ordinal,
    .attempts = session->computer->attempts,
    .started_at = session->computer->started_at,
    .for_account = session->end.put_back,
    .pause_us = pause_us,
  };

  roll_scan_sessions_keep_plan (self, returned.ordinal, g_steal_pointer (&session->plan));
  g_mutex_lock (&self->lock);
  g_array_append_val (self->returned, returned);
  g_atomic_int_inc (&self->n_returned);
  g_mutex_unlock (&self->lock);
}

static void
tell_trouble (RollScan *self, const RollFailure *failure)
{
  const char *kind = failure == NULL || failure->error.space != ROLL_ERROR_SPACE_ERRNO
                         ? NULL
                         : roll_sieve_trouble_kind ((int) failure->error.number);
  const char *before;

  g_mutex_lock (&self->lock);
  before = self->trouble;
  self->trouble = kind;
  g_mutex_unlock (&self->lock);
  if (before != NULL && before != kind)
    {
      g_autofree char *over = g_strconcat (before, "-over", NULL);

      roll_scan_on_event (over, "", self);
    }
  if (kind != NULL && before != kind)
    {
      g_autofree char *detail = g_strdup_printf ("errno=%s", roll_error_symbol (failure->error));

      roll_scan_on_event (kind, detail, self);
    }
}

/* Nothing that the computer could be charged with. What it told before has to be stored, though. */
static gboolean
is_our_fault (const RollSession *session)
{
  return session->end.verdict.action == ROLL_ACTION_OUR_FAULT && session->attempt->classes == NULL;
}

static void
take_setback (RollScan *self, RollSession *session)
{
  tell_trouble (self, &session->end.failure);
  if (++session->plan->setbacks <= SETBACKS_MAX)
    {
      give_back (self, session, SETBACK_US * session->plan->setbacks);
      return;
    }
  g_atomic_int_inc (&self->n_not_asked);
  roll_scan_settle (self, g_steal_pointer (&session->computer), g_steal_pointer (&session->attempt), session->plan,
                    ROLL_STATUS_NOT_STARTED, &session->end.failure);
}

static void
take_outcome (RollScan *self, RollSession *session)
{
  RollVerdict verdict = session->end.verdict;
  RollStatus status;

  if (verdict.action == ROLL_ACTION_OUR_FAULT)
    verdict = (RollVerdict) { ROLL_STATUS_OTHER_REASONS, ROLL_ACTION_RETRY };
  else
    tell_trouble (self, NULL);
  session->plan->setbacks = 0;
  status = roll_scan_judge (self, session->attempt->number, session->plan, verdict);
  roll_scan_settle (self, roll_computer_ref (session->computer), g_steal_pointer (&session->attempt), session->plan,
                    status, &session->end.failure);
  if (status == ROLL_STATUS_WAITING_FOR_RETRY)
    give_back (self, session, 0);
}

/* The sieve may not be known yet: it is woken once more when it is. */
static void
wake_sieve (RollScan *self)
{
  RollSieve *sieve;

  g_mutex_lock (&self->lock);
  sieve = self->sieve;
  g_mutex_unlock (&self->lock);
  if (sieve != NULL)
    roll_sieve_wake (sieve);
}

static void
on_done (RollSession *session, gpointer user_data)
{
  RollScan *self = user_data;

  if (!session->end.cancelled && !session->end.put_back)
    roll_scan_tracker_note_session (self->tracker, g_get_monotonic_time () - session->begun);
  if (session->end.cancelled)
    roll_scan_settle (self, g_steal_pointer (&session->computer), g_steal_pointer (&session->attempt), session->plan,
                      ROLL_STATUS_STOPPED, &(RollFailure) { ROLL_STEP_NONE });
  else if (session->end.put_back && session->attempt->classes == NULL)
    give_back (self, session, PUT_BACK_US);
  else if (is_our_fault (session))
    take_setback (self, session);
  else
    take_outcome (self, session);
  roll_session_free (session);
  /* In this order: who sees that there is no session any more sees as well what they gave back. */
  g_atomic_int_add (&self->n_in_flight, -1);
  g_atomic_int_add (&self->n_sessions, -1);
  wake_sieve (self);
}

/* --- On the sieve's thread: no more connects than will find a session soon, as far as the last ones tell --------------------------------------------------------------------------------------- */

void
roll_scan_sessions_take_back (RollScan *self)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  if (self->returned->len > 0)
    g_atomic_int_or (&self->may_follow, ROLL_SCAN_ALL_KINDS);
  for (guint i = 0; i < self->returned->len; i++)
    {
      const Returned *returned = &g_array_index (self->returned, Returned, i);
      g_autoptr (RollComputer) computer = roll_computer_new (returned->ordinal, "");

      computer->attempts = returned->attempts;
      computer->started_at = returned->started_at;
      if (returned->pause_us > 0)
        roll_scheduler_repeat (self->scheduler, computer, now + returned->pause_us, returned->for_account);
      else
        roll_scheduler_retry (self->scheduler, computer, now);
    }
  g_array_set_size (self->returned, 0);
  g_atomic_int_set (&self->n_returned, 0);
  g_mutex_unlock (&self->lock);
}

void
roll_scan_sessions_note_probe (RollScan *self, const RollSieveResult *result)
{
  RollScanLane *lane = ROLL_SCAN_LANE (self, result->job.name != NULL);

  lane->n_probing--;
  lane->n_opened += result->fd >= 0;
  if (++lane->n_tried < REMEMBERED)
    return;
  lane->n_opened /= 2;
  lane->n_tried /= 2;
}

/* Names that wait for a silent name server must not hold up addresses. */
static gboolean
has_room (RollScan *self, gboolean names, int room)
{
  const RollScanLane *lane = ROLL_SCAN_LANE (self, names);

  return lane->n_probing * (lane->n_opened + 1) / (lane->n_tried + 2) < room;
}

RollSieveKinds
roll_scan_sessions_get_room (RollScan *self)
{
  int room = self->pool != NULL ? roll_session_pool_get_room (self->pool) : G_MAXINT;

  return (has_room (self, TRUE, room) ? ROLL_SIEVE_NAMES : 0) | (has_room (self, FALSE, room) ? ROLL_SIEVE_ADDRESSES : 0);
}

void
roll_scan_sessions_begin (RollScan *self, const RollSieveResult *result)
{
  RollComputer *computer = result->job.data;

  RollPlan *plan = roll_scan_sessions_take_plan (self, computer->ordinal);
  int fd = result->fd;

  computer->address = result->address;
  /* Rather opened once more than all files of this machine spent on waiting. */
  if (roll_session_pool_get_room (self->pool) <= -(int) self->options->jobs)
    close (g_steal_fd (&fd));
  g_atomic_int_inc (&self->n_sessions);
  roll_session_pool_add (self->pool, roll_session_new (computer, result->job.attempt, plan, fd));
}

/* Of the computers that may still log on, at most. */
static guint
count_others (gpointer user_data)
{
  RollScan *self = user_data;

  if (g_atomic_int_get (&self->may_follow) != 0)
    return G_MAXUINT;
  return (guint) (g_atomic_int_get (&self->n_returned) + g_atomic_int_get (&self->n_in_flight));
}

/* Where Kerberos knows the realm of CORP\user, that is the same account as user@realm. */
static void
unite_realms (RollScan *self)
{
  for (guint i = 0; i < self->credentials->len; i++)
    {
      const RollCredential *credential = self->credentials->pdata[i];
      g_autofree char *realm = *credential->domain != '\0' ? roll_logon_find_realm (credential) : NULL;

      if (realm != NULL)
        roll_logon_budget_unite (self->budget, credential->domain, realm);
    }
}

/* What was refused in an earlier run counts on. */
static gboolean
begin_budget (RollScan *self, GError **error)
{
  RollLogonBudgetOptions options = {
    .failures = self->options->logon_failures,
    .window_ms = self->options->logon_window_ms,
    .credentials = self->credentials,
    .others = count_others,
    .event = roll_scan_on_event,
    .user_data = self,
  };
  g_autoptr (GPtrArray) events = roll_store_get_events (self->store, self->info->id, error);
  gint64 now = g_get_real_time ();

  if (events == NULL)
    return FALSE;
  self->budget = roll_logon_budget_new (&options);
  unite_realms (self);
  for (guint i = 0; i < events->len; i++)
    {
      const RollStoreEvent *event = g_ptr_array_index (events, i);

      roll_logon_budget_restore (self->budget, event->kind, event->detail, event->at, now);
    }
  return TRUE;
}

gboolean
roll_scan_sessions_start (RollScan *self, GError **error)
{
  static const RollSessionCallbacks callbacks = { on_prepare, on_done };
  guint files = roll_sieve_raise_file_limit ();
  RollSessionPoolOptions options = {
    .jobs = CLAMP (self->options->jobs, 1, MAX (files / ROLL_SCAN_FILES_SHARE, 1)),
    .network_jobs = self->options->network_jobs,
    .port = self->options->port,
    .connect_timeout_ms = self->options->connect_timeout_ms,
    .watchdog_ms = self->options->watchdog_ms,
    .credentials = self->credentials,
    .n_reading = &self->n_reading,
  };

  if (self->options->probe_only)
    return TRUE;
  if (!begin_budget (self, error))
    return FALSE;
  options.budget = self->budget;
  g_mutex_lock (&self->lock);
  self->pool = roll_session_pool_new (&options, &callbacks, self, error);
  if (self->pool != NULL)
    roll_session_pool_set_paused (self->pool, self->paused_since != 0);
  g_mutex_unlock (&self->lock);
  return self->pool != NULL;
}

void
roll_scan_sessions_stop (RollScan *self)
{
  if (self->pool != NULL)
    roll_session_pool_stop (self->pool);
}

void
roll_scan_sessions_end (RollScan *self)
{
  RollSessionPool *pool;

  g_mutex_lock (&self->lock);
  pool = g_steal_pointer (&self->pool);
  g_mutex_unlock (&self->lock);
  roll_session_pool_free (pool); /* until all are over; they need the budget */
  g_clear_pointer (&self->budget, roll_logon_budget_free);
}
