/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-list.h"

#include <string.h>

/*
 * Random lists against the simplest thing that could be right: every target written out as a text, in a set. The world
 * is so small that overlaps, neighbours and exclusions meet all the time.
 */

#define N_LISTS 120

typedef struct
{
  const char *before; /* in front of a number from 0 to 255 */
  gboolean is_ipv4;
} Net;

static const Net nets[] = {
  { "10.1.2.", TRUE }, { "10.1.3.", TRUE }, { "223.255.255.", TRUE }, { "2001:db8::", FALSE }, { "fe80::", FALSE },
};

static const char *const names[] = { "pc1", "PC1.", "pc2", "pc1.lab.example", "Pc2.lab.example.", "srv-1", "srv-2" };
static const char *const patterns[] = { "pc*", "*.lab.example", "srv-?", "*1" };

typedef struct
{
  GPtrArray *ordered; /* keys, in the order of the first mention */
  GHashTable *seen;
  GHashTable *excluded;
  guint n_duplicates;
} Model;

static Model *
model_new (void)
{
  Model *model = g_new0 (Model, 1);

  model->ordered = g_ptr_array_new_with_free_func (g_free);
  model->seen = g_hash_table_new (g_str_hash, g_str_equal);
  model->excluded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return model;
}

static void
model_free (Model *model)
{
  g_hash_table_unref (model->seen);
  g_hash_table_unref (model->excluded);
  g_ptr_array_unref (model->ordered);
  g_free (model);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, model_free)

static char *
key_of (const char *text)
{
  char *key = g_ascii_strdown (text, -1);

  if (g_str_has_suffix (key, "."))
    key[strlen (key) - 1] = '\0';
  return key;
}

static char *
address_text (const Net *net, guint number)
{
  RollAddress address;
  char buffer[ROLL_ADDRESS_STRLEN];
  g_autofree char *text = g_strdup_printf (net->is_ipv4 ? "%s%u" : "%s%x", net->before, number);
  g_autofree char *scoped = g_strconcat (text, g_str_has_prefix (text, "fe80") ? "%lo" : "", NULL);

  if (!roll_address_parse (scoped, &address))
    g_error ("“%s” did not parse", scoped);
  return g_strdup (roll_address_format (&address, buffer));
}

static gboolean
model_add (Model *model, const char *text)
{
  char *key = key_of (text);

  if (g_hash_table_contains (model->seen, key))
    {
      g_free (key);
      return FALSE;
    }
  g_ptr_array_add (model->ordered, key);
  g_hash_table_add (model->seen, key);
  return TRUE;
}

static void
model_add_addresses (Model *model, const Net *net, guint first, guint last)
{
  gboolean any = FALSE;

  for (guint number = first; number <= last; number++)
    {
      g_autofree char *text = address_text (net, number);

      any |= model_add (model, text);
    }
  if (!any)
    model->n_duplicates++;
}

/* A range or network of @net: its text and its ends. @usable: without network and broadcast address. */
static char *
random_addresses (const Net *net, gboolean usable, guint *ret_first, guint *ret_last)
{
  guint first = g_test_rand_int_range (0, 256), last, bits;
  g_autofree char *first_text = NULL, *last_text = NULL;

  last = g_test_rand_int_range ((int) first, g_test_rand_bit () ? 256 : MIN ((int) first + 12, 256));
  if (g_test_rand_bit ())
    {
      bits = g_test_rand_int_range (0, 9);
      first &= 0xff << bits;
      last = first | ((1u << bits) - 1);
      first_text = address_text (net, first);
      if (usable && net->is_ipv4 && bits > 1)
        {
          first++;
          last--;
        }
      *ret_first = first;
      *ret_last = last;
      return g_strdup_printf ("%s/%u", first_text, (net->is_ipv4 ? 32 : 128) - bits);
    }
  *ret_first = first;
  *ret_last = last;
  first_text = address_text (net, first);
  last_text = address_text (net, last);
  return first == last ? g_strdup (first_text) : g_strdup_printf ("%s-%s", first_text, last_text);
}

