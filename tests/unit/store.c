/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>

#include "store-fixture.h"

/* Only the public header is known here: nothing of SQL may be needed to use the store. */
#ifdef SQLITE_VERSION
#error "roll-store.h lets SQLite through"
#endif

static void
flush (RollJournal *journal)
{
  g_autoptr (GError) error = NULL;

  roll_journal_flush (journal, NULL, &error);
  g_assert_no_error (error);
}

static void
end (RollJournal *journal, RollScanState state)
{
  g_autoptr (GError) error = NULL;

  roll_journal_end (journal, state, &error);
  g_assert_no_error (error);
}

static guint
tally_of (StoreFixture *fixture, gint64 scan, RollStatus status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) tallies = roll_store_tally (fixture->store, scan, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < tallies->len; i++)
    if (g_array_index (tallies, RollTally, i).status == status)
      return g_array_index (tallies, RollTally, i).count;
  return 0;
}

static RollScanInfo *
get_scan (StoreFixture *fixture, gint64 id)
{
  g_autoptr (GError) error = NULL;
  RollScanInfo *info = roll_store_get_scan (fixture->store, id, &error);

  g_assert_no_error (error);
  return info;
}

/* --- Scans ---------------------------------------------------------------------------------------------- */

static void
test_scans_come_back_as_they_were (StoreFixture *fixture, gconstpointer data)
{
  const char *includes[] = { "10.0.0.0/24", "pc-ü.corp.example", "10.0.0.0/24", "", NULL };
  const char *excludes[] = { "10.0.0.7", NULL };
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (RollScanInfo) read = NULL;
  g_auto (GStrv) read_includes = NULL;
  g_auto (GStrv) read_excludes = NULL;
  g_autoptr (GError) error = NULL;

  info->name = g_strdup ("Büro “Nord”");
  info->practice = TRUE;
  info->probe_only = TRUE;
  info->n_targets = 254;
  info->options = g_strdup ("{'port': <uint16 135>}");
  g_assert_true (roll_store_add_scan (fixture->store, info, includes, excludes, NULL, &error));
  store_fixture_reopen (fixture);

  read = get_scan (fixture, 0);
  g_assert_cmpint (read->id, ==, info->id);
  g_assert_cmpint (read->created_at, ==, info->created_at);
  g_assert_cmpstr (read->name, ==, info->name);
  g_assert_cmpstr (read->options, ==, info->options);
  g_assert_true (read->practice);
  g_assert_true (read->probe_only);
  g_assert_cmpuint (read->n_targets, ==, 254);
  g_assert_cmpuint (read->n_done, ==, 0);
  g_assert_true (roll_store_get_entries (fixture->store, info->id, &read_includes, &read_excludes, &error));
  g_assert_cmpstrv (read_includes, (char **) includes);
  g_assert_cmpstrv (read_excludes, (char **) excludes);
}

static void
test_hundred_thousand_entries (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) includes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_auto (GStrv) read = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_ptr_array_add (includes, g_strdup_printf ("pc%u.corp.example", i));
  g_ptr_array_add (includes, NULL);
  roll_store_add_scan (fixture->store, info, (const char *const *) includes->pdata, NULL, NULL, &error);
  g_assert_no_error (error);
  roll_store_get_entries (fixture->store, info->id, &read, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (read, (char **) includes->pdata);
}

