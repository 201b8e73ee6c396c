#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads what the machines said, prints the tables, and judges.

Usage: main.py quick COUNTS [--record]
       main.py full COUNTS CLOCK [--write]
       main.py clock CLOCK
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(HERE, "../../e2e/guest"))
sys.path.insert(0, HERE)

import full  # noqa: E402
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
    new = sum(results.rows[setting][row][0] for row in ("finding", "memfd-new")) + 3
    found = results.fact(setting, "findings")
    taplib.expect(found >= new, f"{found} findings, but {new} new things were done")


def quick(tap, results, words):
    table.columns(table.costs(results, results.settings()))
    print()
    for setting in results.settings():
        tap.run(f"the burst is counted exactly, {setting}", burst_is_counted, results, setting)
        tap.run(f"all is told, {setting}", nothing_is_lost, results, setting)
    if "--record" in words:
        record.write(RECORD, results)
        print("# tests/bench/record is written")
    record.compare(tap, results, RECORD)


def main():
    part, counts, *words = sys.argv[1:]
    tap = taplib.Tap()
    if part == "clock":
        table.columns(full.clock(counts))
        tap.run("all rounds by the clock came to their end", taplib.expect, True, "")
        return tap.end()
    results = results_file.Results(counts)
    tap.run("the machine that counts came to its end", taplib.expect,
            not results.faults, "; ".join(results.faults))
    if not results.faults and part == "quick":
        quick(tap, results, words)
    elif not results.faults:
        full.judge(tap, results, words)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
