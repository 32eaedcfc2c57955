/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <libsecret/secret.h>
#include <string.h>

#include "keyring-fixture.h"

/* libsecret 0.20 loses the tag of a file and some contexts of calls; nothing else runs where it is waited for. */
const char *__lsan_default_suppressions (void);
const char *
__lsan_default_suppressions (void)
{
  return "leak:roll_vault_run_wait\nleak:secret_password_\n";
}

#define CANARY "Kanarienvogel-17 Ünï 🔑"
#define APPLICATION "application", "rollcall"

/* What another program would use. */
static const SecretSchema loose = {
  "io.github.rollcall.Credential",
  SECRET_SCHEMA_NONE,
  {
    { "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "id", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "username", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "scope", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "protocols", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "order", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { "saved", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static void
assert_names (GPtrArray *entries, const char *expected)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < entries->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? "," : "", ((RollVaultEntry *) entries->pdata[i])->name);
  g_assert_cmpstr (names->str, ==, expected);
}

static void
assert_listed (Keyring *keyring, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = vault_list (keyring->vault, TRUE, &error);

  g_assert_no_error (error);
  assert_names (entries, expected);
}

/* The sentence is there for a person to read in the log of the test. */
static void
assert_trouble (GError **error, RollVaultError code)
{
  g_assert_error (*error, ROLL_VAULT_ERROR, (gint) code);
  g_test_message ("%s", (*error)->message);
  g_assert_null (strstr ((*error)->message, CANARY));
  g_clear_error (error);
}

static GPtrArray *
array_of (RollVaultEntry *entry)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_vault_entry_unref);

  g_ptr_array_add (entries, roll_vault_entry_ref (entry));
  return entries;
}

static void
assert_password (Keyring *keyring, RollVaultEntry *entry, const char *password)
{
  g_autoptr (GPtrArray) entries = array_of (entry);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) credentials = vault_load (keyring->vault, entries, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (roll_secret_text (((RollCredential *) credentials->pdata[0])->password), ==, password);
}

/* All four calls end with @code. */
static void
assert_all_fail (Keyring *keyring, RollVaultEntry *entry, RollVaultError code)
{
  g_autoptr (GPtrArray) entries = array_of (entry);
  g_autoptr (RollVaultEntry) other = entry_new ("Another");
  g_autoptr (GPtrArray) listed = NULL;
  GError *error = NULL;

  listed = vault_list (keyring->vault, TRUE, &error);
  assert_trouble (&error, code);
  g_assert_cmpuint (listed->len, ==, 0);
  g_assert_null (vault_save (keyring->vault, other, CANARY, FALSE, &error));
  assert_trouble (&error, code);
  g_assert_null (vault_load (keyring->vault, entries, &error));
  assert_trouble (&error, code);
  g_assert_false (vault_remove (keyring->vault, entry, &error));
  assert_trouble (&error, code);
}

/* --- What is kept ------------------------------------------------------------------------------------------------ */

static void
test_add_list_load (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) entry = NULL;
  g_autoptr (RollVaultEntry) saved = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) credentials = NULL;
  g_autoptr (GError) error = NULL;
  const RollVaultEntry *listed;
  const RollCredential *loaded;

  keyring_start (keyring, TRUE);
  assert_listed (keyring, "");
  entry = roll_vault_entry_new (NULL, "Domain admin", "scanner@corp.example", "10.1.0.0/16;*.corp.example", "ntlm", &error);
  saved = vault_save (keyring->vault, entry, CANARY, FALSE, &error);
  g_assert_no_error (error);
  entries = vault_list (keyring->vault, TRUE, &error);
  g_assert_cmpuint (entries->len, ==, 1);
  listed = entries->pdata[0];
  g_assert_cmpstr (listed->id, ==, entry->id);
  g_assert_cmpstr (listed->account, ==, "scanner@corp.example");
  g_assert_cmpstr (listed->scope, ==, "10.1.0.0/16;*.corp.example");
  g_assert_cmpstr (listed->protocols, ==, "ntlm");
  g_assert_cmpstr (listed->order, ==, saved->order);
  g_assert_false (listed->session);
  credentials = vault_load (keyring->vault, entries, &error);
  g_assert_no_error (error);
  loaded = credentials->pdata[0];
  g_assert_cmpstr (loaded->name, ==, "Domain admin");
  g_assert_cmpstr (loaded->realm, ==, "corp.example");
  g_assert_cmpstr (loaded->scope[1], ==, "*.corp.example");
  g_assert_cmpint (loaded->protocols[0], ==, ROLL_PROTOCOL_NTLM);
  g_assert_cmpstr (roll_secret_text (loaded->password), ==, CANARY);
}

