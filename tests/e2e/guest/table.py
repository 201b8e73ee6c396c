# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the rows of rows.py in one mode and compares what wxguard said."""

import fnmatch
import os

import wx
from rows import ANY, ROWS
from tap import Failed, Skip, expect, expect_equal


# How many arguments a call has: what lies behind them is chance.
USED = {59: 3, 322: 5, 10: 3, 329: 4, 9: 6, 30: 3, 125: 3, 192: 6}


def look(record, path):
    """record["a"]["b"] for "a.b"; None where something is missing."""
    for key in path.split("."):
        if not isinstance(record, dict):
            return None
        record = record.get(key)
    return record


def number(value):
    return int(value, 0) if isinstance(value, str) else value


def check_fields(fields, finding):
    for path, wanted in fields.items():
        if wanted is ANY:
            continue
        seen = look(finding, path)
        if isinstance(wanted, int) and not isinstance(wanted, bool):
            seen = number(seen)
        elif isinstance(wanted, bool):
            seen = bool(seen)
        expect_equal(path, seen, wanted, finding)


def check_call(call, finding):
    """Number and raw arguments, as the actor passed them."""
    nr, arguments = call
    modulus = 1 << 32 if look(finding, "syscall.arch") == "i386" else 1 << 64
    expect_equal("syscall.nr", look(finding, "syscall.nr"), nr, finding)
    seen = [number(argument) for argument in look(finding, "syscall.args")]
    used = 6 if nr not in USED else USED[nr]
    expect_equal("syscall.args", seen[:used],
                 [argument % modulus for argument in arguments[:used]], finding)


class Pass:
    """One mode with one action: what each finding's verdict must be."""

    def __init__(self, mode, action):
        self.mode = mode
        self.action = action
        self.denies = mode == "enforce" and action == "deny"
        self.verdict = {("detect", "log"): "logged",
                        ("enforce", "log"): "logged",
                        ("detect", "deny"): "would_deny",
                        ("enforce", "deny"): "denied"}[mode, action]
        self.name = f"{mode}, {action}"

    def begin(self):
        wx.load_rules(wx.rules(self.action))
        wx.mode(self.mode)

    def check(self, row):
        before = wx.newest()
        report = wx.act(row.actor, row.variant)
        if report.code == 77:
            raise Skip(report.note)
        seen = wx.findings(before)
        count, code = row.denied if self.denies else (row.count, 0)
        if report.code != code:
            raise Failed(f"the actor ended with {report.code} instead of {code}: "
                         f"{report.note or report.stderr}", seen)
        kinds = [finding["class"] for finding in seen]
        expect_equal("findings", kinds, [row.finding] * count, seen)
        for finding in seen:
            self.check_finding(row, report, finding)

    def check_finding(self, row, report, finding):
        expect_equal("verdict", finding["verdict"], self.verdict, finding)
        expect_equal("action", finding["action"], self.action, finding)
        expect_equal("mode", finding["mode"], self.mode, finding)
        check_fields(row.fields, finding)
        self.check_outcome(row, finding)
        if not row.own or not report.line:
            return
        expect_equal("process.pid", look(finding, "process.pid"),
                     report.line["pid"], finding)
        if row.finding != "exec_memory":
            expect_equal("process.tid", look(finding, "process.tid"),
                         report.line["tid"], finding)
        if report.call:
            check_call(report.call, finding)

    def check_outcome(self, row, finding):
        result = number(look(finding, "syscall.return"))
        expect("no_outcome" not in finding["flags"],
               "the outcome was not captured", finding)
        if self.denies:
            wanted = {"exec_memory": -1}.get(row.finding, -13)
            if row.own and row.denied[1] == 10:
                expect_equal("syscall.return", result, wanted, finding)
        elif row.result is None:
            expect(result is not None and result > 0,
                   f"syscall.return: {result!r} is no address", finding)
        else:
            expect_equal("syscall.return", result, row.result, finding)


def run(tap, mode, action):
    """The whole table in one mode; the environment's ONLY chooses rows."""
    only = os.environ.get("ONLY") or "*"
    this = Pass(mode, action)
    this.begin()
    for row in ROWS:
        kind = "seen" if row.finding else "silent"
        name = f"{this.name}: {row.name}: {kind}"
        if fnmatch.fnmatch(name, only):
            tap.run(name, this.check, row)
    wx.mode("detect")
