/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-surroundings.h"

#include <string.h>

#include "inventory/roll-detail.h"
#include "status/roll-verdict.h"

/* Fewer others say nothing. */
#define OTHERS_MIN 4
#define SUBNET_STRLEN (ROLL_ADDRESS_STRLEN + 8)

typedef struct
{
  RollAddress address;
  guint bits;
} Network;

struct _RollSurroundings
{
  gatomicrefcount ref_count;
  GHashTable *strata[ROLL_N_STRATUM_KINDS]; /* name to RollStratum */
  GArray *ends[ROLL_N_RESULTS];             /* (element-type gint64): when computers ended so, sorted */
  gboolean begun_known;
  gint64 n_accounts; /* -1: not known */
  GArray *networks;  /* (element-type Network) */
};

/* --- Strata ----------------------------------------------------------------------------------------------------- */

static void
stratum_free (RollStratum *stratum)
{
  g_free (stratum->name);
  g_free (stratum);
}

/* Statuses as places in an array. */
static int
index_of (RollStatus status)
{
  const RollStatusInfo *results;
  guint n;

  results = roll_status_results (&n);
  for (guint i = 0; i < n; i++)
    if (results[i].status == status)
      return (int) i;
  return -1;
}

guint
roll_stratum_count (const RollStratum *stratum, RollStatus status)
{
  int i = index_of (status);

  g_return_val_if_fail (stratum != NULL, 0);

  return i >= 0 ? stratum->n_with[i] : 0;
}

static void
print_subnet (const RollAddress *address, char text[SUBNET_STRLEN])
{
  RollAddress network = *address;
  char buffer[ROLL_ADDRESS_STRLEN];
  gsize kept = address->family == AF_INET ? 3 : 8;

  memset (network.bytes + kept, 0, sizeof network.bytes - kept);
  g_snprintf (text, SUBNET_STRLEN, "%s/%u", roll_address_format (&network, buffer), (guint) kept * 8);
}

static gboolean
is_address (const char *target)
{
  RollAddress address;

  return roll_address_parse (target, &address);
}

/* Returns: (transfer full) (nullable): */
static char *
domain_of (const RollComputer *computer)
{
  const char *dot = strchr (computer->target, '.');

  if (!is_address (computer->target))
    return g_ascii_strdown (dot != NULL ? dot + 1 : "", -1);
  if (computer->facts != NULL && computer->facts->domain != NULL)
    return g_ascii_strdown (computer->facts->domain, -1);
  return NULL;
}

/* Returns: (transfer full) (nullable): the name of the stratum of a kind that it is in */
static char *
name_stratum (const RollSurroundings *self, RollStratumKind kind, const RollComputer *computer)
{
  char text[SUBNET_STRLEN];
  gboolean known;

  switch (kind)
    {
    case ROLL_STRATUM_SUBNET:
      if (computer->address.family == AF_UNSPEC)
        return NULL;
      print_subnet (&computer->address, text);
      return g_strdup (text);
    case ROLL_STRATUM_OWN_SUBNETS:
      return roll_surroundings_is_own_subnet (self, &computer->address, &known) ? g_strdup ("") : NULL;
    case ROLL_STRATUM_DOMAIN:
      return domain_of (computer);
    case ROLL_STRATUM_OU:
      return computer->directory != NULL ? g_strdup (computer->directory->ou) : NULL;
    case ROLL_STRATUM_BUILD:
      return computer->facts != NULL ? g_strdup (computer->facts->os_build) : NULL;
    case ROLL_STRATUM_ACCOUNT:
      return g_strdup (computer->credential);
    case ROLL_STRATUM_SCAN:
    default:
      return g_strdup ("");
    }
}

static RollStratum *
ensure_stratum (RollSurroundings *self, RollStratumKind kind, const char *name)
{
  RollStratum *stratum = g_hash_table_lookup (self->strata[kind], name);

  if (stratum != NULL || g_hash_table_size (self->strata[kind]) >= ROLL_STRATA_MAX)
    return stratum;
  stratum = g_new0 (RollStratum, 1);
  stratum->kind = kind;
  stratum->name = g_strdup (name);
  g_hash_table_insert (self->strata[kind], stratum->name, stratum);
  return stratum;
}

