/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-wmi.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "wmi/roll-wmi.h"

typedef struct
{
  char *call;
  guint first, last;
  gboolean hang;
  guint delay_ms;
  RollRpcError code;
  RollErrorSpace space;
  guint32 number;
} Rule;

struct _FakeComputer
{
  guint8 last;
  GArray *rules;      /* Rule */
  GHashTable *counts; /* call -> how often */
  GHashTable *rows;   /* class -> number */
  GPtrArray *calls;
  GPtrArray *accepted;
  RollNtlmChallenge challenge;
  guint n_conversations;
};

struct _RollDcom
{
  FakeComputer *computer;
  RollDcomTarget target;
  gboolean challenged;
  RollDualStrings names;
};

struct _RollWmi
{
  RollDcom *dcom;
  char *namespace_;
};

struct _RollRegistry
{
  RollDcom *dcom;
};

static GMutex lock;
static FakeComputer *computers[256];
static guint n_at_once, most_at_once;

/* --- What the tests say ------------------------------------------------------------------------------------------- */

static void
rule_clear (gpointer data)
{
  g_free (((Rule *) data)->call);
}

FakeComputer *
fake_add (guint8 last)
{
  FakeComputer *self = g_new0 (FakeComputer, 1);

  self->last = last;
  self->rules = g_array_new (FALSE, TRUE, sizeof (Rule));
  g_array_set_clear_func (self->rules, rule_clear);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->calls = g_ptr_array_new_with_free_func (g_free);
  self->accepted = g_ptr_array_new_with_free_func (g_free);
  g_assert_null (computers[last]);
  computers[last] = self;
  return self;
}

void
fake_reset (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (computers); i++)
    {
      FakeComputer *self = g_steal_pointer (&computers[i]);

      if (self == NULL)
        continue;
      g_array_unref (self->rules);
      g_hash_table_unref (self->counts);
      g_hash_table_unref (self->rows);
      g_ptr_array_unref (self->calls);
      g_ptr_array_unref (self->accepted);
      roll_ntlm_challenge_clear (&self->challenge);
      g_free (self);
    }
  most_at_once = 0;
}

void
fake_fail (FakeComputer *self, const char *call, guint first, guint last, RollRpcError code, RollErrorSpace space,
           guint32 number)
{
  Rule rule = { g_strdup (call), first, last, FALSE, 0, code, space, number };

  g_array_append_val (self->rules, rule);
}

void
fake_hang (FakeComputer *self, const char *call, guint first, guint last)
{
  Rule rule = { g_strdup (call), first, last, TRUE, 0, 0, 0, 0 };

  g_array_append_val (self->rules, rule);
}

void
fake_delay (FakeComputer *self, const char *call, guint milliseconds)
{
  Rule rule = { g_strdup (call), 1, G_MAXUINT, FALSE, milliseconds, 0, 0, 0 };

  g_array_append_val (self->rules, rule);
}

void
fake_set_rows (FakeComputer *self, const char *class_name, guint n_rows)
{
  g_hash_table_insert (self->rows, g_strdup (class_name), GUINT_TO_POINTER (n_rows));
}

void
fake_set_names (FakeComputer *self, const char *computer, const char *dns_computer, const char *dns_domain)
{
  self->challenge.nb_computer = g_strdup (computer);
  self->challenge.nb_domain = g_strdup (dns_domain != NULL ? "CORP" : computer);
  self->challenge.dns_computer = g_strdup (dns_computer);
  self->challenge.dns_domain = g_strdup (dns_domain);
  self->challenge.has_version = TRUE;
  self->challenge.build = 19045;
  self->challenge.has_timestamp = TRUE;
  self->challenge.timestamp = G_GUINT64_CONSTANT (133800000000000000);
}

void
fake_accept (FakeComputer *self, const char *credential)
{
  g_ptr_array_add (self->accepted, g_strdup (credential));
}

char *
fake_get_calls (FakeComputer *self, const char *prefix)
{
  GString *text = g_string_new (NULL);

  g_mutex_lock (&lock);
  for (guint i = 0; i < self->calls->len; i++)
    if (prefix == NULL || g_str_has_prefix (g_ptr_array_index (self->calls, i), prefix))
      g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (self->calls, i));
  g_mutex_unlock (&lock);
  return g_string_free (text, FALSE);
}

guint
fake_count_calls (FakeComputer *self, const char *prefix)
{
  guint n = 0;

  g_mutex_lock (&lock);
  for (guint i = 0; i < self->calls->len; i++)
    n += g_str_has_prefix (g_ptr_array_index (self->calls, i), prefix);
  g_mutex_unlock (&lock);
  return n;
}

guint
fake_get_n_conversations (FakeComputer *self)
{
  guint n;

  g_mutex_lock (&lock);
  n = self->n_conversations;
  g_mutex_unlock (&lock);
  return n;
}

guint
fake_get_most_at_once (void)
{
  guint n;

  g_mutex_lock (&lock);
  n = most_at_once;
  g_mutex_unlock (&lock);
  return n;
}

