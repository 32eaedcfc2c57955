/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-symptoms.h"

#include <string.h>

#include "diagnosis/roll-ports.h"
#include "diagnosis/roll-surroundings.h"
#include "diagnosis/roll-symptoms-private.h"
#include "report/roll-html.h"

#define MOMENT_US (10 * G_USEC_PER_SEC)
#define MINUTE_US (60 * G_USEC_PER_SEC)
#define NAME_MAX_BYTES 255
#define STALE_DAYS 90
#define REPLACEMENT 0xfffd

/* Who ended well was everywhere. */
static gboolean
has_reached (const RollSymptom *symptom, RollStep step)
{
  return symptom->step == ROLL_STEP_NONE ? symptom->status == 0 : symptom->step >= step;
}

gboolean
roll_condition_holds (const RollCondition *condition, const RollSymptom *symptom)
{
  if (condition->statuses != 0 && (condition->statuses & 1u << symptom->status) == 0)
    return FALSE;
  if (condition->steps != 0 && (condition->steps & 1u << symptom->step) == 0)
    return FALSE;
  if (condition->reached != ROLL_STEP_NONE && !has_reached (symptom, condition->reached))
    return FALSE;
  for (guint i = 0; i < condition->n_traits; i++)
    if ((condition->traits[i] & symptom->traits) == 0)
      return FALSE;
  return TRUE;
}

/* --- Strata --------------------------------------------------------------------------------------------------- */

guint32
roll_symptoms_number (RollSymptoms *self, RollShared stratum, const char *name)
{
  GPtrArray *names = self->names[stratum];
  gpointer found = g_hash_table_lookup (self->numbers[stratum], name);

  if (found == NULL)
    {
      found = GUINT_TO_POINTER (names->len);
      g_ptr_array_add (names, g_strdup (name));
      g_hash_table_insert (self->numbers[stratum], g_strdup (name), found);
    }
  return GPOINTER_TO_UINT (found);
}

void
roll_symptoms_set_time (RollSymptoms *self, RollSymptom *row, gint64 at)
{
  char text[32];

  row->at = at;
  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, at / MOMENT_US * MOMENT_US);
  row->strata[ROLL_SHARED_MOMENT] = roll_symptoms_number (self, ROLL_SHARED_MOMENT, text);
  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, at / MINUTE_US * MINUTE_US);
  row->strata[ROLL_SHARED_MINUTE] = roll_symptoms_number (self, ROLL_SHARED_MINUTE, text);
}

guint
roll_symptoms_count (const RollSymptoms *self, RollShared stratum)
{
  return self->names[stratum]->len;
}

char *
roll_symptoms_name (const RollSymptoms *self, RollShared stratum, guint number)
{
  const char *name = g_ptr_array_index (self->names[stratum], number);
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;

  if (stratum != ROLL_SHARED_MOMENT && stratum != ROLL_SHARED_MINUTE)
    return g_strdup (name);
  utc = g_date_time_new_from_unix_utc (g_ascii_strtoll (name, NULL, 10) / G_USEC_PER_SEC);
  local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  if (local == NULL)
    return g_strdup (name);
  return g_date_time_format (local, stratum == ROLL_SHARED_MOMENT ? "%H:%M:%S" : "%H:%M");
}

static guint32
subnet_of (RollSymptoms *self, const RollAddress *address)
{
  RollAddress network = *address;
  char buffer[ROLL_ADDRESS_STRLEN], text[ROLL_ADDRESS_STRLEN + 4];
  gboolean ipv4 = address->family == AF_INET;

  if (address->family == AF_UNSPEC)
    return 0;
  network.scope_id = 0;
  if (ipv4)
    network.bytes[3] = 0;
  else
    memset (network.bytes + 8, 0, 8);
  g_snprintf (text, sizeof text, "%s/%d", roll_address_format (&network, buffer), ipv4 ? 24 : 64);
  return roll_symptoms_number (self, ROLL_SHARED_SUBNET, text);
}

