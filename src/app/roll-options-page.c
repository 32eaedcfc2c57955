/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-options-page.h"

#include <glib/gi18n.h>

#include "inventory/roll-collectors.h"
#include "scan/roll-scan-form.h"

struct _RollOptionsPage
{
  RollWizardPage parent_instance;

  AdwExpanderRow *collect_row;
  GtkWidget *collect_error;
  AdwEntryRow *servers_row;
  AdwEntryRow *search_row;
  AdwPreferencesRow *names_error;
  GtkSpinButton *timeout_spin;
  GtkSpinButton *port_spin;
  GtkSpinButton *retries_spin;
  GtkSpinButton *delay_spin;
  GtkSpinButton *jobs_spin;
  GtkSpinButton *network_jobs_spin;
  GtkSpinButton *probes_spin;
  GtkSpinButton *rate_spin;
  GtkSpinButton *watchdog_spin;

  GPtrArray *groups;        /* (element-type GtkCheckButton): of the groups of collectors, in their order */
  RollScanOptions *options; /* what the page does not show is as in here */
};

G_DEFINE_FINAL_TYPE (RollOptionsPage, roll_options_page, ROLL_TYPE_WIZARD_PAGE)

static char **
get_search (RollOptionsPage *self)
{
  g_auto (GStrv) words = g_strsplit_set (gtk_editable_get_text (GTK_EDITABLE (self->search_row)), " ,;\t", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) search = NULL;

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      g_strv_builder_add (builder, *word);
  search = g_strv_builder_end (builder);
  return *search != NULL ? g_steal_pointer (&search) : NULL;
}

/* What was typed counts, also before the entry was left. */
static guint
get_number (GtkSpinButton *spin)
{
  gtk_spin_button_update (spin);
  return (guint) gtk_spin_button_get_value_as_int (spin);
}

static guint
get_ms (GtkSpinButton *spin)
{
  gtk_spin_button_update (spin);
  return (guint) (gtk_spin_button_get_value (spin) * 1000 + 0.5);
}

/* --- What to collect --- */

static gboolean
is_skipped (const RollScanOptions *options, const RollCollectorGroup *group)
{
  if (options->skipped == NULL)
    return FALSE;
  for (guint i = 0; i < group->n_collectors; i++)
    if (!g_strv_contains ((const char *const *) options->skipped, group->collectors[i].id))
      return FALSE;
  return TRUE;
}

/* What was left out of a group of which more is collected stays left out. (transfer full) (nullable) */
static char **
get_skipped (RollOptionsPage *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) skipped = NULL;
  guint n;
  const RollCollectorGroup *groups = roll_collector_groups (&n);

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < groups[i].n_collectors; j++)
      {
        const char *id = groups[i].collectors[j].id;
        gboolean before = self->options->skipped != NULL && !is_skipped (self->options, &groups[i])
                          && g_strv_contains ((const char *const *) self->options->skipped, id);

        if (before || !gtk_check_button_get_active (self->groups->pdata[i]))
          g_strv_builder_add (builder, id);
      }
  skipped = g_strv_builder_end (builder);
  return *skipped != NULL ? g_steal_pointer (&skipped) : NULL;
}

static guint
count_groups (RollOptionsPage *self)
{
  guint n = 0;

  for (guint i = 0; i < self->groups->len; i++)
    n += gtk_check_button_get_active (self->groups->pdata[i]);
  return n;
}

static void update_ready (RollOptionsPage *self);

static void
on_group_toggled (RollOptionsPage *self)
{
  guint n = count_groups (self);
  g_autofree char *text = NULL;

  if (n == self->groups->len)
    text = g_strdup (_("Everything"));
  else
    text = g_strdup_printf (_("%u of %u parts"), n, self->groups->len);
  adw_expander_row_set_subtitle (self->collect_row, text);
  gtk_widget_set_visible (self->collect_error, n == 0);
  update_ready (self);
}

static char *
name_collectors (const RollCollectorGroup *group)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < group->n_collectors; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", g_dgettext (GETTEXT_PACKAGE, group->collectors[i].label));
  return g_string_free (names, FALSE);
}

