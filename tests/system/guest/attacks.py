# SPDX-License-Identifier: GPL-2.0-or-later
"""The counter-proof: in the same boot, real attacks are denied."""

import json
import os

import containers
import ordinary
import rows
import wx
from tap import Skip, expect, expect_equal

began = 0


def one(before, kind):
    seen = wx.findings(before)
    expect_equal("findings", [(finding["class"], finding["verdict"])
                              for finding in seen], [(kind, "denied")], seen)
    return seen[0]


def check_row(row):
    """A row of the scenarios: an attack, or an innocent twin (no finding)."""
    before = wx.newest()
    report = wx.act(row.actor, row.variant)
    if report.code == 77:
        raise Skip(report.note)
    count, code = row.denied
    verdict = row.verdicts.get("denied", "denied")
    seen = wx.findings(before)
    expect_equal(f"exit code ({report.note or report.stderr})", report.code, code, seen)
    expect_equal("findings", [(finding["class"], finding["verdict"])
                              for finding in seen], [(row.finding, verdict)] * count, seen)


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


def check_hashed():
    """Under its unit the daemon reads the executables of other users, too."""
    wx.wait_acked()
    with open("/var/log/wxguard/findings.json", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    alerts = [record for record in records if record["event"]["kind"] == "alert" and
              record["event"]["sequence"] > began]
    missing = [(record["process"]["executable"], record["wxguard"]["process"]["hash_missing"])
               for record in alerts if "hash_missing" in record["wxguard"].get("process", {})]
    hashed = {record["user"]["id"] for record in alerts if "hash" in record["process"]}
    print(f"# of {len(alerts)} findings these have no hash: {missing}", flush=True)
    expect({"0", "1000"} <= hashed, f"hashes for the users {hashed} only", missing)
    expect(len(missing) * 4 < len(alerts), "too many without a hash", missing)


def run(tap):
    """Of each class that is denied, the first scenario and its twin; and what
    passes itself off as a runtime's copy of itself, or has no name."""
    global began
    began = wx.newest()
    by_name = {row.name: row for row in rows.ROWS}
    for kind in ordinary.denied_classes():
        row = next(row for row in rows.ROWS if row.finding == kind)
        tap.run(f"attack: {row.name}: denied ({kind})", check_row, row)
        tap.run(f"attack: {row.twin}: let through", check_row, by_name[row.twin])
    for row in rows.ROWS:
        spoof = row.finding == "exec_memory" and (row.actor == "actor_clone" or
                                                  row.variant == "runc_name")
        # The root is an overlay, which counts links in its own way.
        if spoof or row.finding == "exec_unlinked":
            tap.run(f"attack: {row.name}: denied", check_row, row)
    tap.run("attack: a user's exec of a memfd: denied",
            check_user, "actor_exec", "memfd_fexecve", "exec_memory")
    tap.run("attack: a memfd in a container: denied",
            check_container, "actor_exec", "memfd_fexecve", "exec_memory")
    tap.run("attack: the findings have the hash of the executable", check_hashed)
