/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-common-view.h"

#include <glib/gi18n.h>

#include "app/roll-common-finder.h"

struct _RollCommonView
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkListBox *list;

  RollCommonFinder *finder;
  GPtrArray *rows;       /* (element-type RollCommonRow), in order */
  RollCommonRow *open;   /* (nullable) */
  gboolean can_test;
  GCancellable *cancellable; /* of what is being written or read */
  GtkFileChooserNative *chooser;
};

enum
{
  GROUP_CHOSEN,
  HELP_WANTED,
  TEST_AGAIN,
  FOUND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCommonView, roll_common_view, GTK_TYPE_WIDGET)

static RollCommonCause *
open_group (RollCommonView *self)
{
  return self->open != NULL ? roll_common_row_get_group (self->open) : NULL;
}

static RollComputerTable *
get_table (RollCommonView *self)
{
  return roll_session_get_table (roll_common_finder_get_session (self->finder));
}

/* --- What is chosen ------------------------------------------------------------------------------------------- */

static gint
compare_ordinals (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *) a, y = *(const guint *) b;

  return x < y ? -1 : x > y;
}

static void
emit_chosen (RollCommonView *self)
{
  RollCommonCause *group = open_group (self);
  g_autoptr (GArray) ordinals = NULL;

  if (group != NULL)
    {
      ordinals = g_array_copy (group->members);
      if (roll_common_row_shows_others (self->open))
        g_array_append_vals (ordinals, group->counter_examples->data, group->counter_examples->len);
      g_array_sort (ordinals, compare_ordinals);
    }
  g_signal_emit (self, signals[GROUP_CHOSEN], 0, group, ordinals);
}

static void
update_can_test (RollCommonView *self)
{
  RollSession *session = roll_common_finder_get_session (self->finder);
  gboolean can_test = self->can_test && session != NULL && !roll_session_is_active (session);

  for (guint i = 0; i < self->rows->len; i++)
    roll_common_row_set_can_test (g_ptr_array_index (self->rows, i), can_test);
}

static void
set_open (RollCommonView *self, RollCommonRow *row)
{
  if (self->open != NULL)
    roll_common_row_set_open (self->open, FALSE);
  self->open = row;
  if (row == NULL)
    return;
  roll_common_row_set_open (row, TRUE);
  update_can_test (self);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, RollCommonView *self)
{
  set_open (self, ROLL_COMMON_ROW (row) == self->open ? NULL : ROLL_COMMON_ROW (row));
  emit_chosen (self);
}

static void
on_others_toggled (RollCommonRow *row, RollCommonView *self)
{
  if (row == self->open)
    emit_chosen (self);
}

static void
on_help_wanted (RollCommonRow *row, RollCommonView *self)
{
  g_signal_emit (self, signals[HELP_WANTED], 0);
}

static void
on_test_wanted (RollCommonRow *row, RollCommonView *self)
{
  g_signal_emit (self, signals[TEST_AGAIN], 0, roll_common_row_get_group (row)->members);
}

/* --- Tickets -------------------------------------------------------------------------------------------------- */

static void
ticket_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCommonRow) row = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = roll_common_cause_ticket_finish (result, &error);

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (row)), text);
  if (text != NULL)
    roll_common_row_set_feedback (row, _("The text is on the clipboard."));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    roll_common_row_set_feedback (row, error->message);
}

static void
on_ticket_wanted (RollCommonRow *row, gboolean redacted, RollCommonView *self)
{
  RollSession *session = roll_common_finder_get_session (self->finder);

  roll_common_cause_ticket_async (roll_common_row_get_group (row), roll_session_get_store (session),
                                  roll_session_get_info (session)->id, redacted, self->cancellable, ticket_written,
                                  g_object_ref (row));
}

/* --- Lists ---------------------------------------------------------------------------------------------------- */

/* A targets file, as it can be scanned again. */
static GBytes *
make_list (RollCommonView *self, const RollCommonCause *group)
{
  RollComputerTable *table = get_table (self);
  g_autofree char *count = roll_common_cause_describe_count (group);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "# %s\n# %s\n", group->sentence, count);
  for (guint i = 0; i < group->members->len; i++)
    {
      guint ordinal = g_array_index (group->members, guint, i);

      if (ordinal < roll_computer_table_get_count (table))
        g_string_append_printf (text, "%s\n", roll_computer_table_get_computer (table, ordinal)->target);
    }
  return g_string_free_to_bytes (text);
}

static void
list_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCommonRow) row = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    text = g_strdup_printf (_("The list was saved to “%s”."), shown);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    text = g_strdup_printf (_("The list could not be saved to “%s”: %s"), shown, error->message);
  if (text != NULL)
    roll_common_row_set_feedback (row, text);
}

static void
on_save_response (GtkNativeDialog *chooser, int response, RollCommonView *self)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) list = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_clear_object (&self->chooser);
  if (file == NULL || self->open == NULL)
    return;
  list = make_list (self, open_group (self));
  g_file_replace_contents_bytes_async (file, list, NULL, FALSE, G_FILE_CREATE_NONE, self->cancellable, list_written,
                                       g_object_ref (self->open));
}

