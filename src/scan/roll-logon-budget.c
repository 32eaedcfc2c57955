/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-logon-budget.h"

#include <poll.h>
#include <string.h>

#include "inventory/roll-detail.h"
#include "scan/roll-logon-account.h"

/* Who waits looks so often whether the scan is being stopped. */
#define SLICE_US (100 * 1000)

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
  GHashTable *accounts; /* key -> RollLogonAccount */
  GPtrArray *united;    /* (element-type RollLogonAccount): that others count for */
  GHashTable *domains;  /* name -> another one of the same domain, or NULL; those that credentials have */
  guint n_waiting;
  const RollCredential *awaited; /* (nullable): the last one */
  guint n_outside;      /* uses that gave way, and by this can't help the others */
  GArray *news;         /* (element-type News): to be told once the lock is free */
};

/* --- Accounts
 * ---------------------------------------------------------------------------------------------------- */

/* Under one of its names each domain is kept. */
static const char *
find_domain (RollLogonBudget *self, const char *name)
{
  const char *other;

  while ((other = g_hash_table_lookup (self->domains, name)) != NULL)
    name = other;
  return name;
}

static RollLogonAccount *
get_account (RollLogonBudget *self, const RollCredential *credential, const RollAddress *address)
{
  g_autofree char *domain = roll_logon_account_domain (credential);
  g_autofree char *key = roll_logon_account_key (credential, find_domain (self, domain), address);
  RollLogonAccount *account = g_hash_table_lookup (self->accounts, key);

  if (account != NULL)
    return account;
  account = roll_logon_account_new (credential, key);
  g_hash_table_insert (self->accounts, account->key, account);
  return account;
}

