/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wmi-server-private.h"

#define OXID 0x1122334455667788
#define MAX_COLUMNS 32
#define REFS 5
#define E_NOINTERFACE 0x80004002
#define WBEM_E_NOT_FOUND 0x80041002
#define WBEM_E_INVALID_NAMESPACE 0x8004100e
#define WBEM_E_TYPE_MISMATCH 0x80041005
#define WBEM_E_INVALID_CLASS 0x80041010

/* An IPID says what it is of, and which one. */
typedef enum
{
  IPID_REM_UNKNOWN = 1,
  IPID_LOGIN,
  IPID_CIMV2,
  IPID_DEFAULT,
  IPID_ENUMERATOR,
  IPID_FETCH,
  IPID_SMART,
} IpidKind;

static const struct
{
  const RollUuid *iid;
  const char *name;
} interfaces[] = {
  { &ROLL_IID_OBJECT_EXPORTER, "IObjectExporter" },
  { &ROLL_IID_SCM_ACTIVATOR, "IRemoteSCMActivator" },
  { &ROLL_IID_ACTIVATION, "IActivation" },
  { &ROLL_IID_WBEM_LEVEL1_LOGIN, "IWbemLevel1Login" },
  { &ROLL_IID_WBEM_SERVICES, "IWbemServices" },
  { &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, "IEnumWbemClassObject" },
  { &ROLL_IID_REM_UNKNOWN, "IRemUnknown" },
  { &ROLL_IID_REM_UNKNOWN2, "IRemUnknown2" },
  { &ROLL_IID_WBEM_FETCH_SMART_ENUM, "IWbemFetchSmartEnum" },
  { &ROLL_IID_WBEM_WCO_SMART_ENUM, "IWbemWCOSmartEnum" },
};

static gboolean
is (const RollUuid *a, const RollUuid *b)
{
  return roll_uuid_equal (a, b);
}

gboolean
wmi_server_offers (WmiServerConnection *connection, const RollUuid *iid)
{
  const WmiServer *self = connection->server;
  gboolean smart = is (iid, &ROLL_IID_WBEM_FETCH_SMART_ENUM) || is (iid, &ROLL_IID_WBEM_WCO_SMART_ENUM);

  if (!connection->object)
    return (is (iid, &ROLL_IID_OBJECT_EXPORTER) && !self->plan.no_exporter)
           || (is (iid, &ROLL_IID_SCM_ACTIVATOR) && !self->plan.no_activator && !self->plan.old_activator)
           || (is (iid, &ROLL_IID_ACTIVATION) && !self->plan.no_activator);
  for (guint i = 3; i < G_N_ELEMENTS (interfaces); i++)
    if (is (iid, interfaces[i].iid))
      return !smart || !self->plan.late_interfaces || self->smart_asked;
  return FALSE;
}

void
wmi_server_note (WmiServer *self, const RollAcceptorCall *call, const char *detail)
{
  const char *name = "";

  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    if (is (&call->interface.uuid, interfaces[i].iid))
      name = interfaces[i].name;
  g_ptr_array_add (self->calls, g_strdup_printf ("%s %u%s%s", name, call->opnum, detail != NULL ? " " : "",
                                                 detail != NULL ? detail : ""));
}

/* --- Classes ----------------------------------------------------------------------------------------------------- */

static RollWmiClass *
parameters (const RollWmiPropertySpec *first, const RollWmiPropertySpec *second)
{
  RollWmiPropertySpec specs[2] = { *first };

  if (second != NULL)
    specs[1] = *second;
  return roll_wmi_class_new ("__PARAMETERS", "", specs, second != NULL ? 2 : 1);
}

static void
add_method (RollWmiClass *klass, const char *name, const char *result, guint16 type)
{
  static const RollWmiPropertySpec in[] = { { "hDefKey", ROLL_CIM_UINT32, FALSE, NULL },
                                            { "sSubKeyName", ROLL_CIM_STRING, FALSE, NULL },
                                            { "sValueName", ROLL_CIM_STRING, FALSE, NULL } };
  static const RollWmiPropertySpec number = { "ReturnValue", ROLL_CIM_UINT32, FALSE, NULL };
  const RollWmiPropertySpec spec = { result, type, FALSE, NULL };

  roll_wmi_class_add_method (klass, name,
                             roll_wmi_class_new ("__PARAMETERS", "", in, strcmp (name, "EnumKey") == 0 ? 2 : 3),
                             parameters (&spec, &number));
}

