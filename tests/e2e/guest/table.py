# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the rows of rows.py in one mode and compares what wxguard said.

All actors run first; then the findings are read once and given to the rows by
their time. A finding carries the time of its call, which lies between the
start and the end of its actor and of no other.
"""

import fnmatch
import json
import os
import time

import wx
from row import ANY
from rows import ROWS
from tap import Failed, Skip, expect, expect_equal


# How many arguments a call has: what lies behind them is chance.
USED = {9: 6, 10: 3, 18: 4, 30: 3, 59: 3, 101: 4, 125: 3, 192: 6, 296: 4, 311: 6,
        322: 5, 329: 4}
RESULTS = wx.OUT + "/results.jsonl"


def look(record, path):
    """record["a"]["b"] for "a.b"; None where something is missing."""
    for key in path.split("."):
        if not isinstance(record, dict):
            return None
        record = record.get(key)
    return record


def number(value):
    return int(value, 0) if isinstance(value, str) else value


def check_fields(fields, report, finding):
    for path, wanted in fields.items():
        if wanted is ANY:
            continue
        if callable(wanted):
            wanted = wanted(report, finding)
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


def boot_ns():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Deed:
    """What one actor did, when, and what was told of it."""

    def __init__(self, row):
        self.row = row
        self.begin = boot_ns()
        self.error = None
        try:
            self.report = wx.act(row.actor, row.variant)
        except Exception as error:  # of this row alone
            self.error = error
        self.end = boot_ns()
        self.findings = []


class Pass:
    """One mode with one action: what each finding's verdict must be."""

    def __init__(self, engine, mode, action):
        self.engine = engine
        self.mode = mode
        self.action = action
        self.denies = mode == "enforce" and action == "deny"
        self.verdict = {("detect", "log"): "logged",
                        ("enforce", "log"): "logged",
                        ("detect", "deny"): "would_deny",
                        ("enforce", "deny"): "denied"}[mode, action]
        self.name = f"{mode}, {action}"

    def act(self, rows):
        """Runs the actors, those with the same rules together; their deeds."""
        before = wx.newest()
        deeds = []
        for off in sorted({row.off for row in rows}, key=sorted):
            wx.load_rules(wx.rules(self.action, off=off))
            wx.mode(self.mode)
            deeds += [Deed(row) for row in rows if row.off == off]
        strays = []
        for finding in wx.findings(before):
            owner = [deed for deed in deeds
                     if deed.begin <= finding["time_boot"] <= deed.end]
            (owner[0].findings if owner else strays).append(finding)
        wx.sweep()
        order = {row: index for index, row in enumerate(rows)}
        return sorted(deeds, key=lambda deed: order[deed.row]), strays

    def check(self, deed):
        if deed.error:
            raise deed.error
        row, report, seen = deed.row, deed.report, deed.findings
        if report.code == 77:
            raise Skip(report.note)
        count, code = row.denied if self.denies else (row.count, 0)
        if report.code != code:
            raise Failed(f"the actor ended with {report.code} instead of {code}: "
                         f"{report.note or report.stderr}", seen)
        wanted = [row.finding] * count
        if self.verdict == "would_deny":
            wanted += row.also
        # Of one call, the one that was decided last may be told first.
        seen = sorted(seen, key=lambda finding: finding["class"] != row.finding)
        expect_equal("findings", [finding["class"] for finding in seen], wanted, seen)
        for finding in seen[:count]:
            self.check_finding(row, report, finding)

    def check_finding(self, row, report, finding):
        expect_equal("verdict", finding["verdict"],
                     row.verdicts.get(self.verdict, self.verdict), finding)
        expect_equal("action", finding["action"], self.action, finding)
        expect_equal("mode", finding["mode"], self.mode, finding)
        missing = set(row.flags) - set(finding["flags"])
        expect(not missing, f"flags that are missing: {missing}", finding)
        check_fields(row.fields, report, finding)
        self.check_outcome(row, finding)
        if not row.own or not report.line:
            return
        expect_equal("process.pid", look(finding, "process.pid"),
                     report.line["pid"], finding)
        if not row.finding.startswith("exec_"):
            expect_equal("process.tid", look(finding, "process.tid"),
                         report.line["tid"], finding)
        if report.call:
            check_call(report.call, finding)

    def check_outcome(self, row, finding):
        result = number(look(finding, "syscall.return"))
        expect("no_outcome" not in finding["flags"],
               "the outcome was not captured", finding)
        if finding["verdict"] == "denied":
            if row.own and row.denied[1] == 10:
                expect_equal("syscall.return", result, row.refusal, finding)
        elif finding["verdict"] == "killed":
            pass  # the call came to no end
        elif row.result is None:
            expect(result is not None and result > 0,
                   f"syscall.return: {result!r} is no address", finding)
        else:
            expect_equal("syscall.return", result, row.result, finding)


def check_strays(strays):
    expect_equal("findings of nobody", len(strays), 0, strays)


def run(tap, mode, action, engine="ftrace"):
    """The whole table in one mode; the environment's ONLY chooses rows,
    by globs with "|" between them."""
    only = os.environ.get("ONLY") or "*"
    this = Pass(engine, mode, action)
    names = {row: f"{this.name}: {row.name}: {'seen' if row.finding else 'silent'}"
             for row in ROWS}
    rows = [row for row in ROWS
            if any(fnmatch.fnmatch(names[row], glob) for glob in only.split("|"))]
    deeds, strays = this.act(rows)
    with open(RESULTS, "a", encoding="utf-8") as file:
        print(json.dumps({"kernel": os.uname().release, "machine": os.uname().machine}), file=file)
        for deed in deeds:
            result, why = tap.run(names[deed.row], this.check, deed)
            print(json.dumps({"row": deed.row.name, "engine": engine, "mode": mode,
                              "action": action, "result": result, "why": why}),
                  file=file)
    tap.run(f"{this.name}: nothing else was told", check_strays, strays)
    wx.mode("detect")
