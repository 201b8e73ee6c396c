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


def wrap(the, client, burn):
    """The fire burns until up to three rings more than fit were made."""
    before = client.status()["seq"]
    many = the.random.randint(RING // 2, 3 * RING)
    wx.until("enough was done", lambda: client.status()["seq"] >= before + many)
    burn.check()


def compare(client, exact):
    """The file against the module: each number once, and how many are lost."""
    last = told.caught_up()
    lost = told.check_each_once(last)
    status = client.status()
    expect(lost > 0, "nothing was lost: this was no storm", status)
    expect_equal("lost_nomem", status["lost_nomem"], 0)
    if exact:
        expect_equal("numbers lost, as the file and as the module says", lost,
                     status["lost_overflow"])
    # What was read and not acknowledged yet counts as lost, once overwritten.
    expect(lost <= status["lost_overflow"], f"{lost} numbers are lost", status)
    held, gone = storm.accounted(1, last)
    expect_equal("held by the ring", held, status["ring_count"])
    expect_equal("numbers that the ring tells", held + gone, last)
    storm.say(f"{last} numbers, {lost} lost, each accounted for")


def check_still(the):
    """Stopped while it had nothing to do: the loss is what did not fit."""
    with nl.Client() as client:
        for _ in the.each("ring, still"):
            wx.wait_acked()
            pid = wx.daemon_pid()
            os.kill(pid, signal.SIGSTOP)
            with fire.burning(4, "pemx", pause=1) as burn:
                wrap(the, client, burn)
            storm.quiet()
            os.kill(pid, signal.SIGCONT)
        compare(client, True)


def check_racing(the):
    """Stopped in the middle of its work, and the fire goes on beside it."""
    with nl.Client() as client:
        with fire.burning(4, "pemx", pause=1) as burn:
            for _ in the.each("ring, racing"):
                pid = wx.daemon_pid()
                os.kill(pid, signal.SIGSTOP)
                wrap(the, client, burn)
                os.kill(pid, signal.SIGCONT)
                acked = client.status()["acked"]
                wx.until("the reader read on", lambda: client.status()["acked"] > acked)
        storm.quiet()
        compare(client, False)


def run(the):
    storm.fresh_module("mode=detect", f"ring_max={RING}")
    wx.load_rules(storm.every_deed("log"))
    wx.daemon_start()
    the.run(f"ring: the reader stood still {the.rounds} times", check_still)
    the.run(f"ring: the reader was stopped at work {the.rounds} times", check_racing)
