# SPDX-License-Identifier: GPL-2.0-or-later
"""Blinding the sensor: each attempt fails, or is a finding within a heartbeat."""

import contextlib
import errno
import os
import subprocess

import bpf
import load
import wx
from tap import Failed, Skip, expect, expect_equal

HEARTBEAT = 1
ENOTSUPP = 524  # of the kernel; errno has no name for it
NO_TRAMPOLINES = "this kernel has no BPF trampolines"
KPROBES = "/sys/kernel/debug/kprobes/enabled"
# A machine that is emulated and busy: how much later than it should.
PATIENCE = 30 * wx.SLOW
LOCKED = "/run/wxguard-vm/locked"


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def tampers(since, reason):
    return [finding for finding in wx.findings(since)
            if finding["class"] == "sensor_tamper" and finding["tamper"] == reason]


def one_tamper(since, reason):
    wx.until(f"a finding of {reason}", lambda: tampers(since, reason), PATIENCE)
    found = tampers(since, reason)
    expect_equal("findings", len(found), 1, found)
    return found[0]


def by_nobody(finding):
    expect_equal("process.pid", finding["process"]["pid"], 0, finding)
    expect_equal("process.exe", finding["process"].get("exe"), None, finding)


def mount_debugfs():
    if not os.path.exists(KPROBES):
        wx.command("mount", "-t", "debugfs", "none", "/sys/kernel/debug")


def check_judges_off():
    """Kprobes as judges, and all kprobes switched off: the tracepoint is left."""
    wx.daemon_stop()
    wx.reload("engine=kprobe", "mode=detect")
    wx.load_rules(wx.rules("deny"))
    wx.mode("enforce")
    mount_debugfs()
    before = wx.newest()
    write(KPROBES, "0")
    try:
        report = wx.act("actor_exec", "memfd_fexecve")
        found = one_tamper(before, "exec")
        expect_equal("exit code", report.code, -9, found)
        expect_equal("verdict", found["verdict"], "killed", found)
        expect("unjudged" in found["flags"], "it is not flagged", found)
        expect_equal("unjudged", wx.status()["unjudged"], 1)
        expect_equal("denied", wx.status()["denied"], 1)
    finally:
        write(KPROBES, "1")


def begin(text, *parameters):
    wx.daemon_stop()
    wx.reload("mode=detect", f"heartbeat={HEARTBEAT}", *parameters)
    wx.load_rules(text)
    wx.daemon_start()


def check_begin():
    begin(wx.rules("deny"))
    first = wx.status()["heartbeat"]
    wx.until("a second look of the module at itself",
             lambda: wx.status()["heartbeat"] > first, PATIENCE)
    expect_equal("findings", wx.findings(0), [])


def check_ftrace_switch():
    """The permanent op keeps the switch where it is; judging goes on."""
    load.need_ftrace_switch()
    try:
        write(load.FTRACE, "0")
        raised = None
    except OSError as error:
        raised = error.errno
    # EOPNOTSUPP: 7.3 lets nobody switch it off, whoever has an op.
    expect(raised in (errno.EBUSY, errno.EOPNOTSUPP), f"errno {raised}")
    with open(load.FTRACE, encoding="utf-8") as file:
        expect_equal("ftrace_enabled", file.read().strip(), "1")
    before = wx.newest()
    wx.act("actor_exec", "memfd_fexecve")
    expect_equal("findings", len(wx.findings(before)), 1)


def check_kprobes_switch():
    """Off: said within a heartbeat, once; the judges do not need it."""
    mount_debugfs()
    before = wx.newest()
    wx.mode("enforce")
    write(KPROBES, "0")
    try:
        by_nobody(one_tamper(before, "canary"))
        expect(not wx.status()["canary"], "the status does not say it")
        last = wx.newest()
        report = wx.act("actor_exec", "memfd_fexecve")
        expect_equal("exit code", report.code, 10)
        expect_equal("findings", [finding["class"] for finding in wx.findings(last)
                                  if not finding["tamper"]], ["exec_memory"])
        beat = wx.status()["heartbeat"]
        wx.until("two more heartbeats", lambda: wx.status()["heartbeat"] >
                 beat + 2 * HEARTBEAT * 1_000_000_000, PATIENCE)
        one_tamper(before, "canary")
    finally:
        write(KPROBES, "1")
        wx.mode("detect")
    # Told again only if a heartbeat has found it well in between.
    beat = wx.status()["heartbeat"]
    wx.until("another heartbeat", lambda: wx.status()["heartbeat"] > beat, PATIENCE)
    expect(wx.status()["canary"], "the canary does not sing again")
    before = wx.newest()
    write(KPROBES, "0")
    try:
        one_tamper(before, "canary")
    finally:
        write(KPROBES, "1")


