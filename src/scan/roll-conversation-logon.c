/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-conversation-private.h"

#include <string.h>

/* So long a session waits for another one that tries the account, before it makes room for other
 * computers. */
#define WAIT_MS 2000
/* So long, in all, a computer that can't tell whether passwords are right gives way to others. */
#define GIVE_WAY_US (5 * G_USEC_PER_SEC)

/* --- Permission
 * -------------------------------------------------------------------------------------------------- */

/* The next credential may be known to work. */
static void
pass_over (RollConversation *self, const RollLogon *logon, char *facts)
{
  GError *error = NULL;

  roll_conversation_begin_step (self);
  roll_conversation_note (self, "credential", logon->credential->name);
  roll_conversation_note_facts (self, facts);
  roll_rpc_set_error (&error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_ACCOUNT_RESTING,
                      ROLL_SAID_BY_THIS_MACHINE, "the account was refused elsewhere, and rests");
  roll_conversation_end_step (self, ROLL_STEP_AUTHENTICATE, error);
  /* Nobody was asked. */
  g_clear_pointer (&g_array_index (self->attempt->steps, RollStepRecord, self->attempt->steps->len - 1).peer, g_free);
}

static void
put_back (RollConversation *self)
{
  *self->end = (RollConversationEnd) {
    .verdict = { ROLL_STATUS_NOT_STARTED, ROLL_ACTION_OUR_FAULT },
    .put_back = TRUE,
  };
  self->over = TRUE;
}

static gboolean
take_permission (RollConversation *self, const RollLogon *logon, RollLogonPermission permission, char *facts)
{
  switch (permission)
    {
    case ROLL_LOGON_MAY:
      return TRUE;
    case ROLL_LOGON_RESTS:
      pass_over (self, logon, facts);
      return FALSE;
    case ROLL_LOGON_BUSY:
      put_back (self);
      return FALSE;
    case ROLL_LOGON_CANCELLED:
    default:
      self->end->cancelled = self->over = TRUE;
      return FALSE;
    }
}

/* What has been tried is not to be tried once more for having to wait. */
static guint
get_patience (RollConversation *self)
{
  return self->tried ? MAX (self->options->watchdog_ms, WAIT_MS) : WAIT_MS;
}

static gboolean
is_name (const char *name)
{
  return name != NULL && *name != '\0';
}

/* A member of a domain knows it by both names. */
static void
learn_domain (RollConversation *self)
{
  const RollNtlmChallenge *challenge = roll_dcom_get_challenge (self->dcom);

  if (challenge != NULL && is_name (challenge->nb_domain) && is_name (challenge->dns_domain))
    roll_logon_budget_unite (self->options->budget, challenge->nb_domain, challenge->dns_domain);
}

gboolean
roll_conversation_may_log_on (RollConversation *self, const RollLogon *logon)
{
  const RollConversationOptions *options = self->options;
  RollLogonPermission permission;
  char *facts = NULL;

  learn_domain (self);
  permission = roll_logon_budget_enter (options->budget, logon->credential, options->target, &options->address,
                                        options->cancel_fd, get_patience (self), &self->use, &facts);
  if (!take_permission (self, logon, permission, facts))
    return FALSE;
  self->tried = TRUE;
  return TRUE;
}

static gboolean
same_name (const char *a, const char *b)
{
  g_autofree char *folded_a = g_utf8_casefold (a, -1);
  g_autofree char *folded_b = g_utf8_casefold (b, -1);

  return strcmp (folded_a, folded_b) == 0;
}

/* A computer that is in no domain asks nobody about an account of one: its answer is about an account of
 * its own. */
static gboolean
is_decided_here (RollConversation *self, const RollLogon *logon)
{
  const RollNtlmChallenge *challenge = roll_dcom_get_challenge (self->dcom);
  const RollCredential *credential = logon->credential;

  if (logon->protocol != ROLL_PROTOCOL_NTLM || challenge == NULL || challenge->nb_domain == NULL
      || challenge->nb_computer == NULL || !same_name (challenge->nb_domain, challenge->nb_computer))
    return FALSE;
  return credential->realm != NULL
         || (credential->domain[0] != '\0' && !same_name (credential->domain, challenge->nb_computer));
}