static void
test_scans_are_listed_newest_first (StoreFixture *fixture, gconstpointer data)
{
  gint64 first = store_fixture_add_scan (fixture, 3);
  gint64 second = store_fixture_add_scan (fixture, 5);
  RollJournal *journal = store_fixture_begin (fixture, first);
  g_autoptr (GPtrArray) scans = NULL;
  g_autoptr (GError) error = NULL;
  RollScanInfo *info;

  store_fixture_post (journal, 0, ROLL_STATUS_CONNECTION_REFUSED, 1);
  store_fixture_post (journal, 1, ROLL_STATUS_WAITING_FOR_RETRY, 1);
  store_fixture_post (journal, 2, ROLL_STATUS_REACHABLE, 1);
  end (journal, ROLL_SCAN_FINISHED);

  scans = roll_store_list_scans (fixture->store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scans->len, ==, 2);
  info = g_ptr_array_index (scans, 0);
  g_assert_cmpint (info->id, ==, second);
  g_assert_cmpuint (info->n_done, ==, 0);
  info = g_ptr_array_index (scans, 1);
  g_assert_cmpint (info->id, ==, first);
  g_assert_cmpuint (info->n_done, ==, 2);
  g_assert_cmpint (info->state, ==, ROLL_SCAN_FINISHED);
  g_assert_cmpint (info->finished_at, >=, info->started_at);
  g_assert_cmpint (info->started_at, >=, info->created_at);
}

