# SPDX-License-Identifier: GPL-2.0-or-later
"""Loading where the module could not see: refused, and the kernel log says why.
Loading where it cannot prove that it sees is no reason to refuse."""

import errno
import os

import wx
from tap import Skip, expect, expect_equal

FTRACE = "/proc/sys/kernel/ftrace_enabled"
KPROBES = "/sys/kernel/debug/kprobes/enabled"


def switch(path, value):
    with open(path, "w", encoding="utf-8") as file:
        file.write(value)


def kernel_log():
    return wx.command("dmesg").stdout


def refuses(engine, *words):
    before = len(kernel_log())
    done = wx.command("modprobe", "-d", wx.MODROOT, "wxguard", f"engine={engine}",
                      check=False)
    said = kernel_log()[before:]
    expect(done.returncode != 0 and not wx.is_loaded(), f"{engine}: it was loaded", said)
    for word in words:
        expect(word in said, f"{engine}: {word!r} is not said", said)


def away(body):
    """Without module and daemon; with both afterwards."""
    wx.daemon_stop()
    wx.rmmod()
    try:
        body()
    finally:
        if not wx.is_loaded():
            wx.insmod("mode=detect")
        wx.daemon_start()


def without(path, *refusals):
    def body():
        switch(path, "0")
        try:
            for refusal in refusals:
                refuses(*refusal)
        finally:
            switch(path, "1")

    away(body)
    before = wx.newest()
    wx.act("actor_exec", "memfd_fexecve")
    expect_equal("findings", len(wx.findings(before)), 1)


def check_kprobes_off():
    dead = "kprobes do not fire"
    without(KPROBES, ("auto", dead), ("ftrace", dead), ("kprobe", dead))


def need_ftrace_switch():
    if not os.path.exists(FTRACE):
        raise Skip("this kernel has no kernel.ftrace_enabled")


def check_ftrace_off():
    need_ftrace_switch()
    refusals = [("ftrace", "cannot arm the witness", "ftrace_enabled")]
    # Elsewhere a kprobe is a breakpoint, which ftrace has no part in.
    if os.uname().machine == "x86_64":
        dead = "kprobes do not fire"
        refusals += [("auto", "no ftrace op", dead), ("kprobe", dead)]
    try:
        without(FTRACE, *refusals)
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            raise Skip("this kernel does not let ftrace be switched off") from error
        raise


def check_no_true():
    """Nothing to be started at load: judges are armed, and prove themselves."""
    def body():
        wx.command("mount", "--bind", "/dev/null", "/bin/true")
        try:
            wx.insmod("mode=detect")
        finally:
            wx.command("umount", "/bin/true")

    away(body)
    before = wx.newest()
    wx.act("actor_exec", "memfd_fexecve")
    expect_equal("findings", len(wx.findings(before)), 1)


def run(tap):
    tap.run("load: where kprobes are switched off", check_kprobes_off)
    tap.run("load: where ftrace is switched off", check_ftrace_off)
    tap.run("load: where no program can be started", check_no_true)
