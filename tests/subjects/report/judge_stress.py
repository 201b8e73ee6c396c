# SPDX-License-Identifier: GPL-2.0-or-later
"""stress-ng: the same end, the same complaints, as many operations."""

from tap import Skip, expect, expect_equal

import main


def same(before, after):
    if before["skipped"] and after["skipped"]:
        raise Skip("stress-ng itself skips it here")
    for what in ("status", "said", "skipped"):
        expect_equal(what, after[what], before[what], after)
    expect_equal("its status without the module", before["status"], 0, before)
    for row in (before, after):
        expect(row["done"] >= row["wanted"],
               f"{row['done']} operations instead of {row['wanted']}", row)


def judge(tap, seen, _write):
    lines = []
    for name, before in seen["none"]["rows"].items():
        after = seen["detect"]["rows"][name]
        tap.run(f"stress-ng {name}: the same with and without the module", same, before, after)
        lines.append((name, before["wanted"], f"{before['done']}, exit {before['status']}",
                      f"{after['done']}, exit {after['status']}",
                      ", ".join(main.classes(after["findings"])) or "-"))
    for name in seen["none"]["left_out"]:
        tap.run(f"stress-ng {name}", missing)
    print()
    main.table(("stressor", "asked", "without", "detect", "findings"), lines)


def missing():
    raise Skip("the stress-ng of Debian 12 has no such method; execveat is what it would call")
