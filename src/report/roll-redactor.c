/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-redactor.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOKEN_DIGITS 12 /* 48 bits: two of a hundred thousand names are alike once in 50,000 scans */
#define MIN_KNOWN 3     /* characters; shorter ones would be found everywhere */

struct _RollRedactor
{
  guint8 key[ROLL_REDACTOR_KEY_LENGTH];
  GRegex *telling; /* addresses, accounts and identifiers inside text */
};

/* IPv4; IPv6 and MAC; user@domain; a SID; \\server\share; C:\Users\name */
static const char telling_pattern[]
    = "(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?![\\d.])"
      "|(?<![0-9a-f:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![0-9a-f:])"
      "|(?<![0-9a-f-])[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![0-9a-f-])"
      "|[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+"
      "|S-1-5-21(?:-\\d+){3,4}"
      "|\\\\\\\\[\\w.-]+(?:\\\\[^\\s\"]*)?"
      "|(?<=\\\\Users\\\\)[^\\\\\"]+";

RollRedactor *
roll_redactor_new (const guint8 key[ROLL_REDACTOR_KEY_LENGTH])
{
  RollRedactor *self = g_new0 (RollRedactor, 1);

  memcpy (self->key, key, sizeof self->key);
  self->telling = g_regex_new (telling_pattern, G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
  g_assert (self->telling != NULL);
  return self;
}

void
roll_redactor_free (RollRedactor *self)
{
  if (self == NULL)
    return;
  explicit_bzero (self->key, sizeof self->key);
  g_regex_unref (self->telling);
  g_free (self);
}

/* --- The key -------------------------------------------------------------------------------------------- */

static RollRedactor *
set_key_error (GError **error, const char *path, int code)
{
  g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (code),
               _("The key for redacted exports, “%s”, could not be read or made: %s."), path, g_strerror (code));
  return NULL;
}

static RollRedactor *
read_key (int fd, const char *path, GError **error)
{
  guint8 key[ROLL_REDACTOR_KEY_LENGTH];
  g_autoptr (RollRedactor) self = NULL;
  struct stat info;

  if (fstat (fd, &info) != 0)
    return set_key_error (error, path, errno);
  if (!S_ISREG (info.st_mode) || (info.st_mode & 077) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                   _("The key for redacted exports, “%s”, can be read by others. Close it with chmod 600, or remove it for "
                     "a new one."), path);
      return NULL;
    }
  if (read (fd, key, sizeof key) != sizeof key || info.st_size != sizeof key)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("“%s” is no key for redacted exports. Remove it: a new one is made then."), path);
      return NULL;
    }
  self = roll_redactor_new (key);
  explicit_bzero (key, sizeof key);
  return g_steal_pointer (&self);
}

/* Under a name of its own first: whoever comes second finds a whole key. */
static gboolean
make_key (const char *path)
{
  g_autofree char *temporary = g_strconcat (path, ".XXXXXX", NULL);
  guint8 key[ROLL_REDACTOR_KEY_LENGTH];
  gboolean good;
  int fd;

  if (getrandom (key, sizeof key, 0) != sizeof key)
    return FALSE;
  fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;
  good = write (fd, key, sizeof key) == sizeof key;
  good = fsync (fd) == 0 && good;
  good = close (fd) == 0 && good;
  explicit_bzero (key, sizeof key);
  good = good && (link (temporary, path) == 0 || errno == EEXIST);
  unlink (temporary);
  return good;
}

RollRedactor *
roll_redactor_load (const char *path, GError **error)
{
  g_autofree char *usual = g_build_filename (g_get_user_config_dir (), "rollcall", "redaction.key", NULL);
  g_autofree char *folder = NULL;
  RollRedactor *self;
  int fd;

  if (path == NULL)
    path = usual;
  folder = g_path_get_dirname (path);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT && g_mkdir_with_parents (folder, 0700) == 0 && make_key (path))
    fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return set_key_error (error, path, errno);
  self = read_key (fd, path, error);
  close (fd);
  return self;
}

