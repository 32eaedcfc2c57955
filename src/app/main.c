/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

#include "app/roll-application.h"
#include "scan/roll-session-pool.h"

int
main (int argc, char **argv)
{
  g_autoptr (RollApplication) application = NULL;

  roll_session_pool_limit_arenas ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ROLL_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to tell, not an end */

  application = roll_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