static void
assert_no_scan (StoreFixture *fixture, gint64 scan)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (roll_store_get_scan (fixture->store, scan, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (roll_store_tally (fixture->store, scan, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (roll_store_get_events (fixture->store, scan, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (roll_store_rename_scan (fixture->store, scan, "x", &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (roll_store_get_entries (fixture->store, scan, NULL, NULL, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (roll_store_begin (fixture->store, MAX (scan, 1), NULL, NULL, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
}

static void
test_what_is_not_there_is_not_found (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  assert_no_scan (fixture, 0);
  assert_no_scan (fixture, 77);
  g_assert_null (roll_store_get_computer (fixture->store, store_fixture_add_scan (fixture, 9), 3, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
}

static void
test_delete_takes_all_of_one_scan (StoreFixture *fixture, gconstpointer data)
{
  gint64 doomed = store_fixture_add_scan (fixture, 5000);
  gint64 kept = store_fixture_add_scan (fixture, 2);
  RollJournal *journal = store_fixture_begin (fixture, doomed);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  for (guint i = 0; i < 5000; i++)
    store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_REFUSED, 1);
  roll_journal_post_event (journal, "name-server-silent", "server=10.0.0.53");
  g_assert_false (roll_store_delete_scan (fixture->store, doomed, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_BUSY);
  g_clear_error (&error);
  end (journal, ROLL_SCAN_STOPPED);
  journal = store_fixture_begin (fixture, kept);
  store_fixture_post (journal, 0, ROLL_STATUS_CONNECTION_REFUSED, 1);
  end (journal, ROLL_SCAN_FINISHED);

  g_assert_true (roll_store_rename_scan (fixture->store, kept, "Kept", &error));
  g_assert_true (roll_store_delete_scan (fixture->store, doomed, &error));
  g_assert_no_error (error);
  assert_no_scan (fixture, doomed);
  g_assert_cmpuint (tally_of (fixture, kept, ROLL_STATUS_CONNECTION_REFUSED), ==, 1);
  g_assert_cmpint (store_fixture_add_scan (fixture, 1), >, kept);
  store_fixture_reopen (fixture);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, <, 100000); /* of 600,000: the disk got it back */
}

/* --- Journal -------------------------------------------------------------------------------------------- */

static RollComputer *
post_full_computer (RollJournal *journal, guint ordinal)
{
  RollComputer *computer = roll_computer_new (ordinal, "PC-Ärger.corp.example");
  RollAttempt *attempt = roll_attempt_new (1);
  RollStepRecord *record;

  g_assert_true (roll_address_parse ("2001:db8::17", &computer->address));
  computer->status = ROLL_STATUS_HOST_UNREACHABLE;
  computer->step = ROLL_STEP_CONNECT;
  computer->said_by = ROLL_SAID_BY_ROUTER;
  computer->error = (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, 0x800706ba };
  computer->attempts = 1;
  computer->started_at = G_GINT64_CONSTANT (1763795000123456);
  computer->duration_us = G_GINT64_CONSTANT (5000000000);
  computer->credential = g_strdup ("Domain admin “Süd”");
  computer->classes_collected = 26;
  computer->classes_planned = 27;
  computer->facts = roll_facts_new ();
  computer->facts->computer_name = g_strdup ("PC-ÄRGER");
  computer->facts->domain = g_strdup ("corp.example");
  computer->facts->os = g_strdup ("Майкрософт Windows 11 Pro");
  computer->facts->os_version = g_strdup ("10.0.22631");
  computer->facts->os_build = g_strdup ("22631");
  computer->facts->manufacturer = g_strdup ("=cmd");
  computer->facts->model = g_strdup ("Model 7");
  computer->facts->serial_number = g_strdup ("00042");
  computer->facts->processors = 2;
  computer->facts->cores = G_MAXUINT32;
  computer->facts->memory_bytes = G_MAXUINT64 - 1;
  attempt->status = computer->status;
  attempt->started_at = computer->started_at;
  attempt->duration_us = 42;
  record = roll_attempt_add_step (attempt, ROLL_STEP_RESOLVE);
  record->said_by = ROLL_SAID_BY_NAME_SERVER;
  record->started_at = attempt->started_at;
  record->duration_us = 12;
  record->detail = g_strdup ("asked=A,AAAA rcode=NOERROR");
  record->peer = g_strdup ("[::1]:53");
  record = roll_attempt_add_step (attempt, ROLL_STEP_CONNECT);
  record->started_at = attempt->started_at + 30;
  record->error = computer->error;
  roll_journal_post_attempt (journal, roll_computer_ref (computer), attempt);
  return computer;
}

static void
assert_same_facts (const RollFacts *a, const RollFacts *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a == NULL)
    return;
  g_assert_cmpstr (a->computer_name, ==, b->computer_name);
  g_assert_cmpstr (a->domain, ==, b->domain);
  g_assert_cmpstr (a->os, ==, b->os);
  g_assert_cmpstr (a->os_version, ==, b->os_version);
  g_assert_cmpstr (a->os_build, ==, b->os_build);
  g_assert_cmpstr (a->manufacturer, ==, b->manufacturer);
  g_assert_cmpstr (a->model, ==, b->model);
  g_assert_cmpstr (a->serial_number, ==, b->serial_number);
  g_assert_cmpuint (a->processors, ==, b->processors);
  g_assert_cmpuint (a->cores, ==, b->cores);
  g_assert_cmpuint (a->memory_bytes, ==, b->memory_bytes);
}

static void
assert_same_computer (const RollComputer *a, const RollComputer *b)
{
  g_assert_cmpuint (a->ordinal, ==, b->ordinal);
  g_assert_cmpstr (a->target, ==, b->target);
  g_assert_true (roll_address_equal (&a->address, &b->address));
  g_assert_cmpint (a->status, ==, b->status);
  g_assert_cmpint (a->step, ==, b->step);
  g_assert_cmpint (a->said_by, ==, b->said_by);
  g_assert_cmpint (a->error.space, ==, b->error.space);
  g_assert_cmphex (a->error.number, ==, b->error.number);
  g_assert_cmpuint (a->attempts, ==, b->attempts);
  g_assert_cmpint (a->started_at, ==, b->started_at);
  g_assert_cmpint (a->duration_us, ==, b->duration_us);
  g_assert_cmpstr (a->credential, ==, b->credential);
  g_assert_cmpuint (a->classes_collected, ==, b->classes_collected);
  g_assert_cmpuint (a->classes_planned, ==, b->classes_planned);
  assert_same_facts (a->facts, b->facts);
}

static void
test_computers_come_back_as_they_were (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, G_MAXUINT32);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (RollComputer) posted = post_full_computer (journal, G_MAXUINT32 - 1);
  g_autoptr (RollComputer) read = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GError) error = NULL;
  const RollAttempt *attempt;
  const RollStepRecord *record;

  flush (journal);
  read = roll_store_get_computer (fixture->store, scan, posted->ordinal, &error);
  g_assert_no_error (error);
  assert_same_computer (read, posted);

  attempts = roll_store_get_attempts (fixture->store, scan, posted->ordinal, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (attempts->len, ==, 1);
  attempt = g_ptr_array_index (attempts, 0);
  g_assert_cmpuint (attempt->number, ==, 1);
  g_assert_cmpint (attempt->status, ==, ROLL_STATUS_HOST_UNREACHABLE);
  g_assert_cmpint (attempt->duration_us, ==, 42);
  g_assert_cmpuint (attempt->steps->len, ==, 2);
  record = &g_array_index (attempt->steps, RollStepRecord, 0);
  g_assert_cmpint (record->step, ==, ROLL_STEP_RESOLVE);
  g_assert_cmpint (record->said_by, ==, ROLL_SAID_BY_NAME_SERVER);
  g_assert_cmpstr (record->peer, ==, "[::1]:53");
  g_assert_cmpstr (record->detail, ==, "asked=A,AAAA rcode=NOERROR");
  record = &g_array_index (attempt->steps, RollStepRecord, 1);
  g_assert_cmpint (record->started_at, ==, posted->started_at + 30);
  g_assert_cmphex (record->error.number, ==, 0x800706ba);
  g_assert_null (record->peer);
  end (journal, ROLL_SCAN_FINISHED);
}

static void
test_a_retry_replaces_the_row_and_moves_the_tally (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_post (journal, 4, ROLL_STATUS_WAITING_FOR_RETRY, 1);
  store_fixture_post (journal, 5, ROLL_STATUS_CONNECTION_REFUSED, 1);
  flush (journal);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_WAITING_FOR_RETRY), ==, 1);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_NOT_STARTED), ==, 8);

  store_fixture_post (journal, 4, ROLL_STATUS_WAITING_FOR_RETRY, 2); /* twice in one transaction */
  store_fixture_post (journal, 4, ROLL_STATUS_CONNECTION_TIMEOUT, 3);
  store_fixture_post (journal, 4, ROLL_STATUS_CONNECTION_TIMEOUT, 3); /* as a resumed scan makes it again */
  flush (journal);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_WAITING_FOR_RETRY), ==, 0);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_CONNECTION_TIMEOUT), ==, 1);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_CONNECTION_REFUSED), ==, 1);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_NOT_STARTED), ==, 8);

  attempts = roll_store_get_attempts (fixture->store, scan, 4, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (attempts->len, ==, 3);
  for (guint i = 0; i < attempts->len; i++)
    {
      const RollAttempt *attempt = g_ptr_array_index (attempts, i);

      g_assert_cmpuint (attempt->number, ==, i + 1);
      g_assert_cmpuint (attempt->steps->len, ==, 1);
    }
  end (journal, ROLL_SCAN_FINISHED);
}

