# SPDX-License-Identifier: GPL-2.0-or-later
"""The other kernel has booted; then the packages are upgraded below it."""

import os

import box
from tap import expect, expect_equal


def check_kernel():
    expect_equal("uname -r", os.uname().release, box.kernel("second"))
    box.expect_running()


def check_seen():
    box.fire("second")
    box.settled()
    expect("second" in box.command("wxguard", "list", "-j", "-n", "5").stdout, "no finding")


def check_upgrade():
    print("# " + "\n# ".join(line for line in box.apt("install", *box.debs("current")).splitlines()
                             if "wxguard" in line.lower() or "dkms" in line.lower()))


def check_kept(before):
    after = facts()
    expect_equal("exclusions", after["exclusions"], before["exclusions"])
    expect_equal("conf.d/mine.conf", after["mine"], before["mine"])
    expect_equal("rules.conf", after["rules"], before["rules"])
    missing = [line for line in before["findings"] if line not in after["findings"]]
    expect(before["findings"] and not missing, "findings are gone", missing[:3])
    missing = [line for line in before["known"] if line not in after["known"]]
    expect(before["known"] and not missing, "known executables are gone", missing)


def facts():
    box.settled()
    text = {}
    for name, path in (("mine", "/etc/wxguard/conf.d/mine.conf"), ("rules", "/etc/wxguard/rules.conf")):
        with open(path, encoding="utf-8") as file:
            text[name] = file.read()
    return {**text, "exclusions": [one["name"] for one in box.listed("exclude", "list")],
            "findings": box.lines("wxguard", "list", "-j", "-n", "100000"),
            "known": [one["path"] for one in box.listed("known", "list")]}


def check_told_old():
    """The new daemon runs, the old module still does: that is told."""
    said, code = box.check()
    expect_equal("exit code", code, 1, said)
    expect_equal("missing", said["missing"], "running", said)
    expect("older than the one that is installed" in said["steps"][-1]["text"], "not told", said)
    print(f"# {said['steps'][-1]['text']}; type: {said['steps'][-1]['type']}")


def run(tap):
    tap.run("kernel: the second kernel boots, module, daemon and hooks are there", check_kernel)
    tap.run("kernel: wxguard check says that all is well", box.expect_well)
    tap.run("kernel: a program from memory is seen", check_seen)
    before = facts()
    tap.run("upgrade: apt installs the new version over the old one", check_upgrade)
    tap.run("upgrade: history, exclusions and configuration are kept", check_kept, before)
    tap.run("upgrade: wxguard check tells that the running module is older", check_told_old)
