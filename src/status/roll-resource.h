/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * roll_resource_get: one of the program's own resources, from any thread.
 * @get: made by glib-compile-resources
 *
 * The resources of a program register themselves when the first of them is asked for. GLib (seen with 2.74) gives a
 * thread that asks at that very moment NULL, and the resource a moment later.
 */
static inline GResource *
roll_resource_get (GResource *(*get) (void))
{
  GResource *resource;

  while ((resource = get ()) == NULL)
    g_thread_yield ();
  return resource;
}

G_END_DECLS
