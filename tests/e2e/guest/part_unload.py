# SPDX-License-Identifier: GPL-2.0-or-later
"""Unloading and loading while attacks go on, without a pause."""

import contextlib
import os

import wx
from tap import expect

TIMES = {"ftrace": 20, "kprobe": 5}
GO = wx.WORK + "/go"
LOOPS = (("actor_exec", "memfd_fexecve"), ("actor_mprotect", "rwx7"),
         ("actor_mmap", "memfd_rx_private"), ("actor_exec", "disk_fexecve"))
# Says nothing until it ends, or nobody would empty its pipe.
LOOP = f"""
n=0
while [ -e {GO} ]; do
	said=$("$0" "$1" 2>&1)
	case $? in
	0 | 10) n=$((n + 1)) ;;
	*) echo "failed: $said"; exit 1 ;;
	esac
done
echo $n
"""


@contextlib.contextmanager
def load():
    """Loops of attacks in the background; ended and waited for at the end."""
    with open(GO, "w", encoding="utf-8"):
        pass
    loops = []
    for actor, variant in LOOPS:
        loops.append(wx.subprocess.Popen(
            ["sh", "-c", LOOP, wx.fresh(actor), variant],
            stdout=wx.subprocess.PIPE, stderr=wx.subprocess.STDOUT, text=True))
    try:
        yield
    finally:
        os.unlink(GO)
        ends = [(loop.communicate(timeout=wx.DEADLINE)[0], loop.returncode)
                for loop in loops]
    for (actor, variant), (output, code) in zip(LOOPS, ends):
        expect(code == 0, f"the loop of {actor} {variant} broke: {output[-300:]}")
        expect(int(output.split()[-1]) > 0, f"{actor} {variant} never ran")


def check(engine):
    wx.daemon_stop()
    with load():
        for turn in range(TIMES[engine]):
            wx.reload(f"engine={engine}", "mode=detect")
            # By default the loops' deeds would be told once and then counted.
            wx.load_rules(wx.rules("deny" if turn % 2 else "log"))
            if turn % 2:
                wx.mode("enforce")
            status = wx.status()
            expect(status["armed"], "not armed", status)
            before = status["seq"]
            wx.until("the attacks are seen", lambda: wx.newest() > before)
    wx.until("nothing is pending", lambda: wx.status()["pending"] == 0)


def run(tap):
    for engine, times in TIMES.items():
        tap.run(f"unload: {times} times under load, engine {engine}", check, engine)
