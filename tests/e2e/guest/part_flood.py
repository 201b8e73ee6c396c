# SPDX-License-Identifier: GPL-2.0-or-later
"""Many sightings: the first is told at once, all are counted, none is lost.

COUNTS are small, for the machine is emulated; FLOOD multiplies them.
"""

import os
import shutil
import time

import wx
from tap import expect, expect_equal

TIMES = int(os.environ.get("FLOOD") or "1")
PROGRAMS = 300 * TIMES  # all different
SAME = 200 * TIMES  # the same again
CHANGES = 5000 * TIMES  # of protection
PATIENCE = 60 * wx.SLOW
# What differs in detail only is told one by one up to here.
DETAILS = 64


def rules(action):
    """Known executables count too; no window ends within a slow flood."""
    text = wx.rules(action, repeat="1h")
    return text.replace("known = exempt", "known = report")


def flood(what, count):
    """The flood, and what its findings say: (report, findings, who made it)."""
    path = wx.fresh("actor_flood")
    before = wx.newest()
    begin = time.monotonic()
    done = wx.command(path, what, str(count), timeout=600 * wx.SLOW)
    seconds = time.monotonic() - begin
    report = wx.json.loads(done.stdout)
    expect_equal("deeds", report["done"] + report["refused"], count, report)
    return report, before, path, seconds


def counted(findings):
    """Sightings that the findings speak of: the firsts, and what repeats say."""
    firsts = [finding for finding in findings if "repeat" not in finding["flags"]]
    last = {}
    for finding in findings:
        if "repeat" in finding["flags"]:
            last[finding["repeat"]["of"]] = finding["repeat"]["count"]
    return firsts, last


def told(before):
    """Since then, but for what is told late of something before."""
    return [finding for finding in wx.findings(before, repeats=True)
            if not finding["repeat"] or finding["repeat"]["of"] > before]


def settled(before, wanted):
    """The findings, once the repeats told add up to what was done."""
    def enough():
        firsts, last = counted(told(before))
        return len(firsts) + sum(last.values()) >= wanted
    wx.until(f"{wanted} sightings are told", enough, PATIENCE)
    found = told(before)
    firsts, last = counted(found)
    expect_equal("sightings told", len(firsts) + sum(last.values()), wanted,
                 found[:1] + found[-2:])
    return found, firsts, last


def first_in_time(before, seq):
    """The very first sighting is a finding of its own, and it is whole."""
    first = wx.findings(before)[0]
    expect_equal("first", first["seq"], seq, first)
    expect(first["process"]["pid"] and not first["repeat"], "it is no first", first)
    return first


def check_programs():
    """A fork loop of programs from memory, each of them different."""
    report, before, _, seconds = flood("memfd", PROGRAMS)
    print(f"# {PROGRAMS} programs in {seconds:.1f} s", flush=True)
    expect_equal("refused", report["refused"], 0)
    first = first_in_time(before, before + 1)
    expect_equal("exec.name", first["exec"]["name"], "flood-1", first)
    found, firsts, last = settled(before, PROGRAMS)
    expect({finding["class"] for finding in found} == {"exec_memory"},
           "something else was told", found[-1:])
    expect(len(firsts) <= DETAILS + 1, f"{len(firsts)} were told one by one")
    wanted = {f"flood-{number}" for number in range(1, DETAILS + 1)}
    expect(wanted <= {finding["exec"]["name"] for finding in firsts},
           "of the first programs not each was told", firsts[-1:])
    joined = [finding for finding in found if "aggregate" in finding["flags"]]
    expect(joined and len(last) == 1, "the rest is not one aggregate", joined)
    expect(len(found) < DETAILS + 20, f"{len(found)} findings")


def check_same():
    """One program from memory, again and again: once, and counted."""
    _, before, _, _ = flood("same", SAME)
    first_in_time(before, before + 1)
    found, firsts, last = settled(before, SAME)
    expect_equal("firsts", len(firsts), 1, firsts)
    expect_equal("repeats", last, {firsts[0]["seq"]: SAME - 1}, found[-1:])
    expect(len(found) <= 8, f"{len(found)} findings")


