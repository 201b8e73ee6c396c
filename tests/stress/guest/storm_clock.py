# SPDX-License-Identifier: GPL-2.0-or-later
"""The clock jumps while findings are made: what is told once is told once, what
is known stays known, and a mode on trial does not end before its time."""

import time

import fire
import nl
import storm
import told
import wx
from tap import expect, expect_equal

ROUNDS = 200
DAY = 86400
JUMPS = (-20 * 365 * DAY, -40 * DAY, -3600, -1, 1, 3600, 40 * DAY, 20 * 365 * DAY)
# No time before 1980 and none that a 32-bit reader could not say.
FIRST, LAST = 315532800, 2147000000


def jump(the, seconds=None):
    now = time.clock_gettime(time.CLOCK_REALTIME)
    then = now + (seconds or the.random.choice(JUMPS) * the.random.random())
    time.clock_settime(time.CLOCK_REALTIME, min(max(then, FIRST), LAST))


def check_numbers(the):
    with nl.Client() as client, fire.burning(3, "pex", pause=5) as burn:
        for _ in the.each("clock"):
            before = client.status()["seq"]
            jump(the)
            wx.until("a finding is made", lambda: client.status()["seq"] > before)
        burn.check()
    storm.quiet()
    expect(wx.daemon_pid() > 0, "the daemon is gone")
    last = told.caught_up()
    expect_equal("numbers lost", told.check_each_once(last), 0)
    storm.say(f"{last} findings, each told once")


def check_known(the):
    """Windows are counted in the time since boot."""
    wx.load_rules(wx.rules("log", window="7d"))
    path = wx.fresh("actor_mprotect")
    wx.act("", "rwx7", path=path)
    for seconds in (40 * DAY, -80 * DAY, 40 * DAY):
        before = wx.newest()
        jump(the, seconds)
        wx.act("", "rwx7", path=path)
        expect_equal(f"findings after a jump of {seconds} s", wx.findings(before), [])


def check_trial(the):
    """The time in which a mode has to be confirmed is no time of day."""
    wx.wxguard("mode", "enforce", "--confirm", "600s")
    jump(the, 40 * DAY)
    with nl.Client() as client:
        expect_equal("mode", client.status()["mode"], nl.MODES["enforce"])
        jump(the, -80 * DAY)
        expect_equal("mode", client.status()["mode"], nl.MODES["enforce"])
    wx.mode("detect")


def check_expiry(the):
    """An exclusion ends at a time of day, and is there again before it."""
    path = wx.fresh("actor_mprotect")
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + DAY))
    wx.load_rules(storm.every_deed("log", extra=(
        "exclude soon {\n\tclasses = {rwx_mprotect}\n"
        f"\texe = \"{path}\"\n\texpires = \"{later}\"\n\treason = \"a storm\"\n}}\n")))
    for seconds, findings in ((0.1, 0), (2 * DAY, 1), (-2 * DAY, 0)):
        jump(the, seconds)
        before = wx.newest()
        wx.act("", "rwx7", path=path)
        expect_equal(f"findings after a jump of {seconds} s",
                     len(wx.findings(before)), findings)


def run(the):
    storm.fresh_module("mode=detect", "ring_max=65536", "ring_kb=262144", "heartbeat=1")
    wx.load_rules(storm.every_deed("log"))
    wx.daemon_start()
    began, then = time.monotonic(), time.time()
    the.run(f"clock: {the.rounds} jumps lose and double nothing", check_numbers)
    the.run("clock: what is known stays known", check_known)
    the.run("clock: a mode on trial stays", check_trial)
    the.run("clock: an exclusion ends by the clock", check_expiry)
    time.clock_settime(time.CLOCK_REALTIME, then + time.monotonic() - began)
