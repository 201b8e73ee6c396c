#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What people run, by the clock: in rounds with and without wxguard.

In the guest, with the module loaded and the daemon running. A round runs
everything once without and once with them, in turns which comes first.
Writes to /out/clock: TASK with|without SECONDS, the median of a turn.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time

ROUNDS = int(sys.argv[1])
BUILD = "/tmp/build"
PACKAGE = "/with/package.deb"
APT = ("apt-get", "-q", "-y", "-o", "APT::Sandbox::User=root")
# What is short is run several times in each turn.
TASKS = (
    ("node start", 5, ("node", "-e", "0")),
    ("java start", 5, ("java", "-version")),
    ("apt-get install", 1, (*APT, "install", PACKAGE)),
    ("module build", 1, ("make", "-s", "-C", f"/usr/src/linux-headers-{os.uname().release}",
                         f"M={BUILD}", "modules")),
)


def run(*argv):
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False)
    if done.returncode != 0:
        sys.exit(f"clock: {' '.join(argv)}: exit status {done.returncode}: {done.stdout[-2000:]}")


def prepare(task):
    """As nothing had been done before."""
    if task == "apt-get install":
        installed = subprocess.run(("dpkg", "--status", "manpages"), capture_output=True,
                                   check=False).returncode == 0
        if installed:
            run("dpkg", "--purge", "manpages")
    elif task == "module build":
        shutil.rmtree(BUILD, ignore_errors=True)
        shutil.copytree("/with/build", BUILD)


def take(task, argv):
    prepare(task)
    os.sync()
    begin = time.monotonic()
    run(*argv)
    return time.monotonic() - begin


def wxguard(wanted):
    here = os.path.isdir("/sys/module/wxguard")
    if here and not wanted:
        run("vm-daemon", "stop")
        run("rmmod", "wxguard")
    elif wanted and not here:
        run("modprobe", "-d", os.environ["WXGUARD_MODROOT"], "wxguard")
        run("vm-daemon", "start")


def main():
    for name in ("/var/lib/apt/lists/partial", "/var/cache/apt/archives/partial",
                 "/var/log/apt", "/var/lib/dpkg/info", "/var/lib/dpkg/updates",
                 "/var/lib/dpkg/triggers"):
        os.makedirs(name, exist_ok=True)
    for name in ("status", "available"):
        with open(f"/var/lib/dpkg/{name}", "w", encoding="ascii"):
            pass
    for task, _, argv in TASKS:
        take(task, argv)
    with open("/out/clock", "w", encoding="ascii") as file:
        for number in range(ROUNDS):
            for wanted in (False, True) if number % 2 else (True, False):
                wxguard(wanted)
                for task, times, argv in TASKS:
                    seconds = statistics.median(take(task, argv) for _ in range(times))
                    word = "with" if wanted else "without"
                    print(f"{task.replace(' ', '_')} {word} {seconds:.4f}", file=file, flush=True)
    wxguard(True)


main()
