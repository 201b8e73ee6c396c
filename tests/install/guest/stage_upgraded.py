# SPDX-License-Identifier: GPL-2.0-or-later
"""After the upgrade: the new module runs, ordinary use is silent once it was
learnt, and removal leaves nothing. What a whole Debian does under enforce is
proved by tests/system; here is what an administrator of one notices."""

import json
import os
import shutil

import box
from tap import expect, expect_equal

BUNDLE = "/srv/bundle"


def check_new():
    box.expect_running()
    with open("/sys/module/wxguard/version", encoding="utf-8") as file:
        running = file.read().strip()
    expect_equal("module", running, box.command("modinfo", "-F", "version", "wxguard").stdout.strip())
    expect("keepme" in box.command("wxguard", "exclude", "list").stdout, "the exclusion is gone")
    known = [one["path"] for one in box.listed("known", "list")]
    expect(os.path.realpath("/usr/bin/python3") in known, "what was pinned is gone", known)


# ---- ordinary use -----------------------------------------------------------------

def use_apt():
    box.apt("install", "hello")
    box.apt("install", "--reinstall", "cron")
    box.apt("purge", "hello")


def use_cron():
    """Ask cron for something within the next minute, and wait for it."""
    mark = "/run/cron-was-here"
    with open("/etc/cron.d/install-test", "w", encoding="utf-8") as file:
        file.write(f"* * * * * root /usr/bin/touch {mark}\n")
    box.until("cron ran", lambda: os.path.exists(mark) or box.command("true") is None)
    os.unlink("/etc/cron.d/install-test")
    os.unlink(mark)


def use_ssh():
    """root logs in to itself with a key, over the loopback device."""
    home = "/run/ssh-test"
    shutil.rmtree(home, ignore_errors=True)
    os.makedirs(home, mode=0o700)
    box.command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{home}/key")
    os.makedirs("/root/.ssh", mode=0o700, exist_ok=True)
    shutil.copy(f"{home}/key.pub", "/root/.ssh/authorized_keys")
    box.command("ip", "link", "set", "lo", "up")
    box.command("systemctl", "start", "ssh")
    said = box.command("ssh", "-i", f"{home}/key", "-o", "StrictHostKeyChecking=no",
                       "-o", f"UserKnownHostsFile={home}/known", "root@127.0.0.1", "id", "-un")
    expect_equal("ssh says", said.stdout.strip(), "root")


def use_container():
    shutil.rmtree(BUNDLE, ignore_errors=True)
    os.makedirs(f"{BUNDLE}/rootfs/bin")
    shutil.copy("/bin/busybox", f"{BUNDLE}/rootfs/bin/sh")
    for folder in ("proc", "dev", "sys"):
        os.makedirs(f"{BUNDLE}/rootfs/{folder}")
    box.command("runc", "spec", cwd=BUNDLE)
    with open(f"{BUNDLE}/config.json", encoding="utf-8") as file:
        spec = json.load(file)
    spec["process"].update(terminal=False, args=["/bin/sh", "-c", "echo inside"])
    with open(f"{BUNDLE}/config.json", "w", encoding="utf-8") as file:
        json.dump(spec, file)
    expect_equal("container", box.command("runc", "run", "one", cwd=BUNDLE).stdout, "inside\n")


USES = (use_apt, use_cron, use_ssh, use_container)


def check_learning():
    box.apt("install", "runc", "busybox-static")
    box.command("wxguard", "mode", "learn")
    for use in USES:
        use()
    box.command("wxguard", "mode", "detect")


def check_silent(use):
    before = box.settled()
    use()
    seq = box.settled()
    expect_equal("findings", seq - before, 0, box.lines("wxguard", "list", "-n", "5"))


def check_logrotate():
    """The shipped file: what was written is moved aside, what comes is written anew."""
    conf, rotate = "/etc/wxguard/conf.d/rotate.conf", "/etc/logrotate.d/wxguard"
    with open(conf, "w", encoding="utf-8") as file:
        file.write("output json {\n\tmax_size = 1024G\n}\n")
    box.command("systemctl", "restart", "wxguardd")
    box.fire("before-rotation")
    box.settled()
    shutil.copy("/usr/share/wxguard/integrations/logrotate/wxguard", rotate)
    box.command("logrotate", "--force", rotate)
    # The first ones may still go where the file was.
    number = iter(range(1000))
    box.until("the file is opened anew", lambda: box.fire(f"after-{next(number)}") or
              box.settled() and os.path.exists(box.FINDINGS))
    expect(box.in_file("after-"), "no finding in the new file")
    expect(not box.in_file("before-rotation"), "the old findings are in the new file")
    with open(f"{box.FINDINGS}.1", encoding="utf-8") as file:
        expect("before-rotation" in file.read(), "the old file has not what was found before")
    os.unlink(rotate)
    os.unlink(conf)
    box.command("systemctl", "restart", "wxguardd")


def check_autopkgtest():
    """What Debian's own test machines run of the package."""
    box.command("sh", f"{box.HERE}/both-detections")


# ---- removal ----------------------------------------------------------------------

def check_remove():
    shutil.rmtree(BUNDLE, ignore_errors=True)
    box.apt("remove", "wxguard", "wxguard-dkms")
    expect(not os.path.exists("/sys/module/wxguard"), "the module is still loaded")
    expect(os.path.exists("/etc/wxguard/rules.conf"), "remove took the configuration")
    expect(os.path.exists("/var/lib/wxguard"), "remove took the findings")
    left = box.command("sh", "-c", "find /lib/modules /usr/src /var/lib/dkms -name '*wxguard*'").stdout
    expect_equal("left of the module", left, "")


def check_purge():
    box.apt("purge", "--autoremove", "wxguard", "wxguard-dkms", "runc", "busybox-static")
    box.expect_nothing_left()


def run(tap):
    tap.run("upgraded: after a reboot the new module runs, settings are kept", check_new)
    tap.run("upgraded: wxguard check says that all is well", box.expect_well)
    tap.run("use: learn once: apt, cron, ssh over loopback, a container", check_learning)
    for use in USES:
        tap.run(f"use: {use.__name__[4:]}, again, makes no finding", check_silent, use)
    tap.run("upgraded: logrotate rotates with the shipped file", check_logrotate)
    tap.run("upgraded: the package's autopkgtest passes", check_autopkgtest)
    tap.run("remove: module and daemon go, configuration and findings stay", check_remove)
    tap.run("purge: no file is left that was not there before", check_purge)
