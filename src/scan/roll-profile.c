/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-profile.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define FILE_MAX (64 * 1024 * 1024)
#define SOURCES_MAX 1000
#define SUFFIX ".profile"
#define PROFILE "Profile"

static const char *const account_words[] = { "none", "keyring", "once" };
static const char *const source_words[] = { "file", "networks", "directory" };

RollProfile *
roll_profile_new (const char *name, RollScanForm *form, RollScanOptions *options)
{
  RollProfile *profile = g_new0 (RollProfile, 1);

  profile->name = g_strdup (name);
  profile->form = form;
  profile->options = options;
  return profile;
}

void
roll_profile_free (RollProfile *profile)
{
  if (profile == NULL)
    return;
  g_free (profile->name);
  roll_scan_form_free (profile->form);
  roll_scan_options_free (profile->options);
  g_strfreev (profile->credential_ids);
  g_strfreev (profile->credential_names);
  g_free (profile->account);
  g_free (profile);
}

RollProfile *
roll_profile_of_scan (RollStore *store, const RollScanInfo *info, GError **error)
{
  g_auto (GStrv) includes = NULL;
  g_auto (GStrv) excludes = NULL;
  g_autofree char *targets = NULL;
  g_autofree char *exclusions = NULL;
  RollScanOptions *options;
  RollProfile *profile;

  g_return_val_if_fail (info != NULL, NULL);

  if (!roll_store_get_entries (store, info->id, &includes, &excludes, error))
    return NULL;
  options = roll_scan_options_from_text (info->options, error);
  if (options == NULL)
    return NULL;
  targets = g_strjoinv ("\n", includes);
  exclusions = g_strjoinv (", ", excludes);
  profile = roll_profile_new (info->name, roll_scan_form_new (targets, exclusions), options);
  profile->accounts = info->probe_only ? ROLL_PROFILE_NOBODY : ROLL_PROFILE_KEPT;
  return profile;
}

/* --- Names and files --- */

static char *
normal_name (const char *name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  return g_utf8_normalize (stripped, -1, G_NORMALIZE_NFC);
}

gboolean
roll_profile_check_name (const char *name, GError **error)
{
  g_autofree char *normal = normal_name (name);

  if (normal == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("This is not valid text. Type another name."));
  else if (*normal == '\0')
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("Type a name."));
  else if (g_utf8_strlen (normal, -1) > ROLL_PROFILE_NAME_MAX)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _("The name is too long. %d characters are enough."),
                 ROLL_PROFILE_NAME_MAX);
  else
    return TRUE;
  return FALSE;
}

static char *
get_folder (void)
{
  return g_build_filename (g_get_user_config_dir (), "rollcall", "profiles", NULL);
}

/* Names have any characters and any case; names of files have not. */
static char *
get_path (const char *name)
{
  g_autofree char *normal = normal_name (name);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, normal != NULL ? normal : name, -1);
  g_autofree char *folder = get_folder ();
  g_autofree char *file = NULL;

  sum[32] = '\0';
  file = g_strconcat (sum, SUFFIX, NULL);
  return g_build_filename (folder, file, NULL);
}

