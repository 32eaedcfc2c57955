/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wbem.h"
#include "lab/roll-lab-machine.h"
#include "lab/roll-lab-objects.h"

#define ANSWER_MAX ((gsize) 64 << 20)
#define MAX_ROWS 1000 /* of one answer, whatever is asked for */
#define NCA_OPNUM_RANGE 0x1c010002
#define NCA_BAD_STUB 0x000006f7
#define RPC_E_DISCONNECTED 0x80010108

/* Returns: (transfer full) (element-type RollWmiObject): at most @count */
static GPtrArray *
next_rows (RollLabConnection *self, RollLabEnumerator *enumerator, guint32 count, guint32 *ret_hresult)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  const RollLabTrouble *endless = roll_lab_has (self, ROLL_LAB_ENDLESS);
  gboolean again =
      endless != NULL
      && g_ascii_strcasecmp (endless->class_name, roll_lab_query_get_class (enumerator->query)) == 0;

  count = MIN (count, MAX_ROWS);
  while (rows->len < count)
    {
      RollWmiObject *row = roll_lab_query_next (enumerator->query);

      if (row == NULL && (!again || roll_lab_query_rewind (enumerator->query) == 0))
        break;
      if (row != NULL)
        g_ptr_array_add (rows, row);
    }
  *ret_hresult = rows->len < count ? ROLL_WBEM_S_FALSE : 0;
  return rows;
}

static GPtrArray *
rows_or_failure (RollLabConnection *self, RollLabEnumerator *enumerator, guint32 count, guint32 failure,
                 guint32 *ret_hresult)
{
  *ret_hresult = failure != 0 ? failure : enumerator->hresult;
  if (*ret_hresult != 0)
    return g_ptr_array_new ();
  return next_rows (self, enumerator, count, ret_hresult);
}

static void
put_rows (GPtrArray *rows, guint32 asked, guint32 hresult, RollWriter *stub)
{
  g_autofree RollWriter *units = g_new0 (RollWriter, rows->len + 1);
  g_autofree RollWbemObject *objects = g_new0 (RollWbemObject, rows->len + 1);

  for (guint i = 0; i < rows->len; i++)
    {
      roll_writer_init (&units[i], ANSWER_MAX);
      roll_wmio_encode (&units[i], rows->pdata[i]);
      objects[i] = (RollWbemObject) { units[i].data, units[i].length };
    }
  roll_wbem_put_next_answer (stub, objects, rows->len, asked, hresult);
  for (guint i = 0; i < rows->len; i++)
    roll_writer_clear (&units[i]);
}

static void
put_smart_rows (RollLabEnumerator *enumerator, GPtrArray *rows, guint32 hresult, RollWriter *stub)
{
  g_auto (RollWriter) buffer = { 0 };

  roll_writer_init (&buffer, ANSWER_MAX);
  if (rows->len > 0)
    roll_smart_writer_put (enumerator->smart, &buffer, (RollWmiObject *const *) rows->pdata, rows->len);
  roll_wbem_put_smart_answer (stub, rows->len, buffer.data, buffer.length, hresult);
}

static void
next (RollLabConnection *self, const RollAcceptorCall *call, RollLabEnumerator *enumerator, gboolean smart,
      guint32 count)
{
  const char *class_name = enumerator->query != NULL ? roll_lab_query_get_class (enumerator->query) : NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_auto (RollWriter) stub = { 0 };
  guint32 hresult;

  if (roll_lab_strike (self, &call->ticket, ROLL_LAB_STEP_NEXT, class_name, &hresult))
    return;
  rows = rows_or_failure (self, enumerator, count, hresult, &hresult);
  roll_writer_init (&stub, ANSWER_MAX);
  if (smart)
    put_smart_rows (enumerator, rows, hresult, &stub);
  else
    put_rows (rows, count, hresult, &stub);
  roll_lab_answer_rows (self, &call->ticket, &stub);
}

static void
get_smart (RollLabConnection *self, const RollAcceptorCall *call, RollLabEnumerator *enumerator)
{
  const RollStdObjref std = roll_lab_std (self, ROLL_LAB_SMART, enumerator->id);
  g_auto (RollDualStrings) bindings = { 0 };
  g_auto (RollWriter) stub = { 0 };

  if (enumerator->smart == NULL)
    enumerator->smart = roll_smart_writer_new ((guint64) self->machine->seed << 32 | enumerator->id);
  enumerator->held |= 1u << ROLL_LAB_SMART;
  roll_lab_put_bindings (self, &bindings);
  roll_writer_init (&stub, ANSWER_MAX);
  roll_wbem_put_interface_answer (&stub, &ROLL_IID_WBEM_WCO_SMART_ENUM, &std, &bindings, 0);
  roll_lab_answer (self, &call->ticket, &stub);
}

void
roll_lab_enumerator_call (RollLabConnection *self, const RollAcceptorCall *call, RollLabKind kind, guint32 id,
                          RollReader *reader)
{
  RollLabEnumerator *enumerator = roll_lab_enumerator_find (self->objects, id);
  RollOrpcThis header;
  RollUuid proxy;
  guint32 timeout_ms, count;

  if (enumerator == NULL || (enumerator->held & 1u << kind) == 0)
    roll_lab_answer_fault (self, &call->ticket, RPC_E_DISCONNECTED);
  else if (kind == ROLL_LAB_FETCH_SMART && call->opnum == ROLL_OPNUM_GET_SMART_ENUM)
    get_smart (self, call, enumerator);
  else if (call->opnum != (kind == ROLL_LAB_SMART ? ROLL_OPNUM_SMART_NEXT : ROLL_OPNUM_ENUM_NEXT))
    roll_lab_answer_fault (self, &call->ticket, NCA_OPNUM_RANGE);
  else if (kind == ROLL_LAB_SMART ? roll_wbem_read_smart_next (reader, &header, &proxy, &timeout_ms, &count)
                                  : roll_wbem_read_enum_next (reader, &header, &timeout_ms, &count))
    next (self, call, enumerator, kind == ROLL_LAB_SMART, count);
  else
    roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
}
