# SPDX-License-Identifier: GPL-2.0-or-later
"""The reader stands still until the ring wraps: what is lost is counted exactly,
by the module as by the daemon, and what is left is whole."""

import os
import signal

import fire
import nl
import storm
import told
import wx
from tap import expect, expect_equal

ROUNDS = 30
RING = 128


def stand_still(the, client, burn):
    """One time; how many numbers must have been lost."""
    pid = wx.daemon_pid()
    os.kill(pid, signal.SIGSTOP)
    before = client.status()
    expect(before["seq"] >= before["acked"], "acked ahead of time", before)
    many = the.random.randint(RING // 2, 3 * RING)
    wx.until("enough was done", lambda: client.status()["seq"] >= before["seq"] + many)
    burn.check()
    os.kill(pid, signal.SIGCONT)
    wx.wait_acked()


def check(the):
    with nl.Client() as client:
        for _ in the.each("ring"):
            with fire.burning(4, "pemx", pause=1) as burn:
                stand_still(the, client, burn)
        storm.quiet()
        last = told.caught_up()
        status = client.status()
    lost = told.check_each_once(last)
    expect(lost > 0, "nothing was lost: this was no storm", status)
    expect_equal("numbers lost, as the file and as the module says", lost,
                 status["lost_overflow"] + status["lost_nomem"])
    expect_equal("lost_nomem", status["lost_nomem"], 0)
    held, gone = storm.accounted(1, last)
    expect_equal("held by the ring", held, status["ring_count"])
    expect_equal("numbers that the ring tells", held + gone, last)
    storm.say(f"{last} numbers, {lost} lost, each accounted for")


def run(the):
    storm.fresh_module("mode=detect", f"ring_max={RING}")
    wx.load_rules(storm.every_deed("log"))
    wx.daemon_start()
    the.run(f"ring: the reader stood still {the.rounds} times", check)
