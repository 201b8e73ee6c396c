# SPDX-License-Identifier: GPL-2.0-or-later
"""Booted with wxguard.mode=off: it wins over everything that comes later."""

import wx
from tap import expect, expect_equal


def check_status():
    status = wx.status()
    expect_equal("mode", status["mode"], "off", status)
    expect(status["mode_fixed"], "the mode is not fixed", status)


def check_refused():
    for mode in ("learn", "detect", "enforce"):
        done = wx.wxguard("mode", mode, check=False)
        expect(done.returncode not in (0, 2), f"mode {mode} was accepted")
        expect("command line" in done.stderr, f"no reason given: {done.stderr!r}")
    check_status()


def check_silent():
    before = wx.newest()
    for actor, variant in (("actor_mprotect", "rwx7"), ("actor_exec", "memfd_fexecve")):
        expect_equal("exit code", wx.act(actor, variant).code, 0)
    expect_equal("findings", wx.findings(before), [])


def run(tap):
    tap.run("wxguard.mode=off: the module is loaded and off", check_status)
    tap.run("wxguard.mode=off: another mode is refused with the reason",
            check_refused)
    tap.run("wxguard.mode=off: attacks pass unseen", check_silent)
