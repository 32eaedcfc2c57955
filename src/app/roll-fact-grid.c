/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-fact-grid.h"

#include <adwaita.h>

GtkWidget *
roll_fact_grid_new (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 4);
  gtk_widget_add_css_class (grid, "help-body");
  return grid;
}

static GtkWidget *
new_label (const char *text)
{
  GtkWidget *name = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_yalign (GTK_LABEL (name), 0);
  gtk_label_set_wrap (GTK_LABEL (name), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 14);
  gtk_widget_add_css_class (name, "dim-label");
  return name;
}

static GtkWidget *
new_value (const char *value)
{
  GtkWidget *text = gtk_label_new (value);

  gtk_label_set_xalign (GTK_LABEL (text), 0);
  gtk_label_set_yalign (GTK_LABEL (text), 0);
  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (text), TRUE);
  gtk_widget_set_hexpand (text, TRUE);
  return text;
}

void
roll_fact_grid_add (GtkWidget *grid, const char *label, const char *value)
{
  GtkWidget *name;
  GtkWidget *text;

  g_return_if_fail (GTK_IS_GRID (grid));

  if (value == NULL || *value == '\0')
    return;
  name = new_label (label);
  text = new_value (value);
  gtk_grid_attach_next_to (GTK_GRID (grid), name, NULL, GTK_POS_BOTTOM, 1, 1);
  gtk_grid_attach_next_to (GTK_GRID (grid), text, name, GTK_POS_RIGHT, 1, 1);
}

GtkWidget *
roll_fact_grid_wrap (GtkWidget *grid)
{
  GtkWidget *row = adw_preferences_row_new ();

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), grid);
  return row;
}