static void
add_list_method (RollWmiClass *klass)
{
  static const RollWmiPropertySpec in[] = { { "hDefKey", ROLL_CIM_UINT32, FALSE, NULL },
                                            { "sSubKeyName", ROLL_CIM_STRING, FALSE, NULL } };
  static const RollWmiPropertySpec out[] = { { "sNames", ROLL_CIM_STRING | ROLL_CIM_ARRAY, FALSE, NULL },
                                             { "Types", ROLL_CIM_SINT32 | ROLL_CIM_ARRAY, FALSE, NULL },
                                             { "ReturnValue", ROLL_CIM_UINT32, FALSE, NULL } };

  roll_wmi_class_add_method (klass, "EnumValues", roll_wmi_class_new ("__PARAMETERS", "", in, G_N_ELEMENTS (in)),
                             roll_wmi_class_new ("__PARAMETERS", "", out, G_N_ELEMENTS (out)));
}

static RollWmiClass *
make_row_class (guint n_columns)
{
  static const RollWmiPropertySpec first[] = { { "Name", ROLL_CIM_STRING, TRUE, NULL },
                                               { "Size", ROLL_CIM_UINT64, FALSE, NULL },
                                               { "Nothing", ROLL_CIM_STRING, FALSE, NULL } };
  RollWmiPropertySpec specs[G_N_ELEMENTS (first) + MAX_COLUMNS];
  char names[MAX_COLUMNS][16];

  g_assert_cmpuint (n_columns, <=, MAX_COLUMNS);
  memcpy (specs, first, sizeof first);
  for (guint i = 0; i < n_columns; i++)
    {
      g_snprintf (names[i], sizeof names[i], "Column%u", i);
      specs[G_N_ELEMENTS (first) + i] = (RollWmiPropertySpec) { names[i], ROLL_CIM_STRING, FALSE, NULL };
    }
  return roll_wmi_class_new ("Practice_Row", "", specs, G_N_ELEMENTS (first) + n_columns);
}

void
wmi_server_make_classes (WmiServer *self)
{
  RollWmiClass *registry = roll_wmi_class_new ("StdRegProv", "", NULL, 0);

  self->row_class = make_row_class (self->plan.n_columns);
  add_method (registry, "EnumKey", "sNames", ROLL_CIM_STRING | ROLL_CIM_ARRAY);
  add_method (registry, "GetStringValue", "sValue", ROLL_CIM_STRING);
  add_method (registry, "GetExpandedStringValue", "sValue", ROLL_CIM_STRING);
  add_method (registry, "GetDWORDValue", "uValue", ROLL_CIM_UINT32);
  add_method (registry, "GetMultiStringValue", "sValue", ROLL_CIM_STRING | ROLL_CIM_ARRAY);
  if (self->plan.lists_values)
    add_list_method (registry);
  self->registry_class = roll_wmi_object_new_class (registry, "PC1", "ROOT\\DEFAULT");
  roll_wmi_class_unref (registry);
}

void
wmi_server_free_classes (WmiServer *self)
{
  roll_wmi_class_unref (self->row_class);
  roll_wmi_object_unref (self->registry_class);
}

/* --- The endpoint mapper ----------------------------------------------------------------------------------------- */

static RollComVersion
version_of (const WmiServer *self)
{
  return self->plan.version.major != 0 ? self->plan.version : (RollComVersion) { 5, 7 };
}

static void
answer_alive (WmiServerAnswer *answer)
{
  g_auto (RollServerAlive) alive = { .version = version_of (answer->connection->server), .status = answer->result };

  roll_dual_strings_init (&alive.strings);
  roll_dual_strings_add (&alive.strings, ROLL_TOWER_TCP, "PC1");
  roll_dual_strings_add (&alive.strings, ROLL_TOWER_TCP, "10.99.99.99");
  roll_orpc_put_server_alive (&answer->out, &alive);
}

static RollUuid
make_ipid (IpidKind kind, guint32 number)
{
  RollUuid ipid = { { 0 } };

  ipid.bytes[0] = (guint8) kind;
  memcpy (ipid.bytes + 4, &number, sizeof number);
  ipid.bytes[15] = 0xcc;
  return ipid;
}

