/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-credentials-list.h"

#include <glib/gi18n.h>

#include "app/roll-credential-row.h"
#include "app/roll-credential-wizard.h"

/* Rows are made so many at a time, and what the person does is answered in between. */
#define ROWS_AT_ONCE 15
#define REMOVED "roll-removed" /* of an undo toast */

struct _RollCredentialsList
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *trouble_box;
  GtkLabel *trouble_label;
  GtkButton *trouble_button;
  GtkListBox *list;
  GtkLabel *placeholder;
  GtkWidget *add_button;

  RollVault *vault;
  RollLibrary *library;
  gboolean choosing;
  RollScanOptions *options;

  GPtrArray *entries;  /* (element-type RollVaultEntry): in order */
  GHashTable *rows;    /* id -> RollCredentialRow */
  GHashTable *chosen;  /* ids, also of those that are not read yet */
  char **wanted;       /* (nullable): names of those to be chosen as soon as they are read */
  GHashTable *hidden;  /* ids of those being removed by this list, or just removed */
  GHashTable *unsaved; /* ids of those that were moved */
  guint rows_source;
  char *focus_id;      /* (nullable): gets the keyboard when it has a row */
  GCancellable *listing; /* (nullable): the list is being read */
  gboolean list_again;
  gboolean listed;     /* at least once */
  gboolean unlocking;  /* the person waits for the list */
  gboolean saving;
  GError *trouble;     /* (nullable): why those of the keyring are missing */
  AdwToast *toast;     /* (nullable): the last one that undoes; weak */
};

enum
{
  PROP_0,
  PROP_VAULT,
  PROP_LIBRARY,
  PROP_CHOOSING,
  N_PROPS,
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCredentialsList, roll_credentials_list, GTK_TYPE_WIDGET)

static void list_entries (RollCredentialsList *self, gboolean unlock);

static void
emit_changed (RollCredentialsList *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static int
find_entry (RollCredentialsList *self, const char *id)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_str_equal (((RollVaultEntry *) self->entries->pdata[i])->id, id))
      return (int) i;
  return -1;
}

static GPtrArray *
new_entries (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) roll_vault_entry_unref);
}

/* --- Toasts --- */

/* Returns: (nullable): shown already; texts of others are escaped by the caller */
static AdwToast *
show_toast (RollCredentialsList *self, const char *markup)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  AdwToast *toast;

  if (overlay == NULL)
    return NULL;
  toast = adw_toast_new (markup);
  adw_toast_set_timeout (toast, 10);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  return toast;
}

static void
show_error (RollCredentialsList *self, const GError *error)
{
  g_autofree char *markup = g_markup_escape_text (error->message, -1);

  show_toast (self, markup);
}

/* What is being changed is changed, also when the window is closed meanwhile. */
static void
hold (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_hold (application);
}

static void
release (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_release (application);
}

static gboolean
is_alive (RollCredentialsList *self)
{
  return self->vault != NULL;
}

/* --- Rows --- */

static int
compare_rows (GtkListBoxRow *a, GtkListBoxRow *b, gpointer user_data)
{
  return roll_vault_entry_compare (roll_credential_row_get_entry (ROLL_CREDENTIAL_ROW (a)),
                                   roll_credential_row_get_entry (ROLL_CREDENTIAL_ROW (b)));
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return roll_vault_entry_compare (*(const RollVaultEntry *const *) a, *(const RollVaultEntry *const *) b);
}

static void
on_row_toggled (RollCredentialRow *row, RollCredentialsList *self)
{
  const char *id = roll_credential_row_get_entry (row)->id;
  gboolean changed;

  if (roll_credential_row_is_chosen (row))
    changed = g_hash_table_add (self->chosen, g_strdup (id));
  else
    changed = g_hash_table_remove (self->chosen, id);
  if (changed)
    emit_changed (self);
}

static void
focus_wanted_row (RollCredentialsList *self)
{
  GtkWidget *row = self->focus_id != NULL ? g_hash_table_lookup (self->rows, self->focus_id) : NULL;

  if (row == NULL || !gtk_widget_get_visible (row))
    return;
  g_clear_pointer (&self->focus_id, g_free);
  gtk_widget_grab_focus (row);
}

