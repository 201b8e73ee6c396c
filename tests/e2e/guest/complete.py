# SPDX-License-Identifier: GPL-2.0-or-later
"""A finding, field by field, against what the process says about itself."""

import os
import shutil
import time

import wx
from table import check_call, look, number
from tap import expect, expect_equal

LOGINUID = 1234
CGROUP = "/sys/fs/cgroup/wxg-e2e"
# In its own cgroup, login session and directory; then the actor's command.
ENTER = (f"mkdir -p {CGROUP} && echo $$ > {CGROUP}/cgroup.procs; "
         f"echo {LOGINUID} > /proc/self/loginuid; cd /usr/share; ")


def text(value):
    return bytes.fromhex(value).decode(errors="replace")


def lineage():
    """This process and its ancestors, as /proc shows them."""
    chain, pid = [], os.getpid()
    while pid and len(chain) < 8:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
            comm = file.read().rstrip("\n")
        chain.append({"pid": pid, "comm": comm, "exe": os.readlink(f"/proc/{pid}/exe")})
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            pid = int(file.read().rsplit(")", 1)[1].split()[1])
    return chain


def one_finding(actor, variant, prefix=""):
    """Acts in the special surroundings; (finding, report, path)."""
    path = wx.fresh(actor)
    before, clocks = wx.newest(), [(time.time_ns(), boot_ns())]
    environment = dict(os.environ, ACTOR_SELF="1")
    done = wx.subprocess.run(
        ["sh", "-c", ENTER + prefix + 'exec "$@"', "sh", path, variant],
        capture_output=True, timeout=wx.DEADLINE, env=environment, check=False)
    clocks.append((time.time_ns(), boot_ns()))
    report = wx.Report(done)
    seen = wx.findings(before)
    expect(len(seen) == 1 and "self" in report.line,
           f"{len(seen)} findings, {report.stderr or report.line}", seen)
    finding = seen[0]
    for index, key in enumerate(("time_real", "time_boot")):
        expect(clocks[0][index] <= finding[key] <= clocks[1][index],
               f"{key} lies outside the call", finding)
    return finding, report, path


def boot_ns():
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


def check_process(finding, self):
    process = finding["process"]

    def same(field, wanted):
        expect_equal(f"process.{field}", look(process, field), wanted, finding)

    same("vpid", self["pid"])
    same("comm", text(self["comm"]).rstrip("\n"))
    same("exe", text(self["exe"]))
    same("cwd", text(self["cwd"]))
    for field in ("uid", "euid", "gid", "loginuid", "sessionid", "pidns", "mntns"):
        same(field, self[field])
    expect_equal("process.start, in ticks", process["start"] // 10_000_000,
                 self["start_ticks"], finding)
    for field in ("cap_effective", "cap_permitted"):
        expect_equal(field, number(process[field]), int(self[field], 16), finding)
    unified = [line[3:] for line in text(self["cgroup"]).split("\n")
               if line.startswith("0::")]
    same("cgroup", unified[0] if unified else None)
    check_file(process["exe_file"], self, finding)


def check_file(file, self, finding):
    """Is this the file that the process says it runs?"""
    wanted = {"ino": str(self["exe_ino"]), "size": self["exe_size"],
              "nlink": self["exe_nlink"], "uid": self["exe_uid"],
              "mode": f"{self['exe_mode']:06o}"}
    for field, value in wanted.items():
        expect_equal(f"file {field}", file[field], value, finding)
    for field in ("mtime", "ctime"):
        expect_equal(f"file {field}", int(file[field].split(".")[0]),
                     self["exe_" + field], finding)


def check_args(finding, self, truncated):
    seen = "".join(argument + "\0" for argument in finding["process"]["args"])
    wanted = text(self["args"])
    expect_equal("args_truncated", "args_truncated" in finding["flags"], truncated,
                 finding)
    if truncated:
        expect(4000 <= len(seen) <= 4097 and wanted.startswith(seen.rstrip("\0")),
               f"{len(seen)} bytes of arguments", finding)
    else:
        expect_equal("process.args", seen, wanted, finding)


def check_ancestors(finding, chain):
    seen = [{key: ancestor[key] for key in ("pid", "comm", "exe")}
            for ancestor in finding["ancestors"]]
    expect_equal("ancestors", seen[:len(chain)], chain, finding)


