/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include "inventory/roll-class-result.h"
#include "inventory/roll-computer.h"
#include "inventory/roll-detail.h"

static void
test_attempt_keeps_its_steps (void)
{
  g_autoptr (RollAttempt) attempt = roll_attempt_new (2);

  for (guint i = 0; i < 100; i++)
    {
      RollStepRecord *record = roll_attempt_add_step (attempt, ROLL_STEP_CONNECT);

      g_assert_null (record->peer);
      g_assert_null (record->detail);
      g_assert_cmpint (record->error.space, ==, ROLL_ERROR_SPACE_NONE);
      record->duration_us = i;
      record->peer = g_strdup_printf ("10.0.0.%u:135", i);
      record->detail = g_strdup_printf ("address=%u/100", i);
    }
  g_assert_cmpuint (attempt->number, ==, 2);
  g_assert_cmpuint (attempt->steps->len, ==, 100);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *peer = g_strdup_printf ("10.0.0.%u:135", i);

      g_assert_cmpint (g_array_index (attempt->steps, RollStepRecord, i).duration_us, ==, i);
      g_assert_cmpstr (g_array_index (attempt->steps, RollStepRecord, i).peer, ==, peer);
    }
}

static void
test_said_by_ids_are_bounded (void)
{
  g_assert_cmpstr (roll_said_by_id (ROLL_SAID_BY_NOBODY), ==, "");
  g_assert_cmpstr (roll_said_by_id (ROLL_SAID_BY_ROUTER), ==, "router");
  g_assert_cmpstr (roll_said_by_id (ROLL_SAID_BY_KDC), ==, "kdc");
  g_assert_cmpstr (roll_said_by_id ((RollSaidBy) 6), ==, "");
  g_assert_cmpstr (roll_said_by_id ((RollSaidBy) -1), ==, "");
}

static gpointer
ref_and_unref (gpointer data)
{
  for (guint i = 0; i < 10000; i++)
    roll_computer_unref (roll_computer_ref (data));
  roll_computer_unref (data);
  return NULL;
}

static void
test_computer_is_shared_between_threads (void)
{
  g_autoptr (RollComputer) computer = roll_computer_new (7, "pc7.corp.example");
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("ref", ref_and_unref, roll_computer_ref (computer));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_true (g_atomic_ref_count_compare (&computer->ref_count, 1));
  g_assert_cmpuint (computer->ordinal, ==, 7);
  g_assert_cmpstr (computer->target, ==, "pc7.corp.example");
  g_assert_cmpint (computer->status, ==, ROLL_STATUS_NOT_STARTED);
}

