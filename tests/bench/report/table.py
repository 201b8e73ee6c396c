# SPDX-License-Identifier: GPL-2.0-or-later
"""The costs as a table for a person."""

import rows


def cell(results, setting, row):
    if row not in results.rows[setting]:
        return "-"
    bare = results.median("bare", row)
    return f"+{results.more(setting, row)} {results.median(setting, row) / bare:.3f}x"


def verdict(results, setting, row):
    """Is the goal met? Empty where there is none."""
    if setting in rows.WITHOUT_GOALS:
        return ""
    if row == "burst":
        ratio = results.median(setting, row) / results.median("bare", row)
        return f"{'met' if ratio <= rows.BURST_RATIO else 'MISSED'} <= {rows.BURST_RATIO}x"
    goal = rows.goal(setting, row)
    if goal is None:
        return ""
    return f"{'met' if results.more(setting, row) <= goal else 'MISSED'} <= +{goal}"


def columns(lines):
    wide = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        print("  ".join(word.ljust(width) for word, width in zip(line, wide)).rstrip())


def caller(results):
    """Instructions per operation, as the caller sees them."""
    settings = [setting for setting in results.rows if setting != "bare"]
    lines = [["instructions per operation, caller", "bare"]]
    for setting in settings:
        lines[0] += [setting, "" if setting in rows.WITHOUT_GOALS else "goal"]
    for row, (name, *_) in rows.ROWS.items():
        line = [name, str(results.median("bare", row))]
        for setting in settings:
            line += [cell(results, setting, row), verdict(results, setting, row)]
        lines.append(line)
    columns(lines)
