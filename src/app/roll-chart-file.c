/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-chart-file.h"

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "report/roll-output-file.h"

#define PNG_WIDTH 1600 /* pixels: sharp on paper and on dense screens */

typedef struct
{
  char *svg;
  char *path;
} Picture;

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  g_free (picture->svg);
  g_free (picture->path);
  g_free (picture);
}

static gboolean
draw (const char *svg, char **ret_bytes, gsize *ret_length, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (svg, -1, NULL);
  g_autoptr (GdkPixbuf) pixels = gdk_pixbuf_new_from_stream_at_scale (stream, PNG_WIDTH, -1, TRUE, NULL, error);

  return pixels != NULL && gdk_pixbuf_save_to_buffer (pixels, ret_bytes, ret_length, "png", error, NULL);
}

static gboolean
write_picture (const Picture *picture, GError **error)
{
  gboolean is_png = g_str_has_suffix (picture->path, ".png");
  g_autofree char *bytes = is_png ? NULL : g_strdup (picture->svg);
  gsize length = strlen (picture->svg);
  RollOutputFile *file;

  if (is_png && !draw (picture->svg, &bytes, &length, error))
    return FALSE;
  file = roll_output_file_open (picture->path, error);
  if (file == NULL)
    return FALSE;
  roll_output_file_put (file, bytes, length);
  return roll_output_file_close (file, error);
}

static void
write_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (write_picture (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
roll_chart_file_write_async (const char *svg, const char *path, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Picture *picture = g_new (Picture, 1);

  picture->svg = g_strdup (svg);
  picture->path = g_strdup (path);
  g_task_set_source_tag (task, roll_chart_file_write_async);
  g_task_set_task_data (task, picture, picture_free);
  g_task_run_in_thread (task, write_thread);
}

gboolean
roll_chart_file_write_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
