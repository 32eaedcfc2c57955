/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "diagnosis/roll-common-rules-private.h"
#include "status/roll-causes.h"
#include "status/roll-markup.h"

#define LEAST_DEFAULT 5
#define SHARE_DEFAULT 80
#define COMPUTERS_MAX 1000000

/* What is being put together while the file is read. */
typedef struct
{
  RollMarkup markup;
  RollCommonRules *rules;
  RollCommonRule rule;
  GArray *among, *failing, *unless; /* (element-type RollCondition) */
  RollShared stratum; /* of a <stratum> */
  gboolean alone;     /* of a <sentence> */
} Parser;

static const char *
keep (Parser *parser, const char *text)
{
  return g_string_chunk_insert_const (parser->rules->texts, text);
}

static gboolean
take_text (Parser *parser, const char *element, const char **field, GError **error)
{
  return roll_markup_take (&parser->markup, element, TRUE, parser->rules->texts, field, error);
}

/* --- Words ---------------------------------------------------------------------------------------------------- */

static gboolean
parse_stratum (const char *word, RollShared *ret_stratum, GError **error)
{
  for (guint i = 0; i < ROLL_N_SHARED; i++)
    if (strcmp (roll_shared_id ((RollShared) i), word) == 0)
      {
        *ret_stratum = (RollShared) i;
        return TRUE;
      }
  return roll_markup_fail (error, "“%s” is nothing that computers have in common", word);
}

static gboolean
parse_number (const char *name, const char *text, guint max, guint *ret_number, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, max, &number, NULL))
    return roll_markup_fail (error, "%s is a number up to %u, not “%s”", name, max, text);
  *ret_number = (guint) number;
  return TRUE;
}

static gboolean
parse_yes (const char *name, const char *text, gboolean *ret_flag, GError **error)
{
  if (strcmp (text, "yes") != 0)
    return roll_markup_fail (error, "%s is “yes” or not there, not “%s”", name, text);
  *ret_flag = TRUE;
  return TRUE;
}

/* --- Conditions ----------------------------------------------------------------------------------------------- */

static const struct
{
  const char *attribute;
  const char *word;
  RollTraits trait;
} trait_words[] = {
  { "target", "name", ROLL_TRAIT_BY_NAME },
  { "target", "address", ROLL_TRAIT_BY_ADDRESS },
  { "account", "local", ROLL_TRAIT_LOCAL_ACCOUNT },
  { "account", "domain", ROLL_TRAIT_DOMAIN_ACCOUNT },
  { "protocol", "ntlm", ROLL_TRAIT_NTLM },
  { "protocol", "kerberos", ROLL_TRAIT_KERBEROS },
  { "network", "own", ROLL_TRAIT_OWN_NETWORK },
  { "network", "other", ROLL_TRAIT_OTHER_NETWORK },
  { "name", "agrees", ROLL_TRAIT_NAME_AGREES },
  { "name", "differs", ROLL_TRAIT_NAME_DIFFERS },
  { "name", "none", ROLL_TRAIT_NAME_NONE },
  { "clock", "agrees", ROLL_TRAIT_CLOCK_AGREES },
  { "clock", "differs", ROLL_TRAIT_CLOCK_DIFFERS },
  { "open", "22", ROLL_TRAIT_PORT_22 },
  { "open", "445", ROLL_TRAIT_PORT_445 },
  { "open", "3389", ROLL_TRAIT_PORT_3389 },
  { "open", "5985", ROLL_TRAIT_PORT_5985 },
  { "class", "hung", ROLL_TRAIT_CLASS_HUNG },
  { "directory", "current", ROLL_TRAIT_DIRECTORY_CURRENT },
  { "directory", "stale", ROLL_TRAIT_DIRECTORY_STALE },
  { "directory", "unknown", ROLL_TRAIT_DIRECTORY_UNKNOWN },
};

static gboolean
parse_trait (const char *attribute, const char *word, guint32 *inout_traits, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (trait_words); i++)
    if (strcmp (trait_words[i].attribute, attribute) == 0 && strcmp (trait_words[i].word, word) == 0)
      {
        *inout_traits |= trait_words[i].trait;
        return TRUE;
      }
  return roll_markup_fail (error, "%s=“%s” is no condition", attribute, word);
}

