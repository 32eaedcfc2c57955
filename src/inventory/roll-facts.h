/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the list and the CSV say of a computer that answered. Texts NULL and numbers 0 when not known. */
typedef struct
{
  char *computer_name;
  char *domain;
  char *os;
  char *os_version;
  char *os_build;
  char *manufacturer;
  char *model;
  char *serial_number;
  guint32 processors;
  guint32 cores;
  guint64 memory_bytes;
} RollFacts;

RollFacts *roll_facts_new (void);
RollFacts *roll_facts_copy (const RollFacts *facts);
void roll_facts_free (RollFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollFacts, roll_facts_free)

/**
 * roll_facts_set: by the name a collector's property gives: "os", "memory-bytes" ...; FALSE for an unknown name.
 * @text: a number in decimal for numbers, which are added up over several rows (cores of two processors)
 */
gboolean roll_facts_set (RollFacts *facts, const char *name, const char *text);

G_END_DECLS
