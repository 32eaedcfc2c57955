/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/roll-vault-keyring.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "vault/roll-vault-order.h"
#include "vault/roll-vault.h"

#define APPLICATION "rollcall"
#define SEARCHES 3

/* "application" alone tells our items in the file backend, which does not keep the schema's name. "saved" is when, in
 * microseconds: of two items with one id, left by a crash between writing the new and removing the old, the later one counts. */
static const SecretSchema schema = {
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

/* One item as it was found. */
typedef struct
{
  RollVaultEntry *entry;
  SecretRetrievable *retrievable;
  guint64 saved;
  gboolean outdated; /* there is a later one */
} Item;

static void
item_free (gpointer data)
{
  Item *item = data;

  roll_vault_entry_unref (item->entry);
  g_object_unref (item->retrievable);
  g_free (item);
}

/* --- Attributes -------------------------------------------------------------------------------------------------- */

static GHashTable *
all_attributes (void)
{
  GHashTable *attributes = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_insert (attributes, (char *) "application", (char *) APPLICATION);
  return attributes;
}

/* Borrows what is in @entry. */
static GHashTable *
entry_attributes (const RollVaultEntry *entry, char *saved)
{
  GHashTable *attributes = all_attributes ();

  g_hash_table_insert (attributes, (char *) "id", entry->id);
  g_hash_table_insert (attributes, (char *) "name", entry->name);
  g_hash_table_insert (attributes, (char *) "username", entry->account);
  g_hash_table_insert (attributes, (char *) "scope", entry->scope);
  g_hash_table_insert (attributes, (char *) "protocols", entry->protocols);
  g_hash_table_insert (attributes, (char *) "order", entry->order);
  g_hash_table_insert (attributes, (char *) "saved", saved);
  return attributes;
}

static gboolean
is_complete (GHashTable *attributes)
{
  static const char *const needed[] = { "id", "name", "username", "scope", "protocols", "order", "saved" };

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (g_hash_table_lookup (attributes, needed[i]) == NULL)
      return FALSE;
  return roll_vault_order_is_valid (g_hash_table_lookup (attributes, "order")) &&
         g_uuid_string_is_valid (g_hash_table_lookup (attributes, "id"));
}

/* Other programs can write there as well. */
static RollVaultEntry *
read_entry (GHashTable *attributes)
{
  g_autoptr (GError) error = NULL;
  RollVaultEntry *entry = NULL;

  if (is_complete (attributes))
    {
      const RollVaultEntry place = {
        .id = g_hash_table_lookup (attributes, "id"),
        .order = g_hash_table_lookup (attributes, "order"),
      };

      entry = roll_vault_entry_new (&place, g_hash_table_lookup (attributes, "name"),
                                    g_hash_table_lookup (attributes, "username"),
                                    g_hash_table_lookup (attributes, "scope"),
                                    g_hash_table_lookup (attributes, "protocols"), &error);
    }
  if (entry == NULL)
    g_debug ("keyring: an item is passed over: %s", error != NULL ? error->message : "attributes are missing");
  return entry;
}

/* --- Finding ----------------------------------------------------------------------------------------------------- */

static void
add_item (GPtrArray *items, SecretRetrievable *retrievable)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (retrievable);
  RollVaultEntry *entry = attributes != NULL ? read_entry (attributes) : NULL;
  Item *item;

  if (entry == NULL)
    return;
  item = g_new0 (Item, 1);
  item->entry = entry;
  item->retrievable = g_object_ref (retrievable);
  item->saved = g_ascii_strtoull (g_hash_table_lookup (attributes, "saved"), NULL, 10);
  g_ptr_array_add (items, item);
}

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const Item *first = *(const Item *const *) a;
  const Item *second = *(const Item *const *) b;

  return roll_vault_entry_compare (first->entry, second->entry);
}

static void
mark_outdated (GPtrArray *items)
{
  g_autoptr (GHashTable) latest = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < items->len; i++)
    {
      Item *item = items->pdata[i];
      Item *other = g_hash_table_lookup (latest, item->entry->id);

      if (other != NULL && other->saved >= item->saved)
        item->outdated = TRUE;
      else
        {
          if (other != NULL)
            other->outdated = TRUE;
          g_hash_table_insert (latest, item->entry->id, item);
        }
    }
}

