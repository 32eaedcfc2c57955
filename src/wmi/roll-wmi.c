/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wmi/roll-wmi.h"

#include <string.h>

#include "wmi/roll-wmi-private.h"

/* Nothing is written on a target: what a method of another name would do is not known. */
static const char *const reading_methods[]
    = { "EnumKey",        "EnumValues",          "GetStringValue", "GetExpandedStringValue",
        "GetDWORDValue",  "GetQWORDValue",       "GetBinaryValue", "GetMultiStringValue",
        NULL };

/* --- Login ------------------------------------------------------------------------------------------------------- */

gboolean
roll_wmi_take_interface (RollDcom *dcom, GBytes *bytes, const char *call, RollUuid *ret_ipid, GError **error)
{
  g_autoptr (GBytes) answer = bytes;
  RollStdObjref std;
  RollReader reader;
  guint32 hresult = 0;
  gboolean well;

  if (answer == NULL)
    return FALSE;
  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  well = roll_wbem_read_interface_answer (&reader, &std, &hresult);
  if (!roll_dcom_check (well, &reader, hresult, call, error))
    return FALSE;
  roll_dcom_hold (dcom, &std);
  *ret_ipid = std.ipid;
  return TRUE;
}

RollWmi *
roll_wmi_login (RollDcom *dcom, const char *namespace_, GError **error)
{
  g_autofree char *path = NULL;
  g_auto (RollWriter) stub = { 0 };
  RollOrpcThis header;
  RollUuid ipid;
  RollWmi *self;

  g_return_val_if_fail (dcom != NULL && dcom->object != NULL && namespace_ != NULL, NULL);

  path = g_strconcat ("//./", namespace_, NULL);
  header = roll_dcom_begin (dcom);
  roll_writer_init (&stub, ROLL_WMI_STUB_MAX);
  roll_wbem_put_ntlm_login (&stub, &header, path);
  if (!roll_wmi_take_interface (dcom,
                                roll_dcom_call (dcom, &ROLL_IID_WBEM_LEVEL1_LOGIN, ROLL_OPNUM_NTLM_LOGIN,
                                                &dcom->activated.ipid, &stub, error),
                                "NTLMLogin", &ipid, error))
    return NULL;
  self = g_new (RollWmi, 1);
  *self = (RollWmi) { dcom, ipid };
  roll_writer_init (&self->in, ROLL_WMI_STUB_MAX / 2);
  roll_writer_init (&self->stub, ROLL_WMI_STUB_MAX);
  return self;
}

void
roll_wmi_free (RollWmi *self)
{
  if (self == NULL)
    return;
  roll_writer_clear (&self->in);
  roll_writer_clear (&self->stub);
  g_free (self);
}

/* --- Objects ----------------------------------------------------------------------------------------------------- */

static RollWmiObject *
decode (const guint8 *bytes, gsize length, RollWmiClass *known, const char *call, GError **error)
{
  const char *problem = "no object in it";
  RollWmiObject *object = bytes != NULL ? roll_wmio_decode_known (bytes, length, known, NULL, &problem) : NULL;

  if (object == NULL)
    roll_dcom_fail_malformed (error, call, problem);
  return object;
}

RollWmiObject *
roll_wmi_get_object (RollWmi *self, const char *path, GError **error)
{
  g_autoptr (GBytes) answer = NULL;
  g_auto (RollWriter) stub = { 0 };
  RollOrpcThis header;
  RollReader reader;
  const guint8 *object = NULL;
  guint32 hresult = 0;
  gsize length = 0;
  gboolean well;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);

  header = roll_dcom_begin (self->dcom);
  roll_writer_init (&stub, ROLL_WMI_STUB_MAX);
  roll_wbem_put_get_object (&stub, &header, path);
  answer = roll_dcom_call (self->dcom, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_GET_OBJECT, &self->ipid, &stub, error);
  if (answer == NULL)
    return NULL;
  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  well = roll_wbem_read_object_answer (&reader, &object, &length, &hresult);
  return roll_dcom_check (well, &reader, hresult, "GetObject", error) ? decode (object, length, NULL, "GetObject", error)
                                                                      : NULL;
}

/* --- Methods ----------------------------------------------------------------------------------------------------- */

guint32
roll_wmi_send_method (RollWmi *self, const char *path, const char *method, RollWmiObject *in, GError **error)
{
  RollOrpcThis header = roll_dcom_begin (self->dcom);

  roll_writer_reset (&self->in);
  roll_writer_reset (&self->stub);
  if (in != NULL)
    roll_wmio_encode (&self->in, in);
  roll_wbem_put_exec_method (&self->stub, &header, path, method, in != NULL ? self->in.data : NULL, self->in.length);
  if (!roll_writer_ok (&self->in) || !roll_writer_ok (&self->stub))
    {
      roll_dcom_fail_malformed (error, "ExecMethod", "parameters that no computer has");
      return 0;
    }
  return roll_dcom_send (self->dcom, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_METHOD, &self->ipid, &self->stub, error);
}

RollWmiObject *
roll_wmi_receive_method (RollWmi *self, guint32 call_id, RollWmiClass *known, GError **error)
{
  g_autoptr (GBytes) answer = roll_dcom_receive (self->dcom, call_id, error);
  const guint8 *out = NULL;
  guint32 hresult = 0;
  gsize length = 0;
  RollReader reader;
  gboolean well;

  if (answer == NULL)
    return NULL;
  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  well = roll_wbem_read_method_answer (&reader, &out, &length, &hresult);
  return roll_dcom_check (well, &reader, hresult, "ExecMethod", error) ? decode (out, length, known, "ExecMethod", error)
                                                                       : NULL;
}

RollWmiObject *
roll_wmi_exec_method (RollWmi *self, const char *path, const char *method, RollWmiObject *in, GError **error)
{
  guint32 call_id;

  g_return_val_if_fail (self != NULL && path != NULL && method != NULL, NULL);
  g_return_val_if_fail (g_ascii_strcasecmp (path, "StdRegProv") == 0 && g_strv_contains (reading_methods, method), NULL);

  call_id = roll_wmi_send_method (self, path, method, in, error);
  return call_id != 0 ? roll_wmi_receive_method (self, call_id, NULL, error) : NULL;
}
