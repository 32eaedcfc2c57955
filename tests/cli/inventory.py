# SPDX-License-Identifier: GPL-3.0-or-later
"""What was collected: `show` and `export` of it. The database is made by tests/support/stored-inventory.c."""
import csv
import io
import json
import subprocess
import unittest

from support import FAILED, PROGRAM, SANITIZED, STORED_INVENTORY, USAGE, Case

OPERATING_SYSTEM = "Майкрософт Windows 11 Pro"


class Inventory(Case):
    def setUp(self):
        super().setUp()
        subprocess.run([STORED_INVENTORY, self.database], check=True)

    def export(self, what):
        """Header and rows, as dictionaries by column."""
        text = self.with_database("export", "--csv", "-", "--what", what).out
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        return table[0], [dict(zip(table[0], row, strict=True)) for row in table[1:]]

    def test_computers_have_their_inventory(self):
        full, partial, refused = self.rows(self.with_database("export", "--csv", "-").out)
        expected = {"computer_name": "PC1", "domain": "corp.example", "credential": "Domain admin",
                    "classes_collected": "4", "classes_planned": "5", "os": OPERATING_SYSTEM, "os_version": "10.0.22631",
                    "os_build": "22631", "manufacturer": "Contoso", "model": "Desk 7", "serial_number": "00042",
                    "processors": "1", "cores": "8", "memory_bytes": "17179869184"}
        self.assertEqual({column: full[column] for column in expected}, expected)
        self.assertEqual((partial["classes_collected"], partial["classes_planned"], partial["os"]), ("1", "2", ""))
        self.assertEqual({refused[column] for column in expected}, {""})

    def test_export_of_a_class(self):
        header, rows = self.export("Win32_Service")
        self.assertEqual(header[:6], ["target", "address", "computer_name", "Name", "DisplayName", "State"])
        self.assertEqual([(row["target"], row["address"], row["computer_name"], row["Name"], row["State"]) for row in rows],
                         [("pc1.corp.example", "10.0.0.1", "PC1", f"service{i}", state)
                          for i, state in enumerate(("Running", "Stopped", "Running"))])
        self.assertEqual(rows[0]["DisplayName"], "Größe, “Ω”")
        self.assertEqual(rows[0]["PathName"], "")
        self.assertEqual(self.export("wIN32_sERVICE"), (header, rows))

    def test_export_is_exact(self):
        _, rows = self.export("Win32_LogicalDisk")
        self.assertEqual([row["target"] for row in rows], ["pc1.corp.example", "pc2.corp.example"])
        self.assertEqual((rows[0]["Size"], rows[0]["FreeSpace"], rows[0]["VolumeName"], rows[0]["Compressed"]),
                         ("18446744073709551615", "", "", "false"))
        _, rows = self.export("Win32_OperatingSystem")
        self.assertEqual((rows[0]["Caption"], rows[0]["InstallDate"]), (OPERATING_SYSTEM, "20250102030405.000006+060"))

    def test_export_of_software(self):
        header, rows = self.export("software")
        self.assertEqual(header[3:6], ["Key", "DisplayName", "DisplayVersion"])
        self.assertEqual(rows[0]["DisplayName"], "'=cmd|' /C calc'!A0")
        self.assertEqual(rows[0]["Publisher"], 'Quote "Inc", Ltd')
        raw = self.with_database("export", "--csv", "-", "--csv-raw", "--what", "software").out
        self.assertIn(",=cmd|", raw)

    def test_export_of_what_nobody_has(self):
        self.assertEqual(self.export("sql-server")[1], [])

    def test_export_of_what_is_not_collected(self):
        for what in ("Win32_Product", "", "services"):
            done = self.with_database("export", "--csv", "-", "--what", what, status=USAGE)
            self.assertEqual(done.out, "")
            self.assertIn(f"“{what}” is not among what there is: computers, steps, ", done.err)
            self.assertIn("software", done.err)
            self.assertIn("Win32_Service", done.err)

    @unittest.skipIf(SANITIZED, "a sanitizer keeps what was freed")
    def test_export_of_many_takes_no_memory(self):
        database = self.path("many.db")
        subprocess.run([STORED_INVENTORY, database, "3000"], check=True)
        program = ("import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
                   "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        command = [PROGRAM, "export", "--database", database, "--csv", "-", "--what"]
        few, many = (int(subprocess.run(["python3", "-c", program, *command, what], check=True, capture_output=True,
                                        text=True).stdout) for what in ("sql-server", "Win32_Service"))
        self.assertLess(many - few, 16 * 1024)

    def test_damaged_rows_are_named(self):
        self.sql("UPDATE classes SET rows = x'0102030405' WHERE collector = 'software'")
        done = self.with_database("export", "--csv", "-", "--what", "software", status=FAILED)
        self.assertIn("pc1.corp.example (software) is damaged", done.err)
        done = self.with_database("show", "pc1.corp.example", "--what", "software", status=FAILED)
        self.assertIn("damaged", done.err)
        self.with_database("show", "pc1.corp.example")

    def test_show(self):
        text = self.with_database("show", "pc1.corp.example").out
        self.assertIn(f"Operating system: {OPERATING_SYSTEM}, version 10.0.22631, build 22631", text)
        self.assertIn("Model: Contoso Desk 7", text)
        self.assertIn("Processors: 1 processor, 8 cores", text)
        self.assertIn("Memory: 16.0", text)
        self.assertIn("Credential: “Domain admin”", text)
        self.assertIn("Collected: 4 of 5 parts", text)
        self.assertRegex(text, r"(?m)^ *Services +Win32_Service +.* 3 rows$")
        self.assertRegex(text, r"(?m)^ *Server roles and features +Win32_ServerFeature .* this computer does not have it$")
        self.assertRegex(text, r"(?m)^ *Shares +Win32_Share .* failed: 0x80041003, WBEM_E_ACCESS_DENIED$")
        self.assertIn("Attempt 1: Success", text)

    def test_show_of_a_computer_without(self):
        self.assertNotIn("Collected:", self.with_database("show", "pc3.corp.example").out)
        text = self.with_database("show", "pc2.corp.example").out
        self.assertNotIn("What it is", text)
        self.assertIn("Collected: 1 of 2 parts", text)
        self.assertRegex(text, r"(?m)^ *Services +Win32_Service .* no answer in time")

    def test_show_of_a_computer_that_is_well(self):
        partly = self.with_database("show", "pc1.corp.example").out
        self.assertIn("Causes, the likeliest first", partly)
        self.assertNotIn("Not known:", partly)
        (event,) = self.events(self.with_database("show", "pc1.corp.example", "--json").out)
        self.assertTrue(event["causes"])
        self.sql("UPDATE computers SET classes_planned = classes_collected WHERE computer_name = 'PC1'")
        text = self.with_database("show", "pc1.corp.example").out
        self.assertIn("there is nothing to do.", " ".join(text.split()))
        for word in ("Causes", "Not known", "What to do", "Check here", "Fix"):
            self.assertNotIn(word, text)
        (event,) = self.events(self.with_database("show", "pc1.corp.example", "--json").out)
        self.assertEqual((event["status_code"], event["causes"]), (0, []))
        self.assertTrue(event["meaning"])

    def test_show_rows(self):
        text = self.with_database("show", "pc1.corp.example", "--what", "WIN32_logicaldisk").out
        self.assertIn("Logical disks (Win32_LogicalDisk): 1 row", text)
        self.assertIn("  Size: 18446744073709551615", text)
        self.assertNotIn("FreeSpace", text)
        self.assertNotIn("Attempt", text)
        text = self.with_database("show", "pc1.corp.example", "--what", "software").out
        self.assertNotIn("\x1b", text)
        self.assertIn("Red ", text)
        text = self.with_database("show", "pc2.corp.example", "--what", "Win32_Service").out
        self.assertIn("Services (Win32_Service): no answer in time", text)
        text = self.with_database("show", "pc3.corp.example", "--what", "Win32_Service").out
        self.assertIn("not asked", text)
        done = self.with_database("show", "pc1.corp.example", "--what", "nothing", status=USAGE)
        self.assertIn("“nothing” is not among what there is: Win32_ComputerSystem, ", done.err)

    def test_show_json(self):
        (event,) = self.events(self.with_database("show", "pc1.corp.example", "--json").out)
        self.assertEqual((event["computer_name"], event["os"], event["cores"], event["memory_bytes"]),
                         ("PC1", OPERATING_SYSTEM, 8, 17179869184))
        self.assertEqual((event["credential"], event["classes_collected"], event["classes_planned"]), ("Domain admin", 4, 5))
        outcomes = [(entry["collector"], entry["outcome"], entry["rows"]) for entry in event["class_list"]]
        self.assertEqual(outcomes, [("Win32_OperatingSystem", "collected", 1), ("Win32_Service", "collected", 3),
                                    ("Win32_LogicalDisk", "collected", 1), ("software", "collected", 2),
                                    ("Win32_ServerFeature", "failed", 0), ("Win32_Share", "failed", 0)])
        self.assertEqual((event["class_list"][4]["error"], event["class_list"][4]["step"], event["class_list"][4]["said_by"]),
                         ("0x80041010", "query", "peer"))
        (event,) = self.events(self.with_database("show", "pc3.corp.example", "--json").out)
        self.assertEqual((event["class_list"], event["cores"], event["os"]), ([], None, None))

    def test_show_rows_json(self):
        (event,) = self.events(self.with_database("show", "10.0.0.1", "--json", "--what", "Win32_LogicalDisk").out)
        self.assertEqual((event["event"], event["target"], event["collector"]),
                         ("collected", "pc1.corp.example", "Win32_LogicalDisk"))
        self.assertEqual(event["row_list"], [{"DeviceID": "C:", "VolumeName": None, "FileSystem": "NTFS",
                                              "Size": 18446744073709551615, "FreeSpace": None, "Compressed": False}])
        (event,) = self.events(self.with_database("show", "pc3.corp.example", "--json", "--what", "software").out)
        self.assertEqual((event["collector"], event["row_list"]), ("software", []))
        self.assertTrue(json.dumps(event))
