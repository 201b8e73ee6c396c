# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that make code at run time, in a system that never saw them.

Without learning the rules refuse them, which is what the rules are for; after
one baseline they run, and are silent. And a use of systemd that is refused by
what exec_arg_memory is for: a unit that carries its program along, which gets
to the interpreter as a memory file.
"""

import json
import os

import ordinary
import wx
from tap import expect, expect_equal

CALLBACK = """
import ctypes
compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int),
                           ctypes.POINTER(ctypes.c_int))(lambda a, b: a[0] - b[0])
numbers = (ctypes.c_int * 3)(3, 1, 2)
ctypes.CDLL(None).qsort(numbers, 3, ctypes.sizeof(ctypes.c_int), compare)
print(list(numbers))
"""
SUBJECTS = {
    "python's callbacks (libffi)": (("python3", "-c", CALLBACK), "[1, 2, 3]\n"),
    "grep -P (pcre)": (("grep", "-cP", "^(ro+)t:\\w", "/etc/passwd"), "1\n"),
}


def run_all():
    return {name: ordinary.as_user(*words, check=False, timeout=ordinary.LONG)
            for name, (words, _) in SUBJECTS.items()}


def expect_all_work():
    for name, done in run_all().items():
        expect_equal(name, (done.returncode, done.stdout), (0, SUBJECTS[name][1]),
                     done.stderr)


def check_unlearnt():
    before = wx.newest()
    for name, done in run_all().items():
        print(f"# {name}, refused: exit status {done.returncode}, "
              f"{(done.stderr or done.stdout).splitlines()[-1:]}")
    seen = wx.findings(before)
    for finding in seen:
        expect(finding["class"] in ("rwx_mmap", "rwx_mprotect", "wx_transition",
                                    "map_memory_exec"), "another class", finding)
        expect_equal("uid", finding["process"]["uid"], 1000, finding)
    programs = {os.path.basename(finding["process"]["exe"]) for finding in seen}
    expect_equal("refused", programs, {"grep", "python3.11"}, seen)


def check_learnt():
    """Learn, review, promote, and back to enforce."""
    wx.wxguard("baseline", "start", "--for", "1h")
    try:
        expect_equal("mode", wx.status()["mode"], "learn")
        expect_all_work()
        reviewed = {(os.path.basename(row["path"]), row["class"]): row["verdict"]
                    for row in map(json.loads, wx.wxguard(
                        "baseline", "review", "-j").stdout.splitlines())}
    finally:
        wx.wxguard("baseline", "stop")
    for program in ("grep", "python3.11"):
        expect_equal(program, reviewed.get((program, "rwx_mmap")), "known", list(reviewed))
    wx.wxguard("baseline", "promote", "--only-known", "--yes")
    expect_equal("mode", wx.status()["mode"], "enforce")
    before = wx.newest()
    expect_all_work()
    expect_equal("findings", wx.findings(before), [])


def start_fed(program):
    """Starts a unit that has "echo fed" as its standard input."""
    with open("/run/systemd/system/fed.service", "w", encoding="utf-8") as file:
        file.write(f"[Service]\nType=oneshot\nExecStart={program}\nStandardInput=data\n"
                   "StandardInputText=echo fed\nStandardOutput=truncate:/run/fed\n")
    wx.command("systemctl", "daemon-reload", timeout=ordinary.LONG)
    before = wx.newest()
    done = wx.command("systemctl", "start", "fed", check=False, timeout=ordinary.LONG)
    wx.command("systemctl", "reset-failed", "fed.service", check=False)
    seen = [(finding["class"], finding["verdict"]) for finding in wx.findings(before)]
    with open("/run/fed", encoding="utf-8") as file:
        return done.returncode, seen, file.read()


def check_fed():
    expect_equal("cat", start_fed("/bin/cat"), (0, [], "echo fed\n"))
    expect_equal("sh", start_fed("/bin/sh"),
                 (1, [("exec_arg_memory", "denied")], ""))


def run(tap):
    tap.run("jit: unknown ones are refused", check_unlearnt)
    tap.run("jit: after one baseline they work in silence", check_learnt)
    tap.run("jit: a unit may carry data, but no script for its interpreter", check_fed)