static void
on_save_wanted (RollCommonRow *row, RollCommonView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Save the List of Computers"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), _("computers.txt"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_save_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* --- Rows ----------------------------------------------------------------------------------------------------- */

static RollCommonRow *
add_row (RollCommonView *self)
{
  GtkWidget *row = roll_common_row_new ();

  g_signal_connect (row, "others-toggled", G_CALLBACK (on_others_toggled), self);
  g_signal_connect (row, "help-wanted", G_CALLBACK (on_help_wanted), self);
  g_signal_connect (row, "test-wanted", G_CALLBACK (on_test_wanted), self);
  g_signal_connect (row, "save-wanted", G_CALLBACK (on_save_wanted), self);
  g_signal_connect (row, "ticket-wanted", G_CALLBACK (on_ticket_wanted), self);
  g_ptr_array_add (self->rows, row);
  gtk_list_box_append (self->list, row);
  return ROLL_COMMON_ROW (row);
}

/* (nullable): (transfer full): what identifies the open one */
static char *
dup_open_id (RollCommonView *self)
{
  return self->open != NULL ? g_strdup (open_group (self)->id) : NULL;
}

static gboolean
same_members (const RollCommonCause *a, const RollCommonCause *b)
{
  return a->members->len == b->members->len && a->counter_examples->len == b->counter_examples->len
         && memcmp (a->members->data, b->members->data, a->members->len * sizeof (guint)) == 0
         && memcmp (a->counter_examples->data, b->counter_examples->data, a->counter_examples->len * sizeof (guint)) == 0;
}

static void
fill_rows (RollCommonView *self, GPtrArray *groups)
{
  while (self->rows->len > groups->len)
    {
      gtk_list_box_remove (self->list, g_ptr_array_index (self->rows, self->rows->len - 1));
      g_ptr_array_remove_index (self->rows, self->rows->len - 1);
    }
  for (guint i = 0; i < groups->len; i++)
    roll_common_row_set_group (i < self->rows->len ? g_ptr_array_index (self->rows, i) : add_row (self),
                               g_ptr_array_index (groups, i), get_table (self));
}

static RollCommonRow *
find_row (RollCommonView *self, const char *id)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      RollCommonRow *row = g_ptr_array_index (self->rows, i);

      if (g_strcmp0 (roll_common_row_get_group (row)->id, id) == 0)
        return row;
    }
  return NULL;
}

/* The one that was open stays open, wherever it stands now. */
static void
on_found (RollCommonView *self)
{
  GPtrArray *groups = roll_common_finder_get_groups (self->finder);
  g_autofree char *id = dup_open_id (self);
  g_autoptr (RollCommonCause) before = self->open != NULL ? roll_common_cause_ref (open_group (self)) : NULL;
  RollCommonRow *row, *was_open = self->open;

  fill_rows (self, groups);
  row = id != NULL ? find_row (self, id) : NULL;
  if (was_open != NULL && row != was_open)
    {
      self->open = g_ptr_array_find (self->rows, was_open, NULL) ? was_open : NULL;
      set_open (self, row);
    }
  if (before != NULL && (row == NULL || !same_members (before, roll_common_row_get_group (row))))
    emit_chosen (self);
  update_can_test (self);
  g_signal_emit (self, signals[FOUND], 0, groups->len);
}

/* --- Object --------------------------------------------------------------------------------------------------- */

static void
roll_common_view_dispose (GObject *object)
{
  RollCommonView *self = ROLL_COMMON_VIEW (object);

  if (self->finder != NULL)
    g_signal_handlers_disconnect_by_data (self->finder, self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->chooser);
  g_clear_object (&self->finder);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_common_view_parent_class)->dispose (object);
}

static void
roll_common_view_finalize (GObject *object)
{
  RollCommonView *self = ROLL_COMMON_VIEW (object);

  g_ptr_array_unref (self->rows);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (roll_common_view_parent_class)->finalize (object);
}

static void
roll_common_view_class_init (RollCommonViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_common_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_common_view_finalize;
  signals[GROUP_CHOSEN] = g_signal_new ("group-chosen", ROLL_TYPE_COMMON_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_ARRAY);
  signals[HELP_WANTED] = g_signal_new ("help-wanted", ROLL_TYPE_COMMON_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 0);
  signals[TEST_AGAIN] = g_signal_new ("test-again", ROLL_TYPE_COMMON_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[FOUND] = g_signal_new ("found", ROLL_TYPE_COMMON_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_UINT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-common-view.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCommonView, scroller);
  gtk_widget_class_bind_template_child (widget_class, RollCommonView, list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_common_view_init (RollCommonView *self)
{
  self->rows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  self->finder = roll_common_finder_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (self->finder, "found", G_CALLBACK (on_found), self);
}

void
roll_common_view_set_session (RollCommonView *self, RollSession *session)
{
  RollSession *before;

  g_return_if_fail (ROLL_IS_COMMON_VIEW (self));

  before = roll_common_finder_get_session (self->finder);
  if (before == session)
    return;
  g_clear_object (&self->chooser);
  if (before != NULL)
    g_signal_handlers_disconnect_by_func (before, update_can_test, self);
  roll_common_finder_set_session (self->finder, session);
  if (session != NULL)
    g_signal_connect_object (session, "changed", G_CALLBACK (update_can_test), self, G_CONNECT_SWAPPED);
}

void
roll_common_view_close (RollCommonView *self)
{
  g_return_if_fail (ROLL_IS_COMMON_VIEW (self));

  set_open (self, NULL);
}

void
roll_common_view_set_can_test (RollCommonView *self, gboolean can_test)
{
  g_return_if_fail (ROLL_IS_COMMON_VIEW (self));

  self->can_test = can_test;
  update_can_test (self);
}
