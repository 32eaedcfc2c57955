/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"
#include "rpc/roll-rpc-error.h"

G_BEGIN_DECLS

/*
 * Stands in the place of src/wmi when a test is linked with it: computers that answer each step of a conversation as they are told,
 * without a network. What is not told otherwise goes well: each class has one row.
 *
 * A call is named "negotiate", "ask-name", "authenticate NAME kerberos", "activate", "connect-object", "authenticate-object",
 * "login root/cimv2", "query Win32_BIOS", "query-all Win32_BIOS" (SELECT *), "get StdRegProv", "keys KEY", "values KEY", "release".
 */
typedef struct _FakeComputer FakeComputer;

/* The computer at 127.0.0.@last. Freed by fake_reset(). */
FakeComputer *fake_add (guint8 last);
void fake_reset (void);

/**
 * fake_fail: a call that fails, from its @first to its @last time, counted from 1.
 * @call: a name, or the beginning of several when it ends with "*"
 */
void fake_fail (FakeComputer *self, const char *call, guint first, guint last, RollRpcError code, RollErrorSpace space,
                guint32 number);
/* Never answers from its @first to its @last time: ends with the watchdog, or when it is cancelled. */
void fake_hang (FakeComputer *self, const char *call, guint first, guint last);
void fake_delay (FakeComputer *self, const char *call, guint milliseconds);
void fake_set_rows (FakeComputer *self, const char *class_name, guint n_rows);
/* What its NTLM challenge tells; NULL for what it does not. Without a DNS domain it is in none, else in CORP. */
void fake_set_names (FakeComputer *self, const char *computer, const char *dns_computer, const char *dns_domain);
/* Only these log on; before, everybody does. */
void fake_accept (FakeComputer *self, const char *credential);

/* (transfer full): the calls so far, one a line; those that begin with @prefix, (nullable) */
char *fake_get_calls (FakeComputer *self, const char *prefix);
guint fake_count_calls (FakeComputer *self, const char *prefix);
guint fake_get_n_conversations (FakeComputer *self);
guint fake_get_most_at_once (void); /* of all computers */

G_END_DECLS
