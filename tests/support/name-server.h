/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A name server that does as it is told, one misbehaviour per name: UDP and TCP, on a thread of its own.
 *
 * A rule is "NAME=WORD[,WORD...]" or, for one record type only, "A/NAME=..." and "AAAA/NAME=...". NAME may begin with
 * "*" for everything below ("*.lab.example", "*"); the closest rule counts. What no rule covers is NXDOMAIN. Words:
 *
 *   10.1.2.3 fe80::1        addresses; a type without any gets an empty answer
 *   numbered:127.20.0.0     this address plus the number in the name ("pc17.lab" is 127.20.0.17)
 *   many:N                  N addresses from 10.99.0.1 on
 *   cname:TARGET            an alias, followed through the rules here (a loop is cut off after 16)
 *   nodata nxdomain servfail refused notimp formerr rcode:N
 *   silent                  no answer
 *   lose:N                  the first N questions of each type get no answer
 *   delay:MS                the answer comes late
 *   truncated               cut short over UDP, whole over TCP
 *   tcp-closed              as truncated, and the TCP connection is closed without an answer
 *   wrong-id wrong-question garbage short empty
 */
typedef struct _NameServer NameServer;

/* @address: without a port; @port 0: any that is free. */
NameServer *name_server_new (const char *address, guint16 port, GError **error);
void name_server_free (NameServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NameServer, name_server_free)

const char *name_server_get_peer (NameServer *self); /* "127.0.0.1:40123", "[::1]:53" */

/* A later rule for the same name replaces the earlier one. */
gboolean name_server_add (NameServer *self, const char *rule, GError **error);
/* Nothing at all is answered, whatever the rules; questions are still counted. */
void name_server_set_silent (NameServer *self, gboolean silent);

/* Questions received so far that the rule for exactly @name ("*.lab" too, "AAAA/name" too) covered; NULL: all of them. */
guint name_server_count (NameServer *self, const char *name);
guint name_server_count_tcp (NameServer *self);

G_END_DECLS
