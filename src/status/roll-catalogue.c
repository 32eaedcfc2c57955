/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-causes-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "status/roll-causes-rule.h"

struct _RollCatalogue
{
  GStringChunk *texts;
  GPtrArray *blocks;  /* the arrays that pages and causes point to */
  GPtrArray *pages;   /* (element-type RollStatusPage) */
  GHashTable *causes; /* id to RollCause, RollCheck, RollFix: what a ref may name */
  GHashTable *checks;
  GHashTable *fixes;
};

/* What is being put together while the file is read. */
typedef struct
{
  RollCatalogue *catalogue;
  GString *text;
  gboolean in_ref; /* inside an element that only refers to another */
  gboolean in_page;
  gboolean in_cause;

  RollStatusPage page;
  GPtrArray *numbers;
  GPtrArray *false_friends;
  GArray *causes;
  GArray *page_checks;
  GArray *page_fixes;

  RollCause cause;
  GArray *hints;
  GArray *checks;
  GArray *fixes;

  RollEvidenceHint hint;
  const char *check_id;
  RollCheck check;
  RollFix fix;
} Reader;

typedef gboolean (*StartFunc) (Reader *reader, const char *element, const char **names, const char **values,
                               GError **error);
typedef gboolean (*EndFunc) (Reader *reader, const char *element, GError **error);

static gboolean
fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  *error = g_error_new_valist (G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
find_word (const char *const *words, guint n_words, const char *word, guint *ret_index)
{
  for (guint i = 0; i < n_words; i++)
    if (strcmp (words[i], word) == 0)
      {
        *ret_index = i;
        return TRUE;
      }
  return FALSE;
}

/* "AD.3": two or three capital letters, a dot, a number. */
static gboolean
is_stable_id (const char *id)
{
  gsize letters = strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const char *digits = id + letters + 1;

  if (letters < 2 || letters > 3 || id[letters] != '.')
    return FALSE;
  return *digits != '\0' && *digits != '0' && digits[strspn (digits, "0123456789")] == '\0';
}

static gboolean
check_new_id (GHashTable *known, const char *id, GError **error)
{
  if (!is_stable_id (id))
    return fail (error, "“%s” is no id like “AD.3”", id);
  if (g_hash_table_contains (known, id))
    return fail (error, "the id “%s” is there twice", id);
  return TRUE;
}

/* Runs of white space are one space, as xgettext sees the texts. */
static const char *
take_text (Reader *reader)
{
  g_auto (GStrv) words = g_strsplit_set (reader->text->str, " \t\r\n", -1);
  GString *text = g_string_new (NULL);
  const char *kept;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", words[i]);
  kept = g_string_chunk_insert (reader->catalogue->texts, text->str);
  g_string_free (text, TRUE);
  return kept;
}

static gboolean
take_into (Reader *reader, const char *element, gboolean translated, const char **field, GError **error)
{
  const char *text = take_text (reader);

  if (*text == '\0')
    return fail (error, "<%s> is empty", element);
  if (*field != NULL)
    return fail (error, "<%s> is there twice", element);
  *field = translated ? g_string_chunk_insert (reader->catalogue->texts, _(text)) : text;
  return TRUE;
}

/* Hands an array over to the catalogue and leaves an empty one in its place. */
static gpointer
keep_array (Reader *reader, GArray **array, guint element_size, guint *ret_length)
{
  gpointer block;

  *ret_length = (*array)->len;
  block = g_array_free (*array, FALSE);
  *array = g_array_new (FALSE, FALSE, element_size);
  g_ptr_array_add (reader->catalogue->blocks, block);
  return block;
}

static gpointer
keep_strv (Reader *reader, GPtrArray **array)
{
  gpointer block;

  g_ptr_array_add (*array, NULL);
  block = g_ptr_array_free (*array, FALSE);
  *array = g_ptr_array_new ();
  g_ptr_array_add (reader->catalogue->blocks, block);
  return block;
}

static gboolean
parse_where (const char *where, gboolean *ret_on_target, GError **error)
{
  if (strcmp (where, "here") != 0 && strcmp (where, "target") != 0)
    return fail (error, "where is “here” or “target”, not “%s”", where);
  *ret_on_target = *where == 't';
  return TRUE;
}

static gboolean
parse_prior (const char *prior, RollPrior *ret_prior, GError **error)
{
  static const char *const words[] = { "low", "medium", "high" };
  guint i;

  if (!find_word (words, G_N_ELEMENTS (words), prior, &i))
    return fail (error, "prior is “low”, “medium” or “high”, not “%s”", prior);
  *ret_prior = (RollPrior) i;
  return TRUE;
}

static gboolean
start_plain (Reader *reader, const char *element, const char **names, const char **values, GError **error)
{
  return g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_INVALID, NULL);
}

