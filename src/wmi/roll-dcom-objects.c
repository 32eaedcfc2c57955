/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wmi/roll-dcom-private.h"

#define STUB_MAX 65536
#define RELEASE_US G_USEC_PER_SEC
#define PING_WAIT_US (10 * G_USEC_PER_SEC)
#define RELEASE_AT_ONCE 100
#define SORF_NOPING 0x1000 /* [MS-DCOM] 2.2.18.2 */

/* --- Calls ------------------------------------------------------------------------------------------------------- */

RollSyntax
roll_dcom_syntax (const RollUuid *iid)
{
  return (RollSyntax) { *iid, 0 };
}

RollOrpcThis
roll_dcom_begin (RollDcom *self)
{
  const RollOrpcThis header = { .version = self->version, .cid = self->cid };

  for (guint i = 0; i < sizeof self->cid.bytes && ++self->cid.bytes[i] == 0; i++)
    ;
  return header;
}

/* The answer to an earlier RemRelease: it tells nothing, but it has to be fetched. */
static void
fetch_release (RollDcom *self)
{
  GBytes *answer;

  if (self->releasing == 0)
    return;
  answer = roll_association_receive (self->object, self->releasing, NULL);
  g_clear_pointer (&answer, g_bytes_unref);
  self->releasing = 0;
}

/* Windows offers an interface from the moment on that an object has handed it out, which may be after the bind. */
static gboolean
ensure_interface (RollDcom *self, const RollSyntax *interface, GError **error)
{
  if (roll_association_has (self->object, interface))
    return TRUE;
  fetch_release (self);
  return roll_association_alter (self->object, interface, 1, error);
}

guint32
roll_dcom_send (RollDcom *self, const RollUuid *iid, guint16 opnum, const RollUuid *ipid, const RollWriter *stub,
                GError **error)
{
  RollSyntax interface = roll_dcom_syntax (iid);

  g_return_val_if_fail (self->object != NULL && roll_writer_ok (stub), 0);

  if (!roll_dcom_ping (self, error) || !ensure_interface (self, &interface, error))
    return 0;
  return roll_association_send (self->object, &interface, opnum, ipid, stub->data, stub->length, error);
}

GBytes *
roll_dcom_receive (RollDcom *self, guint32 call_id, GError **error)
{
  return roll_association_receive (self->object, call_id, error);
}

GBytes *
roll_dcom_call (RollDcom *self, const RollUuid *iid, guint16 opnum, const RollUuid *ipid, const RollWriter *stub,
                GError **error)
{
  guint32 call_id = roll_dcom_send (self, iid, opnum, ipid, stub, error);

  return call_id != 0 ? roll_dcom_receive (self, call_id, error) : NULL;
}

gboolean
roll_dcom_fail_malformed (GError **error, const char *call, const char *problem)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                      ROLL_SAID_BY_PEER, "the answer to %s: %s", call, problem != NULL ? problem : "malformed");
  return FALSE;
}

gboolean
roll_dcom_check (gboolean well, const RollReader *reader, guint32 hresult, const char *call, GError **error)
{
  if (!well)
    return roll_dcom_fail_malformed (error, call, reader->problem);
  if ((gint32) hresult >= 0)
    return TRUE;
  roll_rpc_set_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_HRESULT, hresult, ROLL_SAID_BY_PEER,
                      "%s was answered with 0x%08x", call, hresult);
  return FALSE;
}

/* --- References -------------------------------------------------------------------------------------------------- */

/* Windows' own client asks the second form. */
static const RollUuid *
rem_unknown (RollDcom *self)
{
  RollSyntax second = roll_dcom_syntax (&ROLL_IID_REM_UNKNOWN2);

  return roll_association_has (self->object, &second) ? &ROLL_IID_REM_UNKNOWN2 : &ROLL_IID_REM_UNKNOWN;
}

void
roll_dcom_hold (RollDcom *self, const RollStdObjref *std)
{
  const RollHeld held
      = { .ipid = std->ipid, .oid = std->oid, .refs = std->public_refs, .pings = (std->flags & SORF_NOPING) == 0 };

  g_array_append_val (self->held, held);
}

