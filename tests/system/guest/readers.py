# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may read through the daemon as its unit confines it, and who may not."""

import json

import wx
from tap import expect, expect_equal

PERMISSION = 6  # userspace/ctl/ctl.h, CTL_PERMISSION


def somebody(groups, *words, check=True):
    return wx.command("setpriv", "--reuid", "somebody", "--regid", "somebody", *groups,
                      "--inh-caps=-all", "wxguard", *words, check=check)


def member(*words, **options):
    return somebody(("--groups", "wxguard"), *words, **options)


def check_state():
    """By the socket that systemd made for it, in the first network namespace."""
    said = json.loads(member("status", "-j", check=False).stdout)
    root = wx.status()
    for key in ("version", "mode", "generation", "known_max"):
        expect_equal(key, said[key], root[key])
    expect(member("rules", "show").stdout == wx.wxguard("rules", "show").stdout,
           "the rules are not those that root sees")


def check_store():
    """Its folder and its configuration have the group's rights by tmpfiles.d."""
    # Denied or not, there is something to read then.
    wx.wxguard("test", check=False)
    wx.wxguard("status", "--wait-acked", "--timeout", "60", check=False)
    mine, roots = (said.stdout for said in (member("list", "-j", "-n", "3"),
                                            wx.wxguard("list", "-j", "-n", "3")))
    expect(mine and mine == roots, "the findings are not those that root sees", [mine, roots])


def check_decides_nothing():
    before = wx.status()["mode"]
    said = member("mode", "off", check=False)
    expect_equal("exit code", said.returncode, PERMISSION, said.stderr)
    expect("deciding needs root" in said.stderr, "it does not say why", said.stderr)
    expect_equal("mode", wx.status()["mode"], before)


def check_stranger():
    said = somebody(("--clear-groups",), "status", check=False)
    expect_equal("exit code", said.returncode, PERMISSION, said.stderr)
    expect("usermod -aG wxguard" in said.stderr, "it does not say what to type", said.stderr)


def run(tap):
    tap.run("readers: a member of the group sees what the module does", check_state)
    tap.run("readers: and what is stored", check_store)
    tap.run("readers: but decides nothing", check_decides_nothing)
    tap.run("readers: a stranger is told who may", check_stranger)