/* --- Logons ------------------------------------------------------------------------------------------------------- */

static gboolean
is_resting (const RollComputer *computer)
{
  return computer->error.space == ROLL_ERROR_SPACE_ENGINE && computer->error.number == ROLL_ENGINE_ERROR_ACCOUNT_RESTING;
}

static gboolean
was_refused (const RollComputer *computer)
{
  return computer->status == ROLL_STATUS_ACCESS_DENIED && !is_resting (computer)
         && (computer->step == ROLL_STEP_AUTHENTICATE || computer->step == ROLL_STEP_AUTHENTICATE_OBJECT);
}

/* The activation is the first thing that only comes after a logon; it may have failed for other reasons. */
static gboolean
was_accepted (const RollComputer *computer)
{
  return computer->credential != NULL
         && (computer->status == ROLL_STATUS_SUCCESS || computer->step > ROLL_STEP_ACTIVATE
             || (computer->status == ROLL_STATUS_ACCESS_DENIED && computer->step == ROLL_STEP_ACTIVATE));
}

/* --- Loading -------------------------------------------------------------------------------------------------------- */

static gint64
end_of (const RollComputer *computer)
{
  return (gint64) ((guint64) computer->started_at + (guint64) computer->duration_us);
}

static void
count_in (RollSurroundings *self, RollStratumKind kind, const RollComputer *computer, guint result)
{
  g_autofree char *name = name_stratum (self, kind, computer);
  RollStratum *stratum = name != NULL ? ensure_stratum (self, kind, name) : NULL;

  if (stratum == NULL)
    return;
  stratum->n_computers++;
  stratum->n_with[result]++;
  stratum->n_accepted += was_accepted (computer) ? 1 : 0;
  stratum->n_refused += was_refused (computer) ? 1 : 0;
}

typedef struct
{
  RollSurroundings *self;
  GCancellable *cancellable;
} Load;

static gboolean
count (RollComputer *computer, gpointer user_data)
{
  Load *load = user_data;
  int result = index_of (computer->status);
  gint64 end = end_of (computer);

  if (result >= 0)
    {
      for (guint kind = 0; kind < ROLL_N_STRATUM_KINDS; kind++)
        count_in (load->self, (RollStratumKind) kind, computer, (guint) result);
      g_array_append_val (load->self->ends[result], end);
    }
  return !g_cancellable_is_cancelled (load->cancellable);
}

static gint
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

static gboolean
parse_network (const char *text, Network *ret_network)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  guint64 bits = 0;

  if (parts[0] == NULL || parts[1] == NULL || !roll_address_parse (parts[0], &ret_network->address)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, ret_network->address.family == AF_INET ? 32 : 128, &bits, NULL))
    return FALSE;
  ret_network->bits = (guint) bits;
  return TRUE;
}

static void
take_begun (RollSurroundings *self, const char *detail)
{
  g_autofree char *accounts = roll_detail_get (detail, "accounts");
  g_autofree char *networks = roll_detail_get (detail, "networks");
  g_auto (GStrv) list = g_strsplit (networks != NULL ? networks : "", ",", -1);
  guint64 n;

  self->begun_known = TRUE;
  if (accounts != NULL && g_ascii_string_to_unsigned (accounts, 10, 0, G_MAXINT32, &n, NULL))
    self->n_accounts = (gint64) n;
  g_array_set_size (self->networks, 0);
  for (char **text = list; *text != NULL; text++)
    {
      Network network;

      if (parse_network (*text, &network))
        g_array_append_val (self->networks, network);
    }
}

/* The last one: a scan may have gone on elsewhere. */
static gboolean
load_begun (RollSurroundings *self, RollStore *store, gint64 scan_id, GError **error)
{
  g_autoptr (GPtrArray) events = roll_store_get_events (store, scan_id, error);

  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const RollStoreEvent *event = g_ptr_array_index (events, i);

      if (strcmp (event->kind, ROLL_SCAN_BEGUN_EVENT) == 0)
        take_begun (self, event->detail);
    }
  return events != NULL;
}