static void
test_tallies_come_in_order_of_code (StoreFixture *fixture, gconstpointer data)
{
  const RollStatus expected[] = { ROLL_STATUS_REACHABLE, ROLL_STATUS_STOPPED, ROLL_STATUS_NOT_STARTED,
                                  ROLL_STATUS_SUCCESS, ROLL_STATUS_CONNECTION_REFUSED };
  gint64 scan = store_fixture_add_scan (fixture, 5);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GArray) tallies = NULL;

  store_fixture_post (journal, 0, ROLL_STATUS_CONNECTION_REFUSED, 1);
  store_fixture_post (journal, 1, ROLL_STATUS_SUCCESS, 1);
  store_fixture_post (journal, 2, ROLL_STATUS_STOPPED, 1);
  store_fixture_post (journal, 3, ROLL_STATUS_REACHABLE, 1);
  end (journal, ROLL_SCAN_STOPPED);
  tallies = roll_store_tally (fixture->store, scan, NULL);
  g_assert_cmpuint (tallies->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < tallies->len; i++)
    {
      g_assert_cmpint (g_array_index (tallies, RollTally, i).status, ==, expected[i]);
      g_assert_cmpuint (g_array_index (tallies, RollTally, i).count, ==, 1);
    }
}

static void
test_texts_of_any_bytes_are_stored (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 1);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  RollComputer *computer = roll_computer_new (0, "bad\xff\xfe");
  RollAttempt *attempt = roll_attempt_new (1);
  g_autoptr (RollComputer) read = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GError) error = NULL;

  computer->status = ROLL_STATUS_MACHINE_NOT_FOUND;
  roll_attempt_add_step (attempt, ROLL_STEP_RESOLVE)->detail =
      g_strdup ("name=\xc3\x28'); DROP TABLE computers; --");
  roll_journal_post_attempt (journal, computer, attempt);
  roll_journal_post_event (journal, "odd", "\xf0\x80");
  roll_journal_post_event (journal, "quiet", NULL);
  end (journal, ROLL_SCAN_FINISHED);

  read = roll_store_get_computer (fixture->store, scan, 0, &error);
  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (read->target, -1, NULL));
  g_assert_true (g_str_has_prefix (read->target, "bad"));
  events = roll_store_get_events (fixture->store, scan, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (events->len, ==, 2);
  g_assert_cmpstr (((RollStoreEvent *) events->pdata[0])->kind, ==, "odd");
  g_assert_true (g_utf8_validate (((RollStoreEvent *) events->pdata[0])->detail, -1, NULL));
  g_assert_null (((RollStoreEvent *) events->pdata[1])->detail);
}

