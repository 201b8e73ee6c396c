# SPDX-License-Identifier: GPL-2.0-or-later
"""What the daemon costs: memory, the time a finding takes to the file, and a
backlog that it has to work off; and what turns under it. Times are printed, for
the machine is emulated; only what is far out fails.
"""

import calendar
import contextlib
import ctypes
import json
import mmap
import os
import signal
import statistics
import time

import nl
import turns
import wx
from tap import Failed, expect, expect_equal

RSS_MAX = 4096  # KiB
BACKLOG = 2000
TRIES = 30
TURNS = 20
LATENCY_MAX = 0.5 * wx.SLOW  # s


def memory():
    """Resident KiB, and of which files."""
    total, files, name = 0, {}, ""
    with open(f"/proc/{wx.daemon_pid()}/smaps", encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if "-" in words[0]:
                name = os.path.basename(words[5]) if len(words) > 5 else "anonymous"
            elif words[0] == "Rss:":
                total += int(words[1])
                files[name] = files.get(name, 0) + int(words[1])
    return total, sorted(files.items(), key=lambda item: -item[1])


def check_memory(when):
    total, files = memory()
    print(f"# {total} KiB resident {when}: " +
          ", ".join(f"{name} {size}" for name, size in files if size > 30), flush=True)
    expect(total <= RSS_MAX, f"{total} KiB are resident: {files}")


# By their numbers in capability.h: DAC_READ_SEARCH 2, NET_ADMIN 12, SYS_PTRACE 19.
RIGHTS = f"{1 << 2 | 1 << 12 | 1 << 19:016x}"


def check_confined():
    """Started by root and by hand, it still gives up what it does not need."""
    with open(f"/proc/{wx.daemon_pid()}/status", encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    for name in ("CapPrm", "CapEff", "CapBnd"):
        expect_equal(name, status[name], RIGHTS)
    expect_equal("NoNewPrivs", status["NoNewPrivs"], "1")
    expect_equal("Seccomp", status["Seccomp"], "2")


def check_memory_at_rest():
    wx.daemon_restart()
    check_memory("at rest")
    wx.act("actor_mprotect", "rwx7")
    wx.wait_acked()
    check_memory("after one finding")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        words = file.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def check_backlog():
    """It is held while the ring fills, and then has to catch up."""
    pid, before = wx.daemon_pid(), wx.newest()
    lines = len(wx.finding_documents())
    os.kill(pid, signal.SIGSTOP)
    wx.command(wx.fresh("actor_flood"), "mprotect", str(BACKLOG), timeout=600 * wx.SLOW)
    spent = cpu_seconds(pid)
    begin = time.monotonic()
    os.kill(pid, signal.SIGCONT)
    wx.wait_acked()
    seconds = time.monotonic() - begin
    spent = cpu_seconds(pid) - spent
    status = wx.status()
    expect_equal("lost", (status["lost_overflow"], status["lost_nomem"]), (0, 0))
    expect_equal("told", status["seq"] - before, BACKLOG)
    print(f"# {BACKLOG} findings in {seconds:.2f} s ({BACKLOG / seconds:.0f}/s), "
          f"{spent / BACKLOG * 1e6:.0f} us of processor time each", flush=True)
    wanted = list(range(before + 1, before + BACKLOG + 1))
    wx.until("all are in the file", lambda: len(wx.finding_documents()) >= lines + BACKLOG)
    seen = [document["event"]["sequence"] for document in wx.finding_documents()[lines:]]
    expect_equal("numbers in the file", seen, wanted)


def check_memory_after():
    wx.until("its memory goes back", lambda: memory()[0] <= RSS_MAX, 20 * wx.SLOW)
    check_memory("after the backlog")


def watcher(path):
    """A descriptor that wakes its reader when the file was written to."""
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.inotify_init1(os.O_CLOEXEC)
    expect(fd >= 0 and libc.inotify_add_watch(fd, path.encode(), 2) >= 0, "no inotify")
    return fd


def next_finding(fd, file):
    """Its record, as soon as all of it is in the file; what else is told there,
    of rules that were loaded, is passed over."""
    line = ""
    while True:
        line += file.readline()
        if not line.endswith("\n"):
            os.read(fd, 4096)
            continue
        document, line = json.loads(line), ""
        if document["event"]["kind"] == "alert":
            return document


def check_latency():
    """From the call that is told to its line in the file."""
    path = wx.fresh("actor_mprotect")
    fd = watcher(wx.FINDINGS)
    took = []
    with open(wx.FINDINGS, encoding="utf-8") as file:
        file.seek(0, os.SEEK_END)
        for _ in range(TRIES):
            number = wx.newest()
            child = wx.subprocess.Popen([path, "rwx7"], stdout=wx.subprocess.DEVNULL)
            document = next_finding(fd, file)
            now = time.time_ns()
            expect_equal("number", document["event"]["sequence"], number + 1, document)
            stamp = document["@timestamp"]
            whole = time.strptime(stamp[:19] + " UTC", "%Y-%m-%dT%H:%M:%S %Z")
            told = calendar.timegm(whole) * 10**9 + int(stamp[20:29])
            took.append((now - told) / 1e9)
            child.wait(timeout=wx.DEADLINE)
    os.close(fd)
    print(f"# to the file in {min(took) * 1e3:.1f} to {max(took) * 1e3:.1f} ms, "
          f"median {statistics.median(took) * 1e3:.1f} ms", flush=True)
    expect(statistics.median(took) < LATENCY_MAX, f"{took}")


def check_bell():
    """Who has looked hears of the next finding at once. By itself the module only
    rings again after a second."""
    memory = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, "prot": 7}
    with nl.Client() as client, nl.Client() as listener:
        listener.listen()
        listener.socket.setblocking(False)
        for turn in range(TURNS):
            list(client.records(client.status()["seq"]))
            mmap.mmap(-1, mmap.PAGESIZE, **memory).close()
            try:
                listener.socket.recv(1 << 12)
            except BlockingIOError:
                raise Failed(f"no bell in turn {turn}") from None
            with contextlib.suppress(BlockingIOError):
                while True:
                    listener.socket.recv(1 << 12)


def run(tap):
    text = wx.rules("log").replace("known = exempt", "known = report")
    wx.load_rules(text)
    tap.run("daemon: confined", check_confined)
    tap.run("daemon: memory at rest", check_memory_at_rest)
    tap.run(f"daemon: {BACKLOG} findings at once", check_backlog)
    tap.run("daemon: memory after a flood", check_memory_after)
    tap.run("daemon: from the call to the line", check_latency)
    tap.run("daemon: who has looked hears the bell", check_bell)
    turns.run(tap)
