/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-logon-budget.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "inventory/roll-detail.h"
#include "scan/roll-notice.h"

#define MINUTE (60 * (gint64) G_USEC_PER_SEC)

/* --- A budget with a clock that is set, and what it told -------------------------------------------------------- */

typedef struct
{
  GPtrArray *credentials;
  RollLogonBudget *budget;
  gint64 now;
  int n_others; /* atomic: that may still ask */
  GMutex lock;
  GPtrArray *events; /* (element-type utf8): "kind detail" */
} Fixture;

static gint64
get_time (gpointer user_data)
{
  return ((Fixture *) user_data)->now;
}

static guint
count_others (gpointer user_data)
{
  return (guint) g_atomic_int_get (&((Fixture *) user_data)->n_others);
}

static void
on_event (const char *kind, const char *detail, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_mutex_lock (&fixture->lock);
  g_ptr_array_add (fixture->events, g_strconcat (kind, " ", detail, NULL));
  g_mutex_unlock (&fixture->lock);
}

static RollCredential *
add (Fixture *fixture, const char *name, const char *account)
{
  g_autoptr (GError) error = NULL;
  RollCredential *credential = roll_credential_new (name, account, roll_secret_new ("wrong", 5), NULL, NULL, &error);

  g_assert_no_error (error);
  g_ptr_array_add (fixture->credentials, credential);
  return credential;
}

static void
begin (Fixture *fixture, guint failures)
{
  RollLogonBudgetOptions options = {
    .failures = failures,
    .window_ms = ROLL_LOGON_WINDOW_MS,
    .credentials = fixture->credentials,
    .others = count_others,
    .clock = get_time,
    .event = on_event,
    .user_data = fixture,
  };

  roll_logon_budget_free (fixture->budget);
  fixture->budget = roll_logon_budget_new (&options);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_mutex_init (&fixture->lock);
  fixture->now = 1000 * MINUTE;
  fixture->n_others = G_MAXINT;
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  fixture->events = g_ptr_array_new_with_free_func (g_free);
  begin (fixture, ROLL_LOGON_FAILURES);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  roll_logon_budget_free (fixture->budget);
  g_ptr_array_unref (fixture->credentials);
  g_ptr_array_unref (fixture->events);
  g_mutex_clear (&fixture->lock);
}

/* The address of PC<n>. */
static RollAddress
address_of (const char *computer)
{
  RollAddress address = { .family = AF_INET, .bytes = { 10, 0, 0, (guint8) computer[strlen (computer) - 1] } };

  return address;
}

static RollLogonPermission
enter (Fixture *fixture, RollCredential *credential, const char *computer, RollLogonUse *ret_use)
{
  RollAddress address = address_of (computer);
  g_autofree char *facts = NULL;

  return roll_logon_budget_enter (fixture->budget, credential, computer, &address, -1, 0, ret_use, &facts);
}

static RollLogonPermission
log_on (Fixture *fixture, RollCredential *credential, const char *computer, RollLogonOutcome outcome)
{
  RollLogonUse use;
  RollLogonPermission permission = enter (fixture, credential, computer, &use);

  if (permission != ROLL_LOGON_MAY)
    return permission;
  roll_logon_budget_report (&use, outcome);
  roll_logon_budget_leave (&use);
  return permission;
}

static void
assert_told (Fixture *fixture, guint n, const char *begins)
{
  g_assert_cmpuint (fixture->events->len, >, n);
  g_test_message ("%s", (char *) g_ptr_array_index (fixture->events, n));
  g_assert_true (g_str_has_prefix (g_ptr_array_index (fixture->events, n), begins));
}

/* --- Counting ---------------------------------------------------------------------------------------------------- */

static void
test_rests_after_two (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "Domain admin", "CORP\\scanner");
  RollAddress address = address_of ("PC3");
  g_autofree char *facts = NULL;
  RollLogonUse use;

  g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (roll_logon_budget_enter (fixture->budget, corp, "PC3", &address, -1, 0, &use, &facts), ==,
                   ROLL_LOGON_RESTS);
  g_assert_true (g_str_has_prefix (facts, "account=resting refused=2 by=PC1,PC2 until=2"));

  /* Told once, and at once. */
  g_assert_cmpuint (fixture->events->len, ==, 3);
  assert_told (fixture, 0, "logon-refused credential=Domain_admin by=PC1");
  assert_told (fixture, 1, "logon-refused credential=Domain_admin by=PC2");
  assert_told (fixture, 2, "account-resting credential=Domain_admin refused=2 by=PC1,PC2 until=");
}

