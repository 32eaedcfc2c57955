/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "diagnosis/roll-diagnosis-private.h"
#include "inventory/roll-address.h"
#include "inventory/roll-detail.h"

#define ERROR_ACCESS_DENIED 5

static const RollStepRecord *
get_step (const RollAttempt *attempt, guint i)
{
  return &g_array_index (attempt->steps, RollStepRecord, i);
}

static gboolean
failed (const RollStepRecord *record)
{
  return record->error.space != ROLL_ERROR_SPACE_NONE;
}

static gboolean
same_error (RollErrorNumber a, RollErrorNumber b)
{
  return a.space == b.space && a.number == b.number;
}

static void
set_word_from (RollFactSet *facts, RollFactId id, const char *detail, const char *key)
{
  g_autofree char *value = roll_detail_get (detail, key);

  roll_fact_set_word (facts, id, value);
}

static void
set_text_from (RollFactSet *facts, RollFactId id, const char *detail, const char *key)
{
  g_autofree char *value = roll_detail_get (detail, key);

  roll_fact_set_text (facts, id, value);
}

/* --- Where it ended ------------------------------------------------------------------------------------------------- */

/* @record: (nullable): of the address that the result is about, where several were tried */
static gboolean
is_about (const RollStepRecord *record, const char *address)
{
  return record->step != ROLL_STEP_CONNECT || record->peer == NULL || strstr (record->peer, address) != NULL;
}

/* Returns: the place of the record that says how the attempt ended; -1: none */
static int
find_failing (const RollComputer *computer, const RollAttempt *attempt)
{
  char buffer[ROLL_ADDRESS_STRLEN];
  const char *address = roll_address_format (&computer->address, buffer);

  for (guint i = attempt->steps->len; i > 0; i--)
    {
      const RollStepRecord *record = get_step (attempt, i - 1);

      if (record->step == computer->step && same_error (record->error, computer->error) && is_about (record, address))
        return (int) i - 1;
    }
  return -1;
}

static void
add_failing (const RollStepRecord *record, RollFactSet *facts)
{
  roll_fact_set_word (facts, ROLL_FACT_SAID_BY, roll_said_by_id (record->said_by));
  roll_fact_set_duration (facts, ROLL_FACT_ELAPSED, record->duration_us);
  set_text_from (facts, ROLL_FACT_ICMP, record->detail, "icmp");
  set_text_from (facts, ROLL_FACT_ICMP6, record->detail, "icmp6");
  set_word_from (facts, ROLL_FACT_ROUTE, record->detail, "route");
  set_word_from (facts, ROLL_FACT_SCOPE, record->detail, "scope");
  set_word_from (facts, ROLL_FACT_NEIGHBOUR, record->detail, "neighbour");
  set_word_from (facts, ROLL_FACT_GATEWAY, record->detail, "gateway");
}

/* --- The computer, as it introduced itself --------------------------------------------------------------------------- */

static void
add_clock (const RollStepRecord *record, RollFactSet *facts)
{
  g_autofree char *text = roll_detail_get (record->detail, "clock");
  g_autoptr (GDateTime) clock = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (clock != NULL)
    roll_fact_set_duration (facts, ROLL_FACT_CLOCK_SKEW,
                            g_date_time_to_unix (clock) * G_USEC_PER_SEC
                                - (record->started_at + record->duration_us));
}

static gboolean
ends_with_domain (const char *name, const char *domain)
{
  gsize length = strlen (name), tail = strlen (domain);

  return length >= tail && g_ascii_strcasecmp (name + length - tail, domain) == 0
         && (length == tail || name[length - tail - 1] == '.');
}

/* The DNS name may be in a domain below that of the directory. A name without dots is a workgroup, or short. */
static void
add_domain (const RollComputer *computer, const char *domain, RollFactSet *facts)
{
  const char *dot = strchr (computer->target, '.');
  RollAddress address;

  if (dot == NULL || strchr (domain, '.') == NULL || roll_address_parse (computer->target, &address))
    return;
  roll_fact_set_flag (facts, ROLL_FACT_DOMAIN_MISMATCH, !ends_with_domain (dot + 1, domain));
}

