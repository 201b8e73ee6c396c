# SPDX-License-Identifier: GPL-2.0-or-later
"""What a Debian server does all day, done for real."""

import glob
import os
import shutil
import subprocess

import wx
from tap import Skip, expect, expect_equal

APT = {"DEBIAN_FRONTEND": "noninteractive"}
LONG = 1200


def lines(*args, **options):
    return wx.command(*args, **options).stdout.splitlines()


def as_user(*args, **options):
    return wx.command("setpriv", "--reuid", "somebody", "--regid", "somebody",
                      "--init-groups", "--reset-env", *args, **options)


# ---- boot -----------------------------------------------------------------------

def check_running():
    said = wx.command("systemctl", "is-system-running", "--wait", check=False,
                      timeout=LONG).stdout.strip()
    expect_equal("the system is", said, "running", lines("systemctl", "--failed"))


def check_units():
    failed = lines("systemctl", "--failed", "--plain", "--no-legend")
    expect_equal("failed units", failed, [])
    for unit in ("multi-user.target", "wxguardd.service", "dbus.service",
                 "systemd-logind.service", "systemd-journald.service",
                 "systemd-udevd.service", "cron.service",
                 "serial-getty@ttyS0.service"):
        expect_equal(unit, wx.command("systemctl", "is-active", unit,
                                      check=False).stdout.strip(), "active")


def check_early():
    """The guard stood before what sysinit.target is there for."""
    times = {}
    for unit in ("wxguardd.service", "sysinit.target"):
        text = wx.command("systemctl", "show", "-P", "ActiveEnterTimestampMonotonic",
                          unit).stdout
        times[unit] = int(text)
    expect(0 < times["wxguardd.service"] <= times["sysinit.target"],
           "wxguardd was not up before sysinit.target", times)


# By their numbers in capability.h: DAC_READ_SEARCH 2, NET_ADMIN 12, SYS_PTRACE 19.
RIGHTS = f"{1 << 2 | 1 << 12 | 1 << 19:016x}"


def check_confined():
    """What the unit promises of the daemon, looked at from outside."""
    pid = main_pid("wxguardd")
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    uid = wx.command("id", "-u", "wxguard").stdout.strip()
    expect_equal("user ids", status["Uid"].split(), [uid] * 4, status)
    for name in ("CapPrm", "CapEff", "CapBnd"):
        expect_equal(name, status[name], RIGHTS, status)
    expect_equal("CapAmb", int(status["CapAmb"], 16), 0, status)
    expect_equal("NoNewPrivs", status["NoNewPrivs"], "1", status)
    expect_equal("Seccomp", status["Seccomp"], "2", status)
    for name, same in (("net", False), ("mnt", False), ("pid", True), ("user", True)):
        expect_equal(f"the daemon shares its namespace {name} with the host",
                     os.readlink(f"/proc/{pid}/ns/{name}") == os.readlink(f"/proc/1/ns/{name}"),
                     same)
    journal = wx.command("journalctl", "-q", "-b", "-u", "wxguardd", "-o", "cat").stdout
    for word in ("does not filter", "is not used", "cannot"):
        expect(word not in journal, "the daemon complains", journal)


def check_mode():
    with open("/etc/wxguard/conf.d/system.conf", encoding="utf-8") as file:
        wanted = file.read().split("=")[1].strip()
    status = wx.status()
    expect_equal("mode", status["mode"], wanted, status)
    if wanted != "enforce":
        raise Skip(f"this run is in mode {wanted}: use only, no attacks")


def denied_classes():
    """Names of the classes whose rule is deny, as the kernel has them."""
    names, name = [], None
    for line in lines("wxguard", "rules", "show"):
        words = line.split()
        if words[:1] == ["class"]:
            name = words[1]
        elif words == ["action", "=", "deny"] and name:
            names.append(name)
        elif words == ["}"]:
            name = None
    return names


def check_rules():
    names = denied_classes()
    print(f"# denied: {' '.join(names)}")
    for name in ("rwx_mprotect", "exec_memory", "map_memory_exec", "rwx_mmap"):
        expect(name in names, f"{name} is not denied", names)


def boot(tap):
    tap.run("boot: systemd says that the system is running", check_running)
    tap.run("boot: no unit failed, and those that matter are active", check_units)
    tap.run("boot: wxguardd was up before sysinit.target", check_early)
    tap.run("boot: wxguardd is confined as its unit says", check_confined)
    tap.run("boot: the mode is enforce", check_mode)
    tap.run("boot: the rules deny what can be denied", check_rules)


# ---- apt ------------------------------------------------------------------------

def apt_get(*args):
    return wx.command("apt-get", "-q", "-y", *args, timeout=LONG,
                      env={**os.environ, **APT}).stdout


def check_install():
    text = apt_get("install", "hello", "jq", "anacron")
    expect("Processing triggers for libc-bin" in text, "ldconfig was not triggered",
           text.splitlines())
    expect_equal("hello", wx.command("hello").stdout, "Hello, world!\n")
    expect_equal("jq", wx.command("jq", "-n", "6 * 7").stdout, "42\n")
    expect_equal("anacron.timer", wx.command("systemctl", "is-active", "anacron.timer",
                                             check=False).stdout.strip(), "active")


def check_upgrade():
    """As an upgrade does it: below running programs, which are then restarted."""
    before = main_pid("cron.service")
    text = apt_get("install", "--reinstall", "cron", "libc6", "libc-bin")
    expect("Setting up cron" in text and "Setting up libc6" in text,
           "nothing was set up", text.splitlines())
    expect(main_pid("cron.service") not in (0, before), "cron was not restarted")


