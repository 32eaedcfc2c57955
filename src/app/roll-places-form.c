/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-places-form.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/roll-coverage.h"

#define COUNT_DELAY_MS 200

/* In the order of the choice. */
static const char *const protocols[] = { "", "ntlm;kerberos", "kerberos", "ntlm" };

struct _RollPlacesForm
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkCheckButton *everywhere_check;
  GtkCheckButton *only_check;
  GtkWidget *places_box;
  GtkWidget *places_view;
  GtkWidget *places_frame;
  GtkTextBuffer *places_buffer;
  GtkWidget *placeholder;
  GtkLabel *places_reason;
  GtkLabel *coverage_label;
  AdwComboRow *protocols_row;
  GtkLabel *protocols_reason;

  RollLibrary *library;    /* (nullable) */
  RollVaultEntry *edited;  /* (nullable) */
  char *account;
  guint count_source;
  GCancellable *counting;  /* (nullable) */
  RollCoverage *coverage;  /* (nullable) */
  char *scan;              /* the name of the one that is counted */
  gboolean insisting;
  gboolean right;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollPlacesForm, roll_places_form, GTK_TYPE_WIDGET)

static gboolean
is_everywhere (RollPlacesForm *self)
{
  return gtk_check_button_get_active (self->everywhere_check);
}

/* One line for each, or however they were pasted. */
static char *
read_places (RollPlacesForm *self)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;
  g_autoptr (GString) scope = g_string_new (NULL);

  gtk_text_buffer_get_bounds (self->places_buffer, &start, &end);
  text = gtk_text_buffer_get_text (self->places_buffer, &start, &end, FALSE);
  words = g_strsplit_set (text, ";,\r\n", -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (*g_strstrip (words[i]) != '\0')
      g_string_append_printf (scope, "%s%s", scope->len > 0 ? ";" : "", words[i]);
  return g_string_free (g_steal_pointer (&scope), FALSE);
}

char *
roll_places_form_get_scope (RollPlacesForm *self)
{
  g_return_val_if_fail (ROLL_IS_PLACES_FORM (self), NULL);

  return is_everywhere (self) ? g_strdup ("") : read_places (self);
}

const char *
roll_places_form_get_protocols (RollPlacesForm *self)
{
  g_return_val_if_fail (ROLL_IS_PLACES_FORM (self), NULL);

  return protocols[MIN (adw_combo_row_get_selected (self->protocols_row), G_N_ELEMENTS (protocols) - 1)];
}

/* --- Which computers of the last scan that means --- */

static void
show_coverage (RollPlacesForm *self, const char *text)
{
  gtk_label_set_label (self->coverage_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->coverage_label), *text != '\0');
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollPlacesForm) self = user_data;
  g_autoptr (GError) error = NULL;
  RollCoverage *coverage = roll_coverage_finish (result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->counting);
  g_clear_pointer (&self->coverage, roll_coverage_free);
  self->coverage = coverage;
  text = coverage != NULL ? roll_coverage_describe (coverage, self->scan) : g_strdup (error->message);
  show_coverage (self, text);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
stop_counting (RollPlacesForm *self)
{
  g_clear_handle_id (&self->count_source, g_source_remove);
  if (self->counting != NULL)
    g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
}

