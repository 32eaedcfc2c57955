/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-orpc.h"

G_BEGIN_DECLS

/*
 * The calls of WMI ([MS-WMI] 3.1.4) that read, as stubs in NDR 2.0, both halves twice. Objects inside are bytes here:
 * an EncodingUnit for roll_wmio_decode() in an OBJREF_CUSTOM that these functions take off and put round.
 */

#define ROLL_OPNUM_NTLM_LOGIN 6          /* IWbemLevel1Login */
#define ROLL_OPNUM_GET_OBJECT 6          /* IWbemServices */
#define ROLL_OPNUM_EXEC_QUERY 20
#define ROLL_OPNUM_EXEC_METHOD 24
#define ROLL_OPNUM_ENUM_NEXT 4           /* IEnumWbemClassObject */
#define ROLL_OPNUM_GET_SMART_ENUM 3      /* IWbemFetchSmartEnum */
#define ROLL_OPNUM_SMART_NEXT 3          /* IWbemWCOSmartEnum */

#define ROLL_WBEM_QUERY_FLAGS 0x30       /* return immediately, forward only */
#define ROLL_WBEM_S_FALSE 1
#define ROLL_WBEM_S_TIMEDOUT 0x40004
#define ROLL_WBEM_MAX_OBJECTS 10000      /* of one Next that are looked at */

/* Requests. Texts that are read are (transfer full); a NULL one reads as "". */

/* Without a preferred locale, which leaves the computer its own. Windows 10 sends its user's, "en-US,en", after having
 * asked whether names of locales are understood; a computer that doesn't understand them refuses the login ([MS-WMI]
 * 3.1.4.1.4). */
void roll_wbem_put_ntlm_login (RollWriter *writer, const RollOrpcThis *header, const char *namespace_);
gboolean roll_wbem_read_ntlm_login (RollReader *reader, RollOrpcThis *ret_header, char **ret_namespace);
void roll_wbem_put_get_object (RollWriter *writer, const RollOrpcThis *header, const char *path);
gboolean roll_wbem_read_get_object (RollReader *reader, RollOrpcThis *ret_header, char **ret_path);
void roll_wbem_put_exec_query (RollWriter *writer, const RollOrpcThis *header, const char *query, guint32 flags);
gboolean roll_wbem_read_exec_query (RollReader *reader, RollOrpcThis *ret_header, char **ret_query, guint32 *ret_flags);
/* @in: (nullable): the EncodingUnit of the in-parameters */
void roll_wbem_put_exec_method (RollWriter *writer, const RollOrpcThis *header, const char *path, const char *method,
                                const void *in, gsize in_length);
/* *@ret_in: in place; NULL for none */
gboolean roll_wbem_read_exec_method (RollReader *reader, RollOrpcThis *ret_header, char **ret_path, char **ret_method,
                                     const guint8 **ret_in, gsize *ret_in_length);
/* @timeout_ms: 0xffffffff for ever */
void roll_wbem_put_enum_next (RollWriter *writer, const RollOrpcThis *header, guint32 timeout_ms, guint32 count);
gboolean roll_wbem_read_enum_next (RollReader *reader, RollOrpcThis *ret_header, guint32 *ret_timeout_ms,
                                   guint32 *ret_count);
void roll_wbem_put_get_smart_enum (RollWriter *writer, const RollOrpcThis *header);
void roll_wbem_put_smart_next (RollWriter *writer, const RollOrpcThis *header, const RollUuid *proxy, guint32 timeout_ms,
                               guint32 count);
gboolean roll_wbem_read_smart_next (RollReader *reader, RollOrpcThis *ret_header, RollUuid *ret_proxy,
                                    guint32 *ret_timeout_ms, guint32 *ret_count);

/* --- Answers ---------------------------------------------------------------------------------------------------- */

/* An answer that hands out an interface: NTLMLogin, ExecQuery, GetSmartEnum. @std: (nullable) */
void roll_wbem_put_interface_answer (RollWriter *writer, const RollUuid *iid, const RollStdObjref *std,
                                     const RollDualStrings *strings, guint32 hresult);
/* A failing HRESULT with a NULL pointer is well-formed; a good one without an interface is not. */
gboolean roll_wbem_read_interface_answer (RollReader *reader, RollStdObjref *ret_std, guint32 *ret_hresult);

/* GetObject: an object, and a call result nobody asked for. @object: (nullable): its EncodingUnit. A good HRESULT without
 * an object is malformed. */
void roll_wbem_put_object_answer (RollWriter *writer, const void *object, gsize length, guint32 hresult);
gboolean roll_wbem_read_object_answer (RollReader *reader, const guint8 **ret_object, gsize *ret_length,
                                       guint32 *ret_hresult);
/* ExecMethod: out-parameters, and a call result nobody asked for. A method may have no out-parameters: NULL. */
void roll_wbem_put_method_answer (RollWriter *writer, const void *out, gsize length, guint32 hresult);
gboolean roll_wbem_read_method_answer (RollReader *reader, const guint8 **ret_out, gsize *ret_length,
                                       guint32 *ret_hresult);

/* IEnumWbemClassObject::Next: an array of objects. */
typedef struct
{
  const guint8 *bytes; /* an EncodingUnit, in place */
  gsize length;
} RollWbemObject;

void roll_wbem_put_next_answer (RollWriter *writer, const RollWbemObject *objects, guint n_objects, guint32 count_asked,
                                guint32 hresult);
/* @ret_objects: (element-type RollWbemObject): appended */
gboolean roll_wbem_read_next_answer (RollReader *reader, GArray *ret_objects, guint32 *ret_hresult);

/* IWbemWCOSmartEnum::Next: a buffer for roll_smart_reader_decode(), in place. */
void roll_wbem_put_smart_answer (RollWriter *writer, guint n_objects, const void *buffer, gsize length, guint32 hresult);
gboolean roll_wbem_read_smart_answer (RollReader *reader, guint *ret_n_objects, const guint8 **ret_buffer,
                                      gsize *ret_length, guint32 *ret_hresult);

G_END_DECLS
