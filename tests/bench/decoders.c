/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a megabyte of the worst that a server can send, or a file can hold, costs each reader, in CPU and in memory. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "codec/roll-ntlm.h"
#include "codec/roll-row-set.h"
#include "codec/roll-utf16.h"
#include "codec/roll-wbem.h"
#include "codec/roll-wmio.h"
#include "report/roll-csv-reader.h"
#include "rpc/roll-association.h"
#include "scan/roll-target-entry.h"
#include "scan/roll-target-table.h"

#define MEGABYTE (1024 * 1024)
#define RUNS 5
#define GOAL_MILLISECONDS 50
#define GOAL_MEGABYTES 64
#define NTLM_FLAGS 0xe28a8235
#define NDR20_UUID ROLL_UUID (0x8a885d04, 0x1ceb, 0x11c9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60)

static double
cpu_milliseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* --- Messages one behind the other ------------------------------------------------------------------------------- */

static void
decode_pdus (const RollWriter *message)
{
  RollPdu pdu;

  for (gsize done = 0; done < MEGABYTE; done += message->length)
    g_assert_true (roll_pdu_decode (message->data, message->length, &pdu, NULL));
}

static void
decode_challenges (const RollWriter *message)
{
  const char *problem;

  for (gsize done = 0; done < MEGABYTE; done += message->length)
    {
      g_auto (RollNtlmChallenge) challenge = { 0 };
      g_assert_true (roll_ntlm_challenge_decode (message->data, message->length, &challenge, &problem));
    }
}

static void
decode_answers (const RollWriter *message)
{
  const char *problem;

  for (gsize done = 0; done < MEGABYTE; done += message->length)
    {
      g_auto (RollNtlmAuthenticate) answer = { 0 };
      g_assert_true (roll_ntlm_authenticate_decode (message->data, message->length, &answer, &problem));
    }
}

static void
decode_text (const RollWriter *message)
{
  g_free (roll_utf16_decode (message->data, message->length));
}

static void
decode_references (const RollWriter *message)
{
  const char *problem;

  for (gsize done = 0; done < MEGABYTE; done += message->length)
    {
      g_auto (RollObjref) objref = { 0 };
      g_assert_true (roll_objref_decode (message->data, message->length, &objref, &problem));
    }
}

static void
decode_activations (const RollWriter *message)
{
  for (gsize done = 0; done < MEGABYTE; done += message->length)
    {
      g_auto (RollActivated) activated = { 0 };
      RollReader reader;

      roll_reader_init (&reader, message->data, message->length);
      g_assert_true (roll_orpc_read_create_instance_answer (&reader, &activated));
    }
}

static void
decode_objects (const RollWriter *message)
{
  g_autoptr (GArray) objects = g_array_new (FALSE, FALSE, sizeof (RollWbemObject));
  guint32 hresult;
  RollReader reader;

  roll_reader_init (&reader, message->data, message->length);
  g_assert_true (roll_wbem_read_next_answer (&reader, objects, &hresult));
}

static void
make_small_pdu (RollWriter *out)
{
  roll_pdu_end (out, roll_pdu_begin (out, ROLL_PDU_SHUTDOWN, 3, 0));
}

static void
make_bind (RollWriter *out)
{
  RollPduBind bind = { .n_contexts = ROLL_PDU_MAX_CONTEXTS };
  gsize pdu = roll_pdu_begin (out, ROLL_PDU_BIND, 3, 1);

  roll_pdu_put_bind (out, &bind);
  roll_pdu_end (out, pdu);
}

/* As many pairs as there is room for, all of the same name. */
static void
make_pairs (RollWriter *out)
{
  g_auto (RollWriter) info = { 0 };

  roll_writer_init (&info, G_MAXUINT16);
  while (info.length < G_MAXUINT16 - 16)
    roll_ntlm_put_av_text (&info, ROLL_NTLM_AV_NB_COMPUTER, "A");
  roll_ntlm_put_av (&info, ROLL_NTLM_AV_EOL, NULL, 0);
  roll_ntlm_put_challenge (out, NTLM_FLAGS, (const guint8 *) "12345678", NULL, info.data, info.length, 10, 0, 19045);
}

