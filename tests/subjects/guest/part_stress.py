# SPDX-License-Identifier: GPL-2.0-or-later
"""stress-ng: presses the system calls that wxguard looks at, a bounded number
of times, with one worker, and checks what the kernel answers."""

import os
import re

import box
import wx

# Name, stressor, operations, further options.
STRESSORS = (
    ("memfd", "memfd", 20, ("--memfd-bytes", "8m", "--memfd-fds", "32")),
    ("exec execve", "exec", 24, ("--exec-max", "4", "--exec-method", "execve")),
    ("exec execveat", "exec", 24, ("--exec-max", "4", "--exec-method", "execveat")),
    ("exec all", "exec", 24, ("--exec-max", "4", "--exec-method", "all")),
    ("exec vfork", "exec", 24, ("--exec-max", "4", "--exec-fork-method", "vfork")),
    ("mmap", "mmap", 8, ("--mmap-bytes", "4m")),
    ("mprotect", "mprotect", 2000, ()),
    ("shm-sysv", "shm-sysv", 8, ("--shm-sysv-bytes", "1m")),
    ("shm", "shm", 8, ("--shm-bytes", "1m")),
    ("personality", "personality", 100, ()),
    ("far-branch", "far-branch", 1, ()),
    ("icache", "icache", 20, ()),
    ("pkey", "pkey", 500, ()),
    ("ptrace", "ptrace", 500, ()),
    ("vm-rw", "vm-rw", 1, ("--vm-rw-bytes", "4m")),
    ("dynlib", "dynlib", 20, ()),
    ("mremap", "mremap", 10, ("--mremap-bytes", "2m")),
    ("remap", "remap", 1, ()),
    ("procfs", "procfs", 10, ()),
)
# What there is no stressor for in the version that Debian has.
MISSING = ("exec fexecve",)
TIME = 900
YAML = "/tmp/stress.yaml"
# This stressor refuses to run as root.
NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")


def operations():
    try:
        with open(YAML, encoding="utf-8") as file:
            found = re.search(r"bogo-ops: (\d+)", file.read())
    except FileNotFoundError:
        return 0
    return int(found.group(1)) if found else 0


def collect(setting):
    if setting == "detect":
        wx.load_rules(box.rules("log", known="report"))
    rows = {}
    for name, stressor, count, options in STRESSORS:
        before = box.newest()
        if os.path.exists(YAML):
            os.unlink(YAML)
        user = NOBODY if stressor == "exec" else ()
        done = box.run([*user, "stress-ng", f"--{stressor}", "1", f"--{stressor}-ops", str(count),
                        *options, "--timeout", str(TIME), "--metrics-brief", "--yaml", YAML,
                        "--verify", "--no-rand-seed", "--temp-path", "/tmp"], TIME + 60,
                       cwd="/tmp")
        said = sorted(set(re.findall(r"stress-ng: (fail|error): *\[\d+\] (.*)",
                                     done["output"])))
        skipped = re.search(r"skipping the stressor|will be skipped", done["output"])
        rows[name] = {"status": done["status"], "wanted": count, "done": operations(),
                      "said": [": ".join(words) for words in said],
                      "skipped": bool(skipped), "output": done["output"],
                      "findings": box.findings(before)}
        print(f"# {name}: status {done['status']}, {rows[name]['done']} operations, "
              f"{done['seconds']} s", flush=True)
    return {"rows": rows, "left_out": list(MISSING), "counters": box.counters()}
