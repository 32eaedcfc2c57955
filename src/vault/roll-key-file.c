/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/roll-key-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GROUP "credential"
#define MAX_NAME 100 /* characters of a friendly name */
#define LONGEST_KEY 20 /* what is longer may be anything and is not repeated */

typedef enum
{
  USERNAME,
  PASSWORD,
  SCOPE,
  PROTOCOLS,
  N_KEYS,
} Key;

static const char *const key_names[N_KEYS] = { "username", "password", "scope", "protocols" };

typedef struct
{
  const char *path;
  guint line;
  GPtrArray *credentials;
  char *name;            /* of the group at hand; NULL before the first */
  guint name_line;
  char *values[N_KEYS];  /* all but the password */
  RollSecret *password;
} Parser;

G_GNUC_PRINTF (3, 4)
static gboolean
fail (Parser *parser, GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s, line %u: %s"), parser->path, parser->line, message);
  return FALSE;
}

/* --- Groups --------------------------------------------------------------------------------------------- */

static void
forget_group (Parser *parser)
{
  g_clear_pointer (&parser->name, g_free);
  g_clear_pointer (&parser->password, roll_secret_unref);
  for (guint i = 0; i < N_KEYS; i++)
    g_clear_pointer (&parser->values[i], g_free);
}

/* Tickets instead of a password must be meant. */
static gboolean
check_group (Parser *parser, GError **error)
{
  const char *protocols = parser->values[PROTOCOLS];

  if (parser->password == NULL && (protocols == NULL || g_ascii_strcasecmp (protocols, "kerberos") != 0))
    return fail (parser, error,
                 _("[credential %s] has no “password”. Add it, or write protocols=kerberos to use your own tickets "
                   "(kinit)."),
                 parser->name);
  if (parser->password != NULL && parser->values[USERNAME] == NULL)
    return fail (parser, error, _("[credential %s] has no “username”. Add username=DOMAIN\\user."), parser->name);
  return TRUE;
}

static RollCredential *
make_credential (Parser *parser, gboolean with_protocols, gboolean with_scope, GError **error)
{
  return roll_credential_new (parser->name, parser->values[USERNAME],
                              parser->password != NULL ? roll_secret_ref (parser->password) : NULL,
                              with_scope ? parser->values[SCOPE] : NULL,
                              with_protocols ? parser->values[PROTOCOLS] : NULL, error);
}

static gboolean
end_group (Parser *parser, GError **error)
{
  static const Key asked[] = { USERNAME, PROTOCOLS, SCOPE };
  guint line = parser->line;

  if (parser->name == NULL)
    return TRUE;
  parser->line = parser->name_line;
  if (!check_group (parser, error))
    return FALSE;
  /* One value more each time, so that a mistake can be laid to its key. */
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autoptr (GError) trouble = NULL;
      g_autoptr (RollCredential) credential = make_credential (parser, i > 0, i > 1, &trouble);

      if (credential == NULL)
        return fail (parser, error, _("[credential %s], “%s”: %s"), parser->name, key_names[asked[i]],
                     trouble->message);
      if (i + 1 == G_N_ELEMENTS (asked))
        g_ptr_array_add (parser->credentials, g_steal_pointer (&credential));
    }
  forget_group (parser);
  parser->line = line;
  return TRUE;
}

static gboolean
is_good_name (const char *name)
{
  if (*name == '\0' || g_utf8_strlen (name, -1) > MAX_NAME)
    return FALSE;
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return FALSE;
  return TRUE;
}

