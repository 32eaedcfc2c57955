/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls a real RPC server through an association and prints one line of what came out, for the tests that run one.
 * The password is the first line of its input.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/roll-ntlm-session.h"
#include "codec/roll-utf16.h"
#include "rpc/roll-association.h"

#define WATCHDOG_MS 20000

static char *auth = NULL;
static char *level = NULL;
static char *user = NULL;
static char *domain = NULL;
static char *target = NULL;
static int port = 135;
static int repeat = 1;

static const GOptionEntry entries[] = {
  { "auth", 0, 0, G_OPTION_ARG_STRING, &auth, "none, question, ntlm, kerberos, spnego, spnego-ntlm", NULL },
  { "level", 0, 0, G_OPTION_ARG_STRING, &level, "integrity or privacy", NULL },
  { "user", 0, 0, G_OPTION_ARG_STRING, &user, "account; with Kerberos none means the ticket cache", NULL },
  { "domain", 0, 0, G_OPTION_ARG_STRING, &domain, "domain or realm", NULL },
  { "target", 0, 0, G_OPTION_ARG_STRING, &target, "host/pc1.corp.example", NULL },
  { "port", 0, 0, G_OPTION_ARG_INT, &port, "TCP port on 127.0.0.1", NULL },
  { "repeat", 0, 0, G_OPTION_ARG_INT, &repeat, "how often the call is made, all in flight at once", NULL },
  { NULL }
};

static const RollSyntax epm
    = { ROLL_UUID (0xe1af8308, 0x5d1f, 0x11c9, 0x91, 0xa4, 0x08, 0x00, 0x2b, 0x14, 0xa0, 0xfa), 3 };
static const RollSyntax samr
    = { ROLL_UUID (0x12345778, 0x1234, 0xabcd, 0xef, 0x00, 0x01, 0x23, 0x45, 0x67, 0x89, 0xac), 1 };
static const RollSyntax activator = { ROLL_UUID (0x000001a0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46), 0 };
static const RollSyntax exporter
    = { ROLL_UUID (0x99fcfec4, 0x5260, 0x101b, 0xbb, 0xcb, 0x00, 0xaa, 0x00, 0x21, 0x34, 0x7a), 0 };

/* --- Connecting -------------------------------------------------------------------------------------------------- */

static int
connect_to_port (GError **error)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16) port),
                                 .sin_addr = { htonl (INADDR_LOOPBACK) } };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (connect (fd, (const struct sockaddr *) &address, sizeof address) != 0)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, (guint32) errno,
                          ROLL_SAID_BY_THIS_MACHINE, "connect: %s", g_strerror (errno));
      close (fd);
      return -1;
    }
  fcntl (fd, F_SETFL, O_NONBLOCK);
  return fd;
}

static RollSecret *
read_password (void)
{
  char line[256] = "";

  if (fgets (line, sizeof line, stdin) == NULL)
    line[0] = '\0';
  line[strcspn (line, "\n")] = '\0';
  return roll_secret_new (line, strlen (line));
}

static gboolean
make_security (RollSecurity **ret_security, GError **error)
{
  RollAuthLevel chosen = g_strcmp0 (level, "integrity") == 0 ? ROLL_LEVEL_INTEGRITY : ROLL_LEVEL_PRIVACY;
  g_autoptr (RollSecret) password = NULL;
  g_autofree char *principal = user != NULL ? g_strdup_printf ("%s@%s", user, domain) : NULL;

  *ret_security = NULL;
  if (auth == NULL || strcmp (auth, "none") == 0)
    return TRUE;
  if (strcmp (auth, "question") == 0)
    {
      *ret_security = roll_security_new_ntlm_question ();
      return TRUE;
    }
  password = read_password ();
  if (g_str_has_suffix (auth, "ntlm"))
    {
      guint8 hash[ROLL_NTLM_KEY_SIZE];
      g_autoptr (RollSecret) secret = NULL;

      roll_ntlm_hash (user, domain, roll_secret_text (password), hash);
      secret = roll_secret_new (hash, sizeof hash);
      *ret_security = roll_security_new_ntlm (user, domain, secret, target, chosen);
      if (strcmp (auth, "spnego-ntlm") == 0)
        *ret_security = roll_security_new_spnego (*ret_security);
    }
  else
    *ret_security = roll_security_new_kerberos (strcmp (auth, "spnego") == 0 ? ROLL_AUTH_SPNEGO : ROLL_AUTH_KERBEROS,
                                                principal, password, target, chosen, -1, 0, error);
  return *ret_security != NULL;
}

