/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-symptoms.h"
#include "inventory/roll-detail.h"

G_BEGIN_DECLS

typedef struct
{
  RollAddress address;
  guint bits;
} Network;

/* An account that was tried on the computer at hand. */
typedef struct
{
  guint32 account;
  guint32 traits;
  RollStep refused_at; /* NONE: it was not */
  RollErrorNumber error;
  gint64 at;
} RollTry;

/* What is being put together while the store is read. */
typedef struct
{
  RollSymptoms *self;
  GCancellable *cancellable;
  GArray *own;       /* (element-type Network): of this computer */
  GArray *errors;    /* (element-type RollErrorNumber): of each row of a computer */
  guint n_primary;   /* rows of computers; those of further accounts follow */
  guint at;          /* the row whose attempts come */
  GArray *tries;     /* (element-type RollTry): of the row at hand */
  gboolean timed;    /* it is known when it failed first */
} Reader;

static inline void
reader_clear (Reader *reader)
{
  g_array_unref (reader->own);
  g_array_unref (reader->errors);
  g_array_unref (reader->tries);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

guint32 roll_symptoms_number (RollSymptoms *self, RollShared stratum, const char *name);
guint32 roll_symptoms_account (RollSymptoms *self, const char *credential);
void roll_symptoms_set_time (RollSymptoms *self, RollSymptom *row, gint64 at);

/* A RollStoreAttemptFunc: attempts come by ordinal. */
gboolean roll_symptoms_take_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data);
/* The last attempt of the computer at hand has come. */
void roll_symptoms_end_computer (Reader *reader);

G_END_DECLS
