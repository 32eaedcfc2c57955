/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-tree.h"

#include <string.h>

#include "directory/roll-directory-private.h"

#define NAME_MAX_CHARACTERS 128
#define DEPTH_MAX 64 /* parts of a name; no person made a deeper one */

/* While it grows: @container.parent is not known yet. */
typedef struct
{
  RollDirectoryContainer container;
  char *key;       /* the name, as equal names are equal */
  char *collation; /* of the shown name */
  guint depth;
} Place;

struct _RollDirectoryTree
{
  GPtrArray *places; /* (element-type Place), the root is the first */
};

static void
place_free (Place *place)
{
  g_free (place->container.dn);
  g_free (place->container.name);
  g_free (place->key);
  g_free (place->collation);
  g_free (place);
}

void
roll_directory_container_free (RollDirectoryContainer *container)
{
  g_free (container->dn);
  g_free (container->name);
  g_free (container);
}

static guint
get_depth (const char *dn)
{
  guint depth = 0;

  for (; dn; dn = roll_directory_parent_of (dn))
    depth++;
  return depth;
}

static void
add (RollDirectoryTree *self, const char *dn, const char *name, RollDirectoryKind kind)
{
  Place *place = g_new0 (Place, 1);

  place->container.dn = g_strdup (dn);
  place->container.name = roll_directory_printable (name && name[0] ? name : dn, NAME_MAX_CHARACTERS);
  place->container.kind = kind;
  place->container.parent = ROLL_DIRECTORY_NO_PARENT;
  place->key = g_utf8_casefold (dn, -1);
  place->collation = g_utf8_collate_key (place->container.name, -1);
  place->depth = get_depth (dn);
  g_ptr_array_add (self->places, place);
}

RollDirectoryTree *
roll_directory_tree_new (const char *base)
{
  RollDirectoryTree *self = g_new0 (RollDirectoryTree, 1);
  g_autofree char *domain = roll_directory_domain_of (base);

  self->places = g_ptr_array_new_with_free_func ((GDestroyNotify) place_free);
  add (self, base, domain, ROLL_DIRECTORY_DOMAIN);
  return self;
}

void
roll_directory_tree_free (RollDirectoryTree *self)
{
  g_ptr_array_unref (self->places);
  g_free (self);
}

gboolean
roll_directory_tree_add (RollDirectoryTree *self, const char *dn, const char *name, RollDirectoryKind kind)
{
  if (self->places->len > ROLL_DIRECTORY_CONTAINERS_MAX)
    return FALSE;
  if (get_depth (dn) <= DEPTH_MAX)
    add (self, dn, name, kind);
  return TRUE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Place *one = *(const Place *const *) a;
  const Place *other = *(const Place *const *) b;

  if (one->container.kind == ROLL_DIRECTORY_DOMAIN || other->container.kind == ROLL_DIRECTORY_DOMAIN)
    return (one->container.kind == ROLL_DIRECTORY_DOMAIN ? 0 : 1) - (other->container.kind == ROLL_DIRECTORY_DOMAIN ? 0 : 1);
  if (one->depth != other->depth)
    return one->depth < other->depth ? -1 : 1;
  int order = strcmp (one->collation, other->collation);
  return order != 0 ? order : strcmp (one->key, other->key);
}

/* Its parent's index, or that of the next one above for a unit. */
static guint
find_parent (GHashTable *by_key, const Place *place)
{
  const char *dn = roll_directory_parent_of (place->key);
  guint found = dn ? GPOINTER_TO_UINT (g_hash_table_lookup (by_key, dn)) : 0;

  while (dn && found == 0 && place->container.kind == ROLL_DIRECTORY_UNIT)
    {
      dn = roll_directory_parent_of (dn);
      found = dn ? GPOINTER_TO_UINT (g_hash_table_lookup (by_key, dn)) : 0;
    }
  return found > 0 ? found - 1 : ROLL_DIRECTORY_NO_PARENT;
}

GPtrArray *
roll_directory_tree_finish (RollDirectoryTree *self)
{
  GPtrArray *containers = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_directory_container_free);
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_str_hash, g_str_equal); /* → index + 1 */

  g_ptr_array_sort (self->places, compare);
  for (guint i = 0; i < self->places->len; i++)
    {
      Place *place = g_ptr_array_index (self->places, i);
      RollDirectoryContainer *container;

      place->container.parent = i > 0 ? find_parent (by_key, place) : ROLL_DIRECTORY_NO_PARENT;
      if ((i > 0 && place->container.parent == ROLL_DIRECTORY_NO_PARENT) || g_hash_table_contains (by_key, place->key))
        continue;
      container = g_memdup2 (&place->container, sizeof place->container);
      place->container.dn = NULL;
      place->container.name = NULL;
      g_ptr_array_add (containers, container);
      g_hash_table_insert (by_key, place->key, GUINT_TO_POINTER (containers->len));
    }
  return containers;
}

/* --- Places to search in ------------------------------------------------------------------------------------------ */

static gboolean
is_covered (GHashTable *chosen, const char *key)
{
  for (const char *above = roll_directory_parent_of (key); above; above = roll_directory_parent_of (above))
    if (g_hash_table_contains (chosen, above))
      return TRUE;
  return FALSE;
}

char **
roll_directory_tree_tops (const char *const *bases)
{
  g_autoptr (GStrvBuilder) tops = g_strv_builder_new ();
  g_autoptr (GHashTable) chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; bases[i]; i++)
    g_hash_table_add (chosen, g_utf8_casefold (bases[i], -1));
  for (guint i = 0; bases[i]; i++)
    {
      char *key = g_utf8_casefold (bases[i], -1);

      if (!is_covered (chosen, key) && !g_hash_table_contains (taken, key))
        g_strv_builder_add (tops, bases[i]);
      g_hash_table_add (taken, key);
    }
  return g_strv_builder_end (tops);
}