/* Also when it failed there may be an association, for what its server told of itself. */
static RollAssociation *
associate (const RollSyntax *interface, gboolean *ret_ok, GError **error)
{
  RollAssociation *association;
  RollSecurity *security = NULL;
  int fd;

  *ret_ok = FALSE;
  if (!make_security (&security, error))
    return NULL;
  fd = connect_to_port (error);
  if (fd < 0)
    {
      roll_security_free (security);
      return NULL;
    }
  association = roll_association_new (fd, -1, WATCHDOG_MS);
  *ret_ok = roll_association_bind (association, interface, 1, security, error);
  return association;
}

/* --- The endpoint mapper, [C706] appendix O: on which port is samr? ----------------------------------------------- */

static void
put_floor (RollWriter *tower, guint8 protocol, const RollSyntax *syntax, const void *right, guint16 right_length)
{
  roll_writer_u16 (tower, syntax != NULL ? 19 : 1);
  roll_writer_u8 (tower, protocol);
  if (syntax != NULL)
    {
      roll_writer_uuid (tower, &syntax->uuid);
      roll_writer_u16 (tower, (guint16) syntax->version);
    }
  roll_writer_u16 (tower, right_length);
  roll_writer_bytes (tower, right, right_length);
}

static void
put_map_request (RollWriter *stub)
{
  const RollSyntax ndr
      = { ROLL_UUID (0x8a885d04, 0x1ceb, 0x11c9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60), 2 };
  g_auto (RollWriter) tower = { 0 };

  roll_writer_init (&tower, 1000);
  roll_writer_u16 (&tower, 5);
  put_floor (&tower, 0x0d, &samr, "\0", 2);
  put_floor (&tower, 0x0d, &ndr, "\0", 2);
  put_floor (&tower, 0x0b, NULL, "\0", 2);
  put_floor (&tower, 0x07, NULL, "\0", 2);
  put_floor (&tower, 0x09, NULL, "\0\0\0", 4);

  roll_writer_u32 (stub, 0); /* object */
  roll_writer_u32 (stub, 1);
  roll_writer_u32 (stub, (guint32) tower.length);
  roll_writer_u32 (stub, (guint32) tower.length);
  roll_writer_bytes (stub, tower.data, tower.length);
  roll_writer_align (stub, 4);
  roll_writer_zeros (stub, 20); /* entry handle */
  roll_writer_u32 (stub, 4);
}

static gboolean
read_map_answer (GBytes *answer, guint *ret_port)
{
  RollReader reader;
  guint32 n;

  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  roll_reader_skip (&reader, 20);
  n = roll_reader_u32 (&reader);
  roll_reader_skip (&reader, 12 + 4 * (gsize) n + 8); /* array header, referents, lengths of the first tower */
  roll_reader_skip (&reader, 2 + 25 + 25 + 7 + 5);
  *ret_port = (guint) roll_reader_u8 (&reader) << 8;
  *ret_port |= roll_reader_u8 (&reader);
  return n > 0 && roll_reader_ok (&reader);
}

static gboolean
map (RollAssociation *association, GError **error)
{
  g_auto (RollWriter) stub = { 0 };
  g_autoptr (GBytes) answer = NULL;
  guint found;

  roll_writer_init (&stub, 1000);
  put_map_request (&stub);
  answer = roll_association_call (association, &epm, 3, NULL, stub.data, stub.length, error);
  if (answer == NULL)
    return FALSE;
  if (read_map_answer (answer, &found))
    printf ("port=%u\n", found);
  return TRUE;
}

/* --- samr: the names of the server's domains ([MS-SAMR] 3.1.5.1.1, 3.1.5.2.1) -------------------------------------- */

static GBytes *
connect_samr (RollAssociation *association, GError **error)
{
  g_auto (RollWriter) stub = { 0 };

  roll_writer_init (&stub, 1000);
  roll_writer_u32 (&stub, 0);          /* server name */
  roll_writer_u32 (&stub, 0x02000000); /* MAXIMUM_ALLOWED */
  roll_writer_u32 (&stub, 1);          /* version, and again as the union's */
  roll_writer_u32 (&stub, 1);
  roll_writer_u32 (&stub, 3);
  roll_writer_u32 (&stub, 0);
  return roll_association_call (association, &samr, 64, NULL, stub.data, stub.length, error);
}