static void
test_wakes_after_the_window (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED);
  fixture->now += 20 * MINUTE;
  log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED);
  fixture->now += 10 * MINUTE - 1;
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
  fixture->now += 1;
  /* One has been forgotten: one more may follow, not two. */
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC4", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
  assert_told (fixture, 3, "account-resting-over credential=corp");
  assert_told (fixture, 5, "account-resting credential=corp refused=2 by=PC2,PC3");
}

static void
test_limit_is_an_option (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  for (guint failures = 1; failures <= 5; failures++)
    {
      guint n = 0;

      begin (fixture, failures);
      while (log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED) == ROLL_LOGON_MAY)
        n++;
      g_assert_cmpuint (n, ==, failures);
    }
}

static void
test_success_clears (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED);
  log_on (fixture, corp, "PC2", ROLL_LOGON_ACCEPTED);
  assert_told (fixture, 1, "logon-accepted credential=corp by=PC2");
  fixture->now += 31 * MINUTE; /* as if it had never been used */
  log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED);
  g_assert_cmpint (log_on (fixture, corp, "PC4", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC5", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
}

/* A password that is right elsewhere: the computers are different, not the account. Until there are too many of them. */
static void
test_refusals_of_a_right_password (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  guint n = 0;

  log_on (fixture, corp, "PC1", ROLL_LOGON_ACCEPTED);
  for (guint i = 0; i < 100; i++)
    {
      for (guint j = 1; j < ROLL_LOGON_ROW * ROLL_LOGON_FAILURES; j++)
        g_assert_cmpint (log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
      g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
    }
  g_assert_cmpuint (fixture->events->len, ==, 0);
  while (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED) == ROLL_LOGON_MAY)
    n++;
  g_assert_cmpuint (n, ==, ROLL_LOGON_ROW * ROLL_LOGON_FAILURES);
  assert_told (fixture, 0, "account-resting credential=corp refused=20 reason=refused by=PC3 until=");
}

/* Both associations of a session are logons, but a refused first one has no second. */
static void
test_second_association (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  RollLogonUse use;

  enter (fixture, corp, "PC1", &use);
  roll_logon_budget_report (&use, ROLL_LOGON_ACCEPTED);
  roll_logon_budget_report (&use, ROLL_LOGON_ACCEPTED);
  roll_logon_budget_leave (&use);
  g_assert_cmpuint (fixture->events->len, ==, 0);
  enter (fixture, corp, "PC2", &use);
  roll_logon_budget_leave (&use);
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
}

static void
test_silence_counts_for_nothing (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  for (guint i = 0; i < 50; i++)
    g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_UNKNOWN), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_UNKNOWN), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
}

/* --- Accounts ---------------------------------------------------------------------------------------------------- */