/* --- Tokens --------------------------------------------------------------------------------------------- */

static void
add_token (GString *out, RollRedactor *self, const char *kind, gconstpointer bytes, gsize length)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, self->key, sizeof self->key);

  g_hmac_update (hmac, (const guchar *) kind, (gssize) strlen (kind) + 1);
  g_hmac_update (hmac, bytes, (gssize) length);
  g_string_append_printf (out, "%s-%.*s", kind, TOKEN_DIGITS, g_hmac_get_string (hmac));
}

static void
add_text_token (GString *out, RollRedactor *self, const char *kind, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);

  add_token (out, self, kind, folded, strlen (folded));
}

static void
add_network (GString *out, RollRedactor *self, const RollAddress *address)
{
  add_token (out, self, "net", address->bytes, address->family == AF_INET ? 3 : 8);
}

/* This machine's own end of a loop tells nothing, but the practice network lives there: it is treated like any other. */
static void
add_address (GString *out, RollRedactor *self, const RollAddress *address)
{
  add_network (out, self, address);
  g_string_append_c (out, '.');
  add_token (out, self, "host", address->bytes, address->family == AF_INET ? 4 : 16);
}

char *
roll_redactor_network (RollRedactor *self, const char *label)
{
  g_autofree char *text = g_strdup (label);
  GString *out = g_string_new (NULL);
  RollAddress address;

  text[strcspn (text, "/")] = '\0';
  if (roll_address_parse (text, &address))
    add_network (out, self, &address);
  else
    g_string_append (out, label); /* “no address” */
  return g_string_free (out, FALSE);
}

static void
add_name (GString *out, RollRedactor *self, const char *name)
{
  gsize label = strcspn (name, ".");
  g_autofree char *first = g_strndup (name, label);
  RollAddress address;

  if (roll_address_parse (name, &address))
    {
      add_address (out, self, &address);
      return;
    }
  add_text_token (out, self, "pc", first);
  if (name[label] == '.' && name[label + 1] != '\0')
    {
      g_string_append_c (out, '.');
      add_text_token (out, self, "domain", name + label + 1);
    }
}

/* --- Text ----------------------------------------------------------------------------------------------- */

static void
add_found (GString *out, RollRedactor *self, const char *found)
{
  RollAddress address;

  if (roll_address_parse (found, &address))
    add_address (out, self, &address);
  else
    add_text_token (out, self, "hidden", found);
}

static gboolean
replace_found (const GMatchInfo *match, GString *out, gpointer user_data)
{
  g_autofree char *found = g_match_info_fetch (match, 0);

  add_found (out, user_data, found);
  return FALSE;
}

/* Most cells have nothing that the expression could find: it need not look. */
static gboolean
may_tell (const char *text)
{
  guint dots = 0, colons = 0, dashes = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      dots += *p == '.';
      colons += *p == ':';
      dashes += *p == '-';
      if (*p == '@' || (*p == '\\' && (p[1] == '\\' || g_ascii_strncasecmp (p + 1, "Users\\", 6) == 0)))
        return TRUE;
    }
  return dots >= 3 || colons >= 2 || dashes >= 5;
}

static char *
redact_patterns (RollRedactor *self, const char *text)
{
  char *done;

  if (!may_tell (text))
    return g_strdup (text);
  done = g_regex_replace_eval (self->telling, text, -1, 0, 0, replace_found, self, NULL);

  /* Text that the expression gives up on is not shown at all. */
  return done != NULL ? done : g_strdup ("hidden");
}

