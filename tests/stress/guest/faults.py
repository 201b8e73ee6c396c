# SPDX-License-Identifier: GPL-2.0-or-later
"""Failing allocations, one at a time: the kernel's fail-nth, and which places in
our code each failure hit, from the stack that the kernel prints.

The kernel's log is taken out of its buffer while this goes on, so that these
stacks are not taken for complaints; every other line is put back.
"""

import collections
import contextlib
import errno
import os
import re

import storm
import wx
from tap import Skip, expect

PLACES = ("/sys/kernel/debug/failslab", "/sys/kernel/debug/fail_page_alloc")
KMEMLEAK = "/sys/kernel/debug/kmemleak"
SITES = "/with/sites"
# What an injected failure makes the kernel say: itself, and two that go on.
BEGIN = re.compile(r"FAULT_INJECTION: forcing a failure|: vmalloc error: |"
                   r": page allocation failure: ")
OURS = re.compile(r"^\s*([A-Za-z_][\w.]*)\+(0x[0-9a-f]+)/0x[0-9a-f]+ \[wxguard\]")
# Belongs to the stack of an injected failure.
STACK = re.compile(r"^(name fail|CPU: |Hardware name: |Call Trace:|Code: |R[A-Z0-9]{2}: |"
                   r"RIP: |RSP: |\s*</?(TASK|IRQ)>|\s*(\? )?[\w.]+\+0x[0-9a-f]+/0x|"
                   r"\s*(\? )?0x[0-9a-f]{16}$)")
LAST = "</TASK>"
# kvmalloc() fails without a word, and the kernel prints one stack in 10 s of
# what it falls back to. warn_alloc() is asked each time, before it counts.
TRACE = storm.TRACING + "/instances/storm"
EVENT = "storm/warn_alloc"
TRACED = re.compile(r"^ => ([A-Za-z_][\w.]*)\+(0x[0-9a-f]+)/0x[0-9a-f]+ \[wxguard\]")


class Warnings:
    """The places of ours from which warn_alloc() was asked."""

    def __init__(self):
        storm.append(storm.TRACING + "/kprobe_events", f"p:{EVENT} warn_alloc")
        os.mkdir(TRACE)
        for option in "sym-offset", "stacktrace":
            storm.write(f"{TRACE}/options/{option}", 1)
        storm.write(f"{TRACE}/events/{EVENT}/enable", 1)
        self.fd = os.open(TRACE + "/trace_pipe", os.O_RDONLY | os.O_NONBLOCK)

    def take(self):
        text, told = "", False
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.fd, 1 << 16):
                text += data.decode(errors="replace")
        for line in text.splitlines():
            found = TRACED.match(line)
            if found and not told:
                yield found.groups()
            # The next stack begins where a line is none of a stack.
            told = line.startswith(" =>") and bool(told or found)

    def stop(self):
        os.close(self.fd)
        storm.write(f"{TRACE}/events/{EVENT}/enable", 0)
        os.rmdir(TRACE)
        storm.append(storm.TRACING + "/kprobe_events", f"-:{EVENT}")


def need():
    for place in PLACES:
        if not storm.exists(place):
            raise Skip(f"this kernel has no {place}: it is built without fault injection")


def arm():
    """Each allocation of the kernel's own memory counts, even a patient one. Of a
    task that is told to fail (make-it-fail) none is served."""
    for place in PLACES:
        storm.write(place + "/ignore-gfp-wait", "N")
        storm.write(place + "/verbose", 2)
        storm.write(place + "/verbose_ratelimit_interval_ms", 0)
        storm.write(place + "/task-filter", "Y")
        storm.write(place + "/times", -1)
        storm.write(place + "/probability", 100)
    storm.write(PLACES[1] + "/min-order", 0)
    storm.write("/proc/sys/kernel/printk", "1")