def check_purge():
    apt_get("purge", "--autoremove", "jq", "hello")
    expect(not os.path.exists("/usr/bin/hello"), "hello is still there")


def apt(tap):
    tap.run("apt: update reads the repository", apt_get, "update")
    tap.run("apt: install a program, libraries and a service", check_install)
    tap.run("apt: reinstall libc and a running service", check_upgrade)
    tap.run("apt: purge", check_purge)


# ---- services -------------------------------------------------------------------

def main_pid(unit):
    return int(wx.command("systemctl", "show", "-P", "MainPID", unit).stdout)


def check_reexec():
    """Process 1 starts itself anew, its state in a memory file."""
    wx.command("systemctl", "daemon-reexec", timeout=LONG)
    wx.command("systemctl", "daemon-reload", timeout=LONG)
    expect_equal("the system is", lines("systemctl", "is-system-running"), ["running"])


def check_restart():
    for unit in ("systemd-journald", "systemd-udevd", "systemd-logind", "cron",
                 "wxguardd"):
        before = main_pid(unit + ".service")
        wx.command("systemctl", "restart", unit, timeout=LONG)
        expect(main_pid(unit + ".service") not in (0, before), f"{unit} did not restart")


def check_oneshots():
    """What timers start, now."""
    for unit in ("systemd-tmpfiles-clean.service", "dpkg-db-backup.service",
                 "logrotate.service"):
        wx.command("systemctl", "start", unit, timeout=LONG)


def check_sandboxed():
    text = wx.command("systemd-run", "--quiet", "--wait", "--pipe", "--collect",
                      "-p", "DynamicUser=yes", "-p", "ProtectSystem=strict",
                      "-p", "PrivateTmp=yes", "-p", "MemoryDenyWriteExecute=yes",
                      "-p", "SystemCallFilter=@system-service",
                      "/usr/bin/python3", "-c", "import ctypes; print(6 * 7)",
                      timeout=LONG).stdout
    expect_equal("output", text, "42\n")


def check_udev():
    wx.command("udevadm", "trigger", "--settle", timeout=LONG)
    wx.command("udevadm", "settle", timeout=LONG)


def check_user_manager():
    """A user's own systemd, without a login."""
    wx.command("loginctl", "enable-linger", "somebody", timeout=LONG)
    wx.until("user@1000.service", lambda: wx.command(
        "systemctl", "is-active", "user@1000.service", check=False)
        .stdout.strip() == "active", LONG)
    text = wx.command("systemd-run", "--machine=somebody@.host", "--user", "--quiet",
                      "--wait", "--pipe", "--collect", "/usr/bin/id", "-un",
                      timeout=LONG).stdout
    expect_equal("output", text, "somebody\n")


def check_python():
    """Foreign functions, shared memory, a memfd of data, a pool of processes."""
    text = as_user("python3", "-c", """
import ctypes, mmap, multiprocessing, os, sqlite3
mmap.mmap(-1, 4096).write(b'x')
data = os.memfd_create('data')
os.truncate(data, 4096)
mmap.mmap(data, 4096).write(b'x')
with multiprocessing.Pool(2) as pool:
    print(ctypes.CDLL(None).abs(-3), pool.map(abs, [-1, -2]),
          sqlite3.connect(':memory:').execute('select 1').fetchone())
""", timeout=LONG).stdout
    expect_equal("output", text, "3 [1, 2] (1,)\n")


def check_replaced():
    """A program that was replaced while it runs starts children from its path."""
    path = "/usr/local/sbin/replaced"
    shutil.copy("/bin/dash", path)
    with subprocess.Popen([path, "-c", 'while read -r word; do "$0" -c "echo $word"; done',
                           path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as parent:
        for word in ("before", "after"):
            parent.stdin.write(word + "\n")
            parent.stdin.flush()
            expect_equal("the child says", parent.stdout.readline(), word + "\n")
            shutil.copy("/bin/dash", path + ".new")
            os.rename(path + ".new", path)
        expect("(deleted)" in os.readlink(f"/proc/{parent.pid}/exe"),
               "the parent's file is still there")


def check_tools():
    """Things administrators type."""
    for words in (("journalctl", "-b", "-n", "20"), ("systemd-analyze", "blame"),
                  ("systemctl", "list-units"), ("loginctl",), ("ldconfig",),
                  ("busctl", "list"), ("dmesg",), ("ps", "aux"), ("ip", "addr"),
                  ("modprobe", "dummy"), ("modprobe", "-r", "dummy"),
                  ("unshare", "--user", "--map-root-user", "--mount", "true"),
                  ("perl", "-e", "print 1"), ("dash", "-c", "echo $(id)"),
                  ("runuser", "-u", "somebody", "id")):
        wx.command(*words, timeout=LONG)
    for script in glob.glob("/etc/cron.daily/*"):
        wx.command(script, timeout=LONG)


def services(tap):
    tap.run("services: systemd re-executes and reloads itself", check_reexec)
    tap.run("services: restart the daemons, wxguardd among them", check_restart)
    tap.run("services: what timers start", check_oneshots)
    tap.run("services: a transient one in a sandbox", check_sandboxed)
    tap.run("services: udev replays all devices", check_udev)
    tap.run("services: a user's own systemd", check_user_manager)
    tap.run("services: python with foreign functions and processes", check_python)
    tap.run("services: a program that was replaced starts children", check_replaced)
    tap.run("services: an administrator's tools", check_tools)


def still_well(tap):
    tap.run("after: systemd says that the system is running", check_running)
    tap.run("after: no unit failed, and those that matter are active", check_units)
