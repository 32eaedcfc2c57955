/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-cim.h"
#include "lab/roll-lab-machine.h"

G_BEGIN_DECLS

/*
 * What simulated computers hold, as data/practice.txt says: lists of words, WMI classes and registry keys with templates
 * for their values. Read once; everything borrowed from it lives as long as the program.
 */

typedef struct _RollLabTemplate RollLabTemplate;

typedef struct
{
  const char *name;
  guint16 type; /* RollCimType */
  gboolean key;
  guint since; /* build of Windows; 0: always */
  const RollLabTemplate *value;
} RollLabProperty;

/* A class, or the values of a registry key or of each of its subkeys. */
typedef struct
{
  const char *name;       /* of the class; path below HKEY_LOCAL_MACHINE */
  const char *superclass; /* "" for none */
  guint namespace_;
  const char *only;       /* (nullable): "server", "client", "virtual", "sql" */
  guint since;            /* build of Windows; 0: always */
  const RollLabTemplate *rows;   /* (nullable): how many; NULL: one */
  const RollLabTemplate *subkey; /* (nullable): name of each row's subkey; NULL: the key itself */
  const char *list;       /* (nullable): that rows are made from */
  GArray *properties;     /* (element-type RollLabProperty) */
} RollLabTable;

/* One list's field; rows and lists wrap around. Returns: "" for a field that is not there */
const char *roll_lab_list_get (const char *list, guint row, guint field);
guint roll_lab_list_length (const char *list);

const RollLabTable *roll_lab_catalogue_find_class (guint namespace_, const char *name); /* case ignored; (nullable) */
const GPtrArray *roll_lab_catalogue_keys (void); /* (element-type RollLabTable) */

gboolean roll_lab_table_is_on (const RollLabTable *table, const RollLabMachine *machine);
guint roll_lab_table_count (const RollLabTable *table, const RollLabMachine *machine);
/* @ret_value: to be cleared */
void roll_lab_table_get (const RollLabTable *table, const RollLabMachine *machine, guint row, guint property,
                         RollCimValue *ret_value);
char *roll_lab_table_subkey (const RollLabTable *table, const RollLabMachine *machine, guint row); /* (transfer full) */

/* --- Templates: text with {variables} ------------------------------------------------------------------------------ */

/* @problem: (out): what is wrong with it. Returns: (transfer full) (nullable) */
RollLabTemplate *roll_lab_template_parse (const char *text, const char **ret_problem);

typedef struct
{
  const RollLabMachine *machine;
  const char *list; /* (nullable) */
  const char *name; /* of the property */
  guint row;
  guint piece; /* of the template: chance has something else for each */
} RollLabScene;

/* FALSE: NULL */
gboolean roll_lab_template_expand (const RollLabTemplate *self, const RollLabScene *scene, GString *ret_text);

G_END_DECLS