/* Case is ignored; (transfer full) */
static char *
replace_wide (const char *text, const char *known, const char *token)
{
  g_autofree char *escaped = g_regex_escape_string (known, -1);
  g_autoptr (GRegex) regex = g_regex_new (escaped, G_REGEX_CASELESS, 0, NULL);
  char *done = regex != NULL ? g_regex_replace_literal (regex, text, -1, 0, token, 0, NULL) : NULL;

  return done != NULL ? done : g_strdup ("hidden");
}

static char *
replace_ascii (const char *text, const char *known, const char *token)
{
  GString *done = g_string_new (NULL);
  const char *found;

  while ((found = strcasestr (text, known)) != NULL)
    {
      g_string_append_len (done, text, found - text);
      g_string_append (done, token);
      text = found + strlen (known);
    }
  g_string_append (done, text);
  return g_string_free (done, FALSE);
}

/* Takes @text; (transfer full) */
static char *
replace_known (RollRedactor *self, char *text, RollPrivacy privacy, const char *known)
{
  g_autofree char *before = text;
  g_autofree char *token = NULL;
  gboolean ascii = known != NULL && g_str_is_ascii (known);

  if (known == NULL || g_utf8_strlen (known, -1) < MIN_KNOWN || (ascii && strcasestr (text, known) == NULL))
    return g_steal_pointer (&before);
  token = roll_redactor_apply (self, privacy, known, NULL);
  return ascii ? replace_ascii (text, known, token) : replace_wide (text, known, token);
}

static char *
redact_text (RollRedactor *self, const char *text, const RollComputer *computer)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  char *done = redact_patterns (self, valid);
  const RollFacts *facts = computer != NULL ? computer->facts : NULL;

  if (computer == NULL)
    return done;
  g_autofree char *first = g_strndup (computer->target, strcspn (computer->target, "."));
  const char *suffix = strchr (computer->target, '.');
  RollAddress address;

  done = replace_known (self, done, ROLL_PRIVATE_NAME, computer->target);
  if (!roll_address_parse (computer->target, &address))
    {
      done = replace_known (self, done, ROLL_PRIVATE_NAME, first);
      done = replace_known (self, done, ROLL_PRIVATE_DOMAIN, suffix != NULL ? suffix + 1 : NULL);
    }
  done = replace_known (self, done, ROLL_PRIVATE_ACCOUNT, computer->credential);
  if (computer->directory != NULL)
    done = replace_known (self, done, ROLL_PRIVATE_OU, computer->directory->ou);
  if (facts == NULL)
    return done;
  done = replace_known (self, done, ROLL_PRIVATE_NAME, facts->computer_name);
  done = replace_known (self, done, ROLL_PRIVATE_DOMAIN, facts->domain);
  return replace_known (self, done, ROLL_PRIVATE_SERIAL, facts->serial_number);
}

/* "10.1.2.3:135", "[fe80::1]:135", "name server 10.0.0.53:53"; a port is digits, and of words only ours stay. */
static void
add_peer (GString *out, RollRedactor *self, const char *text)
{
  static const char server[] = "name server ";
  const char *at = g_str_has_prefix (text, server) ? text + strlen (server) : text;
  const char *colon = strrchr (at, ':');
  gboolean bracketed = *at == '[' && colon != NULL && colon > at + 1 && colon[-1] == ']';
  gboolean port = colon != NULL && colon[1] != '\0' && colon[1 + strspn (colon + 1, "0123456789")] == '\0';
  g_autofree char *host = bracketed ? g_strndup (at + 1, (gsize) (colon - at) - 2) : g_strdup (at);
  RollAddress address;

  g_string_append_len (out, text, at - text);
  port = port && (bracketed || strchr (at, ':') == colon);
  if (port && !bracketed)
    host[colon - at] = '\0';
  if (roll_address_parse (host, &address))
    add_address (out, self, &address);
  else
    add_name (out, self, host);
  if (port)
    g_string_append (out, colon);
}

/* --- Details -------------------------------------------------------------------------------------------- */

