/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-directory-page.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "app/roll-logon-group.h"
#include "app/roll-place.h"

#define MARGIN 12
#define INDENT 18 /* pixels for each level of the tree */

/* The first two ways to log on; behind them what the keyring has. */
enum
{
  ACCOUNT_TYPED,
  ACCOUNT_TICKETS,
  N_OWN_ACCOUNTS,
};

struct _RollDirectoryPage
{
  RollWizardPage parent_instance;

  AdwEntryRow *domain_row;
  AdwEntryRow *server_row;
  AdwPreferencesRow *reason_row;
  AdwComboRow *security_row;
  AdwComboRow *account_row;
  RollLogonGroup *logon_group;
  GtkWidget *connect_button;
  GtkWidget *busy_box;
  GtkLabel *busy_label;
  GtkWidget *trouble_group;
  AdwPreferencesRow *trouble_row;
  GtkWidget *again_button;
  GtkWidget *certificate_group;
  GtkListBox *certificate_list;
  GtkButton *trust_button;
  GtkWidget *places_group;
  GtkListView *places_view;
  GtkWidget *find_button;
  GtkWidget *filters_group;
  AdwPreferencesRow *found_row;
  AdwActionRow *enabled_row;
  GtkSwitch *enabled_switch;
  AdwActionRow *days_row;
  GtkSpinButton *days_spin;
  AdwEntryRow *system_row;
  AdwActionRow *left_row;

  RollVault *vault;
  GPtrArray *entries;                /* (element-type RollVaultEntry): those to choose from */
  char **name_servers;               /* (nullable) */
  RollDirectory *directory;          /* (nullable): once connected to, or tried */
  RollDirectoryCertificate *certificate; /* (nullable): the one that is shown */
  GListStore *places;                /* (element-type RollPlace) */
  RollDirectoryComputers *computers; /* (nullable): what was found */
  GCancellable *working;             /* (nullable) */
  gboolean finding;                  /* what is tried again */
};

G_DEFINE_FINAL_TYPE (RollDirectoryPage, roll_directory_page, ROLL_TYPE_WIZARD_PAGE)

/* Without what a paste brings along. (transfer full) (nullable): NULL: nothing is typed */
static char *
text_of (AdwEntryRow *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* --- What is typed --- */

static void
mark (AdwEntryRow *row, gboolean wrong)
{
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
}

/* Says of the first entry that is wrong what is wrong with it, and marks each. */
static gboolean
check_names (RollDirectoryPage *self, GError **error)
{
  g_autofree char *domain = text_of (self->domain_row);
  g_autofree char *server = text_of (self->server_row);
  gboolean domain_wrong = domain != NULL && !roll_directory_check_domain (domain, error);
  gboolean server_wrong = server != NULL && !roll_directory_check_server (server, domain_wrong ? NULL : error);

  mark (self->domain_row, domain_wrong);
  mark (self->server_row, server_wrong);
  return !domain_wrong && !server_wrong && (domain != NULL || server != NULL);
}

static gboolean
is_right (RollDirectoryPage *self, GError **error)
{
  gboolean typed = adw_combo_row_get_selected (self->account_row) == ACCOUNT_TYPED;
  g_autoptr (GError) reason = NULL;
  gboolean named = check_names (self, &reason);

  if (reason == NULL && adw_combo_row_get_selected (self->account_row) == ACCOUNT_TICKETS
      && adw_combo_row_get_selected (self->security_row) != ROLL_DIRECTORY_KERBEROS)
    reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                  _("Tickets need a Kerberos connection. Choose it, or another account."));
  if (reason != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return FALSE;
    }
  return named && (!typed || roll_logon_group_is_right (self->logon_group));
}

static void
on_typed (RollDirectoryPage *self)
{
  g_autoptr (GError) error = NULL;
  gboolean right = is_right (self, &error);

  adw_preferences_row_set_title (self->reason_row, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_row), error != NULL);
  gtk_widget_set_sensitive (self->connect_button, right && self->working == NULL);
}

static void
on_account_changed (RollDirectoryPage *self)
{
  gboolean typed = adw_combo_row_get_selected (self->account_row) == ACCOUNT_TYPED;

  gtk_widget_set_visible (GTK_WIDGET (self->logon_group), typed);
  g_object_set (self->logon_group, "required", typed, NULL);
  if (adw_combo_row_get_selected (self->account_row) == ACCOUNT_TICKETS)
    adw_combo_row_set_selected (self->security_row, ROLL_DIRECTORY_KERBEROS);
  on_typed (self);
}

