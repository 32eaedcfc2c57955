/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-rpc-error.h"

/* GLib's checks in what the macro below makes let the compiler see a NULL that can't be. */
#pragma GCC diagnostic ignored "-Wnull-dereference"

typedef struct
{
  RollErrorNumber number;
  RollSaidBy said_by;
  gboolean did_not_execute;
} RollRpcErrorPrivate;

static void
roll_rpc_error_private_init (RollRpcErrorPrivate *priv)
{
  priv->number = ROLL_ERROR_NUMBER_NONE;
}

static void
roll_rpc_error_private_copy (const RollRpcErrorPrivate *source, RollRpcErrorPrivate *copy)
{
  *copy = *source;
}

static void
roll_rpc_error_private_clear (RollRpcErrorPrivate *priv)
{
}

G_DEFINE_EXTENDED_ERROR (RollRpcError, roll_rpc_error)

void
roll_rpc_set_error (GError **error, RollRpcError code, RollErrorSpace space, guint32 number, RollSaidBy said_by,
                    const char *format, ...)
{
  RollRpcErrorPrivate *priv;
  GError *made;
  va_list args;

  if (error == NULL)
    return;
  va_start (args, format);
  made = g_error_new_valist (ROLL_RPC_ERROR, (int) code, format, args);
  va_end (args);

  priv = roll_rpc_error_get_private (made);
  priv->number = (RollErrorNumber) { space, number };
  priv->said_by = said_by;
  g_propagate_error (error, made);
}

RollErrorNumber
roll_rpc_error_get_number (const GError *error)
{
  if (error == NULL || error->domain != ROLL_RPC_ERROR)
    return ROLL_ERROR_NUMBER_NONE;
  return roll_rpc_error_get_private (error)->number;
}

RollSaidBy
roll_rpc_error_get_said_by (const GError *error)
{
  if (error == NULL || error->domain != ROLL_RPC_ERROR)
    return ROLL_SAID_BY_NOBODY;
  return roll_rpc_error_get_private (error)->said_by;
}

GError *
roll_rpc_error_new_fault (RollRpcError code, guint32 status, gboolean did_not_execute)
{
  GError *error = NULL;
  RollErrorSpace space = ROLL_ERROR_SPACE_NCA;

  if (status <= 0xffff)
    space = ROLL_ERROR_SPACE_WIN32;
  else if (status >> 28 == 0x8)
    space = ROLL_ERROR_SPACE_HRESULT;
  else if (status >> 28 == 0xc)
    space = ROLL_ERROR_SPACE_NTSTATUS;
  roll_rpc_set_error (&error, code, space, status, ROLL_SAID_BY_PEER, "the server answered with fault 0x%08x%s", status,
                      did_not_execute ? " without doing anything" : "");
  roll_rpc_error_get_private (error)->did_not_execute = did_not_execute;
  return error;
}

gboolean
roll_rpc_error_did_not_execute (const GError *error)
{
  return error != NULL && error->domain == ROLL_RPC_ERROR && roll_rpc_error_get_private (error)->did_not_execute;
}
