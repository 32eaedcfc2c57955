# SPDX-License-Identifier: GPL-3.0-or-later
"""`explain`: what a person finds when asking about a status or an error number."""
from support import FAILED, Case

# The contract's table: code, id, exact label.
STATUSES = [
    (0, "success", "Success"),
    (101, "machine-not-found", "Failed – Machine not found"),
    (102, "connection-timeout", "Failed – Connection Timeout"),
    (103, "connection-refused", "Failed – Connection Refused"),
    (104, "host-unreachable", "Failed - Host Unreachable"),
    (201, "access-denied", "Failed – Access Denied"),
    (202, "rpc-server-unavailable", "Failed - RPC Server Unavailable"),
    (203, "rpc-call-failed", "Failed - RPC call failed"),
    (204, "rpc-call-cancelled", "Failed - RPC call cancelled"),
    (301, "cimv2-invalid-namespace", "Failed - Invalid CIMv2 WMI Namespace"),
    (302, "cimv2-namespace-not-found", "Failed - CIMv2 WMI Namespace not found"),
    (303, "cimv2-invalid-parameter", "Failed - CIMv2 WMI Namespace invalid parameter"),
    (304, "stdregprov-invalid-namespace", "Failed - Invalid StdRegProv WMI Namespace"),
    (305, "stdregprov-namespace-not-found", "Failed - StdRegProv WMI Namespace not found"),
    (306, "stdregprov-invalid-parameter", "Failed - StdRegProv WMI Namespace invalid parameter"),
    (307, "shutting-down", "Failed - Computer shutting down"),
    (308, "wmi-query-timeout", "Failed - WMI query time out"),
    (309, "no-credentials", "Failed - No credentials provided"),
    (399, "other-reasons", "Failed – Other Reasons"),
]
STATES = ["not-started", "in-progress", "waiting-for-retry", "stopped", "reachable"]


class Explain(Case):
    def explain(self, *words, **more):
        return self.cli("explain", *words, **more).out

    def test_every_status_by_code_id_and_label(self):
        for code, name, label in STATUSES:
            with self.subTest(name):
                page = self.explain(name)
                self.assertEqual(page.splitlines()[0], f"{code}  {label}")
                self.assertTrue(page.splitlines()[1].startswith(name))
                self.assertEqual(self.explain(label), page)
                self.assertTrue(self.explain(str(code)).startswith(page))

    def test_every_failure_has_causes_and_what_to_do(self):
        for code, name, _ in STATUSES[1:]:
            with self.subTest(name):
                page = self.explain(name)
                self.assertIn("Causes, the likeliest first", page)
                self.assertRegex(page, r"(?m)^\s*Check (here|on the target): ")
                self.assertRegex(page, r"(?m)^\s*Fix .*: ")

    def test_any_dash_and_case(self):
        page = self.explain("access-denied")
        for text in ("Failed – Access Denied", "Failed - Access Denied", "Failed — Access Denied",
                     "failed − access denied", "FAILED - ACCESS DENIED"):
            with self.subTest(text):
                self.assertEqual(self.explain(text), page)

    def test_words_need_no_quotes(self):
        self.assertEqual(self.explain("Failed", "–", "Access", "Denied"), self.explain("access-denied"))

    def test_states(self):
        for state in STATES:
            with self.subTest(state):
                self.assertGreater(len(self.explain(state).splitlines()), 2)

    def test_hresult(self):
        text = self.explain("0x80070005")
        self.assertTrue(text.splitlines()[0].startswith("0x80070005  E_ACCESSDENIED"), text)
        self.assertIn("201  Failed – Access Denied", text)
        for other in ("0X80070005", "2147942405", "-2147024891"):
            with self.subTest(other):
                self.assertEqual(self.explain(other), text)

    def test_win32(self):
        text = self.explain("1722")
        self.assertIn("RPC_S_SERVER_UNAVAILABLE", text)
        self.assertIn("202  Failed - RPC Server Unavailable", text)
        self.assertIn("202  Failed - RPC Server Unavailable", self.explain("0x800706BA"))

    def test_symbols(self):
        self.assertIn("103  Failed – Connection Refused", self.explain("ECONNREFUSED"))
        self.assertIn("104  Failed - Host Unreachable", self.explain("ehostunreach"))
        self.assertIn("201", self.explain("WBEM_E_ACCESS_DENIED"))

    def test_number_with_several_meanings_lists_them(self):
        text = self.explain("5")
        self.assertIn("EIO", text)
        self.assertIn("ERROR_ACCESS_DENIED", text)

    def test_code_that_is_a_number_as_well(self):
        text = self.explain("101")
        self.assertTrue(text.startswith("101  Failed – Machine not found"))
        self.assertIn("ENETUNREACH", text)

    def test_cause(self):
        text = self.explain("CRF.1")
        self.assertTrue(text.startswith("103  Failed – Connection Refused"))
        self.assertIn("CRF.1", text)
        self.assertNotIn("CRF.2", text)
        self.assertEqual(self.explain("crf.1"), text)

    def test_unknown(self):
        for text in ("999999", "Failed", "no such thing", "0x", "-"):
            with self.subTest(text):
                done = self.cli("explain", text, status=FAILED)
                self.assertEqual(done.out, "")
                self.assertEqual(len(done.err.splitlines()), 1)
                self.assertIn(f"“{text}”", done.err)
                self.assertIn("rollcall-cli explain", done.err)

    def test_without_an_argument_all_are_listed(self):
        lines = self.explain().splitlines()
        for (code, name, label), line in zip(STATUSES, lines[1:], strict=True):
            self.assertEqual(line.split(None, 2), [str(code), name, label])
