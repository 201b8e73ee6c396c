# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's selftests: test by test the same results in detect; in enforce
the same, but for those that ask for what is denied."""

from tap import expect, expect_equal

import main

# In enforce these fail, because what they do on their way is denied; the class.
DENIED = {
    "vm/hugepage-mremap huge/mremap": "rwx_mmap",
    "vm/protection_keys_64": "rwx_mprotect",
    "vm/protection_keys_32": "rwx_mprotect",
}


def same(before, after):
    expect_equal("exit status", after["status"], before["status"], after)
    missing = [part for part in before["parts"] if part not in after["parts"]]
    more = [part for part in after["parts"] if part not in before["parts"]]
    expect(before["parts"] == after["parts"],
           f"its results are others; only without the module: {missing[:5]}; "
           f"only with it: {more[:5]}", {"output": after["output"][-1500:]})


def in_enforce(name, before, after):
    if name not in DENIED:
        same(before, after)
        return
    denied = {finding["class"] for finding in after["findings"]
              if finding["verdict"] in ("denied", "killed")}
    expect(DENIED[name] in denied, f"{DENIED[name]} was not denied", after)
    expect((after["status"], after["parts"]) != (before["status"], before["parts"]),
           "what was denied made no difference", after)


def word(row, before):
    """How it ended, and how much of what it tests went well."""
    status = {0: "pass", 4: "skip", None: "no end"}.get(row["status"],
                                                       f"exit {row['status']}")
    good = sum(not part.startswith(("not ok", "FAIL")) for part in row["parts"])
    return f"{status}, {good} of {len(before['parts'])}" if before["parts"] else status


def fails_anyway(rows):
    """What does not pass here without the module either, in its own words."""
    print("\nNot passed without the module either:")
    for name, row in rows.items():
        if row["status"] != 0:
            bad = [line for line in row["output"].splitlines() if "FAIL" in line]
            said = (bad or row["output"].strip().splitlines() or [""])[-1]
            print(f"  {name}: {said.strip()[:140]}")


def judge(tap, seen, _write):
    none, detect, enforce = (seen[name]["rows"] for name in ("none", "detect", "enforce"))
    lines = []
    for name, before in none.items():
        tap.run(f"selftest {name}: detect changes nothing", same, before, detect[name])
        tap.run(f"selftest {name}: enforce denies what it should", in_enforce, name, before,
                enforce[name])
        denied = {finding["class"] for finding in enforce[name]["findings"]
                  if finding["verdict"] in ("denied", "killed")}
        lines.append((name, word(before, before), word(detect[name], before),
                      word(enforce[name], before),
                      ", ".join(main.classes(detect[name]["findings"])) or "-",
                      ", ".join(sorted(denied)) or "-"))
    print()
    main.table(("test", "without", "detect", "enforce", "findings", "denied"), lines)
    fails_anyway(none)
    main.left_out(seen["none"]["left_out"])
