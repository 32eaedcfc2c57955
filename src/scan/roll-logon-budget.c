/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-logon-budget.h"

#include <poll.h>
#include <string.h>

#include "inventory/roll-detail.h"

/* Who waits looks so often whether the scan is being stopped. */
#define SLICE_US (100 * 1000)

typedef struct
{
  gint64 at;
  RollCredential *credential; /* borrowed from the scan's */
  char *computer;
} Refusal;

/* A password that was accepted. */
typedef struct
{
  RollCredential *credential; /* borrowed from the scan's */
  gint64 accepted_at;
  guint n_refused; /* in a row, since */
} Known;

typedef struct
{
  char *key;
  gboolean local;
  guint n_uses;
  guint n_trying;      /* uses of passwords not known to be right, that have not heard */
  gint64 trying_since; /* the last of them */
  GArray *refusals;    /* (element-type Refusal): of passwords not known to be right, oldest first */
  GArray *known;       /* (element-type Known) */
  RollLogonOutcome barred; /* why it rests whatever was counted; UNKNOWN: it does not */
  guint n_barred;      /* refusals that led to that */
  gint64 barred_at;
  char *barred_by;
  const RollCredential *told; /* that it rests; NULL: not told */
} Account;

typedef struct
{
  const char *kind;
  char *detail;
} News;

struct _RollLogonBudget
{
  RollLogonBudgetOptions options;
  GMutex lock;
  GCond heard;
  GHashTable *accounts; /* key -> Account */
  GArray *news;         /* (element-type News): to be told once the lock is free */
};

/* --- Accounts ---------------------------------------------------------------------------------------------------- */

static void
refusal_clear (Refusal *refusal)
{
  g_free (refusal->computer);
}

static void
account_free (Account *account)
{
  g_free (account->key);
  g_array_unref (account->refusals);
  g_array_unref (account->known);
  g_free (account->barred_by);
  g_free (account);
}

static gboolean
is_local (const RollCredential *credential)
{
  return credential->realm == NULL && credential->domain[0] == '\0';
}

/* A backslash stands in no name, and an "@" may: what ends where is never in doubt. */
static char *
account_key (const RollCredential *credential, const RollAddress *address)
{
  char text[ROLL_ADDRESS_STRLEN];
  g_autofree char *key = NULL;

  if (is_local (credential))
    key = g_strdup_printf (".\\%s\\%s", roll_address_format (address, text), credential->user);
  else
    key = g_strdup_printf ("%s\\%s", credential->realm != NULL ? credential->realm : credential->domain,
                           credential->user);
  return g_utf8_casefold (key, -1);
}

static Account *
get_account (RollLogonBudget *self, const RollCredential *credential, const RollAddress *address)
{
  g_autofree char *key = account_key (credential, address);
  Account *account = g_hash_table_lookup (self->accounts, key);

  if (account != NULL)
    return account;
  account = g_new0 (Account, 1);
  account->key = g_steal_pointer (&key);
  account->local = is_local (credential);
  account->refusals = g_array_new (FALSE, FALSE, sizeof (Refusal));
  g_array_set_clear_func (account->refusals, (GDestroyNotify) refusal_clear);
  account->known = g_array_new (FALSE, FALSE, sizeof (Known));
  g_hash_table_insert (self->accounts, account->key, account);
  return account;
}

static Known *
find_known (Account *account, const RollCredential *credential)
{
  for (guint i = 0; i < account->known->len; i++)
    {
      Known *known = &g_array_index (account->known, Known, i);

      if (known->credential == credential)
        return known;
    }
  return NULL;
}

static void
forget_known (Account *account, Known *known)
{
  g_array_remove_index_fast (account->known, (guint) (known - (Known *) (gpointer) account->known->data));
}

/* Returns: whether there were any */
static gboolean
forget_refusals (Account *account, const RollCredential *credential)
{
  guint before = account->refusals->len;

  for (guint i = before; i > 0; i--)
    if (g_array_index (account->refusals, Refusal, i - 1).credential == credential)
      g_array_remove_index (account->refusals, i - 1);
  return account->refusals->len < before;
}

static void
lift_bar (Account *account)
{
  account->barred = ROLL_LOGON_UNKNOWN;
  g_clear_pointer (&account->barred_by, g_free);
}

static gint64
window_us (RollLogonBudget *self)
{
  return (gint64) self->options.window_ms * 1000;
}

