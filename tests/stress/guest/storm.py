# SPDX-License-Identifier: GPL-2.0-or-later
"""What all storms share: their options, the rules they run under, and a way to
say how far they are."""

import ctypes
import errno
import glob
import os
import random
import time

import nl
import wx
from tap import expect, expect_equal


TRACING = "/sys/kernel/tracing"


class Storm:
    """rounds: as asked, or the storm's own number; random: from the seed, so
    that a storm can be had again."""

    def __init__(self, tap, rounds, seed):
        self.tap = tap
        self.rounds = rounds
        self.random = random.Random(seed)
        self.told = self.begun = time.monotonic()

    def each(self, what, rounds=None):
        """0, 1, 2 ... with a word now and then of how far it is."""
        rounds = rounds or self.rounds
        for number in range(rounds):
            if time.monotonic() - self.told > 20:
                self.told = time.monotonic()
                say(f"{what}: {number} of {rounds}")
            yield number
        say(f"{what}: {rounds} in {time.monotonic() - self.begun:.0f} s")

    def run(self, name, check, *args):
        self.begun = time.monotonic()
        self.tap.run(name, check, self, *args)


def say(line):
    print(f"# {line}", flush=True)


def every_deed(action, **options):
    """Rules under which each deed is a finding of its own, known or not."""
    return wx.rules(action, **options).replace("known = exempt", "known = report")


def call(number, *arguments):
    """A system call without a name here; 0 or an errno."""
    libc = ctypes.CDLL(None, use_errno=True)
    return ctypes.get_errno() if libc.syscall(number, *arguments) else 0


def try_load(*parameters):
    """Faster than modprobe; 0 or an errno."""
    path = f"{wx.MODROOT}/lib/modules/{os.uname().release}/wxguard.ko"
    fd = os.open(path, os.O_RDONLY)
    try:
        return call(313, fd, " ".join(parameters).encode(), 0)
    finally:
        os.close(fd)


def load(*parameters):
    code = try_load(*parameters)
    expect(not code, f"the module does not load: {os.strerror(code)}")


def unload():
    """Refused while a call is being judged: tried until there is none."""
    def attempt():
        code = call(176, b"wxguard", os.O_NONBLOCK)
        expect(code in (0, errno.EAGAIN, errno.EBUSY), f"rmmod: {os.strerror(code)}")
        return not code
    wx.until("rmmod wxguard", attempt)


def fresh_module(*parameters):
    """Numbers begin with 1 again, also those of the daemon."""
    wx.daemon_stop()
    for place in (wx.STORE + "*", wx.FINDINGS + "*", "/run/wxguard/*.numbers"):
        for path in glob.glob(place):
            os.unlink(path)
    if wx.is_loaded():
        unload()
    load(*parameters)


def quiet():
    """Nobody is inside the module any more; its numbers."""
    with nl.Client() as client:
        wx.until("nothing is pending", lambda: client.status()["pending"] == 0)
        return client.status()


def accounted(first, last):
    """Each number of the ring, once, as a finding or inside a loss; (findings,
    lost numbers)."""
    with nl.Client() as client:
        records = list(client.records(first - 1))
    due, found, lost = first, 0, 0
    for begin, end, kind in records:
        if begin > last:
            break
        expect_equal("next number", begin, due, records[:3])
        due = end + 1
        if kind is None:
            lost += end - begin + 1
        else:
            found += 1
    expect(due > last, f"the ring tells up to {due - 1} of {last}")
    return found, lost


def write(path, value):
    with open(path, "w", encoding="utf-8") as file:
        file.write(str(value))


def append(path, line):
    """To a file that cannot be sought in, as Python would."""
    fd = os.open(path, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(fd, line.encode() + b"\n")
    finally:
        os.close(fd)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def exists(path):
    return os.path.exists(path)
