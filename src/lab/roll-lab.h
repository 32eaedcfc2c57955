/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-address.h"
#include "inventory/roll-credential.h"
#include "status/roll-status.h"

G_BEGIN_DECLS

/*
 * The practice network: a small company that exists only inside this program. Its computers have addresses of
 * 127.86.0.0/16 and names of practice.example, which a name service of its own on 127.0.0.1 knows. No packet
 * leaves this machine, and no privilege is needed. Each computer behaves in a way of its own, always the same.
 */

#define ROLL_LAB_DOMAIN "practice.example"
#define ROLL_LAB_NETBIOS_DOMAIN "PRACTICE"
#define ROLL_LAB_COMPUTERS 40         /* the usual mixture: each status at least once */
#define ROLL_LAB_ODD_COMPUTERS 40     /* behind those: each other way to misbehave; then seven of ten are well */
#define ROLL_LAB_COMPUTERS_MAX 10000

/* How a question for the computer's name ends. */
typedef enum
{
  ROLL_LAB_NAME_KNOWN,   /* its address, at once */
  ROLL_LAB_NAME_LATE,    /* two questions are lost, the third one is answered */
  ROLL_LAB_NAME_RETIRED, /* NXDOMAIN */
  ROLL_LAB_NAME_FAILS,   /* SERVFAIL */
  ROLL_LAB_NAME_SILENT,  /* never an answer */
} RollLabNaming;

/* What becomes of a connection to its port. */
typedef enum
{
  ROLL_LAB_DOOR_OPEN,        /* accepted, read, never answered */
  ROLL_LAB_DOOR_REFUSED,     /* nobody listens */
  ROLL_LAB_DOOR_SILENT,      /* no answer at all, as behind a firewall */
  ROLL_LAB_DOOR_UNREACHABLE, /* the kernel has no way there */
} RollLabDoor;

/* What it answers beside its door, while that is silent or closed: other ports are so as well. */
typedef enum
{
  ROLL_LAB_PORT_22 = 1 << 0,
  ROLL_LAB_PORT_445 = 1 << 1,
  ROLL_LAB_PORT_3389 = 1 << 2,
  ROLL_LAB_PORT_5985 = 1 << 3,
} RollLabPorts;
#define ROLL_LAB_N_PORTS 4

/**
 * RollLabComputer:
 * @target: what to scan: its name, or its address where it is known by that only
 * @address: family AF_UNSPEC for a retired one
 * @expected: how it ends in a scan that only probes, once the retries are over
 * @expected_inventory: how it ends in a scan that logs on with ROLL_LAB_ACCOUNT where ROLL_LAB_ACCOUNT_SCOPE has it
 * @remark: (nullable): what is the matter with it, as a msgid
 * @cause: (nullable): what is behind its failure, an id of data/causes.xml
 * @open_ports: (type RollLabPorts)
 */
typedef struct
{
  char *name;
  char *target;
  RollAddress address;
  RollLabNaming naming;
  RollLabDoor door;
  RollStatus expected;
  RollStatus expected_inventory;
  const char *remark;
  const char *cause;
  guint open_ports;
  gboolean server;
} RollLabComputer;

typedef struct _RollLab RollLab;

typedef enum
{
  ROLL_LAB_USUAL,
  ROLL_LAB_COMMON_CAUSES, /* five of them, each in a place of its own, among single failures of all kinds */
} RollLabScenario;

#define ROLL_LAB_COMMON_CAUSES_COMPUTERS 500

/* @n_computers: 1 to ROLL_LAB_COMPUTERS_MAX. The same number always gives the same computers. */
RollLab *roll_lab_new (guint n_computers);
RollLab *roll_lab_new_scenario (RollLabScenario scenario);
void roll_lab_free (RollLab *self); /* stops it if need be */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollLab, roll_lab_free)

/* (transfer none): all computers; fixed, whether the network runs or not */
const RollLabComputer *roll_lab_get_computers (RollLab *self, guint *ret_n_computers);

/**
 * roll_lab_start:
 *
 * Opens the doors and starts the thread behind them. Raises the soft limit of open files when it is too low.
 *
 * Errors: G_IO_ERROR: no free port, too many open files, no loopback addresses
 */
gboolean roll_lab_start (RollLab *self, GError **error);
/* Everything is closed when it returns, well within a second. It may be started again. */
void roll_lab_stop (RollLab *self);

/* Of every computer, to be used at the next start; 0: the first that is free, which is the usual. 135 needs the right to. */
void roll_lab_set_port (RollLab *self, guint16 port);

/* How long computers take from the first question for their rows to the answer, on average; 0, the usual: no time. */
void roll_lab_set_think_time (RollLab *self, guint milliseconds);

/* Both are fixed while it runs; 0 and NULL when it does not. */
guint16 roll_lab_get_port (RollLab *self);        /* of every computer, in place of 135 */
/* The first of four that stand for 22, 445, 3389 and 5985; 0: these themselves, as it has 135 itself. */
guint16 roll_lab_get_side_ports (RollLab *self);
const char *roll_lab_get_dns (RollLab *self);     /* "127.0.0.1:13500" */

/* The accounts that its computers know. Their passwords protect nothing and are shown. */
#define ROLL_LAB_ACCOUNT "PRACTICE\\scanner"
#define ROLL_LAB_PASSWORD "practice-makes-perfect"
#define ROLL_LAB_ACCOUNT_SCOPE "*." ROLL_LAB_DOMAIN ";127.86.0.0/16" /* one computer is outside of it */
#define ROLL_LAB_SECOND_ACCOUNT "PRACTICE\\branch-scanner"
#define ROLL_LAB_SECOND_PASSWORD "second-time-lucky"

/* On the computers of a workshop that is in no domain. */
#define ROLL_LAB_LOCAL_USER "inventory"
#define ROLL_LAB_LOCAL_PASSWORD "all-by-itself"

/* An account that is meant for its computers; not every password is right. */
typedef struct
{
  const char *name; /* as a msgid */
  const char *account;
  const char *password;
  const char *scope;
} RollLabAccount;

const RollLabAccount *roll_lab_get_accounts (RollLab *self, guint *ret_n_accounts);

/* The first one, of use nowhere else: another program may listen on the practice network's port. (transfer full) */
RollCredential *roll_lab_new_credential (void);

/* No computer of it is really slow. */
#define ROLL_LAB_WATCHDOG_MS 10000

/* What a computer was asked, so far. */
typedef struct
{
  guint connections;        /* to its endpoint mapper */
  guint object_connections; /* to its WMI service */
  guint logons;
  guint refused_logons;
  guint activations;
  guint queries;
  guint methods;
} RollLabCounts;

void roll_lab_get_counts (RollLab *self, guint computer, RollLabCounts *ret_counts);

/**
 * roll_lab_count_rows: how many rows a query has to give.
 * @namespace_: "root/cimv2"
 *
 * Returns: FALSE when it gives an error, as there is no such class on that computer
 */
gboolean roll_lab_count_rows (RollLab *self, guint computer, const char *namespace_, const char *wql, guint *ret_n_rows);
/* How many subkeys of @key below HKEY_LOCAL_MACHINE have @value, "DisplayName" or, in a key of theirs, "Setup\Edition". */
guint roll_lab_count_keys (RollLab *self, guint computer, const char *key, const char *value);
gboolean roll_lab_has_value (RollLab *self, guint computer, const char *key, const char *value);

/* Returns: (transfer full) (element-type utf8 guint): how often what was called, on all computers together:
 * "IWbemServices.20", "IWbemServices.24 EnumKey" */
GHashTable *roll_lab_get_calls (RollLab *self);

G_END_DECLS
