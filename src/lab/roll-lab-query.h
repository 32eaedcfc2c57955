/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wmio.h"
#include "lab/roll-lab-machine.h"

G_BEGIN_DECLS

/* The WMI repository of a simulated computer, made while it is asked. */

enum
{
  ROLL_LAB_NAMESPACE_CIMV2,
  ROLL_LAB_NAMESPACE_DEFAULT,
  ROLL_LAB_NAMESPACE_SECURITY, /* root/SecurityCenter2: Windows for workstations only */
};

/* @name: as clients write it: "//./root/cimv2", "root\\cimv2". Returns: -1 when there is none */
int roll_lab_namespace_find (const RollLabMachine *machine, const char *name);

typedef struct _RollLabQuery RollLabQuery;

/* @ret_hresult: WBEM_E_INVALID_QUERY or _CLASS. Returns: (transfer full) (nullable) */
RollLabQuery *roll_lab_query_new (const RollLabMachine *machine, guint namespace_, const char *wql, guint32 *ret_hresult);
void roll_lab_query_free (RollLabQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollLabQuery, roll_lab_query_free)

const char *roll_lab_query_get_class (const RollLabQuery *self);
RollWmiObject *roll_lab_query_next (RollLabQuery *self); /* (transfer full) (nullable) */
guint roll_lab_query_rewind (RollLabQuery *self);        /* Returns: how many rows it gave since the last time */

/* A class with its methods. Returns: (transfer full) (nullable) */
RollWmiObject *roll_lab_class_object (const RollLabMachine *machine, guint namespace_, const char *path);

/* --- The registry -------------------------------------------------------------------------------------------------- */

/* Names of subkeys that a client is going through, so that each need not be looked for. */
typedef struct _RollLabRegistryNames RollLabRegistryNames;

RollLabRegistryNames *roll_lab_registry_names_new (void);
void roll_lab_registry_names_free (RollLabRegistryNames *self);

/* StdRegProv and its methods. */
RollWmiClass *roll_lab_registry_class (void); /* (transfer full) */
RollWmiClass *roll_lab_registry_in_class (const char *method); /* (transfer none) (nullable): of its parameters */

/* Names of the subkeys of @path below HKEY_LOCAL_MACHINE are appended. Returns: whether there is such a key */
gboolean roll_lab_registry_list_keys (RollLabRegistryNames *self, const RollLabMachine *machine, const char *path,
                                      GPtrArray *ret_names);
/* FALSE: there is no such value. @ret_value: to be cleared */
gboolean roll_lab_registry_get_value (RollLabRegistryNames *self, const RollLabMachine *machine, const char *path,
                                      const char *name, RollCimValue *ret_value);

/**
 * roll_lab_registry_call: a method of StdRegProv.
 * @in: (nullable):
 *
 * Returns: (transfer full) (nullable): the out-parameters; NULL with @ret_hresult
 */
RollWmiObject *roll_lab_registry_call (RollLabRegistryNames *self, const RollLabMachine *machine, guint namespace_,
                                       const char *path, const char *method, RollWmiObject *in, guint32 *ret_hresult);

G_END_DECLS