static gboolean
parse_status (const char *word, guint32 *inout_statuses, GError **error)
{
  guint n;
  const RollStatusInfo *results = roll_status_results (&n);

  for (guint i = 0; i < n; i++)
    if (strcmp (results[i].id, word) == 0)
      {
        *inout_statuses |= 1u << i;
        return TRUE;
      }
  return roll_markup_fail (error, "“%s” is no status", word);
}

static gboolean
parse_step (const char *word, RollStep *ret_step, GError **error)
{
  *ret_step = roll_step_from_id (word);
  return *ret_step != ROLL_STEP_NONE || roll_markup_fail (error, "“%s” is no step", word);
}

static gboolean
parse_word (RollCondition *condition, const char *attribute, const char *word, GError **error)
{
  RollStep step;

  if (strcmp (attribute, "status") == 0)
    return parse_status (word, &condition->statuses, error);
  if (strcmp (attribute, "step") == 0 || strcmp (attribute, "reached") == 0)
    {
      if (!parse_step (word, &step, error))
        return FALSE;
      if (*attribute == 's')
        condition->steps |= 1u << step;
      else
        condition->reached = step;
      return TRUE;
    }
  return parse_trait (attribute, word, &condition->traits[condition->n_traits], error);
}

static gboolean
parse_attribute (RollCondition *condition, const char *attribute, const char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " ", -1);

  if (condition->n_traits == ROLL_CONDITION_TRAITS)
    return roll_markup_fail (error, "a condition has too many parts");
  for (guint i = 0; words[i] != NULL; i++)
    if (!parse_word (condition, attribute, words[i], error))
      return FALSE;
  if (condition->traits[condition->n_traits] != 0)
    condition->n_traits++;
  return TRUE;
}

static gboolean
start_condition (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  RollCondition condition = { 0 };

  for (guint i = 0; names[i] != NULL; i++)
    if (!parse_attribute (&condition, names[i], values[i], error))
      return FALSE;
  if (names[0] == NULL)
    return roll_markup_fail (error, "<%s> has no condition", element);
  g_array_append_val (*element == 'a' ? parser->among : *element == 'f' ? parser->failing : parser->unless, condition);
  return TRUE;
}

/* --- Rules ---------------------------------------------------------------------------------------------------- */

static gboolean
parse_strata (Parser *parser, const char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " ", ROLL_N_SHARED + 1);

  if (g_strv_length (words) > ROLL_N_SHARED)
    return roll_markup_fail (error, "strata has too many words");
  for (guint i = 0; words[i] != NULL; i++)
    if (!parse_stratum (words[i], &parser->rule.strata[parser->rule.n_strata++], error))
      return FALSE;
  return TRUE;
}

static gboolean
parse_causes (Parser *parser, const char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " ", -1);
  const char **causes = g_new0 (const char *, g_strv_length (words) + 1);

  g_ptr_array_add (parser->rules->blocks, causes);
  parser->rule.causes = causes;
  for (guint i = 0; words[i] != NULL; i++)
    {
      if (roll_causes_find (words[i], NULL) == NULL)
        return roll_markup_fail (error, "there is no cause “%s”", words[i]);
      causes[i] = keep (parser, words[i]);
    }
  return TRUE;
}

static gboolean
find_team (Parser *parser, const char *id, GError **error)
{
  for (guint i = 0; i < parser->rules->teams->len; i++)
    {
      const RollCommonTeam *team = g_ptr_array_index (parser->rules->teams, i);

      if (strcmp (team->id, id) == 0)
        {
          parser->rule.team = team;
          return TRUE;
        }
    }
  return roll_markup_fail (error, "there is no team “%s”", id);
}

static gboolean
check_id (Parser *parser, const char *id, GError **error)
{
  if (strncmp (id, "F.", 2) != 0 || id[2] == '\0' || id[2 + strspn (id + 2, "0123456789")] != '\0')
    return roll_markup_fail (error, "“%s” is no id like “F.3”", id);
  for (guint i = 0; i < parser->rules->rules->len; i++)
    if (strcmp (g_array_index (parser->rules->rules, RollCommonRule, i).id, id) == 0)
      return roll_markup_fail (error, "the id “%s” is there twice", id);
  return TRUE;
}

