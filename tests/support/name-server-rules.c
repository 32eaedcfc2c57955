/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "name-server-rules.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_A 1
#define TYPE_CNAME 5
#define TYPE_AAAA 28
#define HEADER 12
#define UDP_MAX 512
#define ALIASES_MAX 16
#define NAME_MAX_TEXT 256

enum
{
  NXDOMAIN = 3
};

typedef struct
{
  GArray *v4; /* (element-type in_addr) */
  GArray *v6; /* (element-type in6_addr) */
  char *alias;
  guint32 first; /* numbered; 0: not */
  guint many;
  guint rcode;
  guint delay_ms;
  guint lose;
  guint lost[2];
  guint count;
  gboolean silent, truncated, tcp_closed, wrong_id, wrong_question, garbage, cut, empty;
} Rule;

struct _NameRules
{
  GHashTable *rules; /* "name", "*.name", "A/name" -> Rule */
};

typedef struct
{
  char name[NAME_MAX_TEXT]; /* lower case */
  guint16 type;
  gsize end; /* of the question in the message */
} Question;

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_array_unref (rule->v4);
  g_array_unref (rule->v6);
  g_free (rule->alias);
  g_free (rule);
}

NameRules *
name_rules_new (void)
{
  NameRules *self = g_new0 (NameRules, 1);

  self->rules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, rule_free);
  return self;
}

void
name_rules_free (NameRules *self)
{
  g_hash_table_unref (self->rules);
  g_free (self);
}