/* The facts of a step that tell nothing of who and where: numbers and words of ours. */
static const char *const plain_facts[] = {
  "again", "asked", "auth", "build", "by", "class", "classes", "clock", "connecting", "errno", "icmp", "level", "neighbour",
  "outcome", "package", "port", "protocol", "protocols", "rcode", "reason", "refused", "route", "rows", "scope", "skew",
  "status", "tries", "until", "waited", "watchdog", NULL,
};

static void
add_fact (GString *out, RollRedactor *self, const char *fact)
{
  const char *equals = strchr (fact, '=');
  g_autofree char *key = g_strndup (fact, equals != NULL ? (gsize) (equals - fact) : 0);
  const char *value = equals != NULL ? equals + 1 : fact;
  RollAddress address;

  if (equals != NULL && g_strv_contains (plain_facts, key))
    {
      g_autofree char *clean = redact_patterns (self, value);

      g_string_append_printf (out, "%s=%s", key, clean);
      return;
    }
  if (equals != NULL)
    g_string_append_printf (out, "%s=", key);
  if (*value == '\0')
    return;
  if (roll_address_parse (value, &address))
    add_address (out, self, &address);
  else if (g_str_equal (key, "credential"))
    add_text_token (out, self, "account", value);
  else if (g_str_equal (key, "account") || g_str_equal (key, "user"))
    add_text_token (out, self, "user", value);
  else if (g_str_equal (key, "name") || g_str_equal (key, "computer") || g_str_equal (key, "server"))
    add_name (out, self, value);
  else if (g_str_equal (key, "domain") || g_str_equal (key, "realm"))
    add_text_token (out, self, "domain", value);
  else
    add_text_token (out, self, "hidden", value);
}

static void
add_detail (GString *out, RollRedactor *self, const char *text)
{
  g_auto (GStrv) facts = g_strsplit (text, " ", -1);

  for (guint i = 0; facts[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (out, ' ');
      add_fact (out, self, facts[i]);
    }
}

/* Accounts that every Windows has tell nothing. */
static gboolean
is_of_windows (const char *account)
{
  return g_ascii_strcasecmp (account, "LocalSystem") == 0 || g_ascii_strncasecmp (account, "NT AUTHORITY\\", 13) == 0 ||
         g_ascii_strncasecmp (account, "NT SERVICE\\", 11) == 0;
}

char *
roll_redactor_apply (RollRedactor *self, RollPrivacy privacy, const char *text, const RollComputer *computer)
{
  GString *out;

  if (text == NULL || *text == '\0' || privacy == ROLL_PRIVATE_NOT)
    return g_strdup (text);
  if (privacy == ROLL_PRIVATE_TEXT)
    return redact_text (self, text, computer);
  if (privacy == ROLL_PRIVATE_USER && is_of_windows (text))
    return g_strdup (text);
  out = g_string_new (NULL);
  switch (privacy)
    {
    case ROLL_PRIVATE_NAME:
      add_name (out, self, text);
      break;
    case ROLL_PRIVATE_ADDRESS:
      add_peer (out, self, text);
      break;
    case ROLL_PRIVATE_DOMAIN:
      add_text_token (out, self, "domain", text);
      break;
    case ROLL_PRIVATE_OU:
      add_text_token (out, self, "ou", text);
      break;
    case ROLL_PRIVATE_USER:
      add_text_token (out, self, "user", text);
      break;
    case ROLL_PRIVATE_SERIAL:
      add_text_token (out, self, "serial", text);
      break;
    case ROLL_PRIVATE_ACCOUNT:
      add_text_token (out, self, "account", text);
      break;
    case ROLL_PRIVATE_DETAIL:
      add_detail (out, self, text);
      break;
    case ROLL_PRIVATE_NOT:
    case ROLL_PRIVATE_TEXT:
    case ROLL_PRIVATE_OTHER:
    default:
      add_text_token (out, self, "hidden", text);
      break;
    }
  return g_string_free (out, FALSE);
}