/* A scan need not end when the session bus does, as GDBus would have it. */
static void
outlive_bus (GList *found)
{
  if (found != NULL && SECRET_IS_ITEM (found->data))
    g_dbus_connection_set_exit_on_close (g_dbus_proxy_get_connection (found->data), FALSE);
}

static gboolean
search_once (RollVaultRun *run, GList **ret_found, GError **ret_trouble, GError **error)
{
  g_autoptr (GHashTable) attributes = all_attributes ();
  g_autoptr (GAsyncResult) result = NULL;

  secret_password_searchv (&schema, attributes, SECRET_SEARCH_ALL, run->cancellable, roll_vault_run_take,
                           roll_vault_run_begin (run, FALSE));
  result = roll_vault_run_wait (run, error);
  if (result != NULL)
    *ret_found = secret_password_search_finish (result, ret_trouble);
  return result != NULL;
}

/* An item that goes while it is being looked at, by another program's hand, fails the whole search. */
static gboolean
search (RollVaultRun *run, GList **ret_found, GError **error)
{
  GError *trouble = NULL;

  for (guint i = 0; i < SEARCHES; i++)
    {
      g_clear_error (&trouble);
      if (!search_once (run, ret_found, &trouble, error))
        return FALSE;
      if (!g_error_matches (trouble, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT))
        break;
    }
  outlive_bus (*ret_found);
  return trouble == NULL || roll_vault_run_fail (run, trouble, error);
}

/* (transfer container) */
static GList *
list_locked (GList *found)
{
  GList *locked = NULL;

  for (GList *l = found; l != NULL; l = l->next)
    if (SECRET_IS_ITEM (l->data) && secret_item_get_locked (l->data))
      locked = g_list_prepend (locked, l->data);
  return locked;
}

static gboolean
ask_to_unlock (RollVaultRun *run, GList *locked, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *trouble = NULL;

  secret_service_unlock (NULL, locked, run->cancellable, roll_vault_run_take, roll_vault_run_begin (run, TRUE));
  result = roll_vault_run_wait (run, error);
  if (result == NULL)
    return FALSE;
  secret_service_unlock_finish (NULL, result, NULL, &trouble);
  return trouble == NULL || roll_vault_run_fail (run, trouble, error);
}

static gboolean
fail_locked (GList *found, RollVaultError code, GError **error)
{
  g_list_free_full (found, g_object_unref);
  roll_vault_set_error (error, code, NULL);
  return FALSE;
}

/* A locked item does not even tell its name. */
static gboolean
search_unlocked (RollVaultRun *run, gboolean unlock, GList **ret_found, GError **error)
{
  g_autoptr (GList) locked = NULL;
  GList *found = NULL;
  gboolean asked;

  if (!search (run, &found, error))
    return FALSE;
  locked = list_locked (found);
  if (locked != NULL && !unlock)
    return fail_locked (found, ROLL_VAULT_ERROR_LOCKED, error);
  if (locked != NULL)
    {
      asked = ask_to_unlock (run, locked, error);
      g_list_free_full (g_steal_pointer (&found), g_object_unref);
      g_clear_pointer (&locked, g_list_free);
      if (!asked || !search (run, &found, error))
        return FALSE;
      locked = list_locked (found);
      if (locked != NULL)
        return fail_locked (found, ROLL_VAULT_ERROR_DISMISSED, error);
    }
  *ret_found = found;
  return TRUE;
}

/* (element-type Item): in order */
static GPtrArray *
find_items (RollVaultRun *run, gboolean unlock, GError **error)
{
  GList *found = NULL;
  GPtrArray *items;

  if (!search_unlocked (run, unlock, &found, error))
    return NULL;
  items = g_ptr_array_new_with_free_func (item_free);
  for (GList *l = found; l != NULL; l = l->next)
    add_item (items, l->data);
  g_list_free_full (found, g_object_unref);
  g_ptr_array_sort (items, compare_items);
  mark_outdated (items);
  return items;
}

static Item *
find_item (GPtrArray *items, const char *id)
{
  for (guint i = 0; i < items->len; i++)
    {
      Item *item = items->pdata[i];

      if (!item->outdated && strcmp (item->entry->id, id) == 0)
        return item;
    }
  return NULL;
}

