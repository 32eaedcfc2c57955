/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wbem.h"

#include "codec/roll-ndr.h"
#include "codec/roll-wbem-private.h"

/* What is asked. What callers offer for results ([in, out] pointers to nothing) is put as Windows does and not read. */

#define QUERY_LANGUAGE "WQL"

/* A NULL text is one of no characters: whoever looks it up won't find it. */
static char *
or_empty (RollReader *reader, char *text)
{
  return text == NULL && roll_reader_ok (reader) ? g_strdup ("") : text;
}

void
roll_wbem_put_ntlm_login (RollWriter *writer, const RollOrpcThis *header, const char *namespace_)
{
  roll_writer_orpc_this (writer, header);
  roll_ndr_put_text (writer, namespace_);
  roll_ndr_put_u32 (writer, ROLL_NDR_NULL); /* wszPreferredLocale */
  roll_writer_u32 (writer, 0);              /* lFlags */
  roll_writer_u32 (writer, ROLL_NDR_NULL);  /* pCtx */
}

gboolean
roll_wbem_read_ntlm_login (RollReader *reader, RollOrpcThis *ret_header, char **ret_namespace)
{
  g_autofree char *locale = NULL;

  roll_reader_orpc_this (reader, ret_header);
  *ret_namespace = or_empty (reader, roll_ndr_text (reader));
  locale = roll_ndr_text (reader);
  roll_ndr_u32 (reader);
  roll_ndr_skip_interface (reader); /* pCtx */
  if (!roll_reader_ok (reader))
    g_clear_pointer (ret_namespace, g_free);
  return roll_reader_ok (reader);
}

void
roll_wbem_put_get_object (RollWriter *writer, const RollOrpcThis *header, const char *path)
{
  roll_writer_orpc_this (writer, header);
  roll_ndr_put_bstr (writer, path);
  roll_ndr_put_u32 (writer, 0);                     /* lFlags */
  roll_writer_u32 (writer, ROLL_NDR_NULL);          /* pCtx */
  roll_writer_u32 (writer, ROLL_NDR_REFERENT (0));  /* ppObject */
  roll_writer_u32 (writer, ROLL_NDR_NULL);
  roll_writer_u32 (writer, ROLL_NDR_NULL);          /* ppCallResult */
}

gboolean
roll_wbem_read_get_object (RollReader *reader, RollOrpcThis *ret_header, char **ret_path)
{
  roll_reader_orpc_this (reader, ret_header);
  *ret_path = or_empty (reader, roll_ndr_bstr (reader));
  roll_ndr_u32 (reader);
  roll_ndr_skip_interface (reader); /* pCtx */
  if (!roll_reader_ok (reader))
    g_clear_pointer (ret_path, g_free);
  return roll_reader_ok (reader);
}

void
roll_wbem_put_exec_query (RollWriter *writer, const RollOrpcThis *header, const char *query, guint32 flags)
{
  roll_writer_orpc_this (writer, header);
  roll_ndr_put_bstr (writer, QUERY_LANGUAGE);
  roll_ndr_put_bstr (writer, query);
  roll_ndr_put_u32 (writer, flags);
  roll_writer_u32 (writer, ROLL_NDR_NULL); /* pCtx */
}

gboolean
roll_wbem_read_exec_query (RollReader *reader, RollOrpcThis *ret_header, char **ret_query, guint32 *ret_flags)
{
  g_autofree char *language = NULL;

  roll_reader_orpc_this (reader, ret_header);
  language = roll_ndr_bstr (reader);
  *ret_query = or_empty (reader, roll_ndr_bstr (reader));
  *ret_flags = roll_ndr_u32 (reader);
  roll_ndr_skip_interface (reader); /* pCtx */
  if (!roll_reader_ok (reader))
    g_clear_pointer (ret_query, g_free);
  return roll_reader_ok (reader);
}

void
roll_wbem_put_exec_method (RollWriter *writer, const RollOrpcThis *header, const char *path, const char *method,
                           const void *in, gsize in_length)
{
  roll_writer_orpc_this (writer, header);
  roll_ndr_put_bstr (writer, path);
  roll_ndr_put_bstr (writer, method);
  roll_ndr_put_u32 (writer, 0);            /* lFlags */
  roll_writer_u32 (writer, ROLL_NDR_NULL); /* pCtx */
  roll_writer_u32 (writer, in != NULL ? ROLL_NDR_REFERENT (0) : ROLL_NDR_NULL);
  if (in != NULL)
    roll_wbem_put_object (writer, in, in_length);
  roll_ndr_put_u32 (writer, in != NULL ? ROLL_NDR_REFERENT (1) : ROLL_NDR_REFERENT (0)); /* ppOutParams */
  roll_writer_u32 (writer, ROLL_NDR_NULL);
  roll_writer_u32 (writer, ROLL_NDR_NULL); /* ppCallResult */
}

gboolean
roll_wbem_read_exec_method (RollReader *reader, RollOrpcThis *ret_header, char **ret_path, char **ret_method,
                            const guint8 **ret_in, gsize *ret_in_length)
{
  roll_reader_orpc_this (reader, ret_header);
  *ret_path = or_empty (reader, roll_ndr_bstr (reader));
  *ret_method = or_empty (reader, roll_ndr_bstr (reader));
  roll_ndr_u32 (reader);
  roll_ndr_skip_interface (reader); /* pCtx */
  *ret_in = roll_ndr_pointer (reader) ? roll_wbem_object (reader, ret_in_length) : NULL;
  if (!roll_reader_ok (reader))
    {
      g_clear_pointer (ret_path, g_free);
      g_clear_pointer (ret_method, g_free);
    }
  if (*ret_in == NULL)
    *ret_in_length = 0;
  return roll_reader_ok (reader);
}

void
roll_wbem_put_enum_next (RollWriter *writer, const RollOrpcThis *header, guint32 timeout_ms, guint32 count)
{
  roll_writer_orpc_this (writer, header);
  roll_writer_u32 (writer, timeout_ms);
  roll_writer_u32 (writer, count);
}

gboolean
roll_wbem_read_enum_next (RollReader *reader, RollOrpcThis *ret_header, guint32 *ret_timeout_ms, guint32 *ret_count)
{
  roll_reader_orpc_this (reader, ret_header);
  *ret_timeout_ms = roll_ndr_u32 (reader);
  *ret_count = roll_reader_u32 (reader);
  return roll_reader_ok (reader);
}

void
roll_wbem_put_get_smart_enum (RollWriter *writer, const RollOrpcThis *header)
{
  roll_writer_orpc_this (writer, header);
}

void
roll_wbem_put_smart_next (RollWriter *writer, const RollOrpcThis *header, const RollUuid *proxy, guint32 timeout_ms,
                          guint32 count)
{
  roll_writer_orpc_this (writer, header);
  roll_writer_uuid (writer, proxy);
  roll_writer_u32 (writer, timeout_ms);
  roll_writer_u32 (writer, count);
}

gboolean
roll_wbem_read_smart_next (RollReader *reader, RollOrpcThis *ret_header, RollUuid *ret_proxy, guint32 *ret_timeout_ms,
                           guint32 *ret_count)
{
  roll_reader_orpc_this (reader, ret_header);
  roll_reader_align (reader, 4);
  *ret_proxy = roll_reader_uuid (reader);
  *ret_timeout_ms = roll_reader_u32 (reader);
  *ret_count = roll_reader_u32 (reader);
  return roll_reader_ok (reader);
}
