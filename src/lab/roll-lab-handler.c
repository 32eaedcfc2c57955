/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-ntlm-session.h"
#include "codec/roll-orpc.h"
#include "lab/roll-lab-connection.h"
#include "lab/roll-lab-machine.h"
#include "lab/roll-lab-objects.h"

static const struct
{
  const RollUuid *uuid;
  const char *name;
} interfaces[] = {
  { &ROLL_IID_OBJECT_EXPORTER, "IObjectExporter" },
  { &ROLL_IID_SCM_ACTIVATOR, "IRemoteSCMActivator" },
  { &ROLL_IID_ACTIVATION, "IActivation" },
  { &ROLL_IID_REM_UNKNOWN, "IRemUnknown" },
  { &ROLL_IID_REM_UNKNOWN2, "IRemUnknown2" },
  { &ROLL_IID_WBEM_LEVEL1_LOGIN, "IWbemLevel1Login" },
  { &ROLL_IID_WBEM_SERVICES, "IWbemServices" },
  { &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, "IEnumWbemClassObject" },
  { &ROLL_IID_WBEM_FETCH_SMART_ENUM, "IWbemFetchSmartEnum" },
  { &ROLL_IID_WBEM_WCO_SMART_ENUM, "IWbemWCOSmartEnum" },
};

const char *
roll_lab_interface_name (const RollUuid *uuid)
{
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    if (roll_uuid_equal (interfaces[i].uuid, uuid))
      return interfaces[i].name;
  return "unknown";
}

static gboolean
offers (const RollSyntax *interface, gpointer user_data)
{
  RollLabConnection *self = user_data;

  if (interface->version != 0)
    return FALSE;
  return self->object ? roll_lab_wmi_offers (self, &interface->uuid)
                      : roll_lab_mapper_offers (self, &interface->uuid);
}

/* --- Logons ------------------------------------------------------------------------------------------------------ */

static gboolean
is_account (const char *account, const char *user)
{
  return g_ascii_strcasecmp (strchr (account, '\\') + 1, user) == 0;
}

static const char *
password_of (RollLabConnection *self, const char *user)
{
  if (roll_lab_has (self, ROLL_LAB_NO_ACCOUNT) != NULL)
    return NULL;
  if (roll_lab_has (self, ROLL_LAB_LOCAL_ACCOUNT) != NULL)
    return g_ascii_strcasecmp (ROLL_LAB_LOCAL_USER, user) == 0 ? ROLL_LAB_LOCAL_PASSWORD : NULL;
  if (is_account (ROLL_LAB_SECOND_ACCOUNT, user))
    return ROLL_LAB_SECOND_PASSWORD;
  if (is_account (ROLL_LAB_ACCOUNT, user) && roll_lab_has (self, ROLL_LAB_OTHER_ACCOUNT) == NULL)
    return ROLL_LAB_PASSWORD;
  return NULL;
}

static gboolean
is_own_domain (RollLabConnection *self, const char *domain)
{
  if (roll_lab_has (self, ROLL_LAB_LOCAL_ACCOUNT) != NULL)
    return g_ascii_strcasecmp (domain, self->machine->netbios) == 0;
  return g_ascii_strcasecmp (domain, ROLL_LAB_NETBIOS_DOMAIN) == 0 || g_ascii_strcasecmp (domain, ROLL_LAB_DOMAIN) == 0;
}

static RollSecret *
lookup (const char *user, const char *domain, gpointer user_data)
{
  const char *password = password_of (user_data, user);
  RollSecret *secret;
  guint8 hash[ROLL_NTLM_KEY_SIZE];

  if (password == NULL || !is_own_domain (user_data, domain))
    return NULL;
  roll_ntlm_hash (user, domain, password, hash);
  secret = roll_secret_new (hash, sizeof hash);
  explicit_bzero (hash, sizeof hash);
  return secret;
}

/* As Windows since 2022: nothing below packet integrity. */
static RollSecurity *
new_security (RollAuthType type, RollAuthLevel level, gpointer user_data)
{
  RollLabConnection *self = user_data;
  const RollLabMachine *machine = self->machine;
  gboolean member = g_str_equal (machine->domain, ROLL_LAB_DOMAIN);
  const RollNtlmServer server = { .nb_computer = machine->netbios,
                                  .nb_domain = member ? ROLL_LAB_NETBIOS_DOMAIN : machine->netbios,
                                  .dns_computer = member ? machine->dns : machine->netbios,
                                  .dns_domain = member ? ROLL_LAB_DOMAIN : machine->netbios,
                                  .major = machine->major,
                                  .minor = machine->minor,
                                  .build = machine->build,
                                  .lookup = lookup,
                                  .user_data = self };
  RollSecurity *ntlm;

  if ((type != ROLL_AUTH_NTLM && type != ROLL_AUTH_SPNEGO) || level < ROLL_LEVEL_INTEGRITY
      || level > ROLL_LEVEL_PRIVACY)
    return NULL;
  ntlm = roll_security_new_ntlm_acceptor (&server, level);
  return type == ROLL_AUTH_NTLM ? ntlm : roll_security_new_spnego_acceptor (ntlm);
}

static void
logged_on (RollSecurity *security, gboolean success, gpointer user_data)
{
  RollLabConnection *self = user_data;

  roll_lab_count (self->lab, self->computer, success ? ROLL_LAB_COUNT_LOGON : ROLL_LAB_COUNT_REFUSED_LOGON);
}

static void
call (const RollAcceptorCall *call, gpointer user_data)
{
  RollLabConnection *self = user_data;

  if (self->ends != ROLL_LAB_BEHAVES)
    return;
  if (self->object)
    roll_lab_wmi_call (self, call);
  else
    roll_lab_mapper_call (self, call);
}

const RollAcceptorHandler roll_lab_handler = {
  .offers = offers,
  .new_security = new_security,
  .logged_on = logged_on,
  .call = call,
  .sending = roll_lab_spoil,
};