/* The one that counts. */
static RollLogonAccount *
account_of (const RollLogonUse *use)
{
  RollLogonAccount *account = use->account;

  while (account->united_with != NULL)
    account = account->united_with;
  return account;
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

static gboolean
is_resting (RollLogonBudget *self, RollLogonAccount *account, const RollCredential *credential)
{
  return roll_logon_account_is_resting (account, credential, self->options.failures);
}

static void
append_rest (RollLogonBudget *self, RollLogonAccount *account, GString *text)
{
  gint64 until = g_get_real_time () + roll_logon_account_rests_since (account) + window_us (self) - get_time (self);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (until / G_USEC_PER_SEC);
  g_autofree char *clock = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  roll_logon_account_describe_rest (account, text);
  g_string_append_printf (text, " until=%s", clock);
}

static char *
describe_rest (RollLogonBudget *self, RollLogonAccount *account)
{
  g_autoptr (GString) text = g_string_new ("account=resting ");

  append_rest (self, account, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A local account is met once or twice: nothing is kept of one that has done nothing wrong. */
static void
drop_local (RollLogonBudget *self, RollLogonAccount *account)
{
  if (account->local && account->n_uses == 0 && account->refusals->len == 0 && account->barred == ROLL_LOGON_UNKNOWN)
    g_hash_table_remove (self->accounts, account->key);
}

/* --- Telling
 * ----------------------------------------------------------------------------------------------------- */

static void
add_news (RollLogonBudget *self, const char *kind, char *detail)
{
  News news = { kind, detail };

  g_array_append_val (self->news, news);
}

static void
add_computer_news (RollLogonBudget *self, const char *kind, const RollLogonUse *use)
{
  g_autofree char *name = roll_logon_make_fact (use->credential->name);

  add_news (self, kind, g_strdup_printf ("credential=%s by=%s", name, use->computer));
}

/* What people call it, where the fact for programs is another text. */
static void
append_label (GString *text, const RollCredential *credential, const char *fact)
{
  g_autofree char *label = g_uri_escape_string (credential->name, NULL, TRUE);

  if (strcmp (credential->name, fact) != 0)
    g_string_append_printf (text, " label=%s", label);
}

/* A local account that rests concerns one computer: its evidence is enough. */
static void
tell_rest (RollLogonBudget *self, RollLogonAccount *account, const RollCredential *credential)
{
  g_autofree char *name = roll_logon_make_fact (credential->name);
  g_autoptr (GString) text = NULL;

  if (account->local || account->told != NULL || !is_resting (self, account, credential))
    return;
  account->told = credential;
  text = g_string_new (NULL);
  g_string_printf (text, "credential=%s ", name);
  append_rest (self, account, text);
  append_label (text, credential, name);
  add_news (self, "account-resting", g_string_free (g_steal_pointer (&text), FALSE));
}

static void
tell_rest_over (RollLogonBudget *self, RollLogonAccount *account)
{
  g_autofree char *name = NULL;
  g_autoptr (GString) text = NULL;

  if (account->told == NULL || is_resting (self, account, account->told))
    return;
  name = roll_logon_make_fact (account->told->name);
  text = g_string_new (NULL);
  g_string_printf (text, "credential=%s", name);
  append_label (text, account->told, name);
  account->told = NULL;
  add_news (self, "account-resting-over", g_string_free (g_steal_pointer (&text), FALSE));
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

/* --- Going in
 * ---------------------------------------------------------------------------------------------------- */

static RollLogonPermission
ask (RollLogonBudget *self, RollLogonAccount *account, const RollCredential *credential)
{
  gint64 now = get_time (self);

  roll_logon_account_forget_old (account, now - window_us (self));
  tell_rest_over (self, account);
  tell_rest (self, account, credential);
  if (is_resting (self, account, credential))
    return ROLL_LOGON_RESTS;
  if (roll_logon_account_find_known (account, credential) != NULL || account->n_trying == 0)
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
wait_for_news (RollLogonBudget *self, const RollLogonUse *use, gint64 deadline, int cancel_fd)
{
  self->awaited = use->credential;
  self->n_waiting++;
  g_cond_wait_until (&self->heard, &self->lock, MIN (deadline, g_get_monotonic_time () + SLICE_US));
  self->n_waiting--;
  return !is_cancelled (cancel_fd);
}

/* The account may be united with another one while it is waited for. */
static RollLogonPermission
ask_patiently (RollLogonBudget *self, const RollLogonUse *use, int cancel_fd, guint wait_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) wait_ms * 1000;

  for (;;)
    {
      RollLogonPermission permission = ask (self, account_of (use), use->credential);

      if (permission != ROLL_LOGON_BUSY || g_get_monotonic_time () >= deadline)
        return permission;
      if (!wait_for_news (self, use, deadline, cancel_fd))
        return ROLL_LOGON_CANCELLED;
    }
}

static void
begin_trying (RollLogonBudget *self, RollLogonUse *use)
{
  RollLogonAccount *account = account_of (use);

  use->n_united = account->n_united;
  use->trying = roll_logon_account_find_known (account, use->credential) == NULL;
  if (!use->trying)
    return;
  account->n_trying++;
  account->trying_since = get_time (self);
}

static void
stop_trying (RollLogonUse *use)
{
  if (use->trying)
    account_of (use)->n_trying--;
  use->trying = FALSE;
}

static RollLogonPermission
enter (RollLogonBudget *self, RollLogonUse *use, int cancel_fd, guint wait_ms, char **ret_facts)
{
  RollLogonPermission permission = ask_patiently (self, use, cancel_fd, wait_ms);

  if (permission == ROLL_LOGON_MAY)
    begin_trying (self, use);
  else if (permission == ROLL_LOGON_RESTS)
    *ret_facts = describe_rest (self, account_of (use));
  return permission;
}

RollLogonPermission
roll_logon_budget_enter (RollLogonBudget *self, RollCredential *credential, const char *computer,
                         const RollAddress *address, int cancel_fd, guint wait_ms, RollLogonUse *ret_use,
                         char **ret_facts)
{
  RollLogonUse use = { self, NULL, credential };
  RollLogonPermission permission;

  g_return_val_if_fail (self != NULL && credential != NULL && computer != NULL && address != NULL, ROLL_LOGON_CANCELLED);
  g_return_val_if_fail (ret_use != NULL && ret_facts != NULL, ROLL_LOGON_CANCELLED);

  if (credential->password == NULL)
    {
      *ret_use = (RollLogonUse) { self };
      return ROLL_LOGON_MAY;
    }
  g_mutex_lock (&self->lock);
  use.account = get_account (self, credential, address);
  account_of (&use)->n_uses++; /* it stays while it is waited for */
  permission = enter (self, &use, cancel_fd, wait_ms, ret_facts);
  if (permission == ROLL_LOGON_MAY)
    {
      use.computer = roll_logon_make_fact (computer);
      *ret_use = use;
    }
  else
    account_of (&use)->n_uses--;
  drop_local (self, account_of (&use));
  unlock_and_tell (self);
  return permission;
}

/* Of those that ask or may ask, somebody may find out. */
static gboolean
are_others (RollLogonBudget *self)
{
  return self->options.others == NULL || self->options.others (self->options.user_data) > self->n_outside;
}

/* FALSE: the scan is being stopped. */
static gboolean
wait_for_others (RollLogonBudget *self, const RollLogonUse *use, int cancel_fd, guint wait_ms)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) wait_ms * 1000;

  while (roll_logon_account_find_known (account_of (use), use->credential) == NULL
         && !is_resting (self, account_of (use), use->credential) && g_get_monotonic_time () < deadline
         && are_others (self))
    if (!wait_for_news (self, use, deadline, cancel_fd))
      return FALSE;
  return TRUE;
}

RollLogonPermission
roll_logon_budget_give_way (RollLogonUse *use, int cancel_fd, guint others_ms, guint wait_ms, char **ret_facts)
{
  RollLogonPermission permission = ROLL_LOGON_CANCELLED;
  RollLogonBudget *self;

  g_return_val_if_fail (use != NULL && use->budget != NULL && ret_facts != NULL, ROLL_LOGON_CANCELLED);

  if (!use->trying)
    return ROLL_LOGON_MAY;
  self = use->budget;
  g_mutex_lock (&self->lock);
  stop_trying (use);
  self->n_outside += !use->outside;
  use->outside = TRUE;
  g_cond_broadcast (&self->heard);
  if (wait_for_others (self, use, cancel_fd, others_ms))
    permission = enter (self, use, cancel_fd, wait_ms, ret_facts);
  unlock_and_tell (self);
  return permission;
}

RollLogonPermission
roll_logon_budget_ask_again (RollLogonUse *use, int cancel_fd, guint wait_ms, char **ret_facts)
{
  RollLogonPermission permission = ROLL_LOGON_MAY;
  RollLogonBudget *self;

  g_return_val_if_fail (use != NULL && use->budget != NULL && ret_facts != NULL, ROLL_LOGON_CANCELLED);

  if (!use->trying)
    return ROLL_LOGON_MAY;
  self = use->budget;
  g_mutex_lock (&self->lock);
  if (use->n_united != account_of (use)->n_united)
    {
      stop_trying (use);
      g_cond_broadcast (&self->heard);
      permission = enter (self, use, cancel_fd, wait_ms, ret_facts);
    }
  unlock_and_tell (self);
  return permission;
}

/* --- What came of it
 * --------------------------------------------------------------------------------------------- */

static void
take_acceptance (RollLogonBudget *self, RollLogonAccount *account, const RollLogonUse *use)
{
  RollLogonKnown *known = roll_logon_account_add_known (account, use->credential);
  gboolean cleared
      = roll_logon_account_forget_refusals (account, use->credential) || account->barred != ROLL_LOGON_UNKNOWN;

  known->accepted_at = get_time (self);
  known->n_refused = 0;
  roll_logon_account_lift_bar (account);
  if (cleared && !account->local)
    add_computer_news (self, "logon-accepted", use);
  tell_rest_over (self, account);
}

static void
take_refusal (RollLogonBudget *self, RollLogonAccount *account, const RollLogonUse *use)
{
  RollLogonKnown *known = roll_logon_account_find_known (account, use->credential);

  if (known == NULL)
    {
      roll_logon_account_add_refusal (account, use->credential, use->computer, get_time (self));
      if (!account->local)
        add_computer_news (self, "logon-refused", use);
    }
  else if (++known->n_refused >= ROLL_LOGON_ROW * self->options.failures)
    {
      roll_logon_account_bar (account, ROLL_LOGON_REFUSED, use->computer, get_time (self));
      account->n_barred = known->n_refused;
      roll_logon_account_forget_known (account, known);
    }
}

void
roll_logon_budget_report (RollLogonUse *use, RollLogonOutcome outcome)
{
  RollLogonBudget *self;
  RollLogonAccount *account;

  g_return_if_fail (use != NULL && use->budget != NULL);

  self = use->budget;
  if (use->account == NULL || outcome == ROLL_LOGON_UNKNOWN)
    return;
  g_mutex_lock (&self->lock);
  account = account_of (use);
  roll_logon_account_forget_old (account, get_time (self) - window_us (self));
  stop_trying (use);
  if (outcome == ROLL_LOGON_ACCEPTED)
    take_acceptance (self, account, use);
  else if (outcome == ROLL_LOGON_REFUSED)
    take_refusal (self, account, use);
  else
    roll_logon_account_bar (account, outcome, use->computer, get_time (self));
  tell_rest (self, account, use->credential);
  g_cond_broadcast (&self->heard);
  unlock_and_tell (self);
}

guint
roll_logon_budget_get_waiting (RollLogonBudget *self, char **ret_name)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (self != NULL && ret_name != NULL, 0);

  locker = g_mutex_locker_new (&self->lock);
  *ret_name = self->awaited != NULL ? g_strdup (self->awaited->name) : NULL;
  return self->n_waiting;
}

void
roll_logon_budget_leave (RollLogonUse *use)
{
  RollLogonBudget *self;
  RollLogonAccount *account;

  g_return_if_fail (use != NULL && use->budget != NULL);

  self = use->budget;
  if (use->account != NULL)
    {
      g_mutex_lock (&self->lock);
      account = account_of (use);
      stop_trying (use);
      self->n_outside -= use->outside;
      account->n_uses--;
      drop_local (self, account);
      g_cond_broadcast (&self->heard);
      g_mutex_unlock (&self->lock);
    }
  g_free (use->computer);
  *use = (RollLogonUse) { NULL };
}

/* --- One account under two names
 * --------------------------------------------------------------------------------- */

/* "corp" of "corp\\user", and so on. */
static gboolean
is_in_domain (const RollLogonAccount *account, const char *domain)
{
  gsize length = strlen (domain);

  return !account->local && strncmp (account->key, domain, length) == 0 && account->key[length] == '\\';
}

static void
move_account (RollLogonBudget *self, RollLogonAccount *account, const char *domain)
{
  g_autofree char *key = g_strconcat (domain, strchr (account->key, '\\'), NULL);
  RollLogonAccount *other = g_hash_table_lookup (self->accounts, key);

  g_hash_table_steal (self->accounts, account->key);
  if (other != NULL)
    {
      roll_logon_account_unite (account, other);
      g_ptr_array_add (self->united, account); /* uses of it remain */
      return;
    }
  g_free (account->key);
  account->key = g_steal_pointer (&key);
  g_hash_table_insert (self->accounts, account->key, account);
}

static void
move_domain (RollLogonBudget *self, const char *from, const char *to)
{
  g_autoptr (GList) accounts = g_hash_table_get_values (self->accounts);

  for (GList *l = accounts; l != NULL; l = l->next)
    if (is_in_domain (l->data, from))
      move_account (self, l->data, to);
}

void
roll_logon_budget_unite (RollLogonBudget *self, const char *netbios, const char *dns)
{
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;

  g_return_if_fail (self != NULL && netbios != NULL && dns != NULL);

  one = g_utf8_casefold (netbios, -1);
  two = g_utf8_casefold (dns, -1);
  g_mutex_lock (&self->lock);
  if (g_hash_table_contains (self->domains, one) && g_hash_table_contains (self->domains, two))
    {
      const char *from = find_domain (self, one), *to = find_domain (self, two);

      if (strcmp (from, to) != 0)
        {
          move_domain (self, from, to);
          g_hash_table_insert (self->domains, g_strdup (from), g_strdup (to));
          g_cond_broadcast (&self->heard);
        }
    }
  unlock_and_tell (self);
}

/* --- Life
 * -------------------------------------------------------------------------------------------------------- */

static GHashTable *
list_domains (GPtrArray *credentials)
{
  GHashTable *domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < credentials->len; i++)
    if (!roll_credential_is_local (credentials->pdata[i]))
      g_hash_table_insert (domains, roll_logon_account_domain (credentials->pdata[i]), NULL);
  return domains;
}

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
  self->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) roll_logon_account_free);
  self->united = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_logon_account_free);
  self->domains = list_domains (options->credentials);
  self->news = g_array_new (FALSE, FALSE, sizeof (News));
  return self;
}

