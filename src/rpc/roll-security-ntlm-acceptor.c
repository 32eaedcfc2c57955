/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>
#include <sys/random.h>

#include "rpc/roll-security-ntlm-private.h"

#define SEC_E_LOGON_DENIED 0x8009030c
#define SEC_E_UNSUPPORTED_FUNCTION 0x80090302

#define ANSWERED_FLAGS \
  (ROLL_NTLM_UNICODE | ROLL_NTLM_REQUEST_TARGET | ROLL_NTLM_SIGN | ROLL_NTLM_SEAL | ROLL_NTLM_NTLM \
   | ROLL_NTLM_ALWAYS_SIGN | ROLL_NTLM_EXTENDED_SESSION_SECURITY | ROLL_NTLM_TARGET_INFO | ROLL_NTLM_VERSION \
   | ROLL_NTLM_128 | ROLL_NTLM_KEY_EXCH | ROLL_NTLM_56)

typedef struct
{
  RollNtlmSecurity base;
  RollNtlmServer server; /* its texts are ours */
  guint8 server_challenge[8];
  GBytes *negotiate;
  GBytes *challenge;
  char *user;
} Acceptor;

static void
acceptor_free (RollSecurity *security)
{
  Acceptor *self = (Acceptor *) security;

  g_free ((char *) self->server.nb_computer);
  g_free ((char *) self->server.nb_domain);
  g_free ((char *) self->server.dns_computer);
  g_free ((char *) self->server.dns_domain);
  g_clear_pointer (&self->negotiate, g_bytes_unref);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  g_free (self->user);
  roll_ntlm_session_clear (&self->base.session);
  g_free (self);
}

static void
put_target_info (Acceptor *self, RollWriter *info)
{
  guint64 now = GUINT64_TO_LE ((guint64) g_get_real_time () * 10 + ROLL_FILETIME_EPOCH);

  roll_ntlm_put_av_text (info, ROLL_NTLM_AV_NB_DOMAIN, self->server.nb_domain);
  roll_ntlm_put_av_text (info, ROLL_NTLM_AV_NB_COMPUTER, self->server.nb_computer);
  roll_ntlm_put_av_text (info, ROLL_NTLM_AV_DNS_DOMAIN, self->server.dns_domain);
  roll_ntlm_put_av_text (info, ROLL_NTLM_AV_DNS_COMPUTER, self->server.dns_computer);
  roll_ntlm_put_av (info, ROLL_NTLM_AV_TIMESTAMP, (const guint8 *) &now, sizeof now);
  roll_ntlm_put_av (info, ROLL_NTLM_AV_EOL, NULL, 0);
}

static gboolean
send_challenge (Acceptor *self, guint32 asked_flags, RollWriter *ret_token, GError **error)
{
  gsize start = ret_token->length;
  g_auto (RollWriter) info = { 0 };

  if (getentropy (self->server_challenge, sizeof self->server_challenge) != 0)
    return roll_ntlm_security_refuse (error, SEC_E_UNSUPPORTED_FUNCTION, ROLL_SAID_BY_THIS_MACHINE, "no randomness");
  roll_writer_init (&info, ROLL_NTLM_MESSAGE_MAX / 2);
  put_target_info (self, &info);
  roll_ntlm_put_challenge (ret_token,
                           (asked_flags & ANSWERED_FLAGS) | ROLL_NTLM_TARGET_INFO | ROLL_NTLM_VERSION
                               | ROLL_NTLM_TARGET_TYPE_DOMAIN,
                           self->server_challenge, self->server.nb_domain, info.data, info.length, self->server.major,
                           self->server.minor, self->server.build);
  self->challenge = g_bytes_new (ret_token->data + start, ret_token->length - start);
  return TRUE;
}

/* A user who does not exist and a wrong password look the same from outside. */
static gboolean
check_answer (Acceptor *self, const RollNtlmAuthenticate *answer, const guint8 *token, gsize length, GError **error)
{
  g_autoptr (GBytes) message = g_bytes_new (token, length);
  g_autoptr (RollSecret) hash = NULL;
  const char *problem = roll_ntlm_check_flags (answer->flags | ROLL_NTLM_TARGET_INFO);
  guint8 key[ROLL_NTLM_KEY_SIZE];
  gboolean right;

  if (problem != NULL)
    return roll_ntlm_security_refuse (error, SEC_E_UNSUPPORTED_FUNCTION, ROLL_SAID_BY_THIS_MACHINE, problem);
  if (answer->user != NULL && answer->domain != NULL && (answer->flags & ROLL_NTLM_ANONYMOUS) == 0)
    hash = self->server.lookup (answer->user, answer->domain, self->server.user_data);
  right = hash != NULL
          && roll_ntlm_verify_answer (answer, roll_secret_bytes (hash), self->server_challenge, self->negotiate,
                                      self->challenge, message, key);
  if (!right)
    return roll_ntlm_security_refuse (error, SEC_E_LOGON_DENIED, ROLL_SAID_BY_THIS_MACHINE, "the logon is denied");

  roll_ntlm_session_init (&self->base.session, key, FALSE);
  explicit_bzero (key, sizeof key);
  self->user = g_strdup (answer->user);
  return TRUE;
}

static gboolean
acceptor_logon (RollSecurity *security, const guint8 *token, gsize length, RollWriter *ret_token,
                RollLogonNext *ret_next, GError **error)
{
  Acceptor *self = (Acceptor *) security;
  g_auto (RollNtlmAuthenticate) answer = { 0 };
  const char *problem;
  guint32 flags;

  if (self->negotiate == NULL)
    {
      if (!roll_ntlm_negotiate_decode (token, length, &flags))
        return roll_ntlm_security_malformed (error, "not a NEGOTIATE message");
      self->negotiate = g_bytes_new (token, length);
      *ret_next = ROLL_LOGON_SEND;
      return send_challenge (self, flags, ret_token, error);
    }
  if (self->user != NULL)
    return roll_ntlm_security_malformed (error, "a second answer");
  if (!roll_ntlm_authenticate_decode (token, length, &answer, &problem))
    return roll_ntlm_security_malformed (error, problem);
  *ret_next = ROLL_LOGON_DONE;
  return check_answer (self, &answer, token, length, error);
}

static const RollSecurityClass acceptor_class = {
  .type = ROLL_AUTH_NTLM,
  .logon = acceptor_logon,
  .token_size = roll_ntlm_security_token_size,
  .protect = roll_ntlm_security_protect,
  .unprotect = roll_ntlm_security_unprotect,
  .free = acceptor_free,
};

RollSecurity *
roll_security_new_ntlm_acceptor (const RollNtlmServer *server, RollAuthLevel level)
{
  Acceptor *self;

  g_return_val_if_fail (server != NULL && server->lookup != NULL, NULL);
  g_return_val_if_fail (level >= ROLL_LEVEL_INTEGRITY, NULL);

  self = g_new0 (Acceptor, 1);
  self->base.parent = (RollSecurity) { .klass = &acceptor_class, .level = level };
  self->server = *server;
  self->server.nb_computer = g_strdup (server->nb_computer);
  self->server.nb_domain = g_strdup (server->nb_domain);
  self->server.dns_computer = g_strdup (server->dns_computer);
  self->server.dns_domain = g_strdup (server->dns_domain);
  return &self->base.parent;
}
