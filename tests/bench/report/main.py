#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads what the counting machine said, prints the table, and judges.

Usage: main.py [--record] RESULT
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "../../e2e/guest"))
sys.path.insert(0, HERE)

import record  # noqa: E402
import results as results_file  # noqa: E402
import table  # noqa: E402
import tap as taplib  # noqa: E402

RECORD = os.path.join(HERE, "../record")


def burst_is_counted(results, setting):
    count = results.rows[setting]["burst"][0]
    taplib.expect_equal("calls counted for the program of the burst",
                        results.fact(setting, "burst-seen"), count)


def nothing_is_lost(results, setting):
    for name in ("lost", "unjudged"):
        taplib.expect_equal(name, results.fact(setting, name), 0)
    # The program itself for two classes, the burst, and each of the new ones.
    new = [results.rows[setting][row][0] for row in ("finding", "memfd-new")]
    taplib.expect(results.fact(setting, "findings") >= sum(new) + 3,
                  f"{results.fact(setting, 'findings')} findings, but {sum(new) + 3} "
                  "new things were done")


def main():
    words = [word for word in sys.argv[1:] if word != "--record"]
    tap = taplib.Tap()
    results = results_file.Results()
    results.read(words[0])
    tap.run("the machine came to its end", taplib.expect, not results.faults,
            "; ".join(results.faults))
    if results.faults:
        return tap.end()
    table.caller(results)
    print()
    for setting in results.rows:
        if setting != "bare":
            tap.run(f"the burst is counted exactly, {setting}", burst_is_counted,
                    results, setting)
            tap.run(f"all is told, {setting}", nothing_is_lost, results, setting)
    if "--record" in sys.argv:
        record.write(RECORD, results)
        print("# tests/bench/record is written")
    record.compare(tap, results, RECORD)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