static void
add_introduction (const RollComputer *computer, const RollStepRecord *record, RollFactSet *facts)
{
  g_autofree char *name = roll_detail_get (record->detail, "computer");
  g_autofree char *build = roll_detail_get (record->detail, "build");
  g_autofree char *domain = roll_detail_get (record->detail, "domain");
  g_autofree char *differs = roll_detail_get (record->detail, "differs-from");
  guint64 number = 0;

  if (name == NULL)
    return;
  if (build != NULL)
    g_ascii_string_to_unsigned (build, 10, 0, G_MAXUINT32, &number, NULL);
  roll_fact_set_word (facts, ROLL_FACT_OS, number > 0 ? "windows" : "other");
  if (number > 0)
    roll_fact_set_number (facts, ROLL_FACT_OS_BUILD, (gint64) number);
  roll_fact_set_flag (facts, ROLL_FACT_NAME_MISMATCH, differs != NULL);
  if (domain != NULL)
    add_domain (computer, domain, facts);
  add_clock (record, facts);
}

/* Names and addresses it offers: only addresses can be compared with the one that answered. */
static void
add_bindings (const RollComputer *computer, const RollStepRecord *record, RollFactSet *facts)
{
  g_autofree char *names = roll_detail_get (record->detail, "names");
  g_auto (GStrv) list = g_strsplit (names != NULL ? names : "", ",", -1);
  gboolean any = FALSE, own = FALSE;

  for (char **name = list; *name != NULL; name++)
    {
      RollAddress address;

      if (!roll_address_parse (*name, &address))
        continue;
      any = TRUE;
      own = own || roll_address_equal (&address, &computer->address);
    }
  if (any)
    roll_fact_set_flag (facts, ROLL_FACT_FOREIGN_BINDINGS, !own);
}

static gboolean
is_access_denied (RollErrorNumber error)
{
  return (error.space == ROLL_ERROR_SPACE_WIN32 || error.space == ROLL_ERROR_SPACE_NCA)
             ? error.number == ERROR_ACCESS_DENIED
             : error.space == ROLL_ERROR_SPACE_HRESULT && error.number == 0x80070005;
}

static void
add_greeting (const RollComputer *computer, const RollStepRecord *record, RollFactSet *facts)
{
  if (!failed (record))
    roll_fact_set_word (facts, ROLL_FACT_ANONYMOUS, "accepted");
  else if (is_access_denied (record->error))
    roll_fact_set_word (facts, ROLL_FACT_ANONYMOUS, "refused");
  add_bindings (computer, record, facts);
}

/* "10.1.2.3:49670", "[fe80::1]:49670" */
static void
add_object_port (const RollStepRecord *record, RollFactSet *facts)
{
  const char *colon = record->peer != NULL ? strrchr (record->peer, ':') : NULL;
  guint16 port;

  if (colon != NULL && roll_port_parse (colon + 1, &port))
    roll_fact_set_number (facts, ROLL_FACT_DYNAMIC_PORT, port);
}

/* The name's addresses, as one name server gave them. */
static void
add_addresses (const RollStepRecord *record, RollFactSet *facts)
{
  g_autofree char *answers = roll_detail_get (record->detail, "answers");
  gint64 n = 1;

  if (answers == NULL)
    return;
  for (const char *p = answers; *p != '\0'; p++)
    n += *p == ',';
  roll_fact_set_number (facts, ROLL_FACT_ADDRESSES, n);
}

/* --- Logons ---------------------------------------------------------------------------------------------------------- */

static gboolean
is_refusal (const RollStepRecord *record)
{
  return failed (record) && record->error.space != ROLL_ERROR_SPACE_ENGINE
         && roll_verdict (record->step, record->error).action == ROLL_ACTION_NEXT_CREDENTIAL;
}

/* One that worked says more than one that did not, of another account or another time. */
static void
set_answer (RollFactSet *facts, RollFactId id, gboolean accepted)
{
  if (accepted || !roll_fact_set_has (facts, id))
    roll_fact_set_word (facts, id, accepted ? "accepted" : "refused");
}

/* A logon is known to be accepted once something came after it. */
static void
add_logon (const RollAttempt *attempt, guint i, RollFactSet *facts)
{
  const RollStepRecord *record = get_step (attempt, i);
  g_autofree char *protocol = roll_detail_get (record->detail, "protocol");
  g_autofree char *account = roll_detail_get (record->detail, "account");
  gboolean accepted = !failed (record) && i + 1 < attempt->steps->len
                      && get_step (attempt, i + 1)->step == ROLL_STEP_ACTIVATE
                      && (!failed (get_step (attempt, i + 1)) || is_refusal (get_step (attempt, i + 1)));

  if (!accepted && !is_refusal (record))
    return;
  if (g_strcmp0 (protocol, "kerberos") == 0)
    set_answer (facts, ROLL_FACT_KERBEROS, accepted);
  else if (g_strcmp0 (protocol, "ntlm") == 0)
    set_answer (facts, ROLL_FACT_NTLM, accepted);
  if (g_strcmp0 (account, "domain") == 0)
    set_answer (facts, ROLL_FACT_DOMAIN_ACCOUNTS, accepted);
  else if (account != NULL)
    set_answer (facts, ROLL_FACT_LOCAL_ACCOUNTS, accepted);
}

