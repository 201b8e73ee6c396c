# SPDX-License-Identifier: GPL-2.0-or-later
"""The counter-proof: in the same boot, real attacks are denied."""

import os

import containers
import ordinary
import wx
from tap import expect_equal

began = 0


def one(before, kind):
    seen = wx.findings(before)
    expect_equal("findings", [(finding["class"], finding["verdict"])
                              for finding in seen], [(kind, "denied")], seen)
    return seen[0]


def check_denied(actor, variant, kind):
    before = wx.newest()
    report = wx.act(actor, variant)
    finding = one(before, kind)
    expect_equal(f"exit code ({report.note})", report.code, 10, finding)


def check_user(actor, variant, kind):
    """Not as root, from the user's home."""
    directory = "/home/somebody/attack"
    path = wx.fresh(actor)
    wx.command("cp", "-r", os.path.dirname(path), directory)
    wx.command("chown", "-R", "somebody:", directory)
    before = wx.newest()
    done = ordinary.as_user(os.path.join(directory, actor), variant, check=False)
    finding = one(before, kind)
    expect_equal("exit code", done.returncode, 10, finding)
    expect_equal("uid", finding["process"]["uid"], 1000, finding)


def check_container(actor, variant, kind):
    path = containers.bundle("runc", "root", [f"/bin/{actor}", variant], (
        os.path.join(wx.ACTORS, actor), os.path.join(wx.ACTORS, "payload")))
    before = wx.newest()
    done = containers.act("runc", "root")("run", "--bundle", path, "attack",
                                          cwd=path, check=False)
    finding = one(before, kind)
    expect_equal(f"exit code ({done.stdout})", done.returncode, 10, finding)


def check_twin(actor, variant):
    before = wx.newest()
    expect_equal("exit code", wx.act(actor, variant).code, 0)
    expect_equal("findings", wx.findings(before), [])


def run(tap):
    global began
    began = wx.newest()
    tap.run("attack: exec of a memfd is denied",
            check_denied, "actor_exec", "memfd_fexecve", "exec_memory")
    tap.run("attack: an exec of a disk file beside it is not",
            check_twin, "actor_exec", "disk_fexecve")
    tap.run("attack: mprotect to RWX is denied",
            check_denied, "actor_mprotect", "rwx7", "rwx_mprotect")
    tap.run("attack: mprotect to R beside it is not",
            check_twin, "actor_mprotect", "rw_to_r")
    tap.run("attack: a memfd that bears runc's name is denied",
            check_denied, "actor_exec", "runc_name", "exec_memory")
    tap.run("attack: a user's exec of a memfd is denied",
            check_user, "actor_exec", "memfd_fexecve", "exec_memory")
    tap.run("attack: a memfd in a container is denied",
            check_container, "actor_exec", "memfd_fexecve", "exec_memory")
