/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-statuses-window.h"

#include <glib/gi18n.h>

#include "app/roll-help-page.h"
#include "app/roll-help-text.h"
#include "app/roll-status-look.h"
#include "app/roll-status-search.h"

struct _RollStatusesWindow
{
  AdwWindow parent_instance;

  AdwLeaflet *leaflet;
  GtkWidget *list_page;
  GtkWidget *content_page;
  GtkSearchEntry *search_entry;
  GtkWidget *number_box;
  GtkLabel *number_label;
  GtkStack *list_stack;
  GtkListBox *list;
  RollHelpPage *help_page;
};

G_DEFINE_FINAL_TYPE (RollStatusesWindow, roll_statuses_window, ADW_TYPE_WINDOW)

#define STATUS_KEY "roll-status"

static RollStatus
row_status (GtkListBoxRow *row)
{
  return (RollStatus) GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), STATUS_KEY));
}

static GtkWidget *
new_row (RollStatus status)
{
  const RollStatusLook *look = roll_status_look (status);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *sign = gtk_image_new_from_icon_name (look->sign);
  GtkWidget *label = gtk_label_new (roll_status_label (status));

  gtk_widget_add_css_class (sign, look->classes[0]);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), sign);
  gtk_box_append (GTK_BOX (box), label);
  if ((int) status >= 0)
    {
      g_autofree char *code = g_strdup_printf ("%d", (int) status);
      GtkWidget *code_label = gtk_label_new (code);

      gtk_widget_add_css_class (code_label, "dim-label");
      gtk_widget_add_css_class (code_label, "numeric");
      gtk_box_append (GTK_BOX (box), code_label);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, roll_status_label (status), -1);
  g_object_set_data (G_OBJECT (row), STATUS_KEY, GINT_TO_POINTER ((int) status));
  return row;
}

static void
on_row_selected (GtkListBox *list, GtkListBoxRow *row, RollStatusesWindow *self)
{
  if (row != NULL)
    roll_help_page_show_status (self->help_page, row_status (row), NULL);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, RollStatusesWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->content_page);
}

static void
on_back_clicked (GtkButton *button, RollStatusesWindow *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->list_page);
}

static void
show_number (RollStatusesWindow *self, RollErrorNumber error)
{
  g_autofree char *text = roll_help_error_meaning (error);

  gtk_label_set_label (self->number_label, text);
  gtk_widget_set_visible (self->number_box, *text != '\0');
}

static void
on_search_changed (GtkSearchEntry *entry, RollStatusesWindow *self)
{
  g_autoptr (RollStatusMatches) matches = roll_status_search (gtk_editable_get_text (GTK_EDITABLE (entry)));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; i < matches->statuses->len; i++)
    gtk_list_box_append (self->list, new_row (g_array_index (matches->statuses, RollStatus, i)));
  show_number (self, matches->error);
  gtk_stack_set_visible_child_name (self->list_stack, matches->statuses->len > 0 ? "list" : "nothing");
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

/* Enter in the search goes to what was found first. */
static void
on_search_activate (GtkSearchEntry *entry, RollStatusesWindow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, 0);

  if (row == NULL)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (row));
  adw_leaflet_set_visible_child (self->leaflet, self->content_page);
}

static void
on_stop_search (GtkSearchEntry *entry, RollStatusesWindow *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (entry)) != '\0')
    gtk_editable_set_text (GTK_EDITABLE (entry), "");
  else
    gtk_window_close (GTK_WINDOW (self));
}

/* Down is to the list, although the page of a status is as near. */
static gboolean
on_search_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
               RollStatusesWindow *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return keyval == GDK_KEY_Down && row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
go_back (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  RollStatusesWindow *self = ROLL_STATUSES_WINDOW (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (!adw_leaflet_get_folded (self->leaflet) || adw_leaflet_get_visible_child (self->leaflet) == self->list_page)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  adw_leaflet_set_visible_child (self->leaflet, self->list_page);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
focus_search (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  RollStatusesWindow *self = ROLL_STATUSES_WINDOW (widget);

  adw_leaflet_set_visible_child (self->leaflet, self->list_page);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
roll_statuses_window_class_init (RollStatusesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (ROLL_TYPE_HELP_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-statuses-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, list_page);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, content_page);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, number_box);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, number_label);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, list_stack);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, list);
  gtk_widget_class_bind_template_child (widget_class, RollStatusesWindow, help_page);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_search_key);
  gtk_widget_class_install_action (widget_class, "statuses.search", NULL, focus_search);
  gtk_widget_class_install_action (widget_class, "statuses.back", NULL, go_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "statuses.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "statuses.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
roll_statuses_window_init (RollStatusesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  on_search_changed (self->search_entry, self);
  gtk_window_set_focus (GTK_WINDOW (self), GTK_WIDGET (self->search_entry));
}

GtkWidget *
roll_statuses_window_new (GtkApplication *application)
{
  return g_object_new (ROLL_TYPE_STATUSES_WINDOW, "application", application, NULL);
}
