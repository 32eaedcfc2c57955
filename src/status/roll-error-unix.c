/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-error-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

/* Numbers as on Linux x86 and ARM; a unit test holds the order. */
static const RollErrorEntry errno_entries[] = {
  { EPERM, "EPERM", N_("This computer's own firewall or policy forbids the packet.") },
  { ENOENT, "ENOENT", N_("There is no such file or directory.") },
  { EINTR, "EINTR", N_("A signal interrupted the call.") },
  { EIO, "EIO", N_("Reading or writing a device failed.") },
  { EBADF, "EBADF", N_("The file descriptor is not open.") },
  { EAGAIN, "EAGAIN", N_("A resource of this computer is used up for the moment.") },
  { ENOMEM, "ENOMEM", N_("This computer has no memory left for it.") },
  { EACCES, "EACCES", N_("A rule of this computer or of a router forbids it.") },
  { EEXIST, "EEXIST", N_("It exists already.") },
  { ENODEV, "ENODEV", N_("This computer has no such network device.") },
  { EINVAL, "EINVAL", N_("The system does not accept this address.") },
  { ENFILE, "ENFILE", N_("This computer has too many files open.") },
  { EMFILE, "EMFILE", N_("Rollcall has too many files and sockets open.") },
  { ENOSPC, "ENOSPC", N_("The disk or a table of this computer is full.") },
  { EPIPE, "EPIPE", N_("The other side had already closed the connection.") },
  { ENONET, "ENONET", N_("The machine is cut off from the network.") },
  { EPROTO, "EPROTO", N_("The other side broke the network protocol.") },
  { EMSGSIZE, "EMSGSIZE", N_("The packet is too large for the path.") },
  { ENOPROTOOPT, "ENOPROTOOPT", N_("The protocol is not available there.") },
  { EPROTONOSUPPORT, "EPROTONOSUPPORT", N_("The protocol is not supported here.") },
  { EOPNOTSUPP, "EOPNOTSUPP", N_("The operation is not supported on this socket.") },
  { EAFNOSUPPORT, "EAFNOSUPPORT", N_("This computer does not support this kind of address.") },
  { EADDRINUSE, "EADDRINUSE", N_("The local address and port are already in use.") },
  { EADDRNOTAVAIL, "EADDRNOTAVAIL", N_("This computer has no free port or address to connect from.") },
  { ENETDOWN, "ENETDOWN", N_("This computer's network is down.") },
  { ENETUNREACH, "ENETUNREACH", N_("There is no route to the network.") },
  { ENETRESET, "ENETRESET", N_("The network dropped the connection.") },
  { ECONNABORTED, "ECONNABORTED", N_("The connection was given up on this side.") },
  { ECONNRESET, "ECONNRESET", N_("The other side broke the connection off.") },
  { ENOBUFS, "ENOBUFS", N_("This computer has no network buffers left.") },
  { EISCONN, "EISCONN", N_("The socket is already connected.") },
  { ENOTCONN, "ENOTCONN", N_("The socket is not connected.") },
  { ETIMEDOUT, "ETIMEDOUT", N_("No answer came in time.") },
  { ECONNREFUSED, "ECONNREFUSED", N_("The connection was refused: nothing accepts it on that port.") },
  { EHOSTDOWN, "EHOSTDOWN", N_("The host is down.") },
  { EHOSTUNREACH, "EHOSTUNREACH", N_("There is no way to the host.") },
  { EALREADY, "EALREADY", N_("A connection attempt is already under way.") },
  { EINPROGRESS, "EINPROGRESS", N_("The connection attempt has not ended yet.") },
  { ECANCELED, "ECANCELED", N_("The operation was cancelled.") },
};

const RollErrorTable roll_errno_table = { errno_entries, G_N_ELEMENTS (errno_entries) };