/* Every text field is the whole message. */
static void
make_overlaps (RollWriter *out)
{
  roll_ntlm_put_authenticate (out, &(RollNtlmAuthenticateFields) { .flags = NTLM_FLAGS });
  while (out->length < G_MAXUINT16 - 2)
    roll_writer_u16 (out, 0x4e00);
  for (gsize field = 28; field <= 44; field += 8)
    {
      roll_writer_set_u16 (out, field, (guint16) out->length);
      roll_writer_set_u32 (out, field + 4, 0);
    }
}

static void
make_text (RollWriter *out)
{
  while (out->length < MEGABYTE)
    roll_writer_u16 (out, 0x4e00);
}

/* Bindings of one character, as many as are looked at and no more, or up to what the counts can say. */
static void
fill_bindings (RollDualStrings *strings, guint n_bindings)
{
  roll_dual_strings_init (strings);
  for (guint i = 0; i < n_bindings; i++)
    {
      roll_dual_strings_add (strings, ROLL_TOWER_TCP, "A");
      roll_dual_strings_add_security (strings, 10);
    }
}

static void
make_small_reference (RollWriter *out)
{
  g_auto (RollObjref) objref = { .kind = ROLL_OBJREF_STANDARD };

  fill_bindings (&objref.strings, ROLL_DUAL_STRING_MAX);
  roll_objref_encode (out, &objref);
}

static void
make_big_reference (RollWriter *out)
{
  g_auto (RollObjref) objref = { .kind = ROLL_OBJREF_STANDARD };

  fill_bindings (&objref.strings, G_MAXUINT16 / 6 - 1);
  roll_objref_encode (out, &objref);
}

static void
make_activation (RollWriter *out)
{
  g_auto (RollActivated) activated = { 0 };

  fill_bindings (&activated.bindings, ROLL_DUAL_STRING_MAX);
  roll_orpc_put_create_instance_answer (out, &activated, &ROLL_IID_WBEM_LEVEL1_LOGIN);
}

static void
make_objects (RollWriter *out)
{
  g_autofree RollWbemObject *objects = g_new (RollWbemObject, ROLL_WBEM_MAX_OBJECTS);

  for (guint i = 0; i < ROLL_WBEM_MAX_OBJECTS; i++)
    objects[i] = (RollWbemObject) { (const guint8 *) "", 0 };
  roll_wbem_put_next_answer (out, objects, ROLL_WBEM_MAX_OBJECTS, ROLL_WBEM_MAX_OBJECTS, 0);
}

/* --- Objects of WMI ---------------------------------------------------------------------------------------------- */

static void
make_array (RollWriter *out, RollCimValue item, guint n)
{
  const RollWmiPropertySpec spec = { "Items", item.type | ROLL_CIM_ARRAY, FALSE, NULL };
  g_autoptr (RollWmiClass) klass = roll_wmi_class_new ("Roll_Array", "", &spec, 1);
  g_autoptr (RollWmiObject) object = roll_wmi_object_new_instance (klass, NULL, NULL);
  g_autofree RollCimValue *items = g_new (RollCimValue, n);
  RollCimArray array = { n, items };

  for (guint i = 0; i < n; i++)
    items[i] = item;
  g_assert_true (roll_wmi_object_set (object, "Items", &(RollCimValue) { .type = spec.type, .array = &array }));
  roll_wmio_encode (out, object);
}

/* In memory an octet is a value like any other. */
static void
make_octets (RollWriter *out)
{
  make_array (out, (RollCimValue) { .type = ROLL_CIM_UINT8 }, MEGABYTE - 4096);
}

static void
make_empty_texts (RollWriter *out)
{
  make_array (out, (RollCimValue) { .type = ROLL_CIM_STRING, .text = (char *) "" }, MEGABYTE / 6 - 4096);
}

static void
decode_object (const RollWriter *message)
{
  RollWmiObject *object = roll_wmio_decode (message->data, message->length, NULL);

  g_assert_nonnull (object);
  roll_wmi_object_unref (object);
}

