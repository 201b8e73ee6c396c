# SPDX-License-Identifier: GPL-2.0-or-later
"""The scenarios of tests/e2e for several mutants of the module in one boot:
each is loaded, asked by the checks that it names, and unloaded again."""

import os
import shutil
import subprocess

import trial

FOLDER = "mutants-e2e"
MARK = "# wxg-mutant "
# Every mutant begins as a boot does: nothing known, no file, the daemon runs.
GUEST = """
begin() {
	vm-daemon stop
	rmmod wxguard || return
	rm -rf /var/lib/wxguard/* /var/log/wxguard/* /disk/e2e /srv/e2e /run/e2e
	modprobe -d "$1" wxguard mode=detect && vm-daemon start
}
old=$WXGUARD_MODROOT
for each in /with/mutants/*; do
	echo "%s${each##*/}"
	WXGUARD_MODROOT=$each
	export WXGUARD_MODROOT
	begin "$each" || continue
	CHECK=$(cat "$each/checks") ONLY=$(cat "$each/checks") \\
		python3 /with/guest/main.py "$(cat "$each/part")"
done
echo "%s"
WXGUARD_MODROOT=$old
begin "$old"
""" % (MARK, MARK)
# What a boot has only once: its command line, the store of another boot, or a
# module that can be unloaded.
OWN_BOOT = ("cmdline", "restored", "persist", "demo")


def is_alone(mutant):
    return (mutant.sign or mutant.flavour or mutant.target in OWN_BOOT or
            "locked" in mutant.check or
            not mutant.file.startswith("module/"))


def batches(chosen, size=8):
    """Groups that may share a boot; the others are tried by their door."""
    shared = [mutant for mutant in chosen if not is_alone(mutant)]
    return [shared[at:at + size] for at in range(0, len(shared), size)]


def build(place, mutant, release, folder):
    """The module with this mutant in it. Return: how that went."""
    own = f"{folder}/mutants/{mutant.name}"
    built = f"{place.path}/build/module/{release}/wxguard.ko"
    if os.path.exists(built):
        os.unlink(built)
    outcome = trial.run(place, "e2e", ["scripts/build-module", release])
    if not os.path.exists(built):
        outcome.output += "\nthe module could not be built"
        return outcome
    modules = f"{own}/lib/modules/{release}"
    os.makedirs(modules)
    subprocess.run(["strip", "--strip-debug", "-o", modules + "/wxguard.ko", built],
                   check=True)
    subprocess.run(["depmod", "-b", own, release], check=True,
                   stderr=subprocess.DEVNULL)
    for name, text in (("part", mutant.target), ("checks", mutant.check)):
        with open(f"{own}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    return outcome


def boot(place, release, folder):
    """One boot for all that is in the folder; what was printed, by mutant."""
    shutil.copytree(place.path + "/tests/e2e/guest", folder + "/guest")
    with open(folder + "/guest.sh", "w", encoding="utf-8") as file:
        file.write(GUEST)
    outcome = trial.run(place, "e2e", [
        "tests/vm/run", "--kernel", release, "--no-daemon", "--timeout", "800",
        "--with", folder, "--out", folder + ".out", "--", "/bin/sh", "/with/guest.sh"])
    printed, name = {}, None
    for line in outcome.output.split("\n"):
        if line.startswith(MARK):
            name = line[len(MARK):].strip()
        printed.setdefault(name, []).append(line)
    return {name: "\n".join(lines) for name, lines in printed.items()}


def outcome_of(_, printed):
    """What the checks of one mutant came to; nothing, if its turn never came."""
    return trial.Outcome(printed, False)