static void
print_domains (GBytes *answer)
{
  RollReader reader;
  guint32 n;

  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  roll_reader_skip (&reader, 8);
  n = roll_reader_u32_at_most (&reader, 10, "too many domains");
  roll_reader_skip (&reader, 8 + 12 * (gsize) n);
  for (guint32 i = 0; i < n; i++)
    {
      g_autofree char *name = NULL;
      guint32 length;

      roll_reader_align (&reader, 4);
      roll_reader_skip (&reader, 8);
      length = roll_reader_u32_at_most (&reader, 100, "too long a name");
      name = roll_utf16_decode (roll_reader_bytes (&reader, 2 * (gsize) length), 2 * (gsize) length);
      printf ("%s%s", i > 0 ? "," : "domains=", name);
    }
  printf ("\n");
}

static gboolean
list_domains (RollAssociation *association, GError **error)
{
  g_autoptr (GBytes) connected = connect_samr (association, error);
  g_autofree guint32 *calls = g_new0 (guint32, repeat);
  g_auto (RollWriter) stub = { 0 };

  if (connected == NULL)
    return FALSE;
  if (g_bytes_get_size (connected) != 16 + 20 + 4)
    {
      printf ("samr: an answer of %" G_GSIZE_FORMAT " bytes\n", g_bytes_get_size (connected));
      return TRUE;
    }
  roll_writer_init (&stub, 1000);
  roll_writer_bytes (&stub, (const guint8 *) g_bytes_get_data (connected, NULL) + 16, 20);
  roll_writer_u32 (&stub, 0);
  roll_writer_u32 (&stub, 10000);
  for (int i = 0; i < repeat; i++)
    {
      calls[i] = roll_association_send (association, &samr, 6, NULL, stub.data, stub.length, error);
      if (calls[i] == 0)
        return FALSE;
    }
  for (int i = 0; i < repeat; i++)
    {
      g_autoptr (GBytes) answer = roll_association_receive (association, calls[i], error);

      if (answer == NULL)
        return FALSE;
      print_domains (answer);
    }
  return TRUE;
}

/* ----------------------------------------------------------------------------------------------------------------- */

static gboolean
perform (RollAssociation *association, const RollSyntax *interface, GError **error)
{
  if (interface == &epm)
    return map (association, error);
  if (interface == &samr)
    return list_domains (association, error);
  printf ("bound\n");
  return TRUE;
}

static void
print_challenge (RollAssociation *association)
{
  RollSecurity *security = association != NULL ? roll_association_get_security (association) : NULL;
  const RollNtlmChallenge *challenge = security != NULL ? roll_security_get_challenge (security) : NULL;

  if (challenge != NULL)
    printf ("computer=%s domain=%s dns=%s build=%u\n", challenge->nb_computer, challenge->nb_domain,
            challenge->dns_computer, challenge->build);
}

static void
print_error (const GError *error)
{
  static const char *const kinds[] = { "transport", "timed-out", "cancelled", "protocol",
                                       "refused",   "rejected",  "fault" };
  RollErrorNumber number = roll_rpc_error_get_number (error);

  printf ("error=%s space=%s number=%u hex=0x%08x by=%s text=%s\n", kinds[error->code],
          roll_error_space_id (number.space), number.number, number.number,
          roll_said_by_id (roll_rpc_error_get_said_by (error)), error->message);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    const RollSyntax *interface;
  } commands[] = { { "map", &epm }, { "domains", &samr }, { "activator", &activator }, { "exporter", &exporter } };
  g_autoptr (GOptionContext) options = g_option_context_new ("map|domains|activator|exporter");
  g_autoptr (RollAssociation) association = NULL;
  g_autoptr (GError) error = NULL;
  const RollSyntax *interface = NULL;
  gboolean ok;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error) || argc != 2)
    return 2;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      interface = commands[i].interface;
  if (interface == NULL)
    return 2;

  association = associate (interface, &ok, &error);
  ok = ok && perform (association, interface, &error);
  print_challenge (association);
  if (error != NULL)
    print_error (error);
  return ok ? 0 : 1;
}
