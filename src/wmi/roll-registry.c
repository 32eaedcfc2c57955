/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wmi/roll-wmi-private.h"

#define CLASS_NAME "StdRegProv"
#define N_METHODS 7 /* that are called */
#define NAME_MAX_BYTES 4096 /* of a key: the registry allows 255 characters */
#define WINDOW 32 /* calls in flight: a computer's WMI has to work on them at the same time */
#define LOW_WATER (WINDOW / 2) /* so few are left before the next ones go out, all at once */
#define ERROR_FILE_NOT_FOUND 2
#define ERROR_ACCESS_DENIED 5
#define WBEM_E_INVALID_METHOD 0x8004102e

/* A method of StdRegProv, called thousands of times: its parameters are made once, and so is the class of its answers. */
typedef struct
{
  const char *name;
  RollWmiObject *in; /* (nullable): the computer does not have the method, or with other parameters; NULL with @other_parameters */
  gboolean other_parameters;
  guint key_place;
  int value_place; /* -1: it has no such parameter */
  RollWmiClass *out; /* (nullable): of the last answer */
} Method;

struct _RollRegistry
{
  RollWmi *wmi;
  RollWmiObject *class_object;
  Method methods[N_METHODS]; /* those that were asked for so far */
};

RollRegistry *
roll_registry_new (RollWmi *wmi, GError **error)
{
  RollWmiObject *object;
  RollRegistry *self;

  g_return_val_if_fail (wmi != NULL, NULL);

  object = roll_wmi_get_object (wmi, CLASS_NAME, error);
  if (object == NULL)
    return NULL;
  self = g_new (RollRegistry, 1);
  *self = (RollRegistry) { .wmi = wmi, .class_object = object };
  return self;
}

void
roll_registry_free (RollRegistry *self)
{
  if (self == NULL)
    return;
  roll_wmi_object_unref (self->class_object);
  for (guint i = 0; i < N_METHODS; i++)
    {
      g_clear_pointer (&self->methods[i].in, roll_wmi_object_unref);
      g_clear_pointer (&self->methods[i].out, roll_wmi_class_unref);
    }
  g_free (self);
}

/* --- Calls ------------------------------------------------------------------------------------------------------- */

static gboolean
make_parameters (Method *method, RollWmiClass *klass)
{
  static const RollCimValue root = { .type = ROLL_CIM_UINT32, .uint = ROLL_HKEY_LOCAL_MACHINE };
  int root_place = roll_wmi_class_find_property (klass, "hDefKey");
  int key_place = roll_wmi_class_find_property (klass, "sSubKeyName");
  RollCimValue text = { .type = ROLL_CIM_STRING, .text = (char *) "" };

  method->in = roll_wmi_object_new_instance (klass, NULL, NULL);
  method->key_place = (guint) key_place;
  method->value_place = roll_wmi_class_find_property (klass, "sValueName");
  return root_place >= 0 && roll_wmi_object_set_nth (method->in, (guint) root_place, &root)
         && key_place >= 0 && roll_wmi_object_set_nth (method->in, (guint) key_place, &text)
         && (method->value_place < 0 || roll_wmi_object_set_nth (method->in, (guint) method->value_place, &text));
}

/* @name: a static text. As the computer describes it; without parameters where it does not have it. */
static Method *
get_method (RollRegistry *self, const char *name)
{
  const RollWmiMethod *found;
  Method *method = self->methods;

  while (method->name != NULL && strcmp (method->name, name) != 0)
    {
      method++;
      g_assert (method < self->methods + N_METHODS);
    }
  if (method->name != NULL)
    return method;
  method->name = name;
  found = roll_wmi_class_find_method (roll_wmi_object_get_class (self->class_object), name);
  if (found != NULL && found->in != NULL && !make_parameters (method, found->in))
    {
      method->other_parameters = TRUE;
      g_clear_pointer (&method->in, roll_wmi_object_unref);
    }
  return method;
}

static gboolean
has_method (RollRegistry *self, const char *name)
{
  const Method *method = get_method (self, name);

  return method->in != NULL || method->other_parameters;
}

