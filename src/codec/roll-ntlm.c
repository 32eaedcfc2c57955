/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-ntlm.h"

#include <string.h>

#include "codec/roll-utf16.h"

#define SIGNATURE "NTLMSSP" /* with its NUL: 8 bytes */
#define SIGNATURE_SIZE 8
#define MIC_SIZE 16
#define REVISION_W2K3 0x0f

enum
{
  NEGOTIATE = 1,
  CHALLENGE = 2,
  AUTHENTICATE = 3
};

/* --- Decoding ---------------------------------------------------------------------------------------------------- */

static void
read_type (RollReader *reader, guint32 type)
{
  const guint8 *signature = roll_reader_bytes (reader, SIGNATURE_SIZE);

  roll_reader_require (reader, signature != NULL && memcmp (signature, SIGNATURE, SIGNATURE_SIZE) == 0,
                       "not an NTLM message");
  roll_reader_require (reader, roll_reader_u32 (reader) == type, "another NTLM message than expected");
}

/* Length, maximum length, offset from the start of the message. An empty field's offset may be anything. */
static RollReader
read_field (RollReader *reader)
{
  guint16 length = roll_reader_u16 (reader);
  guint32 offset;
  RollReader whole = *reader;

  roll_reader_skip (reader, 2);
  offset = roll_reader_u32 (reader);
  roll_reader_seek (&whole, length > 0 ? offset : 0);
  whole = roll_reader_sub (&whole, length);
  if (!roll_reader_ok (&whole))
    roll_reader_fail (reader, "an NTLM field outside its message");
  return whole;
}

static char *
field_text (const RollReader *field)
{
  return roll_reader_ok (field) ? roll_utf16_decode (field->data, field->length) : NULL;
}

gboolean
roll_ntlm_next_av (RollReader *reader, RollNtlmAvId *ret_id, RollReader *ret_value)
{
  guint16 id = roll_reader_u16 (reader);
  guint16 length = roll_reader_u16 (reader);

  if (!roll_reader_ok (reader) || id == ROLL_NTLM_AV_EOL)
    return FALSE;
  *ret_id = (RollNtlmAvId) id;
  *ret_value = roll_reader_sub (reader, length);
  return roll_reader_ok (reader);
}

static char **
place_of (RollNtlmChallenge *challenge, RollNtlmAvId id)
{
  switch ((int) id)
    {
    case ROLL_NTLM_AV_NB_COMPUTER:
      return &challenge->nb_computer;
    case ROLL_NTLM_AV_NB_DOMAIN:
      return &challenge->nb_domain;
    case ROLL_NTLM_AV_DNS_COMPUTER:
      return &challenge->dns_computer;
    case ROLL_NTLM_AV_DNS_DOMAIN:
      return &challenge->dns_domain;
    case ROLL_NTLM_AV_DNS_TREE:
      return &challenge->dns_tree;
    default:
      return NULL;
    }
}

static void
read_target_info (RollReader info, RollReader *message, RollNtlmChallenge *challenge)
{
  RollNtlmAvId id;
  RollReader value;

  challenge->target_info = info.data;
  challenge->target_info_length = info.length;
  while (info.length > 0 && roll_ntlm_next_av (&info, &id, &value))
    {
      char **place = place_of (challenge, id);

      if (place != NULL)
        {
          g_free (*place);
          *place = field_text (&value);
        }
      else if (id == ROLL_NTLM_AV_TIMESTAMP)
        {
          challenge->timestamp = roll_reader_u64 (&value);
          challenge->has_timestamp = roll_reader_require (message, roll_reader_ok (&value), "a short timestamp");
        }
    }
  roll_reader_require (message, roll_reader_ok (&info), "target information without an end");
}

static void
read_version (RollReader *reader, RollNtlmChallenge *challenge)
{
  challenge->major = roll_reader_u8 (reader);
  challenge->minor = roll_reader_u8 (reader);
  challenge->build = roll_reader_u16 (reader);
  roll_reader_skip (reader, 4);
  challenge->has_version = roll_reader_ok (reader);
}

/* [MS-NLMP] 2.2.1.2 */
gboolean
roll_ntlm_challenge_decode (const guint8 *bytes, gsize length, RollNtlmChallenge *ret_challenge,
                            const char **ret_problem)
{
  RollReader reader, target_name;
  g_auto (RollNtlmChallenge) challenge = { 0 };

  roll_reader_init (&reader, bytes, length);
  read_type (&reader, CHALLENGE);
  target_name = read_field (&reader);
  challenge.flags = roll_reader_u32 (&reader);
  roll_reader_copy (&reader, challenge.server_challenge, sizeof challenge.server_challenge);
  if (challenge.flags & ROLL_NTLM_TARGET_INFO)
    {
      roll_reader_skip (&reader, 8);
      read_target_info (read_field (&reader), &reader, &challenge);
    }
  if (roll_reader_ok (&reader) && (challenge.flags & ROLL_NTLM_VERSION) != 0)
    read_version (&reader, &challenge);
  if (target_name.length > 0)
    challenge.target_name = field_text (&target_name);

  *ret_problem = reader.problem;
  if (reader.problem != NULL)
    return FALSE;
  *ret_challenge = challenge;
  memset (&challenge, 0, sizeof challenge);
  return TRUE;
}

