/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What a scan collects: data/collectors.xml, read once. Adding a class or a registry key is an edit of that file.
 */

typedef enum
{
  ROLL_COLLECTOR_QUERY,          /* a WMI class: one row per instance */
  ROLL_COLLECTOR_KEY,            /* registry: the values of each key are a row */
  ROLL_COLLECTOR_SUBKEYS,        /* registry: each subkey of each key is a row */
} RollCollectorKind;

typedef struct
{
  const char *name;   /* of a property, or of a registry value; the column's name */
  guint16 type;       /* registry: RollCimType of the method that reads it: STRING, STRING | ARRAY, UINT32, UINT64; a query: 0 */
  const char *subkey; /* (nullable): registry: it stands in this key below the row's: "Setup" */
  const char *fact;   /* (nullable): which of RollFacts it fills */
} RollCollectorProperty;

/**
 * RollCollector: all borrowed from the catalogue, which lives as long as the program.
 * @id: stable, "Win32_Service", "software"; of the results, the exports and the plan
 * @label: in English and msgid: “Services”
 * @namespace_: "root/cimv2"
 * @class_name: of a query; "StdRegProv" otherwise
 * @filter: (nullable): what stands behind WHERE
 * @keys: (nullable): registry: below HKEY_LOCAL_MACHINE; NULL-terminated
 * @require: (nullable): registry: a row without this value, NULL or empty, is left out
 * @optional: a computer that does not have the class or its namespace is no failure (a server's class on a client)
 * @few: of a query: hardly any computer has more than two instances
 * @columns: of its rows, NULL-terminated: the names of the properties; registry: behind "Key", the whole key of the row,
 *   "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\7-Zip"
 */
typedef struct
{
  const char *id;
  const char *label;
  RollCollectorKind kind;
  const char *namespace_;
  const char *class_name;
  const char *filter;
  const char *const *keys;
  const char *require;
  gboolean optional;
  gboolean few;
  guint n_properties;
  const RollCollectorProperty *properties;
  const char *const *columns;
} RollCollector;

/**
 * RollCollectorGroup: collectors that belong together, for people to choose from; each is in one group.
 * @id: stable, "hardware", "software"
 * @label: in English and msgid: “Hardware”
 * @collectors: in the order they are asked
 */
typedef struct
{
  const char *id;
  const char *label;
  const RollCollector *collectors;
  guint n_collectors;
} RollCollectorGroup;

const RollCollectorGroup *roll_collector_groups (guint *ret_n);

/* All, in the order they are asked. */
const RollCollector *roll_collectors (guint *ret_n);
const RollCollector *roll_collectors_find (const char *id); /* case ignored; (nullable) */

/**
 * roll_collectors_choose: which are left out when these are asked for
 * @collect, @skip: (nullable): ids of groups or collectors, case ignored; NULL: everything, nothing
 * @ret_skipped: (out) (transfer full) (nullable): ids of collectors; NULL when all are collected
 *
 * Errors: G_IO_ERROR_INVALID_ARGUMENT: an unknown id, with those there are; nothing is left.
 */
gboolean roll_collectors_choose (const char *const *collect, const char *const *skip, char ***ret_skipped, GError **error);

/* "SELECT Name, Version FROM Win32_BIOS WHERE ..."; (transfer full) */
char *roll_collector_query (const RollCollector *collector);
/*
 * "SELECT * FROM Win32_BIOS WHERE ...": Windows refuses a query that names a property it does not have, with
 * WBEM_E_INVALID_QUERY. This is what to ask then, once; what is not in the objects stays NONE. (transfer full)
 */
char *roll_collector_query_all (const RollCollector *collector);

G_END_DECLS
