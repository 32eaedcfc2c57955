/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RollWizardPage: one page of a wizard. What has been entered stays in it, whoever goes back and on again.
 *
 * :title what it is about
 * :action what the button that goes on says; NULL: “Next”
 * :ready whether one may go on
 *
 * ::go-on (): the person wants to, by Enter in the last entry
 */
#define ROLL_TYPE_WIZARD_PAGE (roll_wizard_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (RollWizardPage, roll_wizard_page, ROLL, WIZARD_PAGE, AdwBin)

/**
 * RollWizardPageClass:
 * @arrive: it is shown now
 * @leave: the person goes on. FALSE: not yet, the page emits ::go-on itself when it can
 */
struct _RollWizardPageClass
{
  AdwBinClass parent_class;

  void (*arrive) (RollWizardPage *self);
  gboolean (*leave) (RollWizardPage *self);
};

const char *roll_wizard_page_get_title (RollWizardPage *self);
const char *roll_wizard_page_get_action (RollWizardPage *self); /* (nullable) */
gboolean roll_wizard_page_get_ready (RollWizardPage *self);
void roll_wizard_page_set_ready (RollWizardPage *self, gboolean ready);
void roll_wizard_page_go_on (RollWizardPage *self);

/* For the wizard. */
void roll_wizard_page_arrive (RollWizardPage *self);
gboolean roll_wizard_page_leave (RollWizardPage *self);

/* Ctrl+Enter activates “wizard.next” of the window, also from where Enter ends a line. */
void roll_wizard_add_next_shortcut (GtkWidget *wizard);

G_END_DECLS
