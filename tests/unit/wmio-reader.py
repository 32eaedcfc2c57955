# SPDX-License-Identifier: GPL-3.0-or-later
"""What we encode, another decoder must read: impacket's, on an instance of every kind of value that
it reads (no reals) and a class with methods.

usage: wmio-reader.py WMIO-OBJECTS"""
import os
import subprocess
import sys
import tempfile

try:
    from impacket.dcerpc.v5.dcom.wmi import ENCODING_UNIT
except ImportError:
    print("impacket (python3-impacket) is not here")
    sys.exit(77)

SCALARS = {
    "Name": "Größe",
    "Big": 137438953344,
    "Active": "True",
    "Count": -5,
    "Small": 200,
    "Since": "20200917110717.000000-240",
    "Aliases": ["first", "дважды"],
    "Numbers": [1, 65535],
    "Nothing": None,
    "Empty": "",
    "Cyrillic": "Учёт",
}

CIMTYPES = {"Name": "string", "Big": "uint64", "Active": "boolean", "Since": "datetime", "Aliases": "string",
            "Part": "object:Roll_Part"}


def block(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        data = file.read()
    unit = ENCODING_UNIT(data)
    assert unit["ObjectEncodingLength"] == len(data) - 8
    assert unit["ObjectBlock"]["Decoration"]["DecServerName"]["Character"] == "PC-7"
    unit["ObjectBlock"].parseObject()
    return unit["ObjectBlock"]


def check_instance(folder):
    thing = block(folder, "thing")
    properties = thing.ctCurrent["properties"]
    assert thing.ctCurrent["name"] == "Roll_Thing : CIM_LogicalElement ", thing.ctCurrent["name"]
    assert set(properties) == set(SCALARS) | {"Part"}, list(properties)
    for name, value in SCALARS.items():
        assert properties[name]["value"] == value, (name, properties[name]["value"])
    for name, cimtype in CIMTYPES.items():
        assert properties[name]["qualifiers"]["CIMTYPE"] == cimtype, (name, properties[name]["qualifiers"])
    assert properties["Name"]["qualifiers"]["key"] == "True"
    part = properties["Part"]["value"]["ObjectBlock"]
    part.parseObject()
    assert part.ctCurrent["properties"]["Serial"]["value"] == "ABC-1"


def check_class(folder):
    methods = block(folder, "class").ctCurrent["methods"]
    assert list(methods) == ["EnumKey", "Nop"]
    assert set(methods["EnumKey"]["InParams"]) == {"hDefKey", "sSubKeyName"}
    assert methods["EnumKey"]["InParams"]["hDefKey"]["stype"] == "uint32"
    assert set(methods["EnumKey"]["OutParams"]) == {"sNames", "ReturnValue"}
    assert methods["Nop"]["InParams"] is None and methods["Nop"]["OutParams"] is None


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        check_instance(folder)
        check_class(folder)


main()