/* A byte deflated says of a thousand cells that they are NULL. */
static void
make_nulls (RollWriter *out)
{
  const RollCimValue value = { .type = ROLL_CIM_UINT8, .null = TRUE };
  g_autoptr (RollRowSet) rows = roll_row_set_new ((const char *const[]) { "A", NULL });
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  gsize length;

  while (roll_row_set_add (rows, &value))
    ;
  bytes = roll_row_set_to_bytes (rows);
  data = g_bytes_get_data (bytes, &length);
  roll_writer_bytes (out, data, length);
}

static void
decode_rows (const RollWriter *message)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (message->data, message->length);
  g_autoptr (RollRowSet) rows = roll_row_set_from_bytes (bytes, NULL);

  g_assert_nonnull (rows);
}

/* --- Answers in fragments ---------------------------------------------------------------------------------------- */

typedef struct
{
  int socket;
  gsize stub_length;
} Sender;

static void
put_response (RollWriter *out, gsize length, gboolean first)
{
  gsize pdu = roll_pdu_begin (out, ROLL_PDU_RESPONSE, first ? ROLL_PFC_FIRST_FRAG : 0, 2);

  roll_pdu_put_response (out, 0, 0);
  roll_writer_zeros (out, length);
  roll_pdu_end (out, pdu);
}

static gpointer
send_fragments (gpointer data)
{
  const Sender *sender = data;
  const RollPduBindAck ack = { .max_xmit = 5840, .max_recv = 5840, .n_results = 1,
                               .results = { { .transfer_syntax = { NDR20_UUID, 2 } } } };
  g_auto (RollWriter) out = { 0 };
  gsize sent = 0, pdu;

  roll_writer_init (&out, 2 * MEGABYTE);
  pdu = roll_pdu_begin (&out, ROLL_PDU_BIND_ACK, 3, 1);
  roll_pdu_put_bind_ack (&out, &ack);
  roll_pdu_end (&out, pdu);
  for (gboolean first = TRUE; out.length < MEGABYTE; first = FALSE)
    put_response (&out, sender->stub_length, first);
  while (sent < out.length)
    {
      gssize n = send (sender->socket, out.data + sent, out.length - sent, MSG_NOSIGNAL);

      g_assert_cmpint (n, >, 0);
      sent += (gsize) n;
    }
  close (sender->socket);
  return NULL;
}

static void
receive_fragments (gsize stub_length)
{
  const RollSyntax interface = { { { 1 } }, 0 };
  g_autoptr (RollAssociation) association = NULL;
  g_autoptr (GError) error = NULL;
  int sockets[2];
  Sender sender;
  GThread *thread;

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets));
  sender = (Sender) { sockets[1], stub_length };
  thread = g_thread_new ("server", send_fragments, &sender);
  association = roll_association_new (sockets[0], -1, 0);
  roll_association_bind (association, &interface, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (roll_association_call (association, &interface, 0, NULL, NULL, 0, &error));
  g_assert_error (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_TRANSPORT); /* the answer had no end */
  g_thread_join (thread);
}

static void
receive_empty (const RollWriter *message)
{
  receive_fragments (0);
}

static void
receive_bytes (const RollWriter *message)
{
  receive_fragments (1);
}

/* --- Tables and lists -------------------------------------------------------------------------------------------- */

static void
repeat (RollWriter *out, const char *text, gsize times)
{
  for (gsize i = 0; i < times; i++)
    roll_writer_bytes (out, text, strlen (text));
}

/* Cells as long as may be, of nothing but quotes, each of them doubled. */
static void
make_quotes (RollWriter *out)
{
  while (out->length < MEGABYTE)
    {
      repeat (out, "\"", 1 + 2 * ROLL_CSV_CELL_MAX);
      repeat (out, "\",", 1);
    }
}

/* A row has a thousand at most: rows of as many, with nothing in any. */
static void
make_empty_columns (RollWriter *out)
{
  while (out->length < MEGABYTE)
    {
      repeat (out, ",", ROLL_CSV_COLUMNS_MAX - 1);
      repeat (out, "\n", 1);
    }
}

static void
make_empty_rows (RollWriter *out)
{
  repeat (out, "\r", MEGABYTE);
}

/* It is no UTF-8, and Windows-1252 has no such character. */
static void
make_no_text (RollWriter *out)
{
  repeat (out, "\x81,\n", MEGABYTE / 3);
}