static void
add_row (RollCredentialsList *self, RollVaultEntry *entry)
{
  GtkWidget *row = roll_credential_row_new (self->choosing);

  roll_credential_row_set_entry (ROLL_CREDENTIAL_ROW (row), entry);
  roll_credential_row_set_chosen (ROLL_CREDENTIAL_ROW (row), g_hash_table_contains (self->chosen, entry->id));
  gtk_widget_set_visible (row, !g_hash_table_contains (self->hidden, entry->id));
  g_signal_connect (row, "toggled", G_CALLBACK (on_row_toggled), self);
  g_hash_table_insert (self->rows, g_strdup (entry->id), row);
  gtk_list_box_insert (self->list, row, -1);
}

static gboolean
add_some_rows (gpointer user_data)
{
  RollCredentialsList *self = user_data;
  guint n_added = 0;

  for (guint i = 0; i < self->entries->len && n_added < ROWS_AT_ONCE; i++)
    {
      RollVaultEntry *entry = self->entries->pdata[i];

      if (g_hash_table_contains (self->rows, entry->id))
        continue;
      add_row (self, entry);
      n_added++;
    }
  focus_wanted_row (self);
  if (n_added == ROWS_AT_ONCE)
    return G_SOURCE_CONTINUE;
  self->rows_source = 0;
  return G_SOURCE_REMOVE;
}

static void
remove_old_rows (RollCredentialsList *self)
{
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, &row))
    if (find_entry (self, id) < 0)
      {
        gtk_list_box_remove (self->list, row);
        g_hash_table_iter_remove (&iter);
      }
}

static void
update_rows (RollCredentialsList *self)
{
  remove_old_rows (self);
  for (guint i = 0; i < self->entries->len; i++)
    {
      RollVaultEntry *entry = self->entries->pdata[i];
      RollCredentialRow *row = g_hash_table_lookup (self->rows, entry->id);

      if (row == NULL || roll_credential_row_get_entry (row) == entry)
        continue;
      roll_credential_row_set_entry (row, entry);
      gtk_list_box_row_changed (GTK_LIST_BOX_ROW (row));
    }
  if (self->rows_source == 0 && add_some_rows (self))
    self->rows_source = g_idle_add (add_some_rows, self);
}

/* --- Trouble with the keyring --- */

static const char *
unlock_label (const GError *trouble)
{
  if (g_error_matches (trouble, ROLL_VAULT_ERROR, ROLL_VAULT_ERROR_LOCKED))
    return _("_Unlock…");
  return _("_Try Again");
}

static void
update_trouble (RollCredentialsList *self)
{
  gtk_widget_set_visible (self->trouble_box, self->trouble != NULL);
  if (self->trouble != NULL)
    {
      g_autofree char *text = g_strdup_printf ("%s %s", self->trouble->message,
                                               _("Meanwhile you can add credentials for this session only."));

      gtk_label_set_label (self->trouble_label, text);
      gtk_button_set_label (self->trouble_button, unlock_label (self->trouble));
      gtk_button_set_use_underline (self->trouble_button, TRUE);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "credentials.unlock", !self->unlocking);
  if (!self->listed)
    gtk_label_set_label (self->placeholder, _("Asking the keyring…"));
  else if (self->trouble != NULL)
    gtk_label_set_label (self->placeholder, _("None for this session yet"));
  else
    gtk_label_set_label (self->placeholder, _("No credentials yet. Add the account that may read the inventory of your computers."));
}

/* --- Listing --- */

static gboolean
is_same (const RollVaultEntry *a, const RollVaultEntry *b)
{
  return g_str_equal (a->id, b->id) && g_str_equal (a->name, b->name) && g_str_equal (a->account, b->account)
         && g_str_equal (a->scope, b->scope) && g_str_equal (a->protocols, b->protocols)
         && g_str_equal (a->order, b->order) && a->session == b->session;
}

/* Keeps the old ones where nothing has changed. Returns: whether anything has */
static gboolean
take_entries (RollCredentialsList *self, GPtrArray *entries)
{
  gboolean changed = entries->len != self->entries->len;

  for (guint i = 0; i < entries->len; i++)
    {
      int place = find_entry (self, ((RollVaultEntry *) entries->pdata[i])->id);
      RollVaultEntry *old = place >= 0 ? self->entries->pdata[place] : NULL;

      if (old == NULL || !is_same (old, entries->pdata[i]))
        {
          changed = TRUE;
          continue;
        }
      roll_vault_entry_unref (entries->pdata[i]);
      entries->pdata[i] = roll_vault_entry_ref (old);
    }
  return changed;
}

