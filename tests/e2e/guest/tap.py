# SPDX-License-Identifier: GPL-2.0-or-later
"""TAP lines and their count. One Tap per guest run."""

import fnmatch
import json
import traceback


class Skip(Exception):
    """Raised by a check that cannot be made here; the text says why."""


class Failed(Exception):
    """Raised by a check that does not hold. evidence: what to show of it."""

    def __init__(self, text, evidence=None):
        super().__init__(text)
        self.evidence = evidence


class Tap:
    """record: a file that gets each check and its result as a line of JSON.
    only: globs, "|" between them; no other check is made, or counted."""

    def __init__(self, record=None, only="*"):
        self.passed = self.failed = self.skipped = 0
        self.record = record
        self.only = only.split("|")

    @property
    def number(self):
        return self.passed + self.failed + self.skipped

    def run(self, name, check, *args):
        """Runs one check; what it raises decides. ("passed", None), or
        "failed" or "skipped" with the reason; "left out" if nobody asked."""
        if not any(fnmatch.fnmatchcase(name, glob) for glob in self.only):
            return "left out", None
        result, why = self.decide(name, check, *args)
        if self.record:
            with open(self.record, "a", encoding="utf-8") as file:
                print(json.dumps({"check": name, "result": result, "why": why}),
                      file=file)
        return result, why

    def decide(self, name, check, *args):
        try:
            check(*args)
        except Skip as reason:
            self.skipped += 1
            self.say(f"ok {self.number} - {name} # SKIP {reason}")
            return "skipped", str(reason)
        except Failed as failure:
            self.fail(name, str(failure), failure.evidence)
            return "failed", str(failure)
        except Exception as error:  # a broken check is a failed one
            self.fail(name, traceback.format_exc())
            return "failed", str(error)
        self.passed += 1
        self.say(f"ok {self.number} - {name}")
        return "passed", None

    def fail(self, name, why, evidence=None):
        self.failed += 1
        self.say(f"not ok {self.number} - {name}")
        for line in why.rstrip().split("\n"):
            self.say(f"#   {line}")
        if evidence is not None:
            for line in json.dumps(evidence, indent=1, sort_keys=True).split("\n"):
                self.say(f"#   | {line}")

    @staticmethod
    def say(line):
        print(line, flush=True)

    def end(self):
        """The last line, and the exit status."""
        self.say(f"1..{self.number}")
        self.say(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed or not self.passed else 0


def expect(condition, text, evidence=None):
    if not condition:
        raise Failed(text, evidence)


def expect_equal(what, seen, wanted, evidence=None):
    expect(seen == wanted, f"{what}: {seen!r} instead of {wanted!r}", evidence)