static void
make_wide_text (RollWriter *out)
{
  roll_writer_u16 (out, 0xfeff);
  while (out->length < MEGABYTE)
    roll_writer_u16 (out, out->length % 64 == 0 ? '\n' : 0x20ac);
}

/* Each is looked at for everything that may be wrong with it. */
static void
make_wrong_names (RollWriter *out)
{
  while (out->length < MEGABYTE)
    {
      repeat (out, "a.", ROLL_TARGET_ENTRY_MAX / 2 - 1);
      repeat (out, "!\n", 1);
    }
}

/* Every hyphen may be the one of a range. */
static void
make_wrong_ranges (RollWriter *out)
{
  while (out->length < MEGABYTE)
    {
      repeat (out, "fe80::1%", 1);
      repeat (out, "-", ROLL_TARGET_ENTRY_MAX - 8);
      repeat (out, "\n", 1);
    }
}

static void
read_table (const RollWriter *message)
{
  g_autoptr (RollCsvReader) reader = roll_csv_reader_new ((const char *) message->data, message->length, 0, NULL);

  g_assert_nonnull (reader);
  while (roll_csv_reader_next (reader, NULL))
    ;
}

static void
read_targets (const RollWriter *message)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
  g_autoptr (RollTargetTable) table = NULL;
  g_autoptr (RollTargetList) list = roll_target_list_new ();

  table = roll_target_table_look_at ((const char *) message->data, message->length, NULL);
  g_assert_nonnull (table);
  g_assert_true (roll_target_list_add_text (list, (const char *) message->data, message->length, problems, NULL));
  g_assert_cmpuint (problems->len, >, 0);
}

/* --- Measuring --------------------------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  void (*make) (RollWriter *out);
  void (*decode) (const RollWriter *message);
} Case;

static gboolean
measure (const Case *input)
{
  g_auto (RollWriter) message = { 0 };
  double worst = 0;

  roll_writer_init (&message, 2 * MEGABYTE);
  if (input->make != NULL)
    input->make (&message);
  for (guint i = 0; i < RUNS; i++)
    {
      double begun = cpu_milliseconds ();

      input->decode (&message);
      worst = MAX (worst, cpu_milliseconds () - begun);
    }
  printf ("%-48s %6.1f ms CPU (goal %d)\n", input->name, worst, GOAL_MILLISECONDS);
  return worst <= GOAL_MILLISECONDS;
}

int
main (void)
{
  static const Case cases[] = {
    { "PDUs of 16 bytes", make_small_pdu, decode_pdus },
    { "binds full of contexts", make_bind, decode_pdus },
    { "NTLM challenges full of pairs", make_pairs, decode_challenges },
    { "NTLM answers whose fields overlap", make_overlaps, decode_answers },
    { "UTF-16", make_text, decode_text },
    { "object references, every binding looked at", make_small_reference, decode_references },
    { "object references full of bindings", make_big_reference, decode_references },
    { "activations full of bindings", make_activation, decode_activations },
    { "as many empty objects as there may be", make_objects, decode_objects },
    { "an object: octets", make_octets, decode_object },
    { "an object: empty texts", make_empty_texts, decode_object },
    { "a row set: as many NULLs as it may hold", make_nulls, decode_rows },
    { "an association: empty fragments", NULL, receive_empty },
    { "an association: fragments of one byte", NULL, receive_bytes },
    { "a table: cells of quotes", make_quotes, read_table },
    { "a table: empty columns", make_empty_columns, read_table },
    { "a table: empty rows", make_empty_rows, read_table },
    { "a table: bytes of no alphabet", make_no_text, read_table },
    { "a table: UTF-16", make_wide_text, read_table },
    { "a list: names with a wrong last letter", make_wrong_names, read_targets },
    { "a list: ranges of hyphens", make_wrong_ranges, read_targets },
  };
  struct rusage usage;
  gboolean met = TRUE;
  double peak;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    met = measure (&cases[i]) && met;
  getrusage (RUSAGE_SELF, &usage);
  peak = (double) usage.ru_maxrss / 1024;
  met = met && peak <= GOAL_MEGABYTES;
  printf ("peak of the whole process %.1f MB (goal %d), for a megabyte of each  %s\n", peak, GOAL_MEGABYTES,
          met ? "met" : "MISSED");
  return met ? 0 : 1;
}
