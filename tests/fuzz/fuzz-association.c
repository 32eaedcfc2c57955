/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "rpc/roll-association.h"

/* What a server sends, whole: to a bind with or without a logon, and to two calls. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const RollSyntax interface = { { { 1 } }, 0 };
  g_autoptr (RollAssociation) association = NULL;
  g_autoptr (GBytes) first = NULL, second = NULL;
  g_autoptr (RollSecret) hash = roll_secret_new ("0123456789abcdef", 16);
  RollSecurity *security = NULL;
  int sockets[2];

  if (size < 1 || size > 100000)
    return 0;
  if (data[0] & 1)
    security = roll_security_new_ntlm ("scanner", "PRACTICE", hash, NULL, ROLL_LEVEL_PRIVACY);
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets));
  g_assert_no_errno ((int) send (sockets[1], data + 1, size - 1, MSG_DONTWAIT | MSG_NOSIGNAL));
  g_assert_no_errno (shutdown (sockets[1], SHUT_WR));
  association = roll_association_new (sockets[0], -1, 1000);
  if (roll_association_bind (association, &interface, 1, security, NULL))
    {
      first = roll_association_call (association, &interface, 1, NULL, "stub", 4, NULL);
      second = roll_association_call (association, &interface, 2, &interface.uuid, "stub", 4, NULL);
    }
  close (sockets[1]);
  return 0;
}
