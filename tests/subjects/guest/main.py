#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the subjects of one part inside the virtual machine, in one setting.

Usage: main.py PART SETTING. Judges nothing: what was seen goes to
/out/subjects.json, and ../report.py compares the settings.
"""

import importlib
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import box  # noqa: E402


def main():
    part = importlib.import_module("part_" + sys.argv[1])
    seen = part.collect(sys.argv[2])
    with open(os.path.join(box.OUT, "subjects.json"), "w", encoding="utf-8") as file:
        json.dump(seen, file, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
