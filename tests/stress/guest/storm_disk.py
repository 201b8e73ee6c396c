# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon's disk is full, and is freed again: findings wait in the module, and
none is lost or told twice."""

import os

import fire
import nl
import storm
import told
import wx
from tap import expect, expect_equal

ROUNDS = 10
BALLAST = "/disk/ballast"
PLACES = ("/var/lib/wxguard", "/var/log/wxguard")


def fill():
    """Until not one more byte fits."""
    with open(BALLAST, "ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            block = bytes(size)
            try:
                while True:
                    file.write(block)
            except OSError as error:
                expect_equal("errno", error.errno, 28)
            os.fsync(file.fileno())


def free():
    os.unlink(BALLAST)
    os.sync()


def burst(client, many):
    """So many findings more."""
    before = client.status()["seq"]
    with fire.burning(2, "pe", pause=2, where="/srv") as burn:
        wx.until("the deeds are numbered",
                 lambda: client.status()["seq"] >= before + many)
        burn.check()


def turn(the, client, number):
    burst(client, 20)
    fill()
    burst(client, the.random.randint(20, 200))
    if number % 3 == 1:
        wx.daemon_kill()
    burst(client, 10)
    free()
    if not wx.daemon_pid():
        wx.daemon_start()
    burst(client, 10)
    storm.quiet()
    told.caught_up()


def check(the):
    with nl.Client() as client:
        for number in the.each("disk"):
            turn(the, client, number)
        last = told.caught_up()
        expect_equal("numbers lost", told.check_each_once(last), 0)
        expect_equal("lost_overflow", client.status()["lost_overflow"], 0)
    expect(wx.daemon_pid() > 0, "the daemon is gone")
    storm.say(f"{last} findings, each told once")


def on_a_disk_of_its_own():
    storm.fresh_module("mode=detect")
    for place in PLACES:
        here = "/disk" + place
        os.makedirs(here)
        wx.command("mount", "--bind", here, place)
    # Little room, so that it is filled fast.
    with open("/disk/reserve", "wb") as file:
        room = os.statvfs("/disk")
        os.posix_fallocate(file.fileno(), 0,
                           room.f_bavail * room.f_frsize - (24 << 20))


def put_back():
    """So that what the daemon wrote is collected from where it is expected."""
    wx.daemon_stop()
    for place in PLACES:
        wx.command("umount", place)
        wx.command("cp", "-a", f"/disk{place}/.", place)
    wx.daemon_start()


def run(the):
    on_a_disk_of_its_own()
    wx.load_rules(storm.every_deed("log"))
    wx.daemon_start()
    the.run(f"disk: {the.rounds} times full and freed", check)
    put_back()
