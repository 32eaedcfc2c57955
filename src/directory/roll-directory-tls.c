/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-tls.h"

#include <glib/gi18n-lib.h>
#include <gnutls/x509.h>
#include <string.h>

#include "directory/roll-directory-private.h"
#include "inventory/roll-address.h"

#define TEXT_MAX_CHARACTERS 400
#define NAMES_MAX 20 /* shown of those a certificate was made for */

static gboolean
fail (GError **error, const RollDirectoryWait *wait, int status)
{
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_TLS,
               _ ("No safe connection with “%s” came about (%s). Check that a certificate is installed there, that TLS 1.2 is "
                  "allowed, and that the port is the right one."),
               wait->peer, gnutls_strerror (status));
  return FALSE;
}

/* --- What the certificate says ----------------------------------------------------------------------------------- */

static char *
take_text (int status, gnutls_datum_t *text)
{
  char *printable;

  if (status < 0)
    return g_strdup ("");
  printable = roll_directory_printable ((const char *) text->data, TEXT_MAX_CHARACTERS);
  gnutls_free (text->data);
  return printable;
}

static char *
get_subject (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t text = { 0 };

  return take_text (gnutls_x509_crt_get_dn3 (certificate, &text, 0), &text);
}

static char *
get_issuer (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t text = { 0 };

  return take_text (gnutls_x509_crt_get_issuer_dn3 (certificate, &text, 0), &text);
}

static void
append_name (GString *names, guint type, const char *value, gsize length)
{
  RollAddress address = { .family = length == 4 ? AF_INET : AF_INET6 };
  char buffer[ROLL_ADDRESS_STRLEN];
  g_autofree char *printable = NULL;

  if (type == GNUTLS_SAN_IPADDRESS && (length == 4 || length == 16))
    {
      memcpy (address.bytes, value, length);
      printable = g_strdup (roll_address_format (&address, buffer));
    }
  else if (type == GNUTLS_SAN_DNSNAME)
    printable = roll_directory_printable (value, TEXT_MAX_CHARACTERS);
  if (printable && printable[0])
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", printable);
}

/* Only without alternative names does the common name count. */
static char *
get_names (gnutls_x509_crt_t certificate)
{
  g_autoptr (GString) names = g_string_new (NULL);
  char value[1024];

  for (guint i = 0; i < NAMES_MAX; i++)
    {
      size_t length = sizeof value - 1;
      guint type = 0;
      int status = gnutls_x509_crt_get_subject_alt_name2 (certificate, i, value, &length, &type, NULL);

      if (status == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (status < 0)
        continue;
      value[length] = '\0';
      append_name (names, type, value, length);
    }
  size_t length = sizeof value - 1;
  if (names->len == 0 &&
      gnutls_x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, value, &length) == 0)
    append_name (names, GNUTLS_SAN_DNSNAME, value, length);
  return g_string_free (g_steal_pointer (&names), FALSE);
}

static char *
get_fingerprint (const gnutls_datum_t *der)
{
  g_autofree char *digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->size);

  return roll_directory_fingerprint_parse (digest, NULL);
}

static void
append_sentence (GString *reason, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
append_sentence (GString *reason, const char *format, ...)
{
  va_list arguments;

  if (reason->len > 0)
    g_string_append_c (reason, ' ');
  va_start (arguments, format);
  g_string_append_vprintf (reason, format, arguments);
  va_end (arguments);
}

/* Those that have a sentence; others are told in GnuTLS's words. */
#define EXPLAINED                                                                                                         \
  (GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_EXPIRED | GNUTLS_CERT_NOT_ACTIVATED |                      \
   GNUTLS_CERT_UNEXPECTED_OWNER | GNUTLS_CERT_REVOKED | GNUTLS_CERT_INSECURE_ALGORITHM | GNUTLS_CERT_SIGNER_NOT_CA)

static char *
explain (guint status, const RollDirectoryCertificate *certificate)
{
  g_autoptr (GString) reason = g_string_new (NULL);
  gboolean self_signed = g_str_equal (certificate->subject, certificate->issuer);

  if (status & (GNUTLS_CERT_SIGNER_NOT_FOUND | GNUTLS_CERT_SIGNER_NOT_CA))
    append_sentence (reason, "%s",
                     self_signed ? _ ("The server made it itself, and nobody this machine trusts vouches for it.")
                                 : _ ("This machine does not trust the one who issued it."));
  if (status & GNUTLS_CERT_UNEXPECTED_OWNER)
    append_sentence (reason, _ ("It was made for another name than “%s”."), certificate->server);
  if (status & GNUTLS_CERT_EXPIRED)
    append_sentence (reason, "%s", _ ("It has expired."));
  if (status & GNUTLS_CERT_NOT_ACTIVATED)
    append_sentence (reason, "%s", _ ("It is not valid yet; this machine's clock may be wrong."));
  if (status & GNUTLS_CERT_REVOKED)
    append_sentence (reason, "%s", _ ("It was revoked."));
  if (status & GNUTLS_CERT_INSECURE_ALGORITHM)
    append_sentence (reason, "%s", _ ("It was signed in a way that can be forged."));
  gnutls_datum_t text = { 0 };
  if ((status & ~(guint) EXPLAINED || reason->len == 0) &&
      gnutls_certificate_verification_status_print (status, GNUTLS_CRT_X509, &text, 0) == 0)
    {
      g_autofree char *printable = take_text (0, &text);

      append_sentence (reason, "%s", printable);
    }
  return g_string_free (g_steal_pointer (&reason), FALSE);
}

static RollDirectoryCertificate *
describe (const gnutls_datum_t *der, const char *host, guint status)
{
  RollDirectoryCertificate *description;
  gnutls_x509_crt_t certificate;

  if (gnutls_x509_crt_init (&certificate) < 0)
    return NULL;
  if (gnutls_x509_crt_import (certificate, der, GNUTLS_X509_FMT_DER) < 0)
    {
      gnutls_x509_crt_deinit (certificate);
      return NULL;
    }
  description = g_new0 (RollDirectoryCertificate, 1);
  description->server = g_strdup (host);
  description->subject = get_subject (certificate);
  description->issuer = get_issuer (certificate);
  description->names = get_names (certificate);
  description->fingerprint = get_fingerprint (der);
  description->not_before = gnutls_x509_crt_get_activation_time (certificate);
  description->not_after = gnutls_x509_crt_get_expiration_time (certificate);
  description->reason = explain (status, description);
  description->replaces = roll_directory_certificate_accepted (host);
  gnutls_x509_crt_deinit (certificate);
  return description;
}

/* --- Whether it is good ------------------------------------------------------------------------------------------ */

static gboolean
is_accepted (const RollDirectoryCertificate *certificate, char **accepted)
{
  if (certificate->replaces && g_str_equal (certificate->replaces, certificate->fingerprint))
    return TRUE;
  for (; accepted && *accepted; accepted++)
    {
      g_autofree char *fingerprint = roll_directory_fingerprint_parse (*accepted, NULL);

      if (fingerprint && g_str_equal (fingerprint, certificate->fingerprint))
        return TRUE;
    }
  return FALSE;
}

static gboolean
refuse (RollDirectoryCertificate *certificate, RollDirectoryCertificate **ret_certificate, GError **error)
{
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_CERTIFICATE,
               certificate->replaces
                   ? _ ("“%s” shows another certificate than the one that was accepted for it. %s Accept it only when you know "
                        "why it changed: its SHA-256 fingerprint is %s.")
                   : _ ("The certificate of “%s” can't be verified. %s Compare its SHA-256 fingerprint with the one on the "
                        "server before you accept it: %s."),
               certificate->server, certificate->reason, certificate->fingerprint);
  *ret_certificate = certificate;
  return FALSE;
}

