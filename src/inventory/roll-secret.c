/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-secret.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

struct _RollSecret
{
  gatomicrefcount ref_count;
  gsize mapped;
  gsize length;
  guint8 bytes[];
};

RollSecret *
roll_secret_new (const void *bytes, gsize length)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize mapped = (sizeof (RollSecret) + length + 1 + page - 1) & ~(page - 1);
  RollSecret *secret = mmap (NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_return_val_if_fail (bytes != NULL || length == 0, NULL);

  if (secret == MAP_FAILED)
    g_error ("no memory for a secret");
  /* Where memory may not be locked (a low limit), the rest still holds. */
  if (mlock (secret, mapped) != 0)
    g_debug ("a secret could not be locked into memory");
  madvise (secret, mapped, MADV_DONTDUMP);
  madvise (secret, mapped, MADV_WIPEONFORK);

  g_atomic_ref_count_init (&secret->ref_count);
  secret->mapped = mapped;
  secret->length = length;
  if (length > 0)
    memcpy (secret->bytes, bytes, length);
  return secret;
}

RollSecret *
roll_secret_ref (RollSecret *secret)
{
  g_return_val_if_fail (secret != NULL, NULL);

  g_atomic_ref_count_inc (&secret->ref_count);
  return secret;
}

void
roll_secret_unref (RollSecret *secret)
{
  if (secret == NULL || !g_atomic_ref_count_dec (&secret->ref_count))
    return;
  explicit_bzero (secret->bytes, secret->length);
  munmap (secret, secret->mapped);
}

const guint8 *
roll_secret_bytes (const RollSecret *secret)
{
  g_return_val_if_fail (secret != NULL, NULL);

  return secret->bytes;
}

const char *
roll_secret_text (const RollSecret *secret)
{
  return (const char *) roll_secret_bytes (secret);
}

gsize
roll_secret_length (const RollSecret *secret)
{
  g_return_val_if_fail (secret != NULL, 0);

  return secret->length;
}

void
roll_secret_forbid_dumps (void)
{
  const struct rlimit none = { 0, 0 };

  if (setrlimit (RLIMIT_CORE, &none) != 0 || prctl (PR_SET_DUMPABLE, 0) != 0)
    g_warning ("core dumps could not be switched off");
}
