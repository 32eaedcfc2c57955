/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ares.h>
#include <errno.h>

#include "status/roll-verdict.h"

#define BIT(step) (1u << ROLL_STEP_##step)
#define RPC_STEPS                                                                                            \
  (BIT (NEGOTIATE) | BIT (AUTHENTICATE) | BIT (ACTIVATE) | BIT (CONNECT_OBJECT) |                            \
   BIT (AUTHENTICATE_OBJECT) | BIT (LOGIN_CIMV2) | BIT (QUERY) | BIT (LOGIN_DEFAULT) | BIT (REGISTRY))
#define AFTER_NEGOTIATE (RPC_STEPS & ~BIT (NEGOTIATE))
#define AFTER_AUTHENTICATE (AFTER_NEGOTIATE & ~BIT (AUTHENTICATE))
#define LOGON_STEPS (BIT (AUTHENTICATE) | BIT (AUTHENTICATE_OBJECT))
#define LOGIN_STEPS (BIT (LOGIN_CIMV2) | BIT (LOGIN_DEFAULT))
#define TO_QUERY (AFTER_NEGOTIATE & ~BIT (LOGIN_DEFAULT) & ~BIT (REGISTRY))

/* One row of the contract: at every one of @steps every one of the numbers (0-terminated) gets the verdict.
 */
static void
assert_row (guint steps, RollErrorSpace space, const guint32 *numbers, int status, RollAction action)
{
  for (guint step = 0; step < ROLL_N_STEPS; step++)
    for (guint i = 0; (steps & (1u << step)) != 0 && numbers[i] != 0; i++)
      {
        RollVerdict verdict = roll_verdict ((RollStep) step, (RollErrorNumber){ space, numbers[i] });

        g_test_message ("%s 0x%x", roll_step_id ((RollStep) step), numbers[i]);
        g_assert_cmpint (verdict.status, ==, status);
        g_assert_cmpint (verdict.action, ==, action);
      }
}

