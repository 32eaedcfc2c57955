/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-common-causes.h"
#include "diagnosis/roll-symptoms.h"

G_BEGIN_DECLS

/* Statistics: which groups there are among the symptoms. (transfer full) (element-type RollCommonCause), the strongest first */
GPtrArray *roll_grouping_find (const RollSymptoms *symptoms, const RollCommonRules *rules);

/* The sentence of a group whose @name, @class_name and @since are set. (transfer full) */
char *roll_common_cause_make_sentence (const RollCommonRules *rules, const RollCommonCause *group, const char *name);
/* Replaces {where}, {name}, {class} and {from}; NULL for what is not known. (transfer full) */
char *roll_common_cause_fill (const RollCommonRules *rules, const RollCommonCause *group, const char *text,
                              const char *name, const char *from);

G_END_DECLS
