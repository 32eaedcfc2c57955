/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-list-private.h"

static const RollTargetSegment *
segment_at (GArray *segments, guint i)
{
  return &g_array_index (segments, RollTargetSegment, i);
}

void
roll_target_iter_init (RollTargetIter *iter, RollTargetList *list, guint32 first_ordinal)
{
  GArray *segments;
  guint low = 0, high;

  g_return_if_fail (iter != NULL && list != NULL);

  segments = roll_target_list_get_segments (list);
  *iter = (RollTargetIter) { .list = list };
  high = segments->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const RollTargetSegment *segment = segment_at (segments, middle);

      if (segment->ordinal + roll_target_segment_size (segment) <= first_ordinal)
        low = middle + 1;
      else
        high = middle;
    }
  iter->segment = low;
  if (low < segments->len)
    iter->offset = first_ordinal - segment_at (segments, low)->ordinal;
}

gboolean
roll_target_iter_next (RollTargetIter *iter, RollTarget *ret_target)
{
  return roll_target_iter_next_of (iter, ROLL_TARGET_NAMES | ROLL_TARGET_ADDRESSES, ret_target);
}

static void
fill_in (RollTargetIter *iter, const RollTargetSegment *segment, RollTarget *ret_target)
{
  ret_target->ordinal = segment->ordinal + iter->offset;
  if (segment->n_addresses == 0)
    {
      ret_target->text = segment->name;
      ret_target->address = (RollAddress) { 0 };
      return;
    }
  roll_position_to_address (roll_position_plus (segment->first, iter->offset), &ret_target->address);
  ret_target->text = roll_address_format (&ret_target->address, iter->text);
}

gboolean
roll_target_iter_next_of (RollTargetIter *iter, RollTargetKinds kinds, RollTarget *ret_target)
{
  GArray *segments;

  g_return_val_if_fail (iter != NULL && ret_target != NULL, FALSE);

  segments = roll_target_list_get_segments (iter->list);
  for (; iter->segment < segments->len; iter->segment++, iter->offset = 0)
    {
      const RollTargetSegment *segment = segment_at (segments, iter->segment);

      if ((kinds & roll_target_segment_kind (segment)) == 0 || iter->offset >= roll_target_segment_size (segment))
        continue;
      fill_in (iter, segment, ret_target);
      iter->offset++;
      return TRUE;
    }
  return FALSE;
}