gboolean
roll_dcom_query_interface (RollDcom *self, const RollUuid *ipid, const RollUuid *iid, RollUuid *ret_ipid,
                           GError **error)
{
  RollOrpcThis header = roll_dcom_begin (self);
  g_auto (RollWriter) stub = { 0 };
  g_autoptr (GBytes) answer = NULL;
  RollStdObjref std;
  RollReader reader;
  guint32 hresult = 0;
  gboolean well;

  roll_writer_init (&stub, STUB_MAX);
  roll_orpc_put_rem_query_interface (&stub, &header, ipid, ROLL_DCOM_REFS, iid);
  answer = roll_dcom_call (self, rem_unknown (self), ROLL_OPNUM_REM_QUERY_INTERFACE, &self->activated.ipid_rem_unknown,
                           &stub, error);
  if (answer == NULL)
    return FALSE;
  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  well = roll_orpc_read_rem_query_interface_answer (&reader, &hresult, &std);
  if (!roll_dcom_check (well, &reader, hresult, "RemQueryInterface", error))
    return FALSE;
  roll_dcom_hold (self, &std);
  *ret_ipid = std.ipid;
  return TRUE;
}

/* Takes what is held of @ipid out of the list. */
static gboolean
take_held (RollDcom *self, const RollUuid *ipid, RollRemRef *ret_ref)
{
  for (guint i = 0; i < self->held->len; i++)
    {
      const RollHeld *held = &g_array_index (self->held, RollHeld, i);

      if (roll_uuid_equal (&held->ipid, ipid))
        {
          *ret_ref = (RollRemRef) { held->ipid, held->refs };
          g_array_remove_index (self->held, i);
          return TRUE;
        }
    }
  return FALSE;
}

static void
send_release (RollDcom *self, const RollRemRef *refs, guint n)
{
  RollOrpcThis header = roll_dcom_begin (self);
  g_auto (RollWriter) stub = { 0 };

  if (n == 0 || self->object == NULL)
    return;
  fetch_release (self);
  roll_writer_init (&stub, STUB_MAX);
  roll_orpc_put_rem_release (&stub, &header, refs, n);
  self->releasing = roll_dcom_send (self, rem_unknown (self), ROLL_OPNUM_REM_RELEASE,
                                    &self->activated.ipid_rem_unknown, &stub, NULL);
}

void
roll_dcom_let_go (RollDcom *self, const RollUuid *ipids, guint n)
{
  RollRemRef refs[RELEASE_AT_ONCE];
  guint n_refs = 0;

  for (guint i = 0; i < n && n_refs < G_N_ELEMENTS (refs); i++)
    if (take_held (self, &ipids[i], &refs[n_refs]))
      n_refs++;
  if (self->object == NULL)
    return;
  /* It goes out together with the next question. */
  roll_association_set_gathering (self->object, TRUE);
  send_release (self, refs, n_refs);
  roll_association_set_gathering (self->object, FALSE);
}

void
roll_dcom_release (RollDcom *self)
{
  RollRemRef refs[RELEASE_AT_ONCE];
  guint n = 0;

  g_return_if_fail (self != NULL);

  if (self->object == NULL)
    return;
  roll_association_set_deadline (self->object, g_get_monotonic_time () + RELEASE_US);
  for (; n < self->held->len && n < G_N_ELEMENTS (refs); n++)
    {
      const RollHeld *held = &g_array_index (self->held, RollHeld, n);

      refs[n] = (RollRemRef) { held->ipid, held->refs };
    }
  send_release (self, refs, n);
  fetch_release (self);
  g_array_set_size (self->held, 0);
}

/* --- Pings ------------------------------------------------------------------------------------------------------- */

