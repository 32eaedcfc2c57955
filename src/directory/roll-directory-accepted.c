/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-certificate.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define SHA256_DIGITS 64
#define KEY_FINGERPRINT "sha256"
#define KEY_SUBJECT "subject"

/* Reading, changing and writing back is one step for this process. */
static GMutex lock;

RollDirectoryCertificate *
roll_directory_certificate_copy (const RollDirectoryCertificate *certificate)
{
  RollDirectoryCertificate *copy;

  g_return_val_if_fail (certificate != NULL, NULL);

  copy = g_memdup2 (certificate, sizeof *certificate);
  copy->server = g_strdup (certificate->server);
  copy->subject = g_strdup (certificate->subject);
  copy->issuer = g_strdup (certificate->issuer);
  copy->names = g_strdup (certificate->names);
  copy->fingerprint = g_strdup (certificate->fingerprint);
  copy->reason = g_strdup (certificate->reason);
  copy->replaces = g_strdup (certificate->replaces);
  return copy;
}

void
roll_directory_certificate_free (RollDirectoryCertificate *certificate)
{
  if (certificate == NULL)
    return;
  g_free (certificate->server);
  g_free (certificate->subject);
  g_free (certificate->issuer);
  g_free (certificate->names);
  g_free (certificate->fingerprint);
  g_free (certificate->reason);
  g_free (certificate->replaces);
  g_free (certificate);
}

char *
roll_directory_fingerprint_parse (const char *text, GError **error)
{
  g_autoptr (GString) fingerprint = g_string_new (NULL);
  guint digits = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (; *text; text++)
    {
      if (*text == ':' || *text == ' ')
        continue;
      if (!g_ascii_isxdigit (*text) || digits == SHA256_DIGITS)
        break;
      if (digits > 0 && digits % 2 == 0)
        g_string_append_c (fingerprint, ':');
      g_string_append_c (fingerprint, g_ascii_toupper (*text));
      digits++;
    }
  if (*text == '\0' && digits == SHA256_DIGITS)
    return g_string_free (g_steal_pointer (&fingerprint), FALSE);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("This is no SHA-256 fingerprint: it has 64 digits from 0 to 9 and A to F, colons between "
                          "them do not matter."));
  return NULL;
}

static char *
get_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "rollcall", "certificates", NULL);
}

/* A group's name can't have these; a server's has none. */
static char *
get_group (const char *server)
{
  return g_strdelimit (g_ascii_strdown (server, -1), "[]\n\r\t", '_');
}

/* One that is not there yet is empty; one that can't be read is not overwritten. */
static GKeyFile *
load (GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) trouble = NULL;
  g_autofree char *path = get_path ();

  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &trouble) ||
      g_error_matches (trouble, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&file);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _ ("The accepted certificates in “%s” can't be read: %s. Put the file right or remove it."), path,
               trouble->message);
  return NULL;
}

static gboolean
save (GKeyFile *file, GError **error)
{
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  gsize length;
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      int number = errno;

      g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (number), _ ("The folder “%s” can't be made: %s"), folder,
                   g_strerror (number));
      return FALSE;
    }
  return g_file_set_contents_full (path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

gboolean
roll_directory_certificate_accept (const RollDirectoryCertificate *certificate, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  g_return_val_if_fail (certificate != NULL && certificate->server[0] != '\0', FALSE);

  g_autoptr (GKeyFile) file = load (error);
  if (!file)
    return FALSE;
  g_autofree char *group = get_group (certificate->server);
  g_key_file_set_string (file, group, KEY_FINGERPRINT, certificate->fingerprint);
  g_key_file_set_string (file, group, KEY_SUBJECT, certificate->subject);
  return save (file, error);
}

gboolean
roll_directory_certificate_forget (const char *server, GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  g_return_val_if_fail (server != NULL, FALSE);

  g_autoptr (GKeyFile) file = load (error);
  if (!file)
    return FALSE;
  g_autofree char *group = get_group (server);
  return !g_key_file_remove_group (file, group, NULL) || save (file, error);
}

char *
roll_directory_certificate_accepted (const char *server)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  g_return_val_if_fail (server != NULL, NULL);

  g_autoptr (GKeyFile) file = load (NULL);
  if (!file)
    return NULL;
  g_autofree char *group = get_group (server);
  g_autofree char *text = g_key_file_get_string (file, group, KEY_FINGERPRINT, NULL);
  return text ? roll_directory_fingerprint_parse (text, NULL) : NULL;
}

char **
roll_directory_certificate_servers (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GKeyFile) file = load (NULL);

  return file ? g_key_file_get_groups (file, NULL) : g_new0 (char *, 1);
}
