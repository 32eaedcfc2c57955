/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "rpc/roll-wire.h"
#include "wmi/roll-wmi-private.h"

#define BATCH 50            /* rows that are asked for at once: an answer is small, whatever the rows are */
#define NEXT_MS 10000       /* how long one answer may take to come; pings go out in between */
#define FIRST_PAUSE_MS 50   /* after an answer without rows that came too soon, doubled each time */
#define LAST_PAUSE_MS 2000

typedef struct
{
  RollWmi *wmi;
  RollWmiObjectFunc func;
  gpointer user_data;
  guint n_ipids;
  RollUuid ipids[3]; /* all that is to be released; the last one is asked for rows */
  RollSmartReader *smart; /* NULL: Next */
  RollWmiClass *klass;    /* (nullable): what Next brought last */
  RollUuid proxy;         /* names the client of a smart enumeration */
  gboolean ended;
  guint n_rows;
  gsize n_bytes;
  gint64 started_at;
  gint64 progress_at; /* when a row came, or it began */
  guint pause_ms;
} Enumeration;

/* --- Beginning --------------------------------------------------------------------------------------------------- */

static gboolean
exec_query (Enumeration *self, const char *wql, GError **error)
{
  RollDcom *dcom = self->wmi->dcom;
  RollOrpcThis header = roll_dcom_begin (dcom);
  g_auto (RollWriter) stub = { 0 };
  GBytes *answer;

  roll_writer_init (&stub, ROLL_WMI_STUB_MAX);
  roll_wbem_put_exec_query (&stub, &header, wql, ROLL_WBEM_QUERY_FLAGS);
  answer = roll_dcom_call (dcom, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_QUERY, &self->wmi->ipid, &stub, error);
  if (!roll_wmi_take_interface (dcom, answer, "ExecQuery", &self->ipids[0], error))
    return FALSE;
  self->n_ipids = 1;
  return TRUE;
}

static gboolean
get_smart_enum (Enumeration *self, GError **error)
{
  RollDcom *dcom = self->wmi->dcom;
  g_auto (RollWriter) stub = { 0 };
  RollOrpcThis header;
  GBytes *answer;

  if (!roll_dcom_query_interface (dcom, &self->ipids[0], &ROLL_IID_WBEM_FETCH_SMART_ENUM, &self->ipids[1], error))
    return FALSE;
  self->n_ipids = 2;
  header = roll_dcom_begin (dcom);
  roll_writer_init (&stub, ROLL_WMI_STUB_MAX);
  roll_wbem_put_get_smart_enum (&stub, &header);
  answer = roll_dcom_call (dcom, &ROLL_IID_WBEM_FETCH_SMART_ENUM, ROLL_OPNUM_GET_SMART_ENUM, &self->ipids[1], &stub,
                           error);
  if (!roll_wmi_take_interface (dcom, answer, "GetSmartEnum", &self->ipids[2], error))
    return FALSE;
  self->n_ipids = 3;
  return TRUE;
}

/* Whatever is said against it, there is Next ([MS-WMI] 3.2.4.2.8). Only what ends the conversation is an error. */
static gboolean
try_smart_enum (Enumeration *self, GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (self->wmi->dcom->no_smart_enum)
    return TRUE;
  if (get_smart_enum (self, &failure))
    {
      self->smart = roll_smart_reader_new (self->wmi->dcom->target.classes);
      self->proxy = roll_dcom_begin (self->wmi->dcom).cid;
      return TRUE;
    }
  if (!g_error_matches (failure, ROLL_RPC_ERROR, ROLL_RPC_ERROR_RESULT)
      && !g_error_matches (failure, ROLL_RPC_ERROR, ROLL_RPC_ERROR_FAULT)
      && !g_error_matches (failure, ROLL_RPC_ERROR, ROLL_RPC_ERROR_REJECTED))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  self->wmi->dcom->no_smart_enum = TRUE;
  return TRUE;
}

/* --- Rows -------------------------------------------------------------------------------------------------------- */

static gboolean
fail_endless (GError **error, const char *what)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                      ROLL_SAID_BY_PEER, "a query without an end: %s", what);
  return FALSE;
}

static gboolean
fail_watchdog (GError **error, const char *text)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_TIMED_OUT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG,
                      ROLL_SAID_BY_NOBODY, "%s", text);
  return FALSE;
}

static gboolean
check_limits (const Enumeration *self, GError **error)
{
  gint64 watchdog_us = (gint64) self->wmi->dcom->target.watchdog_ms * 1000;
  gint64 now = g_get_monotonic_time ();

  if (self->n_rows > ROLL_WMI_MAX_ROWS)
    return fail_endless (error, "too many rows");
  if (self->n_bytes > ROLL_WMI_MAX_BYTES)
    return fail_endless (error, "too many bytes");
  if (watchdog_us == 0)
    return TRUE;
  if (now - self->progress_at >= watchdog_us)
    return fail_watchdog (error, "no row came in time");
  return now - self->started_at < watchdog_us * ROLL_WMI_MAX_WATCHDOGS
         || fail_watchdog (error, "the rows did not end in time");
}

static void
hand_out (Enumeration *self, RollWmiObject *object)
{
  self->n_rows++;
  self->progress_at = g_get_monotonic_time ();
  if (!self->ended)
    self->ended = !self->func (object, self->user_data);
}

static void
keep_class (Enumeration *self, RollWmiClass *klass)
{
  if (klass == self->klass)
    return;
  g_clear_pointer (&self->klass, roll_wmi_class_unref);
  self->klass = roll_wmi_class_ref (klass);
}