static void
add_something (RollTargetList *list, Model *model)
{
  g_autofree char *entry = NULL;
  const Net *net = &nets[g_test_rand_int_range (0, G_N_ELEMENTS (nets))];
  guint first, last;

  if (g_test_rand_int_range (0, 4) == 0)
    {
      entry = g_strdup (names[g_test_rand_int_range (0, G_N_ELEMENTS (names))]);
      if (!model_add (model, entry))
        model->n_duplicates++;
    }
  else
    {
      entry = random_addresses (net, TRUE, &first, &last);
      model_add_addresses (model, net, first, last);
    }
  g_assert_true (roll_target_list_add (list, entry, NULL));
}

static void
exclude_something (RollTargetList *list, Model *model)
{
  g_autofree char *entry = NULL;
  const Net *net = &nets[g_test_rand_int_range (0, G_N_ELEMENTS (nets))];
  guint first, last;

  switch (g_test_rand_int_range (0, 6))
    {
    case 0:
      entry = g_strdup (names[g_test_rand_int_range (0, G_N_ELEMENTS (names))]);
      g_hash_table_add (model->excluded, key_of (entry));
      break;
    case 1:
      entry = g_strdup (patterns[g_test_rand_int_range (0, G_N_ELEMENTS (patterns))]);
      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        {
          g_autofree char *key = key_of (names[i]);

          if (g_pattern_match_simple (entry, key))
            g_hash_table_add (model->excluded, g_steal_pointer (&key));
        }
      break;
    default:
      entry = random_addresses (net, FALSE, &first, &last);
      for (guint number = first; number <= last; number++)
        g_hash_table_add (model->excluded, address_text (net, number));
    }
  g_assert_true (roll_target_list_exclude (list, entry, NULL));
}

static GPtrArray *
model_targets (Model *model)
{
  GPtrArray *targets = g_ptr_array_new ();

  for (guint i = 0; i < model->ordered->len; i++)
    if (!g_hash_table_contains (model->excluded, model->ordered->pdata[i]))
      g_ptr_array_add (targets, model->ordered->pdata[i]);
  return targets;
}

static void
assert_target (const RollTarget *target, guint ordinal, const char *key)
{
  g_autofree char *found = key_of (target->text);
  char buffer[ROLL_ADDRESS_STRLEN];
  gboolean is_name = g_ascii_isalpha (key[0]) && strchr (key, ':') == NULL;

  g_assert_cmpuint (target->ordinal, ==, ordinal);
  g_assert_cmpstr (found, ==, key);
  g_assert_cmpstr (roll_address_format (&target->address, buffer), ==, is_name ? "" : key);
}

static void
compare (RollTargetList *list, GPtrArray *targets)
{
  RollTargetIter iter;
  RollTarget target;
  guint n = 0, n_names = 0;

  g_assert_cmpuint (roll_target_list_get_count (list), ==, targets->len);
  roll_target_iter_init (&iter, list, 0);
  for (; roll_target_iter_next (&iter, &target); n++)
    {
      g_assert_cmpuint (n, <, targets->len);
      assert_target (&target, n, targets->pdata[n]);
      n_names += target.address.family == AF_UNSPEC;
    }
  g_assert_cmpuint (n, ==, targets->len);
  g_assert_false (roll_target_iter_next (&iter, &target));

  roll_target_iter_init (&iter, list, 0);
  for (; roll_target_iter_next_of (&iter, ROLL_TARGET_NAMES, &target); n_names--)
    g_assert_cmpint (target.address.family, ==, AF_UNSPEC);
  g_assert_cmpuint (n_names, ==, 0);
}

static void
compare_seeks (RollTargetList *list, GPtrArray *targets)
{
  for (guint i = 0; i < 20; i++)
    {
      guint ordinal = g_test_rand_int_range (0, (int) targets->len + 2);
      RollTargetIter iter;
      RollTarget target;

      roll_target_iter_init (&iter, list, ordinal);
      for (guint j = ordinal; j < MIN (ordinal + 3, targets->len); j++)
        {
          g_assert_true (roll_target_iter_next (&iter, &target));
          assert_target (&target, j, targets->pdata[j]);
        }
      if (ordinal >= targets->len)
        g_assert_false (roll_target_iter_next (&iter, &target));

      roll_target_iter_init (&iter, list, ordinal);
      while (roll_target_iter_next_of (&iter, ROLL_TARGET_ADDRESSES, &target))
        assert_target (&target, target.ordinal, targets->pdata[target.ordinal]);
    }
}