@contextlib.contextmanager
def few(times):
    """Of a task that is told to fail, only so many of each kind do. What asks
    twice before it gives up is hit by this, and what puts it right is spared."""
    try:
        yield lambda: [storm.write(place + "/times", times) for place in PLACES]
    finally:
        for place in PLACES:
            storm.write(place + "/times", -1)


class Log:
    """What failed where, gathered from the kernel's log."""

    def __init__(self):
        self.fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.fd, 0, os.SEEK_END)
        self.warnings = Warnings()
        self.sites = collections.Counter()
        self.others = []
        self.inside = False
        self.site = None

    def take(self):
        """Reads on; (failures, how many of them in our code)."""
        failures = ours = 0
        for line in self.lines():
            if BEGIN.search(line):
                failures, self.inside, self.site = failures + 1, True, None
            elif self.inside and (LAST in line or STACK.match(line)):
                found = OURS.match(line)
                if found and not self.site:
                    self.site = found.groups()
                    self.note(self.site)
                    ours += 1
                self.inside = LAST not in line
            else:
                self.inside = False
                self.others.append(line)
        for self.site in self.warnings.take():
            self.note(self.site)
            ours += 1
        return failures, ours

    def note(self, site):
        if site not in self.sites:
            storm.say("first failed: " + " ".join(site))
        self.sites[site] += 1

    def lines(self):
        while True:
            try:
                record = os.read(self.fd, 8192)
            except BlockingIOError:
                return
            except BrokenPipeError:  # older lines were overwritten
                self.others.append("WARNING: the log of the kernel overran")
                continue
            text = record.decode(errors="replace").split("\n")[0]
            yield text.split(";", 1)[1]

    def put_back(self):
        """So that whoever judges this boot by the kernel's log finds it."""
        self.take()
        self.warnings.stop()
        wx.command("dmesg", "-C")
        storm.write("/proc/sys/kernel/printk", "5")
        for line in self.others:
            storm.write("/dev/kmsg", line)
        self.others = []


def patiently(call, *arguments):
    """What is copied from and to user memory counts as well, and may be what fails."""
    try:
        return call(*arguments)
    except OSError as error:
        if error.errno != errno.EFAULT:
            raise
        return call(*arguments)


class Thread:
    """fail-nth and make-it-fail of the calling thread."""

    def __init__(self):
        self.nth = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
        self.all = os.open("/proc/thread-self/make-it-fail", os.O_RDWR)
        self.failed = False

    @contextlib.contextmanager
    def failing(self, nth, rest=False):
        """The nth allocation, or all from it on."""
        if rest:
            os.pwrite(self.all, b"1", 0)
        os.pwrite(self.nth, b"%d" % nth, 0)
        try:
            yield
        finally:
            self.failed = int(patiently(os.pread, self.nth, 16, 0)) == 0
            patiently(os.pwrite, self.nth, b"0", 0)
            os.pwrite(self.all, b"0", 0)


def untouched(log, reasons):
    """Places that allocate and never failed, but for those with a reason."""
    seen = {(name, int(offset, 16)) for name, offset in log.sites}
    missing = []
    for line in storm.read(SITES).splitlines():
        name, offset, callee = line.split()
        if (name, int(offset, 16)) in seen:
            continue
        if (name, callee) in reasons:
            storm.say(f"not tried: {line}: {reasons[name, callee]}")
        else:
            missing.append(line)
    return missing


def check_leaks():
    if not storm.exists(KMEMLEAK):
        raise Skip("this kernel has no kmemleak")
    for _ in range(2):
        storm.write(KMEMLEAK, "scan")
    ours = [object for object in storm.read(KMEMLEAK).split("unreferenced object ")
            if "wxg" in object or "wxguard" in object]
    # Linux 6.1 forgets a cache's name when it cannot make its folder in sysfs.
    left = [object for object in ours if "sysfs_slab_add+" not in object]
    if len(left) < len(ours):
        storm.say(f"leaks of the kernel's own sysfs_slab_add(): {len(ours) - len(left)}")
    expect(not left, "a leak", "".join(left).splitlines()[:60])
