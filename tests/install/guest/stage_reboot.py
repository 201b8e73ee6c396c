# SPDX-License-Identifier: GPL-2.0-or-later
"""The first boot with it: what runs, what is seen, what the journal has; then
another kernel is installed beside the first."""

import hashlib
import json
import os
import shutil
import subprocess

import box
from tap import expect, expect_equal

# userspace/daemon/sink_journal_fields.c has them.
MESSAGES = {"rwx_mprotect": "04467dad944f4e93a7df58aacdeafd45",
            "exec_memory": "f9bebe4b82c54880b05ef05e4d15cc84"}


def monotonic(unit, what):
    return int(box.command("systemctl", "show", "-P", what, unit).stdout)


def check_early():
    """Module and daemon come before what the system is there for."""
    up = monotonic("wxguardd.service", "ActiveEnterTimestampMonotonic")
    for unit in ("sysinit.target", "network.target", "multi-user.target"):
        reached = monotonic(unit, "ActiveEnterTimestampMonotonic")
        expect(not reached or up <= reached, f"wxguardd came after {unit}")


def early_finding():
    return [line for line in box.lines("wxguard", "list", "-j", "-n", "1000") if "early" in line]


def check_before_daemon():
    """What happened before the daemon started was held for it."""
    ended = monotonic("install-early.service", "ExecMainExitTimestampMonotonic")
    began = monotonic("wxguardd.service", "ExecMainStartTimestampMonotonic")
    expect(0 < ended <= began, f"the early attack ended at {ended}, the daemon began at {began}",
           box.lines("systemctl", "status", "install-early.service", check=False))
    found = box.until("the early attack is in the store", early_finding)
    print(f"# it ended {(began - ended) / 1000:.0f} ms before the daemon began")
    expect(json.loads(found[0]), "no finding")


def check_test():
    command = box.command("wxguard", "test", "--timeout", "60")
    print("# " + "\n# ".join(command.stdout.splitlines()))


def in_journal(kind, field):
    return box.lines("journalctl", "-b", "-o", "cat", f"--output-fields={field}",
                     f"MESSAGE_ID={MESSAGES[kind]}", check=False)


def check_attack(kind, fire):
    before = in_journal(kind, "WXGUARD_SEQ")
    fire()
    box.settled()
    new = box.until("the journal has it",
                    lambda: [one for one in in_journal(kind, "WXGUARD_SEQ") if one not in before])
    print(f"# journal: {in_journal(kind, 'MESSAGE')[-1]}")
    found = [one for one in box.in_file(kind) if one["event"].get("sequence") == int(new[-1])]
    expect(found and found[0]["wxguard"]["finding"]["class"] == kind,
           f"no finding {new} of {kind} in {box.FINDINGS}", found)


def check_stopped():
    """A daemon that was away finds what happened meanwhile."""
    names = [f"away{number}" for number in range(5)]
    box.command("systemctl", "stop", "wxguardd")
    for name in names:
        box.fire(name)
    box.command("systemctl", "start", "wxguardd")
    box.settled()
    text = box.command("wxguard", "list", "-j", "-n", "1000").stdout
    missing = [name for name in names if name not in text]
    expect(not missing, f"not in the store: {missing}", text.splitlines()[-10:])
    lost = {name: value for name, value in box.status().items() if name.startswith("lost") and value}
    expect(not lost, "something was lost", lost)


def kept(what):
    """What wxguard evidence says of the newest finding, once the daemon keeps it."""
    box.settled()
    number = box.listed("list", "-n", "1")[0]["wxguard"]["finding"]["number"]

    def said():
        done = box.command("wxguard", "evidence", str(number), "-j", check=False)
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
        return answer if answer.get("source") == "kept" else None
    return box.until(f"the daemon keeps the {what} of finding {number}", said)


def check_evidence():
    """All that the unit takes from the daemon leaves it this: payloads, memory."""
    os.makedirs("/etc/wxguard/conf.d", exist_ok=True)
    with open("/etc/wxguard/conf.d/evidence.conf", "w", encoding="utf-8") as file:
        file.write("evidence_size = 64M\n")
    box.command("systemctl", "restart", "wxguardd")
    box.fire("evidence")
    with open("/bin/true", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    expect_equal("the payload's digest", kept("payload")["sha256"], digest)
    # Another executable than the ones that have made such memory before.
    os.makedirs("/opt/evidence", exist_ok=True)
    program = shutil.copy(os.path.realpath("/usr/bin/python3"), "/opt/evidence/python")
    with subprocess.Popen([program, "-c", box.RWX + "import sys; print(1, flush=True); sys.stdin.read()"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            region = kept("memory")
        finally:
            process.stdin.close()
    shutil.rmtree("/opt/evidence")
    expect(region["kind"] == "region" and region["whole"], "not the whole memory", region)


def check_settings():
    """What an upgrade must keep; stage kernel asks for it again."""
    box.command("wxguard", "exclude", "add", "keepme", "--exe", "/opt/kept/program",
                "--class", "exec_memory", "--reason", "the upgrade must keep it")
    box.command("wxguard", "known", "pin", os.path.realpath("/usr/bin/python3"))
    os.makedirs("/etc/wxguard/conf.d", exist_ok=True)
    with open("/etc/wxguard/conf.d/mine.conf", "w", encoding="utf-8") as file:
        file.write("mode = detect\n")
    expect("keepme" in box.command("wxguard", "exclude", "list").stdout, "it is not listed")


def check_second_kernel():
    release = box.kernel("second")
    box.apt("install", f"linux-image-{release}", f"linux-headers-{release}")
    said = box.command("dkms", "status", "-m", "wxguard").stdout
    expect(f"{release}, x86_64: installed" in said, "DKMS has not built for it", said)
    expect_equal("wxguard check --kernel", box.command(
        "wxguard", "check", "--kernel", release, check=False).returncode, 0)


def run(tap):
    tap.run("reboot: module loaded, daemon active, hooks armed", box.expect_running)
    tap.run("reboot: before sysinit.target and the network", check_early)
    tap.run("reboot: what happened before the daemon's start is delivered", check_before_daemon)
    tap.run("reboot: wxguard check says that all is well", box.expect_well)
    tap.run("reboot: wxguard test passes", check_test)
    tap.run("reboot: a program from memory lands in journal and file",
            check_attack, "exec_memory", lambda: box.fire("evil"))
    tap.run("reboot: RWX memory lands in journal and file",
            check_attack, "rwx_mprotect", box.fire_rwx)
    tap.run("reboot: what happened while the daemon was stopped is delivered", check_stopped)
    tap.run("reboot: payload and memory are kept under the unit", check_evidence)
    tap.run("reboot: an exclusion, a pin and a configuration are made", check_settings)
    tap.run("reboot: apt installs a second kernel, DKMS builds for it", check_second_kernel)