static gint64
get_time (RollLogonBudget *self)
{
  return self->options.clock != NULL ? self->options.clock (self->options.user_data) : g_get_monotonic_time ();
}

/* What is older than the window is as if it had not been. */
static void
forget_old (RollLogonBudget *self, Account *account, gint64 now)
{
  gint64 since = now - window_us (self);

  for (guint i = account->refusals->len; i > 0; i--)
    if (g_array_index (account->refusals, Refusal, i - 1).at <= since)
      g_array_remove_index (account->refusals, i - 1);
  for (guint i = account->known->len; i > 0; i--)
    if (g_array_index (account->known, Known, i - 1).accepted_at <= since)
      g_array_remove_index_fast (account->known, i - 1);
  if (account->barred != ROLL_LOGON_UNKNOWN && account->barred_at <= since)
    lift_bar (account);
}

/* A local account is met once or twice: nothing is kept of one that has done nothing wrong. */
static void
drop_local (RollLogonBudget *self, Account *account)
{
  if (account->local && account->n_uses == 0 && account->refusals->len == 0 && account->barred == ROLL_LOGON_UNKNOWN)
    g_hash_table_remove (self->accounts, account->key);
}

/* --- Resting ----------------------------------------------------------------------------------------------------- */

static gboolean
is_resting (RollLogonBudget *self, Account *account, const RollCredential *credential)
{
  if (account->barred != ROLL_LOGON_UNKNOWN)
    return TRUE;
  return account->refusals->len >= self->options.failures && find_known (account, credential) == NULL;
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

static RollLogonOutcome
reason_from_id (const char *id)
{
  for (RollLogonOutcome outcome = ROLL_LOGON_LOCKED; outcome <= ROLL_LOGON_NO_SUCH_ACCOUNT; outcome++)
    if (g_strcmp0 (reason_id (outcome), id) == 0)
      return outcome;
  return ROLL_LOGON_REFUSED;
}

/* Facts are separated by blanks, and computers by commas. */
static char *
make_fact (const char *text)
{
  char *fact = g_strdup (text);

  for (char *p = fact; *p != '\0'; p++)
    if ((guchar) *p <= ' ' || *p == 0x7f || *p == ',')
      *p = '_';
  return fact;
}

static void
append_computers (GString *text, Account *account)
{
  if (account->barred != ROLL_LOGON_UNKNOWN)
    g_string_append (text, account->barred_by);
  else
    for (guint i = 0; i < account->refusals->len; i++)
      g_string_append_printf (text, "%s%s", i > 0 ? "," : "", g_array_index (account->refusals, Refusal, i).computer);
}

/* "refused=2 reason=locked by=PC1,PC2 until=2031-01-17T10:00:00Z" */
static void
append_rest (RollLogonBudget *self, Account *account, GString *text)
{
  gboolean barred = account->barred != ROLL_LOGON_UNKNOWN;
  gint64 since = barred ? account->barred_at : g_array_index (account->refusals, Refusal, 0).at;
  gint64 until = g_get_real_time () + since + window_us (self) - get_time (self);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (until / G_USEC_PER_SEC);
  g_autofree char *clock = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
  guint n_refused = barred ? account->n_barred : account->refusals->len;

  if (n_refused > 0)
    g_string_append_printf (text, "refused=%u ", n_refused);
  if (barred)
    g_string_append_printf (text, "reason=%s ", reason_id (account->barred));
  g_string_append (text, "by=");
  append_computers (text, account);
  g_string_append_printf (text, " until=%s", clock);
}

static char *
describe_rest (RollLogonBudget *self, Account *account)
{
  g_autoptr (GString) text = g_string_new ("account=resting ");

  append_rest (self, account, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- Telling ----------------------------------------------------------------------------------------------------- */

static void
add_news (RollLogonBudget *self, const char *kind, char *detail)
{
  News news = { kind, detail };

  g_array_append_val (self->news, news);
}

static void
add_computer_news (RollLogonBudget *self, const char *kind, const RollLogonUse *use)
{
  g_autofree char *name = make_fact (use->credential->name);

  add_news (self, kind, g_strdup_printf ("credential=%s by=%s", name, use->computer));
}

/* A local account that rests concerns one computer: its evidence is enough. */
static void
tell_rest (RollLogonBudget *self, Account *account, const RollCredential *credential)
{
  g_autofree char *name = make_fact (credential->name);
  g_autoptr (GString) text = NULL;

  if (account->local || account->told != NULL || !is_resting (self, account, credential))
    return;
  account->told = credential;
  text = g_string_new (NULL);
  g_string_printf (text, "credential=%s ", name);
  append_rest (self, account, text);
  add_news (self, "account-resting", g_string_free (g_steal_pointer (&text), FALSE));
}

static void
tell_rest_over (RollLogonBudget *self, Account *account)
{
  g_autofree char *name = NULL;

  if (account->told == NULL || is_resting (self, account, account->told))
    return;
  name = make_fact (account->told->name);
  account->told = NULL;
  add_news (self, "account-resting-over", g_strdup_printf ("credential=%s", name));
}

static void
unlock_and_tell (RollLogonBudget *self)
{
  g_autoptr (GArray) news = NULL;

  if (self->news->len > 0)
    {
      news = g_steal_pointer (&self->news);
      self->news = g_array_new (FALSE, FALSE, sizeof (News));
    }
  g_mutex_unlock (&self->lock);
  for (guint i = 0; news != NULL && i < news->len; i++)
    {
      News *one = &g_array_index (news, News, i);

      self->options.event (one->kind, one->detail, self->options.user_data);
      g_free (one->detail);
    }
}

/* --- Going in ---------------------------------------------------------------------------------------------------- */

static RollLogonPermission
ask (RollLogonBudget *self, Account *account, const RollCredential *credential)
{
  gint64 now = get_time (self);

  forget_old (self, account, now);
  tell_rest_over (self, account);
  tell_rest (self, account, credential);
  if (is_resting (self, account, credential))
    return ROLL_LOGON_RESTS;
  if (find_known (account, credential) != NULL || account->n_trying == 0)
    return ROLL_LOGON_MAY;
  /* Should all of them be refused in the end, it is still no more than the limit. */
  if (account->refusals->len + account->n_trying < self->options.failures
      && now - account->trying_since >= ROLL_LOGON_PATIENCE_US)
    return ROLL_LOGON_MAY;
  return ROLL_LOGON_BUSY;
}

static gboolean
is_cancelled (int cancel_fd)
{
  struct pollfd fd = { cancel_fd, POLLIN, 0 };

  return cancel_fd >= 0 && poll (&fd, 1, 0) > 0;
}

/* FALSE: the scan is being stopped. */
static gboolean
wait_for_news (RollLogonBudget *self, gint64 deadline, int cancel_fd)
{
  g_cond_wait_until (&self->heard, &self->lock, MIN (deadline, g_get_monotonic_time () + SLICE_US));
  return !is_cancelled (cancel_fd);
}

static RollLogonPermission
ask_patiently (RollLogonBudget *self, Account *account, const RollCredential *credential, int cancel_fd, guint wait_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) wait_ms * 1000;

  for (;;)
    {
      RollLogonPermission permission = ask (self, account, credential);

      if (permission != ROLL_LOGON_BUSY || g_get_monotonic_time () >= deadline)
        return permission;
      if (!wait_for_news (self, deadline, cancel_fd))
        return ROLL_LOGON_CANCELLED;
    }
}

static void
begin_trying (RollLogonBudget *self, Account *account, RollLogonUse *use)
{
  use->trying = find_known (account, use->credential) == NULL;
  if (!use->trying)
    return;
  account->n_trying++;
  account->trying_since = get_time (self);
}

static void
stop_trying (Account *account, RollLogonUse *use)
{
  if (use->trying)
    account->n_trying--;
  use->trying = FALSE;
}

RollLogonPermission
roll_logon_budget_enter (RollLogonBudget *self, RollCredential *credential, const char *computer,
                         const RollAddress *address, int cancel_fd, guint wait_ms, RollLogonUse *ret_use,
                         char **ret_facts)
{
  RollLogonPermission permission;
  Account *account;

  g_return_val_if_fail (self != NULL && credential != NULL && computer != NULL && address != NULL, ROLL_LOGON_CANCELLED);
  g_return_val_if_fail (ret_use != NULL && ret_facts != NULL, ROLL_LOGON_CANCELLED);

  if (credential->password == NULL)
    {
      *ret_use = (RollLogonUse) { self };
      return ROLL_LOGON_MAY;
    }
  g_mutex_lock (&self->lock);
  account = get_account (self, credential, address);
  account->n_uses++; /* it stays while it is waited for */
  permission = ask_patiently (self, account, credential, cancel_fd, wait_ms);
  if (permission == ROLL_LOGON_MAY)
    {
      *ret_use = (RollLogonUse) { self, account, credential, make_fact (computer) };
      begin_trying (self, account, ret_use);
    }
  else
    account->n_uses--;
  if (permission == ROLL_LOGON_RESTS)
    *ret_facts = describe_rest (self, account);
  drop_local (self, account);
  unlock_and_tell (self);
  return permission;
}

static RollLogonPermission
wait_for_others (RollLogonBudget *self, Account *account, const RollCredential *credential, int cancel_fd, guint wait_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) wait_ms * 1000;

  while (find_known (account, credential) == NULL && !is_resting (self, account, credential)
         && g_get_monotonic_time () < deadline)
    if (!wait_for_news (self, deadline, cancel_fd))
      return ROLL_LOGON_CANCELLED;
  return ask_patiently (self, account, credential, cancel_fd, wait_ms);
}

RollLogonPermission
roll_logon_budget_give_way (RollLogonUse *use, int cancel_fd, guint wait_ms, char **ret_facts)
{
  RollLogonPermission permission;
  RollLogonBudget *self;
  Account *account;

  g_return_val_if_fail (use != NULL && use->budget != NULL && ret_facts != NULL, ROLL_LOGON_CANCELLED);

  if (!use->trying)
    return ROLL_LOGON_MAY;
  self = use->budget;
  account = use->account;
  g_mutex_lock (&self->lock);
  stop_trying (account, use);
  g_cond_broadcast (&self->heard);
  permission = wait_for_others (self, account, use->credential, cancel_fd, wait_ms);
  if (permission == ROLL_LOGON_MAY)
    begin_trying (self, account, use);
  else if (permission == ROLL_LOGON_RESTS)
    *ret_facts = describe_rest (self, account);
  unlock_and_tell (self);
  return permission;
}

/* --- What came of it --------------------------------------------------------------------------------------------- */

static void
take_acceptance (RollLogonBudget *self, Account *account, const RollLogonUse *use)
{
  Known *known = find_known (account, use->credential);
  gboolean cleared = forget_refusals (account, use->credential) || account->barred != ROLL_LOGON_UNKNOWN;

  if (known == NULL)
    {
      g_array_append_val (account->known, ((Known) { .credential = use->credential }));
      known = &g_array_index (account->known, Known, account->known->len - 1);
    }
  known->accepted_at = get_time (self);
  known->n_refused = 0;
  lift_bar (account);
  if (cleared && !account->local)
    add_computer_news (self, "logon-accepted", use);
  tell_rest_over (self, account);
}

static void
bar (RollLogonBudget *self, Account *account, const RollLogonUse *use, RollLogonOutcome why, guint n_refused)
{
  lift_bar (account);
  account->barred = why;
  account->n_barred = n_refused;
  account->barred_at = get_time (self);
  account->barred_by = g_strdup (use->computer);
}

static void
add_refusal (RollLogonBudget *self, Account *account, const RollLogonUse *use)
{
  Refusal refusal = { get_time (self), use->credential, g_strdup (use->computer) };

  g_array_append_val (account->refusals, refusal);
  if (!account->local)
    add_computer_news (self, "logon-refused", use);
}

static void
take_refusal (RollLogonBudget *self, Account *account, const RollLogonUse *use)
{
  Known *known = find_known (account, use->credential);

  if (known == NULL)
    {
      add_refusal (self, account, use);
      return;
    }
  if (++known->n_refused < ROLL_LOGON_ROW * self->options.failures)
    return;
  bar (self, account, use, ROLL_LOGON_REFUSED, known->n_refused);
  forget_known (account, known);
}

void
roll_logon_budget_report (RollLogonUse *use, RollLogonOutcome outcome)
{
  RollLogonBudget *self;
  Account *account;

  g_return_if_fail (use != NULL && use->budget != NULL);

  self = use->budget;
  account = use->account;
  if (account == NULL || outcome == ROLL_LOGON_UNKNOWN)
    return;
  g_mutex_lock (&self->lock);
  forget_old (self, account, get_time (self));
  stop_trying (account, use);
  if (outcome == ROLL_LOGON_ACCEPTED)
    take_acceptance (self, account, use);
  else if (outcome == ROLL_LOGON_REFUSED)
    take_refusal (self, account, use);
  else
    bar (self, account, use, outcome, 0);
  tell_rest (self, account, use->credential);
  g_cond_broadcast (&self->heard);
  unlock_and_tell (self);
}

void
roll_logon_budget_leave (RollLogonUse *use)
{
  RollLogonBudget *self;
  Account *account;

  g_return_if_fail (use != NULL && use->budget != NULL);

  self = use->budget;
  account = use->account;
  if (account != NULL)
    {
      g_mutex_lock (&self->lock);
      stop_trying (account, use);
      account->n_uses--;
      drop_local (self, account);
      g_cond_broadcast (&self->heard);
      g_mutex_unlock (&self->lock);
    }
  g_free (use->computer);
  *use = (RollLogonUse) { NULL };
}

/* --- Life -------------------------------------------------------------------------------------------------------- */

RollLogonBudget *
roll_logon_budget_new (const RollLogonBudgetOptions *options)
{
  RollLogonBudget *self;

  g_return_val_if_fail (options != NULL && options->failures > 0 && options->credentials != NULL, NULL);
  g_return_val_if_fail (options->event != NULL, NULL);

  self = g_new0 (RollLogonBudget, 1);
  self->options = *options;
  g_ptr_array_ref (self->options.credentials);
  g_mutex_init (&self->lock);
  g_cond_init (&self->heard);
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) account_free);
  self->news = g_array_new (FALSE, FALSE, sizeof (News));
  return self;
}