static void
add_groups (RollOptionsPage *self)
{
  guint n;
  const RollCollectorGroup *groups = roll_collector_groups (&n);

  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *check = gtk_check_button_new ();
      const char *label = g_dgettext (GETTEXT_PACKAGE, groups[i].label);
      g_autofree char *names = name_collectors (&groups[i]);

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), label);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), names);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
      gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      g_signal_connect_swapped (check, "toggled", G_CALLBACK (on_group_toggled), self);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
      adw_expander_row_add_row (self->collect_row, row);
      g_ptr_array_add (self->groups, check);
    }
}

static void
set_skipped (RollOptionsPage *self, const RollScanOptions *options)
{
  guint n;
  const RollCollectorGroup *groups = roll_collector_groups (&n);

  for (guint i = 0; i < n; i++)
    gtk_check_button_set_active (self->groups->pdata[i], !is_skipped (options, &groups[i]));
  on_group_toggled (self);
}

/* --- Names are the other thing that can be wrong --- */

static char *
find_mistake (RollOptionsPage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScanOptions) options = NULL;
  g_auto (GStrv) servers
      = roll_scan_form_name_servers (gtk_editable_get_text (GTK_EDITABLE (self->servers_row)), &error);

  if (error != NULL)
    return g_strdup (error->message);
  options = roll_scan_options_new ();
  options->dns = g_steal_pointer (&servers);
  options->dns_search = get_search (self);
  return roll_scan_options_check (options, &error) ? NULL : g_strdup (error->message);
}

static void
on_changed (GtkWidget *row, RollOptionsPage *self)
{
  g_autofree char *mistake = find_mistake (self);

  adw_preferences_row_set_title (self->names_error, mistake != NULL ? mistake : "");
  gtk_widget_set_visible (GTK_WIDGET (self->names_error), mistake != NULL);
  if (mistake != NULL)
    gtk_widget_add_css_class (row, "error");
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->servers_row), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (self->search_row), "error");
    }
  update_ready (self);
}

static void
update_ready (RollOptionsPage *self)
{
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self),
                              count_groups (self) > 0 && !gtk_widget_get_visible (GTK_WIDGET (self->names_error)));
}

/* --- What has been chosen --- */

RollScanOptions *
roll_options_page_get_options (RollOptionsPage *self)
{
  RollScanOptions *options;

  g_return_val_if_fail (ROLL_IS_OPTIONS_PAGE (self), NULL);

  options = roll_scan_options_copy (self->options);
  g_strfreev (options->dns);
  g_strfreev (options->dns_search);
  g_strfreev (options->skipped);
  options->skipped = get_skipped (self);
  options->dns = roll_scan_form_name_servers (gtk_editable_get_text (GTK_EDITABLE (self->servers_row)), NULL);
  options->dns_search = get_search (self);
  options->connect_timeout_ms = get_ms (self->timeout_spin);
  options->port = (guint16) get_number (self->port_spin);
  options->retries = get_number (self->retries_spin);
  options->retry_delay_ms = get_ms (self->delay_spin);
  options->jobs = get_number (self->jobs_spin);
  options->network_jobs = get_number (self->network_jobs_spin);
  options->probes = get_number (self->probes_spin);
  options->rate = get_number (self->rate_spin);
  options->watchdog_ms = get_ms (self->watchdog_spin);
  return options;
}