static void
add_bindings (WmiServer *self, RollDualStrings *strings)
{
  static const char *const own[] = { "PC1[%u]", "127.0.0.1[%u]", NULL };
  const char *const *bindings = self->plan.bindings != NULL ? self->plan.bindings : own;

  roll_dual_strings_add (strings, 15, "\\\\PC1[\\PIPE\\atsvc]");
  for (; *bindings != NULL; bindings++)
    {
      g_auto (GStrv) parts = g_strsplit (*bindings, "%u", 2);
      g_autofree char *text = g_strdup_printf ("%s%u%s", parts[0], self->object_port, parts[1] != NULL ? parts[1] : "");

      roll_dual_strings_add (strings, ROLL_TOWER_TCP, parts[1] != NULL ? text : *bindings);
    }
  roll_dual_strings_add_security (strings, 10);
}

static void
answer_activation (WmiServerAnswer *answer, gboolean older)
{
  WmiServer *self = answer->connection->server;
  RollActivation activation = { 0 };
  g_auto (RollActivated) activated = { .oxid = OXID,
                                       .oid = IPID_LOGIN,
                                       .ipid_rem_unknown = make_ipid (IPID_REM_UNKNOWN, 0),
                                       .ipid = make_ipid (IPID_LOGIN, 0),
                                       .public_refs = REFS,
                                       .authn_hint = 4,
                                       .version = version_of (self),
                                       .hresult = answer->result };

  if (older)
    roll_orpc_read_remote_activation (&answer->in, &activation);
  else
    roll_orpc_read_create_instance (&answer->in, &activation);
  g_assert_true (is (&activation.clsid, &ROLL_CLSID_WBEM_LEVEL1_LOGIN));
  g_assert_true (is (&activation.iid, &ROLL_IID_WBEM_LEVEL1_LOGIN));
  self->version = activation.version.minor;
  roll_dual_strings_init (&activated.bindings);
  add_bindings (self, &activated.bindings);
  if (answer->result == 0)
    self->references += REFS;
  if (older)
    roll_orpc_put_remote_activation_answer (&answer->out, &activated, &activation.iid);
  else
    roll_orpc_put_create_instance_answer (&answer->out, &activated, &activation.iid);
}

/* Every object that lives is to be in the set. */
static void
answer_complex_ping (WmiServerAnswer *answer)
{
  guint64 set = 0;
  guint n = 0;

  roll_orpc_read_complex_ping (&answer->in, &set, &n);
  g_assert_cmpuint (n, >, 0);
  roll_orpc_put_complex_ping_answer (&answer->out, set != 0 ? set : 4711, 0);
}

static void
answer_simple_ping (WmiServerAnswer *answer)
{
  guint64 set = 0;

  roll_orpc_read_simple_ping (&answer->in, &set);
  g_assert_cmpuint (set, ==, 4711);
  roll_writer_u32 (&answer->out, 0);
}

gboolean
wmi_server_answer_mapper (WmiServerAnswer *answer)
{
  const RollAcceptorCall *call = answer->call;
  WmiServer *self = answer->connection->server;
  gboolean exporter = is (&call->interface.uuid, &ROLL_IID_OBJECT_EXPORTER);

  wmi_server_note (self, call, exporter && call->ticket.security != NULL ? "logged on" : NULL);
  if (exporter && call->opnum == ROLL_OPNUM_SERVER_ALIVE2)
    answer_alive (answer);
  else if (exporter && call->ticket.security != NULL && self->plan.no_pings)
    answer->connection->closing = TRUE;
  else if (exporter && call->opnum == ROLL_OPNUM_COMPLEX_PING)
    answer_complex_ping (answer);
  else if (exporter && call->opnum == ROLL_OPNUM_SIMPLE_PING)
    answer_simple_ping (answer);
  else if (!exporter && call->opnum == (is (&call->interface.uuid, &ROLL_IID_ACTIVATION) ? 0 : 4))
    answer_activation (answer, is (&call->interface.uuid, &ROLL_IID_ACTIVATION));
  else
    return FALSE;
  return TRUE;
}

/* --- Interfaces -------------------------------------------------------------------------------------------------- */

static RollStdObjref
hand_out (WmiServer *self, IpidKind kind, guint32 number)
{
  RollStdObjref std = { .public_refs = REFS, .oxid = OXID, .ipid = make_ipid (kind, number) };

  std.oid = ((guint64) (kind == IPID_FETCH || kind == IPID_SMART ? IPID_ENUMERATOR : kind) << 32) | number;
  self->references += REFS;
  return std;
}