void
roll_logon_budget_free (RollLogonBudget *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->accounts);
  g_array_unref (self->news);
  g_ptr_array_unref (self->options.credentials);
  g_cond_clear (&self->heard);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* The account is not stored, only the name of the credential. */
static RollCredential *
find_credential (RollLogonBudget *self, const char *detail)
{
  g_autofree char *wanted = roll_detail_get (detail, "credential");

  for (guint i = 0; wanted != NULL && i < self->options.credentials->len; i++)
    {
      RollCredential *credential = g_ptr_array_index (self->options.credentials, i);
      g_autofree char *name = make_fact (credential->name);

      if (strcmp (name, wanted) == 0 && credential->password != NULL && !is_local (credential))
        return credential;
    }
  return NULL;
}

/* It was told more than once, maybe: what counts is when it is over. */
static gboolean
get_age_of_rest (RollLogonBudget *self, const char *detail, gint64 now, gint64 *ret_age)
{
  g_autofree char *text = roll_detail_get (detail, "until");
  g_autoptr (GDateTime) until = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (until == NULL)
    return FALSE;
  *ret_age = MAX (now - (g_date_time_to_unix (until) * G_USEC_PER_SEC - window_us (self)), 0);
  return TRUE;
}

static void
restore_event (Account *account, RollCredential *credential, const char *kind, const char *detail, gint64 at)
{
  g_autofree char *by = roll_detail_get (detail, "by");
  g_autofree char *reason = roll_detail_get (detail, "reason");

  if (g_str_equal (kind, "logon-refused"))
    {
      Refusal refusal = { at, credential, g_strdup (by != NULL ? by : "?") };

      g_array_append_val (account->refusals, refusal);
    }
  else if (g_str_equal (kind, "logon-accepted"))
    {
      forget_refusals (account, credential);
      lift_bar (account);
    }
  else if (g_str_equal (kind, "account-resting") && reason != NULL)
    {
      lift_bar (account);
      account->barred = reason_from_id (reason);
      account->n_barred = 0;
      account->barred_at = at;
      account->barred_by = g_strdup (by != NULL ? by : "?");
    }
}

void
roll_logon_budget_restore (RollLogonBudget *self, const char *kind, const char *detail, gint64 at, gint64 now)
{
  RollCredential *credential;
  Account *account;
  gint64 age = MAX (now - at, 0); /* the clock may have been set back */

  g_return_if_fail (self != NULL && kind != NULL);

  credential = find_credential (self, detail);
  if (g_str_equal (kind, "account-resting") && !get_age_of_rest (self, detail, now, &age))
    return;
  if (credential == NULL || age >= window_us (self))
    return;
  g_mutex_lock (&self->lock);
  account = get_account (self, credential, &(RollAddress) { 0 });
  restore_event (account, credential, kind, detail, get_time (self) - age);
  g_mutex_unlock (&self->lock);
}
