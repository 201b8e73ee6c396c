# SPDX-License-Identifier: GPL-2.0-or-later
"""Engine ftrace, mode detect: every row, real programs, complete findings."""

import complete
import hooks
import programs
import table
import wx


def run(tap):
    tap.run("detect: each judge is an ftrace op, armed and proved",
            hooks.check_engine, "ftrace")
    programs.run(tap)
    wx.ground = wx.OVERLAY
    complete.run(tap, denied=False)
    table.run(tap, "detect", "log")
    tap.run("detect: nothing passed unjudged", hooks.check_unjudged)
