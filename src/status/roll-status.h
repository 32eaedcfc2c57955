/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RollStatus:
 *
 * What is known of a computer: one of the nineteen codes of MAP's "Inventory Status Messages"
 * (zero and above, final), or a state that is not a result (below zero). The number is what is stored
 * and compared; labels are only for people.
 */
typedef enum
{
  ROLL_STATUS_REACHABLE = -5, /* the good end of a probe-only scan */
  ROLL_STATUS_STOPPED = -4,
  ROLL_STATUS_WAITING_FOR_RETRY = -3,
  ROLL_STATUS_IN_PROGRESS = -2,
  ROLL_STATUS_NOT_STARTED = -1,
  ROLL_STATUS_SUCCESS = 0,
  ROLL_STATUS_MACHINE_NOT_FOUND = 101,
  ROLL_STATUS_CONNECTION_TIMEOUT = 102,
  ROLL_STATUS_CONNECTION_REFUSED = 103,
  ROLL_STATUS_HOST_UNREACHABLE = 104,
  ROLL_STATUS_ACCESS_DENIED = 201,
  ROLL_STATUS_RPC_SERVER_UNAVAILABLE = 202,
  ROLL_STATUS_RPC_CALL_FAILED = 203,
  ROLL_STATUS_RPC_CALL_CANCELLED = 204,
  ROLL_STATUS_CIMV2_INVALID_NAMESPACE = 301,
  ROLL_STATUS_CIMV2_NAMESPACE_NOT_FOUND = 302,
  ROLL_STATUS_CIMV2_INVALID_PARAMETER = 303,
  ROLL_STATUS_STDREGPROV_INVALID_NAMESPACE = 304,
  ROLL_STATUS_STDREGPROV_NAMESPACE_NOT_FOUND = 305,
  ROLL_STATUS_STDREGPROV_INVALID_PARAMETER = 306,
  ROLL_STATUS_SHUTTING_DOWN = 307,
  ROLL_STATUS_WMI_QUERY_TIMEOUT = 308,
  ROLL_STATUS_NO_CREDENTIALS = 309,
  ROLL_STATUS_OTHER_REASONS = 399,
} RollStatus;

typedef enum
{
  ROLL_LAYER_NONE, /* Success and the states */
  ROLL_LAYER_NETWORK,
  ROLL_LAYER_DCOM,
  ROLL_LAYER_WMI,
  ROLL_LAYER_ENGINE,
} RollLayer;

typedef enum
{
  ROLL_RETRY_NO,
  ROLL_RETRY_YES,
  ROLL_RETRY_SOME_ERRORS, /* 101: only "try again" answers; 399: its errors are retried */
} RollRetryClass;

/**
 * RollStatusInfo:
 * @status: the number; below zero for a state
 * @id: stable identifier such as "machine-not-found"
 * @label: the exact English label of the contract (U+2013 or hyphen as MAP wrote it); also the msgid
 * @layer: which layer raised it
 * @retry: whether its errors are of the retry class
 */
typedef struct
{
  RollStatus status;
  const char *id;
  const char *label;
  RollLayer layer;
  RollRetryClass retry;
} RollStatusInfo;

/* The nineteen results in the order of their codes. */
const RollStatusInfo *roll_status_results (guint *ret_count);

/* The five states that are not results. */
const RollStatusInfo *roll_status_states (guint *ret_count);

/* Returns: (nullable): NULL for a number that is neither a result nor a state. */
const RollStatusInfo *roll_status_info (int status);

/**
 * roll_status_find:
 * @text: a code ("103"), an id ("connection-refused") or a label; labels match whatever dash is typed
 *   and in any case, in English or in the current language
 *
 * Returns: (nullable): the result or state meant
 */
const RollStatusInfo *roll_status_find (const char *text);

/* The label in the user's language. */
const char *roll_status_label (RollStatus status);

/* A result or state that a finished computer may rest in: not NOT_STARTED, IN_PROGRESS, WAITING_FOR_RETRY. */
gboolean roll_status_is_final (RollStatus status);

/* True for the eighteen codes above zero. */
gboolean roll_status_is_failure (RollStatus status);

const char *roll_layer_id (RollLayer layer);
const char *roll_layer_label (RollLayer layer); /* in the user's language */

G_END_DECLS