gboolean
roll_profile_is_one_of (const char *name, const char *const *names)
{
  g_autofree char *normal = normal_name (name);

  for (guint i = 0; normal != NULL && names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *other = normal_name (names[i]);

      if (g_strcmp0 (normal, other) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Without its full stop: more is to follow. (transfer full) */
static char *
get_reason (const GError *error)
{
  char *reason = g_strdup (error->message);
  gsize length = strlen (reason);

  if (length > 0 && reason[length - 1] == '.')
    reason[length - 1] = '\0';
  return reason;
}

typedef enum
{
  READING,
  SAVING,
  DELETING,
} Doing;

static char *
describe_failure (Doing doing, const char *name, const char *reason, const char *folder)
{
  switch (doing)
    {
    case READING:
      return g_strdup_printf (_("The profile “%s” can’t be read: %s. Look at its file in “%s”: it may be damaged, or not yours to "
                                "read."), name, reason, folder);
    case SAVING:
      return g_strdup_printf (_("The profile “%s” can’t be saved: %s. Check that the folder “%s” is yours and that its disk has "
                                "space, then try again."), name, reason, folder);
    case DELETING:
    default:
      return g_strdup_printf (_("The profile “%s” can’t be deleted: %s. Check that the folder “%s” is yours, then try again."),
                              name, reason, folder);
    }
}

/* @reason: (transfer full): becomes a sentence that says what, where and what to do */
static void
set_failure (GError **error, GError *reason, Doing doing, const char *name)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *bare = get_reason (reason);
  g_autofree char *message = describe_failure (doing, name, bare, folder);

  g_set_error_literal (error, reason->domain, reason->code, message);
  g_error_free (reason);
}

/* (nullable) */
static GKeyFile *
read_file (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GStatBuf status;

  if (g_stat (path, &status) == 0 && (!S_ISREG (status.st_mode) || status.st_size > FILE_MAX))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("It is not a profile."));
      return NULL;
    }
  return g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error) ? g_steal_pointer (&file) : NULL;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (*(const char *const *) a, *(const char *const *) b);
}

/* (transfer full) (nullable): its name */
static char *
read_name (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = read_file (path, error);
  g_autofree char *name = file != NULL ? g_key_file_get_string (file, PROFILE, "Name", error) : NULL;
  g_autofree char *expected = NULL;

  if (name == NULL || !roll_profile_check_name (name, error))
    return NULL;
  expected = get_path (name);
  if (strcmp (expected, path) == 0)
    return g_steal_pointer (&name);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("It is not a profile."));
  return NULL;
}

static void
add_problem (GPtrArray *problems, const char *path, const GError *error)
{
  g_autofree char *reason = get_reason (error);

  g_ptr_array_add (problems, g_strdup_printf (_("The profile in “%s” can’t be read: %s. Mend this file, or remove it."), path,
                                              reason));
}

static void
read_names (GDir *directory, const char *folder, GPtrArray *names, GPtrArray *problems)
{
  const char *entry;

  while ((entry = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, entry, NULL);
      g_autofree char *shown = g_filename_display_name (path);
      g_autoptr (GError) error = NULL;
      char *name = g_str_has_suffix (entry, SUFFIX) ? read_name (path, &error) : NULL;

      if (name != NULL)
        g_ptr_array_add (names, name);
      if (error != NULL)
        add_problem (problems, shown, error);
    }
}

char **
roll_profile_list (char ***ret_problems, GError **error)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GError) reason = NULL;
  g_autoptr (GDir) directory = g_dir_open (folder, 0, &reason);
  GPtrArray *names;
  GPtrArray *problems;

  if (directory == NULL && !g_error_matches (reason, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, reason->domain, reason->code, _("The profiles can’t be read: %s. Check that you may read this folder."),
                   reason->message);
      return NULL;
    }
  names = g_ptr_array_new ();
  problems = g_ptr_array_new ();
  if (directory != NULL)
    read_names (directory, folder, names, problems);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  g_ptr_array_add (problems, NULL);
  *ret_problems = (char **) g_ptr_array_free (problems, FALSE);
  return (char **) g_ptr_array_free (names, FALSE);
}

/* --- Reading --- */

static char *
read_text (GKeyFile *file, const char *group, const char *key)
{
  g_autofree char *text = g_key_file_get_string (file, group, key, NULL);

  return text != NULL ? g_steal_pointer (&text) : g_strdup ("");
}

/* 0 for what is none of them */
static guint
read_word (GKeyFile *file, const char *group, const char *key, const char *const *words, guint n_words)
{
  g_autofree char *word = read_text (file, group, key);

  for (guint i = 0; i < n_words; i++)
    if (strcmp (word, words[i]) == 0)
      return i;
  return 0;
}

