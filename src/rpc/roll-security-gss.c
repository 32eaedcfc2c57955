/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>
#include <string.h>

#include "rpc/roll-kerberos.h"
#include "rpc/roll-security-gss-private.h"

#define CFX_HEADER_SIZE 16
#define CFX_SEALED 0x02
#define OLD_TOKEN 0x60

#define SEC_E_INVALID_TOKEN 0x80090308
#define SEC_E_QOP_NOT_SUPPORTED 0x8009030a

/* 1.3.6.1.5.5.2 */
static gss_OID_desc spnego_oid = { 6, (void *) "\x2b\x06\x01\x05\x05\x02" };

/* With this option at a credential, tokens at integrity carry no confidentiality flags, which Samba insists on. */
static gss_OID_desc no_ci_flags_oid = { 6, (void *) "\x2a\x85\x70\x2b\x0d\x1d" };

typedef struct
{
  RollSecurity parent;
  gss_OID mech;
  RollTickets *tickets; /* the credential lives on them */
  gss_cred_id_t credential;
  gss_name_t target;
  gss_ctx_id_t context;
  gboolean complete;
} Gss;

static void
gss_free (RollSecurity *security)
{
  Gss *self = (Gss *) security;
  OM_uint32 minor;

  gss_delete_sec_context (&minor, &self->context, GSS_C_NO_BUFFER);
  gss_release_name (&minor, &self->target);
  gss_release_cred (&minor, &self->credential);
  roll_tickets_free (self->tickets);
  g_free (self);
}

static char *
gss_text (OM_uint32 status, int type, gss_OID mech)
{
  GString *text = g_string_new (NULL);
  OM_uint32 minor, more = 0;

  do
    {
      gss_buffer_desc part = GSS_C_EMPTY_BUFFER;

      if (GSS_ERROR (gss_display_status (&minor, status, type, mech, &more, &part)))
        break;
      g_string_append_printf (text, "%s%.*s", text->len > 0 ? "; " : "", (int) part.length, (char *) part.value);
      gss_release_buffer (&minor, &part);
    }
  while (more != 0);
  return g_string_free (text, FALSE);
}

/* The KDC has been asked before (roll_kerberos_get_tickets()): what fails here is between the server's tokens and the library. */
static gboolean
gss_fail (GError **error, RollRpcError code, OM_uint32 major, OM_uint32 minor_status, gss_OID mech)
{
  guint32 number = minor_status - (guint32) ERROR_TABLE_BASE_krb5;
  g_autofree char *major_text = gss_text (major, GSS_C_GSS_CODE, GSS_C_NO_OID);
  g_autofree char *minor_text = gss_text (minor_status, GSS_C_MECH_CODE, mech);

  if (number < 256)
    roll_rpc_set_error (error, code, ROLL_ERROR_SPACE_KERBEROS, number, ROLL_SAID_BY_PEER, "Kerberos: %s", minor_text);
  else
    roll_rpc_set_error (error, code, ROLL_ERROR_SPACE_HRESULT, SEC_E_INVALID_TOKEN, ROLL_SAID_BY_PEER,
                        "Kerberos: %s: %s", major_text, minor_text);
  return FALSE;
}

/* --- Logon ------------------------------------------------------------------------------------------------------- */

static OM_uint32
wanted_flags (const Gss *self)
{
  OM_uint32 flags = GSS_C_MUTUAL_FLAG | GSS_C_DCE_STYLE | GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;

  return self->parent.level == ROLL_LEVEL_PRIVACY ? flags | GSS_C_CONF_FLAG : flags;
}

static gboolean
take_result (Gss *self, OM_uint32 major, OM_uint32 flags, gboolean token, RollLogonNext *ret_next, GError **error)
{
  OM_uint32 missing = wanted_flags (self) & ~flags;

  self->complete = major == GSS_S_COMPLETE;
  if (self->complete && missing != 0)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, SEC_E_QOP_NOT_SUPPORTED,
                          ROLL_SAID_BY_PEER, "Kerberos: the context lacks what was asked for (0x%x)", missing);
      return FALSE;
    }
  if (!self->complete && !token)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                          ROLL_SAID_BY_PEER, "Kerberos: the server's last word came too early");
      return FALSE;
    }
  *ret_next = token ? ROLL_LOGON_SEND : ROLL_LOGON_DONE;
  return TRUE;
}

