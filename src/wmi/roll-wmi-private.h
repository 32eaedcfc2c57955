/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-wbem.h"
#include "wmi/roll-dcom-private.h"
#include "wmi/roll-wmi.h"

G_BEGIN_DECLS

#define ROLL_WMI_STUB_MAX (1 << 20) /* of a request */

struct _RollWmi
{
  RollDcom *dcom;
  RollUuid ipid; /* of IWbemServices */
  RollWriter in;   /* of the last method: the next ones need as much room */
  RollWriter stub;
};

/* An answer that hands out an interface, which is held from now on. @answer: (nullable) (transfer full): NULL: @error is set */
gboolean roll_wmi_take_interface (RollDcom *dcom, GBytes *answer, const char *call, RollUuid *ret_ipid, GError **error);

/* The two halves of ExecMethod. @known: (nullable): maybe the class of the answer */
guint32 roll_wmi_send_method (RollWmi *self, const char *path, const char *method, RollWmiObject *in, GError **error);
RollWmiObject *roll_wmi_receive_method (RollWmi *self, guint32 call_id, RollWmiClass *known, GError **error);

G_END_DECLS
