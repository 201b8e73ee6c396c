# SPDX-License-Identifier: GPL-2.0-or-later
"""Wrong input and a bad environment: one sentence each, and nothing changes."""

import glob
import os
import shutil
import signal

import load
import wx
from tap import Skip, expect, expect_equal

NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
DAEMON_LOG = "/run/wxguard-vm/daemon.log"
DROP_IN = "/etc/wxguard/conf.d/99-e2e.conf"


def refused(done, code, *words):
    """One sentence on stderr that has these words, and this exit code."""
    expect_equal("exit code", done.returncode, code, done.stderr)
    for word in words:
        expect(word in done.stderr, f"{word!r} is not said: {done.stderr!r}")


def check_wire():
    """The hostile client: its own count of what was not refused."""
    path = os.path.join(wx.ACTORS, "badwire")
    if not os.path.exists(path):
        raise Skip("badwire was not built")
    before = wx.status()
    done = wx.command(path, check=False)
    said = (done.stdout + done.stderr).splitlines()
    bad = [line for line in said if not line.startswith("ok ")]
    expect_equal("exit code", done.returncode, 0, bad[-40:])
    after = wx.status()
    for key in ("mode", "seq", "known_count"):
        expect_equal(key, after[key], before[key])
    hooks = [(hook["name"], hook["state"]) for hook in after["hooks"]]
    expect_equal("hooks", hooks,
                 [(hook["name"], hook["state"]) for hook in before["hooks"]])


def check_unprivileged():
    mode = wx.status()["mode"]
    for arguments in (("status",), ("mode", "off"), ("known", "list"),
                      ("rules", "show")):
        refused(wx.command(*NOBODY, "wxguard", *arguments, check=False), 6)
    expect_equal("mode", wx.status()["mode"], mode)


def check_second_daemon():
    first = wx.daemon_pid()
    done = wx.command("/usr/sbin/wxguardd", check=False)
    expect(done.returncode != 0, "a second daemon started")
    expect("already" in done.stderr or "running" in done.stderr,
           f"no reason given: {done.stderr!r}")
    expect_equal("the first daemon", wx.daemon_pid(), first)


def rules_generation():
    return wx.status()["generation"]


def write_wrong_rules(path):
    """An action that does not exist; its line, as it is told."""
    text = wx.rules("log").split("\n")
    line = text.index("\taction = log", 3)
    text[line] = "\taction = shout"
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(text))
    return f"{path}:{line + 1}:"


def check_rules_line():
    path = os.path.join(wx.WORK, "bad.conf")
    place = write_wrong_rules(path)
    generation, shown = rules_generation(), wx.wxguard("rules", "show").stdout
    refused(wx.wxguard("rules", "load", path, check=False), 7, place, "shout", "deny")
    expect_equal("generation", rules_generation(), generation)
    expect_equal("rules show", wx.wxguard("rules", "show").stdout, shown)


def check_daemon_rules_line():
    """Nothing of them is taken, nor of the configuration beside them."""
    with open(wx.RULES, encoding="utf-8") as file:
        kept = file.read()
    elsewhere = os.path.join(wx.WORK, "elsewhere.json")
    os.makedirs(os.path.dirname(DROP_IN), exist_ok=True)
    os.truncate(DAEMON_LOG, 0)
    generation = rules_generation()
    try:
        place = write_wrong_rules(wx.RULES)
        with open(DROP_IN, "w", encoding="utf-8") as file:
            file.write('output json {\n\tpath = "%s"\n}\n' % elsewhere)
        os.kill(wx.daemon_pid(), signal.SIGHUP)
        wx.until("it has an answer", lambda: "configuration and rules" in daemon_log())
        for word in (place, "shout", "stay"):
            expect(word in daemon_log(), f"{word!r} is not said: {daemon_log()!r}")
        expect_equal("generation", rules_generation(), generation)
        wx.act("actor_exec", "memfd_fexecve")
        wx.wait_acked()
        expect_equal("the last record", wx.finding_documents()[-1]["event"]["sequence"],
                     wx.newest())
        expect(not os.path.exists(elsewhere), "the configuration was taken")
        wx.daemon_stop()
        refused(wx.command("/usr/sbin/wxguardd", check=False), 7, place, "shout")
        expect_equal("generation", rules_generation(), generation)
    finally:
        os.unlink(DROP_IN)
        with open(wx.RULES, "w", encoding="utf-8") as file:
            file.write(kept)
        wx.daemon_restart()


def check_unknown_key():
    os.makedirs(os.path.dirname(DROP_IN), exist_ok=True)
    wx.daemon_stop()
    try:
        with open(DROP_IN, "w", encoding="utf-8") as file:
            file.write("log_level = info\ncolour = red\n")
        done = wx.command("/usr/sbin/wxguardd", check=False)
        expect(done.returncode != 0, "it started")
        for word in (DROP_IN + ":2:", "colour"):
            expect(word in done.stderr, f"{word!r} is not said: {done.stderr!r}")
    finally:
        os.unlink(DROP_IN)
    wx.daemon_start()


def check_bad_mode():
    mode = wx.status()["mode"]
    refused(wx.wxguard("mode", "loud", check=False), 2, "loud", "detect")
    expect_equal("mode", wx.status()["mode"], mode)


