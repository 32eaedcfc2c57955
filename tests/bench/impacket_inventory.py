# SPDX-License-Identifier: GPL-3.0-or-later
"""What rollcall-cli asks a computer's WMI, asked with impacket: impacket_inventory.py COLLECTORS.XML ADDRESS

Prints how many rows each class has, as JSON."""
import json
import sys
import xml.etree.ElementTree as ElementTree

from impacket.dcerpc.v5.dcom import wmi
from impacket.dcerpc.v5.dcomrt import DCOMConnection
from impacket.dcerpc.v5.dtypes import NULL

S_FALSE = 1


def count(services, wql):
    """Row by row, as its own wmiquery.py does."""
    rows, enumerator = 0, services.ExecQuery(wql)
    try:
        while True:
            enumerator.Next(0xFFFFFFFF, 1)[0].getProperties()
            rows += 1
    except wmi.DCERPCSessionError as error:
        if error.get_error_code() != S_FALSE:
            raise
        return rows
    finally:
        enumerator.RemRelease()


def read(services, query):
    names = [element.text for element in query.findall("property")]
    rest = f" FROM {query.get('id')}" + (f" WHERE {query.get('filter')}" if query.get("filter") else "")
    for columns in (", ".join(names), "*"):
        try:
            return count(services, f"SELECT {columns}{rest}")
        except wmi.DCERPCSessionError:
            pass  # an older computer, or one without that class
    return 0


def log_in(login, namespace):
    try:
        return login.NTLMLogin(f"//./{namespace}", NULL, NULL)
    except wmi.DCERPCSessionError:
        return None  # servers keep no list of what protects them


def main(path, address):
    dcom = DCOMConnection(address, "scanner", "practice-makes-perfect", "PRACTICE")
    try:
        login = wmi.IWbemLevel1Login(dcom.CoCreateInstanceEx(wmi.CLSID_WbemLevel1Login, wmi.IID_IWbemLevel1Login))
        services, found = {}, {}
        for query in ElementTree.parse(path).getroot().iter("query"):
            namespace = query.get("namespace", "root/cimv2")
            if namespace not in services:
                services[namespace] = log_in(login, namespace)
            found[query.get("id")] = read(services[namespace], query) if services[namespace] else 0
        print(json.dumps(found))
    finally:
        dcom.disconnect()


main(*sys.argv[1:])
