/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inventory/attempt/keeps-its-steps", test_attempt_keeps_its_steps);
  g_test_add_func ("/inventory/said-by/bounded", test_said_by_ids_are_bounded);
  g_test_add_func ("/inventory/computer/shared-between-threads", test_computer_is_shared_between_threads);
  g_test_add_func ("/inventory/detail/values", test_detail_values);
  return g_test_run ();
}
