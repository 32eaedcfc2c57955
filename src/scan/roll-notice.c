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

/* "10:45", of "2031-01-17T09:45:00Z" */
static char *
local_clock (const char *text)
{
  g_autoptr (GDateTime) utc = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;

  return local != NULL ? g_date_time_format (local, "%H:%M") : g_strdup ("?");
}

static char *
rest_text (const char *reason, const char *credential, const char *computers, const char *clock)
{
  if (g_strcmp0 (reason, "locked") == 0)
    return g_strdup_printf (_ ("The account of “%s” is locked or disabled, as the logon on %s showed. It is not used until %s."),
                            credential, computers, clock);
  if (g_strcmp0 (reason, "expired") == 0)
    return g_strdup_printf (_ ("The account of “%s” or its password has expired, as the logon on %s showed. It is not used until %s."),
                            credential, computers, clock);
  if (g_strcmp0 (reason, "unknown") == 0)
    return g_strdup_printf (_ ("The domain does not know the account of “%s”, as the logon on %s showed. It is not used until %s."),
                            credential, computers, clock);
  return g_strdup_printf (_ ("The account of “%s” was refused by %s. So that it does not get locked, it is not used until "
                             "%s. Check its password, then scan the computers that need it again."),
                          credential, computers, clock);
}

/* What people call the credential, if it was kept. */
static char *
get_credential (const char *detail)
{
  g_autofree char *escaped = roll_detail_get (detail, "label");
  g_autofree char *label = g_uri_unescape_string (escaped, NULL);

  if (label != NULL && g_utf8_validate (label, -1, NULL))
    return g_steal_pointer (&label);
  return roll_detail_get (detail, "credential");
}

static char *
describe_rest (const char *detail)
{
  g_autofree char *credential = get_credential (detail);
  g_autofree char *reason = roll_detail_get (detail, "reason");
  g_autofree char *by = roll_detail_get (detail, "by");
  g_autofree char *until = roll_detail_get (detail, "until");
  g_autofree char *clock = local_clock (until);
  g_auto (GStrv) computers = g_strsplit (by != NULL ? by : "?", ",", -1);
  g_autofree char *names = g_strjoinv (", ", computers);

  return rest_text (reason, credential != NULL ? credential : "?", names, clock);
}

static char *
describe_rest_over (const char *detail)
{
  g_autofree char *credential = get_credential (detail);

  return g_strdup_printf (_ ("The account of “%s” is used again."), credential != NULL ? credential : "?");
}

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

  if (g_str_equal (kind, "account-resting"))
    return describe_rest (detail);
  if (g_str_equal (kind, "account-resting-over"))
    return describe_rest_over (detail);

  for (guint i = 0; i < G_N_ELEMENTS (notices); i++)
    if (g_str_equal (notices[i].kind, kind))
      return g_strdup (_ (notices[i].text));
  return NULL;
}
