/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-spnego.h"

#include <string.h>

#define TAG_BIT_STRING 0x03
#define TAG_OCTET_STRING 0x04
#define TAG_OID 0x06
#define TAG_ENUMERATED 0x0a
#define TAG_SEQUENCE 0x30
#define TAG_GSS 0x60
#define TAG_FIELD(number) (0xa0 | (number))

#define NEG_TOKEN_INIT TAG_FIELD (0)
#define NEG_TOKEN_RESP TAG_FIELD (1)

/* 1.3.6.1.5.5.2 */
static const RollSpnegoBytes spnego_oid = { (const guint8 *) "\x2b\x06\x01\x05\x05\x02", 6 };

gboolean
roll_spnego_is_ntlm (const RollSpnegoBytes *mech)
{
  return mech->data != NULL && mech->length == sizeof ROLL_SPNEGO_OID_NTLM - 1
         && memcmp (mech->data, ROLL_SPNEGO_OID_NTLM, mech->length) == 0;
}

/* --- Decoding ---------------------------------------------------------------------------------------------------- */

static gsize
read_length (RollReader *reader)
{
  guint8 first = roll_reader_u8 (reader);
  guint n_bytes = first & 0x7f;
  gsize length = 0;

  if (first < 0x80)
    return first;
  if (!roll_reader_require (reader, n_bytes == 1 || n_bytes == 2, "a length of no or too many bytes"))
    return 0;
  for (guint i = 0; i < n_bytes; i++)
    length = length << 8 | roll_reader_u8 (reader);
  roll_reader_require (reader, length >= (n_bytes == 1 ? 0x80 : 0x100), "a length in more bytes than it needs");
  return length;
}

static gboolean
next_is (const RollReader *reader, guint8 tag)
{
  return roll_reader_left (reader) > 0 && reader->data[reader->position] == tag;
}

/* The contents of the next element; end() when they are read. */
static RollReader
begin (RollReader *reader, guint8 tag)
{
  gsize length = 0;

  if (roll_reader_require (reader, next_is (reader, tag), "another element than there must be"))
    {
      roll_reader_skip (reader, 1);
      length = read_length (reader);
    }
  return roll_reader_sub (reader, length);
}

static void
end (RollReader *reader, const RollReader *contents)
{
  if (!roll_reader_ok (contents))
    roll_reader_fail (reader, contents->problem);
  roll_reader_require (reader, roll_reader_left (contents) == 0, "more than there should be");
}

static RollSpnegoBytes
read_bytes (RollReader *reader, guint8 tag)
{
  RollReader contents = begin (reader, tag);

  return roll_reader_ok (&contents) ? (RollSpnegoBytes) { contents.data, contents.length } : (RollSpnegoBytes) { 0 };
}

/* "[number] tag OPTIONAL" */
static RollSpnegoBytes
read_field (RollReader *reader, guint8 number, guint8 tag)
{
  RollSpnegoBytes bytes = { 0 };

  if (next_is (reader, TAG_FIELD (number)))
    {
      RollReader field = begin (reader, TAG_FIELD (number));

      bytes = read_bytes (&field, tag);
      end (reader, &field);
    }
  return bytes;
}

static void
read_mechs (RollReader *reader, RollSpnegoInit *init)
{
  RollReader field = begin (reader, TAG_FIELD (0));
  RollReader list = begin (&field, TAG_SEQUENCE);

  init->mech_list = (RollSpnegoBytes) { field.data, field.length };
  while (roll_reader_left (&list) > 0)
    {
      RollSpnegoBytes mech = read_bytes (&list, TAG_OID);

      if (roll_reader_require (&list, init->n_mechs < ROLL_SPNEGO_MAX_MECHS, "too many mechanisms"))
        init->mechs[init->n_mechs++] = mech;
    }
  roll_reader_require (&list, init->n_mechs > 0, "no mechanisms");
  end (&field, &list);
  end (reader, &field);
}

/* [MS-SPNG] 2.2.1 puts negHints, a sequence that means nothing, where [RFC4178] has the MIC, and that one behind it. */
static RollSpnegoBytes
read_mic (RollReader *reader)
{
  RollReader ahead = *reader;
  RollReader field = begin (&ahead, TAG_FIELD (3));

  if (!next_is (&field, TAG_SEQUENCE))
    return read_field (reader, 3, TAG_OCTET_STRING);
  read_field (reader, 3, TAG_SEQUENCE);
  return read_field (reader, 4, TAG_OCTET_STRING);
}

static void
read_init (RollReader *reader, RollSpnegoInit *init)
{
  RollReader token = begin (reader, NEG_TOKEN_INIT);
  RollReader fields = begin (&token, TAG_SEQUENCE);

  read_mechs (&fields, init);
  read_field (&fields, 1, TAG_BIT_STRING); /* reqFlags: nobody heeds them */
  init->mech_token = read_field (&fields, 2, TAG_OCTET_STRING);
  init->mech_list_mic = read_mic (&fields);
  end (&token, &fields);
  end (reader, &token);
}

