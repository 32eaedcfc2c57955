/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-chosen-path.h"

#include <glib/gi18n.h>

char *
roll_chosen_path (GtkNativeDialog *chooser, int response, char **ret_problem)
{
  g_autoptr (GFile) file = NULL;
  char *path = NULL;

  *ret_problem = NULL;
  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    path = g_file_get_path (file);
  if (file != NULL && path == NULL)
    *ret_problem = g_strdup (gtk_file_chooser_get_action (GTK_FILE_CHOOSER (chooser)) == GTK_FILE_CHOOSER_ACTION_SAVE
                                 ? _("Choose a folder on this computer.")
                                 : _("Choose a file on this computer."));
  return path;
}
