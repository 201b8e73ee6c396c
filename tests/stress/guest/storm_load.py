# SPDX-License-Identifier: GPL-2.0-or-later
"""Load and unload, again and again, while eight processes exec memory files and
flip W+X, and clients ask the family for everything it has."""

import contextlib
import multiprocessing

import fire
import nl
import sets
import storm
import wx
from tap import expect, expect_equal

ROUNDS = 500
PAUSE = 20  # ms between two deeds: without one the module is never unused


def crowd(stop):
    """Asks whatever can be asked, with or without a module behind it."""
    while not stop.is_set():
        try:
            with nl.Client() as client:
                client.status()
                list(client.records())
                client.known()
                client.dump(nl.RULES_GET)
        except OSError:
            pass
        # Who asks without a pause keeps the module in use.
        stop.wait(PAUSE / 1000)


@contextlib.contextmanager
def asking(count):
    stop = multiprocessing.Event()
    clients = [multiprocessing.Process(target=crowd, args=(stop,)) for _ in range(count)]
    for client in clients:
        client.start()
    try:
        yield
        for client in clients:
            expect(client.is_alive(), "a client died")
    finally:
        stop.set()
        for client in clients:
            client.join()


def turn(the, burn, engine, number):
    """One load, with each deed told or refused for a while, and one unload."""
    storm.load(f"engine={engine}", "mode=detect", "heartbeat=1")
    denies = number % 2
    with nl.Client() as client:
        if number % 5 < 2:
            sets.every_deed(client, "deny")
            if denies:
                client.mode("enforce")
            burn.meet(fire.REFUSED if denies else fire.PASSED)
            burn.spread()
            burn.meet(fire.ANYTHING)
            expect_equal("unjudged", client.status()["unjudged"], 0)
        else:
            # Gone again after anything from no time at all.
            before = client.status()["seq"]
            if the.random.random() < 0.5:
                wx.until("something is seen", lambda: client.status()["seq"] > before)
    storm.unload()


def check(the, engine, rounds):
    with asking(1), fire.burning(pause=PAUSE) as burn:
        for number in the.each(f"load, engine {engine}", rounds):
            turn(the, burn, engine, number)
            burn.check()
        storm.say(f"{burn.deeds()} deeds, {burn.total('refused')} of them refused")
    expect_equal("is loaded", wx.is_loaded(), False)


def run(the):
    wx.daemon_stop()
    storm.unload()
    kprobe = max(1, the.rounds // 5)
    ftrace = max(1, the.rounds - kprobe)
    the.run(f"load: {ftrace} times, engine auto", check, "auto", ftrace)
    the.run(f"load: {kprobe} times, engine kprobe", check, "kprobe", kprobe)
    storm.load("mode=detect")