gboolean
roll_spnego_init_decode (const guint8 *bytes, gsize length, RollSpnegoInit *ret_init, const char **ret_problem)
{
  RollReader reader, frame;
  RollSpnegoBytes oid;

  memset (ret_init, 0, sizeof *ret_init);
  roll_reader_init (&reader, bytes, length);
  frame = begin (&reader, TAG_GSS);
  oid = read_bytes (&frame, TAG_OID);
  roll_reader_require (&frame,
                       oid.length == spnego_oid.length && memcmp (oid.data, spnego_oid.data, oid.length) == 0,
                       "another mechanism than SPNEGO");
  read_init (&frame, ret_init);
  end (&reader, &frame);
  roll_reader_require (&reader, roll_reader_left (&reader) == 0, "more than there should be");
  *ret_problem = reader.problem;
  return reader.problem == NULL;
}

static void
read_state (RollReader *reader, RollSpnegoResp *resp)
{
  RollSpnegoBytes state = read_field (reader, 0, TAG_ENUMERATED);

  if (state.data != NULL
      && roll_reader_require (reader, state.length == 1 && state.data[0] <= ROLL_SPNEGO_REQUEST_MIC,
                              "an unknown state of the negotiation"))
    {
      resp->has_state = TRUE;
      resp->state = (RollSpnegoState) state.data[0];
    }
}

gboolean
roll_spnego_resp_decode (const guint8 *bytes, gsize length, RollSpnegoResp *ret_resp, const char **ret_problem)
{
  RollReader reader, token, fields;

  memset (ret_resp, 0, sizeof *ret_resp);
  roll_reader_init (&reader, bytes, length);
  token = begin (&reader, NEG_TOKEN_RESP);
  fields = begin (&token, TAG_SEQUENCE);
  read_state (&fields, ret_resp);
  ret_resp->supported_mech = read_field (&fields, 1, TAG_OID);
  ret_resp->response_token = read_field (&fields, 2, TAG_OCTET_STRING);
  ret_resp->mech_list_mic = read_field (&fields, 3, TAG_OCTET_STRING);
  end (&token, &fields);
  end (&reader, &token);
  roll_reader_require (&reader, roll_reader_left (&reader) == 0, "more than there should be");
  *ret_problem = reader.problem;
  return reader.problem == NULL;
}

/* --- Encoding ---------------------------------------------------------------------------------------------------- */

static gsize
element_size (gsize length)
{
  return 1 + (length < 0x80 ? 1 : length < 0x100 ? 2 : 3) + length;
}

static gsize
field_size (const RollSpnegoBytes *bytes)
{
  return bytes->data != NULL ? element_size (element_size (bytes->length)) : 0;
}

static void
put_header (RollWriter *writer, guint8 tag, gsize length)
{
  if (length > ROLL_SPNEGO_MESSAGE_MAX)
    writer->overflowed = TRUE;
  roll_writer_u8 (writer, tag);
  if (length >= 0x100)
    {
      roll_writer_u8 (writer, 0x82);
      roll_writer_u8 (writer, (guint8) (length >> 8));
    }
  else if (length >= 0x80)
    roll_writer_u8 (writer, 0x81);
  roll_writer_u8 (writer, (guint8) length);
}

static void
put_bytes (RollWriter *writer, guint8 tag, const RollSpnegoBytes *bytes)
{
  put_header (writer, tag, bytes->length);
  roll_writer_bytes (writer, bytes->data, bytes->length);
}

static void
put_field (RollWriter *writer, guint8 number, guint8 tag, const RollSpnegoBytes *bytes)
{
  if (bytes->data == NULL)
    return;
  put_header (writer, TAG_FIELD (number), element_size (bytes->length));
  put_bytes (writer, tag, bytes);
}

void
roll_spnego_put_init (RollWriter *writer, const RollSpnegoInit *init)
{
  gsize mechs = 0, fields;

  for (guint i = 0; i < init->n_mechs; i++)
    mechs += element_size (init->mechs[i].length);
  fields = element_size (element_size (mechs)) + field_size (&init->mech_token) + field_size (&init->mech_list_mic);

  put_header (writer, TAG_GSS, element_size (spnego_oid.length) + element_size (element_size (fields)));
  put_bytes (writer, TAG_OID, &spnego_oid);
  put_header (writer, NEG_TOKEN_INIT, element_size (fields));
  put_header (writer, TAG_SEQUENCE, fields);
  put_header (writer, TAG_FIELD (0), element_size (mechs));
  put_header (writer, TAG_SEQUENCE, mechs);
  for (guint i = 0; i < init->n_mechs; i++)
    put_bytes (writer, TAG_OID, &init->mechs[i]);
  put_field (writer, 2, TAG_OCTET_STRING, &init->mech_token);
  put_field (writer, 3, TAG_OCTET_STRING, &init->mech_list_mic);
}

void
roll_spnego_put_resp (RollWriter *writer, const RollSpnegoResp *resp)
{
  guint8 value = (guint8) resp->state;
  const RollSpnegoBytes state = { resp->has_state ? &value : NULL, 1 };
  gsize fields = field_size (&state) + field_size (&resp->supported_mech) + field_size (&resp->response_token)
                 + field_size (&resp->mech_list_mic);

  put_header (writer, NEG_TOKEN_RESP, element_size (fields));
  put_header (writer, TAG_SEQUENCE, fields);
  put_field (writer, 0, TAG_ENUMERATED, &state);
  put_field (writer, 1, TAG_OID, &resp->supported_mech);
  put_field (writer, 2, TAG_OCTET_STRING, &resp->response_token);
  put_field (writer, 3, TAG_OCTET_STRING, &resp->mech_list_mic);
}