static void
show_accounts (RollDirectoryPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _("An account typed below"));
  gtk_string_list_append (names, _("My Kerberos tickets"));
  for (guint i = 0; self->entries != NULL && i < self->entries->len; i++)
    gtk_string_list_append (names, ((RollVaultEntry *) self->entries->pdata[i])->name);
  adw_combo_row_set_model (self->account_row, G_LIST_MODEL (names));
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollDirectoryPage) self = user_data;

  if (self->vault == NULL)
    return;
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  self->entries = roll_vault_list_finish (ROLL_VAULT (source), result, NULL);
  show_accounts (self);
}

void
roll_directory_page_set_vault (RollDirectoryPage *self, RollVault *vault)
{
  g_return_if_fail (ROLL_IS_DIRECTORY_PAGE (self));

  g_set_object (&self->vault, vault);
}

void
roll_directory_page_open (RollDirectoryPage *self, char **name_servers)
{
  g_return_if_fail (ROLL_IS_DIRECTORY_PAGE (self));

  g_strfreev (self->name_servers);
  self->name_servers = g_strdupv (name_servers);
  if (self->computers == NULL && self->working == NULL && self->entries == NULL)
    roll_vault_list_async (self->vault, FALSE, NULL, on_listed, g_object_ref (self));
}

/* --- Work that takes its time --- */

static GCancellable *
begin_work (RollDirectoryPage *self, const char *text)
{
  g_clear_object (&self->working);
  self->working = g_cancellable_new ();
  gtk_label_set_label (self->busy_label, text);
  gtk_widget_show (self->busy_box);
  gtk_widget_hide (self->connect_button);
  gtk_widget_set_sensitive (self->find_button, FALSE);
  gtk_widget_hide (self->trouble_group);
  gtk_widget_hide (self->certificate_group);
  return self->working;
}

static void
end_work (RollDirectoryPage *self)
{
  g_clear_object (&self->working);
  gtk_widget_hide (self->busy_box);
  gtk_widget_show (self->connect_button);
  gtk_widget_set_sensitive (self->find_button, TRUE);
  on_typed (self);
}

static void
on_cancel (RollDirectoryPage *self)
{
  if (self->working != NULL)
    g_cancellable_cancel (self->working);
}

/* --- What comes below is brought into sight --- */

/* Two frames later: nothing has a place before. */
static gboolean
scroll_to (GtkWidget *group, GdkFrameClock *clock, gpointer start)
{
  GtkWidget *page = gtk_widget_get_ancestor (group, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;
  double y;

  if (gdk_frame_clock_get_frame_counter (clock) < GPOINTER_TO_INT (start) + 2)
    return G_SOURCE_CONTINUE;
  if (page == NULL || !gtk_widget_translate_coordinates (group, page, 0, 0, NULL, &y))
    return G_SOURCE_REMOVE;
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + y - MARGIN);
  return G_SOURCE_REMOVE;
}

static void
show_group (GtkWidget *group)
{
  GdkFrameClock *clock;

  gtk_widget_show (group);
  clock = gtk_widget_get_frame_clock (group);
  if (clock != NULL)
    gtk_widget_add_tick_callback (group, scroll_to, GINT_TO_POINTER ((int) gdk_frame_clock_get_frame_counter (clock)),
                                  NULL);
}

/* --- A certificate that could not be verified --- */

static void
add_fact (RollDirectoryPage *self, const char *label, const char *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), label);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (self->certificate_list, row);
}

static void
show_certificate (RollDirectoryPage *self)
{
  const RollDirectoryCertificate *certificate = self->certificate;
  g_autofree char *from = roll_format_date (certificate->not_before * G_USEC_PER_SEC);
  g_autofree char *until = roll_format_date (certificate->not_after * G_USEC_PER_SEC);
  g_autofree char *dates = g_strdup_printf (_("%s to %s"), from, until);
  g_autofree char *trust = g_strdup_printf (_("Trust It for %s"), certificate->server);
  GtkWidget *row;

  while ((row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->certificate_list, 0))) != NULL)
    gtk_list_box_remove (self->certificate_list, row);
  if (certificate->replaces != NULL)
    add_fact (self, _("Another one was trusted before"), certificate->replaces);
  add_fact (self, _("Why it is not verified"), certificate->reason);
  add_fact (self, _("Made for"), *certificate->names != '\0' ? certificate->names : certificate->subject);
  add_fact (self, _("Issued by"), certificate->issuer);
  add_fact (self, _("Valid"), dates);
  add_fact (self, _("Fingerprint (SHA-256)"), certificate->fingerprint);
  gtk_button_set_label (self->trust_button, trust);
  gtk_widget_show (self->certificate_group);
  gtk_widget_grab_focus (self->connect_button);
}