static RollLogonPermission
give_way (RollConversation *self, char **ret_facts)
{
  gint64 begun = g_get_monotonic_time ();
  guint left_ms = (guint) ((GIVE_WAY_US - self->gave_way_us) / 1000);
  RollLogonPermission permission = roll_logon_budget_give_way (&self->use, self->options->cancel_fd, left_ms,
                                                               get_patience (self), ret_facts);

  self->gave_way_us = MIN (self->gave_way_us + g_get_monotonic_time () - begun, GIVE_WAY_US);
  return permission;
}

/* NTLM has told who is there, and its proof has not been sent yet. */
gboolean
roll_conversation_may_prove (RollConversation *self, const RollLogon *logon)
{
  RollLogonPermission permission;
  char *facts = NULL;

  learn_domain (self);
  permission = is_decided_here (self, logon) ? give_way (self, &facts)
                                             : roll_logon_budget_ask_again (&self->use, self->options->cancel_fd,
                                                                            get_patience (self), &facts);
  return take_permission (self, logon, permission, facts);
}

/* --- What the logon says of the account
 * -------------------------------------------------------------------------- */

static RollLogonOutcome
kdc_outcome (guint32 number)
{
  switch (number)
    {
    case 6: /* KDC_ERR_C_PRINCIPAL_UNKNOWN */
      return ROLL_LOGON_NO_SUCH_ACCOUNT;
    case 18: /* KDC_ERR_CLIENT_REVOKED */
      return ROLL_LOGON_LOCKED;
    case 23: /* KDC_ERR_KEY_EXPIRED */
      return ROLL_LOGON_EXPIRED;
    case 24: /* KDC_ERR_PREAUTH_FAILED */
      return ROLL_LOGON_REFUSED;
    default:
      return ROLL_LOGON_UNKNOWN;
    }
}

static RollLogonOutcome
kerberos_outcome (const GError *error)
{
  RollErrorNumber number = roll_rpc_error_get_number (error);
  RollLogonOutcome outcome = number.space == ROLL_ERROR_SPACE_KERBEROS ? kdc_outcome (number.number) : ROLL_LOGON_UNKNOWN;

  /* A computer that refuses a ticket does not doubt the password: it was right for the domain controller. */
  if (outcome == ROLL_LOGON_UNKNOWN && roll_rpc_error_get_said_by (error) == ROLL_SAID_BY_PEER)
    return ROLL_LOGON_ACCEPTED;
  return outcome;
}

/* Its proof goes with the first request: what was refused before is not the password. Nor is it when the
 * computer is too busy. */
static RollLogonOutcome
ntlm_outcome (gboolean answered, const GError *error)
{
  RollVerdict verdict = roll_verdict (ROLL_STEP_AUTHENTICATE, roll_rpc_error_get_number (error));

  return answered && verdict.action == ROLL_ACTION_NEXT_CREDENTIAL ? ROLL_LOGON_REFUSED : ROLL_LOGON_UNKNOWN;
}

void
roll_conversation_report_logon (RollConversation *self, const RollLogon *logon, gboolean answered, const GError *error)
{
  RollLogonOutcome outcome = ROLL_LOGON_UNKNOWN;

  if (answered && (error == NULL || g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_RESULT)))
    outcome = ROLL_LOGON_ACCEPTED;
  else if (g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_REFUSED))
    outcome = logon->protocol == ROLL_PROTOCOL_KERBEROS ? kerberos_outcome (error) : ntlm_outcome (answered, error);
  if (outcome != ROLL_LOGON_UNKNOWN && !is_decided_here (self, logon))
    roll_logon_budget_report (&self->use, outcome);
}

void
roll_conversation_end_logon (RollConversation *self)
{
  roll_logon_budget_leave (&self->use);
}
