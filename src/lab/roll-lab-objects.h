/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-orpc.h"
#include "lab/roll-lab-connection.h"
#include "lab/roll-lab-query.h"

G_BEGIN_DECLS

#define ROLL_LAB_PUBLIC_REFS 5 /* of each interface that is handed out, as Windows does */

/* What an IPID stands for: its first word. Its second is the computer, its third which of the kind. */
typedef enum
{
  ROLL_LAB_REM_UNKNOWN = 1,
  ROLL_LAB_LOGIN,
  ROLL_LAB_SERVICES,   /* of the namespace of that number */
  ROLL_LAB_ENUMERATOR, /* three interfaces of one object, which belongs to its connection */
  ROLL_LAB_FETCH_SMART,
  ROLL_LAB_SMART,
} RollLabKind;

/* An enumerator: a query, how far it is, and by which interfaces it is held. */
typedef struct
{
  guint32 id;
  RollLabQuery *query; /* (nullable): NULL with @hresult */
  guint32 hresult;     /* that the first Next tells */
  guint held;          /* bits by RollLabKind */
  RollSmartWriter *smart;
} RollLabEnumerator;

struct _RollLabObjects
{
  RollLabConnection *connection;
  GHashTable *enumerators; /* by id */
  guint32 last_id;
  RollLabRegistryNames *registry;
};

guint64 roll_lab_oxid (RollLabConnection *self);
guint64 roll_lab_oid (RollLabConnection *self, RollLabKind kind, guint32 id);
RollUuid roll_lab_ipid (RollLabConnection *self, RollLabKind kind, guint32 id);
/* FALSE: not one of this computer's */
gboolean roll_lab_read_ipid (RollLabConnection *self, const RollUuid *ipid, RollLabKind *ret_kind, guint32 *ret_id);
RollStdObjref roll_lab_std (RollLabConnection *self, RollLabKind kind, guint32 id);

/* Where the WMI service is. */
void roll_lab_put_bindings (RollLabConnection *self, RollDualStrings *strings);
const char *roll_lab_interface_name (const RollUuid *uuid);

/* Returns: (transfer none) (nullable): NULL when there are too many. @query: (transfer full) (nullable) */
RollLabEnumerator *roll_lab_enumerator_add (RollLabObjects *self, RollLabQuery *query, guint32 hresult);
RollLabEnumerator *roll_lab_enumerator_find (RollLabObjects *self, guint32 id);
void roll_lab_enumerator_release (RollLabObjects *self, RollLabKind kind, guint32 id);

/* Rows, by either interface. */
void roll_lab_enumerator_call (RollLabConnection *self, const RollAcceptorCall *call, RollLabKind kind, guint32 id,
                               RollReader *reader);

G_END_DECLS