static void
test_detail_values (void)
{
  const char *detail = "asked=A,AAAA name=pc1.example  rcode=NXDOMAIN empty= tries=2";
  static const struct
  {
    const char *key, *value;
  } cases[] = {
    { "asked", "A,AAAA" }, { "rcode", "NXDOMAIN" }, { "tries", "2" }, { "empty", "" },
    { "ries", NULL },      { "name=pc1", NULL },   { "", NULL },     { "missing", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *value = roll_detail_get (detail, cases[i].key);

      g_assert_cmpstr (value, ==, cases[i].value);
    }
  g_assert_null (roll_detail_get (NULL, "asked"));
}

static void
test_facts_by_name (void)
{
  g_autoptr (RollFacts) facts = roll_facts_new ();
  g_autoptr (RollFacts) copy = NULL;

  g_assert_true (roll_facts_set (facts, "computer-name", "PC1"));
  g_assert_true (roll_facts_set (facts, "computer-name", "PC2")); /* the later one stands */
  g_assert_true (roll_facts_set (facts, "computer-name", ""));    /* nothing is not known */
  g_assert_true (roll_facts_set (facts, "cores", "4"));
  g_assert_true (roll_facts_set (facts, "cores", "6")); /* a second processor */
  g_assert_true (roll_facts_set (facts, "memory-bytes", "17179869184"));
  g_assert_false (roll_facts_set (facts, "colour", "red"));
  copy = roll_facts_copy (facts);
  g_clear_pointer (&facts, roll_facts_free);
  g_assert_cmpstr (copy->computer_name, ==, "PC2");
  g_assert_null (copy->domain);
  g_assert_cmpuint (copy->cores, ==, 10);
  g_assert_cmpuint (copy->processors, ==, 0);
  g_assert_cmpuint (copy->memory_bytes, ==, G_GUINT64_CONSTANT (17179869184));
  g_assert_null (roll_facts_copy (NULL));
}

/* What a hostile computer says of its processors. */
static void
test_facts_that_are_no_numbers (void)
{
  static const char *const texts[] = { "", "-1", "four", "4 cores", "0x10", "99999999999999999999", " 4" };
  g_autoptr (RollFacts) facts = roll_facts_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (roll_facts_set (facts, "cores", texts[i]));
      g_assert_true (roll_facts_set (facts, "memory-bytes", texts[i]));
      g_assert_cmpuint (facts->cores, ==, 0);
      g_assert_cmpuint (facts->memory_bytes, ==, 0);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (roll_facts_set (facts, "cores", "4294967295"));
      g_assert_true (roll_facts_set (facts, "memory-bytes", "18446744073709551615"));
      g_assert_cmpuint (facts->cores, ==, G_MAXUINT32);
      g_assert_cmpuint (facts->memory_bytes, ==, G_MAXUINT64);
    }
}

static void
test_class_outcomes_are_stable (void)
{
  static const struct
  {
    RollClassOutcome outcome;
    const char *id;
  } cases[] = {
    { ROLL_CLASS_COLLECTED, "collected" },
    { ROLL_CLASS_FAILED, "failed" },
    { ROLL_CLASS_TIMED_OUT, "timed-out" },
    { ROLL_CLASS_ABANDONED, "abandoned" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (cases[i].outcome, ==, (int) i + 1); /* stored */
      g_assert_cmpstr (roll_class_outcome_id (cases[i].outcome), ==, cases[i].id);
      g_assert_cmpint (roll_class_outcome_from_id (cases[i].id), ==, cases[i].outcome);
    }
  g_assert_cmpstr (roll_class_outcome_id ((RollClassOutcome) 0), ==, "");
  g_assert_cmpstr (roll_class_outcome_id ((RollClassOutcome) 5), ==, "");
  g_assert_cmpstr (roll_class_outcome_id ((RollClassOutcome) -1), ==, "");
  g_assert_cmpint (roll_class_outcome_from_id (""), ==, 0);
  g_assert_cmpint (roll_class_outcome_from_id ("Collected"), ==, 0);
}

/* An attempt owns its results, a result its rows. */
static void
test_attempt_owns_its_classes (void)
{
  RollAttempt *attempt = roll_attempt_new (1);
  RollClassResult *result = roll_class_result_new ("Win32_BIOS");
  g_autoptr (GBytes) rows = g_bytes_new ("rows", 4);

  result->rows = g_bytes_ref (rows);
  attempt->classes = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_class_result_free);
  g_ptr_array_add (attempt->classes, result);
  roll_attempt_free (attempt);
  g_assert_cmpuint (g_bytes_get_size (rows), ==, 4);
  roll_class_result_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inventory/attempt/keeps-its-steps", test_attempt_keeps_its_steps);
  g_test_add_func ("/inventory/said-by/bounded", test_said_by_ids_are_bounded);
  g_test_add_func ("/inventory/computer/shared-between-threads", test_computer_is_shared_between_threads);
  g_test_add_func ("/inventory/detail/values", test_detail_values);
  g_test_add_func ("/inventory/facts/by-name", test_facts_by_name);
  g_test_add_func ("/inventory/facts/no-numbers", test_facts_that_are_no_numbers);
  g_test_add_func ("/inventory/class-result/outcomes", test_class_outcomes_are_stable);
  g_test_add_func ("/inventory/class-result/owned", test_attempt_owns_its_classes);
  return g_test_run ();
}