static gboolean
start_page (Reader *reader, const char *element, const char **names, const char **values, GError **error)
{
  const RollStatusInfo *info;
  const char *status;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "status", &status,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  info = roll_status_find (status);
  if (info == NULL || info->status < ROLL_STATUS_SUCCESS || strcmp (info->id, status) != 0)
    return fail (error, "“%s” is no status id", status);
  if (roll_catalogue_page (reader->catalogue, info->status) != NULL)
    return fail (error, "the page of “%s” is there twice", status);
  reader->page = (RollStatusPage) { .status = info->status };
  reader->in_page = TRUE;
  return TRUE;
}

static int
higher_prior_first (gconstpointer a, gconstpointer b)
{
  return (int) ((const RollCause *) b)->prior - (int) ((const RollCause *) a)->prior;
}

static gboolean
end_page (Reader *reader, const char *element, GError **error)
{
  RollStatusPage *page = &reader->page;

  if (page->meaning == NULL || page->retry == NULL || page->steps == NULL)
    return fail (error, "a page needs <meaning>, <retry> and <steps>");
  /* A stable sort: causes of one prior keep the file's order. */
  g_array_sort (reader->causes, higher_prior_first);
  page->numbers = keep_strv (reader, &reader->numbers);
  page->false_friends = keep_strv (reader, &reader->false_friends);
  page->causes = keep_array (reader, &reader->causes, sizeof (RollCause), &page->n_causes);
  page->checks = keep_array (reader, &reader->page_checks, sizeof (RollCheck), &page->n_checks);
  page->fixes = keep_array (reader, &reader->page_fixes, sizeof (RollFix), &page->n_fixes);
  g_ptr_array_add (reader->catalogue->pages, g_memdup2 (page, sizeof *page));
  reader->in_page = FALSE;
  return TRUE;
}

static gboolean
refer_to_cause (Reader *reader, const char *ref, const char *prior, GError **error)
{
  const RollCause *known = g_hash_table_lookup (reader->catalogue->causes, ref);
  RollCause cause;

  if (known == NULL || !reader->in_page)
    return fail (error, "there is no cause “%s” to refer to here", ref);
  cause = *known;
  if (prior != NULL && !parse_prior (prior, &cause.prior, error))
    return FALSE;
  g_array_append_val (reader->causes, cause);
  reader->in_ref = TRUE;
  return TRUE;
}

static gboolean
start_cause (Reader *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *ref, *prior;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL,
                                    "id", &id, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "ref", &ref,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "prior", &prior,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (ref != NULL)
    return refer_to_cause (reader, ref, prior, error);
  if (id == NULL || prior == NULL)
    return fail (error, "<cause> needs id and prior, or ref");
  reader->cause = (RollCause) { .id = g_string_chunk_insert (reader->catalogue->texts, id) };
  reader->in_cause = TRUE;
  return check_new_id (reader->catalogue->causes, id, error) && parse_prior (prior, &reader->cause.prior, error);
}

static gboolean
end_cause (Reader *reader, const char *element, GError **error)
{
  RollCause *cause = &reader->cause;

  if (cause->text == NULL)
    return fail (error, "the cause “%s” has no <text>", cause->id);
  cause->hints = keep_array (reader, &reader->hints, sizeof (RollEvidenceHint), &cause->n_hints);
  cause->checks = keep_array (reader, &reader->checks, sizeof (RollCheck), &cause->n_checks);
  cause->fixes = keep_array (reader, &reader->fixes, sizeof (RollFix), &cause->n_fixes);
  g_hash_table_insert (reader->catalogue->causes, (gpointer) cause->id, g_memdup2 (cause, sizeof *cause));
  if (reader->in_page)
    g_array_append_val (reader->causes, *cause);
  reader->in_cause = FALSE;
  return TRUE;
}

static gboolean
add_check (Reader *reader, const RollCheck *check)
{
  if (reader->in_cause)
    g_array_append_val (reader->checks, *check);
  else if (reader->in_page)
    g_array_append_val (reader->page_checks, *check);
  return reader->in_cause || reader->in_page;
}

