/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-conversation-private.h"

#include <string.h>
#include <unistd.h>

#include "inventory/roll-detail.h"

#define SEC_E_TARGET_UNKNOWN 0x80090303
#define SEC_E_NO_AUTHENTICATING_AUTHORITY 0x80090311

/* One credential by one of its protocols. */
typedef struct
{
  RollCredential *credential;
  RollProtocol protocol;
} Way;

/* --- Ways to log on --------------------------------------------------------------------------------------------- */

static gboolean
allows (const RollCredential *credential, RollProtocol protocol)
{
  for (guint i = 0; credential->protocols[i] != 0; i++)
    if (credential->protocols[i] == protocol)
      return TRUE;
  return FALSE;
}

static void
add_ways (GArray *ways, RollCredential *credential)
{
  for (guint i = 0; credential->protocols[i] != 0; i++)
    g_array_append_val (ways, ((Way) { credential, credential->protocols[i] }));
}

/* Those that apply here, in order, but first the one that worked here before. */
static GArray *
list_ways (RollConversation *self)
{
  GArray *ways = g_array_new (FALSE, FALSE, sizeof (Way));
  GPtrArray *credentials = self->options->credentials;

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < credentials->len; i++)
      {
        RollCredential *credential = g_ptr_array_index (credentials, i);
        gboolean first = g_strcmp0 (credential->name, self->plan->credential) == 0;

        if (first == (pass == 0) && roll_credential_applies (credential, self->options->target, &self->options->address))
          add_ways (ways, credential);
      }
  return ways;
}

static gboolean
have_way_by (GArray *ways, RollProtocol protocol)
{
  for (guint i = 0; i < ways->len; i++)
    if (g_array_index (ways, Way, i).protocol == protocol)
      return TRUE;
  return FALSE;
}

/* --- The computer's full name, which Kerberos needs ------------------------------------------------------------- */

static gboolean
is_full_name (const char *name)
{
  RollAddress address;

  return name != NULL && strchr (name, '.') != NULL && !roll_address_parse (name, &address);
}

/* As the name server knows it: with the search domain that fitted. */
static char *
find_resolved_name (RollAttempt *attempt)
{
  for (guint i = attempt->steps->len; i > 0; i--)
    {
      RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i - 1);
      g_autofree char *name = NULL;

      if (record->step != ROLL_STEP_RESOLVE || record->error.space != ROLL_ERROR_SPACE_NONE)
        continue;
      name = roll_detail_get (record->detail, "name");
      if (is_full_name (name))
        return g_steal_pointer (&name);
    }
  return NULL;
}

static char *
find_full_name (RollConversation *self)
{
  const RollNtlmChallenge *challenge = roll_dcom_get_challenge (self->dcom);
  char *name;

  if (is_full_name (self->options->target))
    return g_strdup (self->options->target);
  name = find_resolved_name (self->attempt);
  if (name == NULL && challenge != NULL && is_full_name (challenge->dns_computer))
    name = g_strdup (challenge->dns_computer);
  return name;
}

/* --- The steps -------------------------------------------------------------------------------------------------- */

static gboolean
greet (RollConversation *self, int socket)
{
  g_autoptr (GError) error = NULL;
  RollVerdict verdict;

  roll_conversation_begin_step (self);
  if (roll_dcom_negotiate (self->dcom, socket, &error))
    {
      RollComVersion version = roll_dcom_get_version (self->dcom);
      g_autofree char *text = g_strdup_printf ("%u.%u", version.major, version.minor);

      roll_conversation_note (self, "com", text);
      roll_conversation_note_names (self);
      return roll_conversation_end_step (self, ROLL_STEP_NEGOTIATE, NULL);
    }
  /* Where the anonymous greeting is refused, the logon may still be welcome. */
  verdict = roll_verdict (ROLL_STEP_NEGOTIATE, roll_rpc_error_get_number (error));
  if (verdict.action != ROLL_ACTION_CLASS_RESULT)
    return roll_conversation_end_step (self, ROLL_STEP_NEGOTIATE, g_steal_pointer (&error));
  roll_conversation_record (self, ROLL_STEP_NEGOTIATE, error);
  return TRUE;
}

/* Only where Kerberos is to be used and the name is not known; and never where NTLM is not to be used. */
static gboolean
ask_name (RollConversation *self, GArray *ways)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = find_full_name (self);

  if (name != NULL || !have_way_by (ways, ROLL_PROTOCOL_KERBEROS) || !have_way_by (ways, ROLL_PROTOCOL_NTLM))
    return TRUE;
  roll_conversation_begin_step (self);
  roll_dcom_ask_name (self->dcom, &error);
  if (g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_CANCELLED))
    return roll_conversation_end_step (self, ROLL_STEP_NEGOTIATE, g_steal_pointer (&error));
  roll_conversation_note_computer (self);
  roll_conversation_record (self, ROLL_STEP_NEGOTIATE, error);
  return TRUE;
}

