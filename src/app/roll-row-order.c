/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-row-order.h"

#include <string.h>

#include "app/roll-computer-text.h"
#include "app/roll-status-look.h"

static const char *const column_ids[ROLL_N_COLUMNS] = {
  "", "name", "address", "status", "step", "attempts", "os", "duration",
};

const char *
roll_column_id (RollColumn column)
{
  g_return_val_if_fail (column < ROLL_N_COLUMNS, "");

  return column_ids[column];
}

RollColumn
roll_column_from_id (const char *id)
{
  for (guint i = 1; i < ROLL_N_COLUMNS; i++)
    if (g_strcmp0 (column_ids[i], id) == 0)
      return (RollColumn) i;
  return ROLL_COLUMN_TARGET_ORDER;
}

/* --- Filter --- */

/* A word of the search, with the statuses and steps whose label has it looked up once and not for every row. */
typedef struct
{
  char *text;
  guint32 statuses;
  guint32 steps;
  gboolean maybe_address;
} Word;

static void
word_clear (gpointer data)
{
  g_free (((Word *) data)->text);
}

static gboolean
label_has (const char *label, const char *folded_word)
{
  g_autofree char *folded = g_utf8_casefold (label, -1);

  return strstr (folded, folded_word) != NULL;
}

static Word
word_new (const char *text)
{
  Word word = { .text = g_strdup (text) };
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    if (label_has (roll_status_label (roll_status_look_nth (i)->status), folded))
      word.statuses |= 1u << i;
  for (guint i = 1; i < ROLL_N_STEPS; i++)
    if (label_has (roll_step_label ((RollStep) i), folded))
      word.steps |= 1u << i;
  word.maybe_address = strspn (text, "0123456789abcdefABCDEF.:%") > 0;
  return word;
}

static GArray *
split_search (const char *search)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_auto (GStrv) parts = g_strsplit_set (search != NULL ? search : "", " \t\n", -1);

  g_array_set_clear_func (words, word_clear);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      {
        Word word = word_new (parts[i]);

        g_array_append_val (words, word);
      }
  return words;
}

static gboolean
facts_match (const Word *word, const RollFacts *facts)
{
  if (facts == NULL)
    return FALSE;
  return (facts->os != NULL && strcasestr (facts->os, word->text) != NULL)
         || (facts->computer_name != NULL && strcasestr (facts->computer_name, word->text) != NULL);
}

static gboolean
word_matches (const Word *word, const RollComputer *computer)
{
  char buffer[ROLL_ADDRESS_STRLEN];

  if ((word->statuses & (1u << roll_status_look_index (computer->status))) != 0)
    return TRUE;
  if (computer->step != ROLL_STEP_NONE && (word->steps & (1u << computer->step)) != 0)
    return TRUE;
  if (strcasestr (computer->target, word->text) != NULL || facts_match (word, computer->facts))
    return TRUE;
  return word->maybe_address && strcasestr (roll_address_format (&computer->address, buffer), word->text) != NULL;
}

static gboolean
row_passes (const RollComputer *computer, guint32 statuses, const GArray *words)
{
  if (statuses != 0 && (statuses & (1u << roll_status_look_index (computer->status))) == 0)
    return FALSE;
  for (guint i = 0; i < words->len; i++)
    if (!word_matches (&g_array_index (words, Word, i), computer))
      return FALSE;
  return TRUE;
}

/* --- Sort --- */

int
roll_natural_compare (const char *a, const char *b)
{
  while (*a != '\0' && *b != '\0')
    {
      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        {
          gsize na, nb;
          int difference;

          a += strspn (a, "0");
          b += strspn (b, "0");
          na = strspn (a, "0123456789");
          nb = strspn (b, "0123456789");
          if (na != nb)
            return na < nb ? -1 : 1;
          difference = memcmp (a, b, na);
          if (difference != 0)
            return difference;
          a += na;
          b += nb;
        }
      else
        {
          guchar ca = (guchar) g_ascii_tolower (*a++);
          guchar cb = (guchar) g_ascii_tolower (*b++);

          if (ca != cb)
            return ca < cb ? -1 : 1;
        }
    }
  return (*a != '\0') - (*b != '\0');
}

