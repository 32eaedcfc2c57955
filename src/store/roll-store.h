/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-class-result.h"
#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/*
 * The one narrow door to what is kept: journal in, queries out. No SQL and no SQLite type passes it, so that
 * a shared store for several stations can stand beside the file. All functions are synchronous and may wait
 * on the disk; the window calls them from worker threads only. Every function may be called from any thread.
 */

#define ROLL_STORE_ERROR (roll_store_error_quark ())
GQuark roll_store_error_quark (void);

typedef enum
{
  ROLL_STORE_ERROR_FAILED,       /* disk full, I/O error, locked: the message says which and what to do */
  ROLL_STORE_ERROR_NEWER,        /* written by a newer version */
  ROLL_STORE_ERROR_NOT_A_STORE,  /* some other file */
  ROLL_STORE_ERROR_NOT_FOUND,    /* no such scan or computer */
  ROLL_STORE_ERROR_BUSY,         /* the scan is being run by another process */
  ROLL_STORE_ERROR_OLDER,        /* written by an older version, and opened for reading only */
} RollStoreError;

#define ROLL_TYPE_STORE (roll_store_get_type ())
G_DECLARE_FINAL_TYPE (RollStore, roll_store, ROLL, STORE, GObject)

/**
 * roll_store_open:
 * @path: the file; NULL for $XDG_DATA_HOME/rollcall/rollcall.db. Folders are made 0700, the file 0600.
 * @read_only: nothing is created or migrated
 *
 * An older file is backed up beside itself and migrated in one transaction.
 */
RollStore *roll_store_open (const char *path, gboolean read_only, GError **error);
const char *roll_store_get_path (RollStore *self);
/* FALSE when @path, which is going to be written, is the database itself: all scans would be gone. */
gboolean roll_store_check_output (RollStore *self, const char *path, GError **error);

/* --- Scans ---------------------------------------------------------------------------------------------- */

typedef enum
{
  ROLL_SCAN_RUNNING,     /* being run now; or interrupted when no process holds it */
  ROLL_SCAN_STOPPED,     /* the user stopped it; can be resumed */
  ROLL_SCAN_FINISHED,
} RollScanState;

const char *roll_scan_state_id (RollScanState state);

/**
 * RollScanInfo: one scan. Boxed; strings owned.
 * @practice: of the practice network, to be labelled as such wherever it is shown
 * @interrupted: stored as running but no process runs it
 * @started_at: when it was first begun; a resume does not change it
 * @finished_at: when it was last ended, stopped or finished
 * @options: the options it was started with, a serialised GVariant "a{sv}" in text form, for a resume
 */
typedef struct
{
  gint64 id;
  char *name;
  RollScanState state;
  gboolean practice;
  gboolean probe_only;
  gboolean interrupted;
  gint64 created_at;  /* microseconds since the epoch */
  gint64 started_at;
  gint64 finished_at; /* 0 while not */
  guint n_targets;
  guint n_done;       /* computers with a final status other than stopped */
  char *options;
} RollScanInfo;

#define ROLL_TYPE_SCAN_INFO (roll_scan_info_get_type ())
GType roll_scan_info_get_type (void);
RollScanInfo *roll_scan_info_new (void);
RollScanInfo *roll_scan_info_copy (const RollScanInfo *info);
void roll_scan_info_free (RollScanInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollScanInfo, roll_scan_info_free)

/**
 * roll_store_add_scan: stores a new scan; sets info->id, created_at. Committed on return.
 * @includes, @excludes: (nullable): its target entries
 * @directory: (nullable) (element-type guint32 RollDirectoryFacts): what Active Directory told of its targets, by ordinal as
 *   GUINT_TO_POINTER()
 */
gboolean roll_store_add_scan (RollStore *self, RollScanInfo *info, const char *const *includes,
                              const char *const *excludes, GHashTable *directory, GError **error);
/* Newest first. (transfer full) (element-type RollScanInfo) */
GPtrArray *roll_store_list_scans (RollStore *self, GError **error);
/* @id 0: the newest. */
RollScanInfo *roll_store_get_scan (RollStore *self, gint64 id, GError **error);
gboolean roll_store_get_entries (RollStore *self, gint64 id, char ***ret_includes, char ***ret_excludes,
                                 GError **error);
/* (transfer full) (element-type guint32 RollDirectoryFacts): as they were added, whether the computers have rows or not */
GHashTable *roll_store_get_directory (RollStore *self, gint64 id, GError **error);
gboolean roll_store_rename_scan (RollStore *self, gint64 id, const char *name, GError **error);
/* With all that was stored of it; takes seconds for a million computers. BUSY while it is being run. */
gboolean roll_store_delete_scan (RollStore *self, gint64 id, GError **error);

