# SPDX-License-Identifier: GPL-2.0-or-later
"""The fire of a storm: starts the processes of tests/stress/fire.c, tells them
what each deed has to meet, and reads what they met."""

import contextlib
import mmap
import os
import shutil
import struct
import subprocess

import wx
from tap import expect

PROGRAM = "/with/bin/fire"
ANYTHING, REFUSED, PASSED, STOP = range(4)
WORD = struct.Struct("=Q")
MEMBER = struct.Struct("=QQQQqQ8s8x")
FIRST = 64
NAMES = ("passed", "refused", "wrong", "innocent", "error", "phase", "kind")


class Fire:
    def __init__(self, members, kinds, pause, where):
        directory = os.path.join(where, f"fire{os.getpid()}-{members}{kinds}")
        os.makedirs(directory, exist_ok=True)
        for name, source in (("fire", PROGRAM), ("marker", wx.ACTORS + "/marker")):
            shutil.copy(source, os.path.join(directory, name))
        self.members = members
        self.path = os.path.join(directory, "fire")
        page = os.path.join(wx.WORK, os.path.basename(directory))
        with open(page, "wb") as file:
            file.write(bytes(mmap.PAGESIZE))
        with open(page, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        self.phase = 0
        self.process = subprocess.Popen([self.path, page, str(members), kinds,
                                         str(pause)])

    def meet(self, what):
        """From now on each deed has to meet this."""
        self.phase = (self.phase >> 2) + 1 << 2 | what
        self.page[:8] = WORD.pack(self.phase)

    def member(self, index):
        values = MEMBER.unpack_from(self.page, FIRST + index * MEMBER.size)
        return dict(zip(NAMES, values))

    def total(self, name):
        return sum(self.member(index)[name] for index in range(self.members))

    def deeds(self):
        return self.total("passed") + self.total("refused")

    def spread(self, more=1):
        """Waits until each process has done so many more deeds."""
        def done():
            return [sum(self.member(index)[name] for name in
                        ("passed", "refused", "innocent"))
                    for index in range(self.members)]
        before = done()
        wx.until("each process of the fire did something",
                 lambda: all(now >= then + more for now, then in zip(done(), before)) or
                 self.broken())

    def broken(self):
        return self.process.poll() is not None or self.total("error")

    def check(self):
        expect(self.process.poll() is None, "the fire went out")
        for index in range(self.members):
            seen = self.member(index)
            kind = seen["kind"].rstrip(b"\0").decode()
            expect(not seen["wrong"],
                   f"{seen['wrong']} deeds met the wrong end, the first ({kind}) in "
                   f"phase {seen['phase'] >> 2}, where it should have been "
                   f"{('', 'refused', 'let through')[seen['phase'] & 3]}", seen)
            expect(not seen["error"], f"a deed ended with errno {seen['error']}", seen)

    def stop(self):
        self.meet(STOP)
        code = self.process.wait(timeout=wx.DEADLINE)
        expect(code == 0, f"the fire ended with {code}")


@contextlib.contextmanager
def burning(members=8, kinds="pepeeipm", pause=0, where="/disk"):
    """Fire for as long as the block lasts; what went wrong in it is raised."""
    fire = Fire(members, kinds, pause, where)
    try:
        yield fire
        fire.check()
        fire.stop()
    finally:
        if fire.process.poll() is None:
            fire.process.kill()
            fire.process.wait()