/* Where the logon begins that the step at @i is part of; -1: none. */
static int
find_logon (const RollAttempt *attempt, int i)
{
  for (; i >= 0; i--)
    if (get_step (attempt, (guint) i)->step == ROLL_STEP_AUTHENTICATE)
      return i;
  return -1;
}

/* All that this account heard: the domain controller may have been clearer than the computer was in the end. */
static void
add_errors_of_account (const RollAttempt *attempt, const char *credential, RollFactSet *facts)
{
  gboolean ours = FALSE;

  for (guint i = 0; i < attempt->steps->len; i++)
    {
      const RollStepRecord *record = get_step (attempt, i);
      g_autofree char *other = roll_detail_get (record->detail, "credential");

      if (record->step == ROLL_STEP_AUTHENTICATE)
        ours = other != NULL && strcmp (other, credential) == 0;
      if (ours && failed (record))
        roll_fact_set_error (facts, ROLL_FACT_ERROR, record->error);
    }
}

static void
add_account (const RollAttempt *attempt, int failing, RollFactSet *facts)
{
  int logon = find_logon (attempt, failing >= 0 ? failing : (int) attempt->steps->len - 1);
  const RollStepRecord *record = logon >= 0 ? get_step (attempt, (guint) logon) : NULL;
  g_autofree char *credential = record != NULL ? roll_detail_get (record->detail, "credential") : NULL;

  if (record == NULL)
    return;
  set_word_from (facts, ROLL_FACT_ACCOUNT, record->detail, "account");
  set_word_from (facts, ROLL_FACT_PROTOCOL, record->detail, "protocol");
  /* Every call that follows a logon is encrypted: there is no other way in this program. */
  roll_fact_set_word (facts, ROLL_FACT_PROTECTION, "privacy");
  if (credential != NULL)
    add_errors_of_account (attempt, credential, facts);
}

/* --- All attempts ---------------------------------------------------------------------------------------------------- */

static void
add_record (const RollComputer *computer, const RollAttempt *attempt, guint i, RollFactSet *facts)
{
  const RollStepRecord *record = get_step (attempt, i);

  add_introduction (computer, record, facts);
  switch ((int) record->step)
    {
    case ROLL_STEP_RESOLVE:
      add_addresses (record, facts);
      break;
    case ROLL_STEP_NEGOTIATE:
      add_greeting (computer, record, facts);
      break;
    case ROLL_STEP_AUTHENTICATE:
      add_logon (attempt, i, facts);
      break;
    case ROLL_STEP_CONNECT_OBJECT:
      add_object_port (record, facts);
      break;
    default:
      break;
    }
}

/* After a failure beyond the connection: whether a later attempt got that far again. */
static void
add_later_connect (GPtrArray *attempts, RollFactSet *facts)
{
  const RollAttempt *last = g_ptr_array_index (attempts, attempts->len - 1);

  if (attempts->len < 2)
    return;
  for (guint i = 0; i < last->steps->len; i++)
    {
      const RollStepRecord *record = get_step (last, i);

      if (record->step == ROLL_STEP_CONNECT && !failed (record))
        roll_fact_set_word (facts, ROLL_FACT_PORT_135, "open");
    }
}

void
roll_diagnosis_add_steps (const RollComputer *computer, GPtrArray *attempts, RollFactSet *facts)
{
  const RollAttempt *last;
  int failing;

  if (attempts == NULL || attempts->len == 0)
    return;
  last = g_ptr_array_index (attempts, attempts->len - 1);
  for (guint i = 0; i < attempts->len; i++)
    {
      const RollAttempt *attempt = g_ptr_array_index (attempts, i);

      for (guint j = 0; j < attempt->steps->len; j++)
        add_record (computer, attempt, j, facts);
    }
  failing = find_failing (computer, last);
  if (failing >= 0)
    add_failing (get_step (last, (guint) failing), facts);
  if (computer->step != ROLL_STEP_RESOLVE && computer->step != ROLL_STEP_CONNECT)
    {
      add_account (last, failing, facts);
      add_later_connect (attempts, facts);
    }
}
