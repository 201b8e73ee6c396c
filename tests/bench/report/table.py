# SPDX-License-Identifier: GPL-2.0-or-later
"""The costs as tables for a person."""

import rows

PEERS = {
    "wxguard": "wxguard",
    "wxguard-kprobe": "wxguard, engine=kprobe",
    "bpftrace": "bpftrace",
    "sysdig": "sysdig",
    "auditd-narrow": "auditd, a2=7 + execve",
    "auditd": "auditd, as published",
}
PEER_ROWS = ("null", "mprotect", "mmap", "library", "rwx", "exec", "script", "memfd",
             "burst")


def columns(lines):
    """As wide as they need be."""
    wide = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, wide)).rstrip())


def markdown(lines):
    out = ["| " + " | ".join(lines[0]) + " |", "|---" + "|---:" * (len(lines[0]) - 1) + "|"]
    return out + ["| " + " | ".join(line) + " |" for line in lines[1:]]


def cell(results, setting, row):
    if row not in results.rows[setting]:
        return "-"
    bare = results.caller("bare", row)
    return f"+{results.more(setting, row)} {results.caller(setting, row) / bare:.3f}x"


def verdict(results, setting, row):
    """Is the goal met? Empty where there is none."""
    if setting in rows.WITHOUT_GOALS or row not in results.rows[setting]:
        return ""
    if row == "burst":
        ratio = results.caller(setting, row) / results.caller("bare", row)
        return f"{'met' if ratio <= rows.BURST_RATIO else 'MISSED'} <= {rows.BURST_RATIO}x"
    goal = rows.goal(setting, row)
    if goal is None:
        return ""
    return f"{'met' if results.more(setting, row) <= goal else 'MISSED'} <= +{goal}"


def costs(results, settings):
    """Instructions per operation, as the caller sees them, beside the goals."""
    lines = [["instructions per operation, caller", "bare"]]
    for setting in settings:
        lines[0] += [setting, "" if setting in rows.WITHOUT_GOALS else "goal"]
    for row, (name, *_) in rows.ROWS.items():
        line = [name, str(results.caller("bare", row))]
        for setting in settings:
            line += [cell(results, setting, row), verdict(results, setting, row)]
        lines.append(line)
    columns(lines)


def lost(results, setting):
    """Of the burst: wxguard counts, the others tell each."""
    count = results.rows[setting]["burst"][0]
    gone = count - results.fact(setting, "burst-seen")
    return "none" if gone <= 0 else f"{gone / count:.0%}"


def ratio(value, bare):
    return f"{value / bare:.1f}x" if value >= 10 * bare else f"{value / bare:.3f}x"


def peers(results):
    """Against bare: processor time of the caller / of the whole system."""
    settings = [setting for setting in PEERS if setting in results.rows]
    lines = [["caller / whole system, times bare"] + [PEERS[name] for name in settings]]
    for row in PEER_ROWS:
        line = [rows.ROWS[row][0]]
        for setting in settings:
            _, _, own, total = results.rows[setting][row]
            _, _, bare_own, bare_total = results.rows["bare"][row]
            line.append(f"{ratio(own, bare_own)} / {ratio(total, bare_total)}")
        lines.append(line)
    lines.append(["lost of the burst"] + [lost(results, name) for name in settings])
    lines.append(["daemon, MiB"] + [f"{results.fact(name, 'daemon-kib') / 1024:.1f}"
                                    for name in settings])
    return lines


def growth(results):
    """setting: caller's instructions more than bare, per row"""
    names = [name for name in results.rows if name.startswith("grow-")]
    kept = ("null", "mprotect", "rwx", "finding", "exec", "memfd-new")
    lines = [["how it grows", *(rows.ROWS[row][0] for row in kept)]]
    for name in names:
        _, what, count = name.split("-")
        lines.append([f"{count} {what}"] + [f"+{results.more(name, row)}" for row in kept])
    return lines
