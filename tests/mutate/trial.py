# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the test of a mutant in a tree and says what came of it."""

import fnmatch
import os
import re
import signal
import subprocess
import threading

# In seconds. On a quiet machine each takes a tenth of it; a test that hangs
# takes all.
DEADLINE = {"unit": 300, "kunit": 600, "e2e": 900}
FAILED = re.compile(r"(?:FAIL|not ok \d+ -) +(.*)")
PASSED = re.compile(r"(?:ok  |ok \d+ -) +(.*)")
NOT_BUILT = ("it was not built", "could not be built", "make e2e failed")


class Outcome:
    """What a door printed: lines of tests, and all of it."""

    def __init__(self, output, over):
        self.output = output
        self.over = over
        self.failed, self.passed = [], []
        for line in output.split("\n"):
            for pattern, names in ((FAILED, self.failed), (PASSED, self.passed)):
                match = pattern.match(line)
                if match:
                    names.append(match.group(1).rstrip())

    @property
    def built(self):
        return not any(words in self.output for words in NOT_BUILT)


def any_of(names, check):
    return [name for name in names for glob in check.split("|")
            if fnmatch.fnmatchcase(name, glob)]


def name_of(mutant):
    """As the door prints it: unit and kunit put the place before the name."""
    if mutant.kind in ("unit", "kunit"):
        return "|".join(f"{mutant.target}: {glob}" for glob in mutant.check.split("|"))
    return mutant.check


def command(kind, target, checks, kernel):
    """The door of one kind of test, for one place and these names."""
    release = ["--kernel", kernel]
    if kind == "unit":
        return ["make", "-s", "-C", "tests/unit", "check", f"T={target}"]
    if kind == "kunit":
        return ["tests/kunit/run", *release]
    names = "|".join(checks)
    return ["tests/e2e/run", *release, "--only", names, "--check", names, target]


running = set()
ended = threading.Event()


def run(tree, kind, words):
    """A door in the tree, to its end or to the deadline."""
    environment = dict(os.environ)
    # A make above is none of the door's business.
    for word in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):
        environment.pop(word, None)
    if ended.is_set():
        raise SystemExit(1)
    child = subprocess.Popen(words, cwd=tree.path, env=environment, text=True,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, errors="replace",
                             start_new_session=True)
    running.add(child)
    over = False
    try:
        output = child.communicate(timeout=DEADLINE[kind])[0]
    except subprocess.TimeoutExpired:
        over = True
        stop(child)
        output = child.communicate()[0]
    running.discard(child)
    return Outcome(output, over)


def stop(child):
    """With all that it started: each has a process group of its own."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGTERM)


def stop_all():
    """The end of the run: nothing is begun any more."""
    ended.set()
    for child in list(running):
        stop(child)


def judge(mutant, outcome):
    """("killed", what failed), or how it was not."""
    if not outcome.built:
        return "not built", outcome.output
    if mutant.sign:
        if mutant.sign in outcome.output:
            return "killed", mutant.sign
    else:
        seen = any_of(outcome.failed, name_of(mutant))
        if seen:
            return "killed", seen[0]
    if outcome.failed:
        return "survived", "another test failed, not this one: " + outcome.failed[0]
    if outcome.over:
        return "survived", "it did not end in time"
    if not outcome.passed:
        return "not run", outcome.output
    return "survived", "no test failed"