static void
put_interface (WmiServerAnswer *answer, const RollUuid *iid, IpidKind kind, guint32 number)
{
  WmiServer *self = answer->connection->server;
  g_auto (RollDualStrings) strings = { 0 };
  RollStdObjref std = { 0 };

  roll_dual_strings_init (&strings);
  roll_dual_strings_add (&strings, ROLL_TOWER_TCP, "PC1");
  if (answer->result == 0)
    std = hand_out (self, kind, number);
  roll_wbem_put_interface_answer (&answer->out, iid, answer->result == 0 ? &std : NULL, &strings, answer->result);
}

static guint32
number_of (const RollUuid *ipid)
{
  guint32 number;

  memcpy (&number, ipid->bytes + 4, sizeof number);
  return number;
}

static void
answer_query_interface (WmiServerAnswer *answer)
{
  WmiServer *self = answer->connection->server;
  RollOrpcThis header;
  RollStdObjref std;
  RollUuid ipid, iid;

  roll_orpc_read_rem_query_interface (&answer->in, &header, &ipid, &iid);
  g_assert_true (is (&iid, &ROLL_IID_WBEM_FETCH_SMART_ENUM));
  g_assert_true (ipid.bytes[0] == IPID_ENUMERATOR || self->plan.mutations != 0);
  wmi_server_note (self, answer->call, "IWbemFetchSmartEnum");
  if (self->plan.no_smart)
    answer->result = E_NOINTERFACE;
  self->smart_asked = TRUE;
  if (answer->result == 0)
    std = hand_out (self, IPID_FETCH, number_of (&ipid));
  roll_orpc_put_rem_query_interface_answer (&answer->out, answer->result, answer->result == 0 ? &std : NULL);
}

static void
answer_release (WmiServerAnswer *answer)
{
  WmiServer *self = answer->connection->server;
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (RollRemRef));
  RollOrpcThis header;

  roll_orpc_read_rem_release (&answer->in, &header, refs);
  wmi_server_note (self, answer->call, NULL);
  for (guint i = 0; i < refs->len; i++)
    self->references -= g_array_index (refs, RollRemRef, i).public_refs;
  roll_orpc_put_plain_answer (&answer->out, answer->result);
}

static void
answer_login (WmiServerAnswer *answer)
{
  WmiServer *self = answer->connection->server;
  g_autofree char *path = NULL;
  RollOrpcThis header;
  gboolean cimv2;

  roll_wbem_read_ntlm_login (&answer->in, &header, &path);
  g_assert_cmpint (answer->call->object.bytes[0], ==, IPID_LOGIN);
  self->version = header.version.minor;
  wmi_server_note (self, answer->call, path);
  cimv2 = strcmp (path, "//./root/cimv2") == 0;
  if (!cimv2 && strcmp (path, "//./root/default") != 0)
    answer->result = WBEM_E_INVALID_NAMESPACE;
  put_interface (answer, &ROLL_IID_WBEM_SERVICES, cimv2 ? IPID_CIMV2 : IPID_DEFAULT, 0);
}

/* --- Queries ----------------------------------------------------------------------------------------------------- */

static void
answer_exec_query (WmiServerAnswer *answer)
{
  WmiServer *self = answer->connection->server;
  WmiServerRows rows = { .not_yet = self->plan.not_yet };
  g_autofree char *query = NULL;
  RollOrpcThis header;
  guint32 flags;

  roll_wbem_read_exec_query (&answer->in, &header, &query, &flags);
  g_assert_cmphex (flags, ==, ROLL_WBEM_QUERY_FLAGS);
  wmi_server_note (self, answer->call, NULL);
  rows.smart = roll_smart_writer_new (self->rows->len);
  g_array_append_val (self->rows, rows);
  put_interface (answer, &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, IPID_ENUMERATOR, self->rows->len - 1);
}

static RollWmiObject *
make_row (WmiServer *self, guint i)
{
  RollWmiObject *row = roll_wmi_object_new_instance (self->row_class, "PC1", "ROOT\\CIMV2");
  g_autofree char *name = g_strdup_printf ("Row %u “ü”", i);

  g_assert_true (roll_wmi_object_set_text (row, "Name", name));
  g_assert_true (roll_wmi_object_set_uint (row, "Size", G_MAXUINT64 - i));
  for (guint column = 0; column < self->plan.n_columns; column++)
    {
      char property[16];

      g_snprintf (property, sizeof property, "Column%u", column);
      g_assert_true (roll_wmi_object_set_text (row, property, "A text of the length that many have"));
    }
  return row;
}

