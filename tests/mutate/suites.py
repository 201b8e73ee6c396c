# SPDX-License-Identifier: GPL-2.0-or-later
"""The suites of tests/kunit for several mutants in one boot: each has a module
of its own, loaded and unloaded after the other, and its own part of the log.
One that misuses memory, which others would feel, has a boot to itself."""

import os
import subprocess

import trial

FOLDER = "mutants-kunit"
MARK = "wxg-mutant "
GUEST = """
cd /with || exit
[ ! -e kunit.ko ] || insmod kunit.ko enable=1 || exit
for each in mutants/*; do
	echo "%s${each##*/}" >/dev/kmsg
	insmod "$each/wxguard_kunit.ko" "only=$(cat "$each/suite")" || continue
	rmmod wxguard_kunit
done
""" % MARK


def batches(chosen, size=8):
    """Groups that may share a boot."""
    alone = [[mutant] for mutant in chosen if mutant.sign]
    rest = [mutant for mutant in chosen if not mutant.sign]
    return [rest[at:at + size] for at in range(0, len(rest), size)] + alone


def build(place, mutant, release, folder):
    """The suites with this mutant in them. Return: how that went."""
    own = f"{folder}/mutants/{mutant.name}"
    outcome = trial.run(place, "kunit", ["tests/kunit/run", "--kernel", release,
                                         "--modules", own])
    if os.path.exists(own + "/wxguard_kunit.ko"):
        with open(own + "/suite", "w", encoding="utf-8") as file:
            file.write(mutant.target)
        if os.path.exists(own + "/kunit.ko"):
            os.replace(own + "/kunit.ko", folder + "/kunit.ko")
    return outcome


def boot(place, release, folder):
    """One boot for all that is in the folder; the kernel's log by mutant."""
    with open(folder + "/guest", "w", encoding="utf-8") as file:
        file.write(GUEST)
    out = folder + ".out"
    # All of the log on the console: it is what a kernel leaves that dies.
    trial.run(place, "kunit", ["tests/vm/run", "--kernel", release, "--no-module",
                               "--append", "slub_debug=FZPU loglevel=7",
                               "--with", folder, "--out", out, "--",
                               "/bin/sh", "/with/guest"])
    logs, name = {}, None
    for log in ("/kernel.log", "/console.log"):
        if os.path.exists(out + log):
            break
    else:
        return logs
    with open(out + log, encoding="utf-8", errors="replace") as file:
        for line in file:
            if MARK in line:
                name = line.split(MARK)[1].strip()
            logs.setdefault(name, []).append(line)
    return {name: "".join(lines) for name, lines in logs.items()}


def outcome_of(place, log):
    """The part of the log as the door of the suites would show it; nothing,
    if its turn never came."""
    if "KTAP version" not in log:
        return trial.Outcome("", False)
    done = subprocess.run([place.path + "/tests/kunit/ktap"], input=log, text=True,
                          stdout=subprocess.PIPE, check=False)
    return trial.Outcome(done.stdout + log, False)
