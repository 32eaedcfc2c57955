/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/resource.h>

#include "lab/roll-lab-private.h"

/* Not a port that the kernel gives away by itself: a scan could meet its own socket behind a closed door. */
#define FIRST_PORT 13500
#define N_PORTS 100
#define OTHER_FILES 1280 /* what the rest of the program has open, and sessions */

gboolean
roll_lab_fail (GError **error, int number)
{
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (number), g_strerror (number));
  return FALSE;
}

static guint32
address_key (const RollAddress *address)
{
  guint32 key;

  memcpy (&key, address->bytes, sizeof key);
  return key;
}

static RollLab *
lab_new (RollLabScenario scenario, guint n_computers)
{
  RollLab *self = g_new0 (RollLab, 1);

  self->scenario = scenario;
  self->computers = roll_lab_plan (scenario, n_computers);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_address = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < n_computers; i++)
    {
      const RollLabComputer *computer = &g_array_index (self->computers, RollLabComputer, i);

      g_hash_table_insert (self->by_name, computer->name, GUINT_TO_POINTER (i + 1));
      if (computer->address.family == AF_INET)
        g_hash_table_insert (self->by_address, GUINT_TO_POINTER (address_key (&computer->address)),
                             GUINT_TO_POINTER (i + 1));
    }
  self->lost = g_malloc0_n (n_computers, sizeof *self->lost);
  self->troubled = g_malloc0 (n_computers);
  g_mutex_init (&self->log_lock);
  self->counts = g_new0 (RollLabCounts, n_computers);
  self->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->epoll_fd = self->stop_fd = -1;
  return self;
}

RollLab *
roll_lab_new (guint n_computers)
{
  g_return_val_if_fail (n_computers > 0 && n_computers <= ROLL_LAB_COMPUTERS_MAX, NULL);

  return lab_new (ROLL_LAB_USUAL, n_computers);
}

RollLab *
roll_lab_new_scenario (RollLabScenario scenario)
{
  return lab_new (scenario,
                  scenario == ROLL_LAB_COMMON_CAUSES ? ROLL_LAB_COMMON_CAUSES_COMPUTERS : ROLL_LAB_COMPUTERS);
}

/* A computer's name in a department is enough for an account's scope. */
#define OFFICE "*.accounts." ROLL_LAB_DOMAIN ";*.sales." ROLL_LAB_DOMAIN ";*.warehouse." ROLL_LAB_DOMAIN \
               ";*.design." ROLL_LAB_DOMAIN ";*.servers." ROLL_LAB_DOMAIN

const RollLabAccount *
roll_lab_get_accounts (RollLab *self, guint *ret_n_accounts)
{
  static const RollLabAccount usual[] = {
    { N_("Practice network"), ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, ROLL_LAB_ACCOUNT_SCOPE },
  };
  static const RollLabAccount common_causes[] = {
    { N_("Practice network"), ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, OFFICE },
    { N_("Branch office"), ROLL_LAB_SECOND_ACCOUNT, "last-years-password", "*.branch." ROLL_LAB_DOMAIN },
    { N_("Workshop"), ".\\" ROLL_LAB_LOCAL_USER, ROLL_LAB_LOCAL_PASSWORD, "*.workshop." ROLL_LAB_DOMAIN },
  };
  gboolean is_usual = self->scenario == ROLL_LAB_USUAL;

  *ret_n_accounts = is_usual ? G_N_ELEMENTS (usual) : G_N_ELEMENTS (common_causes);
  return is_usual ? usual : common_causes;
}

void
roll_lab_free (RollLab *self)
{
  if (self == NULL)
    return;
  roll_lab_stop (self);
  g_hash_table_unref (self->by_name);
  g_hash_table_unref (self->by_address);
  g_array_unref (self->computers);
  g_free (self->lost);
  g_free (self->troubled);
  g_hash_table_unref (self->calls);
  g_free (self->counts);
  g_mutex_clear (&self->log_lock);
  g_free (self);
}

