# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole bench: its tables, what must hold, and what is kept of it."""

import statistics

import keep
import table
import tap as taplib

# With the daemon, and without: then nobody else runs in between.
WXGUARD = ("wxguard", "wxguard-kprobe")
ALONE = ("alone-auto", "alone-kprobe")
GHZ = 1_000_000_000     # the counting machine runs as many instructions a second


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


def per_second(results):
    """Findings a second that the daemon can take, had it a processor."""
    _, _, own, total = results.rows["wxguard-flood"]["finding"]
    return GHZ / max(total - own, 1)


def other_goals(results):
    """(what, value, goal, is it met?)"""
    def at_most(what, value, unit, limit):
        return what, f"{value:.{0 if value >= 100 else 2}f} {unit}", \
            f"<= {limit} {unit}", value <= limit

    latency = results.caller("wxguard", "latency") / 1e6
    rate = per_second(results)
    growth = results.fact("grow-known-65536", "kernel-kib") - results.fact(
        "grow-known-1000", "kernel-kib")
    return [
        at_most("module, nothing known", results.fact("wxguard", "module-kib"), "KiB", 512),
        at_most("each known program", growth * 1024 / (65536 - 1000), "bytes", 128),
        at_most("daemon", results.fact("wxguard", "daemon-kib") / 1024, "MiB", 4),
        at_most("finding to line, median", latency, "ms", 5),
        ("daemon alone", f"{rate:.0f} findings/s", ">= 5000", rate >= 5000),
    ]


def clock(path):
    """Lines of the table by the clock."""
    took = {}
    with open(path, encoding="ascii") as file:
        for line in file:
            task, setting, seconds = line.split()
            took.setdefault(task, {}).setdefault(setting, []).append(float(seconds))
    lines = [["by the clock, medians", "without", "with", "times", "spread of the pairs"]]
    for task, by in took.items():
        pairs = [b / a for a, b in zip(by["without"], by["with"])]
        lines.append([task.replace("-", " "), f"{statistics.median(by['without']):.2f} s",
                      f"{statistics.median(by['with']):.2f} s",
                      f"{statistics.median(pairs):.3f}x",
                      f"{min(pairs):.3f}x to {max(pairs):.3f}x"])
    return lines


def judge(tap, results, words):
    path, *words = words
    table.costs(results, ALONE)
    tables = [table.peers(results), table.growth(results)]
    try:
        tables.append(clock(path))
    except FileNotFoundError:
        print("\n# the table by the clock was not made")
    for lines in tables:
        print()
        table.columns(lines)
    print()
    goals = other_goals(results)
    for what, value, goal, met in goals:
        print(f"{what}: {value}, {'met' if met else 'MISSED'} {goal}")
    print()
    for setting in WXGUARD:
        tap.run(f"all is told and counted, {setting}", nothing_is_lost, results, setting)
    for peer in table.PEERS:
        if peer not in WXGUARD:
            tap.run(f"measured beside it: {table.PEERS[peer]}", was_measured, results, peer)
    tap.run("the bare kernel costs the same again", same_as_before, results)
    if "--write" in words:
        keep.write(results, tables, goals)