static gboolean
start_check (Reader *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *ref, *where;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL,
                                    "id", &id, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "ref", &ref,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "where", &where,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (ref != NULL)
    {
      const RollCheck *known = g_hash_table_lookup (reader->catalogue->checks, ref);

      reader->in_ref = TRUE;
      return (known != NULL && add_check (reader, known)) || fail (error, "there is no check “%s” to refer to here", ref);
    }
  if (where == NULL)
    return fail (error, "<check> needs where, or ref");
  reader->check = (RollCheck) { 0 };
  reader->check_id = id != NULL ? g_string_chunk_insert (reader->catalogue->texts, id) : NULL;
  return (id == NULL || check_new_id (reader->catalogue->checks, id, error)) &&
         parse_where (where, &reader->check.on_target, error);
}

static gboolean
end_check (Reader *reader, const char *element, GError **error)
{
  if (reader->check.text == NULL)
    return fail (error, "a check has no <text>");
  if (reader->check_id != NULL)
    g_hash_table_insert (reader->catalogue->checks, (gpointer) reader->check_id,
                         g_memdup2 (&reader->check, sizeof reader->check));
  if (!add_check (reader, &reader->check) && reader->check_id == NULL)
    return fail (error, "a check outside of pages needs an id");
  return TRUE;
}

static gboolean
add_fix (Reader *reader, const RollFix *fix)
{
  if (reader->in_cause)
    g_array_append_val (reader->fixes, *fix);
  else if (reader->in_page)
    g_array_append_val (reader->page_fixes, *fix);
  return reader->in_cause || reader->in_page;
}

static gboolean
begin_fix (Reader *reader, const char *id, const char *where, const char *risk, GError **error)
{
  static const char *const words[] = { "harmless", "opens-access", "weakens-security" };
  guint i;

  if (where == NULL || risk == NULL)
    return fail (error, "<fix> needs where and risk, or ref");
  if (!find_word (words, G_N_ELEMENTS (words), risk, &i))
    return fail (error, "risk is “harmless”, “opens-access” or “weakens-security”, not “%s”", risk);
  reader->fix = (RollFix) { .risk = (RollRisk) i };
  if (id != NULL)
    reader->fix.id = g_string_chunk_insert (reader->catalogue->texts, id);
  return (id == NULL || check_new_id (reader->catalogue->fixes, id, error)) &&
         parse_where (where, &reader->fix.on_target, error);
}

static gboolean
start_fix (Reader *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *ref, *where, *risk;
  const RollFix *known;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL,
                                    "id", &id, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "ref", &ref,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "where", &where,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "risk", &risk,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (ref == NULL)
    return begin_fix (reader, id, where, risk, error);
  reader->in_ref = TRUE;
  known = g_hash_table_lookup (reader->catalogue->fixes, ref);
  return (known != NULL && add_fix (reader, known)) || fail (error, "there is no fix “%s” to refer to here", ref);
}

static gboolean
end_fix (Reader *reader, const char *element, GError **error)
{
  RollFix *fix = &reader->fix;

  if (fix->text == NULL)
    return fail (error, "a fix has no <text>");
  if (fix->risk != ROLL_RISK_HARMLESS && fix->undo == NULL)
    return fail (error, "a fix that is not harmless needs <undo>");
  if (fix->id != NULL)
    g_hash_table_insert (reader->catalogue->fixes, (gpointer) fix->id, g_memdup2 (fix, sizeof *fix));
  if (!add_fix (reader, fix) && fix->id == NULL)
    return fail (error, "a fix outside of pages needs an id");
  return TRUE;
}

static gboolean
start_evidence (Reader *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *speaks, *rule;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "speaks", &speaks,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "rule", &rule,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (strcmp (speaks, "for") != 0 && strcmp (speaks, "against") != 0)
    return fail (error, "evidence speaks “for” or “against”, not “%s”", speaks);
  reader->hint = (RollEvidenceHint) { .raises = strcmp (speaks, "for") == 0 };
  if (rule == NULL)
    return TRUE;
  reader->hint.rule = g_string_chunk_insert (reader->catalogue->texts, rule);
  return roll_causes_rule_check (rule, error);
}

static gboolean
end_evidence (Reader *reader, const char *element, GError **error)
{
  if (!take_into (reader, element, TRUE, &reader->hint.text, error))
    return FALSE;
  g_array_append_val (reader->hints, reader->hint);
  return TRUE;
}