def check_changes():
    _, before, path, seconds = flood("mprotect", CHANGES)
    first = first_in_time(before, before + 1)
    expect_equal("process.exe", first["process"]["exe"], path, first)
    found, firsts, last = settled(before, CHANGES)
    expect_equal("firsts", len(firsts), 1, firsts)
    expect_equal("repeats", last, {firsts[0]["seq"]: CHANGES - 1}, found[-1:])
    print(f"# {CHANGES} changes in {seconds:.1f} s", flush=True)


def check_denied():
    """Each one is refused, though only the first is told in full."""
    wx.load_rules(rules("deny"))
    wx.mode("enforce")
    denied = wx.status()["denied"]
    report, before, _, _ = flood("mprotect", CHANGES)
    wx.mode("detect")
    expect_equal("refused", report["refused"], CHANGES)
    expect_equal("denied", wx.status()["denied"] - denied, CHANGES)
    found, firsts, last = settled(before, CHANGES)
    expect_equal("firsts", len(firsts), 1, firsts)
    expect_equal("verdicts", {finding["verdict"] for finding in found}, {"denied"})
    expect_equal("repeats", last, {firsts[0]["seq"]: CHANGES - 1}, found[-1:])


def check_hidden():
    """A flood does not hide another program's one deed."""
    attacker = wx.fresh("actor_flood")
    loop = wx.subprocess.Popen([attacker, "mprotect", str(CHANGES)],
                               stdout=wx.subprocess.DEVNULL)
    try:
        before = wx.newest()
        path = wx.fresh("actor_mmap")
        expect_equal("exit code", wx.act("", "anon_rwx", path=path).code, 0)
        mine = [finding for finding in wx.findings(before)
                if finding["process"]["exe"] == path]
        expect_equal("findings", len(mine), 1, mine)
    finally:
        expect_equal("the flood", loop.wait(timeout=600 * wx.SLOW), 0)


def check_nothing_lost():
    status = wx.status()
    expect_equal("lost_nomem", status["lost_nomem"], 0, status)
    expect_equal("lost_overflow", status["lost_overflow"], 0, status)
    expect_equal("unjudged", status["unjudged"], 0, status)
    expect(status["repeats"] > CHANGES, "nothing was folded", status)


def check_daemon():
    """The store has each first once, with the exact count beside it."""
    wx.wait_acked()
    wx.daemon_stop()
    shutil.copy(wx.STORE, wx.OUT + "/flood.db")
    wx.daemon_start()
    repeats = [document for document in wx.finding_documents()
               if document.get("wxguard", {}).get("repeat")]
    expect(repeats, "the daemon told no repeat")
    expect(all(document["wxguard"]["repeat"]["count"] > 0 for document in repeats),
           "a repeat without a count", repeats[:1])
    counts = {document["wxguard"]["repeat"]["event_id"]:
              document["wxguard"]["repeat"]["count"] for document in repeats}
    for identity, count in counts.items():
        shown = wx.json.loads(wx.wxguard("show", identity, "-j").stdout)
        expect_equal(f"repeats with {identity}",
                     shown["wxguard"].get("repeated", {}).get("count"), count, shown)


def run(tap):
    wx.daemon_stop()
    wx.reload("mode=detect", "heartbeat=1")
    wx.load_rules(rules("log"))
    wx.daemon_start()
    tap.run(f"flood: {PROGRAMS} different programs from memory", check_programs)
    tap.run(f"flood: {SAME} times the same program from memory", check_same)
    tap.run(f"flood: {CHANGES} times RWX by one program", check_changes)
    tap.run("flood: the deed of another is told beside it", check_hidden)
    tap.run(f"flood: {CHANGES} denials, each of them done", check_denied)
    tap.run("flood: nothing was lost", check_nothing_lost)
    tap.run("flood: the daemon tells the counts", check_daemon)
