/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-export-chooser.h"

#include <glib/gi18n.h>
#include <string.h>

/* The choices in the file chooser. */
#define WHAT "what"
#define REDACTED "redacted"

#define COMPUTERS "computers"
#define STEPS "steps"

#define KIND_KEY "roll-export-kind"

typedef struct
{
  const char *title;  /* msgid */
  const char *ending;
} Kind;

static const Kind kinds[] = {
  [ROLL_EXPORT_AS_CSV] = { N_("Export as CSV"), ".csv" },
  [ROLL_EXPORT_AS_JSON_LINES] = { N_("Export as JSON Lines"), ".jsonl" },
  [ROLL_EXPORT_AS_REPORT] = { N_("Save Report"), ".html" },
  [ROLL_EXPORT_AS_CHANGES] = { N_("Export Changes"), ".csv" },
};

char *
roll_export_file_name (const char *scan_name, const char *ending)
{
  g_autofree char *name = g_utf8_make_valid (scan_name, -1);

  g_strdelimit (name, "/\\:*?\"<>|\n\t", '-');
  g_strstrip (name);
  if (*name == '\0' || *name == '.')
    return g_strconcat ("rollcall", ending, NULL);
  return g_strconcat (name, ending, NULL);
}

/* Computers and steps, and each part of an inventory by its id. */
static void
add_contents (GtkFileChooser *chooser, gboolean with_inventory)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  guint n;
  const RollCollector *collectors = roll_collectors (&n);

  g_ptr_array_add (ids, (gpointer) COMPUTERS);
  g_ptr_array_add (labels, (gpointer) _("Computers"));
  g_ptr_array_add (ids, (gpointer) STEPS);
  g_ptr_array_add (labels, (gpointer) _("Steps of each attempt"));
  for (guint i = 0; with_inventory && i < n; i++)
    {
      g_ptr_array_add (ids, (gpointer) collectors[i].id);
      g_ptr_array_add (labels, (gpointer) g_dgettext (GETTEXT_PACKAGE, collectors[i].label));
    }
  g_ptr_array_add (ids, NULL);
  g_ptr_array_add (labels, NULL);
  gtk_file_chooser_add_choice (chooser, WHAT, _("Contents:"), (const char **) ids->pdata,
                               (const char **) labels->pdata);
  gtk_file_chooser_set_choice (chooser, WHAT, COMPUTERS);
}

GtkFileChooserNative *
roll_export_chooser_new (GtkWindow *parent, RollExportKind kind, const RollScanInfo *info)
{
  g_autofree char *file_name = roll_export_file_name (info->name, kinds[kind].ending);
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_(kinds[kind].title), parent, GTK_FILE_CHOOSER_ACTION_SAVE,
                                                               kind == ROLL_EXPORT_AS_REPORT ? _("_Save") : _("_Export"), NULL);

  g_object_set_data (G_OBJECT (chooser), KIND_KEY, GINT_TO_POINTER (kind));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), file_name);
  if (kind == ROLL_EXPORT_AS_CSV || kind == ROLL_EXPORT_AS_JSON_LINES)
    add_contents (GTK_FILE_CHOOSER (chooser), !info->probe_only);
  gtk_file_chooser_add_choice (GTK_FILE_CHOOSER (chooser), REDACTED, _("Hide names, addresses, users and serial numbers"), NULL,
                               NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  return chooser;
}

RollExport
roll_export_chooser_get (GtkFileChooser *chooser, gboolean *ret_redacted)
{
  RollExportKind kind = (RollExportKind) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (chooser), KIND_KEY));
  gboolean asked = kind == ROLL_EXPORT_AS_CSV || kind == ROLL_EXPORT_AS_JSON_LINES;
  const char *id = asked ? gtk_file_chooser_get_choice (chooser, WHAT) : NULL;
  RollExport what = { .table = ROLL_EXPORT_COMPUTERS };

  *ret_redacted = g_strcmp0 (gtk_file_chooser_get_choice (chooser, REDACTED), "true") == 0;
  what.format = kind == ROLL_EXPORT_AS_JSON_LINES ? ROLL_SHEET_JSON_LINES : ROLL_SHEET_CSV;
  what.collector = id != NULL ? roll_collectors_find (id) : NULL;
  if (kind == ROLL_EXPORT_AS_REPORT)
    what.table = ROLL_EXPORT_REPORT;
  else if (kind == ROLL_EXPORT_AS_CHANGES)
    what.table = ROLL_EXPORT_CHANGES;
  else if (what.collector != NULL)
    what.table = ROLL_EXPORT_COLLECTED;
  else if (g_strcmp0 (id, STEPS) == 0)
    what.table = ROLL_EXPORT_STEPS;
  return what;
}
