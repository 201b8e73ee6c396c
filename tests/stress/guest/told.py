# SPDX-License-Identifier: GPL-2.0-or-later
"""What the daemon told in its file, against the numbers that the kernel gave."""

import json
import os

import nl
import wx
from tap import expect, expect_equal


def lines(path=wx.FINDINGS):
    """The documents of the file and of those it was rotated to."""
    names = [path + f".{number}" for number in range(9, 0, -1)] + [path]
    for name in names:
        if not os.path.exists(name):
            continue
        with open(name, encoding="utf-8") as file:
            for line in file:
                expect(line.endswith("\n"), f"{name} ends in half a line", line[-200:])
                yield json.loads(line)


def numbers():
    """(numbers of findings, [(first, last) of losses]) as told."""
    found, lost = [], []
    for document in lines():
        if document["event"]["kind"] == "alert":
            found.append(document["event"]["sequence"])
        stream = document.get("wxguard", {}).get("stream", {})
        if "lost_first" in stream:
            lost.append((stream["lost_first"], stream["lost_last"]))
    return found, lost


def newest():
    """The last number in the file; 0 = none."""
    last = 0
    for line in reversed(wx.command("tail", "-n", "50", wx.FINDINGS).stdout.splitlines()):
        document = json.loads(line)
        last = max(last, document["event"].get("sequence", 0) or 0)
        stream = document.get("wxguard", {}).get("stream", {})
        last = max(last, stream.get("lost_last", 0))
    return last


def caught_up():
    """Waits until the daemon has told all that the module has numbered."""
    wx.wait_acked()
    with nl.Client() as client:
        last = client.status()["seq"]
    wx.until(f"the file tells up to {last}", lambda: newest() >= last)
    return last


def check_each_once(last):
    """1 to last: each number once, as a finding or in a loss; numbers lost."""
    found, lost = numbers()
    expect_equal("findings told twice", len(found) - len(set(found)), 0,
                 sorted(n for n in set(found) if found.count(n) > 1)[:20]
                 if len(found) != len(set(found)) else None)
    due = set(range(1, last + 1))
    for begin, end in lost:
        part = set(range(begin, end + 1))
        expect(part <= due, "a loss was told twice", lost)
        due -= part
    twice = due.symmetric_difference(found)
    expect(not twice, f"of {last} numbers {len(twice)} were told twice (also as lost) or "
           "not at all", sorted(twice)[:20] + lost[:5])
    return sum(end - begin + 1 for begin, end in lost)
