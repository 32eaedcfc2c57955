/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-uuid.h"

G_BEGIN_DECLS

/*
 * The activation properties BLOB ([MS-DCOM] 2.2.22) in the OBJREF_CUSTOM and the interface pointer it travels in: a
 * header and some properties, each serialized by itself.
 */

#define ROLL_ACTIVATION_MAX_PROPERTIES 10 /* MAX_ACTPROP_LIMIT */

/* CLSIDs 0000xxxx-0000-0000-c000-000000000046 of properties */
typedef enum
{
  ROLL_PROPERTY_LOCATION = 0x1a4,
  ROLL_PROPERTY_ACTIVATION_CONTEXT = 0x1a5,
  ROLL_PROPERTY_SECURITY = 0x1a6,
  ROLL_PROPERTY_SCM_REQUEST = 0x1aa,
  ROLL_PROPERTY_INSTANTIATION = 0x1ab,
  ROLL_PROPERTY_SCM_REPLY = 0x1b6,
  ROLL_PROPERTY_SPECIAL = 0x1b9,
  ROLL_PROPERTY_OUT = 0x339,
} RollPropertyId;

/* What such a reference is of: properties of a request, of an answer, or the client's context. */
typedef enum
{
  ROLL_BLOB_IN = 0x338,
  ROLL_BLOB_OUT = 0x339,
  ROLL_BLOB_CONTEXT = 0x33b,
} RollBlobKind;

typedef struct
{
  guint n_properties;
  RollUuid ids[ROLL_ACTIVATION_MAX_PROPERTIES];
  RollReader properties[ROLL_ACTIVATION_MAX_PROPERTIES]; /* in place */
} RollActivationProperties;

/* Reads an interface pointer behind its referent. FALSE: @reader is failed with what was wrong */
gboolean roll_activation_properties_read (RollReader *reader, RollBlobKind kind,
                                          RollActivationProperties *ret_properties);
/* Returns: the value of one property; failed when there is none */
RollReader roll_activation_properties_find (const RollActivationProperties *self, RollPropertyId id);

typedef struct
{
  guint n_properties;
  RollPropertyId ids[ROLL_ACTIVATION_MAX_PROPERTIES];
  guint32 sizes[ROLL_ACTIVATION_MAX_PROPERTIES];
  RollWriter bytes;
} RollPropertiesWriter;

void roll_properties_writer_init (RollPropertiesWriter *self);
void roll_properties_writer_clear (RollPropertiesWriter *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollPropertiesWriter, roll_properties_writer_clear)
/* Takes @value over: it is cleared. */
void roll_properties_writer_add (RollPropertiesWriter *self, RollPropertyId id, RollWriter *value);
/* Puts the interface pointer behind its referent. */
void roll_properties_writer_put (RollPropertiesWriter *self, RollWriter *writer, RollBlobKind kind);

/* An interface pointer, behind its referent, to a client's context without properties ([MS-DCOM] 2.2.20). */
void roll_activation_put_context (RollWriter *writer, const RollUuid *id);

#define ROLL_ACTIVATION_BLOB_MAX (1u << 20) /* for writers: dual string arrays are two times 128 KiB at most */

G_END_DECLS
