/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-causes-private.h"
#include "status/roll-markup.h"

G_BEGIN_DECLS

struct _RollCatalogue
{
  GStringChunk *texts;
  GPtrArray *blocks;  /* the arrays that pages and causes point to */
  GPtrArray *pages;   /* (element-type RollStatusPage) */
  GHashTable *causes; /* id to RollCause, RollCheck, RollFix: what a ref may name */
  GHashTable *checks;
  GHashTable *fixes;
  GPtrArray *rules; /* (element-type RollRule) */
};

/* What is being put together while the file is read. */
typedef struct
{
  RollMarkup markup;
  RollCatalogue *catalogue;
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
} RollParser;

void roll_parser_init (RollParser *reader, RollCatalogue *catalogue);
void roll_parser_clear (RollParser *reader);

gboolean roll_parser_find_word (const char *const *words, guint n_words, const char *word, guint *ret_index);
gboolean roll_parser_check_new_id (GHashTable *known, const char *id, GError **error);
gboolean roll_parser_parse_where (const char *where, gboolean *ret_on_target, GError **error);
gboolean roll_parser_parse_prior (const char *prior, RollPrior *ret_prior, GError **error);

/* Puts the text read so far into *@field, which must be empty still. */
gboolean roll_parser_take (
    RollParser *reader, const char *element, gboolean translated, const char **field, GError **error);

/* Hand an array over to the catalogue and leave an empty one in its place. */
gpointer roll_parser_keep_array (RollParser *reader, GArray **array, guint element_size, guint *ret_length);
gpointer roll_parser_keep_strv (RollParser *reader, GPtrArray **array);

/* A whole file, into the reader's catalogue. */
gboolean roll_catalogue_read (RollParser *reader, const char *data, gsize length, GError **error);

G_END_DECLS