/* The last logons are not kept: they would seem older with each scan. */
static void
read_lasting (GKeyFile *file, const char *group, RollTargetSource *source)
{
  g_auto (GStrv) places = g_key_file_get_string_list (file, group, "Places", NULL, NULL);
  g_auto (GStrv) systems = g_key_file_get_string_list (file, group, "Systems", NULL, NULL);

  roll_target_source_set_lasting (source, places, systems);
}

static RollTargetSource *
read_source (GKeyFile *file, const char *group)
{
  RollSourceKind kind = read_word (file, group, "Kind", source_words, G_N_ELEMENTS (source_words));
  g_autofree char *column = g_key_file_get_string (file, group, "Column", NULL);
  g_autofree char *origin = g_key_file_get_string (file, group, "Origin", NULL);
  g_autofree char *uri = read_text (file, group, "File");
  g_autofree char *path = g_filename_from_uri (uri, NULL, NULL);
  g_auto (GStrv) entries = g_key_file_get_string_list (file, group, "Entries", NULL, NULL);
  RollTargetSource *source;

  if (kind == ROLL_SOURCE_FILE)
    return path != NULL ? roll_target_source_new_file (path, column) : NULL;
  if (entries == NULL)
    return NULL;
  source = roll_target_source_new_entries (kind, (const char *const *) entries, origin);
  read_lasting (file, group, source);
  return source;
}

static RollScanForm *
read_form (GKeyFile *file)
{
  g_autofree char *targets = read_text (file, PROFILE, "Targets");
  g_autofree char *exclusions = read_text (file, PROFILE, "Exclusions");
  RollScanForm *form = roll_scan_form_new (targets, exclusions);

  for (guint i = 1; i <= SOURCES_MAX; i++)
    {
      g_autofree char *group = g_strdup_printf ("Source %u", i);
      RollTargetSource *source = g_key_file_has_group (file, group) ? read_source (file, group) : NULL;

      if (!g_key_file_has_group (file, group))
        break;
      if (source != NULL)
        g_ptr_array_add (form->sources, source);
    }
  return form;
}

static RollProfile *
read_profile (GKeyFile *file, const char *name, GError **error)
{
  g_autofree char *text = read_text (file, PROFILE, "Options");
  RollScanOptions *options = roll_scan_options_from_text (text, error);
  RollProfile *profile;

  if (options == NULL)
    return NULL;
  profile = roll_profile_new (name, read_form (file), options);
  profile->accounts = read_word (file, PROFILE, "Accounts", account_words, G_N_ELEMENTS (account_words));
  profile->credential_ids = g_key_file_get_string_list (file, PROFILE, "CredentialIds", NULL, NULL);
  profile->credential_names = g_key_file_get_string_list (file, PROFILE, "Credentials", NULL, NULL);
  profile->account = g_key_file_get_string (file, PROFILE, "Account", NULL);
  return profile;
}

RollProfile *
roll_profile_load (const char *name, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GKeyFile) file = NULL;
  g_autofree char *kept_name = NULL;
  RollProfile *profile = NULL;
  GError *reason = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  path = get_path (name);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _("There is no profile “%s”. The window makes them, where a scan is set up."), name);
      return NULL;
    }
  file = read_file (path, &reason);
  if (file != NULL)
    kept_name = g_key_file_get_string (file, PROFILE, "Name", NULL);
  if (file != NULL)
    profile = read_profile (file, kept_name != NULL ? kept_name : name, &reason);
  if (profile == NULL)
    set_failure (error, reason, READING, name);
  return profile;
}

/* --- Writing --- */

static void
write_list (GKeyFile *file, const char *group, const char *key, char **list)
{
  if (list != NULL)
    g_key_file_set_string_list (file, group, key, (const char *const *) list, g_strv_length (list));
}