typedef struct
{
  guint n_rows;
  guint stop_after;
  gint64 last;
  guint n_steps;
} Counter;

static gboolean
count_computer (RollComputer *computer, gpointer user_data)
{
  Counter *counter = user_data;

  g_assert_cmpint (computer->ordinal, >, counter->last);
  counter->last = computer->ordinal;
  return ++counter->n_rows != counter->stop_after;
}

static gboolean
count_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  Counter *counter = user_data;

  g_assert_cmpint ((gint64) computer->ordinal * 10 + attempt->number, >, counter->last);
  counter->last = (gint64) computer->ordinal * 10 + attempt->number;
  g_assert_cmpuint (computer->address.family, ==, AF_INET);
  counter->n_steps += attempt->steps->len;
  return ++counter->n_rows != counter->stop_after;
}

static void
test_rows_come_in_order_whatever_order_they_were_posted_in (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 3000);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  Counter counter = { .last = -1 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3000; i++)
    store_fixture_post (journal, (i * 7919) % 3000, ROLL_STATUS_WAITING_FOR_RETRY, 1);
  for (guint i = 0; i < 3000; i += 3)
    store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_REFUSED, 2);
  flush (journal);

  g_assert_true (roll_store_foreach_computer (fixture->store, scan, 0, count_computer, &counter, &error));
  g_assert_cmpuint (counter.n_rows, ==, 3000);
  counter = (Counter) { .last = 2899 };
  g_assert_true (roll_store_foreach_computer (fixture->store, scan, 2900, count_computer, &counter, &error));
  g_assert_cmpuint (counter.n_rows, ==, 100);
  counter = (Counter) { .last = -1, .stop_after = 5 };
  g_assert_true (roll_store_foreach_computer (fixture->store, scan, 0, count_computer, &counter, &error));
  g_assert_cmpuint (counter.n_rows, ==, 5);
  counter = (Counter) { .last = -1 };
  g_assert_true (roll_store_foreach_attempt (fixture->store, scan, count_attempt, &counter, &error));
  g_assert_cmpuint (counter.n_rows, ==, 4000);
  g_assert_cmpuint (counter.n_steps, ==, 4000);
  counter = (Counter) { .last = -1, .stop_after = 5 };
  g_assert_true (roll_store_foreach_attempt (fixture->store, scan, count_attempt, &counter, &error));
  g_assert_cmpuint (counter.n_rows, ==, 5);
  end (journal, ROLL_SCAN_FINISHED);
}

