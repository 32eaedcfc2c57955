# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that do not resolve: which answers are final, which are tried again, and who has to wait for whom."""
import time

from support import LABELS, Case, NameServer, closed_port


class Names(Case):
    def setUp(self):
        super().setUp()
        self.port = str(closed_port())

    def probe(self, *words, **more):
        return self.scan("--probe-only", "--port", self.port, "--retry-delay", "0.1", *words, **more)

    def outcome(self, *words):
        (row,) = self.rows(self.probe("--csv", "-", *words).out)
        return row["status_code"], row["status"], row["attempts"]

    def test_no_such_name_is_final(self):
        with NameServer("pc1.example=nxdomain") as server:
            self.assertEqual(self.outcome("pc1.example", "--dns", server.address), ("101", LABELS[101], "1"))

    def test_no_address_is_final(self):
        with NameServer("pc1.example=nodata") as server:
            self.assertEqual(self.outcome("pc1.example", "--dns", server.address), ("101", LABELS[101], "1"))

    def test_servfail_is_tried_again(self):
        with NameServer("pc1.example=servfail") as server:
            self.assertEqual(self.outcome("pc1.example", "--dns", server.address), ("101", LABELS[101], "4"))

    def test_fewer_retries(self):
        with NameServer("pc1.example=servfail") as server:
            for retries in ("0", "1"):
                self.assertEqual(self.outcome("pc1.example", "--dns", server.address, "--retries", retries)[2],
                                 str(int(retries) + 1))

    def test_silence_is_tried_again(self):
        with NameServer("pc1.example=silent") as server:
            self.assertEqual(self.outcome("pc1.example", "--dns", server.address), ("101", LABELS[101], "4"))

    def test_a_name_that_comes_back_is_found(self):
        with NameServer("pc1.example=lose:3,127.0.1.1") as server:
            self.assertEqual(self.outcome("pc1.example", "--dns", server.address)[:2], ("103", LABELS[103]))

    def test_search_domain(self):
        with NameServer("pc1.corp.example=127.0.1.1") as server:
            (row,) = self.rows(self.probe("pc1", "--dns", server.address, "--dns-search", "corp.example", "--csv", "-").out)
        self.assertEqual((row["target"], row["address"], row["status_code"]), ("pc1", "127.0.1.1", "103"))

    def test_the_evidence_names_the_server_and_its_answer(self):
        with NameServer("pc1.example=nxdomain") as server:
            self.probe("pc1.example", "--dns", server.address)
            (event,) = self.events(self.with_database("show", "pc1.example", "--json").out)
        (attempt,) = event["attempt_list"]
        step = attempt["steps"][-1]
        self.assertEqual((step["step"], step["said_by"], step["peer"]), ("resolve", "name-server", server.address))
        self.assertIn("NXDOMAIN", step["detail"])

    def test_a_dead_name_server_is_noticed_and_addresses_do_not_wait(self):
        with NameServer("*=silent") as server:
            process = self.start("scan", "--database", self.database, "--probe-only", "--port", self.port, "--json",
                                 "--dns", server.address, "--retry-delay", "600", "127.0.1.0/24",
                                 *(f"pc{i}.example" for i in range(50)))
            started = time.monotonic()
            addresses = []
            noticed = None
            while noticed is None or len(addresses) < 254:
                (event,) = self.events(process.stdout.readline().decode())
                if event["event"] == "notice" and event["kind"] == "name-server-silent":
                    noticed = time.monotonic() - started
                    self.assertIn(server.address, event["text"])
                elif event["event"] == "computer":
                    addresses.append(event["target"])
        self.assertEqual(len(set(addresses)), 254)
        self.assertTrue(all(target.startswith("127.0.1.") for target in addresses))
        self.assertLess(noticed, 15, "five seconds, and room for a machine with other things to do")
