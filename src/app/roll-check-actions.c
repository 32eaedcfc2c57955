/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-check-actions.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "app/roll-chosen-path.h"
#include "diagnosis/roll-check-script.h"
#include "report/roll-output-file.h"

void
roll_check_copy (GtkWidget *widget)
{
  g_autofree char *script = roll_check_script_text ();

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), script);
}

static GtkFileChooserNative *
new_chooser (GtkWidget *widget, const char *title, GtkFileChooserAction action, const char *accept)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (widget)), action, accept,
                                                               NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

void
roll_check_show_error (GtkWidget *widget, const char *message)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *dialog;

  if (root == NULL)
    return;
  dialog = adw_message_dialog_new (GTK_WINDOW (root), _("Check Script"), message);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Saving --- */

static void
on_save_response (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  g_autofree char *problem = NULL;
  g_autofree char *path = roll_chosen_path (chooser, response, &problem);
  g_autofree char *script = roll_check_script_text ();
  g_autoptr (GError) error = NULL;
  RollOutputFile *output = path != NULL ? roll_output_file_open (path, &error) : NULL;

  if (output != NULL)
    {
      roll_output_file_puts (output, script);
      roll_output_file_close (output, &error);
    }
  if (error != NULL || problem != NULL)
    roll_check_show_error (GTK_WIDGET (gtk_native_dialog_get_transient_for (chooser)), error != NULL ? error->message : problem);
  g_object_unref (chooser);
}

void
roll_check_save (GtkWidget *widget)
{
  GtkFileChooserNative *chooser = new_chooser (widget, _("Save Check Script"), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), "check-target.ps1");
  g_signal_connect (chooser, "response", G_CALLBACK (on_save_response), NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- Choosing --- */

typedef struct
{
  RollCheckChosen callback;
  gpointer user_data;
} Choice;

static void
on_choose_response (GtkNativeDialog *chooser, int response, Choice *choice)
{
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

  choice->callback (file, choice->user_data);
  g_free (choice);
  g_object_unref (chooser);
}

void
roll_check_choose (GtkWidget *widget, RollCheckChosen callback, gpointer user_data)
{
  GtkFileChooserNative *chooser = new_chooser (widget, _("Output of the Check Script"), GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"));
  Choice *choice = g_new (Choice, 1);

  *choice = (Choice) { callback, user_data };
  g_signal_connect (chooser, "response", G_CALLBACK (on_choose_response), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

/* --- Taking --- */

typedef struct
{
  GFile *file;  /* (nullable) */
  GBytes *text; /* (nullable) */
  RollStore *store;
  gint64 scan_id;
  RollComputer *computer;
} Taking;

static void
taking_free (gpointer data)
{
  Taking *taking = data;

  g_clear_object (&taking->file);
  g_clear_pointer (&taking->text, g_bytes_unref);
  g_object_unref (taking->store);
  roll_computer_unref (taking->computer);
  g_free (taking);
}

/* A folder can't be read, and a pipe might never end. */
static gboolean
is_regular (GFile *file, const char *name, GCancellable *cancellable, GError **error)
{
  GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, cancellable);

  if (type == G_FILE_TYPE_REGULAR || type == G_FILE_TYPE_UNKNOWN) /* what is not there says so when it is opened */
    return TRUE;
  if (type == G_FILE_TYPE_DIRECTORY)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                 _("“%s” is a folder. Give the file in it that the check script printed."), name);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 _("“%s” is no file with a text. Give the file that the check script printed."), name);
  return FALSE;
}

/* One byte more than is allowed, so that too much is seen. */
static GBytes *
read_file (GFile *file, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_file_get_parse_name (file);
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *buffer = g_malloc (ROLL_CHECK_MAX + 1);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) reason = NULL;
  gsize length;

  if (!is_regular (file, name, cancellable, error))
    return NULL;
  stream = g_file_read (file, cancellable, &reason);
  if (stream != NULL
      && g_input_stream_read_all (G_INPUT_STREAM (stream), buffer, ROLL_CHECK_MAX + 1, &length, cancellable, &reason))
    return g_bytes_new (buffer, length);
  g_set_error (error, reason->domain, reason->code,
               _("“%s” can’t be read: %s. Check that the file is there and that you may read it."), name, reason->message);
  return NULL;
}

static void
take_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Taking *taking = task_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = taking->text != NULL ? g_bytes_ref (taking->text) : read_file (taking->file, cancellable, &error);
  g_autofree char *detail = bytes != NULL ? roll_check_parse (bytes, taking->computer, &error) : NULL;
  g_autoptr (RollFinding) finding = NULL;

  if (detail != NULL)
    finding = roll_finding_new (taking->computer->ordinal, ROLL_CHECK_FINDING, detail);
  if (finding != NULL && roll_store_put_finding (taking->store, taking->scan_id, finding, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
roll_check_take_async (GFile *file, const char *text, RollStore *store, gint64 scan_id, RollComputer *computer,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Taking *taking = g_new0 (Taking, 1);

  g_return_if_fail (file != NULL || text != NULL);

  g_set_object (&taking->file, file);
  taking->text = file == NULL ? g_bytes_new (text, strlen (text)) : NULL;
  taking->store = g_object_ref (store);
  taking->scan_id = scan_id;
  taking->computer = roll_computer_ref (computer);
  g_task_set_source_tag (task, roll_check_take_async);
  g_task_set_task_data (task, taking, taking_free);
  g_task_run_in_thread (task, take_thread);
}

gboolean
roll_check_take_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
