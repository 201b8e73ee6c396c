# SPDX-License-Identifier: GPL-2.0-or-later
"""One row of the scenarios: an attack, or an innocent twin.

A row is run in several modes and with each engine. What it expects follows
from its class; a row names only what is special about it:

twin       the innocent row that an attack stands beside
count      findings when it is let through (1)
denied     (findings, exit code) when it is denied: (1, 10)
also       classes that tell it too where enforce would deny each of them
fields     what the finding must say, by path ("exec.origin"); ANY = no matter;
           a function of (report, finding) gives the wanted value
flags      flags that the finding must have
verdicts   its verdicts where they are not those of its action
refusal    what the call returns when it is denied, where it is not EPERM of an
           exec or EACCES of memory
result     what the call returns when it is let through (0; None = positive)
own        False: the actor reports for a child, so pid and call are not its
off        classes that the rules switch off while it runs: its preparations
"""


ANY = object()


class Row:
    def __init__(self, name, actor, variant, finding=None, twin=None, count=1,
                 denied=(1, 10), also=(), fields=None, flags=(), verdicts=None,
                 refusal=None, result=0, own=True, off=()):
        self.name = name
        self.actor = actor
        self.variant = variant
        self.finding = finding
        self.twin = twin
        self.count = count if finding else 0
        self.denied = denied if finding else (0, 0)
        self.also = also
        self.fields = fields or {}
        self.flags = flags
        self.verdicts = verdicts or {}
        exec_or_memory = -1 if (finding or "").startswith("exec_") else -13
        self.refusal = refusal or exec_or_memory
        self.result = result
        self.own = own
        self.off = frozenset(off)


def actor_path(report, _finding):
    """Where the actor lay."""
    return report.path


def parent_pid(_report, finding):
    return finding["ancestors"][0]["pid"]


def innocent(name, actor, variant, **special):
    return Row(name, actor, variant, **special)


def family(finding, twin, **usual):
    """A maker of rows of one class, with what they have in common."""
    def make(name, variant, fields=None, **special):
        words = {"twin": twin, **usual, **special}
        words["fields"] = {**usual.get("fields", {}), **(fields or {})}
        return Row(name, words.pop("actor"), variant, finding, **words)
    return make