void
roll_ntlm_challenge_clear (RollNtlmChallenge *challenge)
{
  g_free (challenge->target_name);
  g_free (challenge->nb_computer);
  g_free (challenge->nb_domain);
  g_free (challenge->dns_computer);
  g_free (challenge->dns_domain);
  g_free (challenge->dns_tree);
  memset (challenge, 0, sizeof *challenge);
}

/* Whether the NTLMv2 response promises a MIC: MsvAvFlags among its AV pairs, [MS-NLMP] 2.2.2.7 and 2.2.2.8. */
static gboolean
promises_mic (const RollReader *nt_response)
{
  RollReader pairs = *nt_response;
  RollNtlmAvId id;
  RollReader value;

  roll_reader_skip (&pairs, 16 + 28);
  while (roll_ntlm_next_av (&pairs, &id, &value))
    if (id == ROLL_NTLM_AV_FLAGS)
      return (roll_reader_u32 (&value) & ROLL_NTLM_AV_FLAG_MIC) != 0;
  return FALSE;
}

/* [MS-NLMP] 2.2.1.3 */
gboolean
roll_ntlm_authenticate_decode (const guint8 *bytes, gsize length, RollNtlmAuthenticate *ret_authenticate,
                               const char **ret_problem)
{
  RollReader reader, lm, nt, domain, user, workstation, key;
  guint32 flags;

  roll_reader_init (&reader, bytes, length);
  read_type (&reader, AUTHENTICATE);
  lm = read_field (&reader);
  nt = read_field (&reader);
  domain = read_field (&reader);
  user = read_field (&reader);
  workstation = read_field (&reader);
  key = read_field (&reader);
  flags = roll_reader_u32 (&reader);
  roll_reader_require (&reader, !promises_mic (&nt) || length >= ROLL_NTLM_MIC_OFFSET + MIC_SIZE,
                       "an NTLM message without the MIC it promises");

  *ret_problem = reader.problem;
  if (reader.problem != NULL)
    return FALSE;
  *ret_authenticate = (RollNtlmAuthenticate) {
    .flags = flags,
    .user = field_text (&user),
    .domain = field_text (&domain),
    .workstation = field_text (&workstation),
    .lm_response = lm.data,
    .lm_response_length = lm.length,
    .nt_response = nt.data,
    .nt_response_length = nt.length,
    .encrypted_key = key.data,
    .encrypted_key_length = key.length,
    .has_mic = promises_mic (&nt),
  };
  return TRUE;
}

void
roll_ntlm_authenticate_clear (RollNtlmAuthenticate *authenticate)
{
  g_free (authenticate->user);
  g_free (authenticate->domain);
  g_free (authenticate->workstation);
  memset (authenticate, 0, sizeof *authenticate);
}

gboolean
roll_ntlm_negotiate_decode (const guint8 *bytes, gsize length, guint32 *ret_flags)
{
  RollReader reader;
  guint32 flags;

  roll_reader_init (&reader, bytes, length);
  read_type (&reader, NEGOTIATE);
  flags = roll_reader_u32 (&reader);
  if (!roll_reader_ok (&reader))
    return FALSE;
  *ret_flags = flags;
  return TRUE;
}

const char *
roll_ntlm_check_flags (guint32 flags)
{
  if ((flags & ROLL_NTLM_UNICODE) == 0)
    return "no Unicode";
  if ((flags & ROLL_NTLM_EXTENDED_SESSION_SECURITY) == 0)
    return "no extended session security";
  if ((flags & ROLL_NTLM_TARGET_INFO) == 0)
    return "no target information, which NTLMv2 needs";
  if ((flags & ROLL_NTLM_128) == 0)
    return "no 128-bit keys";
  if ((flags & ROLL_NTLM_KEY_EXCH) == 0)
    return "no key exchange";
  if ((flags & (ROLL_NTLM_SIGN | ROLL_NTLM_SEAL)) != (ROLL_NTLM_SIGN | ROLL_NTLM_SEAL))
    return "no signing or sealing";
  return NULL;
}

/* --- Encoding ---------------------------------------------------------------------------------------------------- */

static gsize
begin (RollWriter *writer, guint32 type)
{
  gsize start = writer->length;

  roll_writer_bytes (writer, SIGNATURE, SIGNATURE_SIZE);
  roll_writer_u32 (writer, type);
  return start;
}

