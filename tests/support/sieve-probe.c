/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The sieve from the command line: one line for each target,
 *
 *   TARGET <tab> RESULT <tab> SAID-BY <tab> MILLISECONDS <tab> RECORD[; RECORD...]
 *
 * where RESULT is "open", "cancelled" or the name of the error, and a RECORD is "PEER RESULT SAID-BY DETAIL".
 * What happens to this machine goes to standard error as "event KIND DETAIL".
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scan/roll-sieve.h"

typedef struct
{
  const char *text;
  RollAddress address; /* the first one; AF_UNSPEC: a name */
  guint count;
} Range;

/* Names and addresses apart, so that one kind does not wait for the other. */
typedef struct
{
  GArray *ranges; /* (element-type Range) */
  guint i_range;
  guint i_address;
} Lane;

typedef struct
{
  Lane names;
  Lane addresses;
} Probe;

static int port = ROLL_SIEVE_PORT;
static int timeout_ms = ROLL_SIEVE_CONNECT_TIMEOUT_MS;
static int probes = ROLL_SIEVE_PROBES;
static int rate = ROLL_SIEVE_RATE;
static int stop_after_ms;
static char **servers;
static char **targets;

static const GOptionEntry options[] = {
  { "port", 0, 0, G_OPTION_ARG_INT, &port, NULL, NULL },
  { "timeout", 0, 0, G_OPTION_ARG_INT, &timeout_ms, NULL, "MS" },
  { "probes", 0, 0, G_OPTION_ARG_INT, &probes, NULL, NULL },
  { "rate", 0, 0, G_OPTION_ARG_INT, &rate, NULL, NULL },
  { "stop-after", 0, 0, G_OPTION_ARG_INT, &stop_after_ms, NULL, "MS" },
  { "dns", 0, 0, G_OPTION_ARG_STRING_ARRAY, &servers, NULL, NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &targets, NULL, "TARGET..." },
  { NULL },
};

/* An IPv4 network, without its first and last address. */
static gboolean
parse_network (const char *text, Range *ret_range)
{
  const char *slash = strchr (text, '/');
  g_autofree char *head = slash != NULL ? g_strndup (text, (gsize) (slash - text)) : NULL;
  guint bits = slash != NULL ? (guint) atoi (slash + 1) : 0;
  guint32 first;

  if (head == NULL || !roll_address_parse (head, &ret_range->address) || bits < 8 || bits > 30)
    return FALSE;
  memcpy (&first, ret_range->address.bytes, sizeof first);
  first = htonl (ntohl (first) + 1);
  memcpy (ret_range->address.bytes, &first, sizeof first);
  ret_range->count = (1u << (32 - bits)) - 2;
  return TRUE;
}

static RollAddress
nth_address (const Range *range, guint n)
{
  RollAddress address = range->address;
  guint32 number;

  if (address.family != AF_INET)
    return address;
  memcpy (&number, address.bytes, sizeof number);
  number = htonl (ntohl (number) + n);
  memcpy (address.bytes, &number, sizeof number);
  return address;
}

static RollSieveNext
next (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data)
{
  Probe *probe = user_data;
  Lane *lane = &probe->addresses;
  Range *range;

  if ((kinds & ROLL_SIEVE_ADDRESSES) == 0 || lane->i_range == lane->ranges->len)
    lane = &probe->names;
  if ((lane == &probe->names && (kinds & ROLL_SIEVE_NAMES) == 0) || lane->i_range == lane->ranges->len)
    return ROLL_SIEVE_END;
  range = &g_array_index (lane->ranges, Range, lane->i_range);
  ret_job->attempt = roll_attempt_new (1);
  ret_job->name = lane == &probe->names ? range->text : NULL;
  ret_job->address = nth_address (range, lane->i_address);
  if (++lane->i_address == range->count)
    {
      lane->i_range++;
      lane->i_address = 0;
    }
  return ROLL_SIEVE_JOB;
}

static const char *
error_name (RollErrorNumber error, const char *none)
{
  return error.space == ROLL_ERROR_SPACE_NONE ? none : roll_error_symbol (error);
}

static void
done (RollSieveResult *result, gpointer user_data)
{
  RollAttempt *attempt = result->job.attempt;
  char text[ROLL_ADDRESS_STRLEN];

  g_print ("%s\t%s\t%s\t%.1f\t",
           result->job.name != NULL ? result->job.name : roll_address_format (&result->job.address, text),
           result->cancelled ? "cancelled" : error_name (result->error, "open"),
           roll_said_by_id (result->said_by), (double) attempt->duration_us / 1000);
  for (guint i = 0; i < attempt->steps->len; i++)
    {
      RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i);

      g_print ("%s%s %s %s %s", i > 0 ? "; " : "", record->peer, error_name (record->error, "ok"),
               roll_said_by_id (record->said_by), record->detail != NULL ? record->detail : "");
    }
  g_print ("\n");
  if (result->fd >= 0)
    close (result->fd);
  roll_attempt_free (attempt);
}

static void
event (const char *kind, const char *detail, gpointer user_data)
{
  g_printerr ("event %s %s\n", kind, detail);
}

int
main (int argc, char **argv)
{
  static const RollSieveCallbacks callbacks = { next, done, event };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Probe probe = { .names.ranges = g_array_new (FALSE, TRUE, sizeof (Range)),
                  .addresses.ranges = g_array_new (FALSE, TRUE, sizeof (Range)) };
  RollSieveOptions sieve_options;
  RollSieve *sieve;

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  for (char **target = targets; target != NULL && *target != NULL; target++)
    {
      Range range = { .text = *target, .count = 1 };

      if (parse_network (*target, &range) || roll_address_parse (*target, &range.address))
        g_array_append_val (probe.addresses.ranges, range);
      else
        g_array_append_val (probe.names.ranges, range);
    }

  roll_sieve_raise_file_limit ();
  sieve_options = (RollSieveOptions){
    .port = (guint16) port,
    .probes = (guint) probes,
    .connect_timeout_ms = (guint) timeout_ms,
    .rate = (guint) rate,
    .resolver.servers = (const char *const *) servers,
  };
  sieve = roll_sieve_start (&sieve_options, &callbacks, &probe, &error);
  if (sieve == NULL)
    g_error ("%s", error->message);
  if (stop_after_ms > 0)
    {
      g_usleep ((gulong) stop_after_ms * 1000);
      roll_sieve_stop (sieve);
    }
  roll_sieve_join (sieve);
  roll_sieve_free (sieve);
  g_array_unref (probe.names.ranges);
  g_array_unref (probe.addresses.ranges);
  return 0;
}
