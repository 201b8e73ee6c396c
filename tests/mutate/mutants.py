# SPDX-License-Identifier: GPL-2.0-or-later
"""The mutants, as the files in list/ write them down.

A mutant is one change at one place:

    mutant  window-never-ends
    what    an executable stays known for ever
    file    module/known.c
    test    kunit known: the_window_ends_to_the_second
    -\t       seen > now - (s64)window;
    +\t       true;

The lines behind "-" must stand in the file exactly once, one after the other;
those behind "+" take their place. "test" is the one that must fail: its kind,
where it is, and its name as its door prints it, a glob ("|" between several).

    unit PROGRAM: NAME      a program of tests/unit
    kunit SUITE: NAME       a suite of tests/kunit
    e2e PART: NAME          a check of one boot of tests/e2e

"kunit@san" and "e2e@san" run on the debug kernel of that flavour. Where no
test fails but the machine itself complains, "sign" is what it prints then.
"""

import os

KINDS = ("unit", "kunit", "e2e")
FIELDS = ("mutant", "what", "file", "test", "sign")


class Wrong(Exception):
    """What is wrong with the list, or why a mutant does not fit."""


class Mutant:
    def __init__(self, place):
        self.place = place
        self.mutant = self.what = self.file = self.test = self.sign = ""
        self.old, self.new = [], []

    @property
    def name(self):
        return self.mutant

    def settle(self):
        """All is there; takes the test apart."""
        for field in ("mutant", "what", "file", "test"):
            if not getattr(self, field):
                raise Wrong(f"{self.place}: the mutant {self.mutant or '?'} has no {field}")
        if not self.old:
            raise Wrong(f"{self.place}: {self.mutant} replaces nothing; give lines behind -")
        where, colon, self.check = self.test.partition(": ")
        kind, _, self.target = where.partition(" ")
        self.kind, _, self.flavour = kind.partition("@")
        if self.kind not in KINDS or not colon or not self.target:
            raise Wrong(f"{self.place}: the test of {self.mutant} is '{self.test}'; "
                        f"it must be KIND WHERE: NAME, the kinds are {', '.join(KINDS)}")

    def applied(self, text):
        """The file's text with this change; Wrong if it does not fit."""
        lines, wanted = text.split("\n"), self.old
        places = [at for at in range(len(lines) - len(wanted) + 1)
                  if lines[at:at + len(wanted)] == wanted]
        if len(places) != 1:
            raise Wrong(f"its lines stand {len(places)} times in {self.file}, not once")
        at = places[0]
        return "\n".join(lines[:at] + self.new + lines[at + len(wanted):])


def read(path):
    """The mutants of one file."""
    found = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().split("\n"), 1):
            place = f"{path}:{number}"
            word, _, rest = line.partition(" ")
            if word == "mutant":
                found.append(Mutant(place))
            if not line or line.startswith("#"):
                continue
            if not found:
                raise Wrong(f"{place}: a list begins with the line 'mutant NAME'")
            if line[0] == "-":
                found[-1].old.append(line[1:])
            elif line[0] == "+":
                found[-1].new.append(line[1:])
            elif word in FIELDS:
                setattr(found[-1], word, rest.strip())
            else:
                raise Wrong(f"{place}: '{line}' begins with none of "
                            f"{', '.join(FIELDS)}, - and +")
    for mutant in found:
        mutant.settle()
    return found


def read_all(folder):
    """Every mutant, those with the quickest tests first."""
    mutants = []
    for name in sorted(os.listdir(folder)):
        mutants += read(os.path.join(folder, name))
    names = [mutant.name for mutant in mutants]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Wrong(f"{folder}: names that come twice: {', '.join(twice)}")
    return sorted(mutants, key=lambda one: (bool(one.flavour), KINDS.index(one.kind)))