static gboolean
gss_logon (RollSecurity *security, const guint8 *token, gsize length, RollWriter *ret_token, RollLogonNext *ret_next,
           GError **error)
{
  Gss *self = (Gss *) security;
  gss_buffer_desc in = { length, (void *) token };
  gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
  OM_uint32 major, minor, ignored, flags = 0;
  gboolean ok;

  /* SPNEGO's last word confirms what is complete already. */
  if (self->complete)
    {
      *ret_next = ROLL_LOGON_DONE;
      return TRUE;
    }
  major = gss_init_sec_context (&minor, self->credential, &self->context, self->target, self->mech,
                                wanted_flags (self), 0, GSS_C_NO_CHANNEL_BINDINGS,
                                length > 0 ? &in : GSS_C_NO_BUFFER, NULL, &out, &flags, NULL);
  if (GSS_ERROR (major))
    ok = gss_fail (error, ROLL_RPC_ERROR_REFUSED, major, minor, self->mech);
  else
    {
      roll_writer_bytes (ret_token, out.value, out.length);
      ok = take_result (self, major, flags, out.length > 0, ret_next, error);
    }
  gss_release_buffer (&ignored, &out);
  return ok;
}

/* --- Signing and sealing ----------------------------------------------------------------------------------------- */

enum
{
  IOV_BEFORE,
  IOV_STUB,
  IOV_AFTER,
  IOV_TOKEN,
  N_IOV
};

/* What stands around the stub is covered only where header signing was agreed ([MS-RPCE] 3.3.1.5.2.2). */
static void
fill_iov (RollSecurity *security, gss_iov_buffer_desc iov[N_IOV], guint8 *pdu, gsize pdu_length, gsize stub,
          gsize stub_length, OM_uint32 token_type, guint8 *token, gsize token_length)
{
  OM_uint32 around = security->header_signing ? GSS_IOV_BUFFER_TYPE_SIGN_ONLY : GSS_IOV_BUFFER_TYPE_EMPTY;

  iov[IOV_BEFORE] = (gss_iov_buffer_desc) { around, { stub, pdu } };
  iov[IOV_STUB] = (gss_iov_buffer_desc) { GSS_IOV_BUFFER_TYPE_DATA, { stub_length, pdu + stub } };
  iov[IOV_AFTER]
      = (gss_iov_buffer_desc) { around, { pdu_length - stub - stub_length, pdu + stub + stub_length } };
  iov[IOV_TOKEN] = (gss_iov_buffer_desc) { token_type, { token_length, token } };
}

static gsize
gss_token_size (RollSecurity *security, gsize length)
{
  Gss *self = (Gss *) security;
  gss_iov_buffer_desc iov[N_IOV];
  guint8 nothing[1];
  OM_uint32 major, minor;
  int sealed;

  fill_iov (security, iov, nothing, 0, 0, 0,
            security->level == ROLL_LEVEL_PRIVACY ? GSS_IOV_BUFFER_TYPE_HEADER : GSS_IOV_BUFFER_TYPE_MIC_TOKEN, NULL, 0);
  iov[IOV_STUB].buffer.length = length;
  if (security->level == ROLL_LEVEL_PRIVACY)
    major = gss_wrap_iov_length (&minor, self->context, 1, GSS_C_QOP_DEFAULT, &sealed, iov, N_IOV);
  else
    major = gss_get_mic_iov_length (&minor, self->context, GSS_C_QOP_DEFAULT, iov, N_IOV);
  return GSS_ERROR (major) ? 0 : iov[IOV_TOKEN].buffer.length;
}

static gboolean
gss_protect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length, guint8 *ret_token,
             gsize token_length, GError **error)
{
  Gss *self = (Gss *) security;
  gss_iov_buffer_desc iov[N_IOV];
  OM_uint32 major, minor;
  int sealed = 1;

  if (security->level == ROLL_LEVEL_PRIVACY)
    {
      fill_iov (security, iov, pdu, pdu_length, stub, stub_length, GSS_IOV_BUFFER_TYPE_HEADER, ret_token,
                token_length);
      major = gss_wrap_iov (&minor, self->context, 1, GSS_C_QOP_DEFAULT, &sealed, iov, N_IOV);
    }
  else
    {
      fill_iov (security, iov, pdu, pdu_length, stub, stub_length, GSS_IOV_BUFFER_TYPE_MIC_TOKEN, ret_token,
                token_length);
      major = gss_get_mic_iov (&minor, self->context, GSS_C_QOP_DEFAULT, iov, N_IOV);
    }
  if (!GSS_ERROR (major) && sealed)
    return TRUE;
  return gss_fail (error, ROLL_RPC_ERROR_PROTOCOL, major, minor, self->mech);
}

/*
 * The library ends the program over a token that is shorter than it thinks, or that says it is neither sealed nor
 * rotated; a server must not have that power. RFC 4121, 4.2.6: type, flags, filler, then EC and RRC.
 */