/* The values of c-ares 1.x, which are its ABI: written out so that this floor needs no DNS library. */
static const RollErrorEntry dns_entries[] = {
  { 1, "ARES_ENODATA", N_("The name exists but has no address.") },
  { 2, "ARES_EFORMERR", N_("The name server found the question malformed.") },
  { 3, "ARES_ESERVFAIL", N_("The name server failed to find an answer; it may later.") },
  { 4, "ARES_ENOTFOUND", N_("There is no such name.") },
  { 5, "ARES_ENOTIMP", N_("The name server does not support this question.") },
  { 6, "ARES_EREFUSED", N_("The name server refused to answer.") },
  { 7, "ARES_EBADQUERY", N_("The question could not be put together.") },
  { 8, "ARES_EBADNAME", N_("The name breaks the rules for names.") },
  { 9, "ARES_EBADFAMILY", N_("The kind of address is not supported.") },
  { 10, "ARES_EBADRESP", N_("The name server's answer was garbled.") },
  { 11, "ARES_ECONNREFUSED", N_("No name server could be contacted.") },
  { 12, "ARES_ETIMEOUT", N_("No name server answered in time.") },
  { 13, "ARES_EOF", N_("The name server closed the connection before its answer was complete.") },
  { 14, "ARES_EFILE", N_("A settings file for name resolution could not be read.") },
  { 15, "ARES_ENOMEM", N_("This computer has no memory left for it.") },
  { 16, "ARES_EDESTRUCTION", N_("The name lookup was ended.") },
  { 17, "ARES_EBADSTR", N_("The text is malformed.") },
  { 18, "ARES_EBADFLAGS", N_("The flags of the lookup are not allowed.") },
  { 19, "ARES_ENONAME", N_("The name is not an address and was not looked up.") },
  { 20, "ARES_EBADHINTS", N_("The hints of the lookup are not allowed.") },
  { 21, "ARES_ENOTINITIALIZED", N_("Name resolution was not started.") },
  { 22, "ARES_ELOADIPHLPAPI", N_("A system library for name resolution is missing.") },
  { 23, "ARES_EADDRGETNETWORKPARAMS", N_("The system's network settings could not be read.") },
  { 24, "ARES_ECANCELLED", N_("The name lookup was cancelled.") },
  { 25, "ARES_ESERVICE", N_("The name of the service is not valid.") },
  { 26, "ARES_ENOSERVER", N_("No name server is set up on this computer.") },
};

const RollErrorTable roll_dns_table = { dns_entries, G_N_ELEMENTS (dns_entries) };

static const RollErrorEntry engine_entries[] = {
  { ROLL_ENGINE_ERROR_WATCHDOG, "WATCHDOG", N_("Nothing moved for so long that Rollcall gave up waiting.") },
  { ROLL_ENGINE_ERROR_NO_CREDENTIALS, "NO_CREDENTIALS", N_("No account applies to this computer.") },
  { ROLL_ENGINE_ERROR_MALFORMED, "MALFORMED_ANSWER", N_("The answer breaks the rules of the protocol.") },
  { ROLL_ENGINE_ERROR_BAD_SIGNATURE, "BAD_SIGNATURE", N_("The signature of an answer is wrong.") },
  { ROLL_ENGINE_ERROR_END_OF_STREAM, "END_OF_STREAM",
    N_("The other side closed the connection in mid-conversation.") },
  { ROLL_ENGINE_ERROR_NO_BINDING, "NO_BINDING", N_("The computer offered no TCP port for its WMI service.") },
  { ROLL_ENGINE_ERROR_INTERFACE_REJECTED, "INTERFACE_REJECTED",
    N_("The computer's RPC service does not offer what WMI needs.") },
  { ROLL_ENGINE_ERROR_ACCOUNT_RESTING, "ACCOUNT_RESTING",
    N_("Not tried: the account was refused elsewhere and rests, so that it is not locked.") },
};

const RollErrorTable roll_engine_table = { engine_entries, G_N_ELEMENTS (engine_entries) };

