/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-application.h"

#include <glib/gi18n.h>

#include "app/roll-statuses-window.h"
#include "app/roll-window.h"

struct _RollApplication
{
  AdwApplication parent_instance;

  GtkWindow *statuses_window; /* weak */
  RollVault *vault;
};

G_DEFINE_FINAL_TYPE (RollApplication, roll_application, ADW_TYPE_APPLICATION)

static RollWindow *
find_window (GtkApplication *application)
{
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    if (ROLL_IS_WINDOW (l->data))
      return l->data;
  return NULL;
}

static RollWindow *
ensure_window (RollApplication *self)
{
  RollWindow *window = find_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = roll_window_new (GTK_APPLICATION (self));
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
roll_application_activate (GApplication *application)
{
  ensure_window (ROLL_APPLICATION (application));
}

static void
roll_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  roll_window_open_files (ensure_window (ROLL_APPLICATION (application)), files, (guint) n_files);
}

static void
show_statuses (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  RollApplication *self = user_data;

  if (self->statuses_window == NULL)
    g_set_weak_pointer (&self->statuses_window, GTK_WINDOW (roll_statuses_window_new (GTK_APPLICATION (self))));
  gtk_window_present (self->statuses_window);
}

static void
show_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "application-name", _("Rollcall"),
                         "application-icon", ROLL_APP_ID,
                         "version", ROLL_VERSION,
                         "developer-name", _("The Rollcall developers"),
                         "comments", _("Calls every computer of a Windows network by name, and says of each one that "
                                       "did not answer why, what that means and what to do."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

static void
present (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ensure_window (user_data);
}

/* Each window decides how it closes: a running scan is stopped first. */
static void
quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GList) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static const GActionEntry actions[] = {
  { .name = "statuses", .activate = show_statuses },
  { .name = "about", .activate = show_about },
  { .name = "present", .activate = present },
  { .name = "quit", .activate = quit },
};

static const struct
{
  const char *action;
  const char *accels[3]; /* NULL-terminated */
} accelerators[] = {
  { "app.quit", { "<Control>q" } },
  { "app.statuses", { "<Control>b" } },
  { "window.close", { "<Control>w" } },
  { "win.new-scan", { "<Control>n" } },
  { "win.stop", { "<Control>period" } },
  { "win.pause", { "<Control>p" } },
  { "win.unpause", { "<Control>p" } },
  { "win.resume", { "<Control>r" } },
  { "win.credentials", { "<Control>k" } },
  { "win.export", { "<Control>e" } },
  { "win.export-report", { "<Control><Shift>e" } },
  { "win.charts", { "<Control>g" } },
  { "win.compare", { "<Control>d" } },
  { "win.search", { "<Control>f" } },
  { "win.help", { "F1", "F9" } },
};

static void
roll_application_startup (GApplication *application)
{
  G_APPLICATION_CLASS (roll_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (ROLL_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           accelerators[i].accels);
}

/* The program ends with its main window. */
static void
roll_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  RollApplication *self = ROLL_APPLICATION (application);

  GTK_APPLICATION_CLASS (roll_application_parent_class)->window_removed (application, window);
  if (ROLL_IS_WINDOW (window) && self->statuses_window != NULL)
    gtk_window_close (self->statuses_window);
}

static void
roll_application_dispose (GObject *object)
{
  RollApplication *self = ROLL_APPLICATION (object);

  g_clear_weak_pointer (&self->statuses_window);
  g_clear_object (&self->vault);
  G_OBJECT_CLASS (roll_application_parent_class)->dispose (object);
}

static void
roll_application_class_init (RollApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_application_dispose;
  GTK_APPLICATION_CLASS (klass)->window_removed = roll_application_window_removed;
  application_class->startup = roll_application_startup;
  application_class->activate = roll_application_activate;
  application_class->open = roll_application_open;
}

static void
roll_application_init (RollApplication *self)
{
  self->vault = roll_vault_new ();
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE…]"));
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _("Files with one target per line open a new scan of them."));
}

RollApplication *
roll_application_new (void)
{
  return g_object_new (ROLL_TYPE_APPLICATION, "application-id", ROLL_APP_ID, "flags", G_APPLICATION_HANDLES_OPEN,
                       NULL);
}

RollVault *
roll_application_get_vault (RollApplication *self)
{
  g_return_val_if_fail (ROLL_IS_APPLICATION (self), NULL);

  return self->vault;
}