static guint32
send_call (RollRegistry *self, const char *name, const char *key, const char *value, GError **error)
{
  Method *method = get_method (self, name);
  RollCimValue text = { .type = ROLL_CIM_STRING, .text = (char *) key };

  if (method->other_parameters || (method->in != NULL && value != NULL && method->value_place < 0))
    {
      roll_dcom_fail_malformed (error, "GetObject", "a method of StdRegProv with other parameters");
      return 0;
    }
  if (method->in == NULL)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_HRESULT, WBEM_E_INVALID_METHOD,
                          ROLL_SAID_BY_PEER, "StdRegProv has no %s", name);
      return 0;
    }
  roll_wmi_object_set_nth (method->in, method->key_place, &text);
  text.text = (char *) value;
  if (value != NULL)
    roll_wmi_object_set_nth (method->in, (guint) method->value_place, &text);
  return roll_wmi_send_method (self->wmi, CLASS_NAME, name, method->in, error);
}

/* @name: a static text */
static RollWmiObject *
receive_call (RollRegistry *self, const char *name, guint32 call_id, GError **error)
{
  Method *method = get_method (self, name);
  RollWmiObject *out = roll_wmi_receive_method (self->wmi, call_id, method->out, error);
  RollWmiClass *klass = out != NULL ? roll_wmi_object_get_class (out) : NULL;

  if (klass != NULL && klass != method->out)
    {
      g_clear_pointer (&method->out, roll_wmi_class_unref);
      method->out = roll_wmi_class_ref (klass);
    }
  return out;
}

/* FALSE: there is no such number in the answer */
static gboolean
get_return_value (const RollWmiObject *out, guint32 *ret_number)
{
  const RollCimValue *value = roll_wmi_object_get (out, "ReturnValue");

  if (value == NULL || value->null || (value->type != ROLL_CIM_UINT32 && value->type != ROLL_CIM_SINT32))
    return FALSE;
  *ret_number = value->type == ROLL_CIM_UINT32 ? (guint32) value->uint : (guint32) value->sint;
  return TRUE;
}

static gboolean
fail_number (GError **error, const char *method, guint32 number)
{
  RollErrorSpace space = number > 0xffff ? ROLL_ERROR_SPACE_HRESULT : ROLL_ERROR_SPACE_WIN32;

  roll_rpc_set_error (error, ROLL_RPC_ERROR_RESULT, space, number, ROLL_SAID_BY_PEER, "%s returned 0x%x", method,
                      number);
  return FALSE;
}

/* --- Keys -------------------------------------------------------------------------------------------------------- */