static RollSurroundings *
surroundings_new (void)
{
  RollSurroundings *self = g_new0 (RollSurroundings, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->n_accounts = -1;
  self->networks = g_array_new (FALSE, FALSE, sizeof (Network));
  for (guint i = 0; i < ROLL_N_STRATUM_KINDS; i++)
    self->strata[i] = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) stratum_free);
  for (guint i = 0; i < ROLL_N_RESULTS; i++)
    self->ends[i] = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

RollSurroundings *
roll_surroundings_load (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (RollSurroundings) self = surroundings_new ();
  Load load = { self, cancellable };

  g_return_val_if_fail (ROLL_IS_STORE (store), NULL);

  if (!load_begun (self, store, scan_id, error)
      || !roll_store_foreach_computer (store, scan_id, 0, count, &load, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  for (guint i = 0; i < ROLL_N_RESULTS; i++)
    g_array_sort (self->ends[i], compare_times);
  return g_steal_pointer (&self);
}

RollSurroundings *
roll_surroundings_ref (RollSurroundings *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
roll_surroundings_unref (RollSurroundings *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < ROLL_N_STRATUM_KINDS; i++)
    g_hash_table_unref (self->strata[i]);
  for (guint i = 0; i < ROLL_N_RESULTS; i++)
    g_array_unref (self->ends[i]);
  g_array_unref (self->networks);
  g_free (self);
}

/* --- Questions ------------------------------------------------------------------------------------------------------ */

const RollStratum *
roll_surroundings_find (const RollSurroundings *self, RollStratumKind kind, const RollComputer *computer)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL && computer != NULL && (guint) kind < ROLL_N_STRATUM_KINDS, NULL);

  name = name_stratum (self, kind, computer);
  return name != NULL ? g_hash_table_lookup (self->strata[kind], name) : NULL;
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(RollStratum *const *) a)->name, (*(RollStratum *const *) b)->name);
}

GPtrArray *
roll_surroundings_list (const RollSurroundings *self, RollStratumKind kind)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer stratum;

  g_return_val_if_fail (self != NULL && (guint) kind < ROLL_N_STRATUM_KINDS, list);

  g_hash_table_iter_init (&iter, self->strata[kind]);
  while (g_hash_table_iter_next (&iter, NULL, &stratum))
    g_ptr_array_add (list, stratum);
  g_ptr_array_sort (list, compare_names);
  return list;
}

/* How many of the sorted @times are before @limit. */
static guint
count_before (GArray *times, gint64 limit)
{
  guint low = 0, high = times->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (times, gint64, middle) < limit)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

guint
roll_surroundings_count_near (const RollSurroundings *self, const RollComputer *computer, gint64 within_us)
{
  int result;
  guint n;

  g_return_val_if_fail (self != NULL && computer != NULL && within_us >= 0, 0);

  result = index_of (computer->status);
  if (result < 0)
    return 0;
  n = count_before (self->ends[result], end_of (computer) + within_us + 1)
      - count_before (self->ends[result], end_of (computer) - within_us);
  return n > 0 ? n - 1 : 0;
}

static gboolean
covers (const Network *network, const RollAddress *address)
{
  guint whole = network->bits / 8;
  guint8 mask = (guint8) (0xff00 >> (network->bits % 8));

  if (network->address.family != address->family || memcmp (network->address.bytes, address->bytes, whole) != 0)
    return FALSE;
  return mask == 0 || ((network->address.bytes[whole] ^ address->bytes[whole]) & mask) == 0;
}

gboolean
roll_surroundings_is_own_subnet (const RollSurroundings *self, const RollAddress *address, gboolean *ret_known)
{
  g_return_val_if_fail (self != NULL && address != NULL && ret_known != NULL, FALSE);

  *ret_known = self->begun_known && address->family != AF_UNSPEC;
  for (guint i = 0; *ret_known && i < self->networks->len; i++)
    if (covers (&g_array_index (self->networks, Network, i), address))
      return TRUE;
  return FALSE;
}

