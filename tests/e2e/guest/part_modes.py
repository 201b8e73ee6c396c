# SPDX-License-Identifier: GPL-2.0-or-later
"""Modes off and learn, and what belongs to each class by its own rule."""

import os

import wx
from tap import Skip, expect, expect_equal


def silent(path, variant):
    before = wx.newest()
    expect_equal("exit code", wx.act("", variant, path=path).code, 0)
    expect_equal("findings", wx.findings(before), [])


def seen(path, variant, kind):
    before = wx.newest()
    report = wx.act("", variant, path=path)
    if report.code == 77:
        raise Skip(report.note)
    expect_equal("exit code", report.code, 0)
    found = wx.findings(before)
    expect_equal("findings", [finding["class"] for finding in found], [kind], found)


def known_paths():
    lines = wx.wxguard("known", "list", "-j").stdout.splitlines()
    return {wx.json.loads(line)["path"] for line in lines}


def check_off():
    wx.load_rules(wx.rules("deny"))
    wx.mode("off")
    path = wx.fresh("actor_mprotect")
    silent(path, "rwx7")
    silent(wx.fresh("actor_exec"), "memfd_fexecve")
    expect(path not in known_paths(), "mode off taught something", path)
    wx.mode("detect")
    seen(path, "rwx7", "rwx_mprotect")


def check_learn():
    wx.load_rules(wx.rules("deny"))
    wx.mode("learn")
    path = wx.fresh("actor_mprotect")
    silent(path, "rwx7")
    silent(wx.fresh("actor_exec"), "memfd_fexecve")
    expect(path in known_paths(), "mode learn did not learn", path)
    wx.mode("enforce")
    silent(path, "rwx7")
    wx.mode("detect")


def check_per_class():
    """Known for mprotect is not known for mmap."""
    wx.load_rules(wx.rules("log"))
    path = wx.fresh("actor_mprotect")
    seen(path, "rwx7", "rwx_mprotect")
    silent(path, "sem_f")
    both = wx.fresh("actor_compat_32")
    seen(both, "own_mprotect", "rwx_mprotect")
    seen(both, "own_mmap", "rwx_mmap")
    silent(both, "own_mprotect")


def check_recent():
    """What a processor remembers of a known program is true of no other one,
    and ends when the set forgets it."""
    wx.load_rules(wx.rules("log"))
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {0})
    try:
        for _ in range(5):
            known, other = wx.fresh("actor_mprotect"), wx.fresh("actor_mprotect")
            before = wx.newest()
            # It remembers for a second only, so there is no time for words.
            wx.command("sh", "-c", 'for _ in 1 2 3 4; do "$0" rwx7; done && "$1" rwx7 && '
                       'wxguard known forget "$0" && "$0" rwx7', known, other)
            found = wx.findings(before)
            expect_equal("findings", [finding["process"]["exe"] for finding in found],
                         [known, other, known], found)
    finally:
        os.sched_setaffinity(0, everywhere)


def check_class_off():
    text = wx.rules("log").replace("action = log", "action = off", 1)
    wx.load_rules(text)
    silent(wx.fresh("actor_mprotect"), "rwx7")
    seen(wx.fresh("actor_mmap"), "anon_rwx", "rwx_mmap")
    # The same call would be of the class that is off, too.
    seen(wx.fresh("actor_load"), "dlopen_exec_stack", "exec_stack")
    wx.load_rules(wx.rules("log"))


def check_one_write():
    """However many pages one call writes to, it is told once."""
    wx.load_rules(wx.rules("log"))
    seen(wx.fresh("actor_foreign"), "mem_pages", "foreign_write")


def check_exclusion_is_no_history():
    """What an exclusion covers stays unknown."""
    path = wx.fresh("actor_mprotect")
    wx.load_rules(wx.rules("log", extra=(
        f'exclude e2e {{\n\tclasses = {{rwx_mprotect}}\n\texe = "{path}"\n'
        '\treason = "a scenario"\n}\n')))
    silent(path, "rwx7")
    expect(path not in known_paths(), "an excluded program became known", path)
    wx.load_rules(wx.rules("log"))
    seen(path, "rwx7", "rwx_mprotect")


def check_rules_round_trip():
    """What "rules show" prints, "rules load" accepts, and nothing changes."""
    wx.load_rules(wx.rules("deny", window="3d", extra=(
        'exclude one {\n\tclasses = {rwx_mprotect, exec_memory}\n\tuid = 1000\n'
        '\texe = "/opt/**"\n\treason = "because \\"it\\" must"\n}\n')))
    shown = wx.wxguard("rules", "show").stdout
    wx.load_rules(shown)
    expect_equal("rules show", wx.wxguard("rules", "show").stdout, shown)
    wx.load_rules(wx.rules("log"))


def check_own_test():
    """wxguard test: both detections, end to end."""
    # An emulated machine is slower than the second that a person waits.
    wx.wxguard("test", "--timeout", str(30 * wx.SLOW))


def run(tap):
    tap.run("mode off: silent, nothing is learnt", check_off)
    tap.run("mode learn: silent, and known afterwards", check_learn)
    tap.run("known counts per class", check_per_class)
    tap.run("known is this very program, as long as the set has it", check_recent)
    tap.run("a class that is off is silent, the others are not", check_class_off)
    tap.run("a write over several pages is told once", check_one_write)
    tap.run("an exclusion is silent and no history", check_exclusion_is_no_history)
    tap.run("rules show and rules load agree", check_rules_round_trip)
    tap.run("wxguard test finds both detections alive", check_own_test)