def check_bad_parameters():
    wx.daemon_stop()
    wx.rmmod()
    for parameter in ("mode=loud", "engine=steam", "known_max=0", "ring_max=0",
                      "window=0", "heartbeat=0"):
        done = wx.command("modprobe", "-d", wx.MODROOT, "wxguard", parameter,
                          check=False)
        expect(done.returncode != 0 and not wx.is_loaded(),
               f"{parameter} was accepted")
    done = wx.wxguard("status", check=False)
    refused(done, 5, "not loaded")
    wx.insmod("mode=detect")
    wx.daemon_start()


def check_corrupt_store():
    """Set aside, not deleted; learn for one window; and it says so."""
    directory = os.path.dirname(wx.STORE)
    wx.daemon_stop()
    for rest in glob.glob(wx.STORE + "-*"):
        os.unlink(rest)
    garbage = b"this is no database\n" * 4096
    with open(wx.STORE, "wb") as file:
        file.write(garbage)
    wx.daemon_start()
    kept = [name for name in glob.glob(directory + "/*")
            if os.path.getsize(name) == len(garbage)]
    expect_equal("set aside", len(kept), 1, os.listdir(directory))
    with open(kept[0], "rb") as file:
        expect(file.read() == garbage, "it is not what it was")
    expect_equal("mode", wx.status()["mode"], "learn")
    codes = [document["event"].get("code", "") for document in wx.documents()]
    expect(any("history_reset" in code for code in codes), "nothing was said", codes)
    before = wx.newest()
    expect_equal("exit code", wx.act("actor_mprotect", "rwx7").code, 0)
    expect_equal("findings", wx.findings(before), [])
    wx.mode("detect")


def check_full_disk():
    """A torn record is cut back; what it would have said comes later."""
    directory = os.path.dirname(wx.FINDINGS)
    filler = directory + "/filler"
    wx.daemon_stop()
    kept = os.path.join(wx.WORK, "log")
    shutil.copytree(directory, kept, dirs_exist_ok=True)
    wx.command("mount", "-t", "tmpfs", "-o", "size=2m,mode=0750", "tmpfs", directory)
    try:
        wx.daemon_start()
        fill(filler)
        first = wx.newest()
        path = wx.fresh("actor_exec")
        for _ in range(30):
            wx.act("", "memfd_fexecve", path=path)
        last = wx.newest()
        expect_equal("findings", last - first, 30)
        wx.until("the full disk is said", lambda: "space" in daemon_log())
        whole = wx.documents()
        expect(len([document for document in whole if document["event"]["kind"] ==
                    "alert"]) < 30, "the disk was not full")
        os.unlink(filler)
        wanted = list(range(first + 1, last + 1))
        wx.until("what was held back is told", lambda: told(first) == wanted)
    finally:
        wx.daemon_stop()
        wx.command("umount", directory)
        wx.daemon_start()


def fill(path):
    """As long as a byte goes in."""
    fd = os.open(path, os.O_CREAT | os.O_WRONLY)
    for size in (4096, 1):
        try:
            while os.write(fd, b"x" * size):
                pass
        except OSError:
            continue
    os.close(fd)


def told(above):
    try:
        documents = wx.finding_documents()
    except ValueError:  # a line is being written just now
        return []
    return sorted(document["event"]["sequence"] for document in documents
                  if document["event"]["sequence"] > above)


def daemon_log():
    with open(DAEMON_LOG, encoding="utf-8", errors="replace") as file:
        return file.read()


def check_dangerous_rules():
    """Loaded as they are, for an administrator wrote them; and said."""
    with open(wx.RULES, encoding="utf-8") as file:
        kept = file.read()
    text = wx.rules("log", extra=(
        'class exec_unknown {\n\taction = deny\n\tknown = exempt\n}\n'
        'exclude all {\n\tclasses = {rwx_mprotect}\n\texe = "/**"\n'
        '\treason = "a scenario"\n}\n'))
    wx.daemon_stop()
    try:
        for rules, said in ((text, "exec_unknown"),
                            (text.replace("action = deny", "action = log"), "all")):
            with open(wx.RULES, "w", encoding="utf-8") as file:
                file.write(rules)
            os.truncate(DAEMON_LOG, 0)
            wx.daemon_start()
            lines = [line for line in daemon_log().splitlines() if "DANGER" in line]
            expect_equal("lines", len(lines), 1, lines)
            expect(wx.RULES in lines[0] and said in lines[0], lines[0])
            wx.daemon_stop()
        # And before they are loaded, as far as the text tells.
        done = wx.command("/usr/sbin/wxguardd", "--check")
        expect("DANGER" in done.stderr and "OK" in done.stdout, done.stderr)
    finally:
        with open(wx.RULES, "w", encoding="utf-8") as file:
            file.write(kept)
    os.truncate(DAEMON_LOG, 0)
    wx.daemon_start()
    expect("DANGER" not in daemon_log(), "innocent rules are called dangerous")


def run(tap):
    wx.load_rules(wx.rules("log"))
    tap.run("bad input: a hostile netlink client", check_wire)
    tap.run("bad input: an unprivileged caller", check_unprivileged)
    tap.run("bad input: a second daemon", check_second_daemon)
    tap.run("bad input: a rules file with an error on one line", check_rules_line)
    tap.run("bad input: the daemon's rules with an error on one line",
            check_daemon_rules_line)
    tap.run("bad input: a mode that does not exist", check_bad_mode)
    tap.run("bad input: an unknown key in the configuration", check_unknown_key)
    tap.run("bad input: rules that are a danger are said to be one", check_dangerous_rules)
    tap.run("bad input: a full disk", check_full_disk)
    tap.run("bad input: a corrupt store", check_corrupt_store)
    tap.run("bad input: wrong module parameters", check_bad_parameters)
    load.run(tap)