static char **
take_names (const RollWmiObject *out, GError **error)
{
  const RollCimValue *value = roll_wmi_object_get (out, "sNames");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (value != NULL && !value->null)
    {
      if (value->type != (ROLL_CIM_STRING | ROLL_CIM_ARRAY) || value->array->n > ROLL_REGISTRY_MAX_NAMES)
        {
          roll_dcom_fail_malformed (error, "EnumKey", "no array of names, or too many");
          return NULL;
        }
      for (guint i = 0; i < value->array->n; i++)
        {
          if (value->array->items[i].null)
            continue;
          if (strlen (value->array->items[i].text) > NAME_MAX_BYTES)
            {
              roll_dcom_fail_malformed (error, "EnumKey", "a name that is too long");
              return NULL;
            }
          g_ptr_array_add (names, g_strdup (value->array->items[i].text));
        }
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

char **
roll_registry_enum_keys (RollRegistry *self, const char *key, GError **error)
{
  g_autoptr (RollWmiObject) out = NULL;
  guint32 call_id, number = 0;

  g_return_val_if_fail (self != NULL && key != NULL, NULL);

  call_id = send_call (self, "EnumKey", key, NULL, error);
  if (call_id != 0)
    out = receive_call (self, "EnumKey", call_id, error);
  if (out == NULL)
    return NULL;
  if (!get_return_value (out, &number))
    {
      roll_dcom_fail_malformed (error, "EnumKey", "no ReturnValue");
      return NULL;
    }
  if (number == ERROR_FILE_NOT_FOUND)
    return g_new0 (char *, 1);
  if (number != 0)
    {
      fail_number (error, "EnumKey", number);
      return NULL;
    }
  return take_names (out, error);
}

/* --- Values ------------------------------------------------------------------------------------------------------ */

/* Whose values are asked for by their names costs a call each: it is asked first which of so many of a key there are. */
#define MANY 3
#define REG_EXPAND_SZ 2

typedef struct
{
  guint16 type;
  const char *method;
  const char *other; /* (nullable): to be asked when the value is of another type */
  const char *result;
} Reading;

static const Reading readings[] = {
  { ROLL_CIM_STRING, "GetStringValue", "GetExpandedStringValue", "sValue" },
  { ROLL_CIM_UINT32, "GetDWORDValue", NULL, "uValue" },
  { ROLL_CIM_UINT64, "GetQWORDValue", NULL, "uValue" },
  { ROLL_CIM_STRING | ROLL_CIM_ARRAY, "GetMultiStringValue", NULL, "sValue" },
};

static const Reading *
find_reading (guint16 type)
{
  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    if (readings[i].type == type)
      return &readings[i];
  return NULL;
}

typedef enum
{
  VALUE_READ,
  VALUE_ABSENT,
  VALUE_DENIED,
  VALUE_OTHER,
} ValueState;

typedef struct
{
  const Reading *reading;
  ValueState state;
  gboolean known; /* the key's values have been listed: there is none, or it is to be asked by @method */
  const char *method;
} Item;

/* The rounds over values. */
typedef enum
{
  LIST,  /* which of them are there, key by key */
  FIRST, /* all that may be */
  OTHER, /* those that are to be asked by their other method */
} RoundKind;

typedef struct
{
  RollRegistry *registry;
  RollRegistryValue *values;
  Item *items; /* one per value */
  guint n;
  RoundKind kind;
  guint32 calls[WINDOW]; /* in flight, in a ring; 0: none */
  guint places[WINDOW];
  const char *methods[WINDOW];
  guint first;
  guint n_calls;
} Round;

/* How many values from @i on are of the same key. */
static guint
length_of_key (const Round *round, guint i)
{
  guint n = 1;

  while (i + n < round->n && strcmp (round->values[i].key, round->values[i + n].key) == 0)
    n++;
  return n;
}

static gboolean
begins_key (const Round *round, guint i)
{
  return i == 0 || strcmp (round->values[i].key, round->values[i - 1].key) != 0;
}

/* (nullable): what value @i is to be asked for by in this round */
static const char *
method_of (const Round *round, guint i)
{
  const Item *item = &round->items[i];
  const char *method = NULL;

  if (round->kind == LIST && begins_key (round, i) && length_of_key (round, i) >= MANY)
    method = "EnumValues";
  else if (round->kind == FIRST)
    method = item->known ? item->method : item->reading->method;
  else if (round->kind == OTHER && !item->known && item->state == VALUE_OTHER)
    method = item->reading->other;
  return method != NULL && has_method (round->registry, method) ? method : NULL;
}

/* The array of @type in @out; NULL is an empty one. */
static gboolean
get_array (const RollWmiObject *out, const char *name, guint16 type, const RollCimArray **ret_array)
{
  static const RollCimArray none = { 0 };
  const RollCimValue *value = roll_wmi_object_get (out, name);

  if (value == NULL || value->type != (type | ROLL_CIM_ARRAY))
    return FALSE;
  *ret_array = value->null ? &none : value->array;
  return TRUE;
}

static const char *
listed_method (const Reading *reading, const char *name, const RollCimArray *names, const RollCimArray *types)
{
  for (guint i = 0; i < names->n; i++)
    if (!names->items[i].null && g_ascii_strcasecmp (names->items[i].text, name) == 0)
      return types->items[i].sint == REG_EXPAND_SZ && reading->other != NULL ? reading->other : reading->method;
  return NULL;
}

/* An answer that can't be used is none: then each of the values is asked for. */
static void
take_list (Round *round, guint first, const RollWmiObject *out)
{
  const RollCimArray *names = NULL, *types = NULL;
  guint n = length_of_key (round, first);
  guint32 number;

  if (!get_return_value (out, &number) || (number != 0 && number != ERROR_FILE_NOT_FOUND))
    return;
  if (number == 0
      && (!get_array (out, "sNames", ROLL_CIM_STRING, &names) || !get_array (out, "Types", ROLL_CIM_SINT32, &types)
          || names->n != types->n))
    return;
  for (guint i = first; i < first + n; i++)
    {
      Item *item = &round->items[i];

      item->known = TRUE;
      item->method = number == 0 ? listed_method (item->reading, round->values[i].name, names, types) : NULL;
    }
}

static ValueState
take_value (RollRegistryValue *value, const Reading *reading, RollWmiObject *out)
{
  int place = roll_wmi_class_find_property (roll_wmi_object_get_class (out), reading->result);
  const RollCimValue *result = place >= 0 ? roll_wmi_object_get_nth (out, (guint) place) : NULL;
  guint32 number;

  if (!get_return_value (out, &number))
    return VALUE_ABSENT;
  if (number != 0)
    return number == ERROR_FILE_NOT_FOUND ? VALUE_ABSENT : number == ERROR_ACCESS_DENIED ? VALUE_DENIED : VALUE_OTHER;
  if (result == NULL || result->null || result->type != value->type)
    return VALUE_ABSENT;
  roll_cim_value_clear (&value->value);
  roll_wmi_object_take_out (out, (guint) place, &value->value);
  return VALUE_READ;
}

/* The oldest call's answer. */
static gboolean
receive_one (Round *round, GError **error)
{
  guint place = round->places[round->first];
  g_autoptr (RollWmiObject) out
      = receive_call (round->registry, round->methods[round->first], round->calls[round->first], error);

  round->first = (round->first + 1) % WINDOW;
  round->n_calls--;
  if (out == NULL)
    return FALSE;
  if (round->kind == LIST)
    take_list (round, place, out);
  else
    round->items[place].state = take_value (&round->values[place], round->items[place].reading, out);
  return TRUE;
}

static gboolean
receive_until (Round *round, guint n_left, GError **error)
{
  gboolean ok = TRUE;

  while (round->n_calls > n_left)
    ok = receive_one (round, ok ? error : NULL) && ok;
  return ok;
}

static gboolean
send_one (Round *round, guint i, const char *method, GError **error)
{
  guint place = (round->first + round->n_calls) % WINDOW;

  round->calls[place] = send_call (round->registry, method, round->values[i].key,
                                   round->kind == LIST ? NULL : round->values[i].name, error);
  if (round->calls[place] == 0)
    return FALSE;
  round->places[place] = i;
  round->methods[place] = method;
  round->n_calls++;
  return TRUE;
}

static gboolean
run (Round *round, GError **error)
{
  gboolean ok = TRUE;

  for (guint i = 0; i < round->n && ok; i++)
    {
      const char *method = method_of (round, i);

      if (method == NULL)
        continue;
      if (round->n_calls == WINDOW)
        ok = receive_until (round, LOW_WATER, error);
      ok = ok && send_one (round, i, method, error);
    }
  return receive_until (round, 0, ok ? error : NULL) && ok;
}

static void
clear_values (RollRegistryValue *values, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      roll_cim_value_clear (&values[i].value);
      values[i].value = (RollCimValue) { .type = values[i].type, .null = TRUE };
    }
}

static gboolean
all_denied (const Item *items, guint n)
{
  guint i = 0;

  while (i < n && items[i].state == VALUE_DENIED)
    i++;
  return n > 0 && i == n;
}

gboolean
roll_registry_get_values (RollRegistry *self, RollRegistryValue *values, guint n_values, GError **error)
{
  g_autofree Item *items = g_new0 (Item, n_values);
  Round round = { .registry = self, .values = values, .items = items, .n = n_values };
  gboolean ok = TRUE;

  g_return_val_if_fail (self != NULL && (values != NULL || n_values == 0), FALSE);

  for (guint i = 0; i < n_values; i++)
    {
      items[i] = (Item) { .reading = find_reading (values[i].type), .state = VALUE_ABSENT };
      g_return_val_if_fail (items[i].reading != NULL, FALSE);
      values[i].value = (RollCimValue) { .type = values[i].type, .null = TRUE };
    }
  roll_association_set_gathering (self->wmi->dcom->object, TRUE);
  for (round.kind = LIST; round.kind <= OTHER && ok; round.kind++)
    ok = run (&round, error);
  roll_association_set_gathering (self->wmi->dcom->object, FALSE);
  if (ok && all_denied (items, n_values))
    ok = fail_number (error, "StdRegProv", ERROR_ACCESS_DENIED);
  if (!ok)
    clear_values (values, n_values);
  return ok;
}
