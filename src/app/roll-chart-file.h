/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * roll_chart_file_write_async: a chart as a picture, in a worker thread; the file appears when it is whole.
 * @svg: the whole file as SVG
 * @path: a name that ends in .png gets pixels, twice as many as the chart says; any other gets the SVG itself
 */
void roll_chart_file_write_async (const char *svg, const char *path, GAsyncReadyCallback callback, gpointer user_data);
/* Errors: the file's; GdkPixbuf's when this computer can't draw SVG. */
gboolean roll_chart_file_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