/* Returns: what there is for one answer; *@ret_hresult says whether more will come */
static GPtrArray *
take_rows (WmiServerAnswer *answer, WmiServerRows *rows, guint32 timeout_ms, guint32 count, guint32 *ret_hresult)
{
  WmiServer *self = answer->connection->server;
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  guint most = self->plan.rows_at_once > 0 ? MIN (count, self->plan.rows_at_once) : count;
  guint last = self->plan.endless ? G_MAXUINT : self->plan.n_rows;

  if (rows->not_yet > 0)
    {
      rows->not_yet -= rows->not_yet != G_MAXUINT;
      answer->wait_ms = self->plan.waits_not_yet ? timeout_ms : 0;
      *ret_hresult = ROLL_WBEM_S_TIMEDOUT;
      return objects;
    }
  rows->not_yet = self->plan.not_yet;
  for (; objects->len < most && rows->sent < last; rows->sent++)
    g_ptr_array_add (objects, make_row (self, rows->sent));
  *ret_hresult = objects->len == count ? 0 : ROLL_WBEM_S_TIMEDOUT;
  if (rows->sent == last && (!self->plan.rows_with_s_ok || objects->len == 0))
    *ret_hresult = ROLL_WBEM_S_FALSE;
  return objects;
}

static WmiServerRows *
rows_of (WmiServerAnswer *answer)
{
  return &g_array_index (answer->connection->server->rows, WmiServerRows, number_of (&answer->call->object));
}

static void
answer_next (WmiServerAnswer *answer)
{
  g_autoptr (GPtrArray) objects = NULL;
  g_autoptr (GArray) units = g_array_new (FALSE, FALSE, sizeof (RollWbemObject));
  g_auto (RollWriter) bytes = { 0 };
  guint32 timeout_ms, count, hresult;
  RollOrpcThis header;
  gsize *ends;

  roll_wbem_read_enum_next (&answer->in, &header, &timeout_ms, &count);
  wmi_server_note (answer->connection->server, answer->call, NULL);
  g_assert_cmpuint (timeout_ms, <=, 30000);
  objects = take_rows (answer, rows_of (answer), timeout_ms, count, &hresult);
  roll_writer_init (&bytes, 1 << 24);
  ends = g_new (gsize, objects->len + 1);
  for (guint i = 0; i < objects->len; i++)
    {
      roll_wmio_encode (&bytes, g_ptr_array_index (objects, i));
      ends[i] = bytes.length;
    }
  for (guint i = 0; i < objects->len; i++)
    {
      gsize start = i > 0 ? ends[i - 1] : 0;
      const RollWbemObject unit = { bytes.data + start, ends[i] - start };

      g_array_append_val (units, unit);
    }
  if (answer->result != 0)
    g_array_set_size (units, 0);
  roll_wbem_put_next_answer (&answer->out, (const RollWbemObject *) (gpointer) units->data, units->len, count,
                             answer->result != 0 ? answer->result : hresult);
  g_free (ends);
}

static void
answer_smart_next (WmiServerAnswer *answer)
{
  WmiServerRows *rows = rows_of (answer);
  g_autoptr (GPtrArray) objects = NULL;
  g_auto (RollWriter) buffer = { 0 };
  guint32 timeout_ms, count, hresult;
  RollOrpcThis header;
  RollUuid proxy;

  roll_wbem_read_smart_next (&answer->in, &header, &proxy, &timeout_ms, &count);
  wmi_server_note (answer->connection->server, answer->call, NULL);
  g_assert_cmpuint (timeout_ms, <=, 30000);
  objects = take_rows (answer, rows, timeout_ms, count, &hresult);
  if (answer->result != 0)
    {
      g_ptr_array_set_size (objects, 0);
      hresult = answer->result;
    }
  roll_writer_init (&buffer, 1 << 24);
  if (objects->len > 0)
    roll_smart_writer_put (rows->smart, &buffer, (RollWmiObject *const *) (gpointer) objects->pdata, objects->len);
  roll_wbem_put_smart_answer (&answer->out, objects->len, buffer.length > 0 ? buffer.data : NULL, buffer.length,
                              hresult);
}

/* --- The registry ------------------------------------------------------------------------------------------------ */