/* --- Journal: one writer thread per store, one transaction per batch ------------------------------------ */

/**
 * RollStoreCommitted:
 * @computers: (element-type RollComputer): rows now on disk, in commit order; may be kept with
 *   g_ptr_array_ref()
 * @error: (nullable): the store can't write; @computers is then empty. Sent once when it begins and with a
 *   NULL error and no rows when writing works again. What was posted is kept and tried again, nothing is
 *   dropped.
 *
 * Called on the writer thread after each commit; must not block.
 */
typedef void (*RollStoreCommitted) (GPtrArray *computers, const GError *error, gpointer user_data);

typedef struct _RollJournal RollJournal;

/**
 * roll_store_begin:
 *
 * Claims the scan for this process (state running) and opens its journal. Fails with BUSY while another
 * process or journal holds it; the claim dies with the process.
 */
RollJournal *roll_store_begin (RollStore *self, gint64 scan_id, RollStoreCommitted committed,
                               gpointer user_data, GError **error);

/**
 * roll_journal_reopen: makes computers ready to be tested again. What was found of each is kept as an earlier round, its row is
 * NOT_STARTED, and what was collected is marked as earlier. Before anything is posted; committed on return.
 * @ordinals: (element-type guint32): those without a row are passed over
 *
 * Returns: (transfer full) (element-type RollComputer): the rows as they are now; NULL with an error
 */
GPtrArray *roll_journal_reopen (RollJournal *journal, GArray *ordinals, GError **error);

/**
 * roll_journal_post_attempt:
 * @computer: (transfer full): the whole state after the attempt; from here on immutable
 * @attempt: (transfer full): the attempt that led there
 *
 * An attempt whose number is stored already replaces that one with its steps (it was stopped and is made
 * again).
 *
 * What it collected is stored with it, of each collector the best result so far: a later one replaces an earlier one, but what was
 * collected only by what was collected again. It outlives an attempt that is made again.
 *
 * Queues; blocks only while more than some thousand records or some ten megabytes wait for the disk (back-pressure). Any thread.
 */
void roll_journal_post_attempt (RollJournal *journal, RollComputer *computer, RollAttempt *attempt);

/*
 * A thing that happened to the scan as a whole: kind is a stable id ("name-server-silent"), detail key=value
 * facts.
 */
void roll_journal_post_event (RollJournal *journal, const char *kind, const char *detail);

/**
 * roll_journal_post_finding: what was found out about a computer beside its attempts, after one of these was posted; an
 * earlier finding of the same kind is replaced. The computer is not announced again.
 * @kind: a stable id: "ports" (see diagnosis/roll-ports.h)
 * @detail: (nullable): what the kind says; key=value facts as a rule
 */
void roll_journal_post_finding (RollJournal *journal, guint32 ordinal, const char *kind, const char *detail);

/*
 * Waits until all that was posted before is on disk, however long it can't be written, or @cancellable fires
 * (then FALSE with G_IO_ERROR_CANCELLED).
 */
gboolean roll_journal_flush (RollJournal *journal, GCancellable *cancellable, GError **error);

/*
 * The scan is coming to its end: from here on posts never wait, as what is still under way is few. Any
 * thread.
 */
void roll_journal_drain (RollJournal *journal);

/* Records waiting for the disk. */
guint roll_journal_get_backlog (RollJournal *journal);

/*
 * Flushes, stores @state, lets go of the scan. While it can't write it tries for some seconds; then FALSE,
 * and the error says why and how much is lost. The scan is then one that was interrupted. The journal is
 * freed whatever happens.
 */
gboolean roll_journal_end (RollJournal *journal, RollScanState state, GError **error);

/* --- Queries -------------------------------------------------------------------------------------------- */

typedef struct
{
  RollStatus status;
  guint count;
} RollTally;

/* (element-type RollTally): stored computers per status, in order of code, none with zero; cheap at any size.
 * NOT_STARTED is there too: targets without a row. */
GArray *roll_store_tally (RollStore *self, gint64 scan_id, GError **error);

typedef gboolean (*RollStoreComputerFunc) (RollComputer *computer, gpointer user_data); /* FALSE ends */

/* Every stored computer of a scan from @first_ordinal on, in ordinal order, in one consistent read. */
gboolean roll_store_foreach_computer (RollStore *self, gint64 scan_id, guint first_ordinal,
                                      RollStoreComputerFunc func, gpointer user_data, GError **error);
