# SPDX-License-Identifier: GPL-2.0-or-later
"""What every part needs in the guest: a program run to its end, the rules of a
setting, and the findings that a program made."""

import os
import re
import signal
import subprocess
import time

import wx

WITH = "/with"
OUT = wx.OUT
PROGRAMS = "/usr/lib/subjects"


def run(argv, timeout, cwd="/", **environment):
    """How a program ended: status (negative: by that signal, None: not within
    the time), what it printed, how long it took."""
    begin = time.monotonic()
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, cwd=cwd, start_new_session=True,
                          env={**os.environ, **environment}) as child:
        try:
            output, _ = child.communicate(timeout=timeout)
            status = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            output, _ = child.communicate()
            status = None
    return {"status": status, "output": output.decode(errors="replace"),
            "seconds": round(time.monotonic() - begin, 1)}


# ---- the module, where there is one -------------------------------------------

def present():
    return os.path.isdir("/sys/module/wxguard")


def rules(action, known=None, only=None, unknown="log", **keys):
    """The live rules with another action for each class, or for those named in
    only (the others log); known, if given, for all; keys, if the rules have
    them. unknown is the action of exec_unknown, which is about every program."""
    lines, name = [], None
    for line in wx.wxguard("rules", "show").stdout.splitlines():
        begin = re.match(r"class (\w+) \{", line)
        key = re.match(r"\s+([\w-]+) = ", line)
        if begin:
            name = begin.group(1)
        elif line == "}":
            name = None
        elif name and key and name != "sensor_tamper":
            word = key.group(1)
            if word == "action":
                chosen = action if only is None or name in only else "log"
                line = f"\taction = {unknown if name == 'exec_unknown' else chosen}"
            elif word == "known" and known:
                line = f"\tknown = {known}"
            elif word in keys:
                line = f"\t{word} = {keys[word]}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def newest():
    return wx.newest() if present() else 0


def findings(since):
    """What matters of each finding here."""
    if not present():
        return []
    return [{"class": record["class"], "verdict": record["verdict"],
             "exe": record.get("process", {}).get("exe", ""),
             "flags": record.get("flags", []), "seq": record["seq"]}
            for record in wx.findings(since)]


def counters():
    """Of the module: what must be as it was, whatever the subjects did."""
    if not present():
        return {}
    status = wx.status()
    return {key: value for key, value in status.items()
            if isinstance(value, (int, str))}