def check_tamper_told():
    """Through the daemon too: a document that says the reason."""
    wx.wait_acked()
    told = [document for document in wx.finding_documents()
            if document.get("wxguard", {}).get("tamper", {}).get("reason") == "canary"]
    expect_equal("documents", len(told), 2, told)


@contextlib.contextmanager
def swamped():
    """So many calls under way that the net has no place left for another."""
    actor = subprocess.Popen([wx.fresh("actor_swamp"), "writes"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        said, _ = actor.communicate(timeout=wx.DEADLINE)
        expect_equal("exit code", actor.returncode, 0, said)


def missed():
    """What the kernel says that its probes missed, by role and function."""
    return {(hook["role"], hook["name"]): hook["missed"]
            for hook in wx.status()["hooks"] if hook["missed"]}


def check_missed():
    """Told by the heartbeat: once, and then as a count."""
    begin(wx.rules("log", off=("foreign_write", "rwx_mmap")), "engine=kprobe")
    expect_equal("missed", missed(), {})
    before = wx.newest()
    with swamped():
        by_nobody(one_tamper(before, "missed"))
        expect_equal("missed by", list(missed()), [("net", "pin_user_pages_remote")])
    wx.wait_acked()
    told = [document["message"] for document in wx.finding_documents()
            if document.get("wxguard", {}).get("tamper", {}).get("reason") == "missed"]
    expect(told, "the daemon did not tell it")
    # The function answers as before, and what it missed is told no more.
    beat = wx.status()["heartbeat"]
    wx.until("two more heartbeats", lambda: wx.status()["heartbeat"] >
             beat + 2 * HEARTBEAT * 1_000_000_000, PATIENCE)
    one_tamper(before, "missed")
    begin(wx.rules("deny"))


def attached(program, **lacks):
    """lacks: by the name of an error, what the kernel has not if attaching gives that."""
    try:
        return bpf.attach(program)
    except OSError as error:
        name = "ENOTSUPP" if error.errno == ENOTSUPP else errno.errorcode.get(error.errno)
        if name not in lacks:
            raise
        raise Skip(lacks[name]) from None


def check_mprotect_unjudged():
    """A BPF program that came later calls the function past a judge by kprobe."""
    if not os.path.exists(bpf.BTF):
        raise Skip(f"this kernel has no {bpf.BTF}")
    begin(wx.rules("log"), "engine=kprobe")
    unjudged, before = wx.status()["unjudged"], wx.newest()
    function, = bpf.functions(("security_file_mprotect",)).values()
    with contextlib.ExitStack() as stack:
        program = bpf.load(function, bpf.EXIT)
        stack.callback(os.close, program)
        stack.callback(os.close, attached(program, ENOTSUPP=NO_TRAMPOLINES))
        report = wx.act("actor_mprotect", "rwx7")
        expect_equal("exit code", report.code, 0, report.note)
        if os.uname().machine == "aarch64":
            # The breakpoint stands before the site that BPF joins: it is judged.
            expect_equal("classes", [found["class"] for found in wx.findings(before)],
                         ["rwx_mprotect"])
            expect_equal("unjudged", wx.status()["unjudged"], unjudged)
            return begin(wx.rules("deny"))
        found = one_tamper(before, "mprotect")
        # The net behind that judge refuses what the rules deny.
        wx.load_rules(wx.rules("deny"))
        wx.mode("enforce")
        denied = wx.status()["denied"]
        expect_equal("exit code", wx.act("actor_mprotect", "rwx7").code, 10)
        expect_equal("denied", wx.status()["denied"], denied + 1)
    expect_equal("process.pid", found["process"]["pid"], report.line["pid"], found)
    expect_equal("syscall.name", found["syscall"]["name"], "mprotect", found)
    expect("unjudged" in found["flags"], "it is not flagged", found)
    expect(wx.status()["unjudged"] > unjudged, "it is not counted", wx.status())
    begin(wx.rules("deny"))


def check_joined():
    """Programs on entry and exit, one after the other, do not lead a call past a
    judge by ftrace, nor break ftrace (module/probe/trampoline.c)."""
    if not os.path.exists(bpf.BTF):
        raise Skip(f"this kernel has no {bpf.BTF}")
    begin(wx.rules("deny"))
    wx.mode("enforce")
    unjudged = wx.status()["unjudged"]
    function, = bpf.functions(("security_file_mprotect",)).values()
    with contextlib.ExitStack() as stack:
        for where in (bpf.ENTRY, bpf.EXIT):
            program = bpf.load(function, where)
            stack.callback(os.close, program)
            stack.callback(os.close, attached(
                program, ENOTSUPP=NO_TRAMPOLINES,
                EBUSY="this kernel lets no BPF program join an IP-modifying op"))
            report = wx.act("actor_mprotect", "rwx7")
            expect_equal("exit code", report.code, 10, report.note)
    expect_equal("exit code", wx.act("actor_mprotect", "rwx7").code, 10)
    expect_equal("unjudged", wx.status()["unjudged"], unjudged)
    expect(wx.status()["canary"], "ftrace is off")
    begin(wx.rules("deny"))


def refused(*command):
    """It is not unloaded, and the finding says who tried."""
    before = wx.newest()
    try:
        code = wx.subprocess.Popen(command).wait(timeout=wx.DEADLINE)
    except wx.subprocess.TimeoutExpired:
        raise Failed("it is being unloaded, and that does not end") from None
    expect(code != 0 and wx.is_loaded(), "it was unloaded")
    found = one_tamper(before, "unload")
    expect_equal("process.comm", found["process"]["comm"], command[0], found)
    expect_equal("syscall.name", found["syscall"]["name"], "delete_module", found)
    before = wx.newest()
    wx.act("actor_exec", "memfd_fexecve")
    expect_equal("findings", len(wx.findings(before)), 1)


def check_lock():
    """Refused before it is asked, and the attempt is told with who tried."""
    write(LOCKED, "")
    wx.wxguard("lock", "--yes")
    expect(wx.status()["locked"], "the status does not say it")
    wx.daemon_stop()
    refused("rmmod", "wxguard")


def check_lock_force():
    """The kernel is told to unload it whatever speaks against it."""
    # Or the second attempt of the same program is a repeat of the first.
    wx.load_rules(wx.rules("deny"))
    refused("rmmod", "-f", "wxguard")
    wx.daemon_start()


def check_other_module():
    """Unloading something else is nobody's business."""
    before = wx.newest()
    wx.command("modprobe", "binfmt_misc")
    wx.command("rmmod", "binfmt_misc", check=False)
    expect_equal("findings", wx.findings(before), [])


def run(tap):
    tap.run("tamper: judges switched off, a program from memory is killed and told",
            check_judges_off)
    tap.run("tamper: the module looks at itself, and finds nothing", check_begin)
    tap.run("tamper: kernel.ftrace_enabled=0 is refused", check_ftrace_switch)
    tap.run("tamper: debugfs kprobes/enabled=0 is told, denying goes on",
            check_kprobes_switch)
    tap.run("tamper: the daemon tells it", check_tamper_told)
    tap.run("tamper: calls that a probe missed are told", check_missed)
    tap.run("tamper: RWX that no judge met is told", check_mprotect_unjudged)
    tap.run("tamper: a BPF program that joins another one blinds no judge",
            check_joined)
    tap.run("tamper: locked, rmmod is refused and told", check_lock)
    tap.run("tamper: locked, rmmod by force is refused and told", check_lock_force)
    tap.run("tamper: unloading another module is silent", check_other_module)
