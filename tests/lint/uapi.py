# SPDX-License-Identifier: GPL-2.0-or-later
"""The UAPI header as data: what tests/lint/abi compares. Reads only."""
import re

HEADER = "include/uapi/linux/wxguard.h"


class Member:
    """One enum constant: its number, and what its comment says of its type."""

    def __init__(self, name, value, comment):
        self.name = name
        self.value = value
        self.comment = comment
        self.type = self.nested = self.enum = None
        self.repeated = False
        self.read_comment()

    def read_comment(self):
        word = re.match(r"(u32|u64|s64|string|binary|flag|nest)\b", self.comment)
        if not word:
            return
        self.type = word[1]
        nest = re.match(r"nest (WXGUARD_\w+?)\*", self.comment)
        self.nested = nest and nest[1]
        enum = re.match(r"u32, enum wxguard_(\w+)", self.comment)
        self.enum = enum and enum[1]
        self.repeated = bool(re.match(r"[^;:]*, repeated", self.comment))


class Header:
    """enums: name -> [Member]; defines: name -> int or str."""

    def __init__(self, path=HEADER):
        with open(path, encoding="ascii") as file:
            self.text = file.read()
        self.enums = {}
        self.defines = {}
        for name, body in re.findall(r"^enum (\w+) \{\n(.*?)^\};", self.text,
                                     re.M | re.S):
            self.enums[name] = list(members(body))
        self.read_defines()

    def read_defines(self):
        text = re.sub(r"/\*.*?\*/", "", self.text, flags=re.S)
        for name, value in re.findall(r"^#define[ \t]+(\w+)[ \t]+(\S.*?)[ \t]*$",
                                      text, re.M):
            self.defines[name] = self.evaluate(name, value)

    def evaluate(self, name, value):
        if value.startswith('"'):
            return value.strip('"')
        bit = re.fullmatch(r"\(1U << (\d+)\)", value)
        if bit:
            return 1 << int(bit[1])
        last = re.fullmatch(r"\((__\w+) - 1\)", value)
        if last:
            return None  # moves with each appended number
        try:
            return int(value, 0)
        except ValueError:
            raise SystemExit(f"{HEADER}: {name} is '{value}'; this check reads "
                             "a number, a string, (1U << N) or (__X - 1)")

    def constants(self):
        """name -> (value, type or None) of all that may never change."""
        found = {}
        for entries in self.enums.values():
            for member in entries:
                if not member.name.startswith("__"):
                    found[member.name] = (member.value, member.type)
        for name, value in self.defines.items():
            if value is not None:
                found[name] = (value, None)
        return found


def members(body):
    """The constants of an enum body, each with the comment beside it."""
    value = 0
    pattern = r"^\t(\w+)(?: = (\w+))?,?[ \t]*(?:/\*(.*?)\*/)?[ \t]*$"
    for name, explicit, comment in re.findall(pattern, body, re.M | re.S):
        if explicit:
            value = int(explicit, 0)
        comment = re.sub(r"\s*\n[\s*]*", " ", comment or "").strip()
        yield Member(name, value, comment)
        value += 1
