/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-networks-page.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "scan/roll-own-networks.h"

#define ENTRY "entry" /* of a check button */

struct _RollNetworksPage
{
  RollWizardPage parent_instance;

  GtkListBox *list;
  GtkLabel *placeholder;

  GPtrArray *checks; /* (element-type GtkCheckButton): in @list */
};

G_DEFINE_FINAL_TYPE (RollNetworksPage, roll_networks_page, ROLL_TYPE_WIZARD_PAGE)

static void
update (RollNetworksPage *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->checks->len; i++)
    any |= gtk_check_button_get_active (self->checks->pdata[i]);
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self), any);
}

static char *
describe (const RollOwnNetwork *network)
{
  g_autofree char *count = roll_format_count (network->n_addresses);
  g_autofree char *size = g_strdup_printf (ngettext ("%s address", "%s addresses", network->n_addresses), count);

  return g_strdup_printf ("%s · %s", network->interface, network->reason != NULL ? network->reason : size);
}

static void
add_row (RollNetworksPage *self, const RollOwnNetwork *network, gboolean chosen)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = describe (network);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), network->entry);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (network->reason == NULL)
    {
      GtkWidget *check = gtk_check_button_new ();

      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), chosen);
      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, network->entry, -1);
      g_object_set_data_full (G_OBJECT (check), ENTRY, g_strdup (network->entry), g_free);
      g_signal_connect_swapped (check, "toggled", G_CALLBACK (update), self);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
      g_ptr_array_add (self->checks, check);
    }
  else
    gtk_widget_add_css_class (row, "dim-label");
  gtk_list_box_append (self->list, row);
}

void
roll_networks_page_open (RollNetworksPage *self, const RollTargetSource *chosen)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) networks = NULL;
  GtkWidget *row;

  g_return_if_fail (ROLL_IS_NETWORKS_PAGE (self));

  g_ptr_array_set_size (self->checks, 0);
  while ((row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 0))) != NULL)
    gtk_list_box_remove (self->list, row);
  networks = roll_own_networks (&error);
  if (error != NULL)
    gtk_label_set_label (self->placeholder, error->message);
  for (guint i = 0; networks != NULL && i < networks->len; i++)
    {
      const RollOwnNetwork *network = networks->pdata[i];

      add_row (self, network,
               chosen == NULL || g_strv_contains ((const char *const *) chosen->entries, network->entry));
    }
  update (self);
}

RollTargetSource *
roll_networks_page_get_source (RollNetworksPage *self)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();

  g_return_val_if_fail (ROLL_IS_NETWORKS_PAGE (self), NULL);

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (self->checks->pdata[i]))
      g_ptr_array_add (entries, g_object_get_data (self->checks->pdata[i], ENTRY));
  g_ptr_array_add (entries, NULL);
  return roll_target_source_new_entries (ROLL_SOURCE_NETWORKS, (const char *const *) entries->pdata, NULL);
}

static gboolean
roll_networks_page_grab_focus (GtkWidget *widget)
{
  RollNetworksPage *self = ROLL_NETWORKS_PAGE (widget);

  if (self->checks->len > 0)
    return gtk_widget_grab_focus (self->checks->pdata[0]);
  return gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
roll_networks_page_finalize (GObject *object)
{
  g_ptr_array_unref (ROLL_NETWORKS_PAGE (object)->checks);
  G_OBJECT_CLASS (roll_networks_page_parent_class)->finalize (object);
}

static void
roll_networks_page_class_init (RollNetworksPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_networks_page_finalize;
  widget_class->grab_focus = roll_networks_page_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-networks-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollNetworksPage, list);
  gtk_widget_class_bind_template_child (widget_class, RollNetworksPage, placeholder);
}

static void
roll_networks_page_init (RollNetworksPage *self)
{
  self->checks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
