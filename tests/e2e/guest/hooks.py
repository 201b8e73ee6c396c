# SPDX-License-Identifier: GPL-2.0-or-later
"""What the status must say about the hooks."""

import wx
from tap import expect, expect_equal

JUDGES = {"security_bprm_check", "security_file_mprotect", "security_mmap_file"}
WITNESSES = {"do_mprotect_pkey", "bprm_execve", "sched_process_exec"}


def check_engine(engine):
    status = wx.status()
    expect(status["canary"], "the canary is silent", status)
    hooks = status["hooks"]
    judges = {hook["name"]: hook for hook in hooks if hook["role"] == "judge"}
    expect(JUDGES <= set(judges), "a judge is missing", hooks)
    for hook in judges.values():
        expect_equal(hook["name"], hook["engine"], engine, hooks)
    # A function that the compiler has cloned carries that behind a dot.
    witnesses = {hook["name"].split(".")[0] for hook in hooks
                 if hook["role"] == "witness"}
    expect(WITNESSES <= witnesses, "a witness is missing", hooks)
    nets = {hook["name"] for hook in hooks if hook["role"] == "net"}
    expect_equal("nets", bool(nets), engine == "kprobe", hooks)
    # A net fires only for a call that its judge missed: it cannot be proved.
    for hook in hooks:
        states = ("armed", "proved") if hook["role"] == "net" else ("proved",)
        expect(hook["state"] in states, f"{hook['name']} is {hook['state']}", hooks)


def check_unjudged():
    status = wx.status()
    expect_equal("unjudged", status["unjudged"], 0, status)
    for hook in status["hooks"]:
        expect_equal(f"missed by {hook['name']}", hook["missed"], 0, status)
