/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wmio.h"
#include "inventory/roll-attempt.h"
#include "inventory/roll-credential.h"
#include "scan/roll-logon-budget.h"
#include "scan/roll-plan.h"

G_BEGIN_DECLS

/**
 * RollConversationOptions:
 * @target: as the user gave it
 * @address: the one that answered
 * @port: the endpoint mapper's
 * @watchdog_ms: no progress for this long ends the attempt
 * @cancel_fd: once it is readable the conversation ends at once
 * @credentials: (element-type RollCredential): in order; those that don't apply are passed over
 * @budget: of the whole scan
 * @n_reading: (nullable): atomic: the conversations that have logged on and read
 * @classes: (nullable): shared by conversations with many computers
 * @login_only: it ends well with the first login to CIMv2: nothing is read
 * @step: (nullable): the record at @place of the attempt is there, or was changed: a logon may be judged with the request behind it
 */
typedef struct
{
  const char *target;
  RollAddress address;
  guint16 port;
  guint connect_timeout_ms;
  guint watchdog_ms;
  int cancel_fd;
  GPtrArray *credentials;
  RollLogonBudget *budget;
  guint *n_reading;
  RollWmiClassCache *classes;
  gboolean login_only;
  void (*step) (const RollAttempt *attempt, guint place, gpointer user_data);
  gpointer user_data;
} RollConversationOptions;

/**
 * RollConversationEnd: how the conversation ended.
 * @verdict: FINISH, RETRY or OUR_FAULT; the status is the one the conversation by itself comes to
 * @failure: what ended it; step NONE when nothing was left to ask
 * @cancelled: by us; nothing else means anything then
 * @put_back: nothing was tried: somebody else is trying the account, and this computer is to be asked again soon
 */
typedef struct
{
  RollVerdict verdict;
  RollFailure failure;
  gboolean cancelled;
  gboolean put_back;
} RollConversationEnd;

/**
 * roll_converse: one attempt at the inventory of one computer, from the connected socket on. Blocks.
 * @socket: to the endpoint mapper; taken over
 * @plan: what is left to ask; brought up to date
 * @attempt: gets a record of each step and the result of each class
 */
void roll_converse (const RollConversationOptions *options, int socket, RollPlan *plan, RollAttempt *attempt,
                    RollConversationEnd *ret_end);

/* "10.1.2.3:135", "[fe80::1%eth0]:135"; (transfer full) */
char *roll_conversation_format_peer (const RollAddress *address, guint16 port);

G_END_DECLS
