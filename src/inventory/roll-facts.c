/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-facts.h"

typedef struct
{
  const char *name;
  gsize offset;
  gsize size; /* of a number; 0: a text */
} Field;

#define TEXT(name, member) { name, G_STRUCT_OFFSET (RollFacts, member), 0 }
#define NUMBER(name, member) { name, G_STRUCT_OFFSET (RollFacts, member), sizeof (((RollFacts *) NULL)->member) }

static const Field fields[] = {
  TEXT ("computer-name", computer_name), TEXT ("domain", domain),
  TEXT ("os", os),                       TEXT ("os-version", os_version),
  TEXT ("os-build", os_build),           TEXT ("manufacturer", manufacturer),
  TEXT ("model", model),                 TEXT ("serial-number", serial_number),
  NUMBER ("processors", processors),     NUMBER ("cores", cores),
  NUMBER ("memory-bytes", memory_bytes),
};

RollFacts *
roll_facts_new (void)
{
  return g_new0 (RollFacts, 1);
}

RollFacts *
roll_facts_copy (const RollFacts *facts)
{
  RollFacts *copy;

  if (facts == NULL)
    return NULL;
  copy = g_memdup2 (facts, sizeof *facts);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].size == 0)
      {
        char **text = G_STRUCT_MEMBER_P (copy, fields[i].offset);

        *text = g_strdup (*text);
      }
  return copy;
}

void
roll_facts_free (RollFacts *facts)
{
  if (facts == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].size == 0)
      g_free (G_STRUCT_MEMBER (char *, facts, fields[i].offset));
  g_free (facts);
}

static void
add_number (gpointer member, gsize size, const char *text)
{
  guint64 number;

  /* A computer may say anything: what is no number is not known, and no sum runs over. */
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &number, NULL))
    return;
  if (size == sizeof (guint64))
    *(guint64 *) member += MIN (number, G_MAXUINT64 - *(guint64 *) member);
  else
    *(guint32 *) member += (guint32) MIN (number, (guint64) (G_MAXUINT32 - *(guint32 *) member));
}

gboolean
roll_facts_set (RollFacts *facts, const char *name, const char *text)
{
  g_return_val_if_fail (facts != NULL && name != NULL && text != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      gpointer member = G_STRUCT_MEMBER_P (facts, fields[i].offset);

      if (!g_str_equal (fields[i].name, name))
        continue;
      if (fields[i].size > 0)
        add_number (member, fields[i].size, text);
      else if (*text != '\0')
        {
          g_free (*(char **) member);
          *(char **) member = g_strdup (text);
        }
      return TRUE;
    }
  return FALSE;
}