/* Kerberos is passed over where something is missing for it on this side and NTLM comes anyway: what, or NULL. */
static const char *
kerberos_lacks (const RollLogon *logon, const GError *error)
{
  RollErrorNumber number = roll_rpc_error_get_number (error);

  if (logon->protocol != ROLL_PROTOCOL_KERBEROS || !allows (logon->credential, ROLL_PROTOCOL_NTLM)
      || number.space != ROLL_ERROR_SPACE_HRESULT || roll_rpc_error_get_said_by (error) != ROLL_SAID_BY_THIS_MACHINE)
    return NULL;
  switch (number.number)
    {
    case SEC_E_TARGET_UNKNOWN:
      return "no-name";
    case SEC_E_NO_AUTHENTICATING_AUTHORITY:
      return "no-realm";
    default:
      return NULL;
    }
}

static gboolean
authenticate (RollConversation *self, const RollLogon *logon)
{
  g_autoptr (GError) error = NULL;

  roll_conversation_begin_step (self);
  roll_conversation_note (self, "credential", logon->credential->name);
  roll_conversation_note (self, "protocol", logon->protocol == ROLL_PROTOCOL_KERBEROS ? "kerberos" : "ntlm");
  roll_conversation_note (self, "account", roll_credential_kind_id (logon->credential));
  roll_conversation_note (self, "kerberos", self->lacking);
  self->lacking = NULL;
  if (!roll_dcom_authenticate (self->dcom, logon, &error))
    self->lacking = kerberos_lacks (logon, error);
  if (self->lacking != NULL)
    return FALSE;
  roll_conversation_report_logon (self, logon, logon->protocol == ROLL_PROTOCOL_KERBEROS, error);
  roll_conversation_note_computer (self);
  return roll_conversation_end_step (self, ROLL_STEP_AUTHENTICATE, g_steal_pointer (&error));
}

static gboolean
activate (RollConversation *self, const RollLogon *logon)
{
  GError *error = NULL;

  roll_conversation_begin_step (self);
  roll_dcom_activate (self->dcom, &error);
  roll_conversation_report_logon (self, logon, TRUE, error);
  return roll_conversation_end_step (self, ROLL_STEP_ACTIVATE, error);
}

static gboolean
connect_object (RollConversation *self)
{
  GError *error = NULL;

  roll_conversation_begin_step (self);
  roll_dcom_connect_object (self->dcom, &error);
  return roll_conversation_end_step (self, ROLL_STEP_CONNECT_OBJECT, error);
}

static gboolean
authenticate_object (RollConversation *self, const RollLogon *logon)
{
  GError *error = NULL;

  roll_conversation_begin_step (self);
  roll_dcom_authenticate_object (self->dcom, logon, &error);
  roll_conversation_report_logon (self, logon, FALSE, error);
  return roll_conversation_end_step (self, ROLL_STEP_AUTHENTICATE_OBJECT, error);
}

static gboolean
login_cimv2 (RollConversation *self, const RollLogon *logon)
{
  RollNamespace *namespace_ = g_new0 (RollNamespace, 1);
  GError *error = NULL;

  roll_conversation_begin_step (self);
  namespace_->name = ROLL_NAMESPACE_CIMV2;
  namespace_->wmi = roll_wmi_login (self->dcom, namespace_->name, &error);
  roll_conversation_report_logon (self, logon, TRUE, error);
  g_ptr_array_add (self->namespaces, namespace_);
  return roll_conversation_end_step (self, ROLL_STEP_LOGIN_CIMV2, error);
}

static gboolean
log_on (RollConversation *self, const RollLogon *logon)
{
  gboolean logged_on = authenticate (self, logon) && roll_conversation_may_prove (self, logon) && activate (self, logon)
                       && connect_object (self) && authenticate_object (self, logon) && login_cimv2 (self, logon);

  roll_conversation_end_logon (self);
  return logged_on;
}

/* --- All of it -------------------------------------------------------------------------------------------------- */