/* Points the field at @position to what has been written since @value. */
static void
set_field (RollWriter *writer, gsize start, gsize position, gsize value)
{
  gsize length = writer->length - value;

  if (length > G_MAXUINT16)
    writer->overflowed = TRUE;
  roll_writer_set_u16 (writer, position, (guint16) length);
  roll_writer_set_u16 (writer, position + 2, (guint16) length);
  roll_writer_set_u32 (writer, position + 4, (guint32) (value - start));
}

static void
put_text_field (RollWriter *writer, gsize start, gsize position, const char *text)
{
  gsize value = writer->length;

  if (text != NULL)
    roll_writer_utf16 (writer, text);
  set_field (writer, start, position, value);
}

static void
put_bytes_field (RollWriter *writer, gsize start, gsize position, const guint8 *bytes, gsize length)
{
  gsize value = writer->length;

  roll_writer_bytes (writer, bytes, length);
  set_field (writer, start, position, value);
}

static void
put_version (RollWriter *writer, guint8 major, guint8 minor, guint16 build)
{
  roll_writer_u8 (writer, major);
  roll_writer_u8 (writer, minor);
  roll_writer_u16 (writer, build);
  roll_writer_zeros (writer, 3);
  roll_writer_u8 (writer, REVISION_W2K3);
}

/* [MS-NLMP] 2.2.1.1; our own name and version are nobody's business before the logon. */
void
roll_ntlm_put_negotiate (RollWriter *writer, guint32 flags)
{
  begin (writer, NEGOTIATE);
  roll_writer_u32 (writer, flags);
  roll_writer_zeros (writer, 8 + 8 + 8);
}

void
roll_ntlm_put_challenge (RollWriter *writer, guint32 flags, const guint8 server_challenge[8], const char *target_name,
                         const guint8 *target_info, gsize target_info_length, guint8 major, guint8 minor,
                         guint16 build)
{
  gsize start = begin (writer, CHALLENGE);
  gsize name = roll_writer_reserve (writer, 8);
  gsize info;

  roll_writer_u32 (writer, flags);
  roll_writer_bytes (writer, server_challenge, 8);
  roll_writer_zeros (writer, 8);
  info = roll_writer_reserve (writer, 8);
  put_version (writer, major, minor, build);
  put_text_field (writer, start, name, target_name);
  put_bytes_field (writer, start, info, target_info, target_info_length);
}

void
roll_ntlm_put_authenticate (RollWriter *writer, const RollNtlmAuthenticateFields *fields)
{
  gsize start = begin (writer, AUTHENTICATE);
  gsize lm = roll_writer_reserve (writer, 8);
  gsize nt = roll_writer_reserve (writer, 8);
  gsize domain = roll_writer_reserve (writer, 8);
  gsize user = roll_writer_reserve (writer, 8);
  gsize workstation = roll_writer_reserve (writer, 8);
  gsize key = roll_writer_reserve (writer, 8);

  roll_writer_u32 (writer, fields->flags);
  roll_writer_zeros (writer, 8);
  if (fields->with_mic)
    roll_writer_zeros (writer, MIC_SIZE);
  put_text_field (writer, start, domain, fields->domain);
  put_text_field (writer, start, user, fields->user);
  put_text_field (writer, start, workstation, fields->workstation);
  put_bytes_field (writer, start, lm, fields->lm_response, fields->lm_response_length);
  put_bytes_field (writer, start, nt, fields->nt_response, fields->nt_response_length);
  put_bytes_field (writer, start, key, fields->encrypted_key, fields->encrypted_key_length);
}

void
roll_ntlm_put_av (RollWriter *writer, RollNtlmAvId id, const guint8 *value, gsize length)
{
  if (length > G_MAXUINT16)
    writer->overflowed = TRUE;
  roll_writer_u16 (writer, (guint16) id);
  roll_writer_u16 (writer, (guint16) length);
  roll_writer_bytes (writer, value, length);
}

void
roll_ntlm_put_av_text (RollWriter *writer, RollNtlmAvId id, const char *text)
{
  gsize length_position, value;

  roll_writer_u16 (writer, (guint16) id);
  length_position = roll_writer_reserve (writer, 2);
  value = writer->length;
  roll_writer_utf16 (writer, text);
  if (writer->length - value > G_MAXUINT16)
    writer->overflowed = TRUE;
  roll_writer_set_u16 (writer, length_position, (guint16) (writer->length - value));
}

void
roll_ntlm_put_av_u32 (RollWriter *writer, RollNtlmAvId id, guint32 value)
{
  value = GUINT32_TO_LE (value);
  roll_ntlm_put_av (writer, id, (const guint8 *) &value, sizeof value);
}
