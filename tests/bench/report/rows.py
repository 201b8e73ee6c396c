# SPDX-License-Identifier: GPL-2.0-or-later
"""The rows: what they are, what they may cost, how exact they are."""

# Instructions that a figure may grow beyond the 3 % without a meaning. A call
# is exact; a program start is not quite: it depends on what lies where.
EXACT = 2
START = 0.002       # of the bare cost
# Each start from memory leaves pages and slabs behind: where in the kernel's
# memory a build of the module lies moved this one by 308.
NOISY = {"memfd": 0.01}
# And this one from 17,428 to 22,717: it is shown, and not held to a record.
# What a finding costs is held by "finding", which is exact.
NOT_KEPT = ("memfd-new",)

# name: (what a reader calls it, goal in instructions more than bare or None,
#        is it a program start?)
ROWS = {
    "null": ("an unrelated system call", 0, False),
    "mprotect": ("mprotect without X", 260, False),
    "mmap": ("mmap without X, and munmap", 95, False),
    "library": ("mmap of a library's text, and munmap", 150, False),
    "rwx": ("RWX mprotect, known program", 400, False),
    "transition": ("RW to RX mprotect, known program", None, False),
    "finding": ("RWX mprotect, new program: a finding", 6000, True),
    "exec": ("vfork, exec, wait", 1200, True),
    "script": ("vfork, exec of a script, wait", None, True),
    "memfd": ("vfork, exec from memory again, wait", None, True),
    "memfd-new": ("vfork, exec from memory: a finding", None, True),
    "burst": ("200,000 RWX mprotect in a row", None, False),
}

# Other goals of a setting than those above. The kprobe engine is the way out
# where ftrace is not to be had; it has none.
GOALS = {("ftrace", "mprotect"): 165}
WITHOUT_GOALS = ("kprobe",)
BURST_RATIO = 1.25


def engine(setting):
    return setting.removeprefix("alone-")


def goal(setting, row):
    setting = engine(setting)
    if setting in WITHOUT_GOALS:
        return None
    return GOALS.get((setting, row), ROWS[row][1])


def slack(row, bare):
    return bare * NOISY.get(row, START) if ROWS[row][2] else EXACT
