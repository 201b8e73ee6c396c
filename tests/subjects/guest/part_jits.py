# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that make code at run time, as innocent subjects.

Setting "none": what each asks the kernel for, told by strace, with no module
there. "fresh": a module that has never seen them. "learn": one pass in mode
learn, one in detect, one in enforce with every class at deny, and what is
known exempt where that is the default.
"""

import os
import re

import box
import wx

HERE = os.path.join(box.WITH, "programs")
GDB = ("gdb", "-nx", "-batch", "-ex", "set breakpoint pending on", "-ex", "break write",
       "-ex", "run", "-ex", "continue", "--args", "/bin/echo", "done")
PHP = ("php", "-d", "zend_extension=opcache", "-d", "opcache.enable_cli=1")
# Name, how it tells its version, command.
PROGRAMS = (
    ("node", "--version", ("node", "loop.js")),
    ("java", "-version", ("java", "-cp", box.PROGRAMS, "Loop")),
    ("luajit", "-v", ("luajit", "loop.lua")),
    ("php, JIT of opcache and PCRE2", "--version",
     (*PHP, "-d", "opcache.jit=tracing", "-d", "opcache.jit_buffer_size=16M",
      "-d", "pcre.jit=1", "loop.php")),
    ("mono", "--version", ("mono", box.PROGRAMS + "/loop.exe")),
    ("qemu-x86_64", "--version", ("qemu-x86_64", "/bin/echo", "done")),
    ("grep -P (PCRE2)", "--version", ("grep", "-oP", "d(o|x)+ne", "loop.php")),
    ("python3, ctypes (libffi)", "--version", ("python3", "callback.py")),
    ("gdb, a breakpoint in its child", "--version", GDB),
)
TIME = 900
PROT_WRITE, PROT_EXEC = "PROT_WRITE", "PROT_EXEC"


def run_all(rows, key):
    """Each program once; what it made the module say goes under key."""
    for name, _, command in PROGRAMS:
        before = box.newest()
        done = box.run(list(command), TIME, cwd=HERE)
        fine = done["status"] == 0 and "done" in done["output"]
        rows.setdefault(name, {})[key] = {
            "fine": fine, "status": done["status"],
            "output": "" if fine else done["output"][-3000:],
            "findings": box.findings(before)}
        print(f"# {key}: {name}: status {done['status']}, "
              f"{len(rows[name][key]['findings'])} findings, {done['seconds']} s", flush=True)


# ---- what strace says ----------------------------------------------------------

CALL = re.compile(r"(\w+)\((.*)\)\s+= (0x[0-9a-f]+|-?\d+)")


class Asks:
    """Follows one program's memory, as far as executable rights go."""

    def __init__(self):
        self.memory = []  # (begin, end, kind, rights, ever written), newest last
        self.found = set()

    def at(self, address):
        for begin, end, kind, rights, written in reversed(self.memory):
            if begin <= address < end:
                return kind, rights, written
        return "file", "", False

    def add(self, begin, size, kind, rights, written):
        self.memory.append((begin, begin + size, kind, rights, written))

    def mmap(self, words, result):
        rights, flags = words[2], words[3]
        kind = "file" if "MAP_ANONYMOUS" not in flags else \
            "shared" if "MAP_SHARED" in flags else "anon"
        self.add(result, int(words[1], 0), kind, rights, PROT_WRITE in rights)
        if PROT_EXEC in rights:
            if PROT_WRITE in rights:
                self.found.add("mmap RWX")
            elif kind == "shared":
                self.found.add("mmap RX of shared memory")

    def mprotect(self, words):
        address, rights = int(words[0], 16), words[2]
        kind, before, written = self.at(address)
        self.add(address, int(words[1], 0), kind, rights, written or PROT_WRITE in rights)
        if PROT_EXEC not in rights:
            return
        if "PROT_GROWSDOWN" in rights:
            self.found.add("stack X")
        elif PROT_WRITE in rights:
            self.found.add("mprotect RWX")
        elif kind != "file" and written and PROT_EXEC not in before:
            self.found.add("mprotect RW to RX")

    def line(self, text):
        call = CALL.search(text)
        if not call or call.group(3).startswith("-"):
            return
        name, words, result = call.groups()
        words = words.split(", ")
        if name == "mmap":
            self.mmap(words, int(result, 16))
        elif name in ("mprotect", "pkey_mprotect"):
            self.mprotect(words)
        elif name == "memfd_create":
            self.found.add("memfd")
        elif name == "ptrace" and "POKE" in words[0]:
            self.found.add("ptrace POKE")
        elif name == "openat" and re.search(r"/proc/(self|\d+)(/task/\d+)?/mem\"", text):
            self.found.add("/proc/PID/mem")


def asks(command):
    trace = "/tmp/strace"
    # A debugger's child has its tracer already.
    follow = [] if command[0] == "gdb" else ["-f"]
    done = box.run(["strace", *follow, "-qq", "-o", trace, "-e",
                    "trace=mmap,mprotect,pkey_mprotect,memfd_create,ptrace,openat",
                    *command], TIME, cwd=HERE)
    seen = Asks()
    with open(trace, encoding="utf-8", errors="replace") as file:
        for text in file:
            seen.line(text)
    return sorted(seen.found), done["status"] == 0 and "done" in done["output"]


def version(program, option):
    found = re.search(r"\d+\.\d+[\w.]*", box.run([program, option], TIME)["output"])
    return found.group(0) if found else "?"


def collect(setting):
    rows = {}
    if setting == "none":
        for name, option, command in PROGRAMS:
            found, fine = asks(command)
            rows[name] = {"version": version(command[0], option),
                          "asks": found, "fine": fine}
            print(f"# {name}: {', '.join(found) or 'nothing'}", flush=True)
    elif setting == "fresh":
        wx.load_rules(box.rules("log", unknown="off", repeat="0s"))
        run_all(rows, "fresh")
    else:
        wx.load_rules(box.rules("deny"))
        for mode in ("learn", "detect", "enforce"):
            wx.mode(mode)
            run_all(rows, mode)
        wx.mode("detect")
    return {"rows": rows, "left_out": [], "counters": box.counters()}