static gboolean
parse_options (RollCommonRule *rule, const char *least, const char *share, const char *elsewhere, const char *split,
               GError **error)
{
  rule->least = LEAST_DEFAULT;
  rule->share = SHARE_DEFAULT;
  rule->elsewhere = 100;
  return (least == NULL || parse_number ("least", least, COMPUTERS_MAX, &rule->least, error))
         && (share == NULL || parse_number ("share", share, 100, &rule->share, error))
         && (elsewhere == NULL || parse_number ("elsewhere", elsewhere, 100, &rule->elsewhere, error))
         && (split == NULL || parse_stratum (split, &rule->split, error));
}

static gboolean
parse_flags (RollCommonRule *rule, const char *compared, const char *since, const char *every_logon, GError **error)
{
  return (compared == NULL || parse_yes ("compared", compared, &rule->compared, error))
         && (since == NULL || parse_yes ("since", since, &rule->since, error))
         && (every_logon == NULL || parse_yes ("every-logon", every_logon, &rule->every_logon, error));
}

#define OPTIONAL (G_MARKUP_COLLECT_STRING | G_MARKUP_COLLECT_OPTIONAL)

static gboolean
start_rule (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *id, *strata, *causes, *team, *least, *share, *elsewhere, *split, *compared, *since, *every_logon;

  parser->rule = (RollCommonRule) { 0 };
  if (!g_markup_collect_attributes (
          element, names, values, error, G_MARKUP_COLLECT_STRING, "id", &id, G_MARKUP_COLLECT_STRING, "strata", &strata,
          G_MARKUP_COLLECT_STRING, "causes", &causes, G_MARKUP_COLLECT_STRING, "team", &team, OPTIONAL, "least", &least,
          OPTIONAL, "share", &share, OPTIONAL, "elsewhere", &elsewhere, OPTIONAL, "split", &split, OPTIONAL, "compared",
          &compared, OPTIONAL, "since", &since, OPTIONAL, "every-logon", &every_logon, G_MARKUP_COLLECT_INVALID))
    return FALSE;
  parser->rule.id = keep (parser, id);
  return check_id (parser, id, error) && parse_strata (parser, strata, error) && parse_causes (parser, causes, error)
         && find_team (parser, team, error)
         && parse_options (&parser->rule, least, share, elsewhere, split, error)
         && parse_flags (&parser->rule, compared, since, every_logon, error);
}

static const RollCondition *
keep_conditions (Parser *parser, GArray **array, guint *ret_n)
{
  gpointer block;

  *ret_n = (*array)->len;
  block = g_array_free (*array, FALSE);
  *array = g_array_new (FALSE, FALSE, sizeof (RollCondition));
  g_ptr_array_add (parser->rules->blocks, block);
  return block;
}

static gboolean
end_rule (Parser *parser, const char *element, GError **error)
{
  RollCommonRule *rule = &parser->rule;

  if (rule->title == NULL || rule->sentence == NULL || rule->ask == NULL || parser->failing->len == 0)
    return roll_markup_fail (error, "“%s” needs <failing>, <title>, <sentence> and <ask>", rule->id);
  rule->among = keep_conditions (parser, &parser->among, &rule->n_among);
  rule->failing = keep_conditions (parser, &parser->failing, &rule->n_failing);
  rule->unless = keep_conditions (parser, &parser->unless, &rule->n_unless);
  g_array_append_val (parser->rules->rules, *rule);
  return TRUE;
}

/* --- Texts ---------------------------------------------------------------------------------------------------- */

static gboolean
start_sentence (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *alone;

  parser->alone = FALSE;
  return g_markup_collect_attributes (element, names, values, error, OPTIONAL, "alone", &alone, G_MARKUP_COLLECT_INVALID)
         && (alone == NULL || parse_yes ("alone", alone, &parser->alone, error));
}

static gboolean
end_sentence (Parser *parser, const char *element, GError **error)
{
  RollCommonRule *rule = &parser->rule;

  return take_text (parser, element, parser->alone ? &rule->lone_sentence : &rule->sentence, error);
}