#define ROW(steps, space, status, action, ...)                                                               \
  assert_row (steps, ROLL_ERROR_SPACE_##space, (const guint32[]){ __VA_ARGS__, 0 }, status,                  \
              ROLL_ACTION_##action)

static void
test_resolve (void)
{
  ROW (BIT (RESOLVE), DNS, 101, FINISH, ARES_ENOTFOUND, ARES_ENODATA, ARES_EBADNAME, ARES_EFORMERR,
       ARES_ENOTIMP);
  ROW (BIT (RESOLVE), DNS, 101, RETRY, ARES_ESERVFAIL, ARES_ETIMEOUT, ARES_ECONNREFUSED, ARES_EREFUSED,
       ARES_EBADRESP, ARES_EOF, 26, 4711);
  ROW (BIT (RESOLVE), DNS, ROLL_STATUS_NOT_STARTED, OUR_FAULT, ARES_ENOMEM, ARES_EFILE, ARES_ECANCELLED);
  ROW (BIT (RESOLVE), ERRNO, 101, RETRY, ECONNREFUSED, ENETUNREACH, ETIMEDOUT);
}

static void
test_connect (void)
{
  ROW (BIT (CONNECT), ERRNO, 102, FINISH, ETIMEDOUT);
  ROW (BIT (CONNECT), ERRNO, 103, FINISH, ECONNREFUSED, ECONNRESET);
  ROW (BIT (CONNECT), ERRNO, 104, FINISH, ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, EINVAL, EAFNOSUPPORT);
}

static void
test_our_faults_are_never_charged (void)
{
  for (guint step = ROLL_STEP_RESOLVE; step < ROLL_N_STEPS; step++)
    ROW (1u << step, ERRNO, ROLL_STATUS_NOT_STARTED, OUR_FAULT, EMFILE, ENFILE, ENOBUFS, ENOMEM, ENETDOWN,
         EADDRNOTAVAIL, EPERM, EACCES, EAGAIN);
}

static void
test_logon (void)
{
  ROW (LOGON_STEPS, NCA, 201, NEXT_CREDENTIAL, 5, 0x721, 0x1C01000B);
  ROW (LOGON_STEPS, WIN32, 201, NEXT_CREDENTIAL, 5, 1825, 1326, 1331, 1909);
  ROW (LOGON_STEPS, BIND_NAK, 201, NEXT_CREDENTIAL, 8, 9);
  ROW (LOGON_STEPS, KERBEROS, 201, NEXT_CREDENTIAL, 6, 7, 14, 18, 23, 24, 37, 156);
  ROW (LOGON_STEPS, NTSTATUS, 201, NEXT_CREDENTIAL, 0xC000006D, 0xC0000234, 0xC0000072, 0xC0000193,
       0xC0000071, 0xC0000224, 0xC000006F, 0xC0000070, 0xC0000418, 0xC000015B, 0xC0000413, 0xC000005E,
       0xC000018D);
  ROW (LOGON_STEPS, HRESULT, 201, NEXT_CREDENTIAL, 0x80090308, 0x8009030C, 0x80090311, 0x80090322, 0x80090324,
       0xD000006D);
  for (guint step = ROLL_STEP_AUTHENTICATE; step <= ROLL_STEP_AUTHENTICATE_OBJECT; step += 3)
    {
      RollVerdict verdict = roll_verdict ((RollStep) step, (RollErrorNumber){ ROLL_ERROR_SPACE_BIND_NAK, 0 });

      g_assert_cmpint (verdict.status, ==, 201);
      g_assert_cmpint (verdict.action, ==, ROLL_ACTION_NEXT_CREDENTIAL);
    }
}

static void
test_not_let_in (void)
{
  ROW (BIT (ACTIVATE) | LOGIN_STEPS, HRESULT, 201, NEXT_CREDENTIAL, 0x80070005, 0x8001011B);
  ROW (LOGIN_STEPS, HRESULT, 201, NEXT_CREDENTIAL, 0x80041003, 0x80041062, 0x80041064, 0x80041087);
}

static void
test_rpc_server_unavailable (void)
{
  const guint steps = BIT (NEGOTIATE) | BIT (ACTIVATE) | BIT (CONNECT_OBJECT);

  ROW (steps, HRESULT, 202, FINISH, 0x800706BA, 0x800706D9, 0x80080005);
  ROW (steps, WIN32, 202, FINISH, 1722, 1753);
  ROW (steps, NCA, 202, FINISH, 0x1C010001);
  ROW (steps | BIT (AUTHENTICATE), ENGINE, 202, FINISH, ROLL_ENGINE_ERROR_NO_BINDING,
       ROLL_ENGINE_ERROR_INTERFACE_REJECTED);
  ROW (steps, ERRNO, 202, FINISH, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH);
  ROW (BIT (CONNECT_OBJECT), ERRNO, 202, FINISH, ECONNREFUSED, ECONNRESET);
}

static void
test_rpc_call_failed (void)
{
  ROW (RPC_STEPS, HRESULT, 203, RETRY, 0x800706BE, 0x800706BF, 0x80010105, 0x80010108, 0x80041015,
       0x800706C0);
  ROW (RPC_STEPS, WIN32, 203, RETRY, 1726, 1727);
  ROW (RPC_STEPS, NCA, 203, RETRY, 0x1C000012);
  ROW (RPC_STEPS, ENGINE, 203, RETRY, ROLL_ENGINE_ERROR_MALFORMED, ROLL_ENGINE_ERROR_BAD_SIGNATURE,
       ROLL_ENGINE_ERROR_END_OF_STREAM);
  ROW (RPC_STEPS & ~BIT (CONNECT_OBJECT), ERRNO, 203, RETRY, ECONNRESET, EPIPE);
}

static void
test_rpc_call_cancelled (void)
{
  ROW (AFTER_NEGOTIATE, HRESULT, 204, RETRY, 0x8007071A, 0x80010002, 0x80041032);
  ROW (AFTER_NEGOTIATE, WIN32, 204, RETRY, 1818);
  ROW (AFTER_NEGOTIATE, NCA, 204, RETRY, 0x1C00000D);
}

static void
test_namespaces (void)
{
  ROW (BIT (LOGIN_CIMV2), HRESULT, 301, FINISH, 0x8004100E);
  ROW (BIT (LOGIN_CIMV2), HRESULT, 302, FINISH, 0x80041002);
  ROW (BIT (LOGIN_CIMV2), HRESULT, 303, FINISH, 0x80041008, 0x80070057);
  ROW (BIT (LOGIN_DEFAULT) | BIT (REGISTRY), HRESULT, 304, FINISH, 0x8004100E);
  ROW (BIT (LOGIN_DEFAULT) | BIT (REGISTRY), HRESULT, 305, FINISH, 0x80041002);
  ROW (BIT (LOGIN_DEFAULT) | BIT (REGISTRY), HRESULT, 306, FINISH, 0x80041008, 0x80070057);
}

static void
test_shutting_down_and_time_out (void)
{
  ROW (AFTER_AUTHENTICATE, HRESULT, 307, RETRY, 0x80041033, 0x8007045B, 0x80080008);
  ROW (AFTER_AUTHENTICATE, WIN32, 307, RETRY, 1115);
  ROW (RPC_STEPS, ENGINE, 308, RETRY, ROLL_ENGINE_ERROR_WATCHDOG);
  ROW (RPC_STEPS, HRESULT, 308, RETRY, 0x80041069, 0x80041088);
}

static void
test_other_reasons (void)
{
  ROW (TO_QUERY, HRESULT, 399, RETRY, 0x80041001, 0x80041004, 0x80041006, 0x80041009, 0x8004100A, 0x80041013,
       0x80041014, 0x8004101D, 0x80041045, 0x8004106C, 0x80041081, 0x800706BB, 0x8007000E, 0x80040154,
       0x80010110, 0x80010111, 0x87654321);
  ROW (TO_QUERY, WIN32, 399, RETRY, 1723, 4711);
  ROW (TO_QUERY, NCA, 399, RETRY, 0x1C010014, 0x12345678);
  ROW (TO_QUERY, BIND_NAK, 399, RETRY, 1, 2);
  ROW (TO_QUERY, NTSTATUS, 399, RETRY, 0xC000009A);
}

static void
test_class_results (void)
{
  ROW (BIT (QUERY) | BIT (REGISTRY), HRESULT, 201, CLASS_RESULT, 0x80041003, 0x80070005);
  ROW (BIT (QUERY), HRESULT, 399, CLASS_RESULT, 0x80041002, 0x80041010, 0x80041011, 0x80041012, 0x80041017,
       0x80041024);
  ROW (BIT (QUERY), HRESULT, 0, CLASS_RESULT, 0x40009, 0x40010, 1);
}

static void
test_engine_s_own (void)
{
  ROW (BIT (NONE) | BIT (RESOLVE) | RPC_STEPS, ENGINE, 309, FINISH, ROLL_ENGINE_ERROR_NO_CREDENTIALS);
  ROW (BIT (AUTHENTICATE), ENGINE, 201, NEXT_CREDENTIAL, ROLL_ENGINE_ERROR_ACCOUNT_RESTING);
  g_assert_cmpint (roll_verdict (ROLL_STEP_QUERY, ROLL_ERROR_NUMBER_NONE).status, ==, ROLL_STATUS_SUCCESS);
}

/* Whatever a target says: a result of the contract, and the same for a number and its HRESULT. */
static void
test_any_pair_has_one_verdict (void)
{
  for (guint step = 0; step < ROLL_N_STEPS; step++)
    for (guint number = 1; number <= 0xffff; number++)
      {
        RollVerdict win32 =
            roll_verdict ((RollStep) step, (RollErrorNumber){ ROLL_ERROR_SPACE_WIN32, number });
        RollVerdict hresult = roll_verdict (
            (RollStep) step, (RollErrorNumber){ ROLL_ERROR_SPACE_HRESULT, 0x80070000u | number });
        RollVerdict fault = roll_verdict ((RollStep) step, (RollErrorNumber){ ROLL_ERROR_SPACE_NCA, number });

        g_assert_nonnull (roll_status_info (win32.status));
        g_assert_cmpint (win32.status, ==, hresult.status);
        g_assert_cmpint (win32.action, ==, hresult.action);
        g_assert_cmpint (win32.status, ==, fault.status);
        g_assert_cmpint (win32.action, ==, fault.action);
      }
}

static void
test_steps (void)
{
  static const char *const ids[] = {
    "",
    "resolve",
    "connect",
    "negotiate",
    "authenticate",
    "activate",
    "connect-object",
    "authenticate-object",
    "login-cimv2",
    "query",
    "login-default",
    "registry",
  };

  g_assert_cmpuint (G_N_ELEMENTS (ids), ==, ROLL_N_STEPS);
  for (guint i = 0; i < ROLL_N_STEPS; i++)
    {
      g_assert_cmpstr (roll_step_id ((RollStep) i), ==, ids[i]);
      g_assert_cmpint (roll_step_from_id (ids[i]), ==, i);
    }
  g_assert_cmpstr (roll_step_id ((RollStep) ROLL_N_STEPS), ==, "");
  g_assert_cmpstr (roll_step_label ((RollStep) -1), ==, "");
  g_assert_cmpint (roll_step_from_id ("nonsense"), ==, ROLL_STEP_NONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/verdict/resolve", test_resolve);
  g_test_add_func ("/status/verdict/connect", test_connect);
  g_test_add_func ("/status/verdict/our-faults-are-never-charged", test_our_faults_are_never_charged);
  g_test_add_func ("/status/verdict/logon", test_logon);
  g_test_add_func ("/status/verdict/not-let-in", test_not_let_in);
  g_test_add_func ("/status/verdict/rpc-server-unavailable", test_rpc_server_unavailable);
  g_test_add_func ("/status/verdict/rpc-call-failed", test_rpc_call_failed);
  g_test_add_func ("/status/verdict/rpc-call-cancelled", test_rpc_call_cancelled);
  g_test_add_func ("/status/verdict/namespaces", test_namespaces);
  g_test_add_func ("/status/verdict/shutting-down-and-time-out", test_shutting_down_and_time_out);
  g_test_add_func ("/status/verdict/other-reasons", test_other_reasons);
  g_test_add_func ("/status/verdict/class-results", test_class_results);
  g_test_add_func ("/status/verdict/engine-s-own", test_engine_s_own);
  g_test_add_func ("/status/verdict/any-pair-has-one-verdict", test_any_pair_has_one_verdict);
  g_test_add_func ("/status/verdict/steps", test_steps);
  return g_test_run ();
}