def check_exec(denied):
    finding, report, path = one_finding("actor_exec", "memfd_fexecve")
    self = report.line["self"]
    expect_equal("process.pid", finding["process"]["pid"], self["pid"], finding)
    check_process(finding, self)
    check_args(finding, self, False)
    check_ancestors(finding, lineage())
    check_call(report.call, finding)
    exe = path if denied else "/memfd:wxg (deleted)"
    expect_equal("process.exe", finding["process"]["exe"], exe, finding)
    wanted = {"exec.filename": "/dev/fd/%d" % report.call[1][0],
              "exec.file.path": "/memfd:wxg (deleted)", "exec.file.nlink": 0,
              "exec.file.size": os.stat(wx.ACTORS + "/payload").st_size,
              "exec.name": "wxg", "exec.origin": "memfd", "exec.round": 0,
              "exec.seals": ["F_SEAL_SEAL"], "exec.script": False,
              "syscall.return": -1 if denied else 0, "syscall.name": "execveat",
              "syscall.arch": os.uname().machine, "memory": None, "window": None,
              "process.loginuid": LOGINUID}
    for field, value in wanted.items():
        expect_equal(field, look(finding, field), value, finding)
    expect_equal("magic", number(look(finding, "exec.file.magic")), 0x01021994,
                 finding)
    if not denied:
        check_file(finding["exec"]["file"], self, finding)


def check_long_args():
    finding, report, _ = one_finding("actor_exec", "long_args")
    check_args(finding, report.line["self"], True)


def check_moved_args():
    """They are there for whoever asks, but not yet in memory."""
    before = wx.newest()
    report = wx.act("actor_mprotect", "moved_args")
    expect_equal(f"exit code ({report.note})", report.code, 0)
    finding, = wx.findings(before)
    expect_equal("process.args", finding["process"]["args"], ["moved", "arguments"],
                 finding)


def check_long_texts():
    """More than is set aside for a finding at first: no path of it is cut."""
    top = os.path.join(wx.DISK, "long")
    deep = os.path.join(top, *["d" * 200] * 18)
    os.makedirs(deep)
    path = shutil.copy(os.path.join(wx.ACTORS, "actor_mprotect"), deep)
    before = wx.newest()
    wx.act("", "rwx7", "x" * 5000, path=path, cwd=deep)
    finding, = wx.findings(before)
    shutil.rmtree(top)
    process = finding["process"]
    expect_equal("process.exe", process["exe"], path)
    expect_equal("process.cwd", process["cwd"], deep)
    expect_equal("flags", [flag for flag in finding["flags"] if "truncated" in flag],
                 ["args_truncated"], finding["flags"])


def check_memory(denied):
    """By a thread of an unprivileged process in a pid namespace of its own."""
    finding, report, path = one_finding(
        "actor_mprotect", "thread",
        "set -- setpriv --ruid 1000 --euid 1001 --rgid 1002 --egid 1003 "
        '--clear-groups "$@"; set -- unshare --pid --fork --mount-proc "$@"; ')
    self = report.line["self"]
    check_process(finding, self)
    check_args(finding, self, False)
    check_call(report.call, finding)
    expect_equal("process.exe", finding["process"]["exe"], path, finding)
    expect_equal("process.uid", finding["process"]["uid"], 1000, finding)
    expect_equal("process.euid", finding["process"]["euid"], 1001, finding)
    expect(finding["process"]["pid"] != self["pid"], "pid is vpid", finding)
    expect(finding["process"]["tid"] != finding["process"]["pid"],
           "the thread's number is the process's", finding)
    expect_equal("ancestors", [ancestor["comm"] for ancestor in
                               finding["ancestors"]][0], "unshare", finding)
    check_ancestors({**finding, "ancestors": finding["ancestors"][1:]}, lineage())
    wanted = {"memory.size": 4096, "memory.prot_before": "rw-",
              "memory.prot_asked": "rwx", "memory.prot_effective": "rwx",
              "memory.region": "anon", "memory.file": None, "exec": None,
              "syscall.return": -13 if denied else 0, "window": 604800}
    for field, value in wanted.items():
        expect_equal(field, look(finding, field), value, finding)
    expect_equal("memory.address", number(look(finding, "memory.address")),
                 report.call[1][0], finding)


def check_backing_file():
    finding, report, path = one_finding("actor_mprotect", "file_private")
    expect_equal("memory.file.path", look(finding, "memory.file.path"), path, finding)
    check_file(finding["memory"]["file"], report.line["self"], finding)
    expect_equal("memory.region", finding["memory"]["region"], "file_private", finding)