static void
test_spellings_of_one_account (Fixture *fixture, gconstpointer data)
{
  static const char *const spellings[][2] = {
    { "CORP\\scanner", "corp\\SCANNER" },
    { "scanner@corp.example", "Scanner@CORP.EXAMPLE" },
    { "corp.example\\scanner", "scanner@corp.example" },
    { "CORP\\JÜRGEN", "corp\\jürgen" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (spellings); i++)
    {
      RollCredential *one = add (fixture, "one", spellings[i][0]), *other = add (fixture, "other", spellings[i][1]);

      begin (fixture, ROLL_LOGON_FAILURES);
      log_on (fixture, one, "PC1", ROLL_LOGON_REFUSED);
      log_on (fixture, other, "PC1", ROLL_LOGON_REFUSED);
      g_assert_cmpint (log_on (fixture, one, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
      g_assert_cmpint (log_on (fixture, other, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
    }
}

/* Known by a computer that says of its domain what both names are, before or after both were tried. */
static void
test_names_of_one_domain (Fixture *fixture, gconstpointer data)
{
  RollCredential *netbios = add (fixture, "netbios", "CORP\\scanner"), *dns = add (fixture, "dns", "Scanner@corp.example");
  RollCredential *other = add (fixture, "other", "CORP\\branch"), *far = add (fixture, "far", "scanner@far.example");

  for (guint refused_before = 0; refused_before <= ROLL_LOGON_FAILURES; refused_before++)
    {
      begin (fixture, ROLL_LOGON_FAILURES);
      for (guint i = 0; i < ROLL_LOGON_FAILURES; i++)
        {
          if (i == refused_before)
            roll_logon_budget_unite (fixture->budget, "corp", "CORP.example");
          log_on (fixture, i % 2 == 0 ? netbios : dns, "PC1", ROLL_LOGON_REFUSED);
        }
      roll_logon_budget_unite (fixture->budget, "CORP", "corp.example");
      roll_logon_budget_unite (fixture->budget, "FAR", "unknown.example");
      g_assert_cmpint (log_on (fixture, netbios, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
      g_assert_cmpint (log_on (fixture, dns, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
      g_assert_cmpint (log_on (fixture, other, "PC2", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
      g_assert_cmpint (log_on (fixture, far, "PC2", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
    }
}

/* Each is one attempt; together they would be one more than is borne. */
static void
test_united_while_both_are_tried (Fixture *fixture, gconstpointer data)
{
  RollCredential *netbios = add (fixture, "netbios", "CORP\\scanner"), *dns = add (fixture, "dns", "scanner@corp.example");
  g_autofree char *facts = NULL;
  RollLogonUse first, second;

  begin (fixture, 1);
  enter (fixture, netbios, "PC1", &first);
  enter (fixture, dns, "PC2", &second);
  g_assert_cmpint (roll_logon_budget_ask_again (&second, -1, 0, &facts), ==, ROLL_LOGON_MAY);
  roll_logon_budget_unite (fixture->budget, "CORP", "corp.example");
  g_assert_cmpint (roll_logon_budget_ask_again (&second, -1, 0, &facts), ==, ROLL_LOGON_BUSY);
  roll_logon_budget_leave (&second);
  g_assert_cmpint (roll_logon_budget_ask_again (&first, -1, 0, &facts), ==, ROLL_LOGON_MAY);
  roll_logon_budget_report (&first, ROLL_LOGON_REFUSED);
  g_assert_cmpint (enter (fixture, dns, "PC2", &second), ==, ROLL_LOGON_RESTS);
  roll_logon_budget_leave (&first);
  assert_told (fixture, 1, "account-resting credential=netbios refused=1 by=PC1 until=");
}

static void
test_other_accounts_go_on (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "OTHER\\scanner", "CORP\\branch", "scanner@corp.example", ".\\scanner" };
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED);
  log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      RollCredential *other = add (fixture, "other", others[i]);

      g_assert_cmpint (log_on (fixture, other, "PC1", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
      g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_RESTS);
    }
}

static void
test_local_accounts_are_each_computers_own (Fixture *fixture, gconstpointer data)
{
  RollCredential *local = add (fixture, "local", ".\\admin"), *same = add (fixture, "same", "Admin");
  RollLogonUse first, second;

  for (guint i = 1; i <= 9; i++)
    {
      g_autofree char *computer = g_strdup_printf ("PC%u", i);

      g_assert_cmpint (log_on (fixture, local, computer, ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
      g_assert_cmpint (log_on (fixture, same, computer, ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
      g_assert_cmpint (log_on (fixture, local, computer, ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
    }
  g_assert_cmpuint (fixture->events->len, ==, 0);

  /* Nor do they wait for each other. */
  begin (fixture, ROLL_LOGON_FAILURES);
  g_assert_cmpint (enter (fixture, local, "PC1", &first), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (enter (fixture, local, "PC2", &second), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, local, "PC1", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_BUSY);
  roll_logon_budget_leave (&first);
  roll_logon_budget_leave (&second);
}

/* The old password and the new one, say: the right one goes on, the wrong one is not tried on each computer. */
static void
test_two_passwords_of_one_account (Fixture *fixture, gconstpointer data)
{
  RollCredential *old = add (fixture, "old", "CORP\\scanner"), *new = add (fixture, "new", "CORP\\scanner");

  log_on (fixture, old, "PC1", ROLL_LOGON_REFUSED);
  log_on (fixture, new, "PC1", ROLL_LOGON_ACCEPTED);
  g_assert_cmpint (log_on (fixture, old, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpint (log_on (fixture, new, "PC2", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
      g_assert_cmpint (log_on (fixture, old, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
    }
}

static void
test_tickets_have_no_budget (Fixture *fixture, gconstpointer data)
{
  RollCredential *tickets = roll_credential_new ("tickets", NULL, NULL, NULL, NULL, NULL);

  g_ptr_array_add (fixture->credentials, tickets);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (log_on (fixture, tickets, "PC1", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
}

static void
test_what_a_domain_controller_says (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    RollLogonOutcome outcome;
    const char *reason;
  } cases[] = {
    { ROLL_LOGON_LOCKED, "locked" },
    { ROLL_LOGON_EXPIRED, "expired" },
    { ROLL_LOGON_NO_SUCH_ACCOUNT, "unknown" },
  };
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *told = g_strdup_printf ("account-resting credential=corp reason=%s by=PC2 until=", cases[i].reason);
      g_autofree char *notice = NULL;
      RollLogonUse other;

      begin (fixture, ROLL_LOGON_FAILURES);
      g_ptr_array_set_size (fixture->events, 0);
      log_on (fixture, corp, "PC1", ROLL_LOGON_ACCEPTED);
      enter (fixture, corp, "PC3", &other);
      g_assert_cmpint (log_on (fixture, corp, "PC2", cases[i].outcome), ==, ROLL_LOGON_MAY);
      g_assert_cmpint (log_on (fixture, corp, "PC4", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_RESTS);
      assert_told (fixture, 0, told);
      notice = roll_notice_text ("account-resting", strchr (g_ptr_array_index (fixture->events, 0), ' ') + 1);
      g_assert_nonnull (strstr (notice, "PC2"));

      /* Unlocked meanwhile: who was on the way learns it. */
      roll_logon_budget_report (&other, ROLL_LOGON_ACCEPTED);
      roll_logon_budget_leave (&other);
      assert_told (fixture, 2, "account-resting-over credential=corp");
      g_assert_cmpint (log_on (fixture, corp, "PC4", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
    }
}

/* --- One at a time ----------------------------------------------------------------------------------------------- */

static void
test_first_use_is_serialised (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  RollLogonUse uses[3];

  g_assert_cmpint (enter (fixture, corp, "PC1", &uses[0]), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (enter (fixture, corp, "PC2", &uses[1]), ==, ROLL_LOGON_BUSY);
  roll_logon_budget_report (&uses[0], ROLL_LOGON_ACCEPTED);
  /* Known to be right, while the first session still goes on. */
  g_assert_cmpint (enter (fixture, corp, "PC2", &uses[1]), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (enter (fixture, corp, "PC3", &uses[2]), ==, ROLL_LOGON_MAY);
  for (guint i = 0; i < G_N_ELEMENTS (uses); i++)
    roll_logon_budget_leave (&uses[i]);
}

/* A computer that hangs at the logon must not hold up all others; but what may come of it is reckoned with. */
static void
test_somebody_hangs (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  RollLogonUse first, second, third;

  enter (fixture, corp, "PC1", &first);
  fixture->now += ROLL_LOGON_PATIENCE_US - 1;
  g_assert_cmpint (enter (fixture, corp, "PC2", &second), ==, ROLL_LOGON_BUSY);
  fixture->now += 1;
  g_assert_cmpint (enter (fixture, corp, "PC2", &second), ==, ROLL_LOGON_MAY);
  fixture->now += 10 * ROLL_LOGON_PATIENCE_US;
  g_assert_cmpint (enter (fixture, corp, "PC3", &third), ==, ROLL_LOGON_BUSY);
  roll_logon_budget_report (&second, ROLL_LOGON_REFUSED);
  g_assert_cmpint (enter (fixture, corp, "PC3", &third), ==, ROLL_LOGON_BUSY);
  roll_logon_budget_report (&first, ROLL_LOGON_REFUSED);
  g_assert_cmpint (enter (fixture, corp, "PC3", &third), ==, ROLL_LOGON_RESTS);
  roll_logon_budget_leave (&first);
  roll_logon_budget_leave (&second);
}

/* --- Giving way: a computer outside of the domain can't tell whether the password is right ----------------------- */

typedef struct
{
  RollLogonUse use;
  RollLogonPermission permission;
  char *facts;
} Outsider;

static gpointer
give_way (gpointer data)
{
  Outsider *outsider = data;

  outsider->permission = roll_logon_budget_give_way (&outsider->use, -1, G_MAXUINT, G_MAXUINT, &outsider->facts);
  return NULL;
}

/* Somebody else gets in once the outsider waits. */
static void
enter_instead (Fixture *fixture, RollCredential *credential, const char *computer, RollLogonUse *ret_use)
{
  while (enter (fixture, credential, computer, ret_use) == ROLL_LOGON_BUSY)
    g_thread_yield ();
}

static void
test_outsider_hears_it_is_right (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  Outsider outsider = { { NULL } };
  RollLogonUse member;
  GThread *thread;

  enter (fixture, corp, "PC1", &outsider.use);
  thread = g_thread_new ("outsider", give_way, &outsider);
  enter_instead (fixture, corp, "PC2", &member);
  roll_logon_budget_report (&member, ROLL_LOGON_ACCEPTED);
  g_thread_join (thread);
  g_assert_cmpint (outsider.permission, ==, ROLL_LOGON_MAY);
  g_assert_false (outsider.use.trying);
  g_assert_cmpint (roll_logon_budget_give_way (&outsider.use, -1, G_MAXUINT, G_MAXUINT, &outsider.facts), ==, ROLL_LOGON_MAY);
  roll_logon_budget_leave (&outsider.use);
  roll_logon_budget_leave (&member);
}

static void
test_outsider_hears_it_is_wrong (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  Outsider outsider = { { NULL } };
  GThread *thread;

  enter (fixture, corp, "PC1", &outsider.use);
  thread = g_thread_new ("outsider", give_way, &outsider);
  for (guint i = 0; i < ROLL_LOGON_FAILURES; i++)
    {
      RollLogonUse member;

      enter_instead (fixture, corp, "PC2", &member);
      roll_logon_budget_report (&member, ROLL_LOGON_REFUSED);
      roll_logon_budget_leave (&member);
    }
  g_thread_join (thread);
  g_assert_cmpint (outsider.permission, ==, ROLL_LOGON_RESTS);
  g_assert_true (g_str_has_prefix (outsider.facts, "account=resting refused=2 by=PC2,PC2 until="));
  roll_logon_budget_leave (&outsider.use);
  g_free (outsider.facts);
}

/* Nobody else is there: it goes on after a while, still one at a time. */
static void
test_outsiders_only (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  g_autofree char *facts = NULL;
  RollLogonUse first, second;

  enter (fixture, corp, "PC1", &first);
  g_assert_cmpint (roll_logon_budget_give_way (&first, -1, 1, 1, &facts), ==, ROLL_LOGON_MAY);
  g_assert_true (first.trying);
  g_assert_cmpint (enter (fixture, corp, "PC2", &second), ==, ROLL_LOGON_BUSY);
  roll_logon_budget_leave (&first);
}

/* Nobody else can come, or all that can wait as well. */
static void
test_outsiders_alone (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner"), *branch = add (fixture, "branch", "CORP\\branch");
  Outsider outsider = { { NULL } };
  g_autofree char *facts = NULL;
  GThread *thread;
  RollLogonUse use;

  enter (fixture, corp, "PC1", &use);
  g_atomic_int_set (&fixture->n_others, 1);
  g_assert_cmpint (roll_logon_budget_give_way (&use, -1, G_MAXUINT, 0, &facts), ==, ROLL_LOGON_MAY);

  g_atomic_int_set (&fixture->n_others, 2);
  enter (fixture, branch, "PC2", &outsider.use);
  thread = g_thread_new ("outsider", give_way, &outsider);
  g_assert_cmpint (roll_logon_budget_give_way (&use, -1, G_MAXUINT, 0, &facts), ==, ROLL_LOGON_MAY);
  roll_logon_budget_leave (&use);
  g_atomic_int_set (&fixture->n_others, 1);
  g_thread_join (thread);
  g_assert_cmpint (outsider.permission, ==, ROLL_LOGON_MAY);
  roll_logon_budget_leave (&outsider.use);
}

static void
test_waiting_can_be_cancelled (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");
  RollAddress address = address_of ("PC2");
  int fd = eventfd (1, EFD_CLOEXEC);
  g_autofree char *facts = NULL;
  RollLogonUse first, second;

  enter (fixture, corp, "PC1", &first);
  g_assert_cmpint (roll_logon_budget_enter (fixture->budget, corp, "PC2", &address, fd, G_MAXUINT, &second, &facts), ==,
                   ROLL_LOGON_CANCELLED);
  roll_logon_budget_leave (&first);
  close (fd);
}

#define THREADS 32
#define COMPUTERS 4000

/* Sessions, and the directory: what it was sent. */
typedef struct
{
  Fixture *fixture;
  RollCredential *credential;
  gboolean right;
  int next;      /* atomic */
  int n_inside;  /* atomic */
  int n_refused; /* atomic */
  int n_rested;  /* atomic */
  int n_accepted; /* atomic */
} Crowd;

static void
visit (Crowd *crowd, const char *computer)
{
  RollAddress address = address_of (computer);
  g_autofree char *facts = NULL;
  RollLogonUse use;

  if (roll_logon_budget_enter (crowd->fixture->budget, crowd->credential, computer, &address, -1, G_MAXUINT, &use, &facts)
      == ROLL_LOGON_RESTS)
    {
      g_atomic_int_inc (&crowd->n_rested);
      return;
    }
  if (g_atomic_int_add (&crowd->n_inside, 1) > 0)
    g_assert_true (crowd->right);
  g_thread_yield ();
  g_atomic_int_inc (crowd->right ? &crowd->n_accepted : &crowd->n_refused);
  g_atomic_int_add (&crowd->n_inside, -1);
  roll_logon_budget_report (&use, crowd->right ? ROLL_LOGON_ACCEPTED : ROLL_LOGON_REFUSED);
  roll_logon_budget_leave (&use);
}

static gpointer
run_sessions (gpointer data)
{
  Crowd *crowd = data;

  for (int n = g_atomic_int_add (&crowd->next, 1); n < COMPUTERS; n = g_atomic_int_add (&crowd->next, 1))
    {
      g_autofree char *computer = g_strdup_printf ("PC%d", n);

      visit (crowd, computer);
    }
  return NULL;
}

static void
run_crowd (Crowd *crowd)
{
  GThread *threads[THREADS];

  for (guint i = 0; i < THREADS; i++)
    threads[i] = g_thread_new ("session", run_sessions, crowd);
  for (guint i = 0; i < THREADS; i++)
    g_thread_join (threads[i]);
}

static void
test_crowd_with_a_wrong_password (Fixture *fixture, gconstpointer data)
{
  Crowd crowd = { .fixture = fixture, .credential = add (fixture, "corp", "CORP\\scanner") };

  run_crowd (&crowd);
  g_assert_cmpint (crowd.n_refused, ==, ROLL_LOGON_FAILURES);
  g_assert_cmpint (crowd.n_rested, ==, COMPUTERS - ROLL_LOGON_FAILURES);
  g_assert_cmpuint (fixture->events->len, ==, 3);
}

static void
test_crowd_with_a_right_password (Fixture *fixture, gconstpointer data)
{
  Crowd crowd = { .fixture = fixture, .credential = add (fixture, "corp", "CORP\\scanner"), .right = TRUE };

  run_crowd (&crowd);
  g_assert_cmpint (crowd.n_accepted, ==, COMPUTERS);
  g_assert_cmpuint (fixture->events->len, ==, 0);
}

/* --- A resumed scan ---------------------------------------------------------------------------------------------- */

/* Gives a new budget what the last one told. @ago: how long that is past */
static void
resume (Fixture *fixture, gint64 ago)
{
  gint64 now = g_get_real_time ();
  g_autoptr (GPtrArray) events = g_steal_pointer (&fixture->events);

  fixture->events = g_ptr_array_new_with_free_func (g_free);
  begin (fixture, ROLL_LOGON_FAILURES);
  fixture->now += ago;
  for (guint i = 0; i < events->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (g_ptr_array_index (events, i), " ", 2);

      roll_logon_budget_restore (fixture->budget, parts[0], parts[1], now, now + ago);
    }
}

static void
test_budget_survives_the_program (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "Domain admin", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED);
  resume (fixture, MINUTE);
  g_assert_cmpint (log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
  assert_told (fixture, 1, "account-resting credential=Domain_admin refused=2 by=PC1,PC2");
}

static void
test_resting_survives_the_program (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED);
  log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED);
  resume (fixture, MINUTE);
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
  /* Who starts the program again hears it again. */
  assert_told (fixture, 0, "account-resting credential=corp refused=2 by=PC1,PC2");
  fixture->now += 29 * MINUTE;
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
}

static void
test_lock_survives_the_program (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_LOCKED);
  /* Told again each time; that does not make it longer. */
  for (guint i = 0; i < 2; i++)
    {
      resume (fixture, 10 * MINUTE);
      g_assert_cmpint (log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_RESTS);
      assert_told (fixture, 0, "account-resting credential=corp reason=locked by=PC1");
    }
}

static void
test_old_news_are_forgotten (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED);
  log_on (fixture, corp, "PC2", ROLL_LOGON_REFUSED);
  resume (fixture, 30 * MINUTE);
  g_assert_cmpint (log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
}

static void
test_acceptance_survives_the_program (Fixture *fixture, gconstpointer data)
{
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner");

  log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED);
  log_on (fixture, corp, "PC2", ROLL_LOGON_ACCEPTED);
  resume (fixture, MINUTE);
  log_on (fixture, corp, "PC3", ROLL_LOGON_REFUSED);
  g_assert_cmpint (log_on (fixture, corp, "PC4", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
}

/* What stands in the database may have been put there by anybody. */
static void
test_odd_news (Fixture *fixture, gconstpointer data)
{
  static const char *const news[][2] = {
    { "logon-refused", NULL },
    { "logon-refused", "credential=other by=PC1" },
    { "logon-refused", "credential=local by=PC1" },
    { "logon-accepted", "" },
    { "account-resting", "credential=corp reason=locked by=PC1" },
    { "account-resting", "credential=corp reason=locked by=PC1 until=then" },
    { "out-of-files", "credential=corp" },
  };
  RollCredential *corp = add (fixture, "corp", "CORP\\scanner"), *local = add (fixture, "local", ".\\scanner");
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < G_N_ELEMENTS (news); i++)
    for (guint times = 0; times < 3; times++)
      roll_logon_budget_restore (fixture->budget, news[i][0], news[i][1], now + MINUTE, now);
  g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
  g_assert_cmpint (log_on (fixture, local, "PC1", ROLL_LOGON_ACCEPTED), ==, ROLL_LOGON_MAY);
  begin (fixture, ROLL_LOGON_FAILURES);
  roll_logon_budget_restore (fixture->budget, "logon-refused", "credential=corp", now + MINUTE, now);
  g_assert_cmpint (log_on (fixture, corp, "PC1", ROLL_LOGON_REFUSED), ==, ROLL_LOGON_MAY);
  assert_told (fixture, 1, "account-resting credential=corp refused=2 by=?,PC1");
}

#define ADD(path, function) g_test_add ("/logon-budget/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("count/rests-after-two", test_rests_after_two);
  ADD ("count/wakes-after-the-window", test_wakes_after_the_window);
  ADD ("count/limit-is-an-option", test_limit_is_an_option);
  ADD ("count/success-clears", test_success_clears);
  ADD ("count/refusals-of-a-right-password", test_refusals_of_a_right_password);
  ADD ("count/second-association", test_second_association);
  ADD ("count/silence-counts-for-nothing", test_silence_counts_for_nothing);
  ADD ("accounts/spellings", test_spellings_of_one_account);
  ADD ("accounts/names-of-one-domain", test_names_of_one_domain);
  ADD ("accounts/united-while-both-are-tried", test_united_while_both_are_tried);
  ADD ("accounts/others-go-on", test_other_accounts_go_on);
  ADD ("accounts/local", test_local_accounts_are_each_computers_own);
  ADD ("accounts/two-passwords", test_two_passwords_of_one_account);
  ADD ("accounts/tickets", test_tickets_have_no_budget);
  ADD ("accounts/what-a-domain-controller-says", test_what_a_domain_controller_says);
  ADD ("one-at-a-time/first-use", test_first_use_is_serialised);
  ADD ("one-at-a-time/somebody-hangs", test_somebody_hangs);
  ADD ("one-at-a-time/outsider-hears-it-is-right", test_outsider_hears_it_is_right);
  ADD ("one-at-a-time/outsider-hears-it-is-wrong", test_outsider_hears_it_is_wrong);
  ADD ("one-at-a-time/outsiders-only", test_outsiders_only);
  ADD ("one-at-a-time/outsiders-alone", test_outsiders_alone);
  ADD ("one-at-a-time/cancelled", test_waiting_can_be_cancelled);
  ADD ("crowd/wrong-password", test_crowd_with_a_wrong_password);
  ADD ("crowd/right-password", test_crowd_with_a_right_password);
  ADD ("resume/budget", test_budget_survives_the_program);
  ADD ("resume/resting", test_resting_survives_the_program);
  ADD ("resume/lock", test_lock_survives_the_program);
  ADD ("resume/old-news", test_old_news_are_forgotten);
  ADD ("resume/acceptance", test_acceptance_survives_the_program);
  ADD ("resume/odd-news", test_odd_news);
  return g_test_run ();
}
