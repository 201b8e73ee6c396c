# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole bench: its tables, what must hold, and what is kept of it."""

import os
import statistics

import keep
import table
import tap as taplib

# With the daemon, and without: then nobody else runs in between.
WXGUARD = ("wxguard", "wxguard-kprobe")
ALONE = ("alone-auto", "alone-ftrace", "alone-kprobe")
SECOND = 3_000_000_000  # instructions, of a processor that does one per cycle at 3 GHz


def nothing_is_lost(results, setting):
    for name in ("lost", "unjudged"):
        taplib.expect_equal(name, results.fact(setting, name), 0)
    taplib.expect_equal("calls counted for the program of the burst",
                        results.fact(setting, "burst-seen"),
                        results.rows[setting]["burst"][0])
    # Repeats may have been told since the module was asked.
    told, found = results.fact(setting, "told"), results.fact(setting, "findings")
    taplib.expect(told >= found, f"{told} of {found} findings are in the daemon's file")


def same_as_before(results):
    """The peers left nothing behind, so what stands between is comparable."""
    for row in ("null", "mprotect", "rwx", "exec", "burst"):
        before, after = results.caller("bare", row), results.caller("bare-again", row)
        taplib.expect(abs(after - before) <= before * 0.02,
                      f"{row}: {after} instead of {before} instructions")


def was_measured(results, peer):
    if peer not in results.rows:
        raise taplib.Skip(results.facts.get(peer, {}).get("missing", "not measured"))
    taplib.expect(set(table.PEER_ROWS) <= set(results.rows[peer]), "rows are missing")


def daemon_costs(results):
    """Of a finding, to the daemon: (when it has many at once, woken for each)"""
    _, _, own, total = results.rows["wxguard-flood"]["finding"]
    return results.rows["wxguard-backlog"]["backlog"][3], total - own


def other_goals(results):
    """(what, value, goal, is it met?)"""
    def at_most(what, value, unit, limit):
        return what, f"{value:.{2 if value % 1 and value < 100 else 0}f} {unit}", \
            f"<= {limit} {unit}", value <= limit

    latency = results.caller("wxguard", "latency") / 1e6
    at_once, one_by_one = daemon_costs(results)
    rate = SECOND / max(at_once, 1)
    flood = results.rows["wxguard-flood"]["finding"][0]
    lost = results.fact("wxguard", "lost")
    growth = results.fact("grow-known-65536", "kernel-kib") - results.fact(
        "grow-known-1000", "kernel-kib")
    return [
        at_most("module, nothing known", results.fact("wxguard", "module-kib"), "KiB", 512),
        at_most("each known program, with a path of 40 bytes",
                growth * 1024 / (65536 - 1000), "bytes", 128),
        at_most("daemon, at rest", results.fact("wxguard", "daemon-kib") / 1024, "MiB", 4),
        at_most(f"daemon, after {flood:,} findings",
                results.fact("wxguard", "daemon-flood-kib") / 1024, "MiB", 4),
        at_most(f"{flood:,} new programs as fast as can be, lost", lost, "findings", 0),
        at_most("finding to line, median", latency, "ms", 5),
        (f"daemon, {at_once:,} instructions for each of many findings ({one_by_one:,} if "
         "woken for each); at 3 GHz, one per cycle", f"{rate:.0f} findings/s",
         ">= 5000 findings/s", rate >= 5000),
    ]


def clock(path):
    """Lines of the table by the clock."""
    took = {}
    lines = [["by the clock, medians", "without", "with", "times", "spread of the pairs"]]
    if not os.path.exists(path):
        return lines + [["not measured", "", "", "", ""]]
    with open(path, encoding="ascii") as file:
        for line in file:
            task, setting, seconds = line.split()
            took.setdefault(task, {}).setdefault(setting, []).append(float(seconds))
    for task, by in took.items():
        pairs = [b / a for a, b in zip(by["without"], by["with"])]
        lines.append([task.replace("_", " "), f"{statistics.median(by['without']):.2f} s",
                      f"{statistics.median(by['with']):.2f} s",
                      f"{statistics.median(pairs):.3f}x",
                      f"{min(pairs):.3f}x to {max(pairs):.3f}x"])
    return lines


def judge(tap, results, words):
    path, *words = words
    goals = other_goals(results)
    tables = {
        "costs": table.costs(results, ALONE),
        "goals": [["also", "figure", "goal"]] +
                 [[what, value, f"{goal}, {'met' if met else 'MISSED'}"]
                  for what, value, goal, met in goals],
        "peers": table.peers(results),
        "growth": table.growth(results),
        "clock": clock(path),
    }
    for lines in tables.values():
        table.columns(lines)
        print()
    missed = [*table.missed(results, ALONE),
              *(f"{what} ({value} instead of {goal})" for what, value, goal, met in goals
                if not met)]
    for setting in WXGUARD:
        tap.run(f"all is told and counted, {setting}", nothing_is_lost, results, setting)
    for peer in table.PEERS:
        if peer not in WXGUARD:
            tap.run(f"measured beside it: {table.PEERS[peer]}", was_measured, results, peer)
    tap.run("the bare kernel costs the same again", same_as_before, results)
    if "--write" in words:
        keep.write(results, tables, missed)
