# SPDX-License-Identifier: GPL-2.0-or-later
"""paxtest: the same verdicts in detect, and in enforce no hole that a class
stands for."""

from tap import expect, expect_equal

import main

# Their outcome is a matter of chance, with and without a module: a child
# returns to a wrong place, and either dies of it or does not.
CHANCE = ("rettofunc2", "rettofunc2x")
HARMLESS = ("Killed", "no verdict")
WHY = {
    "rand": "where memory lies is not wxguard's to say",
    "rettofunc": "code that is there already is used again; no memory becomes code",
}
# What stays possible with everything denied, and why nothing can be done.
STAYS = {}


def same(name, before, after):
    if name.split("/")[1] in CHANCE:
        for row in (before, after):
            expect(row["verdict"].startswith(HARMLESS), f"it says {row['verdict']!r}")
        return
    expect_equal("its verdict", after["verdict"], before["verdict"], after)


def prevented(name, before, after):
    if before["verdict"] != "Vulnerable":
        same(name, before, after)
        return
    if name.split("/")[1] in STAYS:
        expect_equal("its verdict", after["verdict"], before["verdict"], after)
        return
    expect(after["verdict"] != "Vulnerable", "it stays vulnerable", after)
    expect(any(finding["verdict"] in ("denied", "killed") for finding in after["findings"]),
           "nothing was denied", after)


def told(name, before, after):
    """What paxtest could do and a class stands for is seen in detect."""
    if before["verdict"] == "Vulnerable" and name.split("/")[1] not in STAYS:
        expect(main.classes(after["findings"]), "there is no finding", after)


def reason(name, before):
    program = name.split("/")[1]
    for begin, why in WHY.items():
        if program.startswith(begin):
            return why
    if program in STAYS:
        return STAYS[program]
    return "the kernel does not run data" if before["verdict"] == "Killed" else ""


def judge(tap, seen, _write):
    none, detect, enforce = (seen[name]["rows"] for name in ("none", "detect", "enforce"))
    lines = []
    for name, before in none.items():
        tap.run(f"paxtest {name}: detect changes nothing", same, name, before, detect[name])
        tap.run(f"paxtest {name}: detect tells", told, name, before, detect[name])
        tap.run(f"paxtest {name}: enforce prevents what it should", prevented, name, before,
                enforce[name])
        denied = main.classes(enforce[name]["findings"])
        lines.append((name.split("/")[0], before["title"], before["verdict"],
                      detect[name]["verdict"], enforce[name]["verdict"],
                      ", ".join(denied) or reason(name, before)))
    print()
    main.table(("mode", "test", "without", "detect", "enforce", "denied as, or why not"), lines)
    if seen["none"]["left_out"]:
        print("\nLeft out: the randomisation tests (--full runs them): "
              + WHY["rand"] + ".")
