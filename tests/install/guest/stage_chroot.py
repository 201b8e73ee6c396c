# SPDX-License-Identifier: GPL-2.0-or-later
"""What a package manager does where nothing runs: no systemd, and a kernel that
is somebody else's. Needs no machine, so it is soon done."""

import os

import box
from tap import expect, expect_equal

MINE = "/etc/wxguard/conf.d/mine.conf"
RULES = "/etc/wxguard/rules.conf"
ADDED = "\n# a line of the administrator\n"


def dkms():
    return box.command("dkms", "status", "-m", "wxguard").stdout


def expect_built(release, version):
    expect(f"wxguard/{version}, {release}, x86_64: installed" in dkms(),
           f"DKMS has not built {version} for {release}", dkms().splitlines())
    said = box.command("wxguard", "check", "--kernel", release, check=False)
    expect_equal("wxguard check --kernel", said.returncode, 0, said.stdout.splitlines())


def version(which):
    name = next(name for name in os.listdir(f"{box.HERE}/debs/{which}") if name.startswith("wxguard_"))
    return name.split("_")[1]


def check_start():
    box.apt("update")
    box.apt("autoremove", "--purge")
    box.keep_listing()


def check_install():
    box.apt("install", *box.debs("previous"))
    expect_built(box.kernel("first"), version("previous"))


def check_signed():
    said = box.command("modinfo", "-k", box.kernel("first"), "wxguard").stdout
    expect("sig_key:" in said, "the module that DKMS built is not signed", said.splitlines())


def check_told():
    """The kernel that runs is that of the machine around, and has no module."""
    said, code = box.check()
    print(f"# {said['missing']}: {said['steps'][-1]['text']}")
    expect(code == 5 and said["missing"], f"exit code {code}", said)


def check_enabled():
    for target in ("sysinit.target", "sys-module-wxguard.device"):
        expect(os.path.lexists(f"/etc/systemd/system/{target}.wants/wxguardd.service"),
               f"{target} does not want wxguardd")


def check_second_kernel():
    release = box.kernel("second")
    box.apt("install", f"linux-image-{release}", f"linux-headers-{release}")
    expect_built(release, version("previous"))


def check_upgrade():
    os.makedirs(os.path.dirname(MINE), exist_ok=True)
    with open(MINE, "w", encoding="utf-8") as file:
        file.write("mode = detect\n")
    with open(RULES, "a", encoding="utf-8") as file:
        file.write(ADDED)
    box.apt("install", *box.debs("current"))
    expect_built(box.kernel("second"), version("current"))
    with open(RULES, encoding="utf-8") as file:
        expect(file.read().endswith(ADDED), "the rules of the administrator are gone")
    expect(os.path.exists(MINE), "the configuration of the administrator is gone")
    expect(version("previous") not in dkms(), "DKMS still has the old version", dkms().splitlines())


def check_remove():
    box.apt("remove", "wxguard", "wxguard-dkms")
    expect(os.path.exists(RULES) and os.path.exists(MINE), "remove took the configuration")
    left = box.command("sh", "-c", "find /lib/modules /usr/src /var/lib/dkms -name '*wxguard*'").stdout
    expect_equal("left of the module", left, "")


def check_purge():
    box.apt("purge", "--autoremove", "wxguard", "wxguard-dkms")
    box.expect_nothing_left(running=False)


def run(tap):
    tap.run("chroot: nothing is there before", check_start)
    tap.run("chroot: apt install builds the module for the kernel there", check_install)
    tap.run("chroot: the module is signed", check_signed)
    tap.run("chroot: wxguard check names what the running kernel lacks", check_told)
    tap.run("chroot: the daemon is enabled for the next boot", check_enabled)
    tap.run("chroot: a second kernel, DKMS builds for it", check_second_kernel)
    tap.run("chroot: an upgrade builds the new version and keeps what was changed", check_upgrade)
    tap.run("chroot: remove takes the module and leaves the configuration", check_remove)
    tap.run("chroot: purge leaves nothing", check_purge)