const RollLabComputer *
roll_lab_get_computers (RollLab *self, guint *ret_n_computers)
{
  g_return_val_if_fail (self != NULL && ret_n_computers != NULL, NULL);

  *ret_n_computers = self->computers->len;
  return (const RollLabComputer *) (gpointer) self->computers->data;
}

gboolean
roll_lab_find_address (RollLab *self, const RollAddress *address, guint *ret_computer)
{
  guint found =
      GPOINTER_TO_UINT (g_hash_table_lookup (self->by_address, GUINT_TO_POINTER (address_key (address))));

  *ret_computer = found - 1;
  return found > 0;
}

void
roll_lab_set_port (RollLab *self, guint16 port)
{
  g_return_if_fail (self != NULL && self->thread == NULL);

  self->wanted_port = port;
}

void
roll_lab_set_think_time (RollLab *self, guint milliseconds)
{
  g_return_if_fail (self != NULL && self->thread == NULL);

  self->think_ms = milliseconds;
}

static gboolean
open_at (RollLab *self, guint16 port, GError **error)
{
  if (!roll_lab_open_names (self, port, error))
    return FALSE;
  for (guint i = 0; i < self->computers->len; i++)
    if (!roll_lab_open_door (self, &g_array_index (self->computers, RollLabComputer, i), port, error))
      return FALSE;
  self->port = port;
  return TRUE;
}

/* The first port that nobody has on any of the addresses, or the one that is wanted. */
static gboolean
open_somewhere (RollLab *self, GError **error)
{
  guint n = self->wanted_port == 0 ? N_PORTS : 1;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) failure = NULL;

      if (open_at (self, self->wanted_port == 0 ? (guint16) (FIRST_PORT + i) : self->wanted_port, &failure))
        return TRUE;
      g_hash_table_remove_all (self->watches);
      if (i + 1 < n && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        continue;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return FALSE;
}

static void
raise_file_limit (RollLab *self)
{
  struct rlimit limit;
  rlim_t needed = OTHER_FILES;

  for (guint i = 0; i < self->computers->len; i++)
    needed += roll_lab_door_files (&g_array_index (self->computers, RollLabComputer, i));
  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
    return;
  limit.rlim_cur = MIN (needed, limit.rlim_max);
  setrlimit (RLIMIT_NOFILE, &limit);
}

static gboolean
start (RollLab *self, GError **error)
{
  return roll_lab_loop_open (self, error) && open_somewhere (self, error)
         && roll_lab_open_objects (self, error) && roll_lab_loop_start (self, error);
}

gboolean
roll_lab_start (RollLab *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->thread == NULL, FALSE);

  raise_file_limit (self);
  if (!start (self, error))
    {
      /* Translators: before the system's own sentence, such as “Too many open files” */
      g_prefix_error (error, "%s", _("The practice network cannot start: "));
      roll_lab_stop (self);
      return FALSE;
    }
  self->dns = g_strdup_printf ("127.0.0.1:%u", self->port);
  return TRUE;
}

void
roll_lab_stop (RollLab *self)
{
  g_return_if_fail (self != NULL);

  roll_lab_loop_stop (self);
  roll_lab_loop_close (self);
  g_clear_pointer (&self->dns, g_free);
  self->port = self->object_port = 0;
}

guint16
roll_lab_get_port (RollLab *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

guint16
roll_lab_get_side_ports (RollLab *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return roll_lab_side_ports (self->port);
}

const char *
roll_lab_get_dns (RollLab *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->dns;
}

RollCredential *
roll_lab_new_credential (void)
{
  g_autoptr (GError) error = NULL;
  RollSecret *password = roll_secret_new (ROLL_LAB_PASSWORD, strlen (ROLL_LAB_PASSWORD));
  RollCredential *credential = roll_credential_new (_("Practice network"), ROLL_LAB_ACCOUNT, password,
                                                    ROLL_LAB_ACCOUNT_SCOPE, "ntlm", &error);

  g_assert_no_error (error);
  return credential;
}
