/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-address.h"
#include "inventory/roll-directory-facts.h"

G_BEGIN_DECLS

#define ROLL_TARGETS_MAX 1048576                /* expanded targets of one list */
#define ROLL_TARGETS_FILE_MAX (64 * 1024 * 1024) /* bytes */
#define ROLL_TARGETS_PROBLEMS_MAX 10000          /* wrong lines of one text; with more it is no list */

#define ROLL_TARGET_ERROR (roll_target_error_quark ())
GQuark roll_target_error_quark (void);

typedef enum
{
  ROLL_TARGET_ERROR_SYNTAX,   /* the entry is wrong; the message says what and how to put it right */
  ROLL_TARGET_ERROR_TOO_MANY,
  ROLL_TARGET_ERROR_FILE,     /* the file as a whole: a directory, not readable, too large, not text */
} RollTargetError;

/**
 * RollTargetList: what a scan is pointed at: names, addresses, networks, ranges, kept as entries and never
 * expanded in memory. Duplicates are merged (the first mention counts; names ignore case and a trailing dot),
 * exclusions taken out, whichever was added first. Refcounted; not thread-safe while being filled; after
 * roll_target_list_get_count() free to read from any thread until the next change.
 */
typedef struct _RollTargetList RollTargetList;

/* A wrong entry: where it stands and why it was left out. */
typedef struct
{
  guint line;    /* 1-based; 0 when it came without lines (an argument) */
  char *text;    /* the entry, shortened and made printable */
  char *reason;  /* in the user's language, one sentence */
} RollTargetProblem;
void roll_target_problem_free (RollTargetProblem *problem);

RollTargetList *roll_target_list_new (void);
RollTargetList *roll_target_list_ref (RollTargetList *self);
void roll_target_list_unref (RollTargetList *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTargetList, roll_target_list_unref)

/* One entry: name, FQDN, IPv4, IPv6, CIDR, range. The list is unchanged on failure; the message is a sentence
 * that does not repeat the entry. TOO_MANY counts what was added and merged, before exclusions. */
gboolean roll_target_list_add (RollTargetList *self, const char *entry, GError **error);
/* The same forms, and also name patterns with * and ? ("*.lab.example"). */
gboolean roll_target_list_exclude (RollTargetList *self, const char *entry, GError **error);

/**
 * roll_target_list_add_text:
 * @text: blank lines, LF or CRLF, UTF-8 with or without BOM, or UTF-16 with one
 * @problems: (element-type RollTargetProblem) (nullable): wrong lines are appended, the right ones kept
 *
 * One target per line. What stands behind a “#” that begins the line or follows a blank is a comment.
 *
 * Errors: only what concerns the text as a whole (TOO_MANY, FILE when it is not text); the list is then
 * unchanged.
 */
gboolean roll_target_list_add_text (RollTargetList *self, const char *text, gsize length, GPtrArray *problems,
                                    GError **error);
/* @path "-": standard input. A pipe is read to its end. Errors: also FILE for a file without any target. */
gboolean roll_target_list_add_file (RollTargetList *self, const char *path, GPtrArray *problems,
                                    GError **error);

/* What Active Directory told of @name; without a meaning when that is not in the list. Kept until the list goes, not with its entries. */
void roll_target_list_set_facts (RollTargetList *self, const char *name, RollDirectoryFacts *facts);
/* (transfer full) (nullable) (element-type guint32 RollDirectoryFacts): of the targets, by ordinal; NULL: of none of them */
GHashTable *roll_target_list_get_directory (RollTargetList *self);

/* Expanded targets after merging and exclusion. */
guint roll_target_list_get_count (RollTargetList *self);
/* Entries that were merged away because they were there before. */
guint roll_target_list_get_n_duplicates (RollTargetList *self);
/* Whether any public address would be asked: such a scan is confirmed first. */
guint roll_target_list_get_n_public (RollTargetList *self);

/* (transfer full): the entries in normal form, for the store: a list rebuilt from them has equal ordinals */
char **roll_target_list_get_includes (RollTargetList *self);
char **roll_target_list_get_excludes (RollTargetList *self);

/**
 * RollTarget:
 * @text: the name as typed (an international one as DNS spells it, xn--…), or the address written out; valid
 *   until the iterator moves
 * @address: family AF_UNSPEC for a name
 */
typedef struct
{
  guint32 ordinal;
  const char *text;
  RollAddress address;
} RollTarget;

typedef struct
{
  RollTargetList *list; /* borrowed */
  guint segment; /* private to the implementation from here on */
  guint32 offset;
  char text[ROLL_ADDRESS_STRLEN];
} RollTargetIter;

typedef enum
{
  ROLL_TARGET_NAMES = 1 << 0,
  ROLL_TARGET_ADDRESSES = 1 << 1,
} RollTargetKinds;

/* Starts at @first_ordinal, in time that does not grow with it. The list is not to be changed meanwhile. */
void roll_target_iter_init (RollTargetIter *iter, RollTargetList *list, guint32 first_ordinal);
gboolean roll_target_iter_next (RollTargetIter *iter, RollTarget *ret_target);
/* The next of these kinds; the other ones are passed over whole networks at a time. */
gboolean roll_target_iter_next_of (RollTargetIter *iter, RollTargetKinds kinds, RollTarget *ret_target);

G_END_DECLS
