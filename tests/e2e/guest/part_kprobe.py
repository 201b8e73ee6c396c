# SPDX-License-Identifier: GPL-2.0-or-later
"""Engine kprobe: the same rows, in detect with "deny" and in enforce."""

import hooks
import table
import wx


def run(tap):
    wx.daemon_stop()
    wx.reload("engine=kprobe", "mode=detect")
    tap.run("kprobe: each judge is a kprobe with a net, armed and proved",
            hooks.check_engine, "kprobe")
    table.run(tap, "detect", "deny", "kprobe")
    table.run(tap, "enforce", "deny", "kprobe")
    tap.run("kprobe: nothing passed unjudged", hooks.check_unjudged)
