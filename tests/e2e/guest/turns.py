# SPDX-License-Identifier: GPL-2.0-or-later
"""What turns under a running daemon: its configuration, its outputs, the module."""

import contextlib
import os
import signal
import socket

import wx
from tap import expect, expect_equal

DAEMON_LOG = "/run/wxguard-vm/daemon.log"
DROP_IN = "/etc/wxguard/conf.d/99-e2e.conf"
PATIENCE = 30
JOURNAL = "/run/systemd/journal/socket"


def log():
    with open(DAEMON_LOG, encoding="utf-8", errors="replace") as file:
        return file.read()


def reads_again(text):
    """What the daemon says when it gets this configuration beside its own."""
    pid, before = wx.daemon_pid(), len(log())
    os.makedirs(os.path.dirname(DROP_IN), exist_ok=True)
    if text:
        with open(DROP_IN, "w", encoding="utf-8") as file:
            file.write(text)
    elif os.path.exists(DROP_IN):
        os.unlink(DROP_IN)
    os.kill(pid, signal.SIGHUP)
    wx.until("an answer to SIGHUP", lambda: "stays" in log()[before:] or
             "read again" in log()[before:])
    expect_equal("the daemon", wx.daemon_pid(), pid)
    return log()[before:]


def check_wrong_configuration():
    """Taken whole or not at all: the mode of a wrong one is not set either."""
    mode = wx.status()["mode"]
    try:
        for text, word in (("mode = off\ncolour = red\n", "colour"),
                           ("mode = off\nstore = /disk/other.db\n", "restart")):
            said = reads_again(text)
            expect(word in said and "the old configuration stays" in said, said)
            expect_equal("mode", wx.status()["mode"], mode)
    finally:
        said = reads_again("")
    expect("read again" in said, said)


@contextlib.contextmanager
def journal():
    """What journald would receive; it is not there."""
    os.makedirs(os.path.dirname(JOURNAL), exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.settimeout(PATIENCE)
        listener.bind(JOURNAL)
        try:
            yield listener
        finally:
            os.unlink(JOURNAL)


def fields(entry):
    """Of a journal entry: each name, its length in 8 bytes, and as many bytes."""
    found = {}
    while entry:
        name, _, rest = entry.partition(b"\n")
        end = 8 + int.from_bytes(rest[:8], "little")
        found[name.decode()] = rest[8:end].decode(errors="replace")
        entry = rest[end + 1:]
    return found


def check_journal():
    """Another output from now on: the next finding goes there, as one entry."""
    try:
        with journal() as listener:
            said = reads_again("output journal {\n\tenabled = yes\n}\n")
            expect("read again" in said, said)
            report = wx.act("actor_mprotect", "rwx7")
            number = str(wx.newest())
            entry = {}
            while entry.get("WXGUARD_SEQ") != number:
                entry = fields(listener.recv(1 << 16))
    finally:
        # It has gone, so that nobody takes it up by himself.
        reads_again("")
    wanted = {"WXGUARD_CLASS": "rwx_mprotect", "WXGUARD_EXE": report.path,
              "WXGUARD_PID": str(report.line["pid"])}
    for name, value in wanted.items():
        expect_equal(name, entry.get(name), value, entry)
    expect(entry.get("MESSAGE"), "it has no message", entry)


def check_module():
    """Unloaded and loaded under the daemon: it finds it, and goes on."""
    pid, before = wx.daemon_pid(), len(log())
    wx.reload("mode=detect")
    wx.until("the daemon finds the module", lambda: "connected" in log()[before:])
    expect_equal("the daemon", wx.daemon_pid(), pid)
    report = wx.act("actor_exec", "memfd_fexecve")
    wx.wait_acked()
    wx.until("the finding is in the file",
             lambda: report.line["pid"] in [document.get("process", {}).get("pid")
                                            for document in wx.finding_documents()])


def run(tap):
    tap.run("turns: a wrong configuration changes nothing", check_wrong_configuration)
    tap.run("turns: the journal becomes an output", check_journal)
    tap.run("turns: the module is loaded again", check_module)
