/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-wql.h"

#include <string.h>

#define MAX_DEPTH 32
#define MAX_WORDS 1000 /* of a query */

typedef enum
{
  TEST_AND,
  TEST_OR,
  TEST_NOT,
  TEST_EQUAL,
  TEST_UNEQUAL,
  TEST_LESS,
  TEST_LESS_EQUAL,
  TEST_GREATER,
  TEST_GREATER_EQUAL,
  TEST_LIKE,
  TEST_IS_NULL,
} Test;

typedef struct _Node Node;

struct _Node
{
  Test test;
  Node *left, *right; /* of AND, OR, NOT */
  guint condition;    /* index of the property */
  char *literal;
};

struct _RollLabWql
{
  char *class_name;
  GPtrArray *selected;
  GPtrArray *conditions;
  Node *where;
};

/* Words, names, numbers and signs in order; a text in quotes keeps its first one. */
typedef struct
{
  RollLabWql *query;
  char **words;
  guint depth;
} Parser;

static void
free_node (Node *node)
{
  if (node == NULL)
    return;
  free_node (node->left);
  free_node (node->right);
  g_free (node->literal);
  g_free (node);
}

void
roll_lab_wql_free (RollLabWql *self)
{
  if (self == NULL)
    return;
  free_node (self->where);
  g_ptr_array_unref (self->selected);
  g_ptr_array_unref (self->conditions);
  g_free (self->class_name);
  g_free (self);
}

/* --- Words --------------------------------------------------------------------------------------------------------- */

/* @text: at the quote. Returns: behind its end, NULL without one */
static const char *
take_quoted (const char *text, GString *word)
{
  char quote = *text;

  g_string_append_c (word, '\'');
  for (text++; *text != quote; text++)
    {
      if (*text == '\\' && text[1] != '\0')
        text++;
      if (*text == '\0')
        return NULL;
      g_string_append_c (word, *text);
    }
  return text + 1;
}

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '-' || c == '.';
}

static const char *
take_word (const char *text, GString *word)
{
  if (*text == '\'' || *text == '"')
    return take_quoted (text, word);
  if (is_name (*text))
    for (; is_name (*text); text++)
      g_string_append_c (word, *text);
  else
    {
      g_string_append_c (word, *text);
      if (strchr ("<>!", *text) != NULL && (text[1] == '=' || (*text == '<' && text[1] == '>')))
        g_string_append_c (word, *++text);
      text++;
    }
  return text;
}