typedef struct
{
  StoreFixture *fixture;
  RollJournal *journal;
  gint64 scan;
  guint n_rows;
} NestedRead;

static gboolean
write_while_reading (RollComputer *computer, gpointer user_data)
{
  NestedRead *nested = user_data;

  store_fixture_post (nested->journal, 1000 + nested->n_rows, ROLL_STATUS_CONNECTION_REFUSED, 1);
  flush (nested->journal);
  nested->n_rows++;
  g_assert_cmpuint (tally_of (nested->fixture, nested->scan, ROLL_STATUS_CONNECTION_REFUSED), ==,
                    20 + nested->n_rows);
  return TRUE;
}

static void
test_a_read_is_of_one_moment_and_holds_up_nobody (StoreFixture *fixture, gconstpointer data)
{
  NestedRead nested = { fixture, NULL, store_fixture_add_scan (fixture, 2000), 0 };
  g_autoptr (GError) error = NULL;

  nested.journal = store_fixture_begin (fixture, nested.scan);
  for (guint i = 0; i < 20; i++)
    store_fixture_post (nested.journal, i, ROLL_STATUS_CONNECTION_REFUSED, 1);
  flush (nested.journal);
  roll_store_foreach_computer (fixture->store, nested.scan, 0, write_while_reading, &nested, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (nested.n_rows, ==, 20);
  end (nested.journal, ROLL_SCAN_FINISHED);
}

static guint
n_found (StoreFixture *fixture, gint64 scan, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = roll_store_find_computers (fixture->store, scan, text, &error);

  g_assert_no_error (error);
  return found->len;
}

static void
test_computers_are_found_by_name_or_address (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = store_fixture_begin (fixture, scan);

  roll_computer_unref (post_full_computer (journal, 3));
  store_fixture_post (journal, 5, ROLL_STATUS_CONNECTION_REFUSED, 1);
  flush (journal);
  g_assert_cmpuint (n_found (fixture, scan, "pc-ärger.CORP.example"), ==, 1);
  g_assert_cmpuint (n_found (fixture, scan, "PC-ÄRGER.corp.example"), ==, 1);
  g_assert_cmpuint (n_found (fixture, scan, "pc-ärger"), ==, 1);
  g_assert_cmpuint (n_found (fixture, scan, "pc"), ==, 0);
  g_assert_cmpuint (n_found (fixture, scan, "127"), ==, 0);
  g_assert_cmpuint (n_found (fixture, scan, "2001:DB8:0::17"), ==, 1);
  g_assert_cmpuint (n_found (fixture, scan, "127.20.0.5"), ==, 1);
  g_assert_cmpuint (n_found (fixture, scan, "127.20.0.6"), ==, 0);
  g_assert_cmpuint (n_found (fixture, scan, "' OR 1=1 --"), ==, 0);
  g_assert_cmpuint (n_found (fixture, scan, ""), ==, 0);
  g_assert_cmpuint (n_found (fixture, scan, "\xff"), ==, 0);
  end (journal, ROLL_SCAN_FINISHED);
}

/* --- Claims --------------------------------------------------------------------------------------------- */

static void
test_a_scan_has_one_holder (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 1);
  gint64 other = store_fixture_add_scan (fixture, 1);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  RollJournal *second = store_fixture_begin (fixture, other);
  g_autoptr (RollStore) store = roll_store_open (fixture->path, FALSE, NULL);
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (roll_store_begin (fixture->store, scan, NULL, NULL, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_null (roll_store_begin (store, scan, NULL, NULL, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_BUSY);
  info = get_scan (fixture, scan);
  g_assert_false (info->interrupted);
  end (second, ROLL_SCAN_FINISHED);

  /* Let go of as running, as a killed process does. */
  end (journal, ROLL_SCAN_RUNNING);
  g_clear_pointer (&info, roll_scan_info_free);
  info = get_scan (fixture, scan);
  g_assert_cmpint (info->state, ==, ROLL_SCAN_RUNNING);
  g_assert_true (info->interrupted);
  end (store_fixture_begin (fixture, scan), ROLL_SCAN_FINISHED);
  g_clear_pointer (&info, roll_scan_info_free);
  info = get_scan (fixture, scan);
  g_assert_false (info->interrupted);
}

/* --- Announcements and pressure ------------------------------------------------------------------------- */

typedef struct
{
  GMutex lock;
  GHashTable *seen;
  guint n_calls;
  StoreFixture *fixture;
  gint64 scan;
} Listener;

/* What is announced must be readable by others. */
static void
note_committed (GPtrArray *computers, const GError *error, gpointer user_data)
{
  Listener *listener = user_data;
  RollComputer *last = g_ptr_array_index (computers, computers->len - 1);
  g_autoptr (RollComputer) read =
      roll_store_get_computer (listener->fixture->store, listener->scan, last->ordinal, NULL);

  g_assert_no_error (error);
  assert_same_computer (read, last);
  listener->n_calls++;
  for (guint i = 0; i < computers->len; i++)
    {
      RollComputer *computer = g_ptr_array_index (computers, i);

      g_assert_true (g_hash_table_add (listener->seen, GUINT_TO_POINTER (computer->ordinal + 1)));
    }
}

static gpointer
post_many (gpointer data)
{
  gpointer *args = data;
  guint first = GPOINTER_TO_UINT (args[1]);

  for (guint i = first; i < first + 10000; i++)
    store_fixture_post (args[0], i, ROLL_STATUS_CONNECTION_REFUSED, 1);
  return NULL;
}

static void
test_all_that_is_posted_is_announced_once (StoreFixture *fixture, gconstpointer data)
{
  Listener listener = { .fixture = fixture, .scan = store_fixture_add_scan (fixture, 40000) };
  gpointer args[4][2];
  GThread *threads[4];
  RollJournal *journal;

  listener.seen = g_hash_table_new (NULL, NULL);
  journal = roll_store_begin (fixture->store, listener.scan, note_committed, &listener, NULL);
  for (guint i = 0; i < 4; i++)
    {
      args[i][0] = journal;
      args[i][1] = GUINT_TO_POINTER (i * 10000);
      threads[i] = g_thread_new ("post", post_many, args[i]);
    }
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  flush (journal);
  g_assert_cmpuint (roll_journal_get_backlog (journal), ==, 0);
  g_assert_cmpuint (g_hash_table_size (listener.seen), ==, 40000);
  g_assert_cmpuint (listener.n_calls, <, 4000);
  g_assert_cmpuint (tally_of (fixture, listener.scan, ROLL_STATUS_CONNECTION_REFUSED), ==, 40000);
  end (journal, ROLL_SCAN_FINISHED);
  g_hash_table_unref (listener.seen);
}

#define add(path, func)                                                                                      \
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/store/scans/round-trip", test_scans_come_back_as_they_were);
  add ("/store/scans/many-entries", test_hundred_thousand_entries);
  add ("/store/scans/list", test_scans_are_listed_newest_first);
  add ("/store/scans/not-found", test_what_is_not_there_is_not_found);
  add ("/store/scans/delete", test_delete_takes_all_of_one_scan);
  add ("/store/computers/round-trip", test_computers_come_back_as_they_were);
  add ("/store/computers/retry", test_a_retry_replaces_the_row_and_moves_the_tally);
  add ("/store/computers/any-bytes", test_texts_of_any_bytes_are_stored);
  add ("/store/computers/find", test_computers_are_found_by_name_or_address);
  add ("/store/tally/order", test_tallies_come_in_order_of_code);
  add ("/store/foreach/order", test_rows_come_in_order_whatever_order_they_were_posted_in);
  add ("/store/foreach/one-moment", test_a_read_is_of_one_moment_and_holds_up_nobody);
  add ("/store/claim/one-holder", test_a_scan_has_one_holder);
  add ("/store/journal/announced-once", test_all_that_is_posted_is_announced_once);
  return g_test_run ();
}