/* Each name counts once: what the person unchecks stays so. */
static void
choose_wanted (RollCredentialsList *self)
{
  for (guint i = 0; self->wanted != NULL && i < self->entries->len; i++)
    {
      const RollVaultEntry *entry = self->entries->pdata[i];

      for (char **name = self->wanted; *name != NULL; name++)
        if (**name != '\0' && roll_vault_entry_has_name (entry, *name))
          {
            g_hash_table_add (self->chosen, g_strdup (entry->id));
            **name = '\0';
          }
    }
}

/* Said only where the keyring could be read: otherwise they are just not seen. */
static void
tell_gone (RollCredentialsList *self, GPtrArray *before)
{
  for (guint i = 0; i < before->len; i++)
    {
      const RollVaultEntry *entry = before->pdata[i];
      g_autofree char *text = NULL;
      g_autofree char *markup = NULL;

      if (entry->session || find_entry (self, entry->id) >= 0 || g_hash_table_contains (self->hidden, entry->id))
        continue;
      text = g_strdup_printf (_("“%s” was removed from the keyring by another program."), entry->name);
      markup = g_markup_escape_text (text, -1);
      show_toast (self, markup);
      g_hash_table_remove (self->chosen, entry->id);
    }
}

static void
show_listed (RollCredentialsList *self, GPtrArray *entries)
{
  gboolean changed = take_entries (self, entries);
  gboolean was_waiting = !self->listed && gtk_widget_is_focus (self->add_button);
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->entries);

  self->entries = g_ptr_array_ref (entries);
  self->listed = TRUE;
  choose_wanted (self);
  update_trouble (self);
  update_rows (self);
  if (self->trouble == NULL)
    tell_gone (self, before);
  if (was_waiting)
    gtk_widget_grab_focus (GTK_WIDGET (self));
  if (changed)
    emit_changed (self);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCredentialsList) self = user_data;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) entries = roll_vault_list_finish (ROLL_VAULT (source), result, &trouble);
  gboolean was_unlocking;

  if (!is_alive (self))
    return;
  g_clear_object (&self->listing);
  g_clear_error (&self->trouble);
  self->trouble = g_steal_pointer (&trouble);
  if (self->saving)
    return;
  if (self->list_again)
    {
      list_entries (self, self->unlocking);
      return;
    }
  was_unlocking = self->unlocking;
  self->unlocking = FALSE;
  show_listed (self, entries);
  if (was_unlocking)
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
list_entries (RollCredentialsList *self, gboolean unlock)
{
  self->list_again = self->listing != NULL || self->saving;
  if (self->list_again)
    return;
  self->listing = g_cancellable_new ();
  roll_vault_list_async (self->vault, unlock, self->listing, on_listed, g_object_ref (self));
  update_trouble (self);
}

static void
on_vault_changed (RollCredentialsList *self)
{
  list_entries (self, FALSE);
}

static void
unlock (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (widget);

  self->unlocking = TRUE;
  list_entries (self, TRUE);
}

/* --- Putting in order --- */

static void save_next (RollCredentialsList *self);

static void
on_moved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCredentialsList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollVaultEntry) entry = roll_vault_save_finish (ROLL_VAULT (source), result, &error);

  release ();
  self->saving = FALSE;
  if (entry == NULL)
    g_hash_table_remove_all (self->unsaved);
  if (!is_alive (self))
    return;
  if (entry == NULL)
    show_error (self, error);
  save_next (self);
}

/* One after the other: two changes of one item at once would leave two of it. */
static void
save_next (RollCredentialsList *self)
{
  GHashTableIter iter;
  gpointer id;
  int place = -1;

  if (self->saving)
    return;
  g_hash_table_iter_init (&iter, self->unsaved);
  while (place < 0 && g_hash_table_iter_next (&iter, &id, NULL))
    {
      place = find_entry (self, id);
      g_hash_table_iter_remove (&iter);
    }
  if (place >= 0)
    {
      RollVaultEntry *entry = self->entries->pdata[place];

      self->saving = TRUE;
      hold ();
      roll_vault_save_async (self->vault, entry, NULL, entry->session, NULL, on_moved, g_object_ref (self));
    }
  else
    list_entries (self, FALSE);
}

