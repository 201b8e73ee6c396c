# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs in the guest as a service, once it has booted, and talks to the host.

First the system is used as one uses it, then it is asked what wxguard thought
of that, then it is attacked, then it goes down.
"""

import os
import sys

sys.dont_write_bytecode = True

import allowlist      # noqa: E402
import attacks        # noqa: E402
import containers     # noqa: E402
import jit            # noqa: E402
import ordinary       # noqa: E402
import outcome        # noqa: E402
import readers        # noqa: E402
import tap as taplib  # noqa: E402
import wx             # noqa: E402

TALK = "/dev/virtio-ports/wxguard.talk"
PARTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parts")


def ask_for_login():
    """The host logs in on the console; what it saw, it counts itself."""
    print("# host: login", flush=True)
    said = sys.stdin.readline().strip()
    taplib.expect_equal("the host", said, "done")


def console(tap):
    tap.run("console: the session was asked for and held", ask_for_login)


def attack(tap):
    attacks.run(tap)
    outcome.of_attacks(tap)


# Nothing of the first may be denied; the second need the mode enforce.
USE = {"apt": ordinary.apt, "services": ordinary.services,
       "containers": containers.run, "console": console}
ENFORCED = {"jit": jit.run, "attacks": attack, "allowlist": allowlist.run,
            "readers": readers.run}


def run(tap, parts):
    def some(of):
        for name, part in of.items():
            if name in parts or not parts:
                part(tap)

    ordinary.boot(tap)
    some(USE)
    outcome.of_use(tap)
    if wx.status()["mode"] == "enforce":
        some(ENFORCED)
    ordinary.still_well(tap)


def main():
    talk = os.open(TALK, os.O_RDWR | os.O_CLOEXEC)
    for standard in (0, 1, 2):
        os.dup2(talk, standard)
    wx.ground = wx.OVERLAY
    os.makedirs(wx.WORK, exist_ok=True)
    tap = taplib.Tap()
    try:
        with open(PARTS, encoding="utf-8") as file:
            run(tap, file.read().split())
    except Exception as error:  # the checks themselves broke: say so, count it
        tap.fail("main: runs to its end", repr(error))
    outcome.collect()
    print("# end", flush=True)
    wx.command("systemctl", "poweroff", "--no-block")


if __name__ == "__main__":
    main()
