/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-kerberos.h"

#include <glib/gi18n-lib.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <string.h>

#include "directory/roll-directory-tickets.h"

#define WANTED                                                                                                             \
  (GSS_C_MUTUAL_FLAG | GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG)

/* RFC 4752 3.3: one byte of protections, three of the longest sealed piece that is taken. */
#define OFFER_SIZE 4
#define SEALED 0x04
#define LONGEST_PIECE 0x080000

typedef enum
{
  NEGOTIATING,
  AGREED,   /* on who is who; the server's offer of protections comes next */
  COMPLETE,
} Stage;

struct _RollDirectoryKerberos
{
  RollTickets *tickets; /* the credential lives on them */
  gss_cred_id_t credential;
  gss_name_t target;
  gss_ctx_id_t context;
  Stage stage;
};

void
roll_directory_kerberos_free (RollDirectoryKerberos *self)
{
  OM_uint32 minor;

  if (self == NULL)
    return;
  gss_delete_sec_context (&minor, &self->context, GSS_C_NO_BUFFER);
  gss_release_name (&minor, &self->target);
  gss_release_cred (&minor, &self->credential);
  roll_tickets_free (self->tickets);
  g_free (self);
}

static gboolean
fail (OM_uint32 minor_status, GError **error)
{
  gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor, more = 0;

  gss_display_status (&minor, minor_status, GSS_C_MECH_CODE, (gss_OID) gss_mech_krb5, &more, &text);
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_KERBEROS,
               _ ("The logon with Kerberos failed: %.*s. Check the account and this machine's Kerberos settings, or choose TLS."),
               (int) MIN (text.length, 200), text.length > 0 ? (const char *) text.value : "");
  gss_release_buffer (&minor, &text);
  return FALSE;
}

static gboolean
fail_protection (GError **error)
{
  g_set_error_literal (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_KERBEROS,
                       _ ("The server does not seal what it sends with Kerberos. Choose TLS, or name another server."));
  return FALSE;
}

static char *
get_principal (const RollCredential *credential, const char *domain)
{
  g_autofree char *realm = g_utf8_strup (credential->realm ? credential->realm : domain ? domain : credential->domain, -1);

  return g_strconcat (credential->user, "@", realm, NULL);
}

static gboolean
set_up (RollDirectoryKerberos *self, GError **error)
{
  OM_uint32 minor, major = roll_tickets_acquire (self->tickets, (gss_OID) gss_mech_krb5, &self->target, &self->credential, &minor);

  return !GSS_ERROR (major) || fail (minor, error);
}

RollDirectoryKerberos *
roll_directory_kerberos_new (const RollCredential *credential, const char *domain, const char *host, const RollDirectoryWait *wait,
                             GError **error)
{
  g_autoptr (RollDirectoryKerberos) self = g_new0 (RollDirectoryKerberos, 1);
  g_autofree char *service = g_strconcat ("ldap/", host, NULL);
  gboolean own = !credential || !credential->password;
  g_autofree char *principal = own ? NULL : get_principal (credential, domain);

  self->tickets = roll_directory_get_tickets (principal, own ? NULL : credential->password, service, wait, error);
  return self->tickets && set_up (self, error) ? g_steal_pointer (&self) : NULL;
}

static GBytes *
take (gss_buffer_t buffer)
{
  GBytes *bytes = g_bytes_new (buffer->value, buffer->length);
  OM_uint32 minor;

  gss_release_buffer (&minor, buffer);
  return bytes;
}

static GBytes *
negotiate (RollDirectoryKerberos *self, gss_buffer_t token, GError **error)
{
  gss_buffer_desc answer = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor, flags = 0;
  OM_uint32 major = gss_init_sec_context (&minor, self->credential, &self->context, self->target, (gss_OID) gss_mech_krb5,
                                          WANTED, 0, GSS_C_NO_CHANNEL_BINDINGS, token, NULL, &answer, &flags, NULL);

  if (GSS_ERROR (major))
    {
      fail (minor, error);
      return NULL;
    }
  if (major == GSS_S_COMPLETE && (flags & WANTED) != WANTED)
    {
      gss_release_buffer (&minor, &answer);
      fail_protection (error);
      return NULL;
    }
  self->stage = major == GSS_S_COMPLETE ? AGREED : NEGOTIATING;
  return take (&answer);
}

/* Sealed or nothing; and the account is the one of the ticket. */
static GBytes *
choose_protection (RollDirectoryKerberos *self, gss_buffer_t token, GError **error)
{
  guint8 choice[OFFER_SIZE] = { SEALED, LONGEST_PIECE >> 16, (LONGEST_PIECE >> 8) & 0xff, LONGEST_PIECE & 0xff };
  gss_buffer_desc plain = { sizeof choice, choice };
  gss_buffer_desc offer = GSS_C_EMPTY_BUFFER;
  gss_buffer_desc answer = GSS_C_EMPTY_BUFFER;
  OM_uint32 minor, ignored;
  OM_uint32 major = gss_unwrap (&minor, self->context, token, &offer, NULL, NULL);
  gboolean seals = !GSS_ERROR (major) && offer.length == OFFER_SIZE && (((guint8 *) offer.value)[0] & SEALED) != 0;

  gss_release_buffer (&ignored, &offer);
  if (!seals)
    {
      fail_protection (error);
      return NULL;
    }
  major = gss_wrap (&minor, self->context, FALSE, GSS_C_QOP_DEFAULT, &plain, NULL, &answer);
  if (GSS_ERROR (major))
    {
      fail (minor, error);
      return NULL;
    }
  self->stage = COMPLETE;
  return take (&answer);
}

GBytes *
roll_directory_kerberos_step (RollDirectoryKerberos *self, GBytes *token, GError **error)
{
  gsize length = 0;
  const void *bytes = token ? g_bytes_get_data (token, &length) : NULL;
  gss_buffer_desc buffer = { length, (void *) bytes };

  if (self->stage == NEGOTIATING)
    return negotiate (self, length > 0 ? &buffer : GSS_C_NO_BUFFER, error);
  if (self->stage == AGREED)
    return choose_protection (self, &buffer, error);
  fail_protection (error);
  return NULL;
}

gboolean
roll_directory_kerberos_is_complete (RollDirectoryKerberos *self)
{
  return self->stage == COMPLETE;
}

gss_ctx_id_t
roll_directory_kerberos_steal_context (RollDirectoryKerberos *self)
{
  return g_steal_pointer (&self->context);
}