#define ERRNO(number) { ROLL_ERROR_SPACE_ERRNO, number }
#define DNS(number) { ROLL_ERROR_SPACE_DNS, number }

/* WinSock's numbers, as MAP and Windows show them, and getaddrinfo's names. */
const RollErrorAlias roll_error_aliases[] = {
  { "WSAEINTR", 10004, ERRNO (EINTR) },
  { "WSAEACCES", 10013, ERRNO (EACCES) },
  { "WSAEINVAL", 10022, ERRNO (EINVAL) },
  { "WSAEMFILE", 10024, ERRNO (EMFILE) },
  { "WSAEWOULDBLOCK", 10035, ERRNO (EAGAIN) },
  { "WSAEINPROGRESS", 10036, ERRNO (EINPROGRESS) },
  { "WSAEALREADY", 10037, ERRNO (EALREADY) },
  { "WSAEMSGSIZE", 10040, ERRNO (EMSGSIZE) },
  { "WSAENOPROTOOPT", 10042, ERRNO (ENOPROTOOPT) },
  { "WSAEPROTONOSUPPORT", 10043, ERRNO (EPROTONOSUPPORT) },
  { "WSAEOPNOTSUPP", 10045, ERRNO (EOPNOTSUPP) },
  { "WSAEAFNOSUPPORT", 10047, ERRNO (EAFNOSUPPORT) },
  { "WSAEADDRINUSE", 10048, ERRNO (EADDRINUSE) },
  { "WSAEADDRNOTAVAIL", 10049, ERRNO (EADDRNOTAVAIL) },
  { "WSAENETDOWN", 10050, ERRNO (ENETDOWN) },
  { "WSAENETUNREACH", 10051, ERRNO (ENETUNREACH) },
  { "WSAENETRESET", 10052, ERRNO (ENETRESET) },
  { "WSAECONNABORTED", 10053, ERRNO (ECONNABORTED) },
  { "WSAECONNRESET", 10054, ERRNO (ECONNRESET) },
  { "WSAENOBUFS", 10055, ERRNO (ENOBUFS) },
  { "WSAEISCONN", 10056, ERRNO (EISCONN) },
  { "WSAENOTCONN", 10057, ERRNO (ENOTCONN) },
  { "WSAETIMEDOUT", 10060, ERRNO (ETIMEDOUT) },
  { "WSAECONNREFUSED", 10061, ERRNO (ECONNREFUSED) },
  { "WSAEHOSTDOWN", 10064, ERRNO (EHOSTDOWN) },
  { "WSAEHOSTUNREACH", 10065, ERRNO (EHOSTUNREACH) },
  { "WSAHOST_NOT_FOUND", 11001, DNS (4) },
  { "WSATRY_AGAIN", 11002, DNS (3) },
  { "WSATRY_AGAIN", 11002, DNS (12) },
  { "WSANO_RECOVERY", 11003, DNS (2) },
  { "WSANO_RECOVERY", 11003, DNS (5) },
  { "WSANO_DATA", 11004, DNS (1) },
  { "EWOULDBLOCK", 0, ERRNO (EAGAIN) },
  { "EAI_NONAME", 0, DNS (4) },
  { "EAI_NODATA", 0, DNS (1) },
  { "EAI_AGAIN", 0, DNS (3) },
  { "EAI_AGAIN", 0, DNS (12) },
  { "EAI_FAIL", 0, DNS (2) },
  { "EAI_FAIL", 0, DNS (5) },
  { "EAI_MEMORY", 0, DNS (15) },
  { "HOST_NOT_FOUND", 0, DNS (4) },
  { "TRY_AGAIN", 0, DNS (3) },
  { "TRY_AGAIN", 0, DNS (12) },
  { "NO_DATA", 0, DNS (1) },
  { "NXDOMAIN", 0, DNS (4) },
  { "SERVFAIL", 0, DNS (3) },
};

const guint roll_n_error_aliases = G_N_ELEMENTS (roll_error_aliases);
