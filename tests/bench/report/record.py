# SPDX-License-Identifier: GPL-2.0-or-later
"""The kept costs: a figure that grew by more than 3 % fails.

The record holds, per setting and row, what the caller pays more than on the
bare kernel. Another kernel or compiler makes other figures: then the limit is
wider, and that is said.
"""

import rows
import tap as taplib

GROWTH = 0.03
GROWTH_ELSEWHERE = 0.25


def made_with(results):
    return f"{results.facts['host']['kernel']}, {results.facts['host']['compiler']}"


def figures(results):
    for setting in results.settings():
        for row in results.rows[setting]:
            if row in rows.NOT_KEPT:
                continue
            yield setting, row, results.more(setting, row)


def write(path, results):
    lines = ["# SPDX-License-Identifier: GPL-2.0-or-later",
             "# What the caller pays more than on the bare kernel, in instructions, as",
             "# tests/bench/run --quick counted it. A commit that changes it says why.",
             f"# made with: {made_with(results)}"]
    lines += [f"{setting}\t{row}\t{more}" for setting, row, more in figures(results)]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def read(path):
    """({(setting, row): instructions}, what it was made with)"""
    kept, made = {}, ""
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("# made with: "):
                made = line.split(": ", 1)[1].strip()
            elif not line.startswith("#"):
                setting, row, more = line.split()
                kept[setting, row] = int(more)
    return kept, made


def is_kept(more, bare, row, kept, growth):
    taplib.expect(kept is not None, "this figure is not in the record")
    limit = kept * (1 + growth) + rows.slack(row, bare)
    taplib.expect(more <= limit, f"{more} instructions more than bare; recorded are "
                  f"{kept}, the limit is {limit:.0f}")


def compare(tap, results, path):
    kept, made = read(path)
    here = made_with(results)
    growth = GROWTH
    if made != here:
        growth = GROWTH_ELSEWHERE
        print(f"# the record was made with {made}, this is {here}: growth up to "
              f"{growth:.0%} passes")
    cheaper = []
    for setting, row, more in figures(results):
        bare, old = results.caller("bare", row), kept.pop((setting, row), None)
        tap.run(f"{row}, {setting}: +{more}", is_kept, more, bare, row, old, growth)
        if old is not None and more < old * (1 - growth) - rows.slack(row, bare):
            cheaper.append(f"{row} ({setting})")
    gone = ", ".join(f"{row} ({setting})" for setting, row in kept)
    tap.run("every recorded figure was measured", taplib.expect, not gone,
            f"not measured: {gone}")
    if cheaper:
        print(f"# cheaper than the record by more than {growth:.0%}: {', '.join(cheaper)}; "
              "--record keeps that")