static gboolean
read_flag (Rule *rule, const char *word)
{
  const struct
  {
    const char *word;
    gboolean *flag;
  } flags[] = {
    { "silent", &rule->silent },     { "truncated", &rule->truncated }, { "tcp-closed", &rule->tcp_closed },
    { "wrong-id", &rule->wrong_id }, { "garbage", &rule->garbage },     { "wrong-question", &rule->wrong_question },
    { "short", &rule->cut },         { "empty", &rule->empty },
  };
  const char *const rcodes[] = { "nodata", "formerr", "servfail", "nxdomain", "notimp", "refused" };

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (g_str_equal (word, flags[i].word))
      return *flags[i].flag = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (rcodes); i++)
    if (g_str_equal (word, rcodes[i]))
      {
        rule->rcode = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_value (Rule *rule, const char *word, const char *value)
{
  guint number = (guint) strtoul (value, NULL, 10);
  struct in_addr first;

  if (g_str_has_prefix (word, "delay:"))
    rule->delay_ms = number;
  else if (g_str_has_prefix (word, "lose:"))
    rule->lose = number;
  else if (g_str_has_prefix (word, "many:"))
    rule->many = number;
  else if (g_str_has_prefix (word, "rcode:"))
    rule->rcode = number & 15;
  else if (g_str_has_prefix (word, "cname:"))
    rule->alias = g_ascii_strdown (value, -1);
  else if (g_str_has_prefix (word, "numbered:") && inet_pton (AF_INET, value, &first) == 1)
    rule->first = ntohl (first.s_addr);
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_word (Rule *rule, const char *word)
{
  struct in_addr v4;
  struct in6_addr v6;
  const char *colon;

  if (inet_pton (AF_INET, word, &v4) == 1)
    g_array_append_val (rule->v4, v4);
  else if (inet_pton (AF_INET6, word, &v6) == 1)
    g_array_append_val (rule->v6, v6);
  else if (!read_flag (rule, word))
    return (colon = strchr (word, ':')) && read_value (rule, word, colon + 1);
  return TRUE;
}

/* Names are compared in lower case; the record type before the slash stays as it is. */
static char *
rule_key (const char *name, gssize length)
{
  const char *slash = memchr (name, '/', length < 0 ? strlen (name) : (gsize) length);
  gsize prefix = slash ? (gsize) (slash - name) + 1 : 0;
  g_autofree char *lower = g_ascii_strdown (name + prefix, length < 0 ? -1 : length - (gssize) prefix);

  return g_strdup_printf ("%.*s%s", (int) prefix, name, lower);
}

gboolean
name_rules_add (NameRules *self, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  Rule *rule = g_new0 (Rule, 1);

  rule->v4 = g_array_new (FALSE, FALSE, sizeof (struct in_addr));
  rule->v6 = g_array_new (FALSE, FALSE, sizeof (struct in6_addr));
  g_auto (GStrv) words = g_strsplit (equals ? equals + 1 : "", ",", -1);
  for (guint i = 0; words[i]; i++)
    if (!equals || equals == text || !read_word (rule, words[i]))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s”: “%s” is no rule", text, words[i]);
        rule_free (rule);
        return FALSE;
      }
  g_hash_table_replace (self->rules, rule_key (text, equals ? equals - text : -1), rule);
  return TRUE;
}

guint
name_rules_count (NameRules *self, const char *name)
{
  g_autofree char *key = rule_key (name, -1);
  Rule *rule = g_hash_table_lookup (self->rules, key);

  return rule ? rule->count : 0;
}

static Rule *
look_up_key (NameRules *self, const char *prefix, const char *star, const char *name)
{
  char key[NAME_MAX_TEXT + 16];

  g_snprintf (key, sizeof key, "%s%s%s", prefix, star, name);
  return g_hash_table_lookup (self->rules, key);
}

/* The closest rule: the name itself, then "*" in the place of ever more labels; at each, the type's own one first. */
static Rule *
look_up (NameRules *self, const char *name, guint16 type)
{
  const char *prefix = type == TYPE_A ? "A/" : type == TYPE_AAAA ? "AAAA/" : "OTHER/";
  const char *rest = name;
  Rule *rule = look_up_key (self, prefix, "", name);

  if (!rule)
    rule = look_up_key (self, "", "", name);
  while (!rule && rest)
    {
      rest = strchr (rest, '.');
      rule = look_up_key (self, prefix, "*", rest ? rest : "");
      if (!rule)
        rule = look_up_key (self, "", "*", rest ? rest : "");
      rest = rest ? rest + 1 : NULL;
    }
  return rule;
}

static gboolean
parse_question (const guint8 *query, gsize length, Question *ret)
{
  gsize at = HEADER;
  gsize out = 0;

  if (length < HEADER + 5 || (query[2] & 0xf8) != 0)
    return FALSE;
  while (at < length && query[at] != 0)
    {
      guint label = query[at++];
      if (label > 63 || at + label >= length || out + label + 2 > sizeof ret->name)
        return FALSE;
      if (out > 0)
        ret->name[out++] = '.';
      for (; label > 0; label--)
        ret->name[out++] = g_ascii_tolower ((char) query[at++]);
    }
  ret->name[out] = '\0';
  if (at + 5 > length)
    return FALSE;
  ret->type = (guint16) (query[at + 1] << 8 | query[at + 2]);
  ret->end = at + 5;
  return TRUE;
}

static void
put16 (guint8 *out, gsize *at, guint value)
{
  out[(*at)++] = (guint8) (value >> 8);
  out[(*at)++] = (guint8) value;
}

static void
put_name (guint8 *out, gsize *at, const char *name)
{
  while (*name)
    {
      gsize label = strcspn (name, ".");
      out[(*at)++] = (guint8) label;
      memcpy (out + *at, name, label);
      *at += label;
      name += label + (name[label] == '.' ? 1 : 0);
    }
  out[(*at)++] = 0;
}

/* One resource record; its owner is what @owner points at, the question or the alias before. */
static gboolean
put_record (guint8 *out, gsize *at, gsize owner, guint16 type, const void *data, gsize size)
{
  if (*at + 12 + size + 1 > NAME_MESSAGE_MAX)
    return FALSE;
  put16 (out, at, 0xc000 | (guint) owner);
  put16 (out, at, type);
  put16 (out, at, 1);
  put16 (out, at, 0);
  put16 (out, at, 60);
  put16 (out, at, (guint) size);
  memcpy (out + *at, data, size);
  *at += size;
  return TRUE;
}

static guint
put_numbered (const Rule *rule, const char *name, guint8 *out, gsize *at, gsize owner)
{
  const char *digits = strpbrk (name, "0123456789");
  struct in_addr address = { htonl (rule->first + (digits ? (guint32) strtoul (digits, NULL, 10) : 0)) };

  return put_record (out, at, owner, TYPE_A, &address, sizeof address);
}

static guint
put_addresses (const Rule *rule, const char *name, guint16 type, guint8 *out, gsize *at, gsize owner)
{
  guint n = 0;

  if (type == TYPE_AAAA)
    for (guint i = 0; i < rule->v6->len; i++)
      n += put_record (out, at, owner, type, &g_array_index (rule->v6, struct in6_addr, i), 16);
  if (type != TYPE_A)
    return n;
  for (guint i = 0; i < rule->v4->len; i++)
    n += put_record (out, at, owner, type, &g_array_index (rule->v4, struct in_addr, i), 4);
  for (guint i = 0; i < rule->many; i++)
    {
      struct in_addr address = { htonl (0x0a630001 + i) };
      n += put_record (out, at, owner, type, &address, 4);
    }
  if (rule->first)
    n += put_numbered (rule, name, out, at, owner);
  return n;
}

/* Follows aliases through the rules, then writes the addresses; what the last name gets is the answer's code. */
static guint
put_answers (NameRules *self, Rule *rule, const Question *question, guint8 *out, gsize *at, guint *ret_rcode)
{
  const char *name = question->name;
  gsize owner = HEADER;
  guint n = 0;

  for (guint i = 0; rule && rule->alias && i < ALIASES_MAX; i++)
    {
      guint8 target[NAME_MAX_TEXT + 2];
      gsize size = 0;
      put_name (target, &size, rule->alias);
      n += put_record (out, at, owner, TYPE_CNAME, target, size);
      owner = *at - size;
      name = rule->alias;
      rule = look_up (self, name, question->type);
    }
  *ret_rcode = rule ? rule->rcode : NXDOMAIN;
  if (rule && !rule->alias)
    n += put_addresses (rule, name, question->type, out, at, owner);
  return n;
}

static void
spoil (const Rule *rule, const Question *question, guint8 *out, gsize *length)
{
  if (rule->wrong_id)
    out[0] ^= 0x55;
  if (rule->wrong_question && question->name[0])
    out[HEADER + 1] = 'z';
  if (rule->cut && *length > question->end + 7)
    *length = question->end + 7;
  if (rule->garbage)
    for (gsize i = 2; i < *length; i++)
      out[i] = (guint8) (i * 37 + 11);
  if (rule->empty)
    *length = 0;
}

static gsize
build (NameRules *self, Rule *rule, const guint8 *query, const Question *question, gboolean tcp, guint8 *out)
{
  gsize at = question->end;
  guint rcode;

  memcpy (out, query, question->end);
  guint n = put_answers (self, rule, question, out, &at, &rcode);
  gboolean cut = !tcp && (at > UDP_MAX || (rule && (rule->truncated || rule->tcp_closed)));
  if (cut)
    {
      at = question->end;
      n = 0;
    }
  gsize counts = 4;
  out[2] = (guint8) (0x84 | (query[2] & 1) | (cut ? 2 : 0));
  out[3] = (guint8) (0x80 | rcode);
  put16 (out, &counts, 1);
  put16 (out, &counts, n);
  put16 (out, &counts, 0);
  put16 (out, &counts, 0);
  return at;
}

NameAnswer
name_rules_answer (NameRules *self, const guint8 *query, gsize length, gboolean tcp, guint8 *out, gsize *ret_length,
                   guint *ret_delay_ms)
{
  Question question;

  if (!parse_question (query, length, &question))
    return NAME_ANSWER_NONE;

  Rule *rule = look_up (self, question.name, question.type);
  *ret_delay_ms = rule ? rule->delay_ms : 0;
  if (rule)
    rule->count++;
  if (rule && (rule->silent || rule->lost[question.type == TYPE_AAAA]++ < rule->lose))
    return NAME_ANSWER_NONE;
  if (rule && rule->tcp_closed && tcp)
    return NAME_ANSWER_CLOSE;

  *ret_length = build (self, rule, query, &question, tcp, out);
  if (rule)
    spoil (rule, &question, out, ret_length);
  return NAME_ANSWER_SEND;
}
