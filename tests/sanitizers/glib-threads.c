/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sanitizer/tsan_interface.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * GLib's locks in terms of those that the thread sanitizer knows. GLib itself is not built for it, and its locks are system calls of
 * its own: without this nothing that they order would seem to be ordered. The program's definitions go before the library's.
 *
 * What is left are GLib's reference counts, sources and one-time initialisations: these are told to the sanitizer as what they are.
 */

/* --- Mutexes: the first word of each is a pointer to the real one, made when it is needed ------------------------ */

static pthread_mutex_t *
real_mutex (gpointer *place, int type)
{
  pthread_mutex_t *mutex = __atomic_load_n (place, __ATOMIC_ACQUIRE), *fresh;
  pthread_mutexattr_t attributes;
  gpointer none = NULL;

  if (mutex != NULL)
    return mutex;
  fresh = malloc (sizeof *fresh);
  if (fresh == NULL)
    abort ();
  pthread_mutexattr_init (&attributes);
  pthread_mutexattr_settype (&attributes, type);
  pthread_mutex_init (fresh, &attributes);
  pthread_mutexattr_destroy (&attributes);
  if (__atomic_compare_exchange_n (place, &none, fresh, FALSE, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return fresh;
  pthread_mutex_destroy (fresh);
  free (fresh);
  return none;
}

static void
clear_mutex (gpointer *place)
{
  if (*place == NULL)
    return;
  pthread_mutex_destroy (*place);
  free (*place);
  *place = NULL;
}

void
g_mutex_init (GMutex *mutex)
{
  mutex->p = NULL;
}

void
g_mutex_clear (GMutex *mutex)
{
  clear_mutex (&mutex->p);
}

void
g_mutex_lock (GMutex *mutex)
{
  pthread_mutex_lock (real_mutex (&mutex->p, PTHREAD_MUTEX_NORMAL));
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  return pthread_mutex_trylock (real_mutex (&mutex->p, PTHREAD_MUTEX_NORMAL)) == 0;
}

void
g_mutex_unlock (GMutex *mutex)
{
  pthread_mutex_unlock (real_mutex (&mutex->p, PTHREAD_MUTEX_NORMAL));
}

void
g_rec_mutex_init (GRecMutex *mutex)
{
  mutex->p = NULL;
}

void
g_rec_mutex_clear (GRecMutex *mutex)
{
  clear_mutex (&mutex->p);
}

void
g_rec_mutex_lock (GRecMutex *mutex)
{
  pthread_mutex_lock (real_mutex (&mutex->p, PTHREAD_MUTEX_RECURSIVE));
}

gboolean
g_rec_mutex_trylock (GRecMutex *mutex)
{
  return pthread_mutex_trylock (real_mutex (&mutex->p, PTHREAD_MUTEX_RECURSIVE)) == 0;
}

void
g_rec_mutex_unlock (GRecMutex *mutex)
{
  pthread_mutex_unlock (real_mutex (&mutex->p, PTHREAD_MUTEX_RECURSIVE));
}

/* --- Conditions, on the monotonic clock as GLib has it ----------------------------------------------------------- */

static pthread_cond_t *
real_cond (GCond *cond)
{
  pthread_cond_t *real = __atomic_load_n (&cond->p, __ATOMIC_ACQUIRE), *fresh;
  pthread_condattr_t attributes;
  gpointer none = NULL;

  if (real != NULL)
    return real;
  fresh = malloc (sizeof *fresh);
  if (fresh == NULL)
    abort ();
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (fresh, &attributes);
  pthread_condattr_destroy (&attributes);
  if (__atomic_compare_exchange_n (&cond->p, &none, fresh, FALSE, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return fresh;
  pthread_cond_destroy (fresh);
  free (fresh);
  return none;
}

void
g_cond_init (GCond *cond)
{
  cond->p = NULL;
}

void
g_cond_clear (GCond *cond)
{
  if (cond->p == NULL)
    return;
  pthread_cond_destroy (cond->p);
  free (cond->p);
  cond->p = NULL;
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  pthread_cond_wait (real_cond (cond), real_mutex (&mutex->p, PTHREAD_MUTEX_NORMAL));
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  struct timespec end = { .tv_sec = (time_t) (end_time / G_USEC_PER_SEC), .tv_nsec = end_time % G_USEC_PER_SEC * 1000 };

  return pthread_cond_timedwait (real_cond (cond), real_mutex (&mutex->p, PTHREAD_MUTEX_NORMAL), &end) != ETIMEDOUT;
}

void
g_cond_signal (GCond *cond)
{
  pthread_cond_signal (real_cond (cond));
}

void
g_cond_broadcast (GCond *cond)
{
  pthread_cond_broadcast (real_cond (cond));
}

/* --- Reference counts: who lets go last sees what the others did -------------------------------------------------- */

#undef g_atomic_ref_count_init
#undef g_atomic_ref_count_inc
#undef g_atomic_ref_count_dec
#undef g_atomic_ref_count_compare

void
g_atomic_ref_count_init (gatomicrefcount *count)
{
  __atomic_store_n (count, 1, __ATOMIC_RELEASE);
}

void
g_atomic_ref_count_inc (gatomicrefcount *count)
{
  __atomic_fetch_add (count, 1, __ATOMIC_ACQ_REL);
}

gboolean
g_atomic_ref_count_dec (gatomicrefcount *count)
{
  return __atomic_sub_fetch (count, 1, __ATOMIC_ACQ_REL) == 0;
}

/* --- One-time initialisation -------------------------------------------------------------------------------------- */

#undef g_once_init_enter
#undef g_once_init_leave

static pthread_mutex_t once_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t once_done = PTHREAD_COND_INITIALIZER;
static volatile void *once_busy[64];

static volatile void **
find_busy (volatile void *location)
{
  for (guint i = 0; i < G_N_ELEMENTS (once_busy); i++)
    if (once_busy[i] == location)
      return &once_busy[i];
  return NULL;
}

static void
replace_busy (volatile void *location, volatile void *by)
{
  volatile void **place = find_busy (location);

  if (place == NULL)
    abort ();
  *place = by;
}

gboolean
(g_once_init_enter) (volatile void *location)
{
  gsize *value = (gsize *) location;
  gboolean first;

  pthread_mutex_lock (&once_lock);
  while (__atomic_load_n (value, __ATOMIC_ACQUIRE) == 0 && find_busy (location) != NULL)
    pthread_cond_wait (&once_done, &once_lock);
  first = __atomic_load_n (value, __ATOMIC_ACQUIRE) == 0;
  if (first)
    replace_busy (NULL, location);
  pthread_mutex_unlock (&once_lock);
  return first;
}

void
(g_once_init_leave) (volatile void *location, gsize result)
{
  pthread_mutex_lock (&once_lock);
  __atomic_store_n ((gsize *) location, result, __ATOMIC_RELEASE);
  replace_busy (location, NULL);
  pthread_cond_broadcast (&once_done);
  pthread_mutex_unlock (&once_lock);
}

/* --- Main contexts: what is handed over to a source's callback is seen by it -------------------------------------- */

void AnnotateIgnoreReadsBegin (const char *file, int line);
void AnnotateIgnoreReadsEnd (const char *file, int line);
void AnnotateIgnoreWritesBegin (const char *file, int line);
void AnnotateIgnoreWritesEnd (const char *file, int line);

static char handed_over;

static gpointer
next_function (const char *name)
{
  gpointer function = dlsym (RTLD_NEXT, name);

  if (function == NULL)
    abort ();
  return function;
}

/* GLib's own bookkeeping, under a lock that is not seen. */
static void
begin_bookkeeping (void)
{
  __tsan_release (&handed_over);
  AnnotateIgnoreReadsBegin (__FILE__, __LINE__);
  AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
}

static void
end_bookkeeping (void)
{
  AnnotateIgnoreWritesEnd (__FILE__, __LINE__);
  AnnotateIgnoreReadsEnd (__FILE__, __LINE__);
}

typedef struct
{
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Callback;

static gboolean
call_back (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (&handed_over);
  return callback->func (callback->data);
}

static void
free_callback (gpointer data)
{
  Callback *callback = data;

  __tsan_acquire (&handed_over);
  if (callback->notify != NULL)
    callback->notify (callback->data);
  free (callback);
}

static Callback *
new_callback (GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Callback *callback = malloc (sizeof *callback);

  if (callback == NULL)
    abort ();
  *callback = (Callback) { func, data, notify };
  return callback;
}

void
g_source_set_callback (GSource *source, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  void (*real) (GSource *, GSourceFunc, gpointer, GDestroyNotify) = next_function ("g_source_set_callback");

  real (source, call_back, new_callback (func, data, notify), free_callback);
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  guint (*real) (GSource *, GMainContext *) = next_function ("g_source_attach");
  guint id;

  begin_bookkeeping ();
  id = real (source, context);
  end_bookkeeping ();
  return id;
}

void
g_main_context_invoke (GMainContext *context, GSourceFunc func, gpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, context);
}
