# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon gets SIGKILL at random points, also while it starts: each number of
the kernel stands in its file once."""

import select
import subprocess
import time

import fire
import nl
import storm
import told
import wx
from tap import expect_equal

ROUNDS = 100


def longest():
    """Seconds in which a daemon starts, and works about as long."""
    began = time.monotonic()
    wx.daemon_start()
    took = time.monotonic() - began
    wx.daemon_stop()
    return 2 * took


def check(the):
    longest_life = longest()
    with fire.burning(3, "pex", pause=5) as burn:
        for _ in the.each("kill"):
            daemon = subprocess.Popen(["/usr/sbin/wxguardd"], stderr=subprocess.DEVNULL)
            # Any point in its life: nothing is waited for.
            select.select([], [], [], the.random.uniform(0.02, longest_life))
            daemon.kill()
            expect_equal("the daemon ended by", daemon.wait(), -9)
            burn.check()
    wx.daemon_start()
    last = told.caught_up()
    expect_equal("numbers lost", told.check_each_once(last), 0)
    with nl.Client() as client:
        status = client.status()
    expect_equal("lost_overflow", status["lost_overflow"], 0)
    expect_equal("lost_nomem", status["lost_nomem"], 0)
    storm.say(f"{last} findings, each told once")


def run(the):
    storm.fresh_module("mode=detect", "ring_max=65536", "ring_kb=262144")
    wx.load_rules(storm.every_deed("log"))
    the.run(f"kill: {the.rounds} times SIGKILL loses and doubles nothing", check)