/* --- One call ------------------------------------------------------------------------------------------------------- */

static gboolean
rule_fits (const Rule *rule, const char *call, guint n)
{
  gsize length = strlen (rule->call);

  if (n < rule->first || n > rule->last)
    return FALSE;
  if (length > 0 && rule->call[length - 1] == '*')
    return strncmp (rule->call, call, length - 1) == 0;
  return g_str_equal (rule->call, call);
}

static gboolean
note_call (FakeComputer *self, const char *call, Rule *ret_rule)
{
  gboolean found = FALSE;
  guint n;

  g_mutex_lock (&lock);
  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, call)) + 1;
  g_hash_table_insert (self->counts, g_strdup (call), GUINT_TO_POINTER (n));
  g_ptr_array_add (self->calls, g_strdup (call));
  for (guint i = 0; !found && i < self->rules->len; i++)
    if (rule_fits (&g_array_index (self->rules, Rule, i), call, n))
      {
        *ret_rule = g_array_index (self->rules, Rule, i);
        found = TRUE;
      }
  g_mutex_unlock (&lock);
  return found;
}

/* FALSE: cancelled */
static gboolean
wait_for (RollDcom *dcom, guint milliseconds, GError **error)
{
  struct pollfd fd = { dcom->target.cancel_fd, POLLIN, 0 };

  if (poll (&fd, 1, (int) milliseconds) == 0)
    return TRUE;
  roll_rpc_set_error (error, ROLL_RPC_ERROR_CANCELLED, ROLL_ERROR_SPACE_ERRNO, ECANCELED, ROLL_SAID_BY_THIS_MACHINE,
                      "cancelled");
  return FALSE;
}

static gboolean
make_call (RollDcom *dcom, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
make_call (RollDcom *dcom, GError **error, const char *format, ...)
{
  g_autofree char *call = NULL;
  Rule rule = { 0 };
  va_list args;

  va_start (args, format);
  call = g_strdup_vprintf (format, args);
  va_end (args);
  if (!note_call (dcom->computer, call, &rule))
    return TRUE;
  if (rule.delay_ms > 0)
    return wait_for (dcom, rule.delay_ms, error);
  if (rule.hang)
    {
      if (wait_for (dcom, dcom->target.watchdog_ms, error))
        roll_rpc_set_error (error, ROLL_RPC_ERROR_TIMED_OUT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG,
                            ROLL_SAID_BY_NOBODY, "hangs");
      return FALSE;
    }
  roll_rpc_set_error (error, rule.code, rule.space, rule.number,
                      rule.space == ROLL_ERROR_SPACE_KERBEROS ? ROLL_SAID_BY_KDC : ROLL_SAID_BY_PEER, "as told");
  return FALSE;
}

/* --- In the place of roll-dcom.c -------------------------------------------------------------------------------------- */

RollDcom *
roll_dcom_new (const RollDcomTarget *target)
{
  RollDcom *self = g_new0 (RollDcom, 1);

  self->target = *target;
  self->computer = computers[target->address.bytes[3]];
  g_assert_nonnull (self->computer);
  self->names.strings = g_array_new (FALSE, FALSE, sizeof (RollStringBinding));
  g_mutex_lock (&lock);
  self->computer->n_conversations++;
  n_at_once++;
  most_at_once = MAX (most_at_once, n_at_once);
  g_mutex_unlock (&lock);
  return self;
}

void
roll_dcom_free (RollDcom *self)
{
  g_mutex_lock (&lock);
  n_at_once--;
  g_mutex_unlock (&lock);
  g_array_unref (self->names.strings);
  g_free (self);
}

gboolean
roll_dcom_negotiate (RollDcom *self, int socket, GError **error)
{
  close (socket);
  return make_call (self, error, "negotiate");
}

RollComVersion
roll_dcom_get_version (RollDcom *self)
{
  return (RollComVersion) { 5, 7 };
}

const RollDualStrings *
roll_dcom_get_names (RollDcom *self)
{
  return &self->names;
}

const RollNtlmChallenge *
roll_dcom_ask_name (RollDcom *self, GError **error)
{
  if (!make_call (self, error, "ask-name"))
    return NULL;
  self->challenged = TRUE;
  return roll_dcom_get_challenge (self);
}

static gboolean
is_accepted (FakeComputer *self, const char *credential)
{
  for (guint i = 0; i < self->accepted->len; i++)
    if (g_str_equal (g_ptr_array_index (self->accepted, i), credential))
      return TRUE;
  return self->accepted->len == 0;
}

gboolean
roll_dcom_authenticate (RollDcom *self, const RollLogon *logon, GError **error)
{
  gboolean kerberos = logon->protocol == ROLL_PROTOCOL_KERBEROS;

  if (kerberos && (logon->host == NULL || logon->credential->realm == NULL))
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT,
                          logon->host == NULL ? 0x80090303 : 0x80090311, ROLL_SAID_BY_THIS_MACHINE, "lacking");
      return FALSE;
    }
  if (!make_call (self, error, "authenticate %s %s", logon->credential->name, kerberos ? logon->host : "ntlm"))
    return FALSE;
  self->challenged = self->challenged || !kerberos;
  if (is_accepted (self->computer, logon->credential->name))
    return TRUE;
  roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5, ROLL_SAID_BY_PEER, "refused");
  return FALSE;
}

