# SPDX-License-Identifier: GPL-2.0-or-later
"""The plot: what each costs beside the bare kernel, and how ours grows.

Colours have a pattern or a dash as well, so that a print in black tells the same.
"""

import math
from xml.sax.saxutils import escape

import rows
import table

WIDTH = 900
LEFT = 250
BAR = 10
# Colour and pattern: what a tile of 6x6 has on its ground of the same colour.
BARS = {
    "wxguard": ("#1b5e20", ""),
    "wxguard-kprobe": ("#66a86b", '<path d="M0 6L6 0" stroke="white"/>'),
    "bpftrace": ("#1f4e9c", '<circle cx="3" cy="3" r="1.2" fill="white"/>'),
    "sysdig": ("#9cc3e6", '<path d="M3 0V6" stroke="#1f4e9c"/>'),
    "auditd-narrow": ("#f4b183", '<path d="M0 3H6" stroke="#a61b1b"/>'),
    "auditd": ("#a61b1b", '<path d="M0 0L6 6M0 6L6 0" stroke="white"/>'),
}
CURVES = {
    "finding": ("#6a3d9a", ""),
    "rwx": ("#1b5e20", "4 2"),
    "mprotect": ("#1f4e9c", "1.5 2.5"),
    "null": ("#777777", "9 3 2 3"),
}
SHORT = {"null": "unrelated call", "mprotect": "mprotect", "rwx": "RWX, known",
         "finding": "finding"}
DECADES = 6


def text(x, y, words, anchor="start", extra=""):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}"{extra}>{escape(words)}</text>'


def line(x1, y1, x2, y2, extra='stroke="#ccc"'):
    return f'<line x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}" {extra}/>'


def patterns():
    out = ["<defs>"]
    for name, (colour, tile) in BARS.items():
        out.append(f'<pattern id="{name}" width="6" height="6" patternUnits="userSpaceOnUse">'
                   f'<rect width="6" height="6" fill="{colour}"/>{tile}</pattern>')
    return out + ["</defs>"]


def bar(x, y, wide, name):
    return (f'<rect x="{x}" y="{y}" width="{wide:.1f}" height="{BAR - 1}" '
            f'fill="url(#{name})" stroke="{BARS[name][0]}" stroke-width="0.5"/>')


def legend(entries, y, sample):
    """@entries: (name, words)"""
    out, x = [], 20
    for name, words in entries:
        out += [sample(x, y, name), text(x + 34, y, words)]
        x += 48 + 7 * len(words)
    return out


def stroke(row):
    colour, dash = CURVES[row]
    return f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash or "none"}"'


def bars(results, top):
    """Times the bare kernel, whole system, on a logarithmic scale."""
    settings = [name for name in table.PEERS if name in results.rows]
    ratios = {}
    for row in table.PEER_ROWS:
        bare = results.rows["bare"][row][3]
        ratios[row] = {name: max(1, results.rows[name][row][3] / bare) for name in settings}
    largest = max(value for by in ratios.values() for value in by.values())
    decades = max(1, math.ceil(math.log10(largest)))
    scale = (WIDTH - LEFT - 70) / decades
    out = [text(20, top, "Cost for the whole system, times the bare kernel", extra=' class="h"')]
    out += legend([(name, table.PEERS[name]) for name in settings], top + 22,
                  lambda x, y, name: bar(x, y - 9, 28, name))
    y = top + 40
    bottom = y + len(table.PEER_ROWS) * (BAR * len(settings) + 10)
    for decade in range(decades + 1):
        x = LEFT + decade * scale
        out += [line(x, y, x, bottom), text(x, bottom + 14, f"{10 ** decade}x", "middle")]
    for row in table.PEER_ROWS:
        out.append(text(LEFT - 8, y + BAR * len(settings) / 2 + 4, rows.ROWS[row][0], "end"))
        for name in settings:
            value = ratios[row][name]
            long = math.log10(value) * scale
            out.append(bar(LEFT, y, max(long, 1), name))
            out.append(text(LEFT + long + 4, y + BAR - 2, f"{value:.3g}x", extra=' class="s"'))
            y += BAR
        y += 10
    return out, bottom + 30


def curve(results, what, x0, top, wide, high):
    """One small plot: instructions more than without, both axes logarithmic."""
    points = sorted((int(name.split("-")[2]), name) for name in results.rows
                    if name.startswith(f"grow-{what}-"))
    if not points:
        return []
    counts = [math.log10(count) for count, _ in points]
    reach = max(counts[-1] - counts[0], 0.1)
    out = [text(x0, top - 8, table.GROWS[what])]
    for decade in range(DECADES + 1):
        y = top + high - decade * high / DECADES
        out += [line(x0, y, x0 + wide, y),
                text(x0 - 4, y + 4, f"+{10 ** decade:,}", "end", ' class="s"')]
    for count, (number, _) in zip(counts, points):
        x = x0 + (count - counts[0]) / reach * wide
        out.append(text(x, top + high + 14, f"{number:,}", "middle", ' class="s"'))
    for row in CURVES:
        path = []
        for count, (_, name) in zip(counts, points):
            more = max(results.more(name, row), 1)
            x = x0 + (count - counts[0]) / reach * wide
            path.append(f"{x:.1f},{top + high - math.log10(more) * high / DECADES:.1f}")
        out.append(f'<polyline points="{" ".join(path)}" fill="none" {stroke(row)}/>')
    return out


def picture(results):
    out, y = bars(results, 24)
    out.append(text(20, y + 8, "How the cost of wxguard grows: instructions of the caller, "
                    "more than without it", extra=' class="h"'))
    out += legend([(row, SHORT[row]) for row in CURVES], y + 30,
                  lambda x, y, row: line(x, y - 4, x + 28, y - 4, stroke(row)))
    for place, what in enumerate(table.GROWS):
        out += curve(results, what, 75 + place * 285, y + 66, 205, 170)
    high = y + 66 + 170 + 30
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {high:.0f}" '
        'font-family="sans-serif" font-size="12">',
        "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->",
        "<style>.h{font-weight:bold;font-size:14px}.s{font-size:9px}</style>",
        *patterns(), f'<rect width="{WIDTH}" height="{high:.0f}" fill="white"/>', *out,
        "</svg>"]) + "\n"
