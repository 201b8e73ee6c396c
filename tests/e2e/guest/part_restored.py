# SPDX-License-Identifier: GPL-2.0-or-later
"""The second boot of two, with the store of the first; and the known set."""

import os
import shutil
import time

import wx
from part_modes import known_paths, seen, silent
from part_persist import GREP, NODE
from tap import expect, expect_equal

WINDOW = 3 * wx.SLOW


def boot_seconds():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def check_second_boot():
    wx.daemon_stop()
    for name in os.listdir(os.path.dirname(wx.STORE)):
        os.unlink(os.path.join(os.path.dirname(wx.STORE), name))
    shutil.copy(wx.WITH + "/store.db", wx.STORE)
    os.chmod(wx.STORE, 0o640)
    wx.reload("mode=detect")
    wx.daemon_start()
    node = os.path.realpath(shutil.which("node"))
    wx.until("node is known again", lambda: node in known_paths())
    before = wx.newest()
    for program in (NODE, GREP):
        wx.command(*program)
    expect_equal("findings", wx.findings(before), [])


def check_missing_file():
    """An entry whose file is gone is not brought back."""
    gone = [path for path in known_paths() if not os.path.exists(path)]
    expect_equal("known without a file", gone, [])


def check_copy():
    copy = wx.os.path.join(wx.OVERLAY, "node")
    os.makedirs(wx.OVERLAY, exist_ok=True)
    shutil.copy(os.path.realpath(shutil.which("node")), copy)
    before = wx.newest()
    wx.command(copy, *NODE[1:])
    expect_equal("findings", [finding["class"] for finding in wx.findings(before)],
                 ["rwx_mprotect"])


def check_rewritten(ground):
    """The same bytes, written anew: another executable."""
    wx.ground = ground
    path = wx.fresh("actor_mprotect")
    seen(path, "rwx7", "rwx_mprotect")
    silent(path, "rwx7")
    with open(path, "r+b") as file:
        head = file.read(1)
        file.seek(0)
        file.write(head)
    seen(path, "rwx7", "rwx_mprotect")
    silent(path, "rwx7")


def check_replaced(ground):
    wx.ground = ground
    path = wx.fresh("actor_mprotect")
    seen(path, "rwx7", "rwx_mprotect")
    shutil.copy(os.path.join(wx.ACTORS, "actor_mprotect"), path + ".new")
    os.rename(path + ".new", path)
    seen(path, "rwx7", "rwx_mprotect")
    silent(path, "rwx7")


def check_linked():
    """Another name of a known executable, started by that name."""
    path = wx.fresh("actor_mprotect")
    other = path + "-link"
    os.symlink(path, other)
    seen(path, "rwx7", "rwx_mprotect")
    silent(other, "rwx7")


def check_window():
    """Unseen for longer than the window is new again; a sighting refreshes."""
    wx.load_rules(wx.rules("log", window=f"{WINDOW}s"))
    path = wx.fresh("actor_mprotect")
    seen(path, "rwx7", "rwx_mprotect")
    begin = boot_seconds()
    while boot_seconds() < begin + 2 * WINDOW:
        silent(path, "rwx7")
    last = boot_seconds()
    wx.until("the window has passed", lambda: boot_seconds() > last + WINDOW + 1)
    seen(path, "rwx7", "rwx_mprotect")
    wx.load_rules(wx.rules("log"))


def check_window_parameter():
    wx.daemon_stop()
    wx.reload("mode=detect", "window=5")
    path = wx.fresh("actor_mprotect")
    before = wx.newest()
    wx.act("", "rwx7", path=path)
    found = wx.findings(before)
    expect_equal("window", [finding["window"] for finding in found], [5], found)


def check_bounded():
    """Eight entries at most: the least recently seen leaves, pinned ones stay."""
    wx.daemon_stop()
    wx.reload("mode=detect", "known_max=8")
    wx.load_rules(wx.rules("log"))
    paths = [wx.fresh("actor_mprotect") for _ in range(12)]
    wx.act("", "rwx7", path=paths[0])
    wx.wxguard("known", "pin", paths[0])
    for path in paths[1:9]:
        wx.act("", "rwx7", path=path)
    status = wx.status()
    expect_equal("known_count", status["known_count"], 8, status)
    expect_equal("known_evicted", status["known_evicted"], 1, status)
    known = known_paths()
    expect(paths[0] in known, "the pinned entry left", sorted(known))
    expect(paths[1] not in known, "the oldest entry stayed", sorted(known))
    # Seen again, in a later second, the second oldest is no longer that.
    last = boot_seconds()
    wx.until("another second", lambda: boot_seconds() > last + 2)
    silent(paths[2], "rwx7")
    seen(paths[9], "rwx7", "rwx_mprotect")
    known = known_paths()
    expect(paths[2] in known, "the refreshed entry left", sorted(known))
    expect(paths[3] not in known, "the oldest entry stayed", sorted(known))
    seen(paths[1], "rwx7", "rwx_mprotect")
    silent(paths[0], "rwx7")


def check_overflow():
    """40 findings in a ring of 16: 24 are lost, counted, and said."""
    wx.daemon_stop()
    wx.reload("mode=detect", "ring_max=16")
    wx.load_rules(wx.rules("log"))
    path = wx.fresh("actor_exec")
    for _ in range(40):
        wx.act("", "memfd_fexecve", path=path)
    records = wx.records(0)
    expect_equal("first record", records[0],
                 {"lost": {"first": 1, "last": 24, "count": 24}}, records[:2])
    expect_equal("numbers", [record["seq"] for record in records[1:]],
                 list(range(25, 41)))
    status = wx.status()
    expect_equal("lost_overflow", status["lost_overflow"], 24, status)
    expect_equal("oldest", status["oldest"], 25, status)
    # The daemon tells the loss in its own stream, and acknowledges the rest.
    open(wx.FINDINGS, "w", encoding="utf-8").close()
    wx.daemon_start()
    wx.wait_acked()
    for _ in range(5):
        wx.act("", "memfd_fexecve", path=path)
    wx.wait_acked()
    status = wx.status()
    expect_equal("lost_overflow", status["lost_overflow"], 24, status)
    documents = wx.documents()
    numbers = [document["event"].get("sequence") for document in documents
               if document["event"]["kind"] == "alert"]
    # The daemon counts on from what it told before the module was reloaded.
    shift = numbers[0] - 25 if numbers else 0
    expect_equal("numbers told", numbers,
                 list(range(25 + shift, 46 + shift)), documents[-3:])
    losses = [document for document in documents
              if "loss" in document["event"].get("code", "")
              or "lost" in document["event"].get("code", "")]
    expect_equal("losses told", len(losses), 1, losses)


def run(tap):
    tap.run("second boot: what the first knew is silent", check_second_boot)
    tap.run("second boot: entries without a file stay away", check_missing_file)
    tap.run("known: a copy is another executable", check_copy)
    for ground in (wx.DISK, wx.OVERLAY):
        where = "on ext4" if ground == wx.DISK else "on an overlay"
        tap.run(f"known: rewritten is new, {where}", check_rewritten, ground)
        tap.run(f"known: replaced is new, {where}", check_replaced, ground)
    tap.run("known: another name is the same executable", check_linked)
    tap.run("known: the window rolls and expires", check_window)
    tap.run("known: the window as a parameter", check_window_parameter)
    tap.run("known: bounded, oldest out first, pinned stays", check_bounded)
    tap.run("ring: an overflow is counted and told", check_overflow)