/* What a row is compared by, worked out once a row: rank first (never turned round), then numbers, then text. */
typedef struct
{
  guint64 high;
  guint64 low;
  const char *text;
  guint32 ordinal;
  guint8 rank;
} Key;

enum
{
  RANK_IPV4,
  RANK_IPV6,
  RANK_TEXT,
  RANK_NONE,
};

static guint64
read_be64 (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_BE (value);
}

static void
key_set_address (Key *key, const RollAddress *address)
{
  if (address->family == AF_UNSPEC)
    {
      key->rank = RANK_NONE;
      return;
    }
  key->rank = address->family == AF_INET ? RANK_IPV4 : RANK_IPV6;
  key->high = read_be64 (address->bytes);
  key->low = address->family == AF_INET ? 0 : read_be64 (address->bytes + 8);
}

static void
key_set_name (Key *key, const RollComputer *computer)
{
  RollAddress address;

  if (roll_address_parse (computer->target, &address))
    {
      key_set_address (key, &address);
      return;
    }
  key->rank = RANK_TEXT;
  key->text = computer->target;
}

static Key
key_new (const RollComputer *computer, guint32 index, RollColumn column)
{
  Key key = { .ordinal = index };

  switch (column)
    {
    case ROLL_COLUMN_NAME:
      key_set_name (&key, computer);
      break;
    case ROLL_COLUMN_ADDRESS:
      key_set_address (&key, &computer->address);
      break;
    case ROLL_COLUMN_STATUS:
      key.high = roll_status_look_index (computer->status);
      key.low = roll_computer_get_n_missing (computer);
      break;
    case ROLL_COLUMN_STEP:
      key.high = computer->step;
      break;
    case ROLL_COLUMN_ATTEMPTS:
      key.high = computer->attempts;
      break;
    case ROLL_COLUMN_OS:
      key.text = roll_computer_get_os (computer);
      key.rank = *key.text != '\0' ? RANK_TEXT : RANK_NONE;
      break;
    case ROLL_COLUMN_DURATION:
      key.high = (guint64) MAX (computer->duration_us, 0);
      break;
    case ROLL_COLUMN_TARGET_ORDER:
    default:
      break;
    }
  return key;
}

static int
compare_values (const Key *a, const Key *b)
{
  if (a->high != b->high)
    return a->high < b->high ? -1 : 1;
  if (a->low != b->low)
    return a->low < b->low ? -1 : 1;
  return a->text != NULL && b->text != NULL ? roll_natural_compare (a->text, b->text) : 0;
}

static int
compare_keys (gconstpointer left, gconstpointer right, gpointer descending)
{
  const Key *a = left;
  const Key *b = right;
  int order;

  if (a->rank != b->rank)
    return a->rank < b->rank ? -1 : 1;
  order = compare_values (a, b);
  if (order == 0)
    return a->ordinal < b->ordinal ? -1 : 1;
  return descending ? -order : order;
}

static GArray *
sort_rows (RollComputer *const *rows, GArray *order, const RollRowSort *sort)
{
  g_autofree Key *keys = g_new (Key, order->len);
  guint32 *indices = (guint32 *) (gpointer) order->data;

  for (guint i = 0; i < order->len; i++)
    keys[i] = key_new (rows[indices[i]], indices[i], sort->column);
  g_qsort_with_data (keys, (int) order->len, sizeof (Key), compare_keys, GINT_TO_POINTER (sort->descending));
  for (guint i = 0; i < order->len; i++)
    indices[i] = keys[i].ordinal;
  return order;
}

GArray *
roll_row_order (RollComputer *const *rows,
                guint n_rows,
                const RollRowFilter *filter,
                const RollRowSort *sort,
                GCancellable *cancellable)
{
  g_autoptr (GArray) order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), n_rows);
  g_autoptr (GArray) words = split_search (filter->search);

  for (guint32 n = 0; n < (filter->only != NULL ? filter->only->len : n_rows); n++)
    {
      guint32 i = filter->only != NULL ? g_array_index (filter->only, guint, n) : n;

      if (i < n_rows && row_passes (rows[i], filter->statuses, words))
        g_array_append_val (order, i);
    }
  if (g_cancellable_is_cancelled (cancellable))
    return NULL;
  if (sort->column != ROLL_COLUMN_TARGET_ORDER)
    sort_rows (rows, order, sort);
  return g_steal_pointer (&order);
}