/* --- Facts ---------------------------------------------------------------------------------------------------------- */

static void
add_share (const RollSurroundings *self, const RollComputer *computer, RollStratumKind kind, RollFactId id,
           RollFactSet *facts)
{
  const RollStratum *stratum = roll_surroundings_find (self, kind, computer);
  guint n = stratum != NULL ? roll_stratum_count (stratum, computer->status) : 0;

  /* A computer that was not counted, as it ended later, is in none of its strata's numbers. */
  if (stratum != NULL && n > 0 && stratum->n_computers > OTHERS_MIN)
    roll_fact_set_percent (facts, id, n - 1, stratum->n_computers - 1);
}

/* Of this machine's own subnets, also for a computer elsewhere: there they are what it is compared with. */
static void
add_own_share (const RollSurroundings *self, const RollComputer *computer, RollFactSet *facts)
{
  const RollStratum *own = g_hash_table_lookup (self->strata[ROLL_STRATUM_OWN_SUBNETS], "");
  gboolean known, member = roll_surroundings_is_own_subnet (self, &computer->address, &known);

  if (known)
    roll_fact_set_flag (facts, ROLL_FACT_SAME_SUBNET, member);
  if (member)
    add_share (self, computer, ROLL_STRATUM_OWN_SUBNETS, ROLL_FACT_SHARE_OWN_SUBNETS, facts);
  else if (own != NULL && own->n_computers >= OTHERS_MIN)
    roll_fact_set_percent (facts, ROLL_FACT_SHARE_OWN_SUBNETS, roll_stratum_count (own, computer->status),
                           own->n_computers);
}

static void
add_account (const RollSurroundings *self, const RollComputer *computer, RollFactSet *facts)
{
  const RollStratum *account = roll_surroundings_find (self, ROLL_STRATUM_ACCOUNT, computer);
  guint refused, accepted;

  if (self->n_accounts >= 0)
    roll_fact_set_number (facts, ROLL_FACT_CREDENTIALS, self->n_accounts);
  if (account == NULL)
    return;
  refused = account->n_refused - (was_refused (computer) && account->n_refused > 0 ? 1 : 0);
  accepted = account->n_accepted - (was_accepted (computer) && account->n_accepted > 0 ? 1 : 0);
  if (refused + accepted >= OTHERS_MIN)
    roll_fact_set_percent (facts, ROLL_FACT_ACCOUNT_REFUSED, refused, refused + accepted);
  if (refused + accepted > 0)
    roll_fact_set_flag (facts, ROLL_FACT_ACCOUNT_KNOWN, accepted > 0);
}

void
roll_surroundings_add_facts (const RollSurroundings *self, const RollComputer *computer, RollFactSet *facts)
{
  g_return_if_fail (self != NULL && computer != NULL && facts != NULL);

  add_share (self, computer, ROLL_STRATUM_SCAN, ROLL_FACT_SHARE_SCAN, facts);
  add_share (self, computer, ROLL_STRATUM_SUBNET, ROLL_FACT_SHARE_SUBNET, facts);
  add_share (self, computer, ROLL_STRATUM_DOMAIN, ROLL_FACT_SHARE_DOMAIN, facts);
  add_share (self, computer, ROLL_STRATUM_OU, ROLL_FACT_SHARE_OU, facts);
  add_share (self, computer, ROLL_STRATUM_BUILD, ROLL_FACT_SHARE_BUILD, facts);
  add_own_share (self, computer, facts);
  add_account (self, computer, facts);
  roll_fact_set_number (facts, ROLL_FACT_SAME_SECOND,
                        roll_surroundings_count_near (self, computer, G_USEC_PER_SEC));
  roll_fact_set_number (facts, ROLL_FACT_SAME_MINUTE,
                        roll_surroundings_count_near (self, computer, 60 * (gint64) G_USEC_PER_SEC));
}
