/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-row-set.h"
#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* What changed between two scans: plain data, and how it is found in two records of one computer. */

typedef enum
{
  ROLL_CHANGE_NEW,      /* a computer that only the later scan has */
  ROLL_CHANGE_GONE,     /* one that only the earlier scan has */
  ROLL_CHANGE_STATUS,
  ROLL_CHANGE_IDENTITY, /* address, computer_name, domain */
  ROLL_CHANGE_SYSTEM,   /* os, os_version, os_build, os_revision */
  ROLL_CHANGE_HARDWARE, /* manufacturer, model, serial_number, processors, cores, memory_bytes, disk */
  ROLL_CHANGE_SOFTWARE,
} RollChangeGroup;

#define ROLL_N_CHANGE_GROUPS 7

/**
 * RollChange: one thing that changed; everything is borrowed for as long as the call lasts that hands it over.
 * @computer: as the later scan has it; of GONE the earlier one
 * @field: which column of the results, or "disk", "software", "os_revision"; of NEW and GONE "status"
 * @item: (nullable): of a program its name, of a disk its model
 * @before: (nullable): NULL when it was not there; a status by its id, of a program the version, of a disk its bytes
 * @after: (nullable): NULL when it is not there any more
 */
typedef struct
{
  RollChangeGroup group;
  const RollComputer *computer;
  const char *field;
  const char *item;
  const char *before;
  const char *after;
} RollChange;

/* FALSE ends it. */
typedef gboolean (*RollChangeFunc) (const RollChange *change, gpointer user_data);

const char *roll_change_group_id (RollChangeGroup group); /* "new", "gone", "status", "identity" … */
/* A heading, in the user's language: “New computers”. */
const char *roll_change_group_label (RollChangeGroup group);
/* What @field is, in the user's language: “Memory”. */
const char *roll_change_field_label (const char *field);
/* @value of @field as people read it: a status by its label, bytes as “16.0 GiB”. (transfer full) */
char *roll_change_value_text (const char *field, const char *value);

/*
 * Status, identity, system and hardware of one computer. What is known on one side only is no change: a computer that did not
 * answer has not lost its memory. A status counts when both are final.
 */
gboolean roll_change_compare_computers (const RollComputer *before, const RollComputer *after, RollChangeFunc func,
                                        gpointer user_data);

/*
 * The rows of one collector on both sides. "software": programs added, removed and of another version, found again by their
 * registry key, else by their name; "Win32_DiskDrive": fixed disks, by serial number or, without one, by model and size;
 * "windows-version": the revision of the build. Any other collector has no changes.
 */
gboolean roll_change_compare_rows (const char *collector, const RollComputer *computer, const RollRowSet *before,
                                   const RollRowSet *after, RollChangeFunc func, gpointer user_data);

G_END_DECLS