static void
set_words (AdwEntryRow *row, char **words)
{
  g_autofree char *text = words != NULL ? g_strjoinv (", ", words) : g_strdup ("");

  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

void
roll_options_page_set_options (RollOptionsPage *self, const RollScanOptions *options)
{
  RollScanOptions *copy;

  g_return_if_fail (ROLL_IS_OPTIONS_PAGE (self) && options != NULL);

  copy = roll_scan_options_copy (options);
  roll_scan_options_free (self->options);
  self->options = copy;
  set_skipped (self, copy);
  set_words (self->servers_row, copy->dns);
  set_words (self->search_row, copy->dns_search);
  gtk_spin_button_set_value (self->timeout_spin, copy->connect_timeout_ms / 1000.0);
  gtk_spin_button_set_value (self->port_spin, copy->port);
  gtk_spin_button_set_value (self->retries_spin, copy->retries);
  gtk_spin_button_set_value (self->delay_spin, copy->retry_delay_ms / 1000.0);
  gtk_spin_button_set_value (self->jobs_spin, copy->jobs);
  gtk_spin_button_set_value (self->network_jobs_spin, copy->network_jobs);
  gtk_spin_button_set_value (self->probes_spin, copy->probes);
  gtk_spin_button_set_value (self->rate_spin, copy->rate);
  gtk_spin_button_set_value (self->watchdog_spin, copy->watchdog_ms / 1000.0);
}

static void
on_reset_clicked (GtkButton *button, RollOptionsPage *self)
{
  g_autoptr (RollScanOptions) usual = roll_scan_options_new ();

  roll_options_page_set_options (self, usual);
}

/* --- In one line --- */

static void
append (GString *text, char *part)
{
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
  g_free (part);
}

char *
roll_options_page_describe (RollOptionsPage *self)
{
  g_autoptr (RollScanOptions) usual = roll_scan_options_new ();
  g_autoptr (RollScanOptions) options = NULL;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (ROLL_IS_OPTIONS_PAGE (self), NULL);

  if (!roll_wizard_page_get_ready (ROLL_WIZARD_PAGE (self)))
    {
      g_string_append (text, _("Something there is wrong: put it right."));
      return g_string_free (text, FALSE);
    }
  options = roll_options_page_get_options (self);
  if (count_groups (self) < self->groups->len)
    append (text, g_strdup_printf (_("collects %u of %u parts"), count_groups (self), self->groups->len));
  if (options->dns != NULL)
    append (text, g_strdup_printf (ngettext ("name server %s", "name servers %s", g_strv_length (options->dns)),
                                   gtk_editable_get_text (GTK_EDITABLE (self->servers_row))));
  if (options->dns_search != NULL)
    append (text, g_strdup_printf (_("names end in %s"), gtk_editable_get_text (GTK_EDITABLE (self->search_row))));
  if (options->port != usual->port)
    append (text, g_strdup_printf (_("port %u"), options->port));
  if (options->connect_timeout_ms != usual->connect_timeout_ms)
    append (text, g_strdup_printf (_("time-out %.1f s"), options->connect_timeout_ms / 1000.0));
  if (options->retries != usual->retries)
    append (text, g_strdup_printf (ngettext ("%u retry", "%u retries", options->retries), options->retries));
  if (options->retry_delay_ms != usual->retry_delay_ms || options->jobs != usual->jobs
      || options->network_jobs != usual->network_jobs || options->probes != usual->probes
      || options->rate != usual->rate || options->watchdog_ms != usual->watchdog_ms)
    append (text, g_strdup (_("another speed")));
  if (text->len == 0)
    g_string_append (text, _("As usual"));
  return g_string_free (text, FALSE);
}

/* --- Object --- */

static gboolean
roll_options_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ROLL_OPTIONS_PAGE (widget)->servers_row));
}

static void
roll_options_page_finalize (GObject *object)
{
  roll_scan_options_free (ROLL_OPTIONS_PAGE (object)->options);
  g_ptr_array_unref (ROLL_OPTIONS_PAGE (object)->groups);
  G_OBJECT_CLASS (roll_options_page_parent_class)->finalize (object);
}

static void
roll_options_page_class_init (RollOptionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_options_page_finalize;
  widget_class->grab_focus = roll_options_page_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-options-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, collect_row);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, collect_error);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, servers_row);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, search_row);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, names_error);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, timeout_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, port_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, retries_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, delay_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, jobs_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, network_jobs_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, probes_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, rate_spin);
  gtk_widget_class_bind_template_child (widget_class, RollOptionsPage, watchdog_spin);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_clicked);
  gtk_widget_class_bind_template_callback (widget_class, roll_wizard_page_go_on);
}

static void
roll_options_page_init (RollOptionsPage *self)
{
  g_autoptr (RollScanOptions) usual = roll_scan_options_new ();

  self->groups = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_groups (self);
  roll_options_page_set_options (self, usual);
}