static char **
split_words (const char *text)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (text += strspn (text, " \t\r\n"); *text != '\0'; text += strspn (text, " \t\r\n"))
    {
      g_autoptr (GString) word = g_string_new (NULL);

      text = take_word (text, word);
      if (text == NULL || words->len >= MAX_WORDS)
        return NULL;
      g_ptr_array_add (words, g_strdup (word->str));
    }
  g_ptr_array_add (words, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

static gboolean
accept (Parser *parser, const char *word)
{
  if (*parser->words == NULL || g_ascii_strcasecmp (*parser->words, word) != 0)
    return FALSE;
  parser->words++;
  return TRUE;
}

static const char *
accept_name (Parser *parser)
{
  if (*parser->words == NULL || !(g_ascii_isalpha (**parser->words) || **parser->words == '_'))
    return NULL;
  return *parser->words++;
}

/* --- Conditions ---------------------------------------------------------------------------------------------------- */

static Node *parse_or (Parser *parser);

static Node *
new_node (Test test, Node *left, Node *right)
{
  Node *node = g_new0 (Node, 1);

  node->test = test;
  node->left = left;
  node->right = right;
  return node;
}

static gboolean
accept_comparison (Parser *parser, Test *ret_test)
{
  static const struct
  {
    const char *word;
    Test test;
  } comparisons[] = {
    { "=", TEST_EQUAL }, { "<>", TEST_UNEQUAL }, { "!=", TEST_UNEQUAL },      { "<", TEST_LESS },
    { ">", TEST_GREATER }, { "<=", TEST_LESS_EQUAL }, { ">=", TEST_GREATER_EQUAL }, { "LIKE", TEST_LIKE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    if (accept (parser, comparisons[i].word))
      {
        *ret_test = comparisons[i].test;
        return TRUE;
      }
  return FALSE;
}

static Node *
parse_test (Parser *parser)
{
  const char *name = accept_name (parser);
  Node *node;
  Test test;

  if (name == NULL)
    return NULL;
  node = new_node (TEST_IS_NULL, NULL, NULL);
  node->condition = parser->query->conditions->len;
  g_ptr_array_add (parser->query->conditions, g_strdup (name));
  if (accept (parser, "IS"))
    {
      gboolean not = accept (parser, "NOT");

      if (accept (parser, "NULL"))
        return not ? new_node (TEST_NOT, node, NULL) : node;
    }
  else if (accept_comparison (parser, &test) && *parser->words != NULL)
    {
      node->test = test;
      node->literal = g_strdup (*parser->words++);
      return node;
    }
  free_node (node);
  return NULL;
}

static Node *
parse_not (Parser *parser)
{
  Node *node = NULL;

  if (++parser->depth > MAX_DEPTH)
    return NULL;
  if (accept (parser, "NOT"))
    {
      node = parse_not (parser);
      node = node != NULL ? new_node (TEST_NOT, node, NULL) : NULL;
    }
  else if (accept (parser, "("))
    {
      node = parse_or (parser);
      if (!accept (parser, ")"))
        g_clear_pointer (&node, free_node);
    }
  else
    node = parse_test (parser);
  parser->depth--;
  return node;
}

static Node *
parse_chain (Parser *parser, const char *word, Test test, Node *(*parse) (Parser *))
{
  Node *node = parse (parser);

  while (node != NULL && accept (parser, word))
    {
      Node *right = parse (parser);

      if (right == NULL)
        g_clear_pointer (&node, free_node);
      else
        node = new_node (test, node, right);
    }
  return node;
}

static Node *
parse_and (Parser *parser)
{
  return parse_chain (parser, "AND", TEST_AND, parse_not);
}

static Node *
parse_or (Parser *parser)
{
  return parse_chain (parser, "OR", TEST_OR, parse_and);
}

static gboolean
parse_query (Parser *parser)
{
  const char *name;

  if (!accept (parser, "SELECT"))
    return FALSE;
  if (!accept (parser, "*"))
    do
      {
        name = accept_name (parser);
        if (name == NULL)
          return FALSE;
        g_ptr_array_add (parser->query->selected, g_strdup (name));
      }
    while (accept (parser, ","));
  if (!accept (parser, "FROM") || (name = accept_name (parser)) == NULL)
    return FALSE;
  parser->query->class_name = g_strdup (name);
  if (accept (parser, "WHERE") && (parser->query->where = parse_or (parser)) == NULL)
    return FALSE;
  return *parser->words == NULL;
}

RollLabWql *
roll_lab_wql_parse (const char *text)
{
  g_auto (GStrv) words = split_words (text);
  g_autoptr (RollLabWql) self = g_new0 (RollLabWql, 1);
  Parser parser = { self, words, 0 };

  self->selected = g_ptr_array_new_with_free_func (g_free);
  self->conditions = g_ptr_array_new_with_free_func (g_free);
  return words != NULL && parse_query (&parser) ? g_steal_pointer (&self) : NULL;
}

const char *
roll_lab_wql_get_class (const RollLabWql *self)
{
  return self->class_name;
}

const GPtrArray *
roll_lab_wql_get_selected (const RollLabWql *self)
{
  return self->selected;
}

const GPtrArray *
roll_lab_wql_get_conditions (const RollLabWql *self)
{
  return self->conditions;
}

/* --- Matching ------------------------------------------------------------------------------------------------------ */

/* WQL's LIKE: % any text, _ any character; case does not matter. */
static gboolean
is_like (const char *text, const char *pattern)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *glob = g_utf8_casefold (pattern, -1);

  g_strdelimit (glob, "%", '*');
  g_strdelimit (glob, "_", '?');
  return g_pattern_match_simple (glob, folded);
}

static int
compare_text (const char *a, const char *b)
{
  g_autofree char *one = g_utf8_casefold (a, -1);
  g_autofree char *two = g_utf8_casefold (b, -1);

  return strcmp (one, two);
}

static gint64
number_of (const char *literal)
{
  if (g_ascii_strcasecmp (literal, "TRUE") == 0)
    return 1;
  return g_ascii_strtoll (literal, NULL, 0);
}

static int
compare (const RollCimValue *value, const char *literal)
{
  const char *text = *literal == '\'' ? literal + 1 : literal;
  RollCimKind kind = roll_cim_type_get_kind (value->type);

  if (kind == ROLL_CIM_KIND_TEXT)
    return compare_text (value->text, text);
  if (kind == ROLL_CIM_KIND_UINT)
    {
      guint64 number = (guint64) MAX (number_of (text), 0);

      return value->uint < number ? -1 : value->uint > number;
    }
  if (kind == ROLL_CIM_KIND_SINT)
    return value->sint < number_of (text) ? -1 : value->sint > number_of (text);
  return 1;
}

static gboolean
holds (const Node *node, const RollCimValue *value)
{
  int order;

  if (node->test == TEST_IS_NULL || value->null)
    return node->test == TEST_IS_NULL && value->null;
  if (node->test == TEST_LIKE)
    return roll_cim_type_get_kind (value->type) == ROLL_CIM_KIND_TEXT
           && is_like (value->text, *node->literal == '\'' ? node->literal + 1 : node->literal);
  order = compare (value, node->literal);
  switch ((int) node->test)
    {
    case TEST_EQUAL:
      return order == 0;
    case TEST_UNEQUAL:
      return order != 0;
    case TEST_LESS:
      return order < 0;
    case TEST_LESS_EQUAL:
      return order <= 0;
    case TEST_GREATER:
      return order > 0;
    default:
      return order >= 0;
    }
}

static gboolean
match (const Node *node, RollLabWqlValue get, gpointer user_data)
{
  g_auto (RollCimValue) value = { 0 };

  switch ((int) node->test)
    {
    case TEST_AND:
      return match (node->left, get, user_data) && match (node->right, get, user_data);
    case TEST_OR:
      return match (node->left, get, user_data) || match (node->right, get, user_data);
    case TEST_NOT:
      return !match (node->left, get, user_data);
    default:
      get (node->condition, user_data, &value);
      return holds (node, &value);
    }
}

gboolean
roll_lab_wql_match (const RollLabWql *self, RollLabWqlValue value, gpointer user_data)
{
  return self->where == NULL || match (self->where, value, user_data);
}
