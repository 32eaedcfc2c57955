/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What reads the program's own XML files: a table of the elements drives it, errors say what is wrong and where. */

/**
 * RollMarkup: the first member of what a reader puts together.
 * @text: of the element that ends, as it stands in the file
 * @empty: to be set by a start function whose element only refers to another: nothing may stand in it, and its end function
 *   is not called
 */
typedef struct
{
  GString *text;
  gboolean empty;
} RollMarkup;

typedef gboolean (*RollMarkupStart) (gpointer parser, const char *element, const char **names, const char **values,
                                     GError **error);
typedef gboolean (*RollMarkupEnd) (gpointer parser, const char *element, GError **error);

/**
 * RollMarkupElement: one row of a schema: which element may stand where.
 * @parent: (nullable): of the root
 * @holds_text: has text, and no elements in it
 * @start: (nullable): takes its attributes; NULL: it has none
 * @end: (nullable)
 */
typedef struct
{
  const char *name;
  const char *parent;
  gboolean holds_text;
  RollMarkupStart start;
  RollMarkupEnd end;
} RollMarkupElement;

/* A row whose functions take a pointer to @Parser, which begins with a RollMarkup; the compiler checks that they do. */
#define ROLL_MARKUP_ELEMENT(Parser, name, parent, holds_text, start, end)                                                \
  {                                                                                                                       \
    name, parent, holds_text,                                                                                             \
    (RollMarkupStart) (1 ? (start) : (gboolean (*) (Parser *, const char *, const char **, const char **, GError **)) NULL), \
    (RollMarkupEnd) (1 ? (end) : (gboolean (*) (Parser *, const char *, GError **)) NULL)                                  \
  }

/* Errors: G_MARKUP_ERROR with the line */
gboolean roll_markup_parse (RollMarkup *parser, const RollMarkupElement *elements, guint n_elements, const char *data,
                            gsize length, GError **error);

/* For start and end functions: sets G_MARKUP_ERROR_INVALID_CONTENT and returns FALSE. */
gboolean roll_markup_fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/**
 * roll_markup_take: puts the text of the element that ends into *@field, which must be empty still. Runs of white space are
 *   one space, as xgettext sees the texts.
 * @texts: keeps it
 */
gboolean roll_markup_take (const RollMarkup *parser, const char *element, gboolean translated, GStringChunk *texts,
                           const char **field, GError **error);

G_END_DECLS