static void
write_lasting (GKeyFile *file, const char *group, const RollTargetSource *source)
{
  g_auto (GStrv) places = NULL;
  g_auto (GStrv) systems = NULL;

  if (source->facts == NULL)
    return;
  roll_target_source_get_lasting (source, &places, &systems);
  write_list (file, group, "Places", places);
  write_list (file, group, "Systems", systems);
}

static void
write_source (GKeyFile *file, const char *group, const RollTargetSource *source)
{
  g_key_file_set_string (file, group, "Kind", source_words[source->kind]);
  if (source->path != NULL)
    {
      g_autofree char *absolute = g_canonicalize_filename (source->path, NULL);
      g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);

      g_key_file_set_string (file, group, "File", uri);
    }
  if (source->column != NULL)
    g_key_file_set_string (file, group, "Column", source->column);
  if (source->origin != NULL)
    g_key_file_set_string (file, group, "Origin", source->origin);
  write_list (file, group, "Entries", source->entries);
  write_lasting (file, group, source);
}

static GKeyFile *
write_profile (const RollProfile *profile)
{
  GKeyFile *file = g_key_file_new ();
  g_autofree char *options = roll_scan_options_to_text (profile->options);

  g_key_file_set_string (file, PROFILE, "Name", profile->name);
  g_key_file_set_string (file, PROFILE, "Targets", profile->form->targets);
  g_key_file_set_string (file, PROFILE, "Exclusions", profile->form->exclusions);
  g_key_file_set_string (file, PROFILE, "Options", options);
  g_key_file_set_string (file, PROFILE, "Accounts", account_words[profile->accounts]);
  write_list (file, PROFILE, "CredentialIds", profile->credential_ids);
  write_list (file, PROFILE, "Credentials", profile->credential_names);
  if (profile->account != NULL)
    g_key_file_set_string (file, PROFILE, "Account", profile->account);
  for (guint i = 0; i < profile->form->sources->len; i++)
    {
      g_autofree char *group = g_strdup_printf ("Source %u", i + 1);

      write_source (file, group, profile->form->sources->pdata[i]);
    }
  return file;
}

static gboolean
write_file (GKeyFile *file, const char *name, GError **error)
{
  g_autofree char *folder = get_folder ();
  g_autofree char *path = get_path (name);
  gsize length;
  g_autofree char *data = g_key_file_to_data (file, &length, NULL);
  GError *reason = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    reason = g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  else if (g_file_set_contents_full (path, data, (gssize) length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &reason))
    return TRUE;
  set_failure (error, reason, SAVING, name);
  return FALSE;
}

gboolean
roll_profile_save (const RollProfile *profile, GError **error)
{
  g_autoptr (GKeyFile) file = NULL;

  g_return_val_if_fail (profile != NULL, FALSE);

  if (!roll_profile_check_name (profile->name, error))
    return FALSE;
  file = write_profile (profile);
  return write_file (file, profile->name, error);
}

gboolean
roll_profile_rename (const char *name, const char *new_name, GError **error)
{
  g_autofree char *old_path = get_path (name);
  g_autofree char *new_path = get_path (new_name);
  g_autoptr (GKeyFile) file = NULL;
  GError *reason = NULL;

  if (!roll_profile_check_name (new_name, error))
    return FALSE;
  if (strcmp (old_path, new_path) == 0)
    return TRUE;
  if (g_file_test (new_path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("There is a profile “%s” already. Type another name."), new_name);
      return FALSE;
    }
  file = read_file (old_path, &reason);
  if (file == NULL)
    {
      set_failure (error, reason, READING, name);
      return FALSE;
    }
  g_key_file_set_string (file, PROFILE, "Name", new_name);
  return write_file (file, new_name, error) && roll_profile_delete (name, error);
}

gboolean
roll_profile_delete (const char *name, GError **error)
{
  g_autofree char *path = get_path (name);
  GError *reason;

  if (g_remove (path) == 0 || errno == ENOENT)
    return TRUE;
  reason = g_error_new_literal (G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  set_failure (error, reason, DELETING, name);
  return FALSE;
}