static void
answer_get_object (WmiServerAnswer *answer)
{
  WmiServer *self = answer->connection->server;
  g_autofree char *path = NULL;
  g_auto (RollWriter) object = { 0 };
  RollOrpcThis header;

  roll_wbem_read_get_object (&answer->in, &header, &path);
  wmi_server_note (self, answer->call, path);
  roll_writer_init (&object, 1 << 20);
  if (strcmp (path, "StdRegProv") != 0 && answer->result == 0)
    answer->result = WBEM_E_NOT_FOUND;
  if (answer->result == 0)
    roll_wmio_encode (&object, self->registry_class);
  roll_wbem_put_object_answer (&answer->out, object.length > 0 ? object.data : NULL, object.length, answer->result);
}

static void
set_texts (RollWmiObject *out, const char *name, const char *key, guint n)
{
  g_autofree RollCimValue *items = g_new0 (RollCimValue, n);
  RollCimArray array = { n, items };
  const RollCimValue value = { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .array = &array };

  for (guint i = 0; i < n; i++)
    items[i] = (RollCimValue) { .type = ROLL_CIM_STRING, .text = g_strdup_printf ("%s-%u", key, i) };
  g_assert_true (roll_wmi_object_set (out, name, &value));
  for (guint i = 0; i < n; i++)
    g_free (items[i].text);
}

/* "NAME", which is expanded, and "Number"; of a key "odd…" without their types. */
static void
list_values (RollWmiObject *out, const char *key)
{
  RollCimValue names[] = { { .type = ROLL_CIM_STRING, .text = (char *) "NAME" },
                           { .type = ROLL_CIM_STRING, .null = TRUE },
                           { .type = ROLL_CIM_STRING, .text = (char *) "Number" } };
  RollCimValue types[] = { { .type = ROLL_CIM_SINT32, .sint = 2 },
                           { .type = ROLL_CIM_SINT32, .sint = 1 },
                           { .type = ROLL_CIM_SINT32, .sint = 4 } };
  RollCimArray names_array = { 3, names }, types_array = { g_str_has_prefix (key, "odd") ? 2 : 3, types };
  const RollCimValue names_value = { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .array = &names_array };
  const RollCimValue types_value = { .type = ROLL_CIM_SINT32 | ROLL_CIM_ARRAY, .array = &types_array };

  g_assert_true (roll_wmi_object_set (out, "sNames", &names_value));
  g_assert_true (roll_wmi_object_set (out, "Types", &types_value));
}

/* A value's own number is the return value: "Value" is there, "Expanded" is of another type, what is not named is not there. */
static guint32
fill_out (RollWmiObject *out, const char *method, const char *key, const char *name)
{
  g_autofree char *text = g_strdup_printf ("%s of %s", name, key);

  if (g_str_has_prefix (key, "denied") || g_strcmp0 (name, "Denied") == 0)
    return 5;
  if (g_str_has_prefix (key, "missing") || g_strcmp0 (name, "Missing") == 0)
    return 2;
  if (g_str_has_prefix (key, "broken"))
    return 1018;
  if (strcmp (method, "EnumKey") == 0)
    set_texts (out, "sNames", key, (guint) g_ascii_strtoull (key, NULL, 10));
  else if (strcmp (method, "EnumValues") == 0)
    list_values (out, key);
  else if (strcmp (method, "GetStringValue") == 0 && g_strcmp0 (name, "Expanded") == 0)
    return WBEM_E_TYPE_MISMATCH;
  else if (strcmp (method, "GetDWORDValue") == 0)
    g_assert_true (roll_wmi_object_set_uint (out, "uValue", 0xffffffff));
  else if (strcmp (method, "GetMultiStringValue") == 0)
    set_texts (out, "sValue", key, 3);
  else
    g_assert_true (roll_wmi_object_set_text (out, "sValue", text));
  return 0;
}

static const char *
text_of (const RollWmiObject *object, const char *name)
{
  const RollCimValue *value = roll_wmi_object_get (object, name);

  return value != NULL && !value->null ? value->text : NULL;
}

