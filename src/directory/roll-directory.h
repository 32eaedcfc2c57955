/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "directory/roll-directory-certificate.h"
#include "directory/roll-directory-computers.h"
#include "inventory/roll-credential.h"

G_BEGIN_DECLS

/*
 * Active Directory, asked for the computers it knows. Nothing is ever written there.
 *
 * All calls are asynchronous and answer in the caller's main context: within a second of being cancelled, and within the
 * time allowed whatever the server does. A password is sent only over TLS whose certificate was verified or accepted, or, with
 * Kerberos, never.
 */
#define ROLL_TYPE_DIRECTORY (roll_directory_get_type ())
G_DECLARE_FINAL_TYPE (RollDirectory, roll_directory, ROLL, DIRECTORY, GObject)

typedef enum
{
  ROLL_DIRECTORY_STARTTLS, /* port 389 */
  ROLL_DIRECTORY_LDAPS,    /* port 636 */
  ROLL_DIRECTORY_KERBEROS, /* port 389, signed and sealed; no certificate is needed */
} RollDirectorySecurity;

/* Each with a sentence, in the user's language, that says what to do. */
#define ROLL_DIRECTORY_ERROR (roll_directory_error_quark ())
typedef enum
{
  ROLL_DIRECTORY_ERROR_NO_DNS,      /* no name server answered */
  ROLL_DIRECTORY_ERROR_NO_SERVER,   /* DNS knows no domain controller of that domain, or not the server's name */
  ROLL_DIRECTORY_ERROR_UNREACHABLE, /* refused, no route */
  ROLL_DIRECTORY_ERROR_TIMED_OUT,
  ROLL_DIRECTORY_ERROR_TLS,         /* none was offered, or it could not be agreed on */
  ROLL_DIRECTORY_ERROR_CERTIFICATE, /* not verified: roll_directory_get_certificate() is what to show */
  ROLL_DIRECTORY_ERROR_PASSWORD,    /* the user name or password is wrong */
  ROLL_DIRECTORY_ERROR_ACCOUNT,     /* disabled, expired, locked, not allowed to log on, needs a new password */
  ROLL_DIRECTORY_ERROR_KERBEROS,    /* no tickets, no KDC, a name it does not know */
  ROLL_DIRECTORY_ERROR_CLOCK,       /* differs too much for Kerberos */
  ROLL_DIRECTORY_ERROR_STRONGER,    /* the server wants a safer way to log on */
  ROLL_DIRECTORY_ERROR_NOT_ALLOWED, /* the account may not read there */
  ROLL_DIRECTORY_ERROR_NO_BASE,     /* the place to search in is not there */
  ROLL_DIRECTORY_ERROR_PROTOCOL,    /* the server sent what no domain controller sends, or too much of it */
  ROLL_DIRECTORY_ERROR_FAILED,      /* what the server says of it is in the text */
} RollDirectoryError;
GQuark roll_directory_error_quark (void);

#define ROLL_DIRECTORY_TIMEOUT_MS (20 * 1000) /* for one server to be connected to and logged on at */

/**
 * RollDirectoryOptions:
 * @domain: (nullable): "corp.example"; its servers are found in DNS. Only for names in that domain a password is at stake: others
 *   that DNS tells are passed over
 * @server: (nullable): "dc1.corp.example", "10.0.0.1:3269", "[::1]:636": that one instead. One of both is needed
 * @credential: (nullable): not a local one; NULL or one without a password: the tickets of the user who runs the program, only with
 *   ROLL_DIRECTORY_KERBEROS
 * @name_servers: (nullable): addresses to ask instead of the system's: "10.0.0.53", "10.0.0.53:5353", "[::1]:53"
 * @accepted: (nullable): SHA-256 fingerprints of certificates to be accepted this time, as roll_directory_fingerprint_parse()
 *   returns them. Those stored with roll_directory_certificate_accept() are accepted in any case
 */
typedef struct
{
  char *domain;
  char *server;
  RollDirectorySecurity security;
  RollCredential *credential;
  char **name_servers;
  char **accepted;
  guint timeout_ms;
} RollDirectoryOptions;

