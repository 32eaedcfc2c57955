/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-common-rules.h"
#include "report/roll-redactor.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/* How sure it is that the computers of a group share their cause. */
typedef enum
{
  ROLL_CONFIDENCE_ALONE,  /* there is nothing to compare with: everybody is struck */
  ROLL_CONFIDENCE_LIKELY, /* clearly rarer elsewhere */
  ROLL_CONFIDENCE_STRONG, /* hardly ever elsewhere; or the finding speaks for itself */
} RollConfidence;

const char *roll_confidence_id (RollConfidence confidence); /* "alone", "likely", "strong" */
const char *roll_confidence_label (RollConfidence confidence); /* in the user's language */

/**
 * RollCommonCause: computers that failed of one cause. Atomically refcounted, immutable.
 * @id: "F.3:subnet:10.1.2.0/24": the same group after the next look at the same scan
 * @name: what they share: "10.1.2.0/24"
 * @class_name: (nullable): the class, where the rule tells groups apart by that
 * @sentence: in the user's language
 * @members: (element-type guint): ordinals of the computers it struck, ascending
 * @counter_examples: (element-type guint): of those it could have struck and did not; none where each finding speaks for
 *   itself
 * @share: of members among both, 0 to 1
 * @elsewhere: the same in the other strata, 0 to 1; below 0: there are none to compare with
 * @lift: how many times as often as elsewhere; 0: nothing to compare with
 * @strength: for comparing groups: how unlikely it is that chance did it
 * @since: from when on, microseconds since the epoch; 0: all the time
 * @from: (nullable): the computer that scanned
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *id;
  const RollCommonRule *rule;
  RollShared stratum;
  char *name;
  char *class_name;
  char *sentence;
  GArray *members;
  GArray *counter_examples;
  double share;
  double elsewhere;
  double lift;
  double strength;
  RollConfidence confidence;
  gint64 since;
  char *from;
} RollCommonCause;

RollCommonCause *roll_common_cause_ref (RollCommonCause *self);
void roll_common_cause_unref (RollCommonCause *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollCommonCause, roll_common_cause_unref)

/* "42 of 45 computers (93 %), elsewhere 2 %" (transfer full) */
char *roll_common_cause_describe_count (const RollCommonCause *self);

/* The sentence with a token for what they share, where that tells who or where. (transfer full) */
char *roll_common_cause_redact_sentence (const RollCommonCause *self, RollRedactor *redactor);

/**
 * roll_common_causes_find:
 *
 * Looks at all computers that are done. Each is explained by one group, the strongest; what strikes the whole scan is told once.
 * May take a second for 100,000 computers.
 *
 * Returns: (transfer full) (element-type RollCommonCause): the strongest first; may be empty
 */
GPtrArray *roll_common_causes_find (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error);
void roll_common_causes_find_async (RollStore *store, gint64 scan_id, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *roll_common_causes_find_finish (GAsyncResult *result, GError **error);

/**
 * roll_common_cause_ticket: what to send to the team that can put it right: plain text in the user's language, what was
 * seen, from which address, which ports, what is asked for, and the computers.
 * @redactor: (nullable): tokens instead of names, addresses and accounts
 *
 * Reads the computers from the store. Returns: (transfer full)
 */
char *roll_common_cause_ticket (const RollCommonCause *self, RollStore *store, gint64 scan_id, RollRedactor *redactor,
                                GError **error);
/* In a worker thread; redacted with the user's own key. */
void roll_common_cause_ticket_async (RollCommonCause *self, RollStore *store, gint64 scan_id, gboolean redacted,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *roll_common_cause_ticket_finish (GAsyncResult *result, GError **error);

G_END_DECLS
