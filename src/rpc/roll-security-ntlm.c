/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "rpc/roll-security-spnego-private.h"

#define SEC_E_UNSUPPORTED_FUNCTION 0x80090302

/* What is asked for; the server's answer must still have all that roll_ntlm_check_flags() insists on. */
#define OFFERED_FLAGS \
  (ROLL_NTLM_UNICODE | ROLL_NTLM_REQUEST_TARGET | ROLL_NTLM_SIGN | ROLL_NTLM_SEAL | ROLL_NTLM_NTLM \
   | ROLL_NTLM_ALWAYS_SIGN | ROLL_NTLM_EXTENDED_SESSION_SECURITY | ROLL_NTLM_TARGET_INFO | ROLL_NTLM_VERSION \
   | ROLL_NTLM_128 | ROLL_NTLM_KEY_EXCH)

typedef struct
{
  RollNtlmSecurity base;
  char *user;
  char *domain;
  char *target_name;
  RollSecret *password; /* of a local account, until its domain is known */
  RollSecret *hash;
  GByteArray *negotiate;
  GByteArray *challenge_bytes; /* the decoded challenge borrows from it */
  gboolean challenged;
  RollNtlmChallenge challenge;
} Initiator;

static void
initiator_free (RollSecurity *security)
{
  Initiator *self = (Initiator *) security;

  g_free (self->user);
  g_free (self->domain);
  g_free (self->target_name);
  g_clear_pointer (&self->password, roll_secret_unref);
  g_clear_pointer (&self->hash, roll_secret_unref);
  g_clear_pointer (&self->negotiate, g_byte_array_unref);
  roll_ntlm_challenge_clear (&self->challenge);
  g_clear_pointer (&self->challenge_bytes, g_byte_array_unref);
  roll_ntlm_session_clear (&self->base.session);
  g_free (self);
}

static void
send_negotiate (Initiator *self, RollWriter *ret_token)
{
  gsize start = ret_token->length;

  roll_ntlm_put_negotiate (ret_token, OFFERED_FLAGS);
  self->negotiate = g_byte_array_new ();
  if (roll_writer_ok (ret_token))
    g_byte_array_append (self->negotiate, ret_token->data + start, (guint) (ret_token->length - start));
}

static gboolean
read_challenge (Initiator *self, const guint8 *token, gsize length, GError **error)
{
  const char *problem;

  self->challenge_bytes = g_byte_array_new ();
  if (length > 0)
    g_byte_array_append (self->challenge_bytes, token, (guint) length);
  if (!roll_ntlm_challenge_decode (self->challenge_bytes->data, length, &self->challenge, &problem))
    return roll_ntlm_security_malformed (error, problem);
  self->challenged = TRUE;
  problem = roll_ntlm_check_flags (self->challenge.flags);
  return problem == NULL
         || roll_ntlm_security_refuse (error, SEC_E_UNSUPPORTED_FUNCTION, ROLL_SAID_BY_THIS_MACHINE, problem);
}

/* A local account is one of the computer that asks. */
static gboolean
take_domain (Initiator *self, GError **error)
{
  const char *computer = self->challenge.nb_computer;
  guint8 hash[ROLL_NTLM_KEY_SIZE];

  if (computer == NULL || *computer == '\0')
    return roll_ntlm_security_malformed (error, "a challenge without the computer's name");
  g_free (self->domain);
  self->domain = g_strdup (computer);
  roll_ntlm_hash (self->user, self->domain, roll_secret_text (self->password), hash);
  self->hash = roll_secret_new (hash, sizeof hash);
  explicit_bzero (hash, sizeof hash);
  return TRUE;
}

