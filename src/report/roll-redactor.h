/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "codec/roll-cim.h"
#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/*
 * What tells who and where is replaced by tokens: names, addresses, users, domains, places in Active Directory, serial numbers and all other text of a
 * computer that is not known to be harmless. The same input is the same token as long as the key is the same; without
 * the key, nobody can make tokens of guessed names and compare.
 *
 *   pc-0123456789ab            a name; its domain, if it has one, behind a dot: pc-0123456789ab.domain-0123456789ab
 *   net-0123456789ab.host-...  an address: those of one network, a /24 or, of IPv6, a /64, begin alike
 *   user-… domain-… ou-… serial-… account-… hidden-…
 *
 * What stays: statuses, steps, errors, times, counts and sizes; kinds of hardware, Windows, features, services and programs.
 * Where these mention the computer, its domain, its address or a serial number, that is replaced too.
 */
typedef struct _RollRedactor RollRedactor;

#define ROLL_REDACTOR_KEY_LENGTH 32

RollRedactor *roll_redactor_new (const guint8 key[ROLL_REDACTOR_KEY_LENGTH]);
/*
 * With the user's own key, so that tokens are the same in all exports: @path, or NULL for
 * $XDG_CONFIG_HOME/rollcall/redaction.key. It is made when it is not there; one that others can read is refused.
 */
RollRedactor *roll_redactor_load (const char *path, GError **error);
void roll_redactor_free (RollRedactor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollRedactor, roll_redactor_free)

typedef enum
{
  ROLL_PRIVATE_NOT,     /* as it is */
  ROLL_PRIVATE_TEXT,    /* as it is, but for what tells of the computer */
  ROLL_PRIVATE_NAME,    /* of a computer; an address is treated as such */
  ROLL_PRIVATE_ADDRESS, /* with or without a port, or something else in front */
  ROLL_PRIVATE_DOMAIN,
  ROLL_PRIVATE_OU,      /* a place in Active Directory */
  ROLL_PRIVATE_USER,
  ROLL_PRIVATE_SERIAL,
  ROLL_PRIVATE_ACCOUNT, /* the friendly name of a credential */
  ROLL_PRIVATE_DETAIL,  /* key=value facts of a step */
  ROLL_PRIVATE_OTHER,
} RollPrivacy;

/*
 * @text as it may leave, (transfer full); NULL and "" stay. @computer: (nullable): whose text it is.
 */
char *roll_redactor_apply (RollRedactor *self, RollPrivacy privacy, const char *text, const RollComputer *computer);
/* "net-…": of the network that @label, such as "10.1.2.0/24", names. (transfer full) */
char *roll_redactor_network (RollRedactor *self, const char *label);

/* What a column of a collector holds. Text of columns that nobody has looked at is OTHER. */
RollPrivacy roll_privacy_of_column (const char *collector, const char *column);

G_END_DECLS
