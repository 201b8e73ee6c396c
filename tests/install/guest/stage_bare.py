# SPDX-License-Identifier: GPL-2.0-or-later
"""Places where the module cannot be built: no headers, no network, a chroot
without systemd. The package manager must not break, and the user be told."""

import os

import box
from tap import expect, expect_equal

CHROOT = "/run/chroot"


def check_no_headers():
    release = box.kernel("first")
    headers = [line for line in box.lines("dpkg-query", "-W", "-f", "${Package}\\n", "linux-headers-*")
               if line]
    box.apt("update")
    box.apt("purge", "--autoremove", *headers)
    expect(not os.path.exists(f"/lib/modules/{release}/build/Makefile"), "the headers are still there")
    box.keep_listing()
    text = box.apt("install", *box.debs("current"))
    print("# " + "\n# ".join(line for line in text.splitlines() if "wxguard" in line.lower()))


def check_told():
    said, code = box.check()
    expect_equal("exit code", code, 5, said)
    expect_equal("missing", said["missing"], "headers", said)
    expect_equal("type", said["steps"][-1]["type"], [f"apt install linux-headers-{box.kernel('first')}"])


def check_quiet():
    """A daemon without a module is no reason for a degraded system."""
    said = box.command("systemctl", "is-system-running", "--wait", check=False).stdout.strip()
    print(f"# the system is {said}; wxguardd is " +
          box.command("systemctl", "is-active", "wxguardd", check=False).stdout.strip())
    failed = box.lines("systemctl", "--failed", "--plain", "--no-legend")
    expect_equal("failed units", failed, [])


def check_other_packages():
    box.apt("install", "hello")
    box.apt("purge", "hello")


def check_chroot():
    """A copy of the system in memory, in which no systemd runs."""
    root = f"{CHROOT}/root"
    os.makedirs(CHROOT, exist_ok=True)
    box.command("mount", "-t", "tmpfs", "none", CHROOT)
    for name in ("up", "work", "root"):
        os.makedirs(f"{CHROOT}/{name}")
    box.command("mount", "-t", "overlay", "none", "-o",
                f"lowerdir=/,upperdir={CHROOT}/up,workdir={CHROOT}/work", root)
    box.command("mount", "--bind", "/dev", f"{root}/dev")
    box.command("mount", "-t", "proc", "none", f"{root}/proc")
    os.makedirs(f"{root}/tmp/debs", exist_ok=True)
    for deb in box.debs("current"):
        box.command("cp", deb, f"{root}/tmp/debs/")
    names = [f"/tmp/debs/{name}" for name in sorted(os.listdir(f"{root}/tmp/debs"))]
    for words in (("purge", "--autoremove", "wxguard", "wxguard-dkms"), ("install", *names),
                  ("purge", "--autoremove", "wxguard", "wxguard-dkms"), ("install", *names)):
        box.command("chroot", root, "apt-get", "-q", "-y", *words, timeout=box.LONG, env=box.APT)
        expect_equal("dpkg --audit", box.command("chroot", root, "dpkg", "--audit").stdout, "")
    enabled = os.path.lexists(f"{root}/etc/systemd/system/sysinit.target.wants/wxguardd.service")
    expect(enabled, "wxguardd would not start at the next boot")
    for name in ("proc", "dev", ""):
        box.command("umount", f"{root}/{name}")
    box.command("umount", CHROOT)


def check_purge():
    box.apt("purge", "--autoremove", "wxguard", "wxguard-dkms")
    box.expect_nothing_left()


def run(tap):
    tap.run("bare: without headers and network, apt install succeeds", check_no_headers)
    tap.run("bare: wxguard check names the headers, and what to type", check_told)
    tap.run("bare: no unit has failed", check_quiet)
    tap.run("bare: other packages install and go as before", check_other_packages)
    tap.run("bare: a chroot without systemd, install and purge, twice", check_chroot)
    tap.run("bare: purge leaves nothing", check_purge)
