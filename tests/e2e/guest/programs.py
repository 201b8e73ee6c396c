# SPDX-License-Identifier: GPL-2.0-or-later
"""Real programs: what they do is found once, and then known."""

import shutil

import wx
from tap import Skip, expect_equal

CALLBACK = ("import ctypes; f = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 42); "
            "assert f() == 42")
BUSYBOX = ("import os, shutil; fd = os.memfd_create('bb'); "
           "shutil.copyfileobj(open('/bin/busybox', 'rb'), os.fdopen(os.dup(fd), 'wb')); "
           "os.execve('/proc/self/fd/%d' % fd, ['busybox', 'echo', 'hi'], {})")
LOOP = "local s = 0 for i = 1, 1e6 do s = s + i end assert(s > 0)"

# name, command, findings of the first and of the second run
PROGRAMS = (
    ("node", ("node", "-e", "let s = 0; for (let i = 0; i < 1e5; i++) s += i"),
     ["rwx_mprotect"], []),
    ("luajit with its JIT on", ("luajit", "-jon", "-e", LOOP),
     ["wx_transition"], []),
    ("grep -P", ("grep", "-P", "ro+t", "/etc/passwd"), ["rwx_mmap"], []),
    ("grep -E", ("grep", "-E", "ro+t", "/etc/passwd"), [], []),
    ("python3 with a ctypes callback", ("python3", "-c", CALLBACK),
     ["rwx_mmap"], []),
    ("busybox from a memfd", ("python3", "-c", BUSYBOX), ["exec_memory"],
     ["exec_memory"]),
    ("busybox from its file", ("busybox", "echo", "hi"), [], []),
)


def check(arguments, wanted):
    if not shutil.which(arguments[0]):
        raise Skip(f"{arguments[0]} is not in this machine")
    before = wx.newest()
    wx.command(*arguments)
    seen = wx.findings(before)
    expect_equal("findings", [finding["class"] for finding in seen], wanted, seen)


def run(tap):
    wx.load_rules(wx.rules("log"))
    wx.mode("detect")
    for name, arguments, first, second in PROGRAMS:
        tap.run(f"program: {name}: {', '.join(first) or 'silent'}",
                check, arguments, first)
        tap.run(f"program: {name}, again: {', '.join(second) or 'silent'}",
                check, arguments, second)