static gboolean
end_number (Reader *reader, const char *element, GError **error)
{
  const char *number = NULL;
  g_autoptr (GArray) found = NULL;

  if (!take_into (reader, element, FALSE, &number, error))
    return FALSE;
  found = roll_error_lookup (number);
  if (found->len == 0)
    return fail (error, "the error “%s” is not known", number);
  g_ptr_array_add (reader->numbers, (gpointer) number);
  return TRUE;
}

static gboolean
end_false_friend (Reader *reader, const char *element, GError **error)
{
  const char *text = NULL;

  if (!take_into (reader, element, TRUE, &text, error))
    return FALSE;
  g_ptr_array_add (reader->false_friends, (gpointer) text);
  return TRUE;
}

static gboolean
end_page_text (Reader *reader, const char *element, GError **error)
{
  RollStatusPage *page = &reader->page;
  const char **field = *element == 'm' ? &page->meaning : *element == 'r' ? &page->retry : &page->steps;

  return take_into (reader, element, TRUE, field, error);
}

static gboolean
end_cause_text (Reader *reader, const char *element, GError **error)
{
  return take_into (reader, element, TRUE, &reader->cause.text, error);
}

static gboolean
end_check_text (Reader *reader, const char *element, GError **error)
{
  gboolean is_text = strcmp (element, "text") == 0;

  return take_into (reader, element, is_text, is_text ? &reader->check.text : &reader->check.command, error);
}

static gboolean
end_fix_text (Reader *reader, const char *element, GError **error)
{
  RollFix *fix = &reader->fix;

  if (strcmp (element, "text") == 0)
    return take_into (reader, element, TRUE, &fix->text, error);
  if (strcmp (element, "undo") == 0)
    return take_into (reader, element, TRUE, &fix->undo, error);
  return take_into (reader, element, FALSE, *element == 'c' ? &fix->command : &fix->undo_command, error);
}

/* The schema: which element may stand where. @holds_text: has text and no elements in it. */
static const struct
{
  const char *name;
  const char *parent;
  gboolean holds_text;
  StartFunc start;
  EndFunc end;
} elements[] = {
  { "causes", NULL, FALSE, start_plain, NULL },
  { "page", "causes", FALSE, start_page, end_page },
  { "cause", "causes", FALSE, start_cause, end_cause },
  { "cause", "page", FALSE, start_cause, end_cause },
  { "check", "causes", FALSE, start_check, end_check },
  { "check", "page", FALSE, start_check, end_check },
  { "check", "cause", FALSE, start_check, end_check },
  { "fix", "causes", FALSE, start_fix, end_fix },
  { "fix", "page", FALSE, start_fix, end_fix },
  { "fix", "cause", FALSE, start_fix, end_fix },
  { "evidence", "cause", TRUE, start_evidence, end_evidence },
  { "meaning", "page", TRUE, start_plain, end_page_text },
  { "retry", "page", TRUE, start_plain, end_page_text },
  { "steps", "page", TRUE, start_plain, end_page_text },
  { "number", "page", TRUE, start_plain, end_number },
  { "false-friend", "page", TRUE, start_plain, end_false_friend },
  { "text", "cause", TRUE, start_plain, end_cause_text },
  { "text", "check", TRUE, start_plain, end_check_text },
  { "command", "check", TRUE, start_plain, end_check_text },
  { "text", "fix", TRUE, start_plain, end_fix_text },
  { "command", "fix", TRUE, start_plain, end_fix_text },
  { "undo", "fix", TRUE, start_plain, end_fix_text },
  { "undo-command", "fix", TRUE, start_plain, end_fix_text },
};

static int
find_element (GMarkupParseContext *context)
{
  const GSList *stack = g_markup_parse_context_get_element_stack (context);
  const char *name = stack->data;
  const char *parent = stack->next != NULL ? stack->next->data : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (strcmp (elements[i].name, name) == 0 && g_strcmp0 (elements[i].parent, parent) == 0)
      return (int) i;
  return -1;
}

/* GMarkup's own errors have it; G_MARKUP_PREFIX_ERROR_POSITION does not reach those of an end tag. */
static void
prefix_line (GMarkupParseContext *context, GError **error)
{
  int line, column;

  g_markup_parse_context_get_position (context, &line, &column);
  /* The parser stands behind the tag; a line feed there is counted already, as column 1. */
  g_prefix_error (error, "Error on line %d: ", column == 1 ? line - 1 : line);
}