static gboolean
count (gpointer user_data)
{
  RollPlacesForm *self = user_data;
  RollStore *store = self->library != NULL ? roll_library_get_store (self->library) : NULL;
  GPtrArray *scans = store != NULL ? roll_library_get_scans (self->library) : NULL;
  g_autofree char *scope = roll_places_form_get_scope (self);
  const RollScanInfo *info;

  self->count_source = 0;
  if (scans == NULL || scans->len == 0)
    return G_SOURCE_REMOVE;
  info = scans->pdata[0];
  g_free (self->scan);
  self->scan = g_strdup (info->name);
  self->counting = g_cancellable_new ();
  roll_coverage_async (store, info->id, scope, self->counting, on_counted, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/* --- Checking --- */

static char *
check_places (RollPlacesForm *self)
{
  g_autofree char *scope = roll_places_form_get_scope (self);
  g_autoptr (RollVaultEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  if (*scope == '\0' && !is_everywhere (self))
    return g_strdup (self->insisting ? _("Name at least one place, or choose “Everywhere”.") : "");
  entry = roll_vault_entry_new (NULL, "-", "-", scope, NULL, &error);
  return entry == NULL ? g_strdup (error->message) : NULL;
}

/* Of an account that is wrong itself nothing is said here. */
static char *
check_protocols (RollPlacesForm *self)
{
  g_autoptr (RollVaultEntry) usual = NULL;
  g_autoptr (RollVaultEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  usual = roll_vault_entry_new (NULL, "-", self->account, NULL, NULL, NULL);
  if (usual == NULL)
    return NULL;
  entry = roll_vault_entry_new (NULL, "-", self->account, NULL, roll_places_form_get_protocols (self), &error);
  return entry == NULL ? g_strdup (error->message) : NULL;
}

static void
set_wrong (GtkWidget *widget, gboolean wrong)
{
  if (wrong)
    gtk_widget_add_css_class (widget, "error");
  else
    gtk_widget_remove_css_class (widget, "error");
}

static void
update (RollPlacesForm *self)
{
  g_autofree char *places = check_places (self);
  g_autofree char *reason = check_protocols (self);
  gboolean say = places != NULL && *places != '\0';

  gtk_widget_set_visible (self->places_box, !is_everywhere (self));
  gtk_widget_set_visible (self->placeholder, gtk_text_buffer_get_char_count (self->places_buffer) == 0);
  gtk_label_set_label (self->places_reason, say ? places : "");
  gtk_widget_set_visible (GTK_WIDGET (self->places_reason), say);
  set_wrong (self->places_frame, say);
  gtk_label_set_label (self->protocols_reason, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->protocols_reason), reason != NULL);
  set_wrong (GTK_WIDGET (self->protocols_row), reason != NULL);
  self->right = places == NULL && reason == NULL;
  stop_counting (self);
  if (places == NULL)
    self->count_source = g_timeout_add (COUNT_DELAY_MS, count, self);
  else
    show_coverage (self, "");
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_only_toggled (GtkCheckButton *check, RollPlacesForm *self)
{
  update (self);
  if (gtk_check_button_get_active (check) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->places_view);
}

/* --- Object --- */

static gboolean
roll_places_form_grab_focus (GtkWidget *widget)
{
  RollPlacesForm *self = ROLL_PLACES_FORM (widget);

  return gtk_widget_grab_focus (is_everywhere (self) ? GTK_WIDGET (self->everywhere_check) : self->places_view);
}

static void
roll_places_form_dispose (GObject *object)
{
  RollPlacesForm *self = ROLL_PLACES_FORM (object);

  stop_counting (self);
  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (self->library, self);
  g_clear_object (&self->library);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_places_form_parent_class)->dispose (object);
}

static void
roll_places_form_finalize (GObject *object)
{
  RollPlacesForm *self = ROLL_PLACES_FORM (object);

  g_clear_pointer (&self->edited, roll_vault_entry_unref);
  g_clear_pointer (&self->coverage, roll_coverage_free);
  g_free (self->account);
  g_free (self->scan);
  G_OBJECT_CLASS (roll_places_form_parent_class)->finalize (object);
}

static void
roll_places_form_class_init (RollPlacesFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_places_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_places_form_finalize;
  widget_class->grab_focus = roll_places_form_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", ROLL_TYPE_PLACES_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-places-form.ui");
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, box);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, everywhere_check);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, only_check);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, places_box);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, places_view);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, places_frame);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, places_buffer);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, placeholder);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, places_reason);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, coverage_label);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, protocols_row);
  gtk_widget_class_bind_template_child (widget_class, RollPlacesForm, protocols_reason);
  gtk_widget_class_bind_template_callback (widget_class, on_only_toggled);
  gtk_widget_class_bind_template_callback (widget_class, update);
}

static void
roll_places_form_init (RollPlacesForm *self)
{
  self->account = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

static guint
find_protocols (const char *text)
{
  for (guint i = 1; i < G_N_ELEMENTS (protocols); i++)
    if (g_ascii_strcasecmp (text, protocols[i]) == 0)
      return i;
  return 0;
}

void
roll_places_form_set_edited (RollPlacesForm *self, RollVaultEntry *edited)
{
  g_auto (GStrv) places = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (ROLL_IS_PLACES_FORM (self) && edited != NULL);

  g_clear_pointer (&self->edited, roll_vault_entry_unref);
  self->edited = roll_vault_entry_ref (edited);
  places = g_strsplit_set (edited->scope, ";,", -1);
  text = g_strjoinv ("\n", places);
  gtk_text_buffer_set_text (self->places_buffer, text, -1);
  gtk_check_button_set_active (*text != '\0' ? self->only_check : self->everywhere_check, TRUE);
  adw_combo_row_set_selected (self->protocols_row, find_protocols (edited->protocols));
  update (self);
}

void
roll_places_form_set_account (RollPlacesForm *self, const char *account)
{
  g_return_if_fail (ROLL_IS_PLACES_FORM (self) && account != NULL);

  if (strcmp (account, self->account) == 0)
    return;
  g_free (self->account);
  self->account = g_strdup (account);
  update (self);
}

void
roll_places_form_set_library (RollPlacesForm *self, RollLibrary *library)
{
  g_return_if_fail (ROLL_IS_PLACES_FORM (self));

  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (self->library, self);
  g_set_object (&self->library, library);
  if (library != NULL)
    g_signal_connect_swapped (library, "changed", G_CALLBACK (update), self);
  update (self);
}

gboolean
roll_places_form_is_right (RollPlacesForm *self)
{
  g_return_val_if_fail (ROLL_IS_PLACES_FORM (self), FALSE);

  return self->right;
}

gboolean
roll_places_form_insist (RollPlacesForm *self)
{
  g_return_val_if_fail (ROLL_IS_PLACES_FORM (self), FALSE);

  self->insisting = TRUE;
  update (self);
  if (gtk_widget_has_css_class (self->places_frame, "error"))
    gtk_widget_grab_focus (self->places_view);
  else if (!self->right)
    gtk_widget_grab_focus (GTK_WIDGET (self->protocols_row));
  return self->right;
}

gboolean
roll_places_form_is_touched (RollPlacesForm *self)
{
  g_autofree char *scope = NULL;

  g_return_val_if_fail (ROLL_IS_PLACES_FORM (self), FALSE);

  scope = roll_places_form_get_scope (self);
  if (self->edited == NULL)
    return *scope != '\0' || *roll_places_form_get_protocols (self) != '\0';
  return strcmp (scope, self->edited->scope) != 0
         || find_protocols (self->edited->protocols) != adw_combo_row_get_selected (self->protocols_row);
}

const char *
roll_places_form_get_computer (RollPlacesForm *self)
{
  g_return_val_if_fail (ROLL_IS_PLACES_FORM (self), NULL);

  return self->coverage != NULL ? self->coverage->computer : NULL;
}