static void
show_trouble (RollDirectoryPage *self, const GError *error)
{
  const RollDirectoryCertificate *certificate
      = self->directory != NULL ? roll_directory_get_certificate (self->directory) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  adw_preferences_row_set_title (self->trouble_row, error->message);
  gtk_widget_show (self->again_button);
  show_group (self->trouble_group);
  if (!g_error_matches (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_CERTIFICATE) || certificate == NULL)
    return;
  gtk_widget_hide (self->again_button);
  g_clear_pointer (&self->certificate, roll_directory_certificate_free);
  self->certificate = roll_directory_certificate_copy (certificate);
  show_certificate (self);
}

/* --- Places --- */

static void
on_place_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_list_item_set_child (item, check);
}

static void
on_place_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  RollPlace *place = gtk_list_item_get_item (item);
  GtkWidget *check = gtk_list_item_get_child (item);

  gtk_check_button_set_label (GTK_CHECK_BUTTON (check), roll_place_get_name (place));
  gtk_widget_set_margin_start (check, MARGIN / 2 + (int) MIN (roll_place_get_depth (place), 8) * INDENT);
  g_object_set_data (G_OBJECT (item), "binding",
                     g_object_bind_property (place, "chosen", check, "active",
                                             G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE));
}

static void
on_place_unbind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GBinding *binding = g_object_steal_data (G_OBJECT (item), "binding");

  if (binding != NULL)
    g_binding_unbind (binding);
}

static void
on_place_activated (GtkListView *view, guint position, RollDirectoryPage *self)
{
  g_autoptr (RollPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), position);

  g_object_set (place, "chosen", !roll_place_get_chosen (place), NULL);
}

/* In the order of a tree: each place behind the one that it is in. */
static void
add_places (RollDirectoryPage *self, GPtrArray *containers, GArray *firsts, GArray *nexts, guint index, guint depth)
{
  for (; index != ROLL_DIRECTORY_NO_PARENT; index = g_array_index (nexts, guint, index))
    {
      g_autoptr (RollPlace) place = roll_place_new (containers->pdata[index], depth, index == 0);

      g_list_store_append (self->places, place);
      if (depth < 64)
        add_places (self, containers, firsts, nexts, g_array_index (firsts, guint, index), depth + 1);
    }
}

static void
show_places (RollDirectoryPage *self, GPtrArray *containers)
{
  g_autoptr (GArray) firsts = g_array_sized_new (FALSE, FALSE, sizeof (guint), containers->len);
  g_autoptr (GArray) nexts = g_array_sized_new (FALSE, FALSE, sizeof (guint), containers->len);
  const guint none = ROLL_DIRECTORY_NO_PARENT;

  for (guint i = 0; i < containers->len; i++)
    {
      g_array_append_val (firsts, none);
      g_array_append_val (nexts, none);
    }
  for (guint i = containers->len; i-- > 1;)
    {
      guint parent = ((RollDirectoryContainer *) containers->pdata[i])->parent;

      parent = parent < i ? parent : 0;
      g_array_index (nexts, guint, i) = g_array_index (firsts, guint, parent);
      g_array_index (firsts, guint, parent) = i;
    }
  g_list_store_remove_all (self->places);
  if (containers->len > 0)
    add_places (self, containers, firsts, nexts, 0, 0);
  show_group (self->places_group);
  gtk_widget_grab_focus (self->find_button);
}

static void
on_places (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollDirectoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) containers = roll_directory_list_finish (ROLL_DIRECTORY (source), result, &error);

  if (self->places == NULL)
    return;
  end_work (self);
  if (containers != NULL)
    show_places (self, containers);
  else
    show_trouble (self, error);
}

/* --- Connecting --- */

static void
on_progress (RollDirectory *directory, guint n, RollDirectoryPage *self)
{
  g_autofree char *count = roll_format_count (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s computer so far…", "%s computers so far…", n), count);

  gtk_label_set_label (self->busy_label, text);
}

static void
open_directory (RollDirectoryPage *self, RollCredential *credential)
{
  g_autoptr (RollDirectoryOptions) options = roll_directory_options_new ();

  options->domain = text_of (self->domain_row);
  options->server = text_of (self->server_row);
  options->security = (RollDirectorySecurity) adw_combo_row_get_selected (self->security_row);
  options->credential = credential != NULL ? roll_credential_ref (credential) : NULL;
  options->name_servers = g_strdupv (self->name_servers);
  g_clear_object (&self->directory);
  self->directory = roll_directory_new (options);
  g_signal_connect_object (self->directory, "progress", G_CALLBACK (on_progress), self, 0);
  roll_directory_list_async (self->directory, self->working, on_places, g_object_ref (self));
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollDirectoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) credentials = roll_vault_load_finish (ROLL_VAULT (source), result, &error);

  if (self->places == NULL)
    return;
  if (credentials != NULL && credentials->len > 0)
    {
      open_directory (self, credentials->pdata[0]);
      return;
    }
  end_work (self);
  show_trouble (self, error);
}

