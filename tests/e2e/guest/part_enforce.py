# SPDX-License-Identifier: GPL-2.0-or-later
"""Engine ftrace, mode enforce: denials, kills, and who is spared."""

import os

import complete
import table
import wx
from tap import Skip, expect, expect_equal

HELPER = "/dev/shm/wxg-helper"
MARK = "/run/e2e/helper-ran"
MODPROBE = "/proc/sys/kernel/modprobe"
# One deed of each class whose caller can be told by the exit status.
KILLS = (("actor_exec", "memfd_fexecve", "exec_memory"),
         ("actor_unlinked", "unlinked_fexecve", "exec_unlinked"),
         ("actor_arg", "sh_proc_self_fd", "exec_arg_memory"),
         ("actor_transition", "anon", "wx_transition"),
         ("actor_alias", "write_then_run", "map_memory_exec"),
         ("actor_mmap", "anon_rwx", "rwx_mmap"),
         ("actor_foreign", "poke_code", "foreign_write"))


def one(before, kind, verdict):
    seen = wx.findings(before)
    expect_equal("findings", [finding["class"] for finding in seen], [kind], seen)
    expect_equal("verdict", seen[0]["verdict"], verdict, seen)
    return seen[0]


def check_kernel_spawned():
    """The kernel starts its module loader: from /dev/shm, for this once."""
    with open(HELPER, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\n: > {MARK}\n")
    os.chmod(HELPER, 0o755)
    with open(MODPROBE, encoding="utf-8") as file:
        loader = file.read()
    spared, before = wx.status()["spared"], wx.newest()
    try:
        with open(MODPROBE, "w", encoding="utf-8") as file:
            file.write(HELPER)
        wx.command("mount", "-i", "-t", "wxgnosuchfs", "none", wx.WORK,
                   check=False)
    finally:
        with open(MODPROBE, "w", encoding="utf-8") as file:
            file.write(loader)
    expect(os.path.exists(MARK), "the kernel's helper did not run",
           wx.records(before))
    finding = one(before, "exec_memory", "spared")
    expect("kernel_spawned" in finding["flags"], "not flagged", finding)
    expect_equal("spared", wx.status()["spared"], spared + 1, finding)


def check_process_1():
    """The actor makes it call mprotect, by ptrace."""
    wx.load_rules(wx.rules("deny", off=("foreign_write",)))
    spared, before = wx.status()["spared"], wx.newest()
    report = wx.act("actor_pid1", "rwx")
    if report.code == 77:
        raise Skip(report.note)
    expect_equal(f"exit code ({report.note})", report.code, 0)
    finding = one(before, "rwx_mprotect", "spared")
    expect_equal("process.pid", finding["process"]["pid"], 1, finding)
    expect_equal("spared", wx.status()["spared"], spared + 1, finding)


def check_container_process_1():
    """Process 1 of another pid namespace is nobody special."""
    before = wx.newest()
    path = wx.fresh("actor_mprotect")
    done = wx.command("unshare", "--pid", "--fork", "--mount-proc", path, "rwx7",
                      check=False)
    expect_equal("exit code", done.returncode, 10)
    finding = one(before, "rwx_mprotect", "denied")
    expect_equal("process.vpid", finding["process"]["vpid"], 1, finding)
    expect(finding["process"]["pid"] != 1, "pid and vpid are alike", finding)


def check_kill(actor, variant, kind):
    before = wx.newest()
    report = wx.act(actor, variant)
    finding = one(before, kind, "killed")
    expect_equal("exit code", report.code, -9, finding)


def check_log_in_enforce():
    """Enforce does what the rule says, and the rule may say "log"."""
    before = wx.newest()
    report = wx.act("actor_mprotect", "rwx7")
    expect_equal("exit code", report.code, 0)
    one(before, "rwx_mprotect", "logged")


def check_denied_stays_new():
    """A denied program has not become known: it is denied again."""
    path = wx.fresh("actor_mprotect")
    for _ in range(2):
        before = wx.newest()
        expect_equal("exit code", wx.act("", "rwx7", path=path).code, 10)
        one(before, "rwx_mprotect", "denied")


def check_known_is_allowed():
    """Known before enforce: goes on working in enforce, silently."""
    wx.mode("detect")
    path = wx.fresh("actor_mprotect")
    expect_equal("exit code", wx.act("", "rwx7", path=path).code, 0)
    wx.mode("enforce")
    before = wx.newest()
    expect_equal("exit code", wx.act("", "rwx7", path=path).code, 0)
    expect_equal("findings", wx.findings(before), [])


def check_excluded():
    """An exclusion wins over deny, and what it covers does not get known."""
    path = wx.fresh("actor_mprotect")
    wx.load_rules(wx.rules("deny", extra=(
        f'exclude e2e {{\n\tclasses = {{rwx_mprotect}}\n\texe = "{path}"\n'
        '\treason = "a scenario"\n}\n')))
    before = wx.newest()
    expect_equal("exit code", wx.act("", "rwx7", path=path).code, 0)
    expect_equal("findings", wx.findings(before), [])
    wx.load_rules(wx.rules("deny"))
    expect_equal("exit code", wx.act("", "rwx7", path=path).code, 10)


def run(tap):
    table.run(tap, "enforce", "deny")
    wx.mode("enforce")
    complete.run(tap, denied=True)
    tap.run("enforce: an exec by the kernel is spared and counted",
            check_kernel_spawned)
    tap.run("enforce: process 1 is spared and counted", check_process_1)
    tap.run("enforce: process 1 of a container is not spared",
            check_container_process_1)
    tap.run("enforce: a denied program stays unknown", check_denied_stays_new)
    tap.run("enforce: a known program is let through", check_known_is_allowed)
    tap.run("enforce: an exclusion lets through", check_excluded)
    wx.load_rules(wx.rules("kill"))
    for actor, variant, kind in KILLS:
        tap.run(f"enforce: kill ends the caller of {kind}", check_kill,
                actor, variant, kind)
    tap.run("enforce: kill ends the whole thread group", check_kill,
            "actor_mprotect", "thread", "rwx_mprotect")
    wx.load_rules(wx.rules("log"))
    tap.run("enforce: the action log only logs", check_log_in_enforce)
    wx.mode("detect")
