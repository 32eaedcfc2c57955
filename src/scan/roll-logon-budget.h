/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-credential.h"

G_BEGIN_DECLS

/*
 * Keeps accounts from being locked out. A directory locks an account after a few wrong passwords, on
 * whichever computers they were tried; so refused logons are counted for each account over the whole scan,
 * and at a limit the account rests until the oldest of them is as old as the window. Whose password is not
 * known to be right is tried by one session at a time.
 *
 * An account is what a directory would lock: DOMAIN\user or user@realm, in any case of letters;
 * corp.example\user is user@corp.example, and CORP\user as well once it is known that CORP is corp.example,
 * until when it is taken for another account. A local account is another one on each computer. The ticket cache has no password that could be wrong: it is never refused an
 * attempt.
 *
 * A refusal counts while the password has not been accepted anywhere within the window. An accepted logon
 * clears the count of that password, not of another one for the same account. Once it was accepted, a refusal
 * says something of the computer that refused: only many in a row, ROLL_LOGON_ROW times the limit, are taken
 * for a change of the account. (A directory does not count the previous password of an account as a bad
 * logon.) That the account is locked, expired or unknown makes it rest at once.
 *
 * Any thread; locked inside.
 */
typedef struct _RollLogonBudget RollLogonBudget;

#define ROLL_LOGON_FAILURES 2
#define ROLL_LOGON_FAILURES_MAX 100
#define ROLL_LOGON_WINDOW_MS (30 * 60 * 1000)
#define ROLL_LOGON_ROW 10
/* When the session that tries an account has heard nothing for so long, another one may try as well,
 * within the limit. */
#define ROLL_LOGON_PATIENCE_US (5 * G_USEC_PER_SEC)

/**
 * RollLogonBudgetOptions:
 * @credentials: (element-type RollCredential): all of the scan
 * @others: (nullable): how many computers may still ask, at most, those that do so now among them; NULL:
 * always others. On any thread, under a lock
 * @clock: (nullable): monotonic microseconds; NULL: g_get_monotonic_time()
 * @event: what happened: for the journal, and for roll_notice_text(). On any thread, not under a lock:
 * "logon-refused", "logon-accepted" (after a refusal), with credential= and by=, so that a resumed scan
 * knows; "account-resting", also with refused=, reason= and until=, and "account-resting-over", both with label=,
 * escaped as in a URI, where the credential's name is not a fact as it stands
 */
typedef struct
{
  guint failures;
  guint window_ms;
  GPtrArray *credentials;
  guint (*others) (gpointer user_data);
  gint64 (*clock) (gpointer user_data);
  void (*event) (const char *kind, const char *detail, gpointer user_data);
  gpointer user_data;
} RollLogonBudgetOptions;

RollLogonBudget *roll_logon_budget_new (const RollLogonBudgetOptions *options);
void roll_logon_budget_free (RollLogonBudget *self); /* nobody is in it any more */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollLogonBudget, roll_logon_budget_free)

/**
 * roll_logon_budget_restore: takes an event of an earlier run into account; in order, before the first
 * attempt.
 * @at, @now: wall clock, microseconds
 */
void roll_logon_budget_restore (RollLogonBudget *self, const char *kind, const char *detail, gint64 at, gint64 now);

/**
 * roll_logon_budget_unite: @netbios, CORP, and @dns, corp.example, are two names of one domain: what was
 * counted for CORP\user and for user@corp.example is one account's from now on. Who says so need not be
 * believed: the worst that a lie does is that more logons wait.
 */
void roll_logon_budget_unite (RollLogonBudget *self, const char *netbios, const char *dns);

typedef enum
{
  ROLL_LOGON_MAY,       /* go on */
  ROLL_LOGON_RESTS,     /* not before the account has rested */
  ROLL_LOGON_BUSY,      /* somebody else tries whether the password is right, and has not heard yet */
  ROLL_LOGON_CANCELLED,
} RollLogonPermission;

/* What a logon says of the account. */
typedef enum
{
  ROLL_LOGON_UNKNOWN,  /* nothing: it was not sent, not answered, or decided by somebody who does not know the account */
  ROLL_LOGON_ACCEPTED,
  ROLL_LOGON_REFUSED,  /* a proof of the password was sent and not accepted */
  ROLL_LOGON_LOCKED,   /* or disabled */
  ROLL_LOGON_EXPIRED,  /* the account or its password */
  ROLL_LOGON_NO_SUCH_ACCOUNT,
} RollLogonOutcome;

/* One session's use of an account, from the permission on. */
typedef struct
{
  RollLogonBudget *budget;
  gpointer account; /* NULL: none that could be locked */
  RollCredential *credential;
  char *computer;
  gboolean trying;  /* whether the password is right */
  gboolean outside; /* it gave way */
  guint n_united;   /* of the account, when permission was given */
} RollLogonUse;

/**
 * roll_logon_budget_enter: asks for permission to log on; waits while another session tries the account.
 * @computer: as the user gave it
 * @cancel_fd: once it is readable, waiting ends with CANCELLED; -1: none
 * @wait_ms: no longer than this; then BUSY
 * @ret_use: on MAY: to be given to roll_logon_budget_leave() in any case
 * @ret_facts: (transfer full): on RESTS: "account=resting refused=2 by=PC1,PC2 until=2031-01-17T10:00:00Z",
 *   for evidence
 */
RollLogonPermission roll_logon_budget_enter (RollLogonBudget *self, RollCredential *credential, const char *computer,
                                             const RollAddress *address, int cancel_fd, guint wait_ms,
                                             RollLogonUse *ret_use, char **ret_facts);

/**
 * roll_logon_budget_give_way: for a computer that can't tell whether the password is right, as it does not
 * ask the account's domain: lets others find out, for @others_ms at most, and not when there are no others.
 * Then it asks anew, for @wait_ms. Before the proof of the password is sent; does nothing when it is known to
 * be right.
 *
 * Returns: as roll_logon_budget_enter(); @use is to be left whatever it is
 */
RollLogonPermission roll_logon_budget_give_way (RollLogonUse *use, int cancel_fd, guint others_ms, guint wait_ms,
                                                char **ret_facts);

/**
 * roll_logon_budget_ask_again: before the proof of the password is sent: asks anew where the account was
 * united with another one meanwhile; else the permission stands.
 *
 * Returns: as roll_logon_budget_enter(); @use is to be left whatever it is
 */
RollLogonPermission roll_logon_budget_ask_again (RollLogonUse *use, int cancel_fd, guint wait_ms, char **ret_facts);

/* Tells what came of it, as soon as it is known: others wait for that. Again for every further association
 * of the same session. */
void roll_logon_budget_report (RollLogonUse *use, RollLogonOutcome outcome);

/* How many sessions wait for an account, and the name of the credential that was waited for last. (transfer full) (nullable) */
guint roll_logon_budget_get_waiting (RollLogonBudget *self, char **ret_name);

/* The end of the session's logons with this account; @use is cleared. */
void roll_logon_budget_leave (RollLogonUse *use);

G_END_DECLS
