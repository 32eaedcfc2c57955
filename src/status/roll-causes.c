/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-causes.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "status/roll-causes-private.h"
#include "status/roll-causes-resource.h"
#include "status/roll-error-private.h"
#include "status/roll-resource.h"
#include "status/roll-verdict.h"

#define CAUSES_PATH "/io/github/rollcall/Rollcall/causes.xml"

static gpointer
load_catalogue (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  RollCatalogue *catalogue = NULL;

  bytes = g_resource_lookup_data (roll_resource_get (roll_causes_get_resource), CAUSES_PATH,
                                  G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (bytes != NULL)
    catalogue = roll_catalogue_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  /* The file is part of the program: that it can't be read is a broken build. */
  if (catalogue == NULL)
    g_error ("causes.xml: %s", error->message);
  return catalogue;
}

static const RollCatalogue *
get_catalogue (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_catalogue, NULL);
}

const RollStatusPage *
roll_causes_page (RollStatus status)
{
  return roll_catalogue_page (get_catalogue (), status);
}

static const RollCause *
find_on_page (const RollStatusPage *page, const char *cause_id)
{
  for (guint i = 0; i < page->n_causes; i++)
    if (strcmp (page->causes[i].id, cause_id) == 0)
      return &page->causes[i];
  return NULL;
}

const RollCause *
roll_causes_find (const char *cause_id, RollStatus *ret_status)
{
  const RollStatusInfo *results;
  guint n;

  g_return_val_if_fail (cause_id != NULL, NULL);

  results = roll_status_results (&n);
  for (guint i = 0; i < n; i++)
    {
      const RollStatusPage *page = roll_causes_page (results[i].status);
      const RollCause *cause = page != NULL ? find_on_page (page, cause_id) : NULL;

      if (cause == NULL)
        continue;
      if (ret_status != NULL)
        *ret_status = page->status;
      return cause;
    }
  return NULL;
}

static gboolean
same_error (RollErrorNumber a, RollErrorNumber b)
{
  a = roll_error_canonical (a);
  b = roll_error_canonical (b);
  return a.space == b.space && a.number == b.number;
}

static gboolean
text_names_error (const char *text, RollErrorNumber error)
{
  g_autoptr (GArray) found = roll_error_lookup (text);

  /* A bare 5 means several things; the page means the first. */
  return found->len > 0 && same_error (g_array_index (found, RollErrorNumber, 0), error);
}

static gboolean
page_lists (const RollStatusPage *page, RollErrorNumber error)
{
  for (guint i = 0; page->numbers[i] != NULL; i++)
    if (text_names_error (page->numbers[i], error))
      return TRUE;
  return FALSE;
}

/* At how many of the steps where such an error can come up it gives the status. */
static guint
count_steps (RollStatus status, RollErrorNumber error)
{
  RollErrorSpace space = roll_error_canonical (error).space;
  guint first = space == ROLL_ERROR_SPACE_DNS || space == ROLL_ERROR_SPACE_ERRNO ? ROLL_STEP_RESOLVE
                                                                                 : ROLL_STEP_NEGOTIATE;
  guint last = space == ROLL_ERROR_SPACE_DNS ? ROLL_STEP_RESOLVE : ROLL_STEP_REGISTRY;
  guint n = 0;

  for (guint step = first; step <= last; step++)
    n += roll_verdict ((RollStep) step, error).status == status;
  return n;
}

typedef struct
{
  RollStatus status;
  guint weight;
} Candidate;

static int
heavier_first (gconstpointer a, gconstpointer b)
{
  return (int) ((const Candidate *) b)->weight - (int) ((const Candidate *) a)->weight;
}

static void
add_candidate (GArray *candidates, RollStatus status, RollErrorNumber error)
{
  const RollStatusPage *page = roll_causes_page (status);
  Candidate candidate = { status, count_steps (status, error) };

  if (page != NULL && page_lists (page, error))
    candidate.weight = ROLL_N_STEPS + 1; /* all alike: the sort keeps them in the order of a conversation */
  else if (status == ROLL_STATUS_OTHER_REASONS && candidates->len > 0)
    candidate.weight = 0; /* only the default row speaks for it, and a page that knows the error is there */
  if (candidate.weight > 0)
    g_array_append_val (candidates, candidate);
}

GArray *
roll_causes_pages_for_error (RollErrorNumber error)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  GArray *statuses = g_array_new (FALSE, FALSE, sizeof (RollStatus));
  const RollStatusInfo *results;
  guint n;

  if (error.space == ROLL_ERROR_SPACE_NONE)
    return statuses;
  results = roll_status_results (&n);
  for (guint i = 0; i < n; i++)
    add_candidate (candidates, results[i].status, error);
  g_array_sort (candidates, heavier_first);
  for (guint i = 0; i < candidates->len; i++)
    g_array_append_val (statuses, g_array_index (candidates, Candidate, i).status);
  return statuses;
}

static const struct
{
  const char *id;
  const char *label;
} risks[] = {
  [ROLL_RISK_HARMLESS] = { "harmless", N_("Harmless") },
  [ROLL_RISK_OPENS] = { "opens-access", N_("Opens access or changes settings") },
  [ROLL_RISK_WEAKENS] = { "weakens-security", N_("Weakens security or may do damage") },
};

const char *
roll_risk_id (RollRisk risk)
{
  g_return_val_if_fail ((guint) risk < G_N_ELEMENTS (risks), "");

  return risks[risk].id;
}

const char *
roll_risk_label (RollRisk risk)
{
  g_return_val_if_fail ((guint) risk < G_N_ELEMENTS (risks), "");

  return _(risks[risk].label);
}

const char *
roll_prior_id (RollPrior prior)
{
  static const char *const ids[] = { "low", "medium", "high" };

  g_return_val_if_fail ((guint) prior < G_N_ELEMENTS (ids), "");

  return ids[prior];
}
