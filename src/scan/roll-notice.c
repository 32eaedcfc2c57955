/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-notice.h"

#include <glib/gi18n-lib.h>

#include "inventory/roll-detail.h"

typedef struct
{
  const char *kind;
  const char *text; /* msgid */
} Notice;

static const Notice notices[] = {
  { "out-of-files", N_ ("This computer has too many files open. The scan goes on with fewer connections at once.") },
  { "out-of-files-over", N_ ("This computer has enough free files again.") },
  { "out-of-ports", N_ ("This computer has no free network ports left. The scan goes on more slowly.") },
  { "out-of-ports-over", N_ ("This computer has free network ports again.") },
  { "out-of-memory", N_ ("This computer has no memory left for more connections. The scan goes on more slowly.") },
  { "out-of-memory-over", N_ ("This computer has memory for connections again.") },
  { "network-down", N_ ("The network of this computer is down. The scan waits until it is back.") },
  { "network-down-over", N_ ("The network of this computer is back. The scan goes on.") },
  { "neighbours-full", N_ ("This computer keeps track of as many neighbours as it can. The scan of its own network "
                           "goes on more slowly, so that nobody is missed.") },
  { "neighbours-full-over", N_ ("This computer can keep track of more neighbours again.") },
  { "not-permitted", N_ ("This computer does not permit connections to some addresses. Check its own firewall.") },
  { "not-permitted-over", N_ ("This computer permits connections again.") },
};

char *
roll_notice_text (const char *kind, const char *detail)
{
  g_autofree char *server = roll_detail_get (detail, "server");

  if (g_str_equal (kind, "name-server-silent"))
    return g_strdup_printf (_ ("The name server %s does not answer. Names that need it are asked again later; addresses "
                               "are not affected."),
                            server != NULL ? server : "?");
  if (g_str_equal (kind, "name-server-back"))
    return g_strdup_printf (_ ("The name server %s answers again."), server != NULL ? server : "?");

  for (guint i = 0; i < G_N_ELEMENTS (notices); i++)
    if (g_str_equal (notices[i].kind, kind))
      return g_strdup (_ (notices[i].text));
  return NULL;
}