static gboolean
end_field (Parser *parser, const char *element, GError **error)
{
  RollCommonRule *rule = &parser->rule;

  switch (*element)
    {
    case 't':
      return take_text (parser, element, &rule->title, error);
    case 'p':
      return take_text (parser, element, &rule->ports, error);
    default:
      return take_text (parser, element, &rule->ask, error);
    }
}

static gboolean
start_team (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *id;
  RollCommonTeam *team;

  if (!g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "id", &id,
                                    G_MARKUP_COLLECT_INVALID))
    return FALSE;
  team = g_new0 (RollCommonTeam, 1);
  team->id = keep (parser, id);
  g_ptr_array_add (parser->rules->teams, team);
  return TRUE;
}

static gboolean
end_team (Parser *parser, const char *element, GError **error)
{
  RollCommonTeam *team = g_ptr_array_index (parser->rules->teams, parser->rules->teams->len - 1);

  return take_text (parser, element, &team->label, error);
}

static gboolean
start_where (Parser *parser, const char *element, const char **names, const char **values, GError **error)
{
  const char *id;

  return g_markup_collect_attributes (element, names, values, error, G_MARKUP_COLLECT_STRING, "id", &id,
                                      G_MARKUP_COLLECT_INVALID)
         && parse_stratum (id, &parser->stratum, error);
}

static gboolean
end_where (Parser *parser, const char *element, GError **error)
{
  return take_text (parser, element, &parser->rules->where[parser->stratum], error);
}

/* --- The file ------------------------------------------------------------------------------------------------- */

/* The schema: which element may stand where. */
#define ELEMENT(...) ROLL_MARKUP_ELEMENT (Parser, __VA_ARGS__)

static const RollMarkupElement elements[] = {
  ELEMENT ("common-causes", NULL, FALSE, NULL, NULL),
  ELEMENT ("team", "common-causes", TRUE, start_team, end_team),
  ELEMENT ("stratum", "common-causes", TRUE, start_where, end_where),
  ELEMENT ("common-cause", "common-causes", FALSE, start_rule, end_rule),
  ELEMENT ("among", "common-cause", FALSE, start_condition, NULL),
  ELEMENT ("failing", "common-cause", FALSE, start_condition, NULL),
  ELEMENT ("unless", "common-cause", FALSE, start_condition, NULL),
  ELEMENT ("title", "common-cause", TRUE, NULL, end_field),
  ELEMENT ("sentence", "common-cause", TRUE, start_sentence, end_sentence),
  ELEMENT ("ports", "common-cause", TRUE, NULL, end_field),
  ELEMENT ("ask", "common-cause", TRUE, NULL, end_field),
};

static void
parser_init (Parser *parser)
{
  *parser = (Parser) {
    .rules = g_new0 (RollCommonRules, 1),
    .among = g_array_new (FALSE, FALSE, sizeof (RollCondition)),
    .failing = g_array_new (FALSE, FALSE, sizeof (RollCondition)),
    .unless = g_array_new (FALSE, FALSE, sizeof (RollCondition)),
  };
  parser->rules->rules = g_array_new (FALSE, FALSE, sizeof (RollCommonRule));
  parser->rules->teams = g_ptr_array_new_with_free_func (g_free);
  parser->rules->texts = g_string_chunk_new (8 * 1024);
  parser->rules->blocks = g_ptr_array_new_with_free_func (g_free);
}

/* Returns: (transfer full): the rules */
static RollCommonRules *
parser_finish (Parser *parser)
{
  g_array_unref (parser->among);
  g_array_unref (parser->failing);
  g_array_unref (parser->unless);
  return parser->rules;
}

RollCommonRules *
roll_common_rules_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (RollCommonRules) rules = NULL;
  Parser parser;
  gboolean good;

  g_return_val_if_fail (data != NULL, NULL);

  parser_init (&parser);
  good = roll_markup_parse (&parser.markup, elements, G_N_ELEMENTS (elements), data, length, error);
  rules = parser_finish (&parser);
  return good ? g_steal_pointer (&rules) : NULL;
}