/* What others say of a computer gets into sentences and tickets: one short line, whatever they say. */
static guint32
text_number (RollSymptoms *self, RollShared stratum, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_autoptr (GString) name = g_string_new (NULL);

  if (text == NULL || *text == '\0')
    return 0;
  for (const char *p = valid; *p != '\0' && name->len < NAME_MAX_BYTES; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (name, roll_text_is_harmless (c) ? c : REPLACEMENT);
    }
  return roll_symptoms_number (self, stratum, name->str);
}

static guint32
lower_number (RollSymptoms *self, RollShared stratum, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  g_autofree char *lower = valid != NULL ? g_utf8_strdown (valid, -1) : NULL;

  return text_number (self, stratum, lower);
}

/* As in the details of steps, where blanks part the facts. What people call it is kept beside. */
guint32
roll_symptoms_account (RollSymptoms *self, const char *credential)
{
  g_autofree char *key = NULL;
  guint32 number;
  char **name;

  if (credential == NULL || *credential == '\0')
    return 0;
  key = g_strdup (credential);
  for (char *p = key; *p != '\0'; p++)
    if ((guchar) *p <= ' ' || *p == 0x7f)
      *p = '_';
  number = roll_symptoms_number (self, ROLL_SHARED_ACCOUNT, key);
  name = (char **) &g_ptr_array_index (self->names[ROLL_SHARED_ACCOUNT], number);
  if (strcmp (key, credential) != 0 && strcmp (*name, key) == 0)
    {
      g_free (*name);
      *name = g_strdup (credential);
    }
  return number;
}

/* --- Networks of this computer, as the scan noted when it began ------------------------------------------------ */

static gboolean
parse_network (const char *text, Network *ret_network)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  guint64 bits;

  if (parts[0] == NULL || parts[1] == NULL || !roll_address_parse (parts[0], &ret_network->address)
      || !g_ascii_string_to_unsigned (parts[1], 10, 0, ret_network->address.family == AF_INET ? 32 : 128, &bits, NULL))
    return FALSE;
  ret_network->bits = (guint) bits;
  return TRUE;
}