static gboolean
verify (RollDirectoryTls *tls, const char *host, char **accepted, const RollDirectoryWait *wait,
        RollDirectoryCertificate **ret_certificate, GError **error)
{
  guint trouble = 0;
  guint n = 0;
  int status = gnutls_certificate_verify_peers3 (tls->session, host, &trouble);

  if (status < 0)
    return fail (error, wait, status);
  if (trouble == 0)
    return TRUE;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (tls->session, &n);
  g_autoptr (RollDirectoryCertificate) certificate = n > 0 ? describe (&chain[0], host, trouble) : NULL;
  if (!certificate)
    return fail (error, wait, GNUTLS_E_CERTIFICATE_ERROR);
  if (is_accepted (certificate, accepted))
    return TRUE;
  return refuse (g_steal_pointer (&certificate), ret_certificate, error);
}

/* --- Handshake --------------------------------------------------------------------------------------------------- */

static gboolean
shake_hands (RollDirectoryTls *tls, int fd, const RollDirectoryWait *wait, GError **error)
{
  int status;

  while ((status = gnutls_handshake (tls->session)) != GNUTLS_E_SUCCESS)
    {
      gboolean writing = gnutls_record_get_direction (tls->session) == 1;

      if (status != GNUTLS_E_AGAIN && gnutls_error_is_fatal (status))
        return fail (error, wait, status);
      if (status == GNUTLS_E_AGAIN && !roll_directory_wait_fd (wait, fd, writing ? POLLOUT : POLLIN, error))
        return FALSE;
      if (!roll_directory_wait_check (wait, error))
        return FALSE;
    }
  return TRUE;
}

static int
set_up (RollDirectoryTls *tls, int fd, const char *host)
{
  RollAddress address;
  int status = gnutls_certificate_allocate_credentials (&tls->credentials);

  if (status == 0)
    status = MIN (gnutls_certificate_set_x509_system_trust (tls->credentials), 0);
  /* Where no such list is, nothing can be verified, and the person is asked. */
  if (status == GNUTLS_E_UNIMPLEMENTED_FEATURE || status == GNUTLS_E_FILE_ERROR)
    status = 0;
  if (status == 0)
    status = gnutls_init (&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  if (status == 0)
    status = gnutls_set_default_priority_append (tls->session, "-VERS-SSL3.0:-VERS-TLS1.0:-VERS-TLS1.1", NULL, 0);
  if (status == 0)
    status = gnutls_credentials_set (tls->session, GNUTLS_CRD_CERTIFICATE, tls->credentials);
  if (status == 0 && !roll_address_parse (host, &address))
    status = gnutls_server_name_set (tls->session, GNUTLS_NAME_DNS, host, strlen (host));
  if (status == 0)
    gnutls_transport_set_int (tls->session, fd);
  return status;
}

gboolean
roll_directory_tls_start (RollDirectoryTls *tls, int fd, const char *host, char **accepted, const RollDirectoryWait *wait,
                          RollDirectoryCertificate **ret_certificate, GError **error)
{
  int status = set_up (tls, fd, host);

  if (status != 0)
    return fail (error, wait, status);
  return shake_hands (tls, fd, wait, error) && verify (tls, host, accepted, wait, ret_certificate, error);
}

void
roll_directory_tls_clear (RollDirectoryTls *tls)
{
  g_clear_pointer (&tls->session, gnutls_deinit);
  g_clear_pointer (&tls->credentials, gnutls_certificate_free_credentials);
}
