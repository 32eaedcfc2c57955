/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-common-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define NAMES_MAX 3

struct _RollCommonRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *sentence_label;
  GtkLabel *count_label;
  GtkLabel *confidence_label;
  GtkImage *arrow;
  GtkRevealer *revealer;
  GtkLabel *others_label;
  GtkCheckButton *others_button;
  GtkWidget *test_button;
  GtkLabel *feedback_label;

  RollCommonCause *group;
};

enum
{
  OTHERS_TOGGLED,
  HELP_WANTED,
  TEST_WANTED,
  SAVE_WANTED,
  TICKET_WANTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCommonRow, roll_common_row, GTK_TYPE_LIST_BOX_ROW)

static void
on_others_toggled (GtkCheckButton *button, RollCommonRow *self)
{
  g_signal_emit (self, signals[OTHERS_TOGGLED], 0);
}

static void
on_help_clicked (GtkButton *button, RollCommonRow *self)
{
  g_signal_emit (self, signals[HELP_WANTED], 0);
}

static void
on_test_clicked (GtkButton *button, RollCommonRow *self)
{
  g_signal_emit (self, signals[TEST_WANTED], 0);
}

static void
on_save_clicked (GtkButton *button, RollCommonRow *self)
{
  g_signal_emit (self, signals[SAVE_WANTED], 0);
}

static void
on_ticket_clicked (GtkWidget *button, RollCommonRow *self)
{
  g_signal_emit (self, signals[TICKET_WANTED], 0, FALSE);
}

static void
copy_redacted (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[TICKET_WANTED], 0, TRUE);
}

/* "Not struck: pc3, pc7 and 2 more." */
static char *
describe_others (const RollCommonCause *group, RollComputerTable *table)
{
  guint n = group->counter_examples->len, n_named = MIN (n, NAMES_MAX);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < n_named; i++)
    {
      guint ordinal = g_array_index (group->counter_examples, guint, i);

      if (ordinal < roll_computer_table_get_count (table))
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                                roll_computer_table_get_computer (table, ordinal)->target);
    }
  if (n == n_named)
    return g_strdup_printf (_("Not affected: %s"), names->str);
  return g_strdup_printf (ngettext ("Not affected: %s and %u more", "Not affected: %s and %u more", n - n_named),
                          names->str, n - n_named);
}

static void
roll_common_row_finalize (GObject *object)
{
  g_clear_pointer (&ROLL_COMMON_ROW (object)->group, roll_common_cause_unref);
  G_OBJECT_CLASS (roll_common_row_parent_class)->finalize (object);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (name, ROLL_TYPE_COMMON_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
roll_common_row_class_init (RollCommonRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_common_row_finalize;
  signals[OTHERS_TOGGLED] = new_signal ("others-toggled");
  signals[HELP_WANTED] = new_signal ("help-wanted");
  signals[TEST_WANTED] = new_signal ("test-wanted");
  signals[SAVE_WANTED] = new_signal ("save-wanted");
  signals[TICKET_WANTED] = g_signal_new ("ticket-wanted", ROLL_TYPE_COMMON_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-common-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, count_label);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, confidence_label);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, arrow);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, revealer);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, others_label);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, others_button);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, test_button);
  gtk_widget_class_bind_template_child (widget_class, RollCommonRow, feedback_label);
  gtk_widget_class_bind_template_callback (widget_class, on_others_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_help_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_test_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_ticket_clicked);
  gtk_widget_class_install_action (widget_class, "common.copy-redacted", NULL, copy_redacted);
}

static void
roll_common_row_init (RollCommonRow *self)
{
  g_type_ensure (ADW_TYPE_SPLIT_BUTTON);
  gtk_widget_init_template (GTK_WIDGET (self));
  roll_common_row_set_open (self, FALSE);
}

GtkWidget *
roll_common_row_new (void)
{
  return g_object_new (ROLL_TYPE_COMMON_ROW, NULL);
}

void
roll_common_row_set_group (RollCommonRow *self, RollCommonCause *group, RollComputerTable *table)
{
  g_autofree char *count = roll_common_cause_describe_count (group);
  g_autofree char *name = NULL;
  g_autofree char *others = describe_others (group, table);
  const char *confidence = roll_confidence_label (group->confidence);
  gboolean has_others = group->counter_examples->len > 0;

  g_return_if_fail (ROLL_IS_COMMON_ROW (self));

  roll_common_cause_ref (group);
  g_clear_pointer (&self->group, roll_common_cause_unref);
  self->group = group;
  gtk_label_set_label (self->sentence_label, group->sentence);
  gtk_label_set_label (self->count_label, count);
  gtk_label_set_label (self->confidence_label, confidence);
  gtk_label_set_label (self->others_label, others);
  gtk_widget_set_visible (GTK_WIDGET (self->others_label), has_others);
  gtk_widget_set_visible (GTK_WIDGET (self->others_button), has_others);
  /* Translators: for a screen reader: sentence, count, confidence */
  name = g_strdup_printf (_("%s %s; %s"), group->sentence, count, confidence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

RollCommonCause *
roll_common_row_get_group (RollCommonRow *self)
{
  g_return_val_if_fail (ROLL_IS_COMMON_ROW (self), NULL);

  return self->group;
}

void
roll_common_row_set_open (RollCommonRow *self, gboolean open)
{
  g_return_if_fail (ROLL_IS_COMMON_ROW (self));

  gtk_revealer_set_reveal_child (self->revealer, open);
  gtk_image_set_from_icon_name (self->arrow, open ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
  if (!open)
    roll_common_row_set_feedback (self, "");
}

gboolean
roll_common_row_shows_others (RollCommonRow *self)
{
  g_return_val_if_fail (ROLL_IS_COMMON_ROW (self), FALSE);

  return gtk_check_button_get_active (self->others_button);
}

void
roll_common_row_set_can_test (RollCommonRow *self, gboolean can_test)
{
  g_return_if_fail (ROLL_IS_COMMON_ROW (self));

  gtk_widget_set_sensitive (self->test_button, can_test);
}

void
roll_common_row_set_feedback (RollCommonRow *self, const char *text)
{
  g_return_if_fail (ROLL_IS_COMMON_ROW (self));

  gtk_label_set_label (self->feedback_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->feedback_label), *text != '\0');
}