/* @to: its place among the others, once it is taken out */
static void
move_entry (RollCredentialsList *self, guint from, guint to)
{
  g_autoptr (RollVaultEntry) entry = roll_vault_entry_ref (self->entries->pdata[from]);
  RollVaultEntry *moved;

  if (from == to || to >= self->entries->len)
    return;
  g_ptr_array_remove_index (self->entries, from);
  moved = roll_vault_entry_new_moved (entry, to > 0 ? self->entries->pdata[to - 1] : NULL,
                                      to < self->entries->len ? self->entries->pdata[to] : NULL);
  g_ptr_array_add (self->entries, moved);
  g_ptr_array_sort (self->entries, compare_entries);
  g_hash_table_add (self->unsaved, g_strdup (moved->id));
  update_rows (self);
  emit_changed (self);
  save_next (self);
}

static RollCredentialRow *
find_focused_row (RollCredentialsList *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *row = focus != NULL ? gtk_widget_get_ancestor (focus, ROLL_TYPE_CREDENTIAL_ROW) : NULL;

  return row != NULL && gtk_widget_is_ancestor (row, GTK_WIDGET (self)) ? ROLL_CREDENTIAL_ROW (row) : NULL;
}

static void
move_focused (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (widget);
  RollCredentialRow *row = find_focused_row (self);
  int from, to;

  if (row == NULL)
    return;
  from = find_entry (self, roll_credential_row_get_entry (row)->id);
  to = from + g_variant_get_int32 (parameter);
  if (from < 0 || to < 0 || to >= (int) self->entries->len)
    return;
  move_entry (self, (guint) from, (guint) to);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static GdkContentProvider *
on_drag_prepare (GtkDragSource *source, double x, double y, RollCredentialsList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_y (self->list, (int) y);

  return row != NULL ? gdk_content_provider_new_typed (ROLL_TYPE_CREDENTIAL_ROW, row) : NULL;
}

static void
on_drag_begin (GtkDragSource *source, GdkDrag *drag, RollCredentialsList *self)
{
  g_autoptr (GdkContentProvider) content = g_object_ref (gdk_drag_get_content (drag));
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GdkPaintable) picture = NULL;

  g_value_init (&value, ROLL_TYPE_CREDENTIAL_ROW);
  if (!gdk_content_provider_get_value (content, &value, NULL))
    return;
  picture = gtk_widget_paintable_new (g_value_get_object (&value));
  gtk_drag_source_set_icon (source, picture, 0, 0);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, RollCredentialsList *self)
{
  RollCredentialRow *row = g_value_get_object (value);
  GtkListBoxRow *other = gtk_list_box_get_row_at_y (self->list, (int) y);
  int from, to;

  gtk_list_box_drag_unhighlight_row (self->list);
  if (row == NULL || other == NULL || !gtk_widget_is_ancestor (GTK_WIDGET (row), GTK_WIDGET (self)))
    return FALSE;
  from = find_entry (self, roll_credential_row_get_entry (row)->id);
  to = find_entry (self, roll_credential_row_get_entry (ROLL_CREDENTIAL_ROW (other))->id);
  if (from < 0 || to < 0)
    return FALSE;
  move_entry (self, (guint) from, (guint) to);
  return TRUE;
}

static GdkDragAction
on_drop_motion (GtkDropTarget *target, double x, double y, RollCredentialsList *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_y (self->list, (int) y);

  if (row != NULL)
    gtk_list_box_drag_highlight_row (self->list, row);
  return row != NULL ? GDK_ACTION_MOVE : 0;
}

static void
on_drop_leave (GtkDropTarget *target, RollCredentialsList *self)
{
  gtk_list_box_drag_unhighlight_row (self->list);
}

static void
add_drag_and_drop (RollCredentialsList *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target = gtk_drop_target_new (ROLL_TYPE_CREDENTIAL_ROW, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (on_drag_prepare), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  g_signal_connect (target, "motion", G_CALLBACK (on_drop_motion), self);
  g_signal_connect (target, "leave", G_CALLBACK (on_drop_leave), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (source));
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (target));
}

/* --- Adding and editing --- */

static void
on_wizard_saved (RollCredentialWizard *wizard, gpointer saved, RollCredentialsList *self)
{
  const RollVaultEntry *entry = saved;

  if (find_entry (self, entry->id) < 0 && self->choosing)
    g_hash_table_add (self->chosen, g_strdup (entry->id));
  g_free (self->focus_id);
  self->focus_id = g_strdup (entry->id);
  list_entries (self, FALSE);
}

