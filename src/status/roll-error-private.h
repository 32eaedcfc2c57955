/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-error.h"

G_BEGIN_DECLS

typedef struct
{
  guint32 number;
  const char *symbol;
  const char *meaning; /* msgid: one short sentence */
} RollErrorEntry;

typedef struct
{
  const RollErrorEntry *entries; /* ascending by number */
  guint n_entries;
} RollErrorTable;

/* Another name or number for an error: what getaddrinfo() or WinSock call it. */
typedef struct
{
  const char *symbol;
  guint32 wsa_number; /* 0: none */
  RollErrorNumber error;
} RollErrorAlias;

extern const RollErrorTable roll_errno_table;
extern const RollErrorTable roll_dns_table;
extern const RollErrorTable roll_engine_table;
extern const RollErrorTable roll_win32_table;
extern const RollErrorTable roll_hresult_table;
extern const RollErrorTable roll_ntstatus_table;
extern const RollErrorTable roll_nca_table;
extern const RollErrorTable roll_bind_nak_table;
extern const RollErrorTable roll_kerberos_table;

extern const RollErrorAlias roll_error_aliases[];
extern const guint roll_n_error_aliases;

/*
 * The same refusal arrives in several wrappings: 0x80070005, Win32 5 and a fault of status 5. This unwraps an
 * error to the one number that tables are keyed by, so that all wrappings get one verdict.
 */
RollErrorNumber roll_error_canonical (RollErrorNumber error);

G_END_DECLS
