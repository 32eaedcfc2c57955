/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-attempt.h"

G_BEGIN_DECLS

/*
 * What the rules of common causes say, from data/common-causes.xml. Loaded once, immutable, living as long as the
 * program. Texts are in the user's language.
 */

/* What computers may have in common. */
typedef enum
{
  ROLL_SHARED_SCAN,         /* all of them */
  ROLL_SHARED_SUBNET,       /* a /24 or, of IPv6, a /64 */
  ROLL_SHARED_SUFFIX,       /* their names after the first dot */
  ROLL_SHARED_DOMAIN,       /* as they say themselves */
  ROLL_SHARED_OU,           /* the place of their accounts in Active Directory */
  ROLL_SHARED_BUILD,
  ROLL_SHARED_ACCOUNT,      /* by the friendly name of the credential */
  ROLL_SHARED_ACCOUNT_KIND, /* local or of a domain */
  ROLL_SHARED_PROTOCOL,
  ROLL_SHARED_NETWORK,      /* in one of this computer's own networks, or in another */
  ROLL_SHARED_MOMENT,       /* ten seconds */
  ROLL_SHARED_MINUTE,
  ROLL_SHARED_CLASS,        /* that hung or failed */
} RollShared;

#define ROLL_N_SHARED 13

const char *roll_shared_id (RollShared stratum);

/* One bit each; a condition lists some. */
typedef enum
{
  ROLL_TRAIT_BY_NAME = 1 << 0,
  ROLL_TRAIT_BY_ADDRESS = 1 << 1,
  ROLL_TRAIT_LOCAL_ACCOUNT = 1 << 2,
  ROLL_TRAIT_DOMAIN_ACCOUNT = 1 << 3,
  ROLL_TRAIT_NTLM = 1 << 4,
  ROLL_TRAIT_KERBEROS = 1 << 5,
  ROLL_TRAIT_OWN_NETWORK = 1 << 6,
  ROLL_TRAIT_OTHER_NETWORK = 1 << 7,
  ROLL_TRAIT_NAME_AGREES = 1 << 8, /* it calls itself as it was asked for */
  ROLL_TRAIT_NAME_DIFFERS = 1 << 9,
  ROLL_TRAIT_CLOCK_AGREES = 1 << 10, /* within five minutes */
  ROLL_TRAIT_CLOCK_DIFFERS = 1 << 11,
  ROLL_TRAIT_PORT_22 = 1 << 12, /* seen open after the failure */
  ROLL_TRAIT_PORT_445 = 1 << 13,
  ROLL_TRAIT_PORT_3389 = 1 << 14,
  ROLL_TRAIT_PORT_5985 = 1 << 15,
  ROLL_TRAIT_CLASS_HUNG = 1 << 16,
  ROLL_TRAIT_NAME_NONE = 1 << 17,         /* DNS says that there is no such name */
  ROLL_TRAIT_DIRECTORY_CURRENT = 1 << 18, /* its account in Active Directory is in use */
  ROLL_TRAIT_DIRECTORY_STALE = 1 << 19,   /* ... was not used for long, or is disabled */
  ROLL_TRAIT_DIRECTORY_UNKNOWN = 1 << 20,
} RollTraits;

/**
 * RollCondition: holds where each part of it does; a part of 0 always does.
 * @statuses: bits by position in roll_status_results()
 * @steps: bits of RollStep
 * @reached: it got to this step, whether well or not
 * @traits: groups of bits of which one has to be there
 */
#define ROLL_CONDITION_TRAITS 8
typedef struct
{
  guint32 statuses;
  guint32 steps;
  RollStep reached;
  guint32 traits[ROLL_CONDITION_TRAITS];
  guint n_traits;
} RollCondition;

typedef struct
{
  const char *id;    /* "firewall": stable */
  const char *label;
} RollCommonTeam;

/**
 * RollCommonRule: one kind of common cause.
 * @id: "F.3": stable
 * @strata: where it is looked for, 0 to ROLL_N_SHARED - 1 each
 * @split: failing computers are also told apart by this; ROLL_SHARED_SCAN: they are not
 * @least: computers; fewer are no common cause
 * @share: of those it could have struck, percent; 0: the finding speaks for itself, whatever its share
 * @elsewhere: at most so many percent in the other strata; 100: it need only be clearly rarer there
 * @compared: only where there is something to compare with
 * @since: also from a moment on
 * @every_logon: looks at each account that was tried on a computer, not only at how it ended
 * @among: which computers it could strike, any of these; none: all
 * @failing: which of them it struck, any of these
 * @unless: ... but for these
 * @sentence: with {where} and {name}; @lone_sentence: (nullable): where there is nothing to compare with
 * @ask: what the team is asked for, with {from} and {where}
 */
typedef struct
{
  const char *id;
  RollShared strata[ROLL_N_SHARED];
  guint n_strata;
  RollShared split;
  guint least;
  guint share;
  guint elsewhere;
  gboolean compared;
  gboolean since;
  gboolean every_logon;
  const RollCondition *among;
  guint n_among;
  const RollCondition *failing;
  guint n_failing;
  const RollCondition *unless;
  guint n_unless;
  const char *const *causes; /* ids of data/causes.xml, the likeliest first */
  const RollCommonTeam *team;
  const char *title;
  const char *sentence;
  const char *lone_sentence;
  const char *ports;         /* (nullable) */
  const char *ask;
} RollCommonRule;

typedef struct _RollCommonRules RollCommonRules;

/* Those of the program. */
const RollCommonRules *roll_common_rules (void);

/**
 * roll_common_rules_parse:
 * @data: the file's bytes, UTF-8; need not end in NUL
 *
 * Errors: G_MARKUP_ERROR, the text begins with the line.
 */
RollCommonRules *roll_common_rules_parse (const char *data, gsize length, GError **error);
void roll_common_rules_free (RollCommonRules *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollCommonRules, roll_common_rules_free)

const RollCommonRule *roll_common_rules_get (const RollCommonRules *self, guint *ret_n_rules);

/* "In subnet {name}", of a stratum's value; "" where the data has none. */
const char *roll_common_rules_where (const RollCommonRules *self, RollShared stratum);

G_END_DECLS
