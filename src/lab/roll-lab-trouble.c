/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-wbem.h"
#include "lab/roll-lab-connection.h"

#define TIMED_OUT_MS 200
#define GIANT_STUB 256
#define ORPCTHAT_SIZE 8
#define FRAG_LENGTH_OFFSET 8

const RollLabTrouble *
roll_lab_has (RollLabConnection *self, RollLabAction action)
{
  return roll_lab_plan_find (self->lab, self->computer, action);
}

/* One that strikes a few times only is over then, for all connections to this computer. */
static gboolean
applies (RollLabConnection *self, const RollLabTrouble *trouble, RollLabStep step, const char *class_name)
{
  guint8 *struck = &self->lab->troubled[self->computer];

  if (trouble->step != step || trouble->action == ROLL_LAB_BEHAVES || trouble->action >= ROLL_LAB_ENDLESS)
    return FALSE;
  if (trouble->class_name != NULL
      && (class_name == NULL || g_ascii_strcasecmp (trouble->class_name, class_name) != 0))
    return FALSE;
  if (trouble->times == 0)
    return TRUE;
  if (*struck >= trouble->times)
    return FALSE;
  ++*struck;
  return TRUE;
}

/* All that is counted in it is more than there can be. */
static void
answer_giant (RollLabConnection *self, const RollAcceptorTicket *ticket)
{
  g_auto (RollWriter) stub = { 0 };

  roll_writer_init (&stub, GIANT_STUB);
  if (ticket->security != NULL) /* without a logon nothing is asked that has a header of its own */
    roll_writer_zeros (&stub, ORPCTHAT_SIZE);
  while (stub.length < GIANT_STUB)
    roll_writer_u32 (&stub, G_MAXINT32);
  roll_lab_answer (self, ticket, &stub);
}

static gboolean
strike (RollLabConnection *self, const RollAcceptorTicket *ticket, const RollLabTrouble *trouble,
        guint32 *ret_hresult)
{
  switch ((int) trouble->action)
    {
    case ROLL_LAB_FAULT:
      roll_acceptor_fault (self->acceptor, ticket, trouble->number, 0);
      return TRUE;
    case ROLL_LAB_RESULT:
      *ret_hresult = trouble->number;
      return FALSE;
    case ROLL_LAB_HANGS:
      return TRUE;
    case ROLL_LAB_CLOSES:
    case ROLL_LAB_RESETS:
      self->ends = trouble->action;
      return TRUE;
    case ROLL_LAB_GIANT:
      answer_giant (self, ticket);
      return TRUE;
    case ROLL_LAB_GARBAGE:
    case ROLL_LAB_LONG_FRAGMENT:
    case ROLL_LAB_FORGES:
      self->spoils = trouble->action;
      return FALSE;
    case ROLL_LAB_DRIPS:
      self->drips = TRUE;
      return FALSE;
    case ROLL_LAB_DAWDLES:
      self->dawdles_ms = trouble->number;
      return FALSE;
    case ROLL_LAB_TIMES_OUT:
      self->dawdles_ms = TIMED_OUT_MS;
      *ret_hresult = ROLL_WBEM_S_TIMEDOUT;
      return FALSE;
    default:
      return FALSE;
    }
}

gboolean
roll_lab_strike (RollLabConnection *self, const RollAcceptorTicket *ticket, RollLabStep step,
                 const char *class_name, guint32 *ret_hresult)
{
  const RollLabTrouble *troubles = roll_lab_plan_troubles (self->lab, self->computer);
  gboolean gone = FALSE;

  *ret_hresult = 0;
  for (guint i = 0; i < ROLL_LAB_TROUBLES && !gone; i++)
    if (applies (self, &troubles[i], step, class_name))
      gone = strike (self, ticket, &troubles[i], ret_hresult);
  return gone;
}

void
roll_lab_spoil (RollWriter *out, gsize pdu, gpointer user_data)
{
  RollLabConnection *self = user_data;

  switch ((int) self->spoils)
    {
    case ROLL_LAB_GARBAGE:
      memset (out->data + pdu, 'x', out->length - pdu);
      break;
    case ROLL_LAB_LONG_FRAGMENT:
      roll_writer_set_u16 (out, pdu + FRAG_LENGTH_OFFSET, G_MAXUINT16);
      break;
    case ROLL_LAB_FORGES:
      out->data[out->length - 1] ^= 0x10;
      break;
    default:
      break;
    }
  self->spoils = ROLL_LAB_BEHAVES;
}