static gboolean
is_within (const Network *network, const RollAddress *address)
{
  guint whole = network->bits / 8, rest = network->bits % 8;

  if (network->address.family != address->family || memcmp (network->address.bytes, address->bytes, whole) != 0)
    return FALSE;
  return rest == 0 || (network->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

static void
take_networks (Reader *reader, const char *detail)
{
  g_autofree char *list = roll_detail_get (detail, "networks");
  g_auto (GStrv) words = g_strsplit (list != NULL ? list : "", ",", -1);

  g_array_set_size (reader->own, 0);
  for (guint i = 0; words[i] != NULL; i++)
    {
      Network network = { 0 };

      if (parse_network (words[i], &network))
        g_array_append_val (reader->own, network);
    }
}

static void
take_host (RollSymptoms *self, const char *detail)
{
  g_autofree char *host = roll_detail_get (detail, "host");
  g_autofree char *list = roll_detail_get (detail, "addresses");
  g_auto (GStrv) words = g_strsplit (list != NULL ? list : "", ",", -1);
  g_autofree char *addresses = g_strjoinv (", ", words);

  g_free (self->from);
  self->from = host == NULL ? NULL
               : list == NULL ? g_strdup (host)
                              : g_strdup_printf ("%s (%s)", host, addresses);
}

static gboolean
read_events (Reader *reader, RollStore *store, gint64 scan_id, GError **error)
{
  g_autoptr (GPtrArray) events = roll_store_get_events (store, scan_id, error);

  if (events == NULL)
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    {
      const RollStoreEvent *event = g_ptr_array_index (events, i);

      if (strcmp (event->kind, ROLL_SCAN_BEGUN_EVENT) != 0)
        continue;
      take_networks (reader, event->detail);
      take_host (reader->self, event->detail);
    }
  return TRUE;
}

static guint32
network_traits (const Reader *reader, const RollAddress *address)
{
  if (reader->own->len == 0 || address->family == AF_UNSPEC)
    return 0;
  for (guint i = 0; i < reader->own->len; i++)
    if (is_within (&g_array_index (reader->own, Network, i), address))
      return ROLL_TRAIT_OWN_NETWORK;
  return ROLL_TRAIT_OTHER_NETWORK;
}

/* --- Computers ------------------------------------------------------------------------------------------------ */

static guint8
status_position (RollStatus status)
{
  guint n;
  const RollStatusInfo *results = roll_status_results (&n);

  for (guint i = 0; i < n; i++)
    if (results[i].status == status)
      return (guint8) i;
  return 0; /* reachable: the good end of a scan that only probes */
}

static gboolean
is_done (RollStatus status)
{
  return status >= ROLL_STATUS_SUCCESS || status == ROLL_STATUS_REACHABLE;
}

static guint32
directory_traits (const RollComputer *computer)
{
  const RollDirectoryFacts *facts = computer->directory;
  gint64 days = roll_directory_facts_get_days (facts, computer->started_at + computer->duration_us);

  if (days > STALE_DAYS || (facts != NULL && facts->account == ROLL_DIRECTORY_ACCOUNT_DISABLED))
    return ROLL_TRAIT_DIRECTORY_STALE;
  return days >= 0 ? ROLL_TRAIT_DIRECTORY_CURRENT : ROLL_TRAIT_DIRECTORY_UNKNOWN;
}

/* A name server that failed said nothing of the name. */
static guint32
missing_name_traits (const RollComputer *computer)
{
  return computer->status == ROLL_STATUS_MACHINE_NOT_FOUND
                 && roll_verdict (computer->step, computer->error).action != ROLL_ACTION_RETRY
             ? ROLL_TRAIT_NAME_NONE
             : 0;
}

static gboolean
take_computer (RollComputer *computer, gpointer user_data)
{
  Reader *reader = user_data;
  RollSymptoms *self = reader->self;
  RollSymptom row = { .ordinal = computer->ordinal };
  RollAddress address;
  gboolean by_address = roll_address_parse (computer->target, &address);
  const char *dot = by_address ? NULL : strchr (computer->target, '.');

  if (!is_done (computer->status))
    return TRUE;
  row.status = status_position (computer->status);
  row.step = (guint8) computer->step;
  row.traits = (by_address ? ROLL_TRAIT_BY_ADDRESS : ROLL_TRAIT_BY_NAME) | network_traits (reader, &computer->address)
               | directory_traits (computer) | missing_name_traits (computer);
  row.strata[ROLL_SHARED_SCAN] = 1;
  row.strata[ROLL_SHARED_SUBNET] = subnet_of (self, &computer->address);
  row.strata[ROLL_SHARED_SUFFIX] = lower_number (self, ROLL_SHARED_SUFFIX, dot != NULL ? dot + 1 : NULL);
  row.strata[ROLL_SHARED_NETWORK] = row.traits & ROLL_TRAIT_OWN_NETWORK     ? 1
                                     : row.traits & ROLL_TRAIT_OTHER_NETWORK ? 2
                                                                             : 0;
  if (computer->directory != NULL)
    row.strata[ROLL_SHARED_OU] = text_number (self, ROLL_SHARED_OU, computer->directory->ou);
  if (computer->facts != NULL)
    {
      row.strata[ROLL_SHARED_DOMAIN] = lower_number (self, ROLL_SHARED_DOMAIN, computer->facts->domain);
      row.strata[ROLL_SHARED_BUILD] = lower_number (self, ROLL_SHARED_BUILD, computer->facts->os_build);
    }
  row.strata[ROLL_SHARED_ACCOUNT] = roll_symptoms_account (self, computer->credential);
  roll_symptoms_set_time (self, &row, computer->started_at + computer->duration_us);
  g_array_append_val (self->rows, row);
  g_array_append_val (reader->errors, computer->error);
  return !g_cancellable_is_cancelled (reader->cancellable);
}

/* --- Other ports, tried after the failure ----------------------------------------------------------------------- */

static gboolean
take_ports (const RollFinding *finding, gpointer user_data)
{
  static const struct
  {
    const char *key;
    RollTraits trait;
  } ports[] = {
    { "22", ROLL_TRAIT_PORT_22 },
    { "445", ROLL_TRAIT_PORT_445 },
    { "3389", ROLL_TRAIT_PORT_3389 },
    { "5985", ROLL_TRAIT_PORT_5985 },
  };
  Reader *reader = user_data;
  GArray *rows = reader->self->rows;

  while (reader->at < rows->len && g_array_index (rows, RollSymptom, reader->at).ordinal < finding->ordinal)
    reader->at++;
  if (reader->at == rows->len || g_array_index (rows, RollSymptom, reader->at).ordinal != finding->ordinal)
    return reader->at < rows->len;
  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    {
      g_autofree char *state = roll_detail_get (finding->detail, ports[i].key);

      if (g_strcmp0 (state, "open") == 0)
        g_array_index (rows, RollSymptom, reader->at).traits |= ports[i].trait;
    }
  return TRUE;
}

/* --- All of it ------------------------------------------------------------------------------------------------ */

static RollSymptoms *
symptoms_new (void)
{
  /* Strata whose values are few and known. */
  static const char *const fixed[ROLL_N_SHARED][2] = {
    [ROLL_SHARED_SCAN] = { "scan" },
    [ROLL_SHARED_ACCOUNT_KIND] = { "local", "domain" },
    [ROLL_SHARED_PROTOCOL] = { "ntlm", "kerberos" },
    [ROLL_SHARED_NETWORK] = { "own", "other" },
  };
  RollSymptoms *self = g_new0 (RollSymptoms, 1);

  self->rows = g_array_new (FALSE, FALSE, sizeof (RollSymptom));
  for (guint i = 0; i < ROLL_N_SHARED; i++)
    {
      self->names[i] = g_ptr_array_new_with_free_func (g_free);
      self->numbers[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_ptr_array_add (self->names[i], g_strdup (""));
      for (guint j = 0; j < G_N_ELEMENTS (fixed[i]) && fixed[i][j] != NULL; j++)
        roll_symptoms_number (self, (RollShared) i, fixed[i][j]);
    }
  return self;
}

void
roll_symptoms_free (RollSymptoms *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->rows);
  for (guint i = 0; i < ROLL_N_SHARED; i++)
    {
      g_hash_table_unref (self->numbers[i]);
      g_ptr_array_unref (self->names[i]);
    }
  g_free (self->from);
  g_free (self);
}

static gint
compare_rows (gconstpointer a, gconstpointer b)
{
  const RollSymptom *x = a, *y = b;

  if (x->ordinal != y->ordinal)
    return x->ordinal < y->ordinal ? -1 : 1;
  return x->further - y->further;
}

RollSymptoms *
roll_symptoms_read (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error)
{
  g_autoptr (RollSymptoms) self = symptoms_new ();
  g_auto (Reader) reader = {
    .self = self,
    .cancellable = cancellable,
    .own = g_array_new (FALSE, FALSE, sizeof (Network)),
    .errors = g_array_new (FALSE, FALSE, sizeof (RollErrorNumber)),
    .tries = g_array_new (FALSE, TRUE, sizeof (RollTry)),
  };

  if (!read_events (&reader, store, scan_id, error)
      || !roll_store_foreach_computer (store, scan_id, 0, take_computer, &reader, error)
      || !roll_store_foreach_finding (store, scan_id, ROLL_PORTS_FINDING, 0, take_ports, &reader, error))
    return NULL;
  reader.n_primary = self->rows->len;
  reader.at = 0;
  if (!roll_store_foreach_attempt (store, scan_id, roll_symptoms_take_attempt, &reader, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  roll_symptoms_end_computer (&reader);
  if (self->rows->len > reader.n_primary)
    g_array_sort (self->rows, compare_rows);
  return g_steal_pointer (&self);
}
