# SPDX-License-Identifier: GPL-2.0-or-later
"""paxtest: tries to run code where data should be, and says what it could do.

Its script runs its programs one by one; so does this, to know which finding is
whose. The randomisation tests start a program some thousand times each (a
minute and more when emulated) and tell nothing about executable memory: they
run with FULL=1 only.
"""

import os
import re

import box
import wx

SCRIPT = "/usr/bin/paxtest"
FOLDER = "/usr/lib/paxtest"
MODES = ("kiddie", "blackhat")
DENIED = ("rwx_mprotect", "rwx_mmap", "wx_transition", "exec_stack", "map_memory_exec")


def programs():
    with open(SCRIPT, encoding="utf-8") as file:
        names = re.search(r"^for i in (.*)$", file.read(), re.M).group(1).split()
    if os.environ.get("FULL"):
        return names, []
    slow = [name for name in names
            if name.startswith("rand") and not name.startswith("randexhaust")]
    return [name for name in names if name not in slow], slow


def verdict(done):
    """(title, verdict) of the one line that a program prints."""
    line = done["output"].strip().splitlines()[-1] if done["output"].strip() else ""
    title, _, word = line.partition(":")
    word = re.sub(r"^paxtest: ", "", word.strip())
    # How many bits varies from run to run.
    word = re.sub(r"^\d+ (quality )?bits.*", "randomised", word)
    if done["status"] is None:
        word = "not within the time"
    return title.strip(), word or f"no verdict (status {done['status']})"


def collect(setting):
    if setting == "detect":
        wx.load_rules(box.rules("log", known="report", repeat="0s"))
    elif setting == "enforce":
        wx.load_rules(box.rules("deny", known="report", only=DENIED, unknown="off",
                                repeat="0s"))
    names, left_out = programs()
    rows = {}
    for number, mode in enumerate(MODES):
        for name in names:
            before = box.newest()
            done = box.run([os.path.join(FOLDER, name)], 300, PAXTEST_MODE=str(number),
                           LD_LIBRARY_PATH=FOLDER)
            title, word = verdict(done)
            rows[f"{mode}/{name}"] = {
                "title": title, "verdict": word, "output": done["output"],
                "status": done["status"], "findings": box.findings(before)}
            print(f"# {mode} {title}: {word}", flush=True)
    return {"rows": rows, "left_out": left_out, "counters": box.counters()}
