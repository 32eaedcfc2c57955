/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-hosts.h"

#include <string.h>

#define HOSTS_FILE "/etc/hosts"
#define HOSTS_FILE_MAX (16 * 1024 * 1024) /* bytes; block lists of a few MB are common */
#define BLANKS " \t\r\f\v"
#define NONE G_MAXUINT32

typedef struct
{
  RollAddress address;
  guint32 next; /* index of the same name's next address, or NONE */
} Entry;

struct _RollHosts
{
  GHashTable *first; /* name in lower case -> index of its first entry + 1 */
  GStringChunk *names;
  GArray *entries; /* (element-type Entry) */
};

static void
add (RollHosts *self, const RollAddress *address, const char *name)
{
  Entry entry = { *address, NONE };
  guint at = GPOINTER_TO_UINT (g_hash_table_lookup (self->first, name));

  if (at == 0)
    g_hash_table_insert (self->first, g_string_chunk_insert (self->names, name),
                         GUINT_TO_POINTER (self->entries->len + 1));
  else
    {
      Entry *last = &g_array_index (self->entries, Entry, at - 1);
      for (guint n = 1; last->next != NONE; n++)
        {
          last = &g_array_index (self->entries, Entry, last->next);
          if (n + 1 >= ROLL_HOSTS_ADDRESSES_MAX)
            return;
        }
      last->next = self->entries->len;
    }
  g_array_append_val (self->entries, entry);
}

/* "10.1.2.3  pc1.corp.example pc1  # comment"; @line is changed. */
static void
read_line (RollHosts *self, char *line)
{
  RollAddress address;
  char *rest = NULL;
  char *word;

  line[strcspn (line, "#")] = '\0';
  word = strtok_r (line, BLANKS, &rest);
  if (!word || !roll_address_parse (word, &address))
    return;
  while ((word = strtok_r (NULL, BLANKS, &rest)))
    {
      for (char *c = word; *c; c++)
        *c = g_ascii_tolower (*c);
      add (self, &address, word);
    }
}

RollHosts *
roll_hosts_new (const char *text, gsize length)
{
  RollHosts *self = g_new0 (RollHosts, 1);
  const char *end = text + length;
  g_autoptr (GString) line = g_string_new (NULL);

  self->first = g_hash_table_new (g_str_hash, g_str_equal);
  self->names = g_string_chunk_new (4096);
  self->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  while (text < end)
    {
      const char *newline = memchr (text, '\n', (gsize) (end - text));
      const char *stop = newline ? newline : end;
      g_string_truncate (line, 0);
      g_string_append_len (line, text, stop - text);
      read_line (self, line->str);
      text = stop + 1;
    }
  return self;
}

RollHosts *
roll_hosts_new_from_system (void)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (HOSTS_FILE, &text, &length, NULL))
    length = 0;
  return roll_hosts_new (text ? text : "", MIN (length, HOSTS_FILE_MAX));
}

void
roll_hosts_free (RollHosts *self)
{
  g_hash_table_unref (self->first);
  g_string_chunk_free (self->names);
  g_array_unref (self->entries);
  g_free (self);
}

/* RFC 6761 6.3: never asked of a name server. */
static guint
look_up_localhost (const char *name, RollAddress *ret_addresses)
{
  static const RollAddress own[] = {
    { .family = AF_INET6, .bytes = { [15] = 1 } },
    { .family = AF_INET, .bytes = { 127, 0, 0, 1 } },
  };

  if (!g_str_equal (name, "localhost") && !g_str_has_suffix (name, ".localhost"))
    return 0;
  memcpy (ret_addresses, own, sizeof own);
  return G_N_ELEMENTS (own);
}

guint
roll_hosts_look_up (RollHosts *self, const char *name, RollAddress *ret_addresses)
{
  g_autofree char *key = g_ascii_strdown (name, -1);
  gsize length = strlen (key);
  guint n = 0;

  if (length > 0 && key[length - 1] == '.')
    key[length - 1] = '\0';

  guint at = GPOINTER_TO_UINT (g_hash_table_lookup (self->first, key));
  if (at == 0)
    return look_up_localhost (key, ret_addresses);
  for (guint32 i = at - 1; i != NONE && n < ROLL_HOSTS_ADDRESSES_MAX; n++)
    {
      const Entry *entry = &g_array_index (self->entries, Entry, i);
      ret_addresses[n] = entry->address;
      i = entry->next;
    }
  return n;
}
