# SPDX-License-Identifier: GPL-2.0-or-later
"""exec_unknown, with everything that is installed as its known set."""

import os
import shutil

import ordinary
import wx
from tap import expect, expect_equal

RULES = "/etc/wxguard/rules.conf"
INSTALLED = ("/usr", "/etc", "/var/lib/dpkg/info")


def scan(*directories):
    text = wx.wxguard("baseline", "scan", *directories, timeout=ordinary.LONG).stdout
    print(f"# {text.splitlines()[0]}")


def check_scan():
    scan(*INSTALLED)
    with open(RULES, encoding="utf-8") as file:
        wx.load_rules(file.read() + "class exec_unknown {\n\taction = deny\n}\n")
    expect("exec_unknown" in ordinary.denied_classes(), "it is not denied")


def silent(act):
    before = wx.newest()
    act()
    expect_equal("findings", wx.findings(before), [])


def check_use():
    silent(ordinary.check_restart)
    silent(ordinary.check_oneshots)
    silent(ordinary.check_tools)


def check_refused():
    """One that nobody installed, and its like that was."""
    before = wx.newest()
    shutil.copy("/bin/true", "/srv/stranger")
    try:
        wx.command("/srv/stranger")
        ran = True
    except PermissionError:
        ran = False
    seen = wx.findings(before)
    expect_equal("findings", [(finding["class"], finding["verdict"]) for finding in seen],
                 [("exec_unknown", "denied")], seen)
    expect(not ran, "it ran")
    silent(lambda: wx.command("/bin/true"))


def check_install():
    """What apt brings is unknown until the next scan."""
    ordinary.apt_get("update")
    silent(lambda: ordinary.apt_get("install", "hello"))
    refused = False
    try:
        wx.command("hello")
    except PermissionError:
        refused = True
    expect(refused, "a program that was installed after the scan ran")
    scan("/usr/bin")
    silent(lambda: wx.command("hello"))


def run(tap):
    tap.run("allowlist: all that is installed becomes known", check_scan)
    tap.run("allowlist: services and tools go on as before", check_use)
    tap.run("allowlist: a copy of a known program is refused", check_refused)
    tap.run("allowlist: a new package is refused until it is scanned", check_install)
    wx.wxguard("rules", "load", RULES)
    os.remove("/srv/stranger")
