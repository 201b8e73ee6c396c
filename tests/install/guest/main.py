# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs in the guest as a service, once it has booted: one stage, then down. With
the name of a stage it runs that one, and nothing goes down."""

import importlib
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import box  # noqa: E402

TALK = "/dev/virtio-ports/install.talk"


def one(stage, tap):
    try:
        importlib.import_module(f"stage_{stage}").run(tap)
    except Exception as error:  # the checks themselves broke: say so, count it
        tap.fail(f"{stage}: runs to its end", repr(error))


def main():
    if len(sys.argv) > 1:
        one(sys.argv[1], box.Tap())
        return
    talk = os.open(TALK, os.O_WRONLY | os.O_CLOEXEC)
    for standard in (1, 2):
        os.dup2(talk, standard)
    with open("/proc/cmdline", encoding="utf-8") as file:
        stage = re.search(r"\binstall\.stage=(\w+)", file.read()).group(1)
    one(stage, box.Tap())
    with open("/dev/virtio-ports/install.log", "w", encoding="utf-8") as port:
        port.write(box.command("dmesg", check=False).stdout)
    print("# end", flush=True)
    box.command("systemctl", "poweroff", "--no-block")


if __name__ == "__main__":
    main()
