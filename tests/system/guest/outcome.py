# SPDX-License-Identifier: GPL-2.0-or-later
"""What wxguard said about all that, and what of it the host gets."""

import collections
import json
import os
import subprocess

import attacks
import wx
from tap import expect, expect_equal

OUT = "/dev/virtio-ports/wxguard.out"
REFUSED = ("denied", "killed", "would_deny", "would_kill")
LEFT = "/run/left"


def table(records):
    """Findings by class, verdict and program, as comments."""
    rows = collections.Counter(
        (record["class"], record["verdict"],
         record["process"].get("exe", "-")) for record in records)
    print(f"#   {'class':18}{'verdict':12}{'times':>6}  program")
    for (kind, verdict, program), times in sorted(rows.items()):
        print(f"#   {kind:18}{verdict:12}{times:6}  {program}")
    print(f"#   {'all':30}{len(records):6}")


def brief(record):
    """What one needs to tell whether it was rightly refused."""
    process = record["process"]
    return {"seq": record["seq"], "class": record["class"],
            "verdict": record["verdict"], "exe": process.get("exe"),
            "args": process.get("args"), "uid": process.get("uid"),
            "cgroup": process.get("cgroup"), "flags": record["flags"],
            "syscall": (record["syscall"] or {}).get("name"),
            "memory": record["memory"], "exec": record["exec"],
            "parent": [ancestor.get("exe") for ancestor in record["ancestors"]][:1]}


def check_nothing_refused():
    refused = [record for record in wx.findings(0) if record["verdict"] in REFUSED]
    expect(not refused, f"{len(refused)} refused (whole in list.json):",
           [brief(record) for record in refused])


def check_nothing_lost():
    status = wx.status()
    lost = {name: value for name, value in status.items()
            if name.startswith("lost") or name == "unjudged"}
    expect(not any(value for value in lost.values() if isinstance(value, int)),
           "something was lost or passed unjudged", status)


def of_use(tap):
    print("# findings that ordinary use made:")
    table(wx.findings(0))
    print(f"# self-clones, which are no findings: {wx.status()['self_clones']}")
    tap.run("use: nothing was denied", check_nothing_refused)
    tap.run("use: nothing was lost or passed unjudged", check_nothing_lost)


def check_journal(finding):
    """The journal has the attack, by its number."""
    found = wx.until(f"the journal has {finding['seq']}", lambda: wx.command(
        "journalctl", "-o", "json", f"WXGUARD_SEQ={finding['seq']}",
        check=False).stdout)
    entry = json.loads(found.splitlines()[-1])
    expect(entry["MESSAGE"], "an empty message", entry)
    print(f"# journal: {entry['MESSAGE']}")


def of_attacks(tap):
    seen = wx.findings(attacks.began)
    print("# findings that the attacks made:")
    table(seen)
    for finding in seen:
        tap.run(f"journal: finding {finding['seq']}, {finding['class']}",
                check_journal, finding)


def collect():
    """Everything to the host, as one archive."""
    os.makedirs(LEFT, exist_ok=True)
    for name, words in {
            "kernel.log": ("dmesg",),
            "journal.log": ("journalctl", "-b", "-o", "short-monotonic"),
            "status.json": ("wxguard", "status", "-j"),
            "list.json": ("wxguard", "list", "--kernel", "-j"),
            "rules.txt": ("wxguard", "rules", "show"),
            "units.txt": ("systemctl", "list-units", "--all"),
            "blame.txt": ("systemd-analyze", "blame")}.items():
        with open(os.path.join(LEFT, name), "wb") as file:
            subprocess.run(words, stdout=file, stderr=file, timeout=wx.DEADLINE,
                           check=False)
    wx.command("cp", wx.FINDINGS, LEFT, check=False)
    with open(OUT, "wb") as port:
        subprocess.run(("tar", "-C", LEFT, "-cf", "-", "."), stdout=port,
                       timeout=wx.DEADLINE, check=True)
