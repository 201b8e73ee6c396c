#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs one part of the scenarios inside the virtual machine.

Usage: main.py PART. A part is a module part_PART with run(tap).
"""

import importlib
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import tap as taplib  # noqa: E402
import wx             # noqa: E402


def main():
    part = importlib.import_module("part_" + sys.argv[1])
    os.makedirs(wx.WORK, exist_ok=True)
    tap = taplib.Tap(wx.OUT + "/checks.jsonl", os.environ.get("CHECK") or "*")
    try:
        part.run(tap)
    except Exception as error:  # the part itself broke: say so, count it
        tap.only = ["*"]
        tap.run(f"{sys.argv[1]}: runs to its end", raise_again, error)
    return tap.end()


def raise_again(error):
    raise error


if __name__ == "__main__":
    sys.exit(main())
