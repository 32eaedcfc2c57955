/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/roll-lab-private.h"

G_BEGIN_DECLS

/* What one simulated computer is: made of its number alone, so that it is the same each time and nothing need be kept. */
typedef struct _RollLabMachine RollLabMachine;

struct _RollLabMachine
{
  guint index;
  guint32 seed;
  const RollLabComputer *computer; /* (nullable) */
  char *netbios;    /* "PC-001" */
  char *dns;        /* "pc-001.accounts.practice.example" */
  char *domain;     /* "practice.example", or "WORKGROUP" */
  gboolean server;
  guint system;     /* rows of lists in data/practice.txt */
  guint hardware;
  guint language;
  guint8 major, minor; /* of Windows */
  guint16 build;
  guint n_programs;
  guint n_services;
};

RollLabMachine *roll_lab_machine_new (RollLab *lab, guint index);
void roll_lab_machine_free (RollLabMachine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollLabMachine, roll_lab_machine_free)

/* A number that depends on the computer and what it is for, and looks like chance. */
guint32 roll_lab_machine_hash (const RollLabMachine *machine, const char *what, guint row);
/* From @low to @high. */
guint32 roll_lab_machine_number (const RollLabMachine *machine, const char *what, guint row, guint32 low, guint32 high);

G_END_DECLS
