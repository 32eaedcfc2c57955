/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <time.h> /* before errqueue.h, which needs it and does not say so */

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#include "scan/roll-sieve-private.h"

/* What an ICMP error in a socket's error queue says. */
typedef struct
{
  int number;
  guint8 type;
  guint8 code;
  gboolean ipv6;
  RollAddress from;
} IcmpError;

/* Makes the kernel keep the ICMP errors themselves, not only the errno it makes of them. */
void
roll_sieve_evidence_want (int fd, int family)
{
  int on = 1;

  if (family == AF_INET6)
    setsockopt (fd, SOL_IPV6, IPV6_RECVERR, &on, sizeof on);
  else
    setsockopt (fd, SOL_IP, IP_RECVERR, &on, sizeof on);
}

static gboolean
parse_control (const struct cmsghdr *control, IcmpError *ret_error)
{
  const struct sock_extended_err *error = (const void *) CMSG_DATA (control);
  gboolean ipv4 = control->cmsg_level == SOL_IP && control->cmsg_type == IP_RECVERR;
  gboolean ipv6 = control->cmsg_level == SOL_IPV6 && control->cmsg_type == IPV6_RECVERR;
  gsize sockaddr_size = ipv6 ? sizeof (struct sockaddr_in6) : sizeof (struct sockaddr_in);

  if ((!ipv4 && !ipv6) || control->cmsg_len < CMSG_LEN (sizeof *error + sockaddr_size))
    return FALSE;
  if (error->ee_origin != SO_EE_ORIGIN_ICMP && error->ee_origin != SO_EE_ORIGIN_ICMP6)
    return FALSE;
  ret_error->number = (int) error->ee_errno;
  ret_error->type = error->ee_type;
  ret_error->code = error->ee_code;
  ret_error->ipv6 = error->ee_origin == SO_EE_ORIGIN_ICMP6;
  return roll_address_from_sockaddr (SO_EE_OFFENDER (error), &ret_error->from, NULL);
}

static gboolean
read_error_queue (int fd, IcmpError *ret_error)
{
  guint8 control[512] __attribute__ ((aligned (8)));
  guint8 payload[64];
  struct iovec vector = { payload, sizeof payload };

  for (;;)
    {
      struct msghdr message = {
        .msg_iov = &vector,
        .msg_iovlen = 1,
        .msg_control = control,
        .msg_controllen = sizeof control,
      };

      if (recvmsg (fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return FALSE;
      for (struct cmsghdr *header = CMSG_FIRSTHDR (&message); header != NULL;
           header = CMSG_NXTHDR (&message, header))
        if (parse_control (header, ret_error))
          return TRUE;
    }
}

/* The kernel tells a socket of a neighbour it asked for in vain as a router would: with a host-unreachable,
 * its own. */
static gboolean
is_dead_neighbour (const IcmpError *icmp)
{
  return icmp->ipv6 ? icmp->type == ICMP6_DST_UNREACH && icmp->code == ICMP6_DST_UNREACH_ADDR
                    : icmp->type == ICMP_DEST_UNREACH && icmp->code == ICMP_HOST_UNREACH;
}

static const char *
dead_neighbour_detail (const RollSieveSlot *slot)
{
  return slot->interface != 0 ? "neighbour=no-answer" : "gateway=no-answer";
}

/* Linux makes EACCES of ICMPv6 "prohibited" where it makes EHOSTUNREACH of ICMP "prohibited". It is the same
 * answer, and EACCES would read as if this machine had refused. */
static gboolean
is_misnamed (const IcmpError *icmp)
{
  return icmp->number == EACCES || icmp->number == EPERM;
}

static void
judge_icmp (RollSieve *self, RollSieveSlot *slot, const IcmpError *icmp, RollSieveOutcome *outcome)
{
  char from[ROLL_ADDRESS_STRLEN];
  gboolean own = roll_subnets_is_own (self->subnets, &icmp->from);

  outcome->number = is_misnamed (icmp) ? EHOSTUNREACH : icmp->number;
  if (own && is_dead_neighbour (icmp))
    {
      outcome->said_by = ROLL_SAID_BY_THIS_MACHINE;
      outcome->detail = g_strdup (dead_neighbour_detail (slot));
      return;
    }
  if (roll_address_equal (&icmp->from, &slot->address))
    outcome->said_by = ROLL_SAID_BY_PEER;
  else
    outcome->said_by = own ? ROLL_SAID_BY_THIS_MACHINE : ROLL_SAID_BY_ROUTER;
  outcome->detail =
      g_strdup_printf ("%s=%u/%u from=%s%s%s", icmp->ipv6 ? "icmp6" : "icmp", icmp->type, icmp->code,
                       roll_address_format (&icmp->from, from), is_misnamed (icmp) ? " errno=" : "",
                       is_misnamed (icmp) ? roll_sieve_errno_name (icmp->number) : "");
}

static void
judge_number (RollSieveSlot *slot, RollSieveOutcome *outcome)
{
  switch (outcome->number)
    {
    case ETIMEDOUT:
      outcome->said_by = ROLL_SAID_BY_NOBODY;
      break;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EHOSTDOWN:
      outcome->said_by = slot->interface != 0 ? ROLL_SAID_BY_THIS_MACHINE : ROLL_SAID_BY_ROUTER;
      outcome->detail = slot->interface != 0 ? g_strdup (dead_neighbour_detail (slot)) : NULL;
      break;
    default:
      outcome->said_by = ROLL_SAID_BY_PEER;
    }
}

/* @inout_outcome: number is what the socket said, 0 when only its error queue speaks; 0 stays 0 when it does
 * not. */
void
roll_sieve_evidence_read (RollSieve *self, RollSieveSlot *slot, RollSieveOutcome *inout_outcome)
{
  IcmpError icmp = { 0 };

  if (slot->lane != ROLL_LANE_LOOPBACK && read_error_queue (slot->fd, &icmp))
    judge_icmp (self, slot, &icmp, inout_outcome);
  else if (inout_outcome->number != 0)
    judge_number (slot, inout_outcome);
}