static RollVaultEntry *
save_changed (Keyring *keyring, RollVaultEntry *entry, const char *password)
{
  g_autoptr (RollVaultEntry) owned = entry;
  g_autoptr (GError) error = NULL;
  RollVaultEntry *saved = vault_save (keyring->vault, entry, password, FALSE, &error);

  g_assert_no_error (error);
  return saved;
}

static void
test_order (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (RollVaultEntry) b = NULL;
  g_autoptr (RollVaultEntry) c = NULL;
  g_autoptr (RollVaultEntry) first = NULL;
  g_autoptr (RollVaultEntry) middle = NULL;
  g_autoptr (RollVaultEntry) last = NULL;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", "secret of A");
  b = vault_add (keyring->vault, "B", "secret of B");
  c = vault_add (keyring->vault, "C", "secret of C");
  assert_listed (keyring, "A,B,C");
  first = save_changed (keyring, roll_vault_entry_new_moved (c, NULL, a), NULL);
  assert_listed (keyring, "C,A,B");
  middle = save_changed (keyring, roll_vault_entry_new_moved (b, first, a), NULL);
  assert_listed (keyring, "C,B,A");
  last = save_changed (keyring, roll_vault_entry_new_moved (first, a, NULL), NULL);
  assert_listed (keyring, "B,A,C");
  assert_password (keyring, last, "secret of C");
  assert_password (keyring, b, "secret of B");
}

static void
test_edit_and_remove (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (RollVaultEntry) b = NULL;
  g_autoptr (RollVaultEntry) edited = NULL;
  g_autoptr (RollVaultEntry) again = NULL;
  g_autoptr (GError) error = NULL;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", "old");
  b = vault_add (keyring->vault, "B", "other");
  edited = save_changed (keyring, roll_vault_entry_new (a, "Z", ".\\admin", "pc1", "ntlm", NULL), NULL);
  assert_listed (keyring, "Z,B");
  assert_password (keyring, edited, "old");
  again = save_changed (keyring, roll_vault_entry_ref (edited), "new");
  assert_listed (keyring, "Z,B");
  assert_password (keyring, again, "new");

  g_assert_true (vault_remove (keyring->vault, again, &error));
  assert_listed (keyring, "B");
  assert_password (keyring, b, "other");
  /* Undone: it is where it was. */
  g_clear_pointer (&again, roll_vault_entry_unref);
  again = save_changed (keyring, roll_vault_entry_ref (edited), "new");
  assert_listed (keyring, "Z,B");
}

static void
test_names (Keyring *keyring, gconstpointer data)
{
  g_autofree char *longest = g_strnfill (ROLL_VAULT_MAX_NAME, 'n');
  const char *const names[] = {
    "👩‍💻 Büro; [x] \"q\" \\ %s", "مدير النطاق", "\u202eright to left", "=cmd|' /C calc'!A0", "Süd", longest,
  };
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;

  keyring_start (keyring, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    roll_vault_entry_unref (vault_add (keyring->vault, names[i], names[i]));
  entries = vault_list (keyring->vault, TRUE, &error);
  g_assert_cmpuint (entries->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < entries->len; i++)
    {
      g_assert_cmpstr (((RollVaultEntry *) entries->pdata[i])->name, ==, names[i]);
      assert_password (keyring, entries->pdata[i], names[i]);
    }
}

static void
test_a_name_is_taken_once (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) first = NULL;
  g_autoptr (RollVaultEntry) second = entry_new ("Su\u0308d");
  GError *error = NULL;

  keyring_start (keyring, TRUE);
  first = vault_add (keyring->vault, "Süd", "x");
  g_assert_null (vault_save (keyring->vault, second, CANARY, FALSE, &error));
  assert_trouble (&error, ROLL_VAULT_ERROR_EXISTS);
  assert_listed (keyring, "Süd");
}