void
roll_logon_budget_free (RollLogonBudget *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->accounts);
  g_ptr_array_unref (self->united);
  g_hash_table_unref (self->domains);
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
      g_autofree char *name = roll_logon_make_fact (credential->name);

      if (strcmp (name, wanted) == 0 && credential->password != NULL && !roll_credential_is_local (credential))
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
restore_event (RollLogonAccount *account, RollCredential *credential, const char *kind, const char *detail, gint64 at)
{
  g_autofree char *by = roll_detail_get (detail, "by");
  g_autofree char *reason = roll_detail_get (detail, "reason");

  if (by == NULL)
    by = g_strdup ("?");
  if (g_str_equal (kind, "logon-refused"))
    roll_logon_account_add_refusal (account, credential, by, at);
  else if (g_str_equal (kind, "account-resting") && reason != NULL)
    roll_logon_account_bar (account, roll_logon_reason_from_id (reason), by, at);
  else if (g_str_equal (kind, "logon-accepted"))
    {
      roll_logon_account_forget_refusals (account, credential);
      roll_logon_account_lift_bar (account);
    }
}

void
roll_logon_budget_restore (RollLogonBudget *self, const char *kind, const char *detail, gint64 at, gint64 now)
{
  RollCredential *credential;
  RollLogonAccount *account;
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
