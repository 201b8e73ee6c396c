# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that make code at run time, in a system that never saw them.

Without learning the rules refuse them, which is what the rules are for; after
one pass in learn mode they run, and are silent.
"""

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
    "journalctl --grep (pcre2)": (
        ("journalctl", "-q", "-n", "1", "-o", "cat", "-t", "systemd", "--grep",
         "^Reached target sysinit.target - System Initializatio(n)"),
        "Reached target sysinit.target - System Initialization.\n"),
}
ended = 0


def run_all(check):
    return {name: ordinary.as_user(*words, check=check, timeout=ordinary.LONG).stdout
            for name, (words, _) in SUBJECTS.items()}


def check_unlearnt():
    """Whatever they do without the memory, nobody else is refused."""
    before = wx.newest()
    run_all(check=False)
    for finding in wx.findings(before):
        expect(finding["class"] in ("rwx_mmap", "rwx_mprotect", "wx_transition",
                                    "map_memory_exec"), "another class", finding)
        expect_equal("uid", finding["process"]["uid"], 1000, finding)
    seen = {finding["process"]["exe"] for finding in wx.findings(before)}
    print(f"# refused before they are known: {' '.join(sorted(seen))}")
    expect("/usr/bin/python3.11" in seen, "python was not refused", sorted(seen))


def check_learnt():
    wx.mode("learn")
    try:
        run_all(check=True)
    finally:
        wx.mode("enforce")
    before = wx.newest()
    for name, text in run_all(check=True).items():
        expect_equal(name, text, SUBJECTS[name][1])
    expect_equal("findings", wx.findings(before), [])


def run(tap):
    tap.run("jit: unknown ones are refused, and go without", check_unlearnt)
    tap.run("jit: after one pass in learn mode they work in silence", check_learnt)
