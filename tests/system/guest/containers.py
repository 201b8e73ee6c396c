# SPDX-License-Identifier: GPL-2.0-or-later
"""Containers by runc and crun.

Both guard their own file against the container by running from a copy. As
root they take a read-only bind mount of themselves; a user may not mount, so
there they copy themselves to a sealed memfd and execute that.
"""

import json
import os
import shutil

import ordinary
import wx
from tap import expect, expect_equal

HOME = "/srv/bundles"
SAYS = "inside"


def bundle(runtime, who, args, extra=()):
    """A folder that the runtime can run: busybox and what extra names."""
    os.makedirs(HOME, exist_ok=True)
    path = os.path.join(HOME, f"{runtime}-{who}-{len(os.listdir(HOME))}")
    rootfs = os.path.join(path, "rootfs")
    for directory in ("bin", "proc", "dev", "sys", "tmp"):
        os.makedirs(os.path.join(rootfs, directory))
    shutil.copy("/bin/busybox", os.path.join(rootfs, "bin"))
    os.link(os.path.join(rootfs, "bin/busybox"), os.path.join(rootfs, "bin/sh"))
    for file in extra:
        shutil.copy(file, os.path.join(rootfs, "bin"))
    options = ["--rootless"] if who == "user" else []
    act(runtime, who)("spec", *options, cwd=owned(path, who))
    config = os.path.join(path, "config.json")
    with open(config, encoding="utf-8") as file:
        spec = json.load(file)
    spec["process"]["terminal"] = False
    spec["process"]["args"] = args
    spec["root"]["readonly"] = False
    with open(config, "w", encoding="utf-8") as file:
        json.dump(spec, file)
    return owned(path, who)


def owned(path, who):
    if who == "user":
        wx.command("chown", "-R", "somebody:somebody", path)
    return path


def act(runtime, who):
    """A function that runs the runtime as root or as the user."""
    state = f"/run/system-test/{who}"
    os.makedirs(state, exist_ok=True)
    owned(state, who)
    run = wx.command if who == "root" else ordinary.as_user

    def call(*args, **options):
        return run(runtime, "--root", state, *args, timeout=ordinary.LONG, **options)
    return call


def check_run(runtime, who, copies):
    path = bundle(runtime, who, ["/bin/sh", "-c", f"echo {SAYS} as $(/bin/busybox id -u)"])
    before = wx.status()["self_clones"]
    done = act(runtime, who)("run", "--bundle", path, f"{runtime}-{who}", cwd=path)
    expect_equal("output", done.stdout, f"{SAYS} as 0\n", done.stderr)
    clones = wx.status()["self_clones"] - before
    expect((clones > 0) == copies,
           f"{clones} self-clones: it did not go the way that this row is about")


def check_exec(runtime):
    """A program more in a container that runs already."""
    path = bundle(runtime, "root", ["/bin/busybox", "sleep", "1000"])
    call = act(runtime, "root")
    wx.command("systemd-run", "--quiet", "--unit", f"{runtime}-more", "-p",
               "Type=exec", shutil.which(runtime), "--root", "/run/system-test/root",
               "run", "--bundle", path, f"{runtime}-more", timeout=ordinary.LONG)
    wx.until("the container runs", lambda: call(
        "state", f"{runtime}-more", check=False).stdout.find('"running"') > 0,
        ordinary.LONG)
    done = call("exec", f"{runtime}-more", "/bin/sh", "-c", f"echo {SAYS}")
    expect_equal("output", done.stdout, SAYS + "\n", done.stderr)
    call("kill", f"{runtime}-more", "KILL")
    wx.until("the container ends", lambda: wx.command(
        "systemctl", "is-active", f"{runtime}-more", check=False)
        .stdout.strip() != "active", ordinary.LONG)
    wx.command("systemctl", "reset-failed", f"{runtime}-more.service", check=False)


def run(tap):
    tap.run("containers: runc as root, behind a bind mount of itself",
            check_run, "runc", "root", False)
    tap.run("containers: runc as a user, from a sealed copy in memory",
            check_run, "runc", "user", True)
    tap.run("containers: runc starts one more program in a container",
            check_exec, "runc")
    tap.run("containers: crun as root", check_run, "crun", "root", False)
    tap.run("containers: crun as a user", check_run, "crun", "user", True)