static gboolean
fill_random (void *bytes, gsize length, GError **error)
{
  if (getentropy (bytes, length) == 0)
    return TRUE;
  roll_rpc_set_error (error, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, (guint32) errno,
                      ROLL_SAID_BY_THIS_MACHINE, "no randomness: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
send_answer (Initiator *self, RollWriter *ret_token, GError **error)
{
  RollNtlmAnswer answer = {
    .negotiate = self->negotiate->data,
    .negotiate_length = self->negotiate->len,
    .challenge = self->challenge_bytes->data,
    .challenge_length = self->challenge_bytes->len,
    .user = self->user,
    .domain = self->domain,
    .workstation = "",
    .target_name = self->target_name,
    .now = (guint64) g_get_real_time () * 10 + ROLL_FILETIME_EPOCH,
  };
  gboolean random = fill_random (answer.client_challenge, sizeof answer.client_challenge, error)
                    && fill_random (answer.session_key, sizeof answer.session_key, error);

  if (random)
    {
      memcpy (answer.hash, roll_secret_bytes (self->hash), sizeof answer.hash);
      /* Only what both sides speak is claimed. */
      self->challenge.flags &= OFFERED_FLAGS;
      roll_ntlm_put_answer (ret_token, &answer, &self->challenge);
      roll_ntlm_session_init (&self->base.session, answer.session_key, TRUE);
    }
  explicit_bzero (&answer, sizeof answer);
  return random;
}

static gboolean
initiator_logon (RollSecurity *security, const guint8 *token, gsize length, RollWriter *ret_token,
                 RollLogonNext *ret_next, GError **error)
{
  Initiator *self = (Initiator *) security;

  if (self->negotiate == NULL)
    {
      send_negotiate (self, ret_token);
      *ret_next = ROLL_LOGON_SEND;
      return TRUE;
    }
  if (self->challenge_bytes != NULL)
    return roll_ntlm_security_malformed (error, "a second challenge");
  if (!read_challenge (self, token, length, error))
    return FALSE;
  if (self->password != NULL && !take_domain (self, error))
    return FALSE;
  if (self->hash == NULL)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_CREDENTIALS,
                          ROLL_SAID_BY_THIS_MACHINE, "NTLM: only the challenge was wanted");
      return FALSE;
    }
  *ret_next = ROLL_LOGON_SEND_AND_DONE;
  return send_answer (self, ret_token, error);
}

static const RollSecurityClass initiator_class = {
  .type = ROLL_AUTH_NTLM,
  .logon = initiator_logon,
  .token_size = roll_ntlm_security_token_size,
  .protect = roll_ntlm_security_protect,
  .unprotect = roll_ntlm_security_unprotect,
  .free = initiator_free,
};

static Initiator *
initiator_new (RollAuthLevel level)
{
  Initiator *self = g_new0 (Initiator, 1);

  self->base.parent = (RollSecurity) { .klass = &initiator_class, .level = level };
  return self;
}

RollSecurity *
roll_security_new_ntlm (const char *user, const char *domain, RollSecret *hash, const char *target_name,
                        RollAuthLevel level)
{
  Initiator *self;

  g_return_val_if_fail (user != NULL && domain != NULL, NULL);
  g_return_val_if_fail (hash != NULL && roll_secret_length (hash) == ROLL_NTLM_KEY_SIZE, NULL);
  g_return_val_if_fail (level >= ROLL_LEVEL_INTEGRITY, NULL);

  self = initiator_new (level);
  self->user = g_strdup (user);
  self->domain = g_strdup (domain);
  self->target_name = g_strdup (target_name);
  self->hash = roll_secret_ref (hash);
  return &self->base.parent;
}

RollSecurity *
roll_security_new_ntlm_local (const char *user, RollSecret *password, const char *target_name, RollAuthLevel level)
{
  Initiator *self;

  g_return_val_if_fail (user != NULL && password != NULL, NULL);
  g_return_val_if_fail (level >= ROLL_LEVEL_INTEGRITY, NULL);

  self = initiator_new (level);
  self->user = g_strdup (user);
  self->target_name = g_strdup (target_name);
  self->password = roll_secret_ref (password);
  return &self->base.parent;
}

RollSecurity *
roll_security_new_ntlm_question (void)
{
  return &initiator_new (ROLL_LEVEL_INTEGRITY)->base.parent;
}

const RollNtlmChallenge *
roll_security_get_challenge (RollSecurity *security)
{
  Initiator *self;

  g_return_val_if_fail (security != NULL, NULL);

  self = (Initiator *) roll_spnego_security_peel (security);
  if (self->base.parent.klass != &initiator_class || !self->challenged)
    return NULL;
  return &self->challenge;
}
