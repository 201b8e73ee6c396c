# SPDX-License-Identifier: GPL-2.0-or-later
"""The known set is driven past its bound: it never grows beyond it, forgets what
was seen longest ago, counts what it forgets and keeps what is pinned."""

import errno
import multiprocessing
import os
import random
import time

import fire
import nl
import storm
import wx
from tap import expect, expect_equal

ROUNDS = 40000  # executables
LEAST = 100
PLACE = "/run/known"
CLASS = 1 << 1


def bound(the):
    return the.rounds * 2 // 5


def make(number):
    """A file that nobody has seen; its descriptor."""
    return os.open(f"{PLACE}/{number}", os.O_CREAT | os.O_RDWR, 0o755)


def add(client, fd, number, pinned=False, seen=0):
    inside = [nl.u32(nl.KNOWN_CLASSES, CLASS),
              nl.attr(nl.KNOWN_PATH, f"{PLACE}/{number}".encode())]
    if pinned:
        inside.append(nl.u32(nl.KNOWN_FLAGS, 1))
    if seen:
        inside.append(nl.u64(9, int(seen)))
    client.do(nl.KNOWN_ADD, nl.u32(nl.A_FD, fd) + nl.nest(nl.A_KNOWN, *inside))


def paths(client):
    for _, payload in client.dump(nl.KNOWN_GET):
        entry = dict(nl.attrs(dict(nl.attrs(payload))[nl.A_KNOWN]))
        yield entry[nl.KNOWN_PATH].decode()


# Of WXGUARD_KNOWN_*: device, number, generation, change time, shape.
IDENTITY = (2, 3, 4, 5, 6, 13)


def identities(client):
    """A dump tells each entry once per class."""
    for _, payload in client.dump(nl.KNOWN_GET):
        entry = dict(nl.attrs(dict(nl.attrs(payload))[nl.A_KNOWN]))
        yield tuple(entry.get(kind) for kind in IDENTITY)


def own(entries):
    return [int(path.rsplit("/", 1)[1]) for path in entries if path.startswith(PLACE)]


def bounded(client):
    status = client.status()
    expect(status["known_count"] <= status["known_max"], "more than its bound is known", status)
    return status


def check_bound(the):
    """One after the other, with nobody else: the newest stay, the rest is counted."""
    room = bound(the)
    pinned = room // 16
    with nl.Client() as client:
        client.do(nl.KNOWN_FLUSH)
        evicted = client.status()["known_evicted"]
        now = time.time()
        for number in the.each("known"):
            fd = make(number)
            add(client, fd, number, number < pinned,
                now - (the.rounds - number) / 10)
            os.close(fd)
            if number % 1000 == 0:
                bounded(client)
        status = bounded(client)
        expect_equal("known", status["known_count"], room)
        expect_equal("evicted", status["known_evicted"] - evicted, the.rounds - room)
        left = own(paths(client))
        expect_equal("told by the dump", len(left), room)
        expect_equal("pinned that are gone", set(range(pinned)) - set(left), set())
        # Times are kept in seconds: among equals any may go.
        oldest = min(set(left) - set(range(pinned)))
        expect(oldest >= the.rounds - (room - pinned) - 10,
               f"number {oldest} was kept, seen before others that are gone")


def check_pinned_full(the):
    """Full of what must stay: a further one is refused, and nothing is forgotten."""
    with nl.Client() as client:
        client.do(nl.KNOWN_FLUSH)
        for number in range(bound(the)):
            fd = make(number)
            add(client, fd, number, True)
            os.close(fd)
        fd = make("further")
        code = nl.refusal(add, client, fd, "further")
        expect_equal("errno", nl.name_of(code), nl.name_of(errno.ENOSPC))
        os.close(fd)
        before = wx.newest()
        wx.act("actor_mprotect", "rwx7")
        expect_equal("findings", len(wx.findings(before)), 1)
        expect_equal("known", bounded(client)["known_count"], bound(the))
        client.do(nl.KNOWN_FLUSH)
        expect_equal("known", client.status()["known_count"], 0)


def churn(seed, most, stop, wrong):
    """Adds, removes, pins and reads, at random, beside others that do the same."""
    chance = random.Random(seed)
    with nl.Client() as client:
        while not stop.is_set():
            number = chance.randrange(most)
            fd = make(number)
            what = chance.randrange(100)
            if what < 80:
                code = nl.refusal(add, client, fd, number, what < 4)
            elif what < 95:
                code = nl.refusal(client.do, nl.KNOWN_DEL, nl.u32(nl.A_FD, fd))
            elif what < 99:
                code = nl.refusal(lambda: list(paths(client)))
            else:
                code = nl.refusal(client.do, nl.KNOWN_FLUSH)
            os.close(fd)
            if code not in (0, errno.ENOENT, errno.ENOSPC):
                wrong.put((what, nl.name_of(code)))


def check_churn(the):
    """Three at once, and the fire learns beside them."""
    wx.load_rules(wx.rules("log", window="7d"))
    stop, wrong = multiprocessing.Event(), multiprocessing.SimpleQueue()
    crowd = [multiprocessing.Process(target=churn, args=(
        the.random.random(), 2 * bound(the), stop, wrong))
             for _ in range(3)]
    for member in crowd:
        member.start()
    try:
        with nl.Client() as client, fire.burning(4, "pmex") as burn:
            for _ in the.each("churn", max(20, the.rounds // 400)):
                bounded(client)
                burn.spread(5)
                burn.check()
    finally:
        stop.set()
        for member in crowd:
            member.join()
    expect(wrong.empty(), "a request was refused", None if wrong.empty() else wrong.get())
    expect_equal("how the crowd ended", [member.exitcode for member in crowd], [0, 0, 0])
    with nl.Client() as client:
        expect_equal("told by the dump", len(set(identities(client))),
                     bounded(client)["known_count"])


def run(the):
    the.rounds = max(the.rounds, LEAST)
    storm.fresh_module("mode=detect", f"known_max={bound(the)}")
    os.makedirs(PLACE)
    the.run(f"known: {the.rounds} executables where {bound(the)} fit", check_bound)
    the.run("known: full of pinned ones", check_pinned_full)
    the.run("known: many at once", check_churn)
