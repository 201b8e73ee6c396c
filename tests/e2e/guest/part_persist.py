# SPDX-License-Identifier: GPL-2.0-or-later
"""The first boot of two: nothing is lost or told twice, whatever ends.

Leaves its store in /out for the second boot (part_restored).
"""

import shutil

import wx
from part_modes import known_paths
from tap import expect, expect_equal

NODE = ("node", "-e", "0")
GREP = ("grep", "-P", "ro+t", "/etc/passwd")


def sequences():
    return [document["event"]["sequence"] for document in wx.finding_documents()]


def check_complete():
    """Every number from 1 to the newest stands in the file exactly once."""
    wx.wait_acked()
    newest = wx.newest()
    expect(newest > 0, "nothing was found")
    seen = sequences()
    expect_equal("numbers in findings.json", sorted(seen),
                 list(range(1, newest + 1)))
    identities = [document["event"]["id"] for document in wx.finding_documents()]
    expect_equal("distinct event ids", len(set(identities)), newest)


def attack(count):
    for _ in range(count):
        wx.act("actor_mprotect", "rwx7")
        wx.act("actor_exec", "memfd_fexecve")


def check_killed():
    """kill -9 twice, with findings before, between and behind."""
    attack(4)
    for _ in range(2):
        wx.daemon_kill()
        attack(4)
        wx.daemon_start()
        attack(2)
    check_complete()


def check_killed_while_writing():
    for _ in range(5):
        attack(1)
        wx.daemon_kill()
        wx.daemon_start()
    check_complete()


def check_restart():
    attack(1)
    wx.daemon_stop()
    attack(2)
    wx.daemon_start()
    check_complete()


def check_reload():
    """The module forgets when it goes; the daemon brings the known set back."""
    path = wx.fresh("actor_mprotect")
    expect_equal("exit code", wx.act("", "rwx7", path=path).code, 0)
    for program in (NODE, GREP):
        wx.command(*program)
    wx.wait_acked()
    wx.daemon_stop()
    before = known_paths()
    expect({path, wx.os.path.realpath(shutil.which("node"))} <= before,
           "what was seen is not known", sorted(before))
    lines = len(wx.finding_documents())
    wx.reload("mode=detect")
    expect_equal("known after a reload", known_paths(), set())
    wx.daemon_start()
    wx.until("the known set is back", lambda: known_paths() >= before)
    wx.act("", "rwx7", path=path)
    wx.command(*NODE)
    expect_equal("findings", wx.findings(0), [])

    # Numbers begin again with the module; what is told must not collide.
    attack(3)
    wx.wait_acked()
    documents = wx.finding_documents()
    expect_equal("new records", len(documents) - lines, 6)
    identities = [document["event"]["id"] for document in documents]
    expect_equal("distinct event ids", len(set(identities)), len(identities))


def leave_store():
    wx.daemon_stop()
    shutil.copy(wx.STORE, wx.OUT + "/store.db")
    wx.daemon_start()


def run(tap):
    wx.load_rules(wx.rules("log"))
    tap.run("persist: a stopped daemon catches up", check_restart)
    tap.run("persist: kill -9 loses nothing, tells nothing twice", check_killed)
    tap.run("persist: kill -9 right behind a finding", check_killed_while_writing)
    tap.run("persist: the known set survives a reload of the module", check_reload)
    tap.run("persist: the store is kept for the second boot", leave_store)
