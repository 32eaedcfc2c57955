/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-uuid.h"

G_BEGIN_DECLS

/*
 * Object references and bindings of DCOM ([MS-DCOM] 2.2.18, 2.2.19). Decoding copies texts and borrows nothing unless it
 * says so.
 */

typedef struct
{
  guint16 major;
  guint16 minor;
} RollComVersion;

#define ROLL_TOWER_TCP 7 /* ncacn_ip_tcp */
#define ROLL_DUAL_STRING_MAX 256 /* bindings of one array that are looked at */

typedef struct
{
  guint16 tower;
  char *address; /* "PC1[49664]", "10.1.2.3" */
} RollStringBinding;

typedef struct
{
  guint16 authn;
  guint16 authz;
  char *principal;
} RollSecurityBinding;

/* DUALSTRINGARRAY, [MS-DCOM] 2.2.19.2 */
typedef struct
{
  GArray *strings;    /* (element-type RollStringBinding) */
  GArray *securities; /* (element-type RollSecurityBinding) */
} RollDualStrings;

void roll_dual_strings_init (RollDualStrings *strings);
void roll_dual_strings_clear (RollDualStrings *strings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollDualStrings, roll_dual_strings_clear)
void roll_dual_strings_add (RollDualStrings *strings, guint16 tower, const char *address);
void roll_dual_strings_add_security (RollDualStrings *strings, guint16 authn);

/* The array with its two counts in front, as it stands in an OBJREF. @strings initialised. What is longer than these
 * counts can say overflows the writer. */
void roll_reader_dual_strings (RollReader *reader, RollDualStrings *strings);
void roll_writer_dual_strings (RollWriter *writer, const RollDualStrings *strings);
/* The same as it stands in a stub, behind its pointer: another count in front. */
void roll_ndr_dual_strings (RollReader *reader, RollDualStrings *strings);
void roll_ndr_put_dual_strings (RollWriter *writer, const RollDualStrings *strings);

/* Splits "PC1[49664]". @ret_host: (nullable) (transfer full). Returns: the port; 0 when it names none or one that can't be */
guint16 roll_binding_get_port (const char *address, char **ret_host);

typedef enum
{
  ROLL_OBJREF_STANDARD = 1,
  ROLL_OBJREF_HANDLER = 2,
  ROLL_OBJREF_CUSTOM = 4,
  ROLL_OBJREF_EXTENDED = 8,
} RollObjrefKind;

/* STDOBJREF, [MS-DCOM] 2.2.18.2 */
typedef struct
{
  guint32 flags;
  guint32 public_refs;
  guint64 oxid;
  guint64 oid;
  RollUuid ipid;
} RollStdObjref;

/* By itself, as it stands in a stub at a multiple of 8. */
RollStdObjref roll_reader_std_objref (RollReader *reader);
void roll_writer_std_objref (RollWriter *writer, const RollStdObjref *std);

typedef struct
{
  RollObjrefKind kind;
  RollUuid iid;
  RollStdObjref std;       /* all but CUSTOM */
  RollUuid clsid;          /* HANDLER and CUSTOM; EXTENDED: the envoy context's identifier */
  RollDualStrings strings; /* all but CUSTOM: the resolver's */
  guint32 reserved;        /* CUSTOM: about the length of the data, read by nobody */
  const guint8 *data;      /* CUSTOM, EXTENDED: borrowed from the bytes */
  gsize data_length;
} RollObjref;

void roll_objref_clear (RollObjref *objref);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollObjref, roll_objref_clear)

/* @objref: all zero before; to be cleared whatever happens */
gboolean roll_objref_decode (const void *bytes, gsize length, RollObjref *objref, const char **ret_problem);
void roll_objref_encode (RollWriter *writer, const RollObjref *objref);

/* In an MInterfacePointer ([MS-DCOM] 2.2.14), behind its referent. Returns: FALSE: @reader is failed */
gboolean roll_ndr_objref (RollReader *reader, RollObjref *objref);
void roll_ndr_put_objref (RollWriter *writer, const RollObjref *objref);

G_END_DECLS
