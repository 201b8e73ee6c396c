# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that make code: seen as what they do, silent once learnt, and not
broken by enforce after that. Their table is part of the manual."""

import os

from tap import expect, expect_equal

import main

TABLE = os.path.join(main.HERE, "../../../userspace/man/jit-table.scd")
# What strace sees, and the class that stands for it.
CLASS_OF = {
    "mprotect RWX": "rwx_mprotect", "mmap RWX": "rwx_mmap",
    "mprotect RW to RX": "wx_transition", "stack X": "exec_stack",
    "mmap RX of shared memory": "map_memory_exec", "/proc/PID/mem": "foreign_write",
    "ptrace POKE": "foreign_write",
}
DEBUGGER = "gdb"
HEAD = """; SPDX-License-Identifier: GPL-2.0-or-later
; Made by "tests/subjects/run --write jits", which also checks it; do not edit.
"""


def works(row):
    expect(row["fine"], f"exit status {row.get('status')}", row)


def told(asks, fresh):
    wanted = sorted({CLASS_OF[word] for word in asks if word in CLASS_OF})
    expect_equal("the classes of its findings", main.classes(fresh["findings"]), wanted, fresh)


def silent(row):
    works(row)
    expect(not row["findings"], f"{len(row['findings'])} findings", row["findings"])


def silent_or_debugger(name, row):
    """A debugger writes into code for its user: told each time, never denied."""
    if not name.startswith(DEBUGGER):
        silent(row)
        return
    works(row)
    for finding in row["findings"]:
        expect(finding["class"] == "foreign_write" and finding["verdict"] == "logged"
               and "debugger" in finding["flags"], "more than a debugger's write", finding)


def findings_of(row, learn):
    """Its classes; with a mark those that being known does not silence."""
    always = main.classes(learn["detect"]["findings"])
    return ", ".join(name + (" (each time)" if name in always else "")
                     for name in main.classes(row["fresh"]["findings"])) or "none"


def fragment(none, fresh, learn):
    """The table in scdoc's words."""
    lines = ["[[ *Program*", ":[ *Asks for*", ":[ *Findings while it is unknown*",
             ":[ *Seen with*"]
    for name, row in none.items():
        lines += [f"|  {name}", f":  {', '.join(row['asks']) or 'nothing'}",
                  f":  {findings_of(fresh[name], learn[name])}", f":  {row['version']}"]
    return HEAD + "\n".join(lines) + "\n"


def stable(text):
    """Without the versions, which Debian moves on: the last line of each row."""
    lines = [line for line in text.splitlines() if not line.startswith(";")]
    return [line for number, line in enumerate(lines) if number % 4 != 3]


def committed(text):
    try:
        with open(TABLE, encoding="utf-8") as file:
            there = file.read()
    except FileNotFoundError:
        there = ""
    expect_equal("userspace/man/jit-table.scd (versions aside; --write renews it)",
                 stable(there), stable(text))


def judge(tap, seen, write):
    none, fresh, learn = (seen[name]["rows"] for name in ("none", "fresh", "learn"))
    lines = []
    for name, row in none.items():
        tap.run(f"jit {name}: works without the module", works, row)
        tap.run(f"jit {name}: works, seen for the first time", works, fresh[name]["fresh"])
        tap.run(f"jit {name}: the findings are what strace sees", told, row["asks"],
                fresh[name]["fresh"])
        tap.run(f"jit {name}: learns silently", silent, learn[name]["learn"])
        tap.run(f"jit {name}: no finding once it is learnt", silent_or_debugger, name,
                learn[name]["detect"])
        tap.run(f"jit {name}: enforce leaves it alone", silent_or_debugger, name,
                learn[name]["enforce"])
        count = {}
        for finding in fresh[name]["fresh"]["findings"]:
            count[finding["class"]] = count.get(finding["class"], 0) + 1
        lines.append((name, row["version"], ", ".join(row["asks"]) or "nothing",
                      ", ".join(f"{word} {number}" for word, number in sorted(count.items()))
                      or "none", len(learn[name]["detect"]["findings"])))
    text = fragment(none, fresh, learn)
    if write:
        with open(TABLE, "w", encoding="utf-8") as file:
            file.write(text)
    tap.run("jits: the table of the manual is what this run gives", committed, text)
    print()
    main.table(("program", "version", "asks for", "findings at first sight", "once learnt"),
               lines)
