/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "inventory/roll-computer.h"
#include "report/roll-json.h"

G_BEGIN_DECLS

/*
 * JSON lines: one object per line, always valid UTF-8, control characters escaped. Field names are stable; a
 * script must bear new ones. Times are ISO 8601 UTC, durations whole milliseconds, what is not known is null.
 *
 * Every object starts with "event":
 *
 * scan, the first line of a scan: scan, name, practice, probe_only, targets, database, wrong_entries, resumed
 *
 * computer, one when it is finished: scan, ordinal, target, address, status_code (null for a state),
 *   status_id, status (the English label), layer, step, error_space, error_number, error, error_name,
 *   said_by, attempts, started_at, duration_ms, computer_name, domain, credential, classes_collected,
 *   classes_planned, os, os_version, os_build, manufacturer, model, serial_number, processors, cores, memory_bytes;
 *   directory: what Active Directory told when the scan was made: ou, last_logon, os, enabled; null for other targets
 *
 * computer as `show` has it, these fields more: meaning; causes, the likeliest first (id, likelihood "likely", "possible" or
 *   "unlikely", prior, text, speaks_for and speaks_against (texts), not_known (names of facts that are missing)); facts (texts, as
 *   the rules of evidence have them: "port-445 = open"); class_list (see collected, without
 *   row_list); attempt_list (number, status_id, started_at, duration_ms, steps);
 *   earlier_list: what earlier tests found, before it was tested again (status_code, status_id, ..., error_space, ..., attempts,
 *   started_at); check_list: what the check script said on the target (cause, found: true, false or null, what)
 *
 * collected, from `show --what`: scan, target, address, collector, outcome ("collected", "failed", "timed-out",
 *   "abandoned"), attempt, rows, started_at, duration_ms, step, error_space, error_number, error, error_name, said_by;
 *   row_list: objects, a field per column: integers exact, datetimes as WMI writes them, arrays as arrays, null for
 *   NULL, left out where the computer does not have the property. Where it was not asked for: collector and row_list
 *
 * steps of an attempt: step, started_at, duration_ms, error_space, error_number, error, error_name, peer,
 *   said_by, detail
 *
 * progress, once a second while a scan runs: scan, targets, done, per_second, elapsed_ms, remaining_ms (an estimate), and how many
 *   computers are resolving, connecting, logging_on, reading, waiting_for_session, waiting_for_network, waiting_for_account (and
 *   account, its name), waiting_for_retry (and next_retry_ms)
 *
 * notice, something the user should know: scan, kind, text
 *
 * summary, the last line of a scan, and `report`: scan, name, state, practice, probe_only, targets, done,
 *   created_at, started_at, finished_at, statuses (status_code, status_id, status, layer, count),
 *   resting_accounts (why each was not used any more), not_tried (computers that were not asked for that)
 *
 * of `report` also common_causes: id, rule, shared ("scan", "subnet", "account" ...), name (of what is shared), class, title,
 *   sentence, confidence ("alone": nothing to compare with, "likely", "strong"), share, elsewhere and lift (null: nothing to
 *   compare with), since, causes (ids), team, count, members, counter_examples (ordinals)
 *
 * change, one per thing that changed from `diff`: group ("new", "gone", "status", "identity", "system", "hardware",
 *   "software"), target, address, computer_name, field, item, before, after (texts; of counts numbers; null: not there)
 *
 * difference, the last line of `diff`: scan_before, scan_after, computers_before, computers_after, matched, matched_by_name,
 *   unfinished, with_inventory, changed; changes: a count for each group
 *
 * retest, one per computer from `retest`, at its end: scan, target, before, after (ids of statuses)
 *
 * listed, one per scan from `list`: as summary without statuses and the rest
 *
 * credential, one per credential of the keyring from `credential list`, in order: name, username, scope, protocols
 *
 * preview, one per target from `scan --dry-run`: ordinal, target, credentials (name, protocols, certain)
 */
/* Writes the line to standard output and starts the next. */
void roll_json_flush_line (RollJson *json);

/* Fields that several objects share. */
void roll_json_status (RollJson *json, RollStatus status);
void roll_json_error (RollJson *json, RollErrorNumber error);
void roll_json_computer (RollJson *json, gint64 scan_id, const RollComputer *computer);

G_END_DECLS
