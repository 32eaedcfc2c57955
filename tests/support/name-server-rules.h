/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The rules of the test name server, and the messages made from them; no sockets here. */
typedef struct _NameRules NameRules;

#define NAME_MESSAGE_MAX 65535

typedef enum
{
  NAME_ANSWER_SEND,
  NAME_ANSWER_NONE,  /* silence */
  NAME_ANSWER_CLOSE, /* TCP: hang up */
} NameAnswer;

NameRules *name_rules_new (void);
void name_rules_free (NameRules *self);
gboolean name_rules_add (NameRules *self, const char *rule, GError **error);
guint name_rules_count (NameRules *self, const char *name);

/* Answers @query into @out, NAME_MESSAGE_MAX bytes. */
NameAnswer name_rules_answer (NameRules *self, const guint8 *query, gsize length, gboolean tcp, guint8 *out,
                              gsize *ret_length, guint *ret_delay_ms);

G_END_DECLS
