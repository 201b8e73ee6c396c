# SPDX-License-Identifier: GPL-2.0-or-later
"""Rivals on the functions that we watch: kprobes through tracefs and perf, BPF
programs on entry and exit, the tracers. They come and go while we do; what is
denied stays denied, with each of them, whoever came first."""

import contextlib
import errno
import multiprocessing
import random

import fire
import nl
import rivals
import sets
import storm
import wx
from tap import Skip, expect, expect_equal

ROUNDS = 60
# What attaching may end with where another one is just doing the same.
BUSY = (errno.EBUSY, errno.EAGAIN, errno.EEXIST, errno.ENOENT)
ENOTSUPP = 524


def load(engine):
    storm.load(f"engine={engine}", "mode=detect", "heartbeat=1")
    with nl.Client() as client:
        sets.every_deed(client, "deny")
        client.mode("enforce")


def denies(burn, what):
    """Each of the fire's processes is refused now."""
    burn.meet(fire.REFUSED)
    burn.spread(2)
    burn.meet(fire.ANYTHING)
    try:
        burn.check()
    except Exception as error:
        raise type(error)(f"{what}: {error}") from error


def check_each(the, engine):
    """One rival after the other, there before us and there after us."""
    everyone = rivals.everyone()[0][:the.rounds]
    refused = []
    with fire.burning(6, "pempex", pause=20) as burn:
        for number in the.each(f"rivals, engine {engine}", len(everyone)):
            rival = everyone[number]
            try:
                rival.attach()
            except OSError as error:
                # What BPF cannot do with a function of so many arguments.
                expect_equal(f"{rival.name}: errno", error.errno, ENOTSUPP)
                refused.append(rival.name)
                continue
            load(engine)
            denies(burn, f"{rival.name}, there first")
            rival.detach()
            denies(burn, f"{rival.name}, gone")
            rival.attach()
            denies(burn, f"{rival.name}, there last")
            storm.unload()
            rival.detach()
    for name in refused:
        storm.say(f"not supported: {name}")
    expect(len(refused) < len(everyone), "no rival came")


def come_and_go(seed, stop, count):
    """Rivals at random, without a pause."""
    chance = random.Random(seed)
    everyone, _ = rivals.everyone()
    present = []
    while not stop.is_set():
        if present and (len(present) > 6 or chance.random() < 0.5):
            present.pop(chance.randrange(len(present))).detach()
            continue
        rival = chance.choice([rival for rival in everyone if rival not in present])
        try:
            rival.attach()
        except OSError as error:
            if error.errno not in BUSY + (ENOTSUPP,):
                raise
            continue
        present.append(rival)
        with count.get_lock():
            count.value += 1
    for rival in present:
        rival.detach()


@contextlib.contextmanager
def crowd(the):
    stop = multiprocessing.Event()
    count = multiprocessing.Value("Q", 0)
    process = multiprocessing.Process(target=come_and_go,
                                      args=(the.random.random(), stop, count))
    process.start()
    def come(more):
        """Waits until more of them came."""
        before = count.value
        wx.until("a rival came", lambda: count.value >= before + more or
                 not process.is_alive())
        return count.value
    try:
        yield come
    finally:
        stop.set()
        process.join()
    expect_equal("how the rivals ended", process.exitcode, 0)


def check_crowd(the, engine):
    """All of them come and go while we load, deny and unload."""
    with fire.burning(6, "pempex", pause=20) as burn, crowd(the) as come:
        for number in the.each(f"rivals at once, engine {engine}", the.rounds // 2):
            load(engine)
            denies(burn, f"turn {number}")
            come(the.random.randint(1, 8))
            denies(burn, f"turn {number}, later")
            with nl.Client() as client:
                expect_equal("canary", client.status()["canary"], 1)
            storm.unload()
        storm.say(f"{come(0)} rivals came and went, {burn.total('refused')} deeds "
                  "were refused")


def check_all_kinds(_):
    _, missing = rivals.everyone()
    if missing:
        raise Skip("this kernel has not " + ", ".join(missing))


def run(the):
    wx.daemon_stop()
    storm.unload()
    the.run("rivals: all kinds are there", check_all_kinds)
    for engine in ("auto", "kprobe"):
        the.run(f"rivals: one by one, engine {engine}", check_each, engine)
        the.run(f"rivals: come and go, engine {engine}", check_crowd, engine)
    storm.load("mode=detect")