static gboolean
has_name (Parser *parser, const char *name)
{
  for (guint i = 0; i < parser->credentials->len; i++)
    if (strcmp (((RollCredential *) parser->credentials->pdata[i])->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* @text: what stands between the brackets */
static gboolean
begin_group (Parser *parser, const char *text, gsize length, GError **error)
{
  g_autofree char *name = NULL;

  if (!end_group (parser, error))
    return FALSE;
  if (length <= strlen (GROUP) || strncmp (text, GROUP, strlen (GROUP)) != 0 || !g_ascii_isspace (text[strlen (GROUP)]))
    return fail (parser, error, _("a group is written [credential NAME], with a name of your choice."));
  name = g_strstrip (g_strndup (text + strlen (GROUP), length - strlen (GROUP)));
  if (!is_good_name (name))
    return fail (parser, error, _("the name of a credential has 1 to %d characters, none of them a control character."),
                 MAX_NAME);
  if (has_name (parser, name))
    return fail (parser, error, _("there are two groups [credential %s]. Give each a name of its own."), name);
  parser->name = g_steal_pointer (&name);
  parser->name_line = parser->line;
  return TRUE;
}

/* --- Keys ----------------------------------------------------------------------------------------------- */

/* A password that slipped into the wrong place must not be repeated. */
static gboolean
fail_unknown_key (Parser *parser, const char *key, GError **error)
{
  gboolean telling = *key != '\0' && strlen (key) <= LONGEST_KEY && key[strspn (key, G_CSET_a_2_z G_CSET_A_2_Z "_-")] == '\0';

  if (telling)
    return fail (parser, error,
                 _("[credential %s]: there is no key “%s”. Known are username, password, scope and protocols."),
                 parser->name, key);
  return fail (parser, error,
               _("[credential %s]: no known key stands before the “=”. Known are username, password, scope and "
                 "protocols."),
               parser->name);
}

static gboolean
find_key (Parser *parser, const char *text, gsize length, Key *ret_key, GError **error)
{
  g_autofree char *key = g_strstrip (g_strndup (text, length));

  for (guint i = 0; i < N_KEYS; i++)
    if (strcmp (key_names[i], key) == 0)
      {
        *ret_key = (Key) i;
        return TRUE;
      }
  return fail_unknown_key (parser, key, error);
}

static gboolean
set_value (Parser *parser, Key key, const char *value, gsize length, GError **error)
{
  if (parser->values[key] != NULL || (key == PASSWORD && parser->password != NULL))
    return fail (parser, error, _("[credential %s]: “%s” is there twice."), parser->name, key_names[key]);
  if (length == 0)
    return fail (parser, error, _("[credential %s]: “%s” is empty. Give it a value, or leave the line out."),
                 parser->name, key_names[key]);
  if (key == PASSWORD)
    parser->password = roll_secret_new (value, length);
  else
    parser->values[key] = g_strndup (value, length);
  return TRUE;
}

/* Without a copy: the value may be the password. */
static void
strip (const char **text, gsize *length)
{
  for (; *length > 0 && g_ascii_isspace (**text); ++*text)
    --*length;
  while (*length > 0 && g_ascii_isspace ((*text)[*length - 1]))
    --*length;
}

static gboolean
parse_pair (Parser *parser, const char *text, gsize length, GError **error)
{
  const char *equals = memchr (text, '=', length);
  const char *value;
  gsize value_length;
  Key key = USERNAME;

  if (parser->name == NULL)
    return fail (parser, error, _("the file begins with a group: [credential NAME]."));
  if (equals == NULL)
    return fail (parser, error, _("[credential %s]: a line is written key=value."), parser->name);
  value = equals + 1;
  value_length = length - (gsize) (value - text);
  strip (&value, &value_length);
  return find_key (parser, text, (gsize) (equals - text), &key, error) &&
         set_value (parser, key, value, value_length, error);
}

static gboolean
parse_line (Parser *parser, const char *text, gsize length, GError **error)
{
  strip (&text, &length);
  if (length == 0 || *text == '#')
    return TRUE;
  if (*text != '[')
    return parse_pair (parser, text, length, error);
  if (text[length - 1] != ']')
    return fail (parser, error, _("a group is written [credential NAME], with a name of your choice."));
  return begin_group (parser, text + 1, length - 2, error);
}

/* --- The file ------------------------------------------------------------------------------------------- */

static gboolean
parse_all (Parser *parser, const char *text, gsize length, GError **error)
{
  const char *end = text + length;

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    text += 3;
  while (text < end)
    {
      const char *line_end = memchr (text, '\n', (gsize) (end - text));

      if (line_end == NULL)
        line_end = end;
      parser->line++;
      if (!g_utf8_validate_len (text, (gsize) (line_end - text), NULL))
        return fail (parser, error, _("this is not UTF-8 text. Save the file as UTF-8."));
      if (!parse_line (parser, text, (gsize) (line_end - text), error))
        return FALSE;
      text = line_end + 1;
    }
  if (!end_group (parser, error))
    return FALSE;
  if (parser->credentials->len > 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _("%s has no credential. Write [credential NAME], and below it username= and password=."), parser->path);
  return FALSE;
}

static GPtrArray *
parse (const char *path, const RollSecret *content, GError **error)
{
  Parser parser = {
    .path = path,
    .credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref),
  };
  gboolean good = parse_all (&parser, roll_secret_text (content), roll_secret_length (content), error);

  forget_group (&parser);
  if (!good)
    g_clear_pointer (&parser.credentials, g_ptr_array_unref);
  return parser.credentials;
}

static gboolean
set_error_errno (GError **error, const char *path, int code)
{
  if (code == ELOOP)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _("%s is a symbolic link. Name the file with the credentials itself."), path);
  else
    g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (code), _("%s could not be read: %s."), path,
                 g_strerror (code));
  return FALSE;
}

/* Who else may read it? The one who owns it, and those its mode lets. */
static gboolean
check_private (int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0)
    return set_error_errno (error, path, errno);
  if (S_ISDIR (info.st_mode))
    return set_error_errno (error, path, EISDIR);
  if (!S_ISREG (info.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 _("%s is no regular file. Credentials are read from a file of yours only."), path);
  else if ((info.st_mode & 077) != 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 _("%s can be read or changed by others (mode %04o), so it is not used. Close it: chmod 600 %s"), path,
                 (guint) info.st_mode & 07777, path);
  else if (info.st_uid != geteuid () && geteuid () != 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 _("%s belongs to somebody else, so it is not used. Make a file of your own."), path);
  else
    return TRUE;
  return FALSE;
}

static RollSecret *
read_secret (int fd, const char *path, GError **error)
{
  char buffer[ROLL_KEY_FILE_MAX + 1];
  RollSecret *content = NULL;
  gsize length = 0;
  gssize n;

  do
    {
      n = read (fd, buffer + length, sizeof buffer - length);
      length += n > 0 ? (gsize) n : 0;
    }
  while ((n > 0 && length < sizeof buffer) || (n < 0 && errno == EINTR));
  if (n < 0)
    set_error_errno (error, path, errno);
  else if (length > ROLL_KEY_FILE_MAX)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("%s is too long for a file of credentials."), path);
  else
    content = roll_secret_new (buffer, length);
  explicit_bzero (buffer, sizeof buffer);
  return content;
}

GPtrArray *
roll_key_file_read (const char *path, GError **error)
{
  g_autoptr (RollSecret) content = NULL;
  g_autofree char *shown = NULL;
  int fd;

  g_return_val_if_fail (path != NULL, NULL);

  shown = g_filename_display_name (path);
  /* A pipe without a writer must not hold us up. */
  fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      set_error_errno (error, shown, errno);
      return NULL;
    }
  if (check_private (fd, shown, error))
    content = read_secret (fd, shown, error);
  close (fd);
  return content != NULL ? parse (shown, content, error) : NULL;
}