static void
answer_exec_method (WmiServerAnswer *answer)
{
  WmiServer *self = answer->connection->server;
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autoptr (RollWmiObject) in = NULL;
  g_autoptr (RollWmiObject) out = NULL;
  g_auto (RollWriter) bytes = { 0 };
  const RollWmiMethod *method;
  const guint8 *unit = NULL;
  const char *problem = NULL;
  RollOrpcThis header;
  gsize length = 0;
  guint32 number;

  roll_wbem_read_exec_method (&answer->in, &header, &path, &name, &unit, &length);
  g_assert_cmpstr (path, ==, "StdRegProv");
  g_assert_cmpint (answer->call->object.bytes[0], ==, IPID_DEFAULT);
  wmi_server_note (self, answer->call, name);
  method = roll_wmi_class_find_method (roll_wmi_object_get_class (self->registry_class), name);
  g_assert_nonnull (method);
  in = roll_wmio_decode (unit, length, &problem);
  if (self->plan.mutations != 0 && (in == NULL || text_of (in, "sSubKeyName") == NULL))
    {
      answer->fault = 1;
      return;
    }
  g_assert_cmpstr (problem, ==, NULL);
  g_assert_true (roll_wmi_object_get (in, "hDefKey")->uint == 0x80000002 || self->plan.mutations != 0);
  out = roll_wmi_object_new_instance (method->out, NULL, NULL);
  number = fill_out (out, name, text_of (in, "sSubKeyName"), text_of (in, "sValueName"));
  g_assert_true (roll_wmi_object_set_uint (out, "ReturnValue", number));
  roll_writer_init (&bytes, 1 << 20);
  if (answer->result == 0)
    roll_wmio_encode (&bytes, out);
  roll_wbem_put_method_answer (&answer->out, bytes.length > 0 ? bytes.data : NULL, bytes.length, answer->result);
}

/* --- All --------------------------------------------------------------------------------------------------------- */

static void
answer_get_smart_enum (WmiServerAnswer *answer)
{
  RollOrpcThis header;

  roll_reader_orpc_this (&answer->in, &header);
  wmi_server_note (answer->connection->server, answer->call, NULL);
  put_interface (answer, &ROLL_IID_WBEM_WCO_SMART_ENUM, IPID_SMART, number_of (&answer->call->object));
}

static const struct
{
  const RollUuid *iid;
  guint16 opnum;
  IpidKind kind; /* whose IPID is to be named; 0: any */
  void (*answer) (WmiServerAnswer *answer);
} operations[] = {
  { &ROLL_IID_REM_UNKNOWN, ROLL_OPNUM_REM_QUERY_INTERFACE, IPID_REM_UNKNOWN, answer_query_interface },
  { &ROLL_IID_REM_UNKNOWN2, ROLL_OPNUM_REM_QUERY_INTERFACE, IPID_REM_UNKNOWN, answer_query_interface },
  { &ROLL_IID_REM_UNKNOWN, ROLL_OPNUM_REM_RELEASE, IPID_REM_UNKNOWN, answer_release },
  { &ROLL_IID_REM_UNKNOWN2, ROLL_OPNUM_REM_RELEASE, IPID_REM_UNKNOWN, answer_release },
  { &ROLL_IID_WBEM_LEVEL1_LOGIN, ROLL_OPNUM_NTLM_LOGIN, IPID_LOGIN, answer_login },
  { &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_QUERY, IPID_CIMV2, answer_exec_query },
  { &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_GET_OBJECT, 0, answer_get_object },
  { &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_METHOD, IPID_DEFAULT, answer_exec_method },
  { &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, ROLL_OPNUM_ENUM_NEXT, IPID_ENUMERATOR, answer_next },
  { &ROLL_IID_WBEM_FETCH_SMART_ENUM, ROLL_OPNUM_GET_SMART_ENUM, IPID_FETCH, answer_get_smart_enum },
  { &ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_OPNUM_SMART_NEXT, IPID_SMART, answer_smart_next },
};

gboolean
wmi_server_answer_object (WmiServerAnswer *answer)
{
  const RollAcceptorCall *call = answer->call;
  const WmiServer *self = answer->connection->server;

  g_assert_nonnull (call->ticket.security);
  g_assert_true (call->has_object);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (is (&call->interface.uuid, operations[i].iid) && call->opnum == operations[i].opnum)
      {
        gboolean right = operations[i].kind == 0 || call->object.bytes[0] == operations[i].kind;

        /* Only who was told something wrong may ask something wrong. */
        g_assert_true (right || self->plan.mutations != 0);
        if (!right || (operations[i].kind >= IPID_ENUMERATOR && number_of (&call->object) >= self->rows->len))
          return FALSE;
        operations[i].answer (answer);
        return TRUE;
      }
  return FALSE;
}
