/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-search.h"

#include <string.h>

#include "directory/roll-directory-error.h"

#define PAGE_MS (130 * 1000) /* a domain controller gives up a question after two minutes by itself */
#define PAGE_BYTES_MAX (32 * 1024 * 1024)
#define EMPTY_PAGES_MAX 1000
#define DN_BYTES_MAX 4096
#define VALUE_BYTES_MAX 4096
#define REFERRALS_MAX 1000 /* of one page */

typedef struct
{
  const RollDirectorySearch *search;
  RollDirectoryConnection *connection;
  RollDirectoryWait *wait;
  struct berval *cookie; /* (nullable): where the next page begins */
  guint n_rows;          /* of the page */
  guint n_referrals;
  int code;
  gboolean too_much;
} Page;

/* --- What is in a page -------------------------------------------------------------------------------------------- */

static char *
take_text (const struct berval *value, gsize max)
{
  if (value->bv_len > max || memchr (value->bv_val, '\0', value->bv_len))
    return NULL;
  return g_strndup (value->bv_val, value->bv_len);
}

static void
read_values (Page *page, LDAPMessage *entry, RollDirectoryRow *row)
{
  for (guint i = 0; page->search->attributes[i]; i++)
    {
      struct berval **values = ldap_get_values_len (page->connection->ldap, entry, page->search->attributes[i]);

      if (values && values[0])
        row->values[i] = take_text (values[0], VALUE_BYTES_MAX);
      ldap_value_free_len (values);
    }
}

static void
read_row (Page *page, LDAPMessage *entry)
{
  RollDirectoryRow row = { 0 };
  struct berval name = { 0 };
  BerElement *rest = NULL;

  if (ldap_get_dn_ber (page->connection->ldap, entry, &rest, &name) == LDAP_SUCCESS && name.bv_len > 0)
    row.dn = take_text (&name, DN_BYTES_MAX);
  ber_free (rest, 0);
  page->n_rows++;
  if (row.dn && g_utf8_validate (row.dn, -1, NULL))
    {
      read_values (page, entry, &row);
      page->too_much = !page->search->on_row (&row, page->search->user_data);
    }
  g_free (row.dn);
  for (guint i = 0; i < ROLL_DIRECTORY_ATTRIBUTES_MAX; i++)
    g_free (row.values[i]);
}

static void
read_referral (Page *page, LDAPMessage *message)
{
  char **urls = NULL;

  page->too_much = ++page->n_referrals > REFERRALS_MAX;
  if (ldap_parse_reference (page->connection->ldap, message, &urls, NULL, FALSE) == LDAP_SUCCESS && urls && urls[0] &&
      page->search->on_referral)
    page->search->on_referral (urls[0], page->search->user_data);
  ldap_memvfree ((void **) urls);
}

static gboolean
read_end (Page *page, LDAPMessage *message, GError **error)
{
  LDAP *ldap = page->connection->ldap;
  LDAPControl **controls = NULL;
  LDAPControl *control;
  struct berval cookie = { 0 };
  char *text = NULL;
  ber_int_t estimate;
  gboolean good = ldap_parse_result (ldap, message, &page->code, NULL, &text, NULL, &controls, FALSE) == LDAP_SUCCESS;

  g_clear_pointer (&page->cookie, ber_bvfree);
  control = controls ? ldap_control_find (LDAP_CONTROL_PAGEDRESULTS, controls, NULL) : NULL;
  if (control && ldap_parse_pageresponse_control (ldap, control, &estimate, &cookie) == LDAP_SUCCESS && cookie.bv_len > 0)
    page->cookie = ber_bvdup (&cookie);
  ldap_memfree (cookie.bv_val);
  ldap_controls_free (controls);
  if (!good)
    roll_directory_fail_protocol (error, page->wait->peer);
  else if (page->code != LDAP_SUCCESS)
    good = roll_directory_fail_search (error, page->wait->peer, page->search->base, page->code, text);
  ldap_memfree (text);
  return good;
}

/* --- Page by page ------------------------------------------------------------------------------------------------- */

static gboolean
ask (Page *page, int *ret_id, GError **error)
{
  LDAP *ldap = page->connection->ldap;
  LDAPControl *control = NULL;
  int code = ldap_create_page_control (ldap, ROLL_DIRECTORY_PAGE_SIZE, page->cookie, TRUE, &control);
  LDAPControl *controls[] = { control, NULL };

  roll_directory_wire_allow (page->connection->wire, PAGE_BYTES_MAX, page->wait);
  if (code == LDAP_SUCCESS)
    code = ldap_search_ext (ldap, page->search->base, LDAP_SCOPE_SUBTREE, page->search->filter,
                            (char **) page->search->attributes, FALSE, controls, NULL, NULL, 0, ret_id);
  if (control)
    ldap_control_free (control);
  return code == LDAP_SUCCESS || roll_directory_connection_fail (page->connection, page->wait, error);
}

/* FALSE: it failed; what has come is counted in @page. */
static gboolean
read_message (Page *page, int id, gboolean *ret_end, GError **error)
{
  LDAPMessage *message = roll_directory_connection_wait (page->connection, id, page->wait, error);
  gboolean good = TRUE;

  if (!message)
    return FALSE;
  *ret_end = FALSE;
  switch (ldap_msgtype (message))
    {
    case LDAP_RES_SEARCH_ENTRY:
      read_row (page, message);
      break;
    case LDAP_RES_SEARCH_REFERENCE:
      read_referral (page, message);
      break;
    case LDAP_RES_SEARCH_RESULT:
      *ret_end = TRUE;
      good = read_end (page, message, error);
      break;
    default:
      page->too_much = TRUE;
    }
  ldap_msgfree (message);
  return good && (!page->too_much || roll_directory_fail_protocol (error, page->wait->peer));
}

static gboolean
read_page (Page *page, GError **error)
{
  gboolean end = FALSE;
  int id;

  page->n_rows = 0;
  page->n_referrals = 0;
  roll_directory_wait_begin (page->wait, page->connection->server, PAGE_MS);
  if (!ask (page, &id, error))
    return FALSE;
  while (!end)
    if (!read_message (page, id, &end, error))
      return FALSE;
  if (page->search->on_page)
    page->search->on_page (page->search->user_data);
  return TRUE;
}

gboolean
roll_directory_search_run (const RollDirectorySearch *search, RollDirectoryConnection *connection, RollDirectoryWait *wait,
                           GError **error)
{
  Page page = { .search = search, .connection = connection, .wait = wait };
  guint n_empty = 0;
  gboolean good;

  do
    {
      good = read_page (&page, error);
      n_empty = page.n_rows > 0 ? 0 : n_empty + 1;
      if (good && n_empty > EMPTY_PAGES_MAX)
        good = roll_directory_fail_protocol (error, connection->server);
    }
  while (good && page.cookie);
  g_clear_pointer (&page.cookie, ber_bvfree);
  wait->peer = NULL;
  roll_directory_wire_allow (connection->wire, 0, NULL);
  return good;
}
