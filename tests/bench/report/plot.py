# SPDX-License-Identifier: GPL-2.0-or-later
"""The plot: what each costs beside the bare kernel, and how ours grows."""

import math
from xml.sax.saxutils import escape

import rows
import table

WIDTH = 900
LEFT = 250
BAR = 9
COLOURS = {"wxguard": "#1b7837", "wxguard-kprobe": "#7fbf7b", "bpftrace": "#2166ac",
           "sysdig": "#92c5de", "auditd-narrow": "#f4a582", "auditd": "#b2182b"}
CURVES = {"null": "#999999", "mprotect": "#2166ac", "rwx": "#1b7837", "exec": "#b2182b",
          "finding": "#762a83"}
SHORT = {"null": "unrelated call", "mprotect": "mprotect", "rwx": "RWX, known",
         "exec": "exec", "finding": "finding"}


def text(x, y, words, anchor="start", extra=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{extra}>{escape(words)}</text>'


def line(x1, y1, x2, y2, colour="#ccc"):
    return (f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" '
            f'stroke="{colour}"/>')


def legend(names, colours, y):
    out, x = [], 20
    for name, words in names:
        out.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" '
                   f'fill="{colours[name]}"/>')
        out.append(text(x + 14, y, words))
        x += 30 + 7 * len(words)
    return out


def bars(results, top):
    """Times the bare kernel, whole system, on a logarithmic scale."""
    settings = [name for name in table.PEERS if name in results.rows]
    ratios = {}
    for row in table.PEER_ROWS:
        bare = results.rows["bare"][row][3]
        ratios[row] = {name: max(1, results.rows[name][row][3] / bare) for name in settings}
    largest = max(value for by in ratios.values() for value in by.values())
    decades = max(1, math.ceil(math.log10(largest)))
    scale = (WIDTH - LEFT - 90) / decades
    out = [text(20, top, "Cost for the whole system, times the bare kernel", extra=' class="h"')]
    out += legend([(name, table.PEERS[name]) for name in settings], COLOURS, top + 20)
    y = top + 36
    bottom = y + len(table.PEER_ROWS) * (BAR * len(settings) + 10)
    for decade in range(decades + 1):
        x = LEFT + decade * scale
        out += [line(x, y, x, bottom), text(x, bottom + 14, f"{10 ** decade}x", "middle")]
    for row in table.PEER_ROWS:
        out.append(text(LEFT - 8, y + BAR * len(settings) / 2 + 4, rows.ROWS[row][0], "end"))
        for name in settings:
            value = ratios[row][name]
            long = math.log10(value) * scale
            out.append(f'<rect x="{LEFT}" y="{y}" width="{max(long, 1):.1f}" '
                       f'height="{BAR - 1}" fill="{COLOURS[name]}"/>')
            out.append(text(LEFT + long + 4, y + BAR - 2, f"{value:.3g}x", extra=' class="s"'))
            y += BAR
        y += 10
    return out, bottom + 30


def curve(results, what, x0, top, wide, high):
    """One small plot: instructions more than bare, both axes logarithmic."""
    points = sorted((int(name.split("-")[2]), name) for name in results.rows
                    if name.startswith(f"grow-{what}-"))
    counts = [math.log10(max(count, 1)) for count, _ in points]
    reach = max(counts[-1] - counts[0], 0.1)
    out = [text(x0, top - 8, {"known": "programs known", "rules": "exemptions",
                              "probes": "probes of others"}[what])]
    for decade in range(6):
        y = top + high - decade * high / 5
        out.append(line(x0, y, x0 + wide, y))
        if what == "known":
            out.append(text(x0 - 4, y + 4, f"+{10 ** decade}", "end", ' class="s"'))
    for count, (number, _) in zip(counts, points):
        x = x0 + (count - counts[0]) / reach * wide
        out.append(text(x, top + high + 14, str(number), "middle", ' class="s"'))
    for row, colour in CURVES.items():
        path = []
        for count, (_, name) in zip(counts, points):
            more = max(results.more(name, row), 1)
            x = x0 + (count - counts[0]) / reach * wide
            path.append(f"{x:.1f},{top + high - math.log10(more) * high / 5:.1f}")
        out.append(f'<polyline points="{" ".join(path)}" fill="none" stroke="{colour}" '
                   'stroke-width="2"/>')
    return out


def picture(results):
    out, y = bars(results, 24)
    out.append(text(20, y, "How the cost of wxguard grows, instructions of the caller more "
                    "than bare", extra=' class="h"'))
    out += legend(SHORT.items(), CURVES, y + 20)
    for place, what in enumerate(("known", "rules", "probes")):
        out += curve(results, what, 70 + place * 275, y + 56, 230, 160)
    high = y + 56 + 160 + 30
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high:.0f}" '
        'font-family="sans-serif" font-size="12">',
        "<style>.h{font-weight:bold;font-size:14px}.s{font-size:9px}</style>",
        f'<rect width="{WIDTH}" height="{high:.0f}" fill="white"/>', *out, "</svg>"]) + "\n"
