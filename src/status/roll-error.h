/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RollErrorSpace:
 *
 * Who numbered an error. The same number means different things in different spaces (5 is EIO and
 * ERROR_ACCESS_DENIED), so the two always travel together. The values are stored: append only.
 */
typedef enum
{
  ROLL_ERROR_SPACE_NONE = 0, /* no error */
  ROLL_ERROR_SPACE_ERRNO = 1,
  ROLL_ERROR_SPACE_DNS = 2,      /* c-ares status codes (ARES_ENOTFOUND, ...) */
  ROLL_ERROR_SPACE_WIN32 = 3,    /* Win32 and RPC_S_* codes, a 0x8007xxxx stays an HRESULT */
  ROLL_ERROR_SPACE_HRESULT = 4,  /* HRESULT, WBEM_E_*, SEC_E_* */
  ROLL_ERROR_SPACE_NTSTATUS = 5,
  ROLL_ERROR_SPACE_NCA = 6,      /* status of a DCE/RPC fault PDU */
  ROLL_ERROR_SPACE_BIND_NAK = 7, /* p_reject_reason_t of a bind_nak */
  ROLL_ERROR_SPACE_KERBEROS = 8, /* KDC and client errors, RFC 4120 7.5.9 numbers */
  ROLL_ERROR_SPACE_ENGINE = 9,   /* RollEngineError */
} RollErrorSpace;

/* What Rollcall itself decides, not what it was told. Stored: append only. */
typedef enum
{
  ROLL_ENGINE_ERROR_WATCHDOG = 1,       /* no progress for the watchdog's time */
  ROLL_ENGINE_ERROR_NO_CREDENTIALS = 2, /* no credential applies */
  ROLL_ENGINE_ERROR_MALFORMED = 3,      /* an answer that breaks the protocol */
  ROLL_ENGINE_ERROR_BAD_SIGNATURE = 4,
  ROLL_ENGINE_ERROR_END_OF_STREAM = 5,  /* the peer closed in mid-conversation */
  ROLL_ENGINE_ERROR_NO_BINDING = 6,     /* no usable ncacn_ip_tcp binding */
  ROLL_ENGINE_ERROR_INTERFACE_REJECTED = 7,
  ROLL_ENGINE_ERROR_ACCOUNT_RESTING = 8, /* not tried, to keep the account from being locked out */
} RollEngineError;

typedef struct
{
  RollErrorSpace space;
  guint32 number;
} RollErrorNumber;

#define ROLL_ERROR_NUMBER_NONE ((RollErrorNumber) { ROLL_ERROR_SPACE_NONE, 0 })

/* Stable text ids of the spaces ("errno", "dns", "hresult" ...), for the database and JSON. */
const char *roll_error_space_id (RollErrorSpace space);
RollErrorSpace roll_error_space_from_id (const char *id);

/**
 * roll_error_symbol:
 *
 * Returns: (nullable): the symbolic name, "ETIMEDOUT", "ARES_ENOTFOUND", "E_ACCESSDENIED",
 *   "WBEM_E_ACCESS_DENIED"; NULL when the number has none here
 */
const char *roll_error_symbol (RollErrorNumber error);

/**
 * roll_error_format:
 *
 * The `error` column of the contract: the symbol for errno, DNS and the engine's own, "0x%08x" for the rest,
 * "" for none.
 *
 * Returns: (transfer full):
 */
char *roll_error_format (RollErrorNumber error);

/**
 * roll_error_name:
 *
 * The `error_name` column: the symbol where the number is what `error` shows, the English meaning where
 * `error` already shows the symbol; "" for none or unknown.
 */
const char *roll_error_name (RollErrorNumber error);

/* Returns: (nullable): one short sentence in the user's language of what the number means. */
const char *roll_error_meaning (RollErrorNumber error);

/**
 * roll_error_lookup:
 * @text: "0x80070005", "2147942405", "1722", "-2147024891", "ETIMEDOUT", "wbem_e_access_denied", "EAI_AGAIN"
 *
 * Finds every error a person may mean; a bare 1722 also finds 0x800706BA, and the other way round.
 *
 * Returns: (transfer full) (element-type RollErrorNumber): known ones, the likeliest first; may be empty
 */
GArray *roll_error_lookup (const char *text);

G_END_DECLS