/* As another program would write them: much faster than by the vault, which looks at all there are before each. */
static void
store_accounts (guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Account %03u", i);
      g_autofree char *order = g_strdup_printf ("%03ui", i);
      g_autofree char *id = g_uuid_string_random ();
      g_autoptr (GError) error = NULL;

      secret_password_store_sync (&loose, NULL, name, name, NULL, &error, APPLICATION, "id", id, "name", name, "username",
                                  "CORP\\u", "scope", "", "protocols", "", "order", order, "saved", "1", NULL);
      g_assert_no_error (error);
    }
  secret_service_disconnect ();
}

static void
test_two_hundred (Keyring *keyring, gconstpointer data)
{
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) credentials = NULL;
  g_autoptr (GError) error = NULL;
  gint64 began;
  gint64 added;
  gint64 listed;

  keyring_start (keyring, TRUE);
  store_accounts (199);
  began = g_get_monotonic_time ();
  roll_vault_entry_unref (vault_add (keyring->vault, "Account 199", "Account 199"));
  added = g_get_monotonic_time ();
  entries = vault_list (keyring->vault, TRUE, &error);
  listed = g_get_monotonic_time ();
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, 200);
  credentials = vault_load (keyring->vault, entries, &error);
  g_assert_no_error (error);
  g_test_message ("the last of 200 added in %.3f s, all listed in %.3f s, loaded in %.3f s", (double) (added - began) / 1e6,
                  (double) (listed - added) / 1e6, (double) (g_get_monotonic_time () - listed) / 1e6);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("Account %03u", i);
      const RollCredential *credential = credentials->pdata[i];

      g_assert_cmpstr (credential->name, ==, name);
      g_assert_cmpstr (roll_secret_text (credential->password), ==, name);
    }
}

/* --- Other programs ---------------------------------------------------------------------------------------------- */

static void
test_removed_by_another_program (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (RollVaultEntry) b = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) in_use = NULL;
  GError *error = NULL;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", CANARY);
  b = vault_add (keyring->vault, "B", "x");
  entries = array_of (a);
  in_use = vault_load (keyring->vault, entries, &error);
  g_assert_true (secret_password_clear_sync (&loose, NULL, NULL, APPLICATION, "id", a->id, NULL));
  secret_service_disconnect ();

  assert_listed (keyring, "B");
  g_assert_null (vault_load (keyring->vault, entries, &error));
  g_assert_nonnull (strstr (error->message, "“A”"));
  assert_trouble (&error, ROLL_VAULT_ERROR_NOT_FOUND);
  g_assert_null (vault_save (keyring->vault, a, NULL, FALSE, &error));
  assert_trouble (&error, ROLL_VAULT_ERROR_NOT_FOUND);
  g_assert_false (vault_remove (keyring->vault, a, &error));
  assert_trouble (&error, ROLL_VAULT_ERROR_NOT_FOUND);
  /* What a scan has is still good. */
  g_assert_cmpstr (roll_secret_text (((RollCredential *) in_use->pdata[0])->password), ==, CANARY);
}

static void
count (gpointer n)
{
  ++*(guint *) n;
}

static void
wait_for_news (guint *n_news)
{
  while (*n_news == 0)
    g_main_context_iteration (NULL, TRUE);
  *n_news = 0;
}

/* One watches, and hears of what another one does. */
static void
test_other_programs_are_noticed (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVault) other = roll_vault_new ();
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (GError) error = NULL;
  guint n_news = 0;

  g_signal_connect_swapped (keyring->vault, "changed", G_CALLBACK (count), &n_news);
  roll_vault_watch (keyring->vault);
  wait_for_news (&n_news); /* that nobody is there */
  keyring_start (keyring, TRUE);
  wait_for_news (&n_news);
  a = vault_add (other, "A", CANARY);
  wait_for_news (&n_news);
  g_assert_true (vault_remove (other, a, &error));
  wait_for_news (&n_news);
  keyring_lock (keyring);
  wait_for_news (&n_news);
  keyring_stop (keyring);
  wait_for_news (&n_news);
}