gboolean
roll_dcom_activate (RollDcom *self, GError **error)
{
  return make_call (self, error, "activate");
}

gboolean
roll_dcom_connect_object (RollDcom *self, GError **error)
{
  return make_call (self, error, "connect-object");
}

gboolean
roll_dcom_authenticate_object (RollDcom *self, const RollLogon *logon, GError **error)
{
  return make_call (self, error, "authenticate-object");
}

guint16
roll_dcom_get_object_port (RollDcom *self)
{
  return 49664;
}

const RollNtlmChallenge *
roll_dcom_get_challenge (RollDcom *self)
{
  return self->challenged && self->computer->challenge.nb_computer != NULL ? &self->computer->challenge : NULL;
}

gboolean
roll_dcom_ping (RollDcom *self, GError **error)
{
  return TRUE;
}

void
roll_dcom_release (RollDcom *self)
{
  make_call (self, NULL, "release");
}

/* --- In the place of roll-wmi*.c and roll-registry.c -------------------------------------------------------------------- */

RollWmi *
roll_wmi_login (RollDcom *dcom, const char *namespace_, GError **error)
{
  RollWmi *self;

  if (!make_call (dcom, error, "login %s", namespace_))
    return NULL;
  self = g_new0 (RollWmi, 1);
  self->dcom = dcom;
  self->namespace_ = g_strdup (namespace_);
  return self;
}

void
roll_wmi_free (RollWmi *self)
{
  if (self == NULL)
    return;
  g_free (self->namespace_);
  g_free (self);
}

static char *
class_of (const char *wql)
{
  const char *from = strstr (wql, " FROM ");

  g_assert_nonnull (from);
  from += strlen (" FROM ");
  return g_strndup (from, strcspn (from, " "));
}

static guint
rows_of (FakeComputer *self, const char *class_name)
{
  gpointer n;

  return g_hash_table_lookup_extended (self->rows, class_name, NULL, &n) ? GPOINTER_TO_UINT (n) : 1;
}

gboolean
roll_wmi_query (RollWmi *self, const char *wql, gboolean few, RollWmiObjectFunc func, gpointer user_data, GError **error)
{
  static const RollWmiPropertySpec properties[] = {
    { "Name", ROLL_CIM_STRING, TRUE, NULL },
    { "Caption", ROLL_CIM_STRING, FALSE, NULL },
    { "NumberOfCores", ROLL_CIM_UINT32, FALSE, NULL },
  };
  g_autofree char *class_name = class_of (wql);
  g_autoptr (RollWmiClass) klass = NULL;
  guint n_rows = rows_of (self->dcom->computer, class_name);

  if (!make_call (self->dcom, error, "%s %s", strstr (wql, "SELECT *") != NULL ? "query-all" : "query", class_name))
    return FALSE;
  klass = roll_wmi_class_new (class_name, "", properties, G_N_ELEMENTS (properties));
  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr (RollWmiObject) object = roll_wmi_object_new_instance (klass, NULL, NULL);
      g_autofree char *name = g_strdup_printf ("%s %u", class_name, i);

      roll_wmi_object_set_text (object, "Name", name);
      roll_wmi_object_set_text (object, "Caption", "Windows");
      roll_wmi_object_set_uint (object, "NumberOfCores", 4);
      if (!func (object, user_data))
        break;
    }
  return TRUE;
}

RollRegistry *
roll_registry_new (RollWmi *wmi, GError **error)
{
  RollRegistry *self;

  if (!make_call (wmi->dcom, error, "get StdRegProv"))
    return NULL;
  self = g_new0 (RollRegistry, 1);
  self->dcom = wmi->dcom;
  return self;
}

void
roll_registry_free (RollRegistry *self)
{
  g_free (self);
}

char **
roll_registry_enum_keys (RollRegistry *self, const char *key, GError **error)
{
  guint n = rows_of (self->dcom->computer, key);
  char **names;

  if (!make_call (self->dcom, error, "keys %s", key))
    return NULL;
  names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    names[i] = g_strdup_printf ("key %u", i);
  return names;
}

gboolean
roll_registry_get_values (RollRegistry *self, RollRegistryValue *values, guint n_values, GError **error)
{
  if (!make_call (self->dcom, error, "values %s", values[0].key))
    return FALSE;
  for (guint i = 0; i < n_values; i++)
    {
      RollCimValue *value = &values[i].value;

      value->type = values[i].type;
      if (value->type == ROLL_CIM_STRING)
        value->text = g_strconcat (values[i].key, " ", values[i].name, NULL);
      else if (value->type & ROLL_CIM_ARRAY)
        value->null = TRUE;
      else
        value->uint = i;
    }
  return TRUE;
}