static gboolean
is_possible_token (RollSecurity *security, gsize stub_length, const guint8 *token, gsize token_length)
{
  gboolean rotated;

  if (token_length < CFX_HEADER_SIZE || token_length != gss_token_size (security, stub_length))
    return FALSE;
  if (token[0] == OLD_TOKEN) /* of RC4 */
    return TRUE;
  if (security->level != ROLL_LEVEL_PRIVACY)
    return token[0] == 0x04 && token[1] == 0x04;
  rotated = token[6] != 0 || token[7] != 0;
  return token[0] == 0x05 && token[1] == 0x04 && (token[2] & CFX_SEALED) != 0 && rotated;
}

static gboolean
gss_unprotect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length,
               const guint8 *token, gsize token_length, GError **error)
{
  Gss *self = (Gss *) security;
  gss_iov_buffer_desc iov[N_IOV];
  g_autofree guint8 *copy = g_memdup2 (token, token_length); /* the library rotates it in place */
  OM_uint32 major, minor;
  int sealed = 1;

  if (!is_possible_token (security, stub_length, token, token_length))
    major = GSS_S_DEFECTIVE_TOKEN;
  else if (security->level == ROLL_LEVEL_PRIVACY)
    {
      fill_iov (security, iov, pdu, pdu_length, stub, stub_length, GSS_IOV_BUFFER_TYPE_HEADER, copy, token_length);
      major = gss_unwrap_iov (&minor, self->context, &sealed, NULL, iov, N_IOV);
    }
  else
    {
      fill_iov (security, iov, pdu, pdu_length, stub, stub_length, GSS_IOV_BUFFER_TYPE_MIC_TOKEN, copy, token_length);
      major = gss_verify_mic_iov (&minor, self->context, NULL, iov, N_IOV);
    }
  if (major == GSS_S_COMPLETE && sealed)
    return TRUE;
  roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE,
                      ROLL_SAID_BY_PEER, "Kerberos: a signature that is not right");
  return FALSE;
}

/* --- Making one -------------------------------------------------------------------------------------------------- */

static const RollSecurityClass kerberos_class = {
  .type = ROLL_AUTH_KERBEROS,
  .logon = gss_logon,
  .token_size = gss_token_size,
  .protect = gss_protect,
  .unprotect = gss_unprotect,
  .free = gss_free,
};

static const RollSecurityClass spnego_class = {
  .type = ROLL_AUTH_SPNEGO,
  .logon = gss_logon,
  .token_size = gss_token_size,
  .protect = gss_protect,
  .unprotect = gss_unprotect,
  .free = gss_free,
};

static gboolean
acquire (Gss *self, GError **error)
{
  gss_OID_set_desc kerberos = { 1, (gss_OID) gss_mech_krb5 };
  gss_buffer_desc nothing = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor, major = roll_tickets_acquire (self->tickets, self->mech, &self->target, &self->credential, &minor);

  /* SPNEGO offers Kerberos alone: no other mechanism that this machine may know, NTLM least of all. */
  if (!GSS_ERROR (major) && self->mech == &spnego_oid)
    major = gss_set_neg_mechs (&minor, self->credential, &kerberos);
  if (GSS_ERROR (major))
    return gss_fail (error, ROLL_RPC_ERROR_REFUSED, major, minor, self->mech);
  /* A library without the option does without. */
  if (self->parent.level == ROLL_LEVEL_INTEGRITY)
    gss_set_cred_option (&minor, &self->credential, &no_ci_flags_oid, &nothing);
  return TRUE;
}

static Gss *
gss_new (RollAuthType type, RollAuthLevel level)
{
  Gss *self = g_new0 (Gss, 1);

  self->parent = (RollSecurity) { .klass = type == ROLL_AUTH_KERBEROS ? &kerberos_class : &spnego_class,
                                  .level = level };
  self->mech = type == ROLL_AUTH_KERBEROS ? (gss_OID) gss_mech_krb5 : &spnego_oid;
  return self;
}

RollSecurity *
roll_security_new_from_gss (RollAuthType type, gss_ctx_id_t context, RollAuthLevel level)
{
  Gss *self = gss_new (type, level);

  self->context = context;
  self->complete = TRUE;
  return &self->parent;
}

RollSecurity *
roll_security_new_kerberos (RollAuthType type, const char *principal, RollSecret *password, const char *target_name,
                            RollAuthLevel level, int cancel_fd, gint64 deadline, GError **error)
{
  Gss *self;

  g_return_val_if_fail (type == ROLL_AUTH_KERBEROS || type == ROLL_AUTH_SPNEGO, NULL);
  g_return_val_if_fail (target_name != NULL, NULL);
  g_return_val_if_fail (principal == NULL || password != NULL, NULL);
  g_return_val_if_fail (level >= ROLL_LEVEL_INTEGRITY, NULL);

  self = gss_new (type, level);
  self->tickets = roll_kerberos_get_tickets (principal, password, target_name, cancel_fd, deadline, error);
  if (self->tickets == NULL || !acquire (self, error))
    {
      gss_free (&self->parent);
      return NULL;
    }
  return &self->parent;
}