static void
on_connect (RollDirectoryPage *self)
{
  guint account = adw_combo_row_get_selected (self->account_row);

  if (self->working != NULL || !is_right (self, NULL))
    return;
  self->finding = FALSE;
  begin_work (self, _("Connecting…"));
  gtk_widget_hide (self->places_group);
  gtk_widget_hide (self->filters_group);
  g_clear_pointer (&self->computers, roll_directory_computers_unref);
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self), FALSE);
  if (account == ACCOUNT_TYPED)
    {
      g_autoptr (GPtrArray) credentials = roll_logon_group_get_credentials (self->logon_group);

      open_directory (self, credentials != NULL ? credentials->pdata[0] : NULL);
    }
  else if (account == ACCOUNT_TICKETS || account - N_OWN_ACCOUNTS >= self->entries->len)
    open_directory (self, NULL);
  else
    {
      g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

      g_ptr_array_add (chosen, self->entries->pdata[account - N_OWN_ACCOUNTS]);
      roll_secret_forbid_dumps ();
      roll_vault_load_async (self->vault, chosen, self->working, on_loaded, g_object_ref (self));
    }
}

static void
on_trust (RollDirectoryPage *self)
{
  g_autoptr (GError) error = NULL;

  if (self->certificate == NULL)
    return;
  if (roll_directory_certificate_accept (self->certificate, &error))
    on_connect (self);
  else
    show_trouble (self, error);
}

/* --- Finding and filtering --- */

static RollDirectoryFilter
get_filter (RollDirectoryPage *self)
{
  return (RollDirectoryFilter) {
    .enabled_only = gtk_switch_get_active (self->enabled_switch),
    .logged_on_days = (guint) gtk_spin_button_get_value_as_int (self->days_spin),
    .system_text = gtk_editable_get_text (GTK_EDITABLE (self->system_row)),
  };
}

static char *
count_computers (guint n)
{
  g_autofree char *count = roll_format_count (n);

  return g_strdup_printf (ngettext ("%s computer", "%s computers", n), count);
}

/* Before and after. */
static char *
describe_step (guint before, guint after)
{
  g_autofree char *from = roll_format_count (before);
  g_autofree char *to = roll_format_count (after);

  /* Translators: how many computers there are before a filter, and behind it */
  return g_strdup_printf (_("%s → %s"), from, to);
}

static void
update_filters (RollDirectoryPage *self)
{
  RollDirectoryFilter filter = get_filter (self);
  RollDirectoryCounts counts;
  g_autoptr (GPtrArray) passed = NULL;
  g_autofree char *found = NULL, *enabled = NULL, *days = NULL, *left = NULL, *system = NULL, *detail = NULL;

  if (self->computers == NULL)
    return;
  passed = roll_directory_computers_filter (self->computers, &filter, g_get_real_time () / G_USEC_PER_SEC, &counts);
  found = count_computers (counts.n_found);
  enabled = describe_step (counts.n_found, counts.n_enabled);
  days = describe_step (counts.n_enabled, counts.n_logged_on);
  left = count_computers (passed->len);
  system = describe_step (counts.n_logged_on, counts.n_system);
  if (counts.n_nameless == 0)
    detail = g_strdup_printf (_("Operating system: %s"), system);
  else
    detail = g_strdup_printf (ngettext ("Operating system: %s. %u without a name that DNS can carry is left out.",
                                        "Operating system: %s. %u without a name that DNS can carry are left out.",
                                        counts.n_nameless), system, counts.n_nameless);
  adw_preferences_row_set_title (self->found_row, found);
  adw_action_row_set_subtitle (self->enabled_row, enabled);
  {
    g_autofree char *text
        = filter.logged_on_days == 0
              ? g_strdup_printf (_("%s. 0 does not matter."), days)
              : g_strdup_printf (ngettext ("%s. %u never logged on. Logons are noted up to 14 days late.",
                                           "%s. %u never logged on. Logons are noted up to 14 days late.",
                                           counts.n_never_logged_on), days, counts.n_never_logged_on);

    adw_action_row_set_subtitle (self->days_row, text);
  }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->left_row), left);
  adw_action_row_set_subtitle (self->left_row, detail);
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self), passed->len > 0);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollDirectoryPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollDirectoryComputers) computers = roll_directory_find_finish (ROLL_DIRECTORY (source), result, &error);

  if (self->places == NULL)
    return;
  end_work (self);
  if (computers == NULL)
    {
      show_trouble (self, error);
      return;
    }
  g_clear_pointer (&self->computers, roll_directory_computers_unref);
  self->computers = g_steal_pointer (&computers);
  show_group (self->filters_group);
  update_filters (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->enabled_switch));
}

