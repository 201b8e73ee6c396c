# SPDX-License-Identifier: GPL-2.0-or-later
"""Others that sit on the functions that we watch. Each is put there and taken away
again: attach() and detach()."""

import ctypes
import fcntl
import os
import struct

import bpf
import storm

FUNCTIONS = ("security_bprm_check", "security_file_mprotect", "security_mmap_file",
             "do_mprotect_pkey", "bprm_execve", "get_user_pages_remote")
PERF_EVENT_OPEN = 298
KPROBE_TYPE = "/sys/bus/event_source/devices/kprobe/type"


class Event:
    """A kprobe or a kretprobe of tracefs."""

    def __init__(self, function, kind):
        self.name = f"{'kretprobe' if kind == 'r' else 'kprobe'} on {function}"
        self.event = f"storm/{kind}_{function}"
        self.line = f"{kind}:{self.event} {function}"

    def attach(self):
        storm.append(storm.TRACING + "/kprobe_events", self.line)
        storm.write(f"{storm.TRACING}/events/{self.event}/enable", 1)

    def detach(self):
        storm.write(f"{storm.TRACING}/events/{self.event}/enable", 0)
        storm.append(storm.TRACING + "/kprobe_events", f"-:{self.event}")


class Perf:
    """A kprobe as perf and bpftrace open it, one for each processor."""

    def __init__(self, function):
        self.name = f"perf kprobe on {function}"
        self.function = ctypes.create_string_buffer(function.encode())
        self.fds = []

    def attach(self):
        kind = int(storm.read(KPROBE_TYPE))
        words = struct.pack("=IIQQQQQIIQQQ", kind, 112, 0, 0, 0, 0, 0, 0, 0,
                            ctypes.addressof(self.function), 0, 0)
        block = ctypes.create_string_buffer(words, 112)
        libc = ctypes.CDLL(None, use_errno=True)
        for cpu in range(os.cpu_count()):
            fd = libc.syscall(PERF_EVENT_OPEN, block, -1, cpu, -1, 8)
            if fd < 0:
                error = ctypes.get_errno()
                self.detach()
                raise OSError(error, os.strerror(error))
            self.fds.append(fd)
            fcntl.ioctl(fd, 0x2400, 0)  # PERF_EVENT_IOC_ENABLE

    def detach(self):
        while self.fds:
            os.close(self.fds.pop())


class Tracer:
    """The function tracer, or the graph tracer, on all our functions."""

    def __init__(self, tracer):
        self.name = f"tracer {tracer}"
        self.tracer = tracer
        self.filter = ("set_graph_function" if tracer == "function_graph" else
                       "set_ftrace_filter")

    def attach(self):
        storm.write(f"{storm.TRACING}/{self.filter}", "\n".join(FUNCTIONS))
        storm.write(storm.TRACING + "/current_tracer", self.tracer)

    def detach(self):
        storm.write(storm.TRACING + "/current_tracer", "nop")
        storm.write(f"{storm.TRACING}/{self.filter}", "")


class Program:
    """A BPF program on the entry or the exit of a function."""

    def __init__(self, function, number, where):
        how = {bpf.ENTRY: "fentry", bpf.EXIT: "fexit", bpf.MODIFY_RETURN: "fmod_ret"}
        self.name = f"BPF {how[where]} on {function}"
        self.number, self.where = number, where
        self.fds = []

    def attach(self):
        self.fds.append(bpf.load(self.number, self.where))
        try:
            self.fds.append(bpf.attach(self.fds[0]))
        except OSError:
            self.detach()
            raise

    def detach(self):
        while self.fds:
            os.close(self.fds.pop())


class Pair:
    """Two of them on one function, the second joins the first."""

    def __init__(self, first, second):
        self.name = f"{first.name}, joined by {second.name}"
        self.members = (first, second)

    def attach(self):
        first, second = self.members
        first.attach()
        try:
            second.attach()
        except OSError:
            first.detach()
            raise

    def detach(self):
        for member in self.members:
            member.detach()


def programs():
    """On the entry and on the exit of each function."""
    numbers = bpf.functions(FUNCTIONS)
    found = [Program(function, number, where)
             for function, number in sorted(numbers.items())
             for where in (bpf.ENTRY, bpf.EXIT)]
    mprotect = "security_file_mprotect"
    number = numbers[mprotect]
    pairs = [Pair(Program(mprotect, number, first), Program(mprotect, number, second))
             for first, second in ((bpf.ENTRY, bpf.EXIT), (bpf.EXIT, bpf.ENTRY))]
    return found + [Program(mprotect, number, bpf.MODIFY_RETURN)] + pairs


def everyone():
    """(rivals, those first that ignore where others send a call; why some kinds
    are missing)"""
    found, missing = [], []
    if storm.exists(bpf.BTF):
        found += programs()
    else:
        missing.append("BPF programs on functions (no BTF)")
    if storm.exists(storm.TRACING + "/kprobe_events"):
        found += [Event(function, kind) for function in FUNCTIONS for kind in "pr"]
    else:
        missing.append("kprobes of tracefs")
    if storm.exists(KPROBE_TYPE):
        found += [Perf(function) for function in FUNCTIONS]
    else:
        missing.append("kprobes of perf")
    tracers = storm.read(storm.TRACING + "/available_tracers").split()
    for tracer in ("function", "function_graph"):
        if tracer in tracers:
            found.append(Tracer(tracer))
        else:
            missing.append("the tracer " + tracer)
    return found, missing
