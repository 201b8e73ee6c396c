#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what the subjects did in each setting, and prints it as tables.

Usage: main.py [--write] PART FOLDER; FOLDER/SETTING is what one boot left.
"""

import importlib
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "../../e2e/guest"))
sys.path.insert(0, HERE)

import tap as taplib  # noqa: E402

SETTINGS = {"paxtest": ("none", "detect", "enforce"), "stress": ("none", "detect"),
            "selftests": ("none", "detect", "enforce"), "jits": ("none", "fresh", "learn")}


def boot(folder, setting, seen):
    """What one boot brought back goes to seen; what went wrong is said here."""
    place = os.path.join(folder, setting)
    with open(os.path.join(place, "exit"), encoding="ascii") as file:
        status = int(file.read())
    with open(os.path.join(place, "run.log"), encoding="utf-8", errors="replace") as file:
        said = [line for line in file.read().splitlines() if not line.startswith("# ")]
    taplib.expect(status == 0, f"exit status {status} of tests/vm/run: "
                  + "\n".join(said[-12:]))
    with open(os.path.join(place, "subjects.json"), encoding="utf-8") as file:
        seen[setting] = json.load(file)


def loses_nothing(seen):
    for key in ("lost_overflow", "lost_nomem", "unjudged", "pending", "budget_trips"):
        taplib.expect_equal(key, seen["counters"].get(key, 0), 0)


def table(heads, rows):
    """Columns as wide as they need be."""
    wide = [max(len(str(row[i])) for row in [heads, *rows]) for i in range(len(heads))]
    for row in [heads, ["-" * width for width in wide], *rows]:
        print("  ".join(str(word).ljust(width) for word, width in zip(row, wide)).rstrip())


def left_out(what):
    if not what:
        return
    print("\nLeft out:")
    reasons = what.items() if isinstance(what, dict) else ((name, "") for name in what)
    for name, reason in reasons:
        print(f"  {name}{': ' if reason else ''}{reason}")


def classes(findings):
    """The classes of some findings, without the one that any program is."""
    return sorted({finding["class"] for finding in findings} - {"exec_unknown"})


def main():
    words = [word for word in sys.argv[1:] if word != "--write"]
    part, folder = words
    tap = taplib.Tap()
    seen = {}
    print(f"\n# {part}")
    for setting in SETTINGS[part]:
        tap.run(f"{part} {setting}: the guest ends well, its kernel did not warn",
                boot, folder, setting, seen)
        if setting in seen and setting != "none":
            tap.run(f"{part} {setting}: nothing is lost or unjudged", loses_nothing,
                    seen[setting])
    if len(seen) == len(SETTINGS[part]):
        judge = importlib.import_module("judge_" + part)
        judge.judge(tap, seen, "--write" in sys.argv)
    return tap.end()


if __name__ == "__main__":
    sys.modules["main"] = sys.modules["__main__"]
    sys.exit(main())
