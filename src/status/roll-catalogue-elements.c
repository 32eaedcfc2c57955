/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-catalogue-reader.h"

#include <string.h>

static gboolean
start_page (RollParser *reader, const char *element, const char **names, const char **values, GError **error)
{
  const RollStatusInfo *info;
  const char *status;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "status", &status,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  info = roll_status_find (status);
  if (info == NULL || info->status < ROLL_STATUS_SUCCESS || strcmp (info->id, status) != 0)
    return roll_markup_fail (error, "“%s” is no status id", status);
  if (roll_catalogue_page (reader->catalogue, info->status) != NULL)
    return roll_markup_fail (error, "the page of “%s” is there twice", status);
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
end_page (RollParser *reader, const char *element, GError **error)
{
  RollStatusPage *page = &reader->page;

  if (page->meaning == NULL || page->retry == NULL || page->steps == NULL)
    return roll_markup_fail (error, "a page needs <meaning>, <retry> and <steps>");
  /* A stable sort: causes of one prior keep the file's order. */
  g_array_sort (reader->causes, higher_prior_first);
  page->numbers = roll_parser_keep_strv (reader, &reader->numbers);
  page->false_friends = roll_parser_keep_strv (reader, &reader->false_friends);
  page->causes = roll_parser_keep_array (reader, &reader->causes, sizeof (RollCause), &page->n_causes);
  page->checks = roll_parser_keep_array (reader, &reader->page_checks, sizeof (RollCheck), &page->n_checks);
  page->fixes = roll_parser_keep_array (reader, &reader->page_fixes, sizeof (RollFix), &page->n_fixes);
  g_ptr_array_add (reader->catalogue->pages, g_memdup2 (page, sizeof *page));
  reader->in_page = FALSE;
  return TRUE;
}

static gboolean
refer_to_cause (RollParser *reader, const char *ref, const char *prior, GError **error)
{
  const RollCause *known = g_hash_table_lookup (reader->catalogue->causes, ref);
  RollCause cause;

  if (known == NULL || !reader->in_page)
    return roll_markup_fail (error, "there is no cause “%s” to refer to here", ref);
  cause = *known;
  if (prior != NULL && !roll_parser_parse_prior (prior, &cause.prior, error))
    return FALSE;
  g_array_append_val (reader->causes, cause);
  reader->markup.empty = TRUE;
  return TRUE;
}

static gboolean
start_cause (RollParser *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *ref, *prior;

  if (!g_markup_collect_attributes (
          element, names, values, error, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "id", &id,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "ref", &ref,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "prior", &prior, G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (ref != NULL)
    return refer_to_cause (reader, ref, prior, error);
  if (id == NULL || prior == NULL)
    return roll_markup_fail (error, "<cause> needs id and prior, or ref");
  reader->cause = (RollCause) { .id = g_string_chunk_insert (reader->catalogue->texts, id) };
  reader->in_cause = TRUE;
  return roll_parser_check_new_id (reader->catalogue->causes, id, error) &&
         roll_parser_parse_prior (prior, &reader->cause.prior, error);
}

static gboolean
end_cause (RollParser *reader, const char *element, GError **error)
{
  RollCause *cause = &reader->cause;

  if (cause->text == NULL)
    return roll_markup_fail (error, "the cause “%s” has no <text>", cause->id);
  cause->hints = roll_parser_keep_array (reader, &reader->hints, sizeof (RollEvidenceHint), &cause->n_hints);
  cause->checks = roll_parser_keep_array (reader, &reader->checks, sizeof (RollCheck), &cause->n_checks);
  cause->fixes = roll_parser_keep_array (reader, &reader->fixes, sizeof (RollFix), &cause->n_fixes);
  g_hash_table_insert (reader->catalogue->causes, (gpointer) cause->id, g_memdup2 (cause, sizeof *cause));
  if (reader->in_page)
    g_array_append_val (reader->causes, *cause);
  reader->in_cause = FALSE;
  return TRUE;
}

static gboolean
add_check (RollParser *reader, const RollCheck *check)
{
  if (reader->in_cause)
    g_array_append_val (reader->checks, *check);
  else if (reader->in_page)
    g_array_append_val (reader->page_checks, *check);
  return reader->in_cause || reader->in_page;
}

static gboolean
start_check (RollParser *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *ref, *where;

  if (!g_markup_collect_attributes (
          element, names, values, error, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "id", &id,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "ref", &ref,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "where", &where, G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (ref != NULL)
    {
      const RollCheck *known = g_hash_table_lookup (reader->catalogue->checks, ref);

      reader->markup.empty = TRUE;
      return (known != NULL && add_check (reader, known)) ||
             roll_markup_fail (error, "there is no check “%s” to refer to here", ref);
    }
  if (where == NULL)
    return roll_markup_fail (error, "<check> needs where, or ref");
  reader->check = (RollCheck) { 0 };
  reader->check_id = id != NULL ? g_string_chunk_insert (reader->catalogue->texts, id) : NULL;
  return (id == NULL || roll_parser_check_new_id (reader->catalogue->checks, id, error)) &&
         roll_parser_parse_where (where, &reader->check.on_target, error);
}

static gboolean
end_check (RollParser *reader, const char *element, GError **error)
{
  if (reader->check.text == NULL)
    return roll_markup_fail (error, "a check has no <text>");
  if (reader->check_id != NULL)
    g_hash_table_insert (reader->catalogue->checks, (gpointer) reader->check_id,
                         g_memdup2 (&reader->check, sizeof reader->check));
  if (!add_check (reader, &reader->check) && reader->check_id == NULL)
    return roll_markup_fail (error, "a check outside of pages needs an id");
  return TRUE;
}

static gboolean
add_fix (RollParser *reader, const RollFix *fix)
{
  if (reader->in_cause)
    g_array_append_val (reader->fixes, *fix);
  else if (reader->in_page)
    g_array_append_val (reader->page_fixes, *fix);
  return reader->in_cause || reader->in_page;
}

static gboolean
begin_fix (RollParser *reader, const char *id, const char *where, const char *risk, GError **error)
{
  static const char *const words[] = { "harmless", "opens-access", "weakens-security" };
  guint i;

  if (where == NULL || risk == NULL)
    return roll_markup_fail (error, "<fix> needs where and risk, or ref");
  if (!roll_parser_find_word (words, G_N_ELEMENTS (words), risk, &i))
    return roll_markup_fail (error, "risk is “harmless”, “opens-access” or “weakens-security”, not “%s”",
                             risk);
  reader->fix = (RollFix) { .risk = (RollRisk) i };
  if (id != NULL)
    reader->fix.id = g_string_chunk_insert (reader->catalogue->texts, id);
  return (id == NULL || roll_parser_check_new_id (reader->catalogue->fixes, id, error)) &&
         roll_parser_parse_where (where, &reader->fix.on_target, error);
}

static gboolean
start_fix (RollParser *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *ref, *where, *risk;
  const RollFix *known;

  if (!g_markup_collect_attributes (
          element, names, values, error, G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "id", &id,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "ref", &ref,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "where", &where,
          G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "risk", &risk, G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (ref == NULL)
    return begin_fix (reader, id, where, risk, error);
  reader->markup.empty = TRUE;
  known = g_hash_table_lookup (reader->catalogue->fixes, ref);
  return (known != NULL && add_fix (reader, known)) ||
         roll_markup_fail (error, "there is no fix “%s” to refer to here", ref);
}

static gboolean
end_fix (RollParser *reader, const char *element, GError **error)
{
  RollFix *fix = &reader->fix;

  if (fix->text == NULL)
    return roll_markup_fail (error, "a fix has no <text>");
  if (fix->risk != ROLL_RISK_HARMLESS && fix->undo == NULL)
    return roll_markup_fail (error, "a fix that is not harmless needs <undo>");
  if (fix->id != NULL)
    g_hash_table_insert (reader->catalogue->fixes, (gpointer) fix->id, g_memdup2 (fix, sizeof *fix));
  if (!add_fix (reader, fix) && fix->id == NULL)
    return roll_markup_fail (error, "a fix outside of pages needs an id");
  return TRUE;
}

static gboolean
set_rule (RollParser *reader, const char *text, GError **error)
{
  RollRule *rule = roll_rule_parse (text, error);

  if (rule == NULL)
    return FALSE;
  g_ptr_array_add (reader->catalogue->rules, rule);
  reader->hint.rule = g_string_chunk_insert (reader->catalogue->texts, text);
  reader->hint.when = rule;
  return TRUE;
}

static gboolean
set_strength (RollParser *reader, const char *text, GError **error)
{
  static const char *const words[] = { "weak", "usual", "decisive" };
  guint i = ROLL_STRENGTH_USUAL;

  if (text != NULL && !roll_parser_find_word (words, G_N_ELEMENTS (words), text, &i))
    return roll_markup_fail (error, "strength is “weak”, “usual” or “decisive”, not “%s”", text);
  reader->hint.strength = (RollStrength) i;
  return TRUE;
}

static gboolean
start_evidence (
    RollParser *reader, const char *element, const char **names, const char **values, GError **error)
{
  const char *speaks, *rule, *strength;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "speaks", &speaks,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "rule", &rule,
                                    G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL, "strength", &strength,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  if (strcmp (speaks, "for") != 0 && strcmp (speaks, "against") != 0)
    return roll_markup_fail (error, "evidence speaks “for” or “against”, not “%s”", speaks);
  reader->hint = (RollEvidenceHint) { .raises = strcmp (speaks, "for") == 0 };
  return set_strength (reader, strength, error) && (rule == NULL || set_rule (reader, rule, error));
}

static gboolean
end_evidence (RollParser *reader, const char *element, GError **error)
{
  if (!roll_parser_take (reader, element, TRUE, &reader->hint.text, error))
    return FALSE;
  g_array_append_val (reader->hints, reader->hint);
  return TRUE;
}

static gboolean
end_number (RollParser *reader, const char *element, GError **error)
{
  const char *number = NULL;
  g_autoptr (GArray) found = NULL;

  if (!roll_parser_take (reader, element, FALSE, &number, error))
    return FALSE;
  found = roll_error_lookup (number);
  if (found->len == 0)
    return roll_markup_fail (error, "the error “%s” is not known", number);
  g_ptr_array_add (reader->numbers, (gpointer) number);
  return TRUE;
}

static gboolean
end_false_friend (RollParser *reader, const char *element, GError **error)
{
  const char *text = NULL;

  if (!roll_parser_take (reader, element, TRUE, &text, error))
    return FALSE;
  g_ptr_array_add (reader->false_friends, (gpointer) text);
  return TRUE;
}

static gboolean
end_page_text (RollParser *reader, const char *element, GError **error)
{
  RollStatusPage *page = &reader->page;
  const char **field = *element == 'm' ? &page->meaning : *element == 'r' ? &page->retry : &page->steps;

  return roll_parser_take (reader, element, TRUE, field, error);
}

static gboolean
end_cause_text (RollParser *reader, const char *element, GError **error)
{
  return roll_parser_take (reader, element, TRUE, &reader->cause.text, error);
}

static gboolean
end_check_text (RollParser *reader, const char *element, GError **error)
{
  gboolean is_text = strcmp (element, "text") == 0;

  return roll_parser_take (reader, element, is_text, is_text ? &reader->check.text : &reader->check.command,
                           error);
}

static gboolean
end_fix_text (RollParser *reader, const char *element, GError **error)
{
  RollFix *fix = &reader->fix;

  if (strcmp (element, "text") == 0)
    return roll_parser_take (reader, element, TRUE, &fix->text, error);
  if (strcmp (element, "undo") == 0)
    return roll_parser_take (reader, element, TRUE, &fix->undo, error);
  return roll_parser_take (reader, element, FALSE, *element == 'c' ? &fix->command : &fix->undo_command,
                           error);
}

/* The schema: which element may stand where. */
#define ELEMENT(...) ROLL_MARKUP_ELEMENT (RollParser, __VA_ARGS__)

static const RollMarkupElement elements[] = {
  ELEMENT ("causes", NULL, FALSE, NULL, NULL),
  ELEMENT ("page", "causes", FALSE, start_page, end_page),
  ELEMENT ("cause", "causes", FALSE, start_cause, end_cause),
  ELEMENT ("cause", "page", FALSE, start_cause, end_cause),
  ELEMENT ("check", "causes", FALSE, start_check, end_check),
  ELEMENT ("check", "page", FALSE, start_check, end_check),
  ELEMENT ("check", "cause", FALSE, start_check, end_check),
  ELEMENT ("fix", "causes", FALSE, start_fix, end_fix),
  ELEMENT ("fix", "page", FALSE, start_fix, end_fix),
  ELEMENT ("fix", "cause", FALSE, start_fix, end_fix),
  ELEMENT ("evidence", "cause", TRUE, start_evidence, end_evidence),
  ELEMENT ("meaning", "page", TRUE, NULL, end_page_text),
  ELEMENT ("retry", "page", TRUE, NULL, end_page_text),
  ELEMENT ("steps", "page", TRUE, NULL, end_page_text),
  ELEMENT ("number", "page", TRUE, NULL, end_number),
  ELEMENT ("false-friend", "page", TRUE, NULL, end_false_friend),
  ELEMENT ("text", "cause", TRUE, NULL, end_cause_text),
  ELEMENT ("text", "check", TRUE, NULL, end_check_text),
  ELEMENT ("command", "check", TRUE, NULL, end_check_text),
  ELEMENT ("text", "fix", TRUE, NULL, end_fix_text),
  ELEMENT ("command", "fix", TRUE, NULL, end_fix_text),
  ELEMENT ("undo", "fix", TRUE, NULL, end_fix_text),
  ELEMENT ("undo-command", "fix", TRUE, NULL, end_fix_text),
};

gboolean
roll_catalogue_read (RollParser *reader, const char *data, gsize length, GError **error)
{
  return roll_markup_parse (&reader->markup, elements, G_N_ELEMENTS (elements), data, length, error);
}