static void
test_odd_items_are_passed_over (Keyring *keyring, gconstpointer data)
{
  static const char id[] = "0e8b2e4a-5c0f-4a4e-9d4e-3f1b6f0c7a11";
  g_autoptr (RollVaultEntry) a = NULL;

  keyring_start (keyring, TRUE);
  secret_password_store_sync (&loose, NULL, "bare", "x", NULL, NULL, APPLICATION, NULL);
  secret_password_store_sync (&loose, NULL, "bad account", "x", NULL, NULL, APPLICATION, "id", id, "name", "N",
                              "username", "A\\B\\C", "scope", "", "protocols", "", "order", "i", "saved", "1", NULL);
  secret_password_store_sync (&loose, NULL, "bad order", "x", NULL, NULL, APPLICATION, "id", id, "name", "N",
                              "username", "u", "scope", "", "protocols", "", "order", "Ä", "saved", "1", NULL);
  secret_password_store_sync (&loose, NULL, "bad id", "x", NULL, NULL, APPLICATION, "id", "1", "name", "N",
                              "username", "u", "scope", "", "protocols", "", "order", "i", "saved", "1", NULL);
  secret_service_disconnect ();
  a = vault_add (keyring->vault, "A", "x");
  assert_listed (keyring, "A");
}

/* A crash between writing the new item and removing the old one. */
static void
test_the_later_item_counts (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (GError) error = NULL;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "Later", "later");
  secret_password_store_sync (&loose, NULL, "left over", "earlier", NULL, NULL, APPLICATION, "id", a->id, "name",
                              "Earlier", "username", "u", "scope", "", "protocols", "", "order", "5", "saved", "12", NULL);
  secret_service_disconnect ();
  assert_listed (keyring, "Later");
  assert_password (keyring, a, "later");
  g_assert_true (vault_remove (keyring->vault, a, &error));
  assert_listed (keyring, "");
}

static void
test_a_keyring_that_is_restarted (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", CANARY);
  keyring_stop (keyring);
  keyring_start (keyring, TRUE);
  assert_listed (keyring, "A");
  assert_password (keyring, a, CANARY);
}

/* --- For this session only --------------------------------------------------------------------------------------- */

