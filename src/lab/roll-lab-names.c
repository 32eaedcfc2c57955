/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* [RFC 1035] 4.1: what a name server of one zone needs, over UDP; no answer is large enough for TCP. */
#define HEADER_SIZE 12
#define QUESTION_TAIL 4 /* type and class */
#define NAME_MAX_SIZE 255
#define ANSWER_SIZE 16
#define MESSAGE_MAX (HEADER_SIZE + NAME_MAX_SIZE + QUESTION_TAIL + ANSWER_SIZE)
#define TIME_TO_LIVE 60
#define N_LOST 2 /* questions for a late name before one is answered */
#define TYPE_A 1

enum
{
  NO_ERROR = 0,
  FORMAT_ERROR = 1,
  SERVER_FAILURE = 2,
  NO_SUCH_NAME = 3,
  NOT_IMPLEMENTED = 4,
};

typedef struct
{
  char name[NAME_MAX_SIZE + 1]; /* lower case, with dots between the labels */
  guint16 type;
  gsize end; /* of the question in the message */
} Question;

/* A question has no compressed name: a length byte above 63 is wrong. */
static gboolean
parse_question (const guint8 *message, gsize length, Question *ret_question)
{
  gsize at = HEADER_SIZE, n = 0;

  while (at < length && message[at] != 0)
    {
      guint8 label = message[at++];

      if (label > 63 || label > length - at || n + label + 1 > NAME_MAX_SIZE)
        return FALSE;
      for (guint i = 0; i < label; i++)
        ret_question->name[n++] = g_ascii_tolower ((char) message[at++]);
      ret_question->name[n++] = '.';
    }
  if (length < at + 1 + QUESTION_TAIL)
    return FALSE;
  ret_question->name[n > 0 ? n - 1 : 0] = '\0';
  ret_question->type = (guint16) (message[at + 1] << 8 | message[at + 2]);
  ret_question->end = at + 1 + QUESTION_TAIL;
  return TRUE;
}

static gsize
put_header (guint8 *answer, const guint8 *query, guint8 code, gboolean has_question, gboolean has_answer)
{
  static const guint8 response = 0x80, authoritative = 0x04, recursion_desired = 0x01;

  memset (answer, 0, HEADER_SIZE);
  memcpy (answer, query, 2);
  answer[2] = response | authoritative | (query[2] & recursion_desired);
  answer[3] = code;
  answer[5] = has_question;
  answer[7] = has_answer;
  return HEADER_SIZE;
}

static gsize
put_address (guint8 *answer, const RollAddress *address)
{
  static const guint8 head[] = { 0xc0, HEADER_SIZE, 0, TYPE_A, 0, 1, 0, 0, 0, TIME_TO_LIVE, 0, 4 };

  memcpy (answer, head, sizeof head);
  memcpy (answer + sizeof head, address->bytes, 4);
  return ANSWER_SIZE;
}

static gboolean
gets_lost (RollLab *self, guint i, guint16 type)
{
  RollLabNaming naming = g_array_index (self->computers, RollLabComputer, i).naming;
  guint8 *lost = &self->lost[i][type != TYPE_A];

  if (naming == ROLL_LAB_NAME_LATE)
    {
      *lost = *lost < N_LOST ? *lost + 1 : 0;
      return *lost != 0;
    }
  return naming == ROLL_LAB_NAME_SILENT;
}

/* Returns: the length of the answer, 0 for none */
static gsize
answer_question (RollLab *self, const guint8 *query, const Question *question, guint8 answer[MESSAGE_MAX])
{
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, question->name));
  const RollLabComputer *computer = NULL;
  guint8 code = NO_SUCH_NAME;
  gboolean has_answer;
  gsize n;

  if (found > 0)
    {
      computer = &g_array_index (self->computers, RollLabComputer, found - 1);
      if (gets_lost (self, found - 1, question->type))
        return 0;
      if (computer->naming != ROLL_LAB_NAME_RETIRED)
        code = computer->naming == ROLL_LAB_NAME_FAILS ? SERVER_FAILURE : NO_ERROR;
    }
  has_answer = code == NO_ERROR && question->type == TYPE_A;
  n = put_header (answer, query, code, TRUE, has_answer);
  memcpy (answer + n, query + n, question->end - n);
  n = question->end;
  if (has_answer)
    n += put_address (answer + n, &computer->address);
  return n;
}

static gsize
answer_query (RollLab *self, const guint8 *query, gsize length, guint8 answer[MESSAGE_MAX])
{
  Question question;

  if (length < HEADER_SIZE || (query[2] & 0x80) != 0) /* no answers to answers */
    return 0;
  if ((query[2] & 0x78) != 0)
    return put_header (answer, query, NOT_IMPLEMENTED, FALSE, FALSE);
  if (query[4] != 0 || query[5] != 1 || !parse_question (query, length, &question))
    return put_header (answer, query, FORMAT_ERROR, FALSE, FALSE);
  return answer_question (self, query, &question, answer);
}

static void
answer_queries (RollLab *self)
{
  struct sockaddr_storage peer;
  guint8 query[1024], answer[MESSAGE_MAX];
  socklen_t peer_length;

  for (;;)
    {
      gssize length;
      gsize n;

      peer_length = sizeof peer;
      length = recvfrom (self->names_fd, query, sizeof query, 0, (struct sockaddr *) &peer, &peer_length);
      if (length < 0)
        return;
      n = answer_query (self, query, (gsize) length, answer);
      if (n > 0)
        sendto (self->names_fd, answer, n, 0, (struct sockaddr *) &peer, peer_length);
    }
}

gpointer
roll_lab_run_names (gpointer lab)
{
  RollLab *self = lab;
  struct pollfd fds[] = { { self->names_fd, POLLIN, 0 }, { self->stop_fd, POLLIN, 0 } };

  while (fds[1].revents == 0)
    {
      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
        fds[1].revents = 0;
      else if (fds[0].revents != 0)
        answer_queries (self);
    }
  return NULL;
}

gboolean
roll_lab_open_names (RollLab *self, guint16 port, GError **error)
{
  RollAddress address = { .family = AF_INET, .bytes = { 127, 0, 0, 1 } };
  struct sockaddr_storage storage;
  socklen_t length = roll_address_to_sockaddr (&address, port, &storage);
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return roll_lab_fail (error, errno);
  if (bind (fd, (struct sockaddr *) &storage, length) != 0)
    {
      roll_lab_fail (error, errno);
      close (fd);
      return FALSE;
    }
  self->names_fd = fd;
  return roll_lab_watch (self, fd, NULL, error) != NULL; /* it has a thread of its own */
}
