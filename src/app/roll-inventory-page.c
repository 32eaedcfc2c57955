/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-inventory-page.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/roll-fact-grid.h"
#include "app/roll-format.h"
#include "app/roll-inventory-text.h"
#include "app/roll-rows-window.h"

struct _RollInventoryPage
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkBox *groups_box;

  RollComputer *computer;
  GPtrArray *classes;
};

G_DEFINE_FINAL_TYPE (RollInventoryPage, roll_inventory_page, GTK_TYPE_WIDGET)

/* --- Key facts --- */

static GtkWidget *
new_key_facts (const RollFacts *facts)
{
  g_autoptr (GPtrArray) list = roll_inventory_key_facts (facts);
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *grid = roll_fact_grid_new ();

  for (guint i = 0; i < list->len; i++)
    {
      const RollKeyFact *fact = list->pdata[i];

      roll_fact_grid_add (grid, fact->label, fact->value);
    }
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _("The Computer"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), roll_fact_grid_wrap (grid));
  return group;
}

/* --- Classes --- */

static void
set_sign (GtkWidget *icon, const char *name, const char *style, const char *label)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), name);
  gtk_widget_add_css_class (icon, style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GtkWidget *
new_sign (const RollClassResult *result)
{
  GtkWidget *icon = gtk_image_new ();

  if (result->outcome == ROLL_CLASS_COLLECTED)
    set_sign (icon, "roll-success-symbolic", "success", _("Went well"));
  else if (roll_inventory_is_absent (result))
    set_sign (icon, "roll-not-started-symbolic", "dim-label", _("Not there"));
  else if (result->outcome == ROLL_CLASS_TIMED_OUT)
    set_sign (icon, "roll-wmi-query-timeout-symbolic", "warning", _("No answer in time"));
  else if (result->outcome == ROLL_CLASS_ABANDONED)
    set_sign (icon, "roll-stopped-symbolic", "warning", _("Broken off"));
  else
    set_sign (icon, "roll-rpc-call-cancelled-symbolic", "error", _("Failed"));
  return icon;
}

static char *
describe (const RollClassResult *result, guint n_attempts)
{
  g_autofree char *text = roll_inventory_result (result);
  g_autofree char *duration = roll_format_duration (result->duration_us);

  if (n_attempts <= 1)
    return g_strdup_printf ("%s · %s", text, duration);
  /* Translators: rows or an error, time taken, in which attempt */
  return g_strdup_printf (_("%s · %s · attempt %u"), text, duration, result->attempt);
}

static void
on_class_activated (AdwActionRow *row, RollInventoryPage *self)
{
  const RollClassResult *result = g_object_get_data (G_OBJECT (row), "result");
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *window = roll_rows_window_new (GTK_WINDOW (root), self->computer->target, roll_inventory_label (result),
                                            result->rows);

  gtk_window_present (GTK_WINDOW (window));
}

static GtkWidget *
new_class_row (RollInventoryPage *self, const RollClassResult *result)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subtitle = describe (result, self->computer->attempts);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), roll_inventory_label (result));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), new_sign (result));
  if (result->n_rows == 0 || result->rows == NULL)
    return row;
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data (G_OBJECT (row), "result", (gpointer) result);
  g_signal_connect (row, "activated", G_CALLBACK (on_class_activated), self);
  return row;
}

static GtkWidget *
new_classes (RollInventoryPage *self)
{
  GtkWidget *group = adw_preferences_group_new ();
  g_autofree char *title = roll_inventory_completeness (self->computer);

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  if (self->computer->credential != NULL)
    {
      g_autofree char *text = g_strdup_printf (_("Logged on with “%s”"), self->computer->credential);
      g_autofree char *markup = g_markup_escape_text (text, -1);

      adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group), markup);
    }
  for (guint i = 0; i < self->classes->len; i++)
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), new_class_row (self, self->classes->pdata[i]));
  return group;
}

/* --- Object --- */

static void
roll_inventory_page_dispose (GObject *object)
{
  RollInventoryPage *self = ROLL_INVENTORY_PAGE (object);

  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->computer, roll_computer_unref);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  G_OBJECT_CLASS (roll_inventory_page_parent_class)->dispose (object);
}

static void
roll_inventory_page_class_init (RollInventoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_inventory_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-inventory-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollInventoryPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, RollInventoryPage, groups_box);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_inventory_page_init (RollInventoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
roll_inventory_page_show (RollInventoryPage *self, RollComputer *computer, GPtrArray *classes)
{
  GtkWidget *child;

  g_return_if_fail (ROLL_IS_INVENTORY_PAGE (self));
  g_return_if_fail (computer != NULL);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->groups_box))) != NULL)
    gtk_box_remove (self->groups_box, child);
  roll_computer_ref (computer);
  g_clear_pointer (&self->computer, roll_computer_unref);
  self->computer = computer;
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  self->classes = classes != NULL ? g_ptr_array_ref (classes) : NULL;
  if (computer->facts != NULL)
    gtk_box_append (self->groups_box, new_key_facts (computer->facts));
  if (classes != NULL && classes->len > 0)
    gtk_box_append (self->groups_box, new_classes (self));
}
