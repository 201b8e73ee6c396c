# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may do what: scopes, exemptions, the budget of denials, a mode on trial,
and programs that are not in the known set."""

import os
import shutil
import time

import wx
from tap import expect, expect_equal

STRICT = "/sys/fs/cgroup/strict"
DENY_MMAP = """
scope strict {
	cgroup = "/strict"
	classes = {rwx_mmap, exec_memory}
	action = deny
}
scope below {
	cgroup = "/strict/**"
	classes = {rwx_mmap}
	action = kill
}
"""


def exclude(name, matchers, kind="rwx_mprotect"):
    return (f"exclude {name} {{\n\tclasses = {{{kind}}}\n\t{matchers}\n"
            '\treason = "a scenario"\n}\n')


def run_in(cgroup, path, *arguments, uid=None):
    """A program in a cgroup of its own choice, as who it likes."""
    os.makedirs(cgroup, exist_ok=True)
    become = [] if uid is None else ["setpriv", "--reuid", str(uid), "--regid",
                                     str(uid), "--clear-groups"]
    done = wx.subprocess.run(
        ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', cgroup, *become,
         path, *arguments],
        capture_output=True, timeout=wx.DEADLINE, check=False)
    return wx.Report(done)


def told(before, kinds, verdict=None):
    seen = wx.findings(before)
    expect_equal("findings", [finding["class"] for finding in seen], kinds, seen)
    for finding in seen:
        if verdict:
            expect_equal("verdict", finding["verdict"], verdict, finding)
    return seen


def rwx(path, code=0, kinds=(), verdict=None):
    """mprotect RWX by this file: its exit code, and what is told."""
    before = wx.newest()
    report = wx.act("", "rwx7", path=path)
    seen = told(before, list(kinds), verdict)
    expect_equal("exit code", report.code, code, seen)
    return seen


def rules_listed(kind, name):
    """One row of "scope list" or "exclude list"."""
    lines = wx.wxguard(kind, "list", "-j").stdout.splitlines()
    rows = [wx.json.loads(line) for line in lines]
    found = [row for row in rows if row["name"] == name]
    expect_equal("rows", len(found), 1, rows)
    return found[0]


# ---- scopes -------------------------------------------------------------------

def check_scope():
    """The same program: logged by the host, denied in the strict subtree."""
    os.makedirs(STRICT + "/deeper", exist_ok=True)
    wx.load_rules(wx.rules("log", extra=DENY_MMAP))
    wx.mode("enforce")
    cases = ((STRICT, "denied", "strict", 10), (STRICT + "/deeper", "killed", "below", -9),
             ("/sys/fs/cgroup", "logged", None, 0),
             ("/sys/fs/cgroup/strictly", "logged", None, 0))
    for cgroup, verdict, scope, code in cases:
        before = wx.newest()
        report = run_in(cgroup, wx.fresh("actor_mmap"), "anon_rwx")
        seen = told(before, ["rwx_mmap"], verdict)
        expect_equal("scope", seen[0]["scope"], scope, seen)
        expect_equal("exit code", report.code, code, seen)
    before = wx.newest()
    report = run_in(STRICT, wx.fresh("actor_exec"), "memfd_fexecve")
    seen = told(before, ["exec_memory"], "denied")
    expect_equal("scope", seen[0]["scope"], "strict", seen)
    # A class that the scope does not name is as everywhere else.
    before = wx.newest()
    run_in(STRICT, wx.fresh("actor_mprotect"), "rwx7")
    expect_equal("scope", told(before, ["rwx_mprotect"], "logged")[0]["scope"], None)
    expect_equal("hits", rules_listed("scope", "strict")["hits"], 2)
    expect_equal("hits", rules_listed("scope", "below")["hits"], 1)


def check_scope_is_laxer():
    """And the other way round: the first scope that matches decides."""
    lax = DENY_MMAP.replace("action = deny", "action = log").replace(
        '"/strict/**"', '"/**"').replace("action = kill", "action = deny")
    wx.load_rules(wx.rules("deny", extra=lax))
    for cgroup, code in ((STRICT, 0), (STRICT + "/deeper", 10)):
        report = run_in(cgroup, wx.fresh("actor_mmap"), "anon_rwx")
        expect_equal(f"exit code in {cgroup}", report.code, code)


def check_scope_asks_anew():
    """The shortcut for known executables ends where scopes begin."""
    wx.load_rules(wx.rules("log", extra=DENY_MMAP.replace(
        "action = deny", "action = deny\n\tknown = report")))
    wx.mode("enforce")
    path = wx.fresh("actor_mmap")
    for cgroup, code, kinds in (("/sys/fs/cgroup", 0, ["rwx_mmap"]),
                                ("/sys/fs/cgroup", 0, []),
                                (STRICT, 10, ["rwx_mmap"])):
        before = wx.newest()
        report = run_in(cgroup, path, "anon_rwx")
        seen = told(before, kinds)
        expect_equal(f"exit code in {cgroup}", report.code, code, seen)


def check_scope_twin():
    """In the strict subtree an innocent program is not touched."""
    wx.load_rules(wx.rules("log", extra=DENY_MMAP))
    before = wx.newest()
    for actor, variant in (("actor_mmap", "anon_rw"), ("actor_exec", "disk_fexecve")):
        expect_equal("exit code",
                     run_in(STRICT, wx.fresh(actor), variant).code, 0)
    told(before, [])


# ---- exemptions ---------------------------------------------------------------

def check_exempt_inode():
    """This very file, as it is: not a copy, and not once it is changed."""
    wx.load_rules(wx.rules("deny"))
    path = wx.fresh("actor_mprotect")
    copy = wx.fresh("actor_mprotect")
    wx.wxguard("exclude", "add", "by-inode", "--inode-of", path, "--class",
               "rwx_mprotect", "--reason", "a scenario")
    rwx(path)
    expect_equal("hits", rules_listed("exclude", "by-inode")["hits"], 1)
    rwx(copy, 10, ["rwx_mprotect"], "denied")
    # What "rules show" prints loads again, and means the same file.
    wx.load_rules(wx.wxguard("rules", "show").stdout)
    rwx(path)
    os.utime(path)
    rwx(path, 10, ["rwx_mprotect"], "denied")


def check_exempt_sha256():
    """Whatever file has this content, once the daemon has looked at it."""
    path = wx.fresh("actor_mprotect")
    other = wx.fresh("actor_mprotect")
    with open(other, "ab") as file:
        file.write(b"another content")
    wx.load_rules(wx.rules("deny"))
    digest = wx.command("sha256sum", path).stdout.split()[0]
    wx.wxguard("exclude", "add", "by-content", "--sha256", digest, "--exe", path,
               "--class", "rwx_mprotect", "--reason", "a scenario")
    wx.until("the daemon pins the file", lambda: wx.act("", "rwx7", path=path).code == 0)
    rwx(path)
    rwx(other, 10, ["rwx_mprotect"], "denied")
    # In its place, under its name, another content.
    os.replace(other, path)
    rwx(path, 10, ["rwx_mprotect"], "denied")


def check_exempt_content_follows():
    """The same content in a file that was touched: the daemon pins it again."""
    path = wx.fresh("actor_mprotect")
    wx.load_rules(wx.rules("deny"))
    digest = wx.command("sha256sum", path).stdout.split()[0]
    wx.wxguard("exclude", "add", "by-content", "--sha256", digest, "--exe", path,
               "--class", "rwx_mprotect", "--reason", "a scenario")
    pinned = None
    for change in (None, os.utime, lambda name: os.chmod(name, 0o700)):
        if change:
            change(path)
        wx.until("the daemon pins the file", lambda:
                 rules_listed("exclude", "by-content")["inode"] not in (None, pinned))
        pinned = rules_listed("exclude", "by-content")["inode"]
        rwx(path)


def own_content():
    """A program with a content that no other file has, and its digest."""
    path = wx.fresh("actor_mprotect")
    with open(path, "ab") as file:
        file.write(os.urandom(16))
    return path, wx.command("sha256sum", path).stdout.split()[0]


def exclude_content(digest):
    wx.wxguard("exclude", "add", "by-content", "--sha256", digest, "--class",
               "rwx_mprotect", "--reason", "a scenario")


def check_exempt_content_alone():
    """No path is named: pinned once a finding was about that content."""
    path, digest = own_content()
    wx.load_rules(wx.rules("deny"))
    exclude_content(digest)
    rwx(path, 10, ["rwx_mprotect"], "denied")
    wx.until("the daemon pins the file",
             lambda: rules_listed("exclude", "by-content")["inode"])
    rwx(path)
    # The daemon that comes back leaves it as it is.
    wx.daemon_restart()
    rwx(path)


def check_exempt_content_told():
    """A finding that was told before names the file: nothing has to be denied again."""
    path, digest = own_content()
    wx.load_rules(wx.rules("deny"))
    rwx(path, 10, ["rwx_mprotect"], "denied")
    wx.wait_acked()
    exclude_content(digest)
    wx.until("the daemon pins the file",
             lambda: rules_listed("exclude", "by-content")["inode"])
    rwx(path)


def check_exempt_uid():
    wx.load_rules(wx.rules("deny", extra=exclude("by-uid", "uid = 1234")))
    path = wx.fresh("actor_mprotect")
    before = wx.newest()
    expect_equal("exit code", run_in(STRICT, path, "rwx7", uid=1234).code, 0)
    told(before, [])
    expect_equal("exit code", run_in(STRICT, path, "rwx7", uid=1235).code, 10)
    told(before, ["rwx_mprotect"], "denied")


def check_exempt_cgroup():
    wx.load_rules(wx.rules("deny", extra=exclude("by-cgroup", 'cgroup = "/strict/**"')))
    path = wx.fresh("actor_mprotect")
    before = wx.newest()
    expect_equal("exit code", run_in(STRICT + "/deeper", path, "rwx7").code, 0)
    told(before, [])
    expect_equal("exit code", run_in(STRICT, path, "rwx7").code, 10)
    told(before, ["rwx_mprotect"], "denied")


def check_exempt_other_class():
    """An exemption is for its class alone."""
    path = wx.fresh("actor_compat_32")
    wx.load_rules(wx.rules("deny", extra=exclude("one-class", f'exe = "{path}"')))
    expect_equal("exit code", wx.act("", "own_mprotect", path=path).code, 0)
    expect_equal("exit code", wx.act("", "own_mmap", path=path).code, 10)


def check_exempt_expires():
    path = wx.fresh("actor_mprotect")
    end = int(time.time()) + 4 * wx.SLOW
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end))
    wx.load_rules(wx.rules("deny", extra=exclude(
        "for-a-while", f'exe = "{path}"\n\texpires = "{stamp}"')))
    rwx(path)
    wx.until("the exemption has ended", lambda: time.time() > end + 1)
    rwx(path, 10, ["rwx_mprotect"], "denied")


def check_init_rule():
    """Process 1 is spared, unless a rule names it."""
    text = wx.rules("deny", off=("foreign_write",))
    wx.load_rules(text.replace("class rwx_mprotect {",
                               "class rwx_mprotect {\n\tinit = deny"))
    before = wx.newest()
    report = wx.act("actor_pid1", "rwx")
    told(before, ["rwx_mprotect"], "denied")
    expect_equal(f"exit code ({report.note})", report.code, 10)


def daemon_rwx(verdict, code):
    """The daemon asks for RWX, made to by a tracer while it has nothing to do."""
    wx.wait_acked()
    before, pid = wx.newest(), wx.daemon_pid()
    report = wx.until("the daemon waits for something", lambda: asleep(pid))
    seen = told(before, ["rwx_mprotect"], verdict)
    expect_equal(f"exit code ({report.note})", report.code, code, seen)
    expect_equal("process.pid", seen[0]["process"]["pid"], pid, seen)
    expect_equal("the daemon", wx.daemon_pid(), pid)


def asleep(pid):
    report = wx.act("actor_pid1", "rwx", str(pid))
    return None if "is not inside a system call" in report.note else report


def check_daemon():
    """The daemon is spared, but by a rule that names it and its like."""
    wx.mode("enforce")
    text = wx.rules("deny", off=("foreign_write",))
    wx.load_rules(text.replace("class rwx_mprotect {",
                               "class rwx_mprotect {\n\tinit = deny"))
    daemon_rwx("denied", 10)
    wx.load_rules(text)
    spared = wx.status()["spared"]
    daemon_rwx("spared", 0)
    expect_equal("spared", wx.status()["spared"], spared + 1)


def check_self_clone():
    """Counted and silent; told and denied where the rule wants that."""
    wx.load_rules(wx.rules("deny"))
    clones, before = wx.status()["self_clones"], wx.newest()
    expect_equal("exit code", wx.act("actor_clone", "clone_of_clone").code, 0)
    told(before, [])
    expect_equal("self_clones", wx.status()["self_clones"], clones + 2)
    wx.load_rules(wx.rules("deny").replace(
        "class exec_memory {", "class exec_memory {\n\tself-clone = report"))
    expect_equal("exit code", wx.act("actor_clone", "sealed").code, 10)
    told(before, ["exec_memory"], "denied")


# ---- the budget, and a mode on trial ---------------------------------------------

def check_budget_per_executable():
    """One attacker cannot spend it alone."""
    wx.mode("enforce")
    wx.load_rules(wx.rules("deny", budget=(20, 5)))
    path = wx.fresh("actor_mprotect")
    for _ in range(30):
        expect_equal("exit code", wx.act("", "rwx7", path=path).code, 10)
    expect_equal("mode", wx.status()["mode"], "enforce")


def check_budget_trips():
    """Many executables are denied: a rule is wrong, so it goes back to detect."""
    # So many as are denied within a minute.
    limit = 20 if wx.SLOW == 1 else 10
    wx.load_rules(wx.rules("deny", budget=(limit, 5)))
    wx.mode("enforce")
    trips, before = wx.status()["budget_trips"], wx.newest()
    codes = [wx.act("actor_mprotect", "rwx7").code for _ in range(limit + 4)]
    status = wx.status()
    expect_equal("mode", status["mode"], "detect", status)
    expect_equal("budget_trips", status["budget_trips"], trips + 1, status)
    # What the executable of the check before spent may be of the same minute.
    expect(codes == sorted(codes, reverse=True) and limit - 5 <= codes.count(10) <= limit,
           f"exit codes: {codes}")
    seen = wx.findings(before)
    alarms = [finding for finding in seen if finding["class"] == "sensor_tamper"]
    expect_equal("alarms", [finding["tamper"] for finding in alarms], ["budget"], alarms)
    expect_equal("process.pid", alarms[0]["process"]["pid"], 0, alarms)
    verdicts = [finding["verdict"] for finding in seen if finding["class"] != "sensor_tamper"]
    expect_equal("verdicts", verdicts, ["denied"] * codes.count(10) +
                 ["would_deny"] * codes.count(0), seen[-1:])
    expect("budget" in wx.command("dmesg").stdout, "the kernel log does not say it")


def check_budget_untold():
    """Who does not want to hear of it is not told; the mode goes back all the same."""
    wx.load_rules(wx.rules("deny", budget=(20, 5), extra=(
        "class sensor_tamper {\n\taction = off\n}\n")))
    wx.mode("enforce")
    trips, before = wx.status()["budget_trips"], wx.newest()
    for _ in range(24):
        wx.act("actor_mprotect", "rwx7")
    status = wx.status()
    expect_equal("mode", status["mode"], "detect", status)
    expect_equal("budget_trips", status["budget_trips"], trips + 1, status)
    told = {finding["class"] for finding in wx.findings(before)}
    expect_equal("classes", told, {"rwx_mprotect"})


def check_confirm():
    wx.load_rules(wx.rules("deny"))
    wx.mode("detect")
    trial = 2 * wx.SLOW
    wx.wxguard("mode", "enforce", "--confirm", f"{trial}s")
    status = wx.status()
    expect_equal("mode", status["mode"], "enforce", status)
    expect(0 < status["confirm_left"] <= trial, "no time is left", status)
    expect_equal("confirm_mode", status["confirm_mode"], "detect", status)
    wx.until("the mode goes back", lambda: wx.status()["mode"] == "detect")
    expect_equal("confirm_left", wx.status()["confirm_left"], 0)
    expect_equal("confirm_mode", wx.status()["confirm_mode"], None)
    rwx(wx.fresh("actor_mprotect"), 0, ["rwx_mprotect"], "would_deny")


def check_confirmed():
    wx.wxguard("mode", "enforce", "--confirm", f"{3 * wx.SLOW}s")
    wx.wxguard("mode", "confirm")
    end = time.monotonic() + 4 * wx.SLOW
    wx.until("the time is over", lambda: time.monotonic() > end)
    expect_equal("mode", wx.status()["mode"], "enforce")
    expect_equal("confirm_left", wx.status()["confirm_left"], 0)


# ---- the known set as an allowlist -------------------------------------------------

def allowed_directory():
    """Programs that a scan makes known: the payload, and a script."""
    directory = os.path.join(wx.DISK, "allowed")
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    shutil.copy(os.path.join(wx.ACTORS, "payload"), directory)
    script = directory + "/script"
    with open(script, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\nexit 0\n")
    os.chmod(script, 0o755)
    wx.wxguard("baseline", "scan", directory)
    wx.wxguard("known", "add", "--class", "exec_unknown", os.path.realpath("/bin/sh"))
    return directory


def unknown(action, cgroup):
    """The class for one subtree alone, so that the machine stays usable."""
    return ('scope listed {\n\tcgroup = "%s"\n\tclasses = {exec_unknown}\n'
            "\taction = %s\n}\n" % (cgroup, action))


def start_in(cgroup, path):
    before = wx.newest()
    report = run_in(cgroup, path)
    seen = wx.findings(before)
    return report.code, [(finding["class"], finding["exec"]["file"]["path"],
                          finding["verdict"]) for finding in seen]


def check_unknown_is_off():
    wx.load_rules(wx.rules("log"))
    wx.mode("detect")
    stranger = os.path.join(os.path.dirname(wx.fresh("actor_exec")), "payload")
    expect_equal("told", start_in(STRICT, stranger), (0, []))


def check_unknown(action, mode, verdict):
    directory = allowed_directory()
    wx.load_rules(wx.rules("log", extra=unknown(action, "/strict")))
    wx.mode(mode)
    denied = 126 if verdict == "denied" else 0
    for name in ("payload", "script"):
        expect_equal(f"known {name}", start_in(STRICT, f"{directory}/{name}"), (0, []))
    # A copy of a known program is another file.
    copy = f"{directory}/copy"
    shutil.copy(f"{directory}/payload", copy)
    expect_equal("a copy", start_in(STRICT, copy),
                 (denied, [("exec_unknown", copy, verdict)]))
    # A known file that is written to is no longer what was known.
    with open(f"{directory}/script", "a", encoding="utf-8") as file:
        file.write("exit 0\n")
    expect_equal("a changed script", start_in(STRICT, f"{directory}/script"),
                 (denied, [("exec_unknown", f"{directory}/script", verdict)]))
    # A known script whose interpreter is not known.
    script = f"{directory}/other"
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"#!{copy}-2 0\n")
    os.chmod(script, 0o755)
    wx.wxguard("baseline", "scan", directory)
    shutil.copy(f"{directory}/payload", copy + "-2")
    expect_equal("an unknown interpreter", start_in(STRICT, script),
                 (denied, [("exec_unknown", copy + "-2", verdict)]))
    # Elsewhere the same stranger is nobody's business.
    expect_equal("outside", start_in("/sys/fs/cgroup/strictly", copy + "-2"), (0, []))


def known_rows(path):
    """What the set says of it: {class: pinned for it}."""
    rows = map(wx.json.loads, wx.wxguard("known", "list", "-j").stdout.splitlines())
    return {name: "pinned" in row["flags"] for row in rows if row["path"] == path
            for name in row["classes"]}


def check_scan_is_for_its_class():
    """On the allowlist for good, yet its RWX is told again after the window."""
    wx.load_rules(wx.rules("log", window="1s"))
    wx.mode("detect")
    path = wx.fresh("actor_mprotect")
    rwx(path, 0, ["rwx_mprotect"], "logged")
    wx.wxguard("baseline", "scan", os.path.dirname(path))
    expect_equal("pinned", known_rows(path), {"rwx_mprotect": False, "exec_unknown": True})
    # What the daemon keeps of it over a reload is the same.
    wx.daemon_stop()
    wx.reload("mode=detect")
    wx.daemon_start()
    wx.until("it is known again", lambda: "exec_unknown" in known_rows(path))
    expect_equal("pinned", known_rows(path)["exec_unknown"], True)
    wx.load_rules(wx.rules("log", window="1s"))
    end = time.monotonic() + 3
    wx.until("the window is over", lambda: time.monotonic() > end)
    rwx(path, 0, ["rwx_mprotect"], "logged")
    expect_equal("pinned", known_rows(path), {"rwx_mprotect": False, "exec_unknown": True})


def run(tap):
    wx.daemon_restart()
    tap.run("scope: stricter than the host", check_scope)
    tap.run("scope: innocent programs are let through", check_scope_twin)
    tap.run("scope: what the host knows is denied where known does not count",
            check_scope_asks_anew)
    tap.run("scope: laxer than the host, the first one decides", check_scope_is_laxer)
    tap.run("exemption by inode", check_exempt_inode)
    tap.run("exemption by content", check_exempt_sha256)
    tap.run("exemption by content, of a file that is touched",
            check_exempt_content_follows)
    tap.run("exemption by content alone", check_exempt_content_alone)
    tap.run("exemption by content alone, of a program that was told before",
            check_exempt_content_told)
    tap.run("exemption by user", check_exempt_uid)
    tap.run("exemption by cgroup", check_exempt_cgroup)
    tap.run("exemption for one class", check_exempt_other_class)
    tap.run("exemption that expires", check_exempt_expires)
    tap.run("process 1, when a rule names it", check_init_rule)
    tap.run("the daemon is not denied, unless a rule names it", check_daemon)
    tap.run("copies of themselves: counted, or told by a rule", check_self_clone)
    tap.run("budget: one executable does not spend it", check_budget_per_executable)
    tap.run("budget: spent, the mode goes back to detect", check_budget_trips)
    tap.run("budget: spent with nobody to be told", check_budget_untold)
    tap.run("confirm: a mode that nobody confirms goes back", check_confirm)
    tap.run("confirm: a mode that is confirmed stays", check_confirmed)
    tap.run("unknown programs: a scan makes known for that class alone",
            check_scan_is_for_its_class)
    tap.run("unknown programs: silent by default", check_unknown_is_off)
    tap.run("unknown programs: copies, changed files, interpreters are told",
            check_unknown, "log", "detect", "logged")
    tap.run("unknown programs: the same, denied",
            check_unknown, "deny", "enforce", "denied")
    wx.mode("detect")