static void
test_session_without_a_keyring (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) entry = entry_new ("Session");
  g_autoptr (RollVaultEntry) namesake = entry_new ("Session");
  g_autoptr (RollVaultEntry) saved = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) none = NULL;
  GError *error = NULL;

  assert_all_fail (keyring, entry, ROLL_VAULT_ERROR_NO_SERVICE);
  saved = vault_save (keyring->vault, entry, CANARY, TRUE, &error);
  g_assert_no_error (error);
  g_assert_true (saved->session);
  g_assert_null (vault_save (keyring->vault, namesake, CANARY, TRUE, &error));
  assert_trouble (&error, ROLL_VAULT_ERROR_EXISTS);
  entries = vault_list (keyring->vault, TRUE, &error);
  assert_trouble (&error, ROLL_VAULT_ERROR_NO_SERVICE);
  assert_names (entries, "Session");
  assert_password (keyring, saved, CANARY);
  g_assert_true (vault_remove (keyring->vault, saved, &error));
  none = vault_list (keyring->vault, TRUE, &error);
  assert_trouble (&error, ROLL_VAULT_ERROR_NO_SERVICE);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_session_beside_the_keyring (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (RollVaultEntry) kept = NULL;
  g_autoptr (RollVaultEntry) hiding = NULL;
  g_autoptr (RollVaultEntry) moved = NULL;
  g_autoptr (RollVaultEntry) stored = NULL;
  g_autoptr (RollVaultEntry) entry = entry_new ("S");
  g_autoptr (GError) error = NULL;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", "kept");
  assert_listed (keyring, "A");
  kept = vault_save (keyring->vault, entry, CANARY, TRUE, &error);
  assert_listed (keyring, "A,S");
  {
    g_autoptr (RollVaultEntry) there = roll_vault_entry_new_moved (kept, NULL, a);

    moved = vault_save (keyring->vault, there, NULL, TRUE, &error);
  }
  assert_listed (keyring, "S,A");
  /* Another password for this session, and back again. */
  hiding = vault_save (keyring->vault, a, "for now", TRUE, &error);
  assert_listed (keyring, "S,A");
  assert_password (keyring, a, "for now");
  g_assert_true (vault_remove (keyring->vault, hiding, &error));
  assert_password (keyring, a, "kept");
  /* Kept from now on, with the password that is known already. */
  stored = vault_save (keyring->vault, moved, NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_false (stored->session);
  assert_listed (keyring, "S,A");
  assert_password (keyring, stored, CANARY);
}

/* --- Trouble ----------------------------------------------------------------------------------------------------- */

static void
test_locked (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (GPtrArray) none = NULL;
  GError *error = NULL;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", CANARY);
  keyring_lock (keyring);
  none = vault_list (keyring->vault, FALSE, &error);
  assert_trouble (&error, ROLL_VAULT_ERROR_LOCKED);
  /* Nobody is there to show the question, which the keyring calls dismissed. */
  assert_all_fail (keyring, a, ROLL_VAULT_ERROR_DISMISSED);
}

static SilentService *
silent_prompter (void)
{
  SilentService *prompter = silent_service_new ("org.gnome.keyring.SystemPrompter");

  silent_service_accept (prompter, "BeginPrompting");
  return prompter;
}

static void
test_a_question_nobody_answers (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) a = NULL;
  SilentService *prompter;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", CANARY);
  keyring_lock (keyring);
  prompter = silent_prompter ();
  roll_vault_set_timeout (keyring->vault, 300);
  assert_all_fail (keyring, a, ROLL_VAULT_ERROR_TIMED_OUT);
  silent_service_free (prompter);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
on_enough (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_waiting_can_be_stopped (Keyring *keyring, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RollVaultEntry) a = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GError) error = NULL;
  SilentService *prompter;

  keyring_start (keyring, TRUE);
  a = vault_add (keyring->vault, "A", CANARY);
  keyring_lock (keyring);
  prompter = silent_prompter ();
  roll_vault_list_async (keyring->vault, TRUE, cancellable, on_listed, &result);
  g_timeout_add (100, on_enough, cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  entries = roll_vault_list_finish (keyring->vault, result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  silent_service_free (prompter);
}

static void
test_a_service_that_says_nothing (Keyring *keyring, gconstpointer data)
{
  SilentService *service = silent_service_new ("org.freedesktop.secrets");
  g_autoptr (RollVaultEntry) entry = entry_new ("A");

  roll_vault_set_timeout (keyring->vault, 300);
  assert_all_fail (keyring, entry, ROLL_VAULT_ERROR_TIMED_OUT);
  silent_service_free (service);
}

/* A new user: there is nothing yet, and to make a keyring its password would have to be asked. */
static void
test_no_keyring_yet (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) entry = entry_new ("A");
  GError *error = NULL;

  keyring_start (keyring, FALSE);
  assert_listed (keyring, "");
  g_assert_null (vault_save (keyring->vault, entry, CANARY, FALSE, &error));
  assert_trouble (&error, ROLL_VAULT_ERROR_DISMISSED);
}

static void
test_bad_passwords (Keyring *keyring, gconstpointer data)
{
  g_autoptr (RollVaultEntry) entry = entry_new ("A");
  g_autofree char *too_long = g_strnfill (ROLL_VAULT_MAX_PASSWORD + 1, 'p');
  const char *const bad[] = { "", too_long, "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (vault_save (keyring->vault, entry, bad[i], FALSE, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

#define add(path, func) g_test_add ("/vault/" path, Keyring, NULL, keyring_set_up, func, keyring_tear_down)

static void
add_tests_of_any_keyring (void)
{
  add ("add-list-load", test_add_list_load);
  add ("order", test_order);
  add ("edit-and-remove", test_edit_and_remove);
  add ("names", test_names);
  add ("name-is-taken", test_a_name_is_taken_once);
  add ("two-hundred", test_two_hundred);
  add ("removed-by-another", test_removed_by_another_program);
  add ("odd-items", test_odd_items_are_passed_over);
  add ("later-item", test_the_later_item_counts);
  add ("session-beside", test_session_beside_the_keyring);
  add ("bad-passwords", test_bad_passwords);
}

static void
add_tests_of_the_service (void)
{
  add ("session-without", test_session_without_a_keyring);
  add ("restarted", test_a_keyring_that_is_restarted);
  add ("noticed", test_other_programs_are_noticed);
  add ("locked", test_locked);
  add ("question-unanswered", test_a_question_nobody_answers);
  add ("stopped", test_waiting_can_be_stopped);
  add ("silent", test_a_service_that_says_nothing);
  add ("none-yet", test_no_keyring_yet);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  keyring_begin ();
  add_tests_of_any_keyring ();
  if (!keyring_is_file ())
    add_tests_of_the_service ();
  status = g_test_run ();
  keyring_end ();
  return status;
}