RollComputer *roll_store_get_computer (RollStore *self, gint64 scan_id, guint ordinal, GError **error);
/* By target text or address, case ignored; where there is none by the short name. (element-type RollComputer), may be
 * empty. */
GPtrArray *roll_store_find_computers (RollStore *self, gint64 scan_id, const char *text, GError **error);
/* (element-type RollAttempt), in order, steps included; of the present test. */
GPtrArray *roll_store_get_attempts (RollStore *self, gint64 scan_id, guint ordinal, GError **error);

/**
 * RollStoreRound: what an earlier test of a computer found, before it was tested again.
 * @computer: its row as it was then; what is known of the computer itself is of today
 * @attempts: (element-type RollAttempt)
 */
typedef struct
{
  RollComputer *computer;
  GPtrArray *attempts;
} RollStoreRound;
void roll_store_round_free (RollStoreRound *round);
/* (element-type RollStoreRound): the oldest first; empty for nearly all */
GPtrArray *roll_store_get_rounds (RollStore *self, gint64 scan_id, guint ordinal, GError **error);

typedef gboolean (*RollStoreAttemptFunc) (RollComputer *computer, const RollAttempt *attempt,
                                          gpointer user_data);
/* Every attempt of a scan, by ordinal and number; @computer carries only ordinal, target and address. */
gboolean roll_store_foreach_attempt (RollStore *self, gint64 scan_id, RollStoreAttemptFunc func,
                                     gpointer user_data, GError **error);

/*
 * (element-type RollClassResult): what became of each collector on one computer, rows included, in the order they were first
 * asked: of several attempts the one that collected it, else the last. With that a plan can be made again after a crash: what was
 * abandoned is asked in the order of its started_at.
 */
GPtrArray *roll_store_get_classes (RollStore *self, gint64 scan_id, guint ordinal, GError **error);

typedef gboolean (*RollStoreClassFunc) (RollComputer *computer, const RollClassResult *result, gpointer user_data);
/* The same over all computers of a scan, by ordinal. @collector: (nullable): only this one, id as stored */
gboolean roll_store_foreach_class (RollStore *self, gint64 scan_id, const char *collector, RollStoreClassFunc func,
                                   gpointer user_data, GError **error);
/* From @first_ordinal on. */
gboolean roll_store_foreach_class_from (RollStore *self, gint64 scan_id, const char *collector, guint first_ordinal,
                                        RollStoreClassFunc func, gpointer user_data, GError **error);

/* What was found out about a computer beside its attempts. */
typedef struct
{
  guint32 ordinal;
  char *kind;   /* a stable id, once per computer */
  gint64 at;    /* microseconds since the epoch */
  char *detail; /* (nullable) */
} RollFinding;

RollFinding *roll_finding_new (guint32 ordinal, const char *kind, const char *detail); /* of now */
void roll_finding_free (RollFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollFinding, roll_finding_free)

/* Stores it at once, instead of an earlier one of its kind; for scans that are not being run. NOT_FOUND: no such computer. */
gboolean roll_store_put_finding (RollStore *self, gint64 scan_id, const RollFinding *finding, GError **error);
/* (element-type RollFinding): of one computer, by kind */
GPtrArray *roll_store_get_findings (RollStore *self, gint64 scan_id, guint ordinal, GError **error);

typedef gboolean (*RollStoreFindingFunc) (const RollFinding *finding, gpointer user_data); /* FALSE ends */
/* Those of one kind from @first_ordinal on, by ordinal. */
gboolean roll_store_foreach_finding (RollStore *self, gint64 scan_id, const char *kind, guint first_ordinal,
                                     RollStoreFindingFunc func, gpointer user_data, GError **error);

/*
 * What explains the failures among the computers of ordinals @first to @first + @n - 1, for exports that go through a whole scan
 * piece by piece: the attempts with their steps, and what became of each collector, without rows.
 *
 * Returns: (transfer full) (element-type guint32 GPtrArray): of each ordinal its RollAttempt, its RollClassResult; as
 *   GUINT_TO_POINTER(); computers without any are left out
 */
GHashTable *roll_store_get_failed_attempts (RollStore *self, gint64 scan_id, guint first, guint n, GError **error);
GHashTable *roll_store_get_failed_classes (RollStore *self, gint64 scan_id, guint first, guint n, GError **error);

typedef struct
{
  gint64 at;
  char *kind;
  char *detail;
} RollStoreEvent;
void roll_store_event_free (RollStoreEvent *event);
/* (element-type RollStoreEvent), in order */
GPtrArray *roll_store_get_events (RollStore *self, gint64 scan_id, GError **error);

G_END_DECLS
