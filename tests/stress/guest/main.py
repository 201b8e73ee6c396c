#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs one storm inside the virtual machine.

Usage: main.py STORM SEED ROUNDS. A storm is a module storm_STORM with
run(storm) and ROUNDS of its own: ROUNDS is a number, or "/N" for a part of those.
"""

import importlib
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "e2e")]

import tap as taplib      # noqa: E402
import wx                 # noqa: E402
from storm import Storm   # noqa: E402


def main():
    name, seed, rounds = sys.argv[1:]
    module = importlib.import_module("storm_" + name)
    if rounds.startswith("/"):
        rounds = max(1, module.ROUNDS // int(rounds[1:]))
    os.makedirs(wx.WORK, exist_ok=True)
    tap = taplib.Tap(wx.OUT + "/checks.jsonl")
    try:
        module.run(Storm(tap, int(rounds), seed + name))
    except Exception as error:  # the storm itself broke: say so, count it
        tap.run(f"{name}: runs to its end", raise_again, error)
    return tap.end()


def raise_again(error):
    raise error


if __name__ == "__main__":
    sys.exit(main())
