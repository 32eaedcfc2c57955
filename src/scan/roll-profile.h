/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-scan-form.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/*
 * Scanning again the same way: everything but passwords, by name, in key files of $XDG_CONFIG_HOME/rollcall/profiles that
 * only their owner can read. All of these block; any thread.
 */

#define ROLL_PROFILE_NAME_MAX 100 /* characters */

typedef enum
{
  ROLL_PROFILE_NOBODY, /* no account: only which computers answer */
  ROLL_PROFILE_KEPT,   /* credentials of the keyring */
  ROLL_PROFILE_ONCE,   /* an account that is typed each time */
} RollProfileAccounts;

/**
 * RollProfile: plain data, owned.
 * @credential_ids, @credential_names: (nullable): of ROLL_PROFILE_KEPT, in pairs: ids outlive a new name, names are for people
 * @account: (nullable): of ROLL_PROFILE_ONCE: without its password
 */
typedef struct
{
  char *name;
  RollScanForm *form;
  RollScanOptions *options;
  RollProfileAccounts accounts;
  char **credential_ids;
  char **credential_names;
  char *account;
} RollProfile;

/* @form, @options: (transfer full) */
RollProfile *roll_profile_new (const char *name, RollScanForm *form, RollScanOptions *options);
void roll_profile_free (RollProfile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollProfile, roll_profile_free)

/* Another scan like a stored one: its targets, exclusions and options. With what it logged on is not known, only whether.
 * Errors: the store's */
RollProfile *roll_profile_of_scan (RollStore *store, const RollScanInfo *info, GError **error);

/* What is wrong with a name as it is typed. Errors: G_IO_ERROR_INVALID_ARGUMENT */
gboolean roll_profile_check_name (const char *name, GError **error);

/**
 * roll_profile_list:
 * @ret_problems: (out) (transfer full): a sentence for each file that should be a profile and can't be read
 *
 * Returns: (transfer full): the names, in the user's order; NULL when the folder can't be read
 */
char **roll_profile_list (char ***ret_problems, GError **error);
/* Whether @names has @name, as it would be kept. @names: (nullable) */
gboolean roll_profile_is_one_of (const char *name, const char *const *names);

/* Errors of all of these: G_IO_ERROR, G_FILE_ERROR, G_KEY_FILE_ERROR: what could not be done, where, why and what to do. */
RollProfile *roll_profile_load (const char *name, GError **error);
/* Instead of the one of the same name. */
gboolean roll_profile_save (const RollProfile *profile, GError **error);
/* Errors: also G_IO_ERROR_EXISTS. The profile is there under one of the names, at least, whatever happens. */
gboolean roll_profile_rename (const char *name, const char *new_name, GError **error);
gboolean roll_profile_delete (const char *name, GError **error);

G_END_DECLS
