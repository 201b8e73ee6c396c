# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest's view of wxguard: its command, its module, its daemon.

Everything is asked of wxguard's own command, right after an actor has ended:
a finding is in the kernel's ring before the call that caused it returns, so
nothing here has to wait for one.
"""

import json
import os
import shutil
import subprocess
import time

from tap import Failed, expect

WITH = "/with"
OUT = "/out"
ACTORS = "/usr/lib/wxguard/e2e"
MODROOT = os.environ.get("WXGUARD_MODROOT", "/usr/lib/wxguard-vm/modroot")
WORK = "/run/e2e"
# Where fresh copies of the actors go: a disk of its own, or the root, which
# is an overlay, where an executable has two identities.
DISK = "/disk/e2e"
OVERLAY = "/srv/e2e"
FINDINGS = "/var/log/wxguard/findings.json"
STORE = "/var/lib/wxguard/wxguard.db"
RULES = "/etc/wxguard/rules.conf"
# Whose rows stand in the tables. Known executables are exempt from the first.
KNOWN_CLASSES = ("rwx_mprotect", "rwx_mmap", "wx_transition", "exec_stack")
CLASSES = KNOWN_CLASSES + ("exec_memory", "map_memory_exec", "exec_unlinked",
                           "exec_arg_memory", "foreign_write")
# Kernels that look at each of their steps (tests/debug) take their time.
SLOW = 4 if "-wxg-" in os.uname().release else 1
DEADLINE = 120 * SLOW


def command(*args, check=True, timeout=DEADLINE, **options):
    """A program that must end; its output as text."""
    done = subprocess.run(args, capture_output=True, text=True, errors="replace",
                          timeout=timeout, **options)
    if check and done.returncode != 0:
        raise Failed(f"{' '.join(args)}: exit status {done.returncode}: "
                     f"{done.stderr.strip() or done.stdout.strip()}")
    return done


def wxguard(*args, **options):
    return command("wxguard", *args, **options)


def until(what, condition, seconds=DEADLINE):
    """Waits for a condition; its value. The deadline is a failure, not a pace."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds} s")
        os.sched_yield()


# ---- the module ---------------------------------------------------------------

def status():
    return json.loads(wxguard("status", "-j").stdout)


def newest():
    return status()["seq"]


def records(since):
    """Findings and losses with a number above since, in their order."""
    lines = wxguard("list", "--kernel", "--since-seq", str(since), "-j").stdout
    return [json.loads(line) for line in lines.splitlines()]


def findings(since, repeats=False):
    """Without the repeats, which are told at any time: a debugger's are counted
    whatever the rule says."""
    return [record for record in records(since)
            if "lost" not in record and (repeats or not record["repeat"])]


def mode(name):
    wxguard("mode", name)


def load_rules(text):
    path = os.path.join(WORK, "rules.conf")
    os.makedirs(WORK, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    wxguard("rules", "load", path)


def rules(action, window="7d", extra="", off=(), repeat="0s",
          budget=(0, 10)):
    """The same action for each class; known executables as by default. Each
    sighting is told, and there is no limit to denials."""
    text = ""
    for name in CLASSES:
        known = "exempt" if name in KNOWN_CLASSES else "report"
        does = "off" if name in off else action
        text += (f"class {name} {{\n\taction = {does}\n\tknown = {known}\n"
                 f"\twindow = {window}\n\trepeat = {repeat}\n}}\n")
    text += "budget {\n\tper-minute = %d\n\tper-executable = %d\n}\n" % budget
    return text + extra


def is_loaded():
    return os.path.isdir("/sys/module/wxguard")


def insmod(*parameters):
    command("modprobe", "-d", MODROOT, "wxguard", *parameters)


def rmmod():
    """Refused as "in use" while a call is being judged: then try again."""
    def attempt():
        done = command("rmmod", "wxguard", check=False)
        if done.returncode == 0:
            return True
        expect("in use" in done.stderr or "unavailable" in done.stderr,
               f"rmmod: {done.stderr.strip()}")
        return False
    until("rmmod wxguard", attempt)


def reload(*parameters):
    if is_loaded():
        rmmod()
    insmod(*parameters)


# ---- the daemon ---------------------------------------------------------------

def daemon_pid():
    done = command("vm-daemon", "pid", check=False)
    return int(done.stdout) if done.returncode == 0 else 0


def daemon_start(*args):
    command("vm-daemon", "start", *args)


def daemon_stop():
    if daemon_pid():
        command("vm-daemon", "stop")


def daemon_kill():
    command("vm-daemon", "kill")


def daemon_restart():
    daemon_stop()
    daemon_start()


def wait_acked():
    wxguard("status", "--wait-acked", "--timeout", str(60 * SLOW))


def documents(path=FINDINGS):
    """The records of the daemon's file; each line must be whole JSON."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def finding_documents(path=FINDINGS):
    return [document for document in documents(path)
            if document["event"]["kind"] == "alert"]


# ---- the actors ---------------------------------------------------------------

class Report:
    """How an actor ended: its exit code and what it said."""

    def __init__(self, done):
        self.code = done.returncode
        self.stderr = done.stderr.decode(errors="replace").strip()
        lines = done.stdout.decode(errors="replace").splitlines()
        self.line = json.loads(lines[-1]) if lines else {}
        self.path = ""

    @property
    def note(self):
        return bytes.fromhex(self.line.get("note", "")).decode(errors="replace")

    @property
    def call(self):
        """(number, [arguments]) of the decisive system call, or None."""
        words = self.line.get("call", "").split()
        if not words:
            return None
        return int(words[0]), [int(word, 16) for word in words[1:]]


ground = DISK
_serial = 0


def fresh(actor):
    """A copy that nobody has seen: another inode, at another path."""
    global _serial
    _serial += 1
    directory = os.path.join(ground, f"{_serial:04d}")
    os.makedirs(directory)
    shutil.copy(os.path.join(ACTORS, actor), directory)
    for name in ("payload", "marker"):
        first = os.path.join(ground, name)
        if not os.path.exists(first):
            shutil.copy(os.path.join(ACTORS, name), first)
        os.link(first, os.path.join(directory, name))
    return os.path.join(directory, actor)


def sweep():
    """Gives the disk back what fresh() took, if it took any."""
    for name in os.listdir(ground) if os.path.isdir(ground) else ():
        if name.isdigit():
            shutil.rmtree(os.path.join(ground, name))


def act(actor, variant, *arguments, describe=False, path=None, **options):
    path = path or fresh(actor)
    environment = dict(os.environ)
    if describe:
        environment["ACTOR_SELF"] = "1"
    done = subprocess.run([path, variant, *arguments], capture_output=True, timeout=DEADLINE,
                          env=environment, **options)
    report = Report(done)
    report.path = path
    return report
