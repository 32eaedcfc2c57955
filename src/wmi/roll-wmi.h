/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wmio.h"
#include "wmi/roll-dcom.h"

G_BEGIN_DECLS

/* A namespace logged in to: LOGIN_CIMV2, LOGIN_DEFAULT. Lives no longer than its RollDcom. */
typedef struct _RollWmi RollWmi;

/* @namespace_: "root/cimv2"; sent as "//./root/cimv2" */
RollWmi *roll_wmi_login (RollDcom *dcom, const char *namespace_, GError **error);
void roll_wmi_free (RollWmi *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollWmi, roll_wmi_free)

/* FALSE ends the query without an error: roll_wmi_query() returns TRUE then. */
typedef gboolean (*RollWmiObjectFunc) (RollWmiObject *object, gpointer user_data);

/* Of one query; more is a computer that never ends. */
#define ROLL_WMI_MAX_ROWS 200000
#define ROLL_WMI_MAX_BYTES ((gsize) 32 << 20) /* on the wire */
#define ROLL_WMI_MAX_WATCHDOGS 12             /* times the watchdog's time, rows coming or not */

/**
 * roll_wmi_query: QUERY: ExecQuery, then smart enumeration, or Next where the computer does not have that.
 * @few: hardly more than two instances are expected: Next then, which brings the class with each of them, but needs no preparation
 * @func: called for each instance, in order; what it does not keep is freed
 *
 * The errors of a query come with its first rows. The enumerator is released at the end, whatever end that is. A computer that goes on
 * saying "not yet" for the watchdog's time ends it with TIMED_OUT, and can be asked something else afterwards; after one that said
 * nothing at all that long the connection is of no use.
 */
gboolean roll_wmi_query (RollWmi *self, const char *wql, gboolean few, RollWmiObjectFunc func, gpointer user_data,
                         GError **error);

/* GetObject: a class with its methods, or an instance by its path. Returns: (transfer full): */
RollWmiObject *roll_wmi_get_object (RollWmi *self, const char *path, GError **error);

/* ExecMethod of a static method: of StdRegProv, and only those that read. @in: (nullable). Returns: (transfer full): the out-parameters */
RollWmiObject *roll_wmi_exec_method (RollWmi *self, const char *path, const char *method, RollWmiObject *in,
                                     GError **error);

/* --- The registry, through StdRegProv in root/default ------------------------------------------------------------- */

#define ROLL_HKEY_LOCAL_MACHINE 0x80000002u

typedef struct _RollRegistry RollRegistry;

/* LOGIN_DEFAULT went before: @wmi is root/default. GetObject of StdRegProv, once per computer. */
RollRegistry *roll_registry_new (RollWmi *wmi, GError **error);
void roll_registry_free (RollRegistry *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollRegistry, roll_registry_free)

#define ROLL_REGISTRY_MAX_NAMES 20000 /* below one key */

/**
 * roll_registry_enum_keys: names below @key of HKEY_LOCAL_MACHINE; empty, and no error, when there is no such key.
 *
 * Returns: (transfer full) (nullable): NULL with RESULT and the number of Win32 that the method returned: 5, access denied
 */
char **roll_registry_enum_keys (RollRegistry *self, const char *key, GError **error);

typedef struct
{
  const char *key;
  const char *name;
  guint16 type;       /* RollCimType: STRING (also expanded), UINT32, UINT64, STRING | ARRAY */
  RollCimValue value; /* filled in, to be cleared: NULL when the value is not there, of another type or not to be read */
} RollRegistryValue;

/* Reads all of @values, many calls in flight where the computer allows it. Access denied to every single one is an error. On failure
 * all are NULL. */
gboolean roll_registry_get_values (RollRegistry *self, RollRegistryValue *values, guint n_values, GError **error);

G_END_DECLS