/* What is not yet in the set. Returns: how many */
static guint
new_objects (RollDcom *self, guint64 oids[RELEASE_AT_ONCE])
{
  guint n = 0;

  for (guint i = 0; i < self->held->len && n < RELEASE_AT_ONCE; i++)
    {
      RollHeld *held = &g_array_index (self->held, RollHeld, i);

      if (held->pings && !(held->in_set && self->ping_set != 0))
        oids[n++] = held->oid;
      held->in_set = TRUE;
    }
  return n;
}

static GBytes *
call_exporter (RollDcom *self, guint16 opnum, const RollWriter *stub, GError **error)
{
  RollSyntax exporter = roll_dcom_syntax (&ROLL_IID_OBJECT_EXPORTER);

  roll_association_set_deadline (self->mapper, g_get_monotonic_time () + PING_WAIT_US);
  return roll_association_call (self->mapper, &exporter, opnum, NULL, stub->data, stub->length, error);
}

static gboolean
ping_with_changes (RollDcom *self, const guint64 *oids, guint n, GError **error)
{
  g_auto (RollWriter) stub = { 0 };
  g_autoptr (GBytes) answer = NULL;
  guint64 set = 0;
  guint32 status = 0;
  RollReader reader;

  roll_writer_init (&stub, STUB_MAX);
  self->ping_sequence = self->ping_set == 0 ? 1 : self->ping_sequence + 1;
  roll_orpc_put_complex_ping (&stub, self->ping_set, self->ping_sequence, oids, n);
  answer = call_exporter (self, ROLL_OPNUM_COMPLEX_PING, &stub, error);
  if (answer == NULL)
    return FALSE;
  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  if (!roll_orpc_read_complex_ping_answer (&reader, &set, &status))
    return roll_dcom_fail_malformed (error, "ComplexPing", reader.problem);
  self->ping_set = status == 0 ? set : 0;
  return TRUE;
}

static gboolean
ping_as_before (RollDcom *self, GError **error)
{
  g_auto (RollWriter) stub = { 0 };
  g_autoptr (GBytes) answer = NULL;
  RollReader reader;

  roll_writer_init (&stub, STUB_MAX);
  roll_orpc_put_simple_ping (&stub, self->ping_set);
  answer = call_exporter (self, ROLL_OPNUM_SIMPLE_PING, &stub, error);
  if (answer == NULL)
    return FALSE;
  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  if (roll_reader_u32 (&reader) != 0)
    self->ping_set = 0;
  return TRUE;
}

static gboolean
ping (RollDcom *self, GError **error)
{
  guint64 oids[RELEASE_AT_ONCE];
  guint n = new_objects (self, oids);

  return n > 0 || self->ping_set == 0 ? ping_with_changes (self, oids, n, error) : ping_as_before (self, error);
}

/* The endpoint mapper may have closed a connection that was silent for so long; it takes pings from anybody. */
static gboolean
connect_for_pings (RollDcom *self, GError **error)
{
  RollSyntax exporter = roll_dcom_syntax (&ROLL_IID_OBJECT_EXPORTER);
  int fd;

  g_clear_pointer (&self->mapper, roll_association_free);
  self->ping_set = 0;
  fd = roll_dcom_connect (self, self->target.port, error);
  if (fd < 0)
    return FALSE;
  self->mapper = roll_dcom_associate (self, fd);
  roll_association_set_deadline (self->mapper, g_get_monotonic_time () + PING_WAIT_US);
  return roll_association_bind (self->mapper, &exporter, 1, NULL, error);
}

gboolean
roll_dcom_ping (RollDcom *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gint64 now = g_get_monotonic_time ();

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->object == NULL || now < self->next_ping)
    return TRUE;
  self->next_ping = now + self->ping_us;
  if (self->mapper != NULL && ping (self, &failure))
    return TRUE;
  if (!g_error_matches (failure, ROLL_RPC_ERROR, ROLL_RPC_ERROR_CANCELLED))
    {
      g_clear_error (&failure);
      if (connect_for_pings (self, &failure) && ping (self, &failure))
        return TRUE;
    }
  if (!g_error_matches (failure, ROLL_RPC_ERROR, ROLL_RPC_ERROR_CANCELLED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