static void
compare_rebuilt (RollTargetList *list, GPtrArray *targets)
{
  g_autoptr (RollTargetList) again = roll_target_list_new ();
  g_auto (GStrv) includes = roll_target_list_get_includes (list);
  g_auto (GStrv) excludes = roll_target_list_get_excludes (list);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; excludes[i] != NULL; i++)
    {
      roll_target_list_exclude (again, excludes[i], &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; includes[i] != NULL; i++)
    {
      roll_target_list_add (again, includes[i], &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (roll_target_list_get_n_duplicates (again), ==, 0);
  compare (again, targets);
}

static void
test_random_lists (void)
{
  for (guint i = 0; i < N_LISTS; i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();
      g_autoptr (Model) model = model_new ();
      guint n_entries = g_test_rand_int_range (0, 40);

      for (guint j = 0; j < n_entries; j++)
        {
          g_autoptr (GPtrArray) targets = NULL;

          if (g_test_rand_int_range (0, 4) == 0)
            exclude_something (list, model);
          else
            add_something (list, model);
          if (g_test_rand_int_range (0, 8) != 0)
            continue;
          targets = model_targets (model);
          compare (list, targets);
          compare_seeks (list, targets);
          compare_rebuilt (list, targets);
        }
      g_assert_cmpuint (roll_target_list_get_n_duplicates (list), ==, model->n_duplicates);
    }
}

/* Any bytes, mostly such as real entries are made of: a sentence or a target, never a crash. */
static void
random_entry (char *text, gsize size)
{
  static const char likely[] = "0123456789.:-/%*?abcdefxPC_\\@#[] \t,$\"\r\n\xc3\xbc\xe2\x80\x93\xff\x01";
  gsize length = g_test_rand_int_range (0, (int) size);

  for (gsize i = 0; i < length; i++)
    text[i] = g_test_rand_int_range (0, 20) == 0 ? (char) g_test_rand_int_range (1, 256)
                                                 : likely[g_test_rand_int_range (0, sizeof likely - 1)];
  text[length] = '\0';
}

static void
check_error (GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == ROLL_TARGET_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_error_free (error);
}

static void
test_random_bytes (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();
      g_auto (GStrv) includes = NULL;
      GError *error = NULL;
      char text[64];

      random_entry (text, i % 2 == 0 ? sizeof text : 12);
      if (!roll_target_list_add (list, text, &error))
        check_error (g_steal_pointer (&error));
      if (!roll_target_list_exclude (list, text, &error))
        check_error (g_steal_pointer (&error));
      includes = roll_target_list_get_includes (list);
      for (guint j = 0; includes[j] != NULL; j++)
        g_assert_true (roll_target_list_add (list, includes[j], NULL));
      roll_target_list_get_count (list);
    }
}

static void
test_random_texts (void)
{
  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();
      g_autoptr (GPtrArray) problems =
        g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
      GError *error = NULL;
      char text[600];

      random_entry (text, sizeof text);
      if (!roll_target_list_add_text (list, text, strlen (text), problems, &error))
        check_error (error);
      roll_target_list_get_count (list);
      for (guint j = 0; j < problems->len; j++)
        {
          RollTargetProblem *problem = problems->pdata[j];

          g_assert_cmpuint (problem->line, >, 0);
          g_assert_true (g_utf8_validate (problem->text, -1, NULL));
          g_assert_true (g_utf8_validate (problem->reason, -1, NULL));
          g_assert_null (strpbrk (problem->text, "\r\n\033"));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/target-model/random-lists", test_random_lists);
  g_test_add_func ("/target-model/random-bytes", test_random_bytes);
  g_test_add_func ("/target-model/random-texts", test_random_texts);
  return g_test_run ();
}