static GPtrArray *
list_entries (GPtrArray *items)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_vault_entry_unref);

  for (guint i = 0; i < items->len; i++)
    {
      Item *item = items->pdata[i];

      if (!item->outdated)
        g_ptr_array_add (entries, roll_vault_entry_ref (item->entry));
    }
  return entries;
}

GPtrArray *
roll_vault_keyring_list (RollVaultRun *run, gboolean unlock, GError **error)
{
  g_autoptr (GPtrArray) items = find_items (run, unlock, error);

  return items != NULL ? list_entries (items) : NULL;
}

/* --- Secrets ----------------------------------------------------------------------------------------------------- */

/* libsecret's own copy lives no longer than the item. */
static SecretValue *
retrieve (RollVaultRun *run, Item *item, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *trouble = NULL;
  SecretValue *value;

  secret_retrievable_retrieve_secret (item->retrievable, run->cancellable, roll_vault_run_take,
                                      roll_vault_run_begin (run, FALSE));
  result = roll_vault_run_wait (run, error);
  if (result == NULL)
    return NULL;
  value = secret_retrievable_retrieve_secret_finish (item->retrievable, result, &trouble);
  if (trouble != NULL)
    roll_vault_run_fail (run, trouble, error);
  else if (value == NULL)
    roll_vault_set_error (error, ROLL_VAULT_ERROR_NOT_FOUND, item->entry->name);
  return value;
}

static RollCredential *
load (RollVaultRun *run, Item *item, GError **error)
{
  SecretValue *value = retrieve (run, item, error);
  g_autoptr (RollSecret) password = NULL;
  const char *text;
  gsize length;

  if (value == NULL)
    return NULL;
  text = secret_value_get (value, &length);
  password = roll_secret_new (text, length);
  secret_value_unref (value);
  if (!roll_vault_password_check (password, error))
    return NULL;
  return roll_vault_entry_get_credential (item->entry, g_steal_pointer (&password), error);
}