static gboolean
take_objects (Enumeration *self, RollReader *reader, guint32 *ret_hresult, GError **error)
{
  g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (RollWbemObject));
  gboolean well = roll_wbem_read_next_answer (reader, objects, ret_hresult);

  if (!roll_dcom_check (well, reader, *ret_hresult, "Next", error))
    return FALSE;
  for (guint i = 0; i < objects->len && !self->ended; i++)
    {
      const RollWbemObject *bytes = &g_array_index (objects, RollWbemObject, i);
      const char *problem = NULL;
      g_autoptr (RollWmiObject) object
          = roll_wmio_decode_known (bytes->bytes, bytes->length, self->klass, self->wmi->dcom->target.classes,
                                    &problem);

      if (object == NULL)
        return roll_dcom_fail_malformed (error, "Next", problem);
      keep_class (self, roll_wmi_object_get_class (object));
      hand_out (self, object);
    }
  return TRUE;
}

static gboolean
take_smart_objects (Enumeration *self, RollReader *reader, guint32 *ret_hresult, GError **error)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  const guint8 *buffer = NULL;
  const char *problem = NULL;
  guint n_objects = 0;
  gsize length = 0;
  gboolean well = roll_wbem_read_smart_answer (reader, &n_objects, &buffer, &length, ret_hresult);

  if (!roll_dcom_check (well, reader, *ret_hresult, "Next", error))
    return FALSE;
  if (length > 0 && !roll_smart_reader_decode (self->smart, buffer, length, objects, &problem))
    return roll_dcom_fail_malformed (error, "Next", problem);
  for (guint i = 0; i < objects->len; i++)
    hand_out (self, g_ptr_array_index (objects, i));
  return TRUE;
}

/* Half of the watchdog's time at most, so that a "not yet" arrives before it strikes. */
static guint32
next_timeout_ms (const Enumeration *self)
{
  guint watchdog_ms = self->wmi->dcom->target.watchdog_ms;

  return watchdog_ms > 0 ? CLAMP (watchdog_ms / 2, 1, NEXT_MS) : NEXT_MS;
}

static GBytes *
ask_for_rows (Enumeration *self, guint32 timeout_ms, GError **error)
{
  RollDcom *dcom = self->wmi->dcom;
  RollOrpcThis header = roll_dcom_begin (dcom);
  const RollUuid *ipid = &self->ipids[self->smart != NULL ? 2 : 0];
  g_auto (RollWriter) stub = { 0 };

  roll_writer_init (&stub, ROLL_WMI_STUB_MAX);
  if (self->smart != NULL)
    {
      roll_wbem_put_smart_next (&stub, &header, &self->proxy, timeout_ms, BATCH);
      return roll_dcom_call (dcom, &ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_OPNUM_SMART_NEXT, ipid, &stub, error);
    }
  roll_wbem_put_enum_next (&stub, &header, timeout_ms, BATCH);
  return roll_dcom_call (dcom, &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, ROLL_OPNUM_ENUM_NEXT, ipid, &stub, error);
}

/* A computer that says "not yet" without having waited is not asked again at once. */
static gboolean
pause_if_early (Enumeration *self, gint64 due_at, GError **error)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GError) failure = NULL;

  if (now >= due_at)
    return TRUE;
  self->pause_ms = CLAMP (self->pause_ms * 2, FIRST_PAUSE_MS, LAST_PAUSE_MS);
  roll_wire_wait (-1, self->wmi->dcom->target.cancel_fd, MIN (due_at, now + (gint64) self->pause_ms * 1000), &failure);
  if (g_error_matches (failure, ROLL_RPC_ERROR, ROLL_RPC_ERROR_TIMED_OUT))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
next_rows (Enumeration *self, GError **error)
{
  guint32 timeout_ms = next_timeout_ms (self), hresult = 0;
  gint64 due_at = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  guint before = self->n_rows;
  g_autoptr (GBytes) answer = ask_for_rows (self, timeout_ms, error);
  RollReader reader;
  gboolean ok;

  if (answer == NULL)
    return FALSE;
  self->n_bytes += g_bytes_get_size (answer);
  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  ok = self->smart != NULL ? take_smart_objects (self, &reader, &hresult, error)
                           : take_objects (self, &reader, &hresult, error);
  if (!ok)
    return FALSE;
  if (hresult != 0 && hresult != ROLL_WBEM_S_TIMEDOUT)
    self->ended = TRUE;
  if (self->n_rows > before)
    self->pause_ms = 0;
  else if (!self->ended)
    return pause_if_early (self, due_at, error);
  return TRUE;
}

gboolean
roll_wmi_query (RollWmi *self, const char *wql, gboolean few, RollWmiObjectFunc func, gpointer user_data,
                GError **error)
{
  Enumeration enumeration = { .wmi = self, .func = func, .user_data = user_data };
  gboolean ok;

  g_return_val_if_fail (self != NULL && wql != NULL && func != NULL, FALSE);

  enumeration.started_at = enumeration.progress_at = g_get_monotonic_time ();
  ok = exec_query (&enumeration, wql, error) && (few || try_smart_enum (&enumeration, error));
  while (ok && !enumeration.ended)
    ok = next_rows (&enumeration, error) && check_limits (&enumeration, error);
  roll_dcom_let_go (self->dcom, enumeration.ipids, enumeration.n_ipids);
  g_clear_pointer (&enumeration.smart, roll_smart_reader_free);
  g_clear_pointer (&enumeration.klass, roll_wmi_class_unref);
  return ok;
}
