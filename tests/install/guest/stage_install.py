# SPDX-License-Identifier: GPL-2.0-or-later
"""A user installs the packages; DKMS builds the module. No reboot yet."""

import os

import box
from tap import expect


def check_nothing_there():
    expect(not os.path.exists("/usr/bin/wxguard"), "wxguard is installed already")
    box.apt("update")
    box.apt("autoremove", "--purge")
    box.keep_listing()


def check_install():
    print("# " + "\n# ".join(line for line in box.apt(
        "install", *box.debs("previous")).splitlines()
        if any(word in line.lower() for word in ("dkms", "wxguard", "build", "sign"))))


def check_dkms():
    said = box.command("dkms", "status", "-m", "wxguard").stdout
    expect(f"{box.kernel('first')}, x86_64: installed" in said, "DKMS has not installed it", said)


def check_signed():
    said = box.command("modinfo", "wxguard").stdout
    expect("sig_key:" in said, "the module that DKMS built is not signed", said.splitlines())


def run(tap):
    tap.run("install: nothing is there before", check_nothing_there)
    tap.run("install: apt install ./wxguard*.deb builds the module through DKMS", check_install)
    tap.run("install: dkms status says installed", check_dkms)
    tap.run("install: the module is signed", check_signed)
    tap.run("install: without a reboot, module and daemon run", box.expect_running)
    tap.run("install: wxguard check says that all is well", box.expect_well)