static void
present_wizard (RollCredentialsList *self, RollVaultEntry *edited)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *wizard = roll_credential_wizard_new (GTK_WINDOW (root), self->vault, self->library, edited);

  roll_credential_wizard_set_options (ROLL_CREDENTIAL_WIZARD (wizard), self->options);
  g_signal_connect_object (wizard, "saved", G_CALLBACK (on_wizard_saved), self, 0);
  gtk_window_present (GTK_WINDOW (wizard));
}

static void
add_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  present_wizard (ROLL_CREDENTIALS_LIST (widget), NULL);
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (widget);
  int place = find_entry (self, g_variant_get_string (parameter, NULL));

  if (place >= 0)
    present_wizard (self, self->entries->pdata[place]);
}

/* Only where a row has no check box, which takes the activation itself. */
static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, RollCredentialsList *self)
{
  if (!self->choosing)
    present_wizard (self, roll_credential_row_get_entry (ROLL_CREDENTIAL_ROW (row)));
}

/* --- Removing, and taking it back --- */

typedef struct
{
  RollCredentialsList *list; /* a reference */
  RollVaultEntry *entry;
  RollSecret *password;
  gboolean chosen;
} Removal;

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_object_unref (removal->list);
  roll_vault_entry_unref (removal->entry);
  g_clear_pointer (&removal->password, roll_secret_unref);
  g_free (removal);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Removal, removal_free)

static void
show_row (RollCredentialsList *self, const char *id)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, id);

  g_hash_table_remove (self->hidden, id);
  if (row != NULL)
    gtk_widget_show (row);
}

static void
on_restored (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCredentialsList) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollVaultEntry) entry = roll_vault_save_finish (ROLL_VAULT (source), result, &error);

  release ();
  if (!is_alive (self))
    return;
  if (entry == NULL)
    show_error (self, error);
  list_entries (self, FALSE);
}

static void
restore (RollCredentialsList *self, AdwToast *toast)
{
  Removal *removal = g_object_get_data (G_OBJECT (toast), REMOVED);

  if (removal == NULL || !is_alive (self))
    return;
  show_row (self, removal->entry->id);
  if (removal->chosen)
    g_hash_table_add (self->chosen, g_strdup (removal->entry->id));
  g_free (self->focus_id);
  self->focus_id = g_strdup (removal->entry->id);
  hold ();
  roll_vault_save_async (self->vault, removal->entry, removal->password, removal->entry->session, NULL, on_restored,
                         g_object_ref (self));
  g_object_set_data (G_OBJECT (toast), REMOVED, NULL);
}

static void
on_undo_clicked (AdwToast *toast, RollCredentialsList *self)
{
  restore (self, toast);
}

/* Nobody will ask for the password any more. */
static void
on_toast_dismissed (AdwToast *toast, gpointer user_data)
{
  g_object_set_data (G_OBJECT (toast), REMOVED, NULL);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (widget);
  g_autoptr (AdwToast) toast = self->toast != NULL ? g_object_ref (self->toast) : NULL;

  if (toast == NULL)
    return;
  restore (self, toast);
  adw_toast_dismiss (toast);
}

static void
offer_undo (RollCredentialsList *self, Removal *removal)
{
  g_autofree char *text = g_strdup_printf (_("“%s” removed"), removal->entry->name);
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast = show_toast (self, markup);

  if (toast == NULL)
    {
      removal_free (removal);
      return;
    }
  adw_toast_set_button_label (toast, _("_Undo"));
  g_object_set_data_full (G_OBJECT (toast), REMOVED, removal, removal_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (on_undo_clicked), self, 0);
  g_signal_connect (toast, "dismissed", G_CALLBACK (on_toast_dismissed), NULL);
  g_set_weak_pointer (&self->toast, toast);
}

static void
on_removed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Removal) removal = user_data;
  g_autoptr (GError) error = NULL;
  RollCredentialsList *self = removal->list;
  gboolean removed = roll_vault_remove_finish (ROLL_VAULT (source), result, &error);

  release ();
  if (!is_alive (self))
    return;
  if (removed)
    offer_undo (self, g_steal_pointer (&removal));
  else
    {
      show_row (self, removal->entry->id);
      show_error (self, error);
    }
  list_entries (self, FALSE);
}

