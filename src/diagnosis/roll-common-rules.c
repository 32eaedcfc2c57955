/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-common-rules.h"

#include "diagnosis/roll-common-causes-resource.h"
#include "diagnosis/roll-common-rules-private.h"
#include "status/roll-resource.h"

#define RULES_PATH "/io/github/rollcall/Rollcall/common-causes.xml"

static gpointer
load_rules (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  RollCommonRules *rules = NULL;

  bytes = g_resource_lookup_data (roll_resource_get (roll_common_causes_get_resource), RULES_PATH,
                                  G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (bytes != NULL)
    rules = roll_common_rules_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  /* The file is part of the program: that it can't be read is a broken build. */
  if (rules == NULL)
    g_error ("common-causes.xml: %s", error->message);
  return rules;
}

const RollCommonRules *
roll_common_rules (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_rules, NULL);
}

static const char *const stratum_ids[ROLL_N_SHARED] = {
  [ROLL_SHARED_SCAN] = "scan",         [ROLL_SHARED_SUBNET] = "subnet",
  [ROLL_SHARED_SUFFIX] = "suffix",     [ROLL_SHARED_DOMAIN] = "domain",
  [ROLL_SHARED_OU] = "ou",             [ROLL_SHARED_BUILD] = "build",
  [ROLL_SHARED_ACCOUNT] = "account",   [ROLL_SHARED_ACCOUNT_KIND] = "account-kind",
  [ROLL_SHARED_PROTOCOL] = "protocol", [ROLL_SHARED_NETWORK] = "network",
  [ROLL_SHARED_MOMENT] = "moment",     [ROLL_SHARED_MINUTE] = "minute",
  [ROLL_SHARED_CLASS] = "class",
};

const char *
roll_shared_id (RollShared stratum)
{
  g_return_val_if_fail ((guint) stratum < ROLL_N_SHARED, "");

  return stratum_ids[stratum];
}

const RollCommonRule *
roll_common_rules_get (const RollCommonRules *self, guint *ret_n_rules)
{
  *ret_n_rules = self->rules->len;
  return (const RollCommonRule *) (gpointer) self->rules->data;
}

const char *
roll_common_rules_where (const RollCommonRules *self, RollShared stratum)
{
  g_return_val_if_fail ((guint) stratum < ROLL_N_SHARED, "");

  return self->where[stratum] != NULL ? self->where[stratum] : "";
}

void
roll_common_rules_free (RollCommonRules *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->rules);
  g_ptr_array_unref (self->teams);
  g_ptr_array_unref (self->blocks);
  g_string_chunk_free (self->texts);
  g_free (self);
}
