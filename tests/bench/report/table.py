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
GROWS = {"known": "programs known", "rules": "exemptions",
         "probes": "kprobes of others on mprotect"}
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
    return f"{results.more(setting, row):+,} {results.caller(setting, row) / bare:.3f}x"


def verdict(results, setting, row):
    """(the goal, is it met?), or None where there is none."""
    if rows.engine(setting) in rows.WITHOUT_GOALS or row not in results.rows[setting]:
        return None
    if row == "burst":
        ratio_of = results.caller(setting, row) / results.caller("bare", row)
        return f"<= {rows.BURST_RATIO}x", ratio_of <= rows.BURST_RATIO
    goal = rows.goal(setting, row)
    if goal is None:
        return None
    return f"<= +{goal}", results.more(setting, row) <= goal


def costs(results, settings):
    """Instructions per operation, as the caller sees them, beside the goals."""
    lines = [["instructions per operation, caller", "bare"]]
    for setting in settings:
        lines[0].append(f"engine={rows.engine(setting)}")
        if rows.engine(setting) not in rows.WITHOUT_GOALS:
            lines[0].append("goal")
    for row, (name, *_) in rows.ROWS.items():
        line = [name, str(results.caller("bare", row))]
        for setting in settings:
            line.append(cell(results, setting, row))
            if rows.engine(setting) not in rows.WITHOUT_GOALS:
                goal, met = verdict(results, setting, row) or ("", True)
                line.append(goal and f"{goal}, {'met' if met else 'MISSED'}")
        lines.append(line)
    return lines


def missed(results, settings):
    """Rows whose goal is missed, as words."""
    for setting in settings:
        for row, (name, *_) in rows.ROWS.items():
            goal, met = verdict(results, setting, row) or ("", True)
            if not met:
                yield (f"{name}, engine={rows.engine(setting)} "
                       f"({cell(results, setting, row)} instead of {goal})")


def lost(results, setting):
    """Of the burst: wxguard counts, the others tell each."""
    count = results.rows[setting]["burst"][0]
    gone = count - results.fact(setting, "burst-seen")
    return "none" if gone <= 0 else f"{gone / count:.0%}"


def kernel_kib(results, setting):
    name = "module-kib" if setting.startswith("wxguard") else "kernel-kib"
    return max(results.fact(setting, name), 0)


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
    lines.append(["kernel memory, MiB"] + [f"{kernel_kib(results, name) / 1024:.1f}"
                                           for name in settings])
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
        lines.append([f"{int(count):,} {GROWS[what]}"] + [f"{results.more(name, row):+,}" for row in kept])
    return lines