/* Its password comes first: without it there would be no way back. */
static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Removal) removal = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) credentials = roll_vault_load_finish (ROLL_VAULT (source), result, &error);

  if (credentials == NULL)
    {
      if (is_alive (removal->list))
        {
          show_row (removal->list, removal->entry->id);
          show_error (removal->list, error);
          list_entries (removal->list, FALSE);
        }
      release ();
      return;
    }
  removal->password = roll_secret_ref (((RollCredential *) credentials->pdata[0])->password);
  roll_vault_remove_async (ROLL_VAULT (source), removal->entry, NULL, on_removed, removal);
  g_steal_pointer (&removal);
}

static void
hide_row (RollCredentialsList *self, int place)
{
  RollVaultEntry *entry = self->entries->pdata[place];
  int next = place + 1 < (int) self->entries->len ? place + 1 : place - 1;
  GtkWidget *row = g_hash_table_lookup (self->rows, entry->id);
  GtkWidget *neighbour =
      next >= 0 ? g_hash_table_lookup (self->rows, ((RollVaultEntry *) self->entries->pdata[next])->id) : NULL;

  g_hash_table_add (self->hidden, g_strdup (entry->id));
  gtk_widget_grab_focus (neighbour != NULL && gtk_widget_get_visible (neighbour) ? neighbour : self->add_button);
  if (row != NULL)
    gtk_widget_hide (row);
}

static void
remove_entry (RollCredentialsList *self, int place)
{
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  RollVaultEntry *entry = self->entries->pdata[place];
  Removal *removal;

  if (g_hash_table_contains (self->hidden, entry->id))
    return;
  removal = g_new0 (Removal, 1);
  removal->list = g_object_ref (self);
  removal->entry = roll_vault_entry_ref (entry);
  removal->chosen = g_hash_table_remove (self->chosen, entry->id);
  g_ptr_array_add (wanted, entry);
  hold ();
  roll_vault_load_async (self->vault, wanted, NULL, on_loaded, removal);
  hide_row (self, place);
  emit_changed (self);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (widget);
  int place = find_entry (self, g_variant_get_string (parameter, NULL));

  if (place >= 0)
    remove_entry (self, place);
}

static void
remove_focused (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (widget);
  RollCredentialRow *row = find_focused_row (self);
  int place = row != NULL ? find_entry (self, roll_credential_row_get_entry (row)->id) : -1;

  if (place >= 0)
    remove_entry (self, place);
}

/* --- Object --- */

static void
set_vault (RollCredentialsList *self, RollVault *vault)
{
  if (self->vault != NULL)
    g_signal_handlers_disconnect_by_data (self->vault, self);
  g_set_object (&self->vault, vault);
  if (vault == NULL)
    return;
  g_signal_connect_swapped (vault, "changed", G_CALLBACK (on_vault_changed), self);
  roll_vault_watch (vault);
  list_entries (self, FALSE);
}

static gboolean
roll_credentials_list_grab_focus (GtkWidget *widget)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (widget);

  if (gtk_widget_get_visible (self->trouble_box) && gtk_widget_grab_focus (GTK_WIDGET (self->trouble_button)))
    return TRUE;
  return gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD) || gtk_widget_grab_focus (self->add_button);
}

static void
roll_credentials_list_dispose (GObject *object)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (object);

  if (self->listing != NULL)
    g_cancellable_cancel (self->listing);
  g_clear_object (&self->listing);
  g_clear_handle_id (&self->rows_source, g_source_remove);
  if (self->vault != NULL)
    g_signal_handlers_disconnect_by_data (self->vault, self);
  g_clear_object (&self->vault);
  g_clear_object (&self->library);
  g_clear_weak_pointer (&self->toast);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_credentials_list_parent_class)->dispose (object);
}

static void
roll_credentials_list_finalize (GObject *object)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (object);

  g_clear_pointer (&self->options, roll_scan_options_free);
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->chosen);
  g_hash_table_unref (self->hidden);
  g_hash_table_unref (self->unsaved);
  g_strfreev (self->wanted);
  g_free (self->focus_id);
  g_clear_error (&self->trouble);
  G_OBJECT_CLASS (roll_credentials_list_parent_class)->finalize (object);
}

