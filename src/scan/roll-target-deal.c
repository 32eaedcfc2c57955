/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-deal.h"

#include "scan/roll-target-list-private.h"

/* A stretch is at least about as long as a network. Each is a place of its own in the database where rows are added: with
 * many more of them, pages are written over and over. */
#define STRETCH 256
#define N_STRETCHES_MAX 64

struct _RollTargetDeal
{
  RollTargetList *targets;
  RollTargetKinds kinds;
  const guint8 *known; /* (nullable) */
  guint32 n_targets;
  guint32 n_dealt;
  guint n_stretches; /* of equal length, but the first ones may have one target more */
  guint32 next[N_STRETCHES_MAX]; /* ordinals: where each of them goes on */
  RollTargetIter iter;
};

static gboolean
is_known (const RollTargetDeal *self, guint32 ordinal)
{
  return self->known != NULL && (self->known[ordinal / 8] & (1 << (ordinal % 8))) != 0;
}

static guint32
length_of (const RollTargetDeal *self, guint stretch)
{
  return self->n_targets / self->n_stretches + (stretch < self->n_targets % self->n_stretches);
}

/* Counts those to be dealt; once they are counted, notes where the stretches begin. */
static guint32
walk (RollTargetDeal *self)
{
  GArray *segments = roll_target_list_get_segments (self->targets);
  guint32 n = 0, begins = 0;
  guint stretch = 0;

  for (guint i = 0; i < segments->len; i++)
    {
      const RollTargetSegment *segment = &g_array_index (segments, RollTargetSegment, i);
      guint32 end = segment->ordinal + roll_target_segment_size (segment);

      if ((self->kinds & roll_target_segment_kind (segment)) == 0)
        continue;
      for (guint32 ordinal = segment->ordinal; ordinal < end; ordinal++)
        {
          if (is_known (self, ordinal))
            continue;
          if (n == begins && stretch < self->n_stretches)
            {
              self->next[stretch] = ordinal;
              begins += length_of (self, stretch++);
            }
          n++;
        }
    }
  return n;
}

RollTargetDeal *
roll_target_deal_new (RollTargetList *targets, RollTargetKinds kinds, const guint8 *known, gboolean spread)
{
  RollTargetDeal *self;

  g_return_val_if_fail (targets != NULL, NULL);

  self = g_new0 (RollTargetDeal, 1);
  self->targets = roll_target_list_ref (targets);
  self->kinds = kinds;
  self->known = known;
  self->n_targets = walk (self);
  self->n_stretches = MIN ((self->n_targets + STRETCH - 1) / STRETCH, spread ? N_STRETCHES_MAX : 1);
  walk (self);
  return self;
}

void
roll_target_deal_free (RollTargetDeal *self)
{
  if (self == NULL)
    return;
  roll_target_list_unref (self->targets);
  g_free (self);
}

gboolean
roll_target_deal_has_more (const RollTargetDeal *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->n_dealt < self->n_targets;
}

gboolean
roll_target_deal_next (RollTargetDeal *self, RollTarget *ret_target)
{
  guint32 *next;

  g_return_val_if_fail (self != NULL && ret_target != NULL, FALSE);

  if (!roll_target_deal_has_more (self))
    return FALSE;
  next = &self->next[self->n_dealt++ % self->n_stretches];
  roll_target_iter_init (&self->iter, self->targets, *next);
  do
    if (!roll_target_iter_next_of (&self->iter, self->kinds, ret_target))
      g_assert_not_reached ();
  while (is_known (self, ret_target->ordinal));
  *next = ret_target->ordinal + 1;
  return TRUE;
}
