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
  const char *name; /* of a property, or of a registry value; the column's name */
  guint16 type;     /* registry: RollCimType of the method that reads it: STRING, UINT32, STRING array; a query: 0 */
  const char *fact; /* (nullable): which of RollFacts it fills */
} RollCollectorProperty;

/**
 * RollCollector: all borrowed from the catalogue, which lives as long as the program.
 * @id: stable, "Win32_Service", "software"; of the results, the exports and the plan
 * @label: in English and msgid: “Services”
 * @namespace_: "root/cimv2"
 * @class_name: of a query; "StdRegProv" otherwise
 * @filter: (nullable): what stands behind WHERE
 * @keys: registry: below HKEY_LOCAL_MACHINE; NULL-terminated; which one a row came from is its column "Key"
 * @require: (nullable): registry: a row without this value is left out
 * @optional: a computer that does not have the class is no failure (a server's class on a client)
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
  guint n_properties;
  const RollCollectorProperty *properties;
} RollCollector;

/* All, in the order they are asked. */
const RollCollector *roll_collectors (guint *ret_n);
const RollCollector *roll_collectors_find (const char *id); /* case ignored; (nullable) */

/* "SELECT Name, Version FROM Win32_BIOS WHERE ..."; (transfer full) */
char *roll_collector_query (const RollCollector *collector);

G_END_DECLS