static void
roll_credentials_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (object);

  switch (prop_id)
    {
    case PROP_VAULT:
      g_value_set_object (value, self->vault);
      break;
    case PROP_LIBRARY:
      g_value_set_object (value, self->library);
      break;
    case PROP_CHOOSING:
      g_value_set_boolean (value, self->choosing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_credentials_list_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (object);

  switch (prop_id)
    {
    case PROP_VAULT:
      set_vault (self, g_value_get_object (value));
      break;
    case PROP_LIBRARY:
      g_set_object (&self->library, g_value_get_object (value));
      break;
    case PROP_CHOOSING:
      self->choosing = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "credentials.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "credentials.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "credentials.remove", "s", remove_action);
  gtk_widget_class_install_action (widget_class, "credentials.remove-focused", NULL, remove_focused);
  gtk_widget_class_install_action (widget_class, "credentials.move", "i", move_focused);
  gtk_widget_class_install_action (widget_class, "credentials.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "credentials.unlock", NULL, unlock);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "credentials.move", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "credentials.move", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "credentials.remove-focused", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "credentials.undo", NULL);
}

static void
roll_credentials_list_class_init (RollCredentialsListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = roll_credentials_list_dispose;
  object_class->finalize = roll_credentials_list_finalize;
  object_class->get_property = roll_credentials_list_get_property;
  object_class->set_property = roll_credentials_list_set_property;
  widget_class->grab_focus = roll_credentials_list_grab_focus;
  properties[PROP_VAULT] = g_param_spec_object ("vault", NULL, NULL, ROLL_TYPE_VAULT,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LIBRARY] = g_param_spec_object ("library", NULL, NULL, ROLL_TYPE_LIBRARY,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHOOSING] = g_param_spec_boolean ("choosing", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", ROLL_TYPE_CREDENTIALS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-credentials-list.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsList, box);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsList, trouble_box);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsList, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsList, trouble_button);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsList, list);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsList, placeholder);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialsList, add_button);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  install_actions (widget_class);
}

static void
roll_credentials_list_init (RollCredentialsList *self)
{
  self->entries = new_entries ();
  self->rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->unsaved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_placeholder (self->list, GTK_WIDGET (self->placeholder));
  gtk_list_box_set_sort_func (self->list, compare_rows, NULL, NULL);
  add_drag_and_drop (self);
  update_trouble (self);
}

GtkWidget *
roll_credentials_list_new (RollVault *vault, RollLibrary *library, gboolean choosing)
{
  return g_object_new (ROLL_TYPE_CREDENTIALS_LIST, "vault", vault, "library", library, "choosing", choosing, NULL);
}

GPtrArray *
roll_credentials_list_get_chosen (RollCredentialsList *self)
{
  GPtrArray *chosen;

  g_return_val_if_fail (ROLL_IS_CREDENTIALS_LIST (self), NULL);

  chosen = new_entries ();
  for (guint i = 0; i < self->entries->len; i++)
    {
      RollVaultEntry *entry = self->entries->pdata[i];

      if (g_hash_table_contains (self->chosen, entry->id))
        g_ptr_array_add (chosen, roll_vault_entry_ref (entry));
    }
  return chosen;
}

static void
show_chosen (RollCredentialsList *self)
{
  GHashTableIter iter;
  gpointer id, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &id, &row))
    {
      g_signal_handlers_block_by_func (row, on_row_toggled, self);
      roll_credential_row_set_chosen (row, g_hash_table_contains (self->chosen, id));
      g_signal_handlers_unblock_by_func (row, on_row_toggled, self);
    }
}

void
roll_credentials_list_choose (RollCredentialsList *self, const char *const *ids)
{
  g_return_if_fail (ROLL_IS_CREDENTIALS_LIST (self) && ids != NULL);

  g_hash_table_remove_all (self->chosen);
  for (; *ids != NULL; ids++)
    g_hash_table_add (self->chosen, g_strdup (*ids));
  show_chosen (self);
  emit_changed (self);
}

void
roll_credentials_list_choose_names (RollCredentialsList *self, const char *const *names)
{
  const char *const none[] = { NULL };

  g_return_if_fail (ROLL_IS_CREDENTIALS_LIST (self) && names != NULL);

  g_strfreev (self->wanted);
  self->wanted = g_strdupv ((char **) names);
  roll_credentials_list_choose (self, none);
  if (!self->listed)
    return;
  choose_wanted (self);
  show_chosen (self);
  emit_changed (self);
}

void
roll_credentials_list_set_options (RollCredentialsList *self, const RollScanOptions *options)
{
  g_return_if_fail (ROLL_IS_CREDENTIALS_LIST (self));

  g_clear_pointer (&self->options, roll_scan_options_free);
  self->options = options != NULL ? roll_scan_options_copy (options) : NULL;
}