/* What the account itself is said to be: another protocol would hear the same, and count as one more bad logon. */
static gboolean
is_about_account (const RollFailure *failure)
{
  if (failure->step >= ROLL_STEP_ACTIVATE && failure->step != ROLL_STEP_AUTHENTICATE_OBJECT)
    return TRUE;
  if (failure->error.space != ROLL_ERROR_SPACE_KERBEROS)
    return FALSE;
  switch (failure->error.number)
    {
    case 6:  /* KDC_ERR_C_PRINCIPAL_UNKNOWN */
    case 12: /* KDC_ERR_POLICY */
    case 18: /* KDC_ERR_CLIENT_REVOKED */
    case 23: /* KDC_ERR_KEY_EXPIRED */
    case 24: /* KDC_ERR_PREAUTH_FAILED */
      return TRUE;
    default:
      return FALSE;
    }
}

static void
forget_logon (RollConversation *self)
{
  g_ptr_array_set_size (self->namespaces, 0);
}

static void
read_classes (RollConversation *self)
{
  guint *n_reading = self->options->n_reading;

  if (n_reading != NULL)
    g_atomic_int_inc (n_reading);
  roll_conversation_take_inventory (self);
  if (n_reading != NULL)
    g_atomic_int_add (n_reading, -1);
}

/* Returns: whether the same credential need not be tried by another protocol. */
static gboolean
try_way (RollConversation *self, const Way *way)
{
  g_autofree char *host = find_full_name (self);
  RollLogon logon = {
    .credential = way->credential,
    .protocol = way->protocol,
    .host = host,
    .cancel_fd = self->options->cancel_fd,
    .timeout_ms = self->options->watchdog_ms,
  };

  if (!roll_conversation_may_log_on (self, &logon))
    return TRUE;
  self->last = (RollFailure) { ROLL_STEP_NONE };
  if (!self->logged_on && g_strcmp0 (self->plan->credential, way->credential->name) != 0)
    {
      g_free (self->plan->credential);
      self->plan->credential = g_strdup (way->credential->name);
    }
  if (!log_on (self, &logon))
    return is_about_account (&self->last);
  self->logged_on = TRUE;
  if (!self->options->login_only)
    read_classes (self);
  return TRUE;
}

static gboolean
has_what_it_came_for (const RollConversation *self)
{
  return self->options->login_only ? self->logged_on : self->plan->n_left == 0;
}

static void
try_ways (RollConversation *self, GArray *ways)
{
  const RollCredential *done_with = NULL;

  for (guint i = 0; i < ways->len && !self->over && !has_what_it_came_for (self); i++)
    {
      const Way *way = &g_array_index (ways, Way, i);

      if (way->credential == done_with)
        continue;
      if (try_way (self, way))
        done_with = way->credential;
      forget_logon (self);
    }
}

/* There was nothing left to ask, or nobody to ask as. */
static void
conclude (RollConversation *self)
{
  if (self->over || (!self->logged_on && self->plan->n_left > 0))
    return;
  if (self->options->login_only)
    {
      *self->end = (RollConversationEnd) { .verdict = { ROLL_STATUS_SUCCESS, ROLL_ACTION_FINISH } };
      return;
    }
  roll_conversation_settle_rest (self);
  *self->end = (RollConversationEnd) { .verdict = { roll_plan_get_status (self->plan), ROLL_ACTION_FINISH } };
  if (self->end->verdict.status != ROLL_STATUS_SUCCESS)
    self->end->failure = self->plan->failure;
}

void
roll_converse (const RollConversationOptions *options, int socket, RollPlan *plan, RollAttempt *attempt,
               RollConversationEnd *ret_end)
{
  RollDcomTarget target = {
    .address = options->address,
    .port = options->port,
    .connect_timeout_ms = options->connect_timeout_ms,
    .watchdog_ms = options->watchdog_ms,
    .cancel_fd = options->cancel_fd,
    .classes = options->classes,
  };
  RollConversation self = {
    .options = options,
    .plan = plan,
    .attempt = attempt,
    .end = ret_end,
    .dcom = roll_dcom_new (&target),
    .namespaces = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_namespace_free),
    .notes = g_ptr_array_new_with_free_func (g_free),
    .room = ROLL_COLLECT_ROOM,
  };
  g_autoptr (GArray) ways = list_ways (&self);

  *ret_end = (RollConversationEnd) {
    .verdict = { ROLL_STATUS_NO_CREDENTIALS, ROLL_ACTION_FINISH },
    .failure.error = { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_CREDENTIALS },
  };
  if (ways->len == 0)
    close (socket);
  else if (greet (&self, socket) && ask_name (&self, ways))
    try_ways (&self, ways);
  conclude (&self);
  if (!self.over)
    roll_dcom_release (self.dcom);
  g_ptr_array_unref (self.namespaces);
  g_ptr_array_unref (self.notes);
  roll_dcom_free (self.dcom);
}