static void
on_find (RollDirectoryPage *self)
{
  g_autoptr (GPtrArray) bases = g_ptr_array_new ();

  if (self->working != NULL || self->directory == NULL)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->places)); i++)
    {
      g_autoptr (RollPlace) place = g_list_model_get_item (G_LIST_MODEL (self->places), i);

      if (roll_place_get_chosen (place))
        g_ptr_array_add (bases, (gpointer) roll_place_get_dn (place));
    }
  g_ptr_array_add (bases, NULL);
  self->finding = TRUE;
  begin_work (self, _("Looking for computers…"));
  roll_directory_find_async (self->directory, (const char *const *) bases->pdata, self->working, on_found,
                             g_object_ref (self));
}

static void
on_try_again (RollDirectoryPage *self)
{
  if (self->finding)
    on_find (self);
  else
    on_connect (self);
}

RollTargetSource *
roll_directory_page_get_source (RollDirectoryPage *self)
{
  RollDirectoryFilter filter;
  g_autoptr (GPtrArray) passed = NULL;
  g_autofree char *domain = text_of (self->domain_row);
  g_autofree char *server = text_of (self->server_row);

  g_return_val_if_fail (ROLL_IS_DIRECTORY_PAGE (self) && self->computers != NULL, NULL);

  filter = get_filter (self);
  passed = roll_directory_computers_filter (self->computers, &filter, g_get_real_time () / G_USEC_PER_SEC, NULL);
  return roll_target_source_new_directory (passed, domain != NULL ? domain : server);
}

void
roll_directory_page_forget_password (RollDirectoryPage *self)
{
  g_return_if_fail (ROLL_IS_DIRECTORY_PAGE (self));

  roll_logon_group_forget_password (self->logon_group);
}

/* --- Object --- */

static gboolean
roll_directory_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ROLL_DIRECTORY_PAGE (widget)->domain_row));
}

static void
roll_directory_page_dispose (GObject *object)
{
  RollDirectoryPage *self = ROLL_DIRECTORY_PAGE (object);

  on_cancel (self);
  g_clear_object (&self->working);
  g_clear_object (&self->vault);
  g_clear_object (&self->directory);
  g_clear_object (&self->places);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->name_servers, g_strfreev);
  g_clear_pointer (&self->certificate, roll_directory_certificate_free);
  g_clear_pointer (&self->computers, roll_directory_computers_unref);
  G_OBJECT_CLASS (roll_directory_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, domain_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, server_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, reason_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, security_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, account_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, logon_group);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, connect_button);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, busy_box);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, busy_label);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, trouble_group);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, trouble_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, certificate_group);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, certificate_list);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, trust_button);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, places_group);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, places_view);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, find_button);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, filters_group);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, found_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, enabled_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, enabled_switch);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, days_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, days_spin);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, system_row);
  gtk_widget_class_bind_template_child (widget_class, RollDirectoryPage, left_row);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_account_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_connect);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_try_again);
  gtk_widget_class_bind_template_callback (widget_class, on_trust);
  gtk_widget_class_bind_template_callback (widget_class, on_place_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_find);
  gtk_widget_class_bind_template_callback (widget_class, update_filters);
  gtk_widget_class_bind_template_callback (widget_class, roll_wizard_page_go_on);
}

static void
roll_directory_page_class_init (RollDirectoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_directory_page_dispose;
  widget_class->grab_focus = roll_directory_page_grab_focus;
  g_type_ensure (ROLL_TYPE_LOGON_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-directory-page.ui");
  bind_template (widget_class);
}

static void
roll_directory_page_init (RollDirectoryPage *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  self->places = g_list_store_new (ROLL_TYPE_PLACE);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (on_place_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_place_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_place_unbind), NULL);
  gtk_list_view_set_factory (self->places_view, factory);
  gtk_list_view_set_model (self->places_view,
                           GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->places)))));
  show_accounts (self);
  on_account_changed (self);
}