RollDirectoryOptions *roll_directory_options_new (void); /* the defaults: StartTLS, ROLL_DIRECTORY_TIMEOUT_MS */
RollDirectoryOptions *roll_directory_options_copy (const RollDirectoryOptions *options);
void roll_directory_options_free (RollDirectoryOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryOptions, roll_directory_options_free)
/* Whether a directory can be asked so. Errors: G_IO_ERROR_INVALID_ARGUMENT: what is wrong, one sentence. */
gboolean roll_directory_options_check (const RollDirectoryOptions *options, GError **error);
/* For an entry as it is typed; "" is wrong. Errors: G_IO_ERROR_INVALID_ARGUMENT. */
gboolean roll_directory_check_domain (const char *text, GError **error);
gboolean roll_directory_check_server (const char *text, GError **error);

/**
 * RollDirectory: signals, on the main context that was the thread's default when the call was made:
 *
 * ::progress (guint n): computers found so far, at most 10 times a second
 */

/* @options are copied. One call at a time; a new one begins when the former has called back. */
RollDirectory *roll_directory_new (const RollDirectoryOptions *options);

/**
 * roll_directory_open_async: finds a server, connects, logs on. The account is tried once, on the first server that takes it.
 *
 * Errors: G_IO_ERROR_INVALID_ARGUMENT as roll_directory_options_check(), G_IO_ERROR_CANCELLED, G_IO_ERROR_PENDING,
 *   ROLL_DIRECTORY_ERROR, all but NO_BASE and NOT_ALLOWED
 */
void roll_directory_open_async (RollDirectory *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean roll_directory_open_finish (RollDirectory *self, GAsyncResult *result, GError **error);

/* (nullable) (transfer none): of the last ROLL_DIRECTORY_ERROR_CERTIFICATE */
const RollDirectoryCertificate *roll_directory_get_certificate (RollDirectory *self);
/* (nullable): once open: "dc1.corp.example:389", and "DC=corp,DC=example" */
const char *roll_directory_get_server (RollDirectory *self);
const char *roll_directory_get_base (RollDirectory *self);

typedef enum
{
  ROLL_DIRECTORY_DOMAIN,
  ROLL_DIRECTORY_UNIT,      /* an organizational unit */
  ROLL_DIRECTORY_CONTAINER, /* such as Computers */
} RollDirectoryKind;

#define ROLL_DIRECTORY_CONTAINERS_MAX 100000
#define ROLL_DIRECTORY_NO_PARENT G_MAXUINT

/**
 * RollDirectoryContainer: a place where computers may be.
 * @dn: as the server wrote it; for roll_directory_find_async()
 * @name: to be shown: printable, of bounded length
 * @parent: its index in the same array, always smaller than its own; ROLL_DIRECTORY_NO_PARENT for the domain, which is the first
 */
typedef struct
{
  char *dn;
  char *name;
  guint parent;
  RollDirectoryKind kind;
} RollDirectoryContainer;

/**
 * roll_directory_list_async: all of them at once; opens it when it is not open.
 *
 * Errors: as roll_directory_open_async(), and NOT_ALLOWED
 */
void roll_directory_list_async (RollDirectory *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
/* (transfer full) (element-type RollDirectoryContainer): parents before what is in them, else by name */
GPtrArray *roll_directory_list_finish (RollDirectory *self, GAsyncResult *result, GError **error);

/**
 * roll_directory_find_async: all computers at these places and below; opens it when it is not open. They are filtered afterwards, with
 *   roll_directory_computers_filter(), as often as wanted and without asking again.
 * @bases: (nullable): distinguished names; NULL or empty: the whole domain. One below another is not searched twice
 *
 * Errors: as roll_directory_open_async(), and NOT_ALLOWED, NO_BASE
 */
void roll_directory_find_async (RollDirectory *self, const char *const *bases, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) */
RollDirectoryComputers *roll_directory_find_finish (RollDirectory *self, GAsyncResult *result, GError **error);

G_END_DECLS
