/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-objref.h"

G_BEGIN_DECLS

/*
 * What DCOM itself says, as stubs of calls in NDR 2.0: ORPCTHIS and ORPCTHAT ([MS-DCOM] 2.2.13), the endpoint mapper's
 * IObjectExporter, activation both ways (3.1.2.5.2.3), IRemUnknown (3.1.1.5.6). Every ORPC request begins with ORPCTHIS
 * and every answer with ORPCTHAT and ends with an HRESULT. Each call has its two halves twice: put and read, because the
 * practice network answers what the program asks. A reader that fails has its problem; readers leave what they return
 * cleared then. Alignment counts from the first byte of a reader or writer: there a stub begins.
 */

#define ROLL_HRESULT_FAILED(hresult) (((hresult) & 0x80000000u) != 0)

typedef struct
{
  RollComVersion version;
  guint32 flags;
  RollUuid cid;
} RollOrpcThis;

void roll_writer_orpc_this (RollWriter *writer, const RollOrpcThis *header);
void roll_reader_orpc_this (RollReader *reader, RollOrpcThis *ret_header); /* extensions are skipped */
void roll_writer_orpc_that (RollWriter *writer);
void roll_reader_orpc_that (RollReader *reader);

/* --- IObjectExporter -------------------------------------------------------------------------------------------- */

#define ROLL_OPNUM_SERVER_ALIVE2 5
#define ROLL_OPNUM_SIMPLE_PING 1
#define ROLL_OPNUM_COMPLEX_PING 2

typedef struct
{
  RollComVersion version;
  RollDualStrings strings;
  guint32 status; /* error_status_t */
} RollServerAlive;

void roll_server_alive_clear (RollServerAlive *alive);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollServerAlive, roll_server_alive_clear)
gboolean roll_orpc_read_server_alive (RollReader *reader, RollServerAlive *ret_alive); /* the request is empty */
void roll_orpc_put_server_alive (RollWriter *writer, const RollServerAlive *alive);

/* ComplexPing: puts the object @oid into a new or known set, SimplePing: keeps a set alive; neither has ORPCTHIS. */
void roll_orpc_put_complex_ping (RollWriter *writer, guint64 set_id, guint16 sequence, const guint64 *add, guint n_add);
gboolean roll_orpc_read_complex_ping (RollReader *reader, guint64 *ret_set_id, guint *ret_n_add); /* the server's side */
void roll_orpc_put_complex_ping_answer (RollWriter *writer, guint64 set_id, guint32 status);
gboolean roll_orpc_read_complex_ping_answer (RollReader *reader, guint64 *ret_set_id, guint32 *ret_status);
void roll_orpc_put_simple_ping (RollWriter *writer, guint64 set_id);
gboolean roll_orpc_read_simple_ping (RollReader *reader, guint64 *ret_set_id);
/* The answer to SimplePing is its status alone. */

/* --- Activation ------------------------------------------------------------------------------------------------- */

#define ROLL_OPNUM_REMOTE_ACTIVATION 0      /* IActivation */
#define ROLL_OPNUM_REMOTE_CREATE_INSTANCE 4 /* IRemoteSCMActivator */

typedef struct
{
  RollComVersion version;
  RollUuid cid; /* causality: random */
  RollUuid clsid;
  RollUuid iid;
} RollActivation;

/* What came back: where the object lives and how it is asked. */
typedef struct
{
  guint64 oxid;
  guint64 oid;
  RollUuid ipid_rem_unknown;
  RollUuid ipid;       /* of the interface asked for */
  guint32 public_refs; /* what is held of it, and to be released */
  guint32 authn_hint;
  RollComVersion version;
  RollDualStrings bindings;
  guint32 hresult;           /* of the call; a Win32 error in its place is made the HRESULT of it */
  guint32 interface_hresult; /* of the interface */
} RollActivated;

void roll_activated_clear (RollActivated *activated);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollActivated, roll_activated_clear)

/* RemoteCreateInstance, its stub equal to the one Windows sends but for identifiers (the causality, which stands for
 * the context of the client, too) and without the name the computer was called by, which servers ignore. */
void roll_orpc_put_create_instance (RollWriter *writer, const RollActivation *activation);
gboolean roll_orpc_read_create_instance (RollReader *reader, RollActivation *ret_activation);
void roll_orpc_put_create_instance_answer (RollWriter *writer, const RollActivated *activated, const RollUuid *iid);
/* FALSE: malformed; TRUE with a failing hresult or interface_hresult: nothing else is there, the bindings are empty */
gboolean roll_orpc_read_create_instance_answer (RollReader *reader, RollActivated *ret_activated);

/* RemoteActivation, the older way. */
void roll_orpc_put_remote_activation (RollWriter *writer, const RollActivation *activation);
gboolean roll_orpc_read_remote_activation (RollReader *reader, RollActivation *ret_activation);
void roll_orpc_put_remote_activation_answer (RollWriter *writer, const RollActivated *activated, const RollUuid *iid);
gboolean roll_orpc_read_remote_activation_answer (RollReader *reader, RollActivated *ret_activated);

/* --- IRemUnknown ------------------------------------------------------------------------------------------------ */

#define ROLL_OPNUM_REM_QUERY_INTERFACE 3
#define ROLL_OPNUM_REM_RELEASE 5

void roll_orpc_put_rem_query_interface (RollWriter *writer, const RollOrpcThis *header, const RollUuid *ipid,
                                        guint32 refs, const RollUuid *iid);
gboolean roll_orpc_read_rem_query_interface (RollReader *reader, RollOrpcThis *ret_header, RollUuid *ret_ipid,
                                             RollUuid *ret_iid);
/* @std: (nullable): NULL with a failing hresult */
void roll_orpc_put_rem_query_interface_answer (RollWriter *writer, guint32 hresult, const RollStdObjref *std);
gboolean roll_orpc_read_rem_query_interface_answer (RollReader *reader, guint32 *ret_hresult, RollStdObjref *ret_std);

typedef struct
{
  RollUuid ipid;
  guint32 public_refs;
} RollRemRef;

void roll_orpc_put_rem_release (RollWriter *writer, const RollOrpcThis *header, const RollRemRef *refs, guint n_refs);
gboolean roll_orpc_read_rem_release (RollReader *reader, RollOrpcThis *ret_header, GArray *ret_refs); /* RollRemRef */
/* ORPCTHAT and an HRESULT and nothing else: the answer to RemRelease and to other calls without a result. */
void roll_orpc_put_plain_answer (RollWriter *writer, guint32 hresult);
gboolean roll_orpc_read_plain_answer (RollReader *reader, guint32 *ret_hresult);

/* Interfaces and classes by name, with version 0.0 */
extern const RollUuid ROLL_IID_OBJECT_EXPORTER, ROLL_IID_SCM_ACTIVATOR, ROLL_IID_ACTIVATION, ROLL_IID_REM_UNKNOWN,
    ROLL_IID_REM_UNKNOWN2, ROLL_CLSID_WBEM_LEVEL1_LOGIN, ROLL_CLSID_WBEM_CLASS_OBJECT, ROLL_IID_WBEM_LEVEL1_LOGIN,
    ROLL_IID_WBEM_SERVICES, ROLL_IID_ENUM_WBEM_CLASS_OBJECT, ROLL_IID_WBEM_FETCH_SMART_ENUM,
    ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_IID_WBEM_CLASS_OBJECT;

G_END_DECLS