static void
on_start_element (GMarkupParseContext *context, const char *name, const char **names, const char **values,
                  gpointer user_data, GError **error)
{
  Reader *reader = user_data;
  int i = find_element (context);

  g_string_truncate (reader->text, 0);
  if (i < 0 || reader->in_ref)
    fail (error, "<%s> may not stand here", name);
  else if (elements[i].start (reader, name, names, values, error))
    return;
  prefix_line (context, error);
}

static void
on_end_element (GMarkupParseContext *context, const char *name, gpointer user_data, GError **error)
{
  Reader *reader = user_data;
  int i = find_element (context);

  g_assert (i >= 0);
  if (reader->in_ref)
    reader->in_ref = FALSE;
  else if (elements[i].end != NULL && !elements[i].end (reader, name, error))
    prefix_line (context, error);
  g_string_truncate (reader->text, 0);
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
  Reader *reader = user_data;
  int i = find_element (context);

  g_assert (i >= 0);
  if (elements[i].holds_text)
    {
      g_string_append_len (reader->text, text, (gssize) length);
      return;
    }
  for (gsize at = 0; at < length; at++)
    if (!g_ascii_isspace (text[at]))
      {
        fail (error, "<%s> may not hold text", elements[i].name);
        prefix_line (context, error);
        return;
      }
}

static void
reader_init (Reader *reader, RollCatalogue *catalogue)
{
  *reader = (Reader) {
    .catalogue = catalogue,
    .text = g_string_new (NULL),
    .numbers = g_ptr_array_new (),
    .false_friends = g_ptr_array_new (),
    .causes = g_array_new (FALSE, FALSE, sizeof (RollCause)),
    .page_checks = g_array_new (FALSE, FALSE, sizeof (RollCheck)),
    .page_fixes = g_array_new (FALSE, FALSE, sizeof (RollFix)),
    .hints = g_array_new (FALSE, FALSE, sizeof (RollEvidenceHint)),
    .checks = g_array_new (FALSE, FALSE, sizeof (RollCheck)),
    .fixes = g_array_new (FALSE, FALSE, sizeof (RollFix)),
  };
}

static void
reader_clear (Reader *reader)
{
  g_string_free (reader->text, TRUE);
  g_ptr_array_free (reader->numbers, TRUE);
  g_ptr_array_free (reader->false_friends, TRUE);
  g_array_free (reader->causes, TRUE);
  g_array_free (reader->page_checks, TRUE);
  g_array_free (reader->page_fixes, TRUE);
  g_array_free (reader->hints, TRUE);
  g_array_free (reader->checks, TRUE);
  g_array_free (reader->fixes, TRUE);
}

static RollCatalogue *
catalogue_new (void)
{
  RollCatalogue *self = g_new0 (RollCatalogue, 1);

  self->texts = g_string_chunk_new (16 * 1024);
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  self->pages = g_ptr_array_new_with_free_func (g_free);
  self->causes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->checks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->fixes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  return self;
}

void
roll_catalogue_free (RollCatalogue *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->fixes);
  g_hash_table_unref (self->checks);
  g_hash_table_unref (self->causes);
  g_ptr_array_unref (self->pages);
  g_ptr_array_unref (self->blocks);
  g_string_chunk_free (self->texts);
  g_free (self);
}

RollCatalogue *
roll_catalogue_parse (const char *data, gsize length, GError **error)
{
  static const GMarkupParser parser = { on_start_element, on_end_element, on_text, NULL, NULL };
  g_autoptr (RollCatalogue) self = NULL;
  g_autoptr (GMarkupParseContext) context = NULL;
  Reader reader;
  gboolean ok;

  g_return_val_if_fail (data != NULL, NULL);

  self = catalogue_new ();
  reader_init (&reader, self);
  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
  ok = g_markup_parse_context_parse (context, data, (gssize) length, error) &&
       g_markup_parse_context_end_parse (context, error);
  reader_clear (&reader);
  return ok ? g_steal_pointer (&self) : NULL;
}

const RollStatusPage *
roll_catalogue_page (const RollCatalogue *self, RollStatus status)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->pages->len; i++)
    {
      const RollStatusPage *page = g_ptr_array_index (self->pages, i);

      if (page->status == status)
        return page;
    }
  return NULL;
}
