/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-window.h"

#include <glib/gi18n.h>

#include "app/roll-settings.h"

struct _RollWindow
{
  AdwApplicationWindow parent_instance;
};

G_DEFINE_FINAL_TYPE (RollWindow, roll_window, ADW_TYPE_APPLICATION_WINDOW)

static void
roll_window_class_init (RollWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-window.ui");
}

static void
bind_settings (RollWindow *self)
{
  GSettings *settings = roll_settings_get ();

  if (settings == NULL)
    return;
  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static void
roll_window_init (RollWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bind_settings (self);
}

RollWindow *
roll_window_new (GtkApplication *application)
{
  return g_object_new (ROLL_TYPE_WINDOW, "application", application, NULL);
}
