/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-advice.h"

#include <glib/gi18n.h>

#include "app/roll-command.h"
#include "app/roll-help-text.h"

struct _RollAdvice
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *where_label;
  GtkLabel *risk_label;
  GtkLabel *text_label;
  RollCommand *command;
  GtkWidget *undo_box;
  GtkLabel *undo_label;
  RollCommand *undo_command;
};

G_DEFINE_FINAL_TYPE (RollAdvice, roll_advice, GTK_TYPE_WIDGET)

static void
roll_advice_dispose (GObject *object)
{
  RollAdvice *self = ROLL_ADVICE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (roll_advice_parent_class)->dispose (object);
}

static void
roll_advice_class_init (RollAdviceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_advice_dispose;
  g_type_ensure (ROLL_TYPE_COMMAND);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-advice.ui");
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, box);
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, where_label);
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, risk_label);
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, text_label);
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, command);
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, undo_box);
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, undo_label);
  gtk_widget_class_bind_template_child (widget_class, RollAdvice, undo_command);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_advice_init (RollAdvice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_command (RollCommand *widget, const char *command, gboolean on_target, const RollComputer *computer)
{
  g_autofree char *filled = NULL;

  gtk_widget_set_visible (GTK_WIDGET (widget), command != NULL);
  if (command == NULL)
    return;
  filled = on_target ? g_strdup (command) : roll_help_fill_command (command, computer);
  roll_command_set_text (widget, filled);
}

static void
set_where (RollAdvice *self, gboolean on_target)
{
  gtk_label_set_label (self->where_label, on_target ? _("On the target") : _("On this computer"));
}

static const char *
risk_class (RollRisk risk)
{
  switch (risk)
    {
    case ROLL_RISK_HARMLESS:
      return "success";
    case ROLL_RISK_OPENS:
      return "warning";
    case ROLL_RISK_WEAKENS:
    default:
      return "error";
    }
}

GtkWidget *
roll_advice_new_check (const RollCheck *check, const RollComputer *computer)
{
  RollAdvice *self = g_object_new (ROLL_TYPE_ADVICE, NULL);

  set_where (self, check->on_target);
  gtk_label_set_label (self->text_label, check->text);
  set_command (self->command, check->command, check->on_target, computer);
  return GTK_WIDGET (self);
}

GtkWidget *
roll_advice_new_fix (const RollFix *fix, const RollComputer *computer)
{
  RollAdvice *self = g_object_new (ROLL_TYPE_ADVICE, NULL);

  set_where (self, fix->on_target);
  gtk_label_set_label (self->text_label, fix->text);
  set_command (self->command, fix->command, fix->on_target, computer);
  gtk_label_set_label (self->risk_label, roll_risk_label (fix->risk));
  gtk_widget_add_css_class (GTK_WIDGET (self->risk_label), risk_class (fix->risk));
  gtk_widget_show (GTK_WIDGET (self->risk_label));
  gtk_widget_set_visible (self->undo_box, fix->undo != NULL || fix->undo_command != NULL);
  gtk_label_set_label (self->undo_label, fix->undo != NULL ? fix->undo : "");
  set_command (self->undo_command, fix->undo_command, fix->on_target, computer);
  return GTK_WIDGET (self);
}