def check_hostile_name():
    """Nothing that a terminal obeys, and every byte kept."""
    name = b"ev\033[31mil\n\"\\\x80\xff\xc3\x28\x7f" + "\u202e".encode()
    name += b"A" * (249 - len(name))
    finding, _, _ = one_finding("actor_exec", "hostile_name")
    expect_equal("raw.exec.name", look(finding, "raw.exec.name"), name.hex(), finding)
    for arguments in (("list", "--kernel"), ("list", "--kernel", "-j")):
        shown = wx.wxguard(*arguments, "--since-seq", str(finding["seq"] - 1)).stdout
        bad = {character for character in shown
               if ord(character) < 32 and character != "\n"
               or 127 <= ord(character) < 160 or character == "\u202e"}
        expect(not bad, f"{' '.join(arguments)} shows {bad}", finding)


# Starts the words that follow as its child, not in its own place.
CHILD = ("-c", '"$@"; exit $?', "sh")


def found(*command):
    """The finding of this command, which is one."""
    before = wx.newest()
    wx.subprocess.run(command, capture_output=True, timeout=wx.DEADLINE, check=False)
    seen = wx.findings(before)
    expect_equal("findings", len(seen), 1, seen)
    return seen[0]


def check_many_ancestors():
    path = wx.fresh("actor_exec")
    finding = found(*("sh", *CHILD) * 9, path, "memfd_fexecve")
    expect_equal("ancestors", [ancestor["comm"] for ancestor in finding["ancestors"]],
                 ["sh"] * 8, finding)
    expect("ancestors_cut" in finding["flags"], "it does not say so", finding)


def check_long_ancestor():
    folder = os.path.join(wx.WORK, "d" * 200, "e" * 200)
    os.makedirs(folder, exist_ok=True)
    shell = shutil.copy(os.path.realpath("/bin/sh"), folder + "/sh")
    finding = found(shell, *CHILD, wx.fresh("actor_exec"), "memfd_fexecve")
    expect_equal("ancestor.exe", finding["ancestors"][0]["exe"], shell[:255], finding)
    expect("path_truncated" in finding["flags"], "it does not say so", finding)


def check_deep_directory():
    """Too deep to be named: its own name is what is left."""
    name = "f" * 200
    path = wx.fresh("actor_exec")
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    os.chdir(wx.WORK)
    try:
        for _ in range(25):
            os.makedirs(name, exist_ok=True)
            os.chdir(name)
        finding = found(path, "memfd_fexecve")
    finally:
        os.fchdir(here)
        os.close(here)
    expect_equal("process.cwd", finding["process"]["cwd"], name, finding)
    expect("path_truncated" in finding["flags"], "it does not say so", finding)


def check_reading_side():
    """Code in a memory file; then a mapping of it that could only read."""
    before = wx.newest()
    report = wx.act("actor_alias", "run_then_unprotect")
    expect_equal("exit code", report.code, 0, report.stderr)
    seen = wx.findings(before)
    expect_equal("classes", [finding["class"] for finding in seen],
                 ["map_memory_exec"] * 2, seen)
    wanted = {"memory.prot_before": "r--", "memory.prot_effective": "rw-",
              "syscall.name": "mprotect", "syscall.return": 0}
    for field, value in wanted.items():
        expect_equal(field, look(seen[1], field), value, seen[1])
    expect("dual" in seen[1]["flags"], "it does not say so", seen[1])


def check_many_clones():
    """Each is recognised, also when the first are no longer remembered."""
    path = wx.fresh("actor_clone")
    before, clones = wx.newest(), wx.status()["self_clones"]
    for _ in range(66):
        expect_equal("exit code", wx.act("", "sealed", path=path).code, 0)
    expect_equal("findings", wx.findings(before), [])
    expect_equal("self_clones", wx.status()["self_clones"], clones + 66)


def run(tap, denied):
    """denied: enforce with deny is on; else detect."""
    how = "denied" if denied else "let through"
    wx.load_rules(wx.rules("deny" if denied else "log"))
    wx.mode("enforce" if denied else "detect")
    tap.run(f"complete: a memfd exec, {how}", check_exec, denied)
    tap.run(f"complete: RWX by a thread in a pid namespace, {how}",
            check_memory, denied)
    if denied:
        return
    tap.run("complete: arguments are cut at 4 KiB and flagged", check_long_args)
    tap.run("complete: arguments that are not in memory yet", check_moved_args)
    tap.run("complete: long paths are told whole, all of them", check_long_texts)
    tap.run("complete: the file behind the memory", check_backing_file)
    tap.run("complete: a hostile name is inert and kept", check_hostile_name)
    tap.run("complete: the reading side of code is made writable", check_reading_side)
    tap.run("complete: more copies of itself than are remembered", check_many_clones)
    tap.run("complete: more ancestors than are told", check_many_ancestors)
    tap.run("complete: an ancestor whose path is long", check_long_ancestor)
    tap.run("complete: a directory too deep to be named", check_deep_directory)