gboolean
roll_vault_keyring_load (RollVaultRun *run, GPtrArray *entries, GPtrArray *credentials, GError **error)
{
  g_autoptr (GPtrArray) items = find_items (run, TRUE, error);

  if (items == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const RollVaultEntry *entry = entries->pdata[i];
      Item *item = credentials->pdata[i] == NULL ? find_item (items, entry->id) : NULL;

      if (credentials->pdata[i] != NULL)
        continue;
      if (item == NULL)
        {
          roll_vault_set_error (error, ROLL_VAULT_ERROR_NOT_FOUND, entry->name);
          return FALSE;
        }
      credentials->pdata[i] = load (run, item, error);
      if (credentials->pdata[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

/* --- Writing ----------------------------------------------------------------------------------------------------- */

/* Where there is no keyring yet, one is made, after asking for its password. */
static gboolean
is_not_made (const GError *trouble)
{
  return g_error_matches (trouble, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) ||
         g_error_matches (trouble, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
         g_error_matches (trouble, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT);
}

static gboolean
fail_to_store (RollVaultRun *run, GError *trouble, GError **error)
{
  if (run->stopped || run->timed_out || !is_not_made (trouble))
    return roll_vault_run_fail (run, trouble, error);
  roll_vault_set_error (error, ROLL_VAULT_ERROR_DISMISSED, NULL);
  g_error_free (trouble);
  return FALSE;
}

static gboolean
store (RollVaultRun *run, const RollVaultEntry *entry, SecretValue *value, GError **error)
{
  g_autofree char *saved = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time ());
  g_autofree char *label = g_strdup_printf (_("Rollcall: %s"), entry->name);
  g_autoptr (GHashTable) attributes = entry_attributes (entry, saved);
  g_autoptr (GAsyncResult) result = NULL;
  GError *trouble = NULL;

  secret_password_storev_binary (&schema, attributes, SECRET_COLLECTION_DEFAULT, label, value, run->cancellable,
                                 roll_vault_run_take, roll_vault_run_begin (run, TRUE));
  result = roll_vault_run_wait (run, error);
  if (result == NULL)
    return FALSE;
  secret_password_store_finish (result, &trouble);
  return trouble == NULL || fail_to_store (run, trouble, error);
}

static gboolean
clear (RollVaultRun *run, Item *item, GError **error)
{
  g_autofree char *saved = g_strdup_printf ("%" G_GUINT64_FORMAT, item->saved);
  g_autoptr (GHashTable) attributes = all_attributes ();
  g_autoptr (GAsyncResult) result = NULL;
  GError *trouble = NULL;

  g_hash_table_insert (attributes, (char *) "id", item->entry->id);
  g_hash_table_insert (attributes, (char *) "saved", saved);
  secret_password_clearv (&schema, attributes, run->cancellable, roll_vault_run_take, roll_vault_run_begin (run, FALSE));
  result = roll_vault_run_wait (run, error);
  if (result == NULL)
    return FALSE;
  secret_password_clear_finish (result, &trouble);
  return trouble == NULL || roll_vault_run_fail (run, trouble, error);
}

static gboolean
clear_all (RollVaultRun *run, GPtrArray *items, const char *id, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      Item *item = items->pdata[i];

      if (strcmp (item->entry->id, id) == 0 && !clear (run, item, error))
        return FALSE;
    }
  return TRUE;
}

static SecretValue *
find_value (RollVaultRun *run, GPtrArray *items, const RollVaultEntry *entry, const RollSecret *password, GError **error)
{
  Item *item;

  if (password != NULL)
    return secret_value_new (roll_secret_text (password), (gssize) roll_secret_length (password), "text/plain");
  item = find_item (items, entry->id);
  if (item != NULL)
    return retrieve (run, item, error);
  roll_vault_set_error (error, ROLL_VAULT_ERROR_NOT_FOUND, entry->name);
  return NULL;
}

const RollVaultEntry *
roll_vault_find_namesake (GPtrArray *entries, const RollVaultEntry *entry)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const RollVaultEntry *other = entries->pdata[i];

      if (strcmp (other->id, entry->id) != 0 && roll_vault_entry_has_name (other, entry->name))
        return other;
    }
  return NULL;
}

char *
roll_vault_order_behind (GPtrArray *entries, const char *last)
{
  for (guint i = 0; i < entries->len; i++)
    {
      const RollVaultEntry *entry = entries->pdata[i];

      if (strcmp (entry->order, last) > 0)
        last = entry->order;
    }
  return roll_vault_order_between (last, "");
}

static RollVaultEntry *
place (const RollVaultEntry *entry, GPtrArray *entries)
{
  g_autofree char *order = *entry->order != '\0' ? g_strdup (entry->order) : roll_vault_order_behind (entries, "");

  return roll_vault_entry_copy (entry, order, FALSE);
}

RollVaultEntry *
roll_vault_keyring_save (RollVaultRun *run, const RollVaultEntry *entry, const RollSecret *password, GPtrArray *taken,
                         GError **error)
{
  g_autoptr (GPtrArray) items = find_items (run, TRUE, error);
  g_autoptr (GPtrArray) entries = items != NULL ? list_entries (items) : NULL;
  g_autoptr (RollVaultEntry) placed = NULL;
  SecretValue *value;
  gboolean stored;

  if (items == NULL)
    return NULL;
  for (guint i = 0; i < taken->len; i++)
    g_ptr_array_add (entries, roll_vault_entry_ref (taken->pdata[i]));
  if (roll_vault_find_namesake (entries, entry) != NULL)
    {
      roll_vault_set_error (error, ROLL_VAULT_ERROR_EXISTS, entry->name);
      return NULL;
    }
  value = find_value (run, items, entry, password, error);
  if (value == NULL)
    return NULL;
  placed = place (entry, entries);
  stored = store (run, placed, value, error);
  secret_value_unref (value);
  return stored && clear_all (run, items, entry->id, error) ? g_steal_pointer (&placed) : NULL;
}

gboolean
roll_vault_keyring_remove (RollVaultRun *run, const RollVaultEntry *entry, GError **error)
{
  g_autoptr (GPtrArray) items = find_items (run, TRUE, error);

  if (items == NULL)
    return FALSE;
  if (find_item (items, entry->id) != NULL)
    return clear_all (run, items, entry->id, error);
  roll_vault_set_error (error, ROLL_VAULT_ERROR_NOT_FOUND, entry->name);
  return FALSE;
}
